"""Cell values as the Excel hosts hand them over, and text as they must be given it.

Over COM every number is a float, an error is an integer and a date a ``datetime``; a currency cell may come as a
``Decimal``. The remote engine gives JSON: dates and errors as text, blanks as ``""``.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

import numpy as np

from klantwaarde.tables.raw import Kind, RawColumn
from klantwaarde_addin.excel_errors import ERROR_VALUES

_ERROR_TEXTS: Final = frozenset(ERROR_VALUES.values())
_EPOCH: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - cells have no zone
_REMOTE_DATE: Final = re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_LOGICAL: Final = frozenset(  # words that an Excel of some language reads as TRUE or FALSE
    [
        "true",
        "false",
        "waar",
        "onwaar",
        "wahr",
        "falsch",
        "vrai",
        "faux",
        "verdadero",
        "falso",
        "verdadeiro",
        "vero",
        "sant",
        "falskt",
        "sand",
        "falsk",
        "usann",
        "sann",
        "tosi",
        "epätosi",
        "prawda",
        "fałsz",
        "igaz",
        "hamis",
        "pravda",
        "nepravda",
        "doğru",
        "yanliş",
        "yanlış",
        "adevărat",
        "fals",
        "истина",
        "ложь",
    ]
)


def raw_column(values: Sequence[object], *, remote: bool) -> RawColumn:
    """One column of cells, top to bottom.

    Args:
        values: As ``Range.raw_value`` gives them.
        remote: Whether they come from xlwings' remote engine.
    """
    kinds_found = set(map(type, values))
    if kinds_found <= {float, type(None)}:
        numbers = np.array(values, dtype=np.float64)
        blank = (
            np.array([value is None for value in values]) if type(None) in kinds_found else np.zeros(len(values), bool)
        )
        return RawColumn(np.where(blank, np.uint8(Kind.BLANK), np.uint8(Kind.NUMBER)).astype(np.uint8), numbers)
    read = _remote_cell if remote else _com_cell
    cells = [read(value) for value in values]
    kinds = np.array([cell[0] for cell in cells], dtype=np.uint8)
    numbers = np.array([cell[1] for cell in cells], dtype=np.float64)
    texts = None
    if bool(np.isin(kinds, (Kind.TEXT, Kind.ERROR)).any()):
        texts = np.empty(len(cells), dtype=object)
        texts[:] = [cell[2] for cell in cells]
    return RawColumn(kinds, numbers, texts)


Cell = tuple[int, float, str | None]
_NONE: Final = float("nan")
_BLANK: Final[Cell] = (Kind.BLANK, _NONE, None)


def _com_cell(value: Any) -> Cell:  # noqa: PLR0911 - one line per kind of cell
    """A cell over COM."""
    if isinstance(value, float):
        return (Kind.NUMBER, value, None)
    if isinstance(value, str):
        return (Kind.TEXT, _NONE, value) if value else _BLANK
    if value is None:
        return _BLANK
    if isinstance(value, bool):
        return (Kind.BOOL, float(value), None)
    if isinstance(value, int):  # COM hands numbers over as doubles: an integer is an error code, known or not
        return (Kind.ERROR, _NONE, ERROR_VALUES.get(value, "#?"))
    if isinstance(value, dt.datetime):
        return (Kind.DATE, _serial(value), None)
    if isinstance(value, Decimal):
        return (Kind.NUMBER, float(value), None)
    return (Kind.TEXT, _NONE, str(value))


def _remote_cell(value: Any) -> Cell:  # noqa: PLR0911 - one line per kind of cell
    """A cell from the remote engine's JSON."""
    if value is None or value == "":
        return _BLANK
    if isinstance(value, bool):
        return (Kind.BOOL, float(value), None)
    if isinstance(value, int | float):
        return (Kind.NUMBER, float(value), None)
    if isinstance(value, dt.datetime):
        return (Kind.DATE, _serial(value), None)
    text = str(value)
    if text in _ERROR_TEXTS:
        return (Kind.ERROR, _NONE, text)
    if _REMOTE_DATE.fullmatch(text):
        return (Kind.DATE, _serial(dt.datetime.fromisoformat(text[:-1])), None)
    return (Kind.TEXT, _NONE, text)


def _serial(moment: dt.datetime) -> float:
    """Days since 1899-12-30, the serial number of the 1900 date system."""
    span = moment.replace(tzinfo=None) - _EPOCH
    return span.days + span.seconds / 86_400


def literal(text: str) -> str:
    """Text as a live cell must be given it, so that Excel keeps it as text.

    Excel reads what it is given as if somebody typed it: ``=2+5`` would become a formula, ``0123`` a number, ``1-2``
    a date. An apostrophe in front makes it text and does not show. Words that Excel cannot take for anything else go
    without.
    """
    return text if _is_inert(text) else f"'{text}"


def _is_inert(text: str) -> bool:
    return text[:1].isalpha() and not any(map(str.isnumeric, text)) and text.casefold() not in _LOGICAL


def literals(rows: Iterable[Sequence[object]]) -> list[list[object]]:
    """Rows of cells with every text made literal."""
    return [[literal(value) if isinstance(value, str) and value else value for value in row] for row in rows]
