"""Report sheets as a file: a donor for somebody's workbook, or a workbook of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from klantwaarde.report.blocks import ReportSheet
from klantwaarde.workbook.paint import book_bytes
from klantwaarde.workbook.row_writer import BulkRows
from klantwaarde.workbook.sheet_layout import BULK_ROWS, draw_sheet


@dataclass(frozen=True, slots=True)
class Donor:
    """A workbook with finished report sheets, and the rows of large tables that it leaves out (by sheet name)."""

    content: bytes
    bulk: Mapping[str, BulkRows]


def render(sheets: Sequence[ReportSheet]) -> Donor:
    """Draw all sheets; of a large table at the end of a sheet only the first row, the others are handed over.

    Raises:
        WriteError: a text does not fit in a cell (KW-SA-019).
        ValueError: a block breaks its own declaration.
    """
    canvases = [draw_sheet(sheet, bulk_above=BULK_ROWS) for sheet in sheets]
    bulk = {canvas.name: canvas.bulk for canvas in canvases if canvas.bulk}
    return Donor(book_bytes(canvases), MappingProxyType(bulk))


def as_file(sheets: Sequence[ReportSheet]) -> bytes:
    """The sheets as a complete workbook of their own, every row drawn."""
    return book_bytes([draw_sheet(sheet) for sheet in sheets])
