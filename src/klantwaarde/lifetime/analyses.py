"""The results of this room, as the model runs them."""

from collections.abc import Callable
from math import inf
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from klantwaarde import money
from klantwaarde.analysis import Analysis, Part
from klantwaarde.check import Results
from klantwaarde.lifetime import proof
from klantwaarde.lifetime.bridge import FORMS, equity_bridge
from klantwaarde.lifetime.cashflows import SHOWN
from klantwaarde.lifetime.clv import Terms
from klantwaarde.lifetime.equity import customer_equity, expected_margins
from klantwaarde.lifetime.ingredients import retention_used, terms_of
from klantwaarde.lifetime.planning import npv_investment
from klantwaarde.lifetime.potential import (
    ATTAINABLE,
    Ceilings,
    Now,
    Potential,
    attainable,
    potential_value,
    wallet_shares,
)
from klantwaarde.lifetime.sensitivity import tornado
from klantwaarde.lifetime.transactions import ModelError
from klantwaarde.lifetime.valuation import Floats, Valued, clv, gathered, moments, valued
from klantwaarde.money import AmountError

if TYPE_CHECKING:
    from klantwaarde.model import Model

MEDIAN = 50

Run = Callable[["Model", Results], pd.DataFrame]


def _empty(*columns: str) -> pd.DataFrame:
    return pd.DataFrame({name: [] for name in columns})


def _clv_segments(model: "Model", results: Results) -> pd.DataFrame:
    """Per segment: how retention was found, the multiple it gives, and the value.

    Returns:
        segment, customers_at_start, stayed, own_retention, retention, multiple, share_beyond (of the endless value, after
        the horizon or after ten years), both only with the simple rule, customers, annual_margin, clv, mean_clv.
    """
    settings, got = model.settings, gathered(model, results)
    found = got.found
    rates, here = found.retention, valued(model, results)
    codes = pd.Index(found.segments).get_indexer(here.frame.get("segment", pd.Series("", index=here.frame.index)))
    retention = retention_used(settings, rates)
    terms = terms_of(settings, np.ones(len(retention)), retention)
    frame = pd.DataFrame(
        {
            "segment": found.segments, "customers_at_start": rates.customers, "stayed": rates.stayed,
            "own_retention": rates.own, "retention": retention, "multiple": terms.multiple, "share_beyond": _beyond(terms),
            "customers": np.bincount(codes, minlength=len(retention)),
        }
    ).drop(columns=["multiple", "share_beyond"] if got.by_model else [])  # fmt: skip
    for name in ("annual_margin", "clv"):
        cents = money.cents(here.frame[name].to_numpy(float))
        frame[name] = money.euros([int(cents[codes == code].sum()) for code in range(len(frame))])
    frame["mean_clv"] = money.round_half_up(frame["clv"].where(frame["customers"] > 0) / frame["customers"].clip(lower=1))
    return frame[(frame["customers_at_start"] > 0) | (frame["customers"] > 0)].reset_index(drop=True)


def _beyond(terms: Terms) -> Floats:
    """Which part of an endless value lies after the horizon; NaN where that value has no end."""
    horizon = float(np.max(np.asarray(terms.periods)))
    try:
        endless = Terms(terms.margin, terms.retention, terms.discount, inf, terms.first_margin, terms.timing, terms.growth)
    except AmountError:
        return np.full(np.shape(terms.retention), np.nan)
    return endless.share_after(SHOWN if np.isinf(horizon) else horizon)


def _clv_cashflows(model: "Model", results: Results) -> pd.DataFrame:
    here = valued(model, results)
    if here.frame.empty:
        return _empty("year", "present_value")
    loss = results.get("expected_loss")
    lost = 0.0 if loss is None else here.frame["customer_id"].map(loss.groupby("customer_id")["expected_loss"].sum()).fillna(0.0).to_numpy(float)
    return expected_margins(here.terms, total=float(here.frame["clv"].sum()), loss=lost)


