"""The room through the public road: what closes, what is left out, what is not known."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import klantwaarde as kw
from cases import e2e_frames
from companies import analysed, failed, frames, row_of, said, sale, trader
from debtors import AT, CREDIT, YEAR, item, value, with_receivables
from klantwaarde.credit.charge import LEVELS
from klantwaarde.credit.receivables import receivables_of

CUSTOMERS = ("A", "B", "C")
day = st.integers(-400, 60).map(lambda days: str(np.datetime64(AT) + days))


@st.composite
def ledger_rows(draw: Any) -> dict[str, Any]:
    """An invoice or credit note: open, paid, paid in part, or paid at an unknown day."""
    cents = draw(st.integers(-500_000, 2_000_000).filter(bool))
    due, paid, left = draw(day), draw(st.none() | day), draw(st.sampled_from([None, 0.0, 0.4, 1.0]))
    row = item(draw(st.sampled_from(CUSTOMERS)), cents / 100, due, paid, invoice_id=str(draw(st.integers(0, 10**9))))
    row["open_amount"] = float("nan") if left is None else round(cents * left) / 100
    return row


def ledgers() -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(ledger_rows(), min_size=1, max_size=25, unique_by=lambda row: row["invoice_id"])


def of_all(rows: list[dict[str, Any]], **more: Any) -> kw.Outcome:
    return with_receivables(rows, more, invoice_lines=[sale(name, 1000.0) for name in CUSTOMERS])


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(ledgers())
def test_everything_closes_whatever_is_in_the_ledger(rows):
    outcome = of_all(rows)
    assert {check for check, _ in failed(outcome)} == set()
    ageing, matrix = outcome.results["ageing"], outcome.results["risk_value_matrix"]
    open_cents = receivables_of(outcome.model).left.sum()
    assert round(ageing["open_amount"].sum() * 100) == open_cents
    assert matrix["exposure"].sum() == pytest.approx(ageing[["not_due", "overdue"]].sum().sum(), abs=0.001)
    trend, total = outcome.results["payment_trend"].iloc[-1], outcome.results["payment_groups"].iloc[0]
    assert trend["open_amount"] == total["open_amount"] == pytest.approx(open_cents / 100, abs=0.001)


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(ledgers(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(rows, chance):
    mixed = list(rows)
    chance.shuffle(mixed)
    one, other = of_all(rows), of_all(mixed)
    for result in CREDIT:
        pd.testing.assert_frame_equal(one.results[result], other.results[result])


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(ledgers(), st.integers(1, 300))
def test_shifting_all_days_shifts_nothing(rows, days):
    dates = ("invoice_date", "due_date", "paid_date")
    later = [row | {name: row[name] + pd.Timedelta(days=days) for name in dates} for row in rows]
    end = pd.Timestamp(AT) + pd.Timedelta(days=days)
    moved = {"period_start": str((end - pd.Timedelta(days=364)).date()), "period_end": str(end.date())}
    sales = [sale(name, 1000.0, day=str((pd.Timestamp("2025-06-15") + pd.Timedelta(days=days)).date())) for name in CUSTOMERS]
    one, other = of_all(rows), with_receivables(later, moved, invoice_lines=sales)
    for result in ("ageing", "payment_cost"):
        pd.testing.assert_frame_equal(one.results[result], other.results[result])


def test_without_receivables_the_room_is_off_with_one_sentence():
    outcome = analysed(**trader())
    assert not set(CREDIT) & set(outcome.results)
    assert "KW-MO-011" in said(outcome)


def test_an_export_of_open_items_only_says_that_losses_are_unknown():
    outcome = with_receivables([item("A", 121.0, "2025-10-31"), item("A", -21.0, "2025-11-30")])
    assert outcome.results["loss_matrix"]["source"].unique().tolist() == ["no_history"]
    assert np.isnan(value(outcome, "expected_loss", "A", "expected_loss"))
    assert value(outcome, "payment_cost", "A", "credit_loss") == 0
    assert np.isnan(value(outcome, "payment_behaviour", "A", "days_late"))
    assert failed(outcome) == set()


def test_credits_only_are_no_exposure_and_no_early_payment():
    outcome = with_receivables([item("A", -100.0, "2025-10-31"), item("A", -50.0, "2025-10-31", "2025-10-01")])
    row = row_of(outcome.results["ageing"], "customer_id", "A")
    assert (row["open_credit"], row["open_amount"], row["overdue"]) == (-100.0, -100.0, 0.0)
    assert value(outcome, "payment_behaviour", "A", "payments") == 0
    assert value(outcome, "payment_behaviour", "A", "remark") == "credit_balance"
    assert value(outcome, "risk", "A", "exposure") == 0
    assert failed(outcome) == set()


def test_excluded_and_unknown_customers_are_in_the_ageing_only():
    customers = [{"customer_id": "A"}, {"customer_id": "IC", "excluded": True}]
    rows = [item(name, 100.0, "2025-10-31") for name in ("A", "IC", "?")]
    outcome = with_receivables(rows, invoice_lines=[sale("A", 1.0), sale("IC", 1.0)], customers=customers)
    assert set(outcome.results["ageing"]["customer_id"]) == {"A", "IC", "(unknown)"}
    assert outcome.results["risk"]["customer_id"].tolist() == ["A"]
    assert outcome.results["payment_groups"]["customers"].iloc[0] == 1
    assert failed(outcome) == set()


def test_who_no_longer_buys_but_owes_stands_apart_in_the_matrix():
    sales = [sale("A", 1000.0), sale("B", 500.0, day="2024-03-01")]
    outcome = with_receivables([item("A", 121.0, "2025-12-31"), item("B", 605.0, "2024-03-31")], invoice_lines=sales)
    matrix = outcome.results["risk_value_matrix"].set_index("tier")
    assert (matrix.loc["inactive", "customers"], matrix.loc["inactive", "exposure"]) == (1, 605.0)
    assert (matrix.loc["top", "customers"], matrix["customers"].sum()) == (1, 2)
    assert outcome.results["risk_classes"]["customers"].sum() == 1
    assert failed(outcome) == set()


def test_borders_are_a_setting_and_name_the_columns():
    outcome = with_receivables([item("A", 100.0, "2025-12-17")], {"ageing_borders": "14/45"})
    assert value(outcome, "ageing", "A", "1-14") == 100.0
    assert outcome.results["loss_matrix"]["ageing_class"].tolist() == ["not_due", "1-14", "15-45", ">45"]


@pytest.mark.parametrize("rates", ["1/2/3", "1/2/3/4/101"])
def test_loss_rates_that_do_not_fit_the_classes_are_refused(rates):
    with pytest.raises(kw.InputError) as refused:
        with_receivables([item("A", 100.0, "2025-12-17")], {"loss_rates": rates})
    assert [(fault.code, fault.table) for fault in refused.value.faults] == [("KW-CR-001", "settings")]


def with_costing(**more: Any) -> kw.Outcome:
    tables = e2e_frames() | {"receivables": pd.DataFrame([item("C", 12_100.0, "2025-03-31", "2025-06-29")])}
    return kw.analyse(kw.tables_from(tables | more), YEAR)


def test_what_payment_cost_already_is_added_back_and_taken_off_once():
    row = row_of(with_costing().results["payment_cost"], "customer_id", "C")
    assert row["credit_handlings"] == pytest.approx(2600.82 + 3467.76, abs=0.011)
    assert (row["booked_loss"], row["credit_loss"]) == (4000.0, 4000.0)
    interest = 12_100 * 120 / 365 * 0.06
    assert row["financing_cost"] == pytest.approx(interest, abs=0.011)
    assert row["financing_beyond_terms"] == pytest.approx(interest * 90 / 120, abs=0.011)
    assert row["result_before_payment"] == pytest.approx(row["customer_result"] + row["credit_handlings"] + 4000, abs=0.001)
    assert row["result_after_payment"] == pytest.approx(row["customer_result"] - row["financing_cost"], abs=0.001)


def test_the_bridge_ends_where_the_account_is():
    outcome = with_costing()
    bridge = outcome.results["payment_bridge"].set_index("step")
    assert bridge.loc["customer_result_again", "level"] == pytest.approx(outcome.results["customer_pl"]["customer_result"].sum(), abs=0.001)
    assert all(bridge.loc[step, "level"] == pytest.approx(bridge.loc[step, "amount"], abs=0.001) for step in LEVELS)
    assert failed(outcome) == set()


def test_payment_discounts_are_part_of_the_cost_of_credit():
    tables = frames(trader())
    tables["ledger"] = pd.concat([tables["ledger"], pd.DataFrame([{"account": "8090", "description": "Betalingskorting", "amount": 9.0, "treatment": "direct", "target": "discount"}])])
    tables["customer_costs"] = pd.DataFrame([{"customer_id": "A", "kind": "discount", "amount": 9.0, "account": "8090"}])
    tables["receivables"] = pd.DataFrame([item("A", 100.0, "2025-12-17")])
    row = row_of(kw.analyse(kw.tables_from(tables), YEAR).results["payment_cost"], "customer_id", "A")
    assert row["payment_discount"] == 9.0
    assert row["result_before_payment"] - row["customer_result"] == pytest.approx(9.0)


def test_billing_follows_the_items_and_without_paid_ones_the_invoice_lines_with_vat():
    lines = [sale("A", 1000.0, day="2025-01-01")]
    paid = [item("A", 1110.0, "2025-06-30", "2025-06-30"), item("A", 100.0, "2026-01-15")]
    complete = with_receivables(paid, invoice_lines=lines)
    open_only = with_receivables(paid[1:], invoice_lines=lines)
    assert receivables_of(complete.model).billing.from_items
    assert not receivables_of(open_only.model).billing.from_items
    assert value(open_only, "payment_behaviour", "A", "dso") == pytest.approx(100 / 1210 * 365)


@pytest.mark.parametrize("form", ["{0.month}/{0.day}/{0.year}", "{0.day}/{0.month}/{0.year}"])
def test_a_ledger_of_2466_invoices_with_text_dates_in_either_order(form):
    """Dates as an English or Dutch spreadsheet writes them, without leading zeros."""
    rng = np.random.default_rng(2466)
    n = 2466
    start = np.datetime64("2024-01-02") + rng.integers(0, 700, n)
    due, paid = start + 30, start + 30 + rng.integers(-20, 40, n)
    frame = pd.DataFrame({"customer_id": [f"K{code:03d}" for code in rng.integers(0, 100, n)], "invoice_id": [f"{number}" for number in range(1, n + 1)]})
    typed = frame.assign(amount=np.round(rng.gamma(6, 10, n), 2), invoice_date=start, due_date=due, paid_date=paid)
    texts = {name: [form.format(pd.Timestamp(one)) for one in typed[name].to_numpy()] for name in ("invoice_date", "due_date", "paid_date")}
    written = typed.assign(**texts)
    lines = typed[["customer_id", "invoice_id", "invoice_date"]].assign(net_amount=typed["amount"])
    shared = {"customers": pd.DataFrame({"customer_id": sorted(set(frame["customer_id"]))}), "invoice_lines": lines}
    as_text, as_date = (kw.analyse(kw.tables_from(shared | {"receivables": items}), YEAR) for items in (written, typed))
    for result in CREDIT:
        pd.testing.assert_frame_equal(as_text.results[result], as_date.results[result])
    days = (paid - due).astype(int)
    inside = (paid > np.datetime64("2024-12-31")) & (paid <= np.datetime64(AT))
    weights = typed["amount"].to_numpy()[inside]
    expected = (np.maximum(days[inside], 0) * weights).sum() / weights.sum()
    assert as_text.results["payment_groups"]["days_late"].iloc[0] == pytest.approx(expected, rel=1e-6)
    assert failed(as_text) == set()
