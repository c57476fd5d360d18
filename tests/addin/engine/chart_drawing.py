"""A chart record as an openpyxl chart, so that the saved file shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.chart import AreaChart, BarChart, DoughnutChart, LineChart, PieChart, Reference, ScatterChart, Series
from openpyxl.chart.data_source import AxDataSource, NumRef, StrRef
from openpyxl.chart.series import SeriesLabel
from openpyxl.drawing.spreadsheet_drawing import AbsoluteAnchor
from openpyxl.drawing.xdr import XDRPoint2D, XDRPositiveSize2D

from addin.engine.areas import Area

if TYPE_CHECKING:
    from openpyxl.chart._chart import ChartBase

    from addin.engine.chart_record import ChartRecord

EMU_PER_POINT = 12700
LEGEND_POSITIONS = {"top": "t", "bottom": "b", "left": "l", "right": "r", "corner": "tr"}
FAMILIES: dict[str, tuple[type[ChartBase], dict[str, Any]]] = {
    "bar": (BarChart, {"type": "bar"}),
    "column": (BarChart, {"type": "col"}),
    "line": (LineChart, {}),
    "area": (AreaChart, {}),
    "pie": (PieChart, {}),
    "doughnut": (DoughnutChart, {}),
    "xy_scatter": (ScatterChart, {"style": 13}),
}


def family_of(chart_type: str) -> str | None:
    return next((name for name in FAMILIES if chart_type == name or chart_type.startswith(f"{name}_")), None)


def draw(record: ChartRecord) -> ChartBase:
    """The chart for openpyxl; series of another type or axis become a chart laid over the first."""
    if record.loaded is not None:
        return record.loaded
    layers: dict[tuple[str, str], list[int]] = {}
    for number, settings in enumerate(record.series):
        layers.setdefault(
            (settings.get("chart_type", record.chart_type), settings.get("axis_group", "primary")), []
        ).append(number)
    charts = [_layer(record, chart_type, group, numbers) for (chart_type, group), numbers in layers.items()]
    main = charts[0] if charts else _layer(record, record.chart_type, "primary", [])
    for other in charts[1:]:
        main += other
    main.title = record.settings.get("title")
    _place(main, record)
    _legend(main, record)
    _axes(main, record)
    return main


def _layer(record: ChartRecord, chart_type: str, group: str, numbers: list[int]) -> ChartBase:
    family = family_of(chart_type) or "column"
    kind, fixed = FAMILIES[family]
    chart = kind()
    for name, value in fixed.items():
        setattr(chart, name, value)
    if "stacked" in chart_type and family in ("bar", "column", "line", "area"):
        chart.grouping = "percentStacked" if chart_type.endswith("100") else "stacked"
        if family in ("bar", "column"):
            chart.overlap = 100
    for number in numbers:
        chart.series.append(_series(record, number, family))
    if group == "secondary":
        chart.y_axis.axId, chart.y_axis.crosses = 200, "max"
    return chart


def _series(record: ChartRecord, number: int, family: str) -> Series:
    sheet, area = record.source
    categories, values, title = _parts(area, record.plot_by(), number, labels=record.has_labels())
    x_sheet, x_area = record.x_values or (sheet, categories)
    if family == "xy_scatter" and x_area is not None:
        series = Series(_reference(sheet, values), xvalues=_reference(x_sheet, x_area), title_from_data=False)
    else:
        series = Series(_reference(sheet, values))
        if x_area is not None:
            series.cat = _category_source(_reference(x_sheet, x_area))
    settings = record.series[number]
    if "name" in settings or title is not None:
        series.tx = _title(settings.get("name"), sheet, title)
    for key, paint in (("fill_color", "solidFill"), ("line_color", None)):
        if key in settings:
            colour = "{:02X}{:02X}{:02X}".format(*settings[key])
            target = series.graphicalProperties if paint else series.graphicalProperties.line
            target.solidFill = colour
    return series


def _parts(area: Area, plot_by: str, number: int, *, labels: bool) -> tuple[Area | None, Area, Area | None]:
    """Categories, values and title of one series: the first row and column are labels when there is more than one."""
    if plot_by == "rows":
        categories, values, title = _parts(
            Area(area.column, area.row, area.columns, area.rows), "columns", number, labels=labels
        )
        return _flip(categories), _flip(values), _flip(title)
    header = 1 if area.rows > 1 else 0
    body = area.rows - header
    column = area.column + labels + number
    return (
        Area(area.row + header, area.column, body, 1) if labels else None,
        Area(area.row + header, column, body, 1),
        Area(area.row, column) if header else None,
    )


def _flip(area: Area | None) -> Area | None:
    return Area(area.column, area.row, area.columns, area.rows) if area else None


def _reference(sheet: Any, area: Area) -> Reference:
    return Reference(sheet, min_col=area.column, min_row=area.row, max_col=area.last_column, max_row=area.last_row)


def _category_source(reference: Reference) -> Any:
    return AxDataSource(numRef=NumRef(f=str(reference)))


def _title(text: str | None, sheet: Any, cell: Area | None) -> Any:
    return SeriesLabel(v=text) if text is not None else SeriesLabel(strRef=StrRef(str(_reference(sheet, cell))))


def _place(chart: ChartBase, record: ChartRecord) -> None:
    point = {name: round(value * EMU_PER_POINT) for name, value in record.place.items()}
    chart.anchor = AbsoluteAnchor(
        pos=XDRPoint2D(point["left"], point["top"]), ext=XDRPositiveSize2D(point["width"], point["height"])
    )


def _legend(chart: ChartBase, record: ChartRecord) -> None:
    if not record.settings.get("legend_visible", True):
        chart.legend = None
    elif position := record.settings.get("legend_position"):
        chart.legend.position = LEGEND_POSITIONS[position]


def _axes(chart: ChartBase, record: ChartRecord) -> None:
    for name, attribute in (("category", "x_axis"), ("value", "y_axis")):
        settings, axis = record.axes.get(name, {}), getattr(chart, attribute, None)
        if axis is None:
            continue
        axis.delete = not settings.get("visible", True)
        axis.title = settings.get("title")
        axis.scaling.min, axis.scaling.max = settings.get("minimum_scale"), settings.get("maximum_scale")
        axis.scaling.orientation = "maxMin" if settings.get("reverse_order") else "minMax"
        if settings.get("number_format"):
            axis.number_format = settings["number_format"]
        if settings.get("major_unit"):
            axis.majorUnit = settings["major_unit"]