def _clv_sensitivity(model: "Model", results: Results) -> pd.DataFrame:
    """The tornado of all customers, with where each ingredient comes from."""
    here, settings = valued(model, results), model.settings
    frame = tornado(here.terms, _served(model, here.frame)) if len(here.frame) else _empty("ingredient")
    own = "own_history" if settings.retention is None else "setting"
    own = "probability_model" if gathered(model, results).by_model else own
    sources = {"margin": "average_of_history", "retention": own, "cost_to_serve": "average_of_history"}
    frame.insert(min(2, frame.shape[1]), "source", [sources.get(name, "setting") for name in frame["ingredient"]])
    for name in ("value_low", "value_high", "change_low", "change_high"):
        if name in frame:
            frame[name] = money.round_half_up(frame[name].to_numpy(float))
    return frame


def _customer_equity(model: "Model", results: Results) -> pd.DataFrame:
    frame = valued(model, results).frame
    if frame.empty:
        return _empty("dimension", "key", "clv")
    groups = {"status": frame["status"], "cohort": frame["cohort"]}
    if "segment" in frame:
        groups = {"segment": frame["segment"], **groups}
    keys = {name: keys.to_numpy(object) for name, keys in groups.items()}
    return customer_equity(frame["clv"].to_numpy(float), frame["annual_margin"].to_numpy(float), keys)


def _equity_bridge(model: "Model", results: Results) -> pd.DataFrame:
    """Both forms below each other; empty without a comparable year before this one."""
    found = moments(model, results)
    if found is None:
        return _empty("form", "step", "amount", "level")
    bridges = [equity_bridge(found.opening, found.closing, found.returned, form=form).assign(form=form) for form in FORMS]
    return pd.concat(bridges, ignore_index=True)[["form", "step", "amount", "level"]]


def _clv_potential(model: "Model", results: Results) -> pd.DataFrame:
    """Current and potential value of every active customer, the largest gap first; blank where the wallet is unknown.

    Returns:
        customer_id, name, annual_revenue, wallet, wallet_source, wallet_date, wallet_share, attainable_share,
        extra_revenue, annual_margin, potential_margin, clv, potential_clv, gap_wallet_share, gap_cost_to_serve,
        gap_retention, gap, and with a rate of investment: investment, npv, payback.
    """
    here, settings = valued(model, results), model.settings
    frame = here.frame
    if "wallet" not in model.register.master or not len(frame):
        return _empty("customer_id", "gap")
    revenue = frame["annual_revenue"].to_numpy(float)
    master = model.register.master.set_index("customer_id").reindex(frame["customer_id"])
    wallet = master["wallet"].to_numpy(float)
    share = wallet_shares(revenue, wallet)
    segment = pd.factorize(frame["segment"])[0] if "segment" in frame else np.zeros(len(frame), dtype=np.intp)
    ceiling = attainable(share, segment, ATTAINABLE) if settings.attainable_share is None else np.full(len(frame), settings.attainable_share)
    potential = potential_value(_now(model, here), _ceilings(model, here, wallet * ceiling, segment))
    shown = {
        "annual_revenue": revenue, "wallet": wallet, **_about_wallet(master), "wallet_share": share,
        "attainable_share": np.where(np.isnan(wallet), np.nan, ceiling), "extra_revenue": potential.extra_revenue,
        "annual_margin": frame["annual_margin"], "potential_margin": potential.margin, "clv": frame["clv"],
        "potential_clv": potential.potential, **{f"gap_{lever}": part for lever, part in potential.gaps.items()},
        "gap": potential.gap, **_investment(model, here, potential),
    }  # fmt: skip
    named = frame[[name for name in ("customer_id", "name") if name in frame]]
    found = named.assign(**shown).sort_values(["gap", "customer_id"], ascending=[False, True], kind="stable", na_position="last")
    return found.reset_index(drop=True) if (~np.isnan(wallet)).any() else found.iloc[:0]


def _about_wallet(master: pd.DataFrame) -> dict[str, object]:
    return {name: master[name].to_numpy() for name in ("wallet_source", "wallet_date") if name in master}


def _served(model: "Model", frame: pd.DataFrame) -> Floats:
    """Yearly cost to serve as far as it is inside the margin."""
    counts = model.settings.clv_margin_basis == "customer_result" and "annual_cost_to_serve" in frame
    return frame["annual_cost_to_serve"].to_numpy(float) if counts else np.zeros(len(frame))


def _now(model: "Model", here: Valued) -> Now:
    frame, served = here.frame, _served(model, here.frame)
    margin = frame["annual_margin"].to_numpy(float)
    return Now(frame["annual_revenue"].to_numpy(float), margin + served, served, here.terms)


