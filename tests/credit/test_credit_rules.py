"""Every check of credit notices when its figures no longer agree."""

import pytest

from debtors import item, with_receivables
from klantwaarde import Outcome
from klantwaarde.credit.rules import RULES

BREAKS = {
    "ageing_items": ("ageing", "open_amount"), "ageing_classes": ("ageing", "1-30"), "provision_base": ("loss_matrix", "open_invoices"),
    "expected_loss": ("expected_loss", "expected_loss"), "risk_matrix_exposure": ("risk_value_matrix", "exposure_low"),
    "risk_matrix_customers": ("risk_value_matrix", "customers_low"), "risk_classes": ("risk_classes", "customers"),
    "payment_cost_parts": ("payment_cost", "credit_loss"), "payment_cost_result": ("payment_cost", "customer_result"),
    "payment_bridge": ("payment_bridge", "level"),
}  # fmt: skip


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    rows = [item("A", 121.0, "2025-12-15"), item("A", 60.0, "2025-10-31", "2025-11-05"), item("B", 605.0, "2025-12-15")]
    return with_receivables(rows, {"loss_rates": "1/2/3/4/5"})


def failing(outcome: Outcome, results: dict) -> set[str]:
    return {check.id for rule in RULES for check in rule(outcome.model, results) if check.status == "failed"}


def test_every_check_of_the_room_is_here(outcome):
    assert {check.id for rule in RULES for check in rule(outcome.model, outcome.results)} == set(BREAKS)
    assert failing(outcome, dict(outcome.results)) == set()


@pytest.mark.parametrize("check", BREAKS)
def test_a_figure_that_is_off_is_noticed(outcome, check):
    result, column = BREAKS[check]
    off = outcome.results[result].assign(**{column: outcome.results[result][column] + 1})
    assert check in failing(outcome, outcome.results | {result: off})
