"""The costing results as tables: support, activity rates, capacity."""

import numpy as np
import pandas as pd

from klantwaarde import money
from klantwaarde.costs.allocation import Allocation


def support_allocation(allocation: Allocation) -> pd.DataFrame:
    """What each pool had, received and passed on, in euros.

    Returns:
        pool_id, name, kind, own_cost, received, passed_on, support_unused, total. own + received - passed on - unused
        = total, to the cent; received is what makes it close.
    """
    pools = allocation.pools
    support = pools.kinds == "support"
    passed = np.where(support, pools.gross * 100 - np.diag(pools.flow) * 100, 0.0)
    passed = np.where(support, money.cents(passed / 100) - pools.support_unused, 0).astype(np.int64)
    received = pools.cents - pools.own + passed + pools.support_unused
    return pd.DataFrame(
        {
            "pool_id": pools.ids, "name": pools.names, "kind": pools.kinds, "own_cost": money.euros(pools.own),
            "received": money.euros(received), "passed_on": money.euros(passed),
            "support_unused": money.euros(pools.support_unused), "total": money.euros(pools.cents),
        }
    )  # fmt: skip


def activity_rates(allocation: Allocation) -> pd.DataFrame:
    """The price of every handling.

    Returns:
        activity_id, name, pool_id, service_option, quantity, minutes (all together; NaN for a classic share),
        minutes_each, rate (euro per minute), price (euro each time), cost (euro, cents tie to the customers).
    """
    activities = allocation.activities
    quantity = activities.quantity.sum(axis=0)
    load = activities.load.sum(axis=0)
    minutes = np.where(activities.timed, load, np.nan)
    rate = np.where(activities.timed, allocation.rates[activities.pool], np.nan)
    cost = allocation.cells.sum(axis=0)
    exact = load * allocation.rates[activities.pool]
    each = np.divide(minutes, quantity, out=np.full(len(load), np.nan), where=quantity > 0)
    price = np.divide(exact, quantity, out=np.full(len(load), np.nan), where=quantity > 0)
    return pd.DataFrame(
        {
            "activity_id": activities.ids, "name": activities.names,
            "pool_id": allocation.pools.ids[activities.pool], "service_option": activities.options,
            "quantity": quantity, "minutes": minutes, "minutes_each": each, "rate": rate, "price": price,
            "cost": money.euros(cost),
        }
    )  # fmt: skip


def capacity(allocation: Allocation) -> pd.DataFrame:
    """Practical capacity, use and what stayed unused, per operating pool, in minutes and euros.

    Returns:
        pool_id, name, capacity, used, unused (minutes; NaN where unknown or for classic shares), utilisation
        (fraction), cost, rate (euro per minute), used_cost, unused_cost (euro; negative = over capacity), flag
        ("", "over_capacity", "unknown_capacity", "idle").
    """
    pools, activities = allocation.pools, allocation.activities
    here = np.flatnonzero(pools.operating)
    timed = np.zeros(pools.n, dtype=bool)
    timed[activities.pool[activities.timed]] = True
    known = activities.capacity_known[here]
    size = np.where(timed[here] & known, activities.capacity[here], np.nan)
    used = np.where(timed[here], activities.used[here], np.nan)
    share = np.divide(activities.used[here], activities.capacity[here], out=np.full(len(here), np.nan), where=activities.capacity[here] > 0)
    idle = ~(activities.used[here] > 0)
    over = known & (share > 1 + 1e-12)
    flag = np.select([idle, over, ~known], ["idle", "over_capacity", "unknown_capacity"], "")
    return pd.DataFrame(
        {
            "pool_id": pools.ids[here], "name": pools.names[here], "capacity": size, "used": used, "unused": size - used,
            "utilisation": np.where(known, share, np.nan), "cost": money.euros(pools.cents[here]),
            "rate": np.where(timed[here], allocation.rates[here], np.nan),
            "used_cost": money.euros(pools.cents[here] - allocation.unused[here]),
            "unused_cost": money.euros(allocation.unused[here]), "flag": flag,
        }
    )  # fmt: skip
