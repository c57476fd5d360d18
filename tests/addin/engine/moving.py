"""Cells that go elsewhere, with their tables, rules, charts and everything that refers to them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange

from addin.engine.areas import MAX_COLUMNS, Area, from_address, kept_cells
from addin.engine.com import ComError
from addin.engine.references import table_area
from addin.engine.rewriting import quoted, rewrite_cells

if TYPE_CHECKING:
    from collections.abc import Callable

    from openpyxl.worksheet.table import Table
    from openpyxl.worksheet.worksheet import Worksheet

    from addin.engine.sheet import Sheet

    Mapping = Callable[[Area], Area | None]

REFERENCE = re.compile(
    r"\[[^\[\]]*\]|((?:'(?:[^']|'')+'|(?<![\w.'])[^\W\d][\w.]*)!)?(?<![\w.$:])(\$?[A-Za-z]{1,3}\$?[1-9]\d*(?::\$?[A-Za-z]{1,3}\$?[1-9]\d*)?)(?![\w.(!:\[])"
)


def move_block(sheet: Sheet, area: Area, target: Area) -> None:
    """Cut cells and put them with their first cell at the target, as ``Range.Cut`` with a destination."""
    down, right = target.row - area.row, target.column - area.column
    there = _moved(area, down, right)
    for table in sheet.ws.tables.values():
        place = table_area(table)
        if place.overlaps(area) and not area.covers(place):
            raise ComError("Part of a table cannot be moved by the engine.")
        if place.overlaps(there) and not place.overlaps(area):
            raise ComError("This operation is not allowed: it would overwrite a table.")
    _carry(sheet, area, down, right)
    follow(sheet, lambda place: _moved(place, down, right) if area.covers(place) else place)


def insert_cells(sheet: Sheet, area: Area, own: Table) -> None:
    """Shift the rows of an area right, to make room for it in its own table."""
    rest = _right_of(area, area.column)
    _refuse_cut_tables(sheet.ws, rest, own)
    _carry(sheet, rest, 0, area.columns)

    def place_after(place: Area) -> Area:
        if not _in_rows(area, place) or place.last_column < area.column:
            return place
        first = place.column + (area.columns if place.column >= area.column else 0)
        return Area(place.row, first, place.rows, place.last_column + area.columns - first + 1)

    follow(sheet, place_after)


def delete_cells(sheet: Sheet, area: Area, own: Table) -> None:
    """Take an area out of its own table and shift what is right of it left."""
    rest = _right_of(area, area.last_column + 1)
    _refuse_cut_tables(sheet.ws, rest, own)
    for cell in kept_cells(sheet.ws, area):
        del sheet.ws._cells[cell.row, cell.column]
        sheet.results.pop((cell.row, cell.column), None)
    _carry(sheet, rest, 0, -area.columns)

    def place_after(place: Area) -> Area | None:
        if not _in_rows(area, place) or place.last_column < area.column:
            return place
        if area.covers(place):
            return None
        first = place.column if place.column < area.column else max(area.column, place.column - area.columns)
        last = max(place.last_column - area.columns, area.column - 1)
        return Area(place.row, first, place.rows, last - first + 1)

    follow(sheet, place_after)


def _moved(area: Area, down: int, right: int) -> Area:
    return Area(area.row + down, area.column + right, area.rows, area.columns)


def _in_rows(band: Area, place: Area) -> bool:
    return band.row <= place.row and place.last_row <= band.last_row


def _right_of(area: Area, column: int) -> Area:
    return Area(area.row, column, area.rows, MAX_COLUMNS - column + 1)


def _refuse_cut_tables(sheet: Worksheet, rest: Area, own: Table) -> None:
    """Raise where a shift would tear another table apart; its own table grows or shrinks."""
    for table in sheet.tables.values():
        place = table_area(table)
        if table is not own and place.overlaps(rest) and not rest.covers(place):
            raise ComError("This operation is not allowed: it would shift cells in a table of the worksheet.")


def _carry(sheet: Sheet, area: Area, down: int, right: int) -> None:
    """Move the cells and their results; what stood at the new place goes."""
    worksheet, there = sheet.ws, _moved(area, down, right)
    taken = [(cell, sheet.results.pop((cell.row, cell.column), None)) for cell in kept_cells(worksheet, area)]
    for cell, _ in taken:
        del worksheet._cells[cell.row, cell.column]
    for cell in kept_cells(worksheet, there):
        del worksheet._cells[cell.row, cell.column]
        sheet.results.pop((cell.row, cell.column), None)
    for cell, result in taken:
        cell.row, cell.column = cell.row + down, cell.column + right
        worksheet._cells[cell.row, cell.column] = cell
        if result is not None:
            sheet.results[cell.row, cell.column] = result


def follow(sheet: Sheet, mapping: Mapping) -> None:
    """Let tables, merged cells, rules, charts, formulas and names follow cells that moved."""
    worksheet = sheet.ws
    for table in worksheet.tables.values():
        table.ref = (mapping(table_area(table)) or table_area(table)).ref
        if table.autoFilter is not None:
            table.autoFilter.ref = table.ref
    for merged in list(worksheet.merged_cells.ranges):
        moved = mapping(from_address(merged.coord))
        if moved is not None and moved.ref != merged.coord:
            worksheet.merged_cells.remove(merged)
            worksheet.merged_cells.add(CellRange(moved.ref))
    formats = ConditionalFormattingList()
    for block in worksheet.conditional_formatting:
        for rule in block.rules:
            if places := _places(block.sqref, mapping):
                formats.add(places, rule)
    worksheet.conditional_formatting = formats
    for validation in worksheet.data_validations.dataValidation:
        validation.sqref = MultiCellRange(_places(validation.sqref, mapping))
    worksheet.data_validations.dataValidation = [
        rule for rule in worksheet.data_validations.dataValidation if str(rule.sqref)
    ]
    for records in sheet.book_impl.charts.values():
        for record in records:
            for name in ("source", "x_values"):
                cells = getattr(record, name)
                if cells is not None and cells[0] is worksheet:
                    setattr(record, name, (worksheet, mapping(cells[1]) or cells[1]))
    rewrite_cells(sheet.ws.parent, lambda owner, formula: _follow_formula(owner, formula, worksheet, mapping))


def _places(sqref: object, mapping: Mapping) -> str:
    return " ".join(moved.ref for text in str(sqref).split() if (moved := mapping(from_address(text))))


def _follow_formula(owner: Worksheet | None, formula: str, sheet: Worksheet, mapping: Mapping) -> str:
    """Let the references to one sheet follow; ``owner`` is the sheet that a reference without a name means."""

    def followed(match: re.Match[str]) -> str:
        prefix, address = match[1] or "", match[2]
        names = {f"{quoted(sheet.title)}!".casefold(), f"'{sheet.title}'!".casefold()}
        if address is None or (prefix.casefold() not in names if prefix else owner is not sheet):
            return match[0]
        place = from_address(address)
        moved = mapping(place)
        if moved == place:
            return match[0]
        absolute = "$" in address
        return prefix + moved.address(row_absolute=absolute, column_absolute=absolute) if moved else f"{prefix}#REF!"

    return REFERENCE.sub(followed, formula)
