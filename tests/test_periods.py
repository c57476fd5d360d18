"""Periods by the calendar; expected dates were counted by hand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantwaarde.periods import Period, period_from_text


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
