"""An Excel for tests: xlwings' public API over an openpyxl workbook in memory, as strict as Excel for Windows over COM.

``open_book`` and ``new_book`` give an ``xlwings.Book``; ``engine`` counts its calls, fails one on request and can follow
the rules of the remote engine. Nothing here needs a licence key.
"""

import tempfile
from pathlib import Path

import xlwings as xw

from addin.engine.application import Alert, Engine
from addin.engine.books import take_results
from addin.engine.com import ComError, wire
from addin.engine.snapshot import Snapshot

__all__ = ["Alert", "ComError", "Engine", "engine", "new_book", "open_book", "recalculate", "save"]

engine = Engine()
registered = xw.Engine(impl=engine)
xw.engines.add(registered)
registered.activate()


def open_book(path: str | Path) -> xw.Book:
    """Open a workbook file; the file itself changes only when the book is saved."""
    with wire.uncounted():
        return xw.Book(impl=engine.apps[1].books.open(str(path)))


def new_book() -> xw.Book:
    """An empty, unsaved workbook."""
    with wire.uncounted():
        return xw.Book(impl=engine.apps[1].books.add())


def save(book: xw.Book, path: str | Path) -> Path:
    """Write the book as it is now to a file, without the book becoming that file."""
    with wire.uncounted():
        book.impl.write(Path(path))
    return Path(path)


def recalculate(book: xw.Book) -> None:
    """Let LibreOffice compute every formula; the book then reads the results, as Excel shows them at once."""
    from libreoffice import convert  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        saved = save(book, Path(folder) / "book.xlsx")
        take_results(book.impl, convert(saved, "xlsx", Path(folder) / "computed"))
    if engine.remote_like:
        book.impl.snapshot = Snapshot(book.impl)
