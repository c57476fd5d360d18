"""The remote route of xlwings without Excel: the message its web client sends, and what the client does with the answer.

``payload_of`` makes what ``xlwings.Book(json=...)`` takes; ``apply_actions`` carries out ``book.json()["actions"]``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlwings as xw
from openpyxl.workbook import Workbook

from addin.engine import book_actions, cell_actions, chart_actions, engine
from addin.engine.action_target import Target
from addin.engine.areas import Area, filled_area
from addin.engine.books import Book
from addin.engine.com import wire
from addin.engine.references import data_area, resolve, table_area
from addin.engine.values import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openpyxl.workbook.defined_name import DefinedName
    from openpyxl.worksheet.table import Table
    from openpyxl.worksheet.worksheet import Worksheet

ACTIONS = {**cell_actions.ACTIONS, **book_actions.ACTIONS, **chart_actions.ACTIONS}
Source = str | Path | Workbook | xw.Book

__all__ = ["apply_actions", "payload_of"]


def apply_actions(target: xw.Book | Workbook, actions: Iterable[dict[str, Any]]) -> None:
    """Do to a book of the test engine, or to an openpyxl workbook, what the web client does in Excel."""
    book = target if isinstance(target, xw.Book) else xw.Book(impl=_book_of(target))
    with wire.uncounted():
        for action in actions:
            ACTIONS[action["func"]](Target(book, action))


def payload_of(source: Source, include: Iterable[str] | None = None, selection: str = "A1") -> dict[str, Any]:
    """The book as the web client sends it; sheets outside ``include`` without their contents."""
    book = _book_of(source)
    sheets = book.workbook.worksheets
    wanted = {sheet.title for sheet in sheets} if include is None else set(include)
    scopes = [
        (None, book.workbook.defined_names),
        *((sheet, sheet.defined_names) for sheet in sheets if sheet.title in wanted),
    ]
    return {
        "client": "Office.js",
        "version": xw.__version__,
        "book": {
            "name": book.file_name,
            "active_sheet_index": sheets.index(book.workbook.active),
            "selection": selection,
            "calculation": "Automatic",
        },
        "names": [_name(book.workbook, owner, defined) for owner, names in scopes for defined in names.values()],
        "sheets": [_sheet(book, sheet, included=sheet.title in wanted) for sheet in sheets],
    }


def _book_of(source: Source) -> Book:
    if isinstance(source, xw.Book):
        return source.impl
    books = engine.apps[1]._books
    if isinstance(source, Workbook):
        return Book(books, source, "book.xlsx")
    return books.load(str(source))


def _name(workbook: Workbook, owner: Worksheet | None, defined: DefinedName) -> dict[str, Any]:
    found = resolve(workbook, owner or workbook.worksheets[0], str(defined.attr_text))
    return {
        "name": defined.name,
        "refers_to": f"={defined.attr_text}",
        "type": "Range" if found else "String",
        "sheet_index": workbook.worksheets.index(found[0]) if found else None,
        "address": found[1].ref if found else None,
        "scope_sheet_name": owner.title if owner is not None else None,
        "scope_sheet_index": workbook.worksheets.index(owner) if owner is not None else None,
        "book_scope": owner is None,
    }


def _sheet(book: Book, sheet: Worksheet, *, included: bool) -> dict[str, Any]:
    used = filled_area(sheet) if included else None
    return {
        "name": sheet.title,
        "visibility": {"visible": "Visible", "hidden": "Hidden", "veryHidden": "VeryHidden"}[sheet.sheet_state],
        "show_gridlines": bool(sheet.sheet_view.showGridLines),
        "print_area": sheet.print_area.rpartition("!")[2].replace("$", "") or None,
        "notes": [{"address": cell.coordinate} for cell in sheet._cells.values() if cell.comment] if included else [],
        "notes_supported": True,
        "used_range_address": used.ref if used else None,
        "used_range_row_count": used.rows if used else 0,
        "used_range_column_count": used.columns if used else 0,
        "values": _values(book, sheet, used) if included else [[]],
        "pictures": [],
        "shapes": [],
        "charts": [_chart(record) for record in book.charts.get(sheet, [])] if included else [],
        "tables": [_table(table) for table in sheet.tables.values()] if included else [],
        "pivot_tables": [],
    }


def _values(book: Book, sheet: Worksheet, used: Area | None) -> list[list[Any]]:
    results = book.results.get(sheet, {})
    last_row, last_column = (used.last_row, used.last_column) if used else (1, 1)
    cells = sheet._cells
    return [
        [to_json(cells[row, column], results) if (row, column) in cells else "" for column in range(1, last_column + 1)]
        for row in range(1, last_row + 1)
    ]


def _chart(record: Any) -> dict[str, Any]:
    words = record.chart_type.split("_")
    kind = "".join("XY" if word == "xy" else word.capitalize() for word in words)
    return {"name": record.name, "chart_type": kind, **record.place}


def _table(table: Table) -> dict[str, Any]:
    area, body, style = table_area(table), data_area(table), table.tableStyleInfo
    header, totals = bool(table.headerRowCount), bool(table.totalsRowCount)
    return {
        "name": table.displayName,
        "range_address": area.ref,
        "row_count": area.rows,
        "column_count": area.columns,
        "columns": [column.name for column in table.tableColumns],
        "header_row_range_address": Area(area.row, area.column, 1, area.columns).ref if header else None,
        "data_body_range_address": body.ref if body else None,
        "total_row_range_address": Area(area.last_row, area.column, 1, area.columns).ref if totals else None,
        "show_headers": header,
        "show_totals": totals,
        "table_style": style.name if style else "",
        "show_autofilter": table.autoFilter is not None,
        "show_table_style_first_column": bool(style and style.showFirstColumn),
        "show_table_style_last_column": bool(style and style.showLastColumn),
        "show_table_style_row_stripes": bool(style and style.showRowStripes),
        "show_table_style_column_stripes": bool(style and style.showColumnStripes),
    }
