"""Excel tables (ListObjects): made over cells, resized, renamed, with the rules that Excel keeps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table as SheetTable
from openpyxl.worksheet.table import TableStyleInfo
from xlwings import base_classes

from addin.engine.areas import MAX_COLUMNS, MAX_ROWS, Area, from_address
from addin.engine.com import ComError, com_object, wire
from addin.engine.members import Members
from addin.engine.ranges import Range
from addin.engine.references import find_table, header_area, table_area, tables_of
from addin.engine.rewriting import rename_table
from addin.engine.table_columns import TableColumns
from addin.engine.table_headers import settle_headers

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from addin.engine.sheet import Sheet

TABLE_NAME = re.compile(r"[^\W\d][\w.\\]{0,254}|\\[\w.\\]{0,254}")
LIKE_ROWS_AND_COLUMNS = re.compile(r"[rR]\d*(?:[cC]\d*)?|[cC]\d*")


def _style_flag(attribute: str) -> property:
    def get(table: Table) -> bool:
        return bool(getattr(table.table.tableStyleInfo, attribute))

    def put(table: Table, value: bool) -> None:
        setattr(table.table.tableStyleInfo, attribute, value)

    return property(get, put)


@com_object
class Table(base_classes.Table):
    """One table of a sheet."""

    show_table_style_row_stripes = _style_flag("showRowStripes")
    show_table_style_column_stripes = _style_flag("showColumnStripes")
    show_table_style_first_column = _style_flag("showFirstColumn")
    show_table_style_last_column = _style_flag("showLastColumn")

    def __init__(self, sheet: Sheet, table: SheetTable) -> None:
        self._sheet = sheet
        self.table = table
        if table.tableStyleInfo is None:
            table.tableStyleInfo = TableStyleInfo()

    @property
    def api(self) -> None:
        return None

    @property
    def parent(self) -> Sheet:
        return self._sheet

    @property
    def name(self) -> str:
        return self.table.displayName

    @name.setter
    def name(self, value: str) -> None:
        check_table_name(self._sheet.ws, value, self.table)
        rename_table(self._sheet.ws.parent, self.table.displayName, value)
        self.table.name = self.table.displayName = value
        in_order = list(self._sheet.ws.tables.values())
        self._sheet.ws.tables.clear()
        for table in in_order:
            self._sheet.ws.tables.add(table)

    display_name = name

    @property
    def range(self) -> Range:
        return Range(self._sheet, self._area())

    def _area(self) -> Area:
        if wire.remote_like:
            return self._sheet.book_impl.snapshot.place_of(self.table)
        return table_area(self.table)

    def _part(self, area: Area | None) -> Range | None:
        if wire.remote_like and not self._sheet.book_impl.snapshot.knows_parts_of(self.table):
            return None
        return Range(self._sheet, area) if area is not None else None

    @property
    def header_row_range(self) -> Range | None:
        whole = self._area()
        return self._part(Area(whole.row, whole.column, 1, whole.columns) if header_area(self.table) else None)

    @property
    def data_body_range(self) -> Range | None:
        whole = self._area()
        header, totals = self.table.headerRowCount or 0, self.table.totalsRowCount or 0
        rows = whole.rows - header - totals
        return self._part(Area(whole.row + header, whole.column, rows, whole.columns) if rows > 0 else None)

    @property
    def totals_row_range(self) -> Range | None:
        whole = self._area()
        return self._part(Area(whole.last_row, whole.column, 1, whole.columns) if self.table.totalsRowCount else None)

    @property
    def insert_row_range(self) -> None:
        return None

    def resize(self, new_range: Any) -> None:
        """The header stays in its row, the new range overlaps the old, has a row below the header and meets no other table."""
        old, new = table_area(self.table), new_range.impl.area
        if new_range.impl.sheet.ws is not self._sheet.ws:
            raise ComError("A table is resized on its own sheet.")
        if new.row != old.row or not new.overlaps(old):
            raise ComError(
                "The header must remain in the same row, and the resulting table must overlap the original table."
            )
        if new.rows < 2:
            raise ComError("A table needs at least one row below its header.")
        check_free(self._sheet.ws, new, self.table)
        self.table.ref = new.ref
        if self.table.autoFilter is not None:
            self.table.autoFilter.ref = new.ref
        settle_headers(self._sheet.ws, self.table, self._sheet.book_impl.language)

    @property
    def show_autofilter(self) -> bool:
        return self.table.autoFilter is not None

    @show_autofilter.setter
    def show_autofilter(self, value: bool) -> None:
        self.table.autoFilter = AutoFilter(ref=self.table.ref) if value else None

    @property
    def show_headers(self) -> bool:
        return bool(self.table.headerRowCount)

    @property
    def show_totals(self) -> bool:
        return bool(self.table.totalsRowCount)

    @property
    def table_style(self) -> str:
        return self.table.tableStyleInfo.name or ""

    @table_style.setter
    def table_style(self, value: str) -> None:
        self.table.tableStyleInfo.name = value

    @property
    def columns(self) -> TableColumns:
        return TableColumns(self)


@com_object
class Tables(Members[Table], base_classes.Tables):
    """The tables of one sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    def _members(self) -> list[Table]:
        return [Table(self._sheet, table) for table in self._sheet.ws.tables.values()]

    @staticmethod
    def _name_of(member: Table) -> str:
        return member.table.displayName

    def add(
        self,
        source_type: Any = None,
        source: Any = None,
        link_source: Any = None,
        has_headers: bool | None = None,
        destination: Any = None,
        table_style_name: str | None = None,
        name: str | None = None,
    ) -> Table:
        """Make the table, then name it: a refused name leaves a table with a name of Excel's choice, as in Excel."""
        if not has_headers:
            raise NotImplementedError("The engine makes tables from ranges with a header row only.")
        area = source.impl.area
        if source.impl.sheet.ws is not self._sheet.ws:
            raise ComError("The source of a table lies on its own sheet.")
        area = Area(area.row, area.column, max(2, area.rows), area.columns)
        check_free(self._sheet.ws, area)
        table = SheetTable(displayName=_default_name(self._sheet), ref=area.ref, autoFilter=AutoFilter(ref=area.ref))
        table.name, table.headerRowCount = table.displayName, 1
        table.tableStyleInfo = TableStyleInfo(name=table_style_name, showRowStripes=True)
        settle_headers(self._sheet.ws, table, self._sheet.book_impl.language)
        self._sheet.ws.tables.add(table)
        if wire.remote_like:
            self._sheet.book_impl.snapshot.add_table(table, area)
        made = Table(self._sheet, table)
        if name is not None:
            made.name = name
        return made


