"""The setup program, run for real: Wine, a real Python for Windows, real pywin32, a script that asks COM for the engine.

The story is told once; each test looks at one part of it. Only pywin32 of the packages is in this setup program: the others
make it seven times as large and add nothing to what is shown here.
"""

import json
import shutil
import time

import pytest

from addin.install.windows import USER, Windows, wait_until, windows_path
from klantwaarde import __version__
from klantwaarde_addin.build.installer import build_installer
from klantwaarde_addin.build.windows_runtime import assemble, locked_requirements
from klantwaarde_addin.registration import CLSID

CLIENT = """
Set engine = CreateObject("Klantwaarde.Engine")
WScript.Echo engine.Version()
name = "__import__('os').system('echo')" : given = Array(1, Empty, "x") : is1904 = False ' variables, which VBA too hands over by reference
answer = engine.Call(name, given, is1904)
WScript.Echo UBound(answer) & "|" & answer(0) & "|" & answer(1)
answer = engine.Run("os.system", Nothing, Nothing)
WScript.Echo UBound(answer) & "|" & answer(0) & "|" & answer(1)
On Error Resume Next
engine.Eval "1+1"
WScript.Echo "Eval " & Err.Number
"""
PLANTED = (
    "klantwaarde",
    "klantwaarde_addin",
    "win32api",
    "pythoncom",
    "pywintypes",
    "sitecustomize",
    "usercustomize",
    "json",
    "argparse",
    "openpyxl",
)
HOLD = "import sys; held = open(sys.argv[1], 'rb'); print('held', flush=True); sys.stdin.readline()"


class Story:
    """What happened on one Windows, step by step: exit codes, texts, times, files and registry after each step."""

    def __init__(self, windows, setup):
        self.windows, self.setup = windows, setup
        self.home = windows.profile / "AppData" / "Local" / "Klantwaarde"
        self.xlstart = windows.profile / "AppData" / "Roaming" / "Microsoft" / "Excel" / "XLSTART"
        self.python, self.log = self.home / "python" / "python.exe", self.home / "klantwaarde.log"
        self.codes, self.texts, self.seconds, self.files, self.keys = {}, {}, {}, {}, {}

    def look(self, step):
        classes, uninstall = r"HKCU\Software\Classes", r"HKCU\Software\Microsoft\Windows\CurrentVersion"
        self.files[step] = self.windows.files()
        self.keys[step] = self.windows.registry(classes) + self.windows.registry(uninstall)

    def do(self, step, *command):
        begun = time.monotonic()
        done = self.windows.run(*command)
        self.seconds[step] = time.monotonic() - begun
        self.codes[step], self.texts[step] = done.returncode, done.stdout.decode("utf-8", "replace")

    def refuse(self):
        """Where Excel's folder should be is a file."""
        self.xlstart.parent.mkdir(parents=True)
        self.xlstart.write_text("a file where Excel has a folder")
        self.look("before")
        self.do("refused", self.setup, "/S")
        self.look("refused")
        self.xlstart.unlink()
        self.xlstart.mkdir()

    def install(self):
        self.look("clean")
        self.do("installed", self.setup, "/S")
        self.look("installed")
        self.texts["settings"] = (self.home / "klantwaarde.toml").read_text()
        self.texts["addin"] = (self.xlstart / "klantwaarde.xlam").read_bytes()
        for key in (rf"CLSID\{CLSID}", "Klantwaarde.Engine"):  # Wine 8 looks for COM classes of the whole computer only
            self.windows.run(
                "reg", "copy", rf"HKCU\Software\Classes\{key}", rf"HKLM\Software\Classes\{key}", "/s", "/f"
            )

    def ask(self, client):
        self.do("asked", "cscript.exe", windows_path(client))
        wait_until(self.is_quiet)
        self.texts["log"] = self.log.read_text()
        self.do("doctor", self.python, "-I", "-m", "klantwaarde_addin", "doctor", "--json", "--lang", "en")
        wait_until(self.is_quiet)

    def is_quiet(self):
        lines = self.log.read_text()
        return lines.count("started") == lines.count("engine stopped") > 0

    def stay(self):
        server = ("-I", "-m", "klantwaarde_addin.com_server")
        resident = self.windows.start(self.python, *server, "--resident")
        wait_until(lambda: "resident" in self.log.read_text())
        self.do("resident again", self.python, *server, "--resident")
        self.codes["resident alive"] = resident.poll()
        self.do("stop", self.python, *server, "--stop")
        resident.communicate(timeout=20)
        self.codes["resident"] = resident.returncode

    def hold(self, other_python):
        """Another program on this computer holds the add-in, as Excel does."""
        holder = self.windows.start(other_python, "-I", "-c", HOLD, windows_path(self.xlstart / "klantwaarde.xlam"))
        assert holder.stdout.readline().strip() == b"held"
        self.do("removing while held", self.python, "-I", "-m", "klantwaarde_addin", "uninstall", "--lang", "en")
        self.do("setup while held", self.setup, "/S")
        self.look("held")
        holder.communicate(b"done")

    def remove(self):
        self.do("removed", self.home / "uninstall.exe", "/S")
        wait_until(lambda: not self.home.exists())
        self.look("removed")


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
    hostile = folder / "beside the workbook"
    hostile.mkdir()
    for name in PLANTED:
        (hostile / f"{name}.py").write_text("import pathlib; pathlib.Path(__file__).with_suffix('.ran').write_text('')")
    windows = Windows(folder / "prefix", hostile)
    client = folder / "client.vbs"
    client.write_text(CLIENT)
    told = Story(windows, setup)
    try:
        told.refuse()
        told.install()
        told.ask(client)
        told.stay()
        told.hold(shutil.copytree(setup.parent / "python", folder / "other") / "python.exe")
        told.remove()
    finally:
        windows.end()
    return told


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


def test_code_beside_the_workbook_never_runs(story):
    assert len(list(story.windows.current.glob("*.py"))) == len(PLANTED)
    assert not list(story.windows.current.glob("*.ran"))


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


def test_while_another_program_holds_the_add_in_everything_stays_as_it_was(story):
    assert story.codes["removing while held"] == 3
    assert story.codes["setup while held"] == 2
    assert not story.files["installed"].keys() - story.files["held"].keys()
    assert not any("python.old" in path for path in story.files["held"])
    assert story.keys["held"] == story.keys["installed"]


def test_removing_leaves_the_computer_as_it_was(story):
    assert story.codes["removed"] == 0
    assert not new(story, "removed", "clean")
    assert "Klantwaarde" not in story.keys["removed"]
    assert CLSID not in story.keys["removed"]


def test_the_interpreter_is_complete_and_looks_nowhere_else(setup):
    python = setup.parent / "python"
    assert (python / "python313._pth").read_text().splitlines() == ["python313.zip", ".", "import site"]
    packages = python / "Lib" / "site-packages"
    assert {path.name for path in (packages / "klantwaarde_addin" / "files").iterdir()} == {
        "klantwaarde_nl.xlam",
        "klantwaarde_en.xlam",
    }
    assert (
        packages / "win32com" / "gen_py" / "__init__.py"
    ).exists()  # else in the folder for temporary files, where anyone may put code
    assert not (packages / "pythonwin").exists()
    assert not list(python.rglob("__pycache__"))


def test_two_builds_of_the_setup_program_are_equal(setup, tmp_path):
    shutil.copytree(setup.parent / "python", tmp_path / "python")
    assert (
        build_installer(tmp_path / "python", tmp_path / "again.exe", is_small=False).read_bytes() == setup.read_bytes()
    )
