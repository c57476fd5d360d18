"""The lifetime value formula: its properties, its limits, its table, and the same by hand in a spreadsheet."""

from dataclasses import replace
from math import inf
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantwaarde.lifetime.cashflows import cashflows
from klantwaarde.lifetime.clv import DELAY, Terms, lifetime_value, margin_multiple, retention_needed
from klantwaarde.money import AmountError
from libreoffice import recalculated

MARGINS = st.floats(-1e6, 1e6)
RATES = st.floats(0, 1)
TERMS = st.builds(
    Terms, MARGINS, RATES, st.floats(0.001, 1), st.integers(1, 60) | st.just(inf), st.booleans(),
    st.sampled_from(["begin", "mid", "end"]), st.floats(-0.5, 0),
)  # fmt: skip


@given(TERMS)
def test_the_value_is_its_cash_flow_table(terms: Terms) -> None:
    flows = cashflows(terms, shown=25)
    assert flows.value == pytest.approx(float(terms.value), rel=1e-9, abs=1e-9 * abs(float(np.asarray(terms.margin))))
    assert (flows.beyond != 0) <= bool(np.isinf(terms.periods))


@given(TERMS, RATES, MARGINS)
def test_more_retention_and_more_margin_never_lower_a_value_of_margins_above_zero(
    terms: Terms, retention: float, margin: float
) -> None:
    positive = replace(terms, margin=abs(margin))
    low, high = sorted([retention, float(np.asarray(terms.retention))])
    assert replace(positive, retention=low).value <= replace(positive, retention=high).value * (1 + 1e-12)
    assert replace(terms, margin=min(margin, 0)).value <= 0 <= positive.value


@given(TERMS, st.floats(0.01, 100))
def test_a_value_scales_with_the_currency(terms: Terms, scale: float) -> None:
    scaled = replace(terms, margin=np.asarray(terms.margin) * scale)
    assert float(scaled.value) == pytest.approx(float(terms.value) * scale, rel=1e-12)


@given(TERMS, MARGINS)
def test_values_add_up_over_customers(terms: Terms, other: float) -> None:
    both = replace(terms, margin=np.array([np.asarray(terms.margin), other]))
    merged = replace(terms, margin=np.asarray(terms.margin) + other)
    assert float(both.value.sum()) == pytest.approx(float(merged.value), rel=1e-9, abs=1e-6)


@pytest.mark.parametrize(("timing", "certain"), [(timing, certain) for timing in DELAY for certain in (True, False)])
@pytest.mark.parametrize("retention", [0.0, 0.35, 0.999999, 1.0])
def test_long_horizons_become_endless(timing: str, retention: float, *, certain: bool) -> None:
    terms = Terms(100, retention, 0.1, first_margin=certain, timing=timing)  # type: ignore[arg-type]
    closed = 100 * (1 if certain else retention) * 1.1 ** (1 - DELAY[timing]) / (1.1 - retention)
    assert float(terms.value) == pytest.approx(closed)
    assert float(replace(terms, periods=5000).value) == pytest.approx(closed)


def test_without_discount_and_loss_every_year_counts_the_same() -> None:
    assert float(Terms(100, 1, 0, 7).value) == 700
    assert float(Terms(100, 1, 0.25, 4, growth=0.25).value) == pytest.approx(4 * 100 / 1.25)


def test_near_one_the_closed_form_keeps_its_digits() -> None:
    periods, retention = 40, 1 - 1e-13
    exact = sum(retention**t for t in range(1, periods + 1))
    assert float(Terms(1, retention, 0, periods).value) == pytest.approx(exact, rel=1e-12)


def test_an_unknown_ingredient_gives_an_unknown_value() -> None:
    values = Terms([100.0, np.nan, 100.0], [0.8, 0.8, np.nan], 0.1).value
    assert np.isnan(values).tolist() == [False, True, True]


def test_the_share_after_a_horizon() -> None:
    terms = Terms(100, 0.9, 0.1)
    assert terms.share_after(5) == pytest.approx((0.9 / 1.1) ** 5)
    assert terms.share_after(10) == pytest.approx(0.1344, abs=5e-5)
    assert replace(terms, periods=5).share_after(7) == pytest.approx(0)
    assert np.isnan(replace(terms, retention=0).share_after(5))


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"retention": [0.8, 1.01]}, "KW-LT-003"), ({"retention": -0.1}, "KW-LT-003"), ({"discount": -0.01}, "KW-LT-004"),
        ({"growth": -1}, "KW-LT-005"), ({"periods": 0}, "KW-LT-006"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_position(wrong: dict[str, object], code: str) -> None:
    with pytest.raises(AmountError) as refused:
        Terms(**({"margin": 1, "retention": 0.5, "discount": 0.1} | wrong))  # type: ignore[arg-type]
    [fault] = refused.value.faults
    assert (fault.code, fault.values["position"]) == (code, 2 if isinstance(wrong.get("retention"), list) else 1)


def test_acquisition_cost_comes_off_once() -> None:
    terms = Terms(100, 0.8, 0.1, first_margin=True)
    assert float(lifetime_value(terms, 50)) == pytest.approx(float(terms.value) - 50)


@given(st.floats(0, 0.999), st.floats(0.01, 1), st.floats(1, 1e6))
def test_the_retention_needed_gives_the_value_back(retention: float, discount: float, margin: float) -> None:
    value = float(Terms(margin, retention, discount).value)
    assert float(retention_needed(value, margin, discount)) == pytest.approx(retention, abs=1e-9)
    assert value == pytest.approx(margin * float(margin_multiple(retention, discount)))


@pytest.mark.parametrize(("value", "margin"), [(1001, 100), (-10, 100), (100, -50), (100, -100)])
def test_a_value_that_no_retention_gives_is_refused(value: float, margin: float) -> None:
    with pytest.raises(AmountError) as refused:
        retention_needed(value, margin, 0.1)
    assert [fault.code for fault in refused.value.faults] == ["KW-LT-007"]
    assert retention_needed(0, 100, 0.1) == 0


def test_the_cash_flows_equal_a_hand_calculation_in_a_spreadsheet(tmp_path: Path) -> None:
    """Inputs in B1:B4; every figure of the table as a formula that a controller would type."""
    terms = Terms(1250, 0.82, 0.09, 8, first_margin=False, timing="mid", growth=0.03)
    book = openpyxl.Workbook()
    sheet = book.active
    for row, value in enumerate((1250, 0.82, 0.09, 0.03), start=1):
        sheet.cell(row, 2, value)
    for year in range(1, 9):
        row = 10 + year
        cells = (
            year, f"=$B$2^A{row}", f"=$B$1*(1+$B$4)^(A{row}-1)", f"=B{row}*C{row}", f"=1/(1+$B$3)^(A{row}-0.5)",
            f"=D{row}*E{row}", f"=SUM(F$11:F{row})",
        )  # fmt: skip
        for column, cell in enumerate(cells, start=1):
            sheet.cell(row, column, cell)
    path = tmp_path / "by_hand.xlsx"
    book.save(path)
    [rows] = recalculated(path, tmp_path / "calculated").values()
    found = [row[:7] for row in rows[10:18]]
    assert cashflows(terms).table.to_numpy(float) == pytest.approx(np.array(found, dtype=float), rel=1e-12)
    assert float(terms.value) == pytest.approx(found[-1][-1], rel=1e-12)
