"""Totals rows inside exports: recognised, checked against the rows above them, left out and reported."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from klantwaarde.tables.cells import text_cells
from klantwaarde.tables.locate import Region
from klantwaarde.tables.numbers import read_numbers
from klantwaarde.tables.raw import Kind, RawColumn

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

_WORDS = re.compile(r"\s*(eind|sub|grand |general )?-?\s*(totaal|totalen|total|totals|subtotaal|subtotal)\b", re.IGNORECASE)
_TOLERANCE = 0.01  # exports round each line before they add up


@dataclass(frozen=True, slots=True)
class Total:
    """What a totals row says and what the rows above it add up to."""

    found: float
    expected: float


@dataclass(frozen=True, slots=True)
class TotalsRows:
    """Rows that are totals, and rows that look like totals but do not add up: (row, amount column, figures)."""

    rows: list[tuple[int, str, Total]]
    refused: list[tuple[int, str, Total]]


def find_totals_rows(region: Region, used: Mask) -> TotalsRows:
    """Find totals rows: "Totaal …" in a text column, or blank keys with an amount that equals the rows above.

    A row with the word whose amount does not equal the rows above is refused: it hides a missing or an extra line.
    """
    amounts = [c.id for c in region.table.columns if c.kind == "amount" and c.id in region.columns]
    candidates, worded = _candidates(region, used)
    if not len(candidates):
        return TotalsRows([], [])
    first_text = next(iter(region.columns))
    sums = {name: _cumulative(region, name) for name in amounts}
    rows: list[tuple[int, str, Total]] = []
    refused: list[tuple[int, str, Total]] = []
    is_total = np.zeros(len(used), dtype=bool)
    starts = [0]
    for row in candidates:
        verdict = _compare(row, starts, sums, is_total)
        if verdict is None:
            if worded[row]:
                rows.append((row, first_text, Total(float("nan"), float("nan"))))
                is_total[row] = True
            continue
        name, total, equal = verdict
        if equal:
            rows.append((row, name, total))
            is_total[row] = True
            starts.append(row + 1)
        elif worded[row]:
            refused.append((row, name, total))
            is_total[row] = True
    return TotalsRows(rows, refused)


def _candidates(region: Region, used: Mask) -> tuple[list[int], Mask]:
    worded = np.zeros(len(used), dtype=bool)
    blank = np.zeros(len(used), dtype=bool)
    for column in region.table.columns:
        offset = region.columns.get(column.id)
        if offset is None:
            continue
        cells = region.column(offset)
        if column.kind in ("id", "text", "date"):
            worded |= _with_word(cells)
        if column.required and not column.blank_ok and column.kind in ("id", "date"):
            blank |= cells.kinds == Kind.BLANK
    rows = np.flatnonzero((worded | blank) & used & (np.arange(len(used)) > 0))
    return [int(row) for row in rows], worded


def _with_word(cells: RawColumn) -> Mask:
    texts = text_cells(cells)
    found = np.zeros(len(cells), dtype=bool)
    if texts.texts:
        wording = np.array([_WORDS.match(text) is not None for text in texts.texts])
        found[texts.rows] = wording[texts.codes]
    return found


def _cumulative(region: Region, name: str) -> Floats:
    return np.nan_to_num(read_numbers(region.column(region.columns[name])).values)


def _compare(row: int, starts: list[int], sums: dict[str, Floats], is_total: Mask) -> tuple[str, Total, bool] | None:
    """Compare a row's amounts with the rows since the last total and with all rows; None without any amount."""
    verdict = None
    for name, values in sums.items():
        if values[row] == 0:
            continue
        for start in (starts[-1], 0):
            above = values[start:row][~is_total[start:row]]
            total = Total(float(values[row]), float(above.sum()))
            if len(above) and abs(total.found - total.expected) <= _TOLERANCE:
                return name, total, True
            verdict = verdict or (name, total, False)
    return verdict
