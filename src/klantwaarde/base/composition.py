"""What the base consists of: the active customers by tier, status, length of the relation, size and what the master holds."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.base.history import Cents, Floats
from klantwaarde.costs.cells import totals_by
from klantwaarde.profit.curve import TIERS

Names = NDArray[np.object_]

YEARS = (1.0, 2.0, 5.0, 10.0)  # borders of the classes of tenure
SIZES = (1_000.0, 5_000.0, 25_000.0, 100_000.0)  # borders of the classes of yearly revenue
DIMENSIONS = ("segment", "channel", "region", "industry", "account_manager", "service_level")


def composition(keys: dict[str, Names], amounts: dict[str, Cents]) -> pd.DataFrame:
    """Customers and amounts per group of every dimension.

    Args:
        keys: Dimension -> group of every customer that counts.
        amounts: Measure -> cents of those customers.

    Returns:
        dimension, key, customers, customer_share, per measure the euros and its share (NaN without a positive total).
        Every dimension adds up to all customers.
    """
    parts = [_groups(dimension, groups, amounts) for dimension, groups in keys.items()]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"dimension": [], "key": []})


def _groups(dimension: str, groups: Names, amounts: dict[str, Cents]) -> pd.DataFrame:
    code, names = grouped(groups)
    n = len(names)
    count = np.bincount(code, minlength=n)
    columns: dict[str, object] = {
        "dimension": dimension, "key": names, "customers": count, "customer_share": count / max(count.sum(), 1),
    }  # fmt: skip
    for measure, cents in amounts.items():
        total = totals_by(code, cents, n)
        columns[measure] = money.euros(total)
        columns[f"{measure}_share"] = total / total.sum() if total.sum() > 0 else np.full(n, np.nan)
    return pd.DataFrame(columns)


def grouped(groups: Names) -> tuple[NDArray[np.intp], list[str]]:
    """Code of every group and their names, in order; tiers from the top down."""
    code, found = pd.factorize(groups, sort=True)
    names = sorted(map(str, found), key=lambda name: (TIERS.index(name) if name in TIERS else len(TIERS), name))
    place = pd.Index(names, dtype=object).get_indexer(pd.Index(found, dtype=object))
    return place[code], names


def tenure_class(years: Floats) -> Names:
    """tenure_0 (less than a year) … tenure_4 (ten years and more); tenure_unknown where the start is not known."""
    names = np.array([f"tenure_{place}" for place in range(len(YEARS) + 1)] + ["tenure_unknown"], dtype=object)
    return names[np.where(np.isnan(years), len(YEARS) + 1, np.searchsorted(YEARS, np.nan_to_num(years), side="right"))]


def size_class(revenue: Cents) -> Names:
    """size_0 (the smallest yearly revenue) … size_4."""
    names = np.array([f"size_{place}" for place in range(len(SIZES) + 1)], dtype=object)
    return names[np.searchsorted(SIZES, money.euros(revenue), side="right")]


def lorenz(revenue: Cents, points: int = 20) -> pd.DataFrame:
    """The Lorenz curve of revenue: cumulative share of customers, smallest first, against their share of revenue.

    Returns:
        customer_share, share, equal (what the share would be if all were equal). Empty without positive revenue.
    """
    amounts = np.sort(np.maximum(revenue, 0))
    total, n = int(amounts.sum()), len(amounts)
    if total <= 0:
        return pd.DataFrame({"customer_share": [], "share": [], "equal": []})
    places = np.unique(np.round(np.linspace(0, n, points + 1)).astype(np.int64))
    running = np.append(0, np.cumsum(amounts))[places]
    return pd.DataFrame({"customer_share": places / n, "share": running / total, "equal": places / n})
