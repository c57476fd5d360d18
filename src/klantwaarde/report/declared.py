"""How results are shown: every result and every sheet declared once, by the room that makes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from klantwaarde.model import Outcome
    from klantwaarde.report.blocks import ChartBlock


@dataclass(frozen=True, slots=True)
class ResultSpec:
    """How one result becomes an Excel table. Its title stands in the messages under ``result_<id>``.

    Attributes:
        id: Of the result.
        key: The column that identifies a row; a user's own columns follow it when rows move.
        alarm: A column whose negative amounts or bad verdicts are marked.
        totals: Columns with a live total above the table.
        formulas: Column -> live formula for every row, with ``{column}`` for a cell of the same row.
        relabel: Column -> the entry of ``report.columns.OUTPUT`` that labels it here.
        worded: Columns that hold canonical words, shown in the reader's language.
        if_known: Columns that the sheet leaves out when no row has a value; no check may point at them.
    """

    id: str
    key: str | None = None
    alarm: str | None = None
    totals: tuple[str, ...] = ()
    formulas: Mapping[str, str] = field(default_factory=dict)
    relabel: Mapping[str, str] = field(default_factory=dict)
    worded: tuple[str, ...] = ()
    if_known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """One report sheet: its names, and the results on it from top to bottom, the largest last.

    The title stands in the messages under ``sheet_<id>``, what it answers under ``note_<id>``.

    Attributes:
        charts: Makes its charts, whose titles say the conclusion; what the input does not allow is left out.
        lines: Makes the sentences above the tables: what a reader should do, and under which conventions.
        charts_per_row: How many charts stand side by side.
    """

    id: str
    nl: str
    en: str
    results: tuple[str, ...] = ()
    charts: "Callable[[Outcome, str], list[ChartBlock]] | None" = None
    lines: "Callable[[Outcome, str], list[str]] | None" = None
    charts_per_row: int = 2

    def name(self, language: str) -> str:
        return self.nl if language == "nl" else self.en
