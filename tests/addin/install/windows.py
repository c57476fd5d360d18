"""A Windows user under Wine, in a folder of its own: runs programs, reads the registry, compares before and after."""

import os
import shutil
import subprocess
import time
from pathlib import Path

WINE = "/usr/lib/wine/wine64"
USER = "Zoë Jansen"  # a blank and a letter outside plain ASCII, as in real profiles


class Windows:
    """One Wine prefix. Wine's own services that need a screen, .NET or a browser are switched off.

    Every program starts in the folder ``current``, and is told to import from there.
    """

    def __init__(self, folder: Path, current: Path):
        if not Path(WINE).exists() or not shutil.which("makensis"):
            raise RuntimeError("the Debian packages wine, wine64 and nsis are needed: apt-get install nsis wine wine64")
        self.folder, self.current = folder, current
        off = "wbemprox=;mscoree=;mshtml=;winemenubuilder.exe="
        self.environment = os.environ | {
            "WINEPREFIX": str(folder),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": off,
            "USER": USER,
            "HOME": str(folder.parent),
        }
        self.environment.pop("DISPLAY", None)
        self.run("wineboot", "-i")
        self.run("reg", "add", r"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f")

    @property
    def profile(self) -> Path:
        return self.folder / "drive_c" / "users" / USER

    def run(self, *command, seconds=100) -> subprocess.CompletedProcess:
        """Run a Windows program to its end."""
        return subprocess.run(
            [WINE, *map(str, command)],
            capture_output=True,
            check=False,
            env=self.environment,
            timeout=seconds,
            stdin=subprocess.DEVNULL,
        )

    def start(self, *command) -> subprocess.Popen:
        """Start a Windows program that stays."""
        return subprocess.Popen(
            [WINE, *map(str, command)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self.environment,
        )

    def registry(self, key: str) -> str:
        """Everything under a key, as text."""
        target = self.folder.parent / "exported.reg"
        target.unlink(missing_ok=True)
        self.run("reg", "export", key, windows_path(target), "/y")
        return target.read_text(encoding="utf-16") if target.exists() else ""

    def files(self) -> dict[str, int]:
        """Every file and folder of the user."""
        return {
            str(path.relative_to(self.profile)): path.stat().st_size if path.is_file() else 0
            for path in self.profile.rglob("*")
        }

    def end(self) -> None:
        """Stop the services of this prefix."""
        subprocess.run(["/usr/lib/wine/wineserver", "-k"], check=False, env=self.environment, capture_output=True)


def windows_path(path: Path) -> str:
    """A path of this system as Wine's programs see it."""
    return "Z:" + str(path).replace("/", "\\")


def wait_until(condition, seconds=20.0) -> bool:
    """Whether something becomes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.2)
    return False
