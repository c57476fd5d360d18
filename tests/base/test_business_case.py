"""What the business case promised, against the lines."""

from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companies import analysed, failed, row_of, sale
from klantwaarde import money
from klantwaarde.base.business_case import Cases, case_years, verdicts
from klantwaarde.base.history import Sales
from klantwaarde.base.rules import RULES
from klantwaarde.messages import LANGUAGES
from klantwaarde.report.base_lines import then_lines
from klantwaarde.report.relation_charts import then_charts

YEAR = {"period_start": "2025-01-01", "period_end": "2025-12-31"}
COVERED, AT = np.datetime64("2022-01-01"), np.datetime64("2025-12-31")


def case(number, promised, since=None, **more):
    since = None if since is None else pd.Timestamp(since)
    return {"customer_id": number, "case_margin": promised, "customer_since": since, **more}


def margin(number, euros, day):
    return sale(number, euros + 40.0, 40.0, day)


def outcome_of(customers, *lines):
    """The lines of all years begin on the first day of 2022 and reach into 2025."""
    steady = [margin("S", 1.0, day) for day in ("2022-01-01", "2025-01-01")]
    return analysed(YEAR, customers=[*customers, {"customer_id": "S"}], invoice_lines=[*steady, *lines])


def case_of(customers, *lines, number="K"):
    return row_of(outcome_of(customers, *lines).results["business_case"], "customer_id", number)


def test_promised_against_realised_per_year():
    lines = [
        margin("K", 90.0, "2023-01-01"),
        margin("K", 30.0, "2023-12-31"),
        margin("K", 60.0, "2024-06-01"),
        margin("K", 70.0, "2025-06-01"),
    ]
    outcome = outcome_of([case("K", 100.0)], *lines)
    row = row_of(outcome.results["business_case"], "customer_id", "K")
    figures = ["case_years", "promised", "realised", "gap", "realised_each", "latest_year"]
    assert row[figures].tolist() == [3, 300.0, 250.0, -50.0, 83.33, 70.0]
    assert (str(row["case_start"].date()), row["verdict"]) == ("2023-01-01", "case_nearly")
    assert row["case_share"] == pytest.approx(250 / 300)
    years = outcome.results["business_case_years"]
    assert years[["year", "customers", "promised", "realised", "gap", "cumulative"]].to_numpy().tolist() == [
        [1, 1, 100.0, 120.0, 20.0, 20.0], [2, 1, 100.0, 60.0, -40.0, -20.0], [3, 1, 100.0, 70.0, -30.0, -50.0],
    ]  # fmt: skip
    assert failed(outcome) == set()


def test_a_year_of_somebody_who_started_mid_month_runs_to_the_day_before():
    days = {"2023-03-15": 1.0, "2024-03-14": 2.0, "2024-03-15": 4.0, "2025-03-14": 8.0, "2025-03-15": 16.0}
    row = case_of([case("K", 3.0)], *(margin("K", euros, day) for day, euros in days.items()))
    assert row[["case_years", "realised", "latest_year"]].tolist() == [2, 15.0, 12.0]


@pytest.mark.parametrize(("start", "years"), [("2025-01-01", 1), ("2025-01-02", 0)])
def test_a_year_must_be_whole(start, years):
    row = case_of([case("K", 10.0)], margin("K", 10.0, start))
    assert row["case_years"] == years
    assert row["verdict"] == ("case_met" if years else "case_too_short")
    blank = row[["promised", "realised", "gap", "realised_each", "case_share", "latest_year"]].isna()
    assert blank.tolist() == [not years] * 6


@pytest.mark.parametrize(
    ("since", "years"), [("2018-12-26", 4), ("2018-12-25", 3), ("2021-12-26", 4), ("2021-12-25", 3)]
)
def test_a_customer_older_than_the_lines_is_compared_from_its_first_year_in_them(since, years):
    """A year may begin six days before the first line, not seven."""
    row = case_of([case("K", 10.0, since)], margin("K", 10.0, "2025-02-01"))
    assert row["case_years"] == years
    assert str(row["case_start"].date()) == since


