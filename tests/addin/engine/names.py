"""Defined names of the book and of a sheet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from openpyxl.workbook.defined_name import DefinedName
from xlwings import base_classes

from addin.engine.com import ComError, com_object
from addin.engine.ranges import Range
from addin.engine.references import find_sheet, find_table, resolve
from addin.engine.rewriting import quoted
from addin.engine.tables import is_like_a_cell

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from addin.engine.areas import Area
    from addin.engine.books import Book

NAME = re.compile(r"[^\W\d][\w.\\?]{0,254}|\\[\w.\\?]{0,254}")
OWNED = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!(.+)")


@com_object
class Name(base_classes.Name):
    """One name; that of a sheet shows the sheet before it."""

    def __init__(self, book: Book, owner: Worksheet | None, defined: DefinedName) -> None:
        self._book = book
        self._owner = owner
        self._defined = defined

    @property
    def api(self) -> None:
        return None

    def _home(self) -> Any:
        return self._owner.defined_names if self._owner is not None else self._book.workbook.defined_names

    def _full(self) -> str:
        return f"{quoted(self._owner.title)}!{self._defined.name}" if self._owner is not None else self._defined.name

    def points_at(self, sheet: Worksheet, area: Area) -> bool:
        return resolve(self._book.workbook, sheet, str(self._defined.attr_text)) == (sheet, area)

    @property
    def name(self) -> str:
        return self._full()

    @name.setter
    def name(self, value: str) -> None:
        check_name(self._book, value)
        del self._home()[self._defined.name]
        self._defined.name = value
        self._home()[value] = self._defined

    @property
    def refers_to(self) -> str:
        return f"={self._defined.attr_text}"

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self._defined.attr_text = definition(value)

    @property
    def refers_to_range(self) -> Range:
        start = self._owner if self._owner is not None else self._book.workbook.worksheets[0]
        found = resolve(self._book.workbook, start, str(self._defined.attr_text))
        if found is None:
            raise ComError(f"The name {self._defined.name!r} is no range.")
        return Range(self._book.sheet_impl(found[0]), found[1])

    def delete(self) -> None:
        del self._home()[self._defined.name]


@com_object
class Names(base_classes.Names):
    """The names of one sheet, or of the book with those of its sheets."""

    def __init__(self, book: Book, owner: Worksheet | None = None) -> None:
        self._book = book
        self._owner = owner

    @property
    def api(self) -> None:
        return None

    def every(self) -> list[Name]:
        """The names that this collection shows."""
        return self._all()

    def _all(self) -> list[Name]:
        workbook = self._book.workbook
        owners = [self._owner] if self._owner is not None else [None, *workbook.worksheets]
        return [
            Name(self._book, owner, defined)
            for owner in owners
            for defined in (owner.defined_names if owner is not None else workbook.defined_names).values()
        ]

    def _find(self, key: int | str) -> Name | None:
        names = self._all()
        if isinstance(key, int):
            return names[key - 1] if 1 <= key <= len(names) else None
        wanted = key.casefold()
        return next(
            (name for name in names if wanted in (name._full().casefold(), name._defined.name.casefold())), None
        )

    def __call__(self, key: int | str) -> Name:
        found = self._find(key)
        if found is None:
            raise ComError(f"There is no name {key!r}.")
        return found

    def contains(self, key: int | str) -> bool:
        return self._find(key) is not None

    def __len__(self) -> int:
        return len(self._all())

    def add(self, name: str, refers_to: str) -> Name:
        """Define a name; a definition without equals sign is a text, as in Excel; an existing name is replaced."""
        owner, workbook = self._owner, self._book.workbook
        if match := OWNED.fullmatch(name):
            owner, name = find_sheet(workbook, (match[1] or match[2]).replace("''", "'")), match[3]
            if owner is None:
                raise ComError(f"There is no sheet for the name {name!r}.")
        check_name(self._book, name)
        home = owner.defined_names if owner is not None else workbook.defined_names
        for existing in [other for other in home if other.casefold() == name.casefold()]:
            del home[existing]
        home[name] = DefinedName(name, attr_text=definition(refers_to))
        return Name(self._book, owner, home[name])


def definition(refers_to: str) -> str:
    if refers_to.startswith("="):
        return refers_to.removeprefix("=")
    return '"{}"'.format(refers_to.replace('"', '""'))


def check_name(book: Book, name: str) -> None:
    if not NAME.fullmatch(name) or is_like_a_cell(name):
        raise ComError(f"The syntax of the name {name!r} isn't correct.")
    if find_table(book.workbook, name) is not None:
        raise ComError(f"The name {name!r} is that of a table.")
