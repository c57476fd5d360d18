"""Days sales outstanding and collection effectiveness."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantwaarde.credit.dso import collection_effectiveness, days_delinquent, dso, dso_best_possible, dso_countback

money = st.floats(0.01, 1e9)


@given(money, st.floats(0, 1), money)
def test_late_days_are_what_lies_between_dso_and_the_best_possible(balance, share, revenue):
    current = balance * share
    apart = dso(balance, revenue, 365) - dso_best_possible(current, revenue, 365)
    assert days_delinquent(balance, current, revenue, 365) == pytest.approx(apart, rel=1e-9, abs=1e-9)


def test_without_revenue_there_is_no_dso():
    assert np.isnan(dso([100, 100], [0, -5], 365)).all()


@given(st.lists(st.floats(1, 1e6), min_size=1, max_size=12), st.floats(0, 1))
def test_counting_back_a_part_of_the_first_periods_gives_their_days(sales, part):
    days = [30.0] * len(sales)
    balance = sum(sales[:-1]) + part * sales[-1]
    found = dso_countback(balance, sales, days)
    assert found.days[0] == pytest.approx(30 * (len(sales) - 1 + part), abs=1e-3)
    assert found.unexplained[0] == pytest.approx(0, abs=1e-3)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=8), st.floats(-50, 500))
def test_rows_are_counted_back_apart(sales, balance):
    together = dso_countback([balance, 2.0], [sales, [1.0] * len(sales)], [30] * len(sales))
    alone = dso_countback(balance, sales, [30] * len(sales))
    assert (together.days[0], together.unexplained[0]) == (alone.days[0], alone.unexplained[0])
    assert (together.unexplained >= 0).all()
    assert (together.days <= 30 * len(sales)).all()


def test_everything_collected_is_one_and_nothing_to_collect_is_unknown():
    assert float(collection_effectiveness(100, 50, 50, 50)) == 1
    assert float(collection_effectiveness(100, 50, 150, 0)) == 0
    assert np.isnan(collection_effectiveness(0, 50, 50, 50))
