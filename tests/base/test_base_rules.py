"""A figure that somebody changed is found."""

import pytest

from companies import analysed, sale
from klantwaarde.base.rules import RULES

YEAR = {"period_start": "2025-01-01", "period_end": "2025-12-31"}
LINES = [
    sale(name, 100.0 + place, 60.0, day, product_id="P", quantity=1.0)
    for place, (name, days) in enumerate({"A": "01", "B": "0", "C": "1", "D": "01"}.items())
    for day in (["2024-01-01", "2025-02-01"][int(which)] for which in days)
]


@pytest.fixture(scope="module")
def outcome():
    return analysed(YEAR, invoice_lines=LINES)


def wrong(outcome, results):
    return {check.id for rule in RULES for check in rule(outcome.model, results) if check.status != "ok"}


def test_all_is_well(outcome):
    assert wrong(outcome, outcome.results) == set()
    assert {check.id for rule in RULES for check in rule(outcome.model, outcome.results)} == {
        "base_bridge", "base_bridge_figures", "base_flow", "base_pyramid", "base_migration", "base_composition", "base_then",
        "base_lists",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("result", "column", "row", "expected"),
    [
        ("customer_bridge", "amount", 1, {"base_bridge", "base_lists"}),
        ("base_flow", "closing", 0, {"base_flow"}),
        ("pyramid", "customers", 0, {"base_pyramid"}),
        ("migration", "total", 0, {"base_migration"}),
        ("composition", "customers", 0, {"base_composition"}),
        ("then_and_now", "price", 0, {"base_then"}),
    ],
)
def test_a_changed_figure_is_found(outcome, result, column, row, expected):
    changed = outcome.results[result].copy()
    changed.loc[row, column] += 1
    assert wrong(outcome, {**outcome.results, result: changed}) == expected


def test_a_list_that_lacks_a_customer_is_found(outcome):
    lacking = outcome.results["lost_customers"].iloc[1:]
    assert wrong(outcome, {**outcome.results, "lost_customers": lacking}) == {"base_lists"}
