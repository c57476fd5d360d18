"""BG/NBD and MBG/NBD: purchases at a gamma-distributed rate until a beta-geometric dropout.

Sources: Fader, Hardie & Lee, "Counting Your Customers" the Easy Way, Marketing Science 24(2), 2005 (BG/NBD: a customer
can drop out after every repeat purchase, so that one who bought once counts as alive); Batislam, Denizel & Filiztekin,
International Journal of Research in Marketing 24, 2007 (MBG/NBD: also right after the first purchase).

Both are one model: a customer with x repeat purchases has had x (BG) or x + 1 (MBG) chances to drop out. Given that a
customer is alive, the rate is Gamma(r + x, alpha + T) and the dropout chance Beta(a, b + chances), independently; every
prediction is an average over that beta distribution. Parameters: r, alpha (in the unit of time), a, b.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
from klantwaarde.lifetime.special import beta_rule, discounted_exposure, functions, log_rising
from klantwaarde.lifetime.transactions import Rows, distinct, totals
from klantwaarde.messages import Fault
from klantwaarde.money import Floats

_Quantity = Callable[..., Floats]

BLOCK = 8192  # rows at a time: stays in the cache, and small enough for one thread
MANY_ONCE = 0.5  # share of one-time buyers from which BG/NBD is doubtful
R, ALPHA, A, B = range(4)


class _Block(NamedTuple):
    """Rows of customers who may have dropped out; times as positions among the different ages and recencies."""

    frequency: Floats
    chances: Floats
    age: NDArray[np.intp]
    recency: NDArray[np.intp]
    weight: Floats


@dataclass(frozen=True, slots=True)
class BetaGeometricNBD:
    """One of the two models.

    Attributes:
        id: ``bgnbd`` or ``mbgnbd``.
        title: Its name in a sentence.
        at_first: Chances to drop out at the first purchase: 0 or 1.
    """

    id: str
    title: str
    at_first: int
    names: tuple[str, ...] = ("r", "alpha", "a", "b")

    def fit(self, rows: Rows, start: ArrayLike | None = None) -> Fit:
        """Maximum likelihood estimates.

        Args:
            rows: From :func:`klantwaarde.lifetime.transactions.merged`.
            start: Parameters to begin with, for a refit.
        """
        starts = _starts(rows) if start is None else [tuple(np.asarray(start, float))]
        found = fit_likelihood(self, self.likelihood(rows), starts, customers=rows.customers, rows=len(rows.weight))
        alive = self.p_alive(found.parameters, rows.frequency, rows.recency, rows.age)
        return found.with_remarks([*self._on_data(rows), *on_leaving(alive, rows.weight)])

    def likelihood(self, rows: Rows) -> Likelihood:
        """The log-likelihood of (r, alpha, a, b) with gradient and Hessian."""
        chances = rows.frequency + self.at_first
        counts, count_of = np.unique(rows.frequency, return_inverse=True)
        by_count = totals(count_of, rows.weight)
        ages, age_of = np.unique(rows.age, return_inverse=True)
        recencies, recency_of = np.unique(rows.recency, return_inverse=True)
        by_age = totals(age_of, rows.weight)
        bought_by_age = totals(age_of, rows.weight * rows.frequency)
        risky = np.flatnonzero(chances > 0)
        blocks = [
            _Block(rows.frequency[at], chances[at], age_of[at], recency_of[at], rows.weight[at])
            for at in np.split(risky, range(BLOCK, len(risky), BLOCK))
        ]

        def evaluate(parameters: Floats) -> Evaluation:
            parts = [
                _purchases(parameters, counts, by_count, ages, (by_age, bought_by_age)),
                _survivals(parameters, counts + self.at_first, by_count),
                *(_dropouts(parameters, block, ages, recencies) for block in blocks),
            ]
            return total(parts)

        return evaluate

    def p_alive(self, parameters: ArrayLike, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> Floats:
        """Probability that a customer is still a customer at the end of the observation."""
        r, alpha, a, b = np.asarray(parameters, float)
        x, recent, old = (np.asarray(part, float) for part in (frequency, recency, age))
        chances = x + self.at_first
        rest = np.where(chances > 0, b + chances - 1, 1.0)
        log_odds = np.log(rest / a) - (r + x) * np.log1p((old - recent) / (alpha + recent))
        return np.where(chances > 0, functions().expit(log_odds), 1.0)

    def population_purchases(self, parameters: ArrayLike, time: ArrayLike) -> Floats:
        """Expected repeat purchases of a new customer in ``time`` after the first purchase."""
        r, alpha, a, b = np.asarray(parameters, float)
        nodes, weights = beta_rule(a, b)
        ahead = np.asarray(time, float)[..., None]
        start = 1 - self.at_first * nodes[0]  # who survives the first purchase
        return np.asarray((weights[0] * start * _until_dropout(nodes[0], r, alpha, ahead)).sum(axis=-1))

    def expected_purchases(
        self, parameters: ArrayLike, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, horizon: ArrayLike
    ) -> Floats:
        """Expected purchases in the ``horizon`` after the observation, given the history."""
        r, alpha, _, _ = np.asarray(parameters, float)

        def ahead(p: Floats, x: Floats, old: Floats, span: Floats) -> Floats:
            return _until_dropout(p, r + x, alpha + old, span)

        return self._over_dropout(parameters, (frequency, age, horizon), ahead) * self.p_alive(
            parameters, frequency, recency, age
        )

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
            parameters: r, alpha, a, b.
            frequency: Repeat purchases.
            recency: Time of the last one.
            age: Time observed.
            discount_rate: Continuous, per unit of time.
            horizon: Time ahead; endless by default. Endless without discount is infinite when a <= 1.
        """
        r, alpha, _, _ = np.asarray(parameters, float)

        def ahead(p: Floats, x: Floats, old: Floats) -> Floats:
            gone = alpha + old
            return (r + x) / p * discounted_exposure(r + x, discount_rate * gone / p, np.log1p(p * horizon / gone))

        alive = self.p_alive(parameters, frequency, recency, age)
        if discount_rate == 0 and np.isinf(horizon):
            return alive * self._ever(parameters, frequency)
        if discount_rate == 0:
            return self.expected_purchases(parameters, frequency, recency, age, horizon)
        return alive * self._over_dropout(parameters, (frequency, age), ahead)

    def count_probability(self, parameters: ArrayLike, count: ArrayLike, time: float) -> Floats:
        """Probability that a new customer makes ``count`` repeat purchases in ``time``."""
        r, alpha, a, b = np.asarray(parameters, float)
        special = functions()
        n = np.asarray(count, float)
        share, k = alpha / (alpha + time), n + self.at_first
        survived = np.exp(special.betaln(a, b + k) - special.betaln(a, b))
        exact = np.exp(
            special.gammaln(r + n)
            - special.gammaln(r)
            - special.gammaln(n + 1)
            + r * np.log(share)
            + n * np.log1p(-share)
        )
        at_least = np.where(n > 0, special.betainc(np.maximum(n, 1), r, 1 - share), 1.0)
        stopped = np.exp(special.betaln(a + 1, b + np.maximum(k, 1) - 1) - special.betaln(a, b))
        return survived * exact + np.where(k > 0, stopped * at_least, 0.0)

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
        r, alpha, a, b = np.asarray(parameters, float)
        x, recent, old = np.broadcast_arrays(
            *(np.atleast_1d(np.asarray(part, float)) for part in (frequency, recency, age))
        )
        alive = rng.random(len(x)) < self.p_alive(parameters, x, recent, old)
        bought = rng.poisson(rng.gamma(r + x) / (alpha + old) * horizon)
        dropout = np.maximum(rng.beta(a, b + x + self.at_first), 1e-15)
        return np.where(alive, np.minimum(bought, rng.geometric(dropout)), 0).astype(float)

    def _over_dropout(self, parameters: ArrayLike, columns: tuple[ArrayLike, ...], quantity: _Quantity) -> Floats:
        """The average of a quantity over the dropout chance of a living customer; equal combinations once."""
        _, _, a, b = np.asarray(parameters, float)
        full = np.broadcast_arrays(*(np.asarray(column, float) for column in columns))
        each, row_of = distinct(*(column.ravel() for column in full))
        counts, count_of = np.unique(each[0], return_inverse=True)
        nodes, weights = beta_rule(a, b + counts + self.at_first)
        average = np.empty(len(each[0]))
        for at in np.split(np.arange(len(average)), range(BLOCK, len(average), BLOCK)):
            of = count_of[at]
            values = quantity(nodes[of], *(column[at][:, None] for column in each))
            average[at] = np.einsum("ij,ij->i", weights[of], values)
        return average[row_of].reshape(full[0].shape)

    def _ever(self, parameters: ArrayLike, frequency: ArrayLike) -> Floats:
        """Purchases of a living customer until the dropout, without discount: the mean of 1 / p."""
        _, _, a, b = np.asarray(parameters, float)
        chances = np.asarray(frequency, float) + self.at_first
        return (a + b + chances - 1) / (a - 1) if a > 1 else np.full(chances.shape, np.inf)

    def _on_data(self, rows: Rows) -> list[Fault]:
        """Remarks on what was fitted."""
        once = float(rows.weight[rows.frequency == 0].sum())
        remarks = on_size(rows.customers, rows.customers - once)
        if not self.at_first and once > MANY_ONCE * rows.customers:
            values = {"count": int(once), "percent": round(100 * once / rows.customers)}
            remarks.append(Fault("KW-LT-108", "note", values=values))
        return remarks


