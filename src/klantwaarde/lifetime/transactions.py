"""From purchases to recency and frequency: what the probability models know of a customer.

Conventions: a purchase is a day with purchases (everything on one day is one purchase), ``frequency`` counts the repeat
purchase days after the first, ``recency`` is the time from the first to the last purchase day, ``age`` the time from
the first purchase day to the stated end, both in one unit (Fader, Hardie & Lee 2005). A month is 30.4375 days.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from klantwaarde.messages import Fault, InputError
from klantwaarde.money import Floats

Unit = Literal["day", "week", "month", "year"]
DAYS: Mapping[Unit, float] = {"day": 1.0, "week": 7.0, "month": 30.4375, "year": 365.25}
EPOCH = date(1970, 1, 1).toordinal()
NOTHING = 5e-7  # a day total up to this is no purchase


class ModelError(InputError, ValueError):
    """Purchases or parameters that a probability model cannot work with."""


@dataclass(frozen=True, slots=True, eq=False)
class PurchaseDays:
    """One row per customer and purchase day, in that order.

    Attributes:
        customers: Every customer in the input, ascending.
        customer: Position in ``customers``.
        day: Days since 1970.
        amount: Total of the day; NaN when amounts are not known.
        refund_days: Customer days whose total was not above zero: they are no purchase.
        refund_amount: What those days add up to.
    """

    customers: NDArray[Any]
    customer: NDArray[np.int64]
    day: NDArray[np.int64]
    amount: Floats
    refund_days: int = 0
    refund_amount: float = 0.0

    def where(self, kept: NDArray[np.bool_]) -> "PurchaseDays":
        """Some of the rows."""
        return replace(self, customer=self.customer[kept], day=self.day[kept], amount=self.amount[kept])


@dataclass(frozen=True, slots=True, eq=False)
class Summary:
    """Recency and frequency per customer with a purchase.

    Attributes:
        customers: Ascending.
        frequency: Repeat purchase days.
        recency: Time from first to last purchase day.
        age: Time from first purchase day to the end.
        value: Mean amount of the repeat purchase days; NaN where there is none, or without amounts.
        first: First purchase day, in days since 1970.
        end: Last day that was looked at.
        unit: Of the times.
    """

    customers: NDArray[Any]
    frequency: Floats
    recency: Floats
    age: Floats
    value: Floats
    first: NDArray[np.int64]
    end: date
    unit: Unit

    @property
    def rows(self) -> "Rows":
        """Equal histories once."""
        return merged(self.frequency, self.recency, self.age)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Equal histories once, with the number of customers that have them as weight."""

    frequency: Floats
    recency: Floats
    age: Floats
    weight: Floats

    @property
    def customers(self) -> float:
        """How many customers."""
        return float(self.weight.sum())

    def every(self, step: int) -> "Rows":
        """Every so manieth customer, in the order of their histories; the order of the input plays no part.

        Example:
            >>> Rows(*np.ones((3, 2)), weight=np.array([7.0, 2.0])).every(3).weight.tolist()
            [2.0, 1.0]
        """
        taken = (np.cumsum(self.weight) + step // 2) // step
        weight = np.diff(taken, prepend=0.0)
        kept = weight > 0
        return Rows(self.frequency[kept], self.recency[kept], self.age[kept], weight[kept])


class Distinct(NamedTuple):
    """Different combinations of values, ascending, and for every original row which one it has."""

    columns: tuple[Floats, ...]
    row_of: NDArray[np.intp]


def purchase_days(
    customer: ArrayLike,
    day: ArrayLike,
    amount: ArrayLike | None = None,
    *,
    refunds: Literal["leave_out", "count"] = "leave_out",
) -> PurchaseDays:
    """Everything that a customer bought on one day as one purchase.

    Args:
        customer: Number or name per row.
        day: Date per row.
        amount: Amount per row; without it every day counts and values are unknown.
        refunds: What to do with a day whose total is not above zero: leave it out (it is no purchase; its amount is
            reported), or count it as a purchase.

    Raises:
        ModelError: there is no row (KW-LT-110) or a date is missing (KW-LT-111).
    """
    when = _whole_days(day)
    codes, customers = pd.factorize(np.asarray(customer), sort=True)
    origin = when.min()
    span = int(when.max() - origin) + 1
    key = codes * span + (when - origin)
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    whose, later = np.divmod(key[order[starts]], span)
    if amount is None:
        return PurchaseDays(np.asarray(customers), whose, later + origin, np.full(len(whose), np.nan))
    totals_of_days = np.add.reduceat(np.asarray(amount, float)[order], starts)
    refund = ~(totals_of_days > NOTHING) & (refunds == "leave_out")
    days = PurchaseDays(
        np.asarray(customers),
        whose,
        later + origin,
        totals_of_days,
        int(refund.sum()),
        float(totals_of_days[refund].sum()),
    )
    return days.where(~refund)


def summarise(days: PurchaseDays, *, end: date | None = None, unit: Unit = "week") -> Summary:
    """Recency, frequency, age and mean repeat value per customer.

    Args:
        days: From :func:`purchase_days`.
        end: Last day to look at; purchases after it are left out. None = the last purchase day.
        unit: Of the times.

    Raises:
        ModelError: nobody bought before the end (KW-LT-110).
    """
    last = day_number(end) if end is not None else int(days.day.max(initial=0))
    seen = days.where(days.day <= last)
    if not len(seen.day):
        raise ModelError([Fault("KW-LT-110")])
    start = np.flatnonzero(np.diff(seen.customer, prepend=-1))
    count = np.diff(start, append=len(seen.day))
    first, final = seen.day[start], seen.day[start + count - 1]
    repeats = (count - 1).astype(float)
    later = np.add.reduceat(seen.amount, start) - seen.amount[start]
    per = DAYS[unit]
    return Summary(
        customers=days.customers[seen.customer[start]],
        frequency=repeats,
        recency=(final - first) / per,
        age=(last - first) / per,
        value=np.divide(later, repeats, out=np.full(len(repeats), np.nan), where=repeats > 0),
        first=first,
        end=date_of(last),
        unit=unit,
    )


def day_number(day: date) -> int:
    """Days since 1970."""
    return day.toordinal() - EPOCH


def date_of(number: float) -> date:
    """The date that is so many days after 1970 began."""
    return date.fromordinal(EPOCH + int(number))


def distinct(*columns: ArrayLike) -> Distinct:
    """The different combinations of values in columns of equal length."""
    arrays = [np.asarray(column, dtype=float) for column in columns]
    key = np.zeros(len(arrays[0]), dtype=np.int64)
    for array in arrays:
        bits = (array + 0.0).view(np.int64)  # sorts as the number itself, and twice as fast
        if (bits != bits[0]).any():
            code, values = pd.factorize(bits, sort=True)
            key = key * len(values) + code
    row_of, keys = pd.factorize(key, sort=True)
    somewhere = np.empty(len(keys), dtype=np.intp)
    somewhere[row_of] = np.arange(len(key))
    return Distinct(tuple(array[somewhere] for array in arrays), row_of)


def merged(frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, weight: ArrayLike | None = None) -> Rows:
    """Equal histories as one row with a weight: the likelihood depends on nothing else.

    Raises:
        ModelError: there is no customer (KW-LT-110), or a history is impossible (KW-LT-112).
    """
    history = [np.atleast_1d(np.asarray(column, dtype=float)) for column in (frequency, recency, age)]
    _refuse_impossible(*history)
    (x, recent, old), row_of = distinct(*history)
    return Rows(x, recent, old, totals(row_of, np.ones(len(row_of)) if weight is None else weight))


def totals(code: NDArray[np.integer[Any]], amounts: ArrayLike, codes: int = 0) -> Floats:
    """The sum of amounts per code 0, 1, 2 ..., up to at least ``codes`` of them."""
    return np.bincount(code, np.asarray(amounts, dtype=float), minlength=codes).astype(float, copy=False)


def periods_a_year(unit: Unit) -> float:
    """How many of this unit go in a year."""
    return DAYS["year"] / DAYS[unit]


def continuous_rate(annual_rate: float, unit: Unit) -> float:
    """The continuous discount rate per unit of time that equals an effective rate a year: ln(1 + i) / periods.

    Example:
        >>> round(continuous_rate(0.15, "week"), 5)
        0.00268
    """
    return float(np.log1p(annual_rate)) / periods_a_year(unit)


def _whole_days(day: ArrayLike) -> NDArray[np.int64]:
    stamps = np.asarray(day, dtype="datetime64[D]")
    if not len(stamps):
        raise ModelError([Fault("KW-LT-110")])
    missing = np.flatnonzero(np.isnat(stamps))
    if len(missing):
        raise ModelError([Fault("KW-LT-111", found=len(missing), values={"position": int(missing[0]) + 1})])
    return stamps.astype(np.int64)


def _refuse_impossible(frequency: Floats, recency: Floats, age: Floats) -> None:
    if not len(frequency):
        raise ModelError([Fault("KW-LT-110")])
    possible = (
        (frequency >= 0) & (frequency == np.floor(frequency)) & (recency >= 0) & (recency <= age)
        & np.isfinite(age) & ((frequency > 0) == (recency > 0))
    )  # fmt: skip
    wrong = np.flatnonzero(~possible)
    if len(wrong):
        first = int(wrong[0])
        found = f"{frequency[first]:g}; {recency[first]:g}; {age[first]:g}"
        raise ModelError([Fault("KW-LT-112", found=found, values={"position": first + 1})])
