"""Small companies for tests: input tables from lists of rows, with the least that a first result needs."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

import klantwaarde as kw
from klantwaarde import Outcome

Rows = list[dict[str, Any]]
Company = dict[str, Rows]


def sale(customer: str | None, net: float, cost: float = 0.0, day: str = "2025-06-15", **more: Any) -> dict[str, Any]:
    """One invoice line."""
    return {
        "invoice_id": f"F-{customer}-{day}", "invoice_date": pd.Timestamp(day), "customer_id": customer,
        "net_amount": net, "cost_amount": cost, **more,
    }  # fmt: skip


def account(
    number: str, amount: float, treatment: str | None, target: str | None = None, **more: Any
) -> dict[str, Any]:
    """One ledger row; debit +."""
    return {"account": number, "amount": amount, "treatment": treatment, "target": target, **more}


def volume(customer: str, activity: str, times: float, **more: Any) -> dict[str, Any]:
    """One row of activity volumes."""
    return {"customer_id": customer, "activity_id": activity, "quantity": times, **more}


def pool(pool_id: str, kind: str = "operating", capacity: float | None = None, **more: Any) -> dict[str, Any]:
    """One cost pool; capacity in minutes."""
    return {"pool_id": pool_id, "kind": kind, "capacity": capacity, **more}


def frames(tables: Mapping[str, Rows]) -> dict[str, pd.DataFrame]:
    """Frames from rows; customers follow from the sales when they are not given."""
    found = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    if "customers" not in found:
        ids = found["invoice_lines"]["customer_id"].dropna().unique()
        found["customers"] = pd.DataFrame({"customer_id": ids})
    return found


def analysed(settings: Mapping[str, object] | None = None, **tables: Rows) -> Outcome:
    """The public road: rows -> tables -> analysis."""
    return kw.analyse(kw.tables_from(frames(tables)), settings)


def faults_of(settings: Mapping[str, object] | None = None, **tables: Rows) -> list[tuple[str, str | None]]:
    """Code and table of every fault that stops the analysis."""
    try:
        analysed(settings, **tables)
    except kw.InputError as refused:
        return [(fault.code, fault.table) for fault in refused.faults]
    return []


def said(outcome: Outcome) -> set[str]:
    """The codes of all messages."""
    return {fault.code for fault in outcome.messages}


def row_of(frame: pd.DataFrame, key: str, value: str) -> pd.Series:
    """The one row with this key."""
    [position] = [place for place, found in enumerate(frame[key]) if found == value]
    return frame.iloc[position]


def failed(outcome: Outcome) -> set[tuple[str, str]]:
    """Check and subject of every failed check."""
    wrong = outcome.checks[outcome.checks["status"] == "failed"]
    return set(zip(wrong["check"], wrong["subject"], strict=True))


def trader(**changed: Rows) -> Company:
    """Two customers, one pool of 100 minutes at 1 euro, 80 minutes used; the ledger ties."""
    company = {
        "invoice_lines": [sale("A", 500.0, 300.0), sale("B", 200.0, 100.0)],
        "ledger": [
            account("8000", -700.0, "direct", "revenue"), account("7000", 400.0, "direct", "cost_of_goods"),
            account("4000", 100.0, "pool", "desk"),
        ],
        "cost_pools": [pool("desk", capacity=100)],
        "activities": [{"activity_id": "order", "pool_id": "desk", "minutes": 10}],
        "activity_volumes": [volume("A", "order", 3), volume("B", "order", 5)],
    }  # fmt: skip
    return company | changed


def with_rows(company: Company, table: str, *rows: dict[str, Any]) -> Company:
    return company | {table: [*company.get(table, []), *rows]}


def results_of(outcome: kw.Outcome) -> dict[str, float]:
    return outcome.results["customer_pl"].set_index("customer_id")["customer_result"].to_dict()


def total(outcome: kw.Outcome) -> dict[str, float]:
    return dict(row_of(outcome.results["ledger_reconciliation"], "line", "total"))
