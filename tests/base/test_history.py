from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sold import AT, CUSTOMERS, drawn, history

from companies import analysed, failed, sale
from klantwaarde.periods import months_earlier


def test_twelve_months_back_is_too_old_and_a_day_later_is_not():
    found = history([(0, "2024-12-31", 1.0), (1, "2025-01-01", 1.0)])
    assert found.active(0, 12).tolist() == [False, True]
    assert found.active(12, 12).tolist() == [True, False]


def test_a_reference_date_within_a_month_counts_whole_months_from_there():
    found = history([(0, "2024-08-15", 1.0), (1, "2024-08-16", 1.0), (2, "2025-08-16", 1.0)], at=date(2025, 8, 15))
    assert found.active(0, 12).tolist() == [False, True, False]
    assert found.months == 13


def test_a_credit_note_is_no_purchase_but_its_amount_counts():
    found = history([(0, "2025-03-01", 100.0), (1, "2025-03-01", -40.0), (0, "2025-04-01", -10.0)])
    assert found.active(0, 12).tolist() == [True, False]
    assert found.total(found.net, 0).tolist() == [9000, -4000]
    assert str(found.last_visit()[0]) == "2025-03-01"
    assert np.isnat(found.first_visit()[1])


def test_lines_after_the_reference_date_are_left_out():
    found = history([(0, "2025-12-31", 1.0), (0, "2026-01-01", 99.0)])
    assert found.net.sum() == 100


@given(drawn(), st.randoms())
def test_the_order_of_lines_is_irrelevant(sold, random):
    mixed = random.sample(sold, len(sold))
    one, other = (history(lines, n=CUSTOMERS) for lines in (sold, mixed))
    for name in ("customer", "lag", "net", "cost", "visits", "visit_customer", "visit_day"):
        assert (getattr(one, name) == getattr(other, name)).all()


@given(drawn())
def test_windows_hold_the_lines_of_their_days(sold):
    found = history(sold, n=CUSTOMERS)
    for lag, months in ((0, 12), (5, 3), (12, 12)):
        start, end = (str(months_earlier(AT, back)) for back in (lag + months, lag))
        inside = [(code, round(euros * 100)) for code, day, euros in sold if start < day <= end]
        expected = [sum(cents for code, cents in inside if code == customer) for customer in range(CUSTOMERS)]
        assert found.total(found.net, lag, months).tolist() == expected
        bought = {code for code, cents in inside if cents > 0}
        assert set(np.flatnonzero(found.active(lag, months)).tolist()) == bought


def test_a_company_of_excluded_customers_has_an_empty_base():
    outcome = analysed(invoice_lines=[sale("A", 1.0)], customers=[{"customer_id": "A", "excluded": True}])
    assert outcome.results["customer_base"].empty
    assert failed(outcome) == set()
