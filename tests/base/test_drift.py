import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sold import CUSTOMERS, drawn, history

from companies import analysed, sale
from klantwaarde.base.drift import Series, control_limits, quarters

STEADY = [0.30, 0.31, 0.30, 0.31]


def alarm(last_year, learned=STEADY, bad=-1):
    return bool(control_limits(Series(np.array([[*learned, *last_year]]), bad, 0.005)).alarm[0])


def test_limits_are_two_deviations_from_the_mean():
    verdict = control_limits(Series(np.array([[*STEADY, 0.3, 0.3, 0.3, 0.3]]), -1, 0.001))
    assert verdict.centre[0] == pytest.approx(0.305)
    assert verdict.limit[0] == pytest.approx(0.305 - 2 * 0.01 / 1.128)


@pytest.mark.parametrize(
    ("last_year", "expected"),
    [
        ([0.3, 0.3, 0.2, 0.2], True),
        ([0.3, 0.3, 0.3, 0.2], False),  # one quarter is an accident
        ([0.2, 0.2, 0.2, 0.3], False),  # recovered
        ([0.3, 0.3, 0.5, 0.5], False),  # better is no alarm
        ([0.3, 0.3, 0.2, float("nan")], False),
    ],
)
def test_two_quarters_running_on_the_bad_side(last_year, expected):
    assert alarm(last_year) is expected


def test_high_is_bad_where_it_is():
    assert alarm([0.3, 0.3, 0.5, 0.5], bad=1)


def test_a_perfectly_steady_customer_may_move_half_a_point():
    assert not alarm([0.3, 0.3, 0.296, 0.296], [0.3] * 4)
    assert alarm([0.3, 0.3, 0.294, 0.294], [0.3] * 4)


def test_too_little_to_learn_from_is_no_alarm():
    assert not alarm([0.3, 0.3, 0.1, 0.1], [0.30, float("nan"), 0.30, 0.31])
    assert not alarm([0.3, 0.3, 0.1, 0.1], [0.30, 0.31, 0.30])


@given(drawn())
def test_quarters_hold_every_cent_of_their_months(sold):
    found = history(sold, n=CUSTOMERS)
    table = quarters(found, found.net)
    assert (table.sum(axis=1) == found.total(found.net, 0, 3 * table.shape[1])).all()
    assert (table[:, -1] == found.total(found.net, 0, 3)).all()


@given(st.lists(st.floats(0.1, 0.9), min_size=8, max_size=12), st.floats(-0.05, 0.05))
def test_a_shift_of_all_quarters_is_no_drift(values, shift):
    row = np.array([values])
    one, other = (control_limits(Series(part, -1, 0.005)) for part in (row, row + shift))
    assert other.limit[0] == pytest.approx(one.limit[0] + shift)


def test_paying_later_and_later_rings_an_alarm():
    lines = [sale("K", 10.0, 5.0, f"{year}-{month:02}-15") for year in (2024, 2025) for month in range(1, 13)]
    late = {(2025, 8): 30, (2025, 11): 33}
    items = [
        {
            "customer_id": "K", "invoice_id": f"{year}{month}", "due_date": pd.Timestamp(year, month, 5), "amount": 10.0,
            "paid_date": pd.Timestamp(year, month, 5) + pd.Timedelta(late.get((year, month), month % 2 + 5), "D"),
        }
        for year in (2024, 2025)
        for month in (2, 5, 8, 11)
    ]  # fmt: skip
    year = {"period_start": "2025-01-01", "period_end": "2025-12-31"}
    [row] = analysed(year, invoice_lines=lines, receivables=items).results["drift_alarms"].to_dict("records")
    assert (row["figure"], row["quarter_before"], row["latest"]) == ("payment_delay", 30.0, 33.0)
    assert row["centre"] == pytest.approx(5.5)
