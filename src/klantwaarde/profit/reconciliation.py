"""The ledger tied to the customers: every line, what the ledger says, where it went, difference 0.00."""

import numpy as np
import pandas as pd

from klantwaarde import money
from klantwaarde.costs.allocation import Allocation
from klantwaarde.costs.inventory import Inventory
from klantwaarde.profit.statement import DIRECT_KINDS, Statement

LEVELS = ("customers", "unused", "channel", "corporate", "outside")
ABOVE = ("channel", "corporate", "outside")  # what stands above the customer line


def ledger_reconciliation(inventory: Inventory, statement: Statement, allocation: Allocation | None) -> pd.DataFrame:
    """Ledger result = customers + channel + unused + corporate + outside.

    Amounts are results: revenue positive, cost negative. Discounts are compared together with revenue, because many
    ledgers book the invoice net of discount.

    Returns:
        line, ledger, customers, unused, channel, corporate, outside, difference; the last line is ``total``.
    """
    rows = [row for row in _direct(inventory, statement) if row["ledger"] or row["customers"]]
    rows.append(_pools(inventory, allocation))
    above = {level: -inventory.cents_of(level) for level in ABOVE}
    rows += [{"line": level, "ledger": booked, level: booked} for level, booked in above.items()]
    cents = np.array([[row.get(name, 0) for name in ("ledger", *LEVELS)] for row in rows], dtype=np.int64)
    cents = np.vstack([cents, cents.sum(axis=0)])
    difference = cents[:, 0] - cents[:, 1:].sum(axis=1)
    euros = money.euros(np.column_stack([cents, difference]))
    frame = pd.DataFrame(euros, columns=["ledger", *LEVELS, "difference"])
    frame.insert(0, "line", [*(row["line"] for row in rows), "total"])
    return frame


def _direct(inventory: Inventory, statement: Statement) -> list[dict[str, object]]:
    """What the ledger books straight on customers, against the customers' own tables."""
    lines = [
        ("revenue_less_discount", ("revenue", "discount"), statement.list_revenue - statement.discount),
        ("bonus", ("bonus",), -statement.bonus),
        ("cost_of_goods", ("cost_of_goods",), -statement.cost_of_goods),
        *((kind, (kind,), -statement.direct[kind] if kind in statement.direct else None) for kind in DIRECT_KINDS),
    ]
    return [
        {
            "line": line,
            "ledger": -sum(inventory.cents_of("direct", target) for target in targets),
            "customers": 0 if customers is None else int(customers.sum()),
        }
        for line, targets, customers in lines
    ]


def _pools(inventory: Inventory, allocation: Allocation | None) -> dict[str, object]:
    booked = -inventory.cents_of("pool")
    if allocation is None:
        return {"line": "cost_pools", "ledger": booked}
    pools = allocation.pools
    above = {kind: -int(pools.cents[pools.kinds == kind].sum()) for kind in ABOVE}
    unused = -int(allocation.unused.sum()) - int(pools.support_unused.sum())
    return {"line": "cost_pools", "ledger": booked, "customers": -int(allocation.cells.sum()), "unused": unused} | above
