"""How Excel finds our engine: one COM class, registered for one user, declared once for installing, removing and examining."""

import re
from pathlib import Path, PureWindowsPath
from typing import Final

PROGID: Final = "Klantwaarde.Engine"
CLSID: Final = "{BFFD61DE-ECF7-499C-A171-85735A53E33B}"
MODULE: Final = "klantwaarde_addin.com_server"
CLASSES: Final = r"HKCU\Software\Classes"
# 32-bit Excel looks in the second place first; the server itself is the same process for both.
CLASS_KEYS: Final = (rf"{CLASSES}\CLSID\{CLSID}", rf"{CLASSES}\Wow6432Node\CLSID\{CLSID}")
SERVER_KEYS: Final = tuple(rf"{key}\LocalServer32" for key in CLASS_KEYS)
PROGID_KEY: Final = rf"{CLASSES}\{PROGID}"
OWN_KEYS: Final = (PROGID_KEY, *CLASS_KEYS)
START_KEY: Final = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run"
START_NAME: Final = "Klantwaarde"
_COMMAND: Final = re.compile(r'"(?P<interpreter>[^"]+)" -I -m ' + re.escape(MODULE))


def server_command(interpreter: Path, *, resident: bool = False) -> str:
    """The command line of the server: absolute, isolated from the environment and from the current folder."""
    return f'"{interpreter}" -I -m {MODULE}{" --resident" if resident else ""}'


def registry_values(interpreter: Path) -> dict[str, str]:
    """Every key that is written, with its default value."""
    return {
        PROGID_KEY: "Klantwaarde",
        rf"{PROGID_KEY}\CLSID": CLSID,
        **dict.fromkeys(CLASS_KEYS, "Klantwaarde"),
        **{rf"{key}\ProgID": PROGID for key in CLASS_KEYS},
        **dict.fromkeys(SERVER_KEYS, server_command(interpreter)),
    }


def registered_interpreter(command: str) -> PureWindowsPath | None:
    """The interpreter in a registered command; None when the command is not one of ours."""
    match = _COMMAND.fullmatch(command)
    return PureWindowsPath(match["interpreter"]) if match else None
