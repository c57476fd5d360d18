"""What a minute of capacity costs, and what stays unused.

Time-driven activity-based costing after Kaplan & Anderson, "Time-Driven Activity-Based Costing", Harvard Business
Review 82(11), 2004; the dual-rate method after Horngren et al., Cost Accounting, 14th ed., chapter 15.
All functions take single numbers or arrays; quantities share one unit (minutes or hours), rates are euro per that unit.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from klantwaarde.messages import Fault
from klantwaarde.money import AmountError, Floats


class UnusedCapacity(NamedTuple):
    """What was supplied but not used. Over-capacity is a negative quantity and cost, so that used + unused = supplied."""

    quantity: Floats
    cost: Floats
    utilisation: Floats  # fraction; above 1 is over-capacity


@dataclass(frozen=True, slots=True, eq=False)
class DualRate:
    """Charges per user under the dual-rate method, in euro, and the fixed cost that nobody claimed in the budget."""

    fixed_rate: float
    fixed: Floats
    variable: Floats
    unused_quantity: float
    unused_cost: float

    @property
    def total(self) -> Floats:
        return self.fixed + self.variable


def capacity_rate(cost: ArrayLike, capacity: ArrayLike) -> Floats:
    """Capacity cost rate: the cost of a pool per unit of its practical capacity.

    Raises:
        AmountError: a capacity is not above zero (KW-CO-040).

    Example:
        >>> float(capacity_rate(560_000, 700_000))
        0.8
    """
    return np.asarray(np.asarray(cost, dtype=np.float64) / _above_zero(capacity))


def unused_capacity(capacity: ArrayLike, used: ArrayLike, rate: ArrayLike) -> UnusedCapacity:
    """Unused quantity, its cost at the capacity cost rate, and the utilisation.

    Raises:
        AmountError: a capacity is not above zero (KW-CO-040).

    Example:
        >>> [float(figure) for figure in unused_capacity(100, 120, 10)]
        [-20.0, -200.0, 1.2]
    """
    supplied = _above_zero(capacity)
    taken = np.asarray(used, dtype=np.float64)
    quantity = np.asarray(supplied - taken)
    return UnusedCapacity(quantity, np.asarray(quantity * np.asarray(rate)), np.asarray(taken / supplied))


def dual_rate(
    fixed_cost: float,
    budgeted_usage: ArrayLike,
    variable_rate: float,
    actual_usage: ArrayLike,
    *,
    practical_capacity: float | None = None,
) -> DualRate:
    """Charge fixed cost on budgeted usage and variable cost on actual usage (Horngren et al., 14th ed., p. 546).

    Args:
        fixed_cost: Fixed cost of the supplying department, in euro.
        budgeted_usage: Budgeted quantity per user.
        variable_rate: Budgeted variable cost per unit, in euro.
        actual_usage: Actual quantity per user, in the same order.
        practical_capacity: Quantity that the fixed cost supplies; without it the budgeted total, so that all fixed cost
            is charged. What is supplied above the budget stays as unused.

    Raises:
        AmountError: the capacity is not above zero (KW-CO-040), or nothing was budgeted (KW-CO-041).
    """
    budgeted = np.atleast_1d(np.asarray(budgeted_usage, dtype=np.float64))
    claimed = float(budgeted.sum())
    if practical_capacity is None and not claimed > 0:
        raise AmountError([Fault("KW-CO-041", found=claimed)])
    supplied = claimed if practical_capacity is None else practical_capacity
    rate = float(capacity_rate(fixed_cost, supplied))
    return DualRate(
        fixed_rate=rate,
        fixed=rate * budgeted,
        variable=variable_rate * np.atleast_1d(np.asarray(actual_usage, dtype=np.float64)),
        unused_quantity=supplied - claimed,
        unused_cost=rate * (supplied - claimed),
    )


def _above_zero(capacity: ArrayLike) -> Floats:
    supplied = np.asarray(capacity, dtype=np.float64)
    wrong = np.flatnonzero(~(np.isfinite(supplied) & (supplied > 0)))
    if len(wrong):
        first = int(wrong[0])
        raise AmountError([Fault("KW-CO-040", found=float(supplied.flat[first]), values={"position": first + 1})])
    return supplied
