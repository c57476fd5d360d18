Attribute VB_Name = "KwHelp"
Option Explicit

' Gives Excel the texts of the function wizard. Excel takes them only while a workbook is open, so this waits for one.

Private Const WAIT_SECONDS As Long = 2

Private mNextTry As Date

Public Sub GiveHelp()
    mNextTry = 0
    If ActiveWorkbook Is Nothing Then
        mNextTry = Now + TimeSerial(0, 0, WAIT_SECONDS)
        Application.OnTime mNextTry, MacroName("GiveHelp")
        Exit Sub
    End If
    DescribeFunctions
    ThisWorkbook.Saved = True    ' the texts are no change that Excel should ask about on closing
End Sub

Public Sub StopWaiting()
    If mNextTry = 0 Then Exit Sub
    On Error Resume Next    ' Excel may have made the call already
    Application.OnTime mNextTry, MacroName("GiveHelp"), , False
End Sub

' One function without its texts must not cost the others theirs.
Public Sub Describe(ByVal functionName As String, ByVal category As String, ByVal description As String, ByVal argumentHelp As Variant)
    On Error Resume Next
    Application.MacroOptions Macro:=MacroName(functionName), Description:=description, Category:=category, ArgumentDescriptions:=argumentHelp
End Sub
