"""Years, quarters and months in the many ways people write them."""

from datetime import date

import pytest

from klantwaarde.tables.periods import read_period


@pytest.mark.parametrize(
    ("value", "period"),
    [
        (2025, "2025"), (2025.0, "2025"), ("2025", "2025"), ("2025.0", "2025"), (202503, "2025-03"), ("202503", "2025-03"),
        ("2025-03", "2025-03"), ("03-2025", "2025-03"), ("2025/3", "2025-03"), ("2025.03", "2025-03"),
        ("003.2025", "2025-03"), ("2025Q1", "2025-Q1"), ("2025-Q1", "2025-Q1"), ("Q1 2025", "2025-Q1"),
        ("2025 kwartaal 1", "2025-Q1"), ("1e kwartaal 2025", "2025-Q1"), ("K4-2025", "2025-Q4"), ("jan 2025", "2025-01"),
        ("januari 2025", "2025-01"), ("Mrt. 2025", "2025-03"), ("dec-25", "2025-12"), ("2025 mei", "2025-05"),
        (date(2025, 3, 31), "2025-03"), ("2025-03-31", "2025-03"), (20250331, "2025-03"), ("", None), (None, None),
        ("-", None), ("\u00a02025 ", "2025"),
    ],
)  # fmt: skip
def test_a_period_is_read(column_of, value, period):
    reading = read_period(column_of(value))
    assert reading.values.tolist() == [period]
    assert reading.faults == ()


@pytest.mark.parametrize(
    ("value", "period"), [(3, "2024-03"), ("3", "2024-03"), ("012", "2024-12"), ("mrt", "2024-03")]
)
def test_a_month_alone_needs_the_year(column_of, value, period):
    assert read_period(column_of(value), year=2024).values.tolist() == [period]
    assert [fault.reason for fault in read_period(column_of(value)).faults] == ["month_without_year"]


@pytest.mark.parametrize(
    "value", ["2025-13", "2025-Q5", 202513, 2025.1, "2025.1", 0, 13, "x", "1825", "foo 2025", "2025-02-32", 1e15, -3]
)
def test_anything_else_is_no_period(column_of, value):
    reading = read_period(column_of(value), year=2024)
    assert reading.values.tolist() == [None]
    assert [fault.reason for fault in reading.faults] == ["not_a_period"]


def test_faults_stand_at_every_row_from_top_to_bottom(column_of, error):
    reading = read_period(column_of("x", 2025, True, "x", error("#REF!"), date(2025, 1, 1)))
    assert reading.values.tolist() == [None, "2025", None, None, None, "2025-01"]
    assert [(fault.row, str(fault.reason), fault.found) for fault in reading.faults] == [
        (0, "not_a_period", "x"), (2, "unexpected_flag", "TRUE"), (3, "not_a_period", "x"), (4, "error_value", "#REF!"),
    ]  # fmt: skip
