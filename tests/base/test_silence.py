import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from sold import CUSTOMERS, drawn, history

from klantwaarde.base.silence import days_late, median_interval, silent

AT = np.datetime64("2025-12-31")


@given(drawn())
def test_the_median_interval_is_the_median(sold):
    found = median_interval(history(sold, n=CUSTOMERS))
    for customer in range(CUSTOMERS):
        days = np.unique(
            np.array([day for code, day, euros in sold if code == customer and round(euros * 100) > 0], dtype="M8[D]")
        )
        gaps = np.diff(days).astype(float)
        assert found[customer] == pytest.approx(np.median(gaps) if len(gaps) >= 2 else np.nan, nan_ok=True)


def monthly(last):
    return [(0, f"2025-{month:02}-10", 1.0) for month in range(1, last + 1)]


def test_silent_is_longer_than_three_intervals():
    assert not silent(history(monthly(10)))[0]  # 82 days at an interval of 31
    assert silent(history(monthly(9)))[0]  # 112 days


def test_a_daily_buyer_is_not_silent_within_a_month():
    days = [(0, f"2025-12-{day:02}", 1.0) for day in range(1, 6)]
    assert not silent(history(days))[0]
    assert silent(history([(0, f"2025-11-{day:02}", 1.0) for day in range(1, 6)]))[0]


def test_who_bought_only_twice_has_no_usual_interval():
    assert not silent(history([(0, "2025-01-01", 1.0), (0, "2025-01-05", 1.0)]))[0]


def late(*items):
    frame = pd.DataFrame(items, columns=["due_date", "paid_date", "amount"])
    for name in ("due_date", "paid_date"):
        frame[name] = pd.to_datetime(frame[name])
    return days_late(frame, np.zeros(len(frame), dtype=np.intp), AT, 1)[0]


def test_days_late_are_weighted_and_never_negative():
    assert late(("2025-06-01", "2025-06-21", 300.0), ("2025-07-01", "2025-06-20", 100.0)) == 15.0


def test_what_was_open_then_counts_until_then():
    assert late(("2025-12-21", None, 10.0)) == 10.0
    assert late(("2025-12-21", "2026-03-01", 10.0)) == 10.0


def test_other_years_credit_notes_and_future_due_dates_do_not_count():
    assert np.isnan(late(("2024-12-31", None, 10.0), ("2026-01-01", None, 10.0), ("2025-06-01", None, -10.0)))
    assert late(("2025-01-01", "2025-01-01", 10.0)) == 0.0
