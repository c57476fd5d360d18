"""From purchases to recency and frequency: what the probability models know of a customer.

Conventions: a purchase is a day with purchases (everything on one day is one purchase), ``frequency`` counts the repeat
purchase days after the first, ``recency`` is the time from the first to the last purchase day, ``age`` the time from
the first purchase day to the stated end, both in one unit (Fader, Hardie & Lee 2005). A month is 30.4375 days.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from klantwaarde.messages import Fault, InputError
from klantwaarde.money import Floats

Unit = Literal["day", "week", "month", "year"]
DAYS: Mapping[Unit, float] = {"day": 1.0, "week": 7.0, "month": 30.4375, "year": 365.25}
NOTHING = 5e-7  # a day total up to this is no purchase


class ModelError(InputError, ValueError):
    """Purchases or parameters that a probability model cannot work with."""


@dataclass(frozen=True, slots=True, eq=False)
class Summary:
    """Recency and frequency per customer.

    Attributes:
        customers: The customers with a purchase, ascending.
        frequency: Repeat purchase days.
        recency: Time from first to last purchase day.
        age: Time from first purchase day to the end.
        value: Mean amount of the repeat purchase days; NaN where there is none, or without amounts.
        first: First purchase day.
        end: Last day that was looked at.
        unit: Of the times.
        refund_days: Customer days whose total was not above zero: they are no purchase.
        refund_amount: What those days add up to.
        refund_only: Customers who have no other days.
        after_end: Rows after the end, left out.
    """

    customers: NDArray[Any]
    frequency: Floats
    recency: Floats
    age: Floats
    value: Floats
    first: NDArray[np.datetime64]
    end: date
    unit: Unit
    refund_days: int
    refund_amount: float
    refund_only: int
    after_end: int


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


class Distinct(NamedTuple):
    """Different combinations of values, ascending, and for every original row which one it has."""

    columns: tuple[Floats, ...]
    row_of: NDArray[np.intp]


class _Days(NamedTuple):
    """Purchase days, by customer and then by day."""

    customer: NDArray[np.int64]
    day: NDArray[np.int64]
    amount: Floats


def summarise(
    customer: ArrayLike,
    day: ArrayLike,
    amount: ArrayLike | None = None,
    *,
    end: date | None = None,
    unit: Unit = "week",
    refunds: Literal["leave_out", "count"] = "leave_out",
) -> Summary:
    """Recency, frequency, age and mean repeat value per customer.

    Args:
        customer: Number or name per row.
        day: Date per row.
        amount: Amount per row; without it every day counts and values are unknown.
        end: Last day to look at; rows after it are left out. None = the last date.
        unit: Of the times.
        refunds: What to do with a day whose total is not above zero: leave it out (it is no purchase; its amount is
            reported), or count it as a purchase.

    Raises:
        ModelError: there is no row (KW-LT-110) or a date is missing (KW-LT-111).
    """
    days = _whole_days(day)
    last = days.max() if end is None else np.datetime64(end, "D").astype(np.int64)
    seen = days <= last
    codes, names = pd.factorize(np.asarray(customer)[seen], sort=True)
    money = np.ones(int(seen.sum())) if amount is None else np.asarray(amount, float)[seen]
    every = _by_day(codes.astype(np.int64), days[seen], money)
    bought = every.amount > NOTHING if refunds == "leave_out" else np.ones(len(every.amount), bool)
    kept = _Days(every.customer[bought], every.day[bought], every.amount[bought])
    present, frequency, first, final, repeat = _per_customer(kept, len(names))
    per = DAYS[unit]
    return Summary(
        customers=np.asarray(names)[present],
        frequency=frequency,
        recency=(final - first) / per,
        age=(last - first) / per,
        value=repeat if amount is not None else np.full(len(repeat), np.nan),
        first=first.astype("datetime64[D]"),
        end=np.int64(last).astype("datetime64[D]").item(),
        unit=unit,
        refund_days=int((~bought).sum()),
        refund_amount=float(every.amount[~bought].sum()),
        refund_only=len(names) - len(present),
        after_end=int((~seen).sum()),
    )


def distinct(*columns: ArrayLike) -> Distinct:
    """The different combinations of values in columns of equal length."""
    arrays = [np.asarray(column, dtype=float) for column in columns]
    key = np.zeros(len(arrays[0]), dtype=np.int64)
    for array in arrays:
        code, values = pd.factorize(array, sort=True)
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


def totals(code: NDArray[np.intp], amounts: ArrayLike) -> Floats:
    """The sum of amounts per code 0, 1, 2 ..."""
    return np.bincount(code, np.asarray(amounts, dtype=float)).astype(float, copy=False)


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


def _by_day(customer: NDArray[np.int64], day: NDArray[np.int64], amount: Floats) -> _Days:
    """One row per customer and day."""
    if not len(day):
        raise ModelError([Fault("KW-LT-110")])
    origin = day.min()
    span = int(day.max() - origin) + 1
    key = customer * span + (day - origin)
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    whose, when = np.divmod(ordered[starts], span)
    return _Days(whose, when + origin, np.add.reduceat(amount[order], starts))


def _per_customer(
    days: _Days, customers: int
) -> tuple[NDArray[np.intp], Floats, NDArray[np.int64], NDArray[np.int64], Floats]:
    """Who bought, repeat days, first and last day, mean amount of the repeat days."""
    count = np.bincount(days.customer, minlength=customers)
    present = np.flatnonzero(count)
    if not len(present):
        raise ModelError([Fault("KW-LT-110")])
    count = count[present]
    finish = np.cumsum(count)
    start = finish - count
    repeats = (count - 1).astype(float)
    later = np.add.reduceat(days.amount, start) - days.amount[start]
    value = np.divide(later, repeats, out=np.full(len(repeats), np.nan), where=repeats > 0)
    return present, repeats, days.day[start], days.day[finish - 1], value


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
