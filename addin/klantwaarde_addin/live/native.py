"""The finish that only desktop Excel gives, through its own object model: pages, tab colours, folds, details of charts.

xlwings' public API does not know these; a host without them shows Excel's own defaults. Nothing here may stop a refresh: a
printer that Excel cannot reach, or a property that a version does not have, leaves that detail as it was.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Final

import xlwings as xw

from klantwaarde.report.blocks import ChartBlock
from klantwaarde.workbook import chart_style, look
from klantwaarde.workbook.canvas import Canvas, View
from klantwaarde_addin.live.charts import PREFIX
from klantwaarde_addin.live.host import is_remote

_LANDSCAPE, _LOW = 2, -4134  # xlLandscape, xlTickLabelPositionLow
_TITLE_SIZE, _TEXT_SIZE = 12, 9  # points
_CATEGORIES, _VALUES = 1, 2  # xlCategory, xlValue
_NO_VALUE_LINES = 328  # msoElementPrimaryValueGridLinesNone
_INCH: Final = 72  # points


def finish(book: xw.Book, canvases: Sequence[Canvas]) -> None:
    """Dress every sheet as a file has it; on a remote host there is nothing to do."""
    if is_remote(book):
        return
    for canvas in canvases:
        sheet = book.sheets[canvas.name]
        details = [*_page(sheet.api, canvas.view), *_folds(sheet.api, canvas)]
        for drawn in canvas.charts:
            details += _chart(sheet.charts[PREFIX + drawn.block.id], drawn.block)
        for detail in details:
            with suppress(Exception):
                detail()


Detail = Callable[[], object]


def _page(native: Any, view: View) -> Iterator[Detail]:
    """A4 landscape, one page wide, repeated header row, footer; the colour of the tab."""
    yield lambda: setattr(native.Tab, "Color", _bgr(view.tab_colour))
    yield from _on(lambda: native.PageSetup, Orientation=_LANDSCAPE, PaperSize=look.PAPER, Zoom=False, FitToPagesWide=1)
    yield from _on(lambda: native.PageSetup, FitToPagesTall=view.fit_height or False)
    yield from _on(
        lambda: native.PageSetup, **{f"{side.title()}Margin": inches * _INCH for side, inches in look.MARGINS.items()}
    )
    yield from _on(
        lambda: native.PageSetup,
        LeftFooter=view.footer_left,
        CenterFooter=view.footer_middle,
        RightFooter=view.footer_right,
    )
    if view.title_rows:
        yield from _on(lambda: native.PageSetup, PrintTitleRows="$" + view.title_rows.replace(":", ":$"))


def _on(target: Callable[[], Any], **values: object) -> Iterator[Detail]:
    """Set properties of an object that is fetched anew for each, so that one failure costs one property."""
    for name, value in values.items():
        yield lambda name=name, value=value: setattr(target(), name, value)  # type: ignore[misc]


def _folds(native: Any, canvas: Canvas) -> Iterator[Detail]:
    """Folded columns get the outline that opens them with one click."""
    for column in sorted(canvas.folded):
        yield from _on(lambda column=column: native.Columns(column), OutlineLevel=2)  # type: ignore[misc]


def _chart(chart: xw.Chart, block: ChartBlock) -> Iterator[Detail]:
    """Smaller titles, an invisible base, quiet lines, labels clear of negative bars."""

    def native() -> Any:
        return chart.api[1]

    yield from _on(lambda: native().ChartTitle.Font, Size=_TITLE_SIZE, Bold=True)
    yield from _on(lambda: native().ChartGroups(1), GapWidth=chart_style.GAP)
    yield from _on(lambda: native().Axes(_CATEGORIES), TickLabelPosition=_LOW)
    yield from _on(lambda: native().Axes(_CATEGORIES).TickLabels.Font, Size=_TEXT_SIZE)
    if block.value_axis:
        yield from _on(lambda: native().Axes(_VALUES).TickLabels.Font, Size=_TEXT_SIZE)
        yield from _on(lambda: native().Axes(_VALUES).MajorGridlines.Format.Line.ForeColor, RGB=_bgr(look.GRIDLINE))
    else:
        yield from _without_values(native, block)
    hidden = [number for number, series in enumerate(block.series, 1) if series.role == "invisible"]
    for number in reversed(hidden):  # a deleted entry moves those after it
        yield from _on(lambda number=number: native().SeriesCollection(number).Format.Fill, Visible=False)  # type: ignore[misc]
        yield lambda number=number: native().Legend.LegendEntries(number).Delete()  # type: ignore[misc]


def _without_values(native: Callable[[], Any], block: ChartBlock) -> Iterator[Detail]:
    """Where no axis says how much, labels do; the lines of the axis go with it."""
    yield lambda: native().SetElement(_NO_VALUE_LINES)
    for number, series in enumerate(block.series, 1):
        if series.role != "invisible":
            yield from _on(lambda number=number: native().SeriesCollection(number), HasDataLabels=True)  # type: ignore[misc]
            labels = {"NumberFormat": chart_style.axis_format(block)}
            yield from _on(lambda number=number: native().SeriesCollection(number).DataLabels(), **labels)  # type: ignore[misc]


def _bgr(colour: str) -> int:
    """RRGGBB as Excel counts colours: blue first."""
    return int(colour[4:6] + colour[2:4] + colour[0:2], 16)
