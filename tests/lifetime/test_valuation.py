"""From invoice lines to lifetime value through the public road: margin, retention, status, checks, and what is unknown."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import klantwaarde as kw
from companies import account, analysed, pool, row_of, sale, volume
from klantwaarde import Outcome
from klantwaarde.checks import run_checks
from klantwaarde.lifetime.clv import Terms
from klantwaarde.lifetime.ingredients import losses_known
from klantwaarde.lifetime.valuation import gathered

YEAR = {"period_start": "2025-01-01", "period_end": "2025-12-31", "retention_minimum": 1, "language": "en"}
COST = [{"customer_id": "A", "kind": kind, "amount": amount, "date": pd.Timestamp("2025-03-01")} for kind, amount in (("acquisition", 70.0), ("gift", 40.0))]


def traded(settings: dict[str, Any] | None = None, **more: Any) -> Outcome:
    """A and B bought in both years, C left, D is new, E came back after a year without purchases."""
    days = {
        "A": ("2024-02-01", "2025-02-01"), "B": ("2024-06-01", "2025-06-01"), "C": ("2024-03-01",), "D": ("2025-09-01",),
        "E": ("2023-01-10", "2025-05-01"),
    }  # fmt: skip
    lines = [sale(customer, 500.0, 300.0, day) for customer, bought in days.items() for day in bought]
    customers = [
        {"customer_id": customer, "segment": "x" if customer in "AB" else "y", "wallet": 4000.0 if customer == "A" else None}
        for customer in days
    ]
    return analysed(YEAR | (settings or {}), invoice_lines=lines, customers=customers, customer_costs=COST, **more)


def value_of(outcome: Outcome, customer: str) -> pd.Series:
    return row_of(outcome.results["clv"], "customer_id", customer)


def test_margin_is_the_average_result_a_year_without_one_offs() -> None:
    outcome = traded()
    assert value_of(outcome, "A")["annual_margin"] == (200 + 200 - 40) / 2
    assert value_of(outcome, "D")["annual_margin"] == 200  # counts from the period of its first purchase
    assert value_of(outcome, "E")["annual_margin"] == 100
    assert value_of(traded({"clv_margin_basis": "gross_margin"}), "A")["annual_margin"] == 200


def test_who_stands_where() -> None:
    frame = traded().results["clv"].set_index("customer_id")
    assert frame["status"].to_dict() == {"A": "existing", "B": "existing", "C": "inactive", "D": "new", "E": "returned"}
    assert frame["cohort"].to_dict() == {"A": "2024", "B": "2024", "C": "2024", "D": "2025", "E": "2023"}
    assert frame["clv"].isna().to_dict() == {"A": False, "B": False, "C": True, "D": False, "E": False}


def test_the_value_follows_margin_retention_and_convention() -> None:
    outcome = traded({"clv_horizon": 3, "clv_timing": "mid", "clv_first_margin": "included", "clv_growth": 0.02})
    row = value_of(outcome, "B")
    assert row["retention"] == 1.0  # both customers of the segment stayed
    terms = Terms(200, 1.0, 0.1, 3, first_margin=True, timing="mid", growth=0.02)
    assert row["clv"] == round(float(terms.value), 2)
    assert value_of(outcome, "D")["retention"] == 0.0  # C left, E came back
    given = value_of(traded({"retention": 0.6, "clv_horizon": 0}), "B")
    assert given["clv"] == pytest.approx(200 * 0.6 / 0.5, abs=0.005)


def test_a_known_start_in_the_debtor_master_makes_nobody_new() -> None:
    lines = [sale("A", 5.0, day="2024-03-01"), sale("A", 5.0, day="2025-03-01"), sale("B", 5.0, day="2025-03-01")]
    customers = [{"customer_id": "A"}, {"customer_id": "B", "customer_since": pd.Timestamp("2010-05-01")}]
    row = value_of(analysed(YEAR, invoice_lines=lines, customers=customers), "B")
    assert (row["status"], row["cohort"]) == ("returned", "2010")


def test_without_an_earlier_year_retention_is_unknown_and_so_is_value() -> None:
    outcome = analysed(YEAR, invoice_lines=[sale("A", 500.0, 300.0)])
    assert outcome.results["clv"]["clv"].isna().all()
    assert all(outcome.results[name].empty for name in ("customer_equity", "clv_sensitivity"))
    assert "equity_bridge" not in outcome.results
    given = analysed(YEAR | {"retention": 0.5}, invoice_lines=[sale("A", 500.0, 300.0)])
    assert given.results["clv"]["clv"].notna().all()


def test_nothing_bought_is_nothing_valued() -> None:
    outcome = analysed(YEAR, invoice_lines=[sale("A", -5.0)])
    assert outcome.results["clv"].empty
    assert outcome.ok


def test_excluded_customers_have_no_value() -> None:
    customers = [{"customer_id": "A", "excluded": True}, {"customer_id": "B"}]
    outcome = analysed(YEAR, invoice_lines=[sale("A", 5.0), sale("B", 5.0)], customers=customers)
    assert outcome.results["clv"]["customer_id"].tolist() == ["B"]


def test_the_bridge_tells_who_came_left_and_came_back() -> None:
    outcome = traded({"retention": 0.5, "clv_horizon": 0})
    steps = outcome.results["equity_bridge"]
    simple = steps[steps["form"] == "simple"].set_index("step")["amount"].to_dict()
    multiple = 0.5 / 0.6
    assert simple["lost"] == pytest.approx(-200 * multiple, abs=0.011)
    assert simple["acquired"] == pytest.approx(200 * multiple, abs=0.011)
    assert simple["reactivated"] == pytest.approx(100 * multiple, abs=0.011)
    assert simple["downsell"] == pytest.approx(-20 * multiple, abs=0.011)
    assert simple["closing"] == pytest.approx(outcome.results["clv"]["clv"].sum())


def test_a_period_that_is_no_year_has_no_bridge() -> None:
    outcome = traded({"period_start": "2025-07-01", "retention": 0.5})
    assert outcome.results["equity_bridge"].empty
    assert value_of(outcome, "D")["annual_margin"] == 400  # half a year, as a year


def test_a_customer_that_costs_money_stands_on_the_red_list() -> None:
    outcome = analysed(
        YEAR | {"retention": 0.5, "clv_horizon": 0},
        invoice_lines=[sale("A", 500.0, 300.0), sale("B", 500.0, 300.0)],
        ledger=[account("8000", -1000.0, "direct", "revenue"), account("7000", 600.0, "direct", "cost_of_goods"), account("4000", 300.0, "pool", "desk")],
        cost_pools=[pool("desk", capacity=300)], activities=[{"activity_id": "order", "pool_id": "desk", "minutes": 1}],
        activity_volumes=[volume("A", "order", 260), volume("B", "order", 40)],
    )  # fmt: skip
    [red] = outcome.results["clv_red_list"].to_dict("records")
    multiple = 0.5 / 0.6
    assert red["customer_id"] == "A"
    assert red["pv_gross_margin"] == pytest.approx(200 * multiple, abs=0.005)
    assert red["pv_cost"] == pytest.approx(260 * multiple, abs=0.005)
    assert red["lifetime_loss"] == value_of(outcome, "A")["clv"]
    assert value_of(outcome, "A")["flag"] == "loses_money"


def test_potential_and_what_an_investment_brings() -> None:
    customers = [{"customer_id": "A", "wallet": 2000.0}, {"customer_id": "B"}]
    settings = YEAR | {"retention": 0.5, "clv_horizon": 0, "attainable_share": 0.5, "investment_rate": 0.1}
    outcome = analysed(settings, invoice_lines=[sale("A", 500.0, 300.0), sale("B", 500.0, 300.0)], customers=customers)
    known, unknown = outcome.results["clv_potential"].to_dict("records")
    assert (known["wallet_share"], known["extra_revenue"], known["potential_margin"]) == (0.25, 500.0, 400.0)
    assert known["gap"] == pytest.approx(200 * 0.5 / 0.6, abs=0.011)
    assert (known["investment"], known["npv"]) == (50.0, pytest.approx(known["gap"] - 50))
    assert known["payback"] == pytest.approx(0.5, abs=1e-3)
    assert unknown["customer_id"] == "B"
    assert np.isnan([unknown["gap"], unknown["potential_clv"], unknown["wallet_share"]]).all()
    assert analysed(settings, invoice_lines=[sale("A", 500.0)]).results["clv_potential"].empty


def test_credit_cost_and_expected_loss_are_inside_the_margin() -> None:
    item = {
        "customer_id": "A", "invoice_id": "F1", "invoice_date": pd.Timestamp("2025-10-01"), "due_date": pd.Timestamp("2025-10-31"),
        "amount": 605.0, "open_amount": 605.0,
    }  # fmt: skip
    settings = YEAR | {"retention": 0.5, "loss_rates": (1.0, 2.0, 3.0, 4.0, 5.0)}
    outcome = analysed(settings, invoice_lines=[sale("A", 500.0, 300.0)], receivables=[item])
    row = value_of(outcome, "A")
    lost = outcome.results["expected_loss"].set_index("customer_id").loc["A", "expected_loss"]
    interest = outcome.results["payment_cost"].set_index("customer_id").loc["A", "financing_cost"]
    assert lost > 0
    assert row["annual_credit_cost"] == pytest.approx(lost + interest, abs=0.005)
    assert row["annual_margin"] == pytest.approx(200 - lost - interest, abs=0.01)
    years = outcome.results["clv_cashflows"]
    assert years["margin_at_risk"].iloc[0] == pytest.approx(row["annual_margin"] * 0.5 + lost, abs=0.01)


@pytest.mark.parametrize(("rates", "margin"), [(None, 200 - 30), ((0.0, 0.0, 0.0, 0.0, 0.0), 200)])
def test_booked_losses_make_way_for_expected_ones_only_when_these_are_known(rates: tuple[float, ...] | None, margin: float) -> None:
    item = {
        "customer_id": "A", "invoice_id": "F1", "invoice_date": pd.Timestamp("2025-12-01"), "due_date": pd.Timestamp("2026-01-31"),
        "amount": 605.0, "open_amount": 605.0,
    }  # fmt: skip
    booked = {"customer_id": "A", "kind": "bad_debt", "amount": 30.0, "date": pd.Timestamp("2025-03-01")}
    settings = YEAR | {"retention": 0.5, "loss_rates": rates, "credit_rate": 0.0}
    outcome = analysed(settings, invoice_lines=[sale("A", 500.0, 300.0)], receivables=[item], customer_costs=[booked])
    assert outcome.results["expected_loss"]["expected_loss"].isna().tolist() == [rates is None]
    assert value_of(outcome, "A")["annual_margin"] == margin


def test_an_expected_loss_counts_for_whom_it_is_known() -> None:
    model = traded().model
    frame = pd.DataFrame({"customer_id": ["A", "B"], "expected_loss": [np.nan, 3.0]})
    assert losses_known(model, {"expected_loss": frame}).tolist() == [False, True, True, True, True]
    for unknown in ({}, {"expected_loss": frame[:1]}, {"expected_loss": frame[:0]}):
        assert not losses_known(model, unknown).any()


@pytest.mark.parametrize(
    ("result", "column", "check"),
    [
        ("clv_segments", "clv", "equity_segments"), ("clv_cashflows", "present_value", "equity_years"),
        ("customer_equity", "clv", "equity_groups"), ("equity_bridge", "amount", "equity_bridge"),
        ("clv_potential", "gap_wallet_share", "potential_gap"),
    ],
)  # fmt: skip
def test_a_cent_too_much_fails_its_check(result: str, column: str, check: str) -> None:
    outcome = traded({"retention": 0.5, "attainable_share": 0.9})
    frame = outcome.results[result].copy()
    frame.loc[0, column] += 0.01
    changed = replace(outcome, results={**outcome.results, result: frame})
    checks = run_checks(outcome.model, changed.results)
    assert "failed" in set(checks.loc[checks["check"] == check, "status"])
    assert "failed" not in set(outcome.checks.loc[outcome.checks["check"] == check, "status"])


def test_the_order_of_rows_changes_nothing() -> None:
    outcome = traded()
    tables = {name: frame.iloc[::-1] for name, frame in outcome.model.tables.items()}
    again = kw.analyse(kw.tables_from(tables), YEAR)
    for name in ("clv", "clv_segments", "customer_equity", "equity_bridge"):
        pd.testing.assert_frame_equal(outcome.results[name], again.results[name])


def test_few_customers_follow_the_simple_rule_and_say_so() -> None:
    outcome = traded()
    choice = gathered(outcome.model, outcome.results).choice
    assert choice.model == "simple"
    assert [reason.code for reason in choice.reasons] == ["KW-LT-104", "KW-LT-121"]
    assert outcome.results["clv_methods"].empty


def test_without_a_period_the_history_is_that_of_the_lines() -> None:
    lines = [sale("A", 500.0, 300.0, day) for day in ("2024-01-15", "2026-01-14")]
    outcome = analysed({"retention": 0.5}, invoice_lines=lines)
    assert value_of(outcome, "A")["annual_margin"] == pytest.approx(400 / (731 / 365.25), abs=0.005)
    assert value_of(outcome, "A")["last_purchase"] == pd.Timestamp("2026-01-14")


def test_a_value_that_has_no_end_has_no_share_beyond_its_horizon() -> None:
    outcome = traded({"retention": 1.0, "discount_rate": 0.0})
    assert value_of(outcome, "B")["clv"] == 1000
    assert outcome.results["clv_segments"]["share_beyond"].isna().all()
