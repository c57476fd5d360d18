"""A Windows computer that exists only in a folder and a dictionary."""

from dataclasses import replace
from pathlib import Path

from klantwaarde_addin.machine import Machine
from klantwaarde_addin.pins import pinned

EXCEL = r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE"
EXCEL_KEY = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"


class FakeRegistry:
    """Values by (key, name), compared without regard to case, as Windows does."""

    def __init__(self, values=None, denied=()):
        self.values = dict(values or {})
        self.denied = tuple(denied)

    def read(self, key, name=""):
        wanted = (key.casefold(), name.casefold())
        return next((value for (k, n), value in self.values.items() if (k.casefold(), n.casefold()) == wanted), None)

    def write(self, key, name, value):
        if any(part in key for part in self.denied):
            raise PermissionError(13, "access denied")
        self.values[key, name] = value

    def remove_value(self, key, name):
        self.values.pop((key, name), None)

    def remove_tree(self, key):
        self.values = {
            place: value
            for place, value in self.values.items()
            if place[0] != key and not place[0].startswith(key + "\\")
        }


def windows_machine(folder: Path, **changes) -> Machine:
    """A computer with Excel on which nothing of ours is installed."""
    interpreter = folder / "local" / "Klantwaarde" / "python" / "pythonw.exe"
    shipped = folder / "package"
    for file in (interpreter, shipped / "klantwaarde_nl.xlam", shipped / "klantwaarde_en.xlam"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(file.name.encode())
    machine = Machine(
        registry=FakeRegistry(
            {
                (EXCEL_KEY, ""): EXCEL,
                (
                    r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules",
                    "d4f940ab-401b-4efc-aadc-ad5f3c50688a",
                ): "0",
            }
        ),
        roaming=folder / "roaming",
        home=folder / "local" / "Klantwaarde",
        shipped=shipped,
        interpreter=interpreter,
        user="jansen",
        is_windows=True,
        is_elevated=False,
        versions={"klantwaarde": "0.1.0", "xlwings": pinned("xlwings"), "pywin32": "312"},
        start_engine=lambda: "0.1.0",
    )
    return replace(machine, **changes)


def everything(machine: Machine) -> tuple[set[str], dict]:
    """Every file and every registry value, to compare before and after."""
    roots = (machine.roaming, machine.home)
    files = {f"{path}={path.read_bytes()!r}" for root in roots for path in root.rglob("*") if path.is_file()}
    return files, dict(machine.registry.values)
