"""Contracts: shifted beta-geometric and beta-discrete-Weibull."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantwaarde.lifetime import sbg
from klantwaarde.lifetime.transactions import ModelError

SHAPE = st.floats(0.1, 10)
LEFT = [1000, 869, 743, 653, 593, 551, 517, 491]


@settings(max_examples=60)
@given(SHAPE, SHAPE, st.floats(0.3, 2))
def test_gradient_and_hessian_are_the_slopes_of_the_likelihood(alpha, beta, shape):
    for kind, given_ in ((sbg.SBG, (alpha, beta)), (sbg.BDW, (alpha, beta, shape))):
        evaluate, here = sbg.likelihood(sbg.renewals(LEFT), kind), np.array(given_)
        value, gradient, hessian = evaluate(here)
        for at in range(len(here)):
            step = np.zeros(len(here))
            step[at] = 1e-4 * here[at]
            up, down = evaluate(here + step), evaluate(here - step)
            assert (up.value - down.value) / 2e-4 == pytest.approx(
                gradient[at] * here[at], rel=1e-5, abs=1e-7 * abs(value)
            )
            np.testing.assert_allclose(
                (up.gradient - down.gradient) * here / 2e-4,
                hessian[at] * here * here[at],
                rtol=1e-5,
                atol=1e-6 * abs(value),
            )


def test_the_likelihood_is_that_of_every_lifetime():
    alpha, beta = 0.7, 3.8
    shares = sbg.survival((alpha, beta), np.arange(8))
    lost = -np.diff(LEFT)
    expected = lost @ np.log(-np.diff(shares)) + LEFT[-1] * np.log(shares[-1])
    assert sbg.likelihood(sbg.renewals(LEFT))(np.array([alpha, beta])).value == pytest.approx(expected, rel=1e-12)


def test_a_fit_on_exact_survivors_finds_the_curve_that_made_them():
    for model, true in (("sbg", (0.8, 2.5)), ("bdw", (0.8, 2.5, 1.3))):
        left = 1e6 * sbg.survival(true, np.arange(13))
        found = sbg.fit(sbg.renewals(left), model=model)
        assert found.converged
        np.testing.assert_allclose(found.parameters, true, rtol=1e-3)


def test_cohorts_add_up_and_unknown_years_do_not_count():
    cohorts = [[100, 70, 60], [200, 150, np.nan], [50, np.nan, np.nan]]
    counts = sbg.renewals(cohorts)
    assert (counts.at_risk.tolist(), counts.lost.tolist()) == ([300, 70], [80, 10])


def test_those_who_stay_stay_longer():
    assert (np.diff(sbg.retention((0.7, 1.2), np.arange(1, 20))) > 0).all()
    assert sbg.retention((0.7, 1.2), 1) == pytest.approx(1.2 / 1.9)
    assert sbg.survival((0.7, 1.2), [0, 1]) == pytest.approx([1, 1.2 / 1.9])


@pytest.mark.parametrize("tenure", [0, 1, 4])
def test_a_lifetime_is_the_discounted_sum_of_its_survivals(tenure):
    later = np.arange(4000)
    base = sbg.survival((0.7, 1.2), max(tenure - 1, 0))
    total = (sbg.survival((0.7, 1.2), tenure + later) / base * 1.1**-later).sum()
    assert sbg.residual_lifetime((0.7, 1.2), tenure, 0.1) == pytest.approx(total, rel=1e-10)
    assert sbg.residual_lifetime((0.7, 1.2, 1.0 + 1e-12), tenure, 0.1) == pytest.approx(total, rel=1e-8)
    assert sbg.residual_lifetime((0.7, 1.2), tenure, 0.1, 3) == pytest.approx(
        (sbg.survival((0.7, 1.2), tenure + later[:3]) / base * 1.1 ** -later[:3]).sum()
    )


def test_an_endless_lifetime_without_discount_needs_a_mean():
    assert sbg.residual_lifetime((3.0, 2.0), 0, 0.0) == pytest.approx((3 + 2 - 1) / (3 - 1))
    for parameters in ((0.7, 1.2), (3.0, 2.0, 1.2)):
        with pytest.raises(ModelError) as caught:
            sbg.residual_lifetime(parameters, 0, 0.0)
        assert caught.value.faults[0].code == "KW-LT-116"


@pytest.mark.parametrize("left", [[100], [100, 120], [100, -1], [np.nan, np.nan]])
def test_survivors_that_rise_or_are_missing_are_refused(left):
    with pytest.raises(ModelError) as caught:
        sbg.renewals(left)
    assert caught.value.faults[0].code == "KW-LT-115"
