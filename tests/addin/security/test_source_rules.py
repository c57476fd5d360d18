"""What the code of the add-in may never contain, whoever writes it; each rule is shown to bite."""

import ast
import re
from pathlib import Path

import pytest

import klantwaarde_addin
from klantwaarde_addin.registration import server_command

PACKAGE = Path(klantwaarde_addin.__file__).parent
HOSTS = PACKAGE.parent
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
BUILDING = {
    PACKAGE / "build" / name for name in ("installer.py", "windows_runtime.py", "lite.py")
}  # never run on a user's computer
ELSEWHERE = {
    PACKAGE / name for name in ("serve.py", "server_application.py", "gate.py", "pane.py")
}  # the server, an optional extra

RUNS_TEXT = {"eval", "exec", "compile", "__import__", "execfile", "breakpoint", "input"}
FORBIDDEN = {
    "pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "code", "codeop", "runpy", "imp", "pty", "socket", "ssl", "http", "urllib",
    "urllib3", "requests", "httpx", "ftplib", "smtplib", "telnetlib", "xmlrpc", "webbrowser", "subprocess", "multiprocessing", "asyncio", "ctypes",
}  # fmt: skip
ALLOWED = {
    "machine.py": {"ctypes"},  # asks Windows whether this process has administrator rights
    "scripts.py": {"asyncio"},  # keeps the server answering others while a calculation runs
}
PAID = ("xlwings.pro", "xlwings.server", "xlwings.reports", "xlwings_server")


def imported(source):
    """Every module that a source imports, by name or through ``import_module`` with a fixed name."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
        elif (
            isinstance(node, ast.Call)
            and name_of(node.func).endswith("import_module")
            and isinstance(node.args[0], ast.Constant)
        ):
            found.add(node.args[0].value)
    return found


def name_of(node):
    return ast.unparse(node) if isinstance(node, (ast.Name, ast.Attribute)) else ""


def called(source):
    return {name_of(node.func) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)}


def dynamic_imports(source):
    """The first arguments of ``import_module`` that are not fixed texts."""
    calls = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and name_of(node.func).endswith("import_module")
    ]
    return [ast.unparse(node.args[0]) for node in calls if not isinstance(node.args[0], ast.Constant)]


def roots(names):
    return {name.split(".")[0] for name in names}


def breaches(source, allowed=frozenset()):
    """The rules that a source breaks."""
    calls = called(source)
    running = {
        name
        for name in calls
        if name in RUNS_TEXT
        or name in ("os.system", "os.popen", "os.startfile")
        or name.startswith(("os.exec", "os.spawn"))
    }
    return running | ((roots(imported(source)) & FORBIDDEN) - allowed)


@pytest.mark.parametrize(
    ("source", "breach"),
    [
        ("x = eval(cell)", "eval"),
        ("exec(sheet)", "exec"),
        ("import pickle", "pickle"),
        ("from urllib.request import urlopen", "urllib"),
        ("import_module('socket')", "socket"),
        ("import os\nos.system('x')", "os.system"),
        ("import os\nos.execv('x', [])", "os.execv"),
        ("import subprocess", "subprocess"),
    ],
)
def test_the_rules_bite(source, breach):
    assert breach in breaches(source)


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if path not in BUILDING | ELSEWHERE],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_no_module_runs_text_starts_programs_or_opens_connections(path):
    assert not breaches(path.read_text(encoding="utf-8"), ALLOWED.get(path.name, frozenset()))


@pytest.mark.parametrize("path", sorted(BUILDING | ELSEWHERE), ids=lambda path: path.name)
def test_the_exceptions_run_no_text_either(path):
    assert not called(path.read_text(encoding="utf-8")) & RUNS_TEXT


@pytest.mark.parametrize(
    "path", [path for path in MODULES if path not in ELSEWHERE], ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_nothing_that_runs_in_excel_uses_the_paid_parts(path):
    assert not {name for name in imported(path.read_text(encoding="utf-8")) if name.startswith(PAID)}


def test_modules_are_imported_by_fixed_names_or_from_our_own_list():
    dynamic = {
        path.name: found
        for path in MODULES
        if path not in ELSEWHERE and (found := dynamic_imports(path.read_text(encoding="utf-8")))
    }
    assert set(dynamic) <= {"run.py", "scripts.py", "sources.py", "__init__.py"}
    assert all(
        argument.startswith(("f'klantwaarde_addin.", "f'{__name__}.", "f'{__package__}."))
        for found in dynamic.values()
        for argument in found
    ), dynamic


def test_the_server_command_is_isolated_and_absolute():
    for resident in (False, True):
        command = server_command(Path("/opt/kw/pythonw.exe"), resident=resident)
        assert re.match(r'^"[^"]*/pythonw\.exe" -I -m klantwaarde_addin\.com_server( --resident)?$', command)
