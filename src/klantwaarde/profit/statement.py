"""The profit and loss account per customer, in cents.

list revenue - discounts - bonus = net revenue; - cost of goods = gross margin; - one line per handling - direct costs =
customer result. Cost columns are positive and are subtracted. Customer cost hierarchy: Horngren et al., Cost Accounting,
ch. 14 (channel and corporate cost stay above the customer).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.costs.allocation import Allocation
from klantwaarde.messages import Fault
from klantwaarde.periods import Period
from klantwaarde.tables.catalogue import COST_KINDS
from klantwaarde.tables.register import Codes, Register
from klantwaarde.tables.typed import Tables

Cents = NDArray[np.int64]

REVENUE_KINDS = ("discount", "bonus")  # kinds of customer cost that lower revenue
DIRECT_KINDS = tuple(kind.id for kind in COST_KINDS if kind.id not in REVENUE_KINDS)


@dataclass(frozen=True, slots=True)
class Lines:
    """Invoice lines of one period, in cents, with customer codes. ``frame`` keeps the rows and their addresses."""

    frame: pd.DataFrame
    customer: Codes
    list_cents: Cents
    net_cents: Cents
    cost_cents: Cents
    cost_known: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """Cents per customer code; every array has shape (register.n,).

    Attributes:
        list_revenue, line_discount, later_discount, bonus, cost_of_goods: Commercial lines.
        handlings: Cents, shape (register.n, activities); no columns without costing.
        direct: Kind of customer cost -> cents.
        cost_known: False when neither lines nor products hold a cost of goods.
    """

    list_revenue: Cents
    line_discount: Cents
    later_discount: Cents
    bonus: Cents
    cost_of_goods: Cents
    handlings: Cents
    direct: Mapping[str, Cents]
    cost_known: bool

    @property
    def discount(self) -> Cents:
        return self.line_discount + self.later_discount

    @property
    def net_revenue(self) -> Cents:
        return self.list_revenue - self.discount - self.bonus

    @property
    def gross_margin(self) -> Cents:
        return self.net_revenue - self.cost_of_goods

    @property
    def cost_to_serve(self) -> Cents:
        return self.handlings.sum(axis=1)

    @property
    def direct_cost(self) -> Cents:
        return sum(self.direct.values(), np.zeros_like(self.list_revenue))

    @property
    def result(self) -> Cents:
        return self.gross_margin - self.cost_to_serve - self.direct_cost


def lines_of(tables: Tables, register: Register, period: Period | None) -> tuple[Lines, list[Fault]]:
    """The invoice lines of the period with list, net and cost amounts made whole.

    List amount: as given, else net + discount. Cost: as given, else quantity x unit cost of the product, else 0 with a
    warning.
    """
    frame = tables["invoice_lines"]
    if period is not None:
        dates = frame["invoice_date"].to_numpy("datetime64[D]")
        frame = frame[(dates >= np.datetime64(period.start)) & (dates <= np.datetime64(period.end))]
    net = money.cents(frame["net_amount"].to_numpy(float))
    list_cents, faults = _list_cents(tables, frame, net)
    cost, known, more = _cost_cents(tables, frame)
    return Lines(frame, register.codes(frame["customer_id"]), list_cents, net, cost, known), [*faults, *more]


def _list_cents(tables: Tables, frame: pd.DataFrame, net: Cents) -> tuple[Cents, list[Fault]]:
    has_list, has_discount = "list_amount" in frame, "discount" in frame
    if not has_list and not has_discount:
        return net, []
    discount = money.cents(np.nan_to_num(frame["discount"].to_numpy(float))) if has_discount else None
    implied = net if discount is None else net + discount
    if not has_list:
        return implied, []
    given = frame["list_amount"].to_numpy(float)
    blank = np.isnan(given)
    whole = np.where(blank, implied, money.cents(np.where(blank, 0.0, given)))
    if discount is None:
        return whole, []
    known = ~blank & ~np.isnan(frame["discount"].to_numpy(float))
    off = np.flatnonzero(known & (whole - discount != net))
    if not len(off):
        return whole, []
    difference = int((whole - discount - net)[off].sum())
    return whole, [
        tables.fault("KW-PL-001", "invoice_lines", frame.index[off[0]], "discount", len(off), severity="warn", amount=f"{difference / 100:,.2f}")
    ]


def _cost_cents(tables: Tables, frame: pd.DataFrame) -> tuple[Cents, bool, list[Fault]]:
    given = frame["cost_amount"].to_numpy(float) if "cost_amount" in frame else np.full(len(frame), np.nan)
    blank = np.isnan(given)
    if not blank.any():
        return money.cents(given), True, []
    looked_up = _product_cost(tables, frame)
    cost = np.where(blank, looked_up, given)
    missing = np.isnan(cost)
    if not missing.any():
        return money.cents(cost), True, []
    known = not missing.all()
    where = frame.index[np.flatnonzero(missing)[0]]
    code = "KW-PL-003" if known else "KW-PL-002"
    fault = tables.fault(code, "invoice_lines", where, "cost_amount", int(missing.sum()), severity="warn")
    return money.cents(np.where(missing, 0.0, cost)), known, [fault]


def _product_cost(tables: Tables, frame: pd.DataFrame) -> NDArray[np.float64]:
    products = tables.get("products")
    if products is None or "unit_cost" not in products or "product_id" not in frame or "quantity" not in frame:
        return np.full(len(frame), np.nan)
    unit = products.set_index("product_id")["unit_cost"]
    return (frame["product_id"].map(unit).astype(float) * frame["quantity"]).to_numpy(float)


def build_statement(
    tables: Tables, register: Register, lines: Lines, allocation: Allocation | None, period: Period | None
) -> tuple[Statement, list[Fault]]:
    """Add up lines, customer costs and handlings per customer."""
    later = _customer_costs(tables, register, period)
    zero = np.zeros(register.n, dtype=np.int64)
    list_revenue = _sum(lines.customer, lines.list_cents, register.n)
    net = _sum(lines.customer, lines.net_cents, register.n)
    statement = Statement(
        list_revenue=list_revenue,
        line_discount=list_revenue - net,
        later_discount=later.get("discount", zero),
        bonus=later.get("bonus", zero),
        cost_of_goods=_sum(lines.customer, lines.cost_cents, register.n),
        handlings=allocation.cells if allocation else np.zeros((register.n, 0), dtype=np.int64),
        direct={kind: later[kind] for kind in DIRECT_KINDS if kind in later},
        cost_known=lines.cost_known,
    )
    return statement, []


def _customer_costs(tables: Tables, register: Register, period: Period | None) -> dict[str, Cents]:
    frame = customer_costs_in(tables, period)
    if frame is None or frame.empty:
        return {}
    customer = register.codes(frame["customer_id"])
    amounts = money.cents(frame["amount"].to_numpy(float))
    kinds, names = pd.factorize(frame["kind"])
    return {name: _sum(customer[kinds == code], amounts[kinds == code], register.n) for code, name in enumerate(names)}


def customer_costs_in(tables: Tables, period: Period | None) -> pd.DataFrame | None:
    """Customer costs of the period; undated rows belong to every period."""
    frame = tables.get("customer_costs")
    if frame is None or period is None or "date" not in frame:
        return frame
    dates = frame["date"].to_numpy("datetime64[D]")
    inside = np.isnat(dates) | ((dates >= np.datetime64(period.start)) & (dates <= np.datetime64(period.end)))
    return frame[inside]


def _sum(codes: Codes, cents: Cents, n: int) -> Cents:
    """Exact while every sum stays below 2**53 cents, which intake guarantees (amounts below 10**13 euro)."""
    return np.bincount(codes, weights=cents, minlength=n).astype(np.int64)


def customer_pl(register: Register, statement: Statement, allocation: Allocation | None) -> pd.DataFrame:
    """The customer profit and loss account in euros.

    Returns:
        One row per customer (then ``(unknown)`` and ``(none)`` when they hold anything): customer_id, name, segment,
        list_revenue, discount, bonus, net_revenue, cost_of_goods, gross_margin, one column per activity id,
        cost_to_serve, one column ``direct_<kind>`` per kind that occurs, direct_cost, customer_result, result_margin
        (fraction of net revenue, NaN without revenue), excluded.
    """
    columns: dict[str, object] = {"customer_id": register.ids.to_numpy(object)}
    for attribute in ("name", "segment"):
        if attribute in register.master:
            columns[attribute] = [*register.master[attribute].fillna(""), "", ""]
    for line in ("list_revenue", "discount", "bonus", "net_revenue", "cost_of_goods", "gross_margin"):
        columns[line] = money.euros(getattr(statement, line))
    if allocation is not None:
        euros = money.euros(statement.handlings)
        for position, name in enumerate(handling_columns(allocation)):
            columns[name] = euros[:, position]
        columns["cost_to_serve"] = money.euros(statement.cost_to_serve)
    for kind, cents in statement.direct.items():
        columns[f"direct_{kind}"] = money.euros(cents)
    columns["direct_cost"] = money.euros(statement.direct_cost)
    columns["customer_result"] = money.euros(statement.result)
    columns["result_margin"] = ratio(statement.result, statement.net_revenue)
    columns["excluded"] = register.excluded
    frame = pd.DataFrame(columns)
    return frame[shown_rows(register, statement)].reset_index(drop=True)


def shown_rows(register: Register, statement: Statement) -> NDArray[np.bool_]:
    """Every customer, and the collecting rows only when they hold something."""
    shown = np.ones(register.n, dtype=bool)
    shown[-2:] = touched(statement)[-2:]
    return shown


def touched(statement: Statement) -> NDArray[np.bool_]:
    """Customers with any figure in the period."""
    parts = (statement.list_revenue, statement.line_discount, statement.later_discount, statement.bonus, statement.cost_of_goods)
    any_figure = np.any([part != 0 for part in (*parts, *statement.direct.values())], axis=0)
    return any_figure | (statement.handlings != 0).any(axis=1)


RESERVED = frozenset(
    {"customer_id", "name", "segment", "list_revenue", "discount", "bonus", "net_revenue", "cost_of_goods", "gross_margin",
     "cost_to_serve", "direct_cost", "customer_result", "result_margin", "excluded"}
)  # fmt: skip


def handling_columns(allocation: Allocation) -> list[str]:
    """Column name per activity: its id, or ``activity_<id>`` where the id is the name of a P&L line."""
    return [f"activity_{name}" if name in RESERVED else str(name) for name in allocation.activities.ids]


def ratio(part: Cents, whole: Cents) -> NDArray[np.float64]:
    """part / whole where whole is not zero, else NaN (unknown stays unknown)."""
    quotient = np.full(len(part), np.nan)
    np.divide(part, whole, out=quotient, where=whole != 0)
    return quotient
