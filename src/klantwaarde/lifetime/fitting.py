"""Maximum likelihood for every model: Newton in log parameters, with standard errors and remarks on the fit."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from klantwaarde.lifetime.transactions import Rows
from klantwaarde.messages import Fault
from klantwaarde.money import Floats

MOST_STEPS = 100
MOST_IDLE = 5  # steps in a row that gain next to nothing: Newton near a top needs three
NEXT_TO_NOTHING = 0.01  # log-likelihood
LONGEST_STEP = 1.5  # in log parameters
REACH = 12.0  # a parameter may move this far from its start, in logs: a factor of 160,000
LEAST_BEND = 1e-4  # a direction that bends less has no top: its standard error is over 100, in logs
LOOSE = 1e-3  # share of a parameter in such directions
NOBODY_LEAVES = 0.999  # mean P(alive)
ENOUGH_CUSTOMERS = 100
ENOUGH_REPEATERS = 50
FLAT = 1.5  # standard error of a log parameter: 95 % of a range of a factor 20 to either side


class Evaluation(NamedTuple):
    """The log-likelihood at some parameters, its gradient and its Hessian."""

    value: float
    gradient: Floats
    hessian: Floats


Likelihood = Callable[[Floats], Evaluation]


class Fittable(Protocol):
    """What :func:`fit` needs of a model."""

    @property
    def id(self) -> str:
        """Of the model."""

    @property
    def names(self) -> tuple[str, ...]:
        """Of the parameters, in order."""


class Kind(NamedTuple):
    """A model that is no more than a name and its parameters."""

    id: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A fitted model.

    Attributes:
        model: Its id.
        names: Of the parameters.
        parameters: Maximum likelihood estimates.
        standard_errors: From the inverse Hessian; NaN where the likelihood does not determine the parameter.
        log_covariance: Of the log parameters.
        log_likelihood: At the estimates, over all customers.
        customers: How many were fitted.
        rows: How many different histories they have.
        steps: Newton steps taken.
        converged: Whether the top of the likelihood was reached.
        remarks: What makes the fit doubtful.
    """

    model: str
    names: tuple[str, ...]
    parameters: Floats
    standard_errors: Floats
    log_covariance: Floats
    log_likelihood: float
    customers: float
    rows: int
    steps: int
    converged: bool
    remarks: tuple[Fault, ...]

    @property
    def trusted(self) -> bool:
        """Whether no remark warns against using it."""
        return not any(remark.severity == "warn" for remark in self.remarks)

    def with_remarks(self, more: Iterable[Fault]) -> "Fit":
        """The same fit with further remarks."""
        return replace(self, remarks=(*self.remarks, *more))


class Optimum(NamedTuple):
    """Where the search ended."""

    parameters: Floats
    evaluation: Evaluation
    steps: int
    converged: bool
    at_border: NDArray[np.bool_]


def total(parts: Sequence[Evaluation]) -> Evaluation:
    """The sum of parts of one log-likelihood."""
    value, gradient, hessian = zip(*parts, strict=True)
    return Evaluation(sum(value), np.sum(gradient, axis=0), np.sum(hessian, axis=0))


def pace_of(rows: Rows) -> tuple[float, float]:
    """Purchases per unit of time over all customers, and the mean time that they were seen: to start a search with."""
    seen = max(float(rows.weight @ rows.age), 1e-9)
    return max(float(rows.weight @ rows.frequency), 0.5) / seen, seen / rows.customers


def in_logs(likelihood: Likelihood) -> Likelihood:
    """The same likelihood as a function of the logs of its parameters."""

    def evaluate(logs: Floats) -> Evaluation:
        parameters = np.exp(logs)
        value, gradient, hessian = likelihood(parameters)
        slope = parameters * gradient
        return Evaluation(value, slope, hessian * np.outer(parameters, parameters) + np.diag(slope))

    return evaluate


def maximise(likelihood: Likelihood, start: Sequence[float]) -> Optimum:
    """Newton with step control: uphill along the curvature's axes, halved until the likelihood rises.

    A likelihood that hardly rises any more while its parameters still run has no top worth looking for: the search ends there.

    Args:
        likelihood: Of positive parameters, with gradient and Hessian.
        start: Where to begin.
    """
    evaluate = in_logs(likelihood)
    logs = np.log(np.asarray(start, dtype=float))
    low, high = logs - REACH, logs + REACH
    here, step, idle = evaluate(logs), 0, 0
    while True:
        free = ~(((logs <= low) & (here.gradient < 0)) | ((logs >= high) & (here.gradient > 0)))
        direction = _uphill(here, free)
        gain = float(here.gradient @ direction)
        if gain <= max(1e-9, 1e-13 * abs(here.value)):
            return Optimum(np.exp(logs), here, step, converged=True, at_border=~free)
        found = _climb(evaluate, logs, here, direction, (low, high))
        if found is None:
            return Optimum(np.exp(logs), here, step, converged=gain < 1e-5, at_border=~free)
        idle = idle + 1 if found[1].value < here.value + NEXT_TO_NOTHING else 0
        logs, here = found
        step += 1
        if idle == MOST_IDLE or step == MOST_STEPS:
            return Optimum(np.exp(logs), here, step, converged=False, at_border=~free)


