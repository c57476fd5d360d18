"""The commands as scripts of xlwings Server and xlwings Lite: the workbook comes in, its changes and the reply go back."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir
from typing import Any, Final

import xlwings as xw

from klantwaarde.tables.catalogue import TABLE
from klantwaarde_addin.commands import COMMANDS, Command
from klantwaarde_addin.reply import Reply
from klantwaarde_addin.run import context_of, run_command

DESKTOP_ONLY: Final = frozenset({"pdf_pack", "values_only_copy", "help_page", "doctor"})
"""Commands that save a file, open another workbook or look at this computer."""

REMOTE_COMMANDS: Final = tuple(command for command in COMMANDS if command.id not in DESKTOP_ONLY)
_SETTINGS_SHEETS: Final = [TABLE["settings"].sheet_name(language) for language in ("nl", "en")]
ONLY_SHEETS: Final = {
    "settings": _SETTINGS_SHEETS
}  # all that Excel sends to these scripts; the others read the whole model


def run(book: xw.Book, command_id: str, language: str = "nl") -> Reply:
    """Run one command on the book that Excel sent."""
    return run_command(command_id, book, context_of(book, language, Path(gettempdir())))


def show(book: xw.Book, reply: Reply, *, quiet: bool = False) -> None:
    """Send the reply back to Excel.

    Args:
        book: The book that goes back.
        reply: What the command answered.
        quiet: True where a reply is a message box: a command that simply did its work then says nothing.

    Raises:
        xw.XlwingsError: the command could not do its work. Excel shows the sentence and gets none of the changes that were
            noted before the problem came up, so that the workbook stays exactly as it was.
    """
    if reply.kind == "problem":
        raise xw.XlwingsError(reply.text)
    if reply.text and not (quiet and reply.kind == "done"):
        book.app.alert(reply.text, title="Klantwaarde", mode="info" if reply.kind == "show" else None)


def script_of(command: Command) -> Callable[..., Any]:
    """A script for xlwings Server: the work is done beside the event loop, so that other users are served meanwhile."""

    async def script(book: xw.Book, language: str = "nl") -> None:
        show(book, await asyncio.to_thread(run, book, command.id, "en" if language == "en" else "nl"))

    script.__name__ = script.__qualname__ = command.id
    script.__doc__ = command.tip_en
    return xw.script(name=command.en, include=ONLY_SHEETS.get(command.id))(script)


SCRIPTS: Final = {command.id: script_of(command) for command in REMOTE_COMMANDS}
