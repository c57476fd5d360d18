Attribute VB_Name = "KwRibbon"
Option Explicit

' Every button of the ribbon comes here; its id is the name of the command.

Public Sub KwPress(control As IRibbonControl)
    Dim sentence As String
    If control.ID = TRACE_COMMAND Then sentence = SelectedSentence()
    If sentence = "" Then
        RunAndShow control.ID
    Else
        ShowReply "show", sentence
    End If
End Sub

' What Excel's Undo calls after a command that replaced results.
Public Sub KwUndo()
    RunAndShow UNDO_COMMAND
End Sub

Private Sub RunAndShow(ByVal commandId As String)
    Dim reply As Variant
    reply = RunCommand(commandId)
    OpenTemplate CStr(reply(2))
    OpenPage CStr(reply(3))
    ShowReply CStr(reply(0)), CStr(reply(1))
    If reply(0) <> "problem" And InStr(UNDOABLE_COMMANDS, "|" & commandId & "|") > 0 Then OfferUndo
End Sub

Private Function SelectedSentence() As String
    If TypeName(Selection) = "Range" Then SelectedSentence = SentenceOf(ActiveCell)
End Function
