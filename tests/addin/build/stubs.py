"""VBA that stands in for what a test cannot have: the COM server, the screen and Excel itself."""

from dataclasses import replace

from addin.build.sample import sample_modules
from klantwaarde_addin.build.vba_project import Module

# What LibreOffice's Basic does not know, and what it knows instead.
UNKNOWN_TO_LIBREOFFICE = {"mEngine.Call(": "mEngine.Answer(", ".Value2": ".Value"}

SERVER = Module(
    "KwServer",
    """Attribute VB_Name = "KwServer"
Option Explicit
Option Private Module

Public Function NewServer() As Object
    Set NewServer = New StubServer
End Function
""",
)
STUB_SERVER = Module(
    "StubServer",
    """Attribute VB_Name = "StubServer"
Attribute VB_Base = "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}"
Attribute VB_GlobalNameSpace = False
Attribute VB_Creatable = False
Attribute VB_PredeclaredId = False
Attribute VB_Exposed = False
Attribute VB_TemplateDerived = False
Attribute VB_Customizable = False
Option Explicit

Public Function Version() As String
    Version = StubVersion()
End Function

Public Function Answer(ByVal functionName As String, ByVal given As Variant, ByVal is1904 As Boolean) As Variant
    Answer = StubAnswer(functionName, given)
End Function

Public Function Run(ByVal commandId As String, ByVal book As Object, ByVal host As Object) As Variant
    Run = Array("done", "ran " & commandId, "", "")
End Function
""",
    "class",
)
STUB_CONTROL = Module(
    "StubControl",
    """Attribute VB_Name = "StubControl"
Attribute VB_Base = "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}"
Attribute VB_GlobalNameSpace = False
Attribute VB_Creatable = False
Attribute VB_PredeclaredId = False
Attribute VB_Exposed = False
Attribute VB_TemplateDerived = False
Attribute VB_Customizable = False
Option Explicit

Public ID As String
""",
    "class",
)
SCREEN = Module(
    "KwScreen",
    """Attribute VB_Name = "KwScreen"
Option Explicit

Public Sub ShowReply(ByVal kind As String, ByVal sentence As String)
    gShown = gShown & kind & ": " & sentence
End Sub

Public Sub OpenTemplate(ByVal path As String)
End Sub

Public Sub OpenPage(ByVal path As String)
End Sub

Public Sub OfferUndo()
    gShown = gShown & " (undo)"
End Sub

Public Sub GiveStatusBarBack()
End Sub
""",
)
STUBS = Module(
    "Stubs",
    """Attribute VB_Name = "Stubs"
Option Explicit

Public gShown As String
Public gVersion As String

Public Function StubVersion() As String
    StubVersion = IIf(gVersion = "", ADDIN_VERSION, gVersion)
End Function

' Text 2042 asks for that error; anything else is described: the name, and the type and size of each argument.
Public Function StubAnswer(ByVal functionName As String, ByVal given As Variant) As Variant
    Dim position As Long, described As String
    For position = 0 To UBound(given)
        If TypeName(given(position)) = "String" Then
            If given(position) = "2042" Then
                StubAnswer = Array(2042, "not found")
                Exit Function
            End If
        End If
        described = described & " " & DescribedValue(given(position))
    Next position
    StubAnswer = Array(0, functionName & described)
End Function

Private Function DescribedValue(ByVal value As Variant) As String
    If IsArray(value) Then
        DescribedValue = UBound(value, 1) - LBound(value, 1) + 1 & "x" & UBound(value, 2) - LBound(value, 2) + 1
        DescribedValue = DescribedValue & "=" & value(LBound(value, 1), LBound(value, 2)) & ".." & value(UBound(value, 1), UBound(value, 2))
    Else
        DescribedValue = TypeName(value)
    End If
End Function

Public Function Press(ByVal commandId As String) As String
    Dim control As New StubControl
    gShown = ""
    control.ID = commandId
    KwPress control
    Press = gShown
End Function

Public Function PressWithVersion(ByVal version As String) As String
    gVersion = version
    PressWithVersion = Press("run_all")
    gVersion = ""
End Function

Public Function ErrorOf(ByVal text As String) As String
    ErrorOf = CStr(KW_GINI(text))
End Function

Public Function LeftOut() As Variant
    LeftOut = KW_CLV(1)
End Function
""",
)


def stubbed_for_libreoffice(language: str) -> list[Module]:
    """The add-in's modules with the outside stubbed, in the words of LibreOffice's Basic."""
    modules = sample_modules(language)
    for word, known in UNKNOWN_TO_LIBREOFFICE.items():
        users = [module for module in modules.values() if word in module.source]
        assert users, f"{word} is no longer used"
        modules |= {module.name: replace(module, source=module.source.replace(word, known)) for module in users}
    modules |= {module.name: module for module in (SERVER, SCREEN, STUB_SERVER, STUB_CONTROL, STUBS)}
    return list(modules.values())
