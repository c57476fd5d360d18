import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companies import account, analysed, failed, pool, row_of, sale, volume
from klantwaarde import money
from klantwaarde.base.then_and_now import Cells, margin_steps

YEAR = {"period_start": "2025-01-01", "period_end": "2025-12-31"}
SIDE = st.tuples(st.integers(0, 50), st.integers(0, 99_999), st.integers(0, 99_999))


@given(st.lists(st.tuples(st.integers(0, 2), SIDE, SIDE), min_size=1, max_size=12))
def test_every_customer_closes_to_the_cent(cells):
    customer = np.array([code for code, _, _ in cells])
    old, new = (np.array([cell[side] for cell in cells], dtype=float).T for side in (1, 2))
    then, now, steps = margin_steps(Cells(customer, *((old[part], new[part]) for part in range(3))), 3)
    assert (then + sum(steps.values()) == now).all()
    for code in range(3):
        assert then[code] == (old[1] - old[2])[customer == code].sum()


def sold(day, price, quantity, cost=1.0, product="X"):
    return sale("K", price * quantity, cost * quantity, day, product_id=product, quantity=float(quantity))


def steps(*lines):
    frame = analysed(YEAR, invoice_lines=lines).results["then_and_now"]
    return row_of(frame, "customer_id", "K")[["price", "unit_cost", "volume", "mix"]].tolist()


def test_each_step_alone():
    then = sold("2024-01-01", 10, 100)
    assert steps(then, sold("2025-01-01", 12, 100)) == [200, 0, 0, 0]
    assert steps(then, sold("2025-01-01", 10, 100, 3)) == [0, -200, 0, 0]
    assert steps(then, sold("2025-01-01", 10, 50)) == [0, 0, -450, 0]
    assert steps(then, sold("2025-01-01", 10, 100), sold("2025-01-01", 5, 10, product="Y")) == [0, 0, 0, 40]


def test_without_quantities_all_is_mix():
    lines = [sale("K", 100.0, 50.0, "2024-01-01"), sale("K", 130.0, 60.0, "2025-01-01")]
    row = row_of(analysed(YEAR, invoice_lines=lines).results["then_and_now"], "customer_id", "K")
    assert row[["price", "unit_cost", "volume", "mix", "change"]].tolist() == [0, 0, 0, 20, 20]


def test_the_first_year_begins_at_the_first_full_month():
    lines = [sale("S", 1.0, 0, day) for day in ("2022-01-01", "2025-01-01")]
    lines += [sale("N", 10.0, 0, day) for day in ("2023-03-15", "2023-04-01", "2024-03-31", "2024-04-01", "2025-06-01")]
    row = row_of(analysed(YEAR, invoice_lines=lines).results["then_and_now"], "customer_id", "N")
    assert row["net_revenue_then"] == 20.0
    assert str(row["then_until"].date()) == "2024-03-31"


@pytest.mark.parametrize(("first", "compared"), [("2023-12-31", True), ("2024-01-01", False)])
def test_two_full_years_are_needed(first, compared):
    lines = [sale("S", 1.0, 0, "2022-01-01"), *[sale("N", 10.0, 0, day) for day in (first, "2024-06-01", "2025-06-01")]]
    frame = analysed(YEAR, invoice_lines=lines).results["then_and_now"]
    assert (len(frame) == 1 and "N" in set(frame["customer_id"])) is compared


def test_cost_to_serve_is_a_step_when_both_years_are_costed():
    company = {
        "invoice_lines": [sale(name, 500.0, 300.0, f"{year}-01-01") for name in "AB" for year in (2024, 2025)],
        "ledger": [
            row
            for year in ("2024", "2025")
            for row in (
                account("8000", -1000.0, "direct", "revenue", period=year), account("7000", 600.0, "direct", "cost_of_goods", period=year),
                account("4000", 100.0, "pool", "desk", period=year),
            )
        ],
        "cost_pools": [pool("desk", capacity=100)],
        "activities": [{"activity_id": "order", "pool_id": "desk", "minutes": 10}],
        "activity_volumes": [volume("A", "order", 3, period="2024"), volume("A", "order", 7, period="2025"), volume("B", "order", 2, period="2024"), volume("B", "order", 2, period="2025")],
    }  # fmt: skip
    outcome = analysed(YEAR, **company)
    row = row_of(outcome.results["then_and_now"], "customer_id", "A")
    assert row[["margin_then", "cost_to_serve", "margin_now"]].tolist() == [170.0, -40.0, 130.0]
    bridge = outcome.results["then_and_now_bridge"]
    assert money.cents(bridge["amount"].to_numpy()[:-1]).sum() == money.cents(bridge["amount"].to_numpy()[-1])
    assert failed(outcome) == set()
