"""What the chart XML says, read with lxml."""

import itertools
from typing import Any, cast

import pandas as pd
import pytest
from lxml import etree
from openpyxl.xml.functions import tostring

from klantwaarde.report.blocks import ChartBlock, ChartKind, Series
from klantwaarde.workbook import chart_style, look
from klantwaarde.workbook.canvas import DrawnChart, Place, Range
from klantwaarde.workbook.charts import build_chart

FIGURES = Range("Mijn blad", 4, 12, 3)
PLACE = Place(row=5, column=1, offset=0, last_row=20, last_column=4, last_offset=10, width=700)


def block(kind: ChartKind = "column", **changes: Any) -> ChartBlock:
    frame = pd.DataFrame({"step": ["A", "B", "C"], "base": [0.0, 40, 0], "up": [100.0, 0, 60], "down": [0.0, 60, 0]})
    values: dict[str, Any] = {
        "id": "x", "title": "Twee derde gaat op", "kind": kind, "frame": frame, "series": (Series("Omzet", "up"),),
    }  # fmt: skip
    return ChartBlock(**(values | changes))


def xml(chart: ChartBlock) -> etree._Element:
    return etree.fromstring(tostring(build_chart(DrawnChart(chart, FIGURES, PLACE))._write()))


def texts(root: etree._Element, path: str) -> list[str]:
    return [element.text or "" for element in cast("list[etree._Element]", root.findall(path))]


def values(root: etree._Element, path: str, attribute: str = "val") -> list[str | None]:
    return [element.get(attribute) for element in root.findall(path)]


WATERFALL = (Series("Basis", "base", "invisible"), Series("Bij", "up"), Series("Af", "down", "bad"))


@pytest.mark.parametrize("kind", ["line", "bar", "column", "stacked_column", "stacked_bar"])
def test_every_kind_is_flat_with_visible_axes_and_light_gridlines(kind: ChartKind) -> None:
    root = xml(block(kind))
    assert not root.findall(".//{*}view3D")
    assert values(root, ".//{*}catAx/{*}delete") == values(root, ".//{*}valAx/{*}delete") == ["0"]
    assert root.find(f".//{{*}}majorGridlines//{{*}}srgbClr[@val='{look.GRIDLINE}']") is not None
    assert values(root, ".//{*}valAx/{*}numFmt", "formatCode") == ["#,##0"]
    assert texts(root, "./{*}chart/{*}title//{*}t") == ["Twee derde gaat op"]
    assert values(root, ".//{*}plotVisOnly") == ["0"]


def test_the_series_point_at_the_labelled_figures() -> None:
    root = xml(block(series=WATERFALL))
    assert texts(root, ".//{*}ser/{*}tx//{*}f") == ["'Mijn blad'!$M$4", "'Mijn blad'!$N$4", "'Mijn blad'!$O$4"]
    assert texts(root, ".//{*}ser/{*}cat//{*}f") == ["'Mijn blad'!$L$5:$L$7"] * 3
    assert texts(root, ".//{*}ser/{*}val//{*}f")[2] == "'Mijn blad'!$O$5:$O$7"


def test_a_waterfall_is_stacked_on_an_invisible_base_that_the_legend_leaves_out() -> None:
    root = xml(block("stacked_column", series=WATERFALL))
    assert values(root, ".//{*}grouping") == ["stacked"] and values(root, ".//{*}overlap") == ["100"]
    base, up, down = root.findall(".//{*}ser")
    assert base.find("./{*}spPr/{*}noFill") is not None and base.find("./{*}dLbls") is None
    assert values(up, "./{*}spPr/{*}solidFill/{*}srgbClr") == [look.MARK_MAIN]
    assert values(down, "./{*}spPr/{*}solidFill/{*}srgbClr") == [look.MARK_BAD]
    assert values(root, ".//{*}legendEntry/{*}idx") == ["0"] and values(root, ".//{*}legendEntry/{*}delete") == ["1"]
    assert values(down, "./{*}dLbls/{*}dLbl/{*}idx") == ["0", "2"]  # no label on a step that is zero


def test_one_visible_series_needs_no_legend() -> None:
    assert xml(block(series=WATERFALL[:2])).find(".//{*}legend") is None
    assert xml(block(series=WATERFALL)).find(".//{*}legend") is not None


