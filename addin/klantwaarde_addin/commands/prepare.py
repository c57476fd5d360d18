"""Prepare: a new workbook, the example, and a check of the input."""

from collections.abc import Callable, Sequence
from pathlib import Path

import xlwings as xw

from klantwaarde.api import tables_of
from klantwaarde.messages import Fault, InputError, label
from klantwaarde.model import analyse
from klantwaarde.report.review import INPUT_CHECK, input_check_sheet
from klantwaarde.workbook.canvas import Canvas
from klantwaarde_addin.live.book import LiveWorkbook
from klantwaarde_addin.live.sheets import draw_sheets, is_empty
from klantwaarde_addin.live.state import quiet, say, show
from klantwaarde_addin.reply import Reply
from klantwaarde_addin.run import Context


def new_workbook(book: xw.Book | None, context: Context) -> Reply:
    """An empty workbook to fill: opened as a new book, or drawn into the empty book at hand where no file can be opened."""
    from klantwaarde.workbook.template import build_template, draw_template

    done = label("done_new", context.language, sheet=label("template_start", context.language))
    if context.opens_files:
        return _opened(lambda: build_template(context.language), "klantwaarde.xlsx", done, context)
    return _drawn(book, draw_template(context.language), context)


def load_example(book: xw.Book | None, context: Context) -> Reply:
    """The filled workbook of the example company."""
    from klantwaarde.example import build_example
    from klantwaarde.workbook.template import build_template, draw_template

    language = context.language
    frames = build_example(language=language)
    name, done = label("cli_demo_name", language), label("done_example", language)
    if context.opens_files:
        return _opened(lambda: build_template(language, frames=frames), name, done, context)
    return _drawn(book, draw_template(language, frames=frames), context)


def _opened(content: Callable[[], bytes], name: str, done: str, context: Context) -> Reply:
    """Put a file where the host can open it as a new, unsaved book."""
    context.scratch.mkdir(parents=True, exist_ok=True)
    path = Path(context.scratch) / name
    path.write_bytes(content())
    return Reply(done, open_template=path)


def _drawn(book: xw.Book | None, drawing: Sequence[Canvas], context: Context) -> Reply:
    if book is None or not is_empty(book):
        return Reply(label("new_needs_empty", context.language), "problem")
    draw_sheets(book, drawing)
    return Reply(label("done_drawn", context.language, sheet=label("template_start", context.language)))


def check_inputs(book: xw.Book, context: Context) -> Reply:
    """Every fault of the input on a sheet of its own; results and input stay as they are."""
    live, language = LiveWorkbook(book), context.language
    with quiet(book):
        say(book, label("step_read", language))
        faults = _faults(live)
        sheet = input_check_sheet(faults, live.name, language)
        live.put(sheet)
        show(book, sheet.name)
    stops = sum(fault.severity == "stop" for fault in faults)
    text = label(
        "done_check_stops" if stops else "done_check",
        language,
        n=stops or len(faults),
        sheet=INPUT_CHECK.name(language),
    )
    return Reply(text, "show" if stops else "done")


def _faults(live: LiveWorkbook) -> list[Fault]:
    """What stops the calculation, or else what a reader of the results should know."""
    try:
        return list(analyse(tables_of(live)).messages)
    except InputError as error:
        return error.faults
