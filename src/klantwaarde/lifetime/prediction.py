"""From a probability model to the yearly retention that gives the same value.

A model expects purchases; a lifetime value counts margins a year. Every purchase is taken to bring what a purchase of this
customer brought so far, so the model's multiple is its discounted expected purchases / purchases a year. The retention
that gives this multiple under the conventions of the settings then stands for the model in everything that follows:
years ahead, sensitivity, potential and the bridge. It is at most 1: nobody is expected to bring more than so far.
"""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from klantwaarde.lifetime.choice import SIMPLE, UNIT, Choice, choose_model
from klantwaarde.lifetime.clv import DELAY, Terms
from klantwaarde.lifetime.fitting import ENOUGH_CUSTOMERS, Fit
from klantwaarde.lifetime.models import MODELS
from klantwaarde.lifetime.transactions import PurchaseDays, continuous_rate, periods_a_year, purchase_days, summarise
from klantwaarde.messages import Fault
from klantwaarde.tables.settings import Settings

if TYPE_CHECKING:
    from klantwaarde.model import Model

Floats = NDArray[np.float64]

HALVINGS = 50  # of the range in which a retention is sought: past the last bit


def days_of(model: "Model") -> PurchaseDays:
    """The purchase days of customers that are not excluded, by customer code."""
    lines, codes = model.tables["invoice_lines"], model.books.scope.customers["invoice_lines"]
    known = ~model.register.excluded[codes]  # nor lines without a known customer
    amounts, days = lines["net_amount"].to_numpy(float)[known], lines["invoice_date"].to_numpy("M8[D]")[known]
    return purchase_days(codes[known], days, amounts)


def choice_of(days: PurchaseDays, settings: Settings, at: date) -> Choice:
    """The model for this run.

    The simple rule when retention is given, when margins grow faster than money costs, and with too few customers.
    """
    settings = replace(settings, reference_date=at)
    if settings.clv_growth >= max(settings.discount_rate, 1e-9) or settings.retention is not None:
        settings = replace(settings, clv_model=SIMPLE)
    few = len(days.customers)
    if settings.clv_model == "auto" and few < ENOUGH_CUSTOMERS:
        reason = Fault("KW-LT-104", "warn", values={"count": few, "enough": ENOUGH_CUSTOMERS})
        return Choice(SIMPLE, summarise(days, end=at, unit=UNIT), reasons=(reason, Fault("KW-LT-121", "note")))
    return choose_model(days, settings)


def multiples(fit: Fit, days: PurchaseDays, at: date, purchases_a_year: Floats, terms: Terms) -> Floats:
    """Value per euro of yearly margin that the model expects at a day, per customer code; NaN without a history."""
    history = summarise(days, end=at, unit=UNIT)
    discount, growth = float(np.max(terms.discount)), float(np.max(terms.growth))
    horizon = float(np.max(terms.periods)) * periods_a_year(UNIT)
    rate = continuous_rate((1 + discount) / (1 + growth) - 1, UNIT)
    ahead = MODELS[fit.model].residual_transactions(
        fit.parameters, history.frequency, history.recency, history.age, rate, horizon
    )
    codes, found = history.customers.astype(np.intp), np.full(len(purchases_a_year), np.nan)
    yearly = purchases_a_year[codes]
    shift = (1 + discount) ** (0.5 - DELAY[terms.timing]) * (1 + growth) ** -0.5  # a continuous stream is mid-year
    found[codes] = np.divide(ahead * shift, yearly, out=np.full(len(codes), np.nan), where=yearly > 0)
    return found


def implied_retention(multiple: Floats, terms: Terms) -> Floats:
    """The retention from 0 to 1 whose multiple comes nearest to this one.

    Example:
        >>> implied_retention(np.array([8 / 3, 1e9]), Terms(1.0, 0.5, 0.1)).round(9).tolist()
        [0.8, 1.0]
    """
    low, high = np.zeros_like(multiple), np.ones_like(multiple)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        under = replace(terms, margin=1.0, retention=middle).multiple < multiple
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return np.where(np.isnan(multiple), np.nan, (low + high) / 2)