def fit_likelihood(
    model: Fittable, likelihood: Likelihood, starts: Sequence[Sequence[float]], *, customers: float, rows: int
) -> Fit:
    """The best optimum over the starts; a start that ends well inside the borders saves the others.

    Args:
        model: What is fitted.
        likelihood: Of its parameters.
        starts: Where to begin, the most likely one first.
        customers: How many.
        rows: How many different ones.
    """
    best: Optimum | None = None
    for start in starts:
        found = maximise(likelihood, start)
        if best is None or found.evaluation.value > best.evaluation.value:
            best = found
        if found.converged and not found.at_border.any():
            break
    assert best is not None
    covariance = _covariance(best.evaluation.hessian)
    errors = np.sqrt(np.diag(covariance))
    remarks = (*_on_search(best, model.names), *_on_flatness(best, errors, model.names))
    return Fit(
        model.id, model.names, best.parameters, best.parameters * errors, covariance, best.evaluation.value, customers,
        rows, best.steps, best.converged, remarks,
    )  # fmt: skip


def on_size(customers: float, repeaters: float) -> list[Fault]:
    """Remarks on too little to learn from."""
    remarks = []
    if customers < ENOUGH_CUSTOMERS:
        remarks.append(Fault("KW-LT-104", "warn", values={"count": int(customers), "enough": ENOUGH_CUSTOMERS}))
    if repeaters < ENOUGH_REPEATERS:
        remarks.append(Fault("KW-LT-105", "warn", values={"count": int(repeaters), "enough": ENOUGH_REPEATERS}))
    return remarks


def on_leaving(alive: Floats, weight: Floats) -> list[Fault]:
    """A remark when the model sees nobody leave."""
    return [Fault("KW-LT-109", "warn")] if float(alive @ weight) > NOBODY_LEAVES * float(weight.sum()) else []


def _uphill(here: Evaluation, free: NDArray[np.bool_]) -> Floats:
    """The Newton direction over the free parameters; curvature of the wrong sign is turned around."""
    direction = np.zeros(len(free))
    if free.any():
        bend, axes = np.linalg.eigh(-here.hessian[np.ix_(free, free)])
        size = np.maximum(np.abs(bend), 1e-9 * np.abs(bend).max() + 1e-300)
        direction[free] = axes @ ((axes.T @ here.gradient[free]) / size)
    longest = np.abs(direction).max()
    return direction * min(1.0, LONGEST_STEP / longest) if longest > 0 else direction


def _climb(
    evaluate: Likelihood, logs: Floats, here: Evaluation, direction: Floats, borders: tuple[Floats, Floats]
) -> tuple[Floats, Evaluation] | None:
    """The first point along the direction, halved each time, where the likelihood is higher; None when there is none."""
    length = 1.0
    while length > 1e-6:
        there = np.clip(logs + length * direction, *borders)
        found = evaluate(there)
        if np.isfinite(found.value) and found.value > here.value:
            return there, found
        length /= 2
    return None


def _covariance(hessian: Floats) -> Floats:
    """Of the log parameters; NaN for those that take part in a direction without a top."""
    bend, axes = np.linalg.eigh(-hessian)
    open_ended = bend < max(1e-10 * np.abs(bend).max(), LEAST_BEND)
    covariance = (axes / np.where(open_ended, np.inf, bend)) @ axes.T
    loose = (axes[:, open_ended] ** 2).sum(axis=1) > LOOSE
    covariance[loose, :] = covariance[:, loose] = np.nan
    return np.asarray(covariance)


def _on_search(best: Optimum, names: Sequence[str]) -> list[Fault]:
    remarks = []
    if not best.converged:
        remarks.append(Fault("KW-LT-101", "warn", values={"steps": best.steps}))
    for name, value, stuck in zip(names, best.parameters, best.at_border, strict=True):
        if stuck:
            remarks.append(Fault("KW-LT-103", "warn", found=f"{value:.3g}", values={"name": name}))
    return remarks


def _on_flatness(best: Optimum, errors: Floats, names: Sequence[str]) -> list[Fault]:
    """Parameters that the data hardly determine: any value in a wide range fits about as well."""
    return [
        Fault("KW-LT-102", "warn", found=f"{value:.3g}", values={"name": name})
        for name, value, error, stuck in zip(names, best.parameters, errors, best.at_border, strict=True)
        if not stuck and not error <= FLAT
    ]
