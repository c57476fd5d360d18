"""What the reader of the results should know about the input: nothing is left out in silence."""

from collections.abc import Mapping

import numpy as np

from klantwaarde.books import COSTING
from klantwaarde.costs.scope import CUSTOMER_TABLES, Scope, in_period
from klantwaarde.messages import Fault

AMOUNTS: Mapping[str, str] = {
    "invoice_lines": "net_amount", "ledger": "amount", "activity_volumes": "quantity", "customer_costs": "amount",
}  # fmt: skip


def customers_not_known(scope: Scope) -> list[Fault]:
    """Ids that are not in the debtor master, and rows without a customer, per table with their amount."""
    refuse = scope.tables.settings.unknown_customers == "refuse"
    last = scope.register.n - 1
    return [
        fault
        for name in CUSTOMER_TABLES
        if name in scope.tables
        for fault in (
            *_rows_of(scope, name, last - 1, Fault("KW-MO-005", "stop" if refuse else "warn")),
            *_rows_of(scope, name, last, Fault("KW-MO-006", "warn")),
        )
    ]


def _rows_of(scope: Scope, name: str, code: int, kind: Fault) -> list[Fault]:
    table = scope.tables[name]
    rows = np.flatnonzero(scope.customers[name] == code)
    if not len(rows):
        return []
    first = table["customer_id"].iloc[rows[0]]
    amount = float(table[AMOUNTS[name]].iloc[rows].sum())
    place = (name, table.index[rows[0]], "customer_id", first)
    return [scope.tables.fault(kind.code, *place, severity=kind.severity, rows=len(rows), amount=amount)]


def rows_outside_the_period(scope: Scope) -> list[Fault]:
    """Per table how many rows, and how much, belong to another period."""
    faults = []
    for name, amount in AMOUNTS.items():
        table = scope.tables.get(name)
        if table is None:
            continue
        outside = ~in_period(name, table, scope.period)
        if outside.any():
            rows, total = int(outside.sum()), float(table[amount].to_numpy(float)[outside].sum())
            found = str(scope.period)
            faults.append(scope.tables.fault("KW-MO-009", name, found=found, severity="note", rows=rows, amount=total))
    return faults


def undated_drivers(scope: Scope) -> list[Fault]:
    """Ledger or volumes without any period while sales of other periods are there: they all count in this one."""
    lines = scope.tables["invoice_lines"]
    if scope.period is None or in_period("invoice_lines", lines, scope.period).all():
        return []
    undated = [
        name
        for name in ("ledger", "activity_volumes")
        if name in scope.tables and ("period" not in scope.tables[name] or scope.tables[name]["period"].isna().all())
    ]
    return [scope.tables.fault("KW-MO-010", name, found=str(scope.period), severity="warn") for name in undated]


def switched_off(scope: Scope, built: Mapping[str, object]) -> list[Fault]:
    """What could not be made, and the tables that it lacks."""
    faults = []
    for part, code, needed in (("inventory", "KW-MO-007", ("ledger",)), ("allocation", "KW-MO-008", COSTING)):
        missing = [name for name in needed if name not in scope.tables]
        if built[part] is None and missing:
            labels = ", ".join(scope.tables.label(name) for name in missing)
            faults.append(scope.tables.fault(code, missing[0], found=labels, severity="note"))
    return faults
