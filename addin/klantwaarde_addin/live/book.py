"""The workbook protocol over a book that is open in Excel."""

from collections.abc import Callable, Iterable, Sequence

import xlwings as xw

from klantwaarde.messages import Fault, WriteError
from klantwaarde.report.blocks import ReportSheet
from klantwaarde.report.formulas import UnsafeFormulaError
from klantwaarde.tables.raw import Kind, RawSheet
from klantwaarde.workbook.canvas import Canvas
from klantwaarde.workbook.carry_over import with_user_columns
from klantwaarde.workbook.protocol import OWNERSHIP_MARK
from klantwaarde.workbook.sheet_layout import BULK_ROWS, draw_sheet
from klantwaarde_addin.live import values
from klantwaarde_addin.live.areas import Area
from klantwaarde_addin.live.cells import raw_column
from klantwaarde_addin.live.fill import Standing, fill
from klantwaarde_addin.live.host import is_remote
from klantwaarde_addin.live.native import finish
from klantwaarde_addin.live.place import LiveTable
from klantwaarde_addin.live.runs import SHEET as RUNS
from klantwaarde_addin.live.runs import Runs, read_runs, report_of, write_runs

_BLOCK_ROWS = 100_000  # that one call reads
_OURS = "out"  # how the names of our tables begin


class LiveWorkbook:
    """A :class:`klantwaarde.workbook.protocol.Workbook` that is open in Excel.

    Every sheet is read once and kept: a remote host shows the state at the start anyway, and reading costs time.
    """

    def __init__(self, book: xw.Book) -> None:
        self.book = book
        self._names: list[str] = [sheet.name for sheet in book.sheets]
        self._present = list(self._names)  # and those that were added since
        self._owned: frozenset[str] | None = None
        self._read: dict[str, RawSheet] = {}

    @property
    def name(self) -> str:
        return str(self.book.name)

    def sheet_names(self) -> list[str]:
        return list(self._names)

    def owned_sheets(self) -> frozenset[str]:
        """The sheets that carry our mark, and the one that keeps the runs."""
        if self._owned is None:
            marks = [name for name in (each.name for each in self.book.names) if name.endswith(f"!{OWNERSHIP_MARK}")]
            marked = {mark.rpartition("!")[0].strip("'").replace("''", "'") for mark in marks}
            self._owned = frozenset(name for name in self._names if name in marked or name == RUNS)
        return self._owned

    def read(self, sheet: str) -> RawSheet:
        if sheet not in self._read:
            self._read[sheet] = _read_sheet(self.book.sheets[sheet], remote=is_remote(self.book))
        return self._read[sheet]

    def runs(self) -> Runs:
        """The present and the previous run that the book keeps."""
        return read_runs(self.book)

    def write(self, sheets: Sequence[ReportSheet]) -> None:
        """Replace our sheets and keep the run before; a failure brings back what stood there.

        Raises:
            WriteError: a sheet or table of the user is in the way (KW-SA-010, 011), or Excel refused (KW-LV-001).
        """
        runs = self.runs()
        self._replace(sheets, runs.after(sheets), before=runs)

    def restore(self) -> list[ReportSheet]:
        """Bring the previous run back; the present one becomes the previous.

        Raises:
            WriteError: there is no previous run (KW-LV-002), or Excel refused (KW-LV-001).
        """
        runs = self.runs()
        previous = report_of(runs.previous)
        if previous is None:
            raise WriteError([Fault("KW-LV-002", found=self.name)])
        self._replace(previous, runs.swapped, before=runs)
        return previous

    def put(self, sheet: ReportSheet) -> None:
        """Show one more sheet of ours, a list of faults for instance; the next run removes it.

        Raises:
            WriteError: as :meth:`write`.
        """
        self._refuse([sheet])
        drawn = self._drawn([sheet])
        self._guarded(lambda: self._put(drawn), undo=lambda: None)

    def _replace(self, sheets: Sequence[ReportSheet], runs: Runs, *, before: Runs) -> None:
        self._refuse(sheets)
        new, old = self._drawn(self._with_user_columns(sheets)), self._kept(before)

        def change() -> None:
            self._put(new)
            self._remove(self.owned_sheets() - {sheet.name for sheet in new} - {RUNS})
            self._mark(write_runs(self.book, runs))

        def undo() -> None:
            again = LiveWorkbook(self.book)
            again._put(old)
            again._remove({sheet.name for sheet in new} - {sheet.name for sheet in old})
            if old:
                write_runs(self.book, before)

        self._guarded(change, undo=undo)

    def _kept(self, runs: Runs) -> list[Canvas]:
        """The present run as it can be put back; nothing when it was never kept, or somebody changed it."""
        try:
            return self._drawn(self._with_user_columns(report_of(runs.present) or []))
        except WriteError:
            return []

    def _with_user_columns(self, sheets: Sequence[ReportSheet]) -> list[ReportSheet]:
        owned = self.owned_sheets()
        return [with_user_columns(sheet, self.read(sheet.name)) if sheet.name in owned else sheet for sheet in sheets]

    def _guarded(self, change: Callable[[], None], *, undo: Callable[[], None]) -> None:
        """Make a change; when Excel refuses, bring back what stood there and say which of both happened."""
        try:
            change()
        except WriteError:
            raise
        except Exception as error:
            if is_remote(self.book):
                raise  # nothing has been sent yet
            try:
                undo()
            except Exception as second:
                raise WriteError([Fault("KW-LV-003", found=self.name)]) from second
            raise WriteError([Fault("KW-LV-001", found=self.name)]) from error

    def _refuse(self, sheets: Sequence[ReportSheet]) -> None:
        """Nothing of the user's may be in the way; everything that is gets named before anything is written.

        Raises:
            WriteError: sheets (KW-SA-010) or tables (KW-SA-011) of the user have the names of ours.
        """
        owned = self.owned_sheets()
        present = {name.casefold(): name for name in self._names}
        taken = [present[sheet.name.casefold()] for sheet in sheets if sheet.name.casefold() in present]
        faults = [Fault("KW-SA-010", sheet=name, found=name) for name in taken if name not in owned]
        ours = {block.excel_name for sheet in sheets for block in sheet.blocks if hasattr(block, "excel_name")}
        for name in self._names:
            if name not in owned:
                faults += [
                    Fault("KW-SA-011", sheet=name, found=table) for table in self.read(name).tables if table in ours
                ]
        if faults:
            raise WriteError(faults)

    def _drawn(self, sheets: Sequence[ReportSheet]) -> list[Canvas]:
        """The sheets drawn and checked, before anything is written.

        Raises:
            WriteError: a formula is none of ours: somebody changed a run that the book keeps (KW-LV-004).
        """
        canvases = [draw_sheet(sheet, bulk_above=BULK_ROWS) for sheet in sheets]
        try:
            for canvas in canvases:
                values.check_formulas(canvas)
        except UnsafeFormulaError as error:
            raise WriteError([Fault("KW-LV-004", found=str(error))]) from error
        return canvases

    def _put(self, canvases: Sequence[Canvas]) -> None:
        """Write drawn sheets: their content first, then the formulas, which point from sheet to sheet."""
        for canvas in canvases:
            live = self._sheet(canvas.name)
            fill(live, canvas, self._standing(canvas.name))
            self._mark(live)
        for canvas in canvases:
            values.write_formulas(self.book.sheets[canvas.name], canvas)
        finish(self.book, canvases)

    def _sheet(self, name: str) -> xw.Sheet:
        """The sheet of that name, behind the others when it is new."""
        if name not in self._present:
            self.book.sheets.add(name, after=self.book.sheets[self._present[-1]])
            self._present.append(name)
        return self.book.sheets[name]

    def _standing(self, name: str) -> Standing:
        if name not in self._names:
            return Standing(Area(1, 1, 1, 1), ())
        raw = self.read(name)
        used = Area(1, 1, max(raw.first_row + raw.n_rows - 1, 1), max(raw.first_column + len(raw.columns) - 1, 1))
        tables = tuple(
            LiveTable(table, Area(*place), _headers(raw, place))
            for table, place in raw.tables.items()
            if table.startswith(_OURS)
        )
        return Standing(used, tables)

    def _mark(self, sheet: xw.Sheet) -> None:
        if sheet.name not in self.owned_sheets() or (sheet.name == RUNS and RUNS not in self._names):
            sheet.names.add(OWNERSHIP_MARK, "=TRUE")

    def _remove(self, names: Iterable[str]) -> None:
        for name in sorted(set(names) & set(self._present)):
            self.book.sheets[name].delete()
            self._present.remove(name)


