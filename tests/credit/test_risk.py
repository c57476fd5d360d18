"""The scorecard at its borders, and what it does with what is not known."""

import numpy as np
import pytest

from klantwaarde.credit.risk import CLASSES, SCORECARD, scored

PART = {part.id: part for part in SCORECARD}


def score(**measures):
    known = {name: np.array([float(number)]) for name, number in measures.items()}
    return scored(known, middle=30, high=60)


def test_all_parts_together_are_a_hundred_points():
    assert sum(part.most for part in SCORECARD) == 100


@pytest.mark.parametrize(
    ("part", "value", "points"),
    [
        ("days_late", 5, 0), ("days_late", 5.01, 12), ("days_late", 15, 12), ("days_late", 30, 24), ("days_late", 31, 35),
        ("long_overdue_share", 0, 0), ("long_overdue_share", 0.01, 8), ("long_overdue_share", 0.2, 17), ("long_overdue_share", 0.21, 25),
        ("limit_use", 0.8, 0), ("limit_use", 0.81, 8), ("limit_use", 1, 8), ("limit_use", 1.01, 15),
        ("credit_score", 49, 15), ("credit_score", 50, 8), ("credit_score", 79, 8), ("credit_score", 80, 0),
        ("dunning_level", 0, 0), ("dunning_level", 1, 3), ("dunning_level", 2, 7), ("dunning_level", 3, 10),
    ],
)  # fmt: skip
def test_points_at_the_borders(part, value, points):
    assert PART[part].score(np.array([float(value)])).tolist() == [points]


def test_what_is_not_known_lowers_what_is_known_and_not_the_score():
    all_known = score(days_late=40, long_overdue_share=0.5, limit_use=2, credit_score=10, dunning_level=4)
    own_only = score(days_late=40, long_overdue_share=0.5)
    assert (all_known.score[0], all_known.known[0]) == (100, 1)
    assert (own_only.score[0], own_only.known[0]) == (100, 0.6)


def test_without_own_payment_history_there_is_no_score():
    found = score(credit_score=10, dunning_level=3)
    assert np.isnan(found.score[0])
    assert found.risk_class[0] == "risk_unknown"


@pytest.mark.parametrize(("middle", "high", "wanted"), [(59, 100, "risk_middle"), (58, 59, "risk_high"), (59, 60, "risk_middle"), (60, 90, "risk_low")])
def test_a_class_starts_at_its_border(middle, high, wanted):
    found = scored({"days_late": np.array([40.0]), "long_overdue_share": np.array([0.0])}, middle=middle - 1, high=high - 1)
    assert found.score[0] == 58
    assert found.risk_class[0] == wanted
    assert set(found.risk_class) <= set(CLASSES)
