"""Result per service option: what a service brings in and what its handlings cost."""

import numpy as np
import pandas as pd

from klantwaarde import money
from klantwaarde.costs.allocation import Allocation
from klantwaarde.profit.statement import Lines
from klantwaarde.tables.headers import normalise
from klantwaarde.tables.typed import Tables


def service_options(tables: Tables, lines: Lines, allocation: Allocation) -> pd.DataFrame:
    """Revenue, cost of goods and handling cost per service option.

    A service earns what is invoiced for it: lines of products whose group has the name of the option. A service that is
    never invoiced has revenue 0: that is the finding, not a gap.

    Returns:
        service_option, activities, customers (that used it), quantity, revenue, cost_of_goods, handling_cost, result.
    """
    options = allocation.activities.options
    invoiced = _invoiced(tables, lines)
    rows = []
    for name in sorted({option for option in options if option}):
        here = options == name
        cells = allocation.cells[:, here]
        revenue, cost = invoiced.get(normalise(name), (0, 0))
        handling = int(cells.sum())
        rows.append((name, int(here.sum()), int((cells != 0).any(axis=1).sum()), float(allocation.activities.quantity[:, here].sum()), revenue, cost, handling))
    frame = pd.DataFrame(rows, columns=["service_option", "activities", "customers", "quantity", "revenue", "cost_of_goods", "handling_cost"])
    for column in ("revenue", "cost_of_goods", "handling_cost"):
        frame[column] = money.euros(frame[column].to_numpy(np.int64))
    frame["result"] = money.euros(money.cents(frame["revenue"] - frame["cost_of_goods"] - frame["handling_cost"]))
    return frame


def _invoiced(tables: Tables, lines: Lines) -> dict[str, tuple[int, int]]:
    """Net and cost cents per product group, by normalised name."""
    products = tables.get("products")
    if products is None or "product_group" not in products or "product_id" not in lines.frame:
        return {}
    group = lines.frame["product_id"].map(products.set_index("product_id")["product_group"])
    codes, names = pd.factorize(group)
    known = codes >= 0
    net = np.bincount(codes[known], weights=lines.net_cents[known], minlength=len(names)).astype(np.int64)
    cost = np.bincount(codes[known], weights=lines.cost_cents[known], minlength=len(names)).astype(np.int64)
    return {normalise(str(name)): (int(n), int(c)) for name, n, c in zip(names, net, cost, strict=True)}
