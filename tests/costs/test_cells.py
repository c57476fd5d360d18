"""Cells and totals: the whole road of E2E-1, from ledger to customer, to the cent."""

import math
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantwaarde import money
from klantwaarde.costs.capacity import capacity_rate
from klantwaarde.costs.cells import totals_by
from klantwaarde.costs.support import allocate_support

CUSTOMERS = "ABCD"
POOLS = ["HR", "ICT", "Binnendienst", "Magazijn", "Administratie", "Transport"]
POOL_COST = [20_000, 30_000, 120_000, 90_000, 45_000, 60_000]
SUPPORT_SHARES = [[0, 0.1, 0.4, 0.3, 0.1, 0.1], [0.2, 0, 0.4, 0.15, 0.2, 0.05], *([[0] * 6] * 4)]
CAPACITY = [180_000, 110_000, 25_000, 120_000]
ACTIVITY_POOL = np.array([0, 0, 0, 1, 1, 2, 2, 2, 3, 3])  # order ... driver service
MINUTES = np.array([12, 3, 45, 20, 2, 4, 30, 10, 25, 15])
VOLUMES = np.array(
    [
        [1200, 6000, 50, 100, 6000, 1200, 0, 4, 900, 50],
        [400, 4000, 120, 900, 4000, 400, 12, 30, 400, 350],
        [2600, 5200, 600, 1400, 5200, 2600, 40, 160, 1900, 900],
        [100, 900, 5, 0, 900, 100, 0, 0, 60, 0],
    ]
)
CELLS = np.array(
    [
        [11493.88, 14367.35, 1795.92, 1870.13, 11220.78, 10403.26, 0.00, 86.69, 12053.57, 401.79],
        [3831.29, 9578.23, 4310.21, 16831.17, 7480.52, 3467.76, 780.24, 650.20, 5357.14, 2812.50],
        [24903.40, 12451.70, 21551.02, 26181.82, 9724.67, 22540.41, 2600.82, 3467.76, 25446.43, 7232.15],
        [957.82, 2155.10, 179.59, 0.00, 1683.12, 866.94, 0.00, 0.00, 803.57, 0.00],
    ]
)
UNUSED = [36_097.96, 27_864.93, 9_319.59, 10_178.57]


def test_mini_wholesaler_from_ledger_to_customer_to_the_cent() -> None:
    spread = allocate_support(
        POOL_COST, SUPPORT_SHARES, method="reciprocal", names=POOLS, support=[True, True, False, False, False, False]
    )
    assert spread.gross[:2] == pytest.approx([26_530.612245, 32_653.061224], abs=1e-6)
    pools = money.round_to_total(spread.final[2:] * 100, 365_000_00)
    assert money.euros(pools).tolist() == [143_673.47, 102_857.14, 54_183.67, 64_285.72]

    rates = capacity_rate(money.euros(pools), CAPACITY)
    exact = (VOLUMES * MINUTES * rates[ACTIVITY_POOL]).ravel() * 100
    pool = np.tile(ACTIVITY_POOL, 4)
    unused = pools - totals_by(pool, exact, 4)
    cells, left_over = np.zeros(40, dtype=np.int64), np.zeros(4, dtype=np.int64)
    for group in range(4):
        rounded = money.round_to_total(np.append(exact[pool == group], unused[group]), int(pools[group]))
        cells[pool == group], left_over[group] = rounded[:-1], rounded[-1]
    assert np.abs(cells - np.rint(CELLS.ravel() * 100)).max() <= 1
    assert np.abs(left_over - np.rint(np.array(UNUSED) * 100)).max() <= 1
    per_customer = totals_by(np.repeat(np.arange(4), 10), cells, 4)
    assert money.euros(per_customer) == pytest.approx([63_693.37, 55_099.26, 156_100.18, 6_646.14], abs=0.011)
    assert int(per_customer.sum() + left_over.sum()) == 365_000_00
    assert int(left_over.sum()) == 83_461_05


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(-(10**14), 10**14)), max_size=60))
def test_totals_of_cents_are_exact_in_any_order(rows: list[tuple[int, int]]) -> None:
    codes = np.array([code for code, _ in rows], dtype=np.int32)
    amounts = np.array([amount for _, amount in rows], dtype=np.int64)
    expected = [sum(amount for code, amount in rows if code == wanted) for wanted in range(6)]
    assert totals_by(codes, amounts, 6).tolist() == expected
    assert totals_by(codes[::-1], amounts[::-1], 6).tolist() == expected


@given(st.lists(st.tuples(st.integers(0, 2), st.floats(-1e6, 1e6)), max_size=60), st.randoms())
def test_totals_of_fractions_are_the_same_to_the_last_bit_in_any_order(
    rows: list[tuple[int, float]], random: Random
) -> None:
    def totals(given_rows: list[tuple[int, float]]) -> list[float]:
        codes = np.array([code for code, _ in given_rows], dtype=np.int32)
        return totals_by(codes, np.array([amount for _, amount in given_rows], dtype=float), 3).tolist()

    shuffled = random.sample(rows, len(rows))
    assert totals(shuffled) == totals(rows)
    assert totals(rows) == pytest.approx([math.fsum(a for c, a in rows if c == code) for code in range(3)], abs=1e-6)


@pytest.mark.parametrize("code", [-1, 3])
def test_a_code_without_a_place_is_refused(code: int) -> None:
    with pytest.raises(ValueError, match=r"0\.\.2"):
        totals_by(np.array([0, code]), np.array([1.0, 1.0]), 3)
