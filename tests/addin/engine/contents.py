"""Everything that a book holds, as plain data: two books are the same when this is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from addin.engine.values import formula_text

if TYPE_CHECKING:
    import xlwings as xw
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from addin.engine.books import Book


def contents_of(book: xw.Book) -> dict[str, Any]:
    """Sheets in tab order with cells, looks, tables, rules and charts; the defined names of the book."""
    impl: Book = book.impl
    return {
        "sheets": {sheet.title: sheet_contents(impl, sheet) for sheet in impl.workbook.worksheets},
        "order": [sheet.title for sheet in impl.workbook.worksheets],
        "names": {name: defined.attr_text for name, defined in impl.workbook.defined_names.items()},
    }


def sheet_contents(book: Book, sheet: Worksheet) -> dict[str, Any]:
    """One sheet of ``contents_of``."""
    widths = {letter: dimension.width for letter, dimension in sheet.column_dimensions.items() if dimension.customWidth}
    return {
        "cells": {
            cell.coordinate: _cell(cell) for cell in sheet._cells.values() if cell.value is not None or cell.has_style
        },
        "state": sheet.sheet_state,
        "widths": widths,
        "heights": {row: dimension.height for row, dimension in sheet.row_dimensions.items() if dimension.height},
        "tables": {
            table.displayName: (table.ref, [column.name for column in table.tableColumns])
            for table in sheet.tables.values()
        },
        "names": {name: defined.attr_text for name, defined in sheet.defined_names.items()},
        "rules": sorted(
            (str(block.sqref), rule.type, str(rule.formula))
            for block in sheet.conditional_formatting
            for rule in block.rules
        ),
        "validations": sorted(
            (str(rule.sqref), rule.type, rule.formula1, rule.formula2) for rule in sheet.data_validations.dataValidation
        ),
        "merged": sorted(merged.coord for merged in sheet.merged_cells.ranges),
        "charts": [
            (record.name, record.chart_type, record.settings, record.axes, record.series)
            for record in book.charts.get(sheet, [])
        ],
        "print_area": sheet.print_area,
        "gridlines": sheet.sheet_view.showGridLines,
        "panes": sheet.freeze_panes,
    }


def _cell(cell: Cell) -> tuple[Any, ...]:
    font, fill, alignment = cell.font, cell.fill, cell.alignment
    colour = font.color.rgb if font.color is not None and isinstance(font.color.rgb, str) else None
    looks = (
        cell.number_format,
        font.b,
        font.i,
        font.sz,
        font.name,
        colour,
        fill.fill_type and fill.fgColor.rgb,
        alignment.horizontal,
    )
    borders = tuple(
        (side, line.style)
        for side in ("top", "bottom", "left", "right")
        if (line := getattr(cell.border, side)) and line.style
    )
    link = cell.hyperlink and (cell.hyperlink.target or cell.hyperlink.location)
    return (
        formula_text(cell),
        cell.data_type,
        *looks,
        alignment.vertical,
        alignment.wrap_text,
        borders,
        link,
        cell.comment and cell.comment.text,
    )
