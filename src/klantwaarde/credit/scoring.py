"""Credit risk of a model: every customer scored, the classes, and value against risk."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from klantwaarde import money
from klantwaarde.check import Results
from klantwaarde.costs.cells import totals_by
from klantwaarde.credit.groups import INACTIVE, named, value_tiers
from klantwaarde.credit.provision import provision_of
from klantwaarde.credit.receivables import Receivables, receivables_of
from klantwaarde.credit.risk import CLASSES, HIGH, SCORECARD, Scored, behaviour_at, dunning_at, scorecard_table, scored
from klantwaarde.periods import YEAR
from klantwaarde.profit.curve import TIERS

if TYPE_CHECKING:
    from klantwaarde.model import Model


def scored_of(model: "Model") -> Scored:
    """The scorecard of a model, worked out once."""
    if "scored" not in model.shared:
        receivables = receivables_of(model)
        now = {"credit_score": receivables.outside_score, "dunning_level": dunning_at(receivables.items, receivables.ends[0], n=receivables.n)}
        model.shared["scored"] = _scored(receivables, _history(receivables, 0) | now)
    found: Scored = model.shared["scored"]
    return found


def _history(receivables: Receivables, lag: int) -> dict[str, np.ndarray]:
    """What the year up to so many months back says of every customer."""
    return behaviour_at(receivables.items, receivables.ends[lag + YEAR], receivables.ends[lag], limit=receivables.limit)


def _scored(receivables: Receivables, measures: dict[str, np.ndarray]) -> Scored:
    return scored(measures, middle=receivables.settings.risk_middle, high=receivables.settings.risk_high)


def high_risk_share(receivables: Receivables, lag: int) -> float:
    """Share of scored customers at high risk so many months back, by what can be known of then; NaN without any.

    Today's dunning levels and outside scores say nothing about then: only own payment history counts.
    """
    measures = _history(receivables, lag)
    known = receivables.counted & ~(np.isnan(measures["long_overdue_share"]) & np.isnan(measures["days_late"]))
    found = _scored(receivables, {name: values[known] for name, values in measures.items()})
    return float((found.risk_class == HIGH).mean()) if known.any() else float("nan")


def risk_scorecard(model: "Model", _results: Results) -> pd.DataFrame:
    """The scorecard with its borders, its points and how many active customers stand in each band."""
    return scorecard_table(scored_of(model), receivables_of(model).active)


def risk(model: "Model", results: Results) -> pd.DataFrame:
    """Every customer that is active or owes something, the highest score first.

    Returns:
        customer_id, name, segment, tier, risk_class, risk_score, scorecard_known, the measures of the scorecard, exposure,
        credit_limit, expected_loss, net_revenue, clv where it was worked out, active.
    """
    receivables, found = receivables_of(model), scored_of(model)
    exposure = receivables.exposure
    rows = np.flatnonzero(receivables.counted & (receivables.active | (exposure > 0)))
    columns: dict[str, object] = {**named(model.register, rows)}
    columns["tier"] = value_tiers(model, receivables, results)[rows]
    columns |= {"risk_class": found.risk_class[rows], "risk_score": found.score[rows], "scorecard_known": found.known[rows]}
    columns |= {part.id: found.measures[part.id][rows] for part in SCORECARD}
    columns |= {
        "exposure": money.euros(exposure[rows]), "credit_limit": receivables.limit[rows] / 100,
        "expected_loss": provision_of(model).by_customer[rows], "net_revenue": money.euros(model.books.statement.net_revenue[rows]),
    }  # fmt: skip
    clv = results.get("clv")
    if clv is not None and len(clv):
        columns["clv"] = pd.Series(columns["customer_id"]).map(clv.set_index("customer_id")["clv"]).to_numpy(float)
    frame = pd.DataFrame(columns | {"active": receivables.active[rows]})
    order = np.lexsort((rows, -frame["exposure"], -frame["risk_score"].fillna(-1)))
    return frame.iloc[order].reset_index(drop=True)


def risk_classes(_model: "Model", results: Results) -> pd.DataFrame:
    """Active customers per risk class: by number, revenue and exposure.

    Returns:
        risk_class, customers, customer_share, net_revenue, revenue_share, exposure, exposure_share, expected_loss.
    """
    frame = results["risk"]
    active = frame[frame["active"]]
    place = pd.Index(CLASSES).get_indexer(pd.Index(active["risk_class"]))
    width = len(CLASSES)
    count = np.bincount(place, minlength=width)
    columns: dict[str, object] = {"risk_class": CLASSES, "customers": count, "customer_share": _shares(count)}
    for name, share in (("net_revenue", "revenue_share"), ("exposure", "exposure_share")):
        cents = totals_by(place, money.cents(active[name].to_numpy(float)), width)
        columns |= {name: money.euros(cents), share: _shares(cents)}
    loss = np.bincount(place, weights=active["expected_loss"].to_numpy(float), minlength=width)
    return pd.DataFrame(columns | {"expected_loss": money.round_half_up(loss)})


def risk_value_matrix(_model: "Model", results: Results) -> pd.DataFrame:
    """Value tier (rows) against risk class: customers and exposure in each cell; the customers behind it stand in ``risk``.

    Returns:
        tier (``inactive`` = owes something but is not active), per class ``customers_<class>`` and ``exposure_<class>``,
        customers, exposure, expected_loss.
    """
    frame, tiers = results["risk"], (*TIERS, INACTIVE)
    height, width = len(tiers), len(CLASSES)
    row = pd.Index(tiers).get_indexer(pd.Index(frame["tier"]))
    cell = row * width + pd.Index(CLASSES).get_indexer(pd.Index(frame["risk_class"]))
    count = np.bincount(cell, minlength=height * width).reshape(height, width)
    owed = totals_by(cell, money.cents(frame["exposure"].to_numpy(float)), height * width).reshape(height, width)
    short = [name.removeprefix("risk_") for name in CLASSES]
    columns: dict[str, object] = {"tier": tiers}
    columns |= {f"customers_{name}": count[:, place] for place, name in enumerate(short)}
    columns |= {f"exposure_{name}": money.euros(owed[:, place]) for place, name in enumerate(short)}
    loss = np.bincount(row, weights=frame["expected_loss"].to_numpy(float), minlength=height)
    return pd.DataFrame(
        columns | {"customers": count.sum(axis=1), "exposure": money.euros(owed.sum(axis=1)), "expected_loss": money.round_half_up(loss)}
    )


def _shares(parts: np.ndarray) -> np.ndarray:
    total = parts.sum()
    return parts / total if total > 0 else np.full(len(parts), np.nan)
