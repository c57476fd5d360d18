"""A copy of a sheet as Excel makes it: cells, looks, tables under new names, names of the sheet, rules and charts."""

from __future__ import annotations

from copy import copy, deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from openpyxl.worksheet.table import Table

from addin.engine.references import find_table

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from addin.engine.books import Book
    from addin.engine.chart_record import ChartRecord


def copy_sheet(book: Book, source: Worksheet) -> Worksheet:
    """The twin, still at the end of the book."""
    twin: Worksheet = book.workbook.copy_worksheet(source)
    twin._WorkbookChild__title = _title(book.workbook, source.title)
    for place, cell in source._cells.items():
        twin._cells[place].data_type = cell.data_type
    for table in source.tables.values():
        described = table.to_tree()
        described.attrib.pop("xmlns", None)
        doubled = Table.from_tree(described)
        doubled.name = doubled.displayName = _table_name(book.workbook, table.displayName)
        twin.tables.add(doubled)
    for name, defined in source.defined_names.items():
        twin.defined_names[name] = copy(defined)
    twin.conditional_formatting = deepcopy(source.conditional_formatting)
    twin.data_validations = deepcopy(source.data_validations)
    twin.freeze_panes = source.freeze_panes
    twin.sheet_view.showGridLines = source.sheet_view.showGridLines
    book.results[twin] = dict(book.results.get(source, {}))
    book.charts[twin] = [_chart(record, source, twin) for record in book.charts.get(source, [])]
    return twin


def _chart(record: ChartRecord, source: Worksheet, twin: Worksheet) -> ChartRecord:
    def moved(cells: Any) -> Any:
        return (twin, cells[1]) if cells is not None and cells[0] is source else cells

    return replace(
        record,
        place=dict(record.place),
        source=moved(record.source),
        x_values=moved(record.x_values),
        settings=dict(record.settings),
        axes=deepcopy(record.axes),
        series=deepcopy(record.series),
        loaded=deepcopy(record.loaded),
    )


def _title(workbook: Any, title: str) -> str:
    taken = {sheet.title.casefold() for sheet in workbook._sheets}
    number = 2
    while (name := f"{title[: 31 - len(f' ({number})')]} ({number})").casefold() in taken:
        number += 1
    return name


def _table_name(workbook: Any, name: str) -> str:
    number = 2
    while find_table(workbook, f"{name}{number}") is not None:
        number += 1
    return f"{name}{number}"
