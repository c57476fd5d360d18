import numpy as np
import pytest
from hypothesis import given
from sold import CUSTOMERS, drawn, history, rules

from klantwaarde.base.cohorts import Relations, cohorts, median_length, relations_of, survival

START = (3, "2022-01-01", 1.0)


def test_a_year_of_arrival_is_followed_year_by_year():
    sold = [
        START,
        (0, "2023-05-01", 1.0),
        (1, "2023-06-01", 1.0),
        (0, "2024-05-01", 1.0),
        (0, "2025-05-01", 1.0),
        (2, "2025-02-01", 1.0),
    ]
    frame = cohorts(history(sold), rules(4))
    assert frame["cohort"].dt.year.tolist() == [2023, 2025]
    assert frame["customers"].tolist() == [2, 1]
    assert frame.loc[0, ["year_0", "year_1", "year_2"]].tolist() == [1.0, 0.5, 0.5]
    assert frame["year_1"].isna().tolist() == [False, True]
    assert "year_3" not in frame


def test_who_was_there_when_the_lines_begin_has_no_year_of_arrival():
    frame = cohorts(history([START, (0, "2022-11-01", 1.0), (1, "2024-01-01", 1.0)]), rules(4, {1: "2001-01-01"}))
    assert frame.empty


@given(drawn())
def test_arrivals_are_active_at_the_end_of_their_own_year(sold):
    frame = cohorts(history(sold, n=CUSTOMERS), rules(CUSTOMERS))
    if len(frame):
        assert (frame["year_0"] == 1).all()
        shares = frame.filter(like="year_").to_numpy(float)
        assert ((shares >= 0) & (shares <= 1) | np.isnan(shares)).all()


def relations(lengths, ended, entry=None):
    return Relations(
        np.zeros(len(lengths)) if entry is None else np.array(entry, dtype=float),
        np.array(lengths, dtype=float),
        np.array(ended),
    )


def test_running_relations_count_for_as_long_as_they_run():
    found = survival(relations([6] * 10 + [30] * 10, [True] * 10 + [False] * 10))
    assert found["survival"].tolist() == [0.5, 0.5, 0.5]
    assert found["at_risk"].tolist() == [20, 10, 10]
    assert found["ended"].tolist() == [10, 0, 0]


def test_an_older_relation_counts_from_the_age_at_which_it_came_into_sight():
    lengths, ended = [6.0] * 10 + [30.0] * 20, [True] * 10 + [False] * 20
    seen_late = relations(lengths, ended, [0] * 10 + [0] * 10 + [24] * 10)
    assert survival(seen_late)["survival"].iloc[0] == pytest.approx(0.5)
    assert survival(seen_late)["at_risk"].tolist() == [20, 10, 20]


def test_ages_with_few_relations_change_nothing():
    assert survival(relations([5.0] + [40.0] * 8, [True] + [False] * 8))["survival"].iloc[0] == 1.0
    assert np.isnan(median_length(relations([5.0] + [40.0] * 8, [True] + [False] * 8)))


def test_relations_with_an_unknown_start_are_left_out():
    sold = [START, (0, "2023-06-01", 1.0), (1, "2022-02-01", 1.0), (2, "2022-02-01", 1.0), (0, "2025-06-01", 1.0)]
    found = relations_of(history(sold), rules(4, {2: "2012-02-01"}))
    assert sorted(found.entry.round().tolist()) == [0, 119]
    assert found.ended.tolist() == [False, True]


def test_without_relations_there_is_no_curve():
    assert survival(relations([], np.zeros(0, dtype=bool))).empty
    assert np.isnan(median_length(relations([], np.zeros(0, dtype=bool))))


@given(drawn())
def test_survival_only_falls(sold):
    curve = survival(relations_of(history(sold, n=CUSTOMERS), rules(CUSTOMERS)))["survival"]
    assert curve.is_monotonic_decreasing
    assert curve.between(0, 1).all()


def test_a_relation_ends_on_the_day_that_the_customer_is_lost():
    sold = [START, (0, "2023-03-15", 1.0), (0, "2023-09-15", 1.0)]
    found = relations_of(history(sold), rules(4))
    assert found.ended.tolist() == [True]
    assert found.length[0] == pytest.approx(18, abs=0.1)  # six months of buying, twelve of silence
