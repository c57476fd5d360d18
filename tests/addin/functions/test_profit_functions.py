"""The functions of group profit: published and hand figures, and what must hold for any input."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantwaarde_addin.errors import NO_RESULT, FunctionError
from klantwaarde_addin.functions import (
    abc_class,
    break_even_price,
    gini,
    hhi,
    price_volume_mix,
    pyramid_tier,
    volume_for_discount,
    whale_curve,
)

from .published import case, column, near


def test_whale_curve_has_the_shape_of_kanthal() -> None:
    given_, expected = case("WHALE-1")
    rows = whale_curve(column(reversed(given_["profit"])))
    assert [row[0] for row in rows] == list(range(1, 21))
    assert [row[2] for row in rows] == near(expected["cumulative"])
    assert rows[3][3] == near(expected["top20_pct"])


def test_without_a_positive_total_the_curve_has_amounts_and_a_reason() -> None:
    given_, expected = case("WHALE-2")
    rows = whale_curve(given_["profit"])
    assert [row[2] for row in rows] == near(expected["cumulative"])
    assert {row[3] for row in rows} == {"n.v.t.: totaal niet boven nul"}


def test_labels_put_headers_above_the_curve() -> None:
    assert whale_curve([5], labels=True) == [
        ["Rang", "Resultaat", "Cumulatief", "Cumulatief aandeel"],
        [1, 5.0, 5.0, 1.0],
    ]


def test_abc_class_looks_at_the_share_before_the_customer() -> None:
    given_, expected = case("ABC-1")
    assert abc_class(column(given_["values"])) == column(expected["classes_before"])
    shuffled = [3, 50, 8, 25, 4, 10]
    assert abc_class(shuffled) == ["C", "A", "B", "A", "B", "A"]
    assert abc_class([60, 30, 10], 0.5, 0.8) == ["A", "B", "C"]


def test_borders_of_abc_ascend() -> None:
    with pytest.raises(FunctionError, match="KW-FN-027") as refused:
        abc_class([1, 2], 0.9, 0.8)
    assert refused.value.argument == "b"


@pytest.mark.parametrize("n", [100, 250, 37, 1000])
def test_pyramid_has_the_sizes_of_curry(n: int) -> None:
    tiers = pyramid_tier(list(range(n)))
    assert tiers[-1] == "top"
    assert list(Counter(reversed(tiers)).values()) == case("PYR-1")[1]["sizes"][str(n)]


def test_cuts_are_fractions_or_percentages_with_or_without_the_whole() -> None:
    values = [10, 50, 20, 5, 40]
    wanted = ["medium", "top", "medium", "small", "large"]
    for cuts in ([0.2, 0.4, 0.8], [20, 40, 80], [20, 40, 80, 100], [[0.2], [0.4], [0.8], [1]]):
        assert pyramid_tier(values, cuts) == wanted


@pytest.mark.parametrize(
    ("cuts", "code"),
    [([0.2, 0.1, 0.3], "KW-FN-027"), ([1, 1, 5], "KW-FN-027"), ([1, 5], "KW-FN-028"), ([1, 5, 101], "KW-FN-020")],
)
def test_cuts_that_make_no_pyramid_are_refused(cuts: list[float], code: str) -> None:
    with pytest.raises(FunctionError) as refused:
        pyramid_tier([1, 2, 3], cuts)
    assert (refused.value.fault.code, refused.value.argument) == (code, "cuts")


@pytest.mark.parametrize("number", range(4))
def test_gini_of_the_standard_formula(number: int) -> None:
    given_, expected = case("CONC-1")
    assert gini(column(given_["vectors"][number])) == pytest.approx(expected["gini"][number], abs=5e-7)


def test_hhi_of_three_customers() -> None:
    assert hhi([50, 30, 20]) == pytest.approx(2500 + 900 + 400)


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=50).filter(lambda values: max(values) > 1e-3))
def test_concentration_stays_within_its_bounds(values: list[float]) -> None:
    n = len(values)
    assert -1e-12 <= gini(values) <= 1 - 1 / n + 1e-12
    assert 10_000 / n - 1e-6 <= hhi(values) <= 10_000 + 1e-6


@pytest.mark.parametrize("measure", [gini, hhi])
def test_without_a_total_there_is_no_concentration(measure: object) -> None:
    with pytest.raises(FunctionError, match="KW-FN-032") as refused:
        measure([0, 0])  # type: ignore[operator]
    assert refused.value.code == NO_RESULT


def test_price_volume_mix_of_two_products() -> None:
    given_, expected = case("PVM-1")
    old_new = [column(given_[part].values()) for part in ("p0", "q0", "p1", "q1")]
    assert price_volume_mix(*old_new) == [near([expected["price"], expected["volume"], expected["mix"]])]


products = st.lists(st.tuples(*[st.floats(0.1, 1e4)] * 4), min_size=1, max_size=20)


@given(products)
def test_price_volume_mix_closes(rows: list[tuple[float, ...]]) -> None:
    price0, quantity0, price1, quantity1 = (list(part) for part in zip(*rows, strict=True))
    [split] = price_volume_mix(price0, quantity0, price1, quantity1)
    before = sum(p * q for p, q, _, _ in rows)
    after = sum(p * q for _, _, p, q in rows)
    assert sum(split) == pytest.approx(after - before, abs=1e-9 * (before + after))


def test_one_product_has_no_mix() -> None:
    assert price_volume_mix(10, 100, 12, 90) == [near([180, -100, 0])]


def test_without_old_quantities_there_is_no_average_price() -> None:
    with pytest.raises(FunctionError) as refused:
        price_volume_mix([1, 2], [0, 0], [1, 2], [3, 4])
    assert (refused.value.code, refused.value.fault.code) == (NO_RESULT, "KW-PL-012")


def test_volume_that_earns_a_discount_back() -> None:
    given_, expected = case("PRICE-1")
    discounts = [one.get("discount", -one.get("price_rise", 0)) for one in given_["cases"]]
    margins = [one["margin"] for one in given_["cases"]]
    wanted = expected["required_volume_change"]
    for kept in ([0, 1], [3]):
        found = volume_for_discount([discounts[at] for at in kept], [margins[at] for at in kept])
        assert found == pytest.approx([wanted[at] for at in kept], abs=5e-7)
    with pytest.raises(FunctionError, match="KW-PL-010"):
        volume_for_discount(discounts[2], margins[2])


def test_break_even_price_turns_a_loss_into_a_price_rise() -> None:
    assert break_even_price(column([-5_000, 10_000, 0]), column([100_000, 100_000, 100_000])) == [[0.05], [-0.1], [0.0]]
