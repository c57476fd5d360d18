"""Retention from own purchases: who counts, exact borders, and how small groups lean towards the whole."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantwaarde.lifetime.purchases import Purchases
from klantwaarde.lifetime.retention import retention_rates, shrunk, year_ends

END = date(2025, 12, 31)


def purchases(*rows: tuple[int, str], n: int = 4) -> Purchases:
    customer, day = zip(*rows, strict=True)
    return Purchases(np.array(customer), np.array(day, dtype="M8[D]"), n)


def test_active_means_a_purchase_in_the_months_up_to_and_including_the_day() -> None:
    found = purchases((0, "2024-12-31"), (1, "2025-01-01"), (2, "2025-12-31"), (3, "2026-01-01"))
    assert found.active(END, 12).tolist() == [False, True, True, False]
    assert found.active(date(2024, 12, 31), 12).tolist() == [True, False, False, False]


def test_first_and_last_purchase_per_customer() -> None:
    found = purchases((0, "2025-03-01"), (0, "2024-02-01"), (2, "2026-02-01"), (0, "2025-04-01"))
    assert found.first().astype(str).tolist() == ["2024-02-01", "NaT", "2026-02-01", "NaT"]
    assert found.last(END).astype(str).tolist() == ["2025-04-01", "NaT", "NaT", "NaT"]


def test_every_year_that_the_history_covers_counts() -> None:
    rows = [(customer, f"{year}-01-10") for customer, years in ((0, (2023, 2024, 2025)), (1, (2023, 2024)), (2, (2023,))) for year in years]
    found = retention_rates(
        purchases(*rows), np.array([0, 0, 1, 1]), np.array([True] * 4), at=END, active_months=12, minimum=1
    )
    assert found.years == 2
    assert (found.customers.tolist(), found.stayed.tolist()) == ([4.0, 1.0], [3.0, 0.0])
    assert found.whole == pytest.approx(3 / 5)
    assert found.used.tolist() == found.own.tolist() == [0.75, 0.0]


def test_excluded_customers_do_not_count_and_one_year_tells_nothing() -> None:
    found = purchases((0, "2024-01-10"), (1, "2024-01-10"), (0, "2025-01-10"))
    counted = np.array([True, False, True, True])
    rates = retention_rates(found, np.zeros(4, dtype=np.intp), counted, at=END, active_months=12, minimum=1)
    assert rates.used.tolist() == [1.0]
    assert year_ends(purchases((0, "2025-03-01")), END, 12) == []
    short = retention_rates(purchases((0, "2025-03-01")), np.zeros(4, dtype=np.intp), counted, at=END, active_months=12, minimum=1)
    assert np.isnan(short.used).all()
    assert np.isnan(short.whole)


@given(st.integers(0, 60), st.floats(0, 1), st.floats(0, 1), st.integers(0, 40))
def test_a_small_group_lies_between_its_own_share_and_the_whole(
    customers: int, part: float, whole: float, minimum: int
) -> None:
    stayed = round(customers * part)
    [found] = shrunk([stayed], [customers], whole, minimum).tolist()
    own = stayed / customers if customers else whole
    assert min(own, whole) - 1e-12 <= found <= max(own, whole) + 1e-12
    if customers >= max(minimum, 1):
        assert found == own
