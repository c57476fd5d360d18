"""Cost pools: what the ledger puts in, what support departments pass on, what is left to serve customers with."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.costs.cells import totals_by
from klantwaarde.costs.inventory import Inventory
from klantwaarde.costs.keys import giving_of, numbers
from klantwaarde.costs.scope import Scope, blocked
from klantwaarde.costs.support import SupportError, SupportResult, allocate_support
from klantwaarde.messages import Fault
from klantwaarde.tables.register import Codes
from klantwaarde.tables.typed import Tables

Floats = NDArray[np.float64]
Cents = NDArray[np.int64]
Mask = NDArray[np.bool_]


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
    giving, faults = giving_of(tables, frame, own)
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


def _unusual(tables: Tables, frame: pd.DataFrame, own: Cents) -> list[Fault]:
    """Pools with negative cost, and variable cost above all cost."""
    variable = numbers(frame, "variable_cost")
    ids = frame["pool_id"].to_numpy(object)
    faults = [
        tables.fault(
            "KW-CP-010", "cost_pools", frame.index[at], "pool_id", ids[at], severity="warn",
            cost=float(own[at] / 100),
        )
        for at in np.flatnonzero(own < 0)
    ]  # fmt: skip
    faults += [
        tables.fault(
            "KW-CP-007", "cost_pools", frame.index[at], "variable_cost", ids[at], severity="warn",
            variable=float(variable[at]), cost=float(own[at] / 100),
        )
        for at in np.flatnonzero((own >= 0) & (variable * 100 > own + 0.5))
    ]  # fmt: skip
    return faults


def _idle_support(tables: Tables, frame: pd.DataFrame, unused: Cents) -> list[Fault]:
    return [
        tables.fault(
            "KW-CP-009", "cost_pools", frame.index[at], "capacity", frame["pool_id"].iloc[at], severity="note",
            cost=float(unused[at] / 100),
        )
        for at in np.flatnonzero(unused)
    ]  # fmt: skip
