"""Periods by the calendar; expected dates were counted by hand."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantwaarde.periods import Period, months_earlier, period_from_text


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025-Q3", date(2025, 7, 1), date(2025, 9, 30)),
    ],
)
def test_a_text_is_a_year_a_month_or_a_quarter(text: str, start: date, end: date) -> None:
    assert period_from_text(text) == Period(start, end)


@pytest.mark.parametrize("text", ["2025-13", "2025-00", "2025-Q5", "25", "maart", ""])
def test_other_texts_are_no_period(text: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        period_from_text(text)


def test_a_period_does_not_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        Period(date(2025, 2, 1), date(2025, 1, 31))


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ((date(2025, 1, 1), date(2025, 12, 31)), (date(2024, 1, 1), date(2024, 12, 31))),
        ((date(2025, 1, 1), date(2025, 3, 31)), (date(2024, 10, 1), date(2024, 12, 31))),
        ((date(2024, 3, 1), date(2024, 3, 31)), (date(2024, 2, 1), date(2024, 2, 29))),
        ((date(2025, 7, 1), date(2026, 6, 30)), (date(2024, 7, 1), date(2025, 6, 30))),
        ((date(2025, 3, 5), date(2025, 3, 11)), (date(2025, 2, 26), date(2025, 3, 4))),
    ],
)
def test_the_period_before_is_as_long_in_months_or_else_in_days(
    period: tuple[date, date], before: tuple[date, date]
) -> None:
    assert Period(*period).previous() == Period(*before)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 800))
def test_the_period_before_ends_the_day_before(start: date, days: int) -> None:
    period = Period(start, date.fromordinal(start.toordinal() + days))
    earlier = period.previous()
    assert (period.start - earlier.end).days == 1
    assert not period.overlaps(earlier)


def test_containing_and_overlapping() -> None:
    year, quarter, half_outside = (
        period_from_text("2025"),
        period_from_text("2025-Q1"),
        Period(date(2024, 12, 1), date(2025, 1, 1)),
    )
    assert year.contains(quarter)
    assert not quarter.contains(year)
    assert year.overlaps(half_outside)
    assert not year.contains(half_outside)
    assert (quarter.days, str(quarter)) == (90, "01-01-2025 – 31-03-2025")


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2025, 3, 31), 1, date(2025, 2, 28)), (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2025, 3, 30), 1, date(2025, 2, 28)), (date(2025, 3, 28), 1, date(2025, 2, 28)),
        (date(2025, 2, 28), 12, date(2024, 2, 29)), (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2024, 2, 28), 12, date(2023, 2, 28)), (date(2025, 4, 30), 1, date(2025, 3, 31)),
        (date(2025, 6, 15), 6, date(2024, 12, 15)), (date(2025, 3, 15), 27, date(2022, 12, 15)),
        (date(2025, 12, 31), 12, date(2024, 12, 31)), (date(2025, 1, 31), -1, date(2025, 2, 28)), (date(2025, 5, 5), 0, date(2025, 5, 5)),
    ],
)  # fmt: skip
def test_months_are_counted_back_and_the_end_of_a_month_stays_its_end(day: date, months: int, expected: date) -> None:
    assert months_earlier(day, months) == expected
    assert months_earlier(np.array([day, None], dtype="M8[D]"), months).astype(str).tolist() == [str(expected), "NaT"]


def test_one_day_goes_back_many_times() -> None:
    back = months_earlier(np.datetime64("2025-02-28"), np.arange(3))
    assert back.astype(str).tolist() == ["2025-02-28", "2025-01-31", "2024-12-31"]


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(-60, 60))
def test_a_month_back_lies_in_that_month_and_never_later_in_it(day: date, months: int) -> None:
    found = months_earlier(day, months)
    assert (day.year - found.year) * 12 + day.month - found.month == months
    ends = (day + timedelta(days=1)).day == 1
    assert (found + timedelta(days=1)).day == 1 if ends else found.day <= day.day
