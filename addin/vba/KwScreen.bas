Attribute VB_Name = "KwScreen"
Option Explicit

' What the user sees of a reply: a line in the status bar, a box, a new workbook, a page of the manual.

Private Const STATUS_SECONDS As Long = 8
Private Const BOX_ROOM As Long = 1000    ' characters that a message box shows of a text

Private mGiveBackAt As Date

Public Sub ShowReply(ByVal kind As String, ByVal sentence As String)
    If sentence = "" Then Exit Sub
    Select Case kind
        Case "done"
            ShowInStatusBar sentence
        Case "show"
            ShowInBox sentence, vbInformation
        Case Else
            ShowInBox sentence, vbExclamation
    End Select
End Sub

Public Sub OpenTemplate(ByVal path As String)
    If path <> "" Then Application.Workbooks.Add path
End Sub

Public Sub OpenPage(ByVal path As String)
    If path <> "" Then ThisWorkbook.FollowHyperlink path
End Sub

Public Sub OfferUndo()
    Application.OnUndo TEXT_UNDO, MacroName("KwUndo")
End Sub

Public Sub GiveStatusBarBack()
    If mGiveBackAt = 0 Then Exit Sub
    Application.StatusBar = False
    On Error Resume Next    ' the waiting call has just been made, or is taken back here
    Application.OnTime mGiveBackAt, MacroName("GiveStatusBarBack"), , False
    mGiveBackAt = 0
End Sub

Private Sub ShowInStatusBar(ByVal sentence As String)
    GiveStatusBarBack
    Application.StatusBar = sentence
    mGiveBackAt = Now + TimeSerial(0, 0, STATUS_SECONDS)
    Application.OnTime mGiveBackAt, MacroName("GiveStatusBarBack")
End Sub

Private Sub ShowInBox(ByVal sentence As String, ByVal icon As Long)
    Dim cut As Long
    Do While Len(sentence) > BOX_ROOM
        cut = InStrRev(sentence, " ", BOX_ROOM)
        If cut = 0 Then cut = BOX_ROOM
        MsgBox Left$(sentence, cut), icon, ADDIN_TITLE
        sentence = Mid$(sentence, cut + 1)
    Loop
    MsgBox sentence, icon, ADDIN_TITLE
End Sub
