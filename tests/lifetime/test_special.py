"""Averages over a beta distribution and discounted exposure, against closed forms."""

import numpy as np
import pytest
from scipy import integrate, special

from klantwaarde.lifetime.special import beta_rule, discounted_exposure, faded_log, log_rising

SHAPES = [(0.24, 2.4), (0.79, 1500.0), (1.0, 0.5), (1.0001, 100.0), (3.0, 20.0), (1000.0, 1000.0), (0.05, 0.5)]


@pytest.mark.parametrize(("a", "b"), SHAPES)
def test_a_beta_rule_knows_the_mean_and_the_mean_log(a, b):
    [nodes], [weights] = beta_rule(a, b)
    assert weights.sum() == pytest.approx(1, rel=1e-14)
    assert weights @ nodes == pytest.approx(a / (a + b), rel=1e-11)
    assert weights @ np.log(nodes) == pytest.approx(special.digamma(a) - special.digamma(a + b), rel=1e-11)


@pytest.mark.parametrize("rate", [1.0, 0.1, 0.001])
@pytest.mark.parametrize(("a", "b"), [(0.764, 1.296), (0.6681, 3.8061), (0.764, 6.296), (2.5, 8.0)])
def test_a_beta_rule_equals_the_hypergeometric_form_of_a_discounted_lifetime(a, b, rate):
    [nodes], [weights] = beta_rule(a, b)
    exact = special.hyp2f1(1, b, a + b, 1 / (1 + rate)) / (1 + rate)
    assert weights @ (1 / (rate + nodes)) == pytest.approx(exact, rel=1e-11)


def test_many_distributions_at_once_are_the_same_as_one_by_one():
    many = beta_rule([0.5, 3.0], [2.0, 700.0])
    for at, (a, b) in enumerate([(0.5, 2.0), (3.0, 700.0)]):
        [nodes], [weights] = beta_rule(a, b)
        assert many.weights[at] @ many.nodes[at] ** 0.5 == pytest.approx(weights @ nodes**0.5, rel=1e-12)


@pytest.mark.parametrize("power", [0.24, 0.9999, 1.0, 3.2])
@pytest.mark.parametrize("rate", [0.01, 0.5, 7.0, 90.0])
def test_endless_exposure_is_the_confluent_hypergeometric_function(power, rate):
    assert discounted_exposure(power, rate, np.inf) == pytest.approx(special.hyperu(1, 1 - power, rate), rel=1e-10)


@pytest.mark.parametrize(
    ("power", "rate", "length"),
    [(-0.4, 0.1, 2.0), (26.2, 0.1, 0.8), (1500.0, 1.0, 3.0), (0.3, 1e-7, 12.0), (0.2, 1e9, 1.0)],
)
def test_exposure_up_to_a_horizon_equals_adaptive_integration(power, rate, length):
    scale = min(length, 40 / max(rate + power, 1e-9))
    exact, _ = integrate.quad(
        lambda v: np.exp(-rate * np.expm1(v) - power * v), 0, scale, epsabs=0, epsrel=1e-12, limit=500
    )
    assert discounted_exposure(power, rate, length) == pytest.approx(exact, rel=1e-10)


def test_faded_log_passes_smoothly_through_zero():
    assert faded_log([0.0, 1e-13, -1e-13], 2.0) == pytest.approx([2.0, 2.0, 2.0], rel=1e-12)
    assert faded_log(0.5, 2.0) == pytest.approx((1 - np.exp(-1)) / 0.5)


def test_log_rising_is_the_log_of_a_product_with_its_derivatives():
    counts, weights = np.array([0.0, 1.0, 4.0]), np.array([5.0, 2.0, 1.0])
    found = log_rising(0.3, counts, weights)
    factors = [0.3, 1.3, 2.3, 3.3]
    assert found.value == pytest.approx(2 * np.log(0.3) + np.log(np.prod(factors)))
    assert found.slope == pytest.approx(2 / 0.3 + sum(1 / f for f in factors))
    assert found.curvature == pytest.approx(-2 / 0.09 - sum(1 / f**2 for f in factors))
