"""How much the value of the customer base hangs on each ingredient: one changed at a time, all others as they are."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from klantwaarde.lifetime.clv import Terms
from klantwaarde.money import AmountError

Floats = NDArray[np.float64]
Change = Callable[[float], Terms]


def tornado(terms: Terms, cost_to_serve: ArrayLike = 0.0, *, step: float = 0.1) -> pd.DataFrame:
    """Total value with every ingredient a step lower and a step higher; the largest influence first.

    Retention never passes 1, and a horizon moves by a whole period. What would make an endless value infinite is NaN.

    Args:
        terms: One customer per position.
        cost_to_serve: Yearly, inside the margin; changed by itself too.
        step: Fraction of the ingredient.

    Returns:
        ingredient, base (average of the ingredient), value_low, value_high, change_low, change_high.

    Example:
        >>> tornado(Terms([100.0, 50.0], 0.8, 0.1)).set_index("ingredient").loc["margin", "change_high"].round(2)
        np.float64(40.0)
    """
    margin, retention, discount = (np.asarray(p, dtype=float) for p in (terms.margin, terms.retention, terms.discount))
    served, growth = np.asarray(cost_to_serve, dtype=float), np.asarray(terms.growth, dtype=float)
    horizon = np.asarray(terms.periods, dtype=float)
    ingredients: dict[str, tuple[Floats, Change]] = {
        "margin": (margin, lambda by: replace(terms, margin=margin * (1 + by))),
        "retention": (retention, lambda by: replace(terms, retention=np.minimum(retention * (1 + by), 1.0))),
        "discount_rate": (discount, lambda by: replace(terms, discount=discount * (1 + by))),
        "growth": (growth, lambda by: replace(terms, growth=growth * (1 + by))),
        "cost_to_serve": (served, lambda by: replace(terms, margin=margin - served * by)),
        "horizon": (horizon, lambda by: replace(terms, periods=np.maximum(horizon + np.sign(by), 1.0))),
    }
    total = _total(terms)
    rows: list[dict[str, Any]] = [
        {"ingredient": name, "base": float(np.mean(base)), "value_low": _changed(change, -step), "value_high": _changed(change, step)}
        for name, (base, change) in ingredients.items()
        if np.isfinite(base).all() and np.any(base)
    ]  # fmt: skip
    frame = pd.DataFrame(rows)
    frame["change_low"], frame["change_high"] = frame["value_low"] - total, frame["value_high"] - total
    spread = (frame["value_high"] - frame["value_low"]).abs().fillna(0.0)
    return frame.iloc[np.argsort(-spread.to_numpy(), kind="stable")].reset_index(drop=True)


def _total(terms: Terms) -> float:
    return float(np.sum(terms.value))


def _changed(change: Change, by: float) -> float:
    try:
        return _total(change(by))
    except AmountError:
        return float("nan")
