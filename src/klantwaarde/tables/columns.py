"""Reading one column of cells by its declared kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.tables.cells import CellFault, Reason, cell_faults, clean, in_row_order, misplaced, shown, text_cells
from klantwaarde.tables.dates import read_dates
from klantwaarde.tables.headers import match_choice, read_flags
from klantwaarde.tables.ids import read_ids
from klantwaarde.tables.numbers import NumberReading, read_numbers
from klantwaarde.tables.periods import read_period
from klantwaarde.tables.raw import Kind, RawColumn
from klantwaarde.tables.schema import Column, ColumnKind
from klantwaarde.tables.settings import Settings

PADDED = ("customer_id", "parent_id")


@dataclass(frozen=True, slots=True, eq=False)
class ColumnReading:
    """A typed column.

    Attributes:
        values: An array of pandas or numpy; missing where a cell is blank or at fault.
        faults: The cells that need attention, from top to bottom.
        counts: What is said once for the column: message code -> number of cells.
        percent: Offsets of cells with a percent sign.
        rounding: Amounts only: how much each value lost when it became whole cents, in euros.
    """

    values: Any
    faults: tuple[CellFault, ...]
    counts: Mapping[str, int] = field(default_factory=dict)
    percent: NDArray[np.intp] | None = None
    rounding: NDArray[np.float64] | None = None


def read_column(cells: RawColumn, column: Column, settings: Settings) -> ColumnReading:
    """Read the cells of a declared column; the settings say what texts cannot say themselves."""
    return _READERS[column.kind](cells, column, settings)


def _numbers(cells: RawColumn, _: Column, settings: Settings) -> ColumnReading:
    reading = read_numbers(cells, style=settings.number_style)
    return ColumnReading(reading.values, reading.faults, _counts(reading), reading.percent_rows)


def _periods(cells: RawColumn, _: Column, settings: Settings) -> ColumnReading:
    reading = read_period(cells, year=settings.period_end.year if settings.period_end else None)
    return ColumnReading(pd.array(reading.values, dtype="str"), reading.faults)


def _flags(cells: RawColumn, _: Column, __: Settings) -> ColumnReading:
    reading = read_flags(cells)
    return ColumnReading(reading.values, reading.faults)


def _counts(reading: NumberReading) -> dict[str, int]:
    credited = 0 if reading.sides is None else int(np.count_nonzero(reading.sides == "C"))
    return {Reason.NUMBERS_FROM_TEXT.code: reading.from_text, "KW-IN-028": credited}


def _amounts(cells: RawColumn, _: Column, settings: Settings) -> ColumnReading:
    """Amounts in whole cents; from 1e13 euros on they no longer fit beside their cents."""
    reading = read_numbers(cells, style=settings.number_style)
    values = reading.values
    too_long = np.flatnonzero(np.abs(values) >= money.AMOUNT_LIMIT)
    values[too_long] = np.nan
    faults = (*reading.faults, *cell_faults(cells, too_long, Reason.TOO_MANY_DIGITS))
    blank = np.isnan(values)
    rounded = money.euros(money.cents(np.where(blank, 0.0, values)))
    typed = np.where(blank, np.nan, rounded)
    rounding = np.where(blank, 0.0, values - rounded)
    return ColumnReading(typed, in_row_order(faults), _counts(reading), reading.percent_rows, rounding)


def _dates(cells: RawColumn, _: Column, settings: Settings) -> ColumnReading:
    reading = read_dates(cells, order=settings.date_order)
    counts = {Reason.TWO_DIGIT_YEARS.code: reading.two_digit_years}
    return ColumnReading(reading.values.astype("datetime64[s]"), reading.faults, counts)


def _ids(cells: RawColumn, column: Column, settings: Settings) -> ColumnReading:
    """Ids; customer numbers of digits only get leading zeros up to the set length, so that 123 and 0123 are one."""
    reading = read_ids(cells)
    digits = settings.customer_digits if column.id in PADDED else 0
    counts = {Reason.IDS_CLEANED.code: reading.cleaned}
    if not digits:
        return ColumnReading(pd.array(reading.values, dtype="str"), reading.faults, counts)
    codes, distinct = pd.factorize(reading.values)
    padded = [text.zfill(digits) if text.isdecimal() else text for text in distinct]
    values = np.array([*padded, None], dtype=object)[codes]
    faults = tuple(fault for fault in reading.faults if fault.reason is not Reason.ID_COLLIDES)
    return ColumnReading(pd.array(values, dtype="str"), faults, counts)


def _texts(cells: RawColumn, _: Column, __: Settings) -> ColumnReading:
    """Any cell as text; error values and formulas without a result are faults even here."""
    return ColumnReading(pd.array(_words(cells), dtype="str"), in_row_order(misplaced(cells)))


def _words(cells: RawColumn) -> NDArray[np.object_]:
    """What stands in each cell as cleaned text; None where nothing does."""
    found = np.full(len(cells), None, dtype=object)
    texts = text_cells(cells)
    found[texts.rows] = np.array([*(clean(text) or None for text in texts.texts), None], dtype=object)[texts.codes]
    for kind in (Kind.NUMBER, Kind.DATE, Kind.BOOL):
        rows = np.flatnonzero(cells.kinds == kind)
        _, first, codes = np.unique(cells.numbers[rows], return_index=True, return_inverse=True)
        found[rows] = np.array([*(shown(cells, row) for row in rows[first]), None], dtype=object)[codes]
    return found


def _choices(cells: RawColumn, column: Column, settings: Settings) -> ColumnReading:
    codes, distinct = pd.factorize(_words(cells))
    chosen = np.array([*(match_choice(str(text), column.choices) for text in distinct), None], dtype=object)[codes]
    labels = ", ".join(choice.label(settings.language) for choice in column.choices)
    wrong = [
        CellFault(int(row), Reason.NOT_A_CHOICE, str(distinct[codes[row]]), {"allowed": labels})
        for row in np.flatnonzero((codes >= 0) & pd.isna(chosen))
    ]
    return ColumnReading(pd.array(chosen, dtype="str"), in_row_order((*misplaced(cells), *wrong)))


_Reader = Callable[[RawColumn, Column, Settings], ColumnReading]
_READERS: Mapping[ColumnKind, _Reader] = {
    "id": _ids, "text": _texts, "amount": _amounts, "number": _numbers, "quantity": _numbers, "share": _numbers,
    "date": _dates, "period": _periods, "flag": _flags, "choice": _choices,
}  # fmt: skip
