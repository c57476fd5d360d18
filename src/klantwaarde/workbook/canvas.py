"""A sheet being drawn: where the next block goes, and what every formula cell should show."""

import datetime as dt
import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet.worksheet import Worksheet

from klantwaarde.messages import label
from klantwaarde.report.blocks import Format, Formula
from klantwaarde.workbook import look
from klantwaarde.workbook.finish import Value
from klantwaarde.workbook.look import Brush
from klantwaarde.workbook.row_writer import BulkRows, check_text

CellContent = float | int | str | bool | dt.date | None


@dataclass(slots=True)
class Canvas:
    """One sheet while it is drawn from top to bottom.

    Attributes:
        widths: Of the page's columns, A first, in characters; what stands right of them is not printed.
        row: The next free row.
        values: Cell address -> calculated value, for every formula.
        alt_texts: Per chart, its name and description.
        headers: Header row and number of key columns of every table, top to bottom.
        figures_row: The next free row for the figures of charts, right of the page.
        bulk: Rows that are handed over instead of drawn.
    """

    sheet: Worksheet
    brush: Brush
    widths: list[float]
    row: int = 1
    values: dict[str, Value] = field(default_factory=dict)
    alt_texts: list[tuple[str, str]] = field(default_factory=list)
    headers: list[tuple[int, int]] = field(default_factory=list)
    figures_row: int = 1
    bulk: BulkRows | None = None

    @property
    def language(self) -> str:
        return self.brush.language

    def put(self, row: int, column: int, content: object, *, style: str, number_format: Format = "text") -> None:
        """Write one cell. Text is always text; only a :class:`Formula` becomes a formula."""
        cell = self.sheet.cell(row, column)
        if isinstance(content, Formula):
            cell.value = f"={content.text.removeprefix('=')}"
            self.values[cell.coordinate] = content.value
        else:
            shown = cell_content(content, self.language)
            if isinstance(shown, str):
                check_text(shown, sheet=self.sheet.title, cell=cell.coordinate)
            cell.value = shown
            if isinstance(shown, str):
                cell.data_type = "s"
        self.brush.paint(cell, style, number_format)

    def line(self, text: str, *, style: str, height: float | None = None) -> None:
        """Write text over the width of the page, on as many rows as it needs, without merging cells."""
        wide = sum(self.widths) * 12 / max(look.STYLES[style].size, 10)
        for part in look.wrapped_lines(text, wide) or [""]:
            self.put(self.row, 1, part, style=style)
            if height:
                self.sheet.row_dimensions[self.row].height = height
            self.row += 1


def cell_content(value: object, language: str) -> CellContent:
    """What a cell can hold: unknown is blank, a flag is a word, characters that no workbook may hold are left out.

    Raises:
        ValueError: an infinite number.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, bool):
        return label("report_yes" if value else "report_no", language)
    if isinstance(value, float) and math.isinf(value):
        raise ValueError("an infinite number cannot be written into a cell")
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    if isinstance(value, int | float | dt.date):
        return value
    return str(ILLEGAL_CHARACTERS_RE.sub("", str(value)))
