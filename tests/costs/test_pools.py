"""Pools and support: what the keys say is followed, what cannot be used stops with its place."""

import pytest

from companies import account, analysed, failed, faults_of, pool, results_of, row_of, said, total, trader, with_rows


def test_a_pool_with_negative_cost_warns_and_ties() -> None:
    company = trader()
    company["ledger"][2]["amount"] = -100.0
    outcome = analysed(**company)
    assert results_of(outcome) == {"A": 230.0, "B": 150.0}
    assert "KW-CP-010" in said(outcome)
    assert failed(outcome) == set()


def test_a_pool_without_cost_gives_free_handlings_and_a_warning_check() -> None:
    company = trader()
    company["ledger"].pop()
    outcome = analysed(**company)
    assert results_of(outcome) == {"A": 200.0, "B": 100.0}
    assert row_of(outcome.checks, "check", "drivers_without_cost")["status"] == "warning"
    assert outcome.ok


def test_pools_above_the_customer_take_support_cost_to_their_level() -> None:
    company = trader(
        cost_pools=[
            pool("ict", "support"),
            pool("desk", capacity=100),
            pool("web", "channel"),
            pool("board", "corporate"),
            pool("rent", "outside"),
        ]
    )
    company["ledger"].append(account("4100", 40.0, "pool", "ict"))
    company["pool_shares"] = [
        {"from_pool": "ict", "to_pool": to, "driver_quantity": n}
        for to, n in (("desk", 4), ("web", 3), ("board", 2), ("rent", 1))
    ]
    company["customers"] = [{"customer_id": "A", "channel": "Web"}, {"customer_id": "B", "channel": "Shop"}]
    outcome = analysed(**company)
    row = row_of(outcome.results["ledger_reconciliation"], "line", "cost_pools")
    assert (row["channel"], row["corporate"], row["outside"]) == (-12.0, -8.0, -4.0)
    assert row["customers"] + row["unused"] == -116.0
    groups = outcome.results["segment_pl"].set_index("key")
    assert groups["channel_cost"].to_dict() == {"Shop": 0.0, "Web": 12.0}
    assert failed(outcome) == set()


def test_a_support_pool_may_get_its_cost_from_others_only() -> None:
    company = trader(cost_pools=[pool("hr", "support"), pool("ict", "support"), pool("desk", capacity=100)])
    company["ledger"][2]["target"] = "hr"
    company["pool_shares"] = [
        {"from_pool": "hr", "to_pool": "ict", "share": 1.0}, {"from_pool": "ict", "to_pool": "desk", "share": 1.0},
    ]  # fmt: skip
    assert results_of(analysed(**company)) == {"A": 170.0, "B": 50.0}


def test_support_cost_without_a_receiver_stops() -> None:
    company = with_rows(trader(), "cost_pools", pool("ict", "support"))
    company["ledger"].append(account("4100", 40.0, "pool", "ict"))
    assert faults_of(**company) == [("KW-CO-011", "pool_shares")]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([("ict", "desk", 0.6, None), ("ict", "store", 0.3, None)], "KW-CP-005"),
        ([("ict", "desk", 0.6, None), ("ict", "store", None, None)], "KW-CP-006"),
        ([("ict", "desk", None, 0.0)], "KW-CP-006"),
        ([("ict", "garage", 1.0, None)], "KW-CP-003"),
        ([("desk", "store", 1.0, None)], "KW-CP-004"),
    ],
)
def test_keys_that_cannot_be_used_stop(rows: list[tuple[str, str, float | None, float | None]], code: str) -> None:
    company = trader(cost_pools=[pool("ict", "support"), pool("desk", capacity=100), pool("store")])
    company["pool_shares"] = [
        dict(zip(("from_pool", "to_pool", "share", "driver_quantity"), row, strict=True)) for row in rows
    ]
    assert (code, "pool_shares") in faults_of(**company)


def test_a_half_filled_budget_stops() -> None:
    company = trader(cost_pools=[pool("ict", "support"), pool("desk", capacity=100), pool("store")])
    company["pool_shares"] = [
        {"from_pool": "ict", "to_pool": "desk", "driver_quantity": 1.0, "budgeted_quantity": 2.0},
        {"from_pool": "ict", "to_pool": "store", "driver_quantity": 1.0, "budgeted_quantity": None},
    ]
    assert faults_of(**company) == [("KW-CP-006", "pool_shares")]


def test_support_capacity_that_nobody_used_is_unused_and_over_use_is_said() -> None:
    company = trader(cost_pools=[pool("ict", "support", 50), pool("desk", capacity=100)])
    company["ledger"][2]["target"] = "ict"
    company["pool_shares"] = [{"from_pool": "ict", "to_pool": "desk", "driver_quantity": 40.0}]
    outcome = analysed(**company)
    assert row_of(outcome.results["support_allocation"], "pool_id", "ict")["support_unused"] == 20.0
    assert total(outcome)["unused"] == -36.0  # 20 of ict, and 20 of the 100 minutes of the other 80 euro
    assert "KW-CP-009" in said(outcome)
    company["pool_shares"][0]["driver_quantity"] = 60.0
    outcome = analysed(**company)
    assert row_of(outcome.results["support_allocation"], "pool_id", "ict")["support_unused"] == 0.0
    assert "KW-CP-008" in said(outcome)


def test_variable_cost_above_all_cost_is_said_and_all_cost_follows_the_use() -> None:
    takers = ("desk", "board")
    company = trader(
        cost_pools=[pool("ict", "support", variable_cost=200.0), pool("desk", capacity=100), pool("board", "corporate")]
    )
    company["ledger"][2]["target"] = "ict"
    company["pool_shares"] = [
        {"from_pool": "ict", "to_pool": to, "driver_quantity": 1.0, "budgeted_quantity": planned}
        for to, planned in zip(takers, (3.0, 1.0), strict=True)
    ]
    outcome = analysed(**company)
    assert "KW-CP-007" in said(outcome)
    totals = outcome.results["support_allocation"].set_index("pool_id")["total"]
    assert [totals[to] for to in takers] == [50.0, 50.0]
