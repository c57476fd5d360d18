"""Sheets drawn into an empty live workbook: a template, where a host cannot open a file."""

from collections.abc import Sequence

import xlwings as xw

from klantwaarde.workbook.canvas import Canvas, reference
from klantwaarde_addin.live import values
from klantwaarde_addin.live.fill import Standing, fill
from klantwaarde_addin.live.rules import set_links, set_rules


def is_empty(book: xw.Book) -> bool:
    """Whether a book holds nothing: no table, and no more than one blank cell in use on any sheet."""
    return all(len(sheet.tables) == 0 and _is_blank(sheet) for sheet in book.sheets)


def _is_blank(sheet: xw.Sheet) -> bool:
    used = sheet.used_range
    return used.shape == (1, 1) and used.options(ndim=1).value[0] in (None, "")


def draw_sheets(book: xw.Book, canvases: Sequence[Canvas]) -> None:
    """Draw every sheet behind those that are there, with its lists, links and names; blank first sheets go."""
    blank = [sheet.name for sheet in book.sheets]
    last = blank[-1]
    for canvas in canvases:
        sheet = book.sheets.add(canvas.name, after=book.sheets[last])
        fill(sheet, canvas, Standing())
        for name, area in canvas.names.items():
            book.names.add(name, f"={reference(canvas.name, area)}")
        last = canvas.name
    for canvas in canvases:
        sheet = book.sheets[canvas.name]
        values.write_formulas(sheet, canvas)
        set_rules(sheet, canvas)
        set_links(sheet, canvas)
    for name in blank:
        book.sheets[name].delete()
    book.sheets[canvases[0].name].activate()
