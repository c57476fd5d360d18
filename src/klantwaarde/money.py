"""Money in whole cents: euros to cents and back, and amounts split so that the parts add up exactly.

Rounding is half up on the magnitude (2.675 -> 2.68, -2.675 -> -2.68), as Excel's ROUND does. Splitting follows the
largest remainder method (Hare quota): cut to whole cents, then the leftover cents go to the largest remainders, ties
to the lowest position. Callers order positions by their key, so "lowest position" means "lowest key".
"""

import math
import operator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from klantwaarde.messages import Fault, InputError

Cents = NDArray[np.int64]
Floats = NDArray[np.float64]

AMOUNT_LIMIT = 1e13  # euros; from here a double no longer holds every cent
_FINEST_STEP = 20  # remainders are compared in steps of 2**-20 cent, about 1e-6
_NOISE_BITS = 49  # ... and never finer than 16 units in the last place of the largest share


class AmountError(InputError, ValueError):
    """An amount or a driver quantity that cannot be worked with."""


def cents(values: ArrayLike) -> Cents:
    """Euros as whole cents, half up on the magnitude.

    Args:
        values: Amounts in euros, integers or floats.

    Raises:
        AmountError: an amount is not a finite number (KW-CO-001) or is 1e13 euros or more (KW-CO-002).
        TypeError: something else than numbers.

    Example:
        >>> cents([2.675, -1.005, 0.29]).tolist()
        [268, -101, 29]
    """
    euros_in = _numbers(values)
    magnitude = np.abs(euros_in)
    _refuse_where(~np.isfinite(magnitude), "KW-CO-001", euros_in)
    _refuse_where(magnitude >= AMOUNT_LIMIT, "KW-CO-002", euros_in)
    return np.asarray(np.copysign(_whole_units(magnitude, 2), euros_in), dtype=np.int64)


def euros(amounts_in_cents: ArrayLike) -> Floats:
    """Whole cents as euros: the double nearest to the decimal amount."""
    return np.asarray(amounts_in_cents, dtype=np.int64) / np.float64(100)


def round_half_up(values: ArrayLike, decimals: int = 2) -> Floats:
    """Numbers rounded half up on the magnitude; ``decimals`` may be negative. NaN and infinity stay as they are.

    Example:
        >>> round_half_up([0.125, -2.5, 1.005]).tolist()
        [0.13, -2.5, 1.01]
    """
    numbers = _numbers(values)
    magnitude = np.abs(numbers)
    scale = 10.0 ** abs(decimals)
    with np.errstate(over="ignore", invalid="ignore"):
        units = _whole_units(magnitude, decimals)
        rounded = units / scale if decimals >= 0 else units * scale
        rounded = np.where(units < 2.0**52, rounded, magnitude)  # beyond 2**52 units every double is whole already
    return np.asarray(np.copysign(rounded, numbers) + 0.0)  # + 0.0 turns -0.0 into 0.0


def largest_remainder(weights: ArrayLike, total_cents: int) -> Cents:
    """Split an amount in proportion to weights, to the cent.

    Args:
        weights: Driver quantities, >= 0, at least one > 0.
        total_cents: The amount in cents; may be negative (a refund splits as the sale did, with the sign turned).

    Returns:
        Cents per weight; they sum exactly to ``total_cents`` and a zero weight gets nothing.

    Raises:
        AmountError: a weight is not a number (KW-CO-001) or negative (KW-CO-003), or none is above zero (KW-CO-004).

    Example:
        >>> largest_remainder([1, 1, 1], -100_00).tolist()
        [-3334, -3333, -3333]
    """
    quantities = np.atleast_1d(_numbers(weights))
    _refuse_where(~np.isfinite(quantities), "KW-CO-001", quantities)
    _refuse_where(quantities < 0, "KW-CO-003", quantities)
    largest = quantities.max(initial=0.0)
    if not largest > 0:
        raise AmountError([Fault("KW-CO-004", values={"count": len(quantities)})])
    total = operator.index(total_cents)
    fractions = quantities / largest  # first to 0..1, so that neither huge nor tiny weights overflow
    return round_to_total(fractions * (total / fractions.sum()), total)


def split(amount: float, weights: ArrayLike, *, decimals: int = 2) -> Floats:
    """An amount in proportion to weights, in parts of so many decimals that add up to the rounded amount.

    Args:
        amount: In euros; may be negative.
        weights: Driver quantities, >= 0, at least one > 0.
        decimals: Of the parts; negative ones split in tens, hundreds and so on.

    Raises:
        AmountError: as :func:`largest_remainder`, or the amount has too many digits (KW-CO-002).

    Example:
        >>> split(100, [1, 1, 1]).tolist(), split(-10, [1, 1, 1], decimals=0).tolist()
        ([33.34, 33.33, 33.33], [-4.0, -3.0, -3.0])
    """
    units = _whole_units(np.abs(np.float64(amount)), decimals)
    if not units < AMOUNT_LIMIT * 100:
        raise AmountError([Fault("KW-CO-002", found=float(amount), values={"position": 1, "count": 1})])
    parts = largest_remainder(weights, int(math.copysign(units, amount)))
    scale = 10.0 ** abs(decimals)
    return np.asarray(parts / scale if decimals >= 0 else parts * scale)


