"""Shifted beta-geometric (sBG) and beta-discrete-Weibull (BdW): how long contracts last when customers differ.

Sources: Fader & Hardie, How to Project Customer Retention, Journal of Interactive Marketing 21(1), 2007; Customer-Base
Valuation in a Contractual Setting, Marketing Science 29(1), 2010; Fader, Hardie, Liu, Davin & Steenburgh, Journal of
Interactive Marketing 43, 2018 (BdW). Retention rises with tenure because those who leave easily have left.

Survival after t renewals: B(alpha, beta + t^c) / B(alpha, beta), with c = 1 in the sBG. Parameters: alpha, beta, and c
in the BdW.
"""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from klantwaarde.lifetime.fitting import Evaluation, Fit, Kind, Likelihood, fit_likelihood, on_size
from klantwaarde.lifetime.special import beta_rule, functions
from klantwaarde.lifetime.transactions import ModelError
from klantwaarde.messages import Fault
from klantwaarde.money import Floats

SBG = Kind("sbg", ("alpha", "beta"))
BDW = Kind("bdw", ("alpha", "beta", "c"))
MOST_TERMS = 1_000_000


class Renewals(NamedTuple):
    """Per renewal 1, 2, ...: customers who could renew and those who did not, over all cohorts."""

    at_risk: Floats
    lost: Floats


def renewals(survivors: ArrayLike) -> Renewals:
    """Counts per renewal from survivors.

    Args:
        survivors: Customers left after 0, 1, 2 ... renewals: one row, or one per cohort with NaN where still unknown.

    Raises:
        ModelError: a count rises, is negative, or there are fewer than two (KW-LT-115).
    """
    left = np.atleast_2d(np.asarray(survivors, float))
    before, after = left[:, :-1], left[:, 1:]
    known = ~np.isnan(after) & ~np.isnan(before)
    if not known.any() or (after[known] > before[known]).any() or (after[known] < 0).any():
        raise ModelError([Fault("KW-LT-115")])
    at_risk = np.where(known, before, 0.0).sum(axis=0)
    return Renewals(at_risk, at_risk - np.where(known, after, 0.0).sum(axis=0))


def fit(data: Renewals, *, model: Literal["sbg", "bdw"] = "sbg", start: ArrayLike | None = None) -> Fit:
    """Maximum likelihood estimates.

    Args:
        data: From :func:`renewals`.
        model: Which one.
        start: Parameters to begin with, for a refit.
    """
    kind = SBG if model == "sbg" else BDW
    starts = (
        [(1.0, 1.0, 1.0), (0.5, 3.0, 1.0), (3.0, 10.0, 1.0)] if start is None else [tuple(np.asarray(start, float))]
    )
    chosen = [begin[: len(kind.names)] for begin in starts]
    customers, lost = float(data.at_risk.max()), float(data.lost.sum())
    found = fit_likelihood(kind, likelihood(data, kind), chosen, customers=customers, rows=len(data.lost))
    return found.with_remarks(on_size(customers, lost))


def likelihood(data: Renewals, kind: Kind = SBG) -> Likelihood:
    """The log-likelihood of (alpha, beta) or (alpha, beta, c) with gradient and Hessian."""
    tenure = np.arange(len(data.lost) + 1.0)
    stayed = data.at_risk - data.lost
    size = len(kind.names)

    def evaluate(parameters: Floats) -> Evaluation:
        logs, slopes, bends = _log_survival(parameters, tenure)
        step, slope, bend = (np.diff(part) for part in (logs, slopes, bends))
        ratio = 1 / np.expm1(-step)
        pull, stiffness = stayed - data.lost * ratio, -data.lost * ratio * (1 + ratio)
        value = (data.lost * np.log(-np.expm1(step)) + stayed * step).sum()
        hessian = np.einsum("t,it,jt->ij", stiffness, slope, slope) + bend @ pull
        return Evaluation(float(value), (slope @ pull)[:size], hessian[:size, :size])

    return evaluate


