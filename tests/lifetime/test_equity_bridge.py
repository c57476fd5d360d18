"""The equity bridge closes to the cent on any input, in both forms and under any convention; equity adds up."""

from dataclasses import replace
from math import inf
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantwaarde.lifetime.bridge import FORMS, Form, Position, equity_bridge
from klantwaarde.lifetime.clv import Terms
from klantwaarde.lifetime.equity import customer_equity, expected_margins

CONVENTIONS = st.fixed_dictionaries(
    {
        "discount": st.floats(0.001, 0.5), "periods": st.integers(1, 20) | st.just(inf), "first_margin": st.booleans(),
        "timing": st.sampled_from(["begin", "mid", "end"]), "growth": st.floats(-0.2, 0.0),
    }
)  # fmt: skip
SEEDS = st.integers(0, 2**32 - 1)


def positions(seed: int, n: int, convention: dict[str, Any]) -> tuple[Position, Position, np.ndarray]:
    rng = np.random.default_rng(seed)

    def position() -> Position:
        return Position(rng.random(n) < 0.7, Terms(rng.normal(500, 5000, n), rng.random(n), **convention))

    return position(), position(), rng.random(n) < 0.3


@pytest.mark.parametrize("form", FORMS)
@given(seed=SEEDS, n=st.integers(0, 300), convention=CONVENTIONS)
def test_the_bridge_closes_to_the_cent(form: Form, seed: int, n: int, convention: dict[str, Any]) -> None:
    opening, closing, back = positions(seed, n, convention)
    frame = equity_bridge(opening, closing, back, form=form)
    cents = np.rint(frame["amount"].to_numpy() * 100).astype(int)
    assert cents[0] == np.rint(opening.value * 100).sum()
    assert cents[-1] == cents[:-1].sum() == np.rint(closing.value * 100).sum()
    assert frame["level"].iloc[-1] == frame["amount"].iloc[-1]


@given(seed=SEEDS, convention=CONVENTIONS)
def test_both_forms_agree_on_who_came_and_on_another_retention(seed: int, convention: dict[str, Any]) -> None:
    opening, closing, back = positions(seed, 40, convention)
    simple, actuarial = (equity_bridge(opening, closing, back, form=form).set_index("step")["amount"] for form in FORMS)
    for step in ("acquired", "reactivated", "retention_changed"):
        assert simple[step] == pytest.approx(actuarial[step], abs=0.011)


def test_when_all_goes_as_expected_nothing_is_better_or_worse() -> None:
    """Endless, and exactly the expected part of equal customers stays: what stayed makes up for what left."""
    n, retention = 100, 0.8
    terms = Terms(np.full(n, 1000.0), np.full(n, retention), 0.1)
    stays = np.arange(n) < n * retention
    frame = equity_bridge(Position(np.ones(n, dtype=bool), terms), Position(stays, terms), ~stays, form="actuarial")
    found = frame.set_index("step")["amount"]
    assert found["retained_better_than_expected"] == pytest.approx(-found["churn_worse_than_expected"], abs=n * 0.005)
    assert found["horizon_rolled"] == pytest.approx(0, abs=n * 0.005)  # values are whole cents
    assert found["closing"] == pytest.approx(
        found["opening"] + found["unwinding"] + found["expected_margin_realised"], abs=n * 0.01
    )


def test_another_retention_is_a_step_of_its_own() -> None:
    terms = Terms(np.array([100.0]), np.array([0.8]), 0.1)
    here = np.array([True])
    frame = equity_bridge(
        Position(here, terms), Position(here, replace(terms, retention=np.array([0.9]))), ~here, form="simple"
    ).set_index("step")["amount"]
    assert frame["retention_changed"] == pytest.approx(450 - 800 / 3, abs=0.005)
    assert frame["upsell"] == frame["downsell"] == 0


@given(seed=SEEDS)
def test_every_grouping_adds_up_to_all_customers(seed: int) -> None:
    rng = np.random.default_rng(seed)
    value, margin = (np.rint(rng.normal(0, 1e5, 50) * 100) / 100 for _ in range(2))
    groups = {name: rng.choice(list("abc"), 50).astype(object) for name in ("segment", "status")}
    frame = customer_equity(value, margin, groups)
    for _, part in frame.groupby("dimension"):
        assert np.rint(part["clv"] * 100).sum() == np.rint(value * 100).sum()
        assert np.rint(part["annual_margin"] * 100).sum() == np.rint(margin * 100).sum()
        assert part["customers"].sum() == 50
    assert frame["share"].isna().all() == (np.rint(value * 100).sum() <= 0)


@given(seed=SEEDS, convention=CONVENTIONS)
def test_the_years_add_up_to_the_value(seed: int, convention: dict[str, Any]) -> None:
    _, closing, _ = positions(seed, 30, convention)
    everyone = Position(np.ones(30, dtype=bool), closing.terms)
    total = round(float(everyone.value.sum()), 2)
    frame = expected_margins(closing.terms, total=total)
    assert round(float(frame["present_value"].sum()), 2) == total
    assert round(float(frame["cumulative"].iloc[-1]), 2) == total
    assert frame["year"].isna().sum() == np.isinf(convention["periods"])


def test_the_margin_at_risk_is_what_leaves_and_what_is_not_paid() -> None:
    terms = Terms(np.array([100.0, -50.0]), np.array([0.8, 0.5]), 0.1, 2)
    total = float(np.round(terms.value, 2).sum())
    frame = expected_margins(terms, total=total, loss=np.array([5.0, 0.0]))
    assert frame["expected_margin"].tolist() == [80 - 25, 64 - 12.5]
    assert frame["margin_at_risk"].tolist() == [20 + 5, 16 + 4]
    pd.testing.assert_series_equal(frame["discount_factor"], pd.Series([1 / 1.1, 1 / 1.21], name="discount_factor"))


def test_years_that_miss_the_value_are_our_bug() -> None:
    with pytest.raises(AssertionError, match=r"miss 10\.00"):
        expected_margins(Terms(np.array([100.0]), np.array([0.0]), 0.1, 2), total=10.0)
