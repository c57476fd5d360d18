"""From purchases to recency and frequency."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantwaarde.lifetime.transactions import ModelError, continuous_rate, merged, purchase_days, summarise

ROWS = [
    ("B", "2025-01-01", 10.0),
    ("A", "2025-01-08", 5.0),
    ("A", "2025-01-08", 7.0),
    ("A", "2025-01-22", 30.0),
    ("A", "2025-02-05", 50.0),
]


def days_of(rows, **options):
    who, when, amount = zip(*rows, strict=True)
    return purchase_days(np.array(who), np.array(when, dtype="datetime64[D]"), np.array(amount), **options)


def test_one_day_is_one_purchase_and_the_first_one_does_not_count():
    summary = summarise(days_of(ROWS), end=date(2025, 2, 12))
    assert summary.customers.tolist() == ["A", "B"]
    assert summary.frequency.tolist() == [2, 0]
    assert summary.recency.tolist() == [4, 0]
    assert summary.age.tolist() == [5, 6]
    assert summary.value.tolist()[0] == 40.0
    assert np.isnan(summary.value[1])


def test_later_purchases_and_later_customers_do_not_exist_yet():
    summary = summarise(days_of([*ROWS, ("C", "2025-03-01", 9.0)]), end=date(2025, 1, 22), unit="day")
    assert summary.customers.tolist() == ["A", "B"]
    assert (summary.frequency.tolist(), summary.recency.tolist(), summary.age.tolist()) == ([1, 0], [14, 0], [14, 21])
    assert summary.end == date(2025, 1, 22)


def test_without_an_end_the_last_purchase_day_is_the_end():
    assert summarise(days_of(ROWS)).end == date(2025, 2, 5)


def test_a_day_that_adds_up_to_a_refund_is_no_purchase_and_is_counted():
    rows = [*ROWS, ("A", "2025-02-06", -20.0), ("B", "2025-01-01", -10.0), ("D", "2025-01-05", -3.0)]
    days = days_of(rows)
    assert (days.refund_days, days.refund_amount) == (3, -23.0)
    summary = summarise(days, end=date(2025, 2, 12))
    assert summary.customers.tolist() == ["A"]
    assert summary.frequency.tolist() == [2]


def test_refunds_can_count_as_purchases():
    summary = summarise(days_of([*ROWS, ("B", "2025-01-15", -10.0)], refunds="count"), end=date(2025, 2, 12))
    assert summary.frequency.tolist() == [2, 1]
    assert summary.value.tolist() == [40, -10]


def test_without_amounts_every_day_counts_and_values_are_unknown():
    days = purchase_days([1, 1, 2], np.array(["2025-01-01", "2025-01-02", "2025-01-02"], dtype="datetime64[D]"))
    summary = summarise(days, unit="day")
    assert summary.frequency.tolist() == [1, 0]
    assert np.isnan(summary.value).all()


@given(st.permutations(range(len(ROWS))))
def test_the_order_of_rows_does_not_matter(order):
    one, other = summarise(days_of(ROWS)), summarise(days_of([ROWS[at] for at in order]))
    for name in ("frequency", "recency", "age", "value"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_equal_histories_are_one_row_with_a_weight():
    rows = merged([0, 2, 0, 2, 1], [0, 5, 0, 5, 3], [9, 9, 9, 9, 9])
    assert np.stack([rows.frequency, rows.recency, rows.age, rows.weight]).T.tolist() == [
        [0, 0, 9, 2],
        [1, 3, 9, 1],
        [2, 5, 9, 2],
    ]
    assert rows.customers == 5
    assert merged([0, 2], [0, 5], [9, 9], [3, 4]).weight.tolist() == [3, 4]


@pytest.mark.parametrize(("step", "weight"), [(1, [5, 1, 4]), (2, [3, 2]), (3, [2, 1]), (10, [1])])
def test_every_so_manieth_customer_in_the_order_of_the_histories(step, weight):
    """Ten customers: of each so many one is taken, the middle one of the first so many to begin with."""
    x, recency, age = np.array([0] * 5 + [1] + [2] * 4), np.array([0] * 5 + [3] + [6] * 4), np.full(10, 9)
    rows = merged(x, recency, age).every(step)
    assert rows.weight.tolist() == weight
    assert rows.frequency.tolist() == {1: [0, 1, 2], 2: [0, 2], 3: [0, 2], 10: [0]}[step]


@pytest.mark.parametrize(
    "history",
    [(-1, 0, 5), (1.5, 2, 5), (1, 6, 5), (1, 0, 5), (0, 2, 5), (0, 0, np.inf), (0, 0, np.nan), (np.nan, 0, 5)],
)
def test_an_impossible_history_is_refused_with_its_place(history):
    x, recency, age = ([0, value] for value in history)
    recency[0], age[0] = 0, 4
    with pytest.raises(ModelError) as caught:
        merged(x, recency, age)
    [fault] = caught.value.faults
    assert (fault.code, fault.values["position"]) == ("KW-LT-112", 2)


def test_nothing_to_work_with_is_refused():
    nothing = np.array([], dtype="datetime64[D]")
    for attempt in (
        lambda: purchase_days([], nothing),
        lambda: merged([], [], []),
        lambda: summarise(days_of(ROWS), end=date(2024, 1, 1)),
        lambda: summarise(days_of([("A", "2025-01-01", -1.0)])),
    ):
        with pytest.raises(ModelError) as caught:
            attempt()
        assert [fault.code for fault in caught.value.faults] == ["KW-LT-110"]


def test_a_missing_date_is_refused():
    with pytest.raises(ModelError) as caught:
        purchase_days([1, 1], np.array(["2025-01-01", "NaT"], dtype="datetime64[D]"))
    assert caught.value.faults[0].code == "KW-LT-111"


def test_the_continuous_rate_of_a_week_gives_the_annual_rate_back():
    assert np.exp(continuous_rate(0.15, "week") * 365.25 / 7) == pytest.approx(1.15)
    assert continuous_rate(0.12, "year") == pytest.approx(np.log(1.12))
