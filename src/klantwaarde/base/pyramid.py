"""The customer pyramid: tiers by rank among the active customers, and how customers moved between them.

Source: Curry & Curry, The Customer Marketing Method (2000): top 1 %, large 4 %, medium 15 %, small 80 % of the active
customers. Cumulative cuts are rounded half up, the top holds at least one customer, ties stay together in the better tier.
"""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from klantwaarde import money
from klantwaarde.base.history import Cents, Mask
from klantwaarde.costs.cells import totals_by
from klantwaarde.profit.curve import TIERS, pyramid_tier

Names = NDArray[np.object_]
OUTSIDE = ("inactive", "never")  # below the pyramid: bought before, and never bought
FROM_OUTSIDE = "not_active"


def tiers_of(values: ArrayLike, active: Mask, cuts: tuple[float, ...]) -> Names:
    """Tier of every active customer on one measure; "" for the others and where the measure is not known.

    Args:
        values: The measure per customer.
        active: Who counts.
        cuts: Percentages of the tiers from the top down, as the setting gives them: 1, 4, 15, 80.
    """
    first, second, third = np.cumsum(cuts)[:3].tolist()
    return pyramid_tier(np.where(active, np.asarray(values, dtype=float), np.nan), (first, second, third))


def moves(before: Names, now: Names) -> Names:
    """How every customer moved: up, down, same, came (from outside), went (to outside) or "" (outside at both)."""
    old, new = (np.where(code < 0, 0, len(TIERS) - code) for code in (_codes(before), _codes(now)))
    return np.select(
        [(old == 0) & (new == 0), old == 0, new == 0, new > old, new < old],
        ["", "came", "went", "up", "down"], "same",
    ).astype(object)  # fmt: skip


def pyramid(tiers: Names, moved: Names | None, amounts: dict[str, Cents], outside: dict[str, int]) -> pd.DataFrame:
    """The tiers from the top down, then who stands outside.

    Args:
        tiers: Of every customer; "" = outside.
        moved: As :func:`moves` gives it; None without a year before.
        amounts: Measure -> cents per customer.
        outside: Customers that bought before but are not active, and that never bought.

    Returns:
        tier, customers, customer_share, per measure the amount in euro and its share (NaN without a positive total), and
        with moves: up, down, came, same (customers that are in this tier now). Tiers add up to the active customers.
    """
    code = _codes(tiers)
    inside = code >= 0
    n, count = len(TIERS), np.bincount(code[inside], minlength=len(TIERS))
    rows: dict[str, object] = {"tier": [*TIERS, *OUTSIDE], "customers": [*count, *(outside[name] for name in OUTSIDE)]}
    rows["customer_share"] = _below(count / max(count.sum(), 1))
    for measure, cents in amounts.items():
        total = totals_by(code[inside], cents[inside], n)
        rows[measure] = _below(money.euros(total))
        rows[f"{measure}_share"] = _below(total / total.sum() if total.sum() > 0 else np.full(n, np.nan))
    if moved is not None:
        for name in ("up", "down", "came", "same"):
            rows[name] = _below(np.bincount(code[inside & (moved == name)], minlength=n).astype(float))
    return pd.DataFrame(rows)


def migration(before: Names, now: Names) -> pd.DataFrame:
    """Customers from tier (rows) to tier (columns); who stood outside at the start or at the end has its own row and column.

    Returns:
        tier_before, one column per tier, not_active, total (of the row). Rows add up to the opening, columns to the closing.
    """
    size = len(TIERS) + 1
    old, new = (np.where(code < 0, len(TIERS), code) for code in (_codes(before), _codes(now)))
    matrix = np.bincount(old * size + new, minlength=size * size).reshape(size, size)
    matrix[-1, -1] = 0  # outside at both moments: no part of either pyramid
    frame = pd.DataFrame(matrix, columns=[*TIERS, FROM_OUTSIDE])
    frame.insert(0, "tier_before", [*TIERS, FROM_OUTSIDE])
    return frame.assign(total=matrix.sum(axis=1))


def two_pyramids(first: Names, second: Names) -> pd.DataFrame:
    """The same customers in two pyramids: rows by the first, columns by the second.

    Returns:
        tier, one column per tier of the second, total. Customers outside either one are left out.
    """
    here = (first != "") & (second != "")
    size = len(TIERS)
    matrix = np.bincount(_codes(first[here]) * size + _codes(second[here]), minlength=size * size).reshape(size, size)
    frame = pd.DataFrame(matrix, columns=list(TIERS))
    frame.insert(0, "tier", list(TIERS))
    return frame.assign(total=matrix.sum(axis=1))


def _codes(tiers: Names) -> NDArray[np.intp]:
    return pd.Index(TIERS, dtype=object).get_indexer(pd.Index(tiers, dtype=object))


def _below(values: NDArray[np.float64]) -> list[float]:
    """Figures of the tiers, blank for who stands outside."""
    return [*values.tolist(), *[float("nan")] * len(OUTSIDE)]
