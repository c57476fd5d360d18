"""Native charts over a small labelled range: flat, light gridlines, readable in grey, drawn by role.

A waterfall is stacked columns on an invisible base; a whale curve is a line.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from openpyxl.chart import BarChart, LineChart
from openpyxl.chart import Series as ChartSeries
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import AxDataSource, NumRef, StrRef
from openpyxl.chart.label import DataLabel, DataLabelList
from openpyxl.chart.legend import LegendEntry
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.utils import get_column_letter, quote_sheetname

from klantwaarde.report.blocks import ChartBlock, Series
from klantwaarde.workbook import look

EMU_PER_PIXEL = 9525
LABELLED_CATEGORIES = 12  # up to so many bars carry their value
GAP = 45  # between bars, percent of a bar's width
DIGIT_PIXELS, PLOT_SHARE = 5.3, 0.85  # of a label; share of the chart's width that the plot takes
THIN_SEGMENT = 0.08  # of the longest bar: no room for a value
_NO_LABEL = {"showVal": False, "showSerName": False, "showCatName": False, "showLegendKey": False, "showPercent": False}

# Per role: the mark of the first, second ... series; lightness differs, so that a grey print keeps them apart.
MARKS: dict[str, tuple[str, ...]] = {
    "main": (look.MARK_MAIN, "56B4E9", "004B75"),
    "good": (look.MARK_GOOD, "66C2A5"),
    "bad": (look.MARK_BAD, "8A3C00"),
    "muted": (look.MARK_MUTED, "595959", "B8BDC2"),
}
LABEL_INK = {"main": look.WHITE, "good": look.INK, "bad": look.INK, "muted": look.INK}
DASHES: tuple[Literal["solid", "dash", "sysDot"], ...] = ("solid", "dash", "sysDot")
AXIS_FORMATS = {"percent": "0%", "rate": "#,##0.00", "number": "#,##0.0"}


@dataclass(frozen=True, slots=True)
class Place:
    """The cells that a chart covers: rows and columns 1-based, offsets in pixels from a column's left edge.

    Bound to cells at both corners, so that it keeps its place whatever the width of a character is.
    """

    row: int
    column: int
    offset: int
    last_row: int
    last_column: int
    last_offset: int
    width: int  # pixels


@dataclass(frozen=True, slots=True)
class Range:
    """The chart's own figures on the sheet: categories, then one column per series; ``length`` rows below it."""

    sheet: str
    row: int
    column: int
    length: int

    def header(self, index: int) -> str:
        return f"{quote_sheetname(self.sheet)}!${get_column_letter(self.column + index)}${self.row}"

    def values(self, index: int) -> str:
        letters = get_column_letter(self.column + index)
        return f"{quote_sheetname(self.sheet)}!${letters}${self.row + 1}:${letters}${self.row + self.length}"


def build_chart(block: ChartBlock, figures: Range, place: Place) -> Any:
    """The native chart of one block, bound to its figures and anchored at its place."""
    chart = _empty_chart(block)
    seen: dict[str, int] = {}
    for index, series in enumerate(block.series, 1):
        nth = seen[series.role] = seen.get(series.role, -1) + 1
        bound = _bound_series(block, series, figures, index=index, nth=nth)
        if block.kind != "line" and series.role != "invisible" and _labels_fit(block, place):
            bound.dLbls = _value_labels(block, series)
        chart.series.append(bound)
    _set_axes(chart, block)
    _set_legend(chart, block.series)
    chart.title = _title(block.title, size=1200, bold=True)
    chart.anchor = _anchor(place)
    return chart


def _empty_chart(block: ChartBlock) -> Any:
    if block.kind == "line":
        chart: Any = LineChart()
    else:
        chart = BarChart()
        chart.type = "bar" if block.kind in ("bar", "stacked_bar") else "col"
        chart.gapWidth = GAP
        if block.kind.startswith("stacked"):
            chart.grouping, chart.overlap = "stacked", 100
        elif len(block.series) > 1:
            chart.overlap = 100  # gains and losses: one bar per category, of one series or the other
    chart.roundedCorners = False
    chart.visible_cells_only = False  # a filter on the table beside it must not empty the chart
    chart.graphical_properties = GraphicalProperties(solidFill=look.WHITE, ln=LineProperties(solidFill=look.GRIDLINE))
    return chart


def _bound_series(block: ChartBlock, series: Series, figures: Range, *, index: int, nth: int) -> Any:
    bound = ChartSeries(figures.values(index), title=None)
    bound.tx = SeriesLabel(strRef=StrRef(f=figures.header(index)))
    text_categories = not _has_number_categories(block)
    reference = figures.values(0)
    bound.cat = (
        AxDataSource(strRef=StrRef(f=reference)) if text_categories else AxDataSource(numRef=NumRef(f=reference))
    )
    if series.role == "invisible":
        bound.graphicalProperties = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
        return bound
    mark = MARKS[series.role][nth % len(MARKS[series.role])]
    if block.kind == "line":
        bound.graphicalProperties = GraphicalProperties(
            ln=LineProperties(solidFill=mark, w=28575, prstDash=DASHES[nth % len(DASHES)])
        )
        bound.smooth, bound.marker.symbol = False, "none"
        return bound
    bound.graphicalProperties = GraphicalProperties(solidFill=mark, ln=LineProperties(solidFill=look.WHITE, w=9525))
    bound.invertIfNegative = False
    return bound


