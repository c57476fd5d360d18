import numpy as np
import pandas as pd
import pytest

from companies import analysed, row_of, sale

YEAR = {"period_start": "2025-01-01", "period_end": "2025-12-31"}


def company(n_weak=12, n_good=20, weak_lost=8, good_lost=2):
    """Weak payers and good ones, of which so many were lost; all in two segments, and what is due in 2024."""
    lines, items, customers = (
        [sale("S", 1.0, 0, "2024-01-01"), sale("S", 1.0, 0, "2025-01-01")],
        [],
        [{"customer_id": "S", "segment": "z"}],
    )
    for kind, n, lost in (("w", n_weak, weak_lost), ("g", n_good, good_lost)):
        for place in range(n):
            name = f"{kind}{place:02}"
            customers.append({"customer_id": name, "segment": kind})
            days = ["2024-11-01", *([] if place < lost else ["2025-06-01", "2025-12-20"])]
            lines += [sale(name, 100.0 + place, 40.0, day) for day in days]
            for year in (2024, 2025):
                paid = pd.Timestamp(f"{year}-11-{30 if kind == 'w' else 5}")
                items.append(
                    {
                        "customer_id": name,
                        "invoice_id": f"{name}{year}",
                        "due_date": pd.Timestamp(f"{year}-11-05"),
                        "paid_date": paid,
                        "amount": 100.0,
                    }
                )
    return {"invoice_lines": lines, "receivables": items, "customers": customers}


def test_marks_are_those_before_anybody_left():
    frame = analysed(YEAR, **company()).results["churn_marks"]
    weak = row_of(frame, "mark", "weak_payer")
    assert (weak["customers_with"], weak["left_with"], weak["customers_without"], weak["left_without"]) == (
        12,
        8,
        20,
        2,
    )
    assert weak["share_of_leavers"] == 0.8
    assert weak["odds_ratio"] == pytest.approx(8 * 18 / (4 * 2))
    assert weak["verdict"] == "higher"


def test_few_customers_get_no_verdict():
    assert (
        row_of(analysed(YEAR, **company(n_weak=9)).results["churn_marks"], "mark", "weak_payer")["verdict"] == "too_few"
    )


def test_who_looks_like_the_leavers_is_watched_with_their_rate():
    frame = analysed(YEAR, **company()).results["watch_list"].set_index("customer_id")
    assert set(frame.index) == {f"w{place:02}" for place in range(8, 12)}
    assert frame["rate"].tolist() == pytest.approx([8 / 12] * 4)
    assert frame.loc["w11", "expected_loss_margin"] == pytest.approx(round(8 / 12 * 2 * 71.0, 2))
    assert frame["expected_loss_margin"].is_monotonic_decreasing


def test_groups_against_all_others_with_a_correction():
    frame = analysed(YEAR, **company()).results["churn_groups"]
    segments = frame[frame["dimension"] == "segment"].set_index("key")
    assert segments["customers"].to_dict() == {"g": 20, "w": 12, "z": 1}
    assert segments.loc["w", "rate_of_rest"] == pytest.approx(2 / 21)
    assert segments["verdict"].to_dict() == {"g": "lower", "w": "higher", "z": "too_few"}
    tested = frame[frame["p"].notna()]
    assert (tested["p_corrected"] >= tested["p"]).all()


def test_reasons_and_purpose_come_from_the_last_event():
    events = [
        {"customer_id": name, "date": pd.Timestamp(day), "kind": kind, "reason": reason}
        for name, day, kind, reason in (
            ("w00", "2025-02-01", "left", "Price"), ("w00", "2025-03-01", "left_on_purpose", "No margin"),
            ("w01", "2025-02-01", "left", "Price"), ("w02", "2023-02-01", "left", "Too long ago"), ("w03", "2025-02-01", "visit", "Talk"),
        )
    ]  # fmt: skip
    results = analysed(YEAR, **company(), events=events).results
    lost = results["lost_customers"].set_index("customer_id")
    assert lost.loc[["w00", "w01", "w02", "w03"], "deliberate"].tolist() == [
        "on_purpose",
        "not_on_purpose",
        "not_told",
        "not_told",
    ]
    reasons = results["churn_reasons"]
    assert reasons["customers"].sum() == len(lost) == 10
    assert reasons["gross_margin_before"].sum() == pytest.approx(lost["gross_margin_before"].sum())


def test_the_largest_loss_stands_first_and_the_last_purchase_is_named():
    lost = analysed(YEAR, **company()).results["lost_customers"]
    assert lost["gross_margin_before"].is_monotonic_decreasing
    assert set(lost["last_purchase"].dt.strftime("%Y-%m-%d")) == {"2024-11-01"}


def test_without_receivables_only_silence_is_a_mark():
    frames = company()
    frames.pop("receivables")
    assert analysed(YEAR, **frames).results["churn_marks"]["mark"].tolist() == ["silent"]


def test_without_a_year_before_nothing_is_said():
    results = analysed(YEAR, invoice_lines=[sale("A", 1.0)]).results
    assert all(
        results[name].empty for name in ("lost_customers", "churn_marks", "churn_groups", "watch_list", "new_customers")
    )
    assert np.array_equal(results["customer_base"]["status"], ["active"])


def test_who_never_had_a_usual_interval_is_no_part_of_the_comparison_on_silence():
    silent = row_of(analysed(YEAR, **company()).results["churn_marks"], "mark", "silent")
    assert silent["customers_with"] + silent["customers_without"] == 0


def test_complaints_stand_beside_who_left():
    events = [
        {"customer_id": "w00", "date": pd.Timestamp(day), "kind": "complaint"}
        for day in ("2024-05-01", "2025-01-05", "2023-01-01")
    ]
    lost = analysed(YEAR, **company(), events=events).results["lost_customers"].set_index("customer_id")["complaints"]
    assert (lost["w00"], lost["w01"]) == (2, 0)
