"""Is a customer still worth what it was? Its first twelve full months against its last twelve, and why they differ.

Order of substitution: volume and mix at old margins, price and unit cost at new quantities, all per product of the customer;
what one side did not sell has no price to compare and counts as mix, and mix takes the rounding. Where both years are
costed, the change of the cost to serve is the last step. Every customer's steps add up to its change to the cent.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.base.activity import starts_in_sight
from klantwaarde.base.customers import Base, base_of, named
from klantwaarde.base.dynamics import bridge_frame
from klantwaarde.base.history import Cents, Floats, Mask
from klantwaarde.check import Results
from klantwaarde.costs.cells import totals_by
from klantwaarde.periods import YEAR, Days
from klantwaarde.profit.lines import lines_of
from klantwaarde.profit.statement import ratio
from klantwaarde.tables.register import Codes

if TYPE_CHECKING:
    from klantwaarde.model import Model

STEPS = ("price", "unit_cost", "volume", "mix", "cost_to_serve")


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """The twelve months of then, per customer: days after ``start`` up to and including ``end``; NaT without."""

    start: Days
    end: Days


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Quantity, net and cost cents per customer and product, then and now; ``customer`` is the code of every cell."""

    customer: Codes
    quantity: tuple[Floats, Floats]
    net: tuple[Floats, Floats]
    cost: tuple[Floats, Floats]


def first_years(base: Base) -> Windows:
    """The first twelve full months of every customer that end before the last twelve begin.

    A customer that was there when the lines begin has its first twelve months of the lines as then.
    """
    history = base.history
    first = np.full(history.n, -1)
    first[history.customer[::-1]] = history.lag[::-1]  # the oldest cell of every customer stays
    lag = np.where(starts_in_sight(history, base.rules), first - 1, history.months - 1)
    fits = base.known & base.active & (lag - (YEAR - 1) >= YEAR)
    borders = np.array([history.day(back) for back in range(history.months + 2)])
    start, end = (
        borders[np.where(fits, lag + 1 - back, 0)] for back in (0, YEAR)
    )  # the lines may span less than a year
    start[~fits], end[~fits] = np.datetime64("NaT"), np.datetime64("NaT")
    return Windows(start, end)


def margin_steps(cells: Cells, n: int) -> tuple[Cents, Cents, dict[str, Cents]]:
    """Margin then, margin now, and the steps between them, in cents per customer.

    Args:
        cells: Per customer and product.
        n: How many customers there are.
    """
    (q0, q1), (n0, n1), (c0, c1) = cells.quantity, cells.net, cells.cost
    customer, both = cells.customer, (cells.quantity[0] > 0) & (cells.quantity[1] > 0)
    then, now = (np.rint(totals_by(customer, net - cost, n)).astype(np.int64) for net, cost in ((n0, c0), (n1, c1)))
    old_price, old_cost = (np.divide(part, q0, out=np.zeros(len(q0)), where=both) for part in (n0, c0))
    price = _whole(customer, np.where(both, n1 - old_price * q1, 0.0), n)
    unit_cost = -_whole(customer, np.where(both, c1 - old_cost * q1, 0.0), n)
    sold0, sold1, margin0 = (totals_by(customer, np.where(both, part, 0.0), n) for part in (q0, q1, n0 - c0))
    growth = np.divide(sold1, sold0, out=np.ones(n), where=sold0 > 0) - 1
    volume = money.cents(growth * margin0 / 100)
    return (
        then,
        now,
        {"price": price, "unit_cost": unit_cost, "volume": volume, "mix": now - then - price - unit_cost - volume},
    )


def _whole(customer: Codes, cents: Floats, n: int) -> Cents:
    return money.cents(totals_by(customer, cents, n) / 100)


