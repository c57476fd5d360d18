"""Customer equity: what all customers together are worth, for whom, and when the money comes."""

from collections.abc import Mapping
from math import isinf

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from klantwaarde import money
from klantwaarde.costs.cells import totals_by
from klantwaarde.lifetime.cashflows import SHOWN
from klantwaarde.lifetime.clv import DELAY, Terms

Floats = NDArray[np.float64]


def customer_equity(value: Floats, margin: Floats, groups: Mapping[str, NDArray[np.object_]]) -> pd.DataFrame:
    """Value per group, for every way of grouping; each way adds up to all customers.

    Args:
        value: Lifetime value per customer, in whole cents.
        margin: Yearly, in whole cents.
        groups: Way of grouping -> group of every customer.

    Returns:
        dimension, key, customers, annual_margin, clv, share (NaN when the total is not positive).
    """
    worth, earned = money.cents(value), money.cents(margin)
    total = int(worth.sum())
    parts = []
    for dimension, keys in groups.items():
        code, names = pd.factorize(keys, sort=True)
        amounts = totals_by(code, worth, len(names))
        parts.append(
            pd.DataFrame(
                {
                    "dimension": dimension, "key": names, "customers": np.bincount(code, minlength=len(names)),
                    "annual_margin": money.euros(totals_by(code, earned, len(names))), "clv": money.euros(amounts),
                    "share": amounts / total if total > 0 else np.nan,
                }
            )
        )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def expected_margins(terms: Terms, *, total: float, loss: ArrayLike = 0.0) -> pd.DataFrame:
    """Year by year what the customers of today are expected to bring, and what is at risk.

    Args:
        terms: One customer per position, all with the same horizon and discount.
        total: The value of all customers, in whole cents; present values add up to it.
        loss: Expected loss on receivables a year per customer, already inside the margin.

    Returns:
        year (NaN = everything after the last year), expected_margin, margin_at_risk (margin above
        zero of customers that are expected to leave in that year, and the expected loss on receivables), discount_factor,
        present_value, cumulative.
    """
    horizon = float(np.max(np.asarray(terms.periods, dtype=float)))
    year = np.arange(1, (SHOWN if isinf(horizon) else int(horizon)) + 1)[:, np.newaxis]
    margin, retention = np.asarray(terms.margin, dtype=float), np.asarray(terms.retention, dtype=float)
    before = margin * (1 + np.asarray(terms.growth, dtype=float)) ** (year - 1.0) * retention ** (year - 1.0)
    expected = (before if terms.first_margin else before * retention).sum(axis=1)
    at_risk = np.maximum(before, 0.0) * (1 - retention) + np.asarray(loss, dtype=float) * retention ** (year - 1.0)
    factor = (1 + float(np.max(terms.discount))) ** -(year[:, 0] - 1.0 + DELAY[terms.timing])
    present = expected * factor
    frame = pd.DataFrame(
        {
            "year": year[:, 0].astype(float), "expected_margin": money.round_half_up(expected),
            "margin_at_risk": money.round_half_up(at_risk.sum(axis=1)), "discount_factor": factor,
        }
    )  # fmt: skip
    if isinf(horizon):
        frame.loc[len(frame)] = [np.nan] * 4
        present = np.append(present, total - present.sum())
    cents = money.round_to_total(_closing(present, total, margin.size) * 100, round(total * 100))
    return frame.assign(present_value=money.euros(cents), cumulative=money.euros(np.cumsum(cents)))


def _closing(parts: Floats, total: float, customers: int) -> Floats:
    """The years with what rounding every customer to the cent made: it goes with the largest year."""
    rest = total - float(parts.sum())
    if abs(rest) > 0.005 * customers + 1e-9 * abs(total) + 0.01:
        raise AssertionError(f"the years miss {rest:.2f} of the value")
    closed = parts.copy()
    closed[np.argmax(np.abs(closed))] += rest
    return closed