BGNBD = BetaGeometricNBD("bgnbd", "BG/NBD", 0)
MBGNBD = BetaGeometricNBD("mbgnbd", "MBG/NBD", 1)


def _starts(rows: Rows) -> list[tuple[float, ...]]:
    """Likely parameters: a rate of purchases as observed, with little, much and very little spread in it."""
    pace, _ = pace_of(rows)
    return [(1.0, 1 / pace, 1.0, 1.0), (0.3, 0.3 / pace, 0.5, 3.0), (4.0, 4 / pace, 2.0, 8.0)]


def _until_dropout(p: Floats, shape: Floats | float, scale: Floats | float, span: Floats) -> Floats:
    """Expected purchases in a span of a customer who drops out with chance p after each; rate Gamma(shape, scale)."""
    return np.asarray(-np.expm1(-shape * np.log1p(p * (span / scale))) / p)


def _purchases(
    parameters: Floats, counts: Floats, by_count: Floats, ages: Floats, by_age: tuple[Floats, Floats]
) -> Evaluation:
    """Ln gamma(r + x) / gamma(r) + r ln alpha - (r + x) ln(alpha + T), over all customers."""
    r, alpha, _, _ = parameters
    customers, bought = by_age
    rising = log_rising(r, counts, by_count)
    total, exposed = by_count.sum(), alpha + ages
    power = r * customers + bought
    logs, inverse = np.log(exposed), 1 / exposed
    gradient, hessian = np.zeros(4), np.zeros((4, 4))
    gradient[R] = rising.slope + total * np.log(alpha) - (customers * logs).sum()
    gradient[ALPHA] = total * r / alpha - (power * inverse).sum()
    hessian[R, R] = rising.curvature
    hessian[R, ALPHA] = hessian[ALPHA, R] = total / alpha - (customers * inverse).sum()
    hessian[ALPHA, ALPHA] = (power * inverse**2).sum() - total * r / alpha**2
    value = rising.value + total * r * np.log(alpha) - (power * logs).sum()
    return Evaluation(float(value), gradient, hessian)


