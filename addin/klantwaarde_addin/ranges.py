"""What a host hands over as one rectangle of cells: a single value, a list, rows, an array or a frame."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final, Literal

import numpy as np
import pandas as pd

from klantwaarde.messages import Fault
from klantwaarde_addin.errors import FunctionError, Place

Form = Literal["single", "list", "grid"]

WHOLE_COLUMN: Final = 1_000_000  # a range of so many rows was chosen as a whole column: it ends where its values end


@dataclass(frozen=True, slots=True)
class Range:
    """A rectangle of cells.

    Attributes:
        cells: Row by row; a blank cell is None.
        n_rows, n_columns: Its size; a list counts as one column.
        form: How it was given, so that a result can go back in the same form.
    """

    cells: list[object]
    n_rows: int
    n_columns: int
    form: Form

    @property
    def size(self) -> int:
        return len(self.cells)

    @property
    def n_filled(self) -> int:
        """How many rows there are up to the last one that is not blank."""
        for place in range(len(self.cells) - 1, -1, -1):
            if not is_blank(self.cells[place]):
                return place // self.n_columns + 1
        return 0

    def place(self, argument: str, index: int) -> Place:
        """Where the cell with this index stands."""
        row, column = divmod(index, self.n_columns)
        several_rows, several_columns = self.n_rows > 1, self.n_columns > 1
        return Place(argument, row + 1 if several_rows else None, column + 1 if several_columns else None)

    def cut(self, n_rows: int) -> "Range":
        """Its first rows."""
        return replace(self, cells=self.cells[: n_rows * self.n_columns], n_rows=n_rows)


def range_of(value: object, argument: str, *, header: bool = False) -> Range:
    """A value as a range.

    Args:
        value: A single value, a list of values, a list of rows, a numpy array, a pandas Series or DataFrame.
        argument: For the message when its rows differ in length.
        header: Whether the column names of a DataFrame are its first row.

    Raises:
        FunctionError: no cells (KW-FN-012), or rows of different lengths (KW-FN-018).
    """
    plain = _plain(value, header=header)
    if not isinstance(plain, (list, tuple)):
        return Range([plain], 1, 1, "single")
    nested = [isinstance(row, (list, tuple)) for row in plain]
    if not any(nested):
        found = Range(list(plain), len(plain), 1, "list")
    else:
        lengths = set(map(len, plain)) if all(nested) else set()
        if len(lengths) != 1:
            raise FunctionError(Fault("KW-FN-018"), Place(argument))
        found = Range(list(chain.from_iterable(plain)), len(plain), lengths.pop(), "grid")
    if not found.cells:
        raise FunctionError(Fault("KW-FN-012"), Place(argument))
    return found


def as_rows(cells: object) -> object:
    """Cells as Excel hands them over: a single value, or rows; a flat sequence is one row, as in ``{1,2,3}``."""
    flat = isinstance(cells, (list, tuple)) and not (cells and isinstance(cells[0], (list, tuple)))
    return [cells] if flat else cells


def ending_together(ranges: Sequence[Range]) -> list[Range]:
    """Whole columns cut where the longest of them ends; every other range stays as it is."""
    end = max((part.n_filled for part in ranges if part.n_rows >= WHOLE_COLUMN), default=0)
    return [part.cut(max(end, 1)) if part.n_rows >= WHOLE_COLUMN else part for part in ranges]


def is_blank(cell: object) -> bool:
    """Whether a cell holds nothing: None, an empty text, NaN, NaT or NA."""
    if isinstance(cell, float):
        return cell != cell  # noqa: PLR0124 - NaN is the only number that differs from itself
    return cell is None or cell is pd.NA or cell is pd.NaT or (isinstance(cell, str) and not cell)


def _plain(value: object, *, header: bool) -> object:
    """Arrays and frames as lists of Python values."""
    if isinstance(value, pd.DataFrame):
        names = [value.columns.tolist()] if header else []
        return names + value.astype(object).to_numpy().tolist()
    if isinstance(value, pd.Series):
        return value.tolist()
    if isinstance(value, (np.ndarray, np.generic)):
        moments = value.dtype.kind == "M"  # nanoseconds would become integers
        return (value.astype("M8[us]") if moments else value).tolist()
    return value
