"""The functions of group planning: constructed cases and what they spill."""

import pytest

from klantwaarde_addin.errors import NO_RESULT, FunctionError
from klantwaarde_addin.functions import (
    acquisition_cost,
    budget_for_customers,
    customers_for_budget,
    new_customers_needed,
    npv_investment,
    reactivation_value,
)

from .published import case, column, near


def test_cost_of_winning_and_the_budget_both_ways() -> None:
    given, expected = case("CAC-1")
    cac = acquisition_cost(column(given["costs"]), given["new"])
    assert cac == expected["cac"]
    assert customers_for_budget(given["budget"], cac) == expected["customers_for_budget"]
    assert budget_for_customers(given["target_new"], cac) == expected["budget_for_target"]
    assert customers_for_budget(column([given["budget"], 0]), cac, 5_000) == column([50.0, 0.0])


def test_winning_back_against_winning() -> None:
    given, expected = case("CAC-1")
    arguments = given["reactivation_cost"], given["reactivated"], given["clv_reactivated"]
    [row] = reactivation_value(*arguments, expected["cac"])
    each, net = expected["reactivation_cost_each"], expected["net_value_reactivated"]
    assert row == [each, net, net * given["reactivated"], pytest.approx(expected["reactivation_to_acquisition"], abs=5e-7)]
    assert reactivation_value(*arguments) == [row[:3]]


def test_new_customers_for_a_target() -> None:
    given, expected = case("TGT-1")
    names = ("target_value", "opening_value", "expected_churn_value", "clv_new", "upsell_value", "reactivation_value")
    assert new_customers_needed(*(given[name] for name in names)) == expected["new_customers"]
    assert new_customers_needed(100, 200, 50, 10) == 0


def test_an_investment_with_its_payback() -> None:
    given, expected = case("CAC-1")
    [[npv, payback, per_euro]] = npv_investment(3_900, given["margin"], 0.1, 5)
    assert payback == near(expected["payback"])
    assert npv == near(1_500 * (1 - 1.1**-5) / 0.1 - 3_900)
    assert per_euro == pytest.approx(1 + npv / 3_900)
    assert npv_investment(column([3_900, 100]), 10, 0.1, 5)[1][1] == "nooit"


def test_an_extra_margin_without_end_needs_a_discount() -> None:
    with pytest.raises(FunctionError, match="KW-LT-001") as refused:
        npv_investment(100, 10, 0)
    assert refused.value.code == NO_RESULT
