"""A workbook and its folder decide nothing: not which program runs, not what is imported, not where anything goes."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

TESTS = Path(__file__).parents[2]
sys.path.insert(0, str(TESTS / "end_to_end"))

from workbooks import write_e2e  # noqa: E402

PLANTED = "import pathlib; pathlib.Path(r'{folder}').joinpath('planted-' + __name__).write_text('ran')\n"
NAMES = (
    "openpyxl",
    "klantwaarde",
    "klantwaarde_addin",
    "pandas",
    "numpy",
    "sitecustomize",
    "usercustomize",
    "xlwings",
    "argparse",
    "win32api",
    "pythoncom",
)
SECRET = "Bakkerij Geheim"
CONFIG = {
    "INTERPRETER_WIN": r"\\evil\share\pythonw.exe", "INTERPRETER": "/bin/sh", "PYTHONPATH": "{folder}", "UDF MODULES": "openpyxl", "PROXY_SERVER": "evil",
    "ADD_WORKBOOK_TO_PYTHONPATH": "True", "LOG FILE": "{folder}/planted-log", "CONDA PATH": "{folder}", "LICENSE_KEY": "x",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder as an attacker would fill it, with a workbook to open."""
    folder = tmp_path_factory.mktemp("shared")
    book = write_e2e(folder / "book.xlsx")
    planted = PLANTED.format(folder=folder)
    workbook = load_workbook(book)
    for name in ("klantwaarde.conf", "xlwings.conf", "book.conf"):
        sheet = workbook.create_sheet(name)
        for key, value in CONFIG.items():
            sheet.append([key, value.format(folder=folder)])
        (folder / name).write_text(
            "".join(f'"{key}","{value.format(folder=folder)}"\n' for key, value in CONFIG.items())
        )
    for name in ("klantwaarde_addin.py", "main.py", "_xlwings.py"):
        sheet = workbook.create_sheet(name)
        for line in planted.splitlines():
            sheet.append([line])
    customers = workbook["Invoer_Klanten"]
    table = next(iter(customers.tables.values()))
    header, first, *_ = customers[table.ref]
    next(below for above, below in zip(header, first, strict=True) if above.value == "Naam").value = SECRET
    workbook.save(book)
    for name in NAMES:
        (folder / f"{name}.py").write_text(planted)
    for name in ("book.zip", "klantwaarde.zip"):
        with zipfile.ZipFile(folder / name, "w") as archive:
            archive.writestr("openpyxl.py", planted)
    (folder / "pyvenv.cfg").write_text(f"home = {folder}\n")
    (folder / "python313._pth").write_text(f"{folder}\n")
    return folder


@pytest.fixture(scope="module")
def told(folder):
    """What the engine did when it worked on that workbook, started from that folder."""
    (folder / "home" / "tmp").mkdir(parents=True)
    environment = os.environ | {
        "TMPDIR": str(folder / "home" / "tmp"),
        "PYTHONPATH": str(folder), "PYTHONSTARTUP": str(folder / "openpyxl.py"), "PYTHONHOME": "", "XDG_DATA_HOME": str(folder / "home"),
        "INTERPRETER_WIN": "evil", "XLWINGS_LICENSE_KEY": "",
    }  # fmt: skip
    command = [
        sys.executable,
        "-I",
        str(Path(__file__).with_name("attacked.py")),
        str(TESTS),
        str(folder / "book.xlsx"),
    ]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_attack_would_work_on_a_program_that_is_not_isolated(folder, tmp_path):
    copy = tmp_path / "openpyxl.py"
    copy.write_text(PLANTED.format(folder=tmp_path))
    subprocess.run([sys.executable, "-c", "import openpyxl"], cwd=tmp_path, check=True)
    assert (tmp_path / "planted-openpyxl").exists()


def test_nothing_that_was_planted_runs(folder, told):
    assert not list(folder.glob("planted*"))
    assert not [origin for origin in told["modules"] if origin.startswith(str(folder))]


def test_the_search_path_and_the_environment_stay_as_they_are(told):
    assert told["path"] == []
    assert told["environment"] == []


def test_no_network_no_program_and_no_pickle(told):
    assert [event for event in told["seen"] if not event.startswith("write ")] == []


def test_files_are_written_in_the_users_own_folder_only(folder, told):
    written = {event.removeprefix("write ") for event in told["seen"] if event.startswith("write ")}
    assert written
    assert not {path for path in written if not path.startswith((str(folder / "home"), "/dev/null"))}


def test_every_hostile_text_gets_an_answer(told):
    assert len(told["answers"]) > 300
    assert {code for _, code, _ in told["answers"]} <= {0, 2015, 2036, 2042}
    assert not [answer for answer in told["answers"] if "Traceback" in answer[2]]


def test_every_command_gets_an_answer(told):
    assert len(told["replies"]) >= 14
    assert {kind for kind, _ in told["replies"].values()} <= {"done", "show", "problem"}
    assert told["replies"]["run_all"][0] == "done", told["replies"]["run_all"]


def test_the_log_holds_no_text_of_a_cell(folder, told):
    logs = [path.read_text(encoding="utf-8") for path in (folder / "home").rglob("*.log*")]
    assert logs
    for log in logs:
        assert SECRET not in log
        assert "__import__" not in log
        assert "cmd|" not in log


@pytest.mark.parametrize("arguments", [("-m", "klantwaarde_addin", "doctor"), ("-m", "klantwaarde", "--help")])
def test_the_entry_points_ignore_the_folder_they_start_in(folder, arguments):
    done = subprocess.run(
        [sys.executable, "-I", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1)
    assert done.stdout
    assert not list(folder.glob("planted*"))
