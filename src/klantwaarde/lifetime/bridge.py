"""How the value of the customer base moved between two moments a year apart, in two forms that both close.

The simple form says what happened to customers: acquired, reactivated, lost, more or less margin. The actuarial form
says first what was expected to happen: value accretes by a year's interest (unwinding, a plus), the expected margin is
earned and leaves the value (a minus), and customers stay or go as expected; only then what turned out better or worse.

Form: Wiesel, Skiera & Villanueva, "Customer Equity: An Integral Part of Financial Reporting", Journal of Marketing
72(2), 2008. The identity behind the actuarial form is V0 (1 + d) = r (m + V1) for an endless value.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.lifetime.clv import DELAY, Terms
from klantwaarde.lifetime.purchases import Mask

Floats = NDArray[np.float64]
Form = Literal["simple", "actuarial"]
Step = tuple[str, Floats]

FORMS: tuple[Form, ...] = ("simple", "actuarial")


@dataclass(frozen=True, slots=True, eq=False)
class Position:
    """The customer base at one moment; all arrays are in one order of customers.

    Attributes:
        active: Who was a customer.
        terms: Margin and retention per customer; what they are for others does not matter.
    """

    active: Mask
    terms: Terms

    @property
    def value(self) -> Floats:
        """Per customer, in whole cents; zero for who is none."""
        return money.round_half_up(np.where(self.active, self.terms.value, 0.0))


def equity_bridge(opening: Position, closing: Position, reactivated: Mask, *, form: Form) -> pd.DataFrame:
    """The steps from the opening to the closing value; they add up to the cent.

    Args:
        opening: A year before the closing.
        closing: The same customers now.
        reactivated: Who came back; others that are active only now were acquired.
        form: ``simple`` or ``actuarial``.

    Returns:
        step, amount (euro), level (running euro). First step ``opening``, last ``closing``.
    """
    steps = dict((_simple if form == "simple" else _actuarial)(opening, closing, reactivated))
    start, end = (int(money.cents(position.value).sum()) for position in (opening, closing))
    exact = [100 * float(change.sum()) for change in steps.values()]
    amounts = np.array([start, *money.round_to_total(exact, end - start), end])
    levels = np.append(np.cumsum(amounts[:-1]), end)
    return pd.DataFrame({"step": ["opening", *steps, "closing"], "amount": money.euros(amounts), "level": money.euros(levels)})


def _simple(opening: Position, closing: Position, reactivated: Mask) -> Iterator[Step]:
    lost = opening.active & ~closing.active
    yield from _came(closing, opening.active, reactivated)
    yield from _repriced(opening, closing, opening.value)
    yield "lost", np.where(lost, -opening.value, 0.0)


def _actuarial(opening: Position, closing: Position, reactivated: Mask) -> Iterator[Step]:
    terms, here, stays = opening.terms, opening.active, closing.active
    discount, retention, growth = (np.asarray(p, dtype=float) for p in (terms.discount, terms.retention, terms.growth))
    certain = 1.0 if terms.first_margin else retention
    realised = np.where(here, _margin(opening) * certain * (1 + discount) ** (1 - DELAY[terms.timing]), 0.0)
    unwinding = opening.value * discount
    rolled = opening.value * (1 + growth)  # worth at closing, if the customer is still there
    expected = np.where(here, retention * rolled, 0.0)
    yield "unwinding", unwinding
    yield "expected_margin_realised", -realised
    yield "horizon_rolled", expected - (opening.value + unwinding - realised)
    yield "retained_better_than_expected", np.where(stays, rolled - expected, 0.0)
    yield "churn_worse_than_expected", np.where(stays, 0.0, -expected)
    yield from _repriced(opening, closing, rolled)
    yield from _came(closing, here, reactivated)


def _margin(position: Position) -> Floats:
    return np.where(position.active, np.asarray(position.terms.margin, dtype=float), 0.0)


def _repriced(opening: Position, closing: Position, expected: Floats) -> Iterator[Step]:
    """Customers that stayed: more margin and less margin than expected, and another retention."""
    stayed = opening.active & closing.active
    by_retention = np.where(stayed, _margin(closing) * (closing.terms.multiple - opening.terms.multiple), 0.0)
    by_margin = np.where(stayed, closing.value - expected - by_retention, 0.0)
    yield "upsell", np.maximum(by_margin, 0.0)
    yield "downsell", np.minimum(by_margin, 0.0)
    yield "retention_changed", by_retention


def _came(closing: Position, was_here: Mask, reactivated: Mask) -> Iterator[Step]:
    came = closing.active & ~was_here
    yield "acquired", np.where(came & ~reactivated, closing.value, 0.0)
    yield "reactivated", np.where(came & reactivated, closing.value, 0.0)
