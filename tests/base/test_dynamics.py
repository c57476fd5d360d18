import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from sold import CUSTOMERS, drawn, history, rules

from companies import analysed, failed, sale
from klantwaarde import money
from klantwaarde.base.activity import movement
from klantwaarde.base.dynamics import amount_bridge, count_bridge, flow, flow_trends, flows, year_movement

YEAR = {"period_start": "2025-01-01", "period_end": "2025-12-31"}


@given(drawn())
def test_bridges_close_to_the_unit_and_the_cent(sold):
    found = history(sold, n=CUSTOMERS)
    status = movement(found, 12, 0, rules(CUSTOMERS))
    count = count_bridge(status)["amount"]
    assert count.iloc[:-1].sum() == count.iloc[-1] == found.active(0, 12).sum()
    before, now = (found.total(found.net, lag) for lag in (12, 0))
    bridge = amount_bridge(status, before, now)
    cents = money.cents(bridge["amount"].to_numpy())
    assert cents[0] == before.sum()
    assert cents[:-1].sum() == cents[-1] == now.sum()
    assert money.cents(bridge["level"].to_numpy())[-1] == now.sum()


@given(drawn())
def test_the_flow_of_every_step_closes_and_chains(sold):
    found = history(sold, n=CUSTOMERS)
    for step in (1, 3, 12):
        frame = flow(found, rules(CUSTOMERS), step)
        assert (
            frame["opening"] + frame["new"] + frame["reactivated"] + frame["resumed"] - frame["lost"]
            == frame["closing"]
        ).all()
        assert (frame["closing"].to_numpy()[:-1] == frame["opening"].to_numpy()[1:]).all()


def test_steps_end_at_the_reference_date_and_start_where_the_lines_say_who_was_active():
    found = history([(0, "2022-01-10", 1.0), (0, "2025-05-01", 1.0)])
    assert flow(found, rules(1), 12)["until"].dt.year.tolist() == [2023, 2024, 2025]
    assert len(flow(found, rules(1), 3)) == 12


def test_too_few_years_are_followed_by_quarters():
    found = history([(0, f"202{year}-0{month}-10", 1.0) for year in (4, 5) for month in (1, 6)])
    frame = flows(found, rules(1), "year")
    assert frame["step"].tolist() == ["year"] + ["quarter"] * 4
    assert flow_trends(frame)["step"].unique().tolist() == ["quarter"]
    assert flows(found, rules(1), "month")["step"].unique().tolist() == ["month"]


def test_without_a_year_before_there_is_no_status():
    found = history([(0, "2025-03-01", 1.0)])
    assert year_movement(found, rules(1)) is None
    assert flows(found, rules(1), "year").empty
    assert flow_trends(flows(found, rules(1), "year")).empty


def test_rates_of_a_step():
    sold = [(0, "2024-01-05", 100.0), (1, "2024-02-01", 300.0), (0, "2025-02-01", 10.0), (2, "2025-03-01", 40.0)]
    [row] = flow(history(sold), rules(3), 12).to_dict("records")
    assert (row["opening"], row["lost"], row["new"], row["closing"]) == (2, 1, 1, 2)
    assert (row["retention"], row["margin_retention"], row["new_share"], row["turnover"]) == (0.5, 0.25, 0.5, 0.5)
    assert (row["gained_margin"], row["lost_margin"], row["balance"]) == (20.0, 150.0, -130.0)


def test_a_year_takes_the_margins_of_the_account_where_it_covers_that_year():
    sold = [(0, "2024-01-05", 100.0), (1, "2024-02-01", 300.0), (0, "2025-02-01", 10.0)]
    margins = {12: np.array([3000, 15000])}
    frame = flows(history(sold), rules(2), "year", margins)
    assert frame["margin_retention"].iloc[0] == pytest.approx(30 / 180)
    quarters = frame[frame["step"] == "quarter"].drop(columns="step").reset_index(drop=True)
    pd.testing.assert_frame_equal(quarters, flow(history(sold), rules(2), 3))


def test_the_flow_and_the_bridge_lose_the_same_margin_after_bonuses():
    lines = [
        sale("A", 900.0, 500.0, "2024-01-15"),
        sale("B", 200.0, 100.0, "2024-03-01"),
        sale("A", 900.0, 500.0, "2025-03-01"),
    ]
    bonus = [{"customer_id": "A", "amount": 100.0, "kind": "bonus", "date": pd.Timestamp("2024-06-30")}]
    results = analysed(YEAR, invoice_lines=lines, customer_costs=bonus).results
    bridge = results["customer_bridge"]
    amounts = bridge[bridge["measure"] == "gross_margin"].set_index("step")["amount"]
    assert (amounts["opening"], amounts["lost"]) == (400.0, -100.0)
    assert results["base_flow"]["margin_retention"].iloc[0] == 0.75


def test_who_comes_and_goes_within_a_step_is_counted_apart():
    sold = [(0, "2023-01-01", 1.0), (0, "2025-12-01", 1.0), (1, "2025-02-01", 1.0)]
    assert flow(history(sold), rules(2, active=3), 12)["passed_through"].iloc[-1] == 1


def test_the_bridge_ends_in_the_account_and_falls_back_on_the_lines():
    lines = [
        sale("A", 100.0, 60.0, "2024-01-01"),
        sale("A", 120.0, 60.0, "2025-01-01"),
        sale("B", 50.0, 20.0, "2025-07-01"),
    ]
    bonus = [{"customer_id": "A", "kind": "bonus", "amount": 5.0, "date": np.datetime64("2025-12-01", "s")}]
    whole = analysed(YEAR, invoice_lines=lines, customer_costs=bonus)
    end = whole.results["customer_bridge"].groupby("measure")["amount"].last()
    names = ["customers", "net_revenue", "gross_margin", "customer_result"]
    assert end[names].tolist() == pytest.approx([2, 165.0, 85.0, 85.0])
    assert failed(whole) == set()
    quarter = analysed(
        {"period_start": "2025-10-01", "period_end": "2025-12-31"},
        invoice_lines=[*lines, sale("B", 1.0, 0, "2025-11-01")],
    )
    found = quarter.results["customer_bridge"]
    assert "customer_result" not in set(found["measure"])
    assert found[found["measure"] == "net_revenue"]["amount"].iloc[-1] == 171.0
    assert failed(quarter) == set()
