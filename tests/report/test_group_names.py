"""Groups are shown by a name that a reader knows; the result itself keeps its numbers."""

import pytest

from companies import analysed, sale
from klantwaarde.report.layout import result_table


@pytest.mark.parametrize(("language", "alone"), [("nl", "Zelfstandig"), ("en", "Independent")])
def test_groups_of_companies_are_called_by_name(language, alone):
    customers = [
        {"customer_id": "1", "name": "Holding"}, {"customer_id": "2", "name": "Branch", "parent_id": "1"},
        {"customer_id": "3", "name": "Other", "parent_id": "X"}, {"customer_id": "4", "name": "Shop"},
    ]  # fmt: skip
    outcome = analysed(
        {"language": language}, customers=customers, invoice_lines=[sale(row["customer_id"], 1.0) for row in customers]
    )
    table = result_table("segment_pl", outcome.results["segment_pl"], outcome, language)
    assert set(table.frame["key"]) == {"Holding", "X", alone}
    assert set(outcome.results["segment_pl"]["key"]) == {"1", "X", ""}
