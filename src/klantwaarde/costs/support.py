"""Support departments pass their costs on: reciprocal, step-down or direct.

Each method is one matrix of shares: reciprocal uses the shares as given, step-down leaves out what is already closed,
direct leaves out every support department; what remains is scaled to 1. One exact solve then answers all three
(Kaplan & Atkinson, Advanced Management Accounting, 1998). A share that a department gives to itself
raises its gross total only: the operating departments receive the same.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from klantwaarde.messages import Fault, InputError
from klantwaarde.money import Floats

Method = Literal["reciprocal", "step-down", "direct"]
Mask = NDArray[np.bool_]

_SHARE_TOLERANCE = 1e-9  # how far the shares of one department may be from 1
_NO_EXIT = 1e-12  # a share this small leaves the solve without a digit: it is no way out
_SOLVE_TOLERANCE = 1e-6  # how far the parts of one support euro may sum from 1 before scaling


class SupportError(InputError, ValueError):
    """The shares of the support departments cannot be used."""


class ClosedLoopError(SupportError):
    """Support departments that pass their costs only to each other: no cost ever leaves the loop."""

    def __init__(self, departments: Iterable[str]) -> None:
        self.departments = tuple(departments)
        super().__init__([Fault("KW-CO-010", values={"departments": ", ".join(self.departments)})])


@dataclass(frozen=True, slots=True, eq=False)
class SupportResult:
    """Where the costs of the support departments went. Amounts are unrounded euros.

    Attributes:
        final: Cost per department after closing, shape (n,); support departments are 0.
        gross: Own cost plus everything received, shape (n,); the reciprocated total of a support department.
        flow: Who (row) gave how much to whom (column), shape (n, n); self-consumption stands on the diagonal.
        weights: What each operating department (row) bears of every department's own cost (column), so that
            ``final[operating] == weights @ cost`` for any cost element; shape (operating, n).
    """

    final: Floats
    gross: Floats
    flow: Floats
    weights: Floats


def allocate_support(
    cost: ArrayLike, shares: ArrayLike, *, method: Method, names: Sequence[str], support: ArrayLike
) -> SupportResult:
    """Close the support departments onto the operating ones.

    Args:
        cost: Own cost per department, in euro, shape (n,).
        shares: Fraction of what the row gives to the column, shape (n, n). Rows of support departments sum to 1, or to
            0 when there is nothing to give.
        method: ``step-down`` closes the support departments in the order given.
        names: Department names, for messages.
        support: True for a support department, shape (n,).

    Raises:
        ClosedLoopError: costs circle between support departments without a way out (KW-CO-010).
        SupportError: costs without a receiver (KW-CO-011), an impossible share (KW-CO-012), shares that do not sum to
            1 (KW-CO-013), an operating department that gives (KW-CO-014), an unknown method (KW-CO-015), a cost that is
            not a number (KW-CO-016).
    """
    own = np.asarray(cost, dtype=np.float64)
    given = np.asarray(shares, dtype=np.float64)
    is_support = np.asarray(support, dtype=bool)
    if own.ndim != 1 or given.shape != (len(own), len(own)) or not len(own) == len(is_support) == len(names):
        raise ValueError(f"cost {own.shape}, shares {given.shape}, support {is_support.shape}, {len(names)} names")
    _refuse(_input_faults(own, given, is_support, names))
    if method not in _EFFECTIVE_SHARES:
        raise SupportError([Fault("KW-CO-015", found=method)])
    effective = _EFFECTIVE_SHARES[method](given, is_support)
    stuck = _without_exit(own, effective, is_support, names)
    flowing = _scaled_to_one(np.where(stuck[:, None] | stuck, 0.0, effective))
    absorbed = _absorbed(flowing, is_support, names)
    return _result(own, flowing, is_support, absorbed)


def _absorbed(shares: Floats, support: Mask, names: Sequence[str]) -> Floats:
    """Which part of a support euro (row) ends at each operating department: (I - S)^-1 P.

    Rows are 1 by construction; scaling removes what the solve rounded, so that no cost is lost. A row far from 1 means
    that its costs circle some 1e10 times before they leave: in floats a closed loop.
    """
    leaving = shares[np.ix_(support, ~support)]
    try:
        absorbed = np.asarray(np.linalg.solve(_not_passed_within(shares, support), leaving), dtype=np.float64)
    except np.linalg.LinAlgError:
        absorbed = np.zeros_like(leaving)
    gives = shares[support].any(axis=1)
    circling = gives & ~(np.abs(absorbed.sum(axis=1) - 1) < _SOLVE_TOLERANCE)
    if circling.any():
        raise ClosedLoopError(names[row] for row in np.flatnonzero(support)[circling].tolist())
    return _scaled_to_one(absorbed)


def _result(own: Floats, shares: Floats, support: Mask, absorbed: Floats) -> SupportResult:
    weights = np.zeros((int((~support).sum()), len(own)))
    weights[:, ~support] = np.eye(len(weights))
    weights[:, support] = absorbed.T
    final = np.zeros(len(own))
    final[~support] = weights @ own
    gross = final.copy()
    gross[support] = np.linalg.solve(_not_passed_within(shares, support).T, own[support])
    return SupportResult(final, gross, gross[:, None] * shares, weights)


def _not_passed_within(shares: Floats, support: Mask) -> Floats:
    """I - S, with S the shares between support departments."""
    return np.eye(int(support.sum())) - shares[np.ix_(support, support)]


def _as_given(shares: Floats, support: Mask) -> Floats:  # noqa: ARG001 - one signature for all methods
    return _scaled_to_one(shares)


def _to_open_departments(shares: Floats, support: Mask) -> Floats:
    """Step-down: nothing to itself nor to a support department that was closed before."""
    closed = np.tril(np.broadcast_to(support, shares.shape))
    return _scaled_to_one(np.where(closed, 0.0, shares))


def _to_operating_departments(shares: Floats, support: Mask) -> Floats:
    return _scaled_to_one(np.where(support, 0.0, shares))


_EFFECTIVE_SHARES: dict[str, Callable[[Floats, Mask], Floats]] = {
    "reciprocal": _as_given,
    "step-down": _to_open_departments,
    "direct": _to_operating_departments,
}


def _scaled_to_one(rows: Floats) -> Floats:
    return _divided(rows, rows.sum(axis=1, keepdims=True))


def _divided(rows: Floats, by: Floats) -> Floats:
    """Rows divided; a row whose divisor is zero stays zero."""
    return np.asarray(np.divide(rows, by, out=np.zeros_like(rows), where=by > 0))


def _without_exit(own: Floats, effective: Floats, support: Mask, names: Sequence[str]) -> Mask:
    """The support departments that cannot reach an operating one and hold no cost; with cost they are refused.

    An idle loop has nothing to give, but would make the solve singular.
    """
    gives = effective > _NO_EXIT
    stuck = support & ~_connected(~support, gives.T)
    funded = _connected(support & (np.abs(own) > 0), gives)
    at_stake = stuck & funded
    without_receiver = at_stake & ~gives.any(axis=1)
    _refuse(
        [Fault("KW-CO-011", values={"department": names[row]}) for row in np.flatnonzero(without_receiver).tolist()]
    )
    loop = [row for row in np.flatnonzero(at_stake).tolist() if _connected(gives[row], gives)[row]]
    if loop:
        raise ClosedLoopError(names[row] for row in loop)
    return stuck


def _connected(start: Mask, links: Mask) -> Mask:
    """Every department that can be reached from the starting ones along the links (row to column)."""
    reached = start
    fresh = start
    while fresh.any():
        fresh = links[fresh].any(axis=0) & ~reached
        reached = reached | fresh
    return reached


def _input_faults(own: Floats, shares: Floats, support: Mask, names: Sequence[str]) -> list[Fault]:
    faults = [
        Fault("KW-CO-016", found=float(own[row]), values={"department": names[row]})
        for row in np.flatnonzero(~np.isfinite(own)).tolist()
    ]
    faults += _share_faults(shares, names)
    if faults:
        return faults
    sums = shares.sum(axis=1)
    for row in np.flatnonzero(sums > 0).tolist():
        if not support[row]:
            faults.append(Fault("KW-CO-014", values={"department": names[row]}))
        elif abs(sums[row] - 1) > _SHARE_TOLERANCE:
            faults.append(Fault("KW-CO-013", found=f"{sums[row]:.12g}", values={"department": names[row]}))
    return faults


def _share_faults(shares: Floats, names: Sequence[str]) -> list[Fault]:
    impossible = np.argwhere(~(np.isfinite(shares) & (shares >= 0))).tolist()
    return [
        Fault(
            "KW-CO-012",
            found=float(shares[giver, taker]),
            values={"department": names[giver], "receiver": names[taker]},
        )
        for giver, taker in impossible
    ]


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise SupportError(faults)
