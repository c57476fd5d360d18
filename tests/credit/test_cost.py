"""Interest on what was open, and what in the account is about payment."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from debtors import item, items
from klantwaarde.credit.cost import credit_handlings, financing, is_payment_discount
from klantwaarde.periods import Period, period_from_text

YEAR = period_from_text("2025")
DAY = st.integers(-200, 500).map(lambda days: str(np.datetime64("2025-01-01") + days))


def interest(*rows, period=YEAR, rate=0.1):
    found = financing(items(*rows), period, rate=rate, day_basis=365, n=1)
    return int(found.within_terms[0]), int(found.beyond_terms[0])


def test_interest_is_split_at_the_due_date():
    assert interest(item("K", 3650.0, "2025-03-31", "2025-04-10", invoiced="2025-03-01")) == (3000, 1000)


def test_paid_before_the_due_date_costs_no_interest_beyond_it():
    assert interest(item("K", 3650.0, "2025-03-31", "2025-03-11", invoiced="2025-03-01")) == (1000, 0)


def test_only_days_in_the_period_count_and_the_day_of_payment_does_not():
    day_in_may = Period(YEAR.start.replace(month=5), YEAR.start.replace(month=5))
    assert interest(item("K", 3650.0, "2025-04-15"), period=day_in_may) == (0, 100)
    assert interest(item("K", 3650.0, "2025-04-15", "2025-05-01"), period=day_in_may) == (0, 0)


def test_paid_in_advance_earns_interest():
    assert interest(item("K", 3650.0, "2025-03-31", "2025-02-19", invoiced="2025-03-01")) == (-1000, 0)


def test_a_part_payment_finances_the_rest_only():
    assert interest(item("K", 3650.0, "2025-12-22", "2025-12-22", invoiced="2025-12-22", open_amount=1825.0)) == (0, 500)


rows = st.lists(st.tuples(st.integers(1, 10**8), DAY, DAY, DAY), min_size=1, max_size=15)


@given(rows)
def test_credit_notes_undo_the_invoices_that_they_mirror(drawn):
    both = [item("K", sign * cents / 100, due, day, invoiced=start) for cents, start, due, day in drawn for sign in (1, -1)]
    assert interest(*both) == (0, 0)


@given(rows)
def test_parts_add_up_and_nobody_gets_a_cent_too_many(drawn):
    some = items(*(item("K", cents / 100, due, day, invoiced=start) for cents, start, due, day in drawn))
    each = financing(some.only(np.ones(len(drawn), dtype=bool)), YEAR, rate=0.06, day_basis=365, n=1)
    split = [financing(some.only(np.arange(len(drawn)) == place), YEAR, rate=0.06, day_basis=365, n=1) for place in range(len(drawn))]
    assert int(each.within_terms[0]) == pytest.approx(sum(int(part.within_terms[0]) for part in split), abs=len(drawn))
    assert int(each.beyond_terms[0]) >= 0


@pytest.mark.parametrize(
    ("name", "about_credit"),
    [
        ("credit_watch", True), ("Kredietbewaking", True), ("Levering boven kredietlimiet beoordelen", True), ("Aanmaning", True),
        ("Incasso", True), ("Debiteurenbeheer", True), ("Reminder", True), ("Credit check", True), ("Collection call", True),
        ("Factuur of creditnota", False), ("Credit note", False), ("Kredietnota maken", False), ("Order", False), ("Offerte maken", False),
    ],
)  # fmt: skip
def test_handlings_about_getting_paid_are_recognised(name, about_credit):
    assert credit_handlings([name]).tolist() == [about_credit]


@pytest.mark.parametrize(("code", "name", "wanted"), [("WKprBtkBed", "", True), ("", "Betalingskorting debiteuren", True), ("", "Cash discount", True), ("WOmzKebVek", "Verleende kortingen", False)])
def test_payment_discounts_are_recognised_by_code_or_name(code, name, wanted):
    assert is_payment_discount(code, name) is wanted
