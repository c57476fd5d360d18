"""Excel while a command runs: quiet, saying what it does, and afterwards as it was, whatever happens."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
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
        give_back.callback(attempt, partial(say, book, ""))
        for name, value in () if is_remote(book) else _QUIET.items():
            before = getattr(book.app, name)
            give_back.callback(attempt, partial(setattr, book.app, name, before))
            setattr(book.app, name, value)
        yield


def attempt(call: Callable[[], object]) -> None:
    """Do what is no part of the work itself: when Excel refuses it, what was done still stands."""
    with suppress(Exception):
        call()


def show(book: xw.Book, sheet: str) -> None:
    """Go to a sheet."""
    attempt(lambda: book.sheets[sheet].activate())  # noqa: PLW0108 - looking the sheet up may be refused too


def say(book: xw.Book, text: str) -> None:
    """Text in the status bar, where the host has one; an empty text gives the bar back to Excel."""
    optional(lambda: setattr(book.app, "status_bar", text or False))
