"""What a model would have said of a period that is known by now, against what happened and against a naive rule.

The customers and their history up to the boundary are all that the model sees; the purchases after it are the test. The
naive rule carries on every customer's own past rate: repeat purchases divided by age. A model has to earn its place
(Wübben & Wangenheim, Instant Customer Base Analysis, Journal of Marketing 72(3), 2008).
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from klantwaarde.lifetime.fitting import Fit
from klantwaarde.lifetime.models import MODELS
from klantwaarde.lifetime.transactions import DAYS, PurchaseDays, Summary, Unit, date_of, day_number, summarise, totals
from klantwaarde.money import Floats

MOST_FREQUENT = 7  # repeat purchases from here on share one row
NAIVE = "naive"


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """A known history in two parts.

    Attributes:
        calibration: What may be learned from.
        bought: Purchase days of the same customers after the boundary.
        spent: Their amount.
        horizon: Length of the test, in the unit of the calibration.
        end: Last day of the test.
    """

    calibration: Summary
    bought: Floats
    spent: Floats
    horizon: float
    end: date


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """How the predictions of a model and of the naive rule turned out.

    Attributes:
        fit: The model, fitted on the calibration.
        errors: One row per method (the model's id, naive): method, customers, actual, predicted (totals), bias (fraction
            of the actual total), mae, rmse (per customer).
        by_frequency: Per number of repeat purchases seen (``frequency``; the last row holds that many or more):
            customers, and mean purchases in the test: actual, predicted, naive.
        gain: By how much its RMSE is smaller, as a fraction of that of the naive rule.
    """

    fit: Fit
    errors: pd.DataFrame
    by_frequency: pd.DataFrame
    gain: float

    @property
    def wins_each(self) -> bool:
        """Whether the error per customer (RMSE) is smaller than that of the naive rule."""
        own, naive = self.errors["rmse"]
        return bool(own < naive)

    @property
    def wins_total(self) -> bool:
        """Whether the bias of the total is smaller than that of the naive rule."""
        own, naive = self.errors["bias"].abs()
        return bool(own < naive)

    @property
    def wins(self) -> bool:
        """Whether the model beats the naive rule on both."""
        return self.wins_each and self.wins_total


def split(days: PurchaseDays, boundary: date, *, end: date | None = None, unit: Unit = "week") -> Split:
    """Calibration up to and including the boundary, test after it.

    Args:
        days: From :func:`klantwaarde.lifetime.transactions.purchase_days`.
        boundary: Last day of the calibration.
        end: Last day of the test; None = the last purchase day.
        unit: Of the times.

    Raises:
        ModelError: nobody bought before the boundary (KW-LT-110).
        ValueError: the test has no day.
    """
    border, last = day_number(boundary), int(days.day.max()) if end is None else day_number(end)
    if last <= border:
        raise ValueError(f"the test must end after {boundary}")
    calibration = summarise(days, end=boundary, unit=unit)
    later = days.where((days.day > border) & (days.day <= last))
    known = np.searchsorted(days.customers, calibration.customers)
    everyone = len(days.customers)
    counts = totals(later.customer, np.ones(len(later.day)), everyone)
    amounts = totals(later.customer, later.amount, everyone)
    return Split(calibration, counts[known], amounts[known], (last - border) / DAYS[unit], date_of(last))


def naive_purchases(history: Summary, horizon: float) -> Floats:
    """Purchases ahead if every customer carried on at the own past rate: frequency / age * horizon."""
    return np.divide(history.frequency * horizon, history.age, out=np.zeros(len(history.age)), where=history.age > 0)


def judge(known: Split, model: str, *, step: int = 1) -> Verdict:
    """Fit a model on the calibration and hold its predictions against the test, of all customers.

    Args:
        known: From :func:`split`.
        model: Id of one of :data:`klantwaarde.lifetime.models.MODELS`.
        step: Fit on every so manieth customer.

    Raises:
        ModelError: the calibration cannot be fitted.
    """
    history = known.calibration
    fit = MODELS[model].fit(history.rows.every(step))
    predicted = MODELS[model].expected_purchases(
        fit.parameters, history.frequency, history.recency, history.age, known.horizon
    )
    naive = naive_purchases(history, known.horizon)
    errors = pd.DataFrame([_errors(model, known.bought, predicted), _errors(NAIVE, known.bought, naive)])
    own, other = errors.to_dict("records")
    return Verdict(
        fit,
        errors,
        _by_frequency(history.frequency, known.bought, predicted, naive),
        gain=1 - own["rmse"] / other["rmse"] if other["rmse"] > 0 else float("nan"),
    )


def _errors(method: str, actual: Floats, predicted: Floats) -> dict[str, object]:
    total, error = float(actual.sum()), predicted - actual
    return {
        "method": method,
        "customers": len(actual),
        "actual": total,
        "predicted": float(predicted.sum()),
        "bias": float(error.sum()) / total if total > 0 else float("nan"),
        "mae": float(np.abs(error).mean()),
        "rmse": float(np.sqrt((error**2).mean())),
    }


def _by_frequency(frequency: Floats, actual: Floats, predicted: Floats, naive: Floats) -> pd.DataFrame:
    group = np.minimum(frequency, MOST_FREQUENT).astype(int)
    customers = np.bincount(group, minlength=MOST_FREQUENT + 1)
    present = np.flatnonzero(customers)
    means = {
        name: np.bincount(group, column, minlength=MOST_FREQUENT + 1)[present] / customers[present]
        for name, column in (("actual", actual), ("predicted", predicted), ("naive", naive))
    }
    return pd.DataFrame({"frequency": present, "customers": customers[present]} | means)
