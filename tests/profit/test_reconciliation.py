"""The tie-out shows what does not tie."""

import pytest

from companies import account, analysed, failed, row_of, sale, trader, with_rows


def test_a_direct_kind_in_the_ledger_without_customer_costs_fails_the_check() -> None:
    outcome = analysed(**with_rows(trader(), "ledger", account("4630", 30.0, "direct", "gift")))
    assert failed(outcome) == {("ledger_line", "gift"), ("ledger_result", "")}
    assert row_of(outcome.results["ledger_reconciliation"], "line", "gift")["difference"] == -30.0
    assert not outcome.ok


@pytest.mark.parametrize("booked_as_discount", [True, False])
def test_the_ledger_may_book_invoices_gross_or_net_of_discount(*, booked_as_discount: bool) -> None:
    company = trader(
        invoice_lines=[sale("A", 500.0, 300.0, list_amount=550.0), sale("B", 200.0, 100.0, list_amount=210.0)]
    )
    if booked_as_discount:
        company["ledger"][0]["amount"] = -760.0
        company = with_rows(company, "ledger", account("8050", 60.0, "direct", "discount"))
    outcome = analysed(**company)
    assert failed(outcome) == set()
    assert outcome.results["customer_pl"]["discount"].tolist() == [50.0, 10.0]


def test_lines_that_are_net_already_tie_to_a_ledger_with_a_discount_account() -> None:
    company = trader()
    company["ledger"][0]["amount"] = -760.0
    assert failed(analysed(**with_rows(company, "ledger", account("8050", 60.0, "direct", "discount")))) == set()
