"""Published figures of lifetime value and planning. Facts and sources: ``lifetime.toml``."""

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from klantwaarde.lifetime import planning
from klantwaarde.lifetime.bridge import Form, Position, equity_bridge
from klantwaarde.lifetime.clv import Terms, Timing, per_month
from klantwaarde.money import AmountError

CASES: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("lifetime.toml").read_text(encoding="utf-8")
)


def case(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return CASES[name]["inputs"], CASES[name]["expected"]


def near(expected: Any, name: str) -> Any:
    return pytest.approx(expected, abs=CASES[name]["tolerance"])


def test_clv_1_two_conventions_differ_by_exactly_one_margin() -> None:
    given, expected = case("CLV-1")
    after, certain = Terms(**given), Terms(**given, first_margin=True, timing="begin")
    assert float(after.value) == near(expected["first_margin_excluded"], "CLV-1")
    assert float(certain.value) == near(expected["first_margin_included"], "CLV-1")
    assert float(certain.value - after.value) == pytest.approx(given["margin"])


def test_clv_4_edges_of_the_formula() -> None:
    given, expected = case("CLV-4")
    assert Terms(**given).value.tolist() == near(expected["value"], "CLV-4")


@pytest.mark.parametrize(
    ("retention", "discount", "growth", "code"), [(1, 0, 0, "KW-LT-001"), (0.9, 0.1, 0.25, "KW-LT-002")]
)
def test_clv_4_what_has_no_end_is_refused(retention: float, discount: float, growth: float, code: str) -> None:
    with pytest.raises(AmountError) as refused:
        Terms(100, retention, discount, growth=growth)
    assert [fault.code for fault in refused.value.faults] == [code]
    assert np.isfinite(Terms(100, retention, discount, 5, growth=growth).value)


@pytest.mark.parametrize("name", case("TIMING")[1])
def test_timing_is_an_input(name: str) -> None:
    given, expected = case("TIMING")
    *monthly, timing, first = name.split("_")
    timings: dict[str, Timing] = {"begin": "begin", "mid": "mid", "end": "end"}
    terms = Terms(**given, timing=timings[timing], first_margin=first == "certain")
    assert float((terms.monthly() if monthly else terms).value) == near(expected[name], "TIMING")


def test_a_monthly_rate_compounds_to_the_yearly_one() -> None:
    given, expected = case("RATES")
    assert float(per_month(given["annual"])) == near(expected["monthly"], "RATES")


def test_berger_and_nasr_case_1() -> None:
    """Contributions at the begin of a year, the first certain and ten after it; promotion in the middle of ten years."""
    given, expected = case("BERGER-NASR-1")
    rates = given["retention"], given["discount"]
    earned = Terms(given["contribution"], *rates, given["years"] + 1, first_margin=True, timing="begin").value
    spent = Terms(given["promotion"], *rates, given["years"], first_margin=True, timing="mid").value
    assert float(earned - spent) == near(expected["value"], "BERGER-NASR-1")


def test_retention_elasticity_of_gupta_lehmann_and_stuart() -> None:
    """How much of a percent the value moves with one percent of retention."""
    given, expected = case("ELASTICITY")
    retention, step = np.array(given["retention"]), 1e-6
    low, high = (np.log(Terms(1, retention * (1 + by), given["discount"]).value) for by in (-step, step))
    assert ((high - low) / (2 * step)).tolist() == near(expected["elasticity"], "ELASTICITY")


@pytest.mark.parametrize("form", ["simple", "actuarial"])
def test_ceb_1_the_equity_bridge_closes_in_both_forms(form: Form) -> None:
    given, expected = case("CEB-1")
    customers = sorted(given["opening"].keys() | given["closing"].keys())

    def position(moment: str) -> Position:
        rows = [given[moment].get(customer, {"margin": 0.0, "retention": 0.0}) for customer in customers]
        margin, retention = (np.array([row[name] for row in rows]) for name in ("margin", "retention"))
        active = np.array([customer in given[moment] for customer in customers])
        return Position(active, Terms(margin, retention, given["discount"]))

    back = np.isin(customers, given["reactivated"])
    frame = equity_bridge(position("opening"), position("closing"), back, form=form)
    found = dict(zip(frame["step"], frame["amount"], strict=True))
    assert {name: found[name] for name in expected[form]} == near(expected[form], "CEB-1")
    assert all(found[name] == 0 for name in found.keys() - expected[form].keys())


def test_cac_1_cost_of_winning_and_winning_back() -> None:
    given, expected = case("CAC-1")
    cac = float(planning.acquisition_cost(sum(given["costs"]), given["new"]))
    back = planning.reactivation_value(given["reactivation_cost"], given["reactivated"], given["clv_reactivated"], cac)
    assert cac == expected["cac"]
    assert planning.customers_for_budget(given["budget"], cac) == expected["customers_for_budget"]
    assert planning.budget_for_customers(given["target_new"], cac) == expected["budget_for_target"]
    assert float(back.cost_each) == expected["reactivation_cost_each"]
    assert float(back.net_value_each) == expected["net_value_reactivated"]
    assert float(back.part_of_acquisition) == pytest.approx(expected["reactivation_to_acquisition"], abs=5e-7)
    assert float(planning.npv_investment(cac, Terms(given["margin"], 1, 0.1)).payback) == near(expected["payback"], "CAC-1")


def test_tgt_1_new_customers_for_a_target() -> None:
    given, expected = case("TGT-1")
    names = ("target_value", "opening_value", "expected_churn_value", "upsell_value", "reactivation_value")
    value = planning.value_to_acquire(*(given[name] for name in names))
    needed = planning.new_customers_needed(value, given["clv_new"])
    assert (float(value), float(needed)) == (expected["value_to_acquire"], expected["new_customers"])
    assert planning.budget_for_customers(needed, given["cac"]) == expected["budget"]