def test_the_day_in_the_master_counts_unless_a_purchase_came_first():
    lines = [margin("K", 10.0, "2024-05-01"), margin("L", 10.0, "2024-05-01")]
    frame = outcome_of([case("K", 10.0, "2024-03-01"), case("L", 10.0, "2024-07-01")], *lines).results["business_case"]
    starts = frame.set_index("customer_id")["case_start"].dt.strftime("%Y-%m-%d")
    assert starts.to_dict() == {"K": "2024-03-01", "L": "2024-05-01"}


def test_without_a_known_start_nothing_is_compared():
    """Bought in the first months of the lines, which nothing precedes; or never bought."""
    frame = outcome_of([case("K", 10.0), case("N", 10.0)], margin("K", 50.0, "2022-02-01")).results["business_case"]
    assert frame["verdict"].tolist() == ["case_no_start"] * 2
    assert frame["realised"].isna().all()


def test_a_customer_that_never_bought_realised_nothing():
    row = case_of([case("K", 10.0, "2024-01-01")])
    assert row[["realised", "gap", "verdict"]].tolist() == [0.0, -20.0, "case_missed"]


def test_credit_notes_count_in_the_year_of_their_date():
    lines = [margin("K", 100.0, "2023-01-01"), sale("K", -160.0, -40.0, "2024-02-01")]
    years = outcome_of([case("K", 50.0)], *lines).results["business_case_years"]
    assert years["realised"].tolist() == [100.0, -120.0, 0.0]


def test_without_cost_of_goods_margin_is_not_known():
    lines = [{**margin("K", 10.0, day), "cost_amount": None} for day in ("2022-01-01", "2024-01-01", "2025-01-01")]
    outcome = analysed(YEAR, customers=[case("K", 10.0, "2024-01-01")], invoice_lines=lines)
    row = row_of(outcome.results["business_case"], "customer_id", "K")
    assert (row["verdict"], row["case_years"]) == ("case_no_cost", 4)
    assert np.isnan(row["realised"])
    assert outcome.results["business_case_years"].empty


def test_excluded_customers_have_no_case():
    outcome = outcome_of([case("K", 10.0, "2024-01-01", excluded=True)])
    assert outcome.results["business_case"].empty


