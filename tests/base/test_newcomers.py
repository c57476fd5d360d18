import numpy as np
import pandas as pd
import pytest

from companies import analysed, row_of, sale, trader, with_rows

YEAR = {"period_start": "2025-01-01", "period_end": "2025-12-31"}


def lines():
    old = [
        sale(name, 900.0, 500.0, day, list_amount=1000.0, discount=100.0)
        for name in ("A", "B")
        for day in ("2024-01-01", "2025-01-01")
    ]
    return [*old, sale("N", 700.0, 500.0, "2025-07-01", list_amount=1000.0, discount=300.0)]


def cost(customer, kind, amount, day="2025-07-05"):
    return {"customer_id": customer, "date": pd.Timestamp(day), "kind": kind, "amount": amount}


def test_discount_counts_above_that_of_who_stayed():
    frame = analysed(YEAR, invoice_lines=lines()).results["acquisition_cost"]
    assert row_of(frame, "component", "extra_discount")["amount"] == 200.0


def test_welcome_counts_for_the_new_only_and_acquisition_for_all():
    costs = [
        cost("N", "gift", 50.0),
        cost("A", "gift", 999.0),
        cost("A", "acquisition", 30.0),
        cost("N", "onboarding", 20.0),
        cost("N", "gift", 7.0, "2024-06-01"),
    ]
    frame = (
        analysed(YEAR, invoice_lines=lines(), customer_costs=costs)
        .results["acquisition_cost"]
        .set_index("component")["amount"]
    )
    assert frame[["gift", "acquisition", "onboarding"]].tolist() == [50.0, 30.0, 20.0]


def test_hours_are_valued_at_the_rate_of_their_team_or_not_at_all():
    hours = [
        {"team": team, "customer_id": "A", "hours": 2.0, "purpose": "acquisition", "period": "2025"}
        for team in ("Desk", "Other")
    ]
    company = with_rows(
        trader(hours=hours[:1]), "invoice_lines", *[sale(name, 1.0, 0.0, "2024-01-01") for name in "AB"]
    )
    known = analysed(YEAR, **company).results["acquisition_cost"]
    assert row_of(known, "component", "acquisition_hours")[["quantity", "amount"]].tolist() == [2.0, 120.0]
    unknown = analysed(YEAR, **(company | {"hours": hours})).results["acquisition_cost"]
    assert np.isnan(row_of(unknown, "component", "acquisition_hours")["amount"])
    assert row_of(unknown, "component", "acquisition_hours")["quantity"] == 4.0


def test_without_new_customers_a_new_one_costs_nothing_known():
    old = [sale("A", 1.0, 0.0, day) for day in ("2024-01-01", "2025-01-01")]
    results = analysed(YEAR, invoice_lines=old, customer_costs=[cost("A", "acquisition", 5.0)]).results
    assert results["acquisition_cost"]["per_customer"].isna().all()
    assert results["newcomer_profile"].empty


def test_the_profile_compares_shares():
    customers = [{"customer_id": name, "segment": segment} for name, segment in (("A", "x"), ("B", "y"), ("N", "y"))]
    frame = analysed(YEAR, invoice_lines=lines(), customers=customers).results["newcomer_profile"]
    row = row_of(frame[frame["dimension"] == "segment"], "key", "y")
    assert row[["new_share", "base_share", "index", "revenue_each", "base_revenue_each"]].tolist() == [
        1.0,
        0.5,
        200.0,
        700.0,
        900.0,
    ]


def test_quotes_give_a_hit_rate_only_when_lost_ones_are_kept_too():
    won = [{"customer_id": "N", "date": pd.Timestamp("2025-05-01"), "kind": "quote_won"}]
    lost = [{"customer_id": "N", "date": pd.Timestamp("2025-05-02"), "kind": "quote_lost"}] * 3
    funnel = (
        analysed(YEAR, invoice_lines=lines(), events=[*won, *lost])
        .results["acquisition_funnel"]
        .set_index("measure")["value"]
    )
    assert funnel["hit_rate"] == 0.25
    only_won = analysed(YEAR, invoice_lines=lines(), events=won).results["acquisition_funnel"]
    assert "hit_rate" not in set(only_won["measure"])


def test_effort_is_paid_back_in_the_month_that_margin_catches_up():
    more = [sale("N", 300.0, 200.0, "2025-09-10"), sale("N", 300.0, 200.0, "2025-11-10")]
    results = analysed(YEAR, invoice_lines=[*lines(), *more], customer_costs=[cost("N", "acquisition", 300.0)]).results
    [row] = results["relation_payback"].to_dict("records")
    assert (row["effort"], row["margin_to_date"], row["balance"]) == (300.0, 400.0, 100.0)
    assert row["paid_back_on"] == pd.Timestamp("2025-09-30")
    short = analysed(YEAR, invoice_lines=lines(), customer_costs=[cost("N", "acquisition", 300.0)]).results[
        "relation_payback"
    ]
    assert pd.isna(short["paid_back_on"].iloc[0])
    assert short["balance"].iloc[0] == -100.0


def test_new_customers_hold_their_discount_and_first_day_of_this_year():
    frame = analysed(YEAR, invoice_lines=lines()).results["new_customers"]
    row = row_of(frame, "customer_id", "N")
    assert (row["status"], row["first_purchase"], row["discount_rate"]) == (
        "new",
        pd.Timestamp("2025-07-01"),
        pytest.approx(0.3),
    )


def test_without_known_effort_there_is_no_cost_each_and_no_payback():
    funnel = analysed(YEAR, invoice_lines=lines()).results["acquisition_funnel"]
    assert {"margin_each"} == set(funnel["measure"]) & {"margin_each", "acquisition_cost_each", "payback_months"}
    plain = [sale(name, 9.0, 5.0, day) for name, day in (("A", "2024-01-01"), ("A", "2025-01-01"), ("N", "2025-01-01"))]
    assert analysed(YEAR, invoice_lines=plain).results["acquisition_cost"].empty


def test_winning_back_is_set_against_winning():
    back = [sale("R", 10.0, 0.0, "2023-01-01"), sale("R", 10.0, 0.0, "2025-03-01")]
    costs = [cost("R", "reactivation", 75.0), cost("N", "acquisition", 300.0)]
    funnel = analysed(YEAR, invoice_lines=[*lines(), *back], customer_costs=costs).results["acquisition_funnel"]
    values = funnel.set_index("measure")["value"]
    assert values[["won_back", "reactivation_cost_each"]].tolist() == [1, 75.0]
    assert values["acquisition_cost_each"] > 300
