"""The worksheets of a book: found by name or number, added and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlwings import base_classes

from addin.engine.com import ComError, com_object, wire
from addin.engine.references import find_sheet
from addin.engine.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from addin.engine.books import Book


@com_object
class Sheets(base_classes.Sheets):
    """The worksheets in tab order."""

    def __init__(self, book: Book) -> None:
        self._book = book

    @property
    def api(self) -> None:
        return None

    @property
    def active(self) -> Sheet:
        return Sheet(self._book, self._book.workbook.active)

    def __len__(self) -> int:
        return len(self._book.workbook.worksheets)

    def __iter__(self) -> Iterator[Sheet]:
        return iter([Sheet(self._book, sheet) for sheet in self._book.workbook.worksheets])

    def __call__(self, key: int | str) -> Sheet:
        sheets = self._book.workbook.worksheets
        found = (
            find_sheet(self._book.workbook, key)
            if isinstance(key, str)
            else sheets[key - 1]
            if 1 <= key <= len(sheets)
            else None
        )
        if found is None:
            raise (
                ValueError(f"Sheet {key!r} doesn't exist!") if wire.remote_like else ComError("Subscript out of range")
            )
        return Sheet(self._book, found)

    def add(self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None) -> Sheet:
        """Insert a sheet and go to it. A refused name leaves the sheet under a name of Excel's choice, as in Excel."""
        workbook = self._book.workbook
        made = Sheet(self._book, workbook.create_sheet(_free_name(self._book)))
        if wire.remote_like:
            _place_as_remote(made, before, after)
        else:
            made.place(before or (None if after else Sheet(self._book, workbook.active)), after)
        workbook.active = made.ws
        if name is not None:
            made.name = name
        return made


def _place_as_remote(made: Sheet, before: Sheet | None, after: Sheet | None) -> None:
    """Put the sheet where xlwings 0.37.8 does: at the end by default, and one place too early for ``before``."""
    sheets = made.book_impl.workbook._sheets
    if before is None and after is None:
        return
    sheets.remove(made.ws)
    place = max(0, sheets.index(before.ws) - 1) if before else sheets.index(after.ws) + 1
    sheets.insert(place, made.ws)


def _free_name(book: Book) -> str:
    word = {"nl": "Blad", "en": "Sheet"}[book.language]
    taken = {sheet.title.casefold() for sheet in book.workbook._sheets}
    return next(name for number in range(1, len(taken) + 2) if (name := f"{word}{number}").casefold() not in taken)
