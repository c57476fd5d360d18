"""The one look of every sheet: palette, named styles, number formats, column widths and page set-up.

Colours: Okabe & Ito (2008), "Color universal design", for marks; text keeps a contrast of at least 4.5 : 1 (WCAG 2.1).
"""

import math
import textwrap
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from klantwaarde.messages import label
from klantwaarde.report.blocks import Format

FONT = "Calibri"
INK, QUIET, BLUE, RUST, INPUT_INK, LINK_INK = "262626", "595959", "0072B2", "B34E00", "0000FF", "006B4E"
WHITE, INPUT_FILL, HEADER_FILL, TILE_FILL = "FFFFFF", "FFFBE0", "E8EEF4", "F5F7F9"
GOOD_FILL, BAD_FILL = "E5F1F9", "FCEBDD"
LINE, GRIDLINE = "D0D5DA", "E3E3E3"
MARK_MAIN, MARK_BAD, MARK_GOOD, MARK_MUTED = "0072B2", "D55E00", "009E73", "8C8C8C"

NUMBER_FORMATS: MappingProxyType[Format, str] = MappingProxyType(
    {
        "text": "General",
        "id": "@",
        "money": '#,##0.00;[Red]-#,##0.00;"-"',
        "money0": '#,##0;[Red]-#,##0;"-"',
        "rate": '#,##0.0000;[Red]-#,##0.0000;"-"',
        "number": '#,##0.00;[Red]-#,##0.00;"-"',
        "integer": '#,##0;[Red]-#,##0;"-"',
        "percent": '0.0%;[Red]-0.0%;"-"',
        "date": "dd-mm-yyyy",
        "datetime": "dd-mm-yyyy hh:mm",
        "minutes": '#,##0;[Red]-#,##0;"-"',
        "flag": "General",
    }
)  # fmt: skip
DECIMALS: MappingProxyType[Format, int] = MappingProxyType(
    {"money": 2, "money0": 0, "rate": 4, "number": 2, "integer": 0, "percent": 1, "minutes": 0}
)

_RIGHT = frozenset(NUMBER_FORMATS[name] for name in (*DECIMALS, "date", "datetime"))

TABLE_STYLE = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
MAX_WIDTH, MIN_WIDTH = 42.0, 9.0
LINE_HEIGHT = 15.0  # points
BOLD = 1.1  # how much wider bold text is


@dataclass(frozen=True, slots=True)
class Style:
    """One named cell style: ink on fill, both as RRGGBB."""

    ink: str = INK
    fill: str = WHITE
    size: float = 10
    bold: bool = False
    italic: bool = False
    wrap: bool = False
    align: str | None = None
    valign: str = "center"
    indent: int = 0
    left: str | None = None  # colour of a thick left edge
    bottom: str | None = None  # colour of a thin lower edge
    locked: bool = True


def _tile_styles() -> dict[str, Style]:
    """The three lines of a dashboard tile, plain, good and bad."""
    styles = {}
    for verdict, edge, ink in (("", MARK_MUTED, QUIET), ("_good", BLUE, BLUE), ("_bad", MARK_BAD, RUST)):
        line = Style(ink=QUIET, fill=TILE_FILL, align="left", indent=1, left=edge)
        styles[f"tile_label{verdict}"] = replace(line, wrap=True)
        styles[f"tile_value{verdict}"] = replace(line, ink=INK, size=18, bold=True)
        styles[f"tile_comment{verdict}"] = replace(line, ink=ink, size=9, wrap=True, valign="top")
    return styles


STYLES: MappingProxyType[str, Style] = MappingProxyType(
    {
        "title": Style(ink=BLUE, size=18, bold=True),
        "subtitle": Style(ink=QUIET, size=10),
        "heading": Style(size=12, bold=True, valign="bottom"),
        "body": Style(valign="top"),
        "wrapped": Style(wrap=True, valign="top"),
        "note": Style(ink=QUIET, size=9, italic=True, wrap=True, valign="top"),
        "warning": Style(ink=RUST, fill=BAD_FILL, bold=True),
        "header": Style(fill=HEADER_FILL, bold=True, wrap=True, align="left", valign="top", bottom=BLUE),
        "header_number": Style(
            fill=HEADER_FILL, bold=True, wrap=True, align="right", valign="top", indent=1, bottom=BLUE
        ),
        "input": Style(ink=INPUT_INK, fill=INPUT_FILL, bottom=LINE, locked=False),
        "calculation": Style(bottom=LINE, valign="top"),
        "calculation_wrapped": Style(bottom=LINE, valign="top", wrap=True),
        "link": Style(ink=LINK_INK),
        "hyperlink": Style(ink=BLUE, valign="top"),
        "total": Style(bold=True, bottom=LINE),
        "good": Style(ink=BLUE, fill=GOOD_FILL, bold=True),
        "bad": Style(ink=RUST, fill=BAD_FILL, bold=True),
        **_tile_styles(),
        "chart_header": Style(ink=QUIET, size=8, bold=True, wrap=True, valign="bottom", bottom=LINE),
        "chart_figure": Style(ink=QUIET, size=8),
    }
)


