"""Charts on a live sheet have the axes that a file gives them."""

import pandas as pd
import pytest
import xlwings as xw

from klantwaarde.report.blocks import ChartBlock, Series
from klantwaarde.workbook.canvas import Canvas, DrawnChart, Place, Range
from klantwaarde_addin.live.charts import draw_charts

PYRAMID = pd.DataFrame({"tier": ["Top", "Klein"], "base": [4.0, 0.0], "customers": [2.0, 10.0]})


def drawn(book: xw.Book, *, value_axis: bool) -> xw.Chart:
    """A centred pyramid on an empty sheet."""
    sheet = book.sheets.add("Proef")
    sheet["H1"].value = [["tier", "base", "customers"], *PYRAMID.to_numpy().tolist()]
    series = (Series("Basis", "base", "invisible"), Series("Klanten", "customers"))
    block = ChartBlock("w", "Piramide", "stacked_bar", PYRAMID, series, format="integer", value_axis=value_axis)
    canvas = Canvas("Proef", "nl", [10.0] * 12)
    canvas.charts.append(DrawnChart(block, Range("Proef", 1, 8, 2), Place(1, 1, 0, 10, 4, 0, 300)))
    draw_charts(sheet, canvas)
    return sheet.charts["kw_w"]


@pytest.mark.parametrize("shown", [True, False])
def test_a_chart_whose_bars_float_has_no_value_axis(book: xw.Book, shown: bool) -> None:
    assert drawn(book, value_axis=shown).value_axis.visible is shown
