"""Published and constructed cases of credit, as functions and through the public road. Facts and sources: ``credit.toml``."""

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from companies import sale
from debtors import AT, item, value, with_receivables
from klantwaarde.credit.cost import credit_cost
from klantwaarde.credit.dso import collection_effectiveness, dso, dso_countback
from klantwaarde.credit.lateness import days_late
from klantwaarde.credit.losses import expected_credit_loss

CASES: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_name("credit.toml").read_text(encoding="utf-8"))


def case(name: str) -> tuple[dict[str, Any], dict[str, Any], Any]:
    """Inputs, expected figures, and a comparison within the tolerance of the case."""
    found = CASES[name]
    return found["inputs"], found["expected"], lambda expected: pytest.approx(expected, abs=found["tolerance"])


def test_ecl_1_the_provision_matrix_of_ifrs_9() -> None:
    given, expected, near = case("ECL-1")
    assert expected_credit_loss(given["gross"], given["rate"]).tolist() == near(expected["allowance"])


def test_ecl_1_through_the_sheets() -> None:
    given, expected, near = case("ECL-1")
    due = ["2026-01-15", "2025-12-01", "2025-11-15", "2025-10-15", "2025-01-01"]
    rows = [item("M", gross, day) for gross, day in zip(given["gross"], due, strict=True)]
    outcome = with_receivables(rows, {"loss_rates": "/".join(f"{rate * 100:g}" for rate in given["rate"])})
    matrix = outcome.results["loss_matrix"]
    assert matrix["ageing_class"].tolist() == given["buckets"]
    assert matrix["open_invoices"].tolist() == given["gross"]
    assert matrix["expected_loss"].tolist() == near(expected["allowance"])
    assert value(outcome, "expected_loss", "M", "expected_loss") == near(expected["total"])


def test_dso_1_simple() -> None:
    given, expected, near = case("DSO-1")
    assert dso(given["receivables"], given["revenue"], given["days"]).tolist() == near(expected["dso"])


def test_dso_1_through_the_sheets() -> None:
    rows = [item("K", 1_650_000, "2025-06-30", "2025-07-10"), item("K", 150_000, "2026-01-15")]
    outcome = with_receivables(rows, invoice_lines=[sale("K", 1_800_000 / 1.21, day="2025-01-01")])
    assert outcome.results["payment_trend"]["dso"].iloc[-1] == pytest.approx(30.4167 * 215 / 365, abs=0.005)
    assert value(outcome, "payment_behaviour", "K", "dso") == pytest.approx(150_000 / 1_800_000 * 215, abs=0.005)


@pytest.mark.parametrize("place", range(4))
def test_dso_3_counting_back_at_its_borders(place: int) -> None:
    given, expected, near = case("DSO-3")
    one = given["cases"][place]
    found = dso_countback(one["receivables"], one["revenues"], one["days"])
    assert found.days[0] == near(expected["dso"][place])
    assert found.unexplained[0] == near(expected["unexplained"][place])


def test_cei_1_two_readings_of_one_ledger() -> None:
    given, expected, near = case("CEI-1")
    balances = given["closing"], given["closing_current"]
    assert float(collection_effectiveness(given["opening"], given["revenue"], *balances)) == near(expected["all_revenue"])
    monthly = given["revenue"] / given["months"]
    assert float(collection_effectiveness(given["opening"], monthly, *balances)) == near(expected["monthly_average"])


def test_wadl_1_weighted_days_late() -> None:
    given, expected, near = case("WADL-1")
    assert days_late(given["days_after_due"], given["amounts"]) == near(expected["floored"])
    assert days_late(given["days_after_due"], given["amounts"], floor=False) == near(expected["signed"])


def test_wadl_1_through_the_sheets() -> None:
    given, expected, near = case("WADL-1")
    due = np.datetime64("2025-06-30")
    pairs = zip(given["amounts"], given["days_after_due"], strict=True)
    outcome = with_receivables(item("K", amount, str(due), str(due + days)) for amount, days in pairs)
    assert value(outcome, "payment_behaviour", "K", "days_late") == near(expected["floored"])
    assert value(outcome, "payment_behaviour", "K", "days_late_signed") == near(expected["signed"])


def test_fin_1_interest_on_the_balance_with_vat() -> None:
    given, expected, near = case("FIN-1")
    terms = {"terms": given["terms"], "day_basis": given["day_basis"]}
    found = credit_cost(given["revenue"], given["days"], given["rate"], vat=given["vat"], **terms)
    assert float(found.receivable) == near(expected["receivable"])
    assert float(found.total) == near(expected["financing"])
    assert float(found.beyond_terms) == near(expected["beyond_terms"])
    assert float(found.within_terms + found.beyond_terms) == pytest.approx(float(found.total), abs=1e-9)
    assert float(credit_cost(given["revenue"], given["days"], given["rate"], vat=0).total) == near(expected["without_vat"])


def test_fin_1_through_the_sheets() -> None:
    given, expected, near = case("FIN-1")
    paid = str(np.datetime64("2025-03-01") + given["days"])
    gross = given["revenue"] * (1 + given["vat"])
    rows = [item("K", gross, "2025-03-31", paid, invoiced="2025-03-01")]
    outcome = with_receivables(rows, {"credit_rate": given["rate"], "reference_date": AT})
    assert value(outcome, "payment_cost", "K", "average_receivable") == near(expected["receivable"])
    assert value(outcome, "payment_cost", "K", "financing_cost") == near(expected["financing"])
    assert value(outcome, "payment_cost", "K", "financing_beyond_terms") == near(expected["beyond_terms"])
