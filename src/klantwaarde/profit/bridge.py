"""From last period's result to this period's: lost and new customers, price, volume, mix, cost to serve. It closes.

Order of substitution: volume and mix at old margins, price and unit cost at new quantities; handlings: count at old
minutes and rate, minutes at old rate, rate last. New and lost customers are bars of their own, never price or mix.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from klantwaarde import money
from klantwaarde.costs.allocation import Allocation
from klantwaarde.profit.statement import Lines, Statement
from klantwaarde.tables.register import Register

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """What the bridge needs of one period."""

    lines: Lines
    statement: Statement
    allocation: Allocation | None


def price_volume_mix(price0: ArrayLike, quantity0: ArrayLike, price1: ArrayLike, quantity1: ArrayLike) -> dict[str, float]:
    """Split a change of revenue (or of margin) in price, volume and mix; the three add up to the change.

    price = sum((p1 - p0) q1); volume = (Q1 - Q0) x old average price; mix = the rest at old prices. Standard three-way
    variance (Horngren et al., Cost Accounting, ch. 14).

    Args:
        price0, quantity0, price1, quantity1: Per product, same order; total old quantity above zero.

    Raises:
        ValueError: the old quantities add up to zero, so that there is no old average price.

    Example:
        >>> split = price_volume_mix([10, 20], [100, 50], [11, 19], [90, 80])
        >>> {name: round(value, 2) for name, value in split.items()}
        {'before': 2000.0, 'price': 10.0, 'volume': 266.67, 'mix': 233.33, 'after': 2510.0}
    """
    p0, q0, p1, q1 = (np.asarray(part, dtype=float) for part in (price0, quantity0, price1, quantity1))
    if abs(q0.sum()) < 1e-12:
        raise ValueError("the old quantities add up to zero: there is no old average price")
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
    old, new = _result(before.statement, costed), _result(now.statement, costed)
    sold0, sold1 = _sold(before.lines, register), _sold(now.lines, register)
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
    names = ["before", *steps, "now"]
    return pd.DataFrame({"step": names, "amount": money.euros(amounts), "level": money.euros(levels)})


def period_comparison(register: Register, before: PeriodFigures, now: PeriodFigures) -> pd.DataFrame:
    """Both periods side by side per customer that sold in either.

    Returns:
        customer_id, status (continuing · new · lost), net_revenue_before, net_revenue, gross_margin_before,
        gross_margin, cost_to_serve_before, cost_to_serve, result_before, result, change (euros).
    """
    sold0, sold1 = _sold(before.lines, register), _sold(now.lines, register)
    shown = sold0 | sold1
    frame = pd.DataFrame({"customer_id": register.ids.to_numpy(object)})
    frame["status"] = np.select([sold0 & sold1, sold1], ["continuing", "new"], "lost")
    for name in ("net_revenue", "gross_margin", "cost_to_serve", "result"):
        frame[f"{name}_before"] = money.euros(getattr(before.statement, name))
        frame[name] = money.euros(getattr(now.statement, name))
    frame["change"] = money.euros(now.statement.result - before.statement.result)
    return frame[shown].reset_index(drop=True)


def _result(statement: Statement, costed: bool) -> NDArray[np.int64]:
    return statement.result if costed else statement.gross_margin - statement.direct_cost


def _sold(lines: Lines, register: Register) -> Mask:
    return np.bincount(lines.customer, minlength=register.n) > 0


def _change(before: Statement, now: Statement, stayed: Mask, parts: tuple[str, ...]) -> int:
    return sum(int((getattr(now, part) - getattr(before, part))[stayed].sum()) for part in parts)


def _margin_steps(before: Lines, now: Lines, stayed: Mask) -> dict[str, int]:
    """Price, unit cost, volume and mix of customers that stayed, per customer and product, in cents.

    What one side did not sell, or sold without quantities, has no price to compare: it counts as mix.
    """
    cells0, cells1 = _cells(before, stayed), _cells(now, stayed)
    both = cells0.join(cells1, how="outer", lsuffix="0", rsuffix="1").fillna(0.0)
    q0, n0, c0, q1, n1, c1 = (both[name].to_numpy(float) for name in ("quantity0", "net0", "cost0", "quantity1", "net1", "cost1"))
    change = float((n1 - c1).sum() - (n0 - c0).sum())
    comparable = (q0 > 0) & (q1 > 0)
    q0, n0, c0, q1, n1, c1 = (part[comparable] for part in (q0, n0, c0, q1, n1, c1))
    price = float((n1 - n0 / q0 * q1).sum())
    unit_cost = -float((c1 - c0 / q0 * q1).sum())
    volume = float((q1.sum() / q0.sum() - 1) * (n0 - c0).sum()) if len(q0) else 0.0
    mix = change - price - unit_cost - volume
    rounded = money.round_to_total(np.array([price, unit_cost, volume, mix]), round(change))
    return dict(zip(("price", "unit_cost", "volume", "mix"), map(int, rounded), strict=True))


def _cells(lines: Lines, stayed: Mask) -> pd.DataFrame:
    """Quantity, net cents and cost cents per customer and product."""
    here = stayed[lines.customer]
    frame = lines.frame
    product = frame["product_id"].fillna("") if "product_id" in frame else pd.Series("", index=frame.index)
    quantity = frame["quantity"].fillna(0.0) if "quantity" in frame else pd.Series(0.0, index=frame.index)
    cells = pd.DataFrame(
        {"customer": lines.customer, "product": product.to_numpy(), "quantity": quantity.to_numpy(float), "net": lines.net_cents.astype(float), "cost": lines.cost_cents.astype(float)}
    )
    return cells[here].groupby(["customer", "product"], sort=True)[["quantity", "net", "cost"]].sum()


def _handling_steps(before: Allocation, now: Allocation, stayed: Mask) -> Mapping[str, int]:
    """Change of the cost to serve through count, minutes each and rate, in cents (more cost = negative)."""
    pool = now.activities.pool
    rate0, rate1 = (np.nan_to_num(part.rates)[pool] * 100 for part in (before, now))
    n0, n1 = before.activities.quantity[stayed], now.activities.quantity[stayed]
    load0, load1 = before.activities.load[stayed], now.activities.load[stayed]
    each0 = np.divide(load0, n0, out=np.zeros_like(load0), where=n0 > 0)
    each1 = np.divide(load1, n1, out=np.zeros_like(load1), where=n1 > 0)
    started = (n0 <= 0) & (n1 > 0)
    count = np.where(started, load1 * rate1, (n1 - n0) * each0 * rate0)
    minutes = np.where(started | (n1 <= 0), 0.0, n1 * (each1 - each0) * rate0)
    rate = np.where(started | (n1 <= 0), 0.0, n1 * each1 * (rate1 - rate0))
    change = int(now.cells[stayed].sum()) - int(before.cells[stayed].sum())
    parts = np.array([count.sum(), minutes.sum(), rate.sum()])
    parts[0] += change - parts.sum()  # the cents that rounding moved inside the cells
    rounded = money.round_to_total(-parts, -change)
    return dict(zip(("handling_count", "handling_minutes", "handling_rate"), map(int, rounded), strict=True))
