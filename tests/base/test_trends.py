import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantwaarde.base.trends import trend_label


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], "too_few"), ([5, 6], "too_few"), ([5, float("nan"), 6], "too_few"), ([0, 0, 0], "level"),
        ([100, 104, 97], "level"), ([10, 20, 30], "rises"), ([30, 20, 10], "falls"), ([10, 30, 12, 28], "fluctuates"),
        ([-30, -20, -10], "rises"),
    ],
)  # fmt: skip
def test_labels(values, expected):
    assert trend_label(values) == expected


ROW = st.lists(st.integers(1, 1000), min_size=3, max_size=12)


@given(ROW)
def test_backwards_turns_the_label(values):
    turned = {"rises": "falls", "falls": "rises"}
    assert trend_label(values[::-1]) == turned.get(trend_label(values), trend_label(values))


@given(ROW, st.sampled_from([2, 4, 8]))
def test_the_unit_does_not_matter(values, factor):
    assert trend_label([value * factor for value in values]) == trend_label(values)
