"""A report as data: sheets, blocks and charts that know no file format. An adapter renders them.

Formulas are English and use structured references (``[@[Netto-omzet]]``, ``outCustomerPl[Klantresultaat]``) or
A1 references; every formula carries the value that Python calculated, so that a reader without recalculation sees it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from klantwaarde.report.formulas import excel_name

Format = Literal[
    "text", "id", "money", "money0", "rate", "number", "integer", "percent", "date", "datetime", "minutes", "flag"
]
ChartKind = Literal["line", "bar", "column", "stacked_column", "stacked_bar"]


@dataclass(frozen=True, slots=True)
class Formula:
    """A live formula with the value Python expects it to have."""

    text: str
    value: float | str | bool | None


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """One column of a result table: canonical id, shown label, format, width, and a formula for calculated columns."""

    id: str
    label: str
    format: Format = "text"
    width: float | None = None
    formula: str | None = None  # the same text for every row, with [@[Label]] references
    note: str = ""
    detail: bool = False  # folded away under the total that follows it; one click shows it


@dataclass(frozen=True, slots=True)
class TableBlock:
    """An Excel table: ``frame`` has one column per ``columns`` entry, in that order."""

    id: str  # canonical result id, e.g. customer_pl -> Excel table outCustomerPl
    title: str
    columns: tuple[ResultColumn, ...]
    frame: pd.DataFrame
    totals: Mapping[str, str] = field(default_factory=dict)  # column id -> "sum"; shown above the table as live SUBTOTAL
    note: str = ""
    key: str | None = None  # user columns right of the table follow this column when rows move
    alarm: str | None = None  # a column whose negative or failed cells are marked
    row_formats: Mapping[str, tuple[Format, ...]] = field(default_factory=dict)  # column id -> a format per row

    @property
    def excel_name(self) -> str:
        return excel_name(self.id)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number on a dashboard tile, with its label, a comment and a verdict that is not told by colour alone."""

    label: str
    value: float | str | Formula | None
    format: Format = "money0"
    comment: str = ""
    verdict: Literal["good", "bad", "none"] = "none"


@dataclass(frozen=True, slots=True)
class TilesBlock:
    """A row of dashboard figures."""

    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Plain lines of text."""

    lines: tuple[str, ...]
    style: Literal["body", "heading", "warning"] = "body"


@dataclass(frozen=True, slots=True)
class Series:
    """One chart series: a column of the chart's data; ``role`` decides the colour (never red/green alone)."""

    label: str
    column: str
    role: Literal["main", "good", "bad", "muted", "invisible"] = "main"


@dataclass(frozen=True, slots=True)
class ChartBlock:
    """A native chart with a small data frame of its own (shown beside or below the chart, first column = category)."""

    id: str
    title: str  # says the conclusion
    kind: ChartKind
    frame: pd.DataFrame
    series: tuple[Series, ...]
    format: Format = "money0"
    category_title: str = ""
    value_title: str = ""
    value_axis: bool = True  # without it only the labels say how much
    note: str = ""
    alt_text: str = ""


Block = TableBlock | TilesBlock | TextBlock | ChartBlock


@dataclass(frozen=True, slots=True)
class ReportSheet:
    """One sheet that we own and replace as a whole."""

    id: str
    name: str
    title: str
    subtitle: str  # period, scenario, conventions used
    blocks: Sequence[Block]
    footer: str = ""
    language: str = "nl"
    columns_per_row: int = 1  # dashboards lay charts side by side
    room: str = ""  # sheets of one room carry tabs of one colour
