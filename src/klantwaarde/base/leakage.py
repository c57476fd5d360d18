"""Where margin leaks away: services that are not charged, orders that do not earn their handling, returns, extra discount.

The kinds look at the same invoices from four sides, so they are never added up.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from klantwaarde import money
from klantwaarde.base.customers import base_of, named
from klantwaarde.base.history import Cents, Mask
from klantwaarde.check import Results
from klantwaarde.costs.cells import totals_by
from klantwaarde.profit.lines import Lines
from klantwaarde.tables.headers import normalise
from klantwaarde.tables.typed import Tables

if TYPE_CHECKING:
    from klantwaarde.model import Model

KINDS = ("unbilled_service", "small_orders", "returns", "extra_discount")
ORDER_LEVEL = "order"


@dataclass(frozen=True, slots=True, eq=False)
class Leak:
    """Cents per customer of one kind, and in how many cases."""

    cents: Cents
    cases: int


def leakage(model: "Model", _results: Results) -> pd.DataFrame:
    """Per customer and kind in the period, the largest first.

    Returns:
        kind, customer_id, name, segment, amount.
    """
    base = base_of(model)
    parts = []
    for kind, leak in leaks_of(model).items():
        rows = np.flatnonzero((leak.cents > 0) & base.counted)
        about = {
            "kind": np.full(len(rows), kind, dtype=object),
            **named(base.register, rows),
            "amount": money.euros(leak.cents[rows]),
        }
        parts.append(pd.DataFrame(about))
    frame = pd.concat(parts, ignore_index=True)
    return frame.sort_values(
        ["amount", "customer_id", "kind"], ascending=[False, True, True], kind="stable", ignore_index=True
    )


def leakage_kinds(model: "Model", _results: Results) -> pd.DataFrame:
    """All customers together: kind, cases (orders or lines; NaN for services), customers, amount, revenue_share."""
    base, revenue = base_of(model), int(model.books.statement.net_revenue[: model.register.n_customers].sum())
    rows = []
    for kind, leak in leaks_of(model).items():
        here = (leak.cents > 0) & base.counted
        cents = int(leak.cents[here].sum())
        cases = np.nan if kind == "unbilled_service" else leak.cases
        rows.append((kind, cases, int(here.sum()), cents / 100, cents / revenue if revenue > 0 else np.nan))
    frame = pd.DataFrame(rows, columns=["kind", "cases", "customers", "amount", "revenue_share"])
    return frame.sort_values(["amount", "kind"], ascending=[False, True], kind="stable", ignore_index=True)


def leaks_of(model: "Model") -> dict[str, Leak]:
    """The kinds that the input allows, worked out once."""
    if "leaks" not in model.shared:
        model.shared["leaks"] = _leaks(model)
    found: dict[str, Leak] = model.shared["leaks"]
    return found


def _leaks(model: "Model") -> dict[str, Leak]:
    lines, n = model.books.lines, model.register.n_customers
    real = ~model.register.excluded[lines.customer]
    leaks = {"returns": returns(lines, real, n), "extra_discount": extra_discount(lines, real, n)}
    if model.books.allocation is not None:
        leaks["unbilled_service"] = unbilled_service(model)
        price = order_price(model)
        if price is not None:
            leaks["small_orders"] = small_orders(lines, real, n, price)
    return {kind: leaks[kind] for kind in KINDS if kind in leaks}


def returns(lines: Lines, real: Mask, n: int) -> Leak:
    """Margin that credit notes took back."""
    here = real & (lines.net_cents < 0)
    given = np.maximum(lines.cost_cents[here] - lines.net_cents[here], 0)
    return Leak(totals_by(lines.customer[here], given, n), int(here.sum()))


def extra_discount(lines: Lines, real: Mask, n: int) -> Leak:
    """Discount on the invoice above the average rate of all customers."""
    listed, net = (totals_by(lines.customer[real], part[real], n) for part in (lines.list_cents, lines.net_cents))
    given, whole = listed - net, int(listed.sum())
    norm = int(given.sum()) / whole if whole > 0 else 0.0
    above = money.cents(np.maximum(given - np.maximum(listed, 0) * norm, 0.0) / 100)
    return Leak(above, int((above > 0).sum()))


def order_price(model: "Model") -> float | None:
    """What handling one order costs, in cents: the price of all handlings of the level order; None when none has it."""
    activities = model.tables["activities"]
    if "level" not in activities:
        return None
    allocation = model.allocation
    at_order = set(activities.loc[activities["level"] == ORDER_LEVEL, "activity_id"])
    here = np.isin(allocation.activities.ids, list(at_order))
    cost, orders = int(allocation.cells[:, here].sum()), len(np.unique(_order_codes(model.books.lines)))
    return cost / orders if at_order and orders else None


def small_orders(lines: Lines, real: Mask, n: int, price: float) -> Leak:
    """What orders lack between their gross margin and the price of handling an order; credit notes are no orders."""
    here = real & (lines.net_cents > 0)
    order = _order_codes(lines)[here]
    _, order = np.unique(order, return_inverse=True)
    size = int(order.max(initial=-1)) + 1
    margin = totals_by(order, (lines.net_cents - lines.cost_cents)[here], size)
    owner = np.zeros(size, dtype=np.intp)
    owner[order] = lines.customer[here]
    lacking = np.maximum(np.floor(price - margin + 0.5).astype(np.int64), 0)
    return Leak(totals_by(owner, lacking, n), int((lacking > 0).sum()))


def _order_codes(lines: Lines) -> np.ndarray:
    name = "order_id" if "order_id" in lines.frame and lines.frame["order_id"].notna().all() else "invoice_id"
    return pd.factorize(lines.frame[name])[0]


def unbilled_service(model: "Model") -> Leak:
    """Handling cost of every service above what the customer was invoiced for it."""
    activities, n = model.allocation.activities, model.register.n_customers
    keys = np.array([normalise(option) for option in activities.options], dtype=object)
    services = sorted(set(keys) - {""})
    billed = _billed(model.tables, model.books.lines, services, n)
    lacking = np.zeros(n, dtype=np.int64)
    for key in services:
        cost = model.allocation.cells[:n, keys == key].sum(axis=1)
        lacking += np.maximum(cost - billed.get(key, 0), 0)
    return Leak(lacking, 0)


def _billed(tables: Tables, lines: Lines, services: list[str], n: int) -> dict[str, Cents]:
    """Margin per customer on products whose group has the name of a service."""
    products = tables.get("products")
    if products is None or "product_group" not in products or "product_id" not in lines.frame:
        return {}
    groups = products["product_group"].fillna("").map(normalise)
    found = {}
    for service in set(services) & set(groups):
        rows = lines.frame["product_id"].isin(products["product_id"][groups == service]).to_numpy() & (
            lines.customer < n
        )
        found[service] = totals_by(lines.customer[rows], (lines.net_cents - lines.cost_cents)[rows], n)
    return found
