"""Every check can fail: a result is broken by hand, and the check that guards it says so."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import klantwaarde as kw
from cases import e2e_frames
from companies import analysed, row_of, sale
from klantwaarde.checks import RULES, Check, run_checks
from klantwaarde.model import Outcome
from klantwaarde.tables.typed import Tables

Breaking = Callable[[dict[str, pd.DataFrame]], None]


@pytest.fixture(scope="module")
def company() -> Outcome:
    frames = e2e_frames()
    earlier = frames["invoice_lines"].assign(invoice_date=pd.Timestamp(2024, 6, 1))
    frames["invoice_lines"] = pd.concat([frames["invoice_lines"], earlier], ignore_index=True)
    frames["customers"]["channel"] = "web"
    frames["ledger"].loc[len(frames["ledger"])] = {
        "account": "5000", "description": "Beurs", "reference_code": None, "amount": 10.0, "treatment": "channel", "target": "web",
    }  # fmt: skip
    year = {"period_start": "2025-01-01", "period_end": "2025-12-31"}
    return kw.analyse(kw.tables_from(frames), year)


def add(result: str, column: str, row: int = 0, amount: float = 0.01) -> Breaking:
    """One cent more in one cell."""

    def broken(results: dict[str, pd.DataFrame]) -> None:
        frame = results[result].copy()
        frame.loc[frame.index[row], column] += amount
        results[result] = frame

    return broken


BREAKS: dict[str, Breaking] = {
    "ledger_result": add("customer_pl", "customer_result"),
    "ledger_covered": add("cost_inventory", "amount"),
    "ledger_line": add("ledger_reconciliation", "customers"),
    "pool_closed": add("capacity", "cost"),
    "support_closed": add("support_allocation", "total"),
    "handlings_tie": add("activity_rates", "cost"),
    "elements_tie": add("customer_elements", "personnel"),
    "group_total": add("segment_pl", "customer_result"),
    "channels_charged": add("segment_pl", "channel_cost"),
    "curve_total": add("whale_curve", "cumulative", -1),
    "bridge_closes": add("result_bridge", "amount", 1),
    "capacity_held": add("capacity", "utilisation", amount=0.5),
    "drivers_without_volume": add("activity_rates", "quantity", amount=-1e9),
    "drivers_without_cost": add("capacity", "cost", amount=-143_673.47),
}


def test_all_is_well_before_anything_is_broken(company: Outcome) -> None:
    assert company.ok
    assert set(company.checks["status"]) == {"ok", "warning"}  # eleven months of the year have no invoice lines


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_result_fails_its_check(company: Outcome, name: str) -> None:
    results = dict(company.results)
    BREAKS[name](results)
    checks = run_checks(company.model, results)
    assert (checks.loc[checks["check"] == name, "status"] != "ok").any()
    assert (company.checks.loc[company.checks["check"] == name, "status"] == "ok").all()


def with_tables(outcome: Outcome, tables: Tables) -> pd.DataFrame:
    return run_checks(replace(outcome.model, tables=tables), outcome.results)


def test_shares_are_compared_as_they_stand_in_the_input(company: Outcome) -> None:
    tables = company.model.tables
    shares = tables["pool_shares"].copy()
    shares.loc[shares.index[0], "share"] += 0.01
    checks = with_tables(company, replace(tables, frames={**tables.frames, "pool_shares": shares}))
    found = checks[checks["check"] == "shares_complete"].set_index("subject")
    assert found["status"].to_dict() == {"HR": "failed", "ICT": "ok"}
    assert found.loc["HR", "found"] == pytest.approx(1.01)


def test_rows_that_vanished_fail_their_check(company: Outcome) -> None:
    tables = company.model.tables
    fewer = replace(tables, frames={**tables.frames, "ledger": tables["ledger"].iloc[1:]})
    checks = with_tables(company, fewer)
    assert checks.loc[(checks["check"] == "rows_accounted") & (checks["subject"] == "ledger"), "status"].tolist() == [
        "failed"
    ]


def test_lines_that_did_not_reach_a_customer_fail_their_check(company: Outcome) -> None:
    books = company.model.books
    short = replace(books.statement, list_revenue=books.statement.list_revenue - 1)
    checks = run_checks(replace(company.model, books=replace(books, statement=short)), company.results)
    assert row_of(checks, "check", "lines_counted")["status"] == "failed"


def test_every_rule_is_broken_by_some_test(company: Outcome) -> None:
    elsewhere = {
        "shares_complete", "rows_accounted", "lines_counted", "customers_known", "pools_without_driver", "months_complete",
        "base_flow", "base_pyramid", "base_composition",
    }  # fmt: skip
    assert set(company.checks["check"]) == set(BREAKS) | elsewhere
    assert len(RULES) == len({rule.__name__ for rule in RULES})


def test_revenue_of_unknown_customers_warns() -> None:
    outcome = analysed(customers=[{"customer_id": "A"}], invoice_lines=[sale("A", 5.0), sale("X", 7.0)])
    known = outcome.checks[outcome.checks["check"] == "customers_known"].set_index("subject")
    assert known["status"].to_dict() == {"unknown": "warning", "none": "ok"}
    assert known.loc["unknown", "difference"] == 7.0


def test_months_without_invoice_lines_warn(company: Outcome) -> None:
    months = row_of(company.checks, "check", "months_complete")
    assert (months["expected"], months["found"], months["status"]) == (12, 1, "warning")


def test_open_items_tie_to_the_receivables_account() -> None:
    def checked(balance: float) -> str:
        outcome = analysed(
            invoice_lines=[sale("A", 100.0)],
            ledger=[
                {"account": "1300", "amount": balance, "treatment": "outside", "reference_code": "BVorDebHad"},
                {"account": "8000", "amount": -100.0, "treatment": "direct", "target": "revenue"},
            ],
            receivables=[
                {
                    "customer_id": "A", "invoice_id": "F1", "invoice_date": pd.Timestamp(2025, 6, 15),
                    "due_date": pd.Timestamp(2025, 7, 15), "amount": 121.0, "open_amount": 121.0,
                }
            ],
        )  # fmt: skip
        return str(row_of(outcome.checks, "check", "receivables_tie")["status"])

    assert (checked(121.0), checked(120.99)) == ("ok", "failed")


def test_the_stale_marker_repeats_the_fingerprint_as_a_formula() -> None:
    tables = kw.tables_from(e2e_frames())
    marked = replace(tables.origins["ledger"], excel_table="tblLedger", fingerprint=42.0)
    outcome = kw.analyse(replace(tables, origins={**tables.origins, "ledger": marked}))
    check = row_of(outcome.checks, "check", "input_unchanged")
    assert (check["subject"], check["expected"], check["found_formula"]) == (
        "ledger",
        42.0,
        "SUM(tblLedger[])+COUNTA(tblLedger[])",
    )


def test_half_a_cent_is_the_border_and_float_noise_is_no_difference() -> None:
    assert Check("x", "", 0.3, 0.1 + 0.2).status == "ok"
    assert Check("x", "", 0.3, 0.1 + 0.2).difference == 0
    assert Check("x", "", 100.0, 100.01).status == "failed"
    assert Check("x", "", 100.0, 99.99, severity="warning").status == "warning"


def test_a_figure_that_is_not_a_number_fails() -> None:
    assert Check("x", "", np.nan, 1.0).status == "failed"
