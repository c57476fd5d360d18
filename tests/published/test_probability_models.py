"""Published results of the probability models. Facts and sources: ``probability_models.toml``."""

import tomllib
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from klantwaarde.lifetime import bgbb, gammagamma, sbg
from klantwaarde.lifetime.models import MODELS
from klantwaarde.lifetime.transactions import PurchaseDays, merged, purchase_days, summarise

FACTS: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("probability_models.toml").read_text(encoding="utf-8")
)
LIFETIMES = find_spec("lifetimes")
needs_cdnow = pytest.mark.skipif(LIFETIMES is None, reason="CDNOW purchases come with the package lifetimes")


def printed(value: float) -> float:
    """Half a unit of the third decimal, as most papers print parameters."""
    return pytest.approx(value, abs=6e-4)


def columns(rows: list[list[float]]) -> list[np.ndarray]:
    return list(np.array(rows, dtype=float).T)


@pytest.mark.parametrize("name", ["bgnbd", "paretonbd"])
def test_predictions_at_the_published_parameters(name: str) -> None:
    facts, model = FACTS[name], MODELS[name]
    parameters = list(facts["precise"].values())
    for time, expected in facts["population"]:
        assert model.population_purchases(parameters, time) == pytest.approx(expected, abs=6e-6)
    *history, expected = columns(facts["p_alive"])
    np.testing.assert_allclose(model.p_alive(parameters, *history), expected, atol=6e-6)
    *history, expected = columns(facts["conditional"])
    np.testing.assert_allclose(model.expected_purchases(parameters, *history, facts["horizon"]), expected, atol=6e-6)


def test_residual_transactions_of_pareto_nbd() -> None:
    facts = FACTS["paretonbd"]
    *history, expected = columns(facts["residual"])
    found = MODELS["paretonbd"].residual_transactions(list(facts["precise"].values()), *history, facts["discount_rate"])
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_expected_values_of_gamma_gamma() -> None:
    facts = FACTS["gammagamma"]
    frequency, value, expected = columns(facts["expected_value"])
    found = gammagamma.expected_value(list(facts["precise"].values()), frequency, value)
    np.testing.assert_allclose(found, expected, atol=6e-6)


def test_bgbb_on_the_published_table_of_donors() -> None:
    facts = FACTS["bgbb"]
    frequency, recency, donors = columns(facts["donors"])
    fit = bgbb.fit(merged(frequency, recency, np.full(len(donors), facts["opportunities"]), donors))
    for found, expected in zip(fit.parameters, facts["published"].values(), strict=True):
        assert found == printed(expected)
    assert fit.log_likelihood == pytest.approx(facts["published_log_likelihood"], abs=0.05)
    assert fit.customers == 11104
    assert fit.trusted


def test_bgbb_predictions() -> None:
    facts = FACTS["bgbb"]
    parameters, n = list(facts["precise"].values()), facts["opportunities"]
    for frequency, recency, expected in facts["residual"]:
        found = bgbb.residual_transactions(parameters, frequency, recency, n, facts["discount_rate"])
        assert found == pytest.approx(expected, abs=6e-7)
    for frequency, recency, expected in facts["p_alive"]:
        assert bgbb.p_alive(parameters, frequency, recency, n) == pytest.approx(expected, abs=6e-8)
    for frequency, recency, expected in facts["five_ahead"]:
        assert bgbb.expected_purchases(parameters, frequency, recency, n, 5) == pytest.approx(expected, abs=6e-7)


@pytest.mark.parametrize("case", FACTS["sbg"]["fits"], ids=lambda case: f"{case['data']} {case['years']} years")
def test_shifted_beta_geometric_on_published_retention(case: dict[str, Any]) -> None:
    left = FACTS["sbg"][case["data"]]
    fit = sbg.fit(sbg.renewals(left[: case["years"] + 1]))
    assert fit.parameters[0] == printed(case["alpha"])
    assert fit.parameters[1] == printed(case["beta"])
    assert fit.log_likelihood == pytest.approx(case["log_likelihood"], abs=0.05)
    if "ahead" in case:
        np.testing.assert_allclose(100 * sbg.survival(fit.parameters, np.arange(8, 13)), case["ahead"], atol=0.05)


def test_discounted_lifetimes_of_contracts() -> None:
    facts = FACTS["sbg"]
    for alpha, beta, expected in facts["new_customer"]:
        assert sbg.residual_lifetime((alpha, beta), 0, facts["discount_rate"]) == pytest.approx(expected, abs=6e-8)
    before = facts["before_renewal"]
    found = sbg.residual_lifetime((before["alpha"], before["beta"]), np.arange(1, 6), facts["discount_rate"])
    np.testing.assert_allclose(found, before["values"], rtol=1e-9)


def cdnow(name: str, skip: int) -> PurchaseDays:
    assert LIFETIMES is not None
    assert LIFETIMES.origin is not None
    path = Path(LIFETIMES.origin).parent / "datasets" / f"CDNOW_{name}.txt"
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines()[skip:]]
    who, when, dollars = ([row[at] for row in rows] for at in (0, -3, -1))
    days = np.array([f"{text[:4]}-{text[4:6]}-{text[6:]}" for text in when], dtype="datetime64[D]")
    return purchase_days(np.array(who, dtype=int), days, np.array(dollars, dtype=float), refunds="count")


def assert_fits(summary: Any, facts: dict[str, Any]) -> None:
    for name in ("bgnbd", "mbgnbd", "paretonbd"):
        if name in facts:
            *parameters, log_likelihood = facts[name]
            fit = MODELS[name].fit(summary.rows)
            np.testing.assert_allclose(fit.parameters, parameters, rtol=1e-5)
            assert fit.log_likelihood > log_likelihood - 1e-4
            assert fit.trusted
    *parameters, log_likelihood = facts["gammagamma"]
    spending = gammagamma.fit(gammagamma.spending(summary.frequency, summary.value))
    np.testing.assert_allclose(spending.parameters, parameters, rtol=1e-5)
    assert spending.log_likelihood > log_likelihood - 1e-4


@needs_cdnow
def test_cdnow_sample() -> None:
    facts = FACTS["cdnow"]["sample"]
    summary = summarise(cdnow("sample", 0), end=date(1997, 9, 30))
    assert len(summary.customers) == facts["customers"]
    assert_fits(summary, facts)
    for name in ("bgnbd", "paretonbd"):
        fit = MODELS[name].fit(summary.rows)
        for found, expected in zip(fit.parameters, FACTS[name]["published"].values(), strict=True):
            assert found == printed(expected)
        assert fit.log_likelihood == pytest.approx(FACTS[name]["published_log_likelihood"], abs=0.05)
    spending = gammagamma.fit(gammagamma.spending(summary.frequency, summary.value))
    assert spending.customers == facts["spenders"]
    for found, expected in zip(spending.parameters, FACTS["gammagamma"]["published"].values(), strict=True):
        assert found == pytest.approx(expected, abs=6e-3)


@needs_cdnow
@pytest.mark.parametrize("facts", FACTS["cdnow"]["master"], ids=lambda facts: str(facts["end"]))
def test_cdnow_master(facts: dict[str, Any]) -> None:
    summary = summarise(cdnow("master", 1), end=facts["end"])
    assert len(summary.rows.weight) == facts["rows"]
    assert (summary.frequency == 0).sum() == facts["once"]
    assert_fits(summary, facts)
