"""A block of cells as four numbers, and the cells of a worksheet inside it."""

import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass

from openpyxl.cell.cell import Cell
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

MAX_ROWS, MAX_COLUMNS = 1048576, 16384
CELLS = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d*)(?::\$?([A-Za-z]{1,3})\$?([1-9]\d*))?")
WHOLE_COLUMNS = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})")
WHOLE_ROWS = re.compile(r"\$?([1-9]\d*):\$?([1-9]\d*)")


@dataclass(frozen=True, slots=True)
class Area:
    """Rows and columns counted from 1; an area without rows or columns holds no cell."""

    row: int
    column: int
    rows: int = 1
    columns: int = 1

    @property
    def last_row(self) -> int:
        return self.row + self.rows - 1

    @property
    def last_column(self) -> int:
        return self.column + self.columns - 1

    @property
    def size(self) -> int:
        return self.rows * self.columns

    @property
    def ref(self) -> str:
        return self.address(row_absolute=False, column_absolute=False)

    def address(self, *, row_absolute: bool = True, column_absolute: bool = True) -> str:
        def cell(row: int, column: int) -> str:
            return f"{'$' if column_absolute else ''}{get_column_letter(column)}{'$' if row_absolute else ''}{row}"

        first, last = cell(self.row, self.column), cell(self.last_row, self.last_column)
        return first if self.size == 1 else f"{first}:{last}"

    def overlaps(self, other: "Area") -> bool:
        return (
            self.row <= other.last_row
            and other.row <= self.last_row
            and self.column <= other.last_column
            and other.column <= self.last_column
        )

    def covers(self, other: "Area") -> bool:
        return (
            self.row <= other.row
            and other.last_row <= self.last_row
            and self.column <= other.column
            and other.last_column <= self.last_column
        )


def between(first: Area, second: Area) -> Area:
    """The smallest area that holds both."""
    row, column = min(first.row, second.row), min(first.column, second.column)
    last_row, last_column = max(first.last_row, second.last_row), max(first.last_column, second.last_column)
    return Area(row, column, last_row - row + 1, last_column - column + 1)


def from_address(text: str) -> Area | None:
    """A1, A1:B2, A:C or 1:3, with or without dollars; None for anything else."""
    if match := CELLS.fullmatch(text):
        first = Area(int(match[2]), column_index_from_string(match[1]))
        return between(first, Area(int(match[4]), column_index_from_string(match[3]))) if match[3] else first
    if match := WHOLE_COLUMNS.fullmatch(text):
        left, right = sorted(column_index_from_string(letters) for letters in match.groups())
        return Area(1, left, MAX_ROWS, right - left + 1)
    if match := WHOLE_ROWS.fullmatch(text):
        top, bottom = sorted(int(number) for number in match.groups())
        return Area(top, 1, bottom - top + 1, MAX_COLUMNS)
    return None


def used_area(sheet: Worksheet) -> Area:
    """The rectangle around every cell that holds something or has a format, as Excel's UsedRange."""
    return _around([place for place, cell in sheet._cells.items() if cell.value is not None or cell.has_style]) or Area(
        1, 1
    )


def filled_area(sheet: Worksheet) -> Area | None:
    """The rectangle around every cell that holds something, as the web client sends it."""
    return _around([place for place, cell in sheet._cells.items() if cell.value is not None])


def _around(filled: list[tuple[int, int]]) -> Area | None:
    if not filled:
        return None
    rows, columns = [row for row, _ in filled], [column for _, column in filled]
    return between(Area(min(rows), min(columns)), Area(max(rows), max(columns)))


def cell_at(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell, made when needed; a new cell takes the format of its column."""
    found = sheet._cells.get((row, column))
    if found is None:
        found = sheet.cell(row, column)
        dimension = sheet.column_dimensions.get(get_column_letter(column))
        if dimension is not None and dimension.has_style:
            found._style = copy(dimension._style)
    return found


def all_cells(sheet: Worksheet, area: Area) -> Iterator[Cell]:
    """Every cell of the area, row by row, made when needed."""
    for row in range(area.row, area.last_row + 1):
        for column in range(area.column, area.last_column + 1):
            yield cell_at(sheet, row, column)


def kept_cells(sheet: Worksheet, area: Area) -> list[Cell]:
    """The cells of the area that exist in the file."""
    if area.size <= len(sheet._cells):
        places = (
            (row, column)
            for row in range(area.row, area.last_row + 1)
            for column in range(area.column, area.last_column + 1)
        )
        return [sheet._cells[place] for place in places if place in sheet._cells]
    return [cell for (row, column), cell in sorted(sheet._cells.items()) if area.covers(Area(row, column))]
