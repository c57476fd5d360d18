"""Capacity rates: the published figures of Kaplan & Anderson (2004) and Horngren et al."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantwaarde.costs.capacity import capacity_rate, dual_rate, unused_capacity
from klantwaarde.money import AmountError


def test_customer_service_department_with_traditional_rates() -> None:
    shares, volumes = np.array([0.7, 0.1, 0.2]), [49_000, 1_400, 2_500]  # TDABC-1
    assert capacity_rate(560_000 * shares, volumes) == pytest.approx([8.00, 40.00, 44.80])


def test_customer_service_department_time_driven() -> None:
    minutes, volumes = np.array([8, 44, 50]), np.array([49_000, 1_400, 2_500])  # TDABC-2
    rate = capacity_rate(560_000, 700_000)
    assert rate == pytest.approx(0.80)
    assert minutes * rate == pytest.approx([6.40, 35.20, 40.00])
    used = minutes * volumes
    assert (used * rate).sum() == pytest.approx(462_880.00)
    quantity, cost, utilisation = unused_capacity(700_000, used.sum(), rate)
    assert (quantity, cost) == (pytest.approx(121_400), pytest.approx(97_120.00))
    assert utilisation == pytest.approx(0.826571, abs=5e-7)


def test_over_capacity_is_negative_so_that_used_and_unused_make_the_ledger() -> None:
    rate = capacity_rate(1_000, 100)  # TDABC-7
    unused = unused_capacity(100, 120, rate)
    assert (float(unused.quantity), float(unused.cost), float(unused.utilisation)) == (-20, -200, 1.2)
    assert 120 * float(rate) + float(unused.cost) == pytest.approx(1_000)


def test_pools_are_rated_all_at_once() -> None:
    unused = unused_capacity([100, 50], [80, 60], capacity_rate([1_000, 100], [100, 50]))
    assert unused.quantity.tolist() == [20, -10]
    assert unused.cost.tolist() == [200, -20]


@pytest.mark.parametrize("capacity", [0, -5, float("nan"), float("inf")])
def test_a_capacity_that_is_not_above_zero_is_refused_with_its_place(capacity: float) -> None:
    with pytest.raises(AmountError) as refused:
        capacity_rate([10, 10], [100, capacity])
    [fault] = refused.value.faults
    assert (fault.code, fault.values["position"]) == ("KW-CO-040", 2)
    with pytest.raises(AmountError, match="KW-CO-040"):
        unused_capacity(capacity, 1, 1)


def test_computer_department_at_dual_rates_on_practical_capacity() -> None:
    charge = dual_rate(3_000_000, [8_000, 4_000], 200, [9_000, 3_000], practical_capacity=18_750)  # DUAL-1
    assert charge.fixed_rate == pytest.approx(160)
    assert charge.fixed == pytest.approx([1_280_000, 640_000])
    assert charge.variable == pytest.approx([1_800_000, 600_000])
    assert charge.total == pytest.approx([3_080_000, 1_240_000])
    assert (charge.unused_quantity, charge.unused_cost) == (pytest.approx(6_750), pytest.approx(1_080_000))


def test_without_practical_capacity_all_fixed_cost_is_charged_on_the_budget() -> None:
    charge = dual_rate(3_000_000, [8_000, 4_000], 200, [9_000, 3_000])  # 3,000,000 / 12,000 h = 250
    assert charge.fixed.tolist() == [2_000_000, 1_000_000]
    assert (charge.unused_quantity, charge.unused_cost) == (0, 0)


def test_a_budget_of_nothing_is_refused() -> None:
    with pytest.raises(AmountError, match="KW-CO-041"):
        dual_rate(100, [0, 0], 1, [5, 5])


@given(st.floats(0, 1e9), st.floats(0.1, 1e7), st.floats(0, 1e7))
def test_used_and_unused_cost_make_the_cost_of_the_pool(cost: float, capacity: float, used: float) -> None:
    rate = capacity_rate(cost, capacity)
    unused = unused_capacity(capacity, used, rate)
    assert used * rate + unused.cost == pytest.approx(cost, abs=1e-6 * (1 + float(used * rate)))
