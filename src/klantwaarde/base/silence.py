"""Marks that may announce a departure, as they stood on a day: silent for long, and paying late."""

import numpy as np
import pandas as pd

from klantwaarde.base.history import Floats, History, Mask
from klantwaarde.costs.cells import totals_by
from klantwaarde.periods import YEAR, months_earlier
from klantwaarde.tables.register import Codes

SILENCE = 3.0  # times the customer's own median interval
SHORTEST_SILENCE = 30  # days
FEWEST_INTERVALS = 2
LATE_DAYS = 15.0  # weighted by amount


def median_interval(history: History, at: int = 0) -> Floats:
    """Median days between two purchases up to a day, per customer; NaN with fewer than two intervals."""
    seen = history.visit_day <= history.day(at)
    customer, day = history.visit_customer[seen], history.visit_day[seen].astype(np.int64)
    same = customer[1:] == customer[:-1]
    owner, gap = customer[1:][same], np.diff(day)[same]
    order = np.lexsort((gap, owner))
    owner, gap = owner[order], gap[order]
    count = np.bincount(owner, minlength=history.n)
    start = np.cumsum(count) - count
    found = np.full(history.n, np.nan)
    enough = np.flatnonzero(count >= FEWEST_INTERVALS)
    low, high = start[enough] + (count[enough] - 1) // 2, start[enough] + count[enough] // 2
    found[enough] = (gap[low] + gap[high]) / 2
    return found


def silent(history: History, at: int = 0) -> Mask:
    """Who has not bought for more than three times its own median interval, and more than 30 days."""
    days, usual = (history.day(at) - history.last_visit(until=at)).astype(float), median_interval(history, at)
    return np.asarray(
        days > np.maximum(SILENCE * usual, SHORTEST_SILENCE)
    )  # without a usual interval: not known, so not


def days_late(receivables: pd.DataFrame, customer: Codes, at: np.datetime64, n: int, *, months: int = YEAR) -> Floats:
    """Average days late of invoices that fell due in the months up to a day, weighted by amount, as known on that day.

    An invoice that was open on that day counts as late until then; early is 0; credit notes do not count.

    Args:
        receivables: Open and paid items.
        customer: Code of every item; codes outside 0..n-1 are left out.
        at: The day.
        n: How many customers there are.
        months: How many months back.

    Returns:
        Per customer; NaN without such invoices.
    """
    due, amount = receivables["due_date"].to_numpy("M8[D]"), receivables["amount"].to_numpy(float)
    paid = (
        receivables["paid_date"].to_numpy("M8[D]")
        if "paid_date" in receivables
        else np.full(len(due), np.datetime64("NaT", "D"))
    )
    start = months_earlier(at, months)
    here = (customer < n) & (due > start) & (due <= at) & (amount > 0)
    until = np.fmin(paid[here], at)
    late = np.maximum((until - due[here]).astype(float), 0.0)
    cents = np.rint(amount[here] * 100)
    weight, weighted = (totals_by(customer[here], part, n) for part in (cents, cents * late))
    return np.divide(weighted, weight, out=np.full(n, np.nan), where=weight > 0)
