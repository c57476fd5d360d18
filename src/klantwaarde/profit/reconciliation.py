"""The ledger tied to the customers: every line, what the ledger says, where it went, difference 0.00."""

import numpy as np
import pandas as pd

from klantwaarde import money
from klantwaarde.costs.allocation import Allocation
from klantwaarde.costs.inventory import Inventory
from klantwaarde.profit.statement import DIRECT_KINDS, Statement


def ledger_reconciliation(inventory: Inventory, statement: Statement, allocation: Allocation | None) -> pd.DataFrame:
    """Ledger result = customers + channel + unused + corporate + outside.

    Amounts are results: revenue positive, cost negative. Discounts are compared together with revenue, because many
    ledgers book the invoice net of discount.

    Returns:
        line, ledger, customers, unused, channel, corporate, outside, difference; the last line is ``total``.
    """
    direct = [
        ("revenue_less_discount", ("revenue", "discount"), statement.list_revenue - statement.discount),
        ("bonus", ("bonus",), -statement.bonus),
        ("cost_of_goods", ("cost_of_goods",), -statement.cost_of_goods),
        *((kind, (kind,), -statement.direct.get(kind, np.zeros(1, dtype=np.int64))) for kind in DIRECT_KINDS),
    ]
    rows = []
    for line, targets, customers in direct:
        booked = -sum(inventory.cents_of("direct", target) for target in targets)
        at_customers = int(customers.sum())
        if booked or at_customers:
            rows.append({"line": line, "ledger": booked, "customers": at_customers})
    rows.append(_pools(inventory, allocation))
    for level in ("channel", "corporate", "outside"):
        booked = -inventory.cents_of(level)
        rows.append({"line": level, "ledger": booked, level: booked})
    frame = pd.DataFrame(rows, columns=["line", "ledger", "customers", "unused", "channel", "corporate", "outside"])
    frame = frame.fillna({name: 0 for name in frame.columns[1:]})
    amounts = frame.columns[1:]
    frame[amounts] = frame[amounts].astype("int64")
    frame["difference"] = frame["ledger"] - frame[["customers", "unused", "channel", "corporate", "outside"]].sum(axis=1)
    total = {"line": "total"} | {name: int(frame[name].sum()) for name in frame.columns[1:]}
    frame.loc[len(frame)] = total
    for name in frame.columns[1:]:
        frame[name] = money.euros(frame[name].to_numpy(np.int64))
    return frame


def _pools(inventory: Inventory, allocation: Allocation | None) -> dict[str, object]:
    booked = -inventory.cents_of("pool")
    if allocation is None:
        return {"line": "cost_pools", "ledger": booked}
    pools = allocation.pools
    level = {kind: -int(pools.cents[pools.kinds == kind].sum()) for kind in ("channel", "corporate", "outside")}
    unused = -int(allocation.unused.sum()) - int(pools.support_unused.sum())
    return {"line": "cost_pools", "ledger": booked, "customers": -int(allocation.cells.sum()), "unused": unused} | level
