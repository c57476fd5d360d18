"""Invoice lines of one period, made whole: list amount, net amount and cost of goods in cents."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.costs.scope import Scope, in_period
from klantwaarde.messages import Fault
from klantwaarde.tables.register import Codes
from klantwaarde.tables.typed import Tables

Cents = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Invoice lines with customer codes. ``frame`` keeps the rows and their addresses."""

    frame: pd.DataFrame
    customer: Codes
    list_cents: Cents
    net_cents: Cents
    cost_cents: Cents
    cost_known: bool


def lines_of(scope: Scope) -> tuple[Lines, list[Fault]]:
    """The invoice lines of the period.

    List amount: as given, else net + discount. Cost: as given, else quantity x unit cost of the product, else 0 with a
    warning.
    """
    frame, customer = scope.tables["invoice_lines"], scope.customers["invoice_lines"]
    inside = in_period("invoice_lines", frame, scope.period)
    if not inside.all():
        frame, customer = frame[inside], customer[inside]
    net = _whole_cents(_amounts(frame, "net_amount"))
    list_cents, faults = _list_cents(scope.tables, frame, net)
    cost, known, more = _cost_cents(scope.tables, frame)
    return Lines(frame, customer, list_cents, net, cost, known), [*faults, *more]


def _list_cents(tables: Tables, frame: pd.DataFrame, net: Cents) -> tuple[Cents, list[Fault]]:
    """Net and list amount are followed; the discount is what lies between them."""
    given, discount = _amounts(frame, "list_amount"), _amounts(frame, "discount")
    known, agreed = ~np.isnan(given), ~np.isnan(discount)
    reduction = _whole_cents(discount)
    whole = np.where(known, _whole_cents(given), net + reduction)
    differs = whole - reduction - net
    off = np.flatnonzero(known & agreed & (differs != 0))
    if not len(off):
        return whole, []
    amount = int(differs[off].sum()) / 100
    place = ("invoice_lines", frame.index[off[0]], "discount", len(off))
    return whole, [tables.fault("KW-PL-001", *place, severity="warn", amount=amount)]


def _cost_cents(tables: Tables, frame: pd.DataFrame) -> tuple[Cents, bool, list[Fault]]:
    """Cost of goods, whether any of it is known, and what is missing."""
    given = _amounts(frame, "cost_amount")
    blank = np.isnan(given)
    if not blank.any():
        return _whole_cents(given), True, []
    looked_up = _product_cost(tables, frame)
    missing = blank & np.isnan(looked_up)
    cost = np.where(blank, money.cents(np.where(np.isnan(looked_up), 0.0, looked_up)), _whole_cents(given))
    if not missing.any():
        return cost, True, []
    known = not missing.all()
    place = ("invoice_lines", frame.index[np.flatnonzero(missing)[0]], "cost_amount", int(missing.sum()))
    return cost, known, [tables.fault("KW-PL-003" if known else "KW-PL-002", *place, severity="warn")]


def _product_cost(tables: Tables, frame: pd.DataFrame) -> Floats:
    """Quantity x unit cost of the product; NaN where either is not known. 3 x 1.115 is 3.345, not a float below it."""
    products = tables.get("products")
    if products is None or "unit_cost" not in products or "product_id" not in frame:
        return np.full(len(frame), np.nan)
    unit = products.set_index("product_id")["unit_cost"]
    return money.round_half_up(frame["product_id"].map(unit).to_numpy(float) * _amounts(frame, "quantity"), 8)


def _whole_cents(amounts: Floats) -> Cents:
    """Cents of amounts that the intake has cut to cents already; blank counts as zero."""
    cents = np.rint(amounts * 100)
    blank = np.isnan(cents)
    if blank.any():
        cents[blank] = 0
    return cents.astype(np.int64)


def _amounts(frame: pd.DataFrame, column: str) -> Floats:
    return frame[column].to_numpy(float) if column in frame else np.full(len(frame), np.nan)
