"""Likelihoods that are sums of terms per history: one term per moment at which the customer may have left."""

from typing import NamedTuple

import numpy as np

from klantwaarde.lifetime.fitting import Evaluation
from klantwaarde.money import Floats


class Mixture(NamedTuple):
    """The log of a sum of terms, over all histories.

    Attributes:
        evaluation: Value and gradient; the Hessian still without the curvature of the terms themselves.
        share: Weight of the history times the share of the term in its sum; the curvature of a term counts by it.
    """

    evaluation: Evaluation
    share: Floats


def shares(log_terms: Floats) -> tuple[Floats, Floats]:
    """The log of the sum of exp(log_terms) per row, and the share of every term in it."""
    top = log_terms.max(axis=1, keepdims=True)
    size = np.exp(log_terms - top)
    total = size.sum(axis=1, keepdims=True)
    return (top + np.log(total))[:, 0], size / total


def mixture(log_terms: Floats, slopes: Floats, weight: Floats) -> Mixture:
    """Sum over histories of weight times ln(sum of terms).

    Args:
        log_terms: One row per history, one column per term.
        slopes: Derivative of ``log_terms`` to every parameter: parameters by histories by terms.
        weight: Of the histories.
    """
    value, share = shares(log_terms)
    mean = np.einsum("ij,pij->pi", share, slopes)
    share *= weight[:, None]
    flat = slopes.reshape(len(slopes), -1)
    hessian = (flat * share.ravel()) @ flat.T - (mean * weight) @ mean.T
    return Mixture(Evaluation(float((weight * value).sum()), (mean * weight).sum(axis=1), hessian), share)
