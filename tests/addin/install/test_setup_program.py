"""The setup program, run for real: Wine, a real Python for Windows, real pywin32, a script that asks COM for the engine.

The story is told once; each test looks at one part of it. Only pywin32 of the packages is in this setup program: the others
make it seven times as large and add nothing to what is shown here.
"""

import json
import shutil
import time
from dataclasses import dataclass, field

import pytest
from klantwaarde_addin.build.installer import build_installer
from klantwaarde_addin.build.windows_runtime import assemble, locked_requirements
from klantwaarde_addin.registration import CLSID

from addin.install.windows import USER, Windows, wait_until, windows_path
from klantwaarde import __version__

CLIENT = """
Set engine = CreateObject("Klantwaarde.Engine")
WScript.Echo engine.Version()
answer = engine.Call("__import__('os').system('echo')", Array(1, Empty, "x"), False)
WScript.Echo UBound(answer) & "|" & answer(0) & "|" & answer(1)
answer = engine.Run("os.system", Nothing, Nothing)
WScript.Echo UBound(answer) & "|" & answer(0) & "|" & answer(1)
On Error Resume Next
engine.Eval "1+1"
WScript.Echo "Eval " & Err.Number
"""
HOLD = "import sys; held = open(sys.argv[1], 'rb'); print('held', flush=True); sys.stdin.readline()"


@dataclass
class Story:
    """What happened, step by step."""

    codes: dict = field(default_factory=dict)
    files: dict = field(default_factory=dict)
    keys: dict = field(default_factory=dict)
    texts: dict = field(default_factory=dict)
    seconds: dict = field(default_factory=dict)


@pytest.fixture(scope="module")
def setup(tmp_path_factory):
    """The setup program with pywin32 only."""
    folder = tmp_path_factory.mktemp("setup")
    addins = [folder / f"klantwaarde_{language}.xlam" for language in ("nl", "en")]
    for addin in addins:
        addin.write_bytes(addin.name.encode())
    locked = locked_requirements(folder / "locked.txt").read_text(encoding="utf-8")
    start = locked.index("pywin32==")
    requirements = folder / "requirements.txt"
    requirements.write_text(locked[start : locked.index("# via", start)], encoding="utf-8")
    assemble(folder / "python", requirements, addins)
    return build_installer(folder / "python", folder / "setup.exe", is_small=False)


@pytest.fixture(scope="module")
def story(setup, tmp_path_factory):
    folder = tmp_path_factory.mktemp("wine")
    windows = Windows(folder / "prefix")
    told = Story()
    try:
        tell(told, windows, setup, folder)
    finally:
        windows.end()
    return told


def tell(told, windows, setup, folder):
    home = windows.profile / "AppData" / "Local" / "Klantwaarde"
    xlstart = windows.profile / "AppData" / "Roaming" / "Microsoft" / "Excel" / "XLSTART"
    xlstart.parent.mkdir(parents=True)

    def note(step, *command):
        begun = time.monotonic()
        done = windows.run(*command)
        told.seconds[step] = time.monotonic() - begun
        told.codes[step] = done.returncode
        told.texts[step] = done.stdout.decode("utf-8", "replace")
        told.files[step] = windows.files()

    def keys(step):
        told.keys[step] = windows.registry(r"HKCU\Software\Classes") + windows.registry(
            r"HKCU\Software\Microsoft\Windows\CurrentVersion"
        )

    xlstart.write_text("a file where Excel has a folder")
    told.files["before"] = windows.files()
    keys("before")
    note("refused", setup, "/S")
    keys("refused")
    xlstart.unlink()
    xlstart.mkdir()

    told.files["clean"] = windows.files()
    note("installed", setup, "/S")
    keys("installed")
    told.texts["settings"] = (home / "klantwaarde.toml").read_text()
    told.texts["addin"] = (xlstart / "klantwaarde.xlam").read_bytes()

    for key in (rf"CLSID\{CLSID}", "Klantwaarde.Engine"):  # Wine 8 looks for COM classes of the whole computer only
        windows.run("reg", "copy", rf"HKCU\Software\Classes\{key}", rf"HKLM\Software\Classes\{key}", "/s", "/f")
    client = folder / "client.vbs"
    client.write_text(CLIENT)
    note("asked", "cscript.exe", windows_path(client))
    log = home / "klantwaarde.log"
    wait_until(lambda: "engine stopped" in log.read_text())
    told.texts["log"] = log.read_text()
    python = home / "python" / "python.exe"
    note("doctor", python, "-I", "-m", "klantwaarde_addin", "doctor", "--json", "--lang", "en")
    wait_until(lambda: log.read_text().count("engine stopped") == log.read_text().count("started"))

    resident = windows.start(python, "-I", "-m", "klantwaarde_addin.com_server", "--resident")
    wait_until(lambda: "resident" in log.read_text())
    note("resident again", python, "-I", "-m", "klantwaarde_addin.com_server", "--resident")
    told.codes["resident alive"] = resident.poll()
    note("stop", python, "-I", "-m", "klantwaarde_addin.com_server", "--stop")
    resident.communicate(timeout=20)
    told.codes["resident"] = resident.returncode

    other = folder / "other"  # another program on this computer holds the add-in, as Excel does
    shutil.copytree(setup.parent / "python", other)
    holder = windows.start(other / "python.exe", "-I", "-c", HOLD, windows_path(xlstart / "klantwaarde.xlam"))
    assert holder.stdout.readline().strip() == b"held"
    note("while held", python, "-I", "-m", "klantwaarde_addin", "uninstall", "--lang", "en")
    note("setup while held", setup, "/S")
    holder.communicate(b"done")
    note("again", setup, "/S")
    keys("again")
    note("removed", home / "uninstall.exe", "/S")
    wait_until(lambda: not home.exists())
    told.files["removed"] = windows.files()
    keys("removed")


