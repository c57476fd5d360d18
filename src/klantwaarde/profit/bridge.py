"""From last period's result to this period's: lost and new customers, price, volume, mix, cost to serve. It closes.

Order of substitution: volume and mix at old margins, price and unit cost at new quantities; handlings: count at old
minutes and rate, minutes at old rate, rate last. New and lost customers are bars of their own, never price or mix.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from klantwaarde import money
from klantwaarde.costs.allocation import Allocation
from klantwaarde.costs.cells import totals_by
from klantwaarde.messages import Fault
from klantwaarde.profit.lines import Lines
from klantwaarde.profit.statement import Statement
from klantwaarde.tables.register import Register

Floats = NDArray[np.float64]
Cents = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """What the bridge needs of one period."""

    lines: Lines
    statement: Statement
    allocation: Allocation | None


def price_volume_mix(
    price0: ArrayLike, quantity0: ArrayLike, price1: ArrayLike, quantity1: ArrayLike
) -> dict[str, float]:
    """Split a change of revenue (or of margin) in price, volume and mix; the three add up to the change.

    price = sum((p1 - p0) q1); volume = (Q1 - Q0) x old average price; mix = the rest at old prices. Standard three-way
    variance (Horngren et al., Cost Accounting, ch. 14).

    Args:
        price0: Old price per product.
        quantity0: Old quantity per product; together above zero.
        price1: New price per product, in the same order.
        quantity1: New quantity per product.

    Raises:
        AmountError: the old quantities add up to zero, so that there is no old average price (KW-PL-012).

    Example:
        >>> split = price_volume_mix([10, 20], [100, 50], [11, 19], [90, 80])
        >>> {name: round(value, 2) for name, value in split.items()}
        {'before': 2000.0, 'price': 10.0, 'volume': 266.67, 'mix': 233.33, 'after': 2510.0}
    """
    p0, q0, p1, q1 = (np.asarray(part, dtype=float) for part in (price0, quantity0, price1, quantity1))
    if abs(q0.sum()) < 1e-12:
        raise money.AmountError([Fault("KW-PL-012", found=float(q0.sum()))])
    before, after = float((p0 * q0).sum()), float((p1 * q1).sum())
    price = float(((p1 - p0) * q1).sum())
    volume = float((q1.sum() - q0.sum()) * before / q0.sum())
    return {"before": before, "price": price, "volume": volume, "mix": after - before - price - volume, "after": after}


def result_bridge(register: Register, before: PeriodFigures, now: PeriodFigures) -> pd.DataFrame:
    """Steps from the old total customer result to the new one.

    Returns:
        step, amount (euro), level (running euro). First step ``before``, last ``now``; the others are changes and add
        up to the cent. Handling steps are left out when either period has no costing; the result is then the
        contribution before cost to serve.
    """
    costed = before.allocation is not None and now.allocation is not None
    old, new = (_result(figures.statement, costed=costed) for figures in (before, now))
    sold0, sold1 = (_sold(figures.lines, register) for figures in (before, now))
    gone, came = sold0 & ~sold1, sold1 & ~sold0
    stayed = ~(gone | came)
    steps: dict[str, int] = {
        "lost_customers": int((new - old)[gone].sum()),
        "new_customers": int((new - old)[came].sum()),
        **_margin_steps(before.lines, now.lines, stayed),
        "bonus_and_later_discount": -_change(before.statement, now.statement, stayed, ("later_discount", "bonus")),
    }
    if before.allocation is not None and now.allocation is not None:
        steps |= _handling_steps(before.allocation, now.allocation, stayed)
    steps["direct_cost"] = -_change(before.statement, now.statement, stayed, ("direct_cost",))
    start, end = int(old.sum()), int(new.sum())
    if start + sum(steps.values()) != end:
        raise AssertionError(f"the bridge misses {end - start - sum(steps.values())} cents")
    amounts = np.array([start, *steps.values(), end])
    levels = np.append(np.cumsum(amounts[:-1]), end)
    suffix = "" if costed else "_contribution"  # like is compared with like
    names = [f"before{suffix}", *steps, f"now{suffix}"]
    return pd.DataFrame({"step": names, "amount": money.euros(amounts), "level": money.euros(levels)})


def period_comparison(register: Register, before: PeriodFigures, now: PeriodFigures) -> pd.DataFrame:
    """Both periods side by side per customer that sold in either.

    Returns:
        customer_id, status (continuing · new · lost), net_revenue_before, net_revenue, gross_margin_before,
        gross_margin, cost_to_serve_before, cost_to_serve, result_before, result, change (euros). Without costing in
        either period: no cost to serve, and contribution_before, contribution (before cost to serve) for the result.
    """
    sold0, sold1 = (_sold(figures.lines, register) for figures in (before, now))
    frame = pd.DataFrame({"customer_id": register.ids.to_numpy(object)})
    frame["status"] = np.select([sold0 & sold1, sold1], ["continuing", "new"], "lost")
    costed = before.allocation is not None and now.allocation is not None
    for name in ("net_revenue", "gross_margin", *(("cost_to_serve",) if costed else ())):
        frame[f"{name}_before"] = money.euros(getattr(before.statement, name))
        frame[name] = money.euros(getattr(now.statement, name))
    old, new = (_result(figures.statement, costed=costed) for figures in (before, now))
    name = "result" if costed else "contribution"
    frame[f"{name}_before"], frame[name] = money.euros(old), money.euros(new)
    frame["change"] = money.euros(new - old)
    return frame[sold0 | sold1].reset_index(drop=True)


def _result(statement: Statement, *, costed: bool) -> Cents:
    return statement.result if costed else statement.gross_margin - statement.direct_cost


def _sold(lines: Lines, register: Register) -> Mask:
    return np.bincount(lines.customer, minlength=register.n) > 0


def _change(before: Statement, now: Statement, stayed: Mask, parts: tuple[str, ...]) -> int:
    return sum(int((getattr(now, part) - getattr(before, part))[stayed].sum()) for part in parts)


def _margin_steps(before: Lines, now: Lines, stayed: Mask) -> dict[str, int]:
    """Price, unit cost, volume and mix of customers that stayed, per customer and product, in cents.

    What one side did not sell, or sold without quantities, has no price to compare: it counts as mix.
    """
    (q0, n0, c0), (q1, n1, c1) = _sales((before, now), stayed)
    change = float((n1 - c1).sum() - (n0 - c0).sum())
    comparable = (q0 > 0) & (q1 > 0)
    q0, n0, c0, q1, n1, c1 = (part[comparable] for part in (q0, n0, c0, q1, n1, c1))
    price = float((n1 - n0 / q0 * q1).sum())
    unit_cost = -float((c1 - c0 / q0 * q1).sum())
    volume = float((q1.sum() / q0.sum() - 1) * (n0 - c0).sum()) if len(q0) else 0.0
    mix = change - price - unit_cost - volume
    rounded = money.round_to_total(np.array([price, unit_cost, volume, mix]), round(change))
    return dict(zip(("price", "unit_cost", "volume", "mix"), map(int, rounded), strict=True))


def _sales(periods: tuple[Lines, Lines], stayed: Mask) -> list[tuple[Floats, Floats, Floats]]:
    """Per period the quantity, net cents and cost cents of every customer and product that either period sold."""
    here = [stayed[lines.customer] for lines in periods]
    customer = np.concatenate([lines.customer[rows] for lines, rows in zip(periods, here, strict=True)])
    product = pd.concat([_column(lines, "product_id")[rows] for lines, rows in zip(periods, here, strict=True)])
    codes, names = pd.factorize(product.to_numpy(object), sort=True)
    _, cell = np.unique(customer * (len(names) + 1) + codes + 1, return_inverse=True)
    n = int(cell.max(initial=-1)) + 1
    borders = np.cumsum([0, *(rows.sum() for rows in here)]).tolist()
    found = []
    for (start, stop), lines, rows in zip(pairwise(borders), periods, here, strict=True):
        quantity = np.nan_to_num(_column(lines, "quantity").to_numpy(float))
        parts = (quantity, lines.net_cents.astype(float), lines.cost_cents.astype(float))
        q, net, cost = (totals_by(cell[start:stop], part[rows], n) for part in parts)
        found.append((q, net, cost))
    return found


def _column(lines: Lines, name: str) -> pd.Series:
    if name in lines.frame:
        return lines.frame[name]
    return pd.Series(np.nan, index=lines.frame.index)


def _handling_steps(before: Allocation, now: Allocation, stayed: Mask) -> dict[str, int]:
    """Change of the cost to serve through count, minutes each and rate, in cents (more cost = negative).

    Minutes and rate can only change where a customer had the handling in both periods; all the rest is count.
    """
    pool = now.activities.pool
    rate0, rate1 = (np.nan_to_num(part.rates)[pool] * 100 for part in (before, now))
    n0, n1 = (part.activities.quantity[stayed] for part in (before, now))
    load0, load1 = (part.activities.load[stayed] for part in (before, now))
    each0 = np.divide(load0, n0, out=np.zeros_like(load0), where=n0 > 0)
    each1 = np.divide(load1, n1, out=np.zeros_like(load1), where=n1 > 0)
    both = (n0 > 0) & (n1 > 0)
    minutes = float(np.where(both, n1 * (each1 - each0) * rate0, 0.0).sum())
    rate = float(np.where(both, n1 * each1 * (rate1 - rate0), 0.0).sum())
    change = int(now.cells[stayed].sum()) - int(before.cells[stayed].sum())
    rounded = money.round_to_total([minutes + rate - change, -minutes, -rate], -change)
    return dict(zip(("handling_count", "handling_minutes", "handling_rate"), map(int, rounded), strict=True))
