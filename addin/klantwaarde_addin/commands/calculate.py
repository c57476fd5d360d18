"""Calculate: everything, or one analysis. All result sheets in a book are always of one and the same run."""

from collections.abc import Iterable

import xlwings as xw

from klantwaarde.api import refresh_workbook
from klantwaarde.messages import LANGUAGES, label
from klantwaarde.model import Outcome
from klantwaarde.report import base_sheets, credit_sheets, lifetime_sheets
from klantwaarde.report.findings import findings
from klantwaarde.report.layout import SHEETS
from klantwaarde_addin.live.book import LiveWorkbook
from klantwaarde_addin.live.state import attempt, quiet, say, show
from klantwaarde_addin.reply import Reply
from klantwaarde_addin.run import Context

COSTS = ("pools", "handlings", "elements")
CUSTOMER_PL = ("customer_pl", "groups", "curve", "price", "comparison", "tie_out")
BASE = tuple(spec.id for spec in base_sheets.SHEETS)
CREDIT = tuple(spec.id for spec in credit_sheets.SHEETS)
LIFETIME = tuple(spec.id for spec in lifetime_sheets.SHEETS)


def run_all(book: xw.Book, context: Context) -> Reply:
    """Read, compute and replace every result sheet."""
    return _run(book, context, [spec.id for spec in SHEETS])


def allocate_costs(book: xw.Book, context: Context) -> Reply:
    """What every handling costs, and which capacity stayed unused."""
    return _run(book, context, COSTS)


def build_customer_pl(book: xw.Book, context: Context) -> Reply:
    """The profit and loss account per customer, with its tie-out."""
    return _run(book, context, CUSTOMER_PL)


def analyse_base(book: xw.Book, context: Context) -> Reply:
    """Who is in the customer base, who came, left and came back, and where attention goes."""
    return _run(book, context, BASE)


def analyse_credit(book: xw.Book, context: Context) -> Reply:
    """Who pays late, what is at risk, and what credit costs."""
    return _run(book, context, CREDIT)


def lifetime_value(book: xw.Book, context: Context) -> Reply:
    """What each customer is worth now and could be worth."""
    return _run(book, context, LIFETIME)


def _run(book: xw.Book, context: Context, wanted: Iterable[str]) -> Reply:
    """Compute, and write the sheets asked for, those that are there already, the checks and the log."""
    live, chosen = LiveWorkbook(book), list(wanted)
    present = {spec.id for spec in SHEETS for language in LANGUAGES if spec.name(language) in live.owned_sheets()}
    everything = "dashboard" in present  # its figures point at every other sheet
    with quiet(book):
        outcome = refresh_workbook(
            live,
            sheets=None if everything else {*chosen, *present, "checks", "log"},
            progress=lambda step: say(book, label(f"step_{step}", context.language)),
        )
        attempt(lambda: _show_first(book, chosen, outcome))
    return Reply(_told(outcome, context), "done" if outcome.ok else "show")


def _show_first(book: xw.Book, chosen: Iterable[str], outcome: Outcome) -> None:
    """Go to the first of the sheets asked for that the input allows."""
    names = {spec.id: spec.name(outcome.model.settings.language) for spec in SHEETS}
    present = book.sheet_names
    show(book, next((names[each] for each in chosen if names[each] in present), names["checks"]))


def _told(outcome: Outcome, context: Context) -> str:
    found = " ".join(findings(outcome, context.language)[:2])
    failed = int((outcome.checks["status"] == "failed").sum())
    return label("done_failed" if failed else "done_run", context.language, n=failed, findings=found)
