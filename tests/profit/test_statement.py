"""The customer statement with unknown, silent and single customers."""

import numpy as np

from companies import (
    account,
    analysed,
    failed,
    faults_of,
    results_of,
    row_of,
    said,
    sale,
    trader,
    volume,
    with_rows,
)


def test_unknown_customers_and_lines_without_customer_keep_their_own_rows() -> None:
    company = trader(customers=[{"customer_id": "A"}])
    company["invoice_lines"].append(sale(None, 10.0, 0.0))
    company["ledger"][0]["amount"] = -710.0
    outcome = analysed(**company)
    assert results_of(outcome) == {"A": 170.0, "(unknown)": 50.0, "(none)": 10.0}
    assert {"KW-MO-005", "KW-MO-006"} <= said(outcome)
    assert failed(outcome) == set()
    assert outcome.results["whale_curve"]["customer_id"].tolist() == ["A"]
    assert ("KW-MO-005", "invoice_lines") in faults_of({"unknown_customers": "refuse"}, **company)


def test_volumes_of_an_unknown_customer_are_costed_and_said() -> None:
    company = trader()
    company["activity_volumes"].append(volume("X", "order", 2))
    outcome = analysed(**company)
    assert results_of(outcome)["(unknown)"] == -20.0
    assert [f.table for f in outcome.messages if f.code == "KW-MO-005"] == ["activity_volumes"]
    assert failed(outcome) == set()


def test_discount_that_came_later_lowers_revenue() -> None:
    company = with_rows(trader(), "ledger", account("8050", 30.0, "direct", "discount"))
    company["customer_costs"] = [{"customer_id": "A", "kind": "discount", "amount": 30.0}]
    outcome = analysed(**company)
    first = row_of(outcome.results["customer_pl"], "customer_id", "A")
    assert (first["list_revenue"], first["discount"], first["net_revenue"]) == (500.0, 30.0, 470.0)
    assert failed(outcome) == set()


def test_a_credit_note_lowers_the_customer() -> None:
    outcome = analysed(invoice_lines=[sale("A", 100.0, 60.0), sale("A", -100.0, -60.0), sale("B", -5.0, 0.0)])
    assert results_of(outcome) == {"A": 0.0, "B": -5.0}
    assert outcome.results["customer_pl"]["abc_class"].tolist() == ["C", "C"]


def test_a_customer_without_sales_still_bears_its_handlings() -> None:
    company = trader(customers=[{"customer_id": name} for name in ("A", "B", "C", "D")])
    company["activity_volumes"].append(volume("C", "order", 2))
    outcome = analysed(**company)
    silent = row_of(outcome.results["customer_pl"], "customer_id", "C")
    assert silent["customer_result"] == -20.0
    assert np.isnan(silent["result_margin"])
    assert set(outcome.results["whale_curve"]["customer_id"]) == {"A", "B", "C"}  # D has no figures at all


def test_one_customer_bears_all_that_is_used() -> None:
    company = trader(invoice_lines=[sale("A", 700.0, 400.0)], activity_volumes=[volume("A", "order", 8)])
    outcome = analysed(**company)
    assert results_of(outcome) == {"A": 220.0}
    assert failed(outcome) == set()


def test_customer_costs_without_a_date_belong_to_every_period() -> None:
    costs = [
        {"customer_id": "A", "kind": "gift", "amount": 5.0, "date": None},
        {"customer_id": "A", "kind": "gift", "amount": 7.0, "date": "2025-03-01"},
        {"customer_id": "A", "kind": "gift", "amount": 9.0, "date": "2024-03-01"},
    ]
    year = {"period_start": "2025-01-01", "period_end": "2025-12-31"}
    outcome = analysed(year, invoice_lines=[sale("A", 100.0)], customer_costs=costs)
    assert outcome.results["customer_pl"]["direct_gift"].tolist() == [12.0]
