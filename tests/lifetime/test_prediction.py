"""A probability model stands for its value through the retention that gives it; the proof of it, in tables."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import klantwaarde as kw
from companies import analysed, sale
from klantwaarde.lifetime.clv import Terms
from klantwaarde.lifetime.models import MODELS
from klantwaarde.lifetime.prediction import choice_of, implied_retention, multiples
from klantwaarde.lifetime.transactions import continuous_rate, purchase_days, summarise
from klantwaarde.lifetime.valuation import gathered
from klantwaarde.tables.settings import Settings

AT = date(2025, 12, 31)
CONVENTION = {"period_start": "2025-01-01", "period_end": "2025-12-31", "language": "en", "clv_model": "bgnbd"}


@pytest.fixture(scope="module")
def outcome() -> kw.Outcome:
    """160 customers that buy at their own pace for two years and some day stop; half a year of silence tells."""
    rng = np.random.default_rng(3)
    lines = []
    for customer in range(160):
        pace, left = rng.gamma(2.0, 20.0), rng.geometric(0.12)
        days = np.cumsum(np.append(rng.uniform(0, 200), rng.exponential(pace, left)))
        lines += [
            sale(f"K{customer:03}", 100.0, 60.0, str(np.datetime64("2024-01-01") + int(day)), invoice_id=f"F{customer}-{n}")
            for n, day in enumerate(days)
            if day < 730
        ]
    return analysed(CONVENTION, invoice_lines=lines)


@given(st.floats(0.01, 0.99), st.sampled_from(["begin", "mid", "end"]), st.integers(1, 30))
def test_the_implied_retention_gives_the_multiple_back(retention: float, timing: str, periods: int) -> None:
    terms = Terms(1.0, retention, 0.08, periods, timing=timing, growth=0.01)  # type: ignore[arg-type]
    assert implied_retention(terms.multiple, terms) == pytest.approx(retention, rel=1e-9)


def test_nobody_is_expected_to_bring_more_than_so_far_and_unknown_stays_unknown() -> None:
    found = implied_retention(np.array([1e9, 0.0, np.nan]), Terms(1.0, 0.5, 0.1))
    assert found[:2].tolist() == pytest.approx([1.0, 0.0], abs=1e-12)
    assert np.isnan(found[2])


def test_a_multiple_is_discounted_purchases_in_years_of_own_purchases(outcome: kw.Outcome) -> None:
    got = gathered(outcome.model, outcome.results)
    assert got.choice.fit is not None
    n = len(got.retention)
    found = multiples(got.choice.fit, got.days, AT, np.full(n, 4.0), Terms(1.0, 0.5, 0.1, 5, timing="mid"))
    history = summarise(got.days, end=AT)
    ahead = MODELS["bgnbd"].residual_transactions(
        got.choice.fit.parameters, history.frequency, history.recency, history.age, continuous_rate(0.1, "week"), 5 * 365.25 / 7
    )
    assert found[history.customers.astype(int)] == pytest.approx(ahead / 4)


def test_the_value_is_that_of_the_model(outcome: kw.Outcome) -> None:
    frame = outcome.results["clv"]
    active = frame[frame["clv"].notna()]
    assert gathered(outcome.model, outcome.results).by_model
    assert active["p_alive"].between(0, 1).all()
    assert active["retention"].nunique() > 50
    terms = Terms(active["annual_margin"].to_numpy(float), active["retention"].to_numpy(float), 0.1, 5)
    assert active["clv"].to_numpy(float) == pytest.approx(terms.value, abs=0.006)
    silent, steady = active.nsmallest(20, "p_alive"), active.nlargest(20, "p_alive")
    assert silent["retention"].mean() < steady["retention"].mean()
    assert "multiple" not in outcome.results["clv_segments"]
    assert set(outcome.results["clv_sensitivity"]["source"]) >= {"probability_model"}
    assert outcome.ok


def test_the_proof_stands_in_tables(outcome: kw.Outcome) -> None:
    methods, tracking = outcome.results["clv_methods"], outcome.results["clv_tracking"]
    assert methods["method"].tolist()[-1] in {"naive", "bgnbd"}
    assert methods.loc[methods["used"], "method"].tolist() == ["bgnbd"]
    assert tracking["actual"].sum() == tracking["actual_cumulative"].iloc[-1]
    assert tracking["calibration"].any()
    assert (~tracking["calibration"]).any()
    frequency = outcome.results["clv_by_frequency"]
    assert (frequency["customers"] * frequency["actual"]).sum() == pytest.approx(methods["actual"].iloc[0])


def test_the_bridge_closes_with_a_model_too(outcome: kw.Outcome) -> None:
    bridge = outcome.results["equity_bridge"]
    for _, steps in bridge.groupby("form"):
        assert steps["amount"].iloc[-1] == pytest.approx(steps["amount"].iloc[:-1].sum())
    assert bridge.loc[bridge["step"] == "retention_changed", "amount"].abs().max() > 0


@pytest.mark.parametrize("given_", [{"retention": 0.7}, {"clv_growth": 0.1, "discount_rate": 0.05}, {"clv_model": "simple"}])
def test_when_the_simple_rule_is_the_only_one(given_: dict[str, object]) -> None:
    days = purchase_days(np.arange(200), np.full(200, np.datetime64("2025-01-01")), np.ones(200))
    assert choice_of(days, Settings(**given_), AT).model == "simple"  # type: ignore[arg-type]
