from companies import analysed, row_of, sale, trader

YEAR = {"period_start": "2025-01-01", "period_end": "2025-12-31"}


def leaks(**tables):
    return analysed(YEAR, **tables).results


def test_returns_take_their_margin_back():
    results = leaks(invoice_lines=[sale("A", 100.0, 60.0), sale("A", -50.0, -30.0), sale("A", -10.0, 0.0)])
    row = row_of(results["leakage_kinds"], "kind", "returns")
    assert (row["cases"], row["amount"]) == (2, 30.0)


def test_extra_discount_is_what_lies_above_the_average_rate():
    lines = [sale("A", 900.0, list_amount=1000.0, discount=100.0), sale("B", 700.0, list_amount=1000.0, discount=300.0)]
    results = leaks(invoice_lines=lines)
    assert (
        row_of(results["leakage"][results["leakage"]["kind"] == "extra_discount"], "customer_id", "B")["amount"]
        == 100.0
    )
    assert row_of(results["leakage_kinds"], "kind", "extra_discount")["customers"] == 1


def test_orders_that_do_not_earn_their_handling():
    company = trader(
        activities=[{"activity_id": "order", "pool_id": "desk", "minutes": 10, "level": "order"}],
        invoice_lines=[
            sale("A", 500.0, 300.0, invoice_id="1"),
            sale("B", 180.0, 90.0, invoice_id="2"),
            sale("B", 20.0, 10.0, invoice_id="3"),
        ],
    )
    results = leaks(**company)  # 80 euro of handlings over 3 orders: 26.67 each; order 3 earns 10
    row = row_of(results["leakage_kinds"], "kind", "small_orders")
    assert (row["cases"], row["amount"]) == (1, 16.67)
    assert row_of(results["leakage"], "kind", "small_orders")["customer_id"] == "B"


def test_services_cost_more_than_was_invoiced_for_them():
    company = trader(activities=[{"activity_id": "order", "pool_id": "desk", "minutes": 10, "service_option": "Rush"}])
    assert row_of(leaks(**company)["leakage_kinds"], "kind", "unbilled_service")["amount"] == 80.0
    company["products"] = [{"product_id": "R", "product_group": "rush"}, {"product_id": "P", "product_group": "Pipes"}]
    company["invoice_lines"] = [
        sale("A", 500.0, 300.0, product_id="P"),
        sale("B", 180.0, 90.0, product_id="P"),
        sale("B", 20.0, 10.0, product_id="R"),
    ]
    results = leaks(**company)
    assert row_of(results["leakage_kinds"], "kind", "unbilled_service")["amount"] == 30.0 + 40.0


def test_what_the_input_does_not_say_is_left_out():
    assert leaks(invoice_lines=[sale("A", 1.0)])["leakage_kinds"]["kind"].tolist() == ["extra_discount", "returns"]
    assert "small_orders" not in set(leaks(**trader())["leakage_kinds"]["kind"])
