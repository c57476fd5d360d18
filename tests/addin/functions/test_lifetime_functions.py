"""The functions of group lifetime value: published and hand figures, ranges, refusals, fits that feed each other."""

import numpy as np
import pytest

from klantwaarde_addin.errors import NO_RESULT, FunctionError
from klantwaarde_addin.functions import (
    bgbb_fit,
    bgnbd_fit,
    clv,
    clv_cashflows,
    clv_potential,
    customer_equity,
    equity_bridge,
    expected_purchases,
    expected_value,
    gamma_gamma_fit,
    margin_multiple,
    p_alive,
    paretonbd_fit,
    retention_needed,
    rfm,
    sbg_fit,
    sbg_survival,
)

from .published import case, column, near

CDNOW = [0.243, 4.414, 0.793, 2.426]  # Fader, Hardie & Lee (2005), table 2
HISTORY = (column([2, 0, 7]), column([30.43, 0, 35]), 38.86)


def test_clv_of_the_internet_provider_in_two_conventions() -> None:
    given, expected = case("CLV-1")
    terms = [given[name] for name in ("margin", "retention", "discount")]
    assert clv(*terms) == near(expected["first_margin_excluded"])
    assert clv(*terms, first_margin=True, timing="begin") == near(expected["first_margin_included"])
    assert clv(*terms, acquisition_cost=190.68) == near(1000.0)


def test_a_column_of_customers_gives_a_column_of_values() -> None:
    given, expected = case("CLV-4")
    found = clv(column(given["margin"]), column(given["retention"]), given["discount"])
    assert found == near(column(expected["value"]))
    assert clv(100, 0.8, 0.1, column([1, 2])) == near(column([72.73, 125.62]))


@pytest.mark.parametrize(("arguments", "code"), [((100, 1, 0), "KW-LT-001"), ((100, 0.9, 0.1, None, False, "end", 0.25), "KW-LT-002")])
def test_a_value_without_end_is_refused(arguments: tuple[object, ...], code: str) -> None:
    with pytest.raises(FunctionError, match=code) as refused:
        clv(*arguments)
    assert refused.value.code == NO_RESULT


def test_the_cash_flows_add_up_to_the_value() -> None:
    rows = clv_cashflows(100, 0.8, 0.1, shown=3)
    assert [row[0] for row in rows] == [1, 2, 3, "daarna"]
    assert sum(row[5] for row in rows) == pytest.approx(clv(100, 0.8, 0.1))
    assert rows[-1][6] == pytest.approx(clv(100, 0.8, 0.1))
    finite = clv_cashflows(100, 0.8, 0.1, 4, first_margin=True, timing="mid", growth=0.05)
    assert len(finite) == 4
    assert finite[-1][6] == pytest.approx(clv(100, 0.8, 0.1, 4, True, "mid", 0.05))


def test_multiple_and_retention_undo_each_other() -> None:
    assert margin_multiple(0.8, 0.12) == pytest.approx(2.5)
    assert retention_needed(100 * margin_multiple(0.8, 0.12), 100, 0.12) == pytest.approx(0.8)


def test_potential_with_and_without_levers() -> None:
    [row] = clv_potential(100, 10, 20, 0.5, 0.1, 400, 0.5)
    assert row == pytest.approx([8.33, 16.67, 8.34, 0.0, 0.0])
    [row] = clv_potential(100, 10, 20, 0.5, 0.1, 400, 0.5, 10, 0.8)
    assert row[1] == near(40 * 0.8 / 0.3)
    assert sum(row[2:]) == pytest.approx(row[1] - row[0])
    assert clv_potential(0, 10, 20, 0.5, 0.1, 400, 0.5)[0][:2] == near([10 * 0.5 / 0.6] * 2)


def test_equity_per_group_ends_with_the_total() -> None:
    rows = customer_equity(column([1000, 500, 300]), 0.5, 0.1, column(["B", "A", "B"]))
    assert [row[:2] for row in rows] == [["A", 1], ["B", 2], ["Totaal", 3]]
    assert [row[2] for row in rows] == near([500 / 1.2, 1300 / 1.2, 1500])
    assert rows[-1][3] == 1
    [total] = customer_equity(column([-5, 2]), 0.5, 0.1)
    assert total[3] == "n.v.t.: totaal niet boven nul"


@pytest.mark.parametrize("form", ["simple", "actuarial"])
def test_equity_bridge_of_the_published_case(form: str) -> None:
    given, expected = case("CEB-1")
    lists = [
        [column(row[name] for row in given[moment].values()) for name in ("margin", "retention")] for moment in ("opening", "closing")
    ]
    before, after = (column(given[moment]) for moment in ("opening", "closing"))
    rows = dict(equity_bridge(before, *lists[0], after, *lists[1], given["discount"], column(given["reactivated"]), form))
    assert {name: rows[name] for name in expected[form]} == near(expected[form])


