"""Everything customers bought, in months counted back from the reference date.

Month 0 is the month up to and including the reference date, month 1 the month before it, and so on: a year back is always
exactly twelve months, whatever the reference date is. A purchase is an invoice line above zero; a credit note is none.
Every customer number counts by itself: what a branch buys says nothing about its parent.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from klantwaarde.costs.cells import totals_by
from klantwaarde.periods import YEAR, Days, months_earlier
from klantwaarde.profit.lines import Lines, lines_of
from klantwaarde.tables.register import Codes

if TYPE_CHECKING:
    from klantwaarde.model import Model

Cents = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Day: TypeAlias = "np.datetime64[date]"  # a text: numpy before 2.2 does not know the brackets when the program runs
_NO_DAY = np.datetime64("NaT", "D")


@dataclass(frozen=True, slots=True, eq=False)
class Sales:
    """Invoice lines of customers that count, in any order: customer code, day, and amounts in cents."""

    customer: Codes
    day: Days
    net: Cents
    cost: Cents
    listed: Cents


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Sales per customer and month, sorted by customer and then from the oldest month to the latest.

    Attributes:
        at: The reference date; later lines are left out.
        n: How many customers there are.
        months: How many months the lines reach back, the oldest one perhaps not whole.
        customer, lag: Customer code and month back of every cell.
        net, cost, listed: Cents of every cell.
        visits: Days with a purchase in every cell.
        visit_customer, visit_day: Every day on which a customer bought, once, sorted by customer and day.
    """

    at: date
    n: int
    months: int
    customer: Codes
    lag: Codes
    net: Cents
    cost: Cents
    listed: Cents
    visits: Codes
    visit_customer: Codes
    visit_day: Days

    def within(self, start: int, months: int) -> Mask:
        """The cells of so many months, the latest of which is ``start`` months back."""
        return np.asarray((self.lag >= start) & (self.lag < start + months))

    def total(self, cents: Cents, start: int, months: int = YEAR) -> Cents:
        """Cents per customer over those months."""
        cells = self.within(start, months)
        return totals_by(self.customer[cells], cents[cells], self.n)

    def active(self, at: int, months: int) -> Mask:
        """Who bought in the months up to and including the day that lies ``at`` months back."""
        found = np.zeros(self.n, dtype=bool)
        found[self.customer[self.within(at, months) & (self.visits > 0)]] = True
        return found

    def day(self, lag: int) -> Day:
        """The last day of a month back."""
        return np.datetime64(months_earlier(self.at, lag))

    def last_visit(self, until: int = 0) -> Days:
        """The last day with a purchase up to and including ``until`` months back, per customer; NaT without one."""
        seen = self.visit_day <= self.day(until)
        found = np.full(self.n, _NO_DAY)
        found[self.visit_customer[seen]] = self.visit_day[seen]  # sorted: the latest one stays
        return found

    def first_visit(self, after: int | None = None) -> Days:
        """The first day with a purchase, after the day ``after`` months back when given; NaT without one."""
        seen = slice(None) if after is None else self.visit_day > self.day(after)
        found = np.full(self.n, _NO_DAY)
        found[self.visit_customer[seen][::-1]] = self.visit_day[seen][::-1]
        return found


def history_from(sales: Sales, at: date, n: int) -> History:
    """Cells per customer and month, and the days with a purchase.

    Args:
        sales: All lines of all years.
        at: The reference date.
        n: How many customers there are.
    """
    seen = (sales.day <= np.datetime64(at)) & ~np.isnat(sales.day)
    if not seen.all():
        sales = Sales(*(getattr(sales, name)[seen] for name in Sales.__slots__))
    earliest = sales.day.min() if len(sales.day) else np.datetime64(at)
    lags = _lag_of_day(earliest, at)
    months, span = int(lags.max(initial=0)) + 1, len(lags)
    offset = (sales.day - earliest).astype(np.int64)
    keys, cell = np.unique(sales.customer * months + (months - 1 - lags[offset]), return_inverse=True)
    bought = sales.net > 0
    visits = np.unique(sales.customer[bought] * span + offset[bought])
    visitor, visited = np.divmod(visits, span)
    place = np.searchsorted(keys, visitor * months + (months - 1 - lags[visited]))
    customer, back = np.divmod(keys, months)
    net, cost, listed = (totals_by(cell, part, len(keys)) for part in (sales.net, sales.cost, sales.listed))
    return History(
        at, n, months, customer, months - 1 - back, net, cost, listed, np.bincount(place, minlength=len(keys)), visitor,
        earliest + visited.astype("m8[D]"),
    )  # fmt: skip


def _lag_of_day(earliest: np.datetime64, at: date) -> NDArray[np.int64]:
    """The month back of every day from the earliest up to the reference date."""
    days = np.arange(earliest, np.datetime64(at) + np.timedelta64(1, "D"))
    most = int((np.datetime64(at, "M") - earliest.astype("M8[M]")).astype(int)) + 1
    borders = months_earlier(np.datetime64(at), np.arange(most, -1, -1))
    return most - np.searchsorted(borders, days, side="left")


def sales_of(model: "Model") -> Sales:
    """The lines of all years of customers that are known and not excluded, with their cost as the account shows it."""
    lines: Lines = lines_of(replace(model.books.scope, period=None))[0]
    counted = ~model.register.excluded[lines.customer]
    day = lines.frame["invoice_date"].to_numpy("M8[D]")
    parts: tuple[NDArray[Any], ...] = (lines.customer, day, lines.net_cents, lines.cost_cents, lines.list_cents)
    return Sales(*(parts if counted.all() else (part[counted] for part in parts)))


def reference_date(model: "Model") -> date:
    """The chosen day, else the end of the period, else the last day with an invoice."""
    settings = model.settings
    chosen = settings.reference_date or settings.period_end
    if chosen is not None:
        return chosen
    last: date = model.tables["invoice_lines"]["invoice_date"].max().date()
    return last


def history_of(model: "Model") -> History:
    """The history of a model up to its reference date."""
    return history_from(sales_of(model), reference_date(model), model.register.n_customers)
