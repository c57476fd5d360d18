"""The statement rolled up: per segment, channel, region, account manager, industry and parent (concern)."""

import numpy as np
import pandas as pd

from klantwaarde import money
from klantwaarde.costs.inventory import Inventory
from klantwaarde.profit.statement import Statement, ratio, shown_rows
from klantwaarde.tables.headers import normalise
from klantwaarde.tables.register import Register, top_parents

DIMENSIONS = ("segment", "channel", "region", "account_manager", "industry", "parent")
_LINES = (
    "list_revenue", "discount", "bonus", "net_revenue", "cost_of_goods", "gross_margin", "cost_to_serve", "direct_cost",
)  # fmt: skip


def segment_pl(register: Register, statement: Statement, inventory: Inventory | None) -> pd.DataFrame:
    """The statement per value of every dimension that the debtor master holds.

    Channel cost is subtracted where it belongs, at the channel; corporate cost never (Horngren et al., ch. 14).

    Returns:
        dimension, key ("" = unknown), customers, the lines of the statement in euros, customer_result, channel_cost,
        result_after_channel, result_margin. Every dimension adds up to the total of the customers.
    """
    channel_cents = _channel_cents(inventory)
    parts = [_roll_up(register, statement, name, keys, channel_cents) for name, keys in _keys(register).items()]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["dimension", "key"])


def _keys(register: Register) -> dict[str, np.ndarray]:
    master = register.master
    keys = {d: master[d].fillna("").to_numpy(object) for d in DIMENSIONS if d in master and master[d].notna().any()}
    if "parent_id" in master and master["parent_id"].notna().any():
        keys["parent"] = top_parents(register)
    return keys


def _channel_cents(inventory: Inventory | None) -> dict[str, int]:
    if inventory is None:
        return {}
    rows = inventory.rows[inventory.rows["treatment"] == "channel"]
    return {str(channel): int(cents) for channel, cents in rows.groupby("target")["cents"].sum().items()}


def _roll_up(
    register: Register, statement: Statement, dimension: str, keys: np.ndarray, channel_cents: dict[str, int]
) -> pd.DataFrame:
    shown = shown_rows(register, statement)
    of_row = np.append(keys, ["", ""])[shown]
    codes, names = pd.factorize(of_row, sort=True)
    frame = pd.DataFrame({"dimension": dimension, "key": names, "customers": np.bincount(codes, minlength=len(names))})
    for line in _LINES:
        frame[line] = money.euros(_by(codes, getattr(statement, line)[shown], len(names)))
    result = _by(codes, statement.result[shown], len(names))
    channel = np.zeros(len(names), dtype=np.int64)
    if dimension == "channel":
        wanted = {normalise(name): cents for name, cents in channel_cents.items()}
        channel[:] = [wanted.get(normalise(str(name)), 0) for name in names]
    frame["customer_result"] = money.euros(result)
    frame["channel_cost"] = money.euros(channel)
    frame["result_after_channel"] = money.euros(result - channel)
    frame["result_margin"] = ratio(result, _by(codes, statement.net_revenue[shown], len(names)))
    return frame


def _by(codes: np.ndarray, cents: np.ndarray, n: int) -> np.ndarray:
    return np.bincount(codes, weights=cents, minlength=n).astype(np.int64)
