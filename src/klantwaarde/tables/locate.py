"""Where each table stands: by its Excel table name, else by the sheet's name, else by its headers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from klantwaarde.messages import Fault
from klantwaarde.tables.headers import find_header_row, header_texts, match_headers, normalise
from klantwaarde.tables.raw import Kind, RawSheet
from klantwaarde.tables.region import Area, Region, has_rows, region_of
from klantwaarde.tables.schema import Table

_ENOUGH = 3  # columns that headers alone must name
_FILLED = 2  # cells that make a row below an Excel table data
_NAMED_ONLY = ("settings",)  # too few columns of its own to be known by its headers


@dataclass(slots=True)
class _Search:
    """What was found until now. ``excel``: the Excel tables of each sheet, by name."""

    sheets: Sequence[RawSheet]
    language: str
    excel: Sequence[Mapping[str, Area]]
    places: dict[str, Area] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def is_taken(self, sheet: RawSheet) -> bool:
        return any(area.sheet is sheet for area in self.places.values())


def locate(sheets: Iterable[RawSheet], tables: Iterable[Table], language: str) -> tuple[list[Region], list[Fault]]:
    """Find every table that is there. A table without data rows counts as absent.

    Returns:
        The regions, and faults for tables that are there but miss required columns, have one twice, or stand on more
        than one sheet.
    """
    listed, wanted = list(sheets), list(tables)
    search = _Search(listed, language, [_excel_areas(sheet) for sheet in listed])
    for table in wanted:
        named = _by_excel_table(search, table) or _by_sheet_name(search, table)
        if named is not None:
            search.places[table.id] = named
    _search_by_headers(search, wanted)
    regions = []
    for table in wanted:
        if table.id in search.places:
            area = search.places[table.id]
            cells = header_texts(area.sheet, area.header)[slice(*area.span)]
            region, faults = region_of(area, table, cells, language)
            search.faults += faults
            regions += [region] if region is not None and has_rows(region) else []
    return regions, search.faults


def _excel_areas(sheet: RawSheet) -> dict[str, Area]:
    areas = {}
    for name, (top, left, bottom, right) in sheet.tables.items():
        header, last = top - sheet.first_row, bottom - sheet.first_row + 1
        span = (left - sheet.first_column, right - sheet.first_column + 1)
        alone = len(sheet.tables) == 1
        beside = _columns_beside(sheet, header, span[1]) if alone else 0
        below = _rows_below(sheet, last, span) if alone else 0
        areas[name] = Area(sheet, header, last + below, (span[0], span[1] + beside), name, below, beside)
    return areas


def _rows_below(sheet: RawSheet, last: int, span: tuple[int, int]) -> int:
    """Rows that a program added below an Excel table without stretching it; a lone note in one cell is no row."""
    filled = np.zeros(max(sheet.n_rows - last, 0), dtype=np.intp)
    for column in sheet.columns[slice(*span)]:
        filled += column.kinds[last:] != Kind.BLANK
    rows = np.flatnonzero(filled >= _FILLED)
    return int(rows[-1]) + 1 if len(rows) else 0


def _columns_beside(sheet: RawSheet, header: int, first: int) -> int:
    """Columns that a program wrote against an Excel table without stretching it: headers without a gap."""
    texts = header_texts(sheet, header)[first:]
    return next((at for at, text in enumerate(texts) if text is None), len(texts))


def _whole(sheet: RawSheet, header: int) -> Area:
    return Area(sheet, header, sheet.n_rows, (0, len(sheet.columns)))


def _by_excel_table(search: _Search, table: Table) -> Area | None:
    name = table.excel_name.lower()
    return next((areas[given] for areas in search.excel for given in areas if given.lower() == name), None)


def _by_sheet_name(search: _Search, table: Table) -> Area | None:
    """The sheet that carries the table's name, as in our templates before any other way."""
    ours = {normalise(table.sheet_name(language)) for language in ("nl", "en")}
    bare = {normalise(text) for text in (table.nl, table.en, table.id, table.excel_name)}
    for names in (ours, bare):
        for sheet, areas in zip(search.sheets, search.excel, strict=True):
            if normalise(sheet.name) in names and sheet.n_rows and not search.is_taken(sheet):
                if len(areas) == 1:
                    return next(iter(areas.values()))
                return _whole(sheet, find_header_row(sheet, table) or 0)
    return None


def _search_by_headers(search: _Search, tables: Sequence[Table]) -> None:
    """Give every other area the table that it fits best. Two areas for one table are a question for the reader."""
    eligible = [table for table in tables if table.id not in _NAMED_ONLY]
    fits: dict[str, list[Area]] = {}
    for sheet, areas in zip(search.sheets, search.excel, strict=True):
        for table, area in _fits_on(search, sheet, areas, eligible):
            fits.setdefault(table.id, []).append(area)
    for table in eligible:
        found = fits.get(table.id, [])
        if table.id in search.places:
            search.faults += [_unread(area, table, search) for area in found]
        elif found:
            search.places[table.id] = found[0]
            search.faults += [_rival(area, table, found[0], search.language) for area in found[1:]]


def _fits_on(
    search: _Search, sheet: RawSheet, areas: Mapping[str, Area], tables: Sequence[Table]
) -> list[tuple[Table, Area]]:
    """The free areas of a sheet that are a table: its Excel tables, or else the whole sheet."""
    found = []
    for area in areas.values():
        if area not in search.places.values():
            best = _best({table.id: area for table in tables}, tables)
            found += [best] if best else []
    if found or search.is_taken(sheet):
        return found
    headers = {table.id: find_header_row(sheet, table) for table in tables}
    best = _best({name: _whole(sheet, row) for name, row in headers.items() if row is not None}, tables)
    return [best] if best else []


def _best(areas: Mapping[str, Area], tables: Sequence[Table]) -> tuple[Table, Area] | None:
    """The table with every required column there and most columns named; among equals the first one declared."""
    best, most = None, _ENOUGH - 1
    for table in tables:
        area = areas.get(table.id)
        if area is None:
            continue
        match = match_headers(header_texts(area.sheet, area.header)[slice(*area.span)], table)
        if not match.missing and len(match.columns) > most:
            best, most = (table, area), len(match.columns)
    return best


def _unread(area: Area, table: Table, search: _Search) -> Fault:
    used = search.places[table.id].sheet.name
    values = {"table": table.label(search.language), "used": used}
    return Fault(
        "KW-IN-022", "warn", area.sheet.name, area.corner, table.id, None, area.sheet.name, values, search.language
    )


def _rival(area: Area, table: Table, first: Area, language: str) -> Fault:
    values = {"table": table.label(language), "other": first.sheet.name, "name": table.sheet_name(language)}
    return Fault("KW-IN-023", "stop", area.sheet.name, area.corner, table.id, None, area.sheet.name, values, language)
