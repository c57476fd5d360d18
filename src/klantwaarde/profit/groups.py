"""The statement rolled up: per segment, channel, region, account manager, industry and parent (concern)."""

from collections import Counter
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.costs.allocation import Allocation
from klantwaarde.costs.cells import totals_by
from klantwaarde.costs.inventory import Inventory
from klantwaarde.profit.statement import Statement, ratio, shown_rows
from klantwaarde.tables.headers import normalise
from klantwaarde.tables.register import Register, top_parents

Cents = NDArray[np.int64]
Names = NDArray[np.object_]

DIMENSIONS = ("segment", "channel", "region", "account_manager", "industry")
LINES = (
    "list_revenue", "discount", "bonus", "net_revenue", "cost_of_goods", "gross_margin", "cost_to_serve", "direct_cost",
)  # fmt: skip


def channel_costs(register: Register, inventory: Inventory | None, allocation: Allocation | None) -> dict[str, int]:
    """Cents per channel: ledger accounts with a channel as target, and pools of the kind channel.

    A pool stands for the channel that has its id, else for the channel that has its name.
    """
    costs: Counter[str] = Counter()
    if inventory is not None:
        for (treatment, target), cents in inventory.totals.items():
            costs[target] += cents if treatment == "channel" else 0
    if allocation is not None:
        pools = allocation.pools
        known = {normalise(channel) for channel in _channels(register)}
        for code in np.flatnonzero(pools.kinds == "channel"):
            own = normalise(pools.ids[code]) in known
            costs[str(pools.ids[code] if own else pools.names[code])] += int(pools.cents[code])
    return {name: cents for name, cents in costs.items() if cents}


def channels_without_customers(register: Register, costs: Mapping[str, int]) -> dict[str, int]:
    """The channel costs that no customer's channel answers to."""
    known = {normalise(channel) for channel in _channels(register)}
    return {name: cents for name, cents in costs.items() if normalise(name) not in known}


def _channels(register: Register) -> list[str]:
    return register.master["channel"].dropna().unique().tolist() if "channel" in register.master else []


def segment_pl(register: Register, statement: Statement, channel_cost: Mapping[str, int]) -> pd.DataFrame:
    """The statement per value of every dimension that the debtor master holds.

    Channel cost is subtracted where it belongs, at the channel; corporate cost never (Horngren et al., ch. 14). Cost of
    a channel without customers gets a row of its own.

    Returns:
        dimension, key ("" = unknown, or no group), customers with any figure, the lines of the statement in euros, customer_result, channel_cost,
        result_after_channel, result_margin. Every dimension adds up to the total of the customers.
    """
    shown = shown_rows(register, statement)
    keys = _keys(register)
    if channel_cost and "channel" not in keys:
        keys["channel"] = np.full(register.n_customers, "", dtype=object)
    costs = {"channel": channel_cost}
    parts = [_roll_up(statement, shown, d, np.append(of, ["", ""]), costs.get(d, {})) for d, of in keys.items()]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["dimension", "key"])


def _keys(register: Register) -> dict[str, Names]:
    """Per dimension the value of every customer."""
    master = register.master
    keys = {d: master[d].fillna("").to_numpy(object) for d in DIMENSIONS if d in master and master[d].notna().any()}
    if "parent_id" in master and master["parent_id"].notna().any():
        keys["parent"] = _groups(register)
    return keys


def _groups(register: Register) -> Names:
    """The head of every customer's group; "" for a customer on its own, or the sheet would list them all again."""
    own, heads = register.master["customer_id"].to_numpy(object), top_parents(register)
    _, group, size = np.unique(heads.astype(str), return_inverse=True, return_counts=True)
    return np.where((size[group] > 1) | (heads != own), heads, "").astype(object)


def _roll_up(
    statement: Statement, shown: NDArray[np.bool_], dimension: str, keys: Names, above: Mapping[str, int]
) -> pd.DataFrame:
    codes, values = pd.factorize(keys[shown], sort=True)
    names, above_cents = _placed([str(value) for value in values], above)
    n = len(names)

    def rolled(cents: Cents) -> Cents:
        return totals_by(codes, cents[shown], n)

    lines = {line: money.euros(rolled(getattr(statement, line))) for line in LINES}
    result = rolled(statement.result)
    return pd.DataFrame(
        {"dimension": dimension, "key": names, "customers": np.bincount(codes[statement.touched[shown]], minlength=n), **lines}
        | {
            "customer_result": money.euros(result), "channel_cost": money.euros(above_cents),
            "result_after_channel": money.euros(result - above_cents),
            "result_margin": ratio(result, rolled(statement.net_revenue)),
        }
    )  # fmt: skip


def _placed(names: list[str], amounts: Mapping[str, int]) -> tuple[list[str], Cents]:
    """Every amount at the name it means; what means none of them gets a name more."""
    place = {normalise(name): position for position, name in reversed([*enumerate(names)])}
    names = [*names]
    cents = [0] * len(names)
    for name, amount in sorted(amounts.items()):
        position = place.setdefault(normalise(name), len(names))
        if position == len(names):
            names.append(name)
            cents.append(0)
        cents[position] += amount
    return names, np.array(cents, dtype=np.int64)
