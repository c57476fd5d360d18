"""Any customer figure back to activities, pools, cost elements and ledger accounts, and from an account forward."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from klantwaarde import money
from klantwaarde.costs.elements import pool_rows
from klantwaarde.costs.scope import in_period
from klantwaarde.profit.statement import handling_columns

if TYPE_CHECKING:
    from klantwaarde.costs.allocation import Allocation
    from klantwaarde.model import Outcome

LINE_FIGURES = {"list_revenue": "list_cents", "cost_of_goods": "cost_cents"}
TRACE_COLUMNS = [
    "figure", "source", "row", "document", "activity_id", "quantity", "minutes", "rate", "pool_id", "origin_pool",
    "cost_element", "account", "description", "amount",
]  # fmt: skip
NET = (("list_revenue", 1), ("discount", -1), ("bonus", -1))
NOTHING = pd.DataFrame(columns=["source", "row", "amount"])


def trace_customer(outcome: Outcome, customer_id: str, figure: str = "customer_result") -> pd.DataFrame:
    """Where one figure of one customer comes from; the amounts add up to the figure, to the cent.

    Handling costs go back through the pool and the pool where the ledger put them (``origin_pool``) to the account;
    other figures go back to their rows in the input. Costs are negative when the figure is a result or a margin.

    Args:
        outcome: From ``analyse``.
        customer_id: A customer, ``(unknown)`` or ``(none)``.
        figure: A column of ``customer_pl``: a P&L line, an activity, ``cost_to_serve``, ``customer_result`` …

    Returns:
        figure, source (table), row (Excel row), document, activity_id, quantity, minutes, rate, pool_id, origin_pool,
        cost_element, account, description, amount (euro).

    Raises:
        KeyError: no such customer or figure.
    """
    parts = _parts(outcome, figure)
    code = outcome.model.register.ids.get_loc(customer_id)
    filled = [
        frame.assign(figure=name, amount=frame["amount"] * sign)
        for name, sign in parts
        for frame in _elementary(outcome, code, name)
        if len(frame)
    ]
    found = pd.concat(filled, ignore_index=True) if filled else NOTHING
    return found.reindex(columns=TRACE_COLUMNS)


def _parts(outcome: Outcome, figure: str) -> list[tuple[str, int]]:
    """The elementary figures behind a figure, with their sign."""
    statement, allocation = outcome.model.books.statement, outcome.model.books.allocation
    handlings = list(handling_columns(allocation)) if allocation else []
    direct = [f"direct_{kind}" for kind in statement.direct]
    margin = [*NET, ("cost_of_goods", -1)]
    compound = {
        "net_revenue": [*NET],
        "gross_margin": margin,
        "cost_to_serve": [(name, 1) for name in handlings],
        "direct_cost": [(name, 1) for name in direct],
        "customer_result": [*margin, *((name, -1) for name in (*handlings, *direct))],
    }
    if figure in compound:
        return compound[figure]
    if figure in {"list_revenue", "discount", "bonus", "cost_of_goods", *handlings, *direct}:
        return [(figure, 1)]
    raise KeyError(figure)


def traceable(outcome: Outcome) -> list[str]:
    """The columns of ``customer_pl`` that can be traced, in their order."""
    statement, allocation = outcome.model.books.statement, outcome.model.books.allocation
    names = {"list_revenue", "discount", "bonus", "net_revenue", "cost_of_goods", "gross_margin", "direct_cost", "customer_result"}
    names |= {f"direct_{kind}" for kind in statement.direct}
    names |= {*handling_columns(allocation), "cost_to_serve"} if allocation else set()
    return [name for name in outcome.results["customer_pl"].columns if name in names]


def _elementary(outcome: Outcome, code: int, figure: str) -> list[pd.DataFrame]:
    """The rows behind an elementary figure of one customer."""
    allocation = outcome.model.books.allocation
    handlings = handling_columns(allocation) if allocation else {}
    if figure in handlings:
        return [_handling(outcome, code, handlings[figure])]
    if figure == "discount":
        return [_lines(outcome, code, figure), _customer_costs(outcome, code, figure)]
    if figure in LINE_FIGURES:
        return [_lines(outcome, code, figure)]
    return [_customer_costs(outcome, code, figure.removeprefix("direct_"))]


def _lines(outcome: Outcome, code: int, figure: str) -> pd.DataFrame:
    lines = outcome.model.books.lines
    cents = lines.list_cents - lines.net_cents if figure == "discount" else getattr(lines, LINE_FIGURES[figure])
    chosen = (lines.customer == code) & (cents != 0)
    frame = lines.frame[chosen]
    amount = money.euros(cents[chosen])
    return pd.DataFrame(
        {"source": "invoice_lines", "row": frame.index, "document": frame["invoice_id"].to_numpy(), "amount": amount}
    )


def _customer_costs(outcome: Outcome, code: int, kind: str) -> pd.DataFrame:
    scope = outcome.model.books.scope
    table = scope.tables.get("customer_costs")
    if table is None:
        return NOTHING
    mine = (scope.customers["customer_costs"] == code) & (table["kind"] == kind).to_numpy(bool)
    chosen = table[mine & in_period("customer_costs", table, scope.period)]
    account = chosen["account"].to_numpy() if "account" in chosen else None
    amount = money.euros(money.cents(chosen["amount"].to_numpy(float)))
    return pd.DataFrame({"source": "customer_costs", "row": chosen.index, "account": account, "amount": amount})


def _handling(outcome: Outcome, code: int, activity: int) -> pd.DataFrame:
    """One cell of the cost matrix back to the ledger rows that filled its pool."""
    allocation = outcome.model.allocation
    activities = allocation.activities
    cents = int(allocation.cells[code, activity])
    if cents == 0:
        return NOTHING
    pool = int(activities.pool[activity])
    rows, origin = pool_rows(outcome.model.inventory, allocation)
    weight = allocation.pools.weights[pool, origin] * rows["cents"].to_numpy(float)
    spread = money.round_to_total(weight * (cents / weight.sum()), cents)
    used = np.flatnonzero(spread)
    frame = rows.iloc[used]
    return pd.DataFrame(
        {
            "source": "ledger", "row": frame.index, "activity_id": activities.ids[activity],
            "quantity": activities.quantity[code, activity], "minutes": activities.load[code, activity],
            "rate": allocation.rates[pool], "pool_id": allocation.pools.ids[pool], "origin_pool": frame["target"],
            "cost_element": frame["cost_element"], "account": frame["account"], "description": frame["description"],
            "amount": money.euros(spread[used]),
        }
    )  # fmt: skip


def trace_account(outcome: Outcome, account: str) -> pd.DataFrame:
    """Where the amount of one ledger account went; the rows add up to the account, to the cent.

    A pool account goes through support and activities to customers and unused capacity. An account of another treatment
    goes to one destination: a line of the customer P&L (``revenue``, ``gift`` …), ``channel``, ``corporate``, ``outside``.

    Returns:
        pool_id, destination (``customer`` · ``unused`` · the kind of the pool · the line or treatment), customer_id, name
        (when customers have one), amount (euro, debit positive); the largest amount first, whatever its sign.

    Raises:
        KeyError: the period's ledger does not hold this account.
    """
    books = outcome.model.books
    ledger = books.inventory.rows if books.inventory is not None else None
    if ledger is None or not (ledger["account"] == account).any():
        raise KeyError(account)
    mine = ledger[ledger["account"] == account]
    elsewhere = mine if books.allocation is None else mine[mine["treatment"] != "pool"]
    found = [
        _destination("", str(target if treatment == "direct" else treatment), int(cents))
        for (treatment, target), cents in elsewhere.groupby(["treatment", "target"], sort=True)["cents"].sum().items()
    ]
    if len(elsewhere) < len(mine):
        found += _through_pools(outcome, account)
    return _named(outcome, pd.concat(found) if found else _destination("", "unused", 0).iloc[:0])


def _named(outcome: Outcome, frame: pd.DataFrame) -> pd.DataFrame:
    """With the customers' names, the largest amount first."""
    ordered = frame.sort_values("amount", key=abs, ascending=False, kind="stable", ignore_index=True)
    master = outcome.model.register.master
    if "name" not in master:
        return ordered
    names = master.set_index("customer_id")["name"].reindex(ordered["customer_id"]).fillna("")
    ordered.insert(ordered.columns.get_loc("amount"), "name", names.to_numpy(object))
    return ordered


