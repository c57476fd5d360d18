"""What customers could be worth: the same formula at an attainable share of wallet, retention and cost to serve.

Three levers, each at a ceiling that others reach already. A lever is pulled only where it adds value: more revenue from
a customer that costs money, or holding on to it longer, would make things worse until its cost to serve comes down.
The order in which levers are pulled changes what each brings, so every lever gets its average over all orders (Shapley
1953). An unknown wallet leaves the potential unknown.

Size and share of wallet: Du, Kamakura & Mela, "Size and Share of Customer Wallet", Journal of Marketing 71(2), 2007.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import permutations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from klantwaarde import money
from klantwaarde.lifetime.clv import Terms
from klantwaarde.tables.register import Codes

Floats = NDArray[np.float64]

LEVERS = ("wallet_share", "cost_to_serve", "retention")
FEWEST = 5  # known shares from which a segment is its own yardstick
ATTAINABLE = 75  # percentile of the shares of wallet that customers give already


@dataclass(frozen=True, slots=True, eq=False)
class Now:
    """What a customer brings a year now; one customer per position.

    Attributes:
        revenue: Net revenue.
        contribution: Before cost to serve.
        cost_to_serve: What serving it costs.
        terms: Of the lifetime value; the margin is contribution - cost to serve.
    """

    revenue: Floats
    contribution: Floats
    cost_to_serve: Floats
    terms: Terms


@dataclass(frozen=True, slots=True, eq=False)
class Ceilings:
    """What is attainable; NaN = no ceiling known.

    Attributes:
        revenue: A year; without it the potential is unknown.
        cost_ratio: Cost to serve per euro of revenue.
        retention: A year.
    """

    revenue: Floats
    cost_ratio: Floats
    retention: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Potential:
    """What could be, in euro.

    Attributes:
        current, potential: Lifetime values; potential is never below current.
        margin: Yearly, at the ceilings.
        extra_revenue: Yearly, at the ceilings.
        gaps: Lever -> its part of potential - current.
    """

    current: Floats
    potential: Floats
    margin: Floats
    extra_revenue: Floats
    gaps: dict[str, Floats]

    @property
    def gap(self) -> Floats:
        """The most that may be spent on reaching the potential."""
        return np.asarray(self.potential - self.current)


def potential_value(now: Now, ceilings: Ceilings) -> Potential:
    """Current and potential value and what each lever adds; whole cents that add up per customer."""
    worth: dict[tuple[str, ...], Floats] = {(): now.terms.value}
    gains = {lever: np.zeros_like(now.terms.value) for lever in LEVERS}
    orders = list(permutations(LEVERS))
    for order in orders:
        for count, lever in enumerate(order, start=1):
            before, after = tuple(sorted(order[: count - 1])), tuple(sorted(order[:count]))
            if after not in worth:
                worth[after] = _value(now, ceilings, after)
            gains[lever] = gains[lever] + (worth[after] - worth[before]) / len(orders)
    unknown = np.where(np.isnan(ceilings.revenue), np.nan, 0.0)
    levels = money.round_half_up(np.cumsum([worth[()], *(gain + unknown for gain in gains.values())], axis=0))
    parts = money.round_half_up(np.diff(levels, axis=0))
    margin = np.asarray(_at(now, ceilings, LEVERS).margin) + unknown
    extra = np.maximum(ceilings.revenue - now.revenue, 0.0) * (_unit_margin(now, ceilings, LEVERS) > 0) + unknown
    return Potential(
        levels[0], levels[-1], money.round_half_up(margin), money.round_half_up(extra), dict(zip(LEVERS, parts, strict=True))
    )  # fmt: skip


def wallet_shares(revenue: ArrayLike, wallet: ArrayLike) -> Floats:
    """Own revenue as part of what the customer spends in all, at most 1; NaN without a known wallet.

    Example:
        >>> wallet_shares([30.0, 60.0, 5.0], [100.0, 50.0, float("nan")]).tolist()
        [0.3, 1.0, nan]
    """
    bought, spent = np.asarray(revenue, dtype=float), np.asarray(wallet, dtype=float)
    share = np.divide(np.maximum(bought, 0.0), spent, out=np.full(np.shape(spent), np.nan), where=spent > 0)
    return np.minimum(share, 1.0)


def attainable(values: Floats, segment: Codes, percentile: float) -> Floats:
    """What a segment's customers reach already, per customer: a percentile of the known values of its segment.

    A segment with fewer than five known values follows all customers together; NaN when they have fewer than five too.
    """
    known = ~np.isnan(values)
    everyone = float(np.percentile(values[known], percentile)) if known.sum() >= FEWEST else float("nan")
    found = np.full(len(values), everyone)
    for code in np.unique(segment):
        inside = segment == code
        if (inside & known).sum() >= FEWEST:
            found[inside] = np.percentile(values[inside & known], percentile)
    return found


def _value(now: Now, ceilings: Ceilings, levers: Sequence[str]) -> Floats:
    return _at(now, ceilings, levers).value


def _at(now: Now, ceilings: Ceilings, levers: Sequence[str]) -> Terms:
    """The terms with these levers pulled, where they help."""
    unit = _unit_margin(now, ceilings, levers)
    revenue = np.maximum(ceilings.revenue, now.revenue) if "wallet_share" in levers else now.revenue
    revenue = np.where(unit > 0, revenue, now.revenue)
    sold = now.revenue > 0
    margin = np.where(sold, unit * revenue, np.asarray(now.terms.margin, dtype=float))
    retention = np.asarray(now.terms.retention, dtype=float)
    if "retention" in levers:
        retention = np.where(margin > 0, np.fmax(retention, ceilings.retention), retention)
    return replace(now.terms, margin=margin, retention=retention)


def _unit_margin(now: Now, ceilings: Ceilings, levers: Sequence[str]) -> Floats:
    """Margin per euro of revenue; zero without revenue."""
    revenue = np.where(now.revenue > 0, now.revenue, np.nan)
    ratio = now.cost_to_serve / revenue
    if "cost_to_serve" in levers:
        ratio = np.fmin(ratio, ceilings.cost_ratio)
    return np.nan_to_num(now.contribution / revenue - ratio)
