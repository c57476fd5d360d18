"""Dates, read per column: serials, ISO and yyyymmdd as they are, day-month texts in the order they prove.

Texts such as ``31-12-2024`` fall into groups by their separator (dash, slash, dot); each group is decided apart,
because a list pasted from two systems often shows it there. Within a group:

1. a value that is a date in one order only (``31-12-2024``, ``12/31/2024``) proves that order;
2. one order proved: all values of the group are read in it;
3. nothing proved: values that differ by order (``1-2-2024``) are ambiguous, unless the setting gives the order;
4. both proved: each value is read the only way it can be, unless the group holds a value that differs by order; then
   nobody can tell and every value that depends on the order is a fault.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde.tables.cells import (
    EXCEL_EPOCH,
    CellFault,
    Reason,
    cell_faults,
    clean,
    in_row_order,
    misplaced,
    shown,
    text_cells,
)
from klantwaarde.tables.raw import Kind, RawColumn

Decision = Literal["dmy", "mdy", "each"]
Dates = NDArray[np.datetime64]

EARLIEST = np.datetime64("1950-01-01", "D")  # older dates are kept with a warning
OPEN_END = np.datetime64("9999-12-31", "D")  # "no end" in SAP and many ERPs
LAST_SERIAL = 2_958_465  # 9999-12-31
FIRST_YEAR = 1900
LEAP_BUG_SERIAL = 60  # 29-02-1900 exists in Excel only (kept from Lotus 1-2-3); serials below it are one day off

_NO_DAY = int(np.iinfo(np.int64).min)  # NaT, seen as an integer
_UNIX_EPOCH = date(1970, 1, 1).toordinal()
_TIME = re.compile(
    r"(?:T| {1,3})[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)? ?(?:[AP]M)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?$"
)
_NOTHING = re.compile(r"|-|0{1,4}([-/.])0{1,2}\1(?:0{1,4})|0{8}|0")
_ISO = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_COMPACT = re.compile(r"[0-9]{8}")
_SERIAL = re.compile(r"[0-9]{1,7}")
_NUMERIC = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[ .-]{0,2}([a-z]{3,9})\.?[ -]?'?([0-9]{4}|[0-9]{2})", re.IGNORECASE)
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.? ([0-9]{1,2}),? ([0-9]{4})", re.IGNORECASE)

_MONTH_NAMES = (
    ("jan", "januari", "january"),
    ("feb", "febr", "februari", "february"),
    ("mrt", "maart", "mar", "march"),
    ("apr", "april"),
    ("mei", "may"),
    ("jun", "juni", "june"),
    ("jul", "juli", "july"),
    ("aug", "augustus", "august"),
    ("sep", "sept", "september"),
    ("okt", "oktober", "oct", "october"),
    ("nov", "november"),
    ("dec", "december"),
)
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names}


class _DateText(NamedTuple):
    """The day of one text in either order, counted from 1970-01-01; ``_NO_DAY`` where that order gives no date."""

    dmy: int = _NO_DAY
    mdy: int = _NO_DAY
    separator: str = ""
    two_digits: bool = False
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, eq=False)
class DateReading:
    """A column of dates.

    Attributes:
        values: datetime64[D]; NaT where the cell is blank, has no end, or has a fault.
        orders: The order in which each separator's texts were read ("dmy", "mdy", or "each" when every value could be
            read in one way only); a separator without a decision is not in it.
        faults: The cells that need attention, from top to bottom. An early date is a warning: its value is kept.
        two_digit_years: Cells with a two-digit year, read as Excel does: 00-29 is 2000-2029, 30-99 is 1930-1999.
        open_ends: Cells with 9999-12-31.
        from_text: How many of the dates stood as text.
    """

    values: Dates
    orders: Mapping[str, Decision]
    faults: tuple[CellFault, ...]
    two_digit_years: int
    open_ends: int
    from_text: int


def read_dates(column: RawColumn, *, order: Literal["auto", "dmy", "mdy"] = "auto") -> DateReading:
    """Read a column of dates by the rules at the top of this module; a time of day is dropped.

    Plain numbers are yyyymmdd when they have eight digits, else Excel serials. Blank: no text, a dash alone, zeros
    (``00.00.0000``, serial 0).

    Args:
        column: The cells; books of the 1904 system are already converted.
        order: "dmy" or "mdy" when the reader has said so.
    """
    values, impossible = numeric_dates(column)
    faults = misplaced(column, bool=Reason.UNEXPECTED_FLAG)
    faults += cell_faults(column, impossible, Reason.IMPOSSIBLE_DATE)

    cells = text_cells(column)
    parsed = [_parse(text) for text in cells.texts]
    days, reasons, orders = _in_order(parsed, order)
    values[cells.rows] = np.array(days, dtype=np.int64)[cells.codes].view("M8[D]")
    faults += cells.faults(reasons, _both_readings(parsed, reasons))

    open_ends = values == OPEN_END
    values[open_ends] = np.datetime64("NaT")
    faults += [
        CellFault(row, Reason.EARLY_DATE, shown(column, row), {"read": str(values[row])})
        for row in np.flatnonzero(values < EARLIEST).tolist()
    ]
    two_digits = np.array([text.two_digits for text in parsed], dtype=bool)
    return DateReading(
        values=values,
        orders=orders,
        faults=in_row_order(faults),
        two_digit_years=int(np.count_nonzero(two_digits[cells.codes])),
        open_ends=int(np.count_nonzero(open_ends)),
        from_text=int(np.count_nonzero(~np.isnat(values[cells.rows]))),
    )


def numeric_dates(column: RawColumn) -> tuple[Dates, NDArray[np.intp]]:
    """Dates of the number and date cells, and the row offsets of those that no calendar has."""
    numeric = (column.kinds == Kind.NUMBER) | (column.kinds == Kind.DATE)
    numbers = np.where(numeric, column.numbers, 0.0)
    in_range = (numbers >= 0) & (numbers < LAST_SERIAL + 1)
    serials = np.where(in_range, numbers, 0.0).astype(np.int64)
    no_date = (serials == LEAP_BUG_SERIAL) | (serials == 0)
    values = EXCEL_EPOCH + serials + (serials < LEAP_BUG_SERIAL)
    values[no_date] = np.datetime64("NaT")
    beyond = np.flatnonzero(~in_range)
    codes, different = pd.factorize(column.numbers[beyond], use_na_sentinel=False)
    compact = np.array([_compact_day(f"{number:.15g}") for number in different], dtype=np.int64)[codes]
    values[beyond] = compact.view("M8[D]")
    is_date_cell = column.kinds[beyond] == Kind.DATE
    values[beyond[is_date_cell]] = np.datetime64("NaT")
    impossible = np.flatnonzero(no_date & (numbers > 0) & in_range)  # a serial of exactly 0 is a blank
    return values, np.concatenate([impossible, beyond[(compact == _NO_DAY) | is_date_cell]])


def _parse(text: str) -> _DateText:
    """All readings of one text."""
    cleaned = _TIME.sub("", clean(text))
    if _NOTHING.fullmatch(cleaned):
        return _DateText()
    if match := _NUMERIC.fullmatch(cleaned):
        first, separator, second, year = match.groups()
        dmy, mdy = _day(year, second, first), _day(year, first, second)
        reason = Reason.IMPOSSIBLE_DATE if dmy == mdy == _NO_DAY else None
        return _DateText(dmy, mdy, separator, len(year) == 2, reason)
    if _COMPACT.fullmatch(cleaned):
        return _fixed(_compact_day(cleaned))
    if match := _ISO.fullmatch(cleaned):
        return _fixed(_day(match[1], match[3], match[4]))
    if _SERIAL.fullmatch(cleaned):
        return _fixed(_serial_day(int(cleaned)))
    return _parse_named(cleaned)


def _parse_named(cleaned: str) -> _DateText:
    """``1 mrt 2024``, ``1-okt-24``, ``March 1, 2024``."""
    if match := _DAY_FIRST.fullmatch(cleaned):
        day, name, year = match.groups()
    elif match := _MONTH_FIRST.fullmatch(cleaned):
        name, day, year = match.groups()
    else:
        return _DateText(reason=Reason.NOT_A_DATE)
    month = MONTHS.get(name.lower())
    if month is None:
        return _DateText(reason=Reason.NOT_A_DATE)
    return _fixed(_day(year, month, day), two_digits=len(year) == 2)


def _fixed(day: int, *, two_digits: bool = False) -> _DateText:
    """A text whose order is no question."""
    if day == _NO_DAY:
        return _DateText(reason=Reason.IMPOSSIBLE_DATE)
    return _DateText(day, day, two_digits=two_digits)


def full_year(year: str) -> int:
    """A year from its digits; two digits by Excel's rule: 00-29 is 2000-2029, 30-99 is 1930-1999."""
    return int(year) if len(year) > 2 else int(year) + (2000 if int(year) < 30 else 1900)


