"""The book as the web client sent it: the remote engine reads from it, whatever was written since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from addin.engine.areas import Area, filled_area
from addin.engine.references import table_area
from addin.engine.values import to_json

if TYPE_CHECKING:
    from openpyxl.worksheet.table import Table
    from openpyxl.worksheet.worksheet import Worksheet

    from addin.engine.books import Book


class Snapshot:
    """Values of every sheet and places of every table at one moment."""

    def __init__(self, book: Book | None = None) -> None:
        self._values: dict[Worksheet, dict[tuple[int, int], Any]] = {}
        self._used: dict[Worksheet, Area | None] = {}
        self._tables: list[tuple[Table, Area, bool]] = []
        for sheet in book.workbook.worksheets if book else ():
            results = book.results.get(sheet, {}) if book else {}
            self._values[sheet] = {place: to_json(cell, results) for place, cell in sheet._cells.items()}
            self._used[sheet] = filled_area(sheet)
            self._tables.extend((table, table_area(table), True) for table in sheet.tables.values())

    def add_table(self, table: Table, area: Area) -> None:
        """Remember a table that was made since: its source is known, its parts are not."""
        self._tables.append((table, area, False))

    def place_of(self, table: Table) -> Area:
        return next((area for known, area, _ in self._tables if known is table), table_area(table))

    def knows_parts_of(self, table: Table) -> bool:
        return any(loaded for known, _, loaded in self._tables if known is table)

    def values(self, sheet: Worksheet, area: Area) -> list[tuple[Any, ...]]:
        """Rows of the area; inside the used block a blank is an empty text, outside it is None."""
        known = self._values.get(sheet, {})
        used = self._used.get(sheet)
        edge = (used.last_row, used.last_column) if used else (0, 0)

        def item(row: int, column: int) -> Any:
            return known.get((row, column), "" if row <= edge[0] and column <= edge[1] else None)

        return [
            tuple(item(row, column) for column in range(area.column, area.last_column + 1))
            for row in range(area.row, area.last_row + 1)
        ]

    def used(self, sheet: Worksheet) -> Area:
        """The filled block as the client sent it; A1 for an empty or a new sheet."""
        return self._used.get(sheet) or Area(1, 1)

    def twin(self, source: Worksheet, copy: Worksheet) -> None:
        """A copied sheet starts with what its source was sent with."""
        if source in self._used:
            self._values[copy], self._used[copy] = self._values[source], self._used[source]
