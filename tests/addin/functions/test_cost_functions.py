"""The functions of group costs: published and hand figures, and what must hold for any input."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantwaarde_addin.errors import NO_RESULT, NOT_FOUND, FunctionError
from klantwaarde_addin.functions import (
    activity_minutes,
    allocate,
    allocate_support,
    capacity_rate,
    dual_rate,
    unused_capacity,
)

from .published import case, column, near

METHODS = ("reciprocal", "step-down", "direct")


def test_capacity_rate_of_kaplan_and_anderson() -> None:
    given_, expected = case("TDABC-2")
    assert capacity_rate(given_["cost"], given_["practical_capacity_min"]) == expected["capacity_cost_rate"]


def test_traditional_rates_of_the_same_department() -> None:
    given_, expected = case("TDABC-1")
    costs = [given_["cost"] * share for share in given_["time_share"].values()]
    rates = capacity_rate(column(costs), column(given_["volume"].values()))
    assert rates == near(column(expected["rate"].values()))


def test_time_equation_of_a_package() -> None:
    given_, expected = case("TDABC-5")
    packages = [["special", "air", "note"], [0, 0, "x"], [1, 0, None], [0, 1, "y"], [1, 1, "#N/A"]]
    minutes = activity_minutes(given_["equation"], packages)
    assert minutes == near(column(expected["minutes"].values()))


def test_time_equation_takes_a_frame_and_dutch_words() -> None:
    frame = pd.DataFrame({"regels": [2, 8], "Extra tijd": [1.5, 2.5]})
    assert activity_minutes("als(regels > 3; 2,5; 1) + [extra tijd]", frame) == [[2.5], [5.0]]


def test_an_equation_without_names_holds_for_every_row() -> None:
    assert activity_minutes("4 + 1", [["any"], [1], [2]]) == [[5.0], [5.0]]


def test_a_missing_variable_is_not_found_and_the_columns_are_named() -> None:
    with pytest.raises(FunctionError, match="lines, pallets") as refused:
        activity_minutes("2 * stops", [["lines", "pallets"], [1, 2]])
    assert (refused.value.code, refused.value.fault.code) == (NOT_FOUND, "KW-CO-030")


@pytest.mark.parametrize(("cell", "code"), [(None, "KW-FN-002"), ("3", "KW-FN-006"), ("#REF!", "KW-FN-003")])
def test_a_used_column_holds_numbers_only_and_the_cell_is_named(cell: object, code: str) -> None:
    with pytest.raises(FunctionError) as refused:
        activity_minutes("2 * b", [["a", "b"], [1, 2], [1, cell]])
    assert (refused.value.fault.code, refused.value.place.words("en")) == (code, "variables, row 3, column 2")


def test_two_columns_with_the_same_used_header_are_refused() -> None:
    with pytest.raises(FunctionError) as refused:
        activity_minutes("a", [["a", "a"], [1, 2]])
    assert (refused.value.fault.code, refused.value.place.column) == ("KW-FN-025", 2)
    assert activity_minutes("b", [["a", "a", "b"], [1, 2, 3]]) == [[3.0]]


def test_a_header_without_rows_has_nothing_to_calculate() -> None:
    with pytest.raises(FunctionError, match="KW-FN-012"):
        activity_minutes("a", [["a"]])


def test_unused_capacity_of_kaplan_and_anderson() -> None:
    given_, expected = case("TDABC-2")
    [row] = unused_capacity(given_["practical_capacity_min"], expected["used_time_total"], 0.8)
    assert row == near([expected["unused_time"], expected["unused_cost"], expected["utilisation"]])


def test_over_capacity_is_negative_and_says_so_beside_it() -> None:
    _, expected = case("TDABC-7")
    over, within = unused_capacity(column([100, 100]), column([expected["used_time_total"], 80]), 10)
    assert over[:3] == near([expected["unused_time"], expected["unused_cost"], 1.2])
    assert (over[3], within) == ("Meer gebruikt dan de capaciteit", [20.0, 200.0, 0.8, ""])


@pytest.mark.parametrize("number", range(5))
def test_allocate_reconciles_to_the_cent(number: int) -> None:
    given_, expected = case("LRM-2")
    split = given_["cases"][number]
    assert allocate(split["total"], split["weights"]) == near(expected["results"][number])


def test_allocate_in_whole_units_gives_the_seats_of_the_hare_quota_example() -> None:
    given_, expected = case("LRM-1")
    assert allocate(given_["total"], given_["weights"], decimals=0) == expected["result"]
    assert allocate(12_300, [1, 2], -2) == [4_100.0, 8_200.0]


amounts = st.integers(-10_000_000, 10_000_000).map(lambda cents: cents / 100)
weights = st.lists(st.floats(0, 1e6), min_size=1, max_size=40).filter(lambda drivers: max(drivers) > 1e-6)


def whole_cents(parts: list[float]) -> list[int]:
    return [round(part * 100) for part in parts]


@given(amounts, weights)
def test_allocate_ties_and_a_refund_is_the_sale_with_the_sign_turned(amount: float, drivers: list[float]) -> None:
    parts = whole_cents(allocate(amount, drivers))
    assert sum(parts) == round(amount * 100)
    assert whole_cents(allocate(-amount, drivers)) == [-part for part in parts]


@given(
    amounts, st.lists(st.integers(1, 10**6), min_size=2, max_size=20, unique=True), st.randoms(use_true_random=False)
)
def test_the_order_of_different_drivers_does_not_matter(amount: float, drivers: list[int], chance: object) -> None:
    shuffled = drivers.copy()
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    by_driver = dict(zip(drivers, whole_cents(allocate(amount, drivers)), strict=True))
    moved = dict(zip(shuffled, whole_cents(allocate(amount, shuffled)), strict=True))
    shares = [amount * 100 * driver / sum(drivers) for driver in drivers if by_driver[driver] != moved[driver]]
    remainders = [share % 1 for share in shares]
    assert max(remainders, default=0) - min(remainders, default=0) < 1e-5  # only equal remainders may trade a cent


def departments(order: tuple[str, ...]) -> tuple[list[list[float]], list[list[float]]]:
    """The hospital of SVC-1 with its support departments in this order: costs and square shares."""
    given_, _ = case("SVC-1")
    names = (*order, "Machining", "Assembly")
    costs = column(given_["cost"].get(name, 0) for name in names)
    return costs, [[given_["share"].get(giver, {}).get(taker, 0) for taker in names] for giver in names]


@pytest.mark.parametrize(
    ("method", "order", "key"),
    [
        ("direct", ("HR", "DP", "RM"), "direct"),
        ("step-down", ("HR", "DP", "RM"), "step_HR_DP_RM"),
        ("step-down", ("DP", "HR", "RM"), "step_DP_HR_RM"),
    ],
)
def test_support_of_the_published_case_by_other_methods(method: str, order: tuple[str, ...], key: str) -> None:
    wanted = case("SVC-1")[1]["other_methods_recomputed"][key]
    final = allocate_support(*departments(order), method)
    assert final == near([[0], [0], [0], [wanted["Machining"]], [wanted["Assembly"]]])


def test_support_of_the_published_case_is_reciprocal_unless_said_otherwise() -> None:
    wanted = case("SVC-1")[1]["operating"]
    costs, shares = departments(("HR", "DP", "RM"))
    as_row = [[cost for [cost] in costs]]
    assert allocate_support(as_row, shares) == near([[0, 0, 0, wanted["Machining"], wanted["Assembly"]]])


def test_what_a_department_gives_itself_changes_nothing_for_the_others() -> None:
    final = allocate_support([800, 0, 0], [[0.2, 0.5, 0.3], [0, 0, 0], [0, 0, 0]])
    assert final == near([0, *case("SVC-9")[1]["operating"].values()])


def test_a_closed_loop_has_no_result() -> None:
    with pytest.raises(FunctionError) as refused:
        allocate_support([100, 50, 0], [[0, 1, 0], [1, 0, 0], [0, 0, 0]])
    assert (refused.value.code, refused.value.fault.code) == (NO_RESULT, "KW-CO-010")
    assert "#1, #2" in refused.value.sentence("nl")


@pytest.mark.parametrize("shares", [[[0, 1]], [[0, 1], [0, 0], [0, 0]], [[0, 0.5, 0.5], [0, 0, 0], [0, 0, 0]]])
def test_shares_are_a_square_as_large_as_the_costs(shares: list[list[float]]) -> None:
    with pytest.raises(FunctionError, match="KW-FN-026") as refused:
        allocate_support([1, 2], shares)
    assert refused.value.argument == "shares"


@given(st.integers(1, 4), st.integers(1, 4), st.sampled_from(METHODS), st.randoms(use_true_random=False))
def test_support_conserves_cost(n_support: int, n_operating: int, method: str, chance: object) -> None:
    n = n_support + n_operating
    given_ = np.zeros((n, n))
    given_[:n_support] = [[chance.random() + 0.01 for _ in range(n)] for _ in range(n_support)]  # type: ignore[attr-defined]
    given_[:n_support] /= given_[:n_support].sum(axis=1, keepdims=True)
    costs = [chance.random() * 1e6 for _ in range(n)]  # type: ignore[attr-defined]
    final = allocate_support(costs, given_, method)
    assert final[:n_support] == [0.0] * n_support
    assert sum(final) == pytest.approx(sum(costs))


def test_dual_rate_of_horngren() -> None:
    given_, expected = case("DUAL-1")
    budget, actual = column(given_["budget_h"].values()), column(given_["actual_h"].values())
    charge = dual_rate(given_["fixed_cost"], budget, given_["variable_rate"], actual, given_["practical_capacity_h"])
    assert charge == near(column(user["total"] for user in expected["dual"].values()))


def test_without_a_capacity_all_fixed_cost_is_charged_on_the_budget() -> None:
    assert dual_rate(3_000_000, [8_000, 4_000], 200, [9_000, 3_000]) == [3_800_000, 1_600_000]
    assert dual_rate(1_000, 50, 2, 60) == 1_120
