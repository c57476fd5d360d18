"""Where each table stands: by its Excel table name, else by the sheet's name, else by its headers."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from klantwaarde.messages import Fault, Severity
from klantwaarde.tables.headers import HeaderMatch, find_header_row, header_texts, match_headers, normalise
from klantwaarde.tables.raw import Kind, RawColumn, RawSheet
from klantwaarde.tables.schema import Column, Table


@dataclass(frozen=True, slots=True)
class Region:
    """One table on one sheet; offsets count from the first used row and column of the sheet.

    Attributes:
        header: Offset of the header row; -1 for a frame.
        first, last: Offsets of the data rows, ``last`` not included.
        columns: Canonical column id -> offset of the column.
        extras: Undeclared headers -> offset, for tables that take variables.
        guessed: True when the rows run to the end of the sheet instead of the end of an Excel table.
        excel_table: Name of the Excel table, when there is one.
        span: Offsets of the table's columns, the last one not included.
    """

    sheet: RawSheet
    table: Table
    header: int
    first: int
    last: int
    columns: Mapping[str, int]
    extras: Mapping[str, int] = field(default_factory=dict)
    guessed: bool = False
    excel_table: str | None = None
    span: tuple[int, int] = (0, 0)

    def column(self, offset: int) -> RawColumn:
        """The data cells of one column."""
        whole = self.sheet.columns[offset]
        rows = slice(self.first, self.last)
        return RawColumn(whole.kinds[rows], whole.numbers[rows], None if whole.texts is None else whole.texts[rows])

    def address(self, row: int, column_id: str) -> str:
        """A1 address of a data row (from 0) in a declared column."""
        return self.sheet.address(self.first + row, self.columns[column_id])


def locate(sheets: Iterable[RawSheet], tables: Iterable[Table], language: str) -> tuple[list[Region], list[Fault]]:
    """Find every table that is there. A table without data rows counts as absent.

    Returns:
        The regions, and faults for tables that are there but miss required columns or have one twice.
    """
    sheets, wanted = list(sheets), list(tables)
    regions: list[Region] = []
    faults: list[Fault] = []
    claimed: set[str] = set()
    for table in wanted:
        place = _by_excel_table(sheets, table) or _by_sheet_name(sheets, table)
        if place is None:
            continue
        sheet, header, last, guessed, span = place
        claimed.add(sheet.name)
        region, more = _region(sheet, table, header, last, guessed, span, language)
        faults += more
        regions += [region] if region else []
    found = {region.table.id for region in regions} | {fault.table for fault in faults}
    for sheet in sheets:
        if sheet.name not in claimed:
            best = _by_headers(sheet, [table for table in wanted if table.id not in found])
            if best is not None:
                table, header = best
                found.add(table.id)
                region, more = _region(sheet, table, header, sheet.n_rows, True, (0, len(sheet.columns)), language)
                faults += more
                regions += [region] if region else []
    return [region for region in regions if _has_rows(region)], faults


_Place = tuple[RawSheet, int, int, bool, tuple[int, int]]


def _by_excel_table(sheets: list[RawSheet], table: Table) -> _Place | None:
    for sheet in sheets:
        for name, (top, left, bottom, right) in sheet.tables.items():
            if name.lower() == table.excel_name.lower():
                row, column = top - sheet.first_row, left - sheet.first_column
                return sheet, row, bottom - sheet.first_row + 1, False, (column, right - sheet.first_column + 1)
    return None


def _by_sheet_name(sheets: list[RawSheet], table: Table) -> _Place | None:
    names = {normalise(text) for text in (table.sheet_name("nl"), table.sheet_name("en"), table.nl, table.en, table.id, table.excel_name)}
    for sheet in sheets:
        if normalise(sheet.name) in names:
            if len(sheet.tables) == 1:
                ((top, left, bottom, right),) = sheet.tables.values()
                row, column = top - sheet.first_row, left - sheet.first_column
                return sheet, row, bottom - sheet.first_row + 1, False, (column, right - sheet.first_column + 1)
            header = find_header_row(sheet, table)
            if header is not None:
                return sheet, header, sheet.n_rows, True, (0, len(sheet.columns))
            if sheet.n_rows:
                return sheet, 0, sheet.n_rows, True, (0, len(sheet.columns))
    return None


def _by_headers(sheet: RawSheet, tables: list[Table]) -> tuple[Table, int] | None:
    """The table whose headers fit this sheet best: every required column there, and at least three columns."""
    best: tuple[int, Table, int] | None = None
    for table in tables:
        header = find_header_row(sheet, table)
        if header is None:
            continue
        match = match_headers(header_texts(sheet, header), table)
        if not match.missing and len(match.columns) >= 3 and (best is None or len(match.columns) > best[0]):
            best = (len(match.columns), table, header)
    return None if best is None else best[1:]


def _region(
    sheet: RawSheet, table: Table, header: int, last: int, guessed: bool, span: tuple[int, int], language: str
) -> tuple[Region | None, list[Fault]]:
    cells = header_texts(sheet, header)[slice(*span)]
    match = match_headers(cells, table)
    faults = _header_faults(sheet, table, header, span[0], match, cells, language)
    if any(fault.severity == "stop" for fault in faults):
        return None, faults
    columns = {name: position + span[0] for name, position in match.columns.items()}
    extras = {}
    if table.extra_numbers:
        extras = {str(cells[position]): position + span[0] for position in match.unknown if cells[position]}
    name = None if guessed else _excel_table_at(sheet, header, span)
    return Region(sheet, table, header, header + 1, min(last, sheet.n_rows), columns, extras, guessed, name, span), faults


def _excel_table_at(sheet: RawSheet, header: int, span: tuple[int, int]) -> str | None:
    corner = (sheet.first_row + header, sheet.first_column + span[0])
    return next((name for name, area in sheet.tables.items() if area[:2] == corner), None)


def fingerprint(region: Region) -> float:
    """Sum of all numbers plus the count of filled cells of an Excel table, as SUM + COUNTA give it in a formula."""
    total, filled = 0.0, 0
    for column in region.sheet.columns[slice(*region.span)]:
        rows = slice(region.first, region.last)
        kinds = column.kinds[rows]
        numeric = (kinds == Kind.NUMBER) | (kinds == Kind.DATE)
        total += math.fsum(column.numbers[rows][numeric])
        filled += int((kinds != Kind.BLANK).sum())
    return total + filled


def _header_faults(
    sheet: RawSheet, table: Table, header: int, left: int, match: HeaderMatch, cells: list[str | None], language: str
) -> list[Fault]:
    faults = []
    for name, positions in match.duplicates.items():
        column = table.by_id[name]
        severity = _doubt(column, [str(cells[position]) for position in positions])
        if severity is not None:
            first, second = (sheet.address(header, left + position) for position in positions[:2])
            values = {"first": first, "used": cells[positions[0]]}
            faults.append(Fault("KW-IN-002", severity, sheet.name, second, table.id, column.label(language), cells[positions[1]], values, language))
    for name in match.missing:
        label = table.by_id[name].label(language)
        near = match.near.get(name)
        spot = sheet.address(header, left + (near or 0))
        code = "KW-IN-001" if near is None else "KW-IN-003"
        hint = None if near is None else cells[near]
        faults.append(Fault(code, "stop", sheet.name, spot, table.id, label, hint, {"label": label}, language))
    return faults


def _doubt(column: Column, headers: list[str]) -> Severity | None:
    """How bad it is that several headers mean one column; our own label leaves no doubt, the same header twice does."""
    names = [normalise(header) for header in headers]
    if names.count(names[0]) > 1:
        return "stop"
    if names[0] in {normalise(label) for label in (column.nl, column.en, column.id)}:
        return None
    return "warn" if column.kind == "text" else "stop"


def _has_rows(region: Region) -> bool:
    rows = slice(region.first, region.last)
    return any((region.sheet.columns[offset].kinds[rows] != Kind.BLANK).any() for offset in region.columns.values())


def frame_region(table: Table, columns: Mapping[str, RawColumn], extras: Mapping[str, RawColumn]) -> Region:
    """A region over columns that come from a frame instead of a sheet."""
    every = {**columns, **extras}
    sheet = RawSheet(table.id, 2, 1, tuple(every.values()), {})
    offsets = {name: position for position, name in enumerate(every)}
    taken = {name: offsets[name] for name in columns}
    n = len(next(iter(every.values()))) if every else 0
    return Region(sheet, table, -1, 0, n, taken, {name: offsets[name] for name in extras})


def used_rows(region: Region) -> np.ndarray:
    """True per data row with anything in a declared column."""
    rows = slice(region.first, region.last)
    used = np.zeros(region.last - region.first, dtype=bool)
    for offset in region.columns.values():
        used |= region.sheet.columns[offset].kinds[rows] != Kind.BLANK
    return used
