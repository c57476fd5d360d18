"""Credit risk per customer: points of a scorecard that is printed on the sheet, and the class that they give.

What is not known of a customer (no limit, no outside score) is left out of the points and of the most that can be scored:
it lowers how much of the scorecard is known, not the score. Without own payment history there is no score at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde.costs.cells import totals_by
from klantwaarde.credit.items import Floats, Items, Mask, days_after
from klantwaarde.credit.lateness import lateness

Names = NDArray[np.object_]

LOW, MIDDLE, HIGH, UNKNOWN = CLASSES = ("risk_low", "risk_middle", "risk_high", "risk_unknown")
LONG_OVERDUE = 60  # days


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the scorecard: above each border the next number of points counts.

    Attributes:
        id: Of the measure.
        borders: Ascending.
        points: One more than there are borders.
        own: Follows from own payment history.
    """

    id: str
    borders: tuple[float, ...]
    points: tuple[int, ...]
    own: bool = False

    @property
    def most(self) -> int:
        """The most points that this part can give."""
        return max(self.points)

    def band(self, values: Floats) -> NDArray[np.intp]:
        """The place of every value between the borders; a border itself belongs below it."""
        return np.searchsorted(self.borders, np.nan_to_num(values), side="left")

    def score(self, values: Floats) -> Floats:
        """Points per value; NaN where it is not known."""
        return np.where(np.isnan(values), np.nan, np.array(self.points, dtype=float)[self.band(values)])


SCORECARD: tuple[Part, ...] = (
    Part("days_late", (5, 15, 30), (0, 12, 24, 35), own=True),
    Part("long_overdue_share", (0, 0.05, 0.2), (0, 8, 17, 25), own=True),
    Part("limit_use", (0.8, 1), (0, 8, 15)),
    Part("credit_score", (49, 79), (15, 8, 0)),
    Part("dunning_level", (0, 1, 2), (0, 3, 7, 10)),
)


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Scores of customers.

    Attributes:
        measures: Part -> value; NaN where not known.
        points: Part -> points; NaN where not known.
        score: 0 (no risk) up to 100; NaN without own payment history.
        known: Fraction of the whole scorecard that is known.
        risk_class: One of ``CLASSES``.
    """

    measures: Mapping[str, Floats]
    points: Mapping[str, Floats]
    score: Floats
    known: Floats
    risk_class: Names


def scored(measures: Mapping[str, Floats], *, middle: float, high: float) -> Scored:
    """Score customers.

    Args:
        measures: Part of the scorecard -> value per customer, NaN where not known; a part that is left out is not known.
        middle: From so many points risk is medium.
        high: From so many points risk is high.
    """
    n = len(next(iter(measures.values())))
    unknown = np.full(n, np.nan)
    points = {part.id: part.score(measures[part.id]) if part.id in measures else unknown for part in SCORECARD}
    earned = np.sum([np.nan_to_num(part) for part in points.values()], axis=0)
    most = np.sum([np.where(np.isnan(points[part.id]), 0, part.most) for part in SCORECARD], axis=0)
    has_own = np.any([~np.isnan(points[part.id]) for part in SCORECARD if part.own], axis=0)
    score = np.where(has_own, np.floor(100 * earned / np.maximum(most, 1) + 0.5), np.nan)
    classes = np.array(CLASSES, dtype=object)
    place = np.where(np.isnan(score), 3, (score >= middle).astype(int) + (score >= high))
    return Scored(measures, points, score, most / sum(part.most for part in SCORECARD), classes[place])


def behaviour_at(items: Items, after: np.datetime64, day: np.datetime64, *, limit: Floats) -> dict[str, Floats]:
    """What own payment history says about every customer on a day: the parts that can be looked up for any day.

    Args:
        items: Open and paid items.
        after: Payments after this day count, up to ``day``.
        day: When.
        limit: Credit limit per customer in cents; NaN or 0 = not known.
    """
    n, items = len(limit), items.between(after, day)
    left, invoice = items.open_at(day), items.amount > 0
    owed = np.where(invoice, np.maximum(left, 0), 0)
    exposure = totals_by(items.customer, owed, n)
    long_overdue = totals_by(items.customer, np.where(days_after(day, items.due) > LONG_OVERDUE, owed, 0), n)
    seen = np.bincount(items.customer[items.start <= day], minlength=n) > 0
    late = lateness(items, after, day, group=items.customer, n=n).with_open
    net, known_limit = totals_by(items.customer, left, n), np.where(limit > 0, limit, np.nan)
    return {
        "days_late": late,
        "long_overdue_share": np.where(seen, long_overdue / np.maximum(exposure, 1), np.nan),
        "limit_use": np.where(seen, np.maximum(net, 0) / known_limit, np.nan),
    }


def dunning_at(items: Items, day: np.datetime64, *, n: int) -> Floats:
    """The highest dunning level among the open invoices of every customer; 0 without any, NaN where levels are not kept."""
    if np.isnan(items.dunning).all():
        return np.full(n, np.nan)
    highest = np.zeros(n)
    still = (items.open_at(day) > 0) & ~np.isnan(items.dunning)
    np.maximum.at(highest, items.customer[still], items.dunning[still])
    return highest


def scorecard_table(found: Scored, counted: Mask) -> pd.DataFrame:
    """The scorecard as it is printed: every part with its borders and points, and how many customers stand in each band.

    Returns:
        part, above and up_to (the borders of the band; NaN where it has none), points, customers. Customers of whom a part
        is not known stand on a row of their own without points.
    """
    none = float("nan")
    rows: list[tuple[str, float, float, float, int]] = []
    for part in SCORECARD:
        values = found.measures.get(part.id, np.full(len(counted), np.nan))[counted]
        known = ~np.isnan(values)
        per_band = np.bincount(part.band(values[known]), minlength=len(part.points))
        bands = zip((none, *part.borders), (*part.borders, none), part.points, per_band.tolist(), strict=True)
        rows += [(part.id, *band) for band in bands]
        if not known.all():
            rows.append((part.id, none, none, none, int((~known).sum())))
    return pd.DataFrame(rows, columns=["part", "above", "up_to", "points", "customers"])
