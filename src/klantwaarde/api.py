"""Read, analyse, write: the calls that the command line, the Excel buttons and other programs use."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from klantwaarde.messages import Fault, InputError
from klantwaarde.model import Outcome, analyse
from klantwaarde.report.layout import build_report
from klantwaarde.report.runlog import stamp_of
from klantwaarde.tables.catalogue import TABLE
from klantwaarde.tables.intake import read_sheets
from klantwaarde.tables.typed import Tables
from klantwaarde.workbook.file import FileWorkbook
from klantwaarde.workbook.protocol import Workbook
from klantwaarde.workbook.saving import restore as restore_file

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did: the outcome, the file it wrote and the backup of the previous version."""

    outcome: Outcome
    path: Path
    backup: Path | None


def silent(step: str) -> None:
    """No progress."""


def read_tables(path: str | Path, settings: Mapping[str, object] | None = None) -> Tables:
    """Read and type every table of a workbook file.

    Args:
        path: .xlsx or .xlsm; a .csv holds one table.
        settings: Values by id or label that override the Settings sheet while reading.

    Raises:
        InputError: the file or its cells cannot be used; all faults at once, with sheet and cell.
    """
    return tables_of(FileWorkbook(Path(path)), settings)


def tables_of(book: Workbook, settings: Mapping[str, object] | None = None) -> Tables:
    """The typed tables of any workbook; our own result sheets are not input."""
    owned = book.owned_sheets()
    names = [name for name in book.sheet_names() if name not in owned]
    tables = read_sheets([book.read(name) for name in names], source=book.name, override=settings or {})
    if not tables and _is_template(names, tables):
        raise InputError([tables.fault("KW-MO-001", name) for name in ("customers", "invoice_lines")])
    if not tables:
        values = {"source": book.name, "sheets": ", ".join(names)}
        raise InputError([Fault("KW-IN-020", values=values, language=tables.settings.language)])
    return tables


def _is_template(names: list[str], tables: Tables) -> bool:
    """Whether the sheets of the smallest model are there, only empty."""
    wanted = (TABLE[name].sheet_name(tables.settings.language) for name in ("customers", "invoice_lines"))
    return all(name in names for name in wanted)


def check(path: str | Path, settings: Mapping[str, object] | None = None) -> Outcome:
    """Read and analyse without writing anything.

    Raises:
        InputError: as :func:`read_tables` and :func:`klantwaarde.analyse`.
    """
    return analyse(read_tables(path, settings), settings)


def refresh(
    path: str | Path,
    output: str | Path | None = None,
    *,
    settings: Mapping[str, object] | None = None,
    time: datetime | None = None,
    progress: Progress = silent,
) -> Refreshed:
    """Read a workbook, analyse it and write the result sheets; the file is replaced only when all is well.

    Args:
        path: The workbook.
        output: Another file to write; the workbook itself stays as it is then.
        settings: Values that override the Settings sheet for this run.
        time: The run's time in the log; now when None.
        progress: Called with the name of each step: read, analyse, write.

    Raises:
        InputError: nothing is written; every fault with its cell.
        WriteError: the book cannot be saved; it is as it was.
    """
    book = FileWorkbook(Path(path), Path(output) if output else None)
    book.refuse_if_open()
    outcome = refresh_workbook(book, settings=settings, time=time, progress=progress)
    return Refreshed(outcome, Path(output or path), book.backup)


def refresh_workbook(
    book: Workbook,
    *,
    settings: Mapping[str, object] | None = None,
    time: datetime | None = None,
    progress: Progress = silent,
    sheets: Collection[str] | None = None,
) -> Outcome:
    """The same for any workbook, live Excel included.

    Args:
        book: The workbook.
        settings: As for :func:`refresh`, ``time`` and ``progress`` likewise.
        time: The run's time in the log; now when None.
        progress: Called with the name of each step.
        sheets: Ids of the report sheets to write; every sheet when None.
    """
    from klantwaarde import __version__

    progress("read")
    tables = tables_of(book, settings)
    progress("analyse")
    outcome = analyse(tables, settings)
    progress("write")
    moment = time or datetime.now(tz=UTC).astimezone().replace(tzinfo=None)
    book.write(build_report(outcome, stamp_of(outcome, time=moment, version=__version__), sheets))
    return outcome


def restore(path: str | Path) -> Path:
    """Bring the previous version of a refreshed workbook back; returns the backup that was used.

    Raises:
        WriteError: there is no backup, or the file cannot be written.
    """
    return restore_file(Path(path))
