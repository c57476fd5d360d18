import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companies import analysed, row_of, sale
from klantwaarde.base.composition import composition, lorenz, size_class, tenure_class

YEAR = {"period_start": "2025-01-01", "period_end": "2025-12-31"}
ROWS = st.lists(st.tuples(st.sampled_from(["a", "b", "", "top"]), st.integers(-10_000, 10**8)), min_size=1, max_size=30)


@given(ROWS)
def test_every_dimension_adds_up(rows):
    keys = np.array([key for key, _ in rows], dtype=object)
    cents = np.array([amount for _, amount in rows], dtype=np.int64)
    frame = composition({"one": keys, "all": np.full(len(rows), "x", dtype=object)}, {"net_revenue": cents})
    for _, group in frame.groupby("dimension"):
        assert group["customers"].sum() == len(rows)
        assert round(group["net_revenue"].sum() * 100) == cents.sum()
        assert group["customer_share"].sum() == pytest.approx(1)


def test_a_total_that_is_not_positive_has_no_shares():
    frame = composition({"one": np.array(["a", "b"], dtype=object)}, {"customer_result": np.array([100, -300])})
    assert frame["customer_result_share"].isna().all()


def test_tiers_stand_from_the_top_down():
    frame = composition({"tier": np.array(["small", "top", "medium", "large"], dtype=object)}, {})
    assert frame["key"].tolist() == ["top", "large", "medium", "small"]


def test_classes_at_their_borders():
    assert tenure_class(np.array([0.99, 1.0, 4.99, 5.0, 10.0, np.nan])).tolist() == [
        "tenure_0", "tenure_1", "tenure_2", "tenure_3", "tenure_4", "tenure_unknown",
    ]  # fmt: skip
    assert size_class(np.array([99_999, 100_000, 10_000_000, -5])).tolist() == ["size_0", "size_1", "size_4", "size_0"]


def test_the_lorenz_curve_runs_from_nothing_to_all_below_the_diagonal():
    frame = lorenz(np.array([100, 200, 700]))
    assert frame["share"].tolist() == pytest.approx([0, 0.1, 0.3, 1.0])
    assert (frame["share"] <= frame["equal"] + 1e-12).all()
    assert lorenz(np.array([0, -5])).empty


def test_the_base_is_made_of_active_customers_and_says_who_belongs_to_a_group():
    customers = [
        {"customer_id": name, "segment": segment, "parent_id": parent}
        for name, segment, parent in (("A", "s1", None), ("B", "s1", "A"), ("C", None, None), ("D", "s2", None))
    ]
    lines = [
        sale(name, 100.0, 40.0, day)
        for name, day in (("A", "2025-02-01"), ("B", "2025-02-01"), ("C", "2025-02-01"), ("D", "2024-01-01"))
    ]
    frame = analysed(YEAR, invoice_lines=lines, customers=customers).results["composition"]
    assert frame[frame["dimension"] == "segment"].set_index("key")["customers"].to_dict() == {"": 1, "s1": 2}
    assert row_of(frame[frame["dimension"] == "group"], "key", "in_group")["customers"] == 2


def test_the_score_of_a_customer_is_weighted():
    scores = [
        {"customer_id": "A", "driver": driver, "weight": weight, "score": score}
        for driver, weight, score in (("speed", 3.0, 80.0), ("price", 1.0, 40.0))
    ]
    frame = analysed(YEAR, invoice_lines=[sale("A", 1.0), sale("B", 2.0)], value_scores=scores).results["customer_base"]
    assert row_of(frame, "customer_id", "A")["value_for"] == 70.0
    assert np.isnan(row_of(frame, "customer_id", "B")["value_for"])


def test_ranks_per_measure_and_how_far_they_lie_apart():
    lines = [sale("A", 1000.0, 990.0), sale("B", 500.0, 100.0), sale("C", 10.0, 1.0), sale("OLD", 1.0, 0, "2024-01-01")]
    frame = analysed(YEAR, invoice_lines=lines).results["customer_base"].set_index("customer_id")
    assert frame.loc[["A", "B", "C"], "rank_net_revenue"].tolist() == [1, 2, 3]
    assert frame.loc[["A", "B", "C"], "rank_gross_margin"].tolist() == [2, 1, 3]
    assert frame.loc["A", "rank_spread"] == 1
    assert frame.loc[["OLD"], ["rank_net_revenue", "rank_spread"]].isna().all(axis=None)
