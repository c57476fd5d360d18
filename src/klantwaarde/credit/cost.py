"""What credit costs: interest on the money in open items, and what in the account belongs to payment behaviour.

Interest is calculated on the balance incl. VAT, because that is what must be financed, and split at the due date: within
terms it is the price of the terms, beyond terms that of paying late. It stands in no ledger, so it has a counter line.
Source: Stewart, The Quest for Value, 1991 (a capital charge on working capital).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from klantwaarde import money
from klantwaarde.costs.cells import totals_by
from klantwaarde.credit.items import Cents, Items
from klantwaarde.periods import Days, Period
from klantwaarde.tables.headers import normalise

Floats = NDArray[np.float64]

_CREDIT_HANDLING = re.compile(
    r"aanman|betalingsherinner|incasso|krediet(?!nota)|debiteurenbe|dunning|reminder|collection|debtcollect|credit(?=watch|limit|check|control|risk|manag)"
)
_PAYMENT_DISCOUNT = re.compile(r"betalingskorting|kredietbeperking|paymentdiscount|cashdiscount|promptpayment")
PAYMENT_DISCOUNT_CODE = "WKprBtk"  # RGS: payment discounts given


@dataclass(frozen=True, slots=True, eq=False)
class CreditCost:
    """Cost of credit in euro: interest on the average receivable, within and beyond the payment terms."""

    receivable: Floats
    total: Floats
    beyond_terms: Floats

    @property
    def within_terms(self) -> Floats:
        """The interest that the agreed terms cost."""
        return np.asarray(self.total - self.beyond_terms)


def credit_cost(
    revenue: ArrayLike, days: ArrayLike, rate: float, *, vat: float = 0.21, terms: ArrayLike = 0.0, day_basis: float = 365
) -> CreditCost:
    """Interest on what customers owe on average.

    Args:
        revenue: Of a year, excl. VAT.
        days: From invoice to payment, on average.
        rate: Interest a year, as a fraction.
        vat: VAT rate as a fraction; 0 for deliveries without VAT.
        terms: Payment terms in days; interest on the days after them is beyond terms.
        day_basis: Days in a year.

    Example:
        >>> cost = credit_cost(100_000, 45, 0.08, terms=30)
        >>> round(float(cost.receivable), 2), round(float(cost.total), 2), round(float(cost.beyond_terms), 2)
        (14917.81, 1193.42, 397.81)
    """
    a_day = np.asarray(revenue, dtype=float) * (1 + vat) / day_basis
    outstanding = np.asarray(days, dtype=float)
    receivable = a_day * outstanding
    late = np.maximum(outstanding - np.asarray(terms, dtype=float), 0.0)
    return CreditCost(receivable, receivable * rate, a_day * late * rate)


@dataclass(frozen=True, slots=True, eq=False)
class Financing:
    """What was financed per customer over a period, in cents: the average balance, and interest that adds up exactly."""

    average: Cents
    within_terms: Cents
    beyond_terms: Cents


def financing(items: Items, period: Period, *, rate: float, day_basis: int, n: int) -> Financing:
    """Interest on the balance of every day.

    Args:
        items: Open and paid items; credits and payments in advance lower the balance.
        period: Whole days.
        rate: Interest a year, as a fraction.
        day_basis: Days in a year.
        n: How many customers there are.
    """
    first, after = np.datetime64(period.start), np.datetime64(period.end) + 1
    whole = _cent_days(items, items.start, items.settled, first, after)
    late_from = np.maximum(items.start, items.due)
    beyond = _cent_days(items, late_from, np.maximum(items.settled, late_from), first, after)
    balance, late = (totals_by(items.customer, part, n) for part in (whole, beyond))
    interest, beyond_terms = (_whole(part * (rate / day_basis)) for part in (balance, late))
    return Financing(_whole(balance / period.days), interest - beyond_terms, beyond_terms)


def _cent_days(items: Items, begin: Days, end: Days, first: np.datetime64, after: np.datetime64) -> Cents:
    """Cents x days from one day to another within the period: the amount from its begin, less what was paid from its end."""
    return items.amount * _days_left(begin, first, after) - items.paid * _days_left(end, first, after)


def _days_left(day: Days, first: np.datetime64, after: np.datetime64) -> NDArray[np.int64]:
    return np.maximum((after - np.maximum(day, first)).astype(np.int64), 0)


def _whole(shares: NDArray[np.floating[Any]]) -> Cents:
    """Shares as whole cents that add up to their rounded total."""
    return money.round_to_total(shares, int(money.cents(money.round_half_up(shares.sum() / 100))))


def credit_handlings(names: Iterable[str]) -> NDArray[np.bool_]:
    """Which handlings are about getting paid: reminders, collection, watching credit.

    Example:
        >>> credit_handlings(["credit_watch", "Aanmaning", "Factuur of creditnota", "reminder", "order"]).tolist()
        [True, True, False, True, False]
    """
    return np.array([bool(_CREDIT_HANDLING.search(normalise(name))) for name in names], dtype=bool)


def is_payment_discount(reference_code: str, description: str) -> bool:
    """Whether a ledger account holds discounts for paying early, by its reference code or its name."""
    return reference_code.startswith(PAYMENT_DISCOUNT_CODE) or bool(_PAYMENT_DISCOUNT.search(normalise(description)))
