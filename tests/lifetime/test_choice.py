"""Which model counts, and why."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from klantwaarde.lifetime import choice as choosing
from klantwaarde.lifetime.choice import choose_model, forecast
from klantwaarde.lifetime.models import MODELS
from klantwaarde.lifetime.transactions import purchase_days
from klantwaarde.messages import LANGUAGES, Fault
from klantwaarde.tables.settings import Settings
from purchase_days import bought_on, dropping_out

AUTO = Settings()


def codes(choice):
    return [reason.code for reason in choice.reasons]


def steady(customers=400):
    """Everyone buys every week, for ever: nothing to learn about leaving."""
    weeks = np.arange(0, 78)
    who = np.repeat(np.arange(customers), len(weeks))
    day = np.datetime64("2025-01-01") + (7 * np.tile(weeks, customers) + who % 7)
    return purchase_days(who, day, np.full(len(who), 10.0))


@pytest.fixture(scope="module")
def leaving():
    return dropping_out(3000)[0]


def test_a_model_that_wins_on_the_own_history_is_used_and_says_why(leaving):
    choice = choose_model(leaving, AUTO)
    assert choice.model in MODELS
    assert choice.fit is not None
    assert choice.fit.customers == len(leaving.customers)
    assert [verdict.fit.model for verdict in choice.verdicts] == list(MODELS)
    winners = [verdict for verdict in choice.verdicts if verdict.wins]
    assert choice.model == min(winners, key=lambda verdict: verdict.errors["rmse"].iloc[0]).fit.model
    assert codes(choice)[0] == "KW-LT-124"
    assert choice.reasons[0].values["error"] < choice.reasons[0].values["naive_error"]
    assert str(choice.reasons[0])


def test_many_customers_are_learned_from_some_and_tested_on_all(monkeypatch):
    days = dropping_out(25_000)[0]
    some = choose_model(days, AUTO)
    monkeypatch.setattr(choosing, "MOST_FITTED", len(days.customers))
    everyone = choose_model(days, AUTO)
    assert some.model == everyone.model != "simple"
    [told] = [reason for reason in some.reasons if reason.code == "KW-LT-127"]
    assert "KW-LT-127" not in codes(everyone)
    assert told.values == {"count": len(some.history.customers), "step": 2, "fitted": len(some.history.customers) // 2}
    np.testing.assert_allclose(some.fit.parameters, everyone.fit.parameters, rtol=1e-4)  # both of everyone
    for one, other in zip(some.verdicts, everyone.verdicts, strict=True):
        assert one.fit.customers == pytest.approx(other.fit.customers / 2, abs=1)
        assert one.errors["customers"].tolist() == other.errors["customers"].tolist()
        assert one.wins == other.wins
        assert one.errors["rmse"].iloc[0] == pytest.approx(other.errors["rmse"].iloc[0], rel=0.005)
        assert one.errors["bias"].iloc[0] == pytest.approx(other.errors["bias"].iloc[0], abs=0.02)


def test_who_is_learned_from_does_not_hang_on_the_order_of_rows_or_on_names(leaving, monkeypatch):
    monkeypatch.setattr(choosing, "MOST_FITTED", 1000)
    mixed, renamed = (np.random.default_rng(seed).permutation(size) for seed, size in ((1, len(leaving.day)), (2, len(leaving.customers))))
    again = purchase_days(renamed[leaving.customer][mixed], leaving.day[mixed].astype("M8[D]"), leaving.amount[mixed])
    one, other = choose_model(leaving, AUTO), choose_model(again, AUTO)
    assert one.verdicts[0].fit.customers == 1000
    for mine, yours in zip(one.verdicts, other.verdicts, strict=True):
        np.testing.assert_array_equal(mine.fit.parameters, yours.fit.parameters)
    np.testing.assert_array_equal(one.fit.parameters, other.fit.parameters)


def test_a_doubtful_model_is_not_fitted_on_everyone(monkeypatch):
    monkeypatch.setattr(choosing, "MOST_FITTED", 200)
    asked = choose_model(steady(), replace(AUTO, clv_model="bgnbd"))
    assert (asked.model, asked.fit.customers) == ("bgnbd", 200)
    assert not asked.fit.trusted
    assert "KW-LT-127" in codes(asked)


def test_a_winner_that_fails_on_everyone_makes_way_for_the_next(leaving, monkeypatch):
    monkeypatch.setattr(choosing, "MOST_FITTED", 1000)
    first = choose_model(leaving, AUTO).model
    sound = type(MODELS[first]).fit

    def fit(model, rows, start=None):
        found = sound(model, rows, start)
        doubtful = model.id == first and rows.customers > 1000
        return found.with_remarks([Fault("KW-LT-109", "warn")]) if doubtful else found

    monkeypatch.setattr(type(MODELS[first]), "fit", fit)
    second = choose_model(leaving, AUTO)
    assert second.model not in {first, "simple"}
    assert second.fit.customers == len(leaving.customers)


def test_where_nobody_leaves_the_simple_rule_stays():
    choice = choose_model(steady(), AUTO)
    assert (choice.model, choice.fit) == ("simple", None)
    assert {"KW-LT-121", "KW-LT-109"} <= set(codes(choice))


def test_a_model_that_was_asked_for_is_used_with_a_warning_when_it_cannot_be_trusted():
    choice = choose_model(steady(), replace(AUTO, clv_model="paretonbd"))
    assert choice.model == "paretonbd"
    assert codes(choice)[0] == "KW-LT-128"
    assert choice.reasons[0].severity == "warn"


def test_a_sound_model_that_loses_makes_way(leaving):
    """After two thirds of the history everyone takes up the old pace again, the lost customers as well."""
    border = leaving.day.min() + 364
    past = leaving.where(leaving.day <= border)
    pace = np.bincount(past.customer, minlength=len(past.customers)) / 52
    again = [
        (name, border + 182 * (at + 1) / (count + 1))
        for name, count in zip(past.customers, np.rint(26 * pace).astype(int), strict=True)
        for at in range(count)
    ]
    names, moments = zip(*again, strict=True)
    days = purchase_days(
        np.concatenate([past.customers[past.customer], names]),
        np.concatenate([past.day, np.array(moments).astype(int)]).astype("datetime64[D]"),
    )
    choice = choose_model(days, AUTO)
    assert choice.model == "simple"
    assert choice.verdicts[0].fit.trusted
    assert not any(verdict.wins for verdict in choice.verdicts)
    best = min(choice.verdicts, key=lambda verdict: verdict.errors["rmse"].iloc[0])
    lost = {(True, False): "KW-LT-128", (False, True): "KW-LT-129", (False, False): "KW-LT-122"}
    assert codes(choice)[:2] == [lost[best.wins_each, best.wins_total], "KW-LT-121"]
    assert choose_model(days, replace(AUTO, clv_model="bgnbd")).model == "bgnbd"


@pytest.mark.parametrize(
    ("rmse", "bias", "code"),
    [((6.64, 6.90), (-0.4, 0.1), "KW-LT-128"), ((7.0, 6.9), (0.1, -0.4), "KW-LT-129"), ((7.0, 6.9), (0.4, -0.1), "KW-LT-122"), ((6.9, 6.9), (0.1, 0.1), "KW-LT-122")],
)
def test_the_reason_says_on_what_a_model_loses(leaving, rmse, bias, code):
    tried = choose_model(leaving, AUTO)
    errors = tried.verdicts[0].errors.assign(rmse=rmse, bias=bias)
    verdict = replace(tried.verdicts[0], errors=errors)
    assert not verdict.wins
    fits = {verdict.fit.model: verdict.fit}
    [told, *_] = choosing._decide(replace(tried, verdicts=(verdict,)), fits, asked="auto").reasons
    assert told.code == code
    assert all("{" not in str(told.speaking(language)) for language in LANGUAGES)


def test_the_simple_rule_can_be_asked_for(leaving):
    choice = choose_model(leaving, replace(AUTO, clv_model="simple"))
    assert (choice.model, codes(choice), choice.verdicts) == ("simple", ["KW-LT-120"], ())


def test_nothing_after_the_reference_date_counts(leaving):
    early = replace(AUTO, reference_date=date(2026, 1, 31), clv_model="bgnbd")
    upto = leaving.where(leaving.day <= (date(2026, 1, 31) - date(1970, 1, 1)).days)
    one, other = choose_model(leaving, early), choose_model(upto, early)
    np.testing.assert_array_equal(one.fit.parameters, other.fit.parameters)
    assert one.split.end == one.history.end == date(2026, 1, 31)
    assert one.verdicts[0].errors.equals(other.verdicts[0].errors)


def test_a_history_too_short_to_test_falls_back():
    choice = choose_model(bought_on([("A", "2025-01-01", 1), ("B", "2025-01-01", 1)]), AUTO)
    assert choice.model == "simple"
    assert "KW-LT-121" in codes(choice)


def test_a_reference_date_long_after_the_last_purchase_falls_back(leaving):
    choice = choose_model(leaving, replace(AUTO, reference_date=date(2035, 1, 1)))
    assert choice.model == "simple"
    assert "KW-LT-126" in codes(choice)
    assert "nan" not in " ".join(str(reason) for reason in choice.reasons)


def test_customers_from_before_the_history_are_noted():
    assert "KW-LT-125" in codes(choose_model(steady(), AUTO))


def test_a_forecast_is_what_the_model_and_the_value_say(leaving):
    choice = choose_model(leaving, replace(AUTO, clv_model="mbgnbd"))
    table = forecast(choice, annual_rate=0.1, years=5)
    model, history = MODELS["mbgnbd"], choice.history
    past = history.frequency, history.recency, history.age
    assert table["customer"].tolist() == history.customers.tolist()
    np.testing.assert_array_equal(table["p_alive"], model.p_alive(choice.fit.parameters, *past))
    weekly, horizon = np.log(1.1) * 7 / 365.25, 5 * 365.25 / 7
    np.testing.assert_allclose(
        table["residual_transactions"], model.residual_transactions(choice.fit.parameters, *past, weekly, horizon)
    )
    np.testing.assert_allclose(table["residual_value"], table["residual_transactions"] * table["value"])
    endless = forecast(choice, annual_rate=0.1, years=0)
    assert (endless["residual_transactions"] >= table["residual_transactions"]).all()
    assert table["value"].notna().all()


def test_without_amounts_the_value_stays_unknown(leaving):
    unpriced = replace(leaving, amount=np.full(len(leaving.day), np.nan))
    table = forecast(choose_model(unpriced, replace(AUTO, clv_model="bgnbd")), annual_rate=0.1, years=1)
    assert table["value"].isna().all()
    assert table["residual_value"].isna().all()
