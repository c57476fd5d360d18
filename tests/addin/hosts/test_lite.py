"""The bundle for xlwings Lite, and that its code needs nothing that a browser does not have."""

import ast
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import xlwings as xw

import klantwaarde
import klantwaarde_addin.functions  # noqa: F401 - declares the functions
from klantwaarde_addin.build.lite import folder, main_text, requirements_text, write_bundle
from klantwaarde_addin.declare import FUNCTIONS
from klantwaarde_addin.scripts import ONLY_SHEETS, REMOTE_COMMANDS

WHEEL = f"klantwaarde-{klantwaarde.__version__}-py3-none-any.whl"

# What Pyodide 314 (Python 3.14) lacks, as measured by importing every module of the standard library in it under Node,
# and what belongs to other hosts. Threads and processes exist there in name only.
SANDBOX = """
import sys
ABSENT = {'curses', 'dbm', 'ensurepip', 'grp', 'msvcrt', 'nt', 'pwd', 'readline', 'resource', 'syslog', 'tkinter', 'turtle', 'venv', 'winreg', 'winsound',
    'pythoncom', 'win32com', 'pywintypes', 'appscript', 'psutil', 'xlwings_server', 'fastapi', 'uvicorn', 'starlette', 'markdown_it', 'playwright'}
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] in ABSENT:
            raise ModuleNotFoundError(f'No module named {name!r}')
sys.meta_path.insert(0, Absent())
for name in ABSENT & set(sys.modules):
    del sys.modules[name]
import numpy, pandas, openpyxl, xlwings, threading, subprocess, socket
sys.platform = 'emscripten'
def impossible(*args, **kwargs):
    raise RuntimeError('not in a browser')
threading.Thread.start = subprocess.Popen.__init__ = socket.socket.connect = impossible
"""
USE = """
import runpy
names = runpy.run_path(sys.argv[1])
assert names['KW_CAPACITY_RATE'](560000.0, 700000.0) == [[0.8]], names['KW_CAPACITY_RATE'](560000.0, 700000.0)
assert callable(names['run_all'])
import klantwaarde as kw
from klantwaarde.example import build_example
outcome = kw.analyse(kw.tables_from(build_example()))
assert set(outcome.checks['status']) == {'ok', 'warning'}, outcome.checks
from klantwaarde.report.layout import build_report
from klantwaarde.report.runlog import stamp_of
from datetime import datetime
print(len(build_report(outcome, stamp_of(outcome, time=datetime(2026, 1, 15), version='0'))))
"""

ASK = """
import asyncio, json, types, runpy, xlwings.server
main = types.ModuleType('main')
main.__dict__.update(runpy.run_path(sys.argv[1], run_name='main'))
functions = xlwings.server.custom_functions_meta(main)['functions']
scripts = xlwings.server.custom_scripts_meta(main)
asked = {'func_name': 'KW_CAPACITY_RATE', 'args': [[[560000]], [[700000]]], 'version': xlwings.__version__, 'client': 'Office.js', 'runtime': '1.4'}
result = asyncio.run(xlwings.server.custom_functions_call(asked, main))
print(json.dumps([[each['name'] for each in functions], [[each['function_name'], each['name']] for each in scripts], result]))
"""


def test_the_files_kept_are_the_files_made():
    assert (folder() / "main.py").read_text(encoding="utf-8") == main_text("nl")
    assert (folder() / "requirements.txt").read_text(encoding="utf-8") == requirements_text(WHEEL)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_remote_command_is_written_out(language: str):
    functions = {node.name: node for node in ast.parse(main_text(language)).body if isinstance(node, ast.FunctionDef)}
    assert set(functions) == {command.id for command in REMOTE_COMMANDS}
    for command in REMOTE_COMMANDS:
        node = functions[command.id]
        keywords = {word.arg: ast.literal_eval(word.value) for word in node.decorator_list[0].keywords}
        assert keywords == {"name": command.label(language)} | (
            {"include": ONLY_SHEETS[command.id]} if command.id in ONLY_SHEETS else {}
        )
        assert ast.get_docstring(node) == command.tip(language)
        assert [ast.unparse(argument.annotation) for argument in node.args.args] == ["xw.Book"]


@pytest.mark.parametrize(("language", "guide"), [("nl", "LEESMIJ.md"), ("en", "README.md")])
def test_the_bundle_is_whole_and_always_the_same(tmp_path: Path, language: str, guide: str):
    wheel = tmp_path / WHEEL
    wheel.write_bytes(b"the wheel")
    made = [write_bundle(wheel, tmp_path / name, language, "https://packages.example") for name in ("first", "second")]
    first, second = (hashlib.sha256(bundle.read_bytes()).hexdigest() for bundle in made)
    assert first == second
    with zipfile.ZipFile(made[0]) as package:
        assert package.namelist() == [guide, "main.py", "requirements.txt", WHEEL]
        assert package.read(WHEEL) == b"the wheel"
        assert (
            package.read("requirements.txt").decode()
            == f"xlwings=={xw.__version__}\nhttps://packages.example/{WHEEL}\n"
        )
        assert f'LANGUAGE = "{language}"' in package.read("main.py").decode()


def test_a_wheel_with_compiled_parts_is_refused(tmp_path: Path):
    with pytest.raises(ValueError, match="compiled"):
        write_bundle(tmp_path / "klantwaarde-0.1.0-cp314-cp314-win_amd64.whl", tmp_path, "nl")


def test_functions_and_analysis_work_with_what_a_browser_has():
    command = [sys.executable, "-c", SANDBOX + USE, str(folder() / "main.py")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert int(ended.stdout) >= 10


def test_lite_finds_the_functions_in_their_namespace_and_the_scripts_by_their_names(licence: str):
    command = [sys.executable, "-c", SANDBOX + ASK, str(folder() / "main.py")]
    environment = os.environ | {"XLWINGS_ON_SERVER": "true", "XLWINGS_LICENSE_KEY": licence}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    functions, scripts, result = json.loads(ended.stdout)
    assert set(functions) == {function.server_name for function in FUNCTIONS.values()}
    assert {tuple(script) for script in scripts} == {(command.id, command.nl) for command in REMOTE_COMMANDS}
    assert result == [[0.8]]
