"""Invoice lines made whole: list amount, discount, cost of goods."""

from companies import analysed, said, sale


def test_a_discount_that_does_not_fit_list_and_net_is_said() -> None:
    lines = [sale("A", 90.0, 0, list_amount=100.0, discount=15.0), sale("A", 90.0, 0, list_amount=None, discount=10.0)]
    outcome = analysed(invoice_lines=lines)
    assert outcome.results["customer_pl"]["discount"].tolist() == [20.0]
    [fault] = [f for f in outcome.messages if f.code == "KW-PL-001"]
    assert (fault.found, fault.values["amount"]) == (1, -5.0)


def test_cost_of_goods_comes_from_the_products_where_the_line_has_none() -> None:
    lines = [
        sale("A", 100.0, None, product_id="P", quantity=3), sale("A", 100.0, 50.0, product_id="P", quantity=3),
        sale("A", 100.0, None, product_id="Q", quantity=3),
    ]  # fmt: skip
    outcome = analysed(invoice_lines=lines, products=[{"product_id": "P", "unit_cost": 1.115}])
    assert outcome.results["customer_pl"]["cost_of_goods"].tolist() == [53.35]  # 3 x 1.115 = 3.345 -> 3.35
    assert "KW-PL-003" in said(outcome)
    assert "KW-PL-002" in said(analysed(invoice_lines=[sale("A", 100.0, None)]))
