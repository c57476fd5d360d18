"""Workbooks in memory."""

from __future__ import annotations

import tempfile
from copy import copy
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.utils import get_column_letter
from xlwings import base_classes

from addin.engine.chart_drawing import draw
from addin.engine.chart_names import chart_names, loaded_record, name_charts
from addin.engine.com import ComError, com_object, wire
from addin.engine.members import Members
from addin.engine.names import Names
from addin.engine.sheet import Sheet
from addin.engine.sheets import Sheets
from addin.engine.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from addin.engine.application import App
    from addin.engine.chart_record import ChartRecord
    from addin.engine.typed import Language
    from addin.engine.values import Results

NO_NAMES: Mapping[str, list[str]] = MappingProxyType({})
WIDEST_GROUP = 256


@com_object
class Book(base_classes.Book):
    """One workbook; what Excel computes stands beside the cells, in ``results``."""

    def __init__(self, books: Books, workbook: Workbook, path: str, names: Mapping[str, list[str]] = NO_NAMES) -> None:
        self._books = books
        self.workbook = workbook
        self.path = path
        self.results: dict[Worksheet, Results] = {}
        self.charts: dict[Worksheet, list[ChartRecord]] = {}
        self.snapshot = Snapshot()
        for sheet in workbook.worksheets:
            _unfold_columns(sheet)
            of_sheet = zip(names.get(sheet.title, ()), sheet._charts, strict=False)
            self.charts[sheet] = [loaded_record(name, chart) for name, chart in of_sheet]

    @property
    def api(self) -> None:
        return None

    @property
    def file_name(self) -> str:
        return Path(self.path).name

    @property
    def language(self) -> Language:
        return self._books.app.engine.language

    @property
    def tables_grow(self) -> bool:
        return self._books.app.engine.tables_grow and not wire.remote_like

    def sheet_impl(self, worksheet: Worksheet) -> Sheet:
        return Sheet(self, worksheet)

    def names_impl(self) -> Names:
        return Names(self)

    @property
    def app(self) -> App:
        return self._books.app

    @property
    def name(self) -> str:
        return Path(self.path).name

    @property
    def fullname(self) -> str:
        return self.path

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)

    @property
    def names(self) -> Names:
        return Names(self)

    def json(self) -> None:
        raise NotImplementedError

    def activate(self) -> None:
        self._books.front(self)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        """Write the file; the book is from then on the file at that path."""
        if password is not None or (path is not None and wire.remote_like):
            raise NotImplementedError("Book.save() takes no password here, and no path on the remote engine.")
        self.path = str(path or self.path)
        self.write(Path(self.path))

    def write(self, path: Path) -> None:
        """The workbook as it is now, with its charts drawn, in a file."""
        for sheet in self.workbook.worksheets:
            sheet._charts = []
            for record in self.charts.get(sheet, []):
                sheet.add_chart(draw(record), getattr(record.loaded, "anchor", None))
        self.workbook.save(path)
        drawings = [sheet for sheet in self.workbook.worksheets if sheet._charts or sheet._images]
        name_charts(path, [[record.name for record in self.charts.get(sheet, [])] for sheet in drawings])

    def close(self) -> None:
        self._books.remove(self)

    def to_pdf(self, path: str, quality: str = "standard") -> None:
        """The visible sheets, drawn by LibreOffice."""
        from libreoffice import convert  # noqa: PLC0415

        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "book.xlsx"
            self.write(copy)
            Path(path).write_bytes(convert(copy, "pdf", Path(folder) / "pdf").read_bytes())


@com_object
class Books(Members[Book], base_classes.Books):
    """The open workbooks; the last one that was opened or activated is in front."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._open: list[Book] = []
        self._front: Book | None = None

    def _members(self) -> list[Book]:
        return self._open

    @staticmethod
    def _name_of(member: Book) -> str:
        return member.file_name

    @property
    def active(self) -> Book | None:
        return self._front

    def front(self, book: Book) -> None:
        """Put a book in front."""
        self._front = book

    def remove(self, book: Book) -> None:
        """Close a book without saving."""
        self._open.remove(book)
        if self._front is book:
            self._front = self._open[-1] if self._open else None

    def open(self, fullname: str, *options: Any, **more: Any) -> Book:
        """Read the file twice: for what was entered, and for what Excel last computed."""
        return self._take(self.load(fullname))

    def load(self, path: str) -> Book:
        """Read a file without opening it in the application."""
        book = Book(self, openpyxl.load_workbook(path), path, chart_names(Path(path)))
        take_results(book, Path(path))
        return book

    def add(self) -> Book:
        word = {"nl": "Map", "en": "Book"}[self.app.engine.language]
        taken = {book.file_name for book in self._open}
        name = next(name for number in range(1, len(taken) + 2) if (name := f"{word}{number}") not in taken)
        workbook = openpyxl.Workbook()
        workbook.active.title = {"nl": "Blad1", "en": "Sheet1"}[self.app.engine.language]
        return self._take(Book(self, workbook, name))

    def _take(self, book: Book) -> Book:
        if any(other.file_name.casefold() == book.file_name.casefold() for other in self._open):
            raise ComError("A workbook with this name is already open.")
        self._open.append(book)
        self._front = book
        if self.app.engine.remote_like:
            book.snapshot = Snapshot(book)
        return book


def take_results(book: Book, file: Path) -> None:
    """Take the computed values of a file of this book."""
    computed = openpyxl.load_workbook(file, data_only=True)
    for sheet in book.workbook.worksheets:
        twin = computed[sheet.title]
        formulas = [place for place, cell in sheet._cells.items() if cell.data_type == "f"]
        book.results[sheet] = {
            place: (cell.value, cell.data_type) for place in formulas if (cell := twin._cells.get(place))
        }


def _unfold_columns(sheet: Worksheet) -> None:
    """Give every column of a group that the file kept together its own width and format."""
    for dimension in list(sheet.column_dimensions.values()):
        first, last = dimension.min, dimension.max
        if not first or not last or last == first or last - first > WIDEST_GROUP:
            continue
        dimension.min = dimension.max = first
        for column in range(first + 1, last + 1):
            letter = get_column_letter(column)
            twin = sheet.column_dimensions[letter]
            twin.width, twin.hidden, twin._style = dimension.width, dimension.hidden, copy(dimension._style)
