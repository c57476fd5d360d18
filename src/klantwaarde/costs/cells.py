"""What each cell of customer x activity costs, and totals over cells.

Both kernels wait for memory, not for arithmetic: they read every cell once and keep what lies between in cache.
"""

from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from klantwaarde.money import Cents, Floats

Codes = NDArray[np.integer[Any]]

_BLOCK = 32_768  # cells; a block of codes and rates stays in the second-level cache


def cell_costs(quantity: Floats, minutes: ArrayLike, activity_code: Codes, rate_by_activity: ArrayLike) -> Floats:
    """Cost of each cell: quantity x minutes x the capacity cost rate of its activity (Kaplan & Anderson, 2004).

    Args:
        quantity: How often, per cell.
        minutes: Minutes per time, for each cell or one number for all.
        activity_code: The activity of each cell: a position in ``rate_by_activity``; int16 or int32 is fastest.
        rate_by_activity: Euro per minute of the pool that performs the activity.

    Returns:
        Unrounded euros per cell.

    Raises:
        ValueError: an activity code lies outside ``rate_by_activity``.

    Example:
        >>> cell_costs(np.array([2.0, 3.0]), [10, 5], np.array([1, 0]), [0.75, 0.5]).tolist()
        [10.0, 11.25]
    """
    rates = np.asarray(rate_by_activity, dtype=np.float64)
    minutes_per_cell = np.broadcast_to(np.asarray(minutes, dtype=np.float64), quantity.shape)
    costs = np.empty(len(quantity))
    rate_block = np.empty(_BLOCK)
    for start in range(0, len(quantity), _BLOCK):
        block = slice(start, min(start + _BLOCK, len(quantity)))
        rate = rate_block[: block.stop - start]
        np.take(rates, _checked(activity_code[block], len(rates)), out=rate, mode="clip")  # "raise" would copy first
        np.multiply(quantity[block], rate, out=costs[block])
        costs[block] *= minutes_per_cell[block]
    return costs


@overload
def totals_by(codes: Codes, amounts: Cents, n: int) -> Cents: ...
@overload
def totals_by(codes: Codes, amounts: Floats, n: int) -> Floats: ...
def totals_by(codes: Codes, amounts: NDArray[Any], n: int) -> NDArray[Any]:
    """Sum amounts per code: whole cents give exact whole cents, floats give floats.

    Args:
        codes: The receiver of each amount, 0 up to ``n``; any order, ascending is fastest.
        amounts: int64 cents or float64 euros.
        n: How many receivers there are; one without amounts gets 0.

    Raises:
        ValueError: a code lies outside 0..n-1.

    Example:
        >>> totals_by(np.array([2, 0, 2]), np.array([100, 5, 1]), 3).tolist()
        [5, 0, 101]
    """
    totals = np.zeros(n, dtype=amounts.dtype)
    positions = np.empty(_BLOCK, dtype=np.intp)
    for start in range(0, len(amounts), _BLOCK):
        block = slice(start, min(start + _BLOCK, len(amounts)))
        position = positions[: block.stop - start]
        np.copyto(position, _checked(codes[block], n))
        np.add.at(totals, position, amounts[block])
    return totals


def _checked(codes: Codes, n: int) -> Codes:
    if codes.min() < 0 or codes.max() >= n:
        raise ValueError(f"codes must lie in 0..{n - 1}; found {codes.min()} and {codes.max()}")
    return codes
