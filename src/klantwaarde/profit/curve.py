"""Who earns the money: whale curve, ABC classes, Gini, Herfindahl-Hirschman, top shares."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from klantwaarde import money

Floats = NDArray[np.float64]


def whale_curve(results: ArrayLike) -> pd.DataFrame:
    """Cumulative result, best customer first; equal results keep their order.

    The share of the total is given only when the total is positive; otherwise percentages have no meaning and the
    column is NaN (Kaplan & Narayanan, "Measuring and Managing Customer Profitability", 2001).

    Args:
        results: Result per customer, euro, in order of customer number.

    Returns:
        position (in ``results``), rank from 1, value, cumulative, cumulative_share, customer_share.

    Example:
        >>> whale_curve([50.0, 20.0, -90.0])["cumulative"].tolist()
        [50.0, 70.0, -20.0]
    """
    values = np.asarray(results, dtype=float)
    order = np.argsort(-values, kind="stable")
    cents = money.cents(values[order])
    running = np.cumsum(cents)
    total = int(running[-1]) if len(running) else 0
    share = running / total if total > 0 else np.full(len(running), np.nan)
    rank = np.arange(1, len(values) + 1)
    return pd.DataFrame(
        {
            "position": order, "rank": rank, "value": values[order], "cumulative": running / 100,
            "cumulative_share": share, "customer_share": rank / max(len(values), 1),
        }
    )  # fmt: skip


def abc_class(values: ArrayLike, *, a: float = 0.8, b: float = 0.95) -> NDArray[np.object_]:
    """Class by the cumulative share *before* the customer: A below ``a``, B below ``b``, else C.

    Equal values get the same class. Values of zero or less are C: they have no share in the total.

    Args:
        values: One per customer, any order.
        a: Border of class A, as a fraction.
        b: Border of class B, as a fraction above ``a``.
    """
    amounts = np.asarray(values, dtype=float)
    positive = np.where(amounts > 0, amounts, 0.0)
    total = positive.sum()
    if total <= 0:
        return np.full(len(amounts), "C", dtype=object)
    distinct, code, count = np.unique(-positive, return_inverse=True, return_counts=True)
    before = (np.cumsum(-distinct * count) + distinct * count) / total
    slack = 1e-12  # 0.5 + 0.3 must count as 0.8
    by_value = np.where(before < a - slack, "A", np.where(before < b - slack, "B", "C")).astype(object)
    by_value[distinct >= 0] = "C"
    return by_value[code.ravel()]


TIERS = ("top", "large", "medium", "small")


def pyramid_tier(values: ArrayLike, cuts: tuple[float, float, float] = (1, 5, 20)) -> NDArray[np.object_]:
    """Tier of every customer in the customer pyramid: top, large, medium or small; "" where the value is unknown.

    Source: Curry & Curry, The Customer Marketing Method (2000): top 1 %, large next 4 %, medium next 15 % of the active
    customers by rank. The cumulative cuts are rounded half up, the top holds at least one customer, and equal values
    stay together in the better tier.

    Args:
        values: Revenue or another measure per customer; NaN = not active.
        cuts: Cumulative percentages of active customers, ascending.

    Example:
        >>> pyramid_tier([10.0, 50.0, float("nan"), 20.0]).tolist()
        ['small', 'top', '', 'small']
    """
    amounts = np.asarray(values, dtype=float)
    active = ~np.isnan(amounts)
    ordered = np.sort(amounts[active])[::-1]
    sizes = np.floor(len(ordered) * np.asarray(cuts, dtype=float) / 100 + 0.5)
    better = len(ordered) - np.searchsorted(ordered[::-1], amounts[active], side="right")
    tiers = np.full(len(amounts), "", dtype=object)
    tiers[active] = np.array(TIERS, dtype=object)[np.searchsorted(np.maximum(sizes, 1), better, side="right")]
    return tiers


def gini(values: ArrayLike) -> float:
    """Gini coefficient of non-negative values: 0 = all equal, towards 1 = one customer has all. NaN when undefined.

    Formula: sum((2 i - n - 1) x_i) / (n sum(x)), x ascending. For results with losses use the whale curve.

    Raises:
        ValueError: a value is negative.

    Example:
        >>> round(gini([1, 2, 3, 4, 5]), 6)
        0.266667
    """
    amounts = np.sort(np.asarray(values, dtype=float))
    if len(amounts) and amounts[0] < 0:
        raise ValueError("Gini needs values of zero or more; use the whale curve for results with losses")
    total = amounts.sum()
    if not total > 0:
        return float("nan")
    n = len(amounts)
    return float(((2 * np.arange(1, n + 1) - n - 1) * amounts).sum() / (n * total))


def hhi(values: ArrayLike) -> float:
    """Herfindahl-Hirschman index, 0 to 10,000: the sum of squared percentage shares. NaN without a positive total."""
    amounts = np.asarray(values, dtype=float)
    total = amounts.sum()
    if total <= 0 or (amounts < 0).any():
        return float("nan")
    return float(((amounts / total * 100) ** 2).sum())


def concentration(revenue: ArrayLike, results: ArrayLike) -> pd.DataFrame:
    """How much hangs on how few.

    Returns:
        measure, value: customers, total net revenue, gini, hhi, share of the largest 1, 5 and 20 %, share of
        customers with a loss, peak of the whale curve (fraction of the total result; NaN when that is not positive).
    """
    amounts = np.sort(np.asarray(revenue, dtype=float))[::-1]
    positive = np.maximum(amounts, 0)
    curve = whale_curve(results)
    n = len(amounts)
    top20 = max(1, int(np.floor(n * 0.2 + 0.5))) if n else 0
    whole = positive.sum()

    def share(count: int) -> float:
        return float(positive[:count].sum() / whole) if whole > 0 else float("nan")

    losing = float((np.asarray(results, dtype=float) < 0).mean()) if n else float("nan")
    figures = {
        "customers": float(n), "net_revenue": float(amounts.sum()), "gini": gini(positive), "hhi": hhi(positive),
        "top_1_share": share(1), "top_5_share": share(5), "top_20_percent_share": share(top20),
        "loss_making_share": losing, "whale_peak": float(curve["cumulative_share"].max()) if n else float("nan"),
    }  # fmt: skip
    return pd.DataFrame({"measure": list(figures), "value": list(figures.values())})
