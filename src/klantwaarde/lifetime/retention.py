"""Which part of the customers stays for another year, from their own purchases, per segment.

Of the customers that were active a year ago, how many are active now? Every year that the history reaches back counts.
A segment with few customers says little by itself, so it leans towards all customers together: a beta prior at the
retention of the whole that fills the number of customers up to a minimum,

    retention = (stayed + max(minimum - customers, 0) * whole) / max(customers, minimum).

A segment at or above the minimum speaks for itself. (Beta-binomial posterior mean; Bühlmann & Gisler, A Course in
Credibility Theory, 2005, ch. 2.)
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from klantwaarde.costs.cells import totals_by
from klantwaarde.lifetime.purchases import Mask, Purchases
from klantwaarde.periods import YEAR, months_earlier
from klantwaarde.tables.register import Codes

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Retention:
    """What stayed, per segment.

    Attributes:
        customers: Active at the start of a year, summed over the years.
        stayed: Of those, active at its end too.
        own: stayed / customers; NaN without customers.
        used: After leaning towards the whole; NaN when nothing is known at all.
        whole: Of all segments together.
        years: How many years were seen.
    """

    customers: Floats
    stayed: Floats
    own: Floats
    used: Floats
    whole: float
    years: int


def retention_rates(
    purchases: Purchases, segment: Codes, counted: Mask, *, at: date, active_months: int, minimum: int
) -> Retention:
    """Retention a year per segment, from all years up to a day that the history covers.

    Args:
        purchases: All of them, also of years before the period.
        segment: Segment code per customer, from 0.
        counted: Customers that count.
        at: End of the last year.
        active_months: How long somebody stays active after a purchase.
        minimum: Customers from which a segment speaks for itself.
    """
    n = int(segment.max(initial=-1)) + 1
    customers, stayed = np.zeros(n), np.zeros(n)
    ends = year_ends(purchases, at, active_months)
    for end in ends:
        start = purchases.active(months_earlier(end, YEAR), active_months) & counted
        customers += totals_by(segment, start.astype(float), n)
        stayed += totals_by(segment, (start & purchases.active(end, active_months)).astype(float), n)
    whole = float(stayed.sum() / customers.sum()) if customers.sum() else float("nan")
    own = np.divide(stayed, customers, out=np.full(n, np.nan), where=customers > 0)
    return Retention(customers, stayed, own, shrunk(stayed, customers, whole, minimum), whole, len(ends))


def year_ends(purchases: Purchases, at: date, active_months: int) -> list[date]:
    """The ends of the years whose start the history covers, latest first."""
    first, _ = purchases.span
    found, end = [], at
    while months_earlier(end, YEAR + active_months) >= months_earlier(first, 1):
        found.append(end)
        end = months_earlier(end, YEAR)
    return found


def shrunk(stayed: ArrayLike, customers: ArrayLike, whole: float, minimum: int) -> Floats:
    """Shares of small groups that lean towards the whole.

    Args:
        stayed: How many stayed, per group.
        customers: Out of how many.
        whole: Share of all groups together.
        minimum: Size from which a group speaks for itself; at least 1.

    Example:
        >>> shrunk([40, 5], [50, 10], 0.8, 30).round(4).tolist()
        [0.8, 0.7]
    """
    kept, out_of = np.asarray(stayed, dtype=float), np.asarray(customers, dtype=float)
    lacking = np.maximum(max(minimum, 1) - out_of, 0.0)
    prior = np.where(lacking > 0, lacking * whole, 0.0)
    return np.asarray((kept + prior) / (out_of + lacking))
