"""Rankings: whale curve, classes, tiers, concentration."""

import numpy as np
from companies import (
    analysed,
    failed,
    sale,
    trader,
)


def test_when_every_customer_loses_money_the_curve_has_no_percentages() -> None:
    outcome = analysed(invoice_lines=[sale("A", 10.0, 20.0), sale("B", 10.0, 15.0)])
    assert outcome.results["whale_curve"]["cumulative"].tolist() == [-5.0, -15.0]
    assert outcome.results["whale_curve"]["cumulative_share"].isna().all()
    figures = outcome.results["concentration"].set_index("measure")["value"]
    assert figures["loss_making_share"] == 1.0
    assert np.isnan(figures["whale_peak"])


def test_without_revenue_no_ratio_is_invented() -> None:
    company = trader(invoice_lines=[sale("A", 0.0), sale("B", 0.0)])
    company["ledger"] = company["ledger"][2:]
    outcome = analysed(**company)
    assert outcome.results["customer_pl"]["result_margin"].isna().all()
    assert outcome.results["price_waterfall"]["share"].isna().all()
    figures = outcome.results["concentration"].set_index("measure")["value"]
    assert figures[["gini", "hhi", "top_1_share"]].isna().all()
    assert failed(outcome) == set()


def test_excluded_customers_stay_in_the_tie_out_and_out_of_rankings() -> None:
    company = trader(customers=[{"customer_id": "A", "excluded": "ja"}, {"customer_id": "B", "excluded": None}])
    outcome = analysed(**company)
    assert outcome.results["whale_curve"]["customer_id"].tolist() == ["B"]
    assert outcome.results["customer_pl"]["abc_class"].tolist() == ["", "A"]
    assert failed(outcome) == set()
