"""Page set-up, tab colour and folded columns: what only desktop Excel has, through its own object model.

xlwings' public API does not know these; a host without them prints with Excel's own defaults. A printer that Excel
cannot reach must never stop a refresh: what fails here is left as it was.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import xlwings as xw

from klantwaarde.workbook import look
from klantwaarde.workbook.canvas import Canvas, View
from klantwaarde_addin.live.host import is_remote

_LANDSCAPE = 2  # xlLandscape


def set_pages(book: xw.Book, canvases: Sequence[Canvas]) -> None:
    """A4 landscape, one page wide, repeated header row, footer; the colour of the tab."""
    if is_remote(book):
        return
    for canvas in canvases:
        native = book.sheets[canvas.name].api
        with suppress(Exception):
            _set_page(native, canvas.view)


def _set_page(native: Any, view: View) -> None:
    native.Tab.Color = _bgr(view.tab_colour)
    page = native.PageSetup
    page.Orientation, page.PaperSize, page.Zoom = _LANDSCAPE, look.PAPER, False
    page.FitToPagesWide, page.FitToPagesTall = 1, view.fit_height or False
    if view.title_rows:
        page.PrintTitleRows = "$" + view.title_rows.replace(":", ":$")
    page.LeftFooter, page.CenterFooter, page.RightFooter = view.footer_left, view.footer_middle, view.footer_right


def _bgr(colour: str) -> int:
    """RRGGBB as Excel counts colours: blue first."""
    return int(colour[4:6] + colour[2:4] + colour[0:2], 16)
