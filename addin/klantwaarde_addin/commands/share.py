"""Share: a PDF, a copy with values only; and the settings, the manual and the examination of the installation."""

from dataclasses import replace
from pathlib import Path

import xlwings as xw

from klantwaarde.messages import label
from klantwaarde.report.blocks import Figure, Formula, ReportSheet, TableBlock, TilesBlock
from klantwaarde.report.layout import SHEETS
from klantwaarde.tables.catalogue import TABLE
from klantwaarde_addin.live.book import LiveWorkbook
from klantwaarde_addin.live.runs import report_of
from klantwaarde_addin.live.state import show
from klantwaarde_addin.reply import Reply
from klantwaarde_addin.run import Context


def pdf_pack(book: xw.Book, context: Context) -> Reply:
    """The result sheets in their fixed order as one PDF, beside the workbook or in the user's documents."""
    live, language = LiveWorkbook(book), context.language
    order = {spec.name(each): None for each in ("nl", "en") for spec in SHEETS}
    names = [name for name in order if name in live.owned_sheets()]
    if not names:
        return Reply(label("results_missing", language), "problem")
    place = _folder(book) / label("pdf_name", language, book=Path(live.name).stem)
    try:
        book.to_pdf(place, include=list(names))
    except NotImplementedError:
        return Reply(label("pdf_no_host", language), "problem")
    return Reply(label("pdf_done", language, place=place), "show")


def _folder(book: xw.Book) -> Path:
    """The folder of a book that is a file on this computer; else the user's documents (OneDrive gives an address)."""
    try:
        folder = Path(str(book.fullname)).parent
    except (NotImplementedError, xw.XlwingsError):
        folder = Path()
    places = (folder, Path.home() / "Documents")
    return next((place for place in places if place.is_absolute() and place.is_dir()), Path.home())


def values_only_copy(book: xw.Book, context: Context) -> Reply:
    """A new book with the result sheets as values: no formulas, no input, nothing of ours hidden in it."""
    from klantwaarde.workbook.render import as_file

    language = context.language
    report = report_of(LiveWorkbook(book).runs().present)
    if report is None:
        return Reply(label("results_missing", language), "problem")
    if not context.opens_files:
        return Reply(label("copy_no_host", language), "problem")
    context.scratch.mkdir(parents=True, exist_ok=True)
    path = context.scratch / label("copy_name", language)
    path.write_bytes(as_file([_values_only(sheet) for sheet in report]))
    return Reply(label("copy_done", language), open_template=path)


def _values_only(sheet: ReportSheet) -> ReportSheet:
    blocks = [
        _without_formulas(block)
        if isinstance(block, TableBlock)
        else _plain_tiles(block)
        if isinstance(block, TilesBlock)
        else block
        for block in sheet.blocks
    ]
    return replace(sheet, blocks=tuple(blocks))


def _without_formulas(block: TableBlock) -> TableBlock:
    frame = block.frame.copy()
    for name in frame:
        if frame[name].dtype == object:
            frame[name] = [value.value if isinstance(value, Formula) else value for value in frame[name]]
    columns = tuple(replace(column, formula=None) for column in block.columns)
    return replace(block, columns=columns, frame=frame, totals={})


def _plain_tiles(block: TilesBlock) -> TilesBlock:
    return TilesBlock(tuple(_plain_figure(figure) for figure in block.figures))


def _plain_figure(figure: Figure) -> Figure:
    return replace(figure, value=figure.value.value) if isinstance(figure.value, Formula) else figure


def settings(book: xw.Book, context: Context) -> Reply:
    """Go to the sheet with the settings."""
    live = LiveWorkbook(book)
    names = [TABLE["settings"].sheet_name(each) for each in ("nl", "en")]
    found = next((name for name in names if name in live.sheet_names()), None)
    if found is None:
        return Reply(
            label("settings_missing", context.language, sheet=TABLE["settings"].sheet_name(context.language)), "problem"
        )
    show(book, found)
    return Reply()


def help_page(_book: xw.Book | None, context: Context) -> Reply:
    """The manual, which came with the program."""
    from klantwaarde_addin.pages import start_page

    if not context.opens_files:
        return Reply(label("help_no_host", context.language), "show")
    return Reply(open_page=start_page(context.language, context.scratch / "help"))


def doctor(_book: xw.Book | None, context: Context) -> Reply:
    """What is wrong with the installation on this computer, and what to do."""
    from klantwaarde_addin.doctor import report_text

    return Reply(report_text(context.language), "show")
