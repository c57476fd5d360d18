"""Cost elements (personnel, housing, …) stay visible at the customer, and every euro keeps its ledger account."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.costs.allocation import Allocation
from klantwaarde.costs.cells import totals_by
from klantwaarde.costs.inventory import Inventory
from klantwaarde.tables.register import Codes, Register

Floats = NDArray[np.float64]
_STEPS = 2.0**20  # remainders are compared in steps of about 1e-6 cent, as in ``money``


def pool_rows(inventory: Inventory, allocation: Allocation) -> tuple[pd.DataFrame, Codes]:
    """The ledger rows that went into pools (the index is the ledger's), and the pool each went into."""
    rows = inventory.of_treatment("pool")
    return rows, pd.Index(allocation.pools.ids).get_indexer(rows["target"])


def customer_elements(register: Register, inventory: Inventory, allocation: Allocation) -> pd.DataFrame:
    """Cost to serve per customer and cost element, in euros; each row sums to the cent to the cost to serve.

    Returns:
        customer_id, one column per cost element (alphabetical), cost_to_serve. Only customers with cost.
    """
    share, elements = _element_shares(inventory, allocation)
    runs_on = np.zeros((len(allocation.activities.pool), allocation.pools.n))
    runs_on[np.arange(len(runs_on)), allocation.activities.pool] = 1.0
    total = allocation.by_customer
    busy = np.flatnonzero((allocation.cells != 0).any(axis=1))
    cents = round_rows(allocation.cells[busy] @ (runs_on @ share), total[busy])
    columns = {"customer_id": register.ids.to_numpy(object)[busy]}
    euros = money.euros(cents)
    columns |= {_column(name): euros[:, place] for place, name in enumerate(elements)}
    return pd.DataFrame(columns | {"cost_to_serve": money.euros(total[busy])})


def _column(element: str) -> str:
    return f"element_{element}" if element in ("customer_id", "cost_to_serve") else element


def _element_shares(inventory: Inventory, allocation: Allocation) -> tuple[Floats, list[str]]:
    """What part of each pool (row) is which cost element (column); a pool without cost has none."""
    rows, pool = pool_rows(inventory, allocation)
    codes, elements = pd.factorize(rows["cost_element"], sort=True)
    shape = (allocation.pools.n, len(elements))
    own = totals_by(pool * shape[1] + codes, rows["cents"].to_numpy(np.int64), shape[0] * shape[1]).reshape(shape)
    after_support = allocation.pools.weights @ own
    whole = after_support.sum(axis=1, keepdims=True)
    known = np.abs(whole) > 1e-6
    share = np.divide(after_support, whole, out=np.zeros(shape), where=known)
    return share, list(elements)


def round_rows(shares_in_cents: Floats, totals: NDArray[np.int64]) -> NDArray[np.int64]:
    """:func:`money.round_to_total` for every row of a matrix with few columns, in one go."""
    whole = np.trunc(shares_in_cents)
    rounded = whole.astype(np.int64)
    leftover = totals - rounded.sum(axis=1)
    ranks = np.rint((shares_in_cents - whole) * _STEPS) * np.sign(leftover)[:, None]
    order = np.argsort(-ranks, axis=1, kind="stable")
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(order.shape[1])[None, :], axis=1)
    return np.asarray(rounded + np.sign(leftover)[:, None] * (place < np.abs(leftover)[:, None]))
