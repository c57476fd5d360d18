"""Rankings: whale curve, classes, tiers, concentration."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companies import (
    analysed,
    failed,
    sale,
    trader,
)
from klantwaarde.profit.curve import TIERS, abc_class, concentration, gini, hhi, pyramid_tier, whale_curve


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


def test_equal_values_stay_in_one_tier_and_unknown_values_in_none() -> None:
    tiers = pyramid_tier([9.0, float("nan"), 9.0, 5.0, 5.0, 1.0, -2.0], cuts=(10, 50, 60))
    assert tiers.tolist() == ["top", "", "top", "large", "large", "small", "small"]
    assert pyramid_tier([7.0] * 4).tolist() == ["top"] * 4
    assert pyramid_tier([]).tolist() == []


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=200))
def test_a_better_customer_never_stands_in_a_lower_tier_or_class(values: list[int]) -> None:
    for labels, order in ((pyramid_tier(values), TIERS), (abc_class(values), ("A", "B", "C"))):
        rank = [order.index(label) for label in labels]
        best_first = [rank[at] for at in sorted(range(len(values)), key=lambda at: -values[at])]
        assert best_first == sorted(best_first)


def test_equal_values_on_a_border_get_the_same_class() -> None:
    assert abc_class([50, 15, 15, 15, 5]).tolist() == ["A", "A", "A", "A", "C"]
    assert abc_class([0.0, -3.0]).tolist() == ["C", "C"]


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=80).filter(any))
def test_gini_is_half_the_mean_difference_between_all_pairs(values: list[int]) -> None:
    n = len(values)
    pairs = sum(abs(a - b) for a in values for b in values)
    assert gini(values) == pytest.approx(pairs / (2 * n * sum(values)), abs=1e-12)


def test_gini_of_losses_is_refused_and_of_nothing_unknown() -> None:
    with pytest.raises(ValueError, match="whale curve"):
        gini([3.0, -1.0])
    assert np.isnan(gini([]))
    assert np.isnan(gini([0.0, 0.0]))


def test_herfindahl_runs_to_ten_thousand() -> None:
    assert hhi([5.0]) == pytest.approx(10_000)
    assert hhi([1.0] * 4) == pytest.approx(2_500)
    assert np.isnan(hhi([1.0, -1.0]))


def test_concentration_counts_the_largest_customers() -> None:
    figures = concentration([50.0, 30.0, 10.0, 5.0, 5.0], [10.0, -5.0, 1.0, 0.0, 0.0]).set_index("measure")["value"]
    assert figures.to_dict() == pytest.approx(
        {
            "customers": 5, "net_revenue": 100, "gini": 0.46, "hhi": 3550, "top_1_share": 0.5, "top_5_share": 1.0,
            "top_20_percent_share": 0.5, "loss_making_share": 0.2, "whale_peak": 11 / 6,
        }
    )  # fmt: skip


def test_a_curve_of_nobody_is_empty() -> None:
    assert whale_curve([]).empty
    assert concentration([], []).set_index("measure")["value"]["customers"] == 0


def test_a_share_that_is_eighty_percent_but_for_the_last_bit_is_eighty_percent() -> None:
    assert 0.7 + 0.1 < 0.8  # in floats
    assert abc_class([0.7, 0.1, 0.09, 0.08, 0.03]).tolist() == ["A", "A", "B", "B", "C"]
