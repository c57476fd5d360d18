"""Support departments: published cases, exact fractions and a step-by-step flow of every euro."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantwaarde.costs.support import (
    ClosedLoopError,
    Method,
    SupportError,
    SupportResult,
    allocate_support,
)

REGINA = ["HR", "DP", "RM", "Machining", "Assembly"]  # SVC-1: University of Regina, bus388, ch. 10.4
REGINA_COST = [80_000, 120_000, 40_000, 0, 0]
REGINA_SHARES = [[0, 0.2, 0.1, 0.4, 0.3], [0.08, 0, 0.07, 0.3, 0.55], [0, 0, 0, 0.5, 0.5], [0] * 5, [0] * 5]


def fractions_of(quantities: list[list[int]]) -> np.ndarray:
    """Each row divided by its sum; an empty row stays zero."""
    given = np.array(quantities, dtype=float)
    sums = given.sum(axis=1, keepdims=True)
    return np.divide(given, sums, out=np.zeros_like(given), where=sums > 0)


def close(names: list[str], cost: list[float], shares: object, support: int, method: Method) -> SupportResult:
    """Close the first ``support`` departments."""
    is_support = np.arange(len(names)) < support
    return allocate_support(cost, np.array(shares, dtype=float), method=method, names=names, support=is_support)


@pytest.mark.parametrize(
    ("order", "method", "machining", "assembly"),
    [
        ("HR DP RM", "reciprocal", 107_276.42, 132_723.58),
        ("HR DP RM", "direct", 108_067.23, 131_932.77),
        ("HR DP RM", "step-down", 105_521.74, 134_478.26),
        ("DP HR RM", "step-down", 110_600.00, 129_400.00),
    ],
)
def test_three_departments_close_as_published(order: str, method: Method, machining: float, assembly: float) -> None:
    names = [*order.split(), "Machining", "Assembly"]
    at = [REGINA.index(name) for name in names]
    shares = np.array(REGINA_SHARES)[np.ix_(at, at)]
    result = close(names, [REGINA_COST[place] for place in at], shares, 3, method)
    assert result.final == pytest.approx([0, 0, 0, machining, assembly], abs=0.005)


def test_reciprocated_totals_are_as_published() -> None:
    result = close(REGINA, REGINA_COST, REGINA_SHARES, 3, "reciprocal")
    assert result.gross[:3] == pytest.approx([91_056.91, 138_211.38, 58_780.49], abs=0.005)


def test_two_departments_that_serve_each_other() -> None:
    shares = [[0, 0.2, 0.8], [0.3, 0, 0.7], [0, 0, 0]]  # SVC-4: Y = 7,260 + 0.3 Z; Z = 4,000 + 0.2 Y
    result = close(["Y", "Z", "X"], [7_260, 4_000, 0], shares, 2, "reciprocal")
    assert result.gross[:2] == pytest.approx([9_000, 5_800])


@pytest.mark.parametrize("method", ["reciprocal", "step-down", "direct"])
def test_self_consumption_does_not_change_the_operating_departments(method: Method) -> None:
    shares = fractions_of([[200, 500, 300], [0, 0, 0], [0, 0, 0]])  # SVC-9
    result = close(["S", "P1", "P2"], [800, 0, 0], shares, 1, method)
    assert result.final == pytest.approx([0, 500, 300])
    assert result.gross[0] == pytest.approx(1000 if method == "reciprocal" else 800)


def test_a_closed_loop_is_refused_by_the_names_in_it() -> None:
    names = ["A", "B", "C", "D", "X"]  # C feeds the loop of A and B (SVC-8), D stands outside
    shares = [[0, 1, 0, 0, 0], [1, 0, 0, 0, 0], [0.5, 0, 0, 0, 0.5], [0, 0, 0, 0, 1], [0] * 5]
    with pytest.raises(ClosedLoopError) as refused:
        close(names, [0, 0, 50, 10, 0], shares, 4, "reciprocal")
    assert refused.value.departments == ("A", "B")
    assert [fault.code for fault in refused.value.faults] == ["KW-CO-010"]
    assert "A, B" in str(refused.value)


def test_a_department_that_keeps_everything_is_a_loop_of_one() -> None:
    with pytest.raises(ClosedLoopError) as refused:
        close(["A", "X"], [10, 0], [[1, 0], [0, 0]], 1, "reciprocal")
    assert refused.value.departments == ("A",)


@pytest.mark.parametrize("exit_share", [1e-2, 1e-4, 1e-6, 1e-7, 1e-9, 1e-11, 1e-13])
def test_a_way_out_too_narrow_for_floats_is_refused_or_conserves_cost(exit_share: float) -> None:
    shares = [[1 - exit_share, exit_share, 0], [1 - exit_share, 0, exit_share], [0, 0, 0]]  # leaves once in 1/exit^2
    try:
        result = close(["A", "B", "X"], [100, 50, 0], shares, 2, "reciprocal")
    except ClosedLoopError:
        assert exit_share <= 1e-6
    else:
        assert result.final == pytest.approx([0, 0, 150])


def test_a_solve_without_a_pivot_is_a_closed_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    def singular(*_: object) -> None:
        raise np.linalg.LinAlgError

    monkeypatch.setattr(np.linalg, "solve", singular)
    with pytest.raises(ClosedLoopError):
        close(["A", "X"], [10, 0], [[0, 1], [0, 0]], 1, "reciprocal")


def test_an_idle_department_that_gives_to_an_idle_loop_does_no_harm() -> None:
    shares = [[0, 0.5, 0.5], [0, 1, 0], [0, 0, 0]]
    result = close(["A", "B", "X"], [0, 0, 30], shares, 2, "reciprocal")
    assert result.final.tolist() == [0, 0, 30]


def test_a_loop_through_which_no_cost_runs_does_no_harm() -> None:
    shares = [[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0]]
    result = close(["A", "B", "C", "X"], [0, 0, 70, 30], shares, 3, "reciprocal")
    assert result.final.tolist() == [0, 0, 0, 100]


@pytest.mark.parametrize(
    ("method", "shares", "stranded"),
    [
        ("reciprocal", [[0, 1, 0], [0, 0, 0], [0, 0, 0]], ["B"]),  # B received all of A's cost
        ("direct", [[0, 1, 0], [0.5, 0, 0.5], [0, 0, 0]], ["A"]),
        ("step-down", [[0, 0, 1], [1, 0, 0], [0, 0, 0]], ["B"]),  # A was closed before B
        ("direct", [[0, 1, 0], [1, 0, 0], [0, 0, 0]], ["A", "B"]),
    ],
)
def test_costs_without_a_receiver_are_refused_by_name(method: Method, shares: object, stranded: list[str]) -> None:
    with pytest.raises(SupportError) as refused:
        close(["A", "B", "X"], [10, 20, 0], shares, 2, method)
    assert [(fault.code, fault.values["department"]) for fault in refused.value.faults] == [
        ("KW-CO-011", name) for name in stranded
    ]


@pytest.mark.parametrize(
    ("cost", "shares", "code"),
    [
        ([1, 0], [[0, -1], [0, 0]], "KW-CO-012"),
        ([1, 0], [[0, float("nan")], [0, 0]], "KW-CO-012"),
        ([1, 0], [[0, 0.999], [0, 0]], "KW-CO-013"),
        ([1, 0], [[0, 1], [1, 0]], "KW-CO-014"),
        ([float("inf"), 0], [[0, 1], [0, 0]], "KW-CO-016"),
    ],
)
def test_shares_and_costs_that_cannot_be_are_refused(cost: list[float], shares: object, code: str) -> None:
    with pytest.raises(SupportError) as refused:
        close(["S", "X"], cost, shares, 1, "reciprocal")
    assert [fault.code for fault in refused.value.faults] == [code]


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(SupportError, match="KW-CO-015"):
        close(["S", "X"], [1, 0], [[0, 1], [0, 0]], 1, "iterative")  # type: ignore[arg-type]


def test_arrays_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="3 names"):
        allocate_support([1, 0], np.eye(2), method="direct", names=["a", "b", "c"], support=[True, False])


@st.composite
def departments(draw: st.DrawFn) -> tuple[list[int], list[list[int]], int]:
    """Costs, driver quantities and the number of support departments, each with a way out."""
    supporting, operating = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    n = supporting + operating
    quantities = [draw(st.lists(st.integers(0, 50), min_size=n, max_size=n)) for _ in range(supporting)]
    for row in quantities:
        row[-1] += 1
    cost = draw(st.lists(st.integers(-(10**6), 10**8), min_size=n, max_size=n))
    return cost, quantities + [[0] * n for _ in range(operating)], supporting


def exact_reciprocal(cost: list[int], quantities: list[list[int]], supporting: int) -> list[Fraction]:
    """Gauss-Jordan elimination on ``gross = cost + received`` in exact fractions."""
    shares = [[Fraction(cell, sum(row)) for cell in row] for row in quantities[:supporting]]
    rows = [
        [Fraction(int(to == by)) - shares[by][to] for by in range(supporting)] + [Fraction(cost[to])]
        for to in range(supporting)
    ]
    for pivot in range(supporting):
        chosen = max(range(pivot, supporting), key=lambda at: abs(rows[at][pivot]))
        rows[pivot], rows[chosen] = rows[chosen], rows[pivot]
        rows[pivot] = [cell / rows[pivot][pivot] for cell in rows[pivot]]
        for other in range(supporting):
            if other != pivot:
                factor = rows[other][pivot]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[pivot], strict=True)]
    gross = [row[-1] for row in rows]
    return [
        cost[to] + sum(gross[by] * shares[by][to] for by in range(supporting)) for to in range(supporting, len(cost))
    ]


def step_by_step(cost: list[int], shares: np.ndarray, supporting: int) -> np.ndarray:
    """Let every euro flow on, round after round, until nothing is left in the support departments."""
    resting, moving = np.array(cost, dtype=float), np.zeros(len(cost))
    moving[:supporting], resting[:supporting] = resting[:supporting], 0
    for _ in range(10_000):
        received = moving[:supporting] @ shares[:supporting]
        moving = np.where(np.arange(len(cost)) < supporting, received, 0)
        resting[supporting:] += received[supporting:]
        if np.abs(moving).max() < 1e-7:
            break
    return resting


@given(departments())
def test_reciprocal_equals_exact_fractions_and_the_flow_of_every_euro(case: tuple) -> None:
    cost, quantities, supporting = case
    names = [f"d{at}" for at in range(len(cost))]
    shares = fractions_of(quantities)
    result = close(names, cost, shares, supporting, "reciprocal")
    scale = sum(map(abs, cost)) + 1
    exact = [float(amount) for amount in exact_reciprocal(cost, quantities, supporting)]
    assert np.abs(result.final[supporting:] - exact).max() < 1e-10 * scale
    assert np.abs(result.final - step_by_step(cost, shares, supporting)).max() < 1e-9 * scale + 1e-3


@given(departments(), st.sampled_from(["reciprocal", "step-down", "direct"]))
def test_no_cost_is_lost_and_the_flows_explain_the_result(case: tuple, method: Method) -> None:
    cost, quantities, supporting = case
    names = [f"d{at}" for at in range(len(cost))]
    result = close(names, cost, fractions_of(quantities), supporting, method)
    scale = sum(map(abs, cost)) + 1
    own = np.array(cost, dtype=float)
    assert abs(result.final.sum() - sum(cost)) < 1e-9 * scale
    assert np.all(result.final[:supporting] == 0)
    assert np.abs(result.weights @ own - result.final[supporting:]).max() < 1e-9 * scale
    assert result.weights.sum(axis=0) == pytest.approx(np.ones(len(cost)))
    received = result.flow.sum(axis=0)
    assert np.abs(own + received - result.gross).max() < 1e-9 * scale
    assert np.abs((own + received)[supporting:] - result.final[supporting:]).max() < 1e-9 * scale


@given(departments())
def test_step_down_equals_closing_one_department_after_another(case: tuple) -> None:
    cost, quantities, supporting = case
    names = [f"d{at}" for at in range(len(cost))]
    amounts = [Fraction(amount) for amount in cost]
    for giver in range(supporting):
        still_open = sum(quantities[giver][giver + 1 :])
        for taker in range(giver + 1, len(cost)):
            amounts[taker] += amounts[giver] * Fraction(quantities[giver][taker], still_open)
        amounts[giver] = Fraction(0)
    result = close(names, cost, fractions_of(quantities), supporting, "step-down")
    assert np.abs(result.final - np.array(amounts, dtype=float)).max() < 1e-9 * (sum(map(abs, cost)) + 1)
