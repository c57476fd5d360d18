"""From pools to cells: the cents of a pool go to cells and unused capacity, ties to the lowest customer number."""

import numpy as np
import pytest

from companies import account, analysed, pool, sale, volume


def three_equal(capacity: float | None, cost: float = 1.0) -> list[float]:
    """What three customers that use the same bear of one euro."""
    outcome = analysed(
        customers=[{"customer_id": name} for name in ("C", "A", "B")],
        invoice_lines=[sale("A", 1.0)],
        ledger=[account("8000", -1.0, "direct", "revenue"), account("4000", cost, "pool", "desk")],
        cost_pools=[pool("desk", capacity=capacity)],
        activities=[{"activity_id": "order", "pool_id": "desk", "minutes": 1}],
        activity_volumes=[volume(name, "order", 1) for name in ("B", "C", "A")],
    )
    allocation = outcome.model.allocation
    assert int(allocation.cells.sum() + allocation.unused.sum()) == round(cost * 100)
    return outcome.results["customer_pl"]["order"].tolist()


def test_the_cent_that_is_left_over_goes_to_the_lowest_customer_number() -> None:
    assert three_equal(3) == [0.34, 0.33, 0.33]
    assert three_equal(3, cost=-1.0) == [-0.34, -0.33, -0.33]


def test_unused_capacity_takes_part_in_the_rounding() -> None:
    assert three_equal(6) == [0.17, 0.17, 0.16]  # 16.67 cents each and 50 unused


@pytest.mark.parametrize("capacity", [None, 2])
def test_all_cost_or_more_is_borne_without_spare_capacity(capacity: float | None) -> None:
    assert sum(three_equal(capacity)) == pytest.approx(1.0 if capacity is None else 1.5)


def test_a_pool_that_serves_nobody_has_no_rate() -> None:
    outcome = analysed(
        {"idle_pool": "unused"},
        invoice_lines=[sale("A", 1.0)],
        ledger=[account("8000", -1.0, "direct", "revenue"), account("4000", 9.0, "pool", "desk")],
        cost_pools=[pool("desk", capacity=3)],
        activities=[{"activity_id": "order", "pool_id": "desk", "minutes": 1}],
        activity_volumes=[volume("A", "order", 0)],
    )
    assert np.isnan(outcome.model.allocation.rates).all()
    assert outcome.model.allocation.unused.tolist() == [900]


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_between_equal_handlings_the_lowest_id_gets_the_cent_in_any_order_of_rows(order: tuple[str, str]) -> None:
    outcome = analysed(
        invoice_lines=[sale("A", 1.0)],
        ledger=[account("8000", -1.0, "direct", "revenue"), account("4000", 0.01, "pool", "desk")],
        cost_pools=[pool("desk", capacity=2)],
        activities=[{"activity_id": name, "pool_id": "desk", "minutes": 1} for name in order],
        activity_volumes=[volume("A", name, 1) for name in order],
    )
    assert outcome.results["customer_pl"][["a", "b"]].to_numpy().tolist() == [[0.01, 0.0]]
