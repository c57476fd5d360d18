"""Cost elements (personnel, housing, …) stay visible at the customer, and every euro keeps its ledger account."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.costs.allocation import Allocation
from klantwaarde.costs.inventory import Inventory
from klantwaarde.tables.register import Register

Floats = NDArray[np.float64]


def pool_composition(inventory: Inventory, allocation: Allocation) -> tuple[pd.DataFrame, Floats]:
    """What every closed pool is made of: ledger rows (the index is the ledger's) and euros, shape (pools, rows)."""
    rows = inventory.rows[inventory.rows["treatment"] == "pool"]
    origin = pd.Index(allocation.pools.ids).get_indexer(rows["target"])
    return rows, allocation.pools.weights[:, origin] * (rows["cents"].to_numpy() / 100)


def customer_elements(register: Register, inventory: Inventory, allocation: Allocation) -> pd.DataFrame:
    """Cost to serve per customer and cost element, in euros; each row sums to the cent to the cost to serve.

    Returns:
        customer_id, one column per cost element (alphabetical), cost_to_serve. Only customers with cost.
    """
    rows, euros = pool_composition(inventory, allocation)
    codes, elements = pd.factorize(rows["cost_element"], sort=True)
    per_pool = np.zeros((allocation.pools.n, len(elements)))
    np.add.at(per_pool.T, codes, euros.T)
    whole = per_pool.sum(axis=1, keepdims=True)
    share = np.divide(per_pool, whole, out=np.zeros_like(per_pool), where=np.abs(whole) > 0)
    by_pool = np.zeros((register.n, allocation.pools.n))
    np.add.at(by_pool.T, allocation.activities.pool, allocation.cells.T)
    total = allocation.by_customer
    busy = np.flatnonzero(total)
    cents = round_rows(by_pool[busy] @ share, total[busy])
    frame = pd.DataFrame(money.euros(cents), columns=list(elements))
    frame.insert(0, "customer_id", register.ids.to_numpy(object)[busy])
    frame["cost_to_serve"] = money.euros(total[busy])
    return frame


def round_rows(shares_in_cents: Floats, totals: NDArray[np.int64]) -> NDArray[np.int64]:
    """:func:`money.round_to_total` for every row of a matrix with few columns, in one go."""
    whole = np.trunc(shares_in_cents)
    rounded = whole.astype(np.int64)
    leftover = totals - rounded.sum(axis=1)
    remainder = np.rint((shares_in_cents - whole) * 1e6) * np.sign(leftover)[:, None]
    order = np.argsort(-remainder, axis=1, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(shares_in_cents.shape[1])[None, :], axis=1)
    return rounded + np.sign(leftover)[:, None] * (rank < np.abs(leftover)[:, None])