def new(told, step, since):
    """Files that are there since an earlier step; the folder for temporary files aside, which Windows sweeps."""
    return {path for path in told.files[step].keys() - told.files[since].keys() if not path.startswith("Temp/")}


def test_a_setup_that_cannot_finish_says_so_and_leaves_nothing(story):
    assert story.codes["refused"] == 2
    assert not new(story, "refused", "before")
    assert story.keys["refused"] == story.keys["before"]


def test_a_silent_setup_needs_no_rights_and_no_python(story):
    assert story.codes["installed"] == 0
    files = new(story, "installed", "clean")
    outside = {path for path in files if not path.startswith("AppData/Local/Klantwaarde")}
    assert outside == {"AppData/Roaming/Microsoft/Excel/XLSTART/klantwaarde.xlam"}
    assert "AppData/Local/Klantwaarde/python/pythonw.exe" in files
    assert "AppData/Local/Klantwaarde/uninstall.exe" in files
    assert story.texts["addin"] in (b"klantwaarde_nl.xlam", b"klantwaarde_en.xlam")
    assert story.texts["settings"].splitlines()[1] == 'log_level = "info"'


def test_com_is_registered_for_this_user(story):
    text = story.keys["installed"]
    command = (
        rf'"\"C:\\users\\{USER}\\AppData\\Local\\Klantwaarde\\python\\pythonw.exe\" -I -m klantwaarde_addin.com_server"'
    )
    assert text.count(command) == 2
    assert rf"[HKEY_CURRENT_USER\Software\Classes\CLSID\{CLSID}\LocalServer32]" in text
    assert rf"[HKEY_CURRENT_USER\Software\Classes\Wow6432Node\CLSID\{CLSID}\LocalServer32]" in text
    assert f'"DisplayVersion"="{__version__}"' in text


def test_a_script_gets_answers_from_the_engine_and_nothing_else(story):
    version, call, run, evaluated = story.texts["asked"].splitlines()
    assert version == __version__
    assert call.split("|")[:2] == ["1", "2015"]
    assert run.split("|")[:2] == ["3", "problem"]
    assert "Traceback" not in call + run
    assert evaluated == "Eval 438"  # the object has no such method


def test_the_engine_ends_when_the_last_one_lets_go(story):
    lines = story.texts["log"].splitlines()
    assert "started" in lines[0]
    assert lines[-1].endswith("engine stopped")


def test_the_doctor_sees_the_real_registry_and_starts_the_real_engine(story):
    findings = {finding["id"]: finding for finding in json.loads(story.texts["doctor"])["findings"]}
    assert story.codes["doctor"] == 1
    assert findings["excel"]["verdict"] == "problem"  # Wine has no Excel
    assert findings["registration"]["verdict"] == "ok"
    assert findings["addin"]["verdict"] == "ok"
    assert findings["mark"]["verdict"] in ("ok", "unknown")
    assert findings["start"]["verdict"] == "ok", findings["start"]


def test_a_resident_engine_is_alone_and_ends_when_asked(story):
    assert story.codes["resident again"] == 0
    assert story.seconds["resident again"] < 10
    assert story.codes["resident alive"] is None
    assert story.codes["stop"] == 0
    assert story.codes["resident"] == 0


def test_nothing_is_removed_while_another_program_holds_the_add_in(story):
    assert story.codes["while held"] == 3
    assert story.codes["setup while held"] == 2
    assert story.files["setup while held"].keys() >= story.files["while held"].keys()
    assert "AppData/Local/Klantwaarde/klantwaarde.toml" in story.files["while held"]
    assert "AppData/Roaming/Microsoft/Excel/XLSTART/klantwaarde.xlam" in story.files["while held"]


def test_setup_over_an_installation_repairs_it(story):
    assert story.codes["again"] == 0
    assert story.keys["again"] == story.keys["installed"]
    assert not any("python.old" in path for path in story.files["again"])


def test_removing_leaves_the_computer_as_it_was(story):
    assert story.codes["removed"] == 0
    assert not new(story, "removed", "clean")
    assert "Klantwaarde" not in story.keys["removed"]
    assert CLSID not in story.keys["removed"]


def test_two_builds_of_the_setup_program_are_equal(setup, tmp_path):
    shutil.copytree(setup.parent / "python", tmp_path / "python")
    assert (
        build_installer(tmp_path / "python", tmp_path / "again.exe", is_small=False).read_bytes() == setup.read_bytes()
    )
