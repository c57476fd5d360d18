"""A block of cells: reading, writing, clearing and finding its way."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from addin.engine.areas import MAX_COLUMNS, MAX_ROWS, Area, all_cells, from_address, kept_cells
from addin.engine.cell_looks import Borders, Font
from addin.engine.com import ComError, com_object, wire
from addin.engine.moving import move_block
from addin.engine.navigation import edge_from, region_around
from addin.engine.range_looks import RangeLooks
from addin.engine.references import check_formula, table_area
from addin.engine.rewriting import forget_tables
from addin.engine.rules import ConditionalFormats, DataValidation
from addin.engine.table_growth import grow_over
from addin.engine.table_headers import settle_touched_headers
from addin.engine.values import EMPTY, entry_for, formula_text, put_entry, sendable, to_com

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.worksheet.worksheet import Worksheet

    from addin.engine.sheet import Sheet

STEPS = {
    "down": (1, 0),
    "d": (1, 0),
    "up": (-1, 0),
    "u": (-1, 0),
    "right": (0, 1),
    "r": (0, 1),
    "left": (0, -1),
    "l": (0, -1),
}


LONGEST_TEXT_IN_ARRAY = 8203


class NativeRange:
    """Stands for the COM object: it is there, and nothing may be asked of it."""


@com_object
class Range(RangeLooks, base_classes.Range):
    """Cells of one sheet; an area without rows or columns reads as nothing and ignores writes."""

    def __init__(self, sheet: Sheet, area: Area) -> None:
        self._sheet = sheet
        self.area = area
        self.options: dict[str, Any] = {}

    @property
    def api(self) -> NativeRange | None:
        return NativeRange() if self.area.size else None

    @property
    def _ws(self) -> Worksheet:
        return self._sheet.ws

    @property
    def sheet(self) -> Sheet:
        return self._sheet

    @property
    def row(self) -> int:
        return self.area.row

    @property
    def column(self) -> int:
        return self.area.column

    @property
    def shape(self) -> tuple[int, int]:
        return self.area.rows, self.area.columns

    @property
    def coords(self) -> tuple[str, int, int, int, int]:
        return self._ws.title, self.area.row, self.area.column, self.area.rows, self.area.columns

    def __len__(self) -> int:
        return self.area.size

    def __call__(self, row: int, column: int | None = None) -> Range:
        if column is None:
            ahead, column = divmod(row - 1, self.area.columns)
            row, column = ahead + 1, column + 1
        return self._at(self.area.row + row - 1, self.area.column + column - 1)

    def _at(self, row: int, column: int) -> Range:
        if not (1 <= row <= MAX_ROWS and 1 <= column <= MAX_COLUMNS):
            raise ComError("Application-defined or object-defined error: outside the sheet")
        return Range(self._sheet, Area(row, column))

    @property
    def address(self) -> str:
        return self.area.address()

    def get_address(self, row_absolute: bool, column_absolute: bool, external: bool) -> str:
        address = self.area.address(row_absolute=row_absolute, column_absolute=column_absolute)
        if not external:
            return address
        where = f"[{self._sheet.book_impl.file_name}]{self._ws.title}"
        return f"'{where}'!{address}" if " " in where else f"{where}!{address}"

    @property
    def font(self) -> Font:
        return Font(self)

    @property
    def borders(self) -> Borders:
        return Borders(self)

    @property
    def conditional_formats(self) -> ConditionalFormats:
        return ConditionalFormats(self)

    @property
    def data_validation(self) -> DataValidation:
        return DataValidation(self)

    @property
    def raw_value(self) -> Any:
        area = self.area
        if not area.size:
            return None
        if wire.remote_like:
            return self._sheet.book_impl.snapshot.values(self._ws, area)
        cells, results = self._ws._cells, self._sheet.results
        rows = tuple(
            tuple(
                to_com(cell, results) if (cell := cells.get((row, column))) is not None else None
                for column in range(area.column, area.last_column + 1)
            )
            for row in range(area.row, area.last_row + 1)
        )
        return rows[0][0] if area.size == 1 else rows

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        language, results = self._sheet.book_impl.language, self._sheet.results
        for cell, item in self._pairs(value):
            if wire.remote_like and not sendable(item):
                continue
            entry = entry_for(cell, item, language)
            if entry.kind == "formula":
                check_formula(self._ws.parent, self._ws, Area(cell.row, cell.column), str(entry.value))
            put_entry(cell, entry)
            if results:
                results.pop((cell.row, cell.column), None)
        if self._sheet.book_impl.tables_grow:
            grow_over(self._ws, self.area)
        settle_touched_headers(self._ws, self.area, language)

    def _pairs(self, value: Any) -> Iterator[tuple[Any, Any]]:
        """Every cell with its new content: one value fills, a table of values must have the shape of the range."""
        rows, columns = self.area.rows, self.area.columns
        if not isinstance(value, list | tuple):
            yield from ((cell, value) for cell in all_cells(self._ws, self.area))
            return
        if len(value) != rows or any(not isinstance(row, list | tuple) or len(row) != columns for row in value):
            raise ComError(f"Values of another shape than {rows} x {columns} for {self.area.ref}")
        if not wire.remote_like and any(
            isinstance(item, str) and len(item) > LONGEST_TEXT_IN_ARRAY for row in value for item in row
        ):
            raise ComError(f"A table of values with a text of more than {LONGEST_TEXT_IN_ARRAY} characters")
        yield from zip(all_cells(self._ws, self.area), (item for row in value for item in row), strict=True)

    @property
    def formula(self) -> Any:
        cells = self._ws._cells
        rows = tuple(
            tuple(
                formula_text(cells[row, column]) if (row, column) in cells else ""
                for column in range(self.area.column, self.area.last_column + 1)
            )
            for row in range(self.area.row, self.area.last_row + 1)
        )
        return rows[0][0] if self.area.size == 1 else rows

    @formula.setter
    def formula(self, value: Any) -> None:
        texts = {item for row in value for item in row} if isinstance(value, list | tuple) else {value}
        for text in texts:
            if isinstance(text, str) and text.startswith("=") and len(text) > 1:
                check_formula(self._ws.parent, self._ws, self.area, text)
        self.raw_value = value

    formula2 = formula

    @property
    def formula_array(self) -> Any:
        return formula_text(next(all_cells(self._ws, self.area)))

    @formula_array.setter
    def formula_array(self, value: str) -> None:
        if any(area.overlaps(self.area) for area in map(table_area, self._ws.tables.values())) and self.area.size > 1:
            raise ComError("Multi-cell array formulas are not allowed in tables.")
        Range(self._sheet, Area(self.area.row, self.area.column)).formula = value

    @property
    def has_array(self) -> bool:
        return False

    def clear_contents(self) -> None:
        for cell in kept_cells(self._ws, self.area):
            put_entry(cell, EMPTY)
            self._sheet.results.pop((cell.row, cell.column), None)
        settle_touched_headers(self._ws, self.area, self._sheet.book_impl.language)

    def clear(self) -> None:
        """Contents, formats and rules; a table that lies wholly inside goes too, as with Clear All."""
        gone = [table.displayName for table in self._ws.tables.values() if self.area.covers(table_area(table))]
        for name in gone:
            del self._ws.tables[name]
        forget_tables(self._ws.parent, gone)
        self.clear_contents()
        self.clear_formats()

    def end(self, direction: str) -> Range:
        return Range(self._sheet, edge_from(self._ws, self._sheet.results, self.area, direction))

    @property
    def current_region(self) -> Range:
        return Range(self._sheet, region_around(self._ws, self._sheet.results, self.area))

    def select(self) -> None:
        if self._sheet.book_impl.workbook.active is not self._ws:
            raise ComError("Select method of Range class failed")
        view = self._ws.sheet_view
        view.selection[0].activeCell, view.selection[0].sqref = Area(self.area.row, self.area.column).ref, self.area.ref

    def copy(self, destination: Any = None) -> None:
        if destination is None:
            raise ComError("Copy to the clipboard is not part of the engine; give a destination")
        target = destination.impl if hasattr(destination, "impl") else destination
        start = target.area
        for cell in kept_cells(self._ws, self.area):
            place = Area(start.row + cell.row - self.area.row, start.column + cell.column - self.area.column)
            twin = next(all_cells(target._ws, place))
            twin._value, twin.data_type, twin._style = cell._value, cell.data_type, copy(cell._style)

    def move(self, destination: Any) -> None:
        """Cut, with a destination on the same sheet."""
        if destination.impl.sheet.ws is not self._ws:
            raise NotImplementedError("The engine moves cells within their sheet only.")
        move_block(self._sheet, self.area, destination.impl.area)

    @property
    def name(self) -> Any:
        wanted = self.area
        for name in self._sheet.book_impl.names_impl().every():
            if name.points_at(self._ws, wanted):
                return name
        return None

    @name.setter
    def name(self, value: str) -> None:
        self._sheet.book_impl.names_impl().add(value, f"='{self._ws.title}'!{self.area.address()}")

    @property
    def table(self) -> Any:
        found = next(
            (table for table in self._ws.tables.values() if table_area(table).overlaps(Area(self.row, self.column))),
            None,
        )
        return self._sheet.table_impl(found) if found is not None else None

    def merge(self, across: bool) -> None:
        if any(table_area(table).overlaps(self.area) for table in self._ws.tables.values()):
            raise ComError("Cells of a table cannot be merged.")
        rows = range(self.area.row, self.area.last_row + 1) if across else (self.area.row,)
        for row in rows:
            self._ws.merge_cells(Area(row, self.area.column, 1 if across else self.area.rows, self.area.columns).ref)

    def unmerge(self) -> None:
        for merged in list(self._ws.merged_cells.ranges):
            area = from_address(merged.coord)
            if area and area.overlaps(self.area):
                self._ws.unmerge_cells(merged.coord)

    @property
    def merge_cells(self) -> bool:
        return any(
            (area := from_address(merged.coord)) and area.covers(self.area) for merged in self._ws.merged_cells.ranges
        )
