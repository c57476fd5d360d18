"""The costing results as tables: support, activity rates, capacity."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.costs.allocation import Allocation
from klantwaarde.costs.capacity import unused_capacity

Floats = NDArray[np.float64]


def support_allocation(allocation: Allocation) -> pd.DataFrame:
    """What each pool had, received and passed on, in euros.

    Returns:
        pool_id, name, kind, own_cost, received, passed_on, support_unused, total. own + received - passed on - unused
        = total, to the cent; received is what makes it close.
    """
    pools = allocation.pools
    passed = money.cents(pools.passed_on) - pools.support_unused
    received = pools.cents - pools.own + passed + pools.support_unused
    frame = pd.DataFrame(
        {
            "pool_id": pools.ids, "name": pools.names, "kind": pools.kinds, "own_cost": money.euros(pools.own),
            "received": money.euros(received), "passed_on": money.euros(passed),
            "support_unused": money.euros(pools.support_unused), "total": money.euros(pools.cents),
        }
    )  # fmt: skip
    return frame.iloc[pools.in_table_order].reset_index(drop=True)


def activity_rates(allocation: Allocation) -> pd.DataFrame:
    """The price of every handling.

    Returns:
        activity_id, name, pool_id, service_option, quantity, minutes (all together; NaN for a classic share),
        minutes_each, rate (euro per minute), price (euro each time), cost (euro, cents tie to the customers).
    """
    activities = allocation.activities
    quantity, load = activities.quantity.sum(axis=0), activities.load.sum(axis=0)
    minutes = np.where(activities.timed, load, np.nan)
    rate = allocation.rates[activities.pool]
    frame = pd.DataFrame(
        {
            "activity_id": activities.ids, "name": activities.names,
            "pool_id": allocation.pools.ids[activities.pool], "service_option": activities.options,
            "quantity": quantity, "minutes": minutes, "minutes_each": _each(minutes, quantity),
            "rate": np.where(activities.timed, rate, np.nan), "price": _each(load * rate, quantity),
            "cost": money.euros(allocation.cells.sum(axis=0)),
        }
    )  # fmt: skip
    return frame.iloc[activities.in_table_order].reset_index(drop=True)


def _each(amount: Floats, quantity: Floats) -> Floats:
    return np.divide(amount, quantity, out=np.full(len(quantity), np.nan), where=quantity > 0)


def capacity(allocation: Allocation) -> pd.DataFrame:
    """Practical capacity, use and what stayed unused, per operating pool, in minutes and euros.

    Returns:
        pool_id, name, capacity, used, unused (minutes; NaN where unknown or for classic shares), utilisation
        (fraction), cost, rate (euro per minute), used_cost, unused_cost (euro; negative = over capacity), flag
        ("", "over_capacity", "unknown_capacity", "idle").
    """
    pools, use = allocation.pools, allocation.activities.use
    known = use.known & (use.capacity > 0)
    spare, utilisation = np.full(pools.n, np.nan), np.full(pools.n, np.nan)
    spare[known], _, utilisation[known] = unused_capacity(use.capacity[known], use.used[known], 0.0)
    idle, over = ~(use.used > 0), known & (utilisation > 1 + 1e-12)
    in_minutes = np.where(use.classic, np.nan, 1.0)
    frame = pd.DataFrame(
        {
            "pool_id": pools.ids, "name": pools.names, "capacity": np.where(use.known, use.capacity, np.nan) * in_minutes,
            "used": use.used * in_minutes, "unused": spare * in_minutes, "utilisation": utilisation,
            "cost": money.euros(pools.cents), "rate": allocation.rates * in_minutes,
            "used_cost": money.euros(pools.cents - allocation.unused), "unused_cost": money.euros(allocation.unused),
            "flag": np.select([idle, over, ~known], ["idle", "over_capacity", "unknown_capacity"], ""),
        }
    )  # fmt: skip
    shown = pools.in_table_order[pools.operating[pools.in_table_order]]
    return frame.iloc[shown].reset_index(drop=True)
