"""Gamma-Gamma: value per purchase."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from klantwaarde.lifetime import gammagamma
from klantwaarde.lifetime.gammagamma import Spending
from klantwaarde.lifetime.transactions import ModelError
from purchase_histories import spend

TRUE = (6.0, 3.8, 15.0)
PARAMETERS = st.tuples(st.floats(0.1, 20), st.floats(0.2, 20), st.floats(0.1, 500))


def drawn(customers=20_000, seed=11):
    rng = np.random.default_rng(seed)
    frequency = rng.poisson(rng.gamma(0.6, 2, customers)).astype(float)
    return frequency, spend(TRUE, frequency, rng)


def test_the_likelihood_is_the_individual_one_averaged_over_customers():
    p, q, gamma = TRUE
    for x, z in ((1.0, 20.0), (4.0, 35.0)):

        def density(level, x=x, z=z):
            seen = stats.gamma(p * x, scale=1 / (level * x)).pdf(z)
            return seen * stats.gamma(q, scale=1 / gamma).pdf(level)

        mean, _ = integrate.quad(density, 0, 5, epsabs=0)
        data = Spending(np.array([x]), np.array([z]), np.array([1.0]))
        assert np.exp(gammagamma.likelihood(data)(np.array(TRUE)).value) == pytest.approx(mean, rel=1e-7)


@settings(max_examples=60)
@given(PARAMETERS, st.lists(st.tuples(st.integers(1, 200), st.floats(0.01, 5000)), min_size=1, max_size=4))
def test_gradient_and_hessian_are_the_slopes_of_the_likelihood(parameters, customers):
    evaluate = gammagamma.likelihood(gammagamma.spending(*zip(*customers, strict=True)))
    here = np.array(parameters)
    value, gradient, hessian = evaluate(here)
    size = 1 + abs(value)
    for at in range(3):
        step = np.zeros(3)
        step[at] = 1e-4 * here[at]
        up, down = evaluate(here + step), evaluate(here - step)
        assert (up.value - down.value) / 2e-4 == pytest.approx(gradient[at] * here[at], rel=1e-5, abs=1e-6 * size)
        slopes = (up.gradient - down.gradient) * here / 2e-4
        np.testing.assert_allclose(slopes, hessian[at] * here * here[at], rtol=1e-5, atol=1e-5 * size)


def test_a_fit_finds_the_parameters_that_made_the_data():
    found = gammagamma.fit(gammagamma.spending(*drawn()))
    assert found.converged
    assert found.trusted
    assert (np.abs(found.parameters - TRUE) < 4 * found.standard_errors).all()
    p, q, gamma = found.parameters
    assert gammagamma.expected_value(found.parameters, 0, np.nan) == pytest.approx(p * gamma / (q - 1))


def test_another_currency_scales_gamma_and_the_values_only():
    frequency, value = drawn(3000)
    euro, cents = (gammagamma.fit(gammagamma.spending(frequency, scale * value)) for scale in (1, 100))
    np.testing.assert_allclose(cents.parameters, euro.parameters * [1, 1, 100], rtol=1e-4)
    in_euro, in_cents = (
        gammagamma.expected_value(fit.parameters, frequency, scale * value) for fit, scale in ((euro, 1), (cents, 100))
    )
    np.testing.assert_allclose(in_cents, 100 * in_euro, rtol=1e-6)


def test_more_purchases_draw_the_expectation_to_the_own_mean():
    values = gammagamma.expected_value(TRUE, [0, 1, 5, 50, 5000], [np.nan, 60, 60, 60, 60])
    assert (np.diff(values) > 0).all()
    assert values[-1] == pytest.approx(60, rel=1e-3)


def test_the_expected_value_is_the_posterior_mean():
    p, q, gamma = TRUE
    x, z = 3.0, 50.0
    assert gammagamma.expected_value(TRUE, x, z) == pytest.approx(p * (gamma + x * z) / (p * x + q - 1))
    rng = np.random.default_rng(2)
    means = p / rng.gamma(p * x + q, 1 / (gamma + x * z), 400_000)
    assert means.mean() == pytest.approx(float(gammagamma.expected_value(TRUE, x, z)), rel=2e-3)


def test_a_population_without_a_mean_is_said():
    assert np.isnan(gammagamma.expected_value((2.0, 0.8, 10.0), 0, np.nan))
    rng = np.random.default_rng(3)
    frequency = rng.integers(1, 6, 4000).astype(float)
    found = gammagamma.fit(gammagamma.spending(frequency, spend((3.0, 0.7, 10.0), frequency, rng)))
    assert "KW-LT-107" in {remark.code for remark in found.remarks}


def test_value_that_goes_with_frequency_is_said_with_the_correlation():
    frequency, value = drawn(2000)
    linked = gammagamma.fit(gammagamma.spending(frequency, value * (1 + frequency)))
    [remark] = [remark for remark in linked.remarks if remark.code == "KW-LT-106"]
    assert remark.values["correlation"] > 0.3
    assert np.isnan(gammagamma.correlation(gammagamma.spending([2, 2], [5, 7])))


def test_customers_without_a_value_say_nothing_about_it():
    data = gammagamma.spending([0, 2, 3, 2], [np.nan, 10, -5, 10], [1, 2, 3, 4])
    assert (data.frequency.tolist(), data.value.tolist(), data.weight.tolist()) == ([2], [10], [6])
    with pytest.raises(ModelError) as caught:
        gammagamma.spending([0, 3], [np.nan, 0.0])
    assert caught.value.faults[0].code == "KW-LT-113"
