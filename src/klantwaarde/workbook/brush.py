"""The look as openpyxl writes it: a named style per kind of cell, added to the book at first use."""

from copy import copy
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side

from klantwaarde.messages import label
from klantwaarde.report.blocks import Format
from klantwaarde.workbook.look import FONT, NUMBER_FORMATS, STYLES, WHITE, Style, cell_style


class Brush:
    """Paints cells of one workbook; cells of one look share one style."""

    def __init__(self, workbook: Workbook, language: str) -> None:
        self._workbook, self._language = workbook, language
        self._ready: dict[tuple[str, Format, bool], Any] = {}

    def paint(self, cell: Cell | MergedCell, style: str, number_format: Format) -> None:
        """Give a cell its named style and number format. Text that looks like a formula is marked as text for good."""
        quoted = cell.data_type == "s" and str(cell.value)[:1] in ("=", "+", "-", "@")
        key = (style, number_format, quoted)
        if key not in self._ready:
            self._ready[key] = self._prepare(cell, *key)
        cell._style = self._ready[key]  # type: ignore[union-attr]  # shared between cells: no later change may touch a painted cell's style

    def _prepare(self, cell: Cell | MergedCell, style: str, number_format: Format, quoted: bool) -> Any:  # noqa: FBT001 - the parts of a cache key
        name = label(f"style_{style}", self._language)
        if name not in self._workbook.named_styles:
            self._workbook.add_named_style(_named_style(name, STYLES[style]))
        cell.style = name
        if NUMBER_FORMATS[number_format] != "General":
            cell.number_format = NUMBER_FORMATS[number_format]
        shown = cell_style(style, number_format)
        if shown != STYLES[style]:
            cell.alignment = _alignment(shown)
        if quoted:
            cell.quotePrefix = True
        return copy(cell._style)  # type: ignore[union-attr]


def _named_style(name: str, style: Style) -> NamedStyle:
    left = Side("thick", color=style.left) if style.left else None
    bottom = Side("thin", color=style.bottom) if style.bottom else None
    return NamedStyle(
        name=name,
        font=Font(name=FONT, size=style.size, bold=style.bold, italic=style.italic, color=style.ink),
        fill=PatternFill("solid", fgColor=style.fill) if style.fill != WHITE else PatternFill(),
        border=Border(left=left, bottom=bottom),
        alignment=_alignment(style),
        protection=Protection(locked=style.locked),
    )


def _alignment(style: Style) -> Alignment:
    return Alignment(horizontal=style.align, vertical=style.valign, wrap_text=style.wrap or None, indent=style.indent)