@pytest.mark.parametrize(
    ("change", "code", "argument"),
    [
        ({"margin_after": column([1, 2, 3])}, "KW-FN-011", "margin_after"), ({"customer_after": column(["A", "A"])}, "KW-LT-022", "customer_after"),
        ({"customer_before": column(["A", "A"])}, "KW-LT-022", "customer_before"),
    ],
)  # fmt: skip
def test_lists_of_customers_that_do_not_fit_are_refused(change: dict[str, object], code: str, argument: str) -> None:
    given = {
        "customer_before": column(["A", "B"]), "margin_before": 10, "retention_before": 0.5, "customer_after": column(["A", "C"]),
        "margin_after": column([10, 20]), "retention_after": 0.5, "discount": 0.1,
    }  # fmt: skip
    assert dict(equity_bridge(**given))["closing"] == near(25)
    with pytest.raises(FunctionError, match=code) as refused:
        equity_bridge(**(given | change))
    assert refused.value.argument == argument


def test_rfm_counts_days_not_rows() -> None:
    days = column([45_658, 45_658, 45_672, 45_686, 45_660])
    rows = rfm(column(["A", "A", "A", "A", "B"]), days, column([10, 20, 40, 60, 5]), 45_700)
    assert rows == [["A", 2.0, 4.0, 6.0, 50.0], ["B", 0.0, 0.0, pytest.approx(40 / 7), 0.0]]
    assert rfm(column(["A"]), 45_658, 10, unit="day") == [["A", 0.0, 0.0, 0.0, 0.0]]


def test_expectations_of_the_first_customer_of_cdnow() -> None:
    """Fader & Hardie, note 004: 1.226 purchases in 39 weeks."""
    found = expected_purchases(CDNOW, *HISTORY, 39)
    assert found[0][0] == pytest.approx(1.226, abs=5e-4)
    assert p_alive(CDNOW, *HISTORY)[1] == [1.0]
    assert p_alive(column(CDNOW), *HISTORY) == p_alive([CDNOW], *HISTORY) == p_alive(CDNOW, *HISTORY)


def histories(seed: int = 5, n: int = 300) -> tuple[list[list[float]], ...]:
    rng = np.random.default_rng(seed)
    age = rng.uniform(30, 60, n)
    frequency = rng.poisson(rng.gamma(1.2, 0.06, n) * age * rng.uniform(0.2, 1, n))
    recency = np.where(frequency > 0, age * rng.uniform(0.1, 0.95, n), 0)
    return column(frequency.tolist()), column(recency.tolist()), column(age.tolist())


@pytest.mark.parametrize("fit", [bgnbd_fit, paretonbd_fit])
def test_the_range_of_a_fit_is_taken_as_it_is(fit) -> None:
    data = histories()
    rows = fit(*data, labels=True)
    named = dict(rows[1:])
    names = [name for name, _ in rows[1:5]]
    assert named["customers"] == 300
    assert {f"se_{name}" for name in names} <= named.keys()
    assert rows[0] == ["Naam", "Waarde"]
    alive = p_alive(rows, *data)
    assert alive == p_alive(rows[1:], *data)
    if fit is bgnbd_fit:
        assert alive == p_alive([named[name] for name in names], *data)
    else:
        assert alive == p_alive(rows[1:5], *data)  # names tell the model
        assert alive != p_alive([named[name] for name in names], *data)  # values only are those of BG/NBD


def test_a_discrete_model_names_itself_too() -> None:
    frequency, recency = column([6, 0, 2, 5, 1, 1, 0, 6, 0, 0, 0, 1, 0, 1]), column([6, 0, 5, 6, 1, 5, 0, 6, 0, 0, 0, 1, 0, 1])
    rows = bgbb_fit(frequency, recency, 6)
    assert dict(rows)["model"] == "bgbb"
    ahead = expected_purchases(rows, frequency, recency, 6, 4)
    assert 0 < ahead[1][0] < ahead[0][0] < 4


def test_value_of_a_purchase_shrinks_towards_all_customers() -> None:
    rng = np.random.default_rng(2)
    counts = rng.integers(1, 8, 200)
    means = rng.gamma(6 * counts, 1 / (rng.gamma(4, 1 / 15, 200) * counts))
    rows = gamma_gamma_fit(column(counts.tolist()), column(means.tolist()))
    once, often, never = (row[0] for row in expected_value(rows, column([1, 50, 0]), column([100, 100, 0])))
    assert never < once < often < 100
    assert expected_value([6.25, 3.74, 15.44], 1, 20) == pytest.approx(24.63, abs=0.01)  # note 025


def test_contracts_of_fader_and_hardie() -> None:
    rows = dict(sbg_fit(column([1000, 631, 468, 382, 326, 289, 262, 241])))
    assert (rows["alpha"], rows["beta"]) == (pytest.approx(0.704, abs=5e-4), pytest.approx(1.182, abs=5e-4))
    assert sbg_survival(rows["alpha"], rows["beta"], column([0, 8, 12])) == [[1.0], [pytest.approx(0.22, abs=5e-4)], [pytest.approx(0.17, abs=5e-4)]]


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ([1, 2, 3], "KW-LT-026"), ([1, 2, 3, 0], "KW-FN-033"), ([1, 2, 3, "x"], "KW-FN-007"),
        ([["r", 1], ["alpha", 1], ["a", 1], ["b", 1], ["model", "other"]], "KW-LT-025"),
    ],
)  # fmt: skip
def test_parameters_that_are_none_are_refused(parameters: object, code: str) -> None:
    with pytest.raises(FunctionError, match=code) as refused:
        p_alive(parameters, *HISTORY)
    assert refused.value.argument == "parameters"
