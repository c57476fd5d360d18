"""How late customers pay."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from debtors import item, items
from klantwaarde.credit.items import Items
from klantwaarde.credit.lateness import days_late, lateness, overdue_at

AFTER, UNTIL = np.datetime64("2024-12-31"), np.datetime64("2025-12-31")
DAY = st.integers(0, 364).map(lambda days: str(np.datetime64("2025-01-01") + days))


def paid(*rows):
    some = items(*rows)
    return lateness(some, AFTER, UNTIL, group=np.zeros(len(some.amount), dtype=np.intp), n=1)


def test_payments_on_the_first_day_are_out_and_on_the_last_day_in():
    found = paid(item("K", 10.0, "2024-12-31", "2024-12-31"), item("K", 10.0, "2025-12-31", "2025-12-31"), item("K", 10.0, "2025-12-31", "2026-01-01"))
    assert found.payments.tolist() == [1]


def test_paid_on_the_due_date_is_on_time():
    assert paid(item("K", 10.0, "2025-03-31", "2025-03-31"), item("K", 30.0, "2025-03-31", "2025-04-01")).on_time.tolist() == [0.25]


def test_part_payments_count_for_what_was_paid():
    found = paid(item("K", 100.0, "2025-03-31", "2025-04-10", open_amount=75.0), item("K", 75.0, "2025-03-31", "2025-03-31"))
    assert found.floored.tolist() == [2.5]


def test_credit_notes_and_unknown_days_say_nothing():
    found = paid(item("K", -500.0, "2025-03-31", "2025-03-01"), item("K", 90.0, "2025-03-31", open_amount=0.0), item("K", 10.0, "2025-03-31", "2025-04-06"))
    assert (found.payments.tolist(), found.signed.tolist()) == ([1], [6.0])


def test_nothing_paid_is_unknown_but_overdue_counts_with_open():
    found = paid(item("K", 10.0, "2025-12-21"))
    assert np.isnan([found.floored[0], found.signed[0], found.on_time[0], found.days_to_pay[0]]).all()
    assert found.with_open.tolist() == [10.0]


def test_due_on_the_day_itself_is_not_overdue_and_credits_never_are():
    some = items(item("K", 10.0, "2025-12-31"), item("K", -10.0, "2025-01-31"), item("K", 7.0, "2025-12-30"))
    assert overdue_at(some, UNTIL)[0].tolist() == [0, 0, 700]


@given(st.lists(st.tuples(st.integers(1, 10**7), DAY, DAY, DAY), min_size=1, max_size=20), st.integers(-4000, 4000), st.randoms(use_true_random=False))
def test_order_and_a_shift_of_all_days_change_nothing(rows, shift, chance):
    some = items(*(item("K", cents / 100, due, day, invoiced=start) for cents, start, due, day in rows))
    zero = np.zeros(len(rows), dtype=np.intp)
    found = lateness(some, AFTER, UNTIL, group=zero, n=1)
    moved = replace(some, start=some.start + shift, due=some.due + shift, settled=some.settled + shift)
    order = list(range(len(rows)))
    chance.shuffle(order)
    mixed = Items(*(getattr(some, part.name)[order] for part in fields(some)))
    for other in (lateness(moved, AFTER + shift, UNTIL + shift, group=zero, n=1), lateness(mixed, AFTER, UNTIL, group=zero, n=1)):
        for part in fields(found):
            assert np.array_equal(getattr(other, part.name), getattr(found, part.name), equal_nan=True)
    assert found.floored[0] >= max(found.signed[0], 0)


def test_days_late_of_nothing_is_unknown():
    assert np.isnan(days_late([3], [0]))
    assert days_late([3, 5], [1, 1]) == pytest.approx(4)
