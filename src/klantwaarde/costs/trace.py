"""Any customer figure back to activities, pools, cost elements and ledger accounts, and from an account forward."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from klantwaarde import money
from klantwaarde.costs.elements import pool_composition
from klantwaarde.profit.statement import customer_costs_in, handling_columns

if TYPE_CHECKING:
    from klantwaarde.model import Outcome

LINE_FIGURES = {"list_revenue": "list_cents", "cost_of_goods": "cost_cents"}
TRACE_COLUMNS = [
    "figure", "source", "row", "document", "activity_id", "quantity", "minutes", "rate", "pool_id", "origin_pool",
    "cost_element", "account", "description", "amount",
]  # fmt: skip


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
    traced = [frame.assign(figure=name, amount=frame["amount"] * sign) for name, sign in parts for frame in [_part(outcome, code, name)]]
    filled = [frame for frame in traced if len(frame)]
    return pd.concat(filled, ignore_index=True).reindex(columns=TRACE_COLUMNS) if filled else pd.DataFrame(columns=TRACE_COLUMNS)


def trace_account(outcome: Outcome, account: str) -> pd.DataFrame:
    """Where the cost of one pool account went; the amounts add up to the account, to the cent.

    Returns:
        pool_id, destination (``customer`` · ``unused`` · the kind of the pool), customer_id, amount (euro).

    Raises:
        KeyError: no row of the inventory that goes to a pool has this account.
    """
    allocation = outcome.model.allocation
    rows, euros = pool_composition(outcome.model.inventory, allocation)
    chosen = (rows["account"] == account).to_numpy(bool)
    if not chosen.any():
        raise KeyError(account)
    exact = euros[:, chosen].sum(axis=1) * 100
    total = int(rows["cents"][chosen].sum())
    spread = money.round_to_total(np.append(exact, total - exact.sum()), total)  # the last part: unused support capacity
    found = []
    for pool in np.flatnonzero(spread[:-1]):
        found.append(_forward(outcome, int(pool), int(spread[pool])))
    if spread[-1]:
        found.append(pd.DataFrame({"pool_id": [""], "destination": ["unused"], "customer_id": [""], "amount": [spread[-1] / 100]}))
    return pd.concat(found, ignore_index=True)


def _forward(outcome: Outcome, pool: int, cents: int) -> pd.DataFrame:
    """Spread an account's cents within one pool as the pool itself was spread."""
    allocation, register = outcome.model.allocation, outcome.model.register
    kind = str(allocation.pools.kinds[pool])
    pool_id = str(allocation.pools.ids[pool])
    if kind != "operating":
        return pd.DataFrame({"pool_id": [pool_id], "destination": [kind], "customer_id": [""], "amount": [cents / 100]})
    used = allocation.cells[:, allocation.activities.pool == pool].sum(axis=1)
    whole = np.append(used, allocation.unused[pool]).astype(float)
    total = float(allocation.pools.cents[pool])
    spread = money.round_to_total(whole * (cents / total), cents)
    ids = np.append(register.ids.to_numpy(object), "")
    frame = pd.DataFrame({"pool_id": pool_id, "destination": np.where(ids == "", "unused", "customer"), "customer_id": ids, "amount": money.euros(spread)})
    return frame[spread != 0]


def _parts(outcome: Outcome, figure: str) -> list[tuple[str, int]]:
    """The elementary figures behind a figure, with their sign."""
    statement, allocation = outcome.model.books.statement, outcome.model.books.allocation
    handlings = handling_columns(allocation) if allocation else []
    direct = [f"direct_{kind}" for kind in statement.direct]
    net = [("list_revenue", 1), ("discount", -1), ("bonus", -1)]
    compound = {
        "net_revenue": net,
        "gross_margin": [*net, ("cost_of_goods", -1)],
        "cost_to_serve": [(name, 1) for name in handlings],
        "direct_cost": [(name, 1) for name in direct],
        "customer_result": [*net, ("cost_of_goods", -1), *((name, -1) for name in (*handlings, *direct))],
    }
    if figure in compound:
        return compound[figure]
    if figure in {"list_revenue", "discount", "bonus", "cost_of_goods", *handlings, *direct}:
        return [(figure, 1)]
    raise KeyError(figure)


def _part(outcome: Outcome, code: int, figure: str) -> pd.DataFrame:
    if figure in LINE_FIGURES:
        return _lines(outcome, code, figure)
    if figure == "discount":
        return pd.concat([_lines(outcome, code, figure), _customer_costs(outcome, code, "discount")], ignore_index=True)
    if figure == "bonus" or figure.startswith("direct_"):
        return _customer_costs(outcome, code, figure.removeprefix("direct_"))
    return _handling(outcome, code, figure)


def _lines(outcome: Outcome, code: int, figure: str) -> pd.DataFrame:
    lines = outcome.model.books.lines
    here = lines.customer == code
    cents = lines.list_cents - lines.net_cents if figure == "discount" else getattr(lines, LINE_FIGURES[figure])
    chosen = here & (cents != 0)
    frame = lines.frame[chosen]
    return pd.DataFrame({"source": "invoice_lines", "row": frame.index, "document": frame["invoice_id"].to_numpy(), "amount": money.euros(cents[chosen])})


def _customer_costs(outcome: Outcome, code: int, kind: str) -> pd.DataFrame:
    table = customer_costs_in(outcome.model.tables, outcome.model.books.period)
    if table is None:
        return pd.DataFrame(columns=["source", "row", "amount"])
    chosen = table[(outcome.model.register.codes(table["customer_id"]) == code) & (table["kind"] == kind)]
    account = chosen["account"].to_numpy() if "account" in chosen else None
    return pd.DataFrame({"source": "customer_costs", "row": chosen.index, "account": account, "amount": money.euros(money.cents(chosen["amount"].to_numpy(float)))})


def _handling(outcome: Outcome, code: int, figure: str) -> pd.DataFrame:
    """One cell of the cost matrix back to the ledger rows that filled its pool."""
    allocation = outcome.model.allocation
    activity = handling_columns(allocation).index(figure)
    cents = int(allocation.cells[code, activity])
    if cents == 0:
        return pd.DataFrame(columns=["source", "amount"])
    pool = int(allocation.activities.pool[activity])
    rows, euros = pool_composition(outcome.model.inventory, allocation)
    weight = euros[pool]
    spread = money.round_to_total(weight / weight.sum() * cents, cents)
    used = np.flatnonzero(np.abs(weight) > 0)
    frame = rows.iloc[used]
    return pd.DataFrame(
        {
            "source": "ledger", "row": frame.index, "activity_id": allocation.activities.ids[activity],
            "quantity": allocation.activities.quantity[code, activity], "minutes": allocation.activities.load[code, activity],
            "rate": allocation.rates[pool], "pool_id": allocation.pools.ids[pool], "origin_pool": frame["target"].to_numpy(),
            "cost_element": frame["cost_element"].to_numpy(), "account": frame["account"].to_numpy(),
            "description": frame["description"].to_numpy(), "amount": money.euros(spread[used]),
        }
    )  # fmt: skip