def then_and_now(model: "Model", _results: Results) -> pd.DataFrame:
    """Every active customer with both years, the largest decline first.

    Returns:
        customer_id, name, segment, then_until, net_revenue_then, net_revenue, margin_rate_then, margin_rate, margin_then,
        the steps price, unit_cost, volume, mix and, where both years are costed, cost_to_serve, margin_now (then + steps),
        change. With cost to serve the margins are after cost to serve.
    """
    base = base_of(model)
    windows = first_years(base)
    rows = np.flatnonzero(~np.isnat(windows.end))
    if not len(rows):
        return pd.DataFrame()
    cells = _cells(model, base, windows)
    n = base.history.n
    then, now, steps = margin_steps(cells, n)
    net0, net1 = (np.rint(totals_by(cells.customer, part, n)).astype(np.int64) for part in cells.net)
    served = _served(model, windows)
    if served is not None:
        then, now, steps = then - served[0], now - served[1], steps | {"cost_to_serve": served[0] - served[1]}
    columns = named(base.register, rows) | {"then_until": windows.end[rows].astype("M8[us]")}
    columns |= {"net_revenue_then": money.euros(net0[rows]), "net_revenue": money.euros(net1[rows])}
    columns |= {"margin_rate_then": ratio(then, net0)[rows], "margin_rate": ratio(now, net1)[rows]}
    columns |= {
        "margin_then": money.euros(then[rows]),
        **{name: money.euros(part[rows]) for name, part in steps.items()},
    }
    columns |= {"margin_now": money.euros(now[rows]), "change": money.euros((now - then)[rows])}
    return pd.DataFrame(columns).sort_values("change", kind="stable", ignore_index=True)


def _cells(model: "Model", base: Base, windows: Windows) -> Cells:
    """Lines of both years of the customers that have both, per customer and product."""
    lines = lines_of(replace(model.books.scope, period=None))[0]
    n, day = base.history.n, lines.frame["invoice_date"].to_numpy("M8[D]")
    start, end = (np.append(part, [np.datetime64("NaT")] * 2) for part in (windows.start, windows.end))
    customer = lines.customer
    then = (day > start[customer]) & (day <= end[customer])
    now = (day > base.history.day(YEAR)) & (day <= np.datetime64(base.history.at)) & ~np.isnat(end[customer])
    here = then | now
    product = _products(lines.frame, here)
    _, cell = np.unique(customer[here] * (int(product.max(initial=-1)) + 2) + product + 1, return_inverse=True)
    size = int(cell.max(initial=-1)) + 1
    owner = np.zeros(size, dtype=np.intp)
    owner[cell] = np.minimum(customer[here], n - 1)
    quantity = (
        np.nan_to_num(lines.frame["quantity"].to_numpy(float)[here])
        if "quantity" in lines.frame
        else np.zeros(int(here.sum()))
    )
    amounts = (quantity, lines.net_cents[here].astype(float), lines.cost_cents[here].astype(float))
    old, new = ([totals_by(cell[side[here]], part[side[here]], size) for part in amounts] for side in (then, now))
    return Cells(owner, *((old[place], new[place]) for place in range(3)))


def _products(frame: pd.DataFrame, here: Mask) -> NDArray[np.intp]:
    """Product code of every line; -1 without a product."""
    if "product_id" not in frame:
        return np.full(int(here.sum()), -1)
    return pd.factorize(frame["product_id"][here])[0]


def _served(model: "Model", windows: Windows) -> tuple[Cents, Cents] | None:
    """Cost to serve then and now, where then is the costed period before this one; None when that is not so for all."""
    before, books, history = model.before, model.books, base_of(model).history
    if (
        before is None
        or before.allocation is None
        or books.allocation is None
        or before.period is None
        or books.period is None
    ):
        return None
    covered = (windows.start + 1 == np.datetime64(before.period.start)) & (
        windows.end == np.datetime64(before.period.end)
    )
    now = books.period.start == (history.day(YEAR) + 1).item() and books.period.end == history.at
    if not now or not covered[~np.isnat(windows.end)].all():
        return None
    return before.statement.cost_to_serve[: history.n], books.statement.cost_to_serve[: history.n]


def then_and_now_bridge(_model: "Model", results: Results) -> pd.DataFrame:
    """All those customers together: step, amount, level."""
    frame = results["then_and_now"]
    if frame.empty:
        return pd.DataFrame()
    cents = {
        name: int(money.cents(frame[name].to_numpy(float)).sum()) for name in ("margin_then", *STEPS) if name in frame
    }
    return bridge_frame(cents.pop("margin_then"), list(cents.items()), divisor=100)
