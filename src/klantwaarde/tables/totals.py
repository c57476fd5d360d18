"""Totals rows inside exports: recognised, checked against the rows above them, left out and reported.

A row can be a total when nothing in it identifies a record: every required column but the customer's and the figures
is blank or says "Totaal". A customer called Total Energies, with its number, is a customer.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from klantwaarde.tables.cells import clean, text_cells
from klantwaarde.tables.numbers import Style, read_numbers
from klantwaarde.tables.raw import Kind, RawColumn
from klantwaarde.tables.region import Mask, Region
from klantwaarde.tables.schema import Column

Floats = NDArray[np.float64]

_WORD = r"(?:(?:eind|sub|grand|general)[ -]?)?tota(?:al|len|ls?)(?: generaal)?"
_STARTS = re.compile(rf"{_WORD}\b", re.IGNORECASE)
_ALONE = re.compile(rf"{_WORD}:?", re.IGNORECASE)
_TOLERANCE = 0.01  # exports round each line before they add up
_FIGURES = ("amount", "quantity", "number", "share", "flag")
_MASTERS = ("customers", "products", "cost_pools", "activities")  # a name, not a sum, may start with "Total" here


@dataclass(frozen=True, slots=True)
class TotalsRow:
    """One row that says it is a total.

    Attributes:
        row: Offset of the data row.
        column: The column that was compared, or the first column when the row has no figure.
        found: What the row says; NaN without a figure.
        expected: What the rows above it add up to.
    """

    row: int
    column: Column
    found: float
    expected: float

    @property
    def adds_up(self) -> bool:
        """True when the figures agree."""
        return abs(self.found - self.expected) <= _TOLERANCE

    @property
    def has_figure(self) -> bool:
        """False for a row with the word alone."""
        return not np.isnan(self.found)


@dataclass(frozen=True, slots=True)
class _Wording:
    """Per data row: how a totals row could be known."""

    starts: Mask  # a text starts with the word
    alone: Mask  # a text is the word
    unkeyed: Mask  # nothing identifies a record
    bare: Mask  # as unkeyed, and no other text or date but the customer's


def find_totals_rows(region: Region, used: Mask, style: Style | None = None) -> list[TotalsRow]:
    """Find totals rows, from top to bottom.

    A row is a total when its figure equals the rows since an earlier total (or all rows) and it says so, or holds
    nothing but figures and a customer. A row with the word alone and no figure is one too. A row with the word whose
    figure does not equal the rows above is returned as well: it hides a missing or an extra line.

    Args:
        region: The table.
        used: The rows that hold anything.
        style: How texts are read as numbers; None when their column proves it.
    """
    wording = _wording(region)
    says_so = wording.starts & wording.unkeyed
    if region.table.id not in _MASTERS:
        says_so |= wording.alone
    candidates = np.flatnonzero(used & (says_so | wording.bare))
    candidates = candidates[candidates > (np.flatnonzero(used)[0] if used.any() else 0)]
    if not len(candidates):
        return []
    return list(_judged(region, candidates, wording, style))


def _judged(
    region: Region, candidates: NDArray[np.intp], wording: _Wording, style: Style | None
) -> Iterator[TotalsRow]:
    sums = [_Above(region, column, style) for column in _additive(region)]
    first = region.table.by_id[next(iter(region.columns))]
    for row in candidates.tolist():
        compared = [total for above in sums if (total := above.compare(row)) is not None]
        said = wording.alone[row] or (wording.starts[row] and region.table.id not in _MASTERS)
        verdict = next((total for total in compared if total.adds_up), None)
        if verdict is None and wording.unkeyed[row] and said:
            verdict = compared[0] if compared else TotalsRow(row, first, np.nan, np.nan) if wording.alone[row] else None
        if verdict is not None:
            yield verdict
            for above in sums:
                above.leave_out(row)


class _Above:
    """Sums of the rows above a row, from the top and from below every earlier total, totals themselves left out."""

    def __init__(self, region: Region, column: Column, style: Style | None) -> None:
        cells = region.column(region.columns[column.id])
        self.column = column
        self.values = np.nan_to_num(read_numbers(cells, style=style or "auto").values)
        self.before = np.concatenate([[0.0], np.cumsum(self.values)])
        self.left_out = 0.0
        self.starts = [0.0]

    def compare(self, row: int) -> TotalsRow | None:
        """The row's figure beside the closest sum of rows above it; None without a figure."""
        found = self.values[row]
        if found == 0:
            return None
        sums = self.before[row] - self.left_out - np.array(self.starts)
        closest = sums[np.argmin(np.abs(sums - found))]
        return TotalsRow(row, self.column, float(found), float(closest))

    def leave_out(self, row: int) -> None:
        """Later sums are without this row; the next group starts below it."""
        self.left_out += self.values[row]
        self.starts.append(self.before[row + 1] - self.left_out)


def _additive(region: Region) -> list[Column]:
    """Columns whose sum means something: amounts, quantities, shares and hours, not prices or scores."""
    return [
        column
        for column in region.table.columns
        if column.id in region.columns
        and (column.kind in ("amount", "quantity", "share") or column.id in ("quantity", "hours"))
    ]


def _wording(region: Region) -> _Wording:
    n = region.n_rows
    starts, alone = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    unkeyed, bare = np.ones(n, dtype=bool), np.ones(n, dtype=bool)
    keys = _key_ids(region)
    for column in region.table.columns:
        if column.id not in region.columns or column.kind in _FIGURES:
            continue
        cells = region.column(region.columns[column.id])
        begins, is_word, blank = _with_word(cells)
        starts |= begins
        alone |= is_word
        if column.id in keys:
            unkeyed &= blank | begins
        if column.id not in ("customer_id", "name") or column.id in keys:
            bare &= blank
    return _Wording(starts, alone, unkeyed, bare & unkeyed)


def _key_ids(region: Region) -> set[str]:
    """The columns that make a row a record: the required ones without figures; the customer's only when alone."""
    required = {name for name in region.table.required if region.table.by_id[name].kind not in _FIGURES}
    return (required - {"customer_id"}) or required


def _with_word(cells: RawColumn) -> tuple[Mask, Mask, Mask]:
    """Cells whose text starts with a word for total, cells that hold nothing else, and cells without anything."""
    found = np.zeros((3, len(cells)), dtype=bool)
    texts = text_cells(cells)
    marks = np.zeros((3, len(texts.texts)), dtype=bool)
    for place, text in enumerate(texts.texts):
        if text.isspace():
            marks[2, place] = True
        elif "tot" in text.lower() and _STARTS.match(cleaned := clean(text)):
            marks[:2, place] = True, _ALONE.fullmatch(cleaned) is not None
    found[:, texts.rows] = marks[:, texts.codes]
    return found[0], found[1], found[2] | (cells.kinds == Kind.BLANK)
