"""What a text refers to (cells, a name, part of a table) and whether Excel would take a formula."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from openpyxl.workbook import Workbook
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from addin.engine.areas import Area, from_address
from addin.engine.com import ComError

SHEET_PREFIX = re.compile(r"=?(?:'((?:[^']|'')+)'|([^\W\d][\w.]*))!(.+)")
STRUCTURED = re.compile(r"([^\W\d][\w.\\]*)?\[((?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*)\]")
ITEM = re.compile(r"\[((?:[^\[\]']|'.)*)\]")
PARTS = frozenset({"#all", "#data", "#headers", "#totals", "#this row"})
TEXTS = re.compile(r'"(?:[^"]|"")*"')


@dataclass(frozen=True, slots=True)
class TableReference:
    """A reference in square brackets: ``table`` is empty when the formula's own table is meant."""

    table: str
    columns: tuple[str, ...]
    parts: frozenset[str]


def table_area(table: Table) -> Area:
    area = from_address(table.ref)
    if area is None:
        raise ValueError(table.ref)
    return area


def tables_of(book: Workbook) -> Iterator[tuple[Worksheet, Table]]:
    for sheet in book.worksheets:
        for table in sheet.tables.values():
            yield sheet, table


def find_table(book: Workbook, name: str) -> tuple[Worksheet, Table] | None:
    wanted = name.casefold()
    return next(((sheet, table) for sheet, table in tables_of(book) if table.displayName.casefold() == wanted), None)


def find_sheet(book: Workbook, name: str) -> Worksheet | None:
    wanted = name.casefold()
    return next((sheet for sheet in book.worksheets if sheet.title.casefold() == wanted), None)


def data_area(table: Table) -> Area | None:
    """The rows between the header and the totals."""
    area = table_area(table)
    header, totals = table.headerRowCount or 0, table.totalsRowCount or 0
    rows = area.rows - header - totals
    return Area(area.row + header, area.column, rows, area.columns) if rows > 0 else None


def resolve(book: Workbook, sheet: Worksheet, text: str) -> tuple[Worksheet, Area] | None:
    """The cells behind an address, a defined name, a table's name or a structured reference."""
    if match := SHEET_PREFIX.fullmatch(text):
        found = find_sheet(book, (match[1] or match[2]).replace("''", "'"))
        return resolve(book, found, match[3]) if found is not None else None
    if area := from_address(text):
        return sheet, area
    for names in (sheet.defined_names, book.defined_names):
        for name, defined in names.items():
            if name.casefold() == text.casefold():
                return resolve(book, sheet, str(defined.attr_text))
    return _resolve_table(book, text)


def _resolve_table(book: Workbook, text: str) -> tuple[Worksheet, Area] | None:
    name, bracket, _ = text.partition("[")
    found = find_table(book, name)
    if found is None:
        return None
    sheet, table = found
    if not bracket:
        body = data_area(table)
        return (sheet, body) if body else None
    reference = next(table_references(text))
    area = (
        table_area(table)
        if "#all" in reference.parts
        else header_area(table)
        if "#headers" in reference.parts
        else data_area(table)
    )
    if area is None or not reference.columns:
        return (sheet, area) if area else None
    names = [column.name.casefold() for column in table.tableColumns]
    places = [names.index(column.casefold()) for column in reference.columns if column.casefold() in names]
    if len(places) != len(reference.columns):
        return None
    return sheet, Area(area.row, area.column + places[0], area.rows, places[-1] - places[0] + 1)


def header_area(table: Table) -> Area | None:
    area = table_area(table)
    return Area(area.row, area.column, 1, area.columns) if table.headerRowCount else None


def table_references(formula: str) -> Iterator[TableReference]:
    """The structured references of a formula, texts left out."""
    for match in STRUCTURED.finditer(TEXTS.sub('""', formula)):
        inner = match[2]
        this_row = inner.startswith("@")
        inner = inner.removeprefix("@")
        items = ITEM.findall(inner) or ([inner] if inner else [])
        parts = {item.casefold() for item in items if item.casefold() in PARTS} | ({"#this row"} if this_row else set())
        columns = tuple(re.sub(r"'(.)", r"\1", item) for item in items if item.casefold() not in PARTS)
        yield TableReference(match[1] or "", columns, frozenset(parts))


def check_formula(book: Workbook, sheet: Worksheet, area: Area, formula: str) -> None:
    """Raise as Excel does for a formula that it cannot take: grammar, unknown table or column, this row elsewhere."""
    _check_grammar(formula)
    own = next((table for table in sheet.tables.values() if (body := data_area(table)) and body.covers(area)), None)
    for reference in table_references(formula):
        found = find_table(book, reference.table) if reference.table else (sheet, own) if own else None
        if found is None:
            raise ComError(f"Application-defined or object-defined error: no table {reference.table!r} for {formula}")
        table = found[1]
        names = {column.name.casefold() for column in table.tableColumns}
        unknown = [column for column in reference.columns if column.casefold() not in names]
        if unknown:
            raise ComError(f"Application-defined or object-defined error: no column {unknown[0]!r} for {formula}")
        if "#this row" in reference.parts and table is not own:
            raise ComError(f"Application-defined or object-defined error: {formula} is outside its table's rows")


def _check_grammar(formula: str) -> None:
    bare = TEXTS.sub("", formula)
    plain = re.sub(r"\{[^{}]*\}|'(?:[^']|'')*'!", "", STRUCTURED.sub("", bare))
    if '"' in plain or plain.count("(") != plain.count(")") or ";" in plain:
        raise ComError(f"Application-defined or object-defined error: {formula}")
