"""The profit and loss account per customer, in cents.

list revenue - discounts - bonus = net revenue; - cost of goods = gross margin; - one line per handling - direct costs =
customer result. Cost columns are positive and are subtracted. Customer cost hierarchy: Horngren et al., Cost Accounting,
ch. 14 (channel and corporate cost stay above the customer).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.costs.allocation import Allocation
from klantwaarde.costs.cells import totals_by
from klantwaarde.costs.scope import Scope, in_period
from klantwaarde.profit.lines import Lines
from klantwaarde.tables.catalogue import COST_KINDS
from klantwaarde.tables.register import Register

Cents = NDArray[np.int64]

REVENUE_KINDS = ("discount", "bonus")  # kinds of customer cost that lower revenue
DIRECT_KINDS = tuple(kind.id for kind in COST_KINDS if kind.id not in REVENUE_KINDS)


@dataclass(frozen=True, slots=True, eq=False)
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
        """On the invoice and afterwards."""
        return self.line_discount + self.later_discount

    @property
    def net_revenue(self) -> Cents:
        """List revenue - discounts - bonus."""
        return self.list_revenue - self.discount - self.bonus

    @property
    def gross_margin(self) -> Cents:
        """Net revenue - cost of goods."""
        return self.net_revenue - self.cost_of_goods

    @property
    def cost_to_serve(self) -> Cents:
        """All handlings together."""
        return np.asarray(self.handlings.sum(axis=1))

    @property
    def direct_cost(self) -> Cents:
        """All direct kinds together."""
        return sum(self.direct.values(), np.zeros_like(self.list_revenue))

    @property
    def result(self) -> Cents:
        """Gross margin - cost to serve - direct cost."""
        return self.gross_margin - self.cost_to_serve - self.direct_cost

    @property
    def touched(self) -> NDArray[np.bool_]:
        """Customers with any figure."""
        parts = (self.list_revenue, self.line_discount, self.later_discount, self.bonus, self.cost_of_goods)
        any_figure = self.handlings.any(axis=1)
        for part in (*parts, *self.direct.values()):
            any_figure |= part != 0
        return np.asarray(any_figure)


def build_statement(scope: Scope, lines: Lines, allocation: Allocation | None) -> Statement:
    """Add up lines, customer costs and handlings per customer."""
    n = scope.register.n
    zero = np.zeros(n, dtype=np.int64)
    later = _customer_costs(scope)
    list_revenue, net = totals_by(lines.customer, lines.list_cents, n), totals_by(lines.customer, lines.net_cents, n)
    return Statement(
        list_revenue=list_revenue,
        line_discount=list_revenue - net,
        later_discount=later.get("discount", zero),
        bonus=later.get("bonus", zero),
        cost_of_goods=totals_by(lines.customer, lines.cost_cents, n),
        handlings=allocation.cells if allocation else np.zeros((n, 0), dtype=np.int64),
        direct={kind: later[kind] for kind in DIRECT_KINDS if kind in later},
        cost_known=lines.cost_known,
    )


def _customer_costs(scope: Scope) -> dict[str, Cents]:
    """Cents per customer, by kind."""
    table = scope.tables.get("customer_costs")
    if table is None:
        return {}
    inside = in_period("customer_costs", table, scope.period)
    customer = scope.customers["customer_costs"][inside]
    amounts = money.cents(table["amount"].to_numpy(float)[inside])
    codes, kinds = pd.factorize(table["kind"].to_numpy(object)[inside])
    return {
        kind: totals_by(customer[codes == code], amounts[codes == code], scope.register.n)
        for code, kind in enumerate(kinds)
    }


def customer_pl(register: Register, statement: Statement, allocation: Allocation | None) -> pd.DataFrame:
    """The customer profit and loss account in euros.

    Returns:
        One row per customer (then ``(unknown)`` and ``(none)`` when they hold anything): customer_id, name, segment,
        list_revenue, discount, bonus, net_revenue, cost_of_goods, gross_margin, one column per activity id,
        cost_to_serve, one column ``direct_<kind>`` per kind that occurs, direct_cost, customer_result, result_margin
        (fraction of net revenue, NaN without revenue), excluded.
    """
    columns: dict[str, NDArray[Any]] = {"customer_id": register.ids.to_numpy(object)}
    for attribute in ("name", "segment"):
        if attribute in register.master:
            columns[attribute] = np.append(register.master[attribute].fillna("").to_numpy(object), ["", ""])
    for line in ("list_revenue", "discount", "bonus", "net_revenue", "cost_of_goods", "gross_margin"):
        columns[line] = money.euros(getattr(statement, line))
    if allocation is not None:
        euros = money.euros(statement.handlings)
        columns |= {name: euros[:, code] for name, code in handling_columns(allocation).items()}
        columns["cost_to_serve"] = money.euros(statement.cost_to_serve)
    columns |= {f"direct_{kind}": money.euros(cents) for kind, cents in statement.direct.items()}
    columns["direct_cost"] = money.euros(statement.direct_cost)
    columns["customer_result"] = money.euros(statement.result)
    columns["result_margin"] = ratio(statement.result, statement.net_revenue)
    columns["excluded"] = register.excluded
    shown = shown_rows(register, statement)
    return pd.DataFrame({name: values[shown] for name, values in columns.items()})


def shown_rows(register: Register, statement: Statement) -> NDArray[np.bool_]:
    """Every customer, and the collecting rows only when they hold something."""
    shown = np.ones(register.n, dtype=bool)
    shown[-2:] = statement.touched[-2:]
    return shown


RESERVED = frozenset(
    {"customer_id", "name", "segment", "list_revenue", "discount", "bonus", "net_revenue", "cost_of_goods", "gross_margin",
     "cost_to_serve", "direct_cost", "customer_result", "result_margin", "abc_class", "excluded"}
    | {f"direct_{kind}" for kind in DIRECT_KINDS}
)  # fmt: skip


def handling_columns(allocation: Allocation) -> dict[str, int]:
    """Activity code by column name, in the order of the table.

    The name is the activity's id, or ``activity_<id>`` where a line of the statement already has that name.
    """
    ids = {code: str(allocation.activities.ids[code]) for code in allocation.activities.in_table_order.tolist()}
    return {f"activity_{name}" if name in RESERVED else name: code for code, name in ids.items()}


def ratio(part: Cents, whole: Cents) -> NDArray[np.float64]:
    """Part / whole where whole is not zero, else NaN (unknown stays unknown)."""
    quotient = np.full(len(part), np.nan)
    np.divide(part, whole, out=quotient, where=whole != 0)
    return quotient
