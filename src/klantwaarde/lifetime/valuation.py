"""Every customer's lifetime value with its ingredients: the table that all other results of this room build on."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.check import Results
from klantwaarde.lifetime.bridge import Position
from klantwaarde.lifetime.clv import Terms
from klantwaarde.lifetime.ingredients import (
    Amounts,
    Ingredients,
    credit_costs,
    history_of,
    ingredients_of,
    period_of,
    retention_used,
    terms_of,
    yearly_amounts,
    years_in,
)
from klantwaarde.lifetime.purchases import Days, Mask, months_before
from klantwaarde.lifetime.retention import YEAR
from klantwaarde.tables.register import Register

if TYPE_CHECKING:
    from klantwaarde.model import Model

Floats = NDArray[np.float64]


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


def clv(model: "Model", results: Results) -> pd.DataFrame:
    """Lifetime value of every customer that ever bought and is not excluded.

    Returns:
        customer_id, name, segment, status (existing · new · returned · inactive), cohort (year), last_purchase; yearly
        averages: annual_revenue, annual_gross_margin, annual_cost_to_serve, annual_direct_cost, annual_credit_cost,
        annual_margin; retention, multiple, clv (NaN for who is not active, and when no retention is known), flag.
    """
    found = ingredients_of(model, results)
    register, rows = model.register, np.flatnonzero(found.counted)
    active = found.active[rows]
    margin = found.amounts.margin(model.settings.clv_margin_basis)[rows]
    retention = np.where(active, _retention(model, found)[rows], np.nan)
    multiple = terms_of(model.settings, margin, retention).multiple
    since = known_since(register, found.first)
    columns: dict[str, Any] = {"customer_id": register.ids.to_numpy(object)[rows]}
    for name in ("name", "segment"):
        if name in register.master:
            columns[name] = register.master[name].fillna("").to_numpy(object)[rows]
    columns["status"] = status(found, since)[rows]
    columns["cohort"] = since[rows].astype("M8[Y]").astype(str).astype(object)
    columns["last_purchase"] = found.last[rows].astype("M8[us]")
    columns |= {name: part[rows] for name, part in _shown(found.amounts).items()}
    columns |= {"annual_margin": margin, "retention": retention, "multiple": multiple}
    columns["clv"] = money.round_half_up(margin * multiple)
    columns["flag"] = np.where(active & (margin < 0), "loses_money", "")
    return pd.DataFrame(columns)


def valued(model: "Model", results: Results) -> Valued:
    """The customers with a value."""
    frame = results["clv"]
    frame = frame[frame["clv"].notna()].reset_index(drop=True)
    terms = terms_of(model.settings, frame["annual_margin"].to_numpy(float), frame["retention"].to_numpy(float))
    return Valued(frame, terms)


def moments(model: "Model", results: Results) -> Moments | None:
    """A year ago and now; None when the history holds no comparable year before this one.

    The opening is valued with what was known then, so with the margin of the period before alone; the retention and the
    cost of credit are those of now, because no earlier ones can be known.
    """
    history = history_of(model)
    found = ingredients_of(model, results)
    whole_years = len(history) == 2 and all(abs(years_in(books) - 1) < 1e-9 for books in history)
    if not whole_years or period_of(model.books)[1] != found.at or np.isnan(found.retention.whole):
        return None
    settings, rows = model.settings, np.flatnonzero(found.counted)
    credit = credit_costs(model.register, results)
    earlier = yearly_amounts(history[:1], found.first, credit, has_losses="expected_loss" in results)
    retention = _retention(model, found)[rows]
    opening, closing = (
        Position(active[rows], terms_of(settings, amounts.margin(settings.clv_margin_basis)[rows], retention))
        for active, amounts in ((found.active_before, earlier), (found.active, found.amounts))
    )
    return Moments(opening, closing, status(found, known_since(model.register, found.first))[rows] == "returned")


def known_since(register: Register, first: Days) -> Days:
    """The first purchase, or the day in the debtor master when that is earlier."""
    if "customer_since" not in register.master:
        return first
    return np.fmin(first, register.master["customer_since"].to_numpy("M8[D]"))


def status(found: Ingredients, since: Days) -> NDArray[np.object_]:
    """Where a customer stands: existing, new in the last year, returned after a year without purchases, or inactive."""
    came = np.where(since > np.datetime64(months_before(found.at, YEAR)), "new", "returned")
    return np.where(~found.active, "inactive", np.where(found.active_before, "existing", came)).astype(object)


def _retention(model: "Model", found: Ingredients) -> Floats:
    """Per customer, active or not."""
    return retention_used(model.settings, found.retention)[found.segment]


def _shown(amounts: Amounts) -> dict[str, Floats]:
    """The yearly amounts; costs only when there are any."""
    parts = {name: getattr(amounts, name) for name in ("revenue", "gross_margin", "cost_to_serve", "direct_cost", "credit_cost")}
    return {f"annual_{name}": part for name, part in parts.items() if name in ("revenue", "gross_margin") or part.any()}
