"""What may be typed where, and links from sheet to sheet."""

import xlwings as xw

from klantwaarde.tables.raw import cell_address
from klantwaarde.workbook.canvas import Canvas, DrawnBounds, reference


def set_rules(sheet: xw.Sheet, canvas: Canvas) -> None:
    """Drop-down lists and bounds. The words of a warning and hints on headers are beyond xlwings' API: files have them."""
    for drawn in canvas.lists:
        sheet.range(drawn.area).data_validation.set_list(sheet.book.names[drawn.name])
    for bounds in canvas.bounds:
        _bound(sheet.range(bounds.area).data_validation, bounds)


def _bound(rule: xw.main.DataValidation, bounds: DrawnBounds) -> None:
    setters = {"whole": rule.set_whole_number, "decimal": rule.set_decimal, "date": rule.set_date}
    setters[bounds.kind]("between", bounds.low, bounds.high)


def set_links(sheet: xw.Sheet, canvas: Canvas) -> None:
    """Cells that jump to another sheet."""
    for link in canvas.links:
        cell = canvas.cells[link.row, link.column]
        sheet.range(cell_address(link.row, link.column)).add_hyperlink(
            f"#{reference(link.sheet, 'A1')}", str(cell.content)
        )
