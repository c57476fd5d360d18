"""BG/BB: purchases at discrete opportunities."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantwaarde.lifetime import bgbb
from klantwaarde.lifetime.transactions import ModelError, Rows, merged
from purchase_histories import buy_at_opportunities

TRUE = (1.2, 0.75, 0.66, 2.8)
SHAPE = st.floats(0.05, 20)
POSSIBLE = [(x, last, 6) for x, last in product(range(7), range(7)) if x <= last and (x == 0) == (last == 0)]


def ways(x, last):
    """Orders of purchases with this number and this last one."""
    return 1 if x == 0 else float(np.prod(np.arange(last - x + 1, last)) / np.prod(np.arange(1, x)))


def test_all_histories_together_are_certain():
    total = 0.0
    for x, last, n in POSSIBLE:
        rows = Rows(*(np.array([float(part)]) for part in (x, last, n, 1)))
        total += ways(x, last) * np.exp(bgbb.likelihood(rows)(np.array(TRUE)).value)
    assert total == pytest.approx(1, rel=1e-12)


@settings(max_examples=60)
@given(
    st.tuples(SHAPE, SHAPE, SHAPE, SHAPE),
    st.lists(st.sampled_from([*POSSIBLE, (3, 9, 40), (0, 0, 1)]), min_size=1, max_size=4, unique=True),
)
def test_gradient_and_hessian_are_the_slopes_of_the_likelihood(parameters, histories):
    evaluate = bgbb.likelihood(merged(*zip(*histories, strict=True)))
    here = np.array(parameters)
    value, gradient, hessian = evaluate(here)
    for at in range(4):
        step = np.zeros(4)
        step[at] = 1e-4 * here[at]
        up, down = evaluate(here + step), evaluate(here - step)
        assert (up.value - down.value) / 2e-4 == pytest.approx(
            gradient[at] * here[at], rel=1e-5, abs=1e-7 * (1 + abs(value))
        )
        np.testing.assert_allclose(
            (up.gradient - down.gradient) * here / 2e-4,
            hessian[at] * here * here[at],
            rtol=1e-5,
            atol=1e-6 * (1 + abs(value)),
        )


def test_a_fit_finds_the_parameters_that_made_the_data():
    found = bgbb.fit(merged(*buy_at_opportunities(TRUE, 20_000, 12, np.random.default_rng(4))))
    assert found.converged
    assert found.trusted
    assert (np.abs(found.parameters - TRUE) < 4 * found.standard_errors).all()


def test_purchases_of_a_new_customer_are_a_distribution_with_the_expected_mean():
    chance = bgbb.count_probability(TRUE, np.arange(11), 10)
    assert chance.sum() == pytest.approx(1, rel=1e-12)
    assert chance @ np.arange(11) == pytest.approx(float(bgbb.population_purchases(TRUE, 10)), rel=1e-11)


def test_expected_purchases_are_the_ratio_of_two_likelihoods_one_opportunity_ahead():
    for x, last, n in POSSIBLE:
        now, bought = (
            np.exp(bgbb.likelihood(Rows(*(np.array([float(part)]) for part in history)))(np.array(TRUE)).value)
            for history in ((x, last, n, 1), (x + 1, n + 1, n + 1, 1))
        )
        assert bgbb.expected_purchases(TRUE, x, last, n, 1) == pytest.approx(bought / now, rel=1e-11)


def test_residual_transactions_are_the_discounted_sum_of_what_comes():
    ahead = bgbb.expected_purchases(TRUE, 3, 5, 6, np.arange(0, 2001))
    discount = 1.1 ** -np.arange(1, 2001)
    assert bgbb.residual_transactions(TRUE, 3, 5, 6, 0.1) == pytest.approx(float(np.diff(ahead) @ discount), rel=1e-9)
    assert bgbb.residual_transactions(TRUE, 3, 5, 6, 0.1, 4) == pytest.approx(
        float(np.diff(ahead)[:4] @ discount[:4]), rel=1e-11
    )
    assert np.isinf(bgbb.residual_transactions(TRUE, 3, 5, 6, 0.0))
    lasting = (1.2, 0.75, 2.5, 2.8)
    endless = bgbb.residual_transactions(lasting, 3, 5, 6, 0.0)
    assert endless == pytest.approx(float(bgbb.residual_transactions(lasting, 3, 5, 6, 1e-8)), rel=1e-5)


def test_silence_lowers_the_chance_of_being_a_customer():
    alive = bgbb.p_alive(TRUE, 3, np.array([3, 4, 5, 6]), 6)
    assert (np.diff(alive) > 0).all()
    assert alive[-1] == pytest.approx((2.8 + 6) / (0.66 + 2.8 + 6))


@pytest.mark.parametrize("history", [(3, 2, 6), (1, 1.5, 6), (1, 1, 6.5)])
def test_what_cannot_be_counted_in_opportunities_is_refused(history):
    with pytest.raises(ModelError) as caught:
        bgbb.fit(merged(*([part] for part in history)))
    assert caught.value.faults[0].code == "KW-LT-114"
