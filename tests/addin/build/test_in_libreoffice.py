"""LibreOffice loads the file and runs what is in it: functions from cells and buttons, against a stubbed engine."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

import klantwaarde
from addin.build.stubs import stubbed_for_libreoffice
from klantwaarde.messages import label
from klantwaarde_addin.build.xlam import package, write_addins
from klantwaarde_addin.commands import COMMANDS

STARTED_BY = Path(__file__).with_name("run_in_libreoffice.py")
VALUES = {"A2": 2.0, "A3": 3.0, "A4": 4.0, "B4": 8.0}
FORMULAS = {  # what a cell shows when the stub describes what it was given
    "=KW_GINI(A2:A4)": "gini 3x1=2..4",
    "=KW_GINI(A3)": "gini Double",
    "=KW_GINI(A2:B4)": "gini 3x2=2..8",
    "=KW_GINI(A3:B900)": None,  # cut after the last used row, which the formulas themselves move
    '=KW_CLV(A2:A4;"end")': "clv 3x1=2..4 String Empty",
    '=KW_CLV(A2:A4;"end";0.5)': "clv 3x1=2..4 String Double",
    "=KW_CLV(5)": "clv Double Empty Empty",
}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Every result of one session, by what asked for it."""
    addin = tmp_path_factory.mktemp("addin") / "stubbed.xlam"
    addin.write_bytes(package(stubbed_for_libreoffice("nl"), "nl"))
    steps = [
        *({"cell": cell, "value": value} for cell, value in VALUES.items()),
        *({"cell": f"F{row}", "formula": formula} for row, formula in enumerate(FORMULAS, start=1)),
        {"run": "Stubs.LeftOut", "given": []},
        {"run": "Stubs.ErrorOf", "given": ["2042"]},
        {"run": "Stubs.PressWithVersion", "given": [klantwaarde.__version__]},
        *({"run": "Stubs.Press", "given": [command.id]} for command in COMMANDS),
    ]
    return dict(zip(map(asked, steps), follow(addin, steps), strict=True))


@pytest.fixture(scope="module")
def of_another_version(tmp_path_factory):
    addin = tmp_path_factory.mktemp("addin") / "stubbed.xlam"
    addin.write_bytes(package(stubbed_for_libreoffice("en"), "en"))
    return follow(addin, [{"run": "Stubs.PressWithVersion", "given": ["9.9.9"]}])


def follow(addin, steps):
    """Run the steps; LibreOffice's bridge is a package of the system's Python."""
    python = shutil.which("python3", path=os.defpath)
    assert python, "the system's Python with the package python3-uno is needed"
    done = subprocess.run(
        [python, str(STARTED_BY), str(addin), json.dumps(steps)],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def asked(step):
    return step.get("formula") or " ".join((step.get("run", step.get("cell")), *step.get("given", ())))


@pytest.mark.parametrize(("formula", "shown"), [pair for pair in FORMULAS.items() if pair[1]])
def test_a_cell_gets_the_answer_to_what_it_gives(results, formula, shown):
    assert results[formula] == shown


def test_a_range_is_cut_at_the_used_range(results):
    assert results["=KW_GINI(A3:B900)"].startswith("gini ")
    rows = int(results["=KW_GINI(A3:B900)"].removeprefix("gini ").partition("x")[0])
    assert 2 <= rows < 10


def test_an_argument_left_out_in_code_arrives_empty(results):
    assert results["Stubs.LeftOut"] == "clv Integer Empty Empty"


def test_a_code_becomes_an_error_value(results):
    assert results["Stubs.ErrorOf 2042"] == "Error 2042"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_a_button_hands_over_its_command(results, command):
    undo = " (undo)" if command.group == "calculate" or command.id == "restore_previous" else ""
    assert results[f"Stubs.Press {command.id}"] == f"done: ran {command.id}{undo}"


def test_the_shipped_file_loads_and_says_that_there_is_no_engine(tmp_path):
    (addin, _) = write_addins(tmp_path)
    steps = [{"cell": "B1", "formula": "=KW_GINI(5)"}, {"run": "KwMacro.MacroName", "given": ["KwUndo"]}]
    assert follow(addin, steps) == ["Error 2015", "'klantwaarde_nl.xlam'!KwUndo"]


def test_another_version_is_refused(of_another_version):
    said = label("vba_other_version", "en", version=klantwaarde.__version__, found="9.9.9")
    assert of_another_version == [f"problem: {said}"]
