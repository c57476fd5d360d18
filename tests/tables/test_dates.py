"""Dates as serials, ISO texts, and day-month texts in the order they prove."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import from_excel

from klantwaarde.tables.dates import read_dates
from klantwaarde.tables.raw import Kind, RawColumn

LAST_OF_2024 = date(2024, 12, 31)


def read(column_of, *values, order="auto"):
    reading = read_dates(column_of(*values), order=order)
    return reading.values.tolist(), [(fault.row, str(fault.reason)) for fault in reading.faults]


def test_the_published_list_of_dates_is_read(column_of):
    """Case PARSE-2 of the published reference cases."""
    values = [
        "31-12-2024", "1-2-2024", "31.12.2024", "20241231", "2024-12-31", "31/12/2024", 45657, "12/31/2024", "31-12-24",
        "00.00.0000", "9999-12-31",
    ]  # fmt: skip
    reading = read_dates(column_of(*values))
    expected = [LAST_OF_2024] * len(values)
    expected[1] = date(2024, 2, 1)
    expected[-2:] = [None, None]
    assert reading.values.tolist() == expected
    assert reading.faults == ()
    assert reading.orders == {"-": "dmy", ".": "dmy", "/": "each"}
    assert (reading.open_ends, reading.two_digit_years, reading.from_text) == (1, 1, 8)


@pytest.mark.parametrize(
    "text",
    [
        "31-12-2024", "12/31/2024", "31.12.24", "2024-12-31", "2024/12/31", "2024.12.31", "20241231", "45657",
        "31 dec 2024", "31-dec-24", "31 dec. 2024", "31 december 2024", "December 31, 2024", "dec 31 2024", "31DEC2024",
        "2024-12-31T23:59:59Z", "2024-12-31 00:00:00.000", "31-12-2024 14:05", "12/31/2024 2:05 PM", "\u00a031-12-2024 ",
    ],
)  # fmt: skip
def test_one_day_in_many_ways(column_of, text):
    assert read(column_of, text) == ([LAST_OF_2024], [])


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("mrt", 3),
        ("Maart", 3),
        ("mar", 3),
        ("March", 3),
        ("mei", 5),
        ("may", 5),
        ("okt", 10),
        ("OCT", 10),
        ("augustus", 8),
    ],
)
def test_month_names_are_dutch_or_english(column_of, text, month):
    assert read(column_of, f"1 {text} 2024") == ([date(2024, month, 1)], [])


@pytest.mark.parametrize("text", ["", "-", "00.00.0000", "00-00-0000", "0000-00-00", "00000000", "0", 0, None])
def test_zeros_and_blanks_are_no_date_and_no_fault(column_of, text):
    assert read(column_of, text) == ([None], [])


@pytest.mark.parametrize("text", ["9999-12-31", "31-12-9999", "99991231", 99991231, 2958465, "31.12.9999"])
def test_the_last_day_of_9999_is_an_open_end(column_of, text):
    reading = read_dates(column_of(text))
    assert np.isnat(reading.values).all()
    assert (reading.open_ends, reading.faults) == (1, ())


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("29-02-1900", "impossible_date"),
        (60, "impossible_date"),
        ("60", "impossible_date"),
        ("31-02-2024", "impossible_date"),
        ("2023-02-29", "impossible_date"),
        ("20241301", "impossible_date"),
        (20241301, "impossible_date"),
        ("31-12-1899", "impossible_date"),
        (-1, "impossible_date"),
        (0.5, "impossible_date"),
        (2958466, "impossible_date"),
        (float("nan"), "impossible_date"),
        ("2024", "early_date"),  # read as a serial: 16-07-1905
        ("2024-12", "not_a_date"),
        ("morgen", "not_a_date"),
        ("1 foo 2024", "not_a_date"),
        ("\uff11-1-2024", "not_a_date"),
        ("31-12/2024", "not_a_date"),
        (True, "unexpected_flag"),
        (..., "no_value"),
    ],
)
def test_what_is_no_date_is_refused_with_its_reason(column_of, value, reason):
    assert read(column_of, value)[1] == [(0, reason)]


def test_early_dates_are_kept_with_a_warning_that_names_the_day(column_of):
    reading = read_dates(column_of("31-12-1949", date(1950, 1, 1), 2024))
    assert reading.values.tolist() == [date(1949, 12, 31), date(1950, 1, 1), date(1905, 7, 16)]
    assert [(fault.row, fault.reason.severity, fault.values["read"]) for fault in reading.faults] == [
        (0, "warn", "1949-12-31"),
        (2, "warn", "1905-07-16"),
    ]


def test_one_value_proves_the_order_of_its_separator(column_of):
    assert read(column_of, "1-2-2024", "13-2-2024")[0] == [date(2024, 2, 1), date(2024, 2, 13)]
    assert read(column_of, "1-2-2024", "2-13-2024")[0] == [date(2024, 1, 2), date(2024, 2, 13)]


def test_without_a_proof_the_order_is_ambiguous_and_both_days_are_named(column_of):
    reading = read_dates(column_of("01/02/2024", "05/05/2024", "2024-12-31", 45657))
    (fault,) = reading.faults
    assert (fault.row, fault.reason) == (0, "ambiguous_date")
    assert fault.values == {"dmy": "2024-02-01", "mdy": "2024-01-02"}
    assert reading.values[1:].tolist() == [date(2024, 5, 5), LAST_OF_2024, LAST_OF_2024]


def test_dashes_prove_nothing_for_slashes(column_of):
    assert read(column_of, "31-12-2024", "1/2/2024")[1] == [(1, "ambiguous_date")]


def test_a_conflict_with_an_ambiguous_value_spoils_its_group_only(column_of):
    days, faults = read(column_of, "31/12/2024", "12/31/2024", "1/2/2024", "5/5/2024", "1-2-2024", "31-1-2024")
    assert faults == [(0, "mixed_order"), (1, "mixed_order"), (2, "ambiguous_date")]
    assert days == [None, None, None, date(2024, 5, 5), date(2024, 2, 1), date(2024, 1, 31)]


def test_the_setting_gives_the_order_and_refuses_the_other(column_of):
    assert read(column_of, "1/2/2024", order="mdy") == ([date(2024, 1, 2)], [])
    assert read(column_of, "1/2/2024", "12/31/2024", order="dmy") == ([date(2024, 2, 1), None], [(1, "other_order")])


def test_two_digit_years_follow_excel(column_of):
    reading = read_dates(column_of("31-12-29", "31-12-30", "31-12-99", "31-12-2000", "1-okt-24"))
    assert [day.year for day in reading.values.tolist()] == [2029, 1930, 1999, 2000, 2024]
    assert reading.two_digit_years == 4


@pytest.mark.parametrize("serial", [1, 59, 61, 366, 18264, 45657.75, 73050, 2958464])
def test_serials_are_the_days_that_openpyxl_reads(column_of, serial):
    expected = from_excel(int(serial)).date()
    for value in (serial, str(int(serial))):
        assert read_dates(column_of(value)).values.tolist() == [expected]
    date_cell = RawColumn(np.array([Kind.DATE], dtype=np.uint8), np.array([float(serial)]))
    assert read_dates(date_cell).values.tolist() == [expected]


def test_a_date_cell_outside_the_calendar_is_never_yyyymmdd():
    cell = RawColumn(np.array([Kind.DATE], dtype=np.uint8), np.array([20241231.0]))
    assert [fault.reason for fault in read_dates(cell).faults] == ["impossible_date"]


FORMATS = ["%d-%m-%Y", "%m/%d/%Y", "%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%d %b %Y", "%B %d, %Y"]


@settings(max_examples=60)
@given(st.lists(st.dates(date(1950, 1, 1), date(9999, 12, 30)), max_size=8), st.sampled_from(FORMATS))
def test_dates_written_in_one_format_come_back_once_one_value_proves_it(column_of, days, form):
    days = [*days, LAST_OF_2024]
    assert read(column_of, *[day.strftime(form) for day in days]) == (days, [])


@settings(max_examples=100)
@given(
    st.lists(st.sampled_from(["1-2-2024", "31-12-2024", "12-31-2024", "1/2/2024", "31/1/2024", "x", "", "5-5-24"])),
    st.randoms(use_true_random=False),
)
def test_the_order_of_rows_does_not_matter(column_of, texts, rng):
    order = list(range(len(texts)))
    rng.shuffle(order)
    days, faults = read(column_of, *texts)
    shuffled_days, shuffled_faults = read(column_of, *[texts[row] for row in order])
    assert shuffled_days == [days[row] for row in order]
    assert shuffled_faults == sorted((order.index(row), reason) for row, reason in faults)


@settings(max_examples=60)
@given(st.integers(61, 2958464))
def test_days_follow_each_other(column_of, serial):
    first, second = read_dates(column_of(serial, serial + 1)).values.tolist()[:2]
    assert second is None or second - first == timedelta(days=1)
