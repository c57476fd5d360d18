"""Published figures, through the public road wherever a case has tables. Facts and sources: ``accounting.toml``."""

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import klantwaarde as kw
from cases import e2e_frames
from companies import account, analysed, failed, pool, row_of, sale, volume
from klantwaarde.costs.support import ClosedLoopError
from klantwaarde.money import AmountError, largest_remainder
from klantwaarde.profit.bridge import price_volume_mix
from klantwaarde.profit.curve import TIERS, abc_class, gini, pyramid_tier
from klantwaarde.profit.pricing import volume_for_discount, volume_for_price_rise

CASES: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("accounting.toml").read_text(encoding="utf-8")
)
UNUSED = {"idle_pool": "unused"}
ONE_SALE = [sale("K", 1.0)]


def case(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return CASES[name]["inputs"], CASES[name]["expected"]


def near(expected: Any, name: str) -> Any:
    return pytest.approx(expected, abs=CASES[name]["tolerance"])


def department(name: str) -> dict[str, list[dict[str, Any]]]:
    """One pool with activities that one customer uses."""
    given, _ = case(name)
    timed = "unit_minutes" in given
    effort = given["unit_minutes"] if timed else given["time_share"]
    return {
        "invoice_lines": ONE_SALE,
        "ledger": [account("8000", -1.0, "direct", "revenue"), account("4000", given["cost"], "pool", "Service")],
        "cost_pools": [pool("Service", capacity=given.get("practical_capacity_min"))],
        "activities": [
            {"activity_id": a, "pool_id": "Service", "minutes" if timed else "share": e} for a, e in effort.items()
        ],
        "activity_volumes": [volume("K", a, times) for a, times in given["volume"].items()],
    }


def test_tdabc_1_shares_of_the_pool_give_the_traditional_driver_rates() -> None:
    outcome = analysed(**department("TDABC-1"))
    rates = outcome.results["activity_rates"].set_index("activity_id")["price"].to_dict()
    assert rates == near(case("TDABC-1")[1]["rate"], "TDABC-1")
    assert outcome.results["capacity"]["unused_cost"].sum() == pytest.approx(0)
    assert outcome.ok


@pytest.mark.parametrize("unit", ["min", "h"])
def test_tdabc_2_time_driven_rates_leave_the_unused_capacity_visible(unit: str) -> None:
    company = department("TDABC-2")
    company["cost_pools"][0] |= {"capacity_unit": unit}
    company["cost_pools"][0]["capacity"] /= 60 if unit == "h" else 1
    outcome = analysed(**company)
    _, expected = case("TDABC-2")
    rates = outcome.results["activity_rates"].set_index("activity_id")
    [service] = outcome.results["capacity"].to_dict("records")
    assert service["rate"] == pytest.approx(expected["capacity_cost_rate"])
    assert rates["price"].to_dict() == near(expected["driver_rate"], "TDABC-2")
    assert rates["minutes"].to_dict() == near(expected["used_time"], "TDABC-2")
    assert rates["cost"].to_dict() == near(expected["assigned"], "TDABC-2")
    assert rates["cost"].sum() == near(expected["assigned_total"], "TDABC-2")
    assert (service["used"], service["unused"]) == (expected["used_time_total"], expected["unused_time"])
    assert service["unused_cost"] == near(expected["unused_cost"], "TDABC-2")
    assert service["utilisation"] == pytest.approx(expected["utilisation"], abs=5e-7)
    assert outcome.ok


def test_tdabc_5_a_time_equation_knows_what_was_special_about_a_package() -> None:
    given, expected = case("TDABC-5")
    packages = {"standard": (0, 0), "special": (1, 0), "air": (0, 1), "special_air": (1, 1)}
    outcome = analysed(
        invoice_lines=[sale(name, 1.0) for name in packages],
        ledger=[account("8000", -4.0, "direct", "revenue"), account("4000", 100.0, "pool", "Packing")],
        cost_pools=[pool("Packing", capacity=100)],  # one euro a minute: cost is minutes
        activities=[{"activity_id": "package", "pool_id": "Packing", "time_equation": given["equation"]}],
        activity_volumes=[volume(n, "package", 1, special=s, air=a) for n, (s, a) in packages.items()],
    )
    cost = outcome.results["customer_pl"].set_index("customer_id")["package"].to_dict()
    assert cost == near(expected["minutes"], "TDABC-5")


def test_tdabc_7_over_capacity_is_flagged_and_negative() -> None:
    outcome = analysed(**department("TDABC-7"))
    _, expected = case("TDABC-7")
    [service] = outcome.results["capacity"].to_dict("records")
    assert (service["used"], service["unused"]) == (expected["used_time_total"], expected["unused_time"])
    assert (service["used_cost"], service["unused_cost"]) == (expected["assigned_total"], expected["unused_cost"])
    assert (service["rate"], service["flag"]) == (expected["capacity_cost_rate"], expected["flag"])
    assert "KW-CA-011" in {message.code for message in outcome.messages}
    assert outcome.ok


def support_company(
    cost: dict[str, float], keys: dict[str, dict[str, float]], *, key: str = "share", order: tuple[str, ...] = ()
) -> dict[str, list[dict[str, Any]]]:
    """Support departments with own cost and what they give; other receivers are operating pools without volume."""
    support = order or tuple(keys)
    takers = dict.fromkeys(taker for row in keys.values() for taker in row if taker not in support)
    return {
        "invoice_lines": ONE_SALE,
        "ledger": [account("8000", -1.0, "direct", "revenue")]
        + [account(f"4-{name}", amount, "pool", name) for name, amount in cost.items()],
        "cost_pools": [*(pool(name, "support") for name in support), *(pool(name) for name in takers)],
        "pool_shares": [
            {"from_pool": giver, "to_pool": taker, key: part} for giver, row in keys.items() for taker, part in row.items()
        ],
        "activities": [{"activity_id": "order", "pool_id": next(iter(takers), "-"), "minutes": 1}],
        "activity_volumes": [volume("K", "order", 0)],
    }  # fmt: skip


def passed_on(outcome: kw.Outcome) -> tuple[dict[str, float], dict[str, float]]:
    """Gross cost of every pool, and its total after support."""
    frame = outcome.results["support_allocation"].set_index("pool_id")
    return (frame["own_cost"] + frame["received"]).to_dict(), frame["total"].to_dict()


def test_svc_1_reciprocal_support_departments() -> None:
    given, expected = case("SVC-1")
    outcome = analysed(UNUSED, **support_company(given["cost"], given["share"]))
    gross, total = passed_on(outcome)
    assert {name: gross[name] for name in given["cost"]} == near(expected["reciprocated"], "SVC-1")
    assert {name: total[name] for name in expected["operating"]} == near(expected["operating"], "SVC-1")
    assert outcome.results["support_allocation"]["total"].sum() == pytest.approx(expected["total"], abs=1e-9)
    assert outcome.ok


@pytest.mark.parametrize(
    ("method", "order", "name"),
    [
        ("direct", ("HR", "DP", "RM"), "direct"),
        ("step-down", ("HR", "DP", "RM"), "step_HR_DP_RM"),
        ("step-down", ("DP", "HR", "RM"), "step_DP_HR_RM"),
    ],
)
def test_svc_1_by_other_methods_step_down_in_the_order_of_the_table(
    method: str, order: tuple[str, ...], name: str
) -> None:
    given, expected = case("SVC-1")
    company = support_company(given["cost"], given["share"], order=order)
    _, total = passed_on(analysed(UNUSED | {"support_method": method}, **company))
    wanted = expected["other_methods_recomputed"][name]
    assert {pool_id: total[pool_id] for pool_id in wanted} == near(wanted, "SVC-1")


def test_svc_4_two_departments_that_serve_each_other() -> None:
    _, expected = case("SVC-4")
    keys = {"Y": {"Z": 0.2, "X": 0.8}, "Z": {"Y": 0.3, "X": 0.7}}  # Z takes 0.2 of Y, Y takes 0.3 of Z
    gross, total = passed_on(analysed(UNUSED, **support_company({"Y": 7260, "Z": 4000}, keys)))
    assert {name: gross[name] for name in expected} == near(expected, "SVC-4")
    assert total["X"] == pytest.approx(11_260)


def test_svc_8_a_closed_loop_names_its_departments() -> None:
    given, _ = case("SVC-8")
    company = support_company(given["cost"], given["share"])
    company["cost_pools"].append(pool("X"))
    company["activities"][0]["pool_id"] = "X"
    with pytest.raises(kw.InputError) as refused:
        analysed(UNUSED, **company)
    [fault] = refused.value.faults
    assert (fault.code, fault.table, fault.values["departments"]) == ("KW-CO-010", "pool_shares", "A, B")
    assert issubclass(ClosedLoopError, kw.InputError)


def test_svc_9_what_a_department_gives_itself_changes_nothing_for_the_others() -> None:
    given, expected = case("SVC-9")
    outcome = analysed(UNUSED, **support_company(given["cost"], given["usage"], key="driver_quantity"))
    _, total = passed_on(outcome)
    assert {name: total[name] for name in expected["operating"]} == expected["operating"]
    assert outcome.model.allocation.pools.gross.max() == pytest.approx(expected["reciprocated_gross"])


def test_dual_1_fixed_cost_follows_the_budget_and_variable_cost_the_use() -> None:
    given, expected = case("DUAL-1")
    variable = given["variable_rate"] * sum(given["actual_h"].values())
    company = support_company({"Computer": given["fixed_cost"] + variable}, {"Computer": given["budget_h"]})
    company["cost_pools"][0] |= {
        "capacity": given["practical_capacity_h"], "capacity_unit": "h", "variable_cost": variable,
    }  # fmt: skip
    company["pool_shares"] = [
        {"from_pool": "Computer", "to_pool": to, "driver_quantity": given["actual_h"][to], "budgeted_quantity": budget}
        for to, budget in given["budget_h"].items()
    ]
    outcome = analysed(UNUSED, **company)
    frame = outcome.results["support_allocation"].set_index("pool_id")
    assert {to: frame.loc[to, "total"] for to in expected["dual"]} == near(
        {to: parts["total"] for to, parts in expected["dual"].items()}, "DUAL-1"
    )
    assert frame.loc["Computer", "support_unused"] == near(expected["unused_cost"], "DUAL-1")
    assert outcome.ok


def test_dual_1_at_a_single_rate_all_cost_follows_the_use() -> None:
    given, expected = case("DUAL-1")
    single = expected["single_rate_recomputed"]
    hours = given["actual_h"]
    company = support_company({"Computer": given["fixed_cost"]}, {"Computer": hours}, key="driver_quantity")
    company["cost_pools"][0]["capacity"] = given["practical_capacity_h"]
    outcome = analysed(UNUSED, **company)
    frame = outcome.results["support_allocation"].set_index("pool_id")
    fixed = {to: amount - given["variable_rate"] * hours[to] for to, amount in single.items() if to in hours}
    assert {to: frame.loc[to, "total"] for to in fixed} == near(fixed, "DUAL-1")
    assert frame.loc["Computer", "support_unused"] == near(single["unused_cost_actual"], "DUAL-1")


def test_cpl_1_two_customers_with_equal_sales_and_unequal_orders() -> None:
    given, expected = case("CPL-1")
    customers = given["customers"] | {
        name: {"sales": sales, "orders": 1, "nonstocked": int(name == "nonstocked")}
        for name, sales in given["single_orders"].items()
    }
    orders, special = (sum(c[part] for c in customers.values()) for part in ("orders", "nonstocked"))
    sales = sum(c["sales"] for c in customers.values())
    outcome = analysed(
        invoice_lines=[sale(name, c["sales"], c["sales"] * given["gross_margin"]) for name, c in customers.items()],
        ledger=[
            account("8000", -sales, "direct", "revenue"),
            account("7000", sales * given["gross_margin"], "direct", "cost_of_goods"),
            account("4100", orders * given["order_cost"], "pool", "Orders"),
            account("4200", special * given["nonstock_surcharge"], "pool", "Special"),
        ],
        cost_pools=[pool("Orders", capacity=orders), pool("Special", capacity=special)],
        activities=[
            {"activity_id": "order", "pool_id": "Orders", "minutes": 1},
            {"activity_id": "nonstocked", "pool_id": "Special", "minutes": 1},
        ],
        activity_volumes=[volume(name, "order", c["orders"]) for name, c in customers.items()]
        + [volume(name, "nonstocked", c["nonstocked"]) for name, c in customers.items()],
    )
    frame = outcome.results["customer_pl"].set_index("customer_id")
    assert frame["customer_result"].to_dict() == near(expected["profit"] | expected["single"], "CPL-1")
    assert frame.loc[["A", "B"], "result_margin"].to_dict() == pytest.approx(expected["margin"], abs=5e-7)
    assert outcome.ok


def test_whale_1_a_fifth_of_the_customers_earns_more_than_twice_the_profit() -> None:
    given, expected = case("WHALE-1")
    ids = [f"K{place:02d}" for place in range(len(given["profit"]))]
    lines = [sale(name, 100 + profit, 100) for name, profit in zip(ids, given["profit"], strict=True)]
    curve = analysed(invoice_lines=lines).results["whale_curve"]
    assert curve["cumulative"].tolist() == expected["cumulative"]
    assert curve["customer_id"].tolist() == ids  # equal results: lowest customer number first
    share = curve.set_index("rank")["cumulative_share"]
    assert share[4] == pytest.approx(expected["top20_pct"])
    assert share[18] - share[4] == pytest.approx(expected["middle70_pct"])
    assert share[20] - share[18] == pytest.approx(expected["bottom10_pct"])
    assert share.max() == pytest.approx(expected["peak_pct"])
    assert curve["cumulative"].iloc[-1] == expected["total"]


def test_whale_2_without_a_positive_total_there_are_no_percentages() -> None:
    given, expected = case("WHALE-2")
    lines = [sale(f"K{place}", 100 + profit, 100) for place, profit in enumerate(given["profit"])]
    curve = analysed(invoice_lines=lines).results["whale_curve"]
    assert curve["cumulative"].tolist() == expected["cumulative"]
    assert curve["cumulative_share"].isna().all()
    assert curve["cumulative"].max() == expected["peak"]


def test_hier_1_channel_and_corporate_cost_stay_above_the_customer() -> None:
    given, expected = case("HIER-1")
    customers, levels = given["customers"], ("unit", "batch", "sustaining")
    cost = {level: sum(c[level] for c in customers.values()) for level in levels}
    outcome = analysed(
        customers=[{"customer_id": name, "channel": c["channel"]} for name, c in customers.items()],
        invoice_lines=[sale(name, c["margin"]) for name, c in customers.items()],
        ledger=[
            account("8000", -sum(c["margin"] for c in customers.values()), "direct", "revenue"),
            *(account(f"4-{level}", amount, "pool", level) for level, amount in cost.items()),
            *(account(f"5-{name}", amount, "channel", name) for name, amount in given["channel_cost"].items()),
            account("6000", given["corporate"], "corporate"),
        ],
        cost_pools=[pool(level, capacity=amount) for level, amount in cost.items()],
        activities=[{"activity_id": f"a-{level}", "pool_id": level, "minutes": 1} for level in levels],
        activity_volumes=[volume(n, f"a-{level}", c[level]) for n, c in customers.items() for level in levels],
    )
    results = outcome.results
    assert results["customer_pl"].set_index("customer_id")["customer_result"].to_dict() == expected["customer_level"]
    groups = results["segment_pl"].query("dimension == 'channel'").set_index("key")
    assert groups["result_after_channel"].to_dict() == expected["channel_level"]
    total = row_of(results["ledger_reconciliation"], "line", "total")
    assert total["ledger"] == expected["operating_income"]
    assert groups["result_after_channel"].sum() + total["corporate"] == expected["operating_income"]
    assert outcome.ok


def test_conc_1_gini_of_non_negative_values() -> None:
    given, expected = case("CONC-1")
    assert [gini(vector) for vector in given["vectors"]] == pytest.approx(expected["gini"], abs=5e-7)
    lines = [sale(f"K{value}", value) for value in given["vectors"][0]]
    figures = analysed(invoice_lines=lines).results["concentration"].set_index("measure")["value"]
    assert figures["gini"] == pytest.approx(expected["gini"][0], abs=5e-7)


def test_abc_1_the_share_before_the_customer_decides() -> None:
    given, expected = case("ABC-1")
    assert abc_class(given["values"]).tolist() == expected["classes_before"]
    lines = [sale(f"K{place}", value) for place, value in enumerate(given["values"])]
    assert analysed(invoice_lines=lines).results["customer_pl"]["abc_class"].tolist() == expected["classes_before"]


@pytest.mark.parametrize("n", [100, 250, 37, 1000])
def test_pyr_1_sizes_of_the_customer_pyramid(n: int) -> None:
    tiers = pyramid_tier(np.arange(float(n)))
    assert [int((tiers == tier).sum()) for tier in TIERS] == case("PYR-1")[1]["sizes"][str(n)]


def test_lrm_1_and_2_parts_add_up_to_the_whole() -> None:
    given, expected = case("LRM-1")
    assert largest_remainder(given["weights"], given["total"]).tolist() == expected["result"]
    given, expected = case("LRM-2")
    for one, wanted in zip(given["cases"], expected["results"], strict=True):
        weights = [float(weight) for weight in one["weights"]]
        assert (largest_remainder(weights, round(one["total"] * 100)) / 100).tolist() == wanted


def test_pvm_1_price_volume_and_mix_close_on_the_new_revenue() -> None:
    given, expected = case("PVM-1")
    names = list(given["p0"])
    parts = [[given[part][name] for name in names] for part in ("p0", "q0", "p1", "q1")]
    assert price_volume_mix(*parts) == near(
        {"before": expected["revenue_0"], "after": expected["revenue_1"]}
        | {part: expected[part] for part in ("price", "volume", "mix")}, "PVM-1",
    )  # fmt: skip
    lines = [
        sale(
            "K",
            given[f"p{now}"][name] * given[f"q{now}"][name],
            0,
            day,
            product_id=name,
            quantity=given[f"q{now}"][name],
        )
        for now, day in enumerate(("2024-05-01", "2025-05-01"))
        for name in names
    ]
    year = {"period_start": "2025-01-01", "period_end": "2025-12-31"}
    bridge = analysed(year, invoice_lines=lines).results["result_bridge"].set_index("step")["amount"]
    assert bridge[["before_contribution", "price", "volume", "mix", "now_contribution"]].tolist() == near(
        [expected[part] for part in ("revenue_0", "price", "volume", "mix", "revenue_1")], "PVM-1"
    )


def test_price_1_volume_that_earns_a_discount_back() -> None:
    given, expected = case("PRICE-1")
    for one, wanted in zip(given["cases"], expected["required_volume_change"], strict=True):
        if isinstance(wanted, dict):
            with pytest.raises(AmountError, match="KW-PL-010"):
                volume_for_discount(one["discount"], one["margin"])
        elif "price_rise" in one:
            assert float(volume_for_price_rise(one["price_rise"], one["margin"])) == pytest.approx(wanted, abs=5e-7)
        else:
            assert float(volume_for_discount(one["discount"], one["margin"])) == pytest.approx(wanted, abs=5e-7)


@pytest.fixture(scope="module")
def wholesaler() -> kw.Outcome:
    return kw.analyse(kw.tables_from(e2e_frames()))


def test_e2e_1_pools_rates_and_unused_capacity(wholesaler: kw.Outcome) -> None:
    expected = CASES["E2E-1"]["expected"]
    gross, total = passed_on(wholesaler)
    assert {name: gross[name] for name in expected["reciprocated"]} == near(expected["reciprocated"], "E2E-1")
    assert {name: total[name] for name in expected["pool_total"]} == expected["pool_total"]
    capacity = wholesaler.results["capacity"].set_index("pool_id")
    assert capacity["rate"].to_dict() == pytest.approx(expected["capacity_cost_rate"], abs=5e-9)
    for name, unused in expected["unused"].items():
        assert capacity.loc[name, "unused"] == unused["minutes"]
        assert capacity.loc[name, "unused_cost"] == near(unused["cost"], "E2E-1")
        assert capacity.loc[name, "utilisation"] == pytest.approx(unused["utilisation"], abs=5e-7)
    assert capacity["unused_cost"].sum() == pytest.approx(expected["unused_total"], abs=1e-9)


def test_e2e_1_customers_to_the_cent(wholesaler: kw.Outcome) -> None:
    expected = CASES["E2E-1"]["expected"]
    frame = wholesaler.results["customer_pl"].set_index("customer_id")
    for name, cells in expected["cells"].items():
        assert frame.loc[name, list(cells)].to_dict() == near(cells, "E2E-1")
    for name, lines in expected["customer_pl"].items():
        found = frame.loc[name]
        assert found["gross_margin"] == lines["brutomarge"]
        assert found["cost_to_serve"] == near(lines["cost_to_serve"], "E2E-1")
        assert found["direct_cost"] == lines["voorziening_en_geschenken"]
        assert found["customer_result"] == near(lines["klantresultaat"], "E2E-1")
    assert frame["customer_result"].sum() == pytest.approx(expected["sum_customer_results"], abs=1e-9)


def test_e2e_1_ledger_ties_and_the_curve_shows_the_loss(wholesaler: kw.Outcome) -> None:
    expected = CASES["E2E-1"]["expected"]
    total = row_of(wholesaler.results["ledger_reconciliation"], "line", "total")
    assert total["ledger"] == expected["ledger_result"]
    assert total["difference"] == expected["reconciliation_difference"]
    assert -total["corporate"] == expected["corporate"]
    curve = wholesaler.results["whale_curve"]
    assert curve["customer_id"].tolist() == expected["whale"]["order"]
    assert curve["cumulative"].tolist() == near(expected["whale"]["cumulative"], "E2E-1")
    assert failed(wholesaler) == set()
