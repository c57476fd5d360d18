"""The costing results as tables, against figures worked out by hand."""

import numpy as np
import pytest

from companies import account, analysed, pool, row_of, trader, volume


def test_support_shows_what_each_pool_had_received_and_passed_on() -> None:
    company = trader(cost_pools=[pool("hr", "support"), pool("ict", "support"), pool("desk", capacity=100)])
    company["ledger"][2]["amount"] = 10.0
    company["ledger"] += [account("4100", 100.0, "pool", "hr"), account("4200", 50.0, "pool", "ict")]
    company["pool_shares"] = [
        {"from_pool": "hr", "to_pool": "ict", "share": 0.5}, {"from_pool": "hr", "to_pool": "desk", "share": 0.5},
        {"from_pool": "ict", "to_pool": "desk", "share": 1.0},
    ]  # fmt: skip
    frame = analysed(**company).results["support_allocation"].set_index("pool_id")
    figures = ["own_cost", "received", "passed_on", "support_unused", "total"]
    assert frame.loc["hr", figures].tolist() == [100, 0, 100, 0, 0]
    assert frame.loc["ict", figures].tolist() == [50, 50, 100, 0, 0]
    assert frame.loc["desk", figures].tolist() == [10, 150, 0, 0, 160]


def test_a_handling_has_a_price_each_and_a_rate_a_minute() -> None:
    rates = row_of(analysed(**trader()).results["activity_rates"], "activity_id", "order")
    assert rates[["quantity", "minutes", "minutes_each", "rate", "price", "cost"]].tolist() == [8, 80, 10, 1, 10, 80]


def test_a_classic_share_has_a_price_but_no_minutes() -> None:
    company = trader(activities=[{"activity_id": "order", "pool_id": "desk", "share": 1.0}])
    results = analysed(**company).results
    rates = row_of(results["activity_rates"], "activity_id", "order")
    assert rates["price"] == pytest.approx(12.5)
    assert np.isnan(rates[["minutes", "minutes_each", "rate"]].astype(float)).all()
    desk = row_of(results["capacity"], "pool_id", "desk")
    assert (desk["utilisation"], desk["unused_cost"], desk["flag"]) == (1.0, 0.0, "")
    assert np.isnan(desk[["capacity", "used", "unused", "rate"]].astype(float)).all()


def test_a_handling_that_was_not_done_has_no_price() -> None:
    company = trader()
    company["activities"].append({"activity_id": "quote", "pool_id": "desk", "minutes": 5})
    rates = row_of(analysed(**company).results["activity_rates"], "activity_id", "quote")
    assert (rates["quantity"], rates["cost"]) == (0, 0)
    assert np.isnan(rates["price"])


def test_full_use_is_not_over_capacity() -> None:
    company = trader(activity_volumes=[volume("A", "order", 4), volume("B", "order", 6)])
    outcome = analysed(**company)
    desk = row_of(outcome.results["capacity"], "pool_id", "desk")
    assert (desk["unused"], desk["utilisation"], desk["flag"]) == (0.0, 1.0, "")
    assert row_of(outcome.checks, "check", "capacity_held")["status"] == "ok"
