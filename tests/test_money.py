"""Cents, rounding and splitting, proved against decimal and rational arithmetic."""

import itertools
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantwaarde import money

whole_cents = st.integers(-(10**14), 10**14)
weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(any)


def exact_largest_remainder(quantities: list[int], total: int) -> list[int]:
    """The method in exact fractions, for a total of either sign (Hare quota, ties to the lowest position)."""
    sign = -1 if total < 0 else 1
    shares = [Fraction(quantity * abs(total), sum(quantities)) for quantity in quantities]
    rounded = [int(share) for share in shares]
    left = abs(total) - sum(rounded)
    order = sorted(range(len(shares)), key=lambda at: (rounded[at] - shares[at], at))
    for at in order[:left]:
        rounded[at] += 1
    return [sign * part for part in rounded]


@pytest.mark.parametrize(
    ("amount", "expected"),
    [(2.675, 268), (1.005, 101), (-2.675, -268), (0.29, 29), (0.005, 1), (-0.004, 0), (1.115, 112), (8.345, 835)],
)
def test_cents_round_half_up_as_typed(amount: float, expected: int) -> None:
    assert money.cents([amount]).tolist() == [expected]


@given(st.floats(-1e11, 1e11))
def test_cents_equal_decimal_rounding_of_the_number_as_shown(amount: float) -> None:
    shown = Decimal(repr(amount)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert money.cents([amount])[0] == int(shown * 100)


@given(st.integers(-(10**14), 10**14).map(lambda thousandths: Decimal(thousandths).scaleb(-3)))
def test_cents_are_right_on_every_tie_in_thousandths(typed: Decimal) -> None:
    expected = int((typed * 100).quantize(Decimal(1), ROUND_HALF_UP))
    assert money.cents([float(typed)])[0] == expected


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_cents_and_euros_are_each_others_inverse_below_the_limit(amount: int) -> None:
    assert money.cents(money.euros([amount]))[0] == amount


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_an_amount_that_is_no_number_is_refused_with_its_position(bad: float) -> None:
    with pytest.raises(money.AmountError) as refused:
        money.cents([1.0, bad, bad])
    [fault] = refused.value.faults
    assert (fault.code, fault.values["position"], fault.values["count"]) == ("KW-CO-001", 2, 2)


@pytest.mark.parametrize("bad", [1e13, -1e13, 1e300])
def test_an_amount_beyond_the_limit_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="KW-CO-002"):
        money.cents(bad)


def test_text_is_not_read_as_an_amount() -> None:
    with pytest.raises(TypeError):
        money.cents(["1.5"])


@given(st.floats(-1e9, 1e9), st.integers(0, 5))
def test_round_half_up_equals_decimal_rounding(number: float, decimals: int) -> None:
    shown = Decimal(repr(number)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert money.round_half_up([number], decimals)[0] == float(shown)


@pytest.mark.parametrize(
    ("number", "decimals", "expected"),
    [(0.125, 2, 0.13), (2.5, 0, 3.0), (-2.5, 0, -3.0), (0.49999999999999994, 0, 0.0), (1250.0, -2, 1300.0)],
)
def test_round_half_up_goes_away_from_zero(number: float, decimals: int, expected: float) -> None:
    assert money.round_half_up(number, decimals) == expected


def test_round_half_up_leaves_unknown_and_huge_numbers_alone() -> None:
    kept = money.round_half_up([np.nan, np.inf, 1e300, -1e17])
    np.testing.assert_array_equal(kept, [np.nan, np.inf, 1e300, -1e17])


def test_largest_remainder_gives_the_seats_of_the_hare_quota_example() -> None:
    votes = [47_000, 16_000, 15_800, 12_000, 6_100, 3_100]  # LRM-1: Wikipedia, "Largest remainder method"
    assert money.largest_remainder(votes, 10).tolist() == [5, 2, 1, 1, 1, 0]


@pytest.mark.parametrize(
    ("quantities", "total", "expected"),
    [
        ([1, 1, 1], 100_00, [3334, 3333, 3333]),
        ([1, 1, 1], -100_00, [-3334, -3333, -3333]),
        ([1] * 7, 5, [1, 1, 1, 1, 1, 0, 0]),
        ([0.333, 0.333, 0.334], 1000_00, [33300, 33300, 33400]),
        ([3, 2, 1], 1, [1, 0, 0]),
    ],
)
def test_largest_remainder_reconciles_to_the_cent(quantities: list[float], total: int, expected: list[int]) -> None:
    assert money.largest_remainder(quantities, total).tolist() == expected  # LRM-2


@given(weights, st.integers(-(10**9), 10**9))
def test_largest_remainder_equals_exact_fractions(quantities: list[int], total: int) -> None:
    parts = money.largest_remainder(quantities, total).tolist()
    exact = exact_largest_remainder(quantities, total)
    assert sum(parts) == total
    whole = sum(quantities)
    remainders = [Fraction(quantity * abs(total), whole) % 1 for quantity in quantities]
    gaps = [abs(a - b) for a, b in itertools.pairwise(sorted(remainders)) if a != b]
    if min(gaps, default=1) > Fraction(1, 10**5):  # nearer than that counts as a tie
        assert parts == exact


@given(st.lists(st.floats(0, 1e300), min_size=1, max_size=60).filter(any), whole_cents)
def test_parts_sum_to_the_whole_and_lie_within_a_cent(quantities: list[float], total: int) -> None:
    parts = money.largest_remainder(quantities, total).tolist()
    assert sum(parts) == total
    whole = sum(map(Fraction, quantities))
    for part, quantity in zip(parts, quantities, strict=True):
        share = Fraction(quantity) * total / whole
        assert abs(part - share) < 1 + abs(share) * Fraction(1, 10**15)
        assert quantity > 0 or part == 0


@given(weights, whole_cents)
def test_a_refund_is_the_sale_with_the_sign_turned(quantities: list[int], total: int) -> None:
    sale, refund = money.largest_remainder(quantities, total), money.largest_remainder(quantities, -total)
    assert refund.tolist() == (-sale).tolist()


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=30, unique=True), whole_cents, st.randoms())
def test_the_order_of_different_weights_does_not_matter(quantities: list[int], total: int, random: object) -> None:
    order = list(range(len(quantities)))
    random.shuffle(order)  # type: ignore[attr-defined]
    plain = money.largest_remainder(quantities, total % 10**6)
    shuffled = money.largest_remainder([quantities[at] for at in order], total % 10**6)
    differ = np.flatnonzero(shuffled != plain[order])
    remainders = np.array([Fraction(quantity * (total % 10**6), sum(quantities)) % 1 for quantity in quantities])
    assert len(set(np.round(remainders[order][differ].astype(float), 5))) <= 1  # only ties may move


