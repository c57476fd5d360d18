"""Expected credit losses: loss rates per ageing class from own history, and the allowance that they give.

Roll-rate method: of every euro that reaches an ageing class, which part rolls on into the next one, and what of the last
class is lost in the end. The loss rate of a class is the product of all rolls after it (IFRS 9 B5.5.35, the simplified
approach with a provision matrix; illustrative example 12).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from klantwaarde import money
from klantwaarde.credit.items import Cents, Items
from klantwaarde.periods import Days

Floats = NDArray[np.float64]
Source = Literal["setting", "booked_losses", "still_open", "no_history"]
LOST_AFTER = 365  # days after the due date; what is open then counts as lost when no losses are booked


@dataclass(frozen=True, slots=True, eq=False)
class LossRates:
    """The loss rate of every ageing class, and where it comes from.

    Attributes:
        rates: Fraction of what is in the class that is lost in the end; NaN = not known.
        reached: Cents that reached the class in the history.
        rolls: Fraction of that which reached the next class; of the last class, what was lost.
        source: Given as a setting; own history with booked losses, or with what stayed open; or no history.
    """

    rates: Floats
    reached: Cents
    rolls: Floats
    source: Source


def loss_rates(rolls: ArrayLike) -> Floats:
    """Loss rate per class from its roll rates, the last of which is what is lost of the last class.

    Nothing lost further on means nothing lost, whatever is not known after that. No rate exceeds 1: losses that are booked
    before an invoice is that old weigh on the earlier classes too.

    Example:
        >>> loss_rates([0.2, 0.5, 0.1]).round(4).tolist()
        [0.01, 0.05, 0.1]
    """
    rates = np.asarray(rolls, dtype=float).copy()
    for place in range(len(rates) - 2, -1, -1):
        rates[place] = 0.0 if rates[place] == 0 else rates[place] * rates[place + 1]
    return np.minimum(rates, 1.0)


def roll_rates(balances: ArrayLike) -> Floats:
    """Roll rates between classes from balances at successive moments.

    Roll of a class = what stands in the next class one moment later / what stood in the class; NaN where nothing did.

    Args:
        balances: One row per moment, the oldest first; one column per class, the least overdue first.

    Example:
        >>> roll_rates([[100, 20, 5], [100, 30, 10], [100, 20, 15]]).tolist()
        [0.25, 0.5]
    """
    stands = np.asarray(balances, dtype=float)
    before, after = stands[:-1, :-1].sum(axis=0), stands[1:, 1:].sum(axis=0)
    return np.asarray(after / np.where(before > 0, before, np.nan))


def own_loss_rates(items: Items, borders: Sequence[float], at: np.datetime64, booked: int) -> LossRates:
    """Loss rates from what happened to the invoices: every euro is followed from class to class.

    A roll counts only invoices of which it is known: the day on which they would reach the next class is not after the
    reference date. What is lost of the last class: booked losses against all that reached it; without booked losses the
    part that was still open a year after the due date.

    Args:
        items: Open and paid items; without any payment there is no history.
        borders: Of the ageing classes.
        at: The reference date.
        booked: Cents of losses booked over the history.
    """
    invoices = items.only((items.amount > 0) & (items.timed | (items.paid == 0)))
    moments = _entries(invoices, borders)
    width = len(moments)
    left = [np.maximum(invoices.open_at(moment), 0) for moment in moments]
    reached = np.array([int(part[moment <= at].sum()) for part, moment in zip(left, moments, strict=True)])
    rolls = np.full(width, np.nan)
    if not (invoices.paid > 0).any():
        return LossRates(rolls, reached, rolls, "no_history")
    for place in range(width - 1):
        rolls[place] = _share(left[place], left[place + 1], moments[place + 1] <= at)
    lost = invoices.due + LOST_AFTER
    source: Source = "booked_losses" if booked > 0 else "still_open"
    if booked > 0:
        rolls[-1] = booked / reached[-1] if reached[-1] > 0 else np.nan
    else:
        rolls[-1] = _share(left[-1], np.maximum(invoices.open_at(lost), 0), lost <= at)
    return LossRates(loss_rates(rolls), reached, rolls, source)


def _entries(items: Items, borders: Sequence[float]) -> list[Days]:
    """The day on which every item reaches each class: its invoice date, the day after its due date, and so on."""
    return [items.start, *(items.due + (int(border) + 1) for border in (0, *borders))]


def _share(before: Cents, after: Cents, known: NDArray[np.bool_]) -> float:
    whole = int(before[known].sum())
    return float(np.minimum(before, after)[known].sum() / whole) if whole > 0 else float("nan")


def expected_credit_loss(amounts: ArrayLike, rates: ArrayLike) -> Floats:
    """Allowance per row: amount x rate, in whole cents.

    Example:
        >>> expected_credit_loss([15_000_000, 7_500_000], [0.003, 0.016]).tolist()
        [45000.0, 120000.0]
    """
    return money.round_half_up(np.asarray(amounts, dtype=float) * np.asarray(rates, dtype=float))


def allowances(exposure: Cents, rates: Floats) -> Floats:
    """Allowance in cents per customer (row) and class (column): the allowance of a class, spread to the cent.

    Args:
        exposure: Open cents of invoices, zero or more.
        rates: Per class; NaN leaves the cells that hold anything unknown (NaN).
    """
    cells = np.zeros(exposure.shape)
    for place, rate in enumerate(rates):
        column = exposure[:, place]
        if np.isnan(rate):
            cells[:, place] = np.where(column > 0, np.nan, 0.0)
        else:
            total = int(money.cents(expected_credit_loss(column.sum() / 100, rate)))
            cells[:, place] = money.round_to_total(column * rate, total)
    return cells
