"""The sheets of costing show what is known."""

from datetime import datetime

import pytest

from companies import analysed, sale, trader, volume
from klantwaarde.report.blocks import TableBlock
from klantwaarde.report.layout import build_report
from klantwaarde.report.runlog import stamp_of

UNKNOWN_WITHOUT_PRODUCTS = {"revenue", "cost_of_goods", "result"}


@pytest.mark.parametrize("invoiced", [True, False])
def test_what_services_bring_in_is_left_out_when_none_is_invoiced(invoiced: bool) -> None:
    company = trader(
        activities=[{"activity_id": "rush", "pool_id": "desk", "minutes": 10, "service_option": "Rush"}],
        activity_volumes=[volume("A", "rush", 2)],
        products=[{"product_id": "R", "product_group": "Rush"}],
    )
    if invoiced:
        company["invoice_lines"] = [sale("A", 500.0, 300.0, product_id="R")]
    outcome = analysed(**company)
    assert set(outcome.results["service_options"]) >= UNKNOWN_WITHOUT_PRODUCTS
    sheets = build_report(outcome, stamp_of(outcome, time=datetime(2026, 1, 15), version="1"), {"handlings"})
    [block] = [block for block in sheets[0].blocks if isinstance(block, TableBlock) and block.id == "service_options"]
    shown = {column.id for column in block.columns}
    assert shown == set(block.frame)
    assert bool(UNKNOWN_WITHOUT_PRODUCTS & shown) is invoiced
    assert (block.alarm, set(block.totals) <= shown) == ("result" if invoiced else None, True)
