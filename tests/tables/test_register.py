"""Customers get one code each; unknown and missing numbers are collected, groups have one head."""

import pandas as pd

from klantwaarde.tables.register import NO_CUSTOMER, UNKNOWN, register_of, top_parents


def customers(*rows):
    return pd.DataFrame(rows, columns=["customer_id", "parent_id", "excluded"])


def test_codes_follow_the_customer_number_and_collect_the_rest():
    register = register_of(customers(("B", None, True), ("A", None, False)))
    assert register.ids.tolist() == ["A", "B", UNKNOWN, NO_CUSTOMER]
    assert register.codes(pd.Series(["B", "?", None, "A", float("nan")])).tolist() == [1, 2, 3, 0, 3]
    assert register.excluded.tolist() == [False, True, True, True]
    assert (register.n, register.n_customers) == (4, 2)


def test_a_group_has_one_head_and_a_ring_its_lowest_number():
    rows = [
        ("A", "B", 0),
        ("B", "C", 0),
        ("C", None, 0),
        ("D", "X", 0),
        ("P", "R", 0),
        ("Q", "P", 0),
        ("R", "Q", 0),
        ("S", "R", 0),
    ]
    heads = top_parents(register_of(customers(*rows)))
    assert heads.tolist() == ["C", "C", "C", "X", "P", "P", "P", "P"]


def test_without_parents_every_customer_is_its_own_head():
    register = register_of(customers(("A", None, False))[["customer_id"]])
    assert top_parents(register).tolist() == ["A"]
    assert not register.excluded[:1].any()
