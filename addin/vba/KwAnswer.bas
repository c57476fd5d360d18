Attribute VB_Name = "KwAnswer"
Option Explicit
Option Private Module

' Between a cell and the engine: ranges become values, refusals become error values, and the sentence of each stays findable.

Private Const MOST_KEPT As Long = 1000

Private mSentences As Collection

' What a function wrapper gives back to its cell.
Public Function AnswerOf(ByVal functionName As String, ParamArray given() As Variant) As Variant
    Dim values() As Variant, position As Long, reply As Variant, cell As Object, last As Long
    Set cell = CallingCell()
    For position = 0 To UBound(given)
        If Not IsMissing(given(position)) Then last = Larger(last, LastFilledRow(given(position)))
    Next position
    ReDim values(0 To UBound(given))
    For position = 0 To UBound(given)
        If IsMissing(given(position)) Then
            values(position) = Empty
        ElseIf IsScattered(given(position)) Then
            reply = Array(xlErrValue, Replace(TEXT_AREAS, "{position}", CStr(position + 1)))
            Exit For
        Else
            values(position) = PlainValue(given(position), last)
        End If
    Next position
    If IsEmpty(reply) Then reply = AskFunction(functionName, values, Is1904(cell))
    If reply(0) = 0 Then
        KeepSentence cell, ""
        AnswerOf = reply(1)
    Else
        KeepSentence cell, CStr(reply(1))
        AnswerOf = CVErr(reply(0))
    End If
End Function

' The sentence that belongs to an error value of one of our functions; empty when there is none.
Public Function SentenceOf(ByVal cell As Object) As String
    Dim anchor As Object
    If Not IsError(cell.Value2) Then Exit Function
    Set anchor = cell
    If cell.HasArray Then Set anchor = cell.CurrentArray.Cells(1, 1)
    SentenceOf = KeptSentence(anchor)
    If SentenceOf = "" And InStr(anchor.Formula, "KW_") > 0 Then
        anchor.Calculate    ' the error may come from before this session
        SentenceOf = KeptSentence(anchor)
    End If
End Function

Private Function IsScattered(ByVal value As Variant) As Boolean
    Dim area As Object
    If TypeName(value) <> "Range" Then Exit Function
    Set area = value
    IsScattered = area.Areas.Count > 1
End Function

Private Function PlainValue(ByVal value As Variant, ByVal last As Long) As Variant
    If TypeName(value) = "Range" Then
        PlainValue = UsedValues(value, last)
    ElseIf IsArray(value) Then
        PlainValue = AsRows(value)
    Else
        PlainValue = value
    End If
End Function

' The values of a range. A whole column ends where the longest whole column of the call ends, any other range at the end of
' the used cells: only the end is cut, so what stands side by side stays side by side.
Private Function UsedValues(ByVal area As Object, ByVal last As Long) As Variant
    Dim used As Object, height As Long, width As Long
    Set used = area.Worksheet.UsedRange
    height = Smaller(area.Rows.Count, used.Row + used.Rows.Count - area.Row)
    If IsWholeColumn(area) Then height = Smaller(height, last)
    width = Smaller(area.Columns.Count, used.Column + used.Columns.Count - area.Column)
    If height > 0 And width > 0 Then UsedValues = area.Resize(height, width).Value2
End Function

Private Function IsWholeColumn(ByVal area As Object) As Boolean
    IsWholeColumn = (area.Rows.Count = area.Worksheet.Rows.Count)
End Function

' The last row with a value in a range of whole columns; 0 for anything else.
Private Function LastFilledRow(ByVal value As Variant) As Long
    Dim area As Object, used As Object, height As Long, width As Long, cells As Variant
    If TypeName(value) <> "Range" Then Exit Function
    Set area = value
    If Not IsWholeColumn(area) Then Exit Function
    Set used = area.Worksheet.UsedRange
    height = used.Row + used.Rows.Count - 1
    width = Smaller(area.Columns.Count, used.Column + used.Columns.Count - area.Column)
    If width < 1 Then Exit Function
    cells = area.Resize(height, width).Value2
    If Not IsArray(cells) Then
        If Not IsEmpty(cells) Then LastFilledRow = 1
        Exit Function
    End If
    For LastFilledRow = height To 1 Step -1
        If IsFilledRow(cells, LastFilledRow, width) Then Exit Function
    Next LastFilledRow
End Function

Private Function IsFilledRow(ByVal cells As Variant, ByVal row As Long, ByVal width As Long) As Boolean
    Dim column As Long
    For column = 1 To width
        If Not IsEmpty(cells(row, column)) Then IsFilledRow = True
    Next column
End Function

Private Function Smaller(ByVal one As Long, ByVal other As Long) As Long
    Smaller = IIf(one < other, one, other)
End Function

Private Function Larger(ByVal one As Long, ByVal other As Long) As Long
    Larger = IIf(one > other, one, other)
End Function

' An array of one dimension, as Excel hands over a single row, with its row made visible.
Private Function AsRows(ByVal values As Variant) As Variant
    Dim row() As Variant, position As Long
    If HasTwoDimensions(values) Then
        AsRows = values
        Exit Function
    End If
    ReDim row(1 To 1, LBound(values) To UBound(values))
    For position = LBound(values) To UBound(values)
        row(1, position) = values(position)
    Next position
    AsRows = row
End Function

Private Function HasTwoDimensions(ByVal values As Variant) As Boolean
    Dim last As Long
    On Error GoTo OnlyOne
    last = UBound(values, 2)
    HasTwoDimensions = True
OnlyOne:
End Function

' The cell that asks; of an array formula the first one. Nothing when it is not a cell that asks.
Private Function CallingCell() As Object
    If TypeName(Application.Caller) = "Range" Then Set CallingCell = Application.Caller.Cells(1, 1)
End Function

Private Function Is1904(ByVal cell As Object) As Boolean
    If Not cell Is Nothing Then Is1904 = cell.Worksheet.Parent.Date1904
End Function

Private Sub KeepSentence(ByVal cell As Object, ByVal sentence As String)
    Dim place As String
    If cell Is Nothing Then Exit Sub
    If mSentences Is Nothing Then Set mSentences = New Collection
    If sentence = "" And mSentences.Count = 0 Then Exit Sub
    If mSentences.Count >= MOST_KEPT Then Set mSentences = New Collection
    place = cell.Address(External:=True)
    If KeptSentence(cell) <> "" Then mSentences.Remove place
    If sentence <> "" Then mSentences.Add sentence, place
End Sub

Private Function KeptSentence(ByVal cell As Object) As String
    On Error GoTo NotKept
    KeptSentence = mSentences.Item(cell.Address(External:=True))
NotKept:
End Function
