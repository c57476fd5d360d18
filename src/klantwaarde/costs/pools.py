"""Cost pools: what the ledger puts in, what support departments pass on, what is left to serve customers with."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.costs.capacity import dual_rate
from klantwaarde.costs.cells import totals_by
from klantwaarde.costs.inventory import Inventory
from klantwaarde.costs.scope import Scope, blocked
from klantwaarde.costs.support import SupportError, SupportResult, allocate_support
from klantwaarde.messages import Fault
from klantwaarde.tables.register import Codes
from klantwaarde.tables.typed import Tables

Floats = NDArray[np.float64]
Cents = NDArray[np.int64]
Mask = NDArray[np.bool_]
SHARE_TOLERANCE = 1e-6  # shares of one support pool may miss 100 % by float noise only


@dataclass(frozen=True, slots=True, eq=False)
class Pools:
    """The pools in order of their id, so that no result depends on the order of rows.

    Attributes:
        ids, names, kinds: One per pool.
        in_table_order: Pool codes in the order of the table; results are shown so.
        own: Cents that the ledger puts into each pool.
        gross: Euro that passed through each pool, support received and self-consumption included.
        passed_on: Euro that each support pool passed on to others, unused capacity included.
        cents: Cents after support; 0 for support pools, sums with ``support_unused`` to ``own``.
        support_unused: Cents of support capacity that nobody used (dual rate or practical capacity of a support pool).
        weights: Share of each pool's own cost (column) that ends in each pool (row), shape (n, n); support rows are 0.
    """

    ids: NDArray[np.object_]
    names: NDArray[np.object_]
    kinds: NDArray[np.object_]
    in_table_order: Codes
    own: Cents
    gross: Floats
    passed_on: Floats
    cents: Cents
    support_unused: Cents
    weights: Floats

    @property
    def n(self) -> int:
        """How many pools there are."""
        return len(self.ids)

    @property
    def operating(self) -> Mask:
        """The pools that serve customers."""
        return np.asarray(self.kinds == "operating")

    def code(self, pool_id: str) -> int:
        """The place of a pool in these arrays."""
        return int(np.flatnonzero(self.ids == pool_id)[0])


def close_pools(scope: Scope, inventory: Inventory) -> tuple[Pools | None, list[Fault]]:
    """Collect ledger cost in pools and pass support cost on by the chosen method, to the cent."""
    tables = scope.tables
    frame = tables["cost_pools"].sort_values("pool_id")
    own = _own_cost(inventory, frame)
    giving, faults = _giving(tables, frame, own)
    faults += _unusual(tables, frame, own)
    if blocked(faults):
        return None, faults
    try:
        spread, weights = _passed_on(scope, frame, own, giving)
    except SupportError as error:
        at = tables.fault("KW-CO-010", "pool_shares")
        placed = [replace(f, sheet=at.sheet, table=at.table, language=at.language) for f in error.faults]
        return None, [*faults, *placed]
    kept_and_unused = np.concatenate([spread.final[:-1], spread.flow[:-1, -1]])
    cents, unused = np.split(money.round_to_total(kept_and_unused * 100, int(own.sum())), 2)
    faults += _idle_support(tables, frame, unused)
    names = frame["name"].fillna(frame["pool_id"]) if "name" in frame else frame["pool_id"]
    ids, labels, kinds = (column.to_numpy(object) for column in (frame["pool_id"], names, frame["kind"]))
    order, gross = np.argsort(frame.index), spread.gross[:-1]
    passed_on = (spread.flow.sum(axis=1) - np.diag(spread.flow))[:-1]
    return Pools(ids, labels, kinds, order, own, gross, passed_on, cents, unused, weights), faults


def _own_cost(inventory: Inventory, frame: pd.DataFrame) -> Cents:
    rows = inventory.of_treatment("pool")
    codes = pd.Index(frame["pool_id"]).get_indexer(rows["target"])
    return totals_by(codes, rows["cents"].to_numpy(np.int64), len(frame))


def _passed_on(scope: Scope, frame: pd.DataFrame, own: Cents, giving: Floats) -> tuple[SupportResult, Floats]:
    """Support passed on, with one receiver more: the support capacity that nobody used.

    Returns:
        The result in order of pool id, and the weights between pools.
    """
    n, method = len(frame), scope.tables.settings.support_method
    support = np.append(frame["kind"].to_numpy(object) == "support", False)
    given = np.vstack([giving, np.zeros(n + 1)])
    names = [*frame["pool_id"], "unused"]
    order = np.arange(n + 1)
    if method == "step-down":  # closes in the order of the table
        order[:n] = np.argsort(frame.index)
    spread = allocate_support(
        np.append(own / 100, 0.0)[order], given[np.ix_(order, order)], method=method,
        names=[names[at] for at in order], support=support[order],
    )  # fmt: skip
    weights = np.zeros((n + 1, n + 1))
    weights[np.ix_(order[~support[order]], order)] = spread.weights
    back = np.argsort(order)
    placed = SupportResult(spread.final[back], spread.gross[back], spread.flow[np.ix_(back, back)], spread.weights)
    return placed, weights[:-1, :-1]


@dataclass(frozen=True, slots=True, eq=False)
class _Keys:
    """Rows of the pool shares in a fixed order: pool codes of giver and taker, and their figures (NaN = blank)."""

    giver: Codes
    taker: Codes
    share: Floats
    quantity: Floats
    budget: Floats
    index: NDArray[np.int64]  # Excel rows

    def of(self, giver: int) -> "_Keys":
        """The rows of one giver."""
        start, stop = np.searchsorted(self.giver, [giver, giver + 1])
        return self.rows(slice(start, stop))

    def rows(self, chosen: slice | Codes) -> "_Keys":
        """Some of the rows."""
        figures = (self.share[chosen], self.quantity[chosen], self.budget[chosen])
        return _Keys(self.giver[chosen], self.taker[chosen], *figures, self.index[chosen])


def _giving(tables: Tables, pools: pd.DataFrame, own: Cents) -> tuple[Floats, list[Fault]]:
    """What part of its cost each pool (row) gives to each pool (column); the last column is capacity nobody used."""
    n = len(pools)
    giving = np.zeros((n, n + 1))
    if "pool_shares" not in tables:
        return giving, []
    keys, faults = _keys(tables, pools)
    if faults:
        return giving, faults
    capacity, variable = _numbers(pools, "capacity"), _numbers(pools, "variable_cost")
    for giver in np.unique(keys.giver):
        rows = keys.of(int(giver))
        pool = _Giver(str(pools["pool_id"].iloc[giver]), pools.index[giver], capacity[giver], variable[giver], own[giver] / 100)
        given, unused, more = _one_giver(tables, rows, pool)
        faults += more
        np.add.at(giving[giver], rows.taker, given)
        giving[giver, -1] = unused
    return giving, faults


def _keys(tables: Tables, pools: pd.DataFrame) -> tuple[_Keys, list[Fault]]:
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
    share, quantity, budget = (_numbers(frame, name) for name in ("share", "driver_quantity", "budgeted_quantity"))
    keys = _Keys(giver, taker, share, quantity, budget, frame.index.to_numpy())
    return keys.rows(np.lexsort((budget, quantity, share, taker, giver))), faults


@dataclass(frozen=True, slots=True)
class _Giver:
    """One support pool: euro of own cost, of which ``variable`` moves with use; ``capacity`` in units of its driver."""

    pool_id: str
    row: object
    capacity: float
    variable: float
    own: float


def _one_giver(tables: Tables, rows: _Keys, pool: _Giver) -> tuple[Floats, float, list[Fault]]:
    """What one support pool gives to each of its rows, as fractions, and the fraction that stays unused."""
    if not np.isnan(rows.share).any():
        total = rows.share.sum()
        if abs(total - 1) > SHARE_TOLERANCE:
            fault = tables.fault("KW-CP-005", "pool_shares", rows.index[0], "share", f"{total:.4%}", pool=pool.pool_id)
            return rows.share, 0.0, [fault]
        return rows.share / total, 0.0, []
    used, planned = rows.quantity.sum(), ~np.isnan(rows.budget)
    if not used > 0 or (planned.any() and not rows.budget.sum() > 0):
        column = "budgeted_quantity" if used > 0 else "driver_quantity"
        return rows.share, 0.0, [tables.fault("KW-CP-006", "pool_shares", rows.index[0], column, pool.pool_id)]
    if planned.any():
        return _dual(tables, rows, pool)
    base = np.fmax(pool.capacity, used)
    return rows.quantity / base, 1 - used / base, _overused(tables, pool, used)


def _dual(tables: Tables, rows: _Keys, pool: _Giver) -> tuple[Floats, float, list[Fault]]:
    """Dual rate: fixed cost by budgeted use on practical capacity, variable cost by actual use, per euro of cost.

    Cost received from other support pools has the same mix as the pool's own cost.
    """
    claimed = rows.budget.sum()
    variable = 0.0 if np.isnan(pool.variable) or pool.own <= 0 else min(pool.variable / pool.own, 1.0)
    rate = variable / rows.quantity.sum()
    supplied = float(np.fmax(pool.capacity, claimed))
    charge = dual_rate(1 - variable, rows.budget, rate, rows.quantity, practical_capacity=supplied)
    return charge.total, charge.unused_cost, _overused(tables, pool, claimed)


def _overused(tables: Tables, pool: _Giver, used: float) -> list[Fault]:
    if not used > pool.capacity:
        return []
    place = ("cost_pools", pool.row, "capacity", pool.pool_id)
    figures = f"{used:,.2f}", f"{pool.capacity:,.2f}"
    return [tables.fault("KW-CP-008", *place, severity="warn", used=figures[0], capacity=figures[1])]


def _unusual(tables: Tables, frame: pd.DataFrame, own: Cents) -> list[Fault]:
    """Pools with negative cost, and variable cost above all cost."""
    variable = _numbers(frame, "variable_cost")
    ids = frame["pool_id"].to_numpy(object)
    faults = [
        tables.fault("KW-CP-010", "cost_pools", frame.index[at], "pool_id", ids[at], severity="warn", cost=f"{own[at] / 100:,.2f}")
        for at in np.flatnonzero(own < 0)
    ]
    faults += [
        tables.fault(
            "KW-CP-007", "cost_pools", frame.index[at], "variable_cost", ids[at], severity="warn",
            variable=f"{variable[at]:,.2f}", cost=f"{own[at] / 100:,.2f}",
        )
        for at in np.flatnonzero((own >= 0) & (variable * 100 > own + 0.5))
    ]  # fmt: skip
    return faults


def _idle_support(tables: Tables, frame: pd.DataFrame, unused: Cents) -> list[Fault]:
    return [
        tables.fault(
            "KW-CP-009", "cost_pools", frame.index[at], "capacity", frame["pool_id"].iloc[at], severity="note",
            cost=f"{unused[at] / 100:,.2f}",
        )
        for at in np.flatnonzero(unused)
    ]  # fmt: skip


def _numbers(rows: pd.DataFrame, column: str) -> Floats:
    return rows[column].to_numpy(float) if column in rows else np.full(len(rows), np.nan)
