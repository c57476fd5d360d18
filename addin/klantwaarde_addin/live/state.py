"""Excel while a command runs: quiet, saying what it does, and afterwards as it was, whatever happens."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

import xlwings as xw

from klantwaarde_addin.live.host import is_remote, optional

_QUIET: Final[dict[str, object]] = {
    "calculation": "manual", "screen_updating": False, "display_alerts": False, "enable_events": False,
}  # fmt: skip


@contextmanager
def quiet(book: xw.Book) -> Iterator[None]:
    """Stop calculating, drawing and events; give all of it back at the end, and the status bar to Excel.

    A remote host holds up drawing by itself and calculates when the actions are done: there is nothing to give back.
    """
    with ExitStack() as give_back:
        give_back.callback(say, book, "")
        for name, value in () if is_remote(book) else _QUIET.items():
            before = getattr(book.app, name)
            give_back.callback(setattr, book.app, name, before)
            setattr(book.app, name, value)
        yield


def say(book: xw.Book, text: str) -> None:
    """Text in the status bar, where the host has one; an empty text gives the bar back to Excel."""
    optional(lambda: setattr(book.app, "status_bar", text or False))
