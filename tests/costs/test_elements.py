"""Cost elements at the customer: every row adds up to the cent, wherever the support came from."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from companies import account, analysed, pool, trader
from klantwaarde import money
from klantwaarde.costs.elements import round_rows


def test_elements_follow_the_cost_of_the_pool_and_of_its_support() -> None:
    company = trader(cost_pools=[pool("ict", "support"), pool("desk", capacity=100)])
    company["ledger"] = [
        account("4000", 60.0, "pool", "desk", cost_element="people"), account("4100", 40.0, "pool", "ict", cost_element="machines"),
    ]  # fmt: skip
    company["pool_shares"] = [{"from_pool": "ict", "to_pool": "desk", "share": 1.0}]
    frame = analysed(**company).results["customer_elements"]
    assert frame.to_dict("list") == {
        "customer_id": ["A", "B"], "machines": [12.0, 20.0], "people": [18.0, 30.0], "cost_to_serve": [30.0, 50.0],
    }  # fmt: skip


def test_an_element_keeps_its_own_column_when_its_name_is_taken() -> None:
    company = trader()
    company["ledger"][2]["cost_element"] = "cost_to_serve"
    frame = analysed(**company).results["customer_elements"]
    assert frame["element_cost_to_serve"].tolist() == frame["cost_to_serve"].tolist() == [30.0, 50.0]


def test_without_cost_in_pools_no_customer_has_elements() -> None:
    company = trader()
    company["ledger"].pop()
    assert analysed(**company).results["customer_elements"].empty


def test_elements_that_cancel_out_give_nothing_to_anyone() -> None:
    company = trader()
    company["ledger"].append(account("4900", -100.0, "pool", "desk", cost_element="recharged"))
    outcome = analysed(**company)
    assert outcome.results["customer_elements"].empty
    assert outcome.ok


@given(st.integers(1, 40), st.integers(1, 7), st.integers(0, 2**32 - 1))
def test_rows_are_rounded_as_each_would_be_alone(n: int, columns: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    totals = draw.integers(-100_000, 100_000, n)
    weights = draw.integers(0, 9, (n, columns)) + np.eye(n, columns)
    weights[:, 0] += 1
    shares = weights / weights.sum(axis=1, keepdims=True) * totals[:, None]
    alone = [money.round_to_total(row, int(total)).tolist() for row, total in zip(shares, totals, strict=True)]
    assert round_rows(shares, totals).tolist() == alone
