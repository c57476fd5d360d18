"""Typed tables: frames with canonical columns, and the address of every cell they came from."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from klantwaarde.messages import Fault, Severity
from klantwaarde.tables.catalogue import TABLE
from klantwaarde.tables.raw import cell_address
from klantwaarde.tables.settings import Settings


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a table came from.

    Attributes:
        sheet: Sheet name; None for a frame given by a caller.
        columns: Canonical column id -> Excel column number.
        header_row: Excel row of the header.
        rows_in: Rows with anything in them.
        set_aside: Reason code -> rows that are not used (totals rows, duplicates).
        excel_table: Name of the Excel table, when there is one.
        fingerprint: Sum of all numbers plus the count of filled cells of that Excel table: SUM + COUNTA in a formula.
    """

    sheet: str | None
    columns: Mapping[str, int] = field(default_factory=dict)
    header_row: int = 1
    rows_in: int = 0
    set_aside: Mapping[str, int] = field(default_factory=dict)
    excel_table: str | None = None
    fingerprint: float = 0.0


@dataclass(frozen=True)
class Tables(Mapping[str, pd.DataFrame]):
    """The input of one model: table id -> frame. The index of a frame is its Excel row.

    Attributes:
        frames: Canonical columns only, plus variables of time equations.
        origins: Where each came from.
        settings: From the Settings sheet, or defaults.
        messages: What was set aside, converted or doubtful (severity warn or note).
        source: Name of the workbook, for messages and the run log.
        sha256: Of the typed rows, so that it does not change when results are written into the workbook.
    """

    frames: Mapping[str, pd.DataFrame]
    origins: Mapping[str, Origin]
    settings: Settings = field(default_factory=Settings)
    messages: tuple[Fault, ...] = ()
    source: str = ""
    sha256: str = ""

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.frames[table]

    def __iter__(self) -> Iterator[str]:
        return iter(self.frames)

    def __len__(self) -> int:
        return len(self.frames)

    def with_settings(self, settings: Settings) -> "Tables":
        """The same tables under these settings."""
        return replace(self, settings=settings)

    def without(self, table: str) -> "Tables":
        """The same tables without this one."""
        return replace(self, frames={name: frame for name, frame in self.frames.items() if name != table})

    def label(self, table: str) -> str:
        """The table's name in the language of the settings."""
        return TABLE[table].label(self.settings.language)

    def fault(
        self,
        code: str,
        table: str,
        row: object = None,
        column: str | None = None,
        found: object = None,
        *,
        severity: Severity = "stop",
        **values: object,
    ) -> Fault:
        """A fault in one of these tables; row is the frame's index, so the message names sheet and cell."""
        language = self.settings.language
        origin = self.origins.get(table, Origin(None))
        declared = TABLE[table].by_id.get(column or "")
        place = origin.columns.get(column or "", 1)
        cell = cell_address(int(str(row)), place) if row is not None and origin.columns else None
        shown = declared.label(language) if declared else column
        sheet = origin.sheet or TABLE[table].label(language)
        return Fault(code, severity, sheet, cell, table, shown, found, values, language)


def digest(frames: Mapping[str, pd.DataFrame]) -> str:
    """SHA-256 of the typed rows, in order of table id; equal input gives an equal hash on every machine."""
    found = hashlib.sha256()
    for name in sorted(frames):
        found.update(f"{name}:{','.join(frames[name].columns)}".encode())
        found.update(pd.util.hash_pandas_object(frames[name], index=False).to_numpy().tobytes())
    return found.hexdigest()
