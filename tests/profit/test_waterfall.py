"""The price waterfall from list to pocket."""

from companies import analysed, sale


def test_reductions_lead_from_list_to_pocket() -> None:
    costs = [
        {"customer_id": "A", "kind": kind, "amount": amount}
        for kind, amount in (("discount", 5.0), ("bonus", 10.0), ("freight", 15.0), ("commission", 2.0), ("gift", 99.0))
    ]
    outcome = analysed(invoice_lines=[sale("A", 180.0, list_amount=200.0)], customer_costs=costs)
    frame = outcome.results["price_waterfall"].set_index("step")
    assert frame["amount"].to_dict() == {
        "list": 200.0, "line_discount": -20.0, "invoice": 180.0, "later_discount": -5.0, "bonus": -10.0, "net": 165.0,
        "freight": -15.0, "commission": -2.0, "pocket": 148.0,
    }  # fmt: skip
    assert frame["level"].tolist() == [200.0, 180.0, 180.0, 175.0, 165.0, 165.0, 150.0, 148.0, 148.0]
    assert frame.loc["pocket", "share"] == 0.74
