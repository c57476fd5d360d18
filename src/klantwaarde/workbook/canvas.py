"""A sheet as drawn, of no file format: cells, tables, charts, rules and the view. Writers put it into a file or into Excel.

Rows and columns count from 1; areas are A1 texts. Formulas are those of a file: English, without an equals sign.
"""

import datetime as dt
import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from klantwaarde.messages import label
from klantwaarde.report.blocks import ChartBlock, Format, Formula
from klantwaarde.tables.raw import cell_address, column_letters
from klantwaarde.workbook import look
from klantwaarde.workbook.row_writer import UNWRITABLE, BulkRows, check_text

CellContent = float | int | str | bool | dt.date | None
LONGEST_TITLE, LONGEST_HINT = 32, 255  # characters that Excel shows of an input message


@dataclass(frozen=True, slots=True)
class DrawnCell:
    """What a cell holds and how it looks; ``style`` is a key of :data:`look.STYLES`."""

    content: CellContent | Formula
    style: str
    format: Format


@dataclass(frozen=True, slots=True)
class DrawnTable:
    """An Excel table; its headers and rows are cells of the sheet, or bulk.

    Attributes:
        name: Of the table in Excel.
        row: Of the header.
        column: The first one.
        rows: Number of rows below the header, bulk included; at least 1.
        headers: Per column.
        formulas: Per column, what a new row gets; None where rows hold values.
    """

    name: str
    row: int
    column: int
    rows: int
    headers: tuple[str, ...]
    formulas: tuple[str | None, ...]

    @property
    def last_row(self) -> int:
        return self.row + self.rows

    @property
    def last_column(self) -> int:
        return self.column + len(self.headers) - 1

    @property
    def area(self) -> str:
        return f"{cell_address(self.row, self.column)}:{cell_address(self.last_row, self.last_column)}"


@dataclass(frozen=True, slots=True)
class Place:
    """The cells that a chart covers; offsets in pixels from a column's left edge.

    Bound to cells at both corners, so that it keeps its place whatever the width of a character is.
    """

    row: int
    column: int
    offset: int
    last_row: int
    last_column: int
    last_offset: int
    width: int  # pixels


@dataclass(frozen=True, slots=True)
class Range:
    """The chart's own figures on the sheet: categories, then one column per series; ``length`` rows below it."""

    sheet: str
    row: int
    column: int
    length: int

    def header(self, index: int) -> str:
        return reference(self.sheet, f"${column_letters(self.column + index)}${self.row}")

    def values(self, index: int) -> str:
        letters = column_letters(self.column + index)
        return reference(self.sheet, f"${letters}${self.row + 1}:${letters}${self.row + self.length}")


@dataclass(frozen=True, slots=True)
class DrawnChart:
    """A native chart over its figures."""

    block: ChartBlock
    figures: Range
    place: Place

    @property
    def alt_text(self) -> str:
        return self.block.alt_text or self.block.title


@dataclass(frozen=True, slots=True)
class Hint:
    """A message that appears when its cell is selected."""

    cell: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Cells that take a style's ink and fill while a condition holds; the condition is that of the area's first cell."""

    area: str
    condition: str
    style: str


@dataclass(frozen=True, slots=True)
class DrawnList:
    """Cells that take a value of the list with this defined name; anything else gives a warning."""

    area: str
    name: str
    allow_blank: bool
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class DrawnBounds:
    """Cells that take a number or a date (as serial) from low to high; anything else gives a warning."""

    area: str
    kind: Literal["decimal", "whole", "date"]
    low: int
    high: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A cell that jumps to the top of a sheet."""

    row: int
    column: int
    sheet: str


@dataclass(frozen=True, slots=True)
class View:
    """How the sheet shows on screen and on paper.

    Attributes:
        tab_colour: RRGGBB.
        zoom: Percent.
        freeze: The first cell that scrolls.
        title_rows: Repeated on every page, as ``5:5``.
        print_area: What is printed; everything when None.
        fit_height: Pages that the sheet fits on from top to bottom; 0 for as many as it takes.
        footer_left: In Excel's codes, see :func:`look.footer_text`; so are the other two.
        gridlines: Shown on screen.
    """

    tab_colour: str = look.BLUE
    zoom: int = 100
    freeze: str | None = None
    title_rows: str | None = None
    print_area: str | None = None
    fit_height: int = 0
    footer_left: str = ""
    footer_middle: str = ""
    footer_right: str = ""
    gridlines: bool = False


@dataclass(slots=True)
class Canvas:
    """One sheet while it is drawn from top to bottom, and as it stays for the writers.

    Attributes:
        name: Of the sheet.
        widths: Of the page's columns, A first, in characters; what stands right of them is not printed.
        row: The next free row.
        cells: (row, column) -> cell, in drawing order.
        heights: Row -> points; other rows have the standard height.
        outer_widths: Column right of the page -> characters.
        folded: Columns that are folded away on outline level 1.
        names: Name of the whole book -> the area on this sheet that it means.
        figures_row: The next free row for the figures of charts, right of the page.
        bulk: Rows that are handed over instead of drawn.
    """

    name: str
    language: str
    widths: list[float]
    row: int = 1
    cells: dict[tuple[int, int], DrawnCell] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    outer_widths: dict[int, float] = field(default_factory=dict)
    folded: set[int] = field(default_factory=set)
    tables: list[DrawnTable] = field(default_factory=list)
    charts: list[DrawnChart] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    lists: list[DrawnList] = field(default_factory=list)
    bounds: list[DrawnBounds] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    view: View = View()
    figures_row: int = 1
    bulk: BulkRows | None = None

    def put(self, row: int, column: int, content: object, *, style: str, number_format: Format = "text") -> None:
        """Draw one cell. Text is always text; only a :class:`Formula` is a formula."""
        if isinstance(content, Formula):
            shown: CellContent | Formula = Formula(content.text.removeprefix("="), content.value)
        else:
            shown = cell_content(content, self.language)
            if isinstance(shown, str):
                check_text(shown, sheet=self.name, cell=cell_address(row, column))
        self.cells[row, column] = DrawnCell(shown, style, number_format)

    def line(self, text: str, *, style: str, height: float | None = None) -> None:
        """Draw text over the width of the page, on as many rows as it needs, without merging cells."""
        wide = sum(self.widths) * 12 / max(look.STYLES[style].size, 10)
        for part in look.wrapped_lines(text, wide) or [""]:
            self.put(self.row, 1, part, style=style)
            if height:
                self.heights[self.row] = height
            self.row += 1

    def hint(self, row: int, column: int, *, title: str, text: str) -> None:
        """Explain a cell, as far as Excel shows the message."""
        self.hints.append(Hint(cell_address(row, column), title[:LONGEST_TITLE], text[:LONGEST_HINT]))


def reference(sheet: str, area: str) -> str:
    """An area as a formula on another sheet names it.

    Example:
        >>> reference("Jan's blad", "$A$1")
        "'Jan''s blad'!$A$1"
    """
    return "'" + sheet.replace("'", "''") + "'!" + area


def cell_content(value: object, language: str) -> CellContent:
    """What a cell can hold: unknown is blank, a flag is a word, characters that no workbook may hold are left out.

    Raises:
        ValueError: an infinite number.
    """
    if isinstance(value, str):
        return UNWRITABLE.sub("", str(value))
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
    return UNWRITABLE.sub("", str(value))
