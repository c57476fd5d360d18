"""Ledger rows as they come: one treatment each, blocked with a proposal where none is known."""

import pandas as pd
import pytest

import klantwaarde as kw
from companies import account, analysed, failed, faults_of, pool, results_of, row_of, sale, total, trader, with_rows


def test_several_ledger_rows_of_one_account_count_together() -> None:
    company = trader()
    company["ledger"][2:] = [account("4000", part, "pool", None, cost_center="desk") for part in (60.0, 55.0, -15.0)]
    outcome = analysed(**company)
    assert results_of(outcome) == {"A": 170.0, "B": 50.0}
    assert row_of(outcome.results["cost_inventory"], "treatment", "pool")["accounts"] == 1


@pytest.mark.parametrize("written", ["desk", "DESK", "Order desk", "order-desk"])
def test_a_pool_is_found_by_id_or_name_and_by_cost_center_when_the_target_is_blank(written: str) -> None:
    company = trader(cost_pools=[pool("desk", capacity=100, name="Order desk")])
    company["ledger"][2] = account("4000", 100.0, "pool", None, cost_center=written)
    assert results_of(analysed(**company)) == {"A": 170.0, "B": 50.0}


def test_a_pool_that_does_not_exist_stops() -> None:
    company = trader()
    company["ledger"][2] = account("4000", 100.0, "pool", "garage")
    assert faults_of(**company) == [("KW-CI-003", "ledger")]


def test_two_pools_with_one_name_are_not_guessed_between() -> None:
    company = trader(cost_pools=[pool("d1", capacity=100, name="Desk"), pool("d2", name="Desk")])
    company["ledger"][2]["target"] = "Desk"
    assert ("KW-CI-003", "ledger") in faults_of(**company)


def test_an_account_without_treatment_stops_with_a_proposal() -> None:
    company = with_rows(trader(), "ledger", account("4630", 5.0, None, description="Relatiegeschenken"))
    with pytest.raises(kw.InputError) as refused:
        analysed({"language": "en"}, **company)
    [fault] = refused.value.faults
    assert (fault.code, fault.found) == ("KW-CI-001", "4630")
    assert fault.values["proposal"] == "Direct → Gift"


def test_confirmed_mapping_rows_count_and_the_cost_center_comes_first() -> None:
    company = trader()
    company["ledger"][2] = account("4000", 100.0, None, None, cost_center="desk")
    company["mapping"] = [
        {"account": "4000", "cost_center": "desk", "treatment": "pool", "target": "desk", "confirmed": "ja"},
        {"account": "4000", "cost_center": None, "treatment": "corporate", "target": None, "confirmed": "ja"},
    ]
    assert results_of(analysed(**company)) == {"A": 170.0, "B": 50.0}
    company["ledger"][2]["cost_center"] = "elsewhere"
    assert total(analysed({"idle_pool": "unused"}, **company))["corporate"] == -100.0


@pytest.mark.parametrize("confirmed", ["nee", None])
def test_mapping_rows_that_nobody_confirmed_do_not_count(confirmed: str | None) -> None:
    company = trader()
    company["ledger"][2] = account("4000", 100.0, None)
    company["mapping"] = [{"account": "4000", "treatment": "pool", "target": "desk", "confirmed": confirmed}]
    assert faults_of(**company) == [("KW-CI-001", "ledger")]


def test_mapping_rows_that_contradict_each_other_stop() -> None:
    company = trader()
    company["ledger"][2] = account("4000", 100.0, None)
    company["mapping"] = [
        {"account": "4000", "treatment": "pool", "target": "desk", "confirmed": "ja"},
        {"account": "4000", "treatment": "corporate", "target": None, "confirmed": "ja"},
    ]
    assert faults_of(**company) == [("KW-CI-008", "mapping")]


def test_a_direct_account_without_target_is_read_from_its_words_and_that_is_said() -> None:
    company = trader()
    company["ledger"][0] |= {"target": None, "description": "Omzet"}
    company["ledger"][1] |= {"target": None, "description": "Inkoopwaarde van de omzet"}
    outcome = analysed(**company)
    assert failed(outcome) == set()
    assert [fault.values["line"] for fault in outcome.messages if fault.code == "KW-CI-007"] == [
        "Omzet",
        "Inkoopwaarde",
    ]


@pytest.mark.parametrize("target", ["umsatz", None])
def test_a_direct_account_that_means_no_customer_line_stops(target: str | None) -> None:
    company = with_rows(trader(), "ledger", account("5555", 5.0, "direct", target))
    assert faults_of(**company) == [("KW-CI-002", "ledger")]


def test_ledger_months_outside_the_quarter_are_left_out_and_counted() -> None:
    company = trader(invoice_lines=[sale("A", 500.0, 300.0, "2025-02-01"), sale("A", 999.0, 1.0, "2025-04-01")])
    months = [
        account("8000", -500.0, "direct", "revenue", period="2025-02"),
        account("7000", 300.0, "direct", "cost_of_goods", period="2025-Q1"),
    ]
    company["ledger"] = [
        *months,
        account("4000", 100.0, "pool", "desk"),
        account("8000", -999.0, "direct", "revenue", period="2025-04"),
    ]
    outcome = analysed({"period_start": "2025-01-01", "period_end": "2025-03-31"}, **company)
    assert failed(outcome) == set()
    assert total(outcome)["ledger"] == 100.0
    aside = {(f.table, f.values["rows"], f.values["amount"]) for f in outcome.messages if f.code == "KW-MO-009"}
    assert aside == {("ledger", 1, -999.0), ("invoice_lines", 1, 999.0)}


def test_a_ledger_year_that_straddles_the_quarter_stops() -> None:
    company = trader()
    company["ledger"][2]["period"] = "2025"
    company["activity_volumes"][0]["period"] = "2025"
    quarter = {"period_start": "2025-04-01", "period_end": "2025-06-30"}
    assert faults_of(quarter, **company) == [("KW-CI-005", "ledger")]
    company["ledger"][2]["period"] = "2025-05"
    assert faults_of(quarter, **company) == [("KW-CA-008", "activity_volumes")]


def test_a_ledger_without_postings_in_the_period_stops() -> None:
    company = trader()
    for row in company["ledger"]:
        row["period"] = "2024"
    year = {"period_start": "2025-01-01", "period_end": "2025-12-31"}
    assert ("KW-CI-006", "ledger") in faults_of(year, **company)


def test_an_unmapped_account_is_asked_once_however_many_cost_centers_it_has() -> None:
    ledger = pd.DataFrame({"account": ["4000"] * 3, "cost_center": ["A", "B", "C"], "amount": [1.0, 2.0, 3.0]})
    frames = {
        "customers": pd.DataFrame({"customer_id": ["K"]}),
        "invoice_lines": pd.DataFrame({"invoice_id": ["F"], "invoice_date": [pd.Timestamp(2025, 1, 1)], "customer_id": ["K"], "net_amount": [9.0]}),
        "ledger": ledger,
    }  # fmt: skip
    with pytest.raises(kw.InputError) as caught:
        kw.analyse(kw.tables_from(frames))
    assert [(fault.code, fault.found) for fault in caught.value.faults] == [("KW-CI-001", "4000")]
