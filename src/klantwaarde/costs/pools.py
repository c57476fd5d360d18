"""Cost pools: what the ledger puts in, what support departments pass on, what is left to serve customers with."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.costs.inventory import Inventory
from klantwaarde.costs.support import SupportError, allocate_support
from klantwaarde.messages import Fault
from klantwaarde.tables.typed import Tables

Floats = NDArray[np.float64]
Cents = NDArray[np.int64]
SHARE_TOLERANCE = 1e-6  # shares of one support pool may miss 100 % by float noise only


@dataclass(frozen=True, slots=True)
class Pools:
    """The pools in the order of the table.

    Attributes:
        ids, names, kinds: One per pool.
        own: Cents that the ledger puts into each pool.
        gross: Euro that passed through each pool, support received included.
        cents: Cents after support; 0 for support pools, sums with ``support_unused`` to ``own``.
        support_unused: Cents of support capacity that nobody used (dual rate or practical capacity of a support pool).
        flow: Euro from row pool to column pool.
        weights: Share of each pool's own cost (column) that ends in each pool (row), shape (n, n); support rows are 0.
        shares: Normalised giving shares, row = giver.
    """

    ids: NDArray[np.object_]
    names: NDArray[np.object_]
    kinds: NDArray[np.object_]
    own: Cents
    gross: Floats
    cents: Cents
    support_unused: Cents
    flow: Floats
    weights: Floats
    shares: Floats

    @property
    def n(self) -> int:
        return len(self.ids)

    @property
    def operating(self) -> NDArray[np.bool_]:
        return self.kinds == "operating"

    def code(self, pool_id: str) -> int:
        return int(np.flatnonzero(self.ids == pool_id)[0])


def close_pools(tables: Tables, inventory: Inventory) -> tuple[Pools | None, list[Fault]]:
    """Collect ledger cost in pools and pass support cost on by the chosen method, to the cent."""
    frame = tables["cost_pools"]
    ids = frame["pool_id"].to_numpy(object)
    kinds = frame["kind"].to_numpy(object)
    own = _own_cost(inventory, ids)
    shares, outside_use, faults = _giving_shares(tables, frame, own)
    if any(fault.severity == "stop" for fault in faults):
        return None, faults
    # one extra receiver holds the support capacity that nobody used
    wide = np.zeros((len(ids) + 1, len(ids) + 1))
    wide[:-1, :-1], wide[:-1, -1] = shares, outside_use
    names = [*ids, "unused"]
    support = np.append(kinds == "support", False)
    try:
        spread = allocate_support(
            np.append(own / 100, 0.0), wide, method=tables.settings.support_method, names=names, support=support
        )
    except SupportError as error:
        place = tables.fault("KW-CO-010", "pool_shares")
        return None, [*faults, *(replace(f, sheet=place.sheet, table=place.table, language=place.language) for f in error.faults)]
    cents = money.round_to_total(spread.final * 100, int(own.sum()))
    idle_by_giver = spread.flow[:-1, -1] * 100
    support_unused = money.round_to_total(idle_by_giver, int(cents[-1]))
    label = frame["name"].fillna(frame["pool_id"]) if "name" in frame else frame["pool_id"]
    weights = np.zeros((len(names), len(names)))
    weights[~support] = spread.weights
    pools = Pools(
        ids, label.to_numpy(object), kinds, own, spread.gross[:-1], cents[:-1], support_unused,
        spread.flow[:-1, :-1], weights[:-1, :-1], shares,
    )  # fmt: skip
    return pools, faults


def _own_cost(inventory: Inventory, ids: NDArray[np.object_]) -> Cents:
    in_pools = inventory.rows[inventory.rows["treatment"] == "pool"]
    codes = pd.Index(ids).get_indexer(in_pools["target"])
    return np.bincount(codes, weights=in_pools["cents"], minlength=len(ids)).astype(np.int64)


def _giving_shares(tables: Tables, pools: pd.DataFrame, own: Cents) -> tuple[Floats, Floats, list[Fault]]:
    """Shares between pools (row = giver) and, per giver, the share of its capacity that nobody used."""
    n = len(pools)
    shares, unused = np.zeros((n, n)), np.zeros(n)
    frame = tables.get("pool_shares")
    support = pools["kind"].to_numpy(object) == "support"
    faults: list[Fault] = []
    if frame is not None:
        index = pd.Index(pools["pool_id"])
        givers, takers = index.get_indexer(frame["from_pool"]), index.get_indexer(frame["to_pool"])
        for codes, column in ((givers, "from_pool"), (takers, "to_pool")):
            for row in np.flatnonzero(codes < 0):
                faults.append(tables.fault("KW-CP-003", "pool_shares", frame.index[row], column, frame[column].iloc[row]))
        for row in np.flatnonzero((givers >= 0) & ~support[givers]):
            faults.append(tables.fault("KW-CP-004", "pool_shares", frame.index[row], "from_pool", frame["from_pool"].iloc[row]))
        for giver in np.flatnonzero(support):
            rows = np.flatnonzero(givers == giver)
            given, idle, fault = _one_giver(tables, frame.iloc[rows], pools.iloc[giver], own[giver])
            faults.extend([fault] if fault else [])
            np.add.at(shares[giver], takers[rows], given)
            unused[giver] = idle
    return shares, unused, faults


def _one_giver(tables: Tables, rows: pd.DataFrame, pool: pd.Series, own: int) -> tuple[Floats, float, Fault | None]:
    """What one support pool gives to each of its rows, as fractions, and the fraction that stays unused."""
    if rows.empty:
        return np.zeros(0), 0.0, None
    share = _numbers(rows, "share")
    quantity = _numbers(rows, "driver_quantity")
    if not np.isnan(share).any():
        total = share.sum()
        if abs(total - 1) > SHARE_TOLERANCE:
            return share, 0.0, tables.fault("KW-CP-005", "pool_shares", rows.index[0], "share", f"{total:.4%}", pool=pool["pool_id"])
        return share / total, 0.0, None
    if np.isnan(quantity).any() or quantity.sum() <= 0:
        return np.zeros(len(rows)), 0.0, tables.fault("KW-CP-006", "pool_shares", rows.index[0], "driver_quantity", pool["pool_id"])
    budget = _numbers(rows, "budgeted_quantity")
    capacity = float(pool["capacity"]) if "capacity" in pool and not pd.isna(pool["capacity"]) else np.nan
    if not np.isnan(budget).any() and budget.sum() > 0:
        return (*_dual(quantity, budget, capacity, _variable_fraction(pool, own)), None)
    base = max(capacity, quantity.sum()) if not np.isnan(capacity) else quantity.sum()
    return quantity / base, 1 - quantity.sum() / base, None


def _dual(actual: Floats, budget: Floats, capacity: float, variable: float) -> tuple[Floats, float]:
    """Dual rate (Horngren et al., Cost Accounting, 14th ed., p. 546): fixed by budget on capacity, variable by actual."""
    base = budget.sum() if np.isnan(capacity) else max(capacity, budget.sum())
    given = (1 - variable) * budget / base + variable * actual / actual.sum()
    return given, 1 - given.sum()


def _variable_fraction(pool: pd.Series, own: int) -> float:
    variable = pool.get("variable_cost")
    if variable is None or pd.isna(variable) or own <= 0:
        return 0.0
    return min(float(variable) * 100 / own, 1.0)


def _numbers(rows: pd.DataFrame, column: str) -> Floats:
    if column not in rows:
        return np.full(len(rows), np.nan)
    return rows[column].to_numpy(float)
