"""The one look of every sheet: palette, named styles, number formats, column widths and page.

Colours: Okabe & Ito (2008), "Color universal design", for marks; text keeps a contrast of at least 4.5 : 1 (WCAG 2.1).
"""

import math
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import pandas as pd

from klantwaarde.report.blocks import Format

FONT = "Calibri"
INK, QUIET, BLUE, RUST, INPUT_INK, LINK_INK = "262626", "595959", "0072B2", "B34E00", "0000FF", "006B4E"
WHITE, INPUT_FILL, HEADER_FILL, TILE_FILL = "FFFFFF", "FFFBE0", "E8EEF4", "F5F7F9"
GOOD_FILL, BAD_FILL = "E5F1F9", "FCEBDD"
TABS: MappingProxyType[str, str] = MappingProxyType(  # per room; the name of a sheet says the same in words
    {"costs": "8C8C8C", "profit": "0072B2", "base": "009E73", "credit": "D55E00", "lifetime": "CC79A7"}
)
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

TABLE_STYLE = "TableStyleLight1"  # without stripes
MAX_WIDTH, MIN_WIDTH = 42.0, 9.0
LINE_HEIGHT = 15.0  # points
PAPER, MARGINS = 9, MappingProxyType({"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.7})  # A4 landscape; inches
FOOTER_SIZE = 6  # so that title, period and the whole stamp stand side by side
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
        "strong": Style(bold=True, valign="top"),
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


def is_right_aligned(code: str) -> bool:
    """Whether what this number format shows stands right: figures and dates."""
    return code in _RIGHT


def cell_style(style: str, number_format: Format) -> Style:
    """The look of one cell: a figure stands right, indented so that there is room between it and the text beside it."""
    shown = STYLES[style]
    right = shown.align is None and is_right_aligned(NUMBER_FORMATS[number_format])
    return replace(shown, align="right", indent=1) if right else shown


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


def footer_text(text: str, longest: int = 70) -> str:
    """Text for a footer, cut to its room, in which no character is a code; Excel takes 255 in all three parts together."""
    short = text if len(text) <= longest else text[: longest - 1] + "…"
    return short.replace("&", "&&")
