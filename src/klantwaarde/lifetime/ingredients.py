"""What goes into a lifetime value, from the sheets: yearly margin, retention and discount per customer.

The margin is the average customer result a year over the costed history, without one-offs: what it took to win a
customer, to start it up or to win it back is spent, and says nothing about next year. A customer counts from the period
of its first purchase, for whole periods: whoever came in halfway has a cautious margin rather than a stretched one.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import inf
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.books import Books
from klantwaarde.check import Results
from klantwaarde.lifetime.clv import Terms
from klantwaarde.lifetime.purchases import Mask, Purchases
from klantwaarde.lifetime.retention import Retention, retention_rates
from klantwaarde.lifetime.transactions import PurchaseDays
from klantwaarde.periods import YEAR, Days, months_earlier
from klantwaarde.tables.register import Codes, Register
from klantwaarde.tables.settings import Settings

if TYPE_CHECKING:
    from klantwaarde.model import Model

Floats = NDArray[np.float64]
Cents = NDArray[np.int64]

ONE_OFFS: Final = ("acquisition", "onboarding", "reactivation")
LOSSES: Final = "bad_debt"  # written off already; an expected loss takes its place
DAYS_A_YEAR: Final = 365.25


@dataclass(frozen=True, slots=True, eq=False)
class Amounts:
    """Yearly averages per customer, in euro: margin = gross margin - cost to serve - direct cost - credit cost."""

    revenue: Floats
    gross_margin: Floats
    cost_to_serve: Floats
    direct_cost: Floats
    credit_cost: Floats

    @property
    def result(self) -> Floats:
        """What a customer leaves a year, one-offs left out."""
        return np.asarray(self.gross_margin - self.cost_to_serve - self.direct_cost - self.credit_cost)

    def margin(self, basis: str) -> Floats:
        """The margin that lifetime value is built on, in whole cents."""
        chosen = self.result if basis == "customer_result" else self.gross_margin
        return money.round_half_up(chosen)


@dataclass(frozen=True, slots=True, eq=False)
class Ingredients:
    """Everything about real customers, by customer code.

    Attributes:
        counted: Not excluded, and bought at least once.
        first, last: Days of the first and the last purchase.
        active: Bought within the active months up to the reference date.
        active_before: The same, a year earlier.
        amounts: Yearly averages.
        segment: Code of the segment.
        segments: Their names.
        retention: Per segment.
    """

    at: date
    counted: Mask
    first: Days
    last: Days
    active: Mask
    active_before: Mask
    amounts: Amounts
    segment: Codes
    segments: tuple[str, ...]
    retention: Retention


def ingredients_of(model: "Model", results: Results) -> Ingredients:
    """Gather them from a model."""
    register, settings = model.register, model.settings
    purchases = purchases_of(model)
    at = reference_date(model)
    n = register.n_customers
    first = purchases.first()[:n]
    counted = ~register.excluded[:n] & ~np.isnat(first)
    segment, names = segments_of(register)
    rates = retention_rates(
        purchases, np.append(segment, [0, 0]), np.append(counted, [False, False]), at=at,
        active_months=settings.active_months, minimum=settings.retention_minimum,
    )  # fmt: skip
    amounts = yearly_amounts(history_of(model), first, credit_costs(model, results), losses_known(model, results))
    active, before = (purchases.active(day, settings.active_months)[:n] for day in (at, months_earlier(at, YEAR)))
    return Ingredients(at, counted, first, purchases.last(at)[:n], active, before, amounts, segment, names, rates)


def purchases_of(model: "Model") -> Purchases:
    """Every line above zero of all years; a credit note is no purchase."""
    lines = model.tables["invoice_lines"]
    bought = lines["net_amount"].to_numpy(float) > 0
    days = lines["invoice_date"].to_numpy("M8[D]")[bought]
    return Purchases(model.books.scope.customers["invoice_lines"][bought], days, model.register.n)


def reference_date(model: "Model") -> date:
    """The chosen day, else the end of the period, else the last invoice."""
    settings = model.settings
    return settings.reference_date or settings.period_end or period_of(model.books)[1]


def segments_of(register: Register) -> tuple[Codes, tuple[str, ...]]:
    """Segment code per customer and the names; customers without one share the empty name."""
    if "segment" not in register.master:
        return np.zeros(register.n_customers, dtype=np.intp), ("",)
    codes, names = pd.factorize(register.master["segment"].fillna("").to_numpy(object), sort=True)
    return codes, tuple(map(str, names))


def history_of(model: "Model") -> list[Books]:
    """The periods whose results compare: this one, and the one before when it is costed as this one is."""
    if model.before is None or (model.books.allocation is not None and model.before.allocation is None):
        return [model.books]
    return [model.before, model.books]


def yearly_amounts(history: Sequence[Books], first: Days, credit: Floats, replaced: Mask) -> Amounts:
    """Averages a year over the history, from the period of the first purchase on.

    Args:
        history: Comparable periods, the oldest first.
        first: Day of the first purchase per customer.
        credit: Yearly cost of credit per customer.
        replaced: For whom that holds an expected loss: losses booked already are then left out.
    """
    n = len(first)
    years = years_known(history, first)

    def average(name: str) -> Floats:
        total = sum(getattr(books.statement, name)[:n] for books in history)
        return money.round_half_up(money.euros(total) / years)

    direct = np.zeros(n, dtype=np.int64)
    for books in history:
        direct += np.where(replaced, _recurring(books, (*ONE_OFFS, LOSSES))[:n], _recurring(books, ONE_OFFS)[:n])
    return Amounts(
        revenue=average("net_revenue"), gross_margin=average("gross_margin"), cost_to_serve=average("cost_to_serve"),
        direct_cost=money.round_half_up(money.euros(direct) / years), credit_cost=credit,
    )  # fmt: skip


def years_known(history: Sequence[Books], first: Days) -> Floats:
    """Length of the history per customer, from the period of the first purchase on."""
    years = np.zeros(len(first))
    for books in history:
        end = np.datetime64(period_of(books)[1])
        years += np.where(np.isnat(first) | (first <= end), years_in(books), 0.0)
    return np.where(years > 0, years, years_in(history[-1]))


def purchases_a_year(days: PurchaseDays, history: Sequence[Books], n: int) -> Floats:
    """Purchase days a year within the history, per customer code; zero without any."""
    found, first = np.zeros(n), np.full(n, np.datetime64("NaT", "D"))
    code, day = days.customers[days.customer].astype(np.intp), days.day.astype("M8[D]")
    bought = code < n
    code, day = code[bought], day[bought]
    start = np.flatnonzero(np.diff(code, prepend=-1))
    first[code[start]] = day[start]
    for books in history:
        begin, end = map(np.datetime64, period_of(books))
        found += np.bincount(code[(day >= begin) & (day <= end)], minlength=n)
    return np.asarray(found / years_known(history, first))


def years_in(books: Books) -> float:
    """Length of a costed period: whole months as twelfths, else days."""
    start, end = period_of(books)
    if start.day == 1 and end.day == monthrange(end.year, end.month)[1]:
        return ((end.year - start.year) * 12 + end.month - start.month + 1) / 12
    return ((end - start).days + 1) / DAYS_A_YEAR


def period_of(books: Books) -> tuple[date, date]:
    """The period, or the first and last day with lines when there is none."""
    if books.period is not None:
        return books.period.start, books.period.end
    days = books.lines.frame["invoice_date"].to_numpy("M8[D]")
    return days.min().item(), days.max().item()


def _recurring(books: Books, left_out: Sequence[str]) -> Cents:
    """Direct cost that comes back every year."""
    statement = books.statement
    return statement.direct_cost - sum(
        (cents for kind, cents in statement.direct.items() if kind in left_out), np.zeros_like(statement.list_revenue)
    )


def credit_costs(model: "Model", results: Results) -> Floats:
    """Yearly cost of credit per customer, when those results are there.

    Interest over the receivables of the period, as a year, and the expected loss on what is open now: the same balance is
    taken to be at risk every year.
    """
    register, charge = model.register, np.zeros(model.register.n)
    years = years_in(model.books)
    for result, column, per in (("payment_cost", "financing_cost", years), ("expected_loss", "expected_loss", 1.0)):
        frame = results.get(result)
        if frame is not None:
            np.add.at(charge, register.codes(frame["customer_id"]), np.nan_to_num(frame[column].to_numpy(float)) / per)
    return money.round_half_up(charge[: register.n_customers])


def losses_known(model: "Model", results: Results) -> Mask:
    """For whom the expected loss is known, nothing open being no loss; nobody when it is known of no open invoice."""
    register, frame = model.register, results.get("expected_loss")
    if frame is None or frame["expected_loss"].isna().all():
        return np.zeros(register.n_customers, dtype=np.bool_)
    known = np.ones(register.n, dtype=np.bool_)
    known[register.codes(frame.loc[frame["expected_loss"].isna(), "customer_id"])] = False
    return known[: register.n_customers]


def terms_of(settings: Settings, margin: Floats, retention: Floats, *, by_model: bool = False) -> Terms:
    """Terms under the conventions of the settings; a probability model knows no certain first margin."""
    return Terms(
        margin, retention, settings.discount_rate, periods=float(settings.clv_horizon or inf),
        first_margin=settings.clv_first_margin == "included" and not by_model, timing=settings.clv_timing, growth=settings.clv_growth,
    )  # fmt: skip


def retention_used(settings: Settings, retention: Retention) -> Floats:
    """Per segment: what the settings say, else own history."""
    if settings.retention is not None:
        return np.full(len(retention.used), settings.retention)
    return retention.used
