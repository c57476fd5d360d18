"""How sure a forecast is: two things, kept apart.

*Parameter uncertainty*: how far the expectation may be off because the parameters were estimated; it shrinks with more
customers and is what an interval around a total means. *Outcome spread*: how far one customer may end up from a right
expectation; it does not shrink, and for a single customer it is nearly everything.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from klantwaarde.lifetime.fitting import Fit
from klantwaarde.lifetime.models import MODELS
from klantwaarde.lifetime.transactions import ModelError, Rows, Summary
from klantwaarde.messages import Fault
from klantwaarde.money import Floats

LEVEL = 0.95


class Interval(NamedTuple):
    """Lower and upper border; arrays where the forecast is one."""

    low: Floats
    high: Floats


def parameter_draws(fit: Fit, rng: np.random.Generator, count: int = 200) -> Floats:
    """Parameters that fit the data about as well, one row each: normal in logs around the estimates.

    Raises:
        ModelError: the data do not determine the parameters (KW-LT-117).
    """
    if not np.isfinite(fit.log_covariance).all():
        raise ModelError([Fault("KW-LT-117")])
    size, axes = np.linalg.eigh(fit.log_covariance)
    noise = rng.standard_normal((count, len(size))) * np.sqrt(size)
    return np.asarray(fit.parameters * np.exp(noise @ axes.T))


def bootstrap_draws(
    refit: Callable[[Floats], Fit], weight: Floats, rng: np.random.Generator, count: int = 200
) -> Floats:
    """Parameters of refits on customers drawn with replacement, one row each.

    Args:
        refit: Fits histories with other weights, for example :func:`refit_purchases`.
        weight: Of the different histories: how many customers have each.
        rng: Source of chance.
        count: How many refits.
    """
    customers = int(weight.sum())
    draws = rng.multinomial(customers, weight / weight.sum(), size=count).astype(float)
    return np.array([refit(drawn).parameters for drawn in draws])


def refit_purchases(fit: Fit, rows: Rows) -> Callable[[Floats], Fit]:
    """The same model on the same histories with other weights, begun at the estimates."""

    def refit(weight: Floats) -> Fit:
        drawn = weight > 0
        some = Rows(rows.frequency[drawn], rows.recency[drawn], rows.age[drawn], weight[drawn])
        return MODELS[fit.model].fit(some, fit.parameters)

    return refit


def expectation_interval(forecast: Callable[[Floats], ArrayLike], draws: Floats, level: float = LEVEL) -> Interval:
    """Parameter uncertainty of a forecast.

    Args:
        forecast: From parameters to a figure or an array of them.
        draws: From :func:`parameter_draws` or :func:`bootstrap_draws`.
        level: Share of the draws inside.
    """
    return _between([np.asarray(forecast(parameters), float) for parameters in draws], level)


def outcome_interval(
    fit: Fit, history: Summary, horizon: float, rng: np.random.Generator, *, count: int = 500, level: float = LEVEL
) -> Interval:
    """Outcome spread: purchases in the horizon that are plausible for every customer, the parameters taken as right."""
    model = MODELS[fit.model]
    past = history.frequency, history.recency, history.age
    return _between([model.simulate(fit.parameters, *past, horizon, rng) for _ in range(count)], level)


def _between(outcomes: list[Floats], level: float) -> Interval:
    low, high = np.quantile(np.array(outcomes), [(1 - level) / 2, (1 + level) / 2], axis=0)
    return Interval(low, high)