def survival(parameters: ArrayLike, tenure: ArrayLike) -> Floats:
    """Share of a cohort that is left after ``tenure`` renewals."""
    alpha, beta, shape = _three(parameters)
    special = functions()
    log = special.betaln(alpha, beta + np.asarray(tenure, float) ** shape) - special.betaln(alpha, beta)
    return np.asarray(np.exp(log))


def retention(parameters: ArrayLike, tenure: ArrayLike) -> Floats:
    """Share that renews for the ``tenure``-th time, of those who could: survival(t) / survival(t - 1)."""
    renewal = np.asarray(tenure, float)
    return survival(parameters, renewal) / survival(parameters, renewal - 1)


def residual_lifetime(
    parameters: ArrayLike, tenure: ArrayLike, discount_rate: float, horizon: float = np.inf
) -> Floats:
    """Discounted expected residual lifetime (DERL) in periods, just before the renewal that ends period ``tenure``.

    Tenure 0 is a new customer whose first payment is certain and comes now (DEL). A renewal just ahead counts in full.

    Args:
        parameters: alpha, beta, and c for the BdW.
        tenure: Period that the customer is in; 0 for a new customer.
        discount_rate: Effective, per period.
        horizon: Payments ahead that count; endless by default.

    Raises:
        ModelError: endless without discount while the sum has no known end (KW-LT-116).
    """
    alpha, beta, shape = _three(parameters)
    period = np.asarray(tenure, float)
    if np.isinf(horizon) and shape == 1 and (discount_rate > 0 or alpha > 1):
        nodes, weights = beta_rule(alpha, beta + np.maximum(period.ravel() - 1, 0))
        kept = np.where(period.ravel()[:, None] > 0, 1 - nodes, 1.0)
        ahead = (weights * kept * (1 + discount_rate) / (nodes + discount_rate)).sum(axis=1)
        return np.asarray(ahead.reshape(period.shape))
    if np.isinf(horizon) and not discount_rate > 0:
        raise ModelError([Fault("KW-LT-116")])
    faded = np.ceil(40 / np.log1p(discount_rate)) if discount_rate > 0 else np.inf
    later = np.arange(min(horizon, faded, MOST_TERMS))
    left = survival(parameters, period[..., None] + later) / survival(parameters, np.maximum(period - 1, 0))[..., None]
    return np.asarray((left * (1 + discount_rate) ** -later).sum(axis=-1))


def _three(parameters: ArrayLike) -> tuple[float, float, float]:
    given = np.asarray(parameters, float)
    return float(given[0]), float(given[1]), float(given[2]) if len(given) > 2 else 1.0


def _log_survival(parameters: Floats, tenure: Floats) -> tuple[Floats, Floats, Floats]:
    """The log of the survival per tenure, with first and second derivatives to alpha, beta and c in front."""
    alpha, beta, shape = _three(parameters)
    special = functions()
    time = tenure**shape
    faster = special.xlogy(time, tenure)  # derivative of the time to c
    whole, rest = alpha + beta, beta + time

    def gains(order: int) -> tuple[Floats, Floats]:
        lived, faced = special.polygamma(order, rest), special.polygamma(order, whole + time)
        return special.polygamma(order, whole) - faced, lived - faced

    all_first, time_first = gains(0)
    own = special.digamma(whole) - special.digamma(beta)
    slopes = np.stack([all_first, time_first + own, time_first * faster])
    all_second, time_second = gains(1)
    bends = np.empty((3, 3, len(tenure)))
    bends[0, 0] = bends[0, 1] = bends[1, 0] = all_second
    bends[1, 1] = time_second + special.polygamma(1, whole) - special.polygamma(1, beta)
    bends[0, 2] = bends[2, 0] = -special.polygamma(1, whole + time) * faster
    bends[1, 2] = bends[2, 1] = time_second * faster
    bends[2, 2] = time_second * faster**2 + time_first * special.xlogy(faster, tenure)
    logs = special.betaln(alpha, rest) - special.betaln(alpha, beta)
    return np.asarray(logs), slopes, bends
