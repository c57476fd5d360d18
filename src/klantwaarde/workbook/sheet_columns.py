"""Cells in the order of the file become the columns of a :class:`RawSheet`."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from klantwaarde.messages import Fault, InputError
from klantwaarde.tables.raw import Kind, RawColumn, RawSheet, cell_address
from klantwaarde.workbook.cell_rows import Cells
from klantwaarde.workbook.sheet_part import Rectangle, SheetPart

MOST_CHARACTERS: Final = 2_000_000_000  # in all cells together; texts used often are kept once but can grow later
MOST_LISTED: Final = 20


def raw_sheet(name: str, part: SheetPart, *, shared: Sequence[str], tables: dict[str, Rectangle]) -> RawSheet:
    """The used rectangle of a sheet: from the first to the last filled row and column.

    Args:
        name: The sheet.
        part: Its cells.
        shared: The shared strings of the book.
        tables: The Excel tables on the sheet.

    Raises:
        InputError: a text that does not exist or a cell that stands twice (KW-FI-010, -024), a number that is none
            (KW-FI-021), more text than fits (KW-FI-019).
    """
    cells = part.cells
    if not len(cells.rows):
        return RawSheet(name, 1, 1, (), tables, part.hidden_rows, part.merged)
    texts = _texts(shared, part.own_texts)
    _check(name, cells, texts, len(shared))
    first_row, first_column = int(cells.rows.min()), int(cells.columns.min())
    height, width = int(cells.rows.max()) - first_row + 1, int(cells.columns.max()) - first_column + 1
    by_column = np.argsort(cells.columns.astype(np.int16), kind="stable")
    bounds = np.searchsorted(cells.columns[by_column], np.arange(first_column, first_column + width + 1))
    blank = RawColumn(np.zeros(height, np.uint8), np.full(height, np.nan))
    columns: list[RawColumn] = []
    for start, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        chosen = by_column[start:end]
        columns.append(
            _column(name, cells, chosen, texts, first_row=first_row, height=height) if len(chosen) else blank
        )
    return RawSheet(name, first_row, first_column, tuple(columns), tables, part.hidden_rows, part.merged)


def _column(
    sheet: str, cells: Cells, chosen: NDArray[np.intp], texts: NDArray[np.object_], *, first_row: int, height: int
) -> RawColumn:
    rows, kinds, values = cells.rows[chosen] - first_row, cells.kinds[chosen], cells.values[chosen]
    column_kinds = np.zeros(height, dtype=np.uint8)
    column_kinds[rows] = kinds
    if np.count_nonzero(column_kinds) != len(rows):
        _, first, counts = np.unique(rows, return_index=True, return_counts=True)
        twice = chosen[first[counts > 1][0]]
        address = cell_address(int(cells.rows[twice]), int(cells.columns[twice]))
        raise InputError([Fault("KW-FI-024", sheet=sheet, cell=address, found=address)])
    written = (kinds == Kind.TEXT) | (kinds == Kind.ERROR)
    numbers = np.full(height, np.nan)
    numbers[rows] = np.where(written | (kinds == Kind.NO_VALUE), np.nan, values)
    if not written.any():
        return RawColumn(column_kinds, numbers)
    column_texts = np.full(height, None, dtype=np.object_)
    column_texts[rows[written]] = texts[values[written].astype(np.int64)]
    return RawColumn(column_kinds, numbers, column_texts)


def _texts(shared: Sequence[str], own: Sequence[str]) -> NDArray[np.object_]:
    """All texts in one array: the shared ones from the front, the sheet's own from the back (-1 is the first)."""
    texts = np.empty(len(shared) + len(own), dtype=np.object_)
    texts[: len(shared)] = shared
    texts[len(shared) :] = own[::-1]
    return texts


def _check(sheet: str, cells: Cells, texts: NDArray[np.object_], shared: int) -> None:
    finite = np.isfinite(cells.values)
    written = (cells.kinds == Kind.TEXT) | (cells.kinds == Kind.ERROR)
    unknown = written & ~(finite & (cells.values < shared) & (cells.values >= shared - len(texts)))
    if unknown.any():
        raise InputError([_fault("KW-FI-010", sheet, cells, int(np.flatnonzero(unknown)[0]))])
    if not finite.all():
        wrong = np.flatnonzero(~finite)
        raise InputError(
            [_fault("KW-FI-021", sheet, cells, at, count=len(wrong)) for at in wrong[:MOST_LISTED].tolist()]
        )
    longest = max(map(len, texts), default=0)
    used = cells.values[written].astype(np.int64)
    if longest * len(used) > MOST_CHARACTERS:
        lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        if (characters := int(lengths[used].sum())) > MOST_CHARACTERS:
            raise InputError([Fault("KW-FI-019", sheet=sheet, found=characters)])


def _fault(code: str, sheet: str, cells: Cells, at: int, **values: object) -> Fault:
    address = cell_address(int(cells.rows[at]), int(cells.columns[at]))
    return Fault(code, sheet=sheet, cell=address, found=address if code == "KW-FI-021" else sheet, values=values)
