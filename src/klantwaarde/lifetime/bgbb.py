"""BG/BB: purchases at discrete opportunities (a yearly fair, a monthly collection) until a geometric dropout.

Source: Fader, Hardie & Shang, Customer-Base Analysis in a Discrete-Time Noncontractual Setting, Marketing Science 29(6),
2010. A customer can leave at the start of every opportunity; who is alive buys with a beta-distributed chance.
``frequency`` counts opportunities with a purchase, ``recency`` is the number of the last one, ``age`` how many there were.
Parameters: alpha, beta (buying), gamma, delta (leaving).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from klantwaarde.lifetime.fitting import Evaluation, Fit, Kind, Likelihood, fit_likelihood, on_size
from klantwaarde.lifetime.mixture import mixture, shares
from klantwaarde.lifetime.special import beta_rule, functions, log_beta
from klantwaarde.lifetime.transactions import ModelError, Rows
from klantwaarde.messages import Fault
from klantwaarde.money import Floats

MODEL = Kind("bgbb", ("alpha", "beta", "gamma", "delta"))
STARTS = ((1.0, 1.0, 1.0, 1.0), (1.0, 1.0, 0.5, 3.0), (3.0, 3.0, 2.0, 8.0))
ALPHA, BETA, GAMMA, DELTA = range(4)


class _Terms(NamedTuple):
    """Per history one column per opportunity after the last purchase: it was the last alive, or (column 0) all were."""

    size: Floats
    alive_for: Floats
    leaving: Floats


def fit(rows: Rows, start: ArrayLike | None = None) -> Fit:
    """Maximum likelihood estimates.

    Args:
        rows: Purchases, last purchase and number of opportunities, merged.
        start: Parameters to begin with, for a refit.

    Raises:
        ModelError: more purchases than opportunities up to the last one (KW-LT-114).
    """
    wrong = np.flatnonzero((rows.frequency > rows.recency) | (rows.age % 1 != 0) | (rows.recency % 1 != 0))
    if len(wrong):
        first = int(wrong[0])
        found = f"{rows.frequency[first]:g}; {rows.recency[first]:g}; {rows.age[first]:g}"
        raise ModelError([Fault("KW-LT-114", found=found)])
    starts = STARTS if start is None else [tuple(np.asarray(start, float))]
    found_fit = fit_likelihood(MODEL, likelihood(rows), starts, customers=rows.customers, rows=len(rows.weight))
    return found_fit.with_remarks(on_size(rows.customers, float(rows.weight[rows.frequency > 0].sum())))


def likelihood(rows: Rows) -> Likelihood:
    """The log-likelihood of (alpha, beta, gamma, delta) with gradient and Hessian."""

    def evaluate(parameters: Floats) -> Evaluation:
        alpha, beta, gamma, delta = parameters
        special = functions()
        x = rows.frequency[:, None]
        terms = _terms(parameters, rows.frequency, rows.recency, rows.age)
        missed, gone = beta + terms.alive_for - x, gamma + terms.leaving
        chances, moments = alpha + beta + terms.alive_for, gone + delta + terms.alive_for

        def derivative(order: int) -> tuple[Floats, ...]:
            at = [
                special.polygamma(order, part)
                for part in (alpha + x, missed, chances, gone, delta + terms.alive_for, moments)
            ]
            prior = [
                special.polygamma(order, part) for part in (alpha, beta, alpha + beta, gamma, delta, gamma + delta)
            ]
            return tuple(part - base for part, base in zip(at, prior, strict=True))

        bought, passed, faced, left, lived, met = derivative(0)
        slopes = np.stack([bought - faced, passed - faced, left - met, lived - met])
        (value, gradient, hessian), share = mixture(terms.size, slopes, rows.weight)
        bought, passed, faced, left, lived, met = ((share * part).sum() for part in derivative(1))
        hessian[:GAMMA, :GAMMA] -= faced
        hessian[GAMMA:, GAMMA:] -= met
        hessian += np.diag([bought, passed, left, lived])
        return Evaluation(value, gradient, hessian)

    return evaluate


def p_alive(parameters: ArrayLike, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> Floats:
    """Probability of still being a customer at the next opportunity."""
    _, _, gamma, delta = np.asarray(parameters, float)
    n = np.asarray(age, float)
    return _lived(parameters, frequency, recency, age) * (delta + n) / (gamma + delta + n)


def population_purchases(parameters: ArrayLike, opportunities: ArrayLike) -> Floats:
    """Expected purchases of a new customer in a number of opportunities."""
    alpha, beta, gamma, delta = np.asarray(parameters, float)
    return alpha / (alpha + beta) * _ahead(gamma, delta, 0.0, opportunities)


def expected_purchases(
    parameters: ArrayLike, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, horizon: ArrayLike
) -> Floats:
    """Expected purchases at the next ``horizon`` opportunities, given the history."""
    return _forecast(parameters, (frequency, recency, age), 0.0, horizon)


def residual_transactions(
    parameters: ArrayLike,
    frequency: ArrayLike,
    recency: ArrayLike,
    age: ArrayLike,
    discount_rate: float,
    horizon: float = np.inf,
) -> Floats:
    """Discounted expected residual transactions; the next opportunity is discounted once.

    Args:
        parameters: alpha, beta, gamma, delta.
        frequency: Opportunities with a purchase.
        recency: Number of the last one; 0 without a purchase.
        age: How many opportunities there were.
        discount_rate: Effective, per opportunity.
        horizon: Opportunities ahead. Endless without discount is infinite when gamma <= 1.
    """
    return _forecast(parameters, (frequency, recency, age), discount_rate, horizon)


def count_probability(parameters: ArrayLike, count: ArrayLike, opportunities: int) -> Floats:
    """Probability that a new customer buys at ``count`` of the opportunities."""
    alpha, beta, gamma, delta = np.asarray(parameters, float)
    special = functions()
    x = np.asarray(count, float)[..., None]
    alive_for = np.arange(opportunities + 1.0)
    leaving = (alive_for < opportunities).astype(float)
    stayed = special.betaln(gamma + leaving, delta + alive_for) - special.betaln(gamma, delta)
    missed = np.maximum(alive_for - x, 0)
    bought = special.betaln(alpha + x, beta + missed) - special.betaln(alpha, beta)
    ways = special.gammaln(alive_for + 1) - special.gammaln(x + 1) - special.gammaln(missed + 1)
    return np.where(alive_for >= x, np.exp(ways + bought + stayed), 0.0).sum(axis=-1)


def _terms(parameters: Floats, frequency: Floats, recency: Floats, age: Floats) -> _Terms:
    alpha, beta, gamma, delta = parameters
    x, last, n = (part[:, None] for part in (frequency, recency, age))
    column = np.arange(float((n - last).max()) + 1)
    alive_for = np.minimum(np.where(column == 0, n, last + column - 1), n)
    leaving = np.broadcast_to((column > 0).astype(float), alive_for.shape)
    buying = log_beta(alpha + x, beta + alive_for - x) - log_beta(alpha, beta)
    staying = log_beta(gamma + leaving, delta + alive_for) - log_beta(gamma, delta)
    return _Terms(np.where(column <= n - last, buying + staying, -np.inf), alive_for, leaving)


def _lived(parameters: ArrayLike, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> Floats:
    """Probability of having lived through all opportunities so far."""
    full = np.broadcast_arrays(*(np.asarray(part, float) for part in (frequency, recency, age)))
    x, last, n = (part.ravel() for part in full)
    _, share = shares(_terms(np.asarray(parameters, float), x, last, n).size)
    return share[:, 0].reshape(full[0].shape)


def _forecast(
    parameters: ArrayLike, history: tuple[ArrayLike, ArrayLike, ArrayLike], discount_rate: float, horizon: ArrayLike
) -> Floats:
    alpha, beta, gamma, delta = np.asarray(parameters, float)
    x, n = np.asarray(history[0], float), np.asarray(history[2], float)
    buys = (alpha + x) / (alpha + beta + n)
    return _lived(parameters, *history) * buys * _ahead(gamma, delta + n, discount_rate, horizon)


def _ahead(gamma: float, delta: ArrayLike, discount_rate: float, horizon: ArrayLike) -> Floats:
    """Discounted opportunities that a living customer will still see: the mean of q + q^2 + ... + q^horizon."""
    later, reach = np.broadcast_arrays(np.asarray(delta, float), np.asarray(horizon, float))
    if discount_rate == 0 and np.isinf(reach).any() and gamma <= 1:
        return np.where(np.isinf(reach), np.inf, _ahead(gamma, delta, 0.0, np.where(np.isinf(reach), 0.0, reach)))
    nodes, weights = beta_rule(gamma, later.ravel())
    log_kept = np.log1p(-nodes) - np.log1p(discount_rate)
    series = np.exp(log_kept) * (1 + discount_rate) / (nodes + discount_rate)
    total = (weights * series * -np.expm1(log_kept * reach.ravel()[:, None])).sum(axis=1)
    return np.asarray(total.reshape(later.shape))
