"""Items: what was open and paid on any day."""

import numpy as np
import pandas as pd
import pytest

from debtors import item, items


def open_on(one, *days):
    return [int(one.open_at(np.datetime64(day))[0]) for day in days]


def test_an_item_is_open_from_its_invoice_date_up_to_the_day_before_payment():
    one = items(item("K", 100.0, "2025-03-31", "2025-04-10", invoiced="2025-03-01"))
    assert open_on(one, "2025-02-28", "2025-03-01", "2025-04-09", "2025-04-10") == [0, 10_000, 10_000, 0]


def test_a_part_payment_leaves_the_rest_open():
    one = items(item("K", 100.0, "2025-03-31", "2025-04-10", open_amount=40.0))
    assert open_on(one, "2025-04-09", "2025-04-10", "2025-12-31") == [10_000, 4_000, 4_000]


def test_what_is_open_is_leading_over_a_paid_date():
    one = items(item("K", 100.0, "2025-03-31", "2025-04-10", open_amount=100.0))
    assert open_on(one, "2025-12-31") == [10_000]


def test_without_an_open_amount_the_paid_date_decides():
    one = items(item("K", 100.0, "2025-03-31"), item("K", 50.0, "2025-03-31", "2025-04-01"))
    assert one.open_at(np.datetime64("2025-12-31")).tolist() == [10_000, 0]


def test_paid_in_advance_is_a_credit_until_the_invoice_date():
    one = items(item("K", 100.0, "2025-03-31", "2025-02-20", invoiced="2025-03-01"))
    assert open_on(one, "2025-02-19", "2025-02-20", "2025-03-01") == [0, -10_000, 0]


def test_payments_after_the_reference_date_are_still_open_on_it():
    one = items(item("K", 100.0, "2026-01-31", "2026-02-05", invoiced="2025-12-15", open_amount=0.0))
    assert open_on(one, "2025-12-31") == [10_000]


def test_an_unknown_day_of_payment_is_the_due_date_and_never_later_than_the_reference_date():
    early = items(item("K", 100.0, "2025-03-31", open_amount=0.0))
    late = items(item("K", 100.0, "2026-02-28", invoiced="2025-12-01", open_amount=0.0))
    assert open_on(early, "2025-03-30", "2025-03-31") == [10_000, 0]
    assert open_on(late, "2025-12-30", "2025-12-31") == [10_000, 0]
    assert not early.timed[0]


def test_a_missing_invoice_date_is_the_due_date_less_the_terms():
    row = item("K", 100.0, "2025-03-31") | {"invoice_date": pd.NaT}
    one = items(row)
    assert open_on(one, "2025-02-28", "2025-03-01") == [0, 10_000]
    assert not one.dated[0]


def test_without_an_invoice_date_an_open_item_is_there_on_the_reference_date_whenever_it_is_due():
    one = items(item("K", 100.0, "2026-06-30") | {"invoice_date": pd.NaT})
    assert open_on(one, "2025-12-30", "2025-12-31") == [0, 10_000]


def test_a_credit_note_is_the_invoice_with_its_sign_turned():
    both = items(item("K", 100.0, "2025-03-31", open_amount=40.0), item("K", -100.0, "2025-03-31", open_amount=-40.0))
    for day in ("2025-02-01", "2025-03-31", "2025-12-31"):
        assert both.open_at(np.datetime64(day)).sum() == 0


@pytest.mark.parametrize(("amount", "left", "doubtful"), [(100, 120, True), (100, -10, True), (-100, -120, True), (100, 100, False), (-100, -40, False), (100, 0, False)])
def test_more_open_than_the_amount_or_with_another_sign_is_doubtful(amount, left, doubtful):
    one = items(item("K", float(amount), "2025-03-31", open_amount=float(left)))
    assert bool(one.doubtful[0]) is doubtful
    assert open_on(one, "2025-12-31") == [left * 100]
