"""The search for the top of a likelihood, and what is said of it."""

import numpy as np
import pytest

from klantwaarde.lifetime import fitting
from klantwaarde.lifetime.fitting import Evaluation, Kind, fit_likelihood, maximise
from klantwaarde.lifetime.models import MODELS
from klantwaarde.lifetime.transactions import merged
from purchase_histories import buy_till_dropout

ALL = sorted(MODELS)
PAIR = Kind("pair", ("first", "second"))


def hill(parameters):
    """Its top, in logs, lies at (1, 3): minus half the sum of squared logs."""
    first, second = np.log(parameters)
    slope = np.array([-first, -(second - np.log(3))])
    bend = np.diag((-1 - slope) / parameters**2)
    return Evaluation(-0.5 * float(slope @ slope), slope / parameters, bend)


def ridge(parameters):
    """Rises with the first parameter without end; the second has a top at 2."""
    first, second = parameters
    off = np.log(second / 2)
    gradient = np.array([1 / (1 + first) ** 2, -200 * off / second])
    return Evaluation(
        float(first / (1 + first) - 100 * off**2),
        gradient,
        np.diag([-2 / (1 + first) ** 3, 200 * (off - 1) / second**2]),
    )


def remarks(fit):
    return {(remark.code, remark.values.get("name")) for remark in fit.remarks}


@pytest.mark.parametrize("start", [(1.0, 1.0), (1e-4, 5000.0), (300.0, 1e-3)])
def test_the_top_is_found_from_far_away(start):
    found = maximise(hill, start)
    assert found.converged
    np.testing.assert_allclose(found.parameters, [1, 3], rtol=1e-4)


def test_standard_errors_come_from_the_curvature():
    found = fit_likelihood(PAIR, hill, [(0.5, 0.5)], customers=200, rows=10)
    np.testing.assert_allclose(found.standard_errors, [1, 3], rtol=1e-3)
    assert found.trusted
    assert (found.customers, found.rows, found.names) == (200, 10, ("first", "second"))


def test_a_likelihood_without_a_top_is_said_and_only_of_its_own_parameter():
    found = fit_likelihood(PAIR, ridge, [(1.0, 1.0)], customers=200, rows=10)
    assert {name for code, name in remarks(found) if code != "KW-LT-101"} == {"first"}
    assert not found.trusted
    assert np.isnan(found.standard_errors[0])
    assert found.standard_errors[1] == pytest.approx(2 / np.sqrt(200), rel=1e-3)


@pytest.mark.parametrize("name", ALL)
def test_a_search_along_a_ridge_ends_soon_nearly_as_high_and_says_so(name, monkeypatch):
    """Everyone buys at one pace and nobody leaves: any large shape fits about as well."""
    rng = np.random.default_rng(5)
    bought = rng.poisson(4.0, 2000).astype(float)
    rows = merged(bought, np.where(bought > 0, 104 * rng.random(2000) ** (1 / np.maximum(bought, 1)), 0.0), np.full(2000, 104.0))
    short = MODELS[name].fit(rows)
    monkeypatch.setattr(fitting, "MOST_IDLE", fitting.MOST_STEPS)
    long = MODELS[name].fit(rows)
    assert ("KW-LT-101", None) in remarks(short)
    assert not short.trusted
    assert not long.trusted
    assert short.steps < 25 < long.steps
    assert short.log_likelihood == pytest.approx(long.log_likelihood, abs=0.1)


def test_the_best_of_several_starts_counts():
    two_tops = lambda p: hill(p) if p[0] < 50 else Evaluation(5.0, np.zeros(2), -np.eye(2))  # noqa: E731
    assert fit_likelihood(PAIR, two_tops, [(60.0, 60.0), (1.0, 1.0)], customers=1, rows=1).log_likelihood == 5
    assert fit_likelihood(
        PAIR, two_tops, [(1.0, 1.0), (60.0, 60.0)], customers=1, rows=1
    ).log_likelihood == pytest.approx(0)


def test_a_search_that_does_not_settle_is_said():
    def rough(parameters):
        value, slope, bend = hill(parameters)
        return Evaluation(value if parameters[0] == 7.0 else -1e9, slope, bend)

    found = fit_likelihood(PAIR, rough, [(7.0, 1.0)], customers=200, rows=10)
    assert not found.converged
    assert ("KW-LT-101", None) in remarks(found)


@pytest.mark.parametrize("name", ALL)
def test_too_few_customers_or_repeat_buyers_are_said_with_their_number(name):
    few = MODELS[name].fit(merged(*buy_till_dropout((0.6, 6.0, 0.8, 2.4), 60, np.random.default_rng(1))))
    counts = {
        remark.code: remark.values["count"] for remark in few.remarks if remark.code in {"KW-LT-104", "KW-LT-105"}
    }
    assert counts["KW-LT-104"] == 60
    once = MODELS[name].fit(merged([0.0] * 300, [0.0] * 300, np.arange(1.0, 301)))
    assert {code: remark.values["count"] for remark in once.remarks if (code := remark.code) == "KW-LT-105"} == {
        "KW-LT-105": 0
    }
    assert not once.trusted


@pytest.mark.parametrize("name", ALL)
def test_customers_who_never_leave_are_said(name):
    rng = np.random.default_rng(2)
    bought = rng.poisson(rng.gamma(2, 5, 800)) + 1.0
    fit = MODELS[name].fit(merged(bought, np.full(800, 51.9), np.full(800, 52.0)))
    assert "KW-LT-109" in {remark.code for remark in fit.remarks}
    assert np.isfinite(fit.parameters).all()


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    "history",
    [
        ([0], [0.0], [0.0]),
        ([3], [20.0], [30.0]),
        ([0, 0], [0, 0], [1.0, 2.0]),
        (np.arange(1300, 1500), np.full(200, 360.0), np.full(200, 365.0)),
    ],
)
def test_the_strangest_customer_bases_give_a_finite_fit_that_nobody_trusts(name, history):
    fit = MODELS[name].fit(merged(*history))
    assert np.isfinite(fit.parameters).all()
    assert np.isfinite(fit.log_likelihood)
    assert not fit.trusted


def test_many_one_time_buyers_are_noted_for_the_model_that_keeps_them():
    rows = merged(*buy_till_dropout((0.2, 6.0, 0.8, 2.4), 2000, np.random.default_rng(3)))
    [note] = [remark for remark in MODELS["bgnbd"].fit(rows).remarks if remark.code == "KW-LT-108"]
    assert note.severity == "note"
    assert note.values["percent"] > 50
    assert "KW-LT-108" not in {remark.code for remark in MODELS["mbgnbd"].fit(rows).remarks}
