"""What it costs to win customers, how many a target asks for, and whether an investment in a customer pays.

Definitions: Gupta & Lehmann, Managing Customers as Investments, 2005, ch. 2 and 3.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from klantwaarde.lifetime.clv import Terms
from klantwaarde.messages import Fault
from klantwaarde.money import AmountError

Floats = NDArray[np.float64]

_NOISE = 1e-9  # 51.000000000001 customers are 51


class Reactivation(NamedTuple):
    """What winning customers back brings; cost as a part of the acquisition cost is NaN when that is not known."""

    cost_each: Floats
    net_value_each: Floats
    net_value: Floats
    part_of_acquisition: Floats


class Investment(NamedTuple):
    """Net present value, payback in periods (NaN = never) and the value per euro invested."""

    npv: Floats
    payback: Floats
    value_per_euro: Floats


def acquisition_cost(spent: ArrayLike, new_customers: ArrayLike) -> Floats:
    """What one new customer cost: everything spent on winning customers / new customers.

    Raises:
        AmountError: there are no new customers to carry the cost (KW-LT-010).

    Example:
        >>> float(acquisition_cost(120_000 + 30_000 + 6_000, 40))
        3900.0
    """
    return np.asarray(_floats(spent) / _above_zero(new_customers, "KW-LT-010"))


def customers_for_budget(budget: ArrayLike, cost_each: ArrayLike, fixed: ArrayLike = 0.0) -> Floats:
    """Whole customers that a budget wins after its fixed part; none when the fixed part takes it all.

    Raises:
        AmountError: a new customer costs nothing or less (KW-LT-011).

    Example:
        >>> float(customers_for_budget(200_000, 3_900))
        51.0
    """
    left = _floats(budget) - _floats(fixed)
    return np.maximum(np.floor(left / _above_zero(cost_each, "KW-LT-011") + _NOISE), 0.0)


def budget_for_customers(customers: ArrayLike, cost_each: ArrayLike, fixed: ArrayLike = 0.0) -> Floats:
    """What so many new customers cost: the fixed part + customers x cost each.

    Example:
        >>> float(budget_for_customers(60, 3_900))
        234000.0
    """
    return np.asarray(_floats(fixed) + _floats(customers) * _floats(cost_each))


def value_to_acquire(
    target: ArrayLike, opening: ArrayLike, churn: ArrayLike, upsell: ArrayLike = 0.0, reactivation: ArrayLike = 0.0
) -> Floats:
    """What new customers must bring to reach a value of the customer base; zero when it is reached without them.

    Example:
        >>> float(value_to_acquire(6_300_000, 6_000_000, 600_000, 250_000, 40_000))
        610000.0
    """
    without = _floats(opening) - _floats(churn) + _floats(upsell) + _floats(reactivation)
    return np.maximum(_floats(target) - without, 0.0)


def new_customers_needed(value: ArrayLike, value_each: ArrayLike) -> Floats:
    """Whole new customers that together are worth so much.

    Raises:
        AmountError: a new customer is worth nothing or less (KW-LT-012).

    Example:
        >>> float(new_customers_needed(610_000, 5_200))
        118.0
    """
    return np.ceil(_floats(value) / _above_zero(value_each, "KW-LT-012") - _NOISE) + 0.0


def reactivation_value(
    cost: ArrayLike, customers: ArrayLike, value_each: ArrayLike, acquisition: ArrayLike | None = None
) -> Reactivation:
    """What it cost to win customers back, what is left of their value, and how that compares with winning new ones.

    Args:
        cost: Of all attempts together, also those that failed.
        customers: Won back.
        value_each: Lifetime value of a customer that came back.
        acquisition: Cost of winning one new customer, to compare with.

    Raises:
        AmountError: nobody came back (KW-LT-013), or the acquisition cost is not above zero (KW-LT-011).
    """
    won = _above_zero(customers, "KW-LT-013")
    each = _floats(cost) / won
    net = _floats(value_each) - each
    part = np.full(np.shape(each), np.nan) if acquisition is None else each / _above_zero(acquisition, "KW-LT-011")
    return Reactivation(np.asarray(each), np.asarray(net), np.asarray(net * won), np.asarray(part))


def npv_investment(investment: ArrayLike, terms: Terms) -> Investment:
    """Whether an investment in customers pays: the value of the margin it adds, less the investment.

    The payback is undiscounted and counts expected margins, with the last period in proportion.

    Args:
        investment: Now, in euro; above zero.
        terms: Of the extra margin.

    Raises:
        AmountError: nothing is invested (KW-LT-014).

    Example:
        >>> npv_investment(3_900, Terms(1_500, 1.0, 0.1, periods=5)).payback.tolist()
        2.6
    """
    spent = _above_zero(investment, "KW-LT-014")
    value = terms.value
    return Investment(np.asarray(value - spent), _payback(spent, terms), np.asarray(value / spent))


def _payback(spent: Floats, terms: Terms) -> Floats:
    """Periods after which the expected margins, q(1) = 1 or retention, have brought the investment back."""
    retention = _floats(terms.retention)
    keeps = retention * (1 + _floats(terms.growth))
    first = _floats(terms.margin) * (1.0 if terms.first_margin else retention)
    with np.errstate(all="ignore"):
        wanted = spent / first  # in first margins: 1 + keeps + keeps**2 + ...
        whole = np.where(
            keeps == 1, np.floor(wanted + _NOISE), np.floor(np.log1p(-wanted * (1 - keeps)) / np.log(keeps) + _NOISE)
        )
        whole = np.where(keeps == 0, np.floor(np.minimum(wanted, 1.0)), whole)
        sum_before = np.where(keeps == 1, whole, (1 - keeps**whole) / (1 - keeps))
        exact = whole + np.maximum(wanted - sum_before, 0.0) / keeps**whole
        exact = np.where(wanted <= 1, wanted, exact)
    reached = (first > 0) & np.isfinite(exact) & (exact <= _floats(terms.periods) + _NOISE)
    return np.where(reached, exact, np.nan)


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)


def _above_zero(values: ArrayLike, code: str) -> Floats:
    given = _floats(values)
    wrong = np.flatnonzero(~(given > 0))
    if len(wrong):
        raise AmountError([Fault(code, found=float(given.flat[wrong[0]]), values={"position": int(wrong[0]) + 1})])
    return given
