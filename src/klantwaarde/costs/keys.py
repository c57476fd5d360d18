"""What support pools give to other pools: by share, by quantity on practical capacity, or at dual rates."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde.costs.capacity import dual_rate
from klantwaarde.costs.cells import totals_by
from klantwaarde.messages import Fault, percentage
from klantwaarde.tables.register import Codes
from klantwaarde.tables.typed import Tables

Floats = NDArray[np.float64]
Cents = NDArray[np.int64]
SHARE_TOLERANCE = 1e-6  # shares of one support pool may miss 100 % by float noise only


@dataclass(frozen=True, slots=True, eq=False)
class Keys:
    """Rows of the pool shares, in a fixed order: pool codes of giver and taker, and their figures (NaN = blank)."""

    giver: Codes
    taker: Codes
    share: Floats
    quantity: Floats
    budget: Floats
    index: NDArray[np.int64]  # Excel rows

    def of(self, giver: int) -> "Keys":
        """The rows of one giver."""
        start, stop = np.searchsorted(self.giver, [giver, giver + 1])
        return self.rows(slice(start, stop))

    def rows(self, chosen: slice | Codes) -> "Keys":
        """Some of the rows."""
        figures = (self.share[chosen], self.quantity[chosen], self.budget[chosen])
        return Keys(self.giver[chosen], self.taker[chosen], *figures, self.index[chosen])


def giving_of(tables: Tables, pools: pd.DataFrame, own: Cents) -> tuple[Floats, list[Fault]]:
    """What part of its cost each pool (row) gives to each pool (column); the last column is capacity nobody used.

    Args:
        tables: With the pool shares, if there are any.
        pools: The cost pools in order of their id.
        own: Cents that the ledger puts into each pool.

    Returns:
        Fractions, shape (n, n + 1); rows of givers sum to 1, other rows are zero.
    """
    n = len(pools)
    giving = np.zeros((n, n + 1))
    if "pool_shares" not in tables:
        return giving, []
    keys, faults = _keys(tables, pools)
    if faults:
        return giving, faults
    use = _use(keys, n)
    faults = _unusable(tables, pools, keys, use)
    if faults:
        return giving, faults
    capacity = numbers(pools, "capacity")
    base = np.where(use.by_quantity, np.fmax(capacity, use.total), use.total)
    np.add.at(giving, (keys.giver, keys.taker), use.amount / base[keys.giver])
    givers = np.flatnonzero(use.by_quantity)
    giving[givers, -1] = 1 - use.total[givers] / base[givers]
    variable = _variable_part(pools, own)
    for giver in np.flatnonzero(use.planned > 0):
        giving[giver] = _at_dual_rates(keys.of(int(giver)), capacity[giver], variable[giver], n)
    claimed = np.where(use.planned > 0, use.planned, np.where(use.by_quantity, use.total, np.nan))
    return giving, _over_capacity(tables, pools, claimed, capacity)


@dataclass(frozen=True, slots=True, eq=False)
class _Use:
    """What counts per row of the keys, and per pool whether quantities count, the total, and the total planned."""

    amount: Floats
    by_quantity: NDArray[np.bool_]
    total: Floats
    planned: Floats


def _use(keys: Keys, n: int) -> _Use:
    """Shares count where a pool has one in every row, else quantities; the plan is NaN where there is none."""
    by_quantity = np.bincount(keys.giver[np.isnan(keys.share)], minlength=n) > 0
    amount: Floats = np.where(by_quantity[keys.giver], keys.quantity, keys.share)
    has_plan = by_quantity & (np.bincount(keys.giver[~np.isnan(keys.budget)], minlength=n) > 0)
    planned = np.where(has_plan, np.nan_to_num(totals_by(keys.giver, keys.budget, n)), np.nan)
    return _Use(amount, by_quantity, totals_by(keys.giver, amount, n), planned)


def numbers(frame: pd.DataFrame, column: str) -> Floats:
    """A column of numbers; all NaN when the table does not have it."""
    return frame[column].to_numpy(float) if column in frame else np.full(len(frame), np.nan)


def _keys(tables: Tables, pools: pd.DataFrame) -> tuple[Keys, list[Fault]]:
    """The rows with their pools; pools that do not exist or may not give are faults."""
    frame = tables["pool_shares"]
    index = pd.Index(pools["pool_id"])
    codes = {name: index.get_indexer(frame[name]) for name in ("from_pool", "to_pool")}
    faults = [
        tables.fault("KW-CP-003", "pool_shares", frame.index[row], name, frame[name].iloc[row])
        for name, found in codes.items()
        for row in np.flatnonzero(found < 0)
    ]
    giver, taker = codes["from_pool"], codes["to_pool"]
    support = pools["kind"].to_numpy(object) == "support"
    faults += [
        tables.fault("KW-CP-004", "pool_shares", frame.index[row], "from_pool", frame["from_pool"].iloc[row])
        for row in np.flatnonzero((giver >= 0) & ~support[giver])
    ]
    share, quantity, budget = (numbers(frame, name) for name in ("share", "driver_quantity", "budgeted_quantity"))
    keys = Keys(giver, taker, share, quantity, budget, frame.index.to_numpy())
    return keys.rows(np.lexsort((budget, quantity, share, taker, giver))), faults


def _unusable(tables: Tables, pools: pd.DataFrame, keys: Keys, use: _Use) -> list[Fault]:
    """Shares that are not 100 % together, and pools of which it is not known who uses how much."""
    not_whole = ~use.by_quantity & (np.abs(use.total - 1) > SHARE_TOLERANCE)
    unknown = use.by_quantity & ~(use.total > 0)
    wrong = not_whole | unknown | (use.planned <= 0)
    faults = []
    for giver in np.unique(keys.giver[wrong[keys.giver]]):
        pool_id, place = pools["pool_id"].iloc[giver], ("pool_shares", keys.of(int(giver)).index[0])
        if not_whole[giver]:
            total = percentage(float(use.total[giver]), tables.settings.language)
            faults.append(tables.fault("KW-CP-005", *place, "share", total, pool=pool_id))
        else:
            column = "driver_quantity" if unknown[giver] else "budgeted_quantity"
            faults.append(tables.fault("KW-CP-006", *place, column, pool_id))
    return faults


def _at_dual_rates(rows: Keys, capacity: float, variable: float, n: int) -> Floats:
    """Fixed cost by budgeted use on practical capacity, variable cost by actual use, per euro of cost.

    Cost received from other support pools has the same mix as the pool's own cost.
    """
    supplied = float(np.fmax(capacity, rows.budget.sum()))
    rate = variable / rows.quantity.sum()
    charge = dual_rate(1 - variable, rows.budget, rate, rows.quantity, practical_capacity=supplied)
    given = totals_by(rows.taker, charge.total, n + 1)
    given[-1] = charge.unused_cost
    return given


def _variable_part(pools: pd.DataFrame, own: Cents) -> Floats:
    """Which part of each pool's own cost moves with use."""
    variable = np.nan_to_num(numbers(pools, "variable_cost")) * 100
    costly = own > 0
    return np.divide(np.minimum(variable, own), own, out=np.zeros(len(own)), where=costly)


def _over_capacity(tables: Tables, pools: pd.DataFrame, used: Floats, capacity: Floats) -> list[Fault]:
    return [
        tables.fault(
            "KW-CP-008", "cost_pools", pools.index[at], "capacity", pools["pool_id"].iloc[at], severity="warn",
            used=float(used[at]), capacity=float(capacity[at]),
        )
        for at in np.flatnonzero(used > capacity)
    ]  # fmt: skip
