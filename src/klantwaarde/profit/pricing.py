"""What a discount or a price rise does: the volume that earns it back, and the price at which a result is zero."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from klantwaarde.messages import Fault, percentage
from klantwaarde.money import AmountError

Floats = NDArray[np.float64]


def volume_for_discount(discount: ArrayLike, margin: ArrayLike) -> Floats:
    """How much more volume earns a discount back: discount / (margin - discount).

    Source: the usual break-even table of discounts (Nagle & Müller, The Strategy and Tactics of Pricing, break-even
    sales analysis).

    Args:
        discount: Fraction of the price; below zero is a price rise.
        margin: Contribution margin before the discount, as a fraction of the price.

    Returns:
        Change of volume as a fraction.

    Raises:
        AmountError: the discount takes the whole margin or more (KW-PL-010).

    Example:
        >>> round(float(volume_for_discount(0.05, 0.20)), 6)
        0.333333
    """
    given, earned = (np.asarray(part, dtype=np.float64) for part in (discount, margin))
    left = np.asarray(earned - given)
    wrong = np.flatnonzero(~(left > 1e-12))
    if len(wrong):
        found = float(np.broadcast_to(given, left.shape).flat[wrong[0]])
        raise AmountError([Fault("KW-PL-010", found=percentage(float(found), "nl"), values={"position": int(wrong[0]) + 1})])
    return np.asarray(given / left)


def volume_for_price_rise(rise: ArrayLike, margin: ArrayLike) -> Floats:
    """How much volume a price rise may cost before it earns nothing: -rise / (margin + rise), below zero.

    Args:
        rise: Fraction of the old price.
        margin: Contribution margin before the rise, as a fraction of the old price.

    Raises:
        AmountError: no margin is left (KW-PL-010).

    Example:
        >>> round(float(volume_for_price_rise(0.05, 0.30)), 6)
        -0.142857
    """
    return volume_for_discount(-np.asarray(rise, dtype=np.float64), margin)


def break_even_price(result: ArrayLike, revenue: ArrayLike) -> Floats:
    """The change of price, as a fraction, at which the result is zero at the same volume: -result / revenue.

    Args:
        result: Customer result, in euro.
        revenue: Net revenue, in euro, above zero.

    Raises:
        AmountError: there is no revenue to change (KW-PL-011).

    Example:
        >>> float(break_even_price(-5_000, 100_000))
        0.05
    """
    earned, sold = (np.asarray(part, dtype=np.float64) for part in (result, revenue))
    wrong = np.flatnonzero(~(sold > 0))
    if len(wrong):
        values = {"position": int(wrong[0]) + 1}
        raise AmountError([Fault("KW-PL-011", found=float(sold.flat[wrong[0]]), values=values)])
    return np.asarray(-earned / sold + 0.0)
