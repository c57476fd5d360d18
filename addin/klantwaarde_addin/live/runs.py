"""The present and the previous run, kept in the workbook itself on one hidden sheet.

Macros cannot be undone in Excel. So a book carries its last two reports as packed text; it travels with the file,
works on every host, and needs no folder on anybody's computer.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import xlwings as xw

from klantwaarde.report.archive import ArchiveError, packed, unpacked
from klantwaarde.report.blocks import ReportSheet

SHEET = "kw_runs"
_MARK = "kw:"  # in front of every piece, so that Excel takes none for a number or a formula
_PIECE = 8000  # characters; Excel takes arrays with texts up to 8,203


@dataclass(frozen=True, slots=True)
class Runs:
    """Two packed reports; empty texts where there is none."""

    present: str = ""
    previous: str = ""

    def after(self, sheets: Sequence[ReportSheet]) -> "Runs":
        """These runs once a new report has been written; the same report again is no new run."""
        new = packed(sheets)
        return self if new == self.present else Runs(new, self.present)

    @property
    def swapped(self) -> "Runs":
        return Runs(self.previous, self.present)


def report_of(text: str) -> list[ReportSheet] | None:
    """The report in a packed text; None when there is none or it was damaged."""
    try:
        return unpacked(text) if text else None
    except ArchiveError:
        return None


def read_runs(book: xw.Book) -> Runs:
    """What the book keeps."""
    if SHEET not in [sheet.name for sheet in book.sheets]:
        return Runs()
    used = book.sheets[SHEET].used_range
    values = used.options(ndim=2).value if used.shape[1] >= 2 else []
    columns = [[row[position] for row in values] for position in (0, 1)] if values else [[], []]
    return Runs(*("".join(str(piece).removeprefix(_MARK) for piece in column if piece) for column in columns))


def write_runs(book: xw.Book, runs: Runs) -> xw.Sheet:
    """Keep two runs; returns the sheet, which is hidden."""
    present = [sheet.name for sheet in book.sheets]
    sheet = book.sheets[SHEET] if SHEET in present else book.sheets.add(SHEET, after=book.sheets[present[-1]])
    pieces = [_pieces(text) for text in (runs.present, runs.previous)]
    height = max(map(len, pieces))
    sheet.clear_contents()
    rows = [[column[row] if row < len(column) else "" for column in pieces] for row in range(height)]
    sheet.range(f"A1:B{height}").raw_value = rows
    sheet.visible = False
    return sheet


def _pieces(text: str) -> list[str]:
    return [_MARK + text[start : start + _PIECE] for start in range(0, len(text), _PIECE)] or [_MARK]
