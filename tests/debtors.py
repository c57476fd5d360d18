"""Companies with open and paid items for tests."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from companies import analysed, sale
from klantwaarde import Outcome
from klantwaarde.credit.items import Items, items_from

AT = "2025-12-31"
YEAR = {"period_start": "2025-01-01", "period_end": AT}
CREDIT = (
    "ageing", "loss_matrix", "expected_loss", "payment_trend", "payment_behaviour", "payment_cost", "payment_bridge",
    "payment_groups", "risk_scorecard", "risk", "risk_classes", "risk_value_matrix", "payment_cost_groups",
)  # fmt: skip


def item(
    customer: str, amount: float, due: str, paid: str | None = None, *, invoiced: str | None = None, **more: Any
) -> dict[str, Any]:
    """One row of receivables; invoiced thirty days before it is due unless told otherwise."""
    start = pd.Timestamp(invoiced) if invoiced else pd.Timestamp(due) - pd.Timedelta(days=30)
    return {
        "customer_id": customer, "invoice_id": more.pop("invoice_id", f"{customer}-{due}-{amount}"), "invoice_date": start,
        "due_date": pd.Timestamp(due), "paid_date": pd.Timestamp(paid) if paid else pd.NaT, "amount": amount, **more,
    }  # fmt: skip


def items(*rows: dict[str, Any], at: str = AT) -> Items:
    """Items of one customer."""
    frame = pd.DataFrame(list(rows))
    n = len(frame)
    return items_from(frame, np.zeros(n, dtype=np.intp), np.full(n, 30.0), pd.Timestamp(at).date())


def with_receivables(rows: Iterable[dict[str, Any]], settings: dict[str, object] | None = None, **tables: Any) -> Outcome:
    """A company with these receivables, and one sale for every customer unless sales are given."""
    given = list(rows)
    sales = [sale(name, 1000.0) for name in sorted({row["customer_id"] for row in given})]
    return analysed(YEAR | (settings or {}), receivables=given, **({"invoice_lines": sales} | tables))


def value(outcome: Outcome, result: str, customer: str, column: str) -> Any:
    """One figure of one customer."""
    return outcome.results[result].set_index("customer_id").loc[customer, column]
