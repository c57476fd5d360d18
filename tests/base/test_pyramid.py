import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companies import analysed, failed, faults_of, row_of, sale
from klantwaarde.base.pyramid import migration, moves, tiers_of, two_pyramids
from klantwaarde.profit.curve import TIERS

YEAR = {"period_start": "2025-01-01", "period_end": "2025-12-31"}
TIER = st.sampled_from([*TIERS, ""])
PAIRS = st.lists(st.tuples(TIER, TIER), min_size=1, max_size=40)


def columns(pairs):
    return tuple(np.array([pair[side] for pair in pairs], dtype=object) for side in (0, 1))


@given(PAIRS)
def test_rows_are_the_opening_and_columns_the_closing(pairs):
    before, now = columns(pairs)
    frame = migration(before, now)
    for place, tier in enumerate(TIERS):
        assert frame["total"].iloc[place] == (before == tier).sum()
        assert frame[tier].sum() == (now == tier).sum()
    assert frame["not_active"].sum() == ((before != "") & (now == "")).sum()


@given(PAIRS)
def test_every_customer_moves_in_one_way(pairs):
    before, now = columns(pairs)
    moved = moves(before, now)
    assert ((moved == "") == ((before == "") & (now == ""))).all()
    assert ((moved == "same") == ((before == now) & (before != ""))).all()
    assert (moved[::-1] == moves(before[::-1], now[::-1])).all()


def test_two_pyramids_leave_out_who_is_in_neither():
    frame = two_pyramids(*columns([("top", "small"), ("", "top"), ("small", ""), ("small", "small")]))
    assert frame["total"].tolist() == [1, 0, 0, 1]
    assert frame.loc[0, "small"] == 1


def test_ties_at_a_cut_stand_together_in_the_better_tier():
    values = [100.0, 90.0, 90.0, *[10.0] * 7]
    tiers = tiers_of(values, np.ones(10, dtype=bool), (10.0, 10.0, 30.0, 50.0))
    assert tiers.tolist() == ["top", "large", "large", *["medium"] * 7]


def test_who_is_not_active_stands_outside():
    assert tiers_of([5.0, 9.0], np.array([True, False]), (1.0, 4.0, 15.0, 80.0)).tolist() == ["top", ""]


def test_the_measure_and_the_cuts_are_settings():
    lines = [sale("A", 1000.0, 990.0), sale("B", 500.0, 100.0), sale("C", 10.0, 1.0)]
    by_revenue, by_margin = (
        analysed({**YEAR, "pyramid_measure": name}, invoice_lines=lines).results["customer_base"]
        for name in ("net_revenue", "gross_margin")
    )
    assert row_of(by_revenue, "customer_id", "A")["tier"] == row_of(by_margin, "customer_id", "B")["tier"] == "top"
    wide = analysed({**YEAR, "pyramid_cuts": "34/33/33/0"}, invoice_lines=lines).results["pyramid"]
    assert wide["customers"].head(4).tolist() == [1, 1, 1, 0]


def test_an_unknown_measure_falls_back_on_revenue_and_says_so():
    quarter = {"period_start": "2025-10-01", "period_end": "2025-12-31", "pyramid_measure": "customer_result"}
    outcome = analysed(quarter, invoice_lines=[sale("A", 5.0, day="2025-11-01"), sale("B", 9.0, day="2025-03-01")])
    assert outcome.results["pyramid"]["net_revenue"].head(4).sum() == 14.0
    assert failed(outcome) == set()


def test_movers_inactive_and_never_bought():
    before = [sale(f"K{place}", 10.0 * place + 10, 0, "2024-01-01") for place in range(5)]
    now = [sale("K0", 900.0, 0, "2025-02-01"), sale("K4", 5.0, 0, "2025-02-01")]
    customers = [{"customer_id": f"K{place}"} for place in range(6)]
    results = analysed(YEAR, invoice_lines=[*before, *now], customers=customers).results
    assert row_of(results["moved_customers"], "customer_id", "K0")["move"] == "up"
    assert row_of(results["moved_customers"], "customer_id", "K4")["move"] == "down"
    outside = results["pyramid"].set_index("tier")["customers"]
    assert (outside["inactive"], outside["never"]) == (3, 1)
    assert isinstance(results["migration"], pd.DataFrame)
    assert results["migration"]["total"].sum() == pytest.approx(5)


@pytest.mark.parametrize("cuts", ["20/80", "1/4/15/30/50", "1/4/15/70"])
def test_the_cuts_are_four_percentages_of_the_whole(cuts):
    assert ("KW-ST-006", "settings") in faults_of({"pyramid_cuts": cuts}, invoice_lines=[sale("A", 1.0)])