def _headers(raw: RawSheet, place: tuple[int, int, int, int]) -> tuple[str, ...]:
    """The header texts of a table in a sheet that was read."""
    row, left, right = place[0] - raw.first_row, place[1] - raw.first_column, place[3] - raw.first_column
    cells = (raw.columns[column] for column in range(left, right + 1))
    return tuple(
        str(c.texts[row]) if c.kinds[row] == Kind.TEXT and c.texts is not None else f"{c.numbers[row]:g}" for c in cells
    )


def _read_sheet(sheet: xw.Sheet, *, remote: bool) -> RawSheet:
    """All cells of a sheet in one call per hundred thousand rows."""
    used = sheet.used_range
    top, left, (height, width) = used.row, used.column, used.shape
    columns: list[list[object]] = [[] for _ in range(width)]
    for start in range(0, height, _BLOCK_ROWS):
        last = min(start + _BLOCK_ROWS, height)
        block = sheet.range(Area(top + start, left, top + last - 1, left + width - 1).address).raw_value
        rows = block if isinstance(block, list | tuple) else ((block,),)
        for column, cells in zip(columns, zip(*rows, strict=True), strict=True):
            column.extend(cells)
    tables = {table.name: _table_place(table) for table in sheet.tables}
    return RawSheet(str(sheet.name), top, left, tuple(raw_column(cells, remote=remote) for cells in columns), tables)


def _table_place(table: xw.main.Table) -> tuple[int, int, int, int]:
    """First row, first column, last row, last column: the header row included, a totals row not."""
    area = table.range
    height, width = area.shape
    return area.row, area.column, area.row + height - 1 - bool(table.show_totals), area.column + width - 1
