"""Ageing classes, their borders and their totals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantwaarde.credit.ageing import ageing, class_names, class_of

borders = st.lists(st.integers(1, 400), min_size=1, max_size=5, unique=True).map(sorted)


@pytest.mark.parametrize(("days", "place"), [(-1, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (4000, 4)])
def test_a_class_runs_up_to_and_including_its_border(days, place):
    assert class_of([days], [30, 60, 90]).tolist() == [place]


def test_classes_are_named_by_their_days():
    assert class_names([14]) == ("not_due", "1-14", ">14")


@given(st.lists(st.tuples(st.integers(-500, 500), st.integers(-10**9, 10**9), st.integers(0, 3)), max_size=30), borders)
def test_the_matrix_adds_up_to_the_amounts_per_group_in_any_order(rows, edges):
    days, cents, group = (np.array([row[part] for row in rows], dtype=np.int64) for part in range(3))
    found = ageing(days, cents, edges, group=group, n=4)
    assert found.sum(axis=1).tolist() == [int(cents[group == place].sum()) for place in range(4)]
    assert found.shape == (4, len(edges) + 2)
    back = slice(None, None, -1)
    assert (ageing(days[back], cents[back], edges, group=group[back], n=4) == found).all()
    assert (ageing(days, -cents, edges, group=group, n=4) == -found).all()