def _through_pools(outcome: Outcome, account: str) -> list[pd.DataFrame]:
    allocation = outcome.model.allocation
    rows, origin = pool_rows(outcome.model.inventory, allocation)
    chosen = (rows["account"] == account).to_numpy(bool)
    cents = rows["cents"].to_numpy(np.int64)[chosen]
    total = int(cents.sum())
    exact = allocation.pools.weights[:, origin[chosen]] @ cents.astype(float)
    spread = money.round_to_total(np.append(exact, total - exact.sum()), total)
    found = [_forward(outcome, int(pool), int(spread[pool])) for pool in np.flatnonzero(spread[:-1])]
    if spread[-1]:  # support capacity that nobody used
        found.append(_destination("", "unused", int(spread[-1])))
    return found


def _destination(pool_id: str, destination: str, cents: int) -> pd.DataFrame:
    columns = {"pool_id": [pool_id], "destination": [destination], "customer_id": [""], "amount": [cents / 100]}
    return pd.DataFrame(columns)


def _forward(outcome: Outcome, pool: int, cents: int) -> pd.DataFrame:
    """Spread an account's cents within one pool as the use of the pool spreads its cost."""
    allocation, register = outcome.model.allocation, outcome.model.register
    pool_id, kind = str(allocation.pools.ids[pool]), str(allocation.pools.kinds[pool])
    if kind != "operating":
        return _destination(pool_id, kind, cents)
    used = _share_of_pool(allocation, pool) * cents
    spread = money.round_to_total(np.append(used, cents - used.sum()), cents)
    customers = np.flatnonzero(spread[:-1])
    frame = pd.DataFrame({"customer_id": register.ids.to_numpy(object)[customers], "amount": spread[customers] / 100})
    frame = frame.assign(pool_id=pool_id, destination="customer")[["pool_id", "destination", "customer_id", "amount"]]
    return pd.concat([frame, _destination(pool_id, "unused", int(spread[-1]))]) if spread[-1] else frame


def _share_of_pool(allocation: Allocation, pool: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Fraction of a pool that every customer uses; nothing of a pool without use."""
    use = allocation.activities.use
    load = allocation.activities.load[:, allocation.activities.of_pool(pool)].sum(axis=1)
    return load / use.capacity[pool] if use.used[pool] > 0 else np.zeros(len(load))
