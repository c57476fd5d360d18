"""The house rules that a reader of the code relies on."""

import ast
import re
import string
import subprocess
import sys
from pathlib import Path

import pytest

import klantwaarde
import klantwaarde_addin
from klantwaarde.messages import LANGUAGES, catalogue
from klantwaarde.model import ANALYSES
from klantwaarde.report.layout import SHEETS
from klantwaarde.tables.catalogue import INPUT_TABLES, SETTINGS
from klantwaarde.tables.settings import SETTINGS as DECLARED

SOURCE = Path(klantwaarde.__file__).parent
MODULES = sorted(SOURCE.rglob("*.py"))
ADDIN = sorted(Path(klantwaarde_addin.__file__).parent.rglob("*.py"))
PURE = ("costs", "profit", "lifetime", "base", "credit", "tables", "report", "messages")
WRITERS = {"openpyxl", "lxml", "xlsxwriter", "xlwings"}
DRAWING = ("sheet_layout", "template_start", "template_inputs")  # and what they import
OUTSIDE = {"openpyxl", "lxml", "python_calamine", "xlwings", "pyxaf", "zipfile", "subprocess", "socket", "time", "random"}
ROOMS_ABOVE = {  # what a room may never import: the road has no way back
    "tables": {"costs", "profit", "checks", "model", "report", "workbook", "sources", "api", "cli", "example"},
    "costs": {"checks", "report", "workbook", "sources", "api", "cli", "example"},
    "profit": {"checks", "report", "workbook", "sources", "api", "cli", "example"},
    "credit": {"base", "lifetime", "checks", "report", "workbook", "sources", "api", "cli", "example"},
    "base": {"lifetime", "credit", "checks", "report", "workbook", "sources", "api", "cli", "example"},
    "lifetime": {"base", "credit", "checks", "report", "workbook", "sources", "api", "cli", "example"},
    "report": {"workbook", "sources", "api", "cli", "example"},
    "workbook": {"costs", "profit", "model", "checks", "sources", "api", "cli", "example"},
    "sources": {"api", "cli", "example"},
}


def imports(path: Path, *, runtime_only: bool = True) -> set[str]:
    """Modules that a file imports; those under TYPE_CHECKING do not count."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test) and runtime_only
    ]
    hidden = {id(child) for node in skipped for child in ast.walk(node)}
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def room(path: Path) -> str:
    parts = path.relative_to(SOURCE).parts
    return parts[0] if len(parts) > 1 else path.stem


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_the_road_has_no_way_back(path):
    forbidden = ROOMS_ABOVE.get(room(path), set())
    used = {name.split(".")[1] for name in imports(path) if name.startswith("klantwaarde.")}
    assert not used & forbidden


@pytest.mark.parametrize("path", [p for p in MODULES if room(p) in PURE], ids=lambda p: str(p.relative_to(SOURCE)))
def test_pure_rooms_do_not_touch_the_outside(path):
    assert not {name.split(".")[0] for name in imports(path)} & OUTSIDE


def test_a_sheet_is_drawn_without_knowing_where_it_goes():
    modules = ", ".join(f"klantwaarde.workbook.{name}" for name in DRAWING)
    code = f"import sys, {modules}\nsys.exit(' '.join({WRITERS!r} & sys.modules.keys()) or 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_no_module_prints_or_evaluates(path):
    calls = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not calls & {"print", "eval", "exec", "compile", "__import__"}


def test_only_the_saving_module_replaces_files():
    users = [path for path in MODULES if re.search(r"os\.(replace|rename)\(", path.read_text(encoding="utf-8"))]
    assert [path.name for path in users] == ["saving.py"]


def test_public_names_are_few_and_fixed():
    assert sorted(klantwaarde.__all__) == [
        "Fault", "InputError", "Outcome", "Tables", "WriteError", "__version__", "analyse", "check", "read_tables",
        "refresh", "restore", "tables_from", "trace_account", "trace_customer",
    ]  # fmt: skip
    assert all(getattr(klantwaarde, name) is not None for name in klantwaarde.__all__)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_say_the_same_things():
    dutch, english = (catalogue(language) for language in LANGUAGES)
    assert dutch.keys() == english.keys()
    for key, text in dutch.items():
        pairs = [(text, english[key])] if isinstance(text, str) else [(text[part], english[key][part]) for part in ("what", "expected", "advice")]
        used = [set().union(*(placeholders(pair[side]) for pair in pairs)) for side in (0, 1)]
        assert used[0] == used[1], key


def test_every_code_in_the_source_has_a_message_and_every_message_is_used():
    source = "\n".join(path.read_text(encoding="utf-8") for path in (*MODULES, *ADDIN))
    used = set(re.findall(r"KW-[A-Z]{2}-\d{3}", source))
    declared = {key for key in catalogue("nl") if key.startswith("KW-")}
    assert used == declared


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_column_and_setting_has_labels_and_tables_have_help(language):
    for table in (*INPUT_TABLES, SETTINGS):
        assert table.label(language)
        assert table.help(language)
        labels = [column.label(language).casefold() for column in table.columns]
        assert len(set(labels)) == len(labels)
    assert all(setting.label(language) and setting.help(language) for setting in DECLARED)


def test_every_result_has_one_sheet():
    shown = [name for spec in SHEETS for name in spec.results]
    assert len(set(shown)) == len(shown)
    own_place = {"import_report"}  # stands in the log
    assert {analysis.id for analysis in ANALYSES} - own_place == set(shown)


def test_help_answers_without_loading_pandas():
    code = "import sys; from klantwaarde.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\nsys.exit('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "refresh" in done.stdout
