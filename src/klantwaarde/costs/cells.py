"""Totals per receiver: the same in any order of rows, to the last bit."""

import math
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from klantwaarde.money import Cents, Floats

Codes = NDArray[np.integer[Any]]


@overload
def totals_by(codes: Codes, amounts: Cents, n: int) -> Cents: ...
@overload
def totals_by(codes: Codes, amounts: Floats, n: int) -> Floats: ...
def totals_by(codes: Codes, amounts: NDArray[Any], n: int) -> NDArray[Any]:
    """Sum amounts per code: whole cents give exact whole cents, floats give floats.

    The last bit of a float sum depends on its order. So floats are first set on a common grid, fine enough for 52 bits
    of the largest possible sum: sums of grid points are exact. Whole numbers lie on the grid already.

    Args:
        codes: The receiver of each amount, 0 up to ``n``; any order.
        amounts: int64 cents, or float64 quantities or minutes.
        n: How many receivers there are; one without amounts gets 0.

    Raises:
        ValueError: a code lies outside 0..n-1.

    Example:
        >>> totals_by(np.array([2, 0, 2]), np.array([100, 5, 1]), 3).tolist()
        [5, 0, 101]
    """
    if len(codes) and (codes.min() < 0 or codes.max() >= n):
        raise ValueError(f"codes must lie in 0..{n - 1}; found {codes.min()} and {codes.max()}")
    if amounts.dtype.kind == "f":
        return np.bincount(codes, weights=_on_grid(amounts), minlength=n)
    totals = np.zeros(n, dtype=amounts.dtype)
    np.add.at(totals, codes, amounts)
    return totals


def _on_grid(amounts: Floats) -> Floats:
    """The nearest multiples of a power of two of which any sum of these amounts is exact."""
    largest = float(np.abs(amounts).max(initial=0.0)) * len(amounts)
    step = math.ldexp(1.0, math.frexp(largest)[1] - 52)
    if step <= 0:
        return amounts
    grid = amounts * (1 / step)
    np.rint(grid, out=grid)
    grid *= step
    return grid
