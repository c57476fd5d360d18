"""The computer as installing and examining see it: registry, folders, versions. Tests hand in one of their own."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final, Protocol

from klantwaarde_addin.registration import PROGID
from klantwaarde_addin.userfile import SETTINGS_NAME, folder

if sys.platform == "win32":
    import ctypes
    import winreg

    import win32com.client

ADDIN_NAME: Final = "klantwaarde.xlam"
SHIPPED: Final = (
    Path(__file__).parent / "files"
)  # klantwaarde_nl.xlam and klantwaarde_en.xlam, put there when the package is built


class Registry(Protocol):
    """The Windows registry; keys start with ``HKCU\\`` or ``HKLM\\``, the empty name is a key's default value."""

    def read(self, key: str, name: str = "") -> str | int | None:
        """A text or number; None when it is not there or may not be read."""

    def write(self, key: str, name: str, value: str) -> None:
        """Set a text, and make the key when needed."""

    def remove_value(self, key: str, name: str) -> None:
        """Remove one value, if it is there."""

    def remove_tree(self, key: str) -> None:
        """Remove a key with all that is under it, if it is there."""


@dataclass(frozen=True, slots=True)
class Machine:
    """One user on one computer.

    Attributes:
        registry: Where COM and Office look.
        roaming: ``%APPDATA%``.
        home: The folder of Klantwaarde: settings, log and, when the installer made it, Python.
        shipped: The folder with the add-in files of this package.
        interpreter: The ``pythonw.exe`` that runs the engine.
        user: The name of the user's profile folder.
        is_windows: Whether desktop Excel for Windows can be here at all.
        is_elevated: Whether this process has administrator rights.
        versions: The packages that must match, by name; a missing one is not in it.
        start_engine: Starts the engine as Excel does; returns its version.
    """

    registry: Registry
    roaming: Path
    home: Path
    shipped: Path
    interpreter: Path
    user: str
    is_windows: bool
    is_elevated: bool
    versions: Mapping[str, str]
    start_engine: Callable[[], str]

    @property
    def xlstart(self) -> Path:
        """The folder whose add-ins Excel opens at every start, and trusts."""
        return self.roaming / "Microsoft" / "Excel" / "XLSTART"

    @property
    def addin(self) -> Path:
        return self.xlstart / ADDIN_NAME

    @property
    def settings_file(self) -> Path:
        return self.home / SETTINGS_NAME

    def shipped_addin(self, language: str) -> Path:
        """The add-in of this package in one language."""
        return self.shipped / f"klantwaarde_{language}.xlam"


def mark_of_the_web(path: Path) -> Path:
    """The stream in which Windows notes that a file came from the internet; it need not exist."""
    return path.with_name(f"{path.name}:Zone.Identifier")


def this_machine() -> Machine:
    """The computer that this process runs on."""
    home = folder()
    profile = Path(os.environ.get("USERPROFILE") or Path.home())
    return Machine(
        registry=_registry(),
        roaming=Path(os.environ.get("APPDATA") or home),
        home=home,
        shipped=SHIPPED,
        interpreter=Path(sys.executable).with_name("pythonw.exe"),
        user=profile.name,
        is_windows=sys.platform == "win32",
        is_elevated=_is_elevated(),
        versions=_versions("klantwaarde", "xlwings", "pywin32"),
        start_engine=_start_engine,
    )


def _versions(*packages: str) -> dict[str, str]:
    found = {}
    for package in packages:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


if sys.platform == "win32":
    _HIVES: Final = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}
    _ALL_64_BIT: Final = winreg.KEY_READ | winreg.KEY_WOW64_64KEY

    class WindowsRegistry:
        """The registry of this computer, as a 64-bit process sees it."""

        def read(self, key: str, name: str = "") -> str | int | None:
            """See :class:`Registry`."""
            hive, path = key.split("\\", 1)
            try:
                with winreg.OpenKey(_HIVES[hive], path, access=_ALL_64_BIT) as opened:
                    value, _ = winreg.QueryValueEx(opened, name)
            except OSError:
                return None
            return value if isinstance(value, (str, int)) else None

        def write(self, key: str, name: str, value: str) -> None:
            """See :class:`Registry`."""
            hive, path = key.split("\\", 1)
            with winreg.CreateKey(_HIVES[hive], path) as opened:
                winreg.SetValueEx(opened, name, 0, winreg.REG_SZ, value)

        def remove_value(self, key: str, name: str) -> None:
            """See :class:`Registry`."""
            hive, path = key.split("\\", 1)
            try:
                with winreg.OpenKey(_HIVES[hive], path, access=winreg.KEY_SET_VALUE) as opened:
                    winreg.DeleteValue(opened, name)
            except FileNotFoundError:
                return

        def remove_tree(self, key: str) -> None:
            """See :class:`Registry`."""
            hive, path = key.split("\\", 1)
            try:
                with winreg.OpenKey(_HIVES[hive], path) as opened:
                    below = [winreg.EnumKey(opened, number) for number in range(winreg.QueryInfoKey(opened)[0])]
            except FileNotFoundError:
                return
            for name in below:
                self.remove_tree(rf"{key}\{name}")
            winreg.DeleteKey(_HIVES[hive], path)

    def _registry() -> Registry:
        return WindowsRegistry()

    def _is_elevated() -> bool:
        return bool(ctypes.windll.shell32.IsUserAnAdmin())

    def _start_engine() -> str:
        return str(win32com.client.Dispatch(PROGID).Version())

else:

    class NoRegistry:
        """What other systems have: nothing to read, nowhere to write."""

        def read(self, key: str, name: str = "") -> str | int | None:  # noqa: ARG002
            """See :class:`Registry`."""
            return None

        def write(self, key: str, name: str, value: str) -> None:
            """See :class:`Registry`."""
            raise OSError(f"{key} {name} {value}: this computer has no Windows registry")

        def remove_value(self, key: str, name: str) -> None:
            """See :class:`Registry`."""

        def remove_tree(self, key: str) -> None:
            """See :class:`Registry`."""

    def _registry() -> Registry:
        return NoRegistry()

    def _is_elevated() -> bool:
        return False

    def _start_engine() -> str:
        raise OSError(f"{PROGID} needs Windows")
