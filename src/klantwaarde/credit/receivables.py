"""The receivables of a model: items, billing, customers and days, worked out once."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from klantwaarde import money
from klantwaarde.costs.cells import totals_by
from klantwaarde.costs.scope import codes_of
from klantwaarde.credit.items import Cents, Floats, Items, Mask, items_from
from klantwaarde.periods import YEAR, Days, Period, months_earlier
from klantwaarde.tables.register import Codes, Register
from klantwaarde.tables.settings import Settings

if TYPE_CHECKING:
    from klantwaarde.model import Model

TREND = 13  # months that a trend shows
COUNTED_BACK = 24  # months of billing that a balance is counted back over
COVERED = 0.9  # items stand for all billing when they hold at least so much of the revenue of a year


@dataclass(frozen=True, slots=True, eq=False)
class Billing:
    """What was invoiced, incl. VAT: by customer and by month back from the reference date (0 = the last month).

    Attributes:
        customer, lag, cents: One place per invoice or invoice line.
        first: The first day of all.
        from_items: Taken from open and paid items; else from invoice lines and the VAT rate.
    """

    customer: Codes
    lag: Codes
    cents: Cents
    first: np.datetime64
    from_items: bool

    def by_month(self, group: Codes, n: int, months: int) -> Cents:
        """Cents per group (row) and month back (column); customers of group -1 stay out."""
        of = group[self.customer]
        here = (of >= 0) & (self.lag < months)
        return totals_by(of[here] * months + self.lag[here], self.cents[here], n * months).reshape(n, months)


@dataclass(frozen=True, slots=True, eq=False)
class Receivables:
    """Everything the credit results draw from; arrays per customer have one place per code of the register.

    Attributes:
        register, settings: Of the model.
        items: Open and paid items.
        at: The reference date.
        ends: The reference date and the same day one to so many months earlier.
        billing: What was invoiced.
        period: Of the account: what interest is calculated over.
        counted: Known customers that are not excluded.
        active: Of those, who bought within the active months up to the reference date.
        limit: Credit limit in cents; NaN where not known.
        outside_score: Score by a credit bureau, 0 up to 100; NaN where not known.
    """

    register: Register
    settings: Settings
    items: Items
    at: date
    ends: Days
    billing: Billing
    period: Period
    counted: Mask
    active: Mask
    limit: Floats
    outside_score: Floats

    @property
    def n(self) -> int:
        """Customers, the two collecting rows included."""
        return self.register.n

    @property
    def left(self) -> Cents:
        """Open cents of every item at the reference date."""
        return self.items.open_at(self.ends[0])

    @property
    def exposure(self) -> Cents:
        """Open invoices per customer at the reference date, credits apart."""
        return totals_by(self.items.customer, np.maximum(self.left, 0), self.n)


def receivables_of(model: "Model") -> Receivables:
    """The receivables of a model that has the table."""
    if "credit" not in model.shared:
        model.shared["credit"] = _build(model)
    found: Receivables = model.shared["credit"]
    return found


def _build(model: "Model") -> Receivables:
    settings, register, table = model.settings, model.register, model.tables["receivables"]
    at = _reference_date(model)
    ends = months_earlier(np.datetime64(at), np.arange(TREND + COUNTED_BACK + 1))
    customer = codes_of(table["customer_id"], register.codes, blank=register.n - 1)
    terms = np.where(np.isnan(given := _attribute(register, "payment_terms_days")), settings.payment_terms, given)
    items = items_from(table, customer, terms[customer], at)
    score = _attribute(register, "credit_score")
    return Receivables(
        register, settings, items, at, ends, _billing(model, items, ends), _period(model), ~register.excluded,
        _active(model, at), _attribute(register, "credit_limit") * 100, np.where((score >= 0) & (score <= 100), score, np.nan),
    )  # fmt: skip


def _reference_date(model: "Model") -> date:
    """The chosen day, else the end of the period, else the last day with an invoice line."""
    settings = model.settings
    day: date = settings.reference_date or settings.period_end or _line_days(model).max().item()
    return day


def _line_days(model: "Model") -> Days:
    return model.tables["invoice_lines"]["invoice_date"].to_numpy("M8[D]")


def _period(model: "Model") -> Period:
    if model.books.period is not None:
        return model.books.period
    days = model.books.lines.frame["invoice_date"].to_numpy("M8[D]")
    return Period(days.min().item(), days.max().item())


def _active(model: "Model", at: date) -> Mask:
    days, bought = _line_days(model), model.tables["invoice_lines"]["net_amount"].to_numpy(float) > 0
    after = np.datetime64(months_earlier(at, model.settings.active_months))
    here = bought & (days > after) & (days <= np.datetime64(at))
    found = np.bincount(model.books.scope.customers["invoice_lines"][here], minlength=model.register.n) > 0
    return np.asarray(found & ~model.register.excluded)


def _attribute(register: Register, name: str) -> Floats:
    """A number from the debtor master per code; NaN where not known."""
    values = np.full(register.n, np.nan)
    if name in register.master:
        values[: register.n_customers] = register.master[name].to_numpy(float)
    return values


def _billing(model: "Model", items: Items, ends: Days) -> Billing:
    """The items themselves when they hold the revenue of a year, paid ones too; else the invoice lines raised by VAT."""
    lines, days = model.tables["invoice_lines"], _line_days(model)
    codes = model.books.scope.customers["invoice_lines"]
    gross = money.cents(lines["net_amount"].to_numpy(float) * (1 + model.settings.vat_rate))
    by_line = _billed(codes, days, gross, ends, from_items=False)
    by_item = _billed(items.customer, items.start, items.amount, ends, from_items=True)
    sold, invoiced = (int(each.cents[each.lag < YEAR].sum()) for each in (by_line, by_item))
    net = sold / (1 + model.settings.vat_rate)
    return by_item if invoiced >= COVERED * net else by_line


def _billed(customer: Codes, day: Days, cents: Cents, ends: Days, *, from_items: bool) -> Billing:
    here = day <= ends[0]
    ascending = ends[::-1]
    lag = len(ends) - 1 - np.searchsorted(ascending, day[here], side="left")
    first = day[here].min() if here.any() else ends[0]
    return Billing(customer[here], lag, cents[here], first, from_items)
