"""Every customer's lifetime value with its ingredients: the table that all other results of this room build on."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.check import Results
from klantwaarde.lifetime.bridge import Position
from klantwaarde.lifetime.choice import SIMPLE, Choice
from klantwaarde.lifetime.clv import Terms
from klantwaarde.lifetime.fitting import Fit
from klantwaarde.lifetime.ingredients import (
    Amounts,
    Ingredients,
    credit_costs,
    history_of,
    ingredients_of,
    losses_known,
    period_of,
    purchases_a_year,
    reference_date,
    retention_used,
    terms_of,
    yearly_amounts,
    years_in,
)
from klantwaarde.lifetime.models import MODELS
from klantwaarde.lifetime.prediction import choice_of, days_of, implied_retention, multiples
from klantwaarde.lifetime.purchases import Mask
from klantwaarde.lifetime.transactions import PurchaseDays
from klantwaarde.periods import YEAR, Days, months_earlier
from klantwaarde.tables.register import Register
from klantwaarde.tables.settings import Settings

if TYPE_CHECKING:
    from klantwaarde.model import Model

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """What this room knows of a run.

    Attributes:
        found: The ingredients.
        days: Purchase days by customer code.
        choice: The model in use, and why.
        retention: A year, per customer code: of the segment, or what stands for the model.
        retention_before: The same, as seen a year ago.
    """

    found: Ingredients
    days: PurchaseDays
    choice: Choice
    retention: Floats
    retention_before: Floats

    @property
    def by_model(self) -> bool:
        """Whether a probability model is in use."""
        return self.choice.model != SIMPLE


@dataclass(frozen=True, slots=True, eq=False)
class Valued:
    """The customers with a value, and the terms behind it, in the same order."""

    frame: pd.DataFrame
    terms: Terms


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """The customer base a year ago and now, in one order of customers."""

    opening: Position
    closing: Position
    returned: Mask


def gathered(model: "Model", results: Results) -> Gathered:
    """The ingredients and the retention of every customer, worked out once a run.

    Raises:
        ModelError: nobody bought anything up to the reference date (KW-LT-110).
    """
    if "lifetime" not in model.shared:
        model.shared["lifetime"] = _gather(model, results)
    found: Gathered = model.shared["lifetime"]
    return found


def _gather(model: "Model", results: Results) -> Gathered:
    days = days_of(model)
    choice = choice_of(days, model.settings, reference_date(model))
    found = ingredients_of(model, results)
    simple = retention_used(model.settings, found.retention)[found.segment]
    history = history_of(model)
    if choice.fit is None or choice.model == SIMPLE:
        return Gathered(found, days, choice, simple, simple)
    now, before = (
        _by_model(model.settings, choice.fit, days, at, purchases_a_year(days, part, len(simple)), simple)
        for at, part in ((found.at, history), (months_earlier(found.at, YEAR), history[:1]))
    )
    return Gathered(found, days, choice, now, before)


def _by_model(settings: Settings, fit: Fit, days: PurchaseDays, at: date, yearly: Floats, simple: Floats) -> Floats:
    """The retention that stands for the model; that of the segment for who has no history at this day."""
    terms = terms_of(settings, np.ones(1), np.ones(1) / 2, by_model=True)
    implied = implied_retention(multiples(fit, days, at, yearly, terms), terms)
    return np.where(np.isnan(implied), simple, implied)


def clv(model: "Model", results: Results) -> pd.DataFrame:
    """Lifetime value of every customer that ever bought and is not excluded.

    Returns:
        customer_id, name, segment, status (existing · new · returned · inactive), cohort (year), last_purchase; yearly
        averages: annual_revenue, annual_gross_margin, annual_cost_to_serve, annual_direct_cost, annual_credit_cost,
        annual_margin; p_alive (with a probability model), retention, multiple, clv (NaN for who is not active, and when
        no retention is known), flag.
    """
    got = gathered(model, results)
    found, register, rows = got.found, model.register, np.flatnonzero(got.found.counted)
    active = found.active[rows]
    margin = found.amounts.margin(model.settings.clv_margin_basis)[rows]
    retention = np.where(active, got.retention[rows], np.nan)
    multiple = terms_of(model.settings, margin, retention, by_model=got.by_model).multiple
    since = known_since(register, found.first)
    columns: dict[str, Any] = {"customer_id": register.ids.to_numpy(object)[rows]}
    for name in ("name", "segment"):
        if name in register.master:
            columns[name] = register.master[name].fillna("").to_numpy(object)[rows]
    columns["status"] = status(found, since)[rows]
    columns["cohort"] = since[rows].astype("M8[Y]").astype(str).astype(object)
    columns["last_purchase"] = found.last[rows].astype("M8[us]")
    columns |= {name: part[rows] for name, part in _shown(found.amounts).items()}
    columns |= {"annual_margin": margin, **_alive(got, rows), "retention": retention, "multiple": multiple}
    columns["clv"] = money.round_half_up(margin * multiple)
    columns["flag"] = np.where(active & (margin < 0), "loses_money", "")
    return pd.DataFrame(columns)


def _alive(got: Gathered, rows: NDArray[np.intp]) -> dict[str, Floats]:
    """The probability of being a customer still, when a model tells it."""
    if not got.by_model or got.choice.fit is None:
        return {}
    history, fit = got.choice.history, got.choice.fit
    alive = np.full(len(got.retention), np.nan)
    told = MODELS[fit.model].p_alive(fit.parameters, history.frequency, history.recency, history.age)
    alive[history.customers.astype(np.intp)] = told
    return {"p_alive": alive[rows]}


def valued(model: "Model", results: Results) -> Valued:
    """The customers with a value."""
    frame = results["clv"]
    frame = frame[frame["clv"].notna()].reset_index(drop=True)
    margin, retention = (frame[name].to_numpy(float) for name in ("annual_margin", "retention"))
    by_model = gathered(model, results).by_model
    return Valued(frame, terms_of(model.settings, margin, retention, by_model=by_model))


def moments(model: "Model", results: Results) -> Moments | None:
    """A year ago and now; None when the history holds no comparable year before this one.

    The opening is valued with what was known then: the margin of the period before alone, and the purchases up to then.
    The segments' retention, the parameters of a model and the cost of credit are those of now.
    """
    got, history = gathered(model, results), history_of(model)
    found = got.found
    whole_years = len(history) == 2 and all(abs(years_in(books) - 1) < 1e-9 for books in history)
    known = ~np.isnan(np.append(got.retention[found.active], got.retention_before[found.active_before])).any()
    if not whole_years or period_of(model.books)[1] != found.at or not known:
        return None
    settings, rows = model.settings, np.flatnonzero(found.counted)
    credit = credit_costs(model, results)
    earlier = yearly_amounts(history[:1], found.first, credit, losses_known(model, results))
    opening, closing = (
        Position(active[rows], terms_of(settings, amounts.margin(settings.clv_margin_basis)[rows], rate[rows], by_model=got.by_model))
        for active, amounts, rate in (
            (found.active_before, earlier, got.retention_before), (found.active, found.amounts, got.retention),
        )
    )  # fmt: skip
    return Moments(opening, closing, status(found, known_since(model.register, found.first))[rows] == "returned")


def known_since(register: Register, first: Days) -> Days:
    """The first purchase, or the day in the debtor master when that is earlier."""
    if "customer_since" not in register.master:
        return first
    return np.fmin(first, register.master["customer_since"].to_numpy("M8[D]"))


def status(found: Ingredients, since: Days) -> NDArray[np.object_]:
    """Where a customer stands: existing, new in the last year, returned after a year without purchases, or inactive."""
    came = np.where(since > np.datetime64(months_earlier(found.at, YEAR)), "new", "returned")
    return np.where(~found.active, "inactive", np.where(found.active_before, "existing", came)).astype(object)


def _shown(amounts: Amounts) -> dict[str, Floats]:
    """The yearly amounts; costs only when there are any."""
    parts = {name: getattr(amounts, name) for name in ("revenue", "gross_margin", "cost_to_serve", "direct_cost", "credit_cost")}
    return {f"annual_{name}": part for name, part in parts.items() if name in ("revenue", "gross_margin") or part.any()}
