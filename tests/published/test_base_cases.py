"""Published and constructed figures of the customer base. Facts and sources: ``base.toml``."""

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from companies import analysed, row_of, sale
from klantwaarde.base import cohorts
from klantwaarde.base.association import Association, fisher_exact
from klantwaarde.base.attention import attention_index
from klantwaarde.base.cohorts import Relations, median_length

CASES: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_name("base.toml").read_text(encoding="utf-8"))
THIS_YEAR = {"period_start": "2025-01-01", "period_end": "2025-12-31"}


def near(expected: Any, name: str) -> Any:
    return pytest.approx(expected, abs=CASES[name]["tolerance"])


def test_churn_1_weak_customers_leave_more_often() -> None:
    given, expected = CASES["CHURN-1"]["inputs"], CASES["CHURN-1"]["expected"]
    weak, healthy = given["weak"], given["healthy"]
    table = Association(weak["churned"], sum(weak.values()), healthy["churned"], sum(healthy.values()))
    assert (table.rate_with, table.rate_without) == near((expected["rate_weak"], expected["rate_healthy"]), "CHURN-1")
    assert (table.relative_risk, table.odds_ratio) == near(
        (expected["relative_risk"], expected["odds_ratio"]), "CHURN-1"
    )
    assert table.share_of_leavers == near(expected["share_of_churners_weak"], "CHURN-1")
    assert table.p == pytest.approx(expected["fisher_p_two_sided"], rel=1e-5)
    assert fisher_exact(3, 4, 4, 8) == near(expected["tea_tasting_p"], "CHURN-1")
    assert given["weak_still_active"] * table.rate_with == near(expected["expected_leavers"], "CHURN-1")


def test_att_1_hours_against_contribution() -> None:
    given, expected = CASES["ATT-1"]["inputs"], CASES["ATT-1"]["expected"]
    index = attention_index(list(given["hours"].values()), list(given["margin"].values()))
    assert index.tolist() == near(list(expected["index"].values()), "ATT-1")
    hours = [
        {"team": "T", "customer_id": name, "hours": float(spent), "period": "2025"}
        for name, spent in given["hours"].items()
    ]
    lines = [sale(name, 1000.0 + margin, 1000.0) for name, margin in given["margin"].items()]
    frame = analysed(THIS_YEAR, invoice_lines=lines, hours=hours).results["attention"].set_index("customer_id")
    assert frame["attention_index"].to_dict() == near(expected["index"], "ATT-1")
    assert frame["contribution_per_hour"].to_dict() == near(expected["profit_per_hour"], "ATT-1")


@pytest.mark.parametrize("n", ["100", "250", "37", "1000"])
def test_pyr_1_tiers_of_the_pyramid(n: str) -> None:
    lines = [sale(f"K{place:04d}", 10.0 + place) for place in range(int(n))]
    frame = analysed(THIS_YEAR, invoice_lines=lines).results["pyramid"]
    assert frame["customers"].head(4).tolist() == CASES["PYR-1"]["expected"]["sizes"][n]


def test_cac_1_what_a_new_customer_costs() -> None:
    given, expected = CASES["CAC-1"]["inputs"], CASES["CAC-1"]["expected"]
    n = given["new"]
    old = [sale("OLD", 1000.0, 0.0, day) for day in ("2024-01-01", "2025-02-01")]
    discount = given["first_year_discounts"] / n
    new = [
        sale(f"N{place}", 5000.0 - discount, 3500.0 - discount, "2025-01-01", list_amount=5000.0, discount=discount)
        for place in range(n)
    ]
    costs = [
        {"customer_id": "N0", "date": np.datetime64("2025-03-01", "s"), "kind": kind, "amount": amount}
        for kind, amount in (("acquisition", given["sales_marketing"]), ("gift", given["welcome_gifts"]))
    ]
    results = analysed(THIS_YEAR, invoice_lines=[*old, *new], customer_costs=costs).results
    assert results["acquisition_cost"]["per_customer"].sum() == near(expected["cac"], "CAC-1")
    funnel = results["acquisition_funnel"].set_index("measure")["value"]
    assert funnel["margin_each"] == near(1500.0, "CAC-1")
    assert funnel["payback_months"] / 12 == near(expected["payback_years_at_margin_1500"], "CAC-1")


def test_pvm_1_then_and_now() -> None:
    given, expected = CASES["PVM-1"]["inputs"], CASES["PVM-1"]["expected"]
    lines = [
        sale(
            "K",
            given[f"p{now}"][name] * given[f"q{now}"][name],
            0,
            day,
            product_id=name,
            quantity=given[f"q{now}"][name],
        )
        for now, day in enumerate(("2024-01-01", "2025-05-01"))
        for name in given["p0"]
    ]
    frame = analysed(THIS_YEAR, invoice_lines=lines).results["then_and_now"]
    row = row_of(frame, "customer_id", "K")
    found = row[["margin_then", "price", "volume", "mix", "margin_now"]].tolist()
    assert found == near([expected[part] for part in ("revenue_0", "price", "volume", "mix", "revenue_1")], "PVM-1")
    assert row["unit_cost"] == 0


def test_km_1_survival_of_running_relations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cohorts, "FEWEST_AT_RISK", 1)
    given, expected = CASES["KM-1"]["inputs"], CASES["KM-1"]["expected"]
    lengths = np.array([*given["ended"], *given["running"]], dtype=float)
    ended = np.arange(len(lengths)) < len(given["ended"])
    relations = Relations(np.zeros(len(lengths)), lengths, ended)
    ages, curve = cohorts._product_limit(relations)
    assert dict(zip(map(str, ages.astype(int)), curve, strict=True)) == near(expected["survival"], "KM-1")
    assert median_length(relations) == expected["median"]
