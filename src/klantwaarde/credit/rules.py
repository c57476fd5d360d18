"""What must close in this room: ageing, provision, risk and the bridge of the cost of credit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from klantwaarde.check import Check, Results, Rule
from klantwaarde.credit.ageing import class_names
from klantwaarde.credit.charge import LEVELS, PARTS
from klantwaarde.credit.receivables import receivables_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klantwaarde.model import Model


def _ageing_closes(model: Model, results: Results) -> Iterator[Check]:
    """Open items of the input = all customers; classes and credits = open amount; provision matrix = classes."""
    frame = results.get("ageing")
    if frame is None:
        return
    names = class_names(model.settings.ageing_borders)
    total = frame["open_amount"].sum()
    yield Check("ageing_items", "", receivables_of(model).left.sum() / 100, total, result="ageing", found_formula="SUM({ageing.open_amount})")
    parts = [*names, "open_credit"]
    yield Check(
        "ageing_classes", "", total, frame[parts].to_numpy().sum(), result="ageing",
        expected_formula="SUM({ageing.open_amount})", found_formula="+".join(f"SUM({{ageing.{name}}})" for name in parts),
    )  # fmt: skip
    for place, name in enumerate(names):
        yield Check(
            "provision_base", name, frame[name].sum(), results["loss_matrix"]["open_invoices"].iloc[place], result="loss_matrix",
            expected_formula=f"SUM({{ageing.{name}}})", found_formula=f"INDEX({{loss_matrix.open_invoices}},{place + 1})",
        )  # fmt: skip


def _losses_close(_model: Model, results: Results) -> Iterator[Check]:
    """Expected loss of the classes = of the customers."""
    matrix = results.get("loss_matrix")
    if matrix is not None and matrix["expected_loss"].notna().all():
        yield Check(
            "expected_loss", "", matrix["expected_loss"].sum(), results["expected_loss"]["expected_loss"].sum(), result="expected_loss",
            expected_formula="SUM({loss_matrix.expected_loss})", found_formula="SUM({expected_loss.expected_loss})",
        )  # fmt: skip


def _risk_closes(_model: Model, results: Results) -> Iterator[Check]:
    """The matrix of value and risk, and the classes, hold every customer and every open euro once."""
    frame = results.get("risk")
    if frame is None or frame.empty:
        return
    matrix, classes, active = results["risk_value_matrix"], results["risk_classes"], frame["active"]
    cells = [name for name in matrix if name.startswith("exposure_")]
    yield Check(
        "risk_matrix_exposure", "", frame["exposure"].sum(), matrix[cells].to_numpy().sum(), result="risk_value_matrix",
        expected_formula="SUM({risk.exposure})", found_formula="+".join(f"SUM({{risk_value_matrix.{name}}})" for name in cells),
    )  # fmt: skip
    counts = [name for name in matrix if name.startswith("customers_")]
    yield Check(
        "risk_matrix_customers", "", len(frame), matrix[counts].to_numpy().sum(), 0, "risk_value_matrix",
        expected_formula="ROWS({risk.exposure})", found_formula="+".join(f"SUM({{risk_value_matrix.{name}}})" for name in counts),
    )  # fmt: skip
    yield Check(
        "risk_classes", "", active.sum(), classes["customers"].sum(), 0, "risk_classes",
        expected_formula='ROWS({risk.tier})-COUNTIF({risk.tier},"{label:inactive}")', found_formula="SUM({risk_classes.customers})",
    )  # fmt: skip


def _cost_closes(_model: Model, results: Results) -> Iterator[Check]:
    """Parts = cost of credit; what it starts from = the customer results; every level of the bridge is where its steps lead."""
    frame, bridge = results.get("payment_cost"), results.get("payment_bridge")
    if frame is None or bridge is None:
        return
    yield Check(
        "payment_cost_parts", "", frame["payment_cost"].sum(), frame[list(PARTS)].to_numpy().sum(), result="payment_cost",
        expected_formula="SUM({payment_cost.payment_cost})", found_formula="+".join(f"SUM({{payment_cost.{name}}})" for name in PARTS),
    )  # fmt: skip
    yield Check(
        "payment_cost_result", "", results["customer_pl"]["customer_result"].sum(), frame["customer_result"].sum(), result="payment_cost",
        expected_formula="SUM({customer_pl.customer_result})", found_formula="SUM({payment_cost.customer_result})",
    )  # fmt: skip
    for place in np.flatnonzero(bridge["step"].isin(LEVELS)):
        row = bridge.iloc[place]
        yield Check(
            "payment_bridge", str(row["step"]), row["amount"], row["level"], result="payment_bridge",
            expected_formula=f"INDEX({{payment_bridge.amount}},{place + 1})", found_formula=f"INDEX({{payment_bridge.level}},{place + 1})",
        )  # fmt: skip


RULES: tuple[Rule, ...] = (_ageing_closes, _losses_close, _risk_closes, _cost_closes)
