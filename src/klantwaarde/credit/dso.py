"""Days sales outstanding: simple, counted back, best possible, and the days that are overdue.

Balances include VAT, so revenue must too: both come from the same invoices, or revenue is raised by the VAT rate.
Source: Credit Research Foundation, National Summary of Domestic Trade Receivables (formulas); the count-back method.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Countback:
    """The outcome of counting back, one per balance.

    Attributes:
        days: Days of sales that the balance stands for; at least so many where something is unexplained.
        unexplained: What is left when the oldest period is used up: older than the sales that were given.
    """

    days: Floats
    unexplained: Floats


def dso(receivables: ArrayLike, revenue: ArrayLike, days: ArrayLike) -> Floats:
    """Receivables / revenue x days; NaN without revenue above zero.

    Example:
        >>> dso(150_000, 1_800_000, 365).round(2).tolist()
        30.42
    """
    balance, sales = np.asarray(receivables, dtype=float), np.asarray(revenue, dtype=float)
    divisor = np.where(sales > 0, sales, np.nan)
    return np.asarray(balance / divisor * np.asarray(days, dtype=float))


def dso_best_possible(current_receivables: ArrayLike, revenue: ArrayLike, days: ArrayLike) -> Floats:
    """What DSO would be if everybody paid on the due date: only what is not overdue counts."""
    return dso(current_receivables, revenue, days)


def days_delinquent(receivables: ArrayLike, current_receivables: ArrayLike, revenue: ArrayLike, days: ArrayLike) -> Floats:
    """Average days delinquent = DSO - best possible DSO: the days that late payment adds."""
    overdue = np.asarray(receivables, dtype=float) - np.asarray(current_receivables, dtype=float)
    return dso(overdue, revenue, days)


def dso_countback(receivables: ArrayLike, revenues: ArrayLike, period_days: ArrayLike) -> Countback:
    """Take the latest period's sales off the balance, then the one before, and count the days that this takes.

    A period with more credit notes than sales adds to what older sales must explain. A balance of zero or less stands
    for no days.

    Args:
        receivables: One balance per row.
        revenues: Sales per period, the latest first; one row per balance.
        period_days: Days in each period.

    Example:
        >>> dso_countback([150], [[-20, 100, 100]], [30, 31, 30]).days.tolist()
        [82.0]
    """
    left = np.maximum(np.atleast_1d(np.asarray(receivables, dtype=float)), 0.0)
    sales = np.atleast_2d(np.asarray(revenues, dtype=float))
    days = np.zeros(len(left))
    for sold, length in zip(sales.T, np.asarray(period_days, dtype=float), strict=True):
        ends = (left > 0) & (sold >= left)
        part = np.divide(left, sold, out=np.ones(len(left)), where=ends)
        days += np.where(left > 0, length * part, 0.0)
        left = np.where(ends, 0.0, np.where(left > 0, left - sold, 0.0))
    return Countback(days, left)


def collection_effectiveness(
    opening: ArrayLike, revenue: ArrayLike, closing: ArrayLike, closing_current: ArrayLike
) -> Floats:
    """Collection effectiveness, as a fraction of what could be collected; NaN when nothing could.

    (opening + revenue of the period - closing) / (opening + revenue of the period - closing not overdue), with the
    balance at the start of the period and all revenue of the period (not its monthly average).

    Example:
        >>> collection_effectiveness(6200, 10890, 6340, 3590).round(6).tolist()
        0.796296
    """
    before, sold, after, current = (np.asarray(part, dtype=float) for part in (opening, revenue, closing, closing_current))
    collectable = before + sold - current
    return np.asarray((before + sold - after) / np.where(collectable > 0, collectable, np.nan))
