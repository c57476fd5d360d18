"""Result tables at their place on a live sheet, without breaking what points at them.

A user's formula such as ``=SUM(outCustomerPl[Klantresultaat])``, a pivot table or a chart points at our table object. So
a table that exists is kept: it is moved and resized, columns that went are deleted and new ones inserted. A header is
never overwritten by another one, because Excel would carry the user's formula along to the wrong column.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import xlwings as xw

from klantwaarde.tables.raw import cell_address
from klantwaarde.workbook import look
from klantwaarde.workbook.canvas import DrawnTable
from klantwaarde_addin.live.areas import Area
from klantwaarde_addin.live.cells import literal

_SPARE_ROWS = 10


@dataclass(frozen=True, slots=True)
class LiveTable:
    """A table of ours as it stands on a sheet now, its header row included."""

    name: str
    area: Area
    headers: tuple[str, ...]


def area_of(table: DrawnTable) -> Area:
    """Where a drawn table stands, its header row included."""
    return Area(table.row, table.column, table.last_row, table.last_column)


def place_tables(
    sheet: xw.Sheet, drawn: Sequence[DrawnTable], present: Sequence[LiveTable], used: Area
) -> frozenset[str]:
    """Bring every table to its place and size, empty or with old values in it; tables that are no longer drawn go.

    Args:
        sheet: A sheet of ours.
        drawn: The tables that it is to have.
        present: Our tables that stand on it.
        used: Everything that is in use on the sheet now.

    Returns:
        The names of the tables that stand at their place now; the others are still to be made.
    """
    wanted = {table.name: table for table in drawn}
    kept = [old for old in present if old.name in wanted and _in_order(old.headers, wanted[old.name].headers)]
    for old in present:
        if old not in kept:
            sheet.range(old.area.address).clear()  # clearing a whole table removes it
    if any(old.area.top != wanted[old.name].row or old.area.left != wanted[old.name].column for old in kept):
        kept = _aside(sheet, kept, wanted, used)
    for old in sorted(kept, key=lambda table: wanted[table.name].row):
        _settle(sheet, old, wanted[old.name])
    return frozenset(old.name for old in kept)


def _aside(sheet: xw.Sheet, kept: Sequence[LiveTable], wanted: dict[str, DrawnTable], used: Area) -> list[LiveTable]:
    """Move all tables below everything else, so that none is in another's way when each takes its place."""
    ends = [used.bottom, *(old.area.bottom for old in kept), *(wanted[old.name].last_row for old in kept)]
    row = max(ends) + _SPARE_ROWS
    moved = []
    for old in sorted(kept, key=lambda table: table.area.top):
        place = old.area.moved(row - old.area.top)
        sheet.range(old.area.address).move(sheet.range(cell_address(place.top, place.left)))
        moved.append(LiveTable(old.name, place, old.headers))
        row = place.bottom + _SPARE_ROWS
    return moved


def _settle(sheet: xw.Sheet, old: LiveTable, drawn: DrawnTable) -> None:
    """Give one table its columns, its place and its number of rows."""
    area = old.area
    if (area.top, area.left) != (drawn.row, drawn.column):
        sheet.range(area.address).move(sheet.range(cell_address(drawn.row, drawn.column)))
    _match_columns(sheet.tables[old.name], old.headers, drawn.headers)
    target = area_of(drawn)
    if (target.rows, target.columns) != (area.rows, len(drawn.headers)):
        sheet.tables[old.name].resize(sheet.range(target.address))


def _match_columns(table: xw.main.Table, old: Sequence[str], new: Sequence[str]) -> None:
    """Delete and insert columns until the headers are the new ones; columns that keep their order are not touched."""
    kept = set(_in_order(old, new))
    for header in reversed([header for header in old if header not in kept]):
        table.columns[header].delete()
    for position, header in enumerate(new, 1):
        if header not in kept:
            table.columns.add(header, position)


def _in_order(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """The longest run of headers that both have in the same order."""
    best: list[list[list[str]]] = [[[] for _ in range(len(new) + 1)] for _ in range(len(old) + 1)]
    for i, first in enumerate(old, 1):
        for j, second in enumerate(new, 1):
            longer = max(best[i - 1][j], best[i][j - 1], key=len)
            best[i][j] = [*best[i - 1][j - 1], first] if first == second else longer
    return best[-1][-1]


def create_tables(sheet: xw.Sheet, drawn: Sequence[DrawnTable], placed: frozenset[str]) -> None:
    """Make the tables that are not there yet, headers included."""
    for table in drawn:
        if table.name not in placed:
            area = area_of(table)
            header = Area(area.top, area.left, area.top, area.right)
            sheet.range(header.address).raw_value = [[literal(text) for text in table.headers]]
            sheet.tables.add(
                sheet.range(area.address), name=table.name, table_style_name=look.TABLE_STYLE, has_headers=True
            )
