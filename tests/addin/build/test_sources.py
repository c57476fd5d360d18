"""Rules for the VBA itself: what it may never do, what VBA can store, and that wrappers follow the declarations."""

import re
import subprocess
import sys

import pytest

from addin.build.sample import SAMPLES, sample_modules
from klantwaarde.messages import LANGUAGES
from klantwaarde_addin.build.sources import addin_modules
from klantwaarde_addin.build.vba_code import LONGEST_LINE, literal, module_text
from klantwaarde_addin.build.vba_project import Module
from klantwaarde_addin.build.wrappers import functions_module, wizard_module
from klantwaarde_addin.build.xlam import package
from klantwaarde_addin.commands import COMMAND
from klantwaarde_addin.declare import FUNCTIONS, LONGEST_HELP

FORBIDDEN = re.compile(
    r"\b(GetObject|Shell|Declare|PtrSafe|Execute\w*|Eval|Evaluate|ExecuteExcel4Macro|CallByName|AddressOf|SendKeys|Environ|Volatile"
    r"|Kill|ChDir|ChDrive|Dir|FileCopy|MkDir|RmDir|FreeFile|Open\s+\S+\s+For|FileSystemObject|WScript|XMLHTTP|WinHttp\w*|ADODB|URLDownload\w*"
    r"|VBProject|VBE|Workbooks\s*\.\s*Open\w*|UpdateLinks?|Application\s*\.\s*Run|Application\s*\.\s*ExecuteMso|CustomDocumentProperties|GetSetting"
    r"|SaveSetting|RegRead|Names|Auto_Open|Sheets|Worksheets)\b"
    r"|ActiveWorkbook\s*\.|\[",
    re.IGNORECASE,
)
STRINGS_AND_COMMENTS = re.compile(r'"(?:[^"\n]|"")*"|\'.*$', re.MULTILINE)
VBA_KEYWORDS = {
    *[
        "and",
        "as",
        "boolean",
        "byref",
        "byte",
        "byval",
        "call",
        "case",
        "class",
        "const",
        "currency",
        "date",
        "debug",
        "declare",
        "dim",
        "do",
        "double",
        "each",
        "else",
        "elseif",
        "empty",
        "end",
        "endif",
    ],
    *[
        "enum",
        "eqv",
        "erase",
        "error",
        "event",
        "exit",
        "false",
        "for",
        "friend",
        "function",
        "get",
        "global",
        "gosub",
        "goto",
        "if",
        "imp",
        "implements",
        "in",
        "input",
        "integer",
        "is",
        "let",
        "like",
    ],
    *[
        "lock",
        "long",
        "loop",
        "lset",
        "me",
        "mod",
        "name",
        "new",
        "next",
        "not",
        "nothing",
        "null",
        "object",
        "on",
        "open",
        "option",
        "optional",
        "or",
        "paramarray",
        "preserve",
        "print",
        "private",
    ],
    *[
        "property",
        "public",
        "put",
        "raiseevent",
        "redim",
        "rem",
        "resume",
        "return",
        "rset",
        "seek",
        "select",
        "set",
        "single",
        "spc",
        "static",
        "step",
        "stop",
        "string",
        "sub",
        "tab",
        "then",
        "to",
    ],
    *["true", "type", "until", "variant", "wend", "while", "with", "withevents", "write", "xor"],
}
CELL_ADDRESS = re.compile(r"[A-Z]{1,3}[0-9]+|R[0-9]*C[0-9]*", re.IGNORECASE)
ALL = [
    pytest.param(language, module, id=f"{language}-{module.name}")
    for language in LANGUAGES
    for module in addin_modules(language)
]


def code_only(source):
    return STRINGS_AND_COMMENTS.sub('""', source)


def forbidden_in(source):
    return [match.group() for match in FORBIDDEN.finditer(code_only(source))]


@pytest.mark.parametrize(("language", "module"), ALL)
def test_no_module_does_what_an_addin_of_ours_never_does(language, module):
    assert forbidden_in(module.source) == []


@pytest.mark.parametrize(
    "planted",
    [
        'Shell "cmd.exe"', "x = GetObject(y)", "Private Declare PtrSafe Function f Lib k ()", "Application.Volatile", "y = Evaluate(cell)",
        "z = ActiveWorkbook.Name", "Workbooks.Open path", "Open path For Input As #1", "v = [A1]", "n = Environ(1)", 'application.run "x"',
        'Set s = ThisWorkbook.Sheets("klantwaarde.conf")',
    ],
)  # fmt: skip
def test_the_check_bites(planted):
    source = sample_modules()["KwAnswer"].source
    assert forbidden_in(f"{source}\nPublic Sub Planted()\n    {planted}\nEnd Sub\n")


def test_the_check_lets_words_in_texts_and_comments_be():
    assert forbidden_in('x = "Shell ""Open"" [1]" \' Evaluate nothing\n') == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_one_line_reaches_outside_excel_and_only_for_our_engine(language):
    lines = [
        line.strip()
        for module in addin_modules(language)
        for line in module.source.splitlines()
        if "CreateObject" in line
    ]
    assert lines == ['Set NewServer = CreateObject("Klantwaarde.Engine")']


