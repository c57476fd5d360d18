"""One cell at a time: is it a number, a date, a text; and when not, which fault to report.

Blank cells, error values and truth values are never numbers, and text is never read as a number or a date: it is
refused with the reading offered, so that nobody wonders later what was counted.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import isfinite, isnan

import numpy as np

from klantwaarde.messages import Fault
from klantwaarde.tables.numbers import read_numbers
from klantwaarde.tables.raw import Kind, RawColumn
from klantwaarde_addin.excel_errors import error_value
from klantwaarde_addin.ranges import is_blank

Check = Callable[[object], Fault | None]

_LAST_SERIAL = 2_958_465  # 9999-12-31
_LEAP_BUG = 60  # 29-02-1900 exists in Excel only; serials below it are one day off
_EPOCH = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)


def unusable(cell: object) -> Fault | None:
    """What no argument accepts: a blank cell (KW-FN-002) or an error value (KW-FN-003)."""
    if is_blank(cell):
        return Fault("KW-FN-002")
    error = error_value(cell)
    return Fault("KW-FN-003", found=error) if error else None


def not_a_number(cell: object) -> Fault | None:
    """Why a cell is no number (KW-FN-002 up to 008)."""
    if fault := unusable(cell):
        return fault
    if isinstance(cell, bool):
        return Fault("KW-FN-004", found=cell)
    if isinstance(cell, (date, timedelta)):
        return Fault("KW-FN-005", found=_day_part(cell))
    if isinstance(cell, str):
        read = _number_in(cell)
        return Fault("KW-FN-007", found=cell) if read is None else Fault("KW-FN-006", found=cell, values={"read": read})
    if not isinstance(cell, (int, float, Decimal)):
        return Fault("KW-FN-007", found=type(cell).__name__)
    return None if _is_finite(cell) else Fault("KW-FN-008", found=str(cell))


def not_a_date(cell: object, *, date1904: bool = False) -> Fault | None:
    """Why a cell is no date (KW-FN-002, 003, 013, 014)."""
    if fault := unusable(cell):
        return fault
    if isinstance(cell, date):
        return None
    if isinstance(cell, bool) or not isinstance(cell, (int, float, Decimal)):
        return Fault("KW-FN-013", found=cell)
    if not isfinite(cell) or not _is_day(int(cell), date1904=date1904):
        return Fault("KW-FN-014", found=float(cell))
    return None


def day_of(cell: date | float, *, date1904: bool = False) -> date:
    """The day in a cell that is a date or a serial of the 1900 or 1904 system; the time of day is dropped."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    serial = int(cell)
    if date1904:
        return _EPOCH_1904 + timedelta(days=serial)
    return _EPOCH + timedelta(days=serial + (serial < _LEAP_BUG))


def not_a_text(cell: object) -> Fault | None:
    """Why a cell is no text (KW-FN-002, 003, 015); a number is a text, as customer numbers are."""
    if fault := unusable(cell):
        return fault
    if isinstance(cell, bool) or not isinstance(cell, (str, int, float, Decimal)):
        return Fault("KW-FN-015", found=cell)
    return None


def text_of(cell: object) -> str:
    """A text, or a number as Excel shows it: 100117.0 is ``100117``."""
    return f"{cell:.15g}" if isinstance(cell, float) else str(cell)


def _is_finite(cell: float | Decimal) -> bool:
    try:
        return isfinite(float(cell))
    except OverflowError:
        return False


def _is_day(serial: int, *, date1904: bool) -> bool:
    if date1904:
        return 0 <= serial <= _LAST_SERIAL - 1462
    return 1 <= serial <= _LAST_SERIAL and serial != _LEAP_BUG


def _day_part(cell: date | timedelta) -> object:
    return cell.date() if isinstance(cell, datetime) else cell if isinstance(cell, date) else str(cell)


def _number_in(text: str) -> float | None:
    """The one number that a text can mean; None when it means none, or two."""
    one = RawColumn(np.array([Kind.TEXT], dtype=np.uint8), np.array([np.nan]), np.array([text], dtype=object))
    value = float(read_numbers(one).values[0])
    return None if isnan(value) else value
