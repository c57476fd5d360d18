"""One worksheet: named, moved, copied, cleared and deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from addin.engine.areas import MAX_COLUMNS, MAX_ROWS, Area, between, used_area
from addin.engine.charts import Charts
from addin.engine.com import ComError, com_object, wire
from addin.engine.names import Names
from addin.engine.pictures import Pictures
from addin.engine.range_looks import fit_columns
from addin.engine.ranges import Range
from addin.engine.references import resolve
from addin.engine.rewriting import forget_sheet, rename_sheet
from addin.engine.sheet_copy import copy_sheet
from addin.engine.sheet_settings import FreezePanes, PageSetup
from addin.engine.tables import Table, Tables

if TYPE_CHECKING:
    from openpyxl.worksheet.table import Table as SheetTable
    from openpyxl.worksheet.worksheet import Worksheet

    from addin.engine.books import Book
    from addin.engine.chart_record import ChartRecord
    from addin.engine.values import Results

FORBIDDEN = frozenset("\\/?*[]:")


@com_object
class Sheet(base_classes.Sheet):
    """One worksheet."""

    def __init__(self, book: Book, worksheet: Worksheet) -> None:
        self.book_impl = book
        self.ws = worksheet

    @property
    def api(self) -> None:
        return None

    @property
    def _workbook(self) -> Any:
        return self.book_impl.workbook

    @property
    def results(self) -> Results:
        return self.book_impl.results.setdefault(self.ws, {})

    @property
    def chart_records(self) -> list[ChartRecord]:
        return self.book_impl.charts.setdefault(self.ws, [])

    def table_impl(self, table: SheetTable) -> Table:
        return Table(self, table)

    @property
    def book(self) -> Book:
        return self.book_impl

    @property
    def name(self) -> str:
        return self.ws.title

    @name.setter
    def name(self, value: str) -> None:
        check_sheet_name(self._workbook, value, self.ws)
        rename_sheet(self._workbook, self.ws.title, value)
        self.ws._WorkbookChild__title = value

    @property
    def index(self) -> int:
        return self._workbook.worksheets.index(self.ws) + 1

    @property
    def visible(self) -> bool:
        return self.ws.sheet_state == "visible"

    @visible.setter
    def visible(self, value: bool) -> None:
        if not value:
            self._keep_one_visible()
        self.ws.sheet_state = "visible" if value else "hidden"

    def _keep_one_visible(self) -> None:
        others = [
            sheet for sheet in self._workbook.worksheets if sheet is not self.ws and sheet.sheet_state == "visible"
        ]
        if not others:
            raise ComError("A workbook must contain at least one visible worksheet.")
        if self._workbook.active is self.ws:
            self._workbook.active = others[0]

    def range(self, first: Any, second: Any = None) -> Range:
        here, area = self._locate(first)
        if second is not None:
            area = between(area, self._locate(second)[1])
        return Range(Sheet(self.book_impl, here), area)

    def _locate(self, place: Any) -> tuple[Worksheet, Area]:
        if isinstance(place, Range):
            return place._ws, place.area
        if isinstance(place, tuple):
            if 0 in place[:2]:
                raise IndexError("Attempted to access 0-based Range. xlwings/Excel Ranges are 1-based.")
            return self.ws, Area(*place)
        found = resolve(self._workbook, self.ws, place)
        if found is None:
            raise ComError(f"Application-defined or object-defined error: no range {place!r}")
        return found

    @property
    def cells(self) -> Range:
        return Range(self, Area(1, 1, MAX_ROWS, MAX_COLUMNS))

    @property
    def used_range(self) -> Range:
        if wire.remote_like:
            return Range(self, self.book_impl.snapshot.used(self.ws))
        return Range(self, used_area(self.ws))

    def activate(self) -> None:
        if self.ws.sheet_state != "visible":
            raise ComError("Activate method of Worksheet class failed")
        self._workbook.active = self.ws

    select = activate

    def clear(self) -> None:
        self._everything().clear()

    def clear_contents(self) -> None:
        self._everything().clear_contents()

    def clear_formats(self) -> None:
        self._everything().clear_formats()

    def _everything(self) -> Range:
        return Range(self, Area(1, 1, MAX_ROWS, MAX_COLUMNS))

    def autofit(self, axis: str | None = None) -> None:
        if axis in (None, "c", "columns"):
            fit_columns(self.ws, used_area(self.ws))

    def delete(self) -> None:
        if self.ws.sheet_state == "visible":
            self._keep_one_visible()
        forget_sheet(self._workbook, self.ws)
        stays = self._workbook.active
        self._workbook.remove(self.ws)
        self._workbook.active = stays
        self.book_impl.results.pop(self.ws, None)
        self.book_impl.charts.pop(self.ws, None)

    def copy(self, before: Sheet | None, after: Sheet | None) -> None:
        target = before or after
        if target is None or target.book_impl is not self.book_impl:
            raise NotImplementedError("The engine copies a sheet within its own workbook only.")
        twin = Sheet(self.book_impl, copy_sheet(self.book_impl, self.ws))
        twin.place(before, after)
        self._workbook.active = twin.ws
        self.book_impl.snapshot.twin(self.ws, twin.ws)

    def move(self, before: Sheet | None, after: Sheet | None) -> None:
        self.place(before, after)

    def place(self, before: Sheet | None, after: Sheet | None) -> None:
        """Put the sheet before or after another; the active sheet stays the active one."""
        sheets, active = self._workbook._sheets, self._workbook.active
        sheets.remove(self.ws)
        sheets.insert(sheets.index(before.ws) if before else sheets.index(after.ws) + 1, self.ws)
        self._workbook.active = active

    @property
    def tables(self) -> Tables:
        return Tables(self)

    @property
    def names(self) -> Names:
        return Names(self.book_impl, self.ws)

    @property
    def charts(self) -> Charts:
        return Charts(self)

    @property
    def pictures(self) -> Pictures:
        return Pictures(self)

    @property
    def page_setup(self) -> PageSetup:
        return PageSetup(self.ws)

    @property
    def freeze_panes(self) -> FreezePanes:
        if not wire.remote_like:
            raise NotImplementedError("Sheet.freeze_panes is not there on the desktop.")
        return FreezePanes(self.ws)

    @property
    def show_gridlines(self) -> bool:
        return bool(self.ws.sheet_view.showGridLines)

    @show_gridlines.setter
    def show_gridlines(self, value: bool) -> None:
        if self.ws.sheet_state != "visible" and not wire.remote_like:
            raise ValueError(
                "Sheet.DisplayGridlines: hidden sheets can't be activated. Set sheet.visible = True first."
            )
        self.ws.sheet_view.showGridLines = value


def check_sheet_name(workbook: Any, name: str, sheet: Worksheet | None = None) -> None:
    """Raise where Excel refuses the name of a sheet."""
    wrong = not 1 <= len(name) <= 31 or FORBIDDEN & set(name) or name.startswith("'") or name.endswith("'")
    if wrong or name.casefold() in ("history", "geschiedenis"):
        raise ComError(f"The sheet name {name!r} is not allowed.")
    found = next((other for other in workbook._sheets if other.title.casefold() == name.casefold()), None)
    if found is not None and found is not sheet:
        raise ComError("That name is already taken. Try a different one.")
