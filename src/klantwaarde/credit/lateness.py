"""How late customers pay: days after the due date, weighted by amount, per payment.

Every payment counts for what was paid (part payments apart), so one large late invoice weighs more than ten small ones.
Signed days let early payments make up for late ones; floored days do not. Credit notes are settled whenever it suits, so
they say nothing about payment behaviour and stay out of it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from klantwaarde.costs.cells import totals_by
from klantwaarde.credit.items import Cents, Items, Mask, days_after
from klantwaarde.tables.register import Codes

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Lateness:
    """How every group paid; NaN where it paid nothing.

    Attributes:
        payments: How many invoices were paid, wholly or in part.
        paid: Cents.
        days_to_pay: From invoice date to payment; NaN where no invoice date is known.
        signed: Days late, early payments below zero.
        floored: Days late, early payments as zero.
        with_open: Floored, and what is overdue now counts for its days until now.
        on_time: Fraction of what was paid that was paid by the due date.
    """

    payments: NDArray[np.int64]
    paid: Cents
    days_to_pay: Floats
    signed: Floats
    floored: Floats
    with_open: Floats
    on_time: Floats


def days_late(days: ArrayLike, amounts: ArrayLike, *, floor: bool = True) -> float:
    """Average days late, weighted by amount; NaN when the amounts add up to nothing.

    Example:
        >>> days_late([10, -2, 20], [1000, 3000, 6000]), days_late([10, -2, 20], [1000, 3000, 6000], floor=False)
        (13.0, 12.4)
    """
    late, weights = np.asarray(days, dtype=float), np.asarray(amounts, dtype=float)
    total = weights.sum()
    counted = np.maximum(late, 0.0) if floor else late
    return float((counted * weights).sum() / total) if total > 0 else float("nan")


def payments_between(items: Items, after: np.datetime64, until: np.datetime64) -> Mask:
    """Payments of invoices on days after one day up to and including another, where the day is known."""
    within = (items.settled > after) & (items.settled <= until)
    return np.asarray(items.timed & within & (items.amount > 0) & (items.paid > 0))


def lateness(items: Items, after: np.datetime64, until: np.datetime64, *, group: Codes, n: int) -> Lateness:
    """How every group paid between two days.

    Args:
        items: Open and paid items.
        after: Payments after this day count.
        until: Up to and including this day, on which what is overdue is taken.
        group: Group of every item.
        n: How many groups there are.
    """
    here = payments_between(items, after, until)
    paid, of = items.paid[here], group[here]
    late = days_after(items.settled[here], items.due[here])
    total = totals_by(of, paid, n)
    floored = totals_by(of, paid * np.maximum(late, 0), n)
    left, since = overdue_at(items, until)
    dated = items.dated[here]
    taken = days_after(items.settled[here], items.start[here])[dated]
    return Lateness(
        payments=np.bincount(of, minlength=n), paid=total,
        days_to_pay=_per(totals_by(of[dated], paid[dated] * taken, n), totals_by(of[dated], paid[dated], n)),
        signed=_per(totals_by(of, paid * late, n), total), floored=_per(floored, total),
        with_open=_per(floored + totals_by(group, left * since, n), total + totals_by(group, left, n)),
        on_time=_per(totals_by(of, np.where(late <= 0, paid, 0), n), total),
    )  # fmt: skip


def overdue_at(items: Items, day: np.datetime64) -> tuple[Cents, NDArray[np.int64]]:
    """Cents of every invoice that were overdue on a day, and for how many days; credits are never overdue."""
    since = np.maximum(days_after(day, items.due), 0)
    return np.where(since > 0, np.maximum(items.open_at(day), 0), 0), since


def _per(total: Cents, weight: Cents) -> Floats:
    return np.asarray(total / np.where(weight > 0, weight, np.nan))