def _day(year: str, month: str | int, day: str | int) -> int:
    """Days since 1970-01-01, or ``_NO_DAY`` when no calendar or Excel has that day."""
    if full_year(year) < FIRST_YEAR:
        return _NO_DAY
    try:
        return date(full_year(year), int(month), int(day)).toordinal() - _UNIX_EPOCH
    except ValueError:
        return _NO_DAY


def _compact_day(digits: str) -> int:
    """Yyyymmdd as a day."""
    return _day(digits[:4], digits[4:6], digits[6:]) if _COMPACT.fullmatch(digits) else _NO_DAY


def _serial_day(serial: int) -> int:
    """An Excel serial of the 1900 system as a day."""
    if serial == LEAP_BUG_SERIAL or not 1 <= serial <= LAST_SERIAL:
        return _NO_DAY
    return int((EXCEL_EPOCH + serial + (serial < LEAP_BUG_SERIAL)).astype(np.int64))


def _in_order(
    parsed: list[_DateText], order: Literal["auto", "dmy", "mdy"]
) -> tuple[list[int], dict[int, Reason], dict[str, Decision]]:
    """Day and reason per different text, and the decision per separator."""
    days = [text.dmy for text in parsed]
    reasons = {place: text.reason for place, text in enumerate(parsed) if text.reason}
    groups: dict[str, list[int]] = {}
    for place, text in enumerate(parsed):
        if text.dmy != text.mdy:
            groups.setdefault(text.separator, []).append(place)
    decisions: dict[str, Decision] = {}
    for separator, places in sorted(groups.items()):
        decision = _decide([parsed[place] for place in places], order)
        if decision:
            decisions[separator] = decision
        for place in places:
            days[place], reason = _resolve(parsed[place], decision)
            if reason:
                reasons[place] = reason
    return days, reasons, decisions


