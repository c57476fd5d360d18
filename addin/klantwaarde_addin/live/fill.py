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
    placed = place_tables(sheet, canvas.tables, standing.tables, standing.used)
    drawn = _drawn_area(canvas)
    whole = Area(1, 1, max(drawn.bottom, standing.used.bottom), max(drawn.right, standing.used.right) + _widest(canvas))
    if standing.used != NOTHING:
        _wipe(sheet, whole, [area_of(table) for table in canvas.tables if table.name in placed])
    dress.set_formats(sheet, canvas)
    create_tables(sheet, canvas.tables, placed)
    values.write_values(sheet, canvas, drawn)
    dress.set_looks(sheet, canvas, drawn)
    dress.set_sizes(sheet, canvas)
    dress.set_marks(sheet, canvas, whole)
    dress.set_view(sheet, canvas)
    draw_charts(sheet, canvas)


def _drawn_area(canvas: Canvas) -> Area:
    rows, columns = zip(*canvas.cells, strict=True) if canvas.cells else ((1,), (1,))
    return Area(1, 1, max([*rows, *(table.last_row for table in canvas.tables)]), max(columns))


def _widest(canvas: Canvas) -> int:
    """How far new table columns may have pushed what stood right of a table."""
    return max((len(table.headers) for table in canvas.tables), default=0)


def _wipe(sheet: xw.Sheet, whole: Area, tables: list[Area]) -> None:
    """Clear what stood around the tables; the tables themselves lose their formats, which new columns take from neighbours."""
    for piece in around(tables, whole):
        sheet.range(piece.address).clear()
    for table in tables:
        sheet.range(table.address).clear_formats()
