"""Raw cells as an adapter hands them over: one sheet in columns, every cell with its address and its kind.

Columns are arrays, so that a million rows are typed without a Python call per cell.
"""

import re
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]+)")


class Kind(IntEnum):
    """What stands in a cell."""

    BLANK = 0
    NUMBER = 1
    TEXT = 2
    DATE = 3
    BOOL = 4
    ERROR = 5  # #N/A, #DIV/0!, #SPILL! ...
    NO_VALUE = 6  # a formula whose result was never calculated or saved


@dataclass(frozen=True, slots=True)
class RawColumn:
    """One column of cells, top to bottom.

    Attributes:
        kinds: ``Kind`` per cell, uint8, shape (n,).
        numbers: float64, shape (n,). NUMBER: the value; BOOL: 0 or 1; DATE: days since 1899-12-30 (the 1900 system's
            serial; books in the 1904 system are converted by the adapter); otherwise NaN.
        texts: object, shape (n,), or None when the column holds no text and no errors. TEXT: the string as it stands;
            ERROR: the error value, such as ``#N/A``; otherwise None.
    """

    kinds: NDArray[np.uint8]
    numbers: NDArray[np.float64]
    texts: NDArray[np.object_] | None = None

    def __len__(self) -> int:
        return len(self.kinds)


@dataclass(frozen=True, slots=True)
class RawSheet:
    """The used rectangle of a sheet.

    Attributes:
        name: The sheet's name as Excel shows it.
        first_row: Excel row number (1-based) of the first cell in each column.
        first_column: Excel column number (A = 1) of ``columns[0]``.
        columns: All of the same length.
        tables: Excel tables (ListObjects) on this sheet: name -> (first row, first column, last row, last column),
            1-based, the header row included, a totals row not.
        hidden_rows: Excel row numbers that are hidden or filtered out.
        merged: Merged ranges as (first row, first column, last row, last column).
    """

    name: str
    first_row: int
    first_column: int
    columns: tuple[RawColumn, ...]
    tables: dict[str, tuple[int, int, int, int]]
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()

    @property
    def n_rows(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    def address(self, row: int, column: int) -> str:
        """A1 address of the cell at these zero-based offsets in the used rectangle."""
        return cell_address(self.first_row + row, self.first_column + column)


def column_letters(number: int) -> str:
    """Excel's letters for a column number: 1 -> A, 27 -> AA."""
    letters = ""
    while number:
        number, remainder = divmod(number - 1, 26)
        letters = chr(65 + remainder) + letters
    return letters


def cell_address(row: int, column: int) -> str:
    """A1 address of a 1-based row and column.

    Example:
        >>> cell_address(14, 4)
        'D14'
    """
    return f"{column_letters(column)}{row}"


def position(address: str) -> tuple[int, int]:
    """Row and column number of an A1 address.

    Raises:
        ValueError: the text is no address.
    """
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise ValueError(f"{address!r} is not a cell address")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column
