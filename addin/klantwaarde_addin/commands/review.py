"""Review: does it tie, where does a number come from, what changed, and back to the run before."""

import xlwings as xw

from klantwaarde.api import tables_of
from klantwaarde.costs.trace import trace_account, trace_customer, traceable
from klantwaarde.messages import label
from klantwaarde.model import Outcome, analyse
from klantwaarde.report.formulas import excel_name
from klantwaarde.report.layout import SHEETS, headers_of
from klantwaarde.report.review import RUN_CHANGES, run_changes_sheet, trace_sheet
from klantwaarde.report.words import amount, word
from klantwaarde.tables.catalogue import TABLE
from klantwaarde.tables.register import NO_CUSTOMER, UNKNOWN
from klantwaarde_addin.live.book import LiveWorkbook
from klantwaarde_addin.live.runs import report_of
from klantwaarde_addin.live.state import quiet, say, show
from klantwaarde_addin.reply import Reply
from klantwaarde_addin.run import Context

_PARTS = ("ledger", "customers", "unused", "channel", "corporate", "outside", "difference")


def reconcile(book: xw.Book, context: Context) -> Reply:
    """Compute the tie-out anew, say it, and go to the sheet with the checks when there is one."""
    live, language = LiveWorkbook(book), context.language
    with quiet(book):
        say(book, label("step_analyse", language))
        outcome = analyse(tables_of(live))
    checks = _sheet_name("checks", outcome)
    if checks in live.owned_sheets():
        show(book, checks)
    text = _tie_out(outcome, language)
    if _is_stale(live, outcome):
        text = f"{text}\n\n{label('reconcile_stale', language)}"
    return Reply(text, "show")


def _tie_out(outcome: Outcome, language: str) -> str:
    status = outcome.checks["status"]
    checks = label(
        "reconcile_checks", language, failed=int((status == "failed").sum()), warnings=int((status == "warning").sum())
    )
    frame = outcome.results.get("ledger_reconciliation")
    if frame is None:
        return label("reconcile_no_ledger", language, sheet=TABLE["ledger"].sheet_name(language), checks=checks)
    total = frame.iloc[-1]
    parts = {name: amount(float(total[name]), language, 2) for name in _PARTS}
    key = "reconcile_ties" if abs(float(total["difference"])) < 0.005 else "reconcile_differs"
    return label(key, language, checks=checks, **parts)


def _is_stale(live: LiveWorkbook, outcome: Outcome) -> bool:
    """Whether the results in the book are of another input: every sheet's status line names the hash."""
    report = report_of(live.runs().present)
    return report is not None and outcome.input_hash[:12] not in report[0].footer


def trace_number(book: xw.Book, context: Context) -> Reply:
    """Where the selected amount comes from; on an error value of a KW function the sentence behind it."""
    live, language = LiveWorkbook(book), context.language
    selected = book.app.selection
    if selected is None:
        return _where(live, language)
    if problem := context.problem_at(selected.get_address(external=True)):
        return Reply(problem, "show")
    sheet, row, column = str(selected.sheet.name), int(selected.row), int(selected.column)
    with quiet(book):
        outcome = analyse(tables_of(live))
        found = _customer_cell(live, outcome, sheet, row, column)
        account = None if found else _ledger_account(outcome, sheet, row)
        if found is None and account is None:
            return _where(live, language)
        if found and found[1] not in traceable(outcome):
            headers = _headers(outcome)
            figures = ", ".join(headers[name] for name in traceable(outcome))
            return Reply(label("trace_not_figure", language, figure=headers[found[1]], figures=figures), "problem")
        if found:
            frame = trace_customer(outcome, *found)
            subject = label("trace_subject", language, customer=found[0], figure=_headers(outcome)[found[1]])
        else:
            frame = trace_account(outcome, str(account))
            subject = label("trace_subject_account", language, account=account)
        shown = trace_sheet(outcome, frame, subject, outcome.model.settings.language)
        live.put(shown)
        show(book, shown.name)
    return Reply(label("trace_done", language, subject=subject, sheet=shown.name))


def _where(live: LiveWorkbook, language: str) -> Reply:
    names = {spec.id: spec.name(language) for spec in SHEETS}
    sheet = next(
        (
            spec.name(each)
            for spec in SHEETS
            for each in ("nl", "en")
            if spec.id == "customer_pl" and spec.name(each) in live.owned_sheets()
        ),
        names["customer_pl"],
    )
    return Reply(label("trace_where", language, sheet=sheet), "problem")


def _headers(outcome: Outcome) -> dict[str, str]:
    return headers_of("customer_pl", outcome.results["customer_pl"], outcome, outcome.model.settings.language)


def _customer_cell(live: LiveWorkbook, outcome: Outcome, sheet: str, row: int, column: int) -> tuple[str, str] | None:
    """The customer and the column of the P&L that a cell shows; a key cell stands for the result."""
    place = live.read(sheet).tables.get(excel_name("customer_pl")) if sheet in live.owned_sheets() else None
    if place is None or not (place[0] < row <= place[2] and place[1] <= column <= place[3]):
        return None
    raw, headers = live.read(sheet), _headers(outcome)
    language = outcome.model.settings.language
    key = raw.columns[place[1] - raw.first_column]
    customer = str(key.texts[row - raw.first_row]) if key.texts is not None else ""
    customer = {word("unknown", language): UNKNOWN, word("none", language): NO_CUSTOMER}.get(customer, customer)
    header = raw.columns[column - raw.first_column].texts
    shown = "" if header is None else str(header[place[0] - raw.first_row])
    figure = next((name for name, text in headers.items() if text == shown), "")
    known = customer in set(outcome.model.register.ids) and figure
    return (customer, "customer_result" if figure in ("customer_id", "name") else figure) if known else None


def _ledger_account(outcome: Outcome, sheet: str, row: int) -> str | None:
    """The account on a row of the ledger sheet."""
    origin, ledger = outcome.model.tables.origins.get("ledger"), outcome.model.tables.get("ledger")
    if origin is None or ledger is None or origin.sheet != sheet or row not in ledger.index:
        return None
    return str(ledger.loc[row, "account"])


def compare_runs(book: xw.Book, context: Context) -> Reply:
    """This run and the one before, side by side on a sheet of its own."""
    live, language = LiveWorkbook(book), context.language
    runs = live.runs()
    now, before = report_of(runs.present), report_of(runs.previous)
    if now is None or before is None:
        return Reply(label("compare_none", language), "problem")
    with quiet(book):
        sheet = run_changes_sheet(before, now, now[0].language)
        live.put(sheet)
        show(book, sheet.name)
    return Reply(label("compare_done", language, sheet=RUN_CHANGES.name(now[0].language)))


def restore_previous(book: xw.Book, context: Context) -> Reply:
    """The run before back on the result sheets."""
    live = LiveWorkbook(book)
    with quiet(book):
        say(book, label("step_write", context.language))
        restored = live.restore()
        show(book, restored[0].name)
    return Reply(label("restore_done", context.language))


def _sheet_name(sheet: str, outcome: Outcome) -> str:
    return next(spec.name(outcome.model.settings.language) for spec in SHEETS if spec.id == sheet)