def _survivals(parameters: Floats, chances: Floats, by_count: Floats) -> Evaluation:
    """Ln B(a, b + chances) / B(a, b): nobody dropped out at any chance, over all customers."""
    _, _, a, b = parameters
    stayed, faced = log_rising(b, chances, by_count), log_rising(a + b, chances, by_count)
    gradient, hessian = np.zeros(4), np.zeros((4, 4))
    gradient[A:] = -faced.slope, stayed.slope - faced.slope
    hessian[A:, A:] = -faced.curvature
    hessian[B, B] += stayed.curvature
    return Evaluation(stayed.value - faced.value, gradient, hessian)


def _dropouts(parameters: Floats, block: _Block, ages: Floats, recencies: Floats) -> Evaluation:
    """The log of 1 + the odds that the last chance was the end, over some customers.

    Those odds are a / (b + chances - 1) ((alpha + T) / (alpha + t_x)) ^ (r + x).
    """
    r, alpha, a, b = parameters
    till_end, till_last = alpha + ages, alpha + recencies
    longer = np.log(till_end)[block.age] - np.log(till_last)[block.recency]
    shorter = (1 / till_end)[block.age] - (1 / till_last)[block.recency]
    curving = (till_last**-2)[block.recency] - (till_end**-2)[block.age]
    shape, rest = r + block.frequency, b + block.chances - 1
    log_odds = np.log(a) - np.log(rest) + shape * longer
    fading = np.exp(-np.abs(log_odds))
    ended = np.where(log_odds > 0, 1.0, fading) / (1 + fading)
    weight = block.weight * ended
    value = (block.weight * (np.maximum(log_odds, 0.0) + np.log1p(fading))).sum()
    slopes = np.stack([longer, shape * shorter, np.full(len(rest), 1 / a), -1 / rest])
    hessian = (slopes * (weight * (1 - ended))) @ slopes.T
    across = (weight * shorter).sum()
    hessian[R, ALPHA] += across
    hessian[ALPHA, R] += across
    hessian[ALPHA, ALPHA] += (weight * shape * curving).sum()
    hessian[A, A] -= weight.sum() / a**2
    hessian[B, B] += (weight / rest**2).sum()
    return Evaluation(float(value), (slopes * weight).sum(axis=1), hessian)