def test_a_bar_chart_reads_from_top_to_bottom_like_the_table() -> None:
    root = xml(block("bar"))
    assert values(root, ".//{*}catAx/{*}scaling/{*}orientation") == ["maxMin"]
    assert values(root, ".//{*}valAx/{*}crosses") == ["max"]


def test_values_stand_on_the_bars_only_when_they_fit() -> None:
    many = pd.DataFrame({"step": [str(i) for i in range(40)], "up": [1_000_000.0] * 40})
    assert xml(block()).find(".//{*}dLbls") is not None
    assert xml(block(frame=many)).find(".//{*}dLbls") is None
    assert xml(block("bar", frame=many)).find(".//{*}dLbls") is None


def test_a_long_line_has_no_markers_and_about_ten_category_labels() -> None:
    whale = pd.DataFrame({"share": [i / 200 for i in range(1, 201)], "up": [float(i) for i in range(200)]})
    root = xml(block("line", frame=whale))
    assert values(root, ".//{*}marker/{*}symbol") == ["none"] and values(root, ".//{*}ser/{*}smooth") == ["0"]
    assert values(root, ".//{*}tickLblSkip") == ["20"]
    assert values(root, ".//{*}catAx/{*}numFmt", "formatCode") == ["0%"]


def test_lines_of_one_role_differ_in_dash_so_that_a_grey_print_tells_them_apart() -> None:
    series = (Series("Dit jaar", "up"), Series("Vorig jaar", "down"))
    assert values(xml(block("line", series=series)), ".//{*}ser/{*}spPr//{*}prstDash") == ["solid", "dash"]


def grey(colour: str) -> float:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (0, 2, 4))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def test_marks_that_meet_in_one_chart_differ_in_grey() -> None:
    marks = chart_style.MARKS
    for one, other in ((marks["main"][0], marks["bad"][0]), (marks["main"][0], marks["muted"][0])):
        assert abs(grey(one) - grey(other)) > 20
    for shades in marks.values():
        assert all(abs(grey(a) - grey(b)) > 20 for a, b in itertools.pairwise(shades))


@pytest.mark.parametrize("role", ["main", "good", "bad", "muted"])
def test_a_mark_stands_out_from_the_paper(role: str) -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert 1.05 / (luminance(chart_style.MARKS[role][0]) + 0.05) >= 3  # WCAG 2.1, 1.4.11: graphics


def test_a_chart_whose_bars_float_has_no_value_axis() -> None:
    root = xml(block("stacked_bar", value_axis=False))
    assert values(root, ".//{*}valAx/{*}delete") == ["1"]
    assert not values(root, ".//{*}valAx/{*}majorGridlines")
    assert values(root, ".//{*}catAx/{*}delete") == ["0"]


def test_bars_that_point_left_have_room_for_their_values_and_zero_is_a_mark() -> None:
    frame = pd.DataFrame({"name": ["A", "B"], "up": [98_767.0, float("nan")], "down": [float("nan"), -85_487.0]})
    both = (Series("Winst", "up"), Series("Verlies", "down", "bad"))
    scale = chart_style.value_scale(block("stacked_bar", frame=frame, series=both))
    assert scale == chart_style.Scale(-200_000, 200_000, 100_000)
    root = xml(block("stacked_bar", frame=frame, series=both))
    assert values(root, ".//{*}valAx/{*}scaling/{*}min") == ["-200000"]
    assert values(root, ".//{*}valAx/{*}majorUnit") == ["100000"]


@pytest.mark.parametrize("size", [1e-6, 0.37, 41, 9.99e9])
def test_any_size_of_loss_fits_on_an_axis_of_few_round_steps(size: float) -> None:
    frame = pd.DataFrame({"name": ["A", "B"], "up": [size / 3, -size]})
    scale = chart_style.value_scale(block("bar", frame=frame, series=(Series("x", "up"),)))
    assert scale is not None and scale.minimum < -1.2 * size and scale.maximum > size / 3
    assert (scale.maximum - scale.minimum) / scale.step < chart_style.AXIS_STEPS + 2


@pytest.mark.parametrize("kind", ["bar", "column", "line"])
def test_bars_that_all_point_right_and_columns_scale_themselves(kind: ChartKind) -> None:
    assert chart_style.value_scale(block(kind)) is None
