"""Charts of a sheet: what is set is kept in a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import xlwings
from xlwings import base_classes

from addin.engine.chart_axes import ChartAxis, ChartLegend
from addin.engine.chart_drawing import family_of
from addin.engine.chart_record import ChartRecord
from addin.engine.com import com_object, wire
from addin.engine.members import Members

if TYPE_CHECKING:
    from addin.engine.sheet import Sheet

UNSET = base_classes._UNSET


def _place(name: str) -> property:
    def get(chart: Chart) -> float:
        return chart.record.place[name]

    def put(chart: Chart, value: float) -> None:
        chart.record.place[name] = value

    return property(get, put)


def _setting(name: str, default: Any) -> property:
    def get(chart: Chart) -> Any:
        if wire.remote_like and name not in chart.record.settings:
            raise NotImplementedError(f"Reading a chart's {name} isn't supported on this engine.")
        return chart.record.settings.get(name, default)

    def put(chart: Chart, value: Any) -> None:
        chart.record.settings[name] = value

    return property(get, put)


@com_object
class Chart(base_classes.Chart):
    """One embedded chart."""

    left, top, width, height = _place("left"), _place("top"), _place("width"), _place("height")
    title = _setting("title", None)
    style = _setting("style", 2)

    def __init__(self, sheet: Sheet, record: ChartRecord) -> None:
        self._sheet = sheet
        self.record = record

    @property
    def api(self) -> None:
        return None

    @property
    def parent(self) -> Sheet:
        return self._sheet

    @property
    def name(self) -> str:
        return self.record.name

    @name.setter
    def name(self, value: str) -> None:
        self.record.name = value

    @property
    def chart_type(self) -> str:
        return self.record.chart_type

    @chart_type.setter
    def chart_type(self, value: str) -> None:
        if family_of(value) is None:
            raise NotImplementedError(f"The engine does not draw charts of type {value}.")
        self.record.chart_type = value

    @property
    def plot_by(self) -> str:
        return self.record.plot_by()

    @plot_by.setter
    def plot_by(self, value: str) -> None:
        self.record.settings["plot_by"] = value
        self._renew_series()

    def set_source_data(self, rng: Any, plot_by: str | None = None) -> None:
        self.record.source = (rng._ws, rng.area)
        if self.record not in self._sheet.chart_records:
            self._sheet.chart_records.append(self.record)
        if plot_by is not None:
            self.record.settings["plot_by"] = plot_by
        self._renew_series()

    def _renew_series(self) -> None:
        kept = self.record.series[: self.record.count_series()]
        self.record.series = kept + [{} for _ in range(self.record.count_series() - len(kept))]

    def set_x_axis_values(self, rng: Any) -> None:
        self.record.x_values = (rng._ws, rng.area)

    @property
    def legend(self) -> ChartLegend:
        return ChartLegend(self.record)

    @property
    def category_axis(self) -> ChartAxis:
        return ChartAxis(self.record, "category")

    @property
    def value_axis(self) -> ChartAxis:
        return ChartAxis(self.record, "value")

    @property
    def secondary_category_axis(self) -> ChartAxis:
        return ChartAxis(self.record, "secondary_category")

    @property
    def secondary_value_axis(self) -> ChartAxis:
        return ChartAxis(self.record, "secondary_value")

    @property
    def series(self) -> ChartSeriesCollection:
        if wire.remote_like and self.record.source is None:
            raise xlwings.XlwingsError("Chart series require source data. Call Chart.set_source_data() first.")
        return ChartSeriesCollection(self.record)

    def delete(self) -> None:
        self._sheet.chart_records.remove(self.record)


def _of_series(name: str) -> property:
    return property(lambda series: series._settings.get(name))


@com_object
class ChartSeries(base_classes.ChartSeries):
    """One series: what was set of it, nothing of what Excel would choose."""

    name, chart_type, axis_group = _of_series("name"), _of_series("chart_type"), _of_series("axis_group")
    line_color, fill_color = _of_series("line_color"), _of_series("fill_color")
    marker_style, marker_size = _of_series("marker_style"), _of_series("marker_size")
    marker_foreground_color, marker_background_color = (
        _of_series("marker_foreground_color"),
        _of_series("marker_background_color"),
    )

    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = settings

    @property
    def api(self) -> None:
        return None

    def set(self, **changes: Any) -> None:
        self._settings.update({name: value for name, value in changes.items() if value is not UNSET})


@com_object
class ChartSeriesCollection(Members[ChartSeries], base_classes.ChartSeriesCollection):
    """The series of a chart, by number only."""

    def __init__(self, record: ChartRecord) -> None:
        self._record = record

    def _members(self) -> list[ChartSeries]:
        return [ChartSeries(settings) for settings in self._record.series]

    @staticmethod
    def _name_of(member: ChartSeries) -> str:
        raise KeyError(member)


@com_object
class Charts(Members[Chart], base_classes.Charts):
    """The charts of one sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    @property
    def parent(self) -> Sheet:
        return self._sheet

    def _members(self) -> list[Chart]:
        return [Chart(self._sheet, record) for record in self._sheet.chart_records]

    @staticmethod
    def _name_of(member: Chart) -> str:
        return member.record.name

    def add(
        self,
        left: float,
        top: float,
        width: float,
        height: float,
        chart_type: str | None = None,
        source: Any = None,
        plot_by: str | None = None,
        name: str | None = None,
        anchor: Any = None,
        style: int | None = None,
    ) -> Chart:
        """Make the chart; the remote engine holds it back until it has source data."""
        if anchor is not None:
            left, top = anchor.impl.left, anchor.impl.top
        records = self._sheet.chart_records
        word = {"nl": "Grafiek", "en": "Chart"}[self._sheet.book_impl.language]
        record = ChartRecord(
            name or f"{word} {len(records) + 1}", {"left": left, "top": top, "width": width, "height": height}
        )
        chart = Chart(self._sheet, record)
        if chart_type is not None:
            chart.chart_type = chart_type
        if source is not None:
            chart.set_source_data(source, plot_by)
        if style is not None:
            record.settings["style"] = style
        if record not in records and not wire.remote_like:
            records.append(record)
        return chart
