"""Before and after an event: what a new contact person, a complaint or a visit did to a customer's orders."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from klantwaarde import money
from klantwaarde.base.customers import base_of, named
from klantwaarde.base.dynamics import share
from klantwaarde.base.history import Sales, sales_of
from klantwaarde.check import Results
from klantwaarde.periods import months_earlier

if TYPE_CHECKING:
    from klantwaarde.model import Model

MONTHS = 6
FEWEST_MONTHS = 3
KINDS = ("contact_change", "complaint", "visit")


def event_effects(model: "Model", _results: Results) -> pd.DataFrame:
    """As many whole months before as after every event, at most six and at least three.

    An event before the first purchase (a visit to win the customer) has nothing to compare with and is left out.

    Returns:
        customer_id, name, segment, date, kind, reason, months, revenue_before, revenue_after, margin_rate_before,
        margin_rate_after, orders_before, orders_after (days with a purchase), order_value_before, order_value_after,
        credited_before, credited_after (share of what was invoiced), change (margin after - before).
        The largest decline of the margin first.
    """
    base, events = base_of(model), model.tables["events"]
    sales = sales_of(model)
    codes = base.register.codes(events["customer_id"])
    wanted = events["kind"].isin(KINDS).to_numpy() & (codes < base.history.n)
    touched = np.isin(sales.customer, codes[wanted])
    small = Sales(*(getattr(sales, name)[touched] for name in Sales.__slots__))
    rows = []
    borders = np.array([base.history.day(months) for months in range(1, MONTHS + 1)])
    for place in np.flatnonzero(wanted):
        day = events["date"].to_numpy("M8[D]")[place]
        months = int((borders >= day).sum())
        bought = bool((small.day[small.customer == codes[place]] <= day).any())
        if months >= FEWEST_MONTHS and bought:
            rows.append(_effect(small, int(codes[place]), day, months) | {"place": place, "months": months})
    if not rows:
        return pd.DataFrame()
    frame = pd.DataFrame(rows)
    place = frame.pop("place").to_numpy()
    about = named(base.register, codes[place]) | {
        name: events[name].to_numpy()[place] for name in ("date", "kind", "reason") if name in events
    }
    shown = pd.concat([pd.DataFrame(about), frame[["months", *frame.columns.drop("months")]]], axis=1)
    return shown.sort_values(["change", "customer_id", "date"], kind="stable", ignore_index=True)


def _effect(sales: Sales, customer: int, day: np.datetime64, months: int) -> dict[str, float]:
    start, end = months_earlier(day, (months, -months))
    own = sales.customer == customer
    spans = {
        "before": own & (sales.day > start) & (sales.day <= day),
        "after": own & (sales.day > day) & (sales.day <= end),
    }
    found = {
        name: _span(replace(sales, **{part: getattr(sales, part)[rows] for part in Sales.__slots__}))
        for name, rows in spans.items()
    }
    figures = {
        f"{figure}_{name}": found[name][figure] for figure in found["before"] if figure != "margin" for name in spans
    }
    return figures | {"change": round(found["after"]["margin"] - found["before"]["margin"], 2)}


def _span(sales: Sales) -> dict[str, float]:
    net, margin = int(sales.net.sum()), int((sales.net - sales.cost).sum())
    orders = len(np.unique(sales.day[sales.net > 0]))
    invoiced = int(sales.net[sales.net > 0].sum())
    return {
        "revenue": net / 100, "margin_rate": share(margin, net), "orders": orders,
        "order_value": float(money.round_half_up(share(net / 100, orders))), "credited": share(invoiced - net, invoiced),
        "margin": margin / 100,
    }  # fmt: skip
