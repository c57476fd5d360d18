"""Result per service option: what is invoiced for it against what its handlings cost."""

import math

from companies import analysed, sale, trader, volume


def test_a_service_earns_the_lines_of_its_product_group_and_is_unknown_without_product_lines() -> None:
    company = trader(
        activities=[
            {"activity_id": "rush", "pool_id": "desk", "minutes": 10, "service_option": "Rush order"},
            {"activity_id": "rush2", "pool_id": "desk", "minutes": 10, "service_option": "rush-order"},
            {"activity_id": "order", "pool_id": "desk", "minutes": 10},
        ],
        activity_volumes=[volume("A", "rush", 2), volume("B", "rush2", 1), volume("B", "order", 5)],
        products=[
            {"product_id": "R", "product_group": "Rush order"},
            {"product_id": "S", "product_group": "RUSH ORDER"},
        ],
    )
    [rush] = analysed(**company).results["service_options"].to_dict("records")
    assert (rush["activities"], rush["customers"], rush["quantity"]) == (2, 2, 3.0)
    assert rush["handling_cost"] == 30.0
    assert math.isnan(rush["revenue"]) and math.isnan(rush["result"])
    company["invoice_lines"] = [sale("A", 500.0, 300.0, product_id="R"), sale("B", 200.0, 100.0, product_id="S")]
    [rush] = analysed(**company).results["service_options"].to_dict("records")
    assert (rush["revenue"], rush["cost_of_goods"], rush["result"]) == (700.0, 400.0, 270.0)


def test_without_service_options_the_table_is_empty() -> None:
    assert analysed(**trader()).results["service_options"].empty
