"""Loss rates from own history, and allowances to the cent."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from debtors import item, items
from klantwaarde.credit.losses import LOST_AFTER, allowances, loss_rates, own_loss_rates, roll_rates

AT, BORDERS = np.datetime64("2025-12-31"), (30.0, 60.0)


def invoices(*days_late, due="2024-03-31"):
    """One invoice of 100 per number of days after the due date; None = never paid."""
    day = np.datetime64(due)
    return items(*(item("K", 100.0, due, None if late is None else str(day + late)) for late in days_late))


def test_every_euro_is_followed_from_class_to_class():
    found = own_loss_rates(invoices(0, 0, 20, 20, 40, 70, 100, None), BORDERS, AT, booked=0)
    assert found.reached.tolist() == [80_000, 60_000, 40_000, 30_000]
    assert found.rolls.tolist() == pytest.approx([6 / 8, 4 / 6, 3 / 4, 1 / 3])
    assert found.rates.tolist() == pytest.approx([1 / 8, 1 / 6, 1 / 4, 1 / 3])
    assert found.source == "still_open"


def test_booked_losses_take_the_place_of_what_is_still_open():
    found = own_loss_rates(invoices(0, 40, 70, None), BORDERS, AT, booked=15_000)
    assert (found.rolls[-1], found.source) == (0.75, "booked_losses")
    assert found.rates.tolist() == pytest.approx([150 / 400, 150 / 300, 150 / 300, 0.75])


def test_losses_booked_early_weigh_on_earlier_classes_and_no_rate_exceeds_one():
    found = own_loss_rates(invoices(0, 0, 0, 40, 70), BORDERS, AT, booked=25_000)
    assert found.rates.tolist() == [0.5, 1, 1, 1]


def test_a_roll_counts_only_what_is_old_enough():
    young = items(item("K", 900.0, "2025-12-15"), item("K", 100.0, "2024-03-31", "2024-05-10"))
    found = own_loss_rates(young, BORDERS, AT, booked=0)
    assert found.rolls[:2].tolist() == [1.0, 1.0]
    assert (found.rolls[2], found.rates[:3].tolist()) == (0.0, [0.0, 0.0, 0.0])
    assert np.isnan(found.rates[-1])


def test_a_class_is_reached_by_what_is_still_open_at_the_end_of_the_day_after_its_border():
    reached = [own_loss_rates(invoices(late), BORDERS, AT, booked=0).reached[2] for late in (30, 31, 32)]
    assert reached == [0, 0, 10_000]


def test_without_any_payment_there_is_no_history():
    found = own_loss_rates(invoices(None, None), BORDERS, AT, booked=500)
    assert found.source == "no_history"
    assert np.isnan(found.rates).all()


def test_what_is_still_open_counts_as_lost_after_a_year_only():
    assert LOST_AFTER == 365
    recent = own_loss_rates(invoices(None, 10, due="2025-03-31"), BORDERS, AT, booked=0)
    assert np.isnan(recent.rates).all()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_loss_rates_rise_with_age_and_chain(rolls):
    found = loss_rates(rolls)
    assert (np.diff(found) >= 0).all()
    assert found[0] == pytest.approx(np.prod(rolls), abs=1e-12)


def test_rolls_between_balances_follow_the_diagonal():
    assert roll_rates([[100, 20, 5], [80, 30, 10], [100, 20, 15]]).tolist() == pytest.approx([50 / 180, 25 / 50])
    assert np.isnan(roll_rates([[0, 1], [0, 1]])).all()


@given(st.lists(st.lists(st.integers(0, 10**9), min_size=3, max_size=3), min_size=1, max_size=20), st.lists(st.floats(0, 1), min_size=3, max_size=3))
def test_allowances_of_customers_add_up_to_those_of_the_classes(rows, rates):
    exposure = np.array(rows, dtype=np.int64)
    found = allowances(exposure, np.array(rates))
    assert found.sum(axis=0).tolist() == pytest.approx([np.floor(total * rate + 0.5) for total, rate in zip(exposure.sum(axis=0), rates, strict=True)], abs=1)
    assert (found >= 0).all()
    assert (np.abs(found - exposure * rates) < 1).all()


def test_an_unknown_rate_leaves_only_what_is_open_there_unknown():
    found = allowances(np.array([[100, 0], [100, 50]]), np.array([0.1, np.nan]))
    assert found[0].tolist() == [10, 0]
    assert np.isnan(found[1, 1])
