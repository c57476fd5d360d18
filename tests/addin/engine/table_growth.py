"""Tables that grow over what is written right below or right beside them, as Excel's AutoCorrect lets them."""

from functools import reduce

from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from addin.engine.areas import Area, between, kept_cells
from addin.engine.references import table_area


def grow_over(sheet: Worksheet, touched: Area) -> None:
    """Take cells that were just filled into the table that they touch, unless another table is in the way."""
    filled = [Area(cell.row, cell.column) for cell in kept_cells(sheet, touched) if cell.value is not None]
    if not filled:
        return
    written = reduce(between, filled)
    for table in sheet.tables.values():
        area = table_area(table)
        if not _touches(area, written) or table.totalsRowCount:
            continue
        grown = between(area, written)
        if not any(other is not table and table_area(other).overlaps(grown) for other in sheet.tables.values()):
            _resize(table, grown)


def _touches(table: Area, written: Area) -> bool:
    below = (
        written.row == table.last_row + 1
        and table.column <= written.column
        and written.last_column <= table.last_column
    )
    beside = written.column == table.last_column + 1 and table.row <= written.row and written.last_row <= table.last_row
    return below or beside


def _resize(table: Table, area: Area) -> None:
    table.ref = area.ref
    if table.autoFilter is not None:
        table.autoFilter.ref = area.ref
