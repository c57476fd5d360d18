"""The costing done by hand with pandas: no engine code, so that it can contradict the engine and the generator.

Support pools are closed by passing on their cost round after round until nothing is left (the reciprocal method).
"""

import numpy as np
import pandas as pd

GROUP_BRANCHES = ["100160", "100161", "100162", "100163", "100164", "100165"]


def of_year(example, table, year):
    frame = example[table]
    if "period" in frame:
        return frame[frame["period"] == str(year)]
    dates = frame["invoice_date" if "invoice_date" in frame else "date"]
    return frame[dates.dt.year == year]


def minutes(example, year):
    volumes = of_year(example, "activity_volumes", year)
    activities = example["activities"].set_index("activity_id")
    special = 5 + 12 * volumes["cutting"] + 3 * volumes["labels"]
    unit = volumes["activity_id"].map(activities["minutes"]).fillna(special)
    return volumes.assign(minutes=volumes["quantity"] * unit, pool=volumes["activity_id"].map(activities["pool_id"]))


def rate_per_minute(example, year):
    pools = example["cost_pools"].set_index("pool_id")
    ledger = of_year(example, "ledger", year)
    cost = ledger[ledger["treatment"] == "pool"].groupby("target")["amount"].sum().reindex(pools.index).fillna(0.0)
    keys = example["pool_shares"].assign(weight=lambda f: f["share"].fillna(f["driver_quantity"]))
    keys["weight"] /= keys.groupby("from_pool")["weight"].transform("sum")
    support = pools.index[pools["kind"] == "support"]
    for _ in range(60):
        given = cost[support].copy()
        cost[support] = 0.0
        passed = (keys["from_pool"].map(given) * keys["weight"]).groupby(keys["to_pool"]).sum()
        cost = cost.add(passed, fill_value=0.0)
    operating = pools.index[pools["kind"] == "operating"]
    return cost[operating] / pools.loc[operating, "capacity"]


def customer_results(example, year=2025):
    """Revenue, margin, cost to serve, minutes and result per customer that counts in rankings."""
    lines = of_year(example, "invoice_lines", year).groupby("customer_id")[["net_amount", "cost_amount"]].sum()
    work = minutes(example, year)
    to_serve = (work["minutes"] * work["pool"].map(rate_per_minute(example, year))).groupby(work["customer_id"]).sum()
    direct = of_year(example, "customer_costs", year).groupby("customer_id")["amount"].sum()
    parts = {
        "revenue": lines["net_amount"],
        "margin": lines["net_amount"] - lines["cost_amount"],
        "to_serve": to_serve,
        "direct": direct,
    }
    frame = pd.DataFrame(parts).fillna(0.0)
    master = example["customers"].set_index("customer_id")
    frame = frame[~master.loc[frame.index, "excluded"].astype(bool)]
    return frame.assign(result=frame["margin"] - frame["to_serve"] - frame["direct"])


def gini(values):
    """Mean absolute difference over twice the mean, written out over all pairs."""
    values = np.asarray(values, dtype=float)
    return np.abs(values[:, None] - values[None, :]).mean() / (2 * values.mean())