def _ceilings(model: "Model", here: Valued, revenue: Floats, segment: np.ndarray) -> Ceilings:
    """Attainable revenue, the median cost to serve of the segment, and the retention of the settings."""
    now = _now(model, here)
    ratio = np.divide(now.cost_to_serve, now.revenue, out=np.full(len(revenue), np.nan), where=now.revenue > 0)
    goal = model.settings.potential_retention
    return Ceilings(revenue, attainable(ratio, segment, MEDIAN), np.full(len(revenue), np.nan if goal is None else goal))


def _investment(model: "Model", here: Valued, potential: Potential) -> dict[str, Floats]:
    """What selling more takes, brings and when it is earned back, when the settings say what it costs.

    Only the value of a larger share of wallet counts against it: other levers have costs of their own.
    """
    rate = model.settings.investment_rate
    if rate is None:
        return {}
    spent, brings = money.round_half_up(potential.extra_revenue * rate), potential.gaps["wallet_share"]
    payback = np.full(len(spent), np.nan)
    pays, multiple = spent > 0, np.asarray(here.terms.multiple)
    terms = terms_of(model.settings, (brings / multiple)[pays], np.asarray(here.terms.retention)[pays])
    payback[pays] = npv_investment(spent[pays], terms).payback
    return {"investment": spent, "npv": money.round_half_up(brings - spent), "payback": payback}


def _clv_red_list(model: "Model", results: Results) -> pd.DataFrame:
    """Customers whose cost to serve is expected to stay above their gross margin, the largest loss first.

    Returns:
        customer_id, name, segment, pv_gross_margin, pv_cost, lifetime_loss (below zero).
    """
    here = valued(model, results)
    frame, multiple = here.frame, here.frame["multiple"].to_numpy(float)
    costs = [name for name in ("annual_cost_to_serve", "annual_direct_cost", "annual_credit_cost") if name in frame]
    earned = money.round_half_up(frame["annual_gross_margin"].to_numpy(float) * multiple)
    spent = money.round_half_up(frame[costs].sum(axis=1).to_numpy(float) * multiple)
    named = frame[[name for name in ("customer_id", "name", "segment") if name in frame]]
    found = named.assign(pv_gross_margin=earned, pv_cost=spent, lifetime_loss=money.round_half_up(earned - spent))
    red = found[found["lifetime_loss"] < 0]
    return red.sort_values(["lifetime_loss", "customer_id"], kind="stable").reset_index(drop=True)


def _clv_methods(model: "Model", results: Results) -> pd.DataFrame:
    return proof.methods(gathered(model, results).choice)


def _clv_tracking(model: "Model", results: Results) -> pd.DataFrame:
    got = gathered(model, results)
    return proof.tracked(got.choice, got.days)


def _clv_by_frequency(model: "Model", results: Results) -> pd.DataFrame:
    return proof.by_frequency(gathered(model, results).choice)


def _run_of(make: Run, *columns: str) -> Run:
    """The analysis, or an empty result with these columns when nobody ever bought anything."""

    def run(model: "Model", results: Results) -> pd.DataFrame:
        try:
            gathered(model, results)
        except ModelError:
            return _empty(*columns)
        return make(model, results)

    return run


def _from_values(result: str, make: Run, key: str, *parts: Part) -> Analysis:
    return Analysis(result, _run_of(make, key), parts, results=("clv",))


ANALYSES: tuple[Analysis, ...] = (
    Analysis("clv", _run_of(clv, "customer_id", "annual_margin", "retention", "multiple", "clv")),
    _from_values("clv_segments", _clv_segments, "segment"),
    _from_values("clv_cashflows", _clv_cashflows, "year"),
    _from_values("clv_sensitivity", _clv_sensitivity, "ingredient"),
    _from_values("customer_equity", _customer_equity, "dimension"),
    _from_values("equity_bridge", _equity_bridge, "form", "before"),
    _from_values("clv_potential", _clv_potential, "customer_id"),
    _from_values("clv_red_list", _clv_red_list, "customer_id"),
    _from_values("clv_methods", _clv_methods, "method"),
    _from_values("clv_tracking", _clv_tracking, "period_end"),
    _from_values("clv_by_frequency", _clv_by_frequency, "frequency"),
)
