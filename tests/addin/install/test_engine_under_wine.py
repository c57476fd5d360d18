"""The whole engine on a real Python for Windows: functions with ranges, commands and files, asked over COM by a script.

Wine 8 lacks a function that numpy 2.2 and later call when they are imported, so an older numpy takes the place of the pinned
one here. The packages are about 40 MB: this runs where ``KLANTWAARDE_WINE_FULL`` is set.
"""

import os
import shutil

import pytest

from addin.install.windows import Windows, windows_path
from klantwaarde import __version__
from klantwaarde_addin.build.windows_runtime import assemble, install_packages, locked_requirements
from klantwaarde_addin.build.xlam import write_addins
from klantwaarde_addin.registration import CLSID

pytestmark = pytest.mark.skipif(
    "KLANTWAARDE_WINE_FULL" not in os.environ, reason="downloads 40 MB; set KLANTWAARDE_WINE_FULL"
)

CLIENT = """
Dim engine, answer, column(2,0), costs(9999,0), row, command
Set engine = CreateObject("Klantwaarde.Engine")
WScript.Echo engine.Version()
name = "capacity_rate" : given = Array(1000.0, 500.0) : is1904 = False ' variables, which VBA too hands over by reference
answer = engine.Call(name, given, is1904)
WScript.Echo answer(0) & "|" & answer(1)
column(0,0) = 10.0 : column(1,0) = 20.0 : column(2,0) = 30.0
answer = engine.Call("abc_class", Array(column), False)
WScript.Echo answer(0) & "|" & UBound(answer(1), 1) & "|" & UBound(answer(1), 2) & "|" & answer(1)(0,0) & answer(1)(1,0) & answer(1)(2,0)
answer = engine.Call("capacity_rate", Array("Bakkerij Geheim", 500.0), False)
WScript.Echo answer(0) & "|" & answer(1)
For row = 0 To 9999 : costs(row,0) = row + 1.0 : Next
answer = engine.Call("capacity_rate", Array(costs, 2.0), False)
WScript.Echo answer(0) & "|" & UBound(answer(1), 1) & "|" & answer(1)(9999,0)
For Each command In Array("run_all", "help_page", "load_example", "doctor")
answer = engine.Run(command, Nothing, Nothing)
WScript.Echo answer(0) & "|" & answer(2) & "|" & answer(3)
Next
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What the script printed, the log, and the Windows it ran on."""
    folder = tmp_path_factory.mktemp("full")
    stage = folder / "python"
    assemble(stage, locked_requirements(folder / "locked.txt"), write_addins(folder))
    packages = stage / "Lib" / "site-packages"
    for path in packages.glob("numpy*"):
        shutil.rmtree(path)
    install_packages(packages, "--only-binary", ":all:", "numpy==2.1.3")
    assert not (packages / "xlwings" / "pro").exists()
    windows = Windows(folder / "prefix", folder)
    client = folder / "client.vbs"
    client.write_text(CLIENT)
    try:
        windows.run(
            stage / "python.exe", "-I", "-m", "klantwaarde_addin", "install", "--lang", "nl", "--without-start-test"
        )
        for key in (rf"CLSID\{CLSID}", "Klantwaarde.Engine"):
            windows.run("reg", "copy", rf"HKCU\Software\Classes\{key}", rf"HKLM\Software\Classes\{key}", "/s", "/f")
        lines = windows.run("cscript.exe", windows_path(client), seconds=300).stdout.decode("cp437").splitlines()
    finally:
        windows.end()
    return lines, windows.profile / "AppData" / "Local" / "Klantwaarde"


def test_functions_take_and_give_values_and_ranges(said):
    lines, _ = said
    assert lines[0] == __version__
    assert lines[1] == "0|2"
    assert lines[2] == "0|2|0|BAA"
    assert lines[4] == "0|9999|5000"


def test_a_text_where_a_number_belongs_is_a_sentence_for_the_user_only(said):
    lines, home = said
    code, sentence = lines[3].split("|")
    assert code == "2015"
    assert sentence.startswith("cost: ")
    assert "Geheim" not in (home / "klantwaarde.log").read_text()


def test_commands_answer_and_make_files_in_the_users_folder(said):
    lines, home = said
    run_all, help_page, example, doctor = (line.split("|") for line in lines[5:])
    assert run_all[0] == "problem"  # no workbook is open
    assert help_page[0] == "done"
    assert example[0] == "done"
    assert doctor[0] == "show"
    written = {path.name for path in (home / "scratch").rglob("*")}
    assert example[1].rsplit("\\", 1)[-1] in written
    assert help_page[2].rsplit("\\", 1)[-1] in written
