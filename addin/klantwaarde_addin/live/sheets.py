"""Sheets drawn into an empty live workbook: the templates, where a host cannot open a file."""

from collections.abc import Sequence

import xlwings as xw

from klantwaarde.workbook.canvas import Canvas


def is_empty(book: xw.Book) -> bool:
    """Whether a book holds nothing: no filled cell and no table on any sheet."""
    return all(
        len(sheet.tables) == 0 and sheet.used_range.raw_value in (None, "", [[""]], ((None,),)) for sheet in book.sheets
    )


def draw_sheets(book: xw.Book, canvases: Sequence[Canvas]) -> None:
    """Draw every sheet, with its lists, links and names."""
    raise NotImplementedError
