"""A model against what happened, and against the past rate."""

from datetime import date

import numpy as np
import pytest

from klantwaarde.lifetime.holdout import judge, naive_purchases, split
from klantwaarde.lifetime.models import MODELS
from klantwaarde.lifetime.tracking import cohort_table, tracking
from klantwaarde.lifetime.transactions import summarise
from purchase_days import bought_on, dropping_out

FEW = [
    ("A", "2025-01-01", 10),
    ("A", "2025-01-15", 20),
    ("A", "2025-03-01", 30),
    ("A", "2025-04-01", 40),
    ("B", "2025-01-08", 5),
    ("C", "2025-03-05", 9),
]


def test_the_test_holds_later_purchases_of_customers_known_by_then():
    known = split(bought_on(FEW), date(2025, 1, 31), end=date(2025, 3, 31))
    assert known.calibration.customers.tolist() == ["A", "B"]
    assert known.calibration.frequency.tolist() == [1, 0]
    assert known.bought.tolist() == [1, 0]
    assert known.spent.tolist() == [30, 0]
    assert known.horizon == pytest.approx(59 / 7)
    assert (known.calibration.end, known.end) == (date(2025, 1, 31), date(2025, 3, 31))
    assert split(bought_on(FEW), date(2025, 1, 31)).bought.tolist() == [2, 0]


def test_a_test_of_no_days_is_refused():
    with pytest.raises(ValueError, match="after 2025-04-01"):
        split(bought_on(FEW), date(2025, 4, 1))


def test_the_naive_rule_carries_on_the_own_rate():
    history = summarise(bought_on(FEW), end=date(2025, 1, 15))
    assert naive_purchases(history, 4.0).tolist() == [2.0, 0.0]
    assert naive_purchases(summarise(bought_on(FEW[:1]), end=date(2025, 1, 1)), 4.0).tolist() == [0.0]


@pytest.mark.parametrize("model", sorted(MODELS))
def test_errors_and_means_per_frequency_add_up(model):
    days, boundary = dropping_out(3000)
    known = split(days, boundary)
    verdict = judge(known, model)
    own, naive = verdict.errors.to_dict("records")
    history = known.calibration
    predicted = MODELS[model].expected_purchases(
        verdict.fit.parameters, history.frequency, history.recency, history.age, known.horizon
    )
    assert (own["method"], naive["method"]) == (model, "naive")
    assert own["actual"] == naive["actual"] == known.bought.sum()
    assert own["predicted"] == pytest.approx(predicted.sum())
    assert own["bias"] == pytest.approx(predicted.sum() / known.bought.sum() - 1)
    assert own["mae"] == pytest.approx(np.abs(predicted - known.bought).mean())
    assert own["rmse"] == pytest.approx(((predicted - known.bought) ** 2).mean() ** 0.5)
    table = verdict.by_frequency
    assert table["customers"].sum() == own["customers"] == len(known.bought)
    for column, total in (
        ("actual", known.bought.sum()),
        ("predicted", predicted.sum()),
        ("naive", naive["predicted"]),
    ):
        assert (table[column] * table["customers"]).sum() == pytest.approx(total)
    assert table["frequency"].max() == 7


def test_where_customers_leave_the_model_wins_by_a_stated_gain():
    days, boundary = dropping_out(3000)
    verdict = judge(split(days, boundary), "bgnbd")
    own, naive = verdict.errors.to_dict("records")
    assert verdict.wins
    assert verdict.gain == pytest.approx(1 - own["rmse"] / naive["rmse"])
    assert verdict.gain > 0.05
    assert abs(own["bias"]) < 0.1 < naive["bias"]


def test_tracking_follows_actual_and_expected_purchases_of_the_known_customers():
    days, boundary = dropping_out(3000)
    history = summarise(days, end=boundary)
    fit = MODELS["bgnbd"].fit(history.rows)
    track = tracking(days, fit, calibration_end=boundary, step=4)
    assert (track["actual"].cumsum() == track["actual_cumulative"]).all()
    np.testing.assert_allclose(track["expected"].cumsum(), track["expected_cumulative"])
    within = track.loc[track["calibration"]].iloc[-1]
    upto = summarise(days, end=within["period_end"].date())
    assert within["actual_cumulative"] == upto.frequency.sum()
    assert within["expected_cumulative"] == pytest.approx(within["actual_cumulative"], rel=0.05)
    assert track.iloc[-1]["expected_cumulative"] == pytest.approx(track.iloc[-1]["actual_cumulative"], rel=0.1)
    assert not track["calibration"].iloc[-1]


def test_customers_who_come_later_are_not_tracked():
    days, boundary = dropping_out(400)
    fit = MODELS["bgnbd"].fit(summarise(days, end=boundary).rows)
    later = bought_on([(f"late {at}", f"2026-0{month}-01", 1) for at in range(50) for month in (3, 4)], days)
    one, other = (tracking(some, fit, calibration_end=boundary, end=date(2026, 4, 30)) for some in (days, later))
    assert one.equals(other)


def test_a_cohort_is_followed_period_by_period():
    table = cohort_table(bought_on(FEW), period="month")
    january = table.loc[table["cohort"] == "2025-01-01"]
    assert january["age"].tolist() == [0, 1, 2, 3]
    assert january["customers"].tolist() == [2, 2, 2, 2]
    assert january["active"].tolist() == [2, 0, 1, 1]
    assert january["retention"].tolist() == [1, 0, 0.5, 0.5]
    assert table.loc[table["cohort"] == "2025-03-01", "active"].tolist() == [1, 0]
    assert len(table) == 6
    years = cohort_table(bought_on(FEW), period="year")
    assert years[["age", "customers", "active"]].to_numpy().tolist() == [[0, 3, 3]]
