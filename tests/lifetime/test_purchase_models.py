"""BG/NBD, MBG/NBD and Pareto/NBD: likelihood, derivatives, predictions, and what they may never do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, special, stats

from klantwaarde.lifetime.models import MODELS
from klantwaarde.lifetime.transactions import Rows, merged
from purchase_histories import buy_till_dropout, buy_while_living

ALL = sorted(MODELS)
TRUE = {"bgnbd": (0.6, 6.0, 0.8, 2.4), "mbgnbd": (0.6, 6.0, 0.8, 2.4), "paretonbd": (0.6, 8.0, 0.7, 12.0)}
HISTORIES = [(0, 0.0, 30.0), (1, 4.0, 30.0), (5, 28.0, 30.0), (5, 6.0, 38.86), (26, 30.86, 31.0)]
EDGES = st.sampled_from([*HISTORIES, (0, 0.0, 0.0), (1500, 300.0, 365.0), (2, 1e-3, 700.0)])
SHAPE = st.floats(0.05, 20)
PARAMETERS = st.tuples(SHAPE, st.floats(0.1, 100), SHAPE, SHAPE)


def drawn(name, customers=4000, seed=7):
    rng = np.random.default_rng(seed)
    if name == "paretonbd":
        return buy_while_living(TRUE[name], customers, rng)
    return buy_till_dropout(TRUE[name], customers, rng, at_first=int(name == "mbgnbd"))


def one(history, weight=1.0):
    x, recency, age = history
    return Rows(*(np.array([float(value)]) for value in (x, recency, age, weight)))


def individual_likelihood(name, x, recency, age):
    """Of one customer with known rates, as the papers begin their derivations."""
    if name == "paretonbd":
        return lambda rate, leaving: (
            rate**x
            * (leaving * np.exp(-(rate + leaving) * recency) + rate * np.exp(-(rate + leaving) * age))
            / (rate + leaving)
        )
    chances = x + (name == "mbgnbd")
    left = lambda rate, p: p * (1 - p) ** (chances - 1) * np.exp(-rate * recency) if chances else 0.0  # noqa: E731
    return lambda rate, p: rate**x * ((1 - p) ** chances * np.exp(-rate * age) + left(rate, p))


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("history", HISTORIES[:4])
def test_the_likelihood_is_the_individual_one_averaged_over_customers(name, history):
    r, alpha, second, third = TRUE[name]
    rate = stats.gamma(r, scale=1 / alpha)
    other = stats.gamma(second, scale=1 / third) if name == "paretonbd" else stats.beta(second, third)
    inside = individual_likelihood(name, *history)
    nodes, weights = np.polynomial.legendre.leggauss(400)
    share, share_weight = (nodes + 1) / 2, weights / 2
    smooth, jacobian = share**4, 4 * share**3 * share_weight  # quantiles crowd near 0
    rates, others = rate.ppf(smooth)[:, None], other.ppf(smooth)[None, :]
    mean = (jacobian[:, None] * jacobian[None, :] * inside(rates, others)).sum()
    assert np.exp(MODELS[name].likelihood(one(history))(np.array(TRUE[name])).value) == pytest.approx(mean, rel=2e-4)


@pytest.mark.parametrize("name", ALL)
@settings(max_examples=60)
@given(parameters=PARAMETERS, histories=st.lists(EDGES, min_size=1, max_size=4, unique=True))
def test_gradient_and_hessian_are_the_slopes_of_the_likelihood(name, parameters, histories):
    x, recency, age = zip(*histories, strict=True)
    evaluate = MODELS[name].likelihood(merged(x, recency, age, np.arange(1.0, len(x) + 1)))
    here = np.array(parameters)
    value, gradient, hessian = evaluate(here)
    size = 1 + abs(value)
    for at in range(4):
        step = np.zeros(4)
        step[at] = 1e-4 * here[at]
        up, down = evaluate(here + step), evaluate(here - step)
        assert (up.value - down.value) / 2e-4 == pytest.approx(gradient[at] * here[at], rel=1e-5, abs=1e-7 * size)
        slopes = (up.gradient - down.gradient) * here / 2e-4
        np.testing.assert_allclose(slopes, hessian[at] * here * here[at], rtol=1e-5, atol=1e-6 * size)


@pytest.mark.parametrize("name", ALL)
def test_a_fit_finds_the_parameters_that_made_the_data(name):
    found = MODELS[name].fit(merged(*drawn(name, 30_000)))
    assert found.converged
    assert not [remark for remark in found.remarks if remark.severity == "warn"]
    assert (np.abs(found.parameters - TRUE[name]) < 4 * found.standard_errors).all()
    assert (found.standard_errors < 0.25 * found.parameters).all()


@pytest.mark.parametrize("name", ALL)
def test_the_order_of_customers_and_counting_them_by_weight_change_nothing(name):
    history = np.array(drawn(name, 500))
    twice = MODELS[name].fit(merged(*np.repeat(history, 2, axis=1)))
    mixed = MODELS[name].fit(merged(*history[:, np.random.default_rng(1).permutation(500)], np.full(500, 2.0)))
    np.testing.assert_array_equal(twice.parameters, mixed.parameters)
    assert twice.log_likelihood == mixed.log_likelihood


@pytest.mark.parametrize("name", ALL)
def test_another_unit_of_time_scales_the_parameters_and_leaves_the_probabilities(name):
    x, recency, age = drawn(name)
    weeks, days = MODELS[name].fit(merged(x, recency, age)), MODELS[name].fit(merged(x, 7 * recency, 7 * age))
    scale = np.array([1, 7, 1, 7 if name == "paretonbd" else 1])
    np.testing.assert_allclose(days.parameters, weeks.parameters * scale, rtol=1e-4)
    assert days.log_likelihood == pytest.approx(weeks.log_likelihood - x.sum() * np.log(7), rel=1e-9)
    one_way = MODELS[name].p_alive(weeks.parameters, x, recency, age)
    other = MODELS[name].p_alive(weeks.parameters * scale, x, 7 * recency, 7 * age)
    np.testing.assert_allclose(other, one_way, rtol=1e-9)


@pytest.mark.parametrize("name", ALL)
@settings(max_examples=50)
@given(parameters=PARAMETERS, history=EDGES)
def test_predictions_keep_within_what_can_be(name, parameters, history):
    model = MODELS[name]
    alive = float(model.p_alive(parameters, *history))
    assert 0 <= alive <= 1
    ahead = model.expected_purchases(parameters, *history, np.array([0.0, 1.0, 10.0, 100.0]))
    assert ahead[0] == 0
    assert (np.diff(ahead) >= 0).all()
    r, alpha = parameters[:2]
    pace = (r + history[0]) / (alpha + history[2])
    assert (ahead <= alive * pace * np.array([0.0, 1.0, 10.0, 100.0]) * (1 + 1e-9)).all()
    worth = [float(model.residual_transactions(parameters, *history, rate)) for rate in (0.001, 0.01, 0.1)]
    assert worth == sorted(worth, reverse=True)
    assert model.residual_transactions(parameters, *history, 0.01, 100.0) <= ahead[3] * (1 + 1e-9)


@pytest.mark.parametrize("name", ALL)
def test_discounted_purchases_are_the_integral_of_the_rate_of_purchases(name):
    model, parameters = MODELS[name], TRUE[name]
    for history in HISTORIES:
        moments = np.linspace(0, 52, 5201)
        ahead = model.expected_purchases(parameters, *history, moments)
        stepwise = (np.diff(ahead) * np.exp(-0.01 * (moments[1:] + moments[:-1]) / 2)).sum()
        assert model.residual_transactions(parameters, *history, 0.01, 52.0) == pytest.approx(stepwise, rel=1e-6)
        undiscounted = model.residual_transactions(parameters, *history, 0.0, 52.0)
        assert undiscounted == pytest.approx(float(ahead[-1]), rel=1e-12)
        assert model.residual_transactions(parameters, *history, 1e-12, 52.0) == pytest.approx(
            float(ahead[-1]), rel=1e-9
        )
        assert model.residual_transactions(parameters, *history, 0.05, 1e5) == pytest.approx(
            float(model.residual_transactions(parameters, *history, 0.05)), rel=1e-11
        )


@pytest.mark.parametrize("name", ALL)
def test_endless_purchases_without_discount_exist_only_when_lifetimes_have_a_mean(name):
    model, history = MODELS[name], (2, 10.0, 30.0)
    endless = model.residual_transactions((0.6, 6.0, 2.5, 4.0), *history, 0.0)
    assert endless == pytest.approx(float(model.residual_transactions((0.6, 6.0, 2.5, 4.0), *history, 1e-9)), rel=1e-4)
    assert np.isinf(model.residual_transactions((0.6, 6.0, 0.9, 4.0), *history, 0.0))


@pytest.mark.parametrize("name", ALL)
def test_purchases_of_a_new_customer_are_a_distribution_with_the_expected_mean(name):
    model, count = MODELS[name], np.arange(4000)
    chance = model.count_probability(TRUE[name], count, 20.0)
    assert chance.min() >= 0
    assert chance.sum() == pytest.approx(1, abs=1e-10)
    assert chance @ count == pytest.approx(float(model.population_purchases(TRUE[name], 20.0)), rel=1e-8)
    assert model.population_purchases(TRUE[name], 0.0) == 0


@pytest.mark.parametrize(("name", "shift"), [("bgnbd", 0), ("mbgnbd", 1)])
@pytest.mark.parametrize("a", [0.793, 0.999, 1.4])
def test_the_average_over_dropouts_equals_the_hypergeometric_form(name, shift, a):
    r, alpha, b = 0.243, 4.414, 2.426
    for x, recency, age in HISTORIES:
        k, span = x + shift, 39.0
        whole = alpha + age + span
        series = special.hyp2f1(r + x, b + k, a + b + k - 1, span / whole)
        exact = (a + b + k - 1) / (a - 1) * (1 - ((alpha + age) / whole) ** (r + x) * series)
        alive = MODELS[name].p_alive((r, alpha, a, b), x, recency, age)
        found = MODELS[name].expected_purchases((r, alpha, a, b), x, recency, age, span)
        assert found == pytest.approx(float(exact * alive), rel=1e-9)


def test_endless_value_of_bgnbd_equals_its_single_integral():
    (r, alpha, a, b), rate = (0.3, 50.0, 0.1, 0.5), 0.0027
    for x, recency, age in HISTORIES[1:]:
        shape, gone = r + x, alpha + age

        def at(logit, x=x, shape=shape, gone=gone):
            p = special.expit(logit)
            inner = special.hyperu(1, 1 - shape, rate * gone / p)
            return shape / p * inner * np.exp(a * special.log_expit(logit) + (b + x) * special.log_expit(-logit))

        whole, _ = integrate.quad(at, -300, 60, points=[-40, -10, 0], limit=1000, epsrel=1e-10)
        exact = whole / special.beta(a, b + x) * MODELS["bgnbd"].p_alive((r, alpha, a, b), x, recency, age)
        assert MODELS["bgnbd"].residual_transactions((r, alpha, a, b), x, recency, age, rate) == pytest.approx(
            exact, rel=1e-7
        )


def test_one_time_buyers_are_alive_only_in_bgnbd():
    alive = {name: float(MODELS[name].p_alive(TRUE[name], 0, 0.0, 50.0)) for name in ALL}
    assert alive["bgnbd"] == 1
    assert alive["mbgnbd"] < 1
    assert alive["paretonbd"] < 1


@pytest.mark.parametrize("name", ALL)
def test_simulated_futures_average_to_the_expectation(name):
    model, rng = MODELS[name], np.random.default_rng(5)
    x, recency, age = (np.full(200_000, float(value)) for value in (3, 20.0, 30.0))
    futures = model.simulate(TRUE[name], x, recency, age, 26.0, rng)
    expected = float(model.expected_purchases(TRUE[name], 3, 20.0, 30.0, 26.0))
    assert futures.mean() == pytest.approx(expected, abs=5 * futures.std() / len(futures) ** 0.5)


@pytest.mark.parametrize("name", ALL)
def test_arrays_of_any_shape_come_back_in_that_shape(name):
    x = np.array([[0.0, 1.0], [5.0, 0.0]])
    recency, age = np.array([[0.0, 4.0], [20.0, 0.0]]), 30.0
    assert MODELS[name].p_alive(TRUE[name], x, recency, age).shape == (2, 2)
    assert MODELS[name].expected_purchases(TRUE[name], x, recency, age, 10.0).shape == (2, 2)
    assert MODELS[name].expected_purchases(TRUE[name], 1, 4.0, 30.0, 10.0).shape == ()


@pytest.mark.parametrize("name", ALL)
def test_an_unknown_stays_unknown_and_leaves_the_others_alone(name):
    history = np.array([1.0, 1.0, 1.0]), np.array([4.0, 4.0, 4.0]), np.array([30.0, np.nan, 30.0])
    found = MODELS[name].expected_purchases(TRUE[name], *history, 10.0)
    alone = MODELS[name].expected_purchases(TRUE[name], 1, 4.0, 30.0, 10.0)
    np.testing.assert_allclose(found, [alone, np.nan, alone], rtol=1e-12)
