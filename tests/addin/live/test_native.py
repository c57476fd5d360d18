"""The desktop finish sets what a file has; whatever fails there leaves only that detail undone."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from klantwaarde.report.blocks import ChartBlock, Series
from klantwaarde.workbook import look
from klantwaarde.workbook.canvas import Canvas, DrawnChart, Place, Range, View
from klantwaarde_addin.live.native import finish


class Recorder:
    """An object model that remembers what was set and called, by path; ``broken`` paths refuse."""

    def __init__(self, log: dict[str, object], path: str = "", broken: frozenset[str] = frozenset()) -> None:
        self.__dict__.update(_log=log, _path=path, _broken=broken)

    def _child(self, name: str) -> "Recorder":
        return Recorder(self._log, f"{self._path}.{name}".lstrip("."), self._broken)

    def __getattr__(self, name: str) -> "Recorder":
        return self._child(name)

    def __setattr__(self, name: str, value: object) -> None:
        place = f"{self._path}.{name}".lstrip(".")
        if place in self._broken:
            raise RuntimeError(place)
        self._log[place] = value

    def __call__(self, *given: object) -> "Recorder":
        path = f"{self._path}({', '.join(map(str, given))})" if given else self._path
        self._log[path] = "called"
        return Recorder(self._log, path, self._broken)


def dressed(canvas: Canvas, broken: frozenset[str] = frozenset()) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was set on the sheet and on its chart."""
    on_sheet: dict[str, Any] = {}
    on_chart: dict[str, Any] = {}
    chart = SimpleNamespace(api=(None, Recorder(on_chart, broken=broken)))
    sheet = SimpleNamespace(api=Recorder(on_sheet, broken=broken), charts={"kw_w": chart})
    book = SimpleNamespace(app=SimpleNamespace(engine=SimpleNamespace(type="desktop")), sheets={canvas.name: sheet})
    finish(book, [canvas])  # type: ignore[arg-type]
    return on_sheet, on_chart


@pytest.fixture
def canvas() -> Canvas:
    view = View(tab_colour="0072B2", title_rows="5:5", fit_height=1, footer_left="links", footer_middle="midden", footer_right="rechts")
    drawn = Canvas("Blad", "nl", [10.0], view=view, folded={4, 5})
    series = (Series("Basis", "base", "invisible"), Series("Stand", "level"), Series("Onder", "below", "invisible"))
    block = ChartBlock("w", "Titel", "stacked_column", pd.DataFrame({"step": ["a"], "base": [0.0], "level": [1.0], "below": [0.0]}), series)
    drawn.charts.append(DrawnChart(block, Range("Blad", 1, 8, 1), Place(1, 1, 0, 10, 4, 0, 300)))
    return drawn


def test_a_sheet_prints_on_a4_landscape_one_page_wide_with_its_header_and_footer(canvas):
    on_sheet, _ = dressed(canvas)
    page = {name.removeprefix("PageSetup."): value for name, value in on_sheet.items() if name.startswith("PageSetup.")}
    assert page["Orientation"] == 2
    assert page["PaperSize"] == 9
    assert (page["Zoom"], page["FitToPagesWide"], page["FitToPagesTall"]) == (False, 1, 1)
    assert page["PrintTitleRows"] == "$5:$5"
    assert [page[f"{place}Footer"] for place in ("Left", "Center", "Right")] == ["links", "midden", "rechts"]
    assert page["LeftMargin"] == pytest.approx(look.MARGINS["left"] * 72)
    assert on_sheet["Tab.Color"] == 0xB27200
    assert on_sheet["Columns(4).OutlineLevel"] == on_sheet["Columns(5).OutlineLevel"] == 2


def test_the_base_of_a_waterfall_is_invisible_and_not_in_the_legend(canvas):
    _, on_chart = dressed(canvas)
    assert on_chart["SeriesCollection(1).Format.Fill.Visible"] is False
    assert on_chart["SeriesCollection(3).Format.Fill.Visible"] is False
    assert "SeriesCollection(2).Format.Fill.Visible" not in on_chart
    deleted = [name for name in on_chart if name.endswith("Delete")]
    assert deleted == ["Legend.LegendEntries(3).Delete", "Legend.LegendEntries(1).Delete"]
    assert on_chart["ChartTitle.Font.Size"] == 12


def test_a_chart_without_value_axis_has_labels_and_no_lines(canvas):
    [drawn] = canvas.charts
    canvas.charts[:] = [replace(drawn, block=replace(drawn.block, value_axis=False))]
    _, on_chart = dressed(canvas)
    assert not [name for name in on_chart if name.startswith("Axes(2)")]
    assert on_chart["SetElement(328)"] == "called"
    assert on_chart["SeriesCollection(2).HasDataLabels"] is True
    assert on_chart["SeriesCollection(2).DataLabels.NumberFormat"]
    assert "SeriesCollection(1).HasDataLabels" not in on_chart


def test_a_printer_that_refuses_costs_one_property_and_nothing_else(canvas):
    whole, _ = dressed(canvas)
    less, _ = dressed(canvas, frozenset({"PageSetup.PaperSize"}))
    assert whole.keys() - less.keys() == {"PageSetup.PaperSize"}


def test_a_remote_host_is_left_alone(canvas):
    book = SimpleNamespace(app=SimpleNamespace(engine=SimpleNamespace(type="remote")))
    finish(book, [canvas])  # type: ignore[arg-type]
