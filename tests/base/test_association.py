import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact as reference

from klantwaarde.base.association import Association, fisher_exact, holm

CELL = st.integers(0, 60)


@given(CELL, CELL, CELL, CELL)
def test_fisher_agrees_with_scipy(a, b, c, d):
    found = fisher_exact(a, a + b, a + c, a + b + c + d)
    assert found == pytest.approx(float(reference([[a, b], [c, d]]).pvalue), rel=1e-6, abs=1e-12)


@given(CELL, CELL, CELL, CELL)
def test_the_other_way_round_is_the_same_test(a, b, c, d):
    one, other = Association(a, a + b, c, c + d), Association(c, c + d, a, a + b)
    assert one.p == pytest.approx(other.p, rel=1e-9)


def test_what_has_no_customers_has_no_rate():
    table = Association(0, 0, 3, 10)
    assert math.isnan(table.rate_with)
    assert math.isnan(Association(3, 10, 0, 5).relative_risk)
    assert math.isnan(Association(10, 10, 1, 5).odds_ratio)
    assert math.isnan(Association(0, 10, 0, 5).share_of_leavers)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_never_lowers_a_p_and_keeps_the_order(values):
    corrected = holm(values)
    assert (corrected >= np.array(values) - 1e-15).all()
    assert (np.diff(corrected[np.argsort(values, kind="stable")]) >= 0).all()
    assert corrected.max() <= 1


def test_holm_leaves_unknown_unknown():
    assert np.isnan(holm([0.01, float("nan")])[1])
    assert holm([0.01, float("nan")])[0] == 0.01
