"""The log of one user: what ran, when and how long, and where it went wrong. No names, no amounts, no texts of cells.

Whatever is logged as an exception keeps only its type and the lines of code it passed: its message may hold a cell.
"""

import logging
import time
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Final

from klantwaarde.messages import InputError
from klantwaarde_addin.userfile import LOG_NAME, UserSettings, folder, settings

LOGGER: Final = logging.getLogger("klantwaarde")
MOST_BYTES: Final = 256_000
KEPT: Final = 2  # older files beside the current one

_ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class PlacesOnly(logging.Formatter):
    """Writes an exception as its type and the places it passed, in universal time."""

    converter = staticmethod(time.gmtime)

    def formatException(self, ei: _ExceptionInfo) -> str:  # noqa: N802 - logging's own name
        kind, _, trace = ei
        places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
        return " < ".join([kind.__name__ if kind else "", *reversed(places)])


def open_journal(place: Path | None = None) -> Path | None:
    """Start writing the log of this user.

    Returns:
        The file, or None when the folder cannot be written: the add-in then works without a log.
    """
    target = (place or folder()) / LOG_NAME
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = RotatingFileHandler(target, maxBytes=MOST_BYTES, backupCount=KEPT, encoding="utf-8")
    except OSError:
        return None
    handler.setFormatter(PlacesOnly("%(asctime)sZ %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S"))
    LOGGER.addHandler(handler)
    LOGGER.propagate = False
    LOGGER.setLevel(_level().upper())
    return target


def _level() -> str:
    try:
        return settings().log_level
    except InputError:
        return UserSettings().log_level