def _has_number_categories(block: ChartBlock) -> bool:
    return block.frame.iloc[:, 0].dtype.kind in "iuf"


def _labels_fit(block: ChartBlock, place: Place) -> bool:
    """Whether every bar has room for its value: a line of its own, or a column as wide as the text."""
    if block.kind in ("bar", "stacked_bar"):
        return len(block.frame) <= LABELLED_CATEGORIES
    values = [value for series in block.series for value in block.frame[series.column]]
    longest = max((look.shown_length(value, block.format) for value in values), default=0)
    return longest * DIGIT_PIXELS * len(block.frame) <= place.width * PLOT_SHARE / (1 + GAP / 100)


def _value_labels(block: ChartBlock, series: Series) -> DataLabelList:
    stacked = block.kind.startswith("stacked")
    labels = DataLabelList()
    labels.showVal = True
    labels.showSerName = labels.showCatName = labels.showLegendKey = labels.showPercent = False
    labels.dLblPos = "ctr" if stacked else "outEnd"
    labels.numFmt = f"{_axis_format(block)};-{_axis_format(block)};"  # zero says nothing
    labels.txPr = _small_text(LABEL_INK[series.role] if stacked else look.INK, size=900)
    if stacked:
        labels.dLbl = [DataLabel(idx=index, **_NO_LABEL) for index in _thin_segments(block, series)]
    return labels


def _thin_segments(block: ChartBlock, series: Series) -> list[int]:
    """The bars whose segment is too thin for its value; the steps of a waterfall stand alone and need only exist."""
    waterfall = any(each.role == "invisible" for each in block.series)
    whole = block.frame[[each.column for each in block.series]].abs().sum(axis=1).max()
    thin = 0.0 if waterfall else THIN_SEGMENT * whole
    return [index for index, value in enumerate(block.frame[series.column]) if abs(value) <= thin]


def _axis_format(block: ChartBlock) -> str:
    return AXIS_FORMATS.get(block.format, "#,##0")


def _set_axes(chart: Any, block: ChartBlock) -> None:
    category, value = chart.x_axis, chart.y_axis
    quiet_line = GraphicalProperties(ln=LineProperties(solidFill=look.MARK_MUTED))
    for axis, title in ((category, block.category_title), (value, block.value_title)):
        axis.delete = False
        axis.majorTickMark = axis.minorTickMark = "none"
        axis.txPr = _small_text(look.QUIET, size=900)
        axis.title = _title(title, size=900, bold=False) if title else None
    category.tickLblPos, category.graphicalProperties = "low", quiet_line
    value.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=look.GRIDLINE, w=6350)))
    value.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    value.number_format, value.numFmt.sourceLinked = _axis_format(block), False
    if chart.tagname == "barChart" and chart.type == "bar":
        category.scaling.orientation = "maxMin"  # first category on top, as in the table
        value.crosses = "max"
        category.tickLblSkip = 1
    if block.kind == "line" and len(block.frame) > LABELLED_CATEGORIES:
        category.tickLblSkip = math.ceil(len(block.frame) / 10)
    if _has_number_categories(block):
        category.number_format, category.numFmt.sourceLinked = category_format(block), False


def category_format(block: ChartBlock) -> str:
    """Number format of numeric categories: shares as percentages, counts and years plain."""
    categories = block.frame.iloc[:, 0]
    return "0%" if categories.dtype.kind == "f" and categories.abs().max() <= 1 else "General"


def _set_legend(chart: Any, series: Sequence[Series]) -> None:
    hidden = [index for index, each in enumerate(series) if each.role == "invisible"]
    if len(series) - len(hidden) < 2:
        chart.legend = None
        return
    chart.legend.position, chart.legend.overlay = "b", False
    chart.legend.legendEntry = [LegendEntry(idx=index, delete=True) for index in hidden]
    chart.legend.txPr = _small_text(look.INK, size=900)


def _title(text: str, *, size: int, bold: bool) -> Title:
    style = CharacterProperties(sz=size, b=bold, solidFill=look.INK if bold else look.QUIET, latin=Font(look.FONT))
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=style), r=[RegularTextRun(rPr=style, t=text)])
    return Title(tx=Text(rich=RichText(p=[paragraph])), overlay=False)


def _small_text(ink: str, *, size: int) -> RichText:
    style = CharacterProperties(sz=size, b=False, solidFill=ink, latin=Font(look.FONT))
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=style), endParaRPr=style)])


def _anchor(place: Place) -> TwoCellAnchor:
    start = AnchorMarker(col=place.column - 1, colOff=place.offset * EMU_PER_PIXEL, row=place.row - 1)
    end = AnchorMarker(col=place.last_column - 1, colOff=place.last_offset * EMU_PER_PIXEL, row=place.last_row)
    return TwoCellAnchor(editAs="oneCell", _from=start, to=end)
