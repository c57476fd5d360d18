import numpy as np
import pytest
from hypothesis import given
from sold import CUSTOMERS, drawn, history, rules

from companies import analysed, row_of, sale
from klantwaarde.base.activity import KEPT, LOST, STATUSES, is_covered, known_since, movement, starts_in_sight

START = (9, "2020-01-01", 1.0)  # the lines reach back far enough
YEAR = {"period_start": "2025-01-01", "period_end": "2025-12-31"}


def status(*sold, since=None, **more):
    found = history([START, *sold], n=10)
    return STATUSES[movement(found, 12, 0, rules(10, since, **more))[0]]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (["2024-06-01", "2025-06-01"], "kept"),
        (["2024-06-01"], "lost"),
        (["2023-12-31", "2025-01-01"], "resumed"),  # exactly twelve months old at the opening: not active
        (["2024-01-01", "2024-12-31"], "lost"),
        (["2025-01-01"], "new"),
        (["2023-06-15", "2025-06-15"], "reactivated"),  # exactly 24 months of silence
        (["2023-06-16", "2025-06-15"], "resumed"),  # a day less
        (["2022-03-01"], "inactive"),
        ([], "never"),
    ],
)
def test_statuses_at_their_borders(days, expected):
    assert status(*((0, day, 10.0) for day in days)) == expected


def test_credit_notes_alone_make_no_customer():
    assert status((0, "2025-03-01", -10.0)) == "never"
    assert status((0, "2024-03-01", 10.0), (0, "2025-03-01", -10.0)) == "lost"


def test_one_invoice_makes_a_customer():
    assert status((0, "2025-12-31", 0.01)) == "new"


def test_a_customer_from_before_the_lines_is_not_new():
    bought = (0, "2025-06-01", 10.0)
    assert status(bought, since={0: "2015-01-01"}) == "reactivated"
    assert status(bought, since={0: "2019-12-31"}) == "reactivated"
    assert status(bought, since={0: "2020-01-01"}) == "new"  # the lines begin on that day and would show it
    assert status(bought, since={0: "2024-11-01"}) == "new"  # opened an account first, then bought


def test_other_months_move_the_borders():
    assert status((0, "2024-11-01", 1.0), (0, "2025-08-01", 1.0), active=6) == "kept"
    assert status((0, "2024-11-01", 1.0), active=6) == "lost"
    assert status((0, "2024-05-01", 1.0), active=6) == "inactive"
    assert status((0, "2022-01-15", 1.0), (0, "2025-06-01", 1.0), silence=48) == "resumed"


@given(drawn())
def test_the_bridge_in_customers_closes_at_any_two_days(sold):
    found, agreed = history(sold, n=CUSTOMERS), rules(CUSTOMERS)
    for opening, closing in ((12, 0), (15, 12), (13, 11), (24, 0)):
        codes = movement(found, opening, closing, agreed)
        assert np.isin(codes, (KEPT, LOST)).sum() == found.active(opening, 12).sum()
        entered = ~np.isin(codes, (LOST, STATUSES.index("inactive"), STATUSES.index("never")))
        assert entered.sum() == found.active(closing, 12).sum()


@given(drawn())
def test_somebody_is_new_only_once(sold):
    found, agreed = history(sold, n=CUSTOMERS), rules(CUSTOMERS)
    new = [movement(found, lag + 1, lag, agreed) == STATUSES.index("new") for lag in range(found.months)]
    assert (np.sum(new, axis=0) <= 1).all()


def test_the_lines_say_who_was_active_only_as_far_as_they_reach():
    found = history([(0, "2024-01-15", 1.0), (0, "2025-12-01", 1.0)])
    assert is_covered(found, 12, rules(1))
    assert not is_covered(found, 13, rules(1))


def test_the_start_of_a_relation_is_known_when_nothing_can_precede_it():
    found = history([(0, "2023-01-15", 1.0), (1, "2024-06-01", 1.0), (2, "2024-06-01", 1.0), (3, "2023-01-10", 1.0)])
    agreed = rules(4, {2: "2010-01-01", 3: "2012-05-01"})
    assert starts_in_sight(found, agreed).tolist() == [False, True, False, False]
    assert known_since(found, agreed).astype(str).tolist() == ["2023-01-15", "2024-06-01", "2010-01-01", "2012-05-01"]


def test_a_branch_does_not_keep_its_parent_active_but_the_list_says_so():
    lines = [sale("P", 100.0, 0, "2024-03-01"), sale("C", 50.0, 0, "2025-03-01"), sale("Z", 1.0, 0, "2024-01-01")]
    customers = [
        {"customer_id": "P", "parent_id": None},
        {"customer_id": "C", "parent_id": "P"},
        {"customer_id": "Z", "parent_id": None},
    ]
    results = analysed(YEAR, invoice_lines=lines, customers=customers).results
    assert row_of(results["lost_customers"], "customer_id", "P")["group_still_buys"]
    assert not row_of(results["lost_customers"], "customer_id", "Z")["group_still_buys"]
    assert row_of(results["new_customers"], "customer_id", "C")["group_bought_before"]


def test_excluded_customers_and_unknown_numbers_are_nowhere():
    lines = [sale(name, 10.0, 0, day) for name in ("A", "IC", "??") for day in ("2024-01-01", "2025-03-01")]
    customers = [{"customer_id": "A", "excluded": False}, {"customer_id": "IC", "excluded": True}]
    results = analysed(YEAR, invoice_lines=lines, customers=customers).results
    assert results["customer_base"]["customer_id"].tolist() == ["A"]
    assert results["customer_bridge"]["amount"].iloc[0] == 1