def round_to_total(shares_in_cents: ArrayLike, total: int) -> Cents:
    """Round exact shares to whole cents so that they sum to the total.

    Shares may have either sign. Each is cut towards zero; the cents left over go, one each, to the largest remainders
    in the direction of what is left, ties to the lowest position. Remainders are compared in steps of about 1e-6 cent
    (more for shares above 5 million euros), so that the last bits of a float never decide who gets a cent.
    ``round_to_total(-shares, -total)`` is exactly ``-round_to_total(shares, total)``; a zero share stays zero.

    Args:
        shares_in_cents: Unrounded shares, in cents.
        total: What they should sum to, in whole cents.

    Raises:
        ValueError: the shares do not sum to about the total, or one is not a number.
    """
    shares = np.asarray(shares_in_cents, dtype=np.float64)
    scale = _largest_magnitude(shares)
    whole = np.trunc(shares)
    rounded = whole.astype(np.int64)
    np.subtract(shares, whole, out=whole)
    remainders = whole
    leftover = operator.index(total) - int(rounded.sum())
    drift = float(remainders.sum()) - leftover
    if abs(drift) > 0.5 + 1e-15 * scale * len(shares):
        raise ValueError(f"the shares sum to {drift:+.3f} cent more than the total of {total} cents")
    if leftover:
        remainders *= math.copysign(_steps_per_cent(scale), leftover)
        ranks = np.rint(remainders, out=remainders)
        _add_to_largest(rounded, ranks, leftover, shares)
    return rounded


def _whole_units(magnitude: Floats, decimals: int) -> Floats:
    """How many units of ``10**-decimals`` a magnitude rounds to, half up.

    A typed 1.005 is the double nearest to that decimal. So is the tie computed here, because one division of an exact
    numerator is rounded correctly: the comparison sees equal numbers as equal, whatever ``1.005 * 100`` gives.
    """
    scale = 10.0 ** abs(decimals)
    if decimals >= 0:
        units = np.floor(magnitude * scale)
        ties = (units + 0.5) / scale
    else:
        units = np.floor(magnitude / scale)
        ties = (units + 0.5) * scale
    return np.asarray(units + (magnitude >= ties))


def _largest_magnitude(shares: Floats) -> float:
    largest = max(float(shares.max()), -float(shares.min())) if len(shares) else 0.0
    if not math.isfinite(largest):
        raise ValueError("a share is not a finite number")
    return largest


def _steps_per_cent(largest: float) -> float:
    """How finely remainders are compared. A power of two: scaling is exact, and decimal ties never fall between."""
    exponent = math.frexp(largest)[1]
    return math.ldexp(1.0, min(_FINEST_STEP, _NOISE_BITS - exponent))


def _add_to_largest(rounded: Cents, ranks: Floats, leftover: int, shares: Floats) -> None:
    """Give ``abs(leftover)`` cells one cent each, in the direction of ``leftover``: largest rank, then lowest position.

    A cut at zero or below means more cents than remainders: float noise of a huge total. A zero share stays out of it.
    """
    count = abs(leftover)
    cut = _nth_largest(ranks, count)
    if cut <= 0:
        ranks = np.where(np.abs(shares) > 0, ranks, -np.inf)
        cut = _nth_largest(ranks, count)
    above = ranks > cut
    tied = np.flatnonzero(ranks == cut)[: count - np.count_nonzero(above)]
    above[tied] = True
    if leftover > 0:
        rounded += above
    else:
        rounded -= above


def _nth_largest(ranks: Floats, count: int) -> float:
    place = len(ranks) - count
    return float(np.partition(ranks, place)[place])


def _numbers(values: ArrayLike) -> Floats:
    numbers = np.asarray(values)
    if numbers.dtype.kind not in "iuf":
        raise TypeError(f"numbers expected, not {numbers.dtype}")
    return numbers.astype(np.float64, copy=False)


def _refuse_where(wrong: NDArray[np.bool_], code: str, values: Floats) -> None:
    """Raise one fault that names the first wrong value, its position from 1 and how many there are."""
    positions = np.flatnonzero(wrong)
    if len(positions):
        first = int(positions[0])
        place = {"position": first + 1, "count": len(positions)}
        raise AmountError([Fault(code, found=float(np.ravel(values)[first]), values=place)])
