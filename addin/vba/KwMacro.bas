Attribute VB_Name = "KwMacro"
Option Explicit
Option Private Module

' The full name under which Excel finds one of our macros, whatever workbook is in front.

Public Function MacroName(ByVal macro As String) As String
    MacroName = "'" & ThisWorkbook.Name & "'!" & macro
End Function
