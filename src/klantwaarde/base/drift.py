"""Customers that slide unnoticed: a quarter's figure outside the customer's own control limits, two quarters running.

Limits: two standard deviations from the mean of the quarters before the last year, at least four of them; the deviation is
the mean moving range / 1.128 (XmR chart: Wheeler, Understanding Variation, 2000). An alarm rings when both last quarters lie
outside on the bad side: by chance once in two thousand times (two running beyond two sigma, as in the Western Electric rules).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from klantwaarde import money
from klantwaarde.base.customers import Base, base_of, named
from klantwaarde.base.history import Cents, Floats, History, Mask
from klantwaarde.base.silence import days_late
from klantwaarde.check import Results
from klantwaarde.costs.cells import totals_by
from klantwaarde.costs.scope import codes_of
from klantwaarde.tables.register import Codes

if TYPE_CHECKING:
    from klantwaarde.model import Model

QUARTER = 3
LAST_YEAR = 4  # quarters that are judged, not learned from
FEWEST_LEARNED = 4
MOST_QUARTERS = 20
SHOWN_IN = {"visit_value": 0.01, "payment_delay": 1.0}  # euro and days; the others are shares of revenue, in percent
FACTOR = 2 / 1.128  # two sigma; d2 = 1.128 for ranges of two
SMALLEST_DAYS = 2.0
SMALLEST_MOVE = 0.005  # shares move by half a percentage point before it counts


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One figure of every customer per quarter, old to new; NaN where there is none.

    Attributes:
        values: Shape (customers, quarters).
        bad: -1 when low is bad, +1 when high is bad.
        smallest: A move that is too small to matter is no alarm.
    """

    values: Floats
    bad: int
    smallest: float


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """Per customer: centre, the limit on the bad side, and whether both last quarters lie beyond it."""

    centre: Floats
    limit: Floats
    alarm: Mask


def control_limits(series: Series) -> Verdict:
    """Learn limits from the quarters before the last year and judge the last two."""
    learned, last = series.values[:, :-LAST_YEAR], series.values[:, -2:]
    known = ~np.isnan(learned)
    count = known.sum(axis=1)
    centre = np.where(known, learned, 0.0).sum(axis=1) / np.maximum(count, 1)
    ranges = np.abs(np.diff(learned, axis=1))
    pairs = ~np.isnan(ranges)
    spread = np.where(pairs, ranges, 0.0).sum(axis=1) / np.maximum(pairs.sum(axis=1), 1)
    limit = centre + series.bad * np.maximum(FACTOR * spread, series.smallest)
    enough = (count >= FEWEST_LEARNED) & (pairs.sum(axis=1) >= FEWEST_LEARNED - 1)
    beyond = (series.bad * (last - limit[:, None]) > 0).all(axis=1)
    return Verdict(centre, limit, np.asarray(enough & beyond))


def quarters(history: History, cents: Cents) -> Cents:
    """Amounts per customer and quarter, old to new, shape (customers, quarters); whole quarters only."""
    n = min(history.months // QUARTER, MOST_QUARTERS)
    here = history.lag < n * QUARTER
    place = history.customer[here] * n + (n - 1 - history.lag[here] // QUARTER)
    return totals_by(place, cents[here], history.n * n).reshape(history.n, n)


def figures_by_quarter(history: History, rows: Codes) -> dict[str, Series]:
    """Margin, discount, and revenue on a day with purchases, of some customers."""
    parts = (history.net, history.cost, history.listed, history.visits)
    net, cost, listed, visits = (quarters(history, part)[rows] for part in parts)
    value = _over(net, visits)
    usual = float(np.nanmean(value)) if (visits > 0).any() else 0.0
    return {
        "margin_rate": Series(_over(net - cost, net), -1, SMALLEST_MOVE),
        "granted_discount": Series(_over(listed - net, listed), 1, SMALLEST_MOVE),
        "visit_value": Series(value, -1, SMALLEST_MOVE * usual),
    }


def _over(part: Cents, whole: Cents) -> Floats:
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)


def lateness_by_quarter(model: "Model", history: History, rows: Codes) -> dict[str, Series]:
    """Days late of what fell due in every quarter, weighted by amount, of some customers; empty without receivables."""
    items = model.tables.get("receivables")
    if items is None:
        return {}
    n = min(history.months // QUARTER, MOST_QUARTERS)
    codes = codes_of(items["customer_id"], model.register.codes, blank=model.register.n - 1)
    ends = [history.day(QUARTER * back) for back in range(n - 1, -1, -1)]
    parts = [days_late(items, codes, end, history.n, months=QUARTER)[rows] for end in ends]
    return {"payment_delay": Series(np.stack(parts, axis=1), 1, SMALLEST_DAYS)}


def drift_alarms(model: "Model", _results: Results) -> pd.DataFrame:
    """Every alarm of active customers, the largest effect on the margin first.

    Returns:
        customer_id, name, segment, figure (margin_rate · granted_discount · visit_value · payment_delay), centre, limit,
        quarter_before, latest (percent, euro for visit_value, days for payment_delay), effect (euro margin of the last two
        quarters against the centre; NaN for the last two figures), net_revenue.
    """
    base = base_of(model)
    if base.history.months < (FEWEST_LEARNED + LAST_YEAR) * QUARTER:
        return pd.DataFrame()
    rows = np.flatnonzero(base.active)
    revenue = quarters(base.history, base.history.net)[rows, -2:]
    figures = figures_by_quarter(base.history, rows) | lateness_by_quarter(model, base.history, rows)
    parts = [_alarms(base, name, series, rows, revenue) for name, series in figures.items()]
    return pd.concat(parts, ignore_index=True).sort_values("effect", kind="stable", ignore_index=True)


def _alarms(base: Base, name: str, series: Series, rows: Codes, revenue: Cents) -> pd.DataFrame:
    verdict = control_limits(series)
    rung = np.flatnonzero(verdict.alarm)
    last, scale = series.values[rung, -2:], SHOWN_IN.get(name, 100.0)
    worse = (series.bad * (last - verdict.centre[rung, None]) * revenue[rung]).sum(axis=1)
    effect = np.full(len(rung), np.nan) if name in SHOWN_IN else money.round_half_up(-worse / 100)
    columns = named(base.register, rows[rung]) | {
        "figure": np.full(len(rung), name, dtype=object), "centre": verdict.centre[rung] * scale,
        "limit": verdict.limit[rung] * scale, "quarter_before": last[:, 0] * scale, "latest": last[:, 1] * scale,
        "effect": effect, "net_revenue": money.euros(base.now.net_revenue[rows[rung]]),
    }  # fmt: skip
    return pd.DataFrame(columns)
