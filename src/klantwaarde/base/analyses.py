"""The results of this room, as the model runs them."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from klantwaarde.analysis import Analysis
from klantwaarde.base import (
    attention,
    business_case,
    churn,
    cohorts,
    customers,
    drift,
    dynamics,
    events,
    leakage,
    newcomers,
    then_and_now,
)
from klantwaarde.base.composition import DIMENSIONS, composition, size_class, tenure_class
from klantwaarde.base.customers import base_of, in_group
from klantwaarde.base.pyramid import migration, moves, pyramid, two_pyramids
from klantwaarde.check import Results
from klantwaarde.periods import YEAR

if TYPE_CHECKING:
    from klantwaarde.model import Model


def _composition(model: "Model", results: Results) -> pd.DataFrame:
    """The active customers per group of every dimension; see :func:`composition`."""
    base = base_of(model)
    rows, master = np.flatnonzero(base.active & base.counted), base.register.master
    tiers = base.tiers(base.measure(results), results)
    keys = {"status": base.statuses(), "tenure": tenure_class(base.years()), "size": size_class(base.now.net_revenue)}
    if tiers is not None:
        keys = {"tier": tiers, **keys}
    keys |= {
        name: master[name].fillna("").to_numpy(object)
        for name in DIMENSIONS
        if name in master and master[name].notna().any()
    }
    if "parent_id" in master and master["parent_id"].notna().any():
        keys["group"] = np.where(in_group(base.register), "in_group", "independent").astype(object)
    amounts = {name: base.now.of(name)[rows] for name in base.now.measures}
    return composition({name: groups[rows] for name, groups in keys.items()}, amounts)


def _pyramid(model: "Model", results: Results) -> pd.DataFrame:
    base = base_of(model)
    measure = base.measure(results)
    now, before = (base.tiers(measure, results, before=earlier) for earlier in (False, True))
    if now is None:
        return pd.DataFrame()
    outside = {"inactive": int((base.known & ~base.active).sum()), "never": int(base.never.sum())}
    amounts = {name: base.now.of(name) for name in base.now.measures}
    return pyramid(now, None if before is None else moves(before, now), amounts, outside)


def _migration(model: "Model", results: Results) -> pd.DataFrame:
    base = base_of(model)
    measure = base.measure(results)
    now, before = (base.tiers(measure, results, before=earlier) for earlier in (False, True))
    return pd.DataFrame() if now is None or before is None else migration(before, now)


def _two_pyramids(model: "Model", results: Results) -> pd.DataFrame:
    """Rows: the pyramid as set; columns: the pyramid of the customer result."""
    base = base_of(model)
    first, second = base.tiers(base.measure(results), results), base.tiers("customer_result", results)
    if first is None or second is None or base.measure(results) == "customer_result":
        return pd.DataFrame()
    return two_pyramids(first, second)


def _customer_bridge(model: "Model", results: Results) -> pd.DataFrame:
    """The bridge of the last year in customers and in every measure: measure, step, amount, level."""
    base = base_of(model)
    if base.status is None or base.before is None:
        return pd.DataFrame()
    parts = [dynamics.count_bridge(base.status).assign(measure="customers")]
    for name in base.before.measures:
        parts.append(dynamics.amount_bridge(base.status, base.before.of(name), base.now.of(name)).assign(measure=name))
    equity = results.get("equity_bridge")
    if equity is not None and not equity.empty:
        first = equity[equity["form"] == equity["form"].iloc[0]]
        parts.append(first[["step", "amount", "level"]].assign(measure="clv"))
    return pd.concat(parts, ignore_index=True)[["measure", "step", "amount", "level"]]


def _base_flow(model: "Model", _results: Results) -> pd.DataFrame:
    base = base_of(model)
    margins = {0: base.now.gross_margin} | ({YEAR: base.before.gross_margin} if base.before is not None else {})
    return dynamics.flows(base.history, base.rules, model.settings.period_length, margins)


def _cohorts(model: "Model", _results: Results) -> pd.DataFrame:
    base = base_of(model)
    return cohorts.cohorts(base.history, base.rules)


def _survival(model: "Model", _results: Results) -> pd.DataFrame:
    base = base_of(model)
    return cohorts.survival(cohorts.relations_of(base.history, base.rules))


ANALYSES: tuple[Analysis, ...] = (
    Analysis("customer_base", customers.customer_base),
    Analysis("composition", _composition),
    Analysis("pyramid", _pyramid),
    Analysis("two_pyramids", _two_pyramids),
    Analysis("migration", _migration),
    Analysis("moved_customers", customers.moved_customers),
    Analysis("customer_bridge", _customer_bridge),
    Analysis("base_flow", _base_flow),
    Analysis("flow_trends", lambda _, results: dynamics.flow_trends(results["base_flow"]), results=("base_flow",)),
    Analysis("cohorts", _cohorts),
    Analysis("survival", _survival),
    Analysis("new_customers", newcomers.new_customers),
    Analysis("newcomer_profile", newcomers.newcomer_profile),
    Analysis("acquisition_cost", newcomers.acquisition_cost),
    Analysis("acquisition_funnel", newcomers.acquisition_funnel, results=("acquisition_cost",)),
    Analysis("relation_payback", newcomers.relation_payback),
    Analysis("lost_customers", churn.lost_customers),
    Analysis("churn_reasons", churn.churn_reasons, tables=("events",), results=("lost_customers",)),
    Analysis("churn_marks", churn.churn_marks),
    Analysis("churn_groups", churn.churn_groups),
    Analysis("watch_list", churn.watch_list),
    Analysis("then_and_now", then_and_now.then_and_now),
    Analysis("then_and_now_bridge", then_and_now.then_and_now_bridge, results=("then_and_now",)),
    Analysis("business_case", business_case.business_case),
    Analysis("business_case_years", business_case.business_case_years),
    Analysis("drift_alarms", drift.drift_alarms),
    Analysis("event_effects", events.event_effects, tables=("events",)),
    Analysis("attention", attention.attention, tables=("hours",)),
    Analysis("attention_teams", attention.attention_teams, tables=("hours",)),
    Analysis("leakage_kinds", leakage.leakage_kinds),
    Analysis("leakage", leakage.leakage),
)