@pytest.mark.parametrize(
    ("quantities", "code"),
    [([1, -1], "KW-CO-003"), ([0, 0], "KW-CO-004"), ([], "KW-CO-004"), ([1, float("nan")], "KW-CO-001")],
)
def test_weights_that_cannot_divide_are_refused_by_name(quantities: list[float], code: str) -> None:
    with pytest.raises(money.AmountError) as refused:
        money.largest_remainder(np.array(quantities, dtype=float), 100)
    assert refused.value.faults[0].code == code


shares_in_tenths = st.lists(st.integers(-(10**7), 10**7), min_size=1, max_size=50)


@given(shares_in_tenths)
def test_mixed_signs_round_to_the_total_within_a_cent_and_symmetrically(tenths: list[int]) -> None:
    tenths[-1] -= sum(tenths) % 10  # make the total whole cents
    shares, total = np.array(tenths) / 10, sum(tenths) // 10
    rounded = money.round_to_total(shares, total)
    assert int(rounded.sum()) == total
    assert np.all(np.abs(rounded - shares) < 1)
    assert np.all(rounded[shares == 0] == 0)
    assert money.round_to_total(-shares, -total).tolist() == (-rounded).tolist()


def test_float_noise_does_not_decide_who_gets_a_cent() -> None:
    shares = np.array([0.5, 1.5, 2.5, 3.5])
    noise = np.array([-1e-9, 2e-9, -3e-9, 2e-9])
    assert money.round_to_total(shares + noise, 8).tolist() == money.round_to_total(shares, 8).tolist() == [1, 2, 2, 3]


def test_noise_around_whole_cents_changes_nothing() -> None:
    assert money.round_to_total([4.9999999999, 3.0000000001], 8).tolist() == [5, 3]


def test_a_zero_share_gets_no_cent_even_when_the_total_is_too_large_for_floats() -> None:
    rounded = money.round_to_total([0.0, 2.0**53], 2**53 + 1)
    assert rounded.tolist() == [0, 2**53 + 1]


@pytest.mark.parametrize(("shares", "total"), [([1.0, 2.0], 5), ([], 1), ([float("nan")], 0)])
def test_shares_that_do_not_belong_to_the_total_are_refused(shares: list[float], total: int) -> None:
    with pytest.raises(ValueError):
        money.round_to_total(shares, total)


@given(st.integers(-(10**12), 10**12), weights, st.integers(-3, 6))
def test_split_adds_up_at_any_number_of_decimals(units: int, quantities: list[int], decimals: int) -> None:
    step = Decimal(1).scaleb(-decimals)
    parts = money.split(float(units * step), quantities, decimals=decimals)
    in_units = [round(Decimal(part) / step) for part in parts.tolist()]
    assert in_units == exact_largest_remainder(quantities, units)


def test_split_rounds_the_amount_before_it_splits() -> None:
    assert money.split(10.005, [1, 1]).tolist() == [5.01, 5.0]
    assert money.split(-1250.0, [3, 1], decimals=-2).tolist() == [-1000.0, -300.0]


@pytest.mark.parametrize("amount", [1e13, -2e15, float("nan"), float("inf")])
def test_split_refuses_an_amount_without_its_cents(amount: float) -> None:
    with pytest.raises(money.AmountError, match="KW-CO-002"):
        money.split(amount, [1, 1])