@pytest.mark.parametrize(("language", "module"), ALL)
def test_vba_can_store_and_show_every_line(language, module):
    assert "\r" not in module.source
    assert module.source.endswith("\n")
    module.encoded()
    assert max(map(len, module.source.splitlines())) <= LONGEST_LINE


@pytest.mark.parametrize(("language", "module"), ALL)
def test_every_module_says_its_name_and_declares_its_variables(language, module):
    assert module.source.startswith(f'Attribute VB_Name = "{module.name}"\n')
    assert "\nOption Explicit\n" in module.source


@pytest.mark.parametrize(("language", "module"), ALL)
def test_names_of_public_procedures_are_unique_in_the_project(language, module):
    def names(source):
        return {name.lower() for name in re.findall(r"^Public (?:Sub|Function|Const) (\w+)", source, re.MULTILINE)}

    for other in addin_modules(language):
        assert other.name == module.name or not names(module.source) & names(other.source)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cell_can_call_nothing_but_our_functions(language):
    callable_from_cells = [
        name
        for module in addin_modules(language)
        if module.kind == "standard" and "\nOption Private Module\n" not in module.source
        for name in re.findall(r"^(?:Public )?Function (\w+)", module.source, re.MULTILINE)
    ]
    assert callable_from_cells == [function.excel_name for function in FUNCTIONS.values()]


def parsed(module):
    """Name, parameters, engine name and handed-on arguments of every wrapper, read from the VBA."""
    wrapper = re.compile(
        r"^Public Function (\w+)\((.*)\) As Variant\nAttribute \1\.VB_Description = (\".*\")\n    \1 = AnswerOf\(\"(\w+)\", (.*)\)\nEnd Function$",
        re.MULTILINE,
    )
    return {
        name: (parameters, help_text, engine_name, given)
        for name, parameters, help_text, engine_name, given in wrapper.findall(module.source)
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("functions", [SAMPLES, tuple(FUNCTIONS.values())], ids=["samples", "declared"])
def test_wrappers_are_the_declarations(functions, language):
    module = functions_module(functions, language)
    assert module.source.count("Public Function") == len(functions)
    wrappers = parsed(module)
    for function in functions:
        parameters, help_text, engine_name, given = wrappers[function.excel_name]
        assert engine_name == function.name
        assert given.split(", ") == [argument.name for argument in function.arguments]
        expected = [
            ("" if argument.is_required else "Optional ") + f"{argument.name} As Variant"
            for argument in function.arguments
        ]
        assert parameters.split(", ") == expected
        assert help_text == literal(function.help(language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("functions", [SAMPLES, tuple(FUNCTIONS.values())], ids=["samples", "declared"])
def test_the_wizard_gets_every_text_within_its_length(functions, language):
    source = wizard_module(functions, language).source
    for function in functions:
        assert f"    Describe_{function.excel_name}\n" in source
        for text in (function.help(language), *(argument.help(language) for argument in function.arguments)):
            assert 0 < len(text) <= LONGEST_HELP
            assert literal(text) in source


@pytest.mark.parametrize("function", [*SAMPLES, *FUNCTIONS.values()], ids=lambda function: function.name)
def test_excel_and_vba_accept_the_names(function):
    assert re.fullmatch(r"KW_[A-Z][A-Z0-9_]+", function.excel_name)
    assert not CELL_ADDRESS.fullmatch(function.excel_name)
    assert function.arguments
    for argument in function.arguments:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", argument.name)
        assert argument.name not in VBA_KEYWORDS
        assert not CELL_ADDRESS.fullmatch(argument.name)
    required = [argument.is_required for argument in function.arguments]
    assert required == sorted(required, reverse=True)


def test_the_commands_that_vba_treats_apart_exist():
    texts = sample_modules()["KwTexts"].source
    undoable = re.search(r'UNDOABLE_COMMANDS As String = "\|(.*)\|"', texts)
    names = {*undoable.group(1).split("|"), *re.findall(r'(?:TRACE|UNDO)_COMMAND As String = "(\w+)"', texts)}
    assert len(names) >= 6
    assert names <= COMMAND.keys()


def test_a_text_that_does_not_fit_on_a_line_is_refused():
    with pytest.raises(ValueError, match="one line"):
        literal("een\ntwee")
    with pytest.raises(ValueError, match="1036 characters"):
        module_text("KwTexts", "x = " + literal("a" * 1_030))


def lint(tmp_path, modules):
    addin = tmp_path / "addin.xlam"
    addin.write_bytes(package(modules, "nl"))
    command = [sys.executable, "-m", "pyvbaanalysis", "--fail-level", "error", str(addin)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_linter_of_vba_finds_no_error(tmp_path, language):
    done = lint(tmp_path, [*sample_modules(language).values()])
    assert done.returncode == 0, done.stdout
    done = lint(tmp_path, addin_modules(language))
    assert done.returncode == 0, done.stdout


def test_the_linter_bites(tmp_path):
    wrong = Module(
        "KwWrong",
        'Attribute VB_Name = "KwWrong"\nOption Explicit\n\nPublic Sub Wrong()\n    total = GiveHelpp(1)\nEnd Sub\n',
    )
    done = lint(tmp_path, [*sample_modules().values(), wrong])
    assert done.returncode == 1
    assert "total" in done.stdout
