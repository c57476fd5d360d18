"""The header cells of a table: always text, never empty, never twice the same; a new header renames its column."""

from openpyxl.worksheet.table import Table, TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from addin.engine.areas import Area, cell_at
from addin.engine.references import header_area, table_area
from addin.engine.rewriting import rename_column
from addin.engine.typed import Entry, Language
from addin.engine.values import formula_text, put_entry

COLUMN_WORD = {"nl": "Kolom", "en": "Column"}


def settle_touched_headers(sheet: Worksheet, touched: Area, language: Language) -> None:
    """After cells were written: put every header that was among them right."""
    for table in sheet.tables.values():
        header = header_area(table)
        if header is not None and header.overlaps(touched):
            settle_headers(sheet, table, language)


def settle_headers(sheet: Worksheet, table: Table, language: Language) -> None:
    """Make the header cells texts and the columns of the table carry their names."""
    area = table_area(table)
    names: list[str] = []
    for place in range(area.columns):
        cell = cell_at(sheet, area.row, area.column + place)
        name = _unused(formula_text(cell) or f"{COLUMN_WORD[language]}{place + 1}", names)
        names.append(name)
        if cell.data_type != "s" or cell.value != name:
            put_entry(cell, Entry("text", name))
    _rename(sheet, table, names)


def _unused(name: str, taken: list[str]) -> str:
    lower = {other.casefold() for other in taken}
    number, free = 2, name
    while free.casefold() in lower:
        free, number = f"{name}{number}", number + 1
    return free


def _rename(sheet: Worksheet, table: Table, names: list[str]) -> None:
    old = [column.name for column in table.tableColumns]
    for before, after in zip(old, names, strict=False):
        if before != after and before not in names:
            rename_column(sheet.parent, table.displayName, before, after)
    kept = {column.name: column for column in table.tableColumns}
    fresh = max((column.id for column in table.tableColumns), default=0)
    columns = []
    for place, name in enumerate(names):
        column = kept.get(name) or (table.tableColumns[place] if place < len(old) and old[place] not in names else None)
        if column is None or column in columns:
            fresh += 1
            column = TableColumn(id=fresh, name=name)
        column.name = name
        columns.append(column)
    table.tableColumns = columns
