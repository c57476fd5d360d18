"""The columns of a table: read, put in and taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import xlwings
from openpyxl.worksheet.table import TableColumn as SheetColumn
from xlwings import base_classes

from addin.engine.areas import Area
from addin.engine.com import com_object, wire
from addin.engine.members import Members
from addin.engine.moving import delete_cells, insert_cells
from addin.engine.ranges import Range
from addin.engine.references import data_area, table_area
from addin.engine.rewriting import rename_columns

if TYPE_CHECKING:
    from addin.engine.tables import Table


@com_object
class TableColumn(base_classes.TableColumn):
    """One column of a table."""

    def __init__(self, owner: Table, place: int) -> None:
        self._owner = owner
        self._place = place

    @property
    def name(self) -> str:
        return self._owner.table.tableColumns[self._place].name

    @property
    def index(self) -> int:
        return self._place + 1

    def _strip(self, area: Area | None) -> Range | None:
        return Range(self._owner.parent, Area(area.row, area.column + self._place, area.rows, 1)) if area else None

    @property
    def range(self) -> Range | None:
        return self._strip(table_area(self._owner.table))

    @property
    def data_body_range(self) -> Range | None:
        return self._strip(data_area(self._owner.table))

    def delete(self) -> None:
        """Take the column out; what is right of the table moves left, and references to the column are broken."""
        sheet, table = self._owner.parent, self._owner.table
        if len(table.tableColumns) == 1:
            raise ValueError("Cannot delete the last table column")
        area = table_area(table)
        rename_columns(sheet.ws.parent, sheet.ws, table, {table.tableColumns[self._place].name: None})
        table.tableColumns = [column for place, column in enumerate(table.tableColumns) if place != self._place]
        delete_cells(sheet, Area(area.row, area.column + self._place, area.rows, 1), table)


@com_object
class TableColumns(Members[TableColumn], base_classes.TableColumns):
    """The columns of a table, left to right."""

    def __init__(self, owner: Table) -> None:
        self._owner = owner

    def add(self, name: str, index: int | None) -> TableColumn:
        """Put in an empty column; what stands at its place and right of it moves right."""
        sheet, table = self._owner.parent, self._owner.table
        area = table_area(table)
        place = len(table.tableColumns) if index is None else index - 1
        table.tableColumns = [
            *table.tableColumns[:place],
            SheetColumn(id=max(column.id for column in table.tableColumns) + 1, name=name),
            *table.tableColumns[place:],
        ]
        insert_cells(sheet, Area(area.row, area.column + place, area.rows, 1), table)
        grown = Area(area.row, area.column, area.rows, area.columns + 1)
        table.ref = grown.ref
        if table.autoFilter is not None:
            table.autoFilter.ref = grown.ref
        Range(sheet, Area(area.row, area.column + place)).raw_value = f"'{name}"
        return TableColumn(self._owner, place)

    def _members(self) -> list[TableColumn]:
        if wire.remote_like and not self._owner.parent.book_impl.snapshot.knows_parts_of(self._owner.table):
            raise xlwings.XlwingsError("The new table's column names are unavailable until Excel creates the table.")
        return [TableColumn(self._owner, place) for place in range(len(self._owner.table.tableColumns))]

    @staticmethod
    def _name_of(member: TableColumn) -> str:
        return member._owner.table.tableColumns[member._place].name
