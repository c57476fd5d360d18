"""Two periods: the bridge closes and says what moved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companies import Company, account, analysed, sale, trader, volume
from klantwaarde.money import AmountError
from klantwaarde.profit.bridge import price_volume_mix

YEAR = {"period_start": "2025-01-01", "period_end": "2025-12-31"}


def two_years() -> Company:
    return trader(
        invoice_lines=[
            sale("A", 100.0, 60.0, "2024-03-01", product_id="P", quantity=10), sale("A", 150.0, 70.0, "2025-03-01", product_id="P", quantity=10),
            sale("L", 50.0, 10.0, "2024-03-01"), sale("N", 80.0, 30.0, "2025-03-01"),
        ],
        ledger=[account("4000", 100.0, "pool", "desk", period="2024"), account("4000", 200.0, "pool", "desk", period="2025")],
        activity_volumes=[volume("A", "order", 4, period="2024"), volume("A", "order", 6, period="2025")],
    )  # fmt: skip


def test_the_bridge_goes_from_last_year_to_this_year() -> None:
    outcome = analysed(YEAR, **two_years())
    bridge = outcome.results["result_bridge"].set_index("step")["amount"].to_dict()
    assert bridge == {
        "before": 40.0, "lost_customers": -40.0, "new_customers": 50.0, "price": 50.0, "unit_cost": -10.0, "volume": 0.0,
        "mix": 0.0, "bonus_and_later_discount": 0.0, "handling_count": -20.0, "handling_minutes": 0.0,
        "handling_rate": -60.0, "direct_cost": 0.0, "now": 10.0,
    }  # fmt: skip
    status = outcome.results["period_comparison"].set_index("customer_id")["status"].to_dict()
    assert status == {"A": "continuing", "L": "lost", "N": "new"}


def test_a_ledger_that_does_not_reach_back_leaves_the_handlings_out_of_the_bridge() -> None:
    company = two_years()
    company["ledger"] = [account("4000", 200.0, "pool", "desk")]
    bridge = analysed(YEAR, **company).results["result_bridge"].set_index("step")["amount"]
    assert "handling_rate" not in bridge
    assert (bridge["before_contribution"], bridge["now_contribution"]) == (80.0, 130.0)


def test_a_previous_period_that_cannot_be_costed_is_left_out_and_said() -> None:
    company = two_years()
    company["ledger"].append(account("4999", 1.0, None, period="2024"))
    outcome = analysed(YEAR, **company)
    assert "result_bridge" not in outcome.results
    [fault] = [f for f in outcome.messages if f.code == "KW-MO-004"]
    assert "4999" in str(fault.values["reason"])


def test_without_old_quantities_there_is_no_average_price() -> None:
    with pytest.raises(AmountError, match="KW-PL-012"):
        price_volume_mix([10.0], [0.0], [11.0], [5.0])


def test_lines_without_quantities_count_as_mix() -> None:
    lines = [sale("A", 100.0, 60.0, "2024-03-01"), sale("A", 150.0, 70.0, "2025-03-01")]
    bridge = analysed(YEAR, invoice_lines=lines).results["result_bridge"].set_index("step")["amount"]
    assert bridge[["price", "unit_cost", "volume", "mix"]].tolist() == [0.0, 0.0, 0.0, 40.0]


@given(st.lists(st.tuples(*[st.integers(1, 900)] * 4), min_size=1, max_size=9))
def test_price_volume_and_mix_always_close(products: list[tuple[int, int, int, int]]) -> None:
    split = price_volume_mix(*zip(*products, strict=True))
    assert split["before"] + split["price"] + split["volume"] + split["mix"] == pytest.approx(split["after"])
    assert split["after"] == sum(p1 * q1 for _, _, p1, q1 in products)


def test_handlings_move_by_count_minutes_and_rate() -> None:
    """4 times 5 minutes at 1 euro becomes 6 times 10 minutes at 2 euro: 10 + 30 + 60."""
    company = two_years()
    company["activities"] = [{"activity_id": "order", "pool_id": "desk", "time_equation": "5 + lines"}]
    company["activity_volumes"][0] |= {"lines": 0}
    company["activity_volumes"][1] |= {"lines": 5}
    bridge = analysed(YEAR, **company).results["result_bridge"].set_index("step")["amount"]
    steps = ["handling_count", "handling_minutes", "handling_rate"]
    assert bridge[steps].tolist() == [-10.0, -30.0, -60.0]
