"""Periods, read per column: a year, a quarter or a month, in the many ways that people and systems write them."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde.tables.cells import CellFault, Reason, cell_faults, clean, in_row_order, misplaced, text_cells
from klantwaarde.tables.dates import MONTHS, full_year, numeric_dates
from klantwaarde.tables.raw import Kind, RawColumn

_FULL_YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
_DAY = "(?:0[1-9]|[12][0-9]|3[01])"
_YEAR = re.compile(rf"{_FULL_YEAR}(?:\.0)?")
_QUARTER_WORD = r"(?:Q|K|kw|kwartaal|quarter)"
_QUARTERS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_FULL_YEAR}[-/. ]?{_QUARTER_WORD} ?(?P<quarter>[1-4])",
        rf"{_QUARTER_WORD} ?(?P<quarter>[1-4])[-/. ]?{_FULL_YEAR}",
        rf"(?P<quarter>[1-4])e kwartaal {_FULL_YEAR}",
    )
]
_MONTHS_OF_A_YEAR = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_FULL_YEAR}[-/ ](?P<month>[0-9]{{1,2}}|[a-z]{{3,9}}\.?)",
        rf"{_FULL_YEAR}\.?(?P<month>[0-9]{{2}})",
        rf"(?P<month>[0-9]{{1,3}})[-/. ]{_FULL_YEAR}",  # SAP writes 003.2025
        r"(?P<month>[a-z]{3,9}\.?)[-/. ]'?(?P<year>(?:19|20)[0-9]{2}|[0-9]{2})",
        rf"{_FULL_YEAR}-(?P<month>[0-9]{{2}})-{_DAY}",
        rf"{_FULL_YEAR}(?P<month>[0-9]{{2}}){_DAY}",
    )
]


@dataclass(frozen=True, slots=True, eq=False)
class PeriodReading:
    """A column of periods: "YYYY", "YYYY-MM" or "YYYY-Qn" per cell, None where blank or at fault."""

    values: NDArray[np.object_]
    faults: tuple[CellFault, ...]


def read_period(column: RawColumn, *, year: int | None = None) -> PeriodReading:
    """Read a column of years, quarters and months; a date stands for its month.

    Args:
        column: The cells: 2025, 202503, ``2025-03``, ``03-2025``, ``2025Q1``, ``2025 kwartaal 1``, ``jan 2025`` ...
        year: The year that a month alone (3, ``mrt``) belongs to; without it a month alone is a fault.
    """
    faults = misplaced(column, bool=Reason.UNEXPECTED_FLAG)
    values = np.full(len(column), None, dtype=object)
    for rows, texts, codes in _period_texts(column):
        read = [_period(text, year) for text in texts]
        reasons = {place: period for place, period in enumerate(read) if isinstance(period, Reason)}
        values[rows] = np.array([None if isinstance(period, Reason) else period for period in read], object)[codes]
        for place, reason in reasons.items():
            faults += cell_faults(column, rows[codes == place], reason)
    return PeriodReading(values, in_row_order(faults))


def _period_texts(column: RawColumn) -> list[tuple[NDArray[np.intp], list[str], NDArray[np.intp]]]:
    """Row offsets, different texts and their codes: of texts, of numbers as digits, of dates as yyyy-mm."""
    cells = text_cells(column)
    numbers = np.flatnonzero(column.kinds == Kind.NUMBER)
    number_codes, different = pd.factorize(column.numbers[numbers], use_na_sentinel=False)
    dates = np.flatnonzero(column.kinds == Kind.DATE)
    days, _ = numeric_dates(column)
    month_codes, months = pd.factorize(days[dates].astype("M8[M]").astype(np.int64))
    return [
        (cells.rows, [clean(text) for text in cells.texts], cells.codes),
        (numbers, [_digits(number) for number in different], number_codes),
        (dates, list(months.astype("M8[M]").astype(str)), month_codes),
    ]


def _digits(number: float) -> str:
    """The digits of a whole number; any other number in a form that is no period: 2025.1 may have been 2025.10."""
    digits = f"{number:.15g}"
    return digits if digits.isdecimal() else f"={digits}"


def _period(text: str, year: int | None) -> str | Reason | None:
    """One period as "YYYY", "YYYY-MM" or "YYYY-Qn", None when blank, or why it is none."""
    if text in ("", "-"):
        return None
    for pattern in _QUARTERS:
        if match := pattern.fullmatch(text):
            return f"{match['year']}-Q{match['quarter']}"
    for pattern in _MONTHS_OF_A_YEAR:
        if match := pattern.fullmatch(text):
            return _month_of(match["year"], match["month"])
    if match := _YEAR.fullmatch(text):
        return match["year"]
    if _month_number(text) is None:
        return Reason.NOT_A_PERIOD
    return Reason.MONTH_WITHOUT_YEAR if year is None else _month_of(str(year), text)


def _month_of(year: str, month: str) -> str | Reason:
    number = _month_number(month)
    if number is None:
        return Reason.NOT_A_PERIOD
    return f"{full_year(year)}-{number:02d}"


def _month_number(text: str) -> int | None:
    """1-12 from digits or a Dutch or English month name."""
    if re.fullmatch(r"[0-9]{1,3}", text):
        return int(text) if 1 <= int(text) <= 12 else None
    return MONTHS.get(text.lower().rstrip("."))
