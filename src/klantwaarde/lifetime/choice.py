"""Which model to use: a probability model only when it has proved itself on the own history, else the simple rule.

With many customers the models are fitted on some of them, evenly over all histories: more would not settle the parameters
any better, and takes long where the data do not settle them at all. The test and the model that is used are of everyone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import numpy as np
import pandas as pd

from klantwaarde.lifetime import gammagamma
from klantwaarde.lifetime.fitting import Fit
from klantwaarde.lifetime.holdout import Split, Verdict, judge, split
from klantwaarde.lifetime.models import MODELS
from klantwaarde.lifetime.transactions import (
    ModelError,
    PurchaseDays,
    Rows,
    Summary,
    Unit,
    continuous_rate,
    date_of,
    day_number,
    periods_a_year,
    summarise,
)
from klantwaarde.messages import Fault
from klantwaarde.tables.settings import Settings

SIMPLE: Final = "simple"
UNIT: Unit = "week"
TEST_SHARE = 1 / 3  # of the history, at its end
START_SHARE = 0.1  # first seen in this part of the history: probably a customer before it
MANY_BEFORE = 0.5
MOST_FITTED = 20_000  # customers to fit a candidate on
_LOST: Final = {  # wins per customer, wins on the total -> why the model is not good enough
    (True, True): "KW-LT-123", (True, False): "KW-LT-128", (False, True): "KW-LT-129", (False, False): "KW-LT-122",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """The model to use, and why.

    Attributes:
        model: ``simple``, or the id of a probability model.
        history: Of every customer up to the reference date.
        fit: The model on the whole history; None with the simple rule.
        spending: Gamma-Gamma on the whole history; None without repeat purchases that have a value.
        split: The history in calibration and test; None when that was not tried.
        verdicts: How every model tried did on the test.
        reasons: Why this model, and what makes it doubtful.
    """

    model: str
    history: Summary
    fit: Fit | None = None
    spending: Fit | None = None
    split: Split | None = None
    verdicts: tuple[Verdict, ...] = ()
    reasons: tuple[Fault, ...] = ()


def choose_model(days: PurchaseDays, settings: Settings) -> Choice:
    """The model that the settings ask for, or with ``auto`` the one that predicted the last third of the history best.

    A model wins when it beats carrying on the past rate both per customer (RMSE) and in total (bias), and its fit has no
    warnings; otherwise the simple rule stays. Beyond 20,000 customers a model is fitted on every so manieth of them, in the
    order of their histories; all are predicted and tested, and a sound model that is to be used is fitted again on all.

    Args:
        days: From :func:`klantwaarde.lifetime.transactions.purchase_days`.
        settings: ``clv_model`` and ``reference_date``.

    Raises:
        ModelError: nobody bought before the reference date (KW-LT-110).
    """
    history = summarise(days, end=settings.reference_date, unit=UNIT)
    if settings.clv_model == SIMPLE:
        return Choice(SIMPLE, history, reasons=(Fault("KW-LT-120", "note"),))
    seen = days.where(days.day <= day_number(history.end))
    rows, step = history.rows, -(-len(history.customers) // MOST_FITTED)
    try:
        known = _halves(seen, history)
        names = MODELS if settings.clv_model == "auto" else (settings.clv_model,)
        verdicts = tuple(judge(known, name, step=step) for name in names)
        some = rows.every(step)
        fits = {
            verdict.fit.model: MODELS[verdict.fit.model].fit(some, verdict.fit.parameters) for verdict in verdicts
        }
    except ModelError as error:
        return Choice(SIMPLE, history, reasons=(*error.faults, Fault("KW-LT-121", "warn")))
    doubts = (*_sampled(rows, step), *_known_before(history))
    tried = Choice(SIMPLE, history, None, _spending(history), known, verdicts, doubts)
    return _decide(tried, _on_everyone(verdicts, fits, rows, asked=settings.clv_model), asked=settings.clv_model)


def forecast(choice: Choice, *, annual_rate: float, years: float) -> pd.DataFrame:
    """What the chosen probability model expects of every customer.

    Args:
        choice: Of a probability model.
        annual_rate: Effective discount rate a year.
        years: Horizon; 0 = endless.

    Returns:
        customer, frequency, recency, age, p_alive, purchases_year (expected in the next year), residual_transactions
        (discounted, over the horizon), value (expected amount of a purchase; NaN when unknown), residual_value
        (discounted amount over the horizon).
    """
    assert choice.fit is not None
    history, model, parameters = choice.history, MODELS[choice.fit.model], choice.fit.parameters
    past, a_year = (history.frequency, history.recency, history.age), periods_a_year(history.unit)
    rate, horizon = continuous_rate(annual_rate, history.unit), years * a_year if years else np.inf
    residual = model.residual_transactions(parameters, *past, rate, horizon)
    value = np.full(len(residual), np.nan)
    if choice.spending is not None:
        value = gammagamma.expected_value(choice.spending.parameters, history.frequency, history.value)
    return pd.DataFrame(
        {
            "customer": history.customers,
            "frequency": history.frequency,
            "recency": history.recency,
            "age": history.age,
            "p_alive": model.p_alive(parameters, *past),
            "purchases_year": model.expected_purchases(parameters, *past, a_year),
            "residual_transactions": residual,
            "value": value,
            "residual_value": residual * value,
        }
    )


def _halves(seen: PurchaseDays, history: Summary) -> Split:
    span = (history.end - date_of(history.first.min())).days
    boundary = history.end - timedelta(days=max(int(span * TEST_SHARE), 1))
    known = split(seen, boundary, end=history.end, unit=UNIT)
    if not known.bought.any():
        raise ModelError([Fault("KW-LT-126", "note", found=f"{boundary + timedelta(days=1):%d-%m-%Y}")])
    return known


def _spending(history: Summary) -> Fit | None:
    try:
        return gammagamma.fit(gammagamma.spending(history.frequency, history.value))
    except ModelError:
        return None


def _best(verdicts: Sequence[Verdict], fits: Mapping[str, Fit]) -> tuple[Verdict, bool]:
    """The verdict that counts: of a sound model that wins, else a sound one, else any; and whether it is sound."""
    ranked = sorted(verdicts, key=lambda verdict: float(verdict.errors["rmse"].iloc[0]))
    sound = [verdict for verdict in ranked if verdict.fit.trusted and fits[verdict.fit.model].trusted]
    winners = [verdict for verdict in sound if verdict.wins]
    return (winners or sound or ranked)[0], bool(sound)


def _on_everyone(verdicts: Sequence[Verdict], fits: dict[str, Fit], rows: Rows, *, asked: str) -> dict[str, Fit]:
    """The sound model that is going to be used fitted on all customers; the next one when that fit is doubtful."""
    for _ in verdicts:
        best, sound = _best(verdicts, fits)
        name = best.fit.model
        if not sound or not (best.wins or asked == name) or fits[name].customers == rows.customers:
            break
        fits = {**fits, name: MODELS[name].fit(rows, fits[name].parameters)}
    return fits


def _decide(tried: Choice, fits: Mapping[str, Fit], *, asked: str) -> Choice:
    """The best verdict with a sound fit; a model that was asked for stays, with a warning when it loses."""
    best, sound = _best(tried.verdicts, fits)
    fit = fits[best.fit.model]
    remarks = (*tried.reasons, *fit.remarks, *(tried.spending.remarks if tried.spending else ()))
    own, naive = best.errors.to_dict("records")
    values = {
        "error": own["rmse"], "naive_error": naive["rmse"], "bias": 100 * own["bias"], "naive_bias": 100 * naive["bias"],
        "name": MODELS[best.fit.model].title,
    }  # fmt: skip
    if sound and best.wins:
        return replace(tried, model=fit.model, fit=fit, reasons=(Fault("KW-LT-124", "note", values=values), *remarks))
    lost = Fault(_LOST[best.wins_each, best.wins_total], "warn", values=values)
    if asked != "auto":
        return replace(tried, model=asked, fit=fit, reasons=(lost, *remarks))
    return replace(tried, reasons=(lost, Fault("KW-LT-121", "note"), *remarks))


def _sampled(rows: Rows, step: int) -> list[Fault]:
    """A remark when the candidates were fitted on some of the customers."""
    if step == 1:
        return []
    values = {"count": int(rows.customers), "step": step, "fitted": int(rows.every(step).customers)}
    return [Fault("KW-LT-127", "note", values=values)]


def _known_before(history: Summary) -> list[Fault]:
    """A remark when most customers were already there when the history begins: their age is longer than what is seen."""
    longest = float(history.age.max())
    early = float((history.age >= (1 - START_SHARE) * longest).mean())
    if early <= MANY_BEFORE or longest == 0:
        return []
    return [Fault("KW-LT-125", "note", values={"percent": round(100 * early)})]
