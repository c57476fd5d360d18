"""Planning: whole customers, payback within a year, and what has no answer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantwaarde.lifetime import planning
from klantwaarde.lifetime.clv import Terms
from klantwaarde.money import AmountError


@given(st.integers(0, 10_000), st.integers(1, 10_000_000).map(lambda cents: cents / 100), st.integers(0, 1_000_000))
def test_the_budget_of_whole_customers_buys_them_again(customers: int, each: float, fixed: int) -> None:
    budget = planning.budget_for_customers(customers, each, fixed)
    assert planning.customers_for_budget(budget, each, fixed) == customers


def test_a_budget_below_its_fixed_part_wins_nobody() -> None:
    assert planning.customers_for_budget(100, 10, 500) == 0


def test_a_target_that_is_reached_already_needs_nobody() -> None:
    value = planning.value_to_acquire(100, 200, 50)
    assert (float(value), float(planning.new_customers_needed(value, 10))) == (0, 0)
    assert planning.new_customers_needed([30, 31, 40], 10).tolist() == [3, 4, 4]


@given(st.floats(0.01, 1), st.floats(10, 1e4), st.floats(1, 1e5), st.floats(-0.2, 0.2))
def test_the_payback_is_when_the_expected_margins_have_come_in(
    retention: float, margin: float, invested: float, growth: float
) -> None:
    [found] = np.ravel(planning.npv_investment(invested, Terms(margin, retention, 0.5, 40, growth=growth)).payback)
    expected = margin * (1 + growth) ** np.arange(40.0) * retention ** np.arange(1.0, 41.0)
    if np.isnan(found):
        assert expected.sum() < invested * (1 + 1e-6)
        return
    whole = int(found)
    part = expected[whole] * (found - whole) if whole < 40 else 0.0
    assert expected[:whole].sum() + part == pytest.approx(invested, rel=1e-6)


@pytest.mark.parametrize(
    ("margin", "retention", "payback"), [(100, 1, 2.5), (250, 0, np.nan), (-5, 1, np.nan), (500, 1, 0.5), (100, 0.5, np.nan)]
)
def test_payback_at_the_edges(margin: float, retention: float, payback: float) -> None:
    found = planning.npv_investment(250, Terms(margin, retention, 0.1)).payback
    assert float(found) == pytest.approx(payback, nan_ok=True)


def test_an_investment_pays_when_its_value_is_above_it() -> None:
    found = planning.npv_investment(3_900, Terms(1_500, 1, 0.1, periods=3))
    assert float(found.npv) == pytest.approx(1_500 * (1 / 1.1 + 1 / 1.21 + 1 / 1.331) - 3_900)
    assert float(found.value_per_euro) == pytest.approx((float(found.npv) + 3_900) / 3_900)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: planning.acquisition_cost(100, 0), "KW-LT-010"), (lambda: planning.customers_for_budget(100, 0), "KW-LT-011"),
        (lambda: planning.new_customers_needed(100, [5, -1]), "KW-LT-012"), (lambda: planning.reactivation_value(1, 0, 1), "KW-LT-013"),
        (lambda: planning.npv_investment(0, Terms(1, 0.5, 0.1)), "KW-LT-014"),
    ],
)  # fmt: skip
def test_what_has_no_answer_is_refused(call, code: str) -> None:
    with pytest.raises(AmountError) as refused:
        call()
    assert [fault.code for fault in refused.value.faults] == [code]
