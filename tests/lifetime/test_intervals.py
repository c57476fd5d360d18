"""Parameter uncertainty and outcome spread."""

import numpy as np
import pytest

from klantwaarde.lifetime.intervals import (
    bootstrap_draws,
    expectation_interval,
    outcome_interval,
    parameter_draws,
    refit_purchases,
)
from klantwaarde.lifetime.models import MODELS
from klantwaarde.lifetime.transactions import ModelError, merged, summarise
from purchase_days import dropping_out
from purchase_histories import buy_till_dropout

TRUE = (0.6, 6.0, 0.8, 2.4)
BGNBD = MODELS["bgnbd"]


def fitted(customers):
    rows = merged(*buy_till_dropout(TRUE, customers, np.random.default_rng(6)))
    return BGNBD.fit(rows), rows


def total(rows, horizon=52.0):
    return lambda parameters: float(
        BGNBD.expected_purchases(parameters, rows.frequency, rows.recency, rows.age, horizon) @ rows.weight
    )


def test_draws_have_the_covariance_of_the_fit():
    fit, _ = fitted(4000)
    draws = np.log(parameter_draws(fit, np.random.default_rng(1), 20_000))
    np.testing.assert_allclose(draws.mean(axis=0), np.log(fit.parameters), atol=0.01)
    np.testing.assert_allclose(np.cov(draws.T), fit.log_covariance, atol=0.05 * np.abs(fit.log_covariance).max())


def test_a_bootstrap_agrees_with_the_curvature():
    fit, rows = fitted(4000)
    draws = bootstrap_draws(refit_purchases(fit, rows), rows.weight, np.random.default_rng(2), 60)
    assert draws.shape == (60, 4)
    ratio = np.log(draws).std(axis=0) / np.sqrt(np.diag(fit.log_covariance))
    assert ((ratio > 0.6) & (ratio < 1.6)).all()


def test_the_interval_of_a_total_holds_the_estimate_and_shrinks_with_more_customers():
    widths = []
    for customers in (1000, 9000):
        fit, rows = fitted(customers)
        low, high = expectation_interval(total(rows), parameter_draws(fit, np.random.default_rng(3), 60))
        assert low < total(rows)(fit.parameters) < high
        widths.append((high - low) / total(rows)(fit.parameters))
    assert widths[1] < widths[0] / 2


def test_one_customer_is_far_less_certain_than_the_expectation():
    days, boundary = dropping_out(600)
    history = summarise(days, end=boundary)
    fit = BGNBD.fit(history.rows)
    past = history.frequency, history.recency, history.age
    parameters = parameter_draws(fit, np.random.default_rng(4))
    mean = expectation_interval(lambda given: BGNBD.expected_purchases(given, *past, 52.0), parameters)
    outcome = outcome_interval(fit, history, 52.0, np.random.default_rng(5))
    regular = (history.frequency >= 5) & (BGNBD.p_alive(fit.parameters, *past) > 0.5)
    assert ((outcome.high - outcome.low)[regular] > 2 * (mean.high - mean.low)[regular]).mean() > 0.9
    expected = BGNBD.expected_purchases(fit.parameters, *past, 52.0)
    assert (outcome.low <= expected + 1).all()
    assert (outcome.high >= np.floor(expected)).all()


def test_what_the_data_do_not_settle_gets_no_interval():
    loose = BGNBD.fit(merged([3], [20.0], [30.0]))
    with pytest.raises(ModelError) as caught:
        parameter_draws(loose, np.random.default_rng(7))
    assert caught.value.faults[0].code == "KW-LT-117"
