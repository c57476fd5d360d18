Attribute VB_Name = "KwEngine"
Option Explicit
Option Private Module

' Keeps the engine once it is found, makes sure that it is of our version, and says in one sentence when it cannot be used.

Private Const PAUSE_SECONDS As Long = 10    ' a sheet full of functions must not wait for a missing engine cell by cell

Private mEngine As Object
Private mRefusal As String
Private mRefusedUntil As Date

' Asks for the answer of one function: Array(code, value). Functions change nothing, so a lost engine is asked once more.
Public Function AskFunction(ByVal functionName As String, ByVal given As Variant, ByVal is1904 As Boolean) As Variant
    Dim attempt As Long, answer As Variant
    If mEngine Is Nothing And Now < mRefusedUntil Then
        AskFunction = Array(xlErrValue, mRefusal)
        Exit Function
    End If
    For attempt = 1 To 2
        If Not IsReady() Then Exit For
        If IsAnswered(functionName, given, is1904, answer) Then
            AskFunction = answer
            Exit Function
        End If
        Forget
    Next attempt
    AskFunction = Array(xlErrValue, mRefusal)
End Function

' Runs one command: Array(kind, text, template, page). A command is never run twice, so a lost engine is noticed before.
Public Function RunCommand(ByVal commandId As String) As Variant
    If Not IsAlive() Then Forget
    If Not IsReady() Then
        RunCommand = Array("problem", mRefusal, "", "")
        Exit Function
    End If
    On Error GoTo Failed
    RunCommand = mEngine.Run(commandId, ActiveWorkbook, Application)
    Exit Function
Failed:
    RunCommand = Array("problem", Replace(TEXT_STOPPED, "{reason}", Err.Description), "", "")
End Function

Private Function IsAnswered(ByVal functionName As String, ByVal given As Variant, ByVal is1904 As Boolean, ByRef answer As Variant) As Boolean
    On Error GoTo Failed
    answer = mEngine.Call(functionName, given, is1904)
    IsAnswered = True
    Exit Function
Failed:
    Refuse Replace(TEXT_STOPPED, "{reason}", Err.Description)
End Function

Private Function IsReady() As Boolean
    If mEngine Is Nothing Then Find
    IsReady = Not mEngine Is Nothing
End Function

Private Sub Find()
    Dim candidate As Object, version As String
    On Error GoTo Failed
    Set candidate = NewServer()
    version = candidate.Version()
    If version = ADDIN_VERSION Then
        Set mEngine = candidate
    Else
        Refuse Replace(TEXT_OTHER_VERSION, "{found}", version)
    End If
    Exit Sub
Failed:
    Refuse Replace(TEXT_NO_ENGINE, "{reason}", Err.Description)
End Sub

Private Function IsAlive() As Boolean
    On Error GoTo Failed
    IsAlive = (mEngine.Version() = ADDIN_VERSION)
Failed:
End Function

Private Sub Forget()
    Set mEngine = Nothing
End Sub

Private Sub Refuse(ByVal sentence As String)
    mRefusal = sentence
    mRefusedUntil = Now + TimeSerial(0, 0, PAUSE_SECONDS)
End Sub
