"""Potential value: never below current, levers add up, an unknown wallet stays unknown; the tornado."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantwaarde.lifetime.clv import Terms
from klantwaarde.lifetime.potential import Ceilings, Now, attainable, potential_value, wallet_shares
from klantwaarde.lifetime.sensitivity import tornado


def customers(seed: int, n: int = 30) -> tuple[Now, Ceilings]:
    rng = np.random.default_rng(seed)
    revenue, served = rng.normal(50_000, 60_000, n), rng.uniform(0, 20_000, n)
    contribution = revenue * rng.uniform(-0.1, 0.4, n)
    now = Now(revenue, contribution, served, Terms(contribution - served, rng.random(n), 0.1, 5))
    unknown = np.where(rng.random(n) < 0.2, np.nan, 1.0)
    return now, Ceilings(rng.uniform(0, 300_000, n) * unknown, rng.uniform(0, 0.4, n), rng.random(n))


@given(st.integers(0, 2**32 - 1))
def test_potential_is_never_below_current_and_the_levers_add_up(seed: int) -> None:
    now, ceilings = customers(seed)
    found = potential_value(now, ceilings)
    known = ~np.isnan(ceilings.revenue)
    assert (found.gap[known] >= 0).all()
    assert all((part[known] >= 0).all() for part in found.gaps.values())
    parts = np.sum(list(found.gaps.values()), axis=0)
    assert not np.rint((parts - found.gap)[known] * 100).any()
    assert np.isnan(found.potential[~known]).all()
    assert np.isnan(found.gap[~known]).all()
    assert (found.current == np.round(now.terms.value, 2)).mean() > 0.9


def test_nothing_to_gain_is_no_gap() -> None:
    now, _ = customers(1)
    found = potential_value(now, Ceilings(now.revenue, np.full(30, np.nan), np.full(30, np.nan)))
    assert not found.gap.any()
    assert not found.extra_revenue.any()


def test_more_revenue_helps_only_once_it_earns_something() -> None:
    one = np.ones(1)
    now = Now(100 * one, 20 * one, 30 * one, Terms(-10 * one, 0.5 * one, 0.1))
    dear = potential_value(now, Ceilings(200 * one, one, one))
    assert dear.gap.tolist() == [0.0]
    cheap = potential_value(now, Ceilings(200 * one, 0.1 * one, 0.5 * one))
    assert cheap.margin.tolist() == [20.0]
    assert cheap.extra_revenue.tolist() == [100.0]
    assert cheap.potential.tolist() == pytest.approx([20 * 0.5 / 0.6], abs=0.005)
    assert cheap.gaps["retention"].tolist() == [0.0]


def test_a_share_of_wallet_needs_a_wallet() -> None:
    assert wallet_shares([10.0, 10.0, -5.0, 10.0], [20.0, 5.0, 20.0, 0.0]).tolist()[:3] == [0.5, 1.0, 0.0]
    assert np.isnan(wallet_shares([10.0], [0.0])).all()


def test_a_segment_with_few_known_values_follows_everybody() -> None:
    values = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.9, np.nan])
    segment = np.array([0, 0, 0, 0, 0, 1, 1])
    found = attainable(values, segment, 50)
    assert found[:5].tolist() == [0.3] * 5
    assert found[5:].tolist() == pytest.approx([0.35] * 2)
    assert np.isnan(attainable(values[-2:], segment[-2:], 50)).all()


def test_the_tornado_moves_one_ingredient_at_a_time() -> None:
    terms = Terms(np.array([100.0, 200.0]), np.array([0.8, 0.95]), 0.1, 5)
    frame = tornado(terms, np.array([10.0, 30.0])).set_index("ingredient")
    total = float(terms.value.sum())
    assert frame.loc["margin", "change_high"] == pytest.approx(0.1 * total)
    assert frame.loc["cost_to_serve", "change_low"] == pytest.approx(float((terms.multiple * [1.0, 3.0]).sum()))
    high = Terms(np.array([100.0, 200.0]), np.array([0.88, 1.0]), 0.1, 5)
    assert frame.loc["retention", "value_high"] == pytest.approx(float(high.value.sum()))
    longer = Terms(np.array([100.0, 200.0]), np.array([0.8, 0.95]), 0.1, 6)
    assert frame.loc["horizon", "value_high"] == pytest.approx(float(longer.value.sum()))
    spread = (frame["value_high"] - frame["value_low"]).abs().tolist()
    assert spread == sorted(spread, reverse=True)
    assert "growth" not in frame.index


def test_what_would_make_an_endless_value_infinite_is_unknown() -> None:
    frame = tornado(Terms(100.0, 1.0, 0.021, growth=0.02)).set_index("ingredient")
    assert np.isnan(frame.loc["growth", "value_high"])
    assert np.isfinite(frame.loc["growth", "value_low"])
    assert "horizon" not in frame.index
