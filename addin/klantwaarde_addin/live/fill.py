"""One drawn sheet put onto a live sheet: tables to their place, values, looks, rules and charts; formulas come later."""

from dataclasses import dataclass

import xlwings as xw

from klantwaarde.workbook.canvas import Canvas
from klantwaarde_addin.live import dress, values
from klantwaarde_addin.live.areas import Area, around
from klantwaarde_addin.live.charts import draw_charts
from klantwaarde_addin.live.place import LiveTable, area_of, create_tables, place_tables

NOTHING = Area(1, 1, 1, 1)


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands on a sheet now: everything in use, and our tables."""

    used: Area = NOTHING
    tables: tuple[LiveTable, ...] = ()


def fill(sheet: xw.Sheet, canvas: Canvas, standing: Standing) -> None:
    """Everything on one sheet but its formulas."""
    tables = [area_of(table) for table in canvas.tables]
    placed = place_tables(sheet, canvas.tables, standing.tables, standing.used)
    rows, columns = zip(*canvas.cells, strict=True) if canvas.cells else ((1,), (1,))
    bottom = max([*rows, *(table.bottom for table in tables)])
    whole = Area(1, 1, max(bottom, standing.used.bottom), max(*columns, standing.used.right))
    if standing.used != NOTHING:
        for piece in around([area_of(table) for table in canvas.tables if table.name in placed], whole):
            sheet.range(piece.address).clear()
    drawn = Area(1, 1, bottom, max(columns))
    dress.set_formats(sheet, canvas)
    create_tables(sheet, canvas.tables, placed)
    values.write_values(sheet, canvas, drawn)
    dress.set_looks(sheet, canvas, drawn)
    dress.set_sizes(sheet, canvas)
    dress.set_marks(sheet, canvas, whole)
    dress.set_view(sheet, canvas)
    draw_charts(sheet, canvas)
