"""Native charts on a live sheet, by role as in a file; a chart that a user made there is left alone."""

from collections.abc import Mapping, Sequence

import xlwings as xw

from klantwaarde.report.blocks import ChartBlock, Series
from klantwaarde.workbook import look
from klantwaarde.workbook.canvas import Canvas, DrawnChart
from klantwaarde.workbook.chart_style import axis_format, category_format, has_number_categories, mark_of, value_scale
from klantwaarde_addin.live.areas import Area
from klantwaarde_addin.live.host import is_remote

PREFIX = "kw_"
_POINTS = 0.75  # per pixel
_ROW_HEIGHT = look.LINE_HEIGHT
_TYPES: Mapping[str, str] = {
    "line": "line", "bar": "bar_clustered", "column": "column_clustered", "stacked_bar": "bar_stacked",
    "stacked_column": "column_stacked",
}  # fmt: skip


def draw_charts(sheet: xw.Sheet, canvas: Canvas) -> None:
    """Replace our charts; their figures stand on the sheet already."""
    for chart in reversed([chart for chart in sheet.charts if chart.name.startswith(PREFIX)]):  # later ones move up
        chart.delete()
    for drawn in canvas.charts:
        _draw(sheet, canvas, drawn)


def _draw(sheet: xw.Sheet, canvas: Canvas, drawn: DrawnChart) -> None:
    """One chart. A remote host cannot hide a series: there a waterfall shows its steps from the axis, without their base."""
    block, figures, place = drawn.block, drawn.figures, drawn.place
    remote = is_remote(sheet.book)
    skipped = remote and block.series[0].role == "invisible"
    if remote and any(series.role == "invisible" for series in block.series[1:]):
        return
    apart = skipped or has_number_categories(block)  # Excel would take numbers in front for one more series
    first, last = figures.row + 1, figures.row + figures.length
    area = Area(figures.row, figures.column + apart + skipped, last, figures.column + len(block.series))
    left, top = _left(canvas, place.column, place.offset), _top(canvas, place.row)
    width, height = place.width * _POINTS, _top(canvas, place.last_row + 1) - top
    source = sheet.range(area.address)
    chart = sheet.charts.add(left, top, width, height, _chart_type(block), source, "columns", PREFIX + block.id)
    if apart:
        chart.set_x_axis_values(sheet.range(Area(first, figures.column, last, figures.column).address))
    chart.title = block.title
    if not remote:  # the remote engine knows no series of a chart that it has yet to make
        _colour(chart, block)
    _set_axes(chart, block, valued=block.value_axis or skipped)  # bars that start at the axis can be read from it
    shown = [series for series in block.series if series.role != "invisible"]
    chart.legend.visible = len(shown) > 1
    if len(shown) > 1:
        chart.legend.position = "bottom"


def _chart_type(block: ChartBlock) -> str:
    """Gains and losses are one bar a category, of one series or the other: stacked keeps them on one line."""
    if block.kind in ("bar", "column") and len(block.series) > 1:
        return _TYPES[f"stacked_{block.kind}"]
    return _TYPES[block.kind]


def _colour(chart: xw.Chart, block: ChartBlock) -> None:
    nths = _positions_by_role(block.series)
    for index, (series, nth) in enumerate(zip(block.series, nths, strict=True)):
        if series.role == "invisible":  # the API knows no empty fill: the base of a waterfall is as white as the paper
            chart.series[index].set(fill_color=f"#{look.WHITE}")
        elif block.kind == "line":
            chart.series[index].set(line_color=f"#{mark_of(series.role, nth)}", marker_style="none")
        else:
            chart.series[index].set(fill_color=f"#{mark_of(series.role, nth)}")


def _positions_by_role(series: Sequence[Series]) -> list[int]:
    return [[earlier.role for earlier in series[:index]].count(each.role) for index, each in enumerate(series)]


def _set_axes(chart: xw.Chart, block: ChartBlock, *, valued: bool) -> None:
    if valued:
        chart.value_axis.number_format = axis_format(block)
        if scale := value_scale(block):
            chart.value_axis.set(minimum_scale=scale.minimum, maximum_scale=scale.maximum, major_unit=scale.step)
        if block.value_title:
            chart.value_axis.title = block.value_title
    else:
        chart.value_axis.visible = False
    if block.category_title:
        chart.category_axis.title = block.category_title
    if has_number_categories(block):
        chart.category_axis.number_format = category_format(block)
    if block.kind in ("bar", "stacked_bar"):
        chart.category_axis.reverse_order = True  # the first category on top, as in the table


def _left(canvas: Canvas, column: int, offset: int) -> float:
    """Points from the left edge of the sheet."""
    return (sum(look.pixels(width) for width in canvas.widths[: column - 1]) + offset) * _POINTS


def _top(canvas: Canvas, row: int) -> float:
    """Points from the top of the sheet to the top of a row."""
    return sum(canvas.heights.get(number, _ROW_HEIGHT) for number in range(1, row))
