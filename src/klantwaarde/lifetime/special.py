"""Special functions and integrals that stay exact where the textbook forms lose digits.

Two integrals carry every prediction of the models. :func:`beta_rule` averages over a beta distribution with the
trapezoid rule after ``logit p = centre + scale * sinh(u)``: the integrand dies doubly exponentially on both sides and is
analytic in a strip around the axis, so that a fixed step gives full precision for every shape, without the
singularities of the hypergeometric forms (Takahasi & Mori 1974). :func:`discounted_exposure` is an incomplete
exponential integral by Gauss-Legendre.
"""

from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from klantwaarde.money import Floats

STEP = 0.26  # of the trapezoid rule: exp(-pi ** 2 / STEP) = 3e-17
FADED = 42.0  # exp(-FADED) no longer counts
NODES = 32  # of the Gauss-Legendre rule
LEAST = 1e-290


class Rising(NamedTuple):
    """A weighted sum of ln(gamma(base + n) / gamma(base)) with its first and second derivative to the base."""

    value: float
    slope: float
    curvature: float


class Rule(NamedTuple):
    """Nodes and weights; one row per distribution. The weights of a row add up to 1."""

    nodes: Floats
    weights: Floats


@cache
def functions() -> Any:
    """``scipy.special``, loaded when a model needs it: that takes longer than fitting one."""
    return import_module("scipy.special")


def log_rising(base: float, counts: Floats, weights: Floats) -> Rising:
    """Sum over ``counts`` of ``weights`` times the log of the rising factorial base (base + 1) ... (base + n - 1)."""
    special = functions()
    shifted = base + counts
    value = special.gammaln(shifted) - special.gammaln(base)
    slope = special.digamma(shifted) - special.digamma(base)
    curvature = special.polygamma(1, shifted) - special.polygamma(1, base)
    return Rising(*(float((weights * part).sum()) for part in (value, slope, curvature)))


def log_beta(a: ArrayLike, b: ArrayLike) -> Floats:
    """The log of the beta function."""
    return np.asarray(functions().betaln(a, b))


def beta_rule(a: ArrayLike, b: ArrayLike) -> Rule:
    """A rule for averages over Beta(a, b): ``(weights * f(nodes)).sum(axis=1)`` is E[f(p)].

    Args:
        a: First shape, above zero; one or many.
        b: Second shape, above zero; one or many.

    Example:
        >>> rule = beta_rule(0.8, 2.4)
        >>> round(float((rule.weights * rule.nodes).sum()), 12)
        0.25
    """
    special = functions()
    first, second = (
        np.atleast_1d(side)[:, None] for side in np.broadcast_arrays(np.asarray(a, float), np.asarray(b, float))
    )
    spread = np.sqrt(special.polygamma(1, first) + special.polygamma(1, second))
    scale = np.minimum(spread, 2.0)
    low = -np.arcsinh(np.maximum(FADED / (first * scale), 9.0))
    high = np.arcsinh(np.maximum(FADED / (second * scale), 9.0))
    count = int(np.ceil(float((high - low).max()) / STEP)) + 1
    u = low + (high - low) * np.linspace(0.0, 1.0, count)
    logit = np.log(first / second) + scale * np.sinh(u)
    log_weight = first * logit - (first + second) * np.logaddexp(0.0, logit) + np.log(np.cosh(u))
    weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
    return Rule(np.maximum(special.expit(logit), LEAST), weight / weight.sum(axis=1, keepdims=True))


@cache
def legendre() -> tuple[Floats, Floats]:
    """Gauss-Legendre nodes and weights on [0, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    return (nodes + 1) / 2, weights / 2


def faded_log(power: ArrayLike, length: ArrayLike) -> Floats:
    """(1 - exp(-power * length)) / power; ``length`` where the power is zero."""
    c, reach = np.broadcast_arrays(np.asarray(power, float), np.asarray(length, float))
    return np.where(c == 0.0, reach, -np.expm1(-c * reach) / np.where(c == 0.0, 1.0, c))


def discounted_exposure(power: ArrayLike, rate: ArrayLike, length: ArrayLike) -> Floats:
    """Integral over v from 0 to ``length`` of exp(-rate * (exp(v) - 1) - power * v).

    With v = ln(1 + t / A) this is the discounted exposure of a gamma-distributed rate; for an endless ``length`` it is
    the confluent hypergeometric function U(1, 1 - power, rate).

    Args:
        power: Any real number.
        rate: Above zero.
        length: Zero or more; may be infinite.
    """
    c, z, reach = np.broadcast_arrays(*(np.asarray(part, float) for part in (power, rate, length)))
    with np.errstate(over="ignore"):  # a rate near zero reaches far: the other border then decides
        top = np.minimum(reach, np.log1p(FADED / z))
        decay = z + c
        top = np.where(decay > 0, np.minimum(top, FADED / np.where(decay > 0, decay, 1.0)), top)
    nodes, weights = legendre()
    total = np.zeros(np.shape(top))
    for node, weight in zip(nodes, weights, strict=True):
        v = node * top
        total += weight * np.exp(-z * np.expm1(v) - c * v)
    return np.asarray(total * top)
