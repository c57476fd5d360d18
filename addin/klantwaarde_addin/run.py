"""One door for every command, whatever the host: by name from the fixed list, and always an answer in words."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import xlwings as xw

from klantwaarde.messages import Fault, InputError, KlantwaardeError, label
from klantwaarde_addin.commands import COMMAND
from klantwaarde_addin.live.host import is_remote
from klantwaarde_addin.reply import Reply

FIRST_FAULTS = 3  # that a message shows; the command Check inputs lists all
_LOG = logging.getLogger("klantwaarde")


@dataclass(frozen=True, slots=True)
class Context:
    """What a command may know besides the book.

    Attributes:
        language: Of messages; results follow the workbook's own setting.
        scratch: A folder for files that Excel opens as new books.
        opens_files: Whether the host can open a file; a browser cannot.
        problem_at: The sentence behind an error value of a KW function at a cell address, when the host kept it.
    """

    language: str
    scratch: Path
    opens_files: bool = True
    problem_at: Callable[[str], str] = lambda _address: ""


def run_command(command_id: str, book: xw.Book | None, context: Context) -> Reply:
    """Run one command of the list.

    Args:
        command_id: One of :data:`klantwaarde_addin.commands.COMMANDS`; nothing else is ever run.
        book: The book to work on; None when none is open.
        context: The language and the place for files.

    Returns:
        What to show. Faults in the input, a book that cannot be written and our own bugs are answers too: this
        function raises nothing.
    """
    language = context.language
    command = COMMAND.get(command_id)
    if command is None:
        return Reply(label("command_unknown", language), "problem")
    if command.needs_book and book is None:
        return Reply(label("command_no_book", language), "problem")
    try:
        run: Callable[[Any, Context], Reply] = getattr(
            import_module(f"klantwaarde_addin.commands.{command.group}"), command.id
        )
        return run(book, context)
    except KlantwaardeError as error:
        return Reply(_faults_text(error, language), "problem")
    except Exception as error:  # noqa: BLE001 - the last line of defence: a sentence for the user, the place in the log
        number = uuid4().hex[:8]
        _LOG.error("%s %s", number, _place_of(error))
        return Reply(label("command_bug", language, command=command.label(language), number=number), "problem")


def context_of(book: xw.Book | None, language: str, scratch: Path) -> Context:
    """The context for a book, by what its host can do."""
    return Context(language, scratch, opens_files=book is None or not is_remote(book))


def _faults_text(error: KlantwaardeError, language: str) -> str:
    """The first faults, how many there are, and that nothing changed."""
    faults: list[Fault] = [fault.speaking(language) for fault in error.faults]
    lines = [str(fault) for fault in faults[:FIRST_FAULTS]]
    if len(faults) > FIRST_FAULTS:
        more = "command_more_faults" if isinstance(error, InputError) else "command_more"
        lines.append(label(more, language, n=len(faults) - FIRST_FAULTS))
    return "\n\n".join([*lines, label("command_nothing_changed", language)])


def _place_of(error: BaseException) -> str:
    """Where an unexpected error came from: type, file and line, without any value of the user's."""
    places, trace = [], error.__traceback__
    while trace is not None:
        places.append(f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"{type(error).__name__} at {' < '.join(reversed(places[-6:]))}"
