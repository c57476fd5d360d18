"""Drivers: time, equations, shares, capacity; what is odd about them shows."""

import numpy as np
import pytest

import klantwaarde as kw
from companies import account, analysed, faults_of, pool, results_of, row_of, said, total, trader, volume, with_rows


def test_without_practical_capacity_all_cost_goes_to_the_used_minutes_and_that_is_said() -> None:
    outcome = analysed(**trader(cost_pools=[pool("desk")]))
    assert results_of(outcome) == {"A": 162.5, "B": 37.5}
    assert row_of(outcome.results["capacity"], "pool_id", "desk")["flag"] == "unknown_capacity"
    assert np.isnan(row_of(outcome.results["capacity"], "pool_id", "desk")["utilisation"])
    assert "KW-CA-012" in said(outcome)


def test_classic_shares_may_leave_a_part_unused() -> None:
    company = trader(activities=[{"activity_id": "order", "pool_id": "desk", "share": 0.5}])
    outcome = analysed(**company)
    assert results_of(outcome) == {"A": 200 - 18.75, "B": 100 - 31.25}
    assert total(outcome)["unused"] == -50.0


def test_shares_of_a_pool_above_the_whole_stop() -> None:
    company = trader(activities=[{"activity_id": name, "pool_id": "desk", "share": 0.6} for name in ("order", "quote")])
    company["activity_volumes"].append(volume("A", "quote", 1))
    assert faults_of(**company) == [("KW-CA-014", "cost_pools")]


def test_a_share_without_volume_leaves_its_part_unused() -> None:
    company = trader(activities=[{"activity_id": name, "pool_id": "desk", "share": 0.5} for name in ("order", "quote")])
    outcome = analysed(**company)
    assert total(outcome)["unused"] == -50.0
    assert "KW-CA-006" in said(outcome)


@pytest.mark.parametrize(
    ("activity", "code"),
    [
        ({"pool_id": "garage", "minutes": 1}, "KW-CA-001"),
        ({"pool_id": "ict", "minutes": 1}, "KW-CA-003"),
        ({"pool_id": "desk", "minutes": 1, "share": 0.5}, "KW-CA-004"),
        ({"pool_id": "desk"}, "KW-CA-004"),
        ({"pool_id": "desk", "time_equation": "2 +"}, "KW-CA-005"),
        ({"pool_id": "desk", "time_equation": "2 * colour"}, "KW-CA-005"),
    ],
)
def test_activities_that_cannot_be_used_stop(activity: dict[str, object], code: str) -> None:
    company = trader(cost_pools=[pool("ict", "support"), pool("desk", capacity=100)])
    company["activities"].append({"activity_id": "quote"} | activity)
    assert faults_of(**company) == [(code, "activities")]


def test_minutes_and_shares_in_one_pool_stop() -> None:
    company = with_rows(trader(), "activities", {"activity_id": "quote", "pool_id": "desk", "share": 0.1})
    assert ("KW-CA-010", "cost_pools") in faults_of(**company)


def test_volumes_of_an_unknown_activity_stop() -> None:
    assert faults_of(**with_rows(trader(), "activity_volumes", volume("A", "dance", 1))) == [
        ("KW-CA-002", "activity_volumes")
    ]


def test_a_blank_variable_stops_at_its_row_but_only_where_the_handling_was_done() -> None:
    company = trader(activities=[{"activity_id": "order", "pool_id": "desk", "time_equation": "5 + 5*rush"}])
    company["activity_volumes"] = [volume("A", "order", 3, rush=1), volume("B", "order", 5, rush=None)]
    with pytest.raises(kw.InputError) as refused:
        analysed(**company)
    [fault] = refused.value.faults
    assert (fault.code, fault.table, fault.found, fault.values["row"]) == ("KW-CO-032", "activity_volumes", "rush", 3)
    company["activity_volumes"][1]["quantity"] = 0
    assert results_of(analysed(**company)) == {"A": 170.0, "B": 100.0}


def test_negative_minutes_stop_at_their_row() -> None:
    company = trader(activities=[{"activity_id": "order", "pool_id": "desk", "time_equation": "5 - lines"}])
    company["activity_volumes"] = [volume("A", "order", 3, lines=1), volume("B", "order", 5, lines=9)]
    assert faults_of(**company) == [("KW-CO-034", "activity_volumes")]


def test_an_equation_without_variables_is_fixed_minutes() -> None:
    company = trader(activities=[{"activity_id": "order", "pool_id": "desk", "time_equation": "4 + 6"}])
    assert results_of(analysed(**company)) == {"A": 170.0, "B": 50.0}


def test_a_pool_with_cost_and_no_volume_is_refused_or_unused() -> None:
    company = with_rows(trader(), "cost_pools", pool("store"))
    company["ledger"].append(account("4200", 60.0, "pool", "store"))
    assert faults_of(**company) == [("KW-CA-015", "cost_pools")]
    outcome = analysed({"idle_pool": "unused"}, **company)
    assert total(outcome)["unused"] == -80.0
    assert row_of(outcome.results["capacity"], "pool_id", "store")["flag"] == "idle"
    assert row_of(outcome.checks, "check", "pools_without_driver")["status"] == "warning"


def test_a_capacity_of_zero_that_is_used_stops() -> None:
    assert faults_of(**trader(cost_pools=[pool("desk", capacity=0)])) == [("KW-CA-013", "cost_pools")]


def test_a_driver_that_fell_silent_is_worse_than_one_that_never_spoke() -> None:
    company = trader()
    company["activities"] += [{"activity_id": name, "pool_id": "desk", "minutes": 1} for name in ("quote", "visit")]
    company["activity_volumes"].append(volume("A", "quote", 5, period="2024"))
    outcome = analysed({"period_start": "2025-01-01", "period_end": "2025-12-31"}, **company)
    found = {fault.code: fault.found for fault in outcome.messages}
    assert (found["KW-CA-009"], found["KW-CA-007"]) == ("quote", "visit")
    assert row_of(outcome.checks, "check", "drivers_without_volume")["found"] == 2


def test_an_activity_named_as_a_line_of_the_statement_keeps_its_own_column() -> None:
    company = trader(activities=[{"activity_id": "bonus", "pool_id": "desk", "minutes": 10}])
    company["activity_volumes"] = [volume("A", "bonus", 3), volume("B", "bonus", 5)]
    outcome = analysed(**company)
    assert outcome.results["customer_pl"]["activity_bonus"].tolist() == [30.0, 50.0]
    assert kw.trace_customer(outcome, "A", "activity_bonus")["amount"].sum() == 30.0


def test_pools_and_handlings_stand_in_the_order_of_their_tables() -> None:
    company = trader(cost_pools=[pool("z", capacity=10), pool("desk", capacity=100)])
    company["ledger"].append(account("4200", 1.0, "pool", "z"))
    company["activities"].insert(0, {"activity_id": "zz", "pool_id": "z", "minutes": 1})
    company["activity_volumes"].append(volume("A", "zz", 1))
    results = analysed(**company).results
    assert results["capacity"]["pool_id"].tolist() == ["z", "desk"]
    assert results["support_allocation"]["pool_id"].tolist() == ["z", "desk"]
    assert results["activity_rates"]["activity_id"].tolist() == ["zz", "order"]
    columns = results["customer_pl"].columns.tolist()
    assert columns.index("zz") < columns.index("order")
