"""What must close in this room: every view of value adds up to the customers, and the bridge ends at them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klantwaarde.check import Check, Results, Rule
from klantwaarde.lifetime.bridge import FORMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klantwaarde.model import Model

_TOTAL = "SUM({clv.clv})"


def _views_add_up(_model: Model, results: Results) -> Iterator[Check]:
    """Segments, groups and years = customers."""
    values = results.get("clv")
    if values is None or not values["clv"].notna().any():
        return
    total = float(values["clv"].sum())
    segments, years = results["clv_segments"]["clv"].sum(), results["clv_cashflows"]["present_value"].sum()
    yield _equal("equity_segments", "", total, segments, "clv_segments", "SUM({clv_segments.clv})")
    yield _equal("equity_years", "", total, years, "clv_cashflows", "SUM({clv_cashflows.present_value})")
    groups = results["customer_equity"]
    for dimension in groups["dimension"].unique():
        found = groups.loc[groups["dimension"] == dimension, "clv"].sum()
        formula = f'SUMIFS({{customer_equity.clv}},{{customer_equity.dimension}},"{{label:{dimension}}}")'
        yield _equal("equity_groups", str(dimension), total, found, "customer_equity", formula)


def _equity_bridge_closes(_model: Model, results: Results) -> Iterator[Check]:
    """Opening and steps of either form = the value of all customers."""
    bridge = results.get("equity_bridge")
    if bridge is None or bridge.empty:
        return
    total = float(results["clv"]["clv"].sum())
    for form in FORMS:
        steps = bridge[(bridge["form"] == form) & (bridge["step"] != "closing")]
        conditions = f'{{equity_bridge.form}},"{{label:{form}}}",{{equity_bridge.step}},"<>{{label:closing}}"'
        formula = f"SUMIFS({{equity_bridge.amount}},{conditions})"
        yield _equal("equity_bridge", form, total, steps["amount"].sum(), "equity_bridge", formula)


def _potential_adds_up(_model: Model, results: Results) -> Iterator[Check]:
    """Levers of every customer together = potential - current."""
    frame = results.get("clv_potential")
    if frame is None or frame.empty:
        return
    known = frame[frame["gap"].notna()]
    parts = [name for name in frame.columns if name.startswith("gap_")]
    formula = "+".join(f"SUM({{clv_potential.{name}}})" for name in parts)
    yield Check(
        "potential_gap", "", float(known["gap"].sum()), float(known[parts].sum().sum()), result="clv_potential",
        expected_formula="SUM({clv_potential.gap})", found_formula=formula,
    )  # fmt: skip


def _equal(check: str, subject: str, total: float, found: float, result: str, formula: str) -> Check:
    return Check(check, subject, total, float(found), result=result, expected_formula=_TOTAL, found_formula=formula)


RULES: tuple[Rule, ...] = (_views_add_up, _equity_bridge_closes, _potential_adds_up)
