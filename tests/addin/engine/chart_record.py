"""What is known of a chart; ``chart_drawing`` makes it visible in the saved file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl.chart._chart import ChartBase
    from openpyxl.worksheet.worksheet import Worksheet

    from addin.engine.areas import Area

    Source = tuple[Worksheet, Area]

ROUND_TYPES = ("pie", "doughnut")


@dataclass(slots=True, eq=False)
class ChartRecord:
    """One embedded chart.

    Attributes:
        name: Unique on its sheet.
        place: ``left``, ``top``, ``width`` and ``height`` in points.
        chart_type: One of xlwings' names.
        source: The cells that it shows.
        x_values: The cells along the category axis, when set apart.
        settings: ``title``, ``plot_by``, ``style``, ``legend_visible`` and ``legend_position``, once set.
        axes: What was set of each axis, by ``category``, ``value`` and the two secondary ones.
        series: What was set of each series.
        loaded: The chart as the file had it, when the file had it.
    """

    name: str
    place: dict[str, float]
    chart_type: str = "column_clustered"
    source: Source | None = None
    x_values: Source | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    axes: dict[str, dict[str, Any]] = field(default_factory=dict)
    series: list[dict[str, Any]] = field(default_factory=list)
    loaded: ChartBase | None = None

    @property
    def is_round(self) -> bool:
        return self.chart_type.startswith(ROUND_TYPES)

    def plot_by(self) -> str:
        """As set, else along the longer side, as Excel guesses."""
        if self.source is None:
            return "columns"
        area = self.source[1]
        return self.settings.get("plot_by") or ("columns" if area.rows >= area.columns else "rows")

    def has_labels(self) -> bool:
        """Whether Excel takes the first column (or row) for categories: a blank corner, or text below the header."""
        if self.source is None:
            return False
        sheet, area = self.source
        by_columns = self.plot_by() == "columns"
        along, across = (area.rows, area.columns) if by_columns else (area.columns, area.rows)
        if along < 2 or across < 2:
            return False
        first = [
            sheet.cell(area.row + step * by_columns, area.column + step * (not by_columns)).value
            for step in range(along)
        ]
        return first[0] in (None, "") or any(isinstance(value, str) for value in first[1:])

    def count_series(self) -> int:
        if self.source is None:
            return 0
        area = self.source[1]
        across = area.columns if self.plot_by() == "columns" else area.rows
        return across - self.has_labels()
