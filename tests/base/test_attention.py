import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companies import analysed, row_of, said, sale
from klantwaarde.base.attention import attention_index

YEAR = {"period_start": "2025-01-01", "period_end": "2025-12-31"}


def hour(customer, hours, period="2025", team="T"):
    return {"team": team, "customer_id": customer, "hours": float(hours), "period": period}


LINES = [sale("A", 100.0, 50.0), sale("B", 100.0, 150.0), sale("C", 100.0, 0.0), sale("A", 1.0, 0.0, "2024-01-01")]


def test_hours_without_contribution_bring_nothing():
    frame = analysed(YEAR, invoice_lines=LINES, hours=[hour("A", 50), hour("B", 30), hour("C", 20)]).results[
        "attention"
    ]
    assert frame.set_index("customer_id")["verdict"].to_dict() == {"A": "balanced", "B": "no_return", "C": "too_little"}
    assert np.isnan(row_of(frame, "customer_id", "B")["attention_index"])
    assert frame["excess_hours"].sum() == pytest.approx(0)
    assert row_of(frame, "customer_id", "B")["excess_hours"] == 30.0


def test_hours_of_nobody_and_of_other_periods_stay_out():
    frame = analysed(YEAR, invoice_lines=LINES, hours=[hour("A", 5), hour(None, 400), hour("A", 7, "2024")]).results[
        "attention"
    ]
    assert frame["hours"].sum() == 5.0
    assert row_of(frame, "customer_id", "A")[["hours_before", "hours_change"]].tolist() == [7.0, -2.0]


def test_who_lost_attention_to_loss_makers():
    hours = [hour("A", 10), hour("A", 14, "2024"), hour("B", 9), hour("B", 5, "2024")]
    results = analysed(YEAR, invoice_lines=LINES, hours=hours).results
    assert results["attention"].set_index("customer_id")["moved"].to_dict() == {
        "A": "gave_earning",
        "B": "gained_losing",
        "C": "",
    }
    [team] = results["attention_teams"].to_dict("records")
    assert (team["hours"], team["losing_hours"], team["losing_change"], team["earning_change"]) == (
        19.0,
        9.0,
        4.0,
        -4.0,
    )
    assert team["losing_share"] == pytest.approx(9 / 19)


def test_without_hours_the_part_is_off_and_says_so():
    outcome = analysed(YEAR, invoice_lines=LINES)
    assert "attention" not in outcome.results
    assert "KW-MO-011" in said(outcome)


def test_without_contribution_there_is_no_index():
    frame = analysed(YEAR, invoice_lines=[sale("A", 10.0, 20.0)], hours=[hour("A", 5)]).results["attention"]
    assert frame[["attention_index", "excess_hours"]].isna().all(axis=None)
    assert frame["verdict"].tolist() == [""]


@given(
    st.lists(st.tuples(st.integers(1, 100), st.integers(1, 10_000)), min_size=1, max_size=10),
    st.sampled_from([2.0, 0.5]),
)
def test_the_unit_does_not_matter_and_shares_weigh_out(rows, factor):
    hours, earned = (np.array([row[side] for row in rows], dtype=float) for side in (0, 1))
    index = attention_index(hours, earned)
    assert attention_index(hours * factor, earned) == pytest.approx(index)
    assert (index * earned / earned.sum()).sum() == pytest.approx(1)


def test_hours_and_contribution_are_those_of_the_same_period():
    lines = [
        sale("A", 100.0, 0.0, "2025-02-01"),
        sale("A", 40.0, 0.0, "2025-05-01"),
        sale("B", 60.0, 0.0, "2025-05-01"),
    ]
    hours = [hour("A", 5, "2025-Q2"), hour("A", 90, "2025-Q1"), hour("B", 5, "2025-05")]
    quarter = {"period_start": "2025-04-01", "period_end": "2025-06-30"}
    frame = analysed(quarter, invoice_lines=lines, hours=hours).results["attention"].set_index("customer_id")
    assert frame["contribution"].to_dict() == {"A": 40.0, "B": 60.0}
    assert frame["attention_index"].to_dict() == pytest.approx({"A": 1.25, "B": 0.5 / 0.6})
    assert frame["hours_before"].to_dict() == {"A": 90.0, "B": 0.0}
