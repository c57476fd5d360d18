"""A workbook that is a file: read completely, written by grafting our sheets into its package, saved atomically."""

from collections.abc import Sequence
from pathlib import Path

from klantwaarde.messages import Fault, WriteError
from klantwaarde.report.blocks import ReportSheet
from klantwaarde.tables.raw import RawSheet
from klantwaarde.workbook.carry_over import with_user_columns
from klantwaarde.workbook.package import graft
from klantwaarde.workbook.reading import BookReader, open_workbook_file
from klantwaarde.workbook.render import render
from klantwaarde.workbook.saving import refuse_open, save


class FileWorkbook:
    """The :class:`klantwaarde.workbook.protocol.Workbook` of a file on disk.

    Args:
        path: An .xlsx or .xlsm file; a .csv holds one table and can be read only.
        output: Where to write; the file itself when None. Another output leaves the file untouched.

    Raises:
        InputError: the file cannot be used.
    """

    def __init__(self, path: Path, output: Path | None = None) -> None:
        self.path = path
        self.output = output
        self._reader: BookReader = open_workbook_file(path)
        self.backup: Path | None = None

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def sha256(self) -> str:
        """Hash of the file as it was opened."""
        return self._reader.package.sha256

    def sheet_names(self) -> list[str]:
        return self._reader.sheet_names()

    def owned_sheets(self) -> frozenset[str]:
        return self._reader.owned_sheets()

    def read(self, sheet: str) -> RawSheet:
        return self._reader.read(sheet)

    def refuse_if_open(self) -> None:
        """Notice before any work that somebody has the book open.

        Raises:
            WriteError: a lock file stands beside it; the message names its owner.
        """
        refuse_open(self.output or self.path)

    def write(self, sheets: Sequence[ReportSheet]) -> None:
        """Replace our sheets and save; everything is drawn before the file is touched.

        Raises:
            WriteError: the book cannot be written (read only format, open elsewhere, changed, no room …).
        """
        if not self._reader.package.writable:
            raise WriteError([Fault("KW-SA-030", found=self.path.name)])
        owned = self.owned_sheets()
        kept = [with_user_columns(sheet, self.read(sheet.name)) if sheet.name in owned else sheet for sheet in sheets]
        donor = render(kept)
        self.backup = save(
            self.path,
            lambda target: graft(self.path, target, donor.content, owned=owned, bulk=donor.bulk),
            read_sha256=self.sha256,
            output=self.output,
            verify=lambda target: _verify(target, kept),
        )


def _verify(target: Path, sheets: Sequence[ReportSheet]) -> None:
    """The new file opens, and our sheets are in it."""
    missing = {sheet.name for sheet in sheets} - set(open_workbook_file(target).sheet_names())
    if missing:
        raise WriteError([Fault("KW-SA-031", found=", ".join(sorted(missing)))])
