"""The header cells of a table: always text, never empty, never twice the same; a new header renames its column."""

from openpyxl.worksheet.table import Table, TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from addin.engine.areas import Area, cell_at
from addin.engine.references import header_area, table_area
from addin.engine.rewriting import rename_columns
from addin.engine.typed import Entry, Language
from addin.engine.values import formula_text, put_entry

COLUMN_WORD = {"nl": "Kolom", "en": "Column"}


def settle_touched_headers(sheet: Worksheet, touched: Area, language: Language) -> None:
    """After cells were written: put every header that was among them right."""
    for table in sheet.tables.values():
        header = header_area(table)
        if header is not None and (header.overlaps(touched) or len(table.tableColumns) != header.columns):
            settle_headers(sheet, table, language)


def settle_headers(sheet: Worksheet, table: Table, language: Language) -> None:
    """Make the header cells texts, one after the other, each unlike the names that the other columns then have.

    A column keeps its identity by its place: what refers to it follows its new name.
    """
    area = table_area(table)
    old = [column.name for column in table.tableColumns][: area.columns]
    names = list(old)
    for place in range(area.columns):
        cell = cell_at(sheet, area.row, area.column + place)
        wanted = formula_text(cell) or f"{COLUMN_WORD[language]}{place + 1}"
        name = _unused(wanted, names[:place] + names[place + 1 :])
        names[place : place + 1] = [name]
        if cell.data_type != "s" or cell.value != name:
            put_entry(cell, Entry("text", name))
    changed: dict[str, str | None] = {
        before: after for before, after in zip(old, names, strict=False) if before != after
    }
    gone: dict[str, str | None] = {column.name: None for column in table.tableColumns[area.columns :]}
    if changed or gone:
        rename_columns(sheet.parent, sheet, table, gone | changed)
    _set_columns(table, names)


def _unused(name: str, taken: list[str]) -> str:
    lower = {other.casefold() for other in taken}
    number, free = 2, name
    while free.casefold() in lower:
        free, number = f"{name}{number}", number + 1
    return free


def _set_columns(table: Table, names: list[str]) -> None:
    fresh = max((column.id for column in table.tableColumns), default=0)
    columns = table.tableColumns[: len(names)]
    columns += [TableColumn(id=fresh + extra, name="") for extra in range(1, len(names) - len(columns) + 1)]
    for column, name in zip(columns, names, strict=True):
        column.name = name
    table.tableColumns = columns
