"""Pareto/NBD: purchases at a gamma-distributed rate during a lifetime that is exponential with a gamma-distributed rate.

Sources: Schmittlein, Morrison & Colombo, Counting Your Customers, Management Science 33(1), 1987; Fader & Hardie, A Note on
Deriving the Pareto/NBD Model, 2005; Computing DERT for the Pareto/NBD, note 011, 2007.

The likelihood of a history is that of living on to the end plus an integral over the moments of leaving after the last
purchase. That integral is taken by Gauss-Legendre in the log of time, where its integrand is smooth for any parameters;
gradient and Hessian are taken under the integral sign. Parameters: r, alpha (purchases), s, beta (leaving).
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from klantwaarde.lifetime.fitting import (
    Evaluation,
    Fit,
    Likelihood,
    fit_likelihood,
    on_leaving,
    on_size,
    pace_of,
    total,
)
from klantwaarde.lifetime.mixture import mixture, shares
from klantwaarde.lifetime.special import FADED, discounted_exposure, faded_log, functions, legendre, log_rising
from klantwaarde.lifetime.transactions import Rows, distinct, totals
from klantwaarde.money import Floats

NODES, FEW_NODES = 24, 12  # the few are as exact where the integrand bends little
BLOCK = 1024  # rows at a time
R, ALPHA, S, BETA = range(4)


class _Terms(NamedTuple):
    """Per history one term for living on (first) and one per moment of leaving.

    Attributes:
        size: Log of the term.
        buying: alpha + the moment.
        living: beta + the moment.
        leaving: 1 where the term is about leaving, 0 for living on.
    """

    size: Floats
    buying: Floats
    living: Floats
    leaving: Floats


@dataclass(frozen=True, slots=True)
class ParetoNBD:
    """The model; see :class:`klantwaarde.lifetime.models.PurchaseModel` for what it can tell."""

    id: str = "paretonbd"
    title: str = "Pareto/NBD"
    names: tuple[str, ...] = ("r", "alpha", "s", "beta")

    def fit(self, rows: Rows, start: ArrayLike | None = None) -> Fit:
        """Maximum likelihood estimates.

        Args:
            rows: From :func:`klantwaarde.lifetime.transactions.merged`.
            start: Parameters to begin with, for a refit.
        """
        starts = _starts(rows) if start is None else [tuple(np.asarray(start, float))]
        found = fit_likelihood(self, self.likelihood(rows), starts, customers=rows.customers, rows=len(rows.weight))
        once = float(rows.weight[rows.frequency == 0].sum())
        alive = self.p_alive(found.parameters, rows.frequency, rows.recency, rows.age)
        return found.with_remarks([*on_size(rows.customers, rows.customers - once), *on_leaving(alive, rows.weight)])

    def likelihood(self, rows: Rows) -> Likelihood:
        """The log-likelihood of (r, alpha, s, beta) with gradient and Hessian."""
        counts, count_of = np.unique(rows.frequency, return_inverse=True)
        by_count = totals(count_of, rows.weight)
        blocks = np.split(np.arange(len(rows.weight)), range(BLOCK, len(rows.weight), BLOCK))
        parts = [Rows(rows.frequency[at], rows.recency[at], rows.age[at], rows.weight[at]) for at in blocks]

        def evaluate(parameters: Floats) -> Evaluation:
            return total([_purchases(parameters, counts, by_count), *(_lifetimes(parameters, part) for part in parts)])

        return evaluate

    def p_alive(self, parameters: ArrayLike, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> Floats:
        """Probability that a customer is still a customer at the end of the observation."""
        given = np.asarray(parameters, float)
        full = np.broadcast_arrays(*(np.asarray(part, float) for part in (frequency, recency, age)))
        each, row_of = distinct(*(part.ravel() for part in full))
        alive = np.empty(len(each[0]))
        for at in np.split(np.arange(len(alive)), range(BLOCK, len(alive), BLOCK)):
            _, share = shares(_terms(given, *(part[at] for part in each)).size)
            alive[at] = share[:, 0]
        return alive[row_of].reshape(full[0].shape)

    def population_purchases(self, parameters: ArrayLike, time: ArrayLike) -> Floats:
        """Expected repeat purchases of a new customer in ``time`` after the first purchase."""
        r, alpha, s, beta = np.asarray(parameters, float)
        return r / alpha * beta * faded_log(s - 1, np.log1p(np.asarray(time, float) / beta))

    def expected_purchases(
        self, parameters: ArrayLike, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, horizon: ArrayLike
    ) -> Floats:
        """Expected purchases in the ``horizon`` after the observation, given the history."""
        _, _, s, beta = np.asarray(parameters, float)
        lived = beta + np.asarray(age, float)
        ahead = lived * faded_log(s - 1, np.log1p(np.asarray(horizon, float) / lived))
        return self._pace(parameters, frequency, recency, age) * ahead

    def residual_transactions(
        self,
        parameters: ArrayLike,
        frequency: ArrayLike,
        recency: ArrayLike,
        age: ArrayLike,
        discount_rate: float,
        horizon: float = np.inf,
    ) -> Floats:
        """Discounted expected residual transactions (DERT): purchases ahead, each discounted to the end of the observation.

        Args:
            parameters: r, alpha, s, beta.
            frequency: Repeat purchases.
            recency: Time of the last one.
            age: Time observed.
            discount_rate: Continuous, per unit of time.
            horizon: Time ahead; endless by default. Endless without discount is infinite when s <= 1.
        """
        _, _, s, beta = np.asarray(parameters, float)
        lived = beta + np.asarray(age, float)
        if discount_rate > 0:
            ahead = lived * discounted_exposure(s - 1, discount_rate * lived, np.log1p(horizon / lived))
        elif np.isinf(horizon):
            ahead = lived / (s - 1) if s > 1 else np.full(np.shape(lived), np.inf)
        else:
            ahead = lived * faded_log(s - 1, np.log1p(horizon / lived))
        return self._pace(parameters, frequency, recency, age) * ahead

    def count_probability(self, parameters: ArrayLike, count: ArrayLike, time: float) -> Floats:
        """Probability that a new customer makes ``count`` repeat purchases in ``time``."""
        r, alpha, s, beta = np.asarray(parameters, float)
        n = np.asarray(count, float)[..., None]
        nodes, weights = legendre(4 * NODES)
        lower = min(alpha, beta)
        reach = np.log1p(time / lower)
        when = lower * np.expm1(nodes * reach)
        leaving = s / beta * (beta / (beta + when)) ** (s + 1) * weights * reach * (lower + when)
        staying = (beta / (beta + time)) ** s
        left = (leaving * _negative_binomial(n, r, alpha, when)).sum(axis=-1)
        return left + staying * _negative_binomial(n, r, alpha, np.asarray(time))[..., 0]

    def simulate(
        self,
        parameters: ArrayLike,
        frequency: ArrayLike,
        recency: ArrayLike,
        age: ArrayLike,
        horizon: float,
        rng: np.random.Generator,
    ) -> Floats:
        """One possible number of purchases in the horizon per customer: draws for the spread of outcomes."""
        r, alpha, s, beta = np.asarray(parameters, float)
        x, recent, old = np.broadcast_arrays(
            *(np.atleast_1d(np.asarray(part, float)) for part in (frequency, recency, age))
        )
        alive = rng.random(len(x)) < self.p_alive(parameters, x, recent, old)
        left = rng.standard_exponential(len(x)) * (beta + old) / np.maximum(rng.gamma(s, size=len(x)), 1e-290)
        bought = rng.poisson(rng.gamma(r + x) / (alpha + old) * np.minimum(left, horizon))
        return np.where(alive, bought, 0).astype(float)

    def _pace(self, parameters: ArrayLike, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> Floats:
        """P(alive) times the expected rate of purchases."""
        r, alpha, _, _ = np.asarray(parameters, float)
        rate = (r + np.asarray(frequency, float)) / (alpha + np.asarray(age, float))
        return self.p_alive(parameters, frequency, recency, age) * rate


PARETONBD = ParetoNBD()


def _starts(rows: Rows) -> list[tuple[float, ...]]:
    """Likely parameters: a rate of purchases as observed, lifetimes about as long as the observation."""
    buying, seen = pace_of(rows)
    return [(1.0, 1 / buying, 1.0, seen), (0.3, 0.3 / buying, 0.5, seen / 2), (4.0, 4 / buying, 2.0, 8 * seen)]


def _negative_binomial(count: Floats, r: float, alpha: float, time: Floats) -> Floats:
    """Probability of ``count`` purchases in ``time`` at a rate Gamma(r, alpha)."""
    special = functions()
    scale = special.gammaln(r + count) - special.gammaln(r) - special.gammaln(count + 1)
    return np.asarray(np.exp(scale + r * np.log(alpha / (alpha + time)) + special.xlogy(count, time / (alpha + time))))


def _purchases(parameters: Floats, counts: Floats, by_count: Floats) -> Evaluation:
    """The log of gamma(r + x) / gamma(r) alpha ^ r beta ^ s, over all customers."""
    r, alpha, s, beta = parameters
    rising, everyone = log_rising(r, counts, by_count), by_count.sum()
    value = rising.value + everyone * (r * np.log(alpha) + s * np.log(beta))
    gradient = np.array([rising.slope / everyone + np.log(alpha), r / alpha, np.log(beta), s / beta]) * everyone
    hessian = np.diag([rising.curvature, -everyone * r / alpha**2, 0.0, -everyone * s / beta**2])
    hessian[R, ALPHA] = hessian[ALPHA, R] = everyone / alpha
    hessian[S, BETA] = hessian[BETA, S] = everyone / beta
    return Evaluation(float(value), gradient, hessian)


def _terms(parameters: Floats, frequency: Floats, recency: Floats, age: Floats) -> _Terms:
    """The terms of the histories, without what all terms of one history have in common."""
    r, alpha, s, beta = parameters
    x, recent, old = (part[:, None] for part in (frequency, recency, age))
    lower = min(alpha, beta)
    since = lower + recent
    fading = (r + x) * since / (alpha + recent) + (s + 1) * since / (beta + recent) - 1
    reach = np.minimum(np.log1p((old - recent) / since), FADED / np.maximum(fading, 1e-3))
    easy = reach.max() < 3 and (fading * reach).max() < 10
    nodes, weights = legendre(FEW_NODES if easy else NODES)
    moment = np.concatenate([lower + old, since * np.exp(nodes * reach)], axis=1)  # measured from -lower
    moment_weight = np.log(np.maximum(s * weights * reach, 1e-300)) + np.log(moment[:, 1:])
    buying, living = moment + (alpha - lower), moment + (beta - lower)
    leaving = np.ones(len(nodes) + 1)
    leaving[0] = 0.0
    size = -(r + x) * np.log(buying) - (s + leaving) * np.log(living)
    size[:, 1:] += moment_weight
    return _Terms(size, buying, living, leaving)


def _lifetimes(parameters: Floats, rows: Rows) -> Evaluation:
    """The log of living on or leaving after the last purchase, over some customers."""
    r, _, s, _ = parameters
    terms = _terms(parameters, rows.frequency, rows.recency, rows.age)
    bought, faced = r + rows.frequency[:, None], s + terms.leaving
    slower, shorter = 1 / terms.buying, 1 / terms.living
    slopes = np.stack(
        [-np.log(terms.buying), -bought * slower, terms.leaving / s - np.log(terms.living), -faced * shorter]
    )
    (value, gradient, hessian), share = mixture(terms.size, slopes, rows.weight)
    buying_across, living_across = (share * slower).sum(), (share * shorter).sum()
    hessian[R, ALPHA] -= buying_across
    hessian[ALPHA, R] -= buying_across
    hessian[S, BETA] -= living_across
    hessian[BETA, S] -= living_across
    hessian[ALPHA, ALPHA] += (share * bought * slower**2).sum()
    hessian[BETA, BETA] += (share * faced * shorter**2).sum()
    hessian[S, S] -= (share * terms.leaving).sum() / s**2
    return Evaluation(value, gradient, hessian)
