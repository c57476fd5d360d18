"""What must close in this room; both sides as spreadsheet formulas where they stand in tables."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from klantwaarde.base.customers import base_of
from klantwaarde.base.pyramid import OUTSIDE
from klantwaarde.check import Check, Results, Rule
from klantwaarde.profit.curve import TIERS

if TYPE_CHECKING:
    import pandas as pd

    from klantwaarde.model import Model

WHOLE = 0.5  # customers are whole numbers
ENDS = ("opening", "closing")


def _filled(results: Results, name: str) -> "pd.DataFrame | None":
    frame = results.get(name)
    return frame if frame is not None and len(frame) else None


def _bridges_close(model: "Model", results: Results) -> Iterator[Check]:
    """Every measure: opening + steps = closing; and the closing is what the customers add up to."""
    frame = _filled(results, "customer_bridge")
    if frame is None:
        return
    base = base_of(model)
    for measure, rows in frame.groupby("measure", sort=False):
        amount = rows["amount"].to_numpy(float)
        first, last = int(rows.index[0]) + 1, int(rows.index[-1]) + 1
        inside = f"SUM(INDEX({{customer_bridge.amount}},{first}):INDEX({{customer_bridge.amount}},{last - 1}))"
        end = f"INDEX({{customer_bridge.amount}},{last})"
        yield Check(
            "base_bridge", str(measure), amount[-1], float(amount[:-1].sum()), result="customer_bridge", expected_formula=end,
            found_formula=inside,
        )  # fmt: skip
        if measure in base.now.measures:
            total = int(base.now.of(str(measure)).sum()) / 100
            yield Check(
                "base_bridge_figures", str(measure), total, amount[-1], result="customer_bridge", found_formula=end
            )


def _flow_closes(_model: "Model", results: Results) -> Iterator[Check]:
    frame = _filled(results, "base_flow")
    if frame is not None:
        found = frame[["opening", "new", "reactivated", "resumed"]].to_numpy().sum() - frame["lost"].sum()
        parts = "+".join(f"SUM({{base_flow.{name}}})" for name in ("opening", "new", "reactivated", "resumed"))
        yield Check(
            "base_flow", "", float(frame["closing"].sum()), float(found), WHOLE, "base_flow",
            expected_formula="SUM({base_flow.closing})", found_formula=f"{parts}-SUM({{base_flow.lost}})",
        )  # fmt: skip


def _pyramid_complete(model: "Model", results: Results) -> Iterator[Check]:
    frame = _filled(results, "pyramid")
    if frame is None:
        return
    base = base_of(model)
    measured = base.tiers(base.measure(results), results)
    assert measured is not None
    found = float(frame.loc[~frame["tier"].isin(OUTSIDE), "customers"].sum())
    yield Check(
        "base_pyramid", "", float((base.active & (measured != "")).sum()), found, WHOLE, "pyramid",
        found_formula=f"SUM(INDEX({{pyramid.customers}},1):INDEX({{pyramid.customers}},{len(TIERS)}))",
    )  # fmt: skip


def _migration_closes(_model: "Model", results: Results) -> Iterator[Check]:
    """Rows of the tiers add up to the opening of the bridge, columns to its closing."""
    frame, bridge = _filled(results, "migration"), _filled(results, "customer_bridge")
    if frame is None or bridge is None:
        return
    counts = bridge[bridge["measure"] == "customers"]
    rows, columns = frame["total"].iloc[: len(TIERS)].sum(), frame[list(TIERS)].to_numpy().sum()
    formulas = (
        f"SUM(INDEX({{migration.total}},1):INDEX({{migration.total}},{len(TIERS)}))",
        "+".join(f"SUM({{migration.{tier}}})" for tier in TIERS),
    )
    for end, found, place, formula in zip(ENDS, (rows, columns), (0, -1), formulas, strict=True):
        at = f"INDEX({{customer_bridge.amount}},{int(counts.index[place]) + 1})"
        yield Check(
            "base_migration",
            end,
            float(counts["amount"].iloc[place]),
            float(found),
            WHOLE,
            "migration",
            expected_formula=at,
            found_formula=formula,
        )


def _composition_complete(model: "Model", results: Results) -> Iterator[Check]:
    frame = _filled(results, "composition")
    if frame is None:
        return
    base = base_of(model)
    active = float((base.active & base.counted).sum())
    for dimension, rows in frame.groupby("dimension", sort=False):
        first, last = int(rows.index[0]) + 1, int(rows.index[-1]) + 1
        span = f"SUM(INDEX({{composition.customers}},{first}):INDEX({{composition.customers}},{last}))"
        yield Check(
            "base_composition",
            str(dimension),
            active,
            float(rows["customers"].sum()),
            WHOLE,
            "composition",
            found_formula=span,
        )


def _then_closes(_model: "Model", results: Results) -> Iterator[Check]:
    frame = _filled(results, "then_and_now")
    if frame is None:
        return
    parts = [name for name in ("margin_then", "price", "unit_cost", "volume", "mix", "cost_to_serve") if name in frame]
    found = float(np.rint(frame[parts].to_numpy(float) * 100).sum() / 100)
    yield Check(
        "base_then", "", float(np.rint(frame["margin_now"] * 100).sum() / 100), found, result="then_and_now",
        expected_formula="SUM({then_and_now.margin_now})", found_formula="+".join(f"SUM({{then_and_now.{name}}})" for name in parts),
    )  # fmt: skip


def _case_years_agree(_model: "Model", results: Results) -> Iterator[Check]:
    """The years of the business cases add up to their customers."""
    customers, years = _filled(results, "business_case"), _filled(results, "business_case_years")
    if customers is None or years is None:
        return
    for name in ("promised", "realised"):
        expected, found = (float(np.rint(frame[name].sum() * 100) / 100) for frame in (customers, years))
        yield Check(
            "base_case", name, expected, found, result="business_case_years",
            expected_formula=f"SUM({{business_case.{name}}})", found_formula=f"SUM({{business_case_years.{name}}})",
        )  # fmt: skip


def _lists_agree(_model: "Model", results: Results) -> Iterator[Check]:
    """The lists hold exactly the customers that the bridge counts."""
    bridge = _filled(results, "customer_bridge")
    if bridge is None:
        return
    steps = bridge[bridge["measure"] == "customers"].set_index("step")["amount"]
    entered = float(steps[["new", "reactivated", "resumed"]].sum())
    yield Check("base_lists", "new_customers", entered, float(len(results["new_customers"])), WHOLE, "new_customers")
    yield Check(
        "base_lists",
        "lost_customers",
        -float(steps["lost"]),
        float(len(results["lost_customers"])),
        WHOLE,
        "lost_customers",
    )


RULES: tuple[Rule, ...] = (
    _bridges_close, _flow_closes, _pyramid_complete, _migration_closes, _composition_complete, _then_closes, _case_years_agree,
    _lists_agree,
)  # fmt: skip
