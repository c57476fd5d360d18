"""Axes and legend of a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import xlwings
from xlwings import base_classes

from addin.engine.com import com_object, wire

if TYPE_CHECKING:
    from addin.engine.chart_record import ChartRecord

UNSET = base_classes._UNSET


def _kept(name: str) -> property:
    """A setting of an axis that can be read back once it was set; what Excel would compute is not known here."""

    def get(axis: ChartAxis) -> Any:
        axis._require_axis()
        if name not in axis._settings:
            raise NotImplementedError(f"ChartAxis.{name} is not known: it was never set.")
        return axis._settings[name]

    return property(get)


@com_object
class ChartAxis(base_classes.ChartAxis):
    """One axis; a round chart has none, a secondary one exists once a series was moved to it."""

    title = _kept("title")
    minimum_scale = _kept("minimum_scale")
    maximum_scale = _kept("maximum_scale")
    major_unit = _kept("major_unit")
    number_format = _kept("number_format")
    reverse_order = _kept("reverse_order")
    crosses = _kept("crosses")

    def __init__(self, record: ChartRecord, which: str) -> None:
        self._record = record
        self._which = which

    @property
    def api(self) -> None:
        return None

    @property
    def _settings(self) -> dict[str, Any]:
        return self._record.axes.setdefault(self._which, {})

    @property
    def _visible(self) -> bool:
        return not self._record.is_round and self._settings.get(
            "visible", not self._which.startswith("secondary_category")
        )

    def _require_axis(self) -> None:
        if self._which.startswith("secondary") and not any(
            series.get("axis_group") == "secondary" for series in self._record.series
        ):
            raise xlwings.XlwingsError(
                "The chart has no secondary axis group. Move a series to it first with series.axis_group = 'secondary'."
            )

    @property
    def visible(self) -> bool:
        if wire.remote_like and "visible" not in self._settings:
            raise NotImplementedError("Reading chart axis attributes synchronously isn't supported on this engine.")
        self._require_axis()
        return self._visible

    def set(self, **changes: Any) -> None:
        wanted = {name: value for name, value in changes.items() if value is not UNSET}
        if not wire.remote_like:
            self._require_axis()
            if self._record.is_round or not (self._visible or wanted.get("visible") or wanted.get("title")):
                raise xlwings.XlwingsError(f"The chart has no visible {self._which} axis.")
        self._settings.update(wanted)


@com_object
class ChartLegend(base_classes.ChartLegend):
    """The legend, shown unless switched off; placing it shows it."""

    def __init__(self, record: ChartRecord) -> None:
        self._settings = record.settings

    @property
    def api(self) -> None:
        return None

    @property
    def visible(self) -> bool:
        return self._settings.get("legend_visible", True)

    @visible.setter
    def visible(self, value: bool) -> None:
        self._settings["legend_visible"] = value

    @property
    def position(self) -> str | None:
        return self._settings.get("legend_position", "right") if self._settings.get("legend_visible", True) else None

    @position.setter
    def position(self, value: str) -> None:
        self._settings.update(legend_visible=True, legend_position=value)
