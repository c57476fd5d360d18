"""Where Ctrl with an arrow key or Ctrl+* would go."""

from openpyxl.worksheet.worksheet import Worksheet

from addin.engine.areas import MAX_COLUMNS, MAX_ROWS, Area, between, kept_cells
from addin.engine.values import Results, content

STEPS = {
    "down": (1, 0),
    "d": (1, 0),
    "up": (-1, 0),
    "u": (-1, 0),
    "right": (0, 1),
    "r": (0, 1),
    "left": (0, -1),
    "l": (0, -1),
}


def edge_from(sheet: Worksheet, results: Results, area: Area, direction: str) -> Area:
    """The edge of the block, else the next filled cell, else the edge of the sheet."""
    down, right = STEPS[direction]
    row, column = area.row, area.column
    if is_filled(sheet, results, row, column) and is_filled(sheet, results, row + down, column + right):
        while is_filled(sheet, results, row + down, column + right):
            row, column = row + down, column + right
        return Area(row, column)
    here, step = (row, down) if down else (column, right)
    line = [
        r if down else c
        for r, c in sheet._cells
        if (c == column if down else r == row) and is_filled(sheet, results, r, c)
    ]
    beyond = [place for place in line if (place - here) * step > 0]
    edge = (MAX_ROWS if down else MAX_COLUMNS) if step > 0 else 1
    place = (min(beyond) if step > 0 else max(beyond)) if beyond else edge
    return Area(place, column) if down else Area(row, place)


def region_around(sheet: Worksheet, results: Results, area: Area) -> Area:
    """Grow until the border around it is empty."""
    while True:
        corner = Area(max(1, area.row - 1), max(1, area.column - 1))
        rim = between(corner, Area(min(MAX_ROWS, area.last_row + 1), min(MAX_COLUMNS, area.last_column + 1)))
        grown = area
        for cell in kept_cells(sheet, rim):
            if is_filled(sheet, results, cell.row, cell.column):
                grown = between(grown, Area(cell.row, cell.column))
        if grown == area:
            return area
        area = grown


def is_filled(sheet: Worksheet, results: Results, row: int, column: int) -> bool:
    cell = sheet._cells.get((row, column))
    return cell is not None and (cell.data_type == "f" or content(cell, results)[0] not in (None, ""))
