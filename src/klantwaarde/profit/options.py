"""Result per service option: what a service brings in and what its handlings cost."""

import numpy as np
import pandas as pd

from klantwaarde.costs.allocation import Allocation
from klantwaarde.costs.cells import totals_by
from klantwaarde.profit.lines import Lines
from klantwaarde.tables.headers import normalise
from klantwaarde.tables.typed import Tables

COLUMNS = (
    "service_option", "activities", "customers", "quantity", "revenue", "cost_of_goods", "handling_cost", "result",
)  # fmt: skip


def service_options(tables: Tables, lines: Lines, allocation: Allocation) -> pd.DataFrame:
    """Revenue, cost of goods and handling cost per service option.

    A service earns what is invoiced for it: lines of products whose group has the name of the option. Without such a
    group its revenue, and so its result, is unknown (NaN).

    Returns:
        service_option, activities, customers (that used it), quantity, revenue, cost_of_goods, handling_cost, result.
    """
    activities = allocation.activities
    keys = np.array([normalise(option) for option in activities.options], dtype=object)
    invoiced = _invoiced(tables, lines)
    rows = []
    for key in sorted(set(keys) - {""}):
        here = np.flatnonzero(keys == key)
        cells = allocation.cells[:, here]
        revenue, goods = invoiced.get(key, (np.nan, np.nan))
        handlings, users = int(cells.sum()), int((activities.quantity[:, here] > 0).any(axis=1).sum())
        times = float(activities.quantity[:, here].sum())
        result = revenue - goods - handlings
        rows.append((activities.options[here[0]], len(here), users, times, revenue, goods, handlings, result))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    for column in COLUMNS[4:]:
        frame[column] = frame[column].to_numpy(float) / 100
    return frame


def _invoiced(tables: Tables, lines: Lines) -> dict[str, tuple[int, int]]:
    """Net and cost cents per product group, by normalised name."""
    products = tables.get("products")
    if products is None or "product_group" not in products or "product_id" not in lines.frame:
        return {}
    groups, names = pd.factorize(products["product_group"].fillna("").map(normalise))
    product = pd.Index(products["product_id"]).get_indexer(lines.frame["product_id"])
    known = product >= 0
    code, n = groups[product[known]], len(names)
    net, cost = totals_by(code, lines.net_cents[known], n), totals_by(code, lines.cost_cents[known], n)
    return {name: (int(net[place]), int(cost[place])) for place, name in enumerate(names) if name}
