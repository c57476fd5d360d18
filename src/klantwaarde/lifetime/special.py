"""Special functions and integrals that stay exact where the textbook forms lose digits.

Two integrals carry every prediction of the models. :func:`beta_rule` averages over a beta distribution with the
trapezoid rule over the logit of p, with steps that grow in the tails: the density is analytic in a strip around the axis
and dies exponentially, so that equal steps converge exponentially for every shape (Takahasi & Mori 1974), without the
singularities of the hypergeometric forms. :func:`discounted_exposure` is an incomplete
exponential integral by Gauss-Legendre.
"""

from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from klantwaarde.money import Floats

STEP = 0.25  # in logits: exp(-pi ** 2 / STEP) = 7e-18
FINEST = 0.6  # of a standard deviation
BEND = 5.0  # logits from the top where steps begin to grow
FADED = 38.0  # exp(-FADED) no longer counts
NODES = 32  # of the Gauss-Legendre rule
LEAST, MOST = 1e-290, 1 - 2.0**-53  # a node is never quite 0 or 1


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
    sides = np.broadcast_arrays(np.asarray(a, float), np.asarray(b, float))
    first, second = (np.atleast_1d(side)[:, None] for side in sides)
    middle = (first + 0.5) / (second + 0.5)
    low = np.arcsinh(_extent(second, first, 1 / middle) / BEND)
    high = np.arcsinh(_extent(first, second, middle) / BEND)
    spread = np.sqrt(functions().polygamma(1, first) + functions().polygamma(1, second))
    step = np.minimum(STEP, FINEST * spread) / BEND
    count = int(np.ceil(float(((low + high) / step).max()))) + 1
    u = (low + high) * np.linspace(0.0, 1.0, count) - low
    logit = np.log(middle) + BEND * np.sinh(u)
    log_weight = first * logit - (first + second) * np.logaddexp(0.0, logit)
    weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True)) * np.cosh(u)
    nodes = np.clip(functions().expit(logit), LEAST, MOST)
    return Rule(nodes, weight / weight.sum(axis=1, keepdims=True))


def _extent(rising: Floats, falling: Floats, middle: Floats) -> Floats:
    """How far from the middle, in logits, a beta density still counts: where its log has dropped by FADED.

    The drop over a distance is convex and lies above its asymptote, so that Newton's steps come down to the root.

    Args:
        rising: The shape on this side.
        falling: The other shape.
        middle: Odds at the middle.
    """
    whole = rising + falling
    far = (FADED + whole * np.log1p(1 / middle)) / falling
    for _ in range(8):
        odds = middle + np.exp(-far)
        drop = whole * (far + np.log(odds / (1 + middle))) - rising * far
        far -= (drop - FADED) / (whole * middle / odds - rising)
    return far


@cache
def legendre(count: int) -> tuple[Floats, Floats]:
    """Gauss-Legendre nodes and weights on [0, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
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
    nodes, weights = legendre(NODES)
    total = np.zeros(np.shape(top))
    for node, weight in zip(nodes, weights, strict=True):
        v = node * top
        total += weight * np.exp(-z * np.expm1(v) - c * v)
    return np.asarray(total * top)
