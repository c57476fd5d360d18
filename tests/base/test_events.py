import pandas as pd
import pytest

from companies import analysed, sale

YEAR = {"period_start": "2025-01-01", "period_end": "2025-12-31"}


def effects(lines, *events):
    rows = [{"customer_id": "K", "date": pd.Timestamp(day), "kind": kind, "reason": "r"} for day, kind in events]
    return analysed(YEAR, invoice_lines=lines, events=rows).results["event_effects"]


LINES = [
    sale("K", 100.0, 50.0, "2024-12-31"),  # exactly six months before: outside
    sale("K", 200.0, 100.0, "2025-03-01"), sale("K", 200.0, 100.0, "2025-06-30"),  # the day itself counts as before
    sale("K", 90.0, 60.0, "2025-07-01"), sale("K", -30.0, -20.0, "2025-12-30"), sale("K", 60.0, 50.0, "2025-12-31"),
]  # fmt: skip


def test_as_many_months_after_as_before():
    [row] = effects(LINES, ("2025-06-30", "contact_change")).to_dict("records")
    assert (row["months"], row["revenue_before"], row["revenue_after"]) == (6, 400.0, 120.0)
    assert (row["orders_before"], row["orders_after"], row["order_value_after"]) == (2, 2, 60.0)
    assert row["margin_rate_before"] == 0.5
    assert row["margin_rate_after"] == pytest.approx(0.25)
    assert row["credited_after"] == pytest.approx(30 / 150)
    assert row["change"] == 30.0 - 200.0


def test_a_recent_event_is_compared_over_fewer_months_or_not_yet():
    assert effects(LINES, ("2025-08-31", "complaint"))["months"].tolist() == [4]
    assert effects(LINES, ("2025-10-01", "complaint")).empty


def test_other_kinds_are_no_turning_points():
    assert effects(LINES, ("2025-06-30", "quote_won")).empty


def test_a_visit_to_win_a_customer_has_nothing_before_it_to_compare_with():
    assert effects(LINES, ("2024-12-30", "visit")).empty
    assert len(effects(LINES, ("2024-12-31", "visit"))) == 1