def _decide(texts: list[_DateText], order: Literal["auto", "dmy", "mdy"]) -> Decision | None:
    """The order of one separator's texts, all of which depend on it; None when nobody can tell."""
    if order != "auto":
        return order
    proves_dmy = any(text.mdy == _NO_DAY for text in texts)
    proves_mdy = any(text.dmy == _NO_DAY for text in texts)
    if proves_dmy and proves_mdy:
        return None if any(_NO_DAY not in (text.dmy, text.mdy) for text in texts) else "each"
    if proves_dmy or proves_mdy:
        return "dmy" if proves_dmy else "mdy"
    return None


def _resolve(text: _DateText, decision: Decision | None) -> tuple[int, Reason | None]:
    """The day of a text that depends on the order, or why it has none."""
    if decision == "each":
        return max(text.dmy, text.mdy), None  # the other one is _NO_DAY, the lowest integer
    if decision is None:
        open_text = _NO_DAY not in (text.dmy, text.mdy)
        return _NO_DAY, Reason.AMBIGUOUS_DATE if open_text else Reason.MIXED_ORDER
    day = text.dmy if decision == "dmy" else text.mdy
    return day, Reason.OTHER_ORDER if day == _NO_DAY else None


def _both_readings(parsed: list[_DateText], reasons: Mapping[int, Reason]) -> dict[int, dict[str, str]]:
    """Both readings of the ambiguous texts, as yyyy-mm-dd."""
    return {
        place: {"dmy": str(np.datetime64(parsed[place].dmy, "D")), "mdy": str(np.datetime64(parsed[place].mdy, "D"))}
        for place, reason in reasons.items()
        if reason is Reason.AMBIGUOUS_DATE
    }
