"""Actual against expected purchases through time, and cohorts: is the model right in total, in and after its data?"""

from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde.lifetime.fitting import Fit
from klantwaarde.lifetime.models import MODELS
from klantwaarde.lifetime.transactions import DAYS, PurchaseDays, Unit, date_of, day_number, summarise


def tracking(
    days: PurchaseDays,
    fit: Fit,
    *,
    calibration_end: date,
    end: date | None = None,
    unit: Unit = "week",
    step: float = 1.0,
) -> pd.DataFrame:
    """Repeat purchases per period and cumulative, as they were and as the model expects them of these customers.

    The expectation of a period sums, over the customers of the calibration, what a new customer is expected to buy from the
    own first purchase on (Fader, Hardie & Lee 2005, figures 2 and 3). Later customers do not count on either side.

    Args:
        days: From :func:`klantwaarde.lifetime.transactions.purchase_days`.
        fit: Of one of the models, with times in ``unit``.
        calibration_end: Last day of the data that it was fitted on.
        end: Last day to look at; None = the last purchase day.
        unit: Of the model.
        step: Length of a period, in units.

    Returns:
        period_end, actual, expected, actual_cumulative, expected_cumulative, calibration (bool: within the fitted data).
    """
    history = summarise(days, end=calibration_end, unit=unit)
    last = int(days.day.max()) if end is None else day_number(end)
    first = int(history.first.min())
    borders = np.arange(first, last + 0.5, step * DAYS[unit])[1:]
    starts, customers = np.unique(history.first, return_counts=True)
    lived = np.maximum(borders[:, None] - starts, 0) / DAYS[unit]
    expected = MODELS[fit.model].population_purchases(fit.parameters, lived) @ customers
    actual = np.searchsorted(np.sort(_repeat_days(days, history.customers)), borders, side="right")
    return pd.DataFrame(
        {
            "period_end": pd.to_datetime([date_of(border) for border in borders]),
            "actual": np.diff(actual, prepend=0),
            "expected": np.diff(expected, prepend=0.0),
            "actual_cumulative": actual,
            "expected_cumulative": expected,
            "calibration": borders <= day_number(calibration_end),
        }
    )


def cohort_table(days: PurchaseDays, *, period: Literal["month", "quarter", "year"] = "quarter") -> pd.DataFrame:
    """Customers per period of first purchase, and how many of them buy in each later period.

    A customer who skips a period and returns counts again: this is activity, no survival curve.

    Returns:
        cohort (first day of the period), age (periods since), customers (of the cohort), active, retention (fraction).
        The last period may be incomplete.
    """
    code = {"month": "M", "quarter": "Q", "year": "Y"}[period]
    when = pd.PeriodIndex(days.day.astype("datetime64[D]"), freq=code).asi8
    start = np.flatnonzero(np.diff(days.customer, prepend=-1))
    cohort = np.repeat(when[start], np.diff(start, append=len(when)))
    seen = pd.DataFrame({"cohort": cohort, "age": when - cohort, "customer": days.customer}).drop_duplicates()
    active = seen.groupby(["cohort", "age"], as_index=False)["customer"].count().rename(columns={"customer": "active"})
    sizes = active.loc[active["age"] == 0].set_index("cohort")["active"]
    grid = pd.MultiIndex.from_tuples(
        [(at, age) for at in sizes.index for age in range(int(when.max()) - at + 1)], names=["cohort", "age"]
    )
    table = active.set_index(["cohort", "age"])["active"].reindex(grid, fill_value=0).reset_index()
    table.insert(2, "customers", sizes.loc[table["cohort"]].to_numpy())
    table["retention"] = table["active"] / table["customers"]
    table["cohort"] = pd.PeriodIndex.from_ordinals(table["cohort"], freq=code).start_time
    return table


def _repeat_days(days: PurchaseDays, customers: NDArray[np.generic]) -> NDArray[np.int64]:
    """Purchase days after the first one, of some customers."""
    repeat = np.diff(days.customer, prepend=-1) == 0
    chosen = np.isin(days.customer, np.searchsorted(days.customers, customers))
    return days.day[repeat & chosen]
