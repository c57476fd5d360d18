"""What the Excel behind a book can and cannot do."""

from collections.abc import Callable

import xlwings as xw


def is_remote(book: xw.Book) -> bool:
    """Whether the book lives in another process that only takes a list of actions (xlwings Server, Lite)."""
    return str(book.app.engine.type) == "remote"


def optional(call: Callable[[], object]) -> None:
    """Do something that only some hosts can do, such as showing text in the status bar."""
    try:
        call()
    except (NotImplementedError, AttributeError):
        return
