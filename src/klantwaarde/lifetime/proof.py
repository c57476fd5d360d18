"""What the chosen forecast rests on: how every method did on the own history, as tables."""


import pandas as pd

from klantwaarde.lifetime.choice import UNIT, Choice
from klantwaarde.lifetime.holdout import Verdict
from klantwaarde.lifetime.tracking import tracking
from klantwaarde.lifetime.transactions import PurchaseDays

STEP = 4.0  # weeks in a period of the tracking


def methods(choice: Choice) -> pd.DataFrame:
    """How every method predicted the test.

    Returns:
        method, customers, actual, predicted (purchases of all customers), bias, mae, rmse (per customer), used (bool).
    """
    if not choice.verdicts:
        return pd.DataFrame({"method": []})
    naive = choice.verdicts[0].errors.iloc[1:]
    rows = pd.concat([*(verdict.errors.iloc[:1] for verdict in choice.verdicts), naive], ignore_index=True)
    return rows.assign(used=rows["method"] == choice.model).sort_values("rmse", kind="stable", ignore_index=True)


def best(choice: Choice) -> Verdict | None:
    """The verdict on the model in use, else on the one that came nearest."""
    used = [verdict for verdict in choice.verdicts if verdict.fit.model == choice.model]
    ranked = sorted(choice.verdicts, key=lambda verdict: float(verdict.errors["rmse"].iloc[0]))
    return next(iter([*used, *ranked]), None)


def tracked(choice: Choice, days: PurchaseDays) -> pd.DataFrame:
    """Actual and expected repeat purchases in periods of four weeks, as :func:`klantwaarde.lifetime.tracking.tracking`."""
    verdict = best(choice)
    if verdict is None or choice.split is None:
        return pd.DataFrame({"period_end": []})
    known = choice.split
    return tracking(days, verdict.fit, calibration_end=known.calibration.end, end=known.end, unit=UNIT, step=STEP)


def by_frequency(choice: Choice) -> pd.DataFrame:
    """Mean purchases in the test by repeat purchases before it: actual, predicted and naive."""
    verdict = best(choice)
    return pd.DataFrame({"frequency": []}) if verdict is None else verdict.by_frequency
