"""The values and formulas of a drawn sheet, written in whole ranges."""

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xlwings as xw

from klantwaarde.report.blocks import Formula
from klantwaarde.report.formulas import checked
from klantwaarde.workbook import look
from klantwaarde.workbook.canvas import Canvas, DrawnTable
from klantwaarde_addin.live.areas import Area, areas_of, around
from klantwaarde_addin.live.cells import literal, literals


def write_values(sheet: xw.Sheet, canvas: Canvas, whole: Area) -> None:
    """Everything but formulas: what stands around the tables, then the body of each table."""
    tables = [Area(table.row, table.column, table.last_row, table.last_column) for table in canvas.tables]
    for area in around(tables, whole):
        rows = [
            [_constant(canvas, row, column) for column in range(area.left, area.right + 1)]
            for row in range(area.top, area.bottom + 1)
        ]
        if any(value is not None for row in rows for value in row):
            put(sheet, area, literals(rows))
    for table in canvas.tables:
        put(sheet, _body(table), _body_rows(canvas, table))


def put(sheet: xw.Sheet, area: Area, rows: list[list[object]]) -> None:
    """Fill a rectangle in one call. A blank is an empty text: to a remote Excel, nothing means leave the cell as it is."""
    cells = sheet.range(area.address)
    if any(isinstance(value, dt.date) for row in rows for value in row):
        cells.value = rows  # xlwings knows how each host takes a date
    else:
        cells.raw_value = [["" if value is None else value for value in row] for row in rows]


def _constant(canvas: Canvas, row: int, column: int) -> object:
    cell = canvas.cells.get((row, column))
    return None if cell is None or isinstance(cell.content, Formula) else cell.content


def _body(table: DrawnTable) -> Area:
    return Area(table.row + 1, table.column, table.last_row, table.last_column)


def _body_rows(canvas: Canvas, table: DrawnTable) -> list[list[object]]:
    """All rows of a table, those that are handed over in bulk too; formula cells are left blank."""
    columns = [_body_column(canvas, table, column) for column in range(table.column, table.last_column + 1)]
    return [list(row) for row in zip(*columns, strict=True)]


def _body_column(canvas: Canvas, table: DrawnTable, column: int) -> list[object]:
    if table.formulas[column - table.column] is not None:
        return [None] * table.rows
    drawn = _drawn_rows(canvas, table)
    values = [_constant(canvas, row, column) for row in drawn]
    if len(drawn) < table.rows and canvas.bulk is not None:
        values += _plain(canvas.bulk.columns[column - canvas.bulk.first_column])
    first = canvas.cells[table.row + 1, column]
    if look.NUMBER_FORMATS[first.format] == "@":  # the cells are text already
        return values
    return [literal(value) if isinstance(value, str) and value else value for value in values]


def _drawn_rows(canvas: Canvas, table: DrawnTable) -> range:
    bulk = canvas.bulk
    last = bulk.first_row - 1 if bulk is not None and table.row < bulk.first_row <= table.last_row else table.last_row
    return range(table.row + 1, last + 1)


def _plain(column: Sequence[Any] | np.ndarray[Any, Any]) -> list[object]:
    """Values as Python's own, without NaN and NaT."""
    if isinstance(column, np.ndarray) and column.dtype.kind == "M":
        return [None if moment is pd.NaT else moment for moment in pd.DatetimeIndex(column).to_pydatetime()]
    values = column.tolist() if isinstance(column, np.ndarray) else list(column)
    return [None if isinstance(value, float) and math.isnan(value) else value for value in values]


def check_formulas(canvas: Canvas) -> None:
    """Refuse a sheet with a formula that no report of ours holds.

    Raises:
        UnsafeFormulaError: with the formula.
    """
    for formula in (formula for table in canvas.tables for formula in table.formulas if formula):
        checked(formula)
    for cell in canvas.cells.values():
        if isinstance(cell.content, Formula):
            checked(cell.content.text)


def write_formulas(sheet: xw.Sheet, canvas: Canvas) -> None:
    """Formulas come last: they point at tables on any sheet of the report."""
    for table in canvas.tables:
        for position, formula in enumerate(table.formulas):
            column = table.column + position
            area = Area(table.row + 1, column, table.last_row, column)
            if formula is not None:
                _set(sheet.range(area.address), f"={formula}")
            elif mixed := _mixed_column(canvas, table, column):
                _set(sheet.range(area.address), mixed)
    bodies = [_body(table) for table in canvas.tables]
    for area, texts in _loose_formulas(canvas, bodies):
        _set(sheet.range(area.address), texts)


def _mixed_column(canvas: Canvas, table: DrawnTable, column: int) -> list[list[object]] | None:
    """A column in which single cells hold formulas of their own: formulas and constants together."""
    cells = [canvas.cells[row, column] for row in _drawn_rows(canvas, table)]
    if not any(isinstance(cell.content, Formula) for cell in cells):
        return None
    contents = [cell.content for cell in cells]
    return [
        [f"={c.text}" if isinstance(c, Formula) else literal(c) if isinstance(c, str) and c else "" if c is None else c]
        for c in contents
    ]


def _loose_formulas(canvas: Canvas, bodies: Sequence[Area]) -> Iterator[tuple[Area, list[list[object]]]]:
    """Rectangles of formulas outside the bodies of tables."""
    places = {
        place: "formula"
        for place, cell in canvas.cells.items()
        if isinstance(cell.content, Formula)
        and not any(body.top <= place[0] <= body.bottom and body.left <= place[1] <= body.right for body in bodies)
    }
    for area, _ in areas_of(places):
        rows = range(area.top, area.bottom + 1)
        yield (
            area,
            [[f"={_text(canvas, row, column)}" for column in range(area.left, area.right + 1)] for row in rows],
        )


def _text(canvas: Canvas, row: int, column: int) -> str:
    content = canvas.cells[row, column].content
    assert isinstance(content, Formula)
    return content.text


def _set(cells: xw.Range, formula: str | list[list[object]]) -> None:
    """Write formulas without implicit intersection; an Excel from before dynamic arrays knows the older property only."""
    try:
        cells.formula2 = formula
    except AttributeError:
        cells.formula = formula