class Brush:
    """Paints cells of one workbook with the named styles; every style is added to the book once, at first use."""

    def __init__(self, workbook: Workbook, language: str) -> None:
        self._workbook, self.language = workbook, language
        self._ready: dict[tuple[str, str, bool], Any] = {}

    def paint(self, cell: Cell | MergedCell, style: str, number_format: Format = "text") -> None:
        """Give a cell its named style and number format. Text that looks like a formula is marked as text for good."""
        quoted = cell.data_type == "s" and str(cell.value)[:1] in ("=", "+", "-", "@")
        key = (style, NUMBER_FORMATS[number_format], quoted)
        if key not in self._ready:
            self._ready[key] = self._prepare(cell, *key)
        cell._style = self._ready[key]  # type: ignore[union-attr]  # shared between cells: no later change may touch a painted cell's style

    def _prepare(self, cell: Cell | MergedCell, style: str, number_format: str, quoted: bool) -> Any:  # noqa: FBT001 - the parts of a cache key
        name = label(f"style_{style}", self.language)
        if name not in self._workbook.named_styles:
            self._workbook.add_named_style(_named_style(name, STYLES[style]))
        cell.style = name
        if number_format != "General":
            cell.number_format = number_format
        if number_format in _RIGHT and STYLES[style].align is None:
            # indented: room between a figure and the text in the next column
            cell.alignment = Alignment(horizontal="right", vertical=STYLES[style].valign, indent=1)
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
        alignment=Alignment(
            horizontal=style.align, vertical=style.valign, wrap_text=style.wrap or None, indent=style.indent
        ),
        protection=Protection(locked=style.locked),
    )


def shown_length(value: object, number_format: Format) -> int:
    """Characters that a value takes on the sheet in this format."""
    if value is None or value is pd.NaT or (isinstance(value, float) and not math.isfinite(value)):
        return 0
    if number_format in ("date", "datetime"):
        return 10 if number_format == "date" else 16
    if isinstance(value, int | float) and not isinstance(value, bool) and number_format in DECIMALS:
        scale = 100 if number_format == "percent" else 1
        return len(f"{value * scale:,.{DECIMALS[number_format]}f}") + (number_format == "percent")
    return max((len(line) for line in str(value).splitlines()), default=0)


def column_width(header: str, values: Iterable[object], number_format: Format) -> float:
    """Width that shows the values in full (up to ``MAX_WIDTH``) and the header on about two lines.

    Unit: characters of the standard font.
    """
    longest = max((shown_length(value, number_format) for value in values), default=0)
    word = max((len(part) for part in header.split()), default=0)
    needed = max(word, math.ceil(len(header) / 2) + 1) * BOLD + 2.5
    return min(max(MIN_WIDTH, longest + 3.0, needed), MAX_WIDTH)


def wrapped_lines(text: str, width: float) -> list[str]:
    """A text in lines that fit a width in characters of the standard font."""
    return [part for line in text.splitlines() for part in (textwrap.wrap(line, max(int(width), 8)) or [""])]


def header_height(headers: Sequence[str], widths: Sequence[float]) -> float:
    """Row height in points that shows every header in full, with a free line for the filter buttons below the text."""
    lines = (len(wrapped_lines(text, (width - 2) / BOLD)) for text, width in zip(headers, widths, strict=True))
    return LINE_HEIGHT * (max(lines, default=1) + 1)


def pixels(width: float) -> int:
    """Pixels of a column of this width (ECMA-376 part 1, 18.3.1.13, for a digit width of 7 pixels)."""
    return int(width * 7) + 5


def set_page(sheet: Worksheet, *, left: str, middle: str, language: str) -> None:
    """A4 landscape, one page wide, with title, stamp and page number in the footer."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth = 1
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.5, 0.7
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart(_footer_text(left, 60), size=8),
        center=_HeaderFooterPart(_footer_text(middle, 70), size=8),
        right=_HeaderFooterPart(label("report_page", language), size=8),
    )


def _footer_text(text: str, longest: int) -> str:
    short = text if len(text) <= longest else text[: longest - 1] + "…"
    return short.replace("&", "&&")
