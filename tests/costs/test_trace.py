"""Any figure back to its rows in the input, and an account forward to the customers."""

import pytest

import klantwaarde as kw
from cases import e2e_frames
from companies import account, analysed, sale, trader


@pytest.fixture(scope="module")
def wholesaler() -> kw.Outcome:
    return kw.analyse(kw.tables_from(e2e_frames()))


def test_every_figure_of_every_customer_traces_to_the_cent(wholesaler: kw.Outcome) -> None:
    frame = wholesaler.results["customer_pl"].set_index("customer_id")
    figures = [name for name in frame if frame[name].dtype.kind == "f" and name != "result_margin"]
    for customer in frame.index:
        for figure in figures:
            amount = kw.trace_customer(wholesaler, customer, figure)["amount"].sum()
            assert amount == pytest.approx(frame.loc[customer, figure], abs=1e-6), (customer, figure)


def test_a_handling_goes_back_through_support_to_the_accounts(wholesaler: kw.Outcome) -> None:
    traced = kw.trace_customer(wholesaler, "C", "order").set_index("account")
    assert traced["origin_pool"].to_dict() == {"4000-HR": "HR", "4000-ICT": "ICT", "4000-BD": "Binnendienst"}
    assert set(traced["pool_id"]) == {"Binnendienst"}
    assert (traced["quantity"].iloc[0], traced["minutes"].iloc[0]) == (2600, 31_200)
    assert traced.loc["4000-BD", "amount"] == pytest.approx(24_903.40 * 120_000 / 143_673.47, abs=0.01)


def test_a_line_goes_back_to_its_invoice_and_row(wholesaler: kw.Outcome) -> None:
    [row] = kw.trace_customer(wholesaler, "B", "list_revenue").to_dict("records")
    assert (row["source"], row["document"], row["amount"]) == ("invoice_lines", "F2", 250_000.0)
    assert wholesaler.model.tables["invoice_lines"].loc[row["row"], "customer_id"] == "B"


def test_accounts_forward_end_at_customers_and_unused_capacity(wholesaler: kw.Outcome) -> None:
    traced = kw.trace_account(wholesaler, "4000-HR")
    assert traced["amount"].sum() == pytest.approx(20_000.0, abs=1e-6)
    assert set(traced["destination"]) == {"customer", "unused"}
    assert set(traced["customer_id"]) == {"A", "B", "C", "D", ""}


def test_an_account_forward_names_customers_and_has_the_largest_amount_first() -> None:
    named = [{"customer_id": "A", "name": "Aalberts"}, {"customer_id": "B", "name": "Bakker"}]
    traced = kw.trace_account(analysed(**{**trader(), "customers": named}), "4000")
    assert traced[["name", "amount"]].to_numpy().tolist() == [["Bakker", 50.0], ["Aalberts", 30.0], ["", 20.0]]


def test_an_account_in_a_pool_that_nets_to_nothing_still_goes_somewhere() -> None:
    company = trader()
    company["ledger"].append(account("4900", -100.0, "pool", "desk"))
    outcome = analysed(**company)
    traced = kw.trace_account(outcome, "4000").set_index("customer_id")["amount"]
    assert traced.to_dict() == {"A": 30.0, "B": 50.0, "": 20.0}


def test_an_account_of_an_idle_pool_is_unused() -> None:
    company = trader()
    company["cost_pools"].append({"pool_id": "store", "kind": "operating"})
    company["ledger"].append(account("4200", 7.0, "pool", "store"))
    outcome = analysed({"idle_pool": "unused"}, **company)
    traced = kw.trace_account(outcome, "4200")
    assert traced[["pool_id", "destination", "amount"]].to_numpy().tolist() == [["store", "unused", 7.0]]


def test_customer_costs_of_another_year_are_not_traced() -> None:
    costs = [
        {"customer_id": "A", "kind": "gift", "amount": 5.0, "date": "2025-03-01", "account": "4630"},
        {"customer_id": "A", "kind": "gift", "amount": 9.0, "date": "2024-03-01", "account": "4630"},
    ]
    year = {"period_start": "2025-01-01", "period_end": "2025-12-31"}
    outcome = analysed(year, invoice_lines=[sale("A", 10.0)], customer_costs=costs)
    [row] = kw.trace_customer(outcome, "A", "direct_gift").to_dict("records")
    assert (row["account"], row["amount"]) == ("4630", 5.0)


def test_a_figure_of_nothing_has_an_empty_trace(wholesaler: kw.Outcome) -> None:
    assert kw.trace_customer(wholesaler, "D", "aanmaning").empty
    assert kw.trace_customer(wholesaler, "D", "bonus").empty


@pytest.mark.parametrize(("customer", "figure"), [("Z", "bonus"), ("A", "charm"), ("A", "result_margin")])
def test_a_customer_or_figure_that_does_not_exist_is_refused(
    wholesaler: kw.Outcome, customer: str, figure: str
) -> None:
    with pytest.raises(KeyError):
        kw.trace_customer(wholesaler, customer, figure)


def test_an_account_that_the_ledger_does_not_hold_cannot_be_followed(wholesaler: kw.Outcome) -> None:
    with pytest.raises(KeyError):
        kw.trace_account(wholesaler, "9999")


def test_a_direct_account_goes_to_its_line_and_a_corporate_one_to_corporate(wholesaler: kw.Outcome) -> None:
    for number, destination, amount in (("8000", "revenue", -1_000_000.0), ("4000-DIR", "corporate", 40_000.0)):
        traced = kw.trace_account(wholesaler, number)
        assert traced[["destination", "amount"]].to_numpy().tolist() == [[destination, amount]]
