"""Customer lifetime value by the textbook formula: margin, retention and discount under a convention that is named.

A customer brings a margin ``m`` a period, stays with probability ``r`` a period, and money costs ``d`` a period. With
growth ``g`` the customer is worth

    first * (1 - q**n) / (1 - q),   q = r (1 + g) / (1 + d),   first = m * s * (1 + d)**-timing

with ``s`` = 1 when the first margin is certain and ``r`` when retention comes first; ``timing`` = 0, 0.5 or 1 for money
that comes in at the begin, in the middle or at the end of a period; ``n`` periods, or endless. Endless, at the end,
retention first this is m r / (1 + d - r (1 + g)). Same inputs, other convention: 267 to 367 for m = 100, r = 0.8,
d = 0.1, so every figure says which one it is (Pfeifer, Haskins & Conroy 2005; Farris et al., Marketing Metrics, ch. 5).
"""

from dataclasses import dataclass, replace
from math import inf
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from klantwaarde.messages import Fault
from klantwaarde.money import AmountError

Floats = NDArray[np.float64]
Timing = Literal["begin", "mid", "end"]

DELAY: Final = {"begin": 0.0, "mid": 0.5, "end": 1.0}  # periods before the money of a period is there
MONTHS: Final = 12


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """The ingredients of a lifetime value and the convention. Single numbers or arrays that fit each other.

    NaN is an unknown ingredient and gives an unknown value.

    Attributes:
        margin: A period, in euro; may be negative.
        retention: Probability that a customer stays for another period.
        discount: Rate a period.
        periods: How many; infinite = endless.
        first_margin: Whether the first margin is certain; otherwise retention comes first.
        timing: When the margin of a period comes in.
        growth: Of the margin a period, from the second period on.

    Raises:
        AmountError: an ingredient is out of its range (KW-LT-003 up to 006), or the endless sum has no end (KW-LT-001
            without growth, KW-LT-002 with growth).
    """

    margin: ArrayLike
    retention: ArrayLike
    discount: ArrayLike
    periods: ArrayLike = inf
    first_margin: bool = False
    timing: Timing = "end"
    growth: ArrayLike = 0.0

    def __post_init__(self) -> None:
        retention, discount, growth, periods = map(_floats, (self.retention, self.discount, self.growth, self.periods))
        _refuse_where((retention < 0) | (retention > 1), "KW-LT-003", retention)
        _refuse_where(discount < 0, "KW-LT-004", discount)
        _refuse_where(growth <= -1, "KW-LT-005", growth)
        _refuse_where(periods < 1, "KW-LT-006", periods)
        endless = np.isinf(periods) & (self._decay <= 0)
        _refuse_where(endless & (growth <= 0), "KW-LT-001", retention)
        _refuse_where(endless & (growth > 0), "KW-LT-002", growth)

    @property
    def _decay(self) -> Floats:
        """1 - q, the part of the value that is lost every period."""
        keeps = _floats(self.retention) * (1 + _floats(self.growth))
        return (1 + _floats(self.discount) - keeps) / (1 + _floats(self.discount))

    @property
    def first_weight(self) -> Floats:
        """What one euro of margin in the first period is worth now."""
        chance = np.ones_like(_floats(self.retention)) if self.first_margin else _floats(self.retention)
        return np.asarray(chance * (1 + _floats(self.discount)) ** -DELAY[self.timing])

    @property
    def multiple(self) -> Floats:
        """Value of a customer with one euro of margin a period."""
        decay, periods = self._decay, _floats(self.periods)
        level = decay == 0  # every period is worth the same
        with np.errstate(divide="ignore", invalid="ignore"):
            total = -np.expm1(periods * np.log1p(-decay)) / decay
        return np.asarray(self.first_weight * np.where(level, periods, total))

    @property
    def value(self) -> Floats:
        """The lifetime value, before the cost of acquiring the customer."""
        return np.asarray(_floats(self.margin) * self.multiple)

    def share_after(self, periods: float) -> Floats:
        """Part of the value that comes after so many periods; below zero never, NaN where the value is zero or unknown."""
        ending = np.minimum(_floats(self.periods), periods)
        whole = self.multiple
        within = replace(self, periods=ending).multiple
        return np.divide(whole - within, whole, out=np.full(np.shape(whole), np.nan), where=whole > 0)

    def monthly(self) -> "Terms":
        """The same terms a month: a twelfth of the margin, and rates that compound to the yearly ones.

        Example:
            >>> terms = Terms(100, 0.8, 0.1, first_margin=True, timing="begin").monthly()
            >>> round(float(terms.value), 2)
            318.2
        """
        months = _floats(self.periods) * MONTHS
        return replace(
            self, margin=_floats(self.margin) / MONTHS, retention=_floats(self.retention) ** (1 / MONTHS),
            discount=per_month(self.discount), growth=per_month(self.growth), periods=months,
        )  # fmt: skip


def per_month(annual_rate: ArrayLike) -> Floats:
    """The monthly rate that compounds to a yearly one: (1 + i)**(1/12) - 1.

    Example:
        >>> round(float(per_month(0.12)), 6)
        0.009489
    """
    return np.asarray(np.expm1(np.log1p(_floats(annual_rate)) / MONTHS))


def lifetime_value(terms: Terms, acquisition_cost: ArrayLike = 0.0) -> Floats:
    """What customers are worth, less what it costs to win them.

    Acquisition cost belongs to the view of a prospect only; for customers that are there already it is spent.

    Example:
        >>> round(float(lifetime_value(Terms(17.95, 0.995, 0.01))), 2)
        1190.68
    """
    return np.asarray(terms.value - _floats(acquisition_cost))


def margin_multiple(retention: ArrayLike, discount: ArrayLike, growth: ArrayLike = 0.0) -> Floats:
    """Value per euro of yearly margin, endless: r / (1 + d - r (1 + g)).

    Source: Gupta & Lehmann, "Customers as Assets", Journal of Interactive Marketing 17(1), 2003.

    Example:
        >>> round(float(margin_multiple(0.8, 0.12)), 4)
        2.5
    """
    return Terms(1.0, retention, discount, growth=growth).multiple


def retention_needed(value: ArrayLike, margin: ArrayLike, discount: ArrayLike) -> Floats:
    """The retention at which an endless margin is worth so much: value (1 + d) / (margin + value).

    Raises:
        AmountError: no retention from 0 to 1 gives this value (KW-LT-007).

    Example:
        >>> round(float(retention_needed(450, 100, 0.1)), 6)
        0.9
    """
    wanted, earned = np.broadcast_arrays(_floats(value), _floats(margin))
    total = earned + wanted
    found = np.divide(wanted * (1 + _floats(discount)), total, out=np.full(total.shape, np.nan), where=total != 0)
    found = np.where(wanted == 0, 0.0, found)
    _refuse_where(~((found >= 0) & (found <= 1)), "KW-LT-007", wanted)
    return np.asarray(found)


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)


def _refuse_where(wrong: NDArray[np.bool_], code: str, values: Floats) -> None:
    """Raise one fault with the first wrong value and its position from 1."""
    positions = np.flatnonzero(wrong)
    if len(positions):
        first = int(positions[0])
        found = float(np.broadcast_to(values, np.shape(wrong)).flat[first])
        raise AmountError([Fault(code, found=found, values={"position": first + 1, "count": len(positions)})])
