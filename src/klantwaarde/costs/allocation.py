"""From ledger rows to customers: pools, support, capacity cost rates, activities, cells (customer x activity).

Time-driven activity-based costing (Kaplan & Anderson, "Time-Driven Activity-Based Costing", HBR 82(11), 2004): rate = pool
cost / practical capacity; price of a handling = minutes x rate; what was not used stays visible as unused capacity.
Rounding policy: pool totals are cut to cents by largest remainder on the ledger total; then, per pool, all cells and the
unused part are cut to cents by largest remainder on the pool total. Ties go to the lowest customer number.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.costs.activities import Activities, measure_activities
from klantwaarde.costs.capacity import capacity_rate
from klantwaarde.costs.inventory import Inventory
from klantwaarde.costs.pools import Pools, close_pools
from klantwaarde.costs.scope import Scope, blocked
from klantwaarde.messages import Fault

Floats = NDArray[np.float64]
Cents = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Allocation:
    """Cost of every handling for every customer, in cents, tied to the ledger.

    Attributes:
        pools: The pools after support, with their composition.
        activities: Minutes and quantities per customer and activity.
        cells: Cents, shape (customers, activities).
        unused: Cents per pool that no customer used; negative = more used than practical capacity.
        rates: Euro per minute (or per whole pool for classic shares) per pool; NaN without use.
    """

    pools: Pools
    activities: Activities
    cells: Cents
    unused: Cents
    rates: Floats

    @property
    def by_customer(self) -> Cents:
        """Cost to serve per customer."""
        return np.asarray(self.cells.sum(axis=1))


def allocate(scope: Scope, inventory: Inventory) -> tuple[Allocation | None, list[Fault]]:
    """Bring pool costs to customers. Without a stop fault the cells, the unused part and the rest add up to the ledger."""
    pools, faults = close_pools(scope, inventory)
    if pools is None:
        return None, faults
    activities, more = measure_activities(scope, pools)
    faults = [*faults, *more]
    if activities is None or blocked(faults):
        return None, faults
    cells = np.zeros(activities.quantity.shape, dtype=np.int64)
    unused = np.where(pools.operating, pools.cents, 0)
    rates = np.full(pools.n, np.nan)
    for pool in np.flatnonzero(pools.operating & (activities.use.used > 0)):
        here = activities.of_pool(int(pool))
        cents_each = float(capacity_rate(pools.cents[pool], activities.use.capacity[pool]))
        rates[pool] = cents_each / 100
        exact = activities.load[:, here] * cents_each
        shares = np.append(exact, pools.cents[pool] - exact.sum())
        rounded = money.round_to_total(shares, int(pools.cents[pool]))
        cells[:, here] = rounded[:-1].reshape(exact.shape)
        unused[pool] = rounded[-1]
    return Allocation(pools, activities, cells, unused, rates), faults
