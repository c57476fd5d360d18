"""What is remarked on one table while it is read: faults with their cells, and rows set aside with their reason."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from klantwaarde.messages import Fault, Severity, figure
from klantwaarde.tables.cells import CellFault, shown
from klantwaarde.tables.region import Region
from klantwaarde.tables.schema import Column

Rows = NDArray[np.intp]  # offsets of data rows in their region, from 0

MOST_LISTED = 200  # faults listed per column and kind; all are counted


@dataclass(slots=True)
class Remarks:
    """The remarks on one table.

    Attributes:
        region: Where the table stands.
        language: Of the messages.
        faults: In the order in which they were found.
        set_aside: Reason -> rows that are left out.
    """

    region: Region
    language: str
    faults: list[Fault] = field(default_factory=list)
    set_aside: dict[str, int] = field(default_factory=dict)

    def figure(self, value: float, *, decimals: int = 2) -> str:
        """A number as a reader of this language writes it."""
        return figure(value, self.language, decimals=decimals)

    def on_cell(
        self,
        code: str,
        row: int,
        column: Column,
        found: object = None,
        *,
        severity: Severity = "stop",
        **values: object,
    ) -> None:
        """A fault in one data row."""
        self._add(code, self.region.address(int(row), column.id), column, found, severity, values)

    def on_column(
        self, code: str, column: Column, found: object = None, *, severity: Severity = "warn", **values: object
    ) -> None:
        """A remark on a whole column; it stands at the column's header."""
        self._add(code, self.region.address(-1, column.id), column, found, severity, values)

    def on_cells(
        self, code: str, rows: Sequence[int] | Rows, column: Column, *, severity: Severity = "stop", **values: object
    ) -> None:
        """The same fault in many cells: the first ones apart, with what stands there, then their count."""
        cells = self.region.column(self.region.offset_of(column.id))
        for row in rows[:MOST_LISTED]:
            self.on_cell(code, int(row), column, shown(cells, int(row)), severity=severity, **values)
        self._count(len(rows), column, int(rows[-1]) if len(rows) else 0, severity)

    def from_reader(self, faults: Sequence[CellFault], column: Column, rows: Rows) -> None:
        """The faults of a column's reader, whose offsets count in ``rows``."""
        for fault in faults[:MOST_LISTED]:
            placed = fault.at(
                lambda offset: self.region.address(int(rows[offset]), column.id),
                sheet=self.region.sheet.name, table=self.region.table.id, column=column.label(self.language),
            )  # fmt: skip
            self.faults.append(placed.speaking(self.language))
        if len(faults) > MOST_LISTED:
            stops = any(fault.reason.severity == "stop" for fault in faults)
            self._count(len(faults), column, int(rows[faults[-1].row]), "stop" if stops else "warn")

    def _count(self, count: int, column: Column, last: int, severity: Severity) -> None:
        if count > MOST_LISTED:
            self.on_cell("KW-IN-010", last, column, count, severity=severity, listed=MOST_LISTED)

    def _add(
        self, code: str, cell: str, column: Column, found: object, severity: Severity, values: dict[str, object]
    ) -> None:
        sheet, table = self.region.sheet.name, self.region.table.id
        label = column.label(self.language)
        self.faults.append(Fault(code, severity, sheet, cell, table, label, found, values, self.language))
