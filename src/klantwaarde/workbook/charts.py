"""Native charts over a small labelled range: flat, light gridlines, readable in grey, drawn by role.

A waterfall is stacked columns on an invisible base; a whale curve is a line.
"""

import math
from collections.abc import Sequence
from typing import Any

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

from klantwaarde.report.blocks import ChartBlock, Series
from klantwaarde.workbook import chart_style, look
from klantwaarde.workbook.canvas import DrawnChart, Place, Range

EMU_PER_PIXEL = 9525
_NO_LABEL = {"showVal": False, "showSerName": False, "showCatName": False, "showLegendKey": False, "showPercent": False}


def build_chart(drawn: DrawnChart) -> Any:
    """The native chart of one block, bound to its figures and anchored at its place."""
    block = drawn.block
    chart, labelled = _empty_chart(block), block.kind != "line" and chart_style.labels_fit(block, drawn.place.width)
    seen: dict[str, int] = {}
    for index, series in enumerate(block.series, 1):
        nth = seen[series.role] = seen.get(series.role, -1) + 1
        bound = _bound_series(block, series, drawn.figures, index=index, nth=nth)
        if labelled and series.role != "invisible":
            bound.dLbls = _value_labels(block, series)
        chart.series.append(bound)
    _set_axes(chart, block)
    _set_legend(chart, block.series)
    chart.title = _title(block.title, size=1200, bold=True)
    chart.anchor = _anchor(drawn.place)
    return chart


def _empty_chart(block: ChartBlock) -> Any:
    if block.kind == "line":
        chart: Any = LineChart()
    else:
        chart = BarChart()
        chart.type = "bar" if block.kind in ("bar", "stacked_bar") else "col"
        chart.gapWidth = chart_style.GAP
        if block.kind.startswith("stacked"):
            chart.grouping, chart.overlap = "stacked", 100
        elif len(block.series) > 1 and not _is_paired(block):
            chart.overlap = 100  # gains and losses: one bar per category, of one series or the other
    chart.roundedCorners = False
    chart.visible_cells_only = False  # a filter on the table beside it must not empty the chart
    chart.graphical_properties = GraphicalProperties(solidFill=look.WHITE, ln=LineProperties(solidFill=look.GRIDLINE))
    return chart


def _is_paired(block: ChartBlock) -> bool:
    """Whether series stand side by side in a category, to be compared."""
    values = block.frame[[series.column for series in block.series]]
    return bool((values.notna().sum(axis=1) > 1).any())


def _bound_series(block: ChartBlock, series: Series, figures: Range, *, index: int, nth: int) -> Any:
    bound = ChartSeries(figures.values(index), title=None)
    bound.tx = SeriesLabel(strRef=StrRef(f=figures.header(index)))
    text_categories = not chart_style.has_number_categories(block)
    reference = figures.values(0)
    bound.cat = (
        AxDataSource(strRef=StrRef(f=reference)) if text_categories else AxDataSource(numRef=NumRef(f=reference))
    )
    if series.role == "invisible":
        bound.graphicalProperties = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
        return bound
    mark = chart_style.mark_of(series.role, nth)
    if block.kind == "line":
        bound.graphicalProperties = GraphicalProperties(
            ln=LineProperties(solidFill=mark, w=28575, prstDash=chart_style.dash_of(nth))
        )
        bound.smooth, bound.marker.symbol = False, "none"
        return bound
    bound.graphicalProperties = GraphicalProperties(solidFill=mark, ln=LineProperties(solidFill=look.WHITE, w=9525))
    bound.invertIfNegative = False
    return bound


def _value_labels(block: ChartBlock, series: Series) -> DataLabelList:
    stacked = block.kind.startswith("stacked")
    labels = DataLabelList()
    labels.showVal = True
    labels.showSerName = labels.showCatName = labels.showLegendKey = labels.showPercent = False
    labels.dLblPos = "ctr" if stacked else "outEnd"
    labels.numFmt = f"{chart_style.axis_format(block)};-{chart_style.axis_format(block)};"  # zero says nothing
    labels.txPr = _small_text(chart_style.LABEL_INK[series.role] if stacked else look.INK, size=900)
    if stacked:
        labels.dLbl = [DataLabel(idx=index, **_NO_LABEL) for index in chart_style.thin_segments(block, series)]
    return labels


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
    value.number_format, value.numFmt.sourceLinked = chart_style.axis_format(block), False
    if scale := chart_style.value_scale(block):
        value.scaling.min, value.scaling.max, value.majorUnit = scale.minimum, scale.maximum, scale.step
    if not block.value_axis:
        value.delete, value.majorGridlines = True, None
    if chart.tagname == "barChart" and chart.type == "bar":
        category.scaling.orientation = "maxMin"  # first category on top, as in the table
        value.crosses = "max"
        category.tickLblSkip = 1
    if block.kind == "line" and len(block.frame) > chart_style.LABELLED_CATEGORIES:
        category.tickLblSkip = math.ceil(len(block.frame) / 10)
    if chart_style.has_number_categories(block):
        category.number_format, category.numFmt.sourceLinked = chart_style.category_format(block), False


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
