"""Gamma-Gamma: what a purchase of a customer is worth, given the mean of those seen.

Source: Fader, Hardie & Lee, RFM and CLV: Using Iso-Value Curves for Customer Base Analysis, Journal of Marketing Research
42(4), 2005; Fader & Hardie, The Gamma-Gamma Model of Monetary Value, note 025, 2013. Assumes that value and frequency are
independent: their correlation is reported. Parameters: p, q and gamma (in currency units).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from klantwaarde.lifetime.fitting import Evaluation, Fit, Kind, Likelihood, fit_likelihood, on_size, total
from klantwaarde.lifetime.special import functions
from klantwaarde.lifetime.transactions import ModelError, distinct, totals
from klantwaarde.messages import Fault
from klantwaarde.money import Floats

BLOCK = 8192
RELATED = 0.1  # correlation of value and frequency that is worth a warning, when it is no chance
P, Q, GAMMA = range(3)


class Spending(NamedTuple):
    """Different combinations of repeat purchases and their mean value, with how many customers have them."""

    frequency: Floats
    value: Floats
    weight: Floats


MODEL = Kind("gammagamma", ("p", "q", "gamma"))


def spending(frequency: ArrayLike, value: ArrayLike, weight: ArrayLike | None = None) -> Spending:
    """The customers with repeat purchases and a mean value above zero; others say nothing about value.

    Raises:
        ModelError: there is no such customer (KW-LT-113).
    """
    x, z = (np.atleast_1d(np.asarray(column, float)) for column in (frequency, value))
    known = (x > 0) & (np.nan_to_num(z) > 0)
    if not known.any():
        raise ModelError([Fault("KW-LT-113")])
    (counts, values), row_of = distinct(x[known], z[known])
    times = np.ones(len(x)) if weight is None else np.asarray(weight, float)
    return Spending(counts, values, totals(row_of, times[known]))


def fit(data: Spending, start: ArrayLike | None = None) -> Fit:
    """Maximum likelihood estimates of p, q and gamma.

    Args:
        data: From :func:`spending`.
        start: Parameters to begin with, for a refit.
    """
    customers = float(data.weight.sum())
    mean = float(data.weight @ data.value) / customers
    starts = [(2.0, 3.0, mean), (6.0, 4.0, mean / 2), (0.5, 2.0, 2 * mean)]
    chosen = starts if start is None else [tuple(np.asarray(start, float))]
    found = fit_likelihood(MODEL, likelihood(data), chosen, customers=customers, rows=len(data.weight))
    return found.with_remarks([*on_size(customers, customers), *_on_mean(found), *_on_dependence(data)])


def likelihood(data: Spending) -> Likelihood:
    """The log-density of the mean values as a function of (p, q, gamma), with gradient and Hessian."""
    counts, count_of = np.unique(data.frequency, return_inverse=True)
    by_count = totals(count_of, data.weight)
    logs = totals(count_of, data.weight * np.log(data.value))
    spent = data.frequency * data.value
    constant = -float(data.weight @ np.log(data.value))
    blocks = np.split(np.arange(len(spent)), range(BLOCK, len(spent), BLOCK))

    def evaluate(parameters: Floats) -> Evaluation:
        parts = [_shapes(parameters, counts, by_count, logs)]
        parts += [_scales(parameters, data.frequency[at], spent[at], data.weight[at]) for at in blocks]
        value, gradient, hessian = total(parts)
        return Evaluation(constant + value, gradient, hessian)

    return evaluate


def expected_value(parameters: ArrayLike, frequency: ArrayLike, value: ArrayLike) -> Floats:
    """Expected value of a purchase: the customer's own mean, drawn to that of the population when seen seldom.

    Formula: p (gamma + x z) / (p x + q - 1). Without repeat purchases the population mean; NaN when that does not exist
    (q <= 1).
    """
    p, q, gamma = np.asarray(parameters, float)
    x = np.asarray(frequency, float)
    spent = x * np.where(x > 0, np.asarray(value, float), 0.0)
    divisor = p * x + q - 1
    return np.divide(p * (gamma + spent), divisor, out=np.full(np.shape(divisor), np.nan), where=divisor > 0)


def correlation(data: Spending) -> float:
    """Correlation between frequency and mean value over customers; zero by assumption, NaN when one does not vary."""
    weight = data.weight / data.weight.sum()
    first, second = (column - weight @ column for column in (data.frequency, data.value))
    spread = float(weight @ first**2) * float(weight @ second**2)
    return float(weight @ (first * second)) / spread**0.5 if spread > 0 else float("nan")


def _shapes(parameters: Floats, counts: Floats, by_count: Floats, logs: Floats) -> Evaluation:
    """What depends on the number of purchases: gamma functions, q ln gamma, p x (ln x + ln z)."""
    special = functions()
    p, q, gamma = parameters
    both, own = p * counts + q, p * counts
    total = by_count.sum()
    bought = counts * (by_count * np.log(counts) + logs)
    value = by_count @ (special.gammaln(both) - special.gammaln(own)) + total * (q * np.log(gamma) - special.gammaln(q))
    steep, bend = special.digamma(both), special.polygamma(1, both)
    gradient, hessian = np.zeros(3), np.zeros((3, 3))
    gradient[P] = (by_count * counts) @ (steep - special.digamma(own)) + bought.sum()
    gradient[Q] = by_count @ steep + total * (np.log(gamma) - special.digamma(q))
    gradient[GAMMA] = total * q / gamma
    hessian[P, P] = (by_count * counts**2) @ (bend - special.polygamma(1, own))
    hessian[P, Q] = hessian[Q, P] = (by_count * counts) @ bend
    hessian[Q, Q] = by_count @ bend - total * special.polygamma(1, q)
    hessian[Q, GAMMA] = hessian[GAMMA, Q] = total / gamma
    hessian[GAMMA, GAMMA] = -total * q / gamma**2
    return Evaluation(float(value + p * bought.sum()), gradient, hessian)


def _scales(parameters: Floats, frequency: Floats, spent: Floats, weight: Floats) -> Evaluation:
    """-(p x + q) ln(gamma + x z), over some customers."""
    p, q, gamma = parameters
    power, level = p * frequency + q, gamma + spent
    logs, inverse = np.log(level), 1 / level
    gradient, hessian = np.zeros(3), np.zeros((3, 3))
    gradient[:] = -(weight * frequency * logs).sum(), -(weight * logs).sum(), -(weight * power * inverse).sum()
    hessian[P, GAMMA] = hessian[GAMMA, P] = -(weight * frequency * inverse).sum()
    hessian[Q, GAMMA] = hessian[GAMMA, Q] = -(weight * inverse).sum()
    hessian[GAMMA, GAMMA] = (weight * power * inverse**2).sum()
    return Evaluation(-float((weight * power * logs).sum()), gradient, hessian)


def _on_mean(found: Fit) -> list[Fault]:
    q = float(found.parameters[Q])
    return [] if q > 1 else [Fault("KW-LT-107", "warn", found=f"{q:.3g}")]


def _on_dependence(data: Spending) -> list[Fault]:
    """A warning when frequent buyers spend more or less a time, by more than chance would give."""
    related, count = correlation(data), float(data.weight.sum())
    significant = abs(related) > 2 / count**0.5
    return (
        [Fault("KW-LT-106", "warn", values={"correlation": related})] if abs(related) > RELATED and significant else []
    )
