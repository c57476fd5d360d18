"""What the engine asks of a workbook. Live Excel, a file and a test grid all answer these five calls."""

from collections.abc import Sequence
from typing import Final, Protocol

from klantwaarde.report.blocks import ReportSheet
from klantwaarde.tables.raw import RawSheet

OWNERSHIP_MARK: Final = "KW_OWNED"  # the name that every sheet of ours carries, with the sheet as its scope


class Workbook(Protocol):
    """A book whose input sheets are read and whose report sheets are replaced, all or nothing."""

    @property
    def name(self) -> str:
        """File name, for messages and the run log."""

    def sheet_names(self) -> list[str]:
        """Every worksheet in tab order, hidden ones too."""

    def owned_sheets(self) -> frozenset[str]:
        """The sheets that an earlier run of ours made and may be replaced."""

    def read(self, sheet: str) -> RawSheet:
        """All cells of one sheet. Raises InputError when the sheet cannot be read completely."""

    def write(self, sheets: Sequence[ReportSheet]) -> None:
        """Replace our sheets and save. Raises WriteError; the book is then as it was."""
