"""Roll-ups and channel cost: everything adds up, no channel cost vanishes."""

from companies import account, analysed, failed, sale, trader, with_rows


def test_customers_roll_up_to_the_head_of_their_group() -> None:
    customers = [{"customer_id": "A"}, {"customer_id": "B", "parent_id": "A"}, {"customer_id": "C", "parent_id": "B"}]
    lines = [sale(name, net) for name, net in (("A", 1.0), ("B", 2.0), ("C", 4.0))]
    groups = analysed(customers=customers, invoice_lines=lines).results["segment_pl"]
    assert groups[["dimension", "key", "customers", "net_revenue"]].to_numpy().tolist() == [["parent", "A", 3, 7.0]]


def test_cost_of_a_channel_without_customers_does_not_vanish() -> None:
    company = trader(customers=[{"customer_id": "A", "channel": "Web"}, {"customer_id": "B", "channel": "web"}])
    company["ledger"] += [
        account("5000", 10.0, "channel", "WEB"),
        account("5001", 5.0, "channel", "Beurs"),
        account("5002", 2.0, "channel"),
    ]
    outcome = analysed(**company)
    groups = outcome.results["segment_pl"].set_index("key")
    assert groups["channel_cost"].to_dict() == {"Web": 10.0, "web": 0.0, "": 2.0, "Beurs": 5.0}
    assert groups.loc["Beurs", "customers"] == 0
    assert {f.found for f in outcome.messages if f.code == "KW-PL-004"} == {"Beurs", ""}
    assert failed(outcome) == set()


def test_channel_cost_without_any_channel_at_customers_gets_rows_of_its_own() -> None:
    outcome = analysed(**with_rows(trader(), "ledger", account("5000", 10.0, "channel", "Web")))
    groups = outcome.results["segment_pl"].set_index("key")
    assert groups["result_after_channel"].to_dict() == {"": 220.0, "Web": -10.0}
    assert failed(outcome) == set()


def test_a_customer_on_its_own_is_no_group_and_one_without_figures_is_not_counted() -> None:
    customers = [{"customer_id": "A"}, {"customer_id": "B", "parent_id": "A"}, {"customer_id": "C"}, {"customer_id": "D"}]
    groups = analysed(customers=customers, invoice_lines=[sale("B", 2.0), sale("C", 4.0)]).results["segment_pl"]
    assert groups[["key", "customers", "net_revenue"]].to_numpy().tolist() == [["", 1, 4.0], ["A", 1, 2.0]]
