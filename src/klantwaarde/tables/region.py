"""One table on one sheet: which column is which, which rows hold something, and the address of every cell."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from klantwaarde.messages import Fault, Severity
from klantwaarde.tables.cells import clean
from klantwaarde.tables.headers import HeaderMatch, match_headers, normalise
from klantwaarde.tables.raw import Kind, RawColumn, RawSheet
from klantwaarde.tables.schema import Column, Table

Mask = NDArray[np.bool_]

_ABBREVIATED = re.compile(r"(nr|no)$")


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """A rectangle that holds one table; offsets count from the first used row and column of the sheet.

    Attributes:
        header: Offset of the header row; -1 for a frame.
        last: Offset of the row after the last one.
        span: Offsets of the first column and of the one after the last.
        excel_table: Name of the Excel table; None when the rows just run to the end of the sheet.
        below: How many of the last rows stand below the Excel table's own range.
        beside: How many of the last columns stand right of it.
    """

    sheet: RawSheet
    header: int
    last: int
    span: tuple[int, int]
    excel_table: str | None = None
    below: int = 0
    beside: int = 0

    @property
    def corner(self) -> str:
        """A1 address of the first header."""
        return self.sheet.address(self.header, self.span[0])


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """One declared table in its area.

    Attributes:
        columns: Canonical column id -> offset of the column.
        extras: Undeclared headers -> offset, for tables that take variables.
    """

    table: Table
    area: Area
    columns: Mapping[str, int]
    extras: Mapping[str, int] = field(default_factory=dict)

    @property
    def sheet(self) -> RawSheet:
        """The sheet it stands on."""
        return self.area.sheet

    @property
    def rows(self) -> slice:
        """Offsets of the data rows."""
        return slice(self.area.header + 1, min(self.area.last, self.sheet.n_rows))

    @property
    def n_rows(self) -> int:
        """Data rows, blank ones included."""
        return max(0, self.rows.stop - self.rows.start)

    @property
    def first_row(self) -> int:
        """Excel row number of the first data row."""
        return self.sheet.first_row + self.rows.start

    def column(self, offset: int) -> RawColumn:
        """The data cells of one column."""
        whole, rows = self.sheet.columns[offset], self.rows
        return RawColumn(whole.kinds[rows], whole.numbers[rows], None if whole.texts is None else whole.texts[rows])

    def address(self, row: int, column_id: str) -> str:
        """A1 address of a data row (from 0; -1 is the header) in a declared column, or in the one that stands in for it."""
        return self.sheet.address(self.rows.start + row, self.offset_of(column_id))

    def offset_of(self, column_id: str) -> int:
        """Where a declared column stands, or the first one that stands in for it."""
        stand_ins = (column_id, *self.table.by_id[column_id].derived_from)
        return next(self.columns[name] for name in stand_ins if name in self.columns)


def region_of(
    area: Area, table: Table, headers: Sequence[str | None], language: str
) -> tuple[Region | None, list[Fault]]:
    """Match an area's headers to a table. None when a required column is missing or it is unclear which one is meant."""
    match = match_headers(headers, table)
    left = area.span[0]
    columns = {name: left + position for name, position in match.columns.items()}
    extras: dict[str, int] = {}
    for position in match.unknown if table.extra_numbers else ():
        extras.setdefault(str(headers[position]), left + position)
    faults = [*_duplicates(area, table, match, headers, language), *_missing(area, table, match, headers, language)]
    if any(fault.severity == "stop" for fault in faults):
        return None, faults
    return Region(table, area, columns, extras), faults


def _duplicates(
    area: Area, table: Table, match: HeaderMatch, headers: Sequence[str | None], language: str
) -> list[Fault]:
    faults = []
    for name, positions in match.duplicates.items():
        column = table.by_id[name]
        severity = _doubt(column, [str(headers[position]) for position in positions])
        if severity is not None:
            first, second = (area.sheet.address(area.header, area.span[0] + position) for position in positions[:2])
            values = {"first": first, "used": headers[positions[0]]}
            label, found = column.label(language), headers[positions[1]]
            faults.append(
                Fault("KW-IN-002", severity, area.sheet.name, second, table.id, label, found, values, language)
            )
    return faults


def _doubt(column: Column, headers: Sequence[str]) -> Severity | None:
    """How bad it is that several headers mean one column; our own label leaves no doubt, the same header twice does."""
    names = [normalise(header) for header in headers]
    if names.count(names[0]) > 1:
        return "stop"
    own = {normalise(label) for label in (column.nl, column.en, column.id)}
    if own & {names[0], *(_ABBREVIATED.sub(word, names[0]) for word in ("nummer", "number"))}:
        return None
    return "warn" if column.kind == "text" else "stop"


def _missing(area: Area, table: Table, match: HeaderMatch, headers: Sequence[str | None], language: str) -> list[Fault]:
    faults = []
    for name in match.missing:
        label, near = table.by_id[name].label(language), match.near.get(name)
        spot = area.sheet.address(area.header, area.span[0] + (near or 0))
        code, found = ("KW-IN-001", None) if near is None else ("KW-IN-003", headers[near])
        faults.append(Fault(code, "stop", area.sheet.name, spot, table.id, label, found, {"label": label}, language))
    return faults


def has_rows(region: Region) -> bool:
    """True when a declared column holds anything."""
    return bool(used_rows(region).any())


def used_rows(region: Region) -> Mask:
    """True per data row with anything in a declared column; a cell of blanks only holds nothing."""
    columns = [region.column(offset) for offset in region.columns.values()]
    used = np.zeros(region.n_rows, dtype=bool)
    for column in columns:
        used |= (column.kinds != Kind.BLANK) & (column.kinds != Kind.TEXT)
    for column in columns:
        if column.texts is not None:
            rows = np.flatnonzero(~used & (column.kinds == Kind.TEXT))
            used[rows] = [text[:1].isalnum() or clean(text) != "" for text in column.texts[rows]]
    return used


def fingerprint(region: Region) -> float:
    """Sum of all numbers plus the count of filled cells of an Excel table, as SUM + COUNTA give it in a formula."""
    total, filled, own = 0.0, 0, region.n_rows - region.area.below
    for offset in range(region.area.span[0], region.area.span[1] - region.area.beside):
        column = region.column(offset)
        kinds, numbers = column.kinds[:own], column.numbers[:own]
        total += math.fsum(numbers[(kinds == Kind.NUMBER) | (kinds == Kind.DATE)])
        filled += int((kinds != Kind.BLANK).sum())
    return total + filled
