"""The folder of one user: settings and log. Nothing is ever configured from a workbook or from the folder it stands in."""

import os
import shutil
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Final

from klantwaarde.messages import LANGUAGES, Fault, InputError

SETTINGS_NAME: Final = "klantwaarde.toml"
LOG_NAME: Final = "klantwaarde.log"
SCRATCH_NAME: Final = "scratch"
LEVELS: Final = ("debug", "info", "warning", "error")
_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {"language": LANGUAGES, "log_level": LEVELS}


@dataclass(frozen=True, slots=True)
class UserSettings:
    """What a user may choose for this computer; the choices for a calculation stand in the workbook.

    Attributes:
        language: Of messages, ``nl`` or ``en``.
        log_level: The least serious kind of line that the log keeps.
    """

    language: str = "nl"
    log_level: str = "info"


def folder(environment: Mapping[str, str] = os.environ) -> Path:
    r"""``%LOCALAPPDATA%\Klantwaarde``; elsewhere the data folder of the XDG convention. It need not exist."""
    if sys.platform == "win32" or "LOCALAPPDATA" in environment:
        return Path(environment["LOCALAPPDATA"]) / "Klantwaarde"
    home = Path(environment.get("HOME") or Path.home())
    return Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share") / "klantwaarde"


def scratch() -> Path:
    """The folder for files that Excel opens as new books; made when it is not there."""
    place = folder() / SCRATCH_NAME
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


@cache
def settings() -> UserSettings:
    """The settings of this user, read once.

    Raises:
        InputError: the file cannot be read, or holds a key or a value that does not exist.
    """
    return read_settings(folder() / SETTINGS_NAME)


def language() -> str:
    """The language of messages: the chosen one, and Dutch when the file does not tell."""
    try:
        return settings().language
    except InputError:
        return UserSettings().language


def read_settings(path: Path) -> UserSettings:
    """Read a settings file; one that does not exist leaves every choice at its default.

    Raises:
        InputError: with every fault in the file.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return UserSettings()
    except (OSError, ValueError) as error:
        raise InputError([Fault("KW-AD-001", found=path, values={"reason": str(error)})]) from error
    faults = [fault for key, value in found.items() if (fault := _fault_of(key, value, path))]
    if faults:
        raise InputError(faults)
    return UserSettings(**found)


def _fault_of(key: str, value: object, path: Path) -> Fault | None:
    known = ", ".join(field.name for field in fields(UserSettings))
    if key not in _CHOICES:
        return Fault("KW-AD-002", found=key, values={"known": known, "file": str(path)})
    if value not in _CHOICES[key]:
        return Fault(
            "KW-AD-003", found=value, values={"key": key, "choices": ", ".join(_CHOICES[key]), "file": str(path)}
        )
    return None


def settings_text(chosen: UserSettings) -> str:
    """The content of a settings file."""
    return "".join(f'{field.name} = "{getattr(chosen, field.name)}"\n' for field in fields(UserSettings))


def purge(place: Path, *, keep_log: bool = False) -> None:
    """Remove what Klantwaarde itself wrote in a user's folder, and the folder when nothing else is in it."""
    if (place / SCRATCH_NAME).is_dir():
        shutil.rmtree(place / SCRATCH_NAME)
    for file in (*(() if keep_log else place.glob(f"{LOG_NAME}*")), place / SETTINGS_NAME):
        file.unlink(missing_ok=True)
    if place.is_dir() and not any(place.iterdir()):
        place.rmdir()