@pytest.mark.parametrize(
    ("promised", "realised", "latest", "verdict"),
    [
        (200, 200, 100, "case_met"), (200, 199, 100, "case_nearly"), (200, 160, 100, "case_nearly"), (200, 159, 100, "case_missed"),
        (200, 200, 80, "case_met"), (200, 200, 79, "case_faded"), (200, 199, 79, "case_nearly"), (0, 0, 0, "case_met"),
        (0, -1, -1, "case_missed"),
    ],
)  # fmt: skip
def test_the_rule_at_its_borders(promised, realised, latest, verdict):
    cents = (np.array([amount]) for amount in (promised, realised, latest, promised // 2))
    assert verdicts(*cents).tolist() == [verdict]


DAYS = st.integers(date(2021, 6, 1).toordinal(), date(2026, 3, 1).toordinal()).map(
    lambda day: np.datetime64(date.fromordinal(day))
)
LINES = st.lists(st.tuples(st.integers(0, 4), DAYS, st.integers(-50_000, 90_000)), max_size=40)
STARTS = st.lists(st.one_of(st.just(np.datetime64("NaT", "D")), DAYS), min_size=3, max_size=3)


def sales(lines):
    customer, day, net = ([line[part] for line in lines] for part in range(3))
    net = np.array(net, dtype=np.int64)
    return Sales(np.array(customer, dtype=np.intp), np.array(day, dtype="M8[D]"), net, net // 3, net)


@given(LINES, STARTS, st.randoms(use_true_random=False))
def test_every_line_within_a_whole_year_counts_once_whatever_the_order(lines, starts, shuffled):
    cases = Cases(np.array([3, 0, 2]), np.array(starts, dtype="M8[D]"), np.array([100, 2_000, 30_000]))
    years = case_years(cases, sales(lines), COVERED, AT)
    for place in range(3):
        own = np.flatnonzero(years.case == place)
        assert (np.diff(years.year[own]) == 1).all()
        assert all(years.ends[one] + 1 == years.begins[next_one] for one, next_one in pairwise(own))
        spans = [(years.begins[year], years.ends[year]) for year in own]
        inside = [
            net - net // 3 for customer, day, net in lines
            if customer == cases.customer[place] and any(begins <= day <= ends for begins, ends in spans)
        ]  # fmt: skip
        assert years.realised[own].sum() == sum(inside)
        gaps = (years.realised - years.promised)[own]
        assert (years.cumulative_gap[own] == np.cumsum(gaps)).all()
    assert ((years.begins >= COVERED) & (years.ends <= AT) & (years.begins >= cases.start[years.case])).all()
    other = list(lines)
    shuffled.shuffle(other)
    assert (case_years(cases, sales(other), COVERED, AT).realised == years.realised).all()


@given(LINES)
def test_customers_and_years_add_up_to_the_cent(lines):
    rows = [margin(f"C{customer}", cents / 100, str(day)) for customer, day, cents in lines]
    outcome = outcome_of([case(f"C{code}", 12.34 * code, "2021-03-31") for code in range(5)], *rows)
    customers, years = outcome.results["business_case"], outcome.results["business_case_years"]
    for name in ("promised", "realised", "gap"):
        assert money.cents(customers[name].to_numpy()).sum() == money.cents(years[name].to_numpy()).sum()
    assert years["cumulative"].iloc[-1] == pytest.approx(customers["gap"].sum())
    assert customers["gap"].is_monotonic_increasing


@pytest.mark.parametrize("name", ["promised", "realised"])
def test_a_changed_year_is_found(name):
    outcome = outcome_of([case("K", 50.0)], margin("K", 10.0, "2023-01-01"))
    years = outcome.results["business_case_years"].copy()
    years.loc[1, name] += 0.01
    checks = [
        check for rule in RULES for check in rule(outcome.model, {**outcome.results, "business_case_years": years})
    ]
    assert [(check.id, check.subject) for check in checks if check.status != "ok"] == [("base_case", name)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_says_how_to_switch_it_on(language):
    outcome = outcome_of([], margin("K", 10.0, "2024-01-01"))
    assert outcome.results["business_case"].empty
    assert sum("Klanten" in line or "Customers" in line for line in then_lines(outcome, language)) == 1
    assert [chart.id for chart in then_charts(outcome, language) if chart.id == "business_case"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_tells_the_verdicts_and_who_is_first(language):
    lines = [margin("K", 200.0, "2023-01-01"), margin("L", 5.0, "2024-01-01"), margin("M", 5.0, "2025-06-01")]
    outcome = outcome_of(
        [case("K", 50.0, name="Kees"), case("L", 100.0, name="Lies"), case("M", 5.0, name="Mies")], *lines
    )
    told = " ".join(then_lines(outcome, language))
    assert "Lies" in told  # the largest shortfall
    assert "Kees" in told  # met over three years, nothing in the last one
    assert "Mies" not in told
    [chart] = [chart for chart in then_charts(outcome, language) if chart.id == "business_case"]
    assert chart.frame["promised"].tolist() == [75.0, 75.0, 50.0]
    assert chart.frame["realised"].tolist() == [102.5, 0.0, 0.0]


def test_a_case_too_young_is_said_so():
    outcome = outcome_of([case("K", 50.0)], margin("K", 10.0, "2025-06-01"))
    assert any("een heel jaar te vergelijken" in line for line in then_lines(outcome, "nl"))
