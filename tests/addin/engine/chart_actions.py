"""Actions on charts and pictures."""

from __future__ import annotations

import base64
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from addin.engine.action_target import Target, python_word

if TYPE_CHECKING:
    from xlwings.main import Chart, Picture

    from addin.engine.action_target import Actions

AXIS_GROUPS = ("primary", "secondary")


def chart(target: Target) -> Chart:
    return target.sheet.charts[target.first]


def chart_type(word: str) -> str:
    return python_word(word, base_classes.CHART_TYPES)


def plot_by(word: str | None) -> str | None:
    return word.lower() if word else None


def add_chart(target: Target) -> None:
    name, kind, sheet, address, left, top, width, height, along, anchor, style = target.args
    cell = target.sheet.range(anchor) if anchor else None
    made = target.sheet.charts.add(left or 0, top or 0, width, height, chart_type(kind), anchor=cell, style=style)
    made.set_source_data(target.cells_at(sheet, address), plot_by(along))
    made.name = name


def set_source(target: Target) -> None:
    _, sheet, address, *along = target.args
    chart(target).set_source_data(target.cells_at(sheet, address), plot_by(along[0]) if along else None)


def set_axis(target: Target) -> None:
    _, axis, values = target.args
    getattr(chart(target), f"{axis}_axis").set(**values)


def set_series(target: Target) -> None:
    _, number, values = target.args
    words: dict[str, Any] = {"chart_type": chart_type, "axis_group": str.lower, "marker_style": str.lower}
    chart(target).series[number].set(
        **{name: words[name](value) if name in words else value for name, value in values.items()}
    )


def set_legend(target: Target) -> None:
    _, member, value = target.args
    setattr(
        chart(target).legend,
        member,
        python_word(value, base_classes.CHART_LEGEND_POSITIONS) if member == "position" else value,
    )


def set_of_chart(member: str, change: Any = None) -> Any:
    return lambda target: setattr(chart(target), member, change(target.args[1]) if change else target.args[1])


def picture(target: Target) -> Picture:
    return target.sheet.pictures[target.first]


def add_picture(target: Target) -> None:
    """Add an image that came as text, no nearer to the corner than its anchor."""
    image, column, row, left, top = target.args
    cell = target.sheet.range((row + 1, column + 1))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "picture.png"
        file.write_bytes(base64.b64decode(image))
        target.sheet.pictures.add(file, left=max(left, cell.left), top=max(top, cell.top))


def set_of_picture(member: str) -> Any:
    return lambda target: setattr(picture(target).impl, member, target.args[1])


ACTIONS: Actions = {
    "addChart": add_chart,
    "deleteChart": lambda target: chart(target).delete(),
    "setChartName": set_of_chart("name"),
    "setChartType": set_of_chart("chart_type", chart_type),
    "setChartTitle": set_of_chart("title"),
    "setChartStyle": set_of_chart("style"),
    "setChartPlotBy": set_of_chart("plot_by", plot_by),
    "setChartPosition": lambda target: setattr(chart(target), target.args[1], target.args[2]),
    "setChartSourceData": set_source,
    "setChartXAxisValues": lambda target: chart(target).set_x_axis_values(target.cells_at(*target.args[1:])),
    "setChartAxis": set_axis,
    "setChartSeries": set_series,
    "setChartLegend": set_legend,
    "addPicture": add_picture,
    "setPictureName": set_of_picture("name"),
    "setPictureLeft": set_of_picture("left"),
    "setPictureTop": set_of_picture("top"),
    "setPictureWidth": set_of_picture("width"),
    "setPictureHeight": set_of_picture("height"),
    "setPictureLockAspectRatio": set_of_picture("lock_aspect_ratio"),
    "deletePicture": lambda target: picture(target).delete(),
}