def check_free(sheet: Worksheet, area: Area, apart_from: SheetTable | None = None) -> None:
    """Raise where another table or a merged cell stands in the way."""
    for table in sheet.tables.values():
        if table is not apart_from and table_area(table).overlaps(area):
            raise ComError("A table cannot overlap another table.")
    for merged in sheet.merged_cells.ranges:
        other = from_address(merged.coord)
        if other is not None and other.overlaps(area):
            raise ComError("A table cannot hold merged cells.")


def check_table_name(sheet: Worksheet, name: str, table: SheetTable | None = None) -> None:
    """Raise where Excel refuses the name: its grammar, or a table or name of the book that has it."""
    book = sheet.parent
    found = find_table(book, name)
    if not TABLE_NAME.fullmatch(name) or is_like_a_cell(name):
        raise ComError(f"The syntax of the name {name!r} isn't correct.")
    if (found is not None and found[1] is not table) or name.casefold() in {
        other.casefold() for other in book.defined_names
    }:
        raise ComError(f"The name {name!r} is in use.")


def is_like_a_cell(name: str) -> bool:
    """Whether Excel reads the name as an address, in letters and digits or in rows and columns."""
    area = from_address(name)
    return bool(LIKE_ROWS_AND_COLUMNS.fullmatch(name)) or (
        area is not None and area.column <= MAX_COLUMNS and area.row <= MAX_ROWS
    )


def _default_name(sheet: Sheet) -> str:
    word = {"nl": "Tabel", "en": "Table"}[sheet.book_impl.language]
    taken = {table.displayName.casefold() for _, table in tables_of(sheet.ws.parent)}
    return next(name for number in range(1, len(taken) + 2) if (name := f"{word}{number}").casefold() not in taken)
