"""What the functions accept from Excel and Python, and what they refuse, by kind of argument."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from klantwaarde_addin.arguments import Given, read_arguments
from klantwaarde_addin.declare import FUNCTIONS, Argument, Function
from klantwaarde_addin.errors import FunctionError
from klantwaarde_addin.functions import allocate, capacity_rate, gini
from klantwaarde_addin.ranges import WHOLE_COLUMN

NO_NUMBER = {
    "text": ("abc", "KW-FN-007"), "spaces": ("  ", "KW-FN-007"), "number as text": ("1.234,56", "KW-FN-006"),
    "error text": ("#DIV/0!", "KW-FN-003"), "Dutch error text": ("#N/B", "KW-FN-003"), "error over COM": (-2146826246, "KW-FN-003"),
    "newer error over COM": (-2146826238, "KW-FN-003"), "truth": (True, "KW-FN-004"), "date": (date(2025, 1, 31), "KW-FN-005"),
    "moment": (datetime(2025, 1, 31, 12), "KW-FN-005"), "infinite": (float("inf"), "KW-FN-008"), "object": (object(), "KW-FN-007"),
    "huge": (10**400, "KW-FN-008"),
}  # fmt: skip
NO_TEXT = {"error": ("#NAME?", "KW-FN-003"), "truth": (False, "KW-FN-015"), "range": ([["a"], ["b"]], "KW-FN-009")}
NO_FLAG = {
    "word": ("WAAR", "KW-FN-016"),
    "number": (2, "KW-FN-016"),
    "error": ("#N/A", "KW-FN-003"),
    "range": ([[True], [True]], "KW-FN-009"),
}
NO_CHOICE = {
    "word": ("sideways", "KW-FN-017"),
    "error": ("#N/A", "KW-FN-003"),
    "range": ([["direct"], ["direct"]], "KW-FN-009"),
}
RAGGED = ([[1, 2], [3]], "KW-FN-018")
BLOCK = ([[1, 2], [3, 4]], "KW-FN-010")
PAIR = ([[1], [2]], "KW-FN-009")


def wrong_values(argument: Argument) -> Iterator[tuple[str, Any, str]]:
    """Wrong values for an argument, each with the code of its fault."""
    if argument.is_required:
        yield "left out", None, "KW-FN-001"
    if argument.kind in ("number", "numbers", "matrix"):
        for name, (bad, code) in (
            NO_NUMBER | ({"blank": (None, "KW-FN-002")} if argument.kind != "number" else {})
        ).items():
            yield name, bad if argument.kind == "number" else with_last(argument.example, bad), code
    shapes = {"number": PAIR, "numbers": BLOCK, "matrix": RAGGED, "cells": RAGGED}
    if argument.kind in shapes:
        yield "shape", *shapes[argument.kind]
    by_kind = {"text": NO_TEXT, "flag": NO_FLAG, "choice": NO_CHOICE}.get(argument.kind, {})
    yield from ((name, bad, code) for name, (bad, code) in by_kind.items())


def with_last(example: Any, bad: object) -> list[list[object]]:
    """The range of the example with its last cell replaced; a single value becomes two rows."""
    rows = [list(row) for row in example] if isinstance(example, list) else [[example], [example]]
    rows[-1][-1] = bad
    return rows


CASES = [
    pytest.param(function, argument, bad, code, id=f"{function.name}-{argument.name}-{name}")
    for function in FUNCTIONS.values()
    for argument in function.arguments
    for name, bad, code in wrong_values(argument)
]


@pytest.mark.parametrize(("function", "argument", "bad", "code"), CASES)
def test_a_wrong_argument_is_named_with_its_fault(
    function: Function, argument: Argument, bad: object, code: str
) -> None:
    values = [bad if part is argument else part.example for part in function.arguments]
    with pytest.raises(FunctionError) as refused:
        function.calculate(values)
    assert (refused.value.argument, refused.value.fault.code) == (argument.name, code)
    for language in ("nl", "en"):
        assert refused.value.sentence(language).startswith(argument.name)
        assert code in refused.value.sentence(language)


@pytest.mark.parametrize(
    ("values", "place"),
    [([[1.0], ["x"], [3.0]], "drivers, row 2"), ([[1.0, 2.0, "x"]], "drivers, column 3"), ("x", "drivers")],
)
def test_the_position_counts_in_the_direction_of_the_range(values: object, place: str) -> None:
    with pytest.raises(FunctionError) as refused:
        allocate(10, values)
    assert refused.value.place.words("en") == place


def test_the_sentence_counts_the_cells_with_the_same_fault_and_offers_the_reading() -> None:
    with pytest.raises(FunctionError) as refused:
        allocate(10, [["1.234,5"], [2.0], ["7"], [None]])
    assert refused.value.count == 2
    assert refused.value.sentence("nl") == (
        'drivers, rij 1: "1.234,5" is tekst, geen getal. Zo zijn er 2 in dit bereik. De tekst lijkt op het getal 1234,5. '
        "Maak er een getal van met Gegevens > Tekst naar kolommen. [KW-FN-006]"
    )
    assert "looks like the number 1234.5." in refused.value.sentence("en")


def test_ranges_that_belong_together_have_one_length() -> None:
    with pytest.raises(FunctionError) as refused:
        capacity_rate([[1.0], [2.0]], [[1.0], [2.0], [3.0]])
    assert (refused.value.argument, refused.value.fault.code) == ("cost", "KW-FN-011")
    assert "capacity has 3" in refused.value.sentence("en")


SHAPES = [
    (6.0, 3.0), (Decimal(6), 3.0), (np.float32(6), 3.0), (np.int64(6), 3.0), (np.array(6), 3.0), ([6, 8], [3.0, 4.0]), ((6, 8), [3.0, 4.0]),
    ([[6.0], [8.0]], [[3.0], [4.0]]), ([[6.0, 8.0]], [[3.0, 4.0]]), ([[6.0]], [[3.0]]), (np.array([6, 8]), [3.0, 4.0]),
    (np.array([[6], [8]]), [[3.0], [4.0]]), (pd.Series([6, 8], index=["x", "y"]), [3.0, 4.0]), (pd.DataFrame({"cost": [6, 8]}), [[3.0], [4.0]]),
]  # fmt: skip


@pytest.mark.parametrize(("cost", "rate"), SHAPES)
def test_a_result_has_the_form_of_its_ranges(cost: object, rate: object) -> None:
    found = capacity_rate(cost, 2)
    assert found == rate
    assert type(found) is type(rate)


@pytest.mark.parametrize("empty", [[], [[]], np.array([]), pd.Series([], dtype=float)])
def test_a_range_without_cells_is_refused(empty: object) -> None:
    with pytest.raises(FunctionError, match="KW-FN-012"):
        gini(empty)


@pytest.mark.parametrize("missing", [np.nan, pd.NA, pd.NaT, None, ""])
def test_whatever_python_calls_missing_is_a_blank_cell(missing: object) -> None:
    with pytest.raises(FunctionError, match="KW-FN-002") as refused:
        gini([1.0, missing])
    assert refused.value.place.row == 2


def whole_column(*values: float) -> list[list[float | None]]:
    return [[value] for value in values] + [[None]] * (WHOLE_COLUMN - len(values))


def test_whole_columns_end_where_the_longest_of_them_ends() -> None:
    assert capacity_rate(whole_column(6.0, 8.0), whole_column(2.0, 4.0)) == [[3.0], [2.0]]
    with pytest.raises(FunctionError, match="KW-FN-002") as refused:
        capacity_rate(whole_column(6.0, 8.0), whole_column(2.0))
    assert (refused.value.argument, refused.value.place.row) == ("capacity", 2)


def test_a_blank_whole_column_is_refused() -> None:
    with pytest.raises(FunctionError, match="KW-FN-002"):
        gini(whole_column())


def test_a_chosen_range_keeps_its_blank_last_row() -> None:
    with pytest.raises(FunctionError, match="KW-FN-002") as refused:
        gini([[1.0], [2.0], [None]])
    assert refused.value.place.row == 3


DAYS = (
    Argument("due", "dates", "", "", None),
    Argument("until", "date", "", "", None),
    Argument("who", "texts", "", "", None),
)


def read_days(due: object, until: object = 45_658.0, who: object = "A", *, date1904: bool = False) -> Given:
    return read_arguments(DAYS, [due, until, who], date1904=date1904)


@pytest.mark.parametrize(
    "cell",
    [
        45_658.0, 45_658, 45_658.75, date(2025, 1, 1), datetime(2025, 1, 1, 18), pd.Timestamp(2025, 1, 1), np.datetime64("2025-01-01"),
        np.array(["2025-01-01"], dtype="M8[ns]"), pd.Series([pd.Timestamp(2025, 1, 1)]),
    ],
)  # fmt: skip
def test_days_come_as_dates_or_serial_numbers(cell: object) -> None:
    due, until, _ = read_days(cell).values
    assert due.tolist() == [date(2025, 1, 1)]
    assert until == date(2025, 1, 1)


def test_days_of_a_1904_workbook_count_from_1904() -> None:
    due, until, _ = read_days([[0.0], [44_196.0]], 44_196.0, date1904=True).values
    assert due.tolist() == [date(1904, 1, 1), date(2025, 1, 1)]
    assert until == date(2025, 1, 1)


def test_serials_before_the_leap_day_that_never_was_are_one_off() -> None:
    assert read_days([[1.0], [59.0], [61.0]]).values[0].tolist() == [
        date(1900, 1, 1),
        date(1900, 2, 28),
        date(1900, 3, 1),
    ]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2025-01-01", "KW-FN-013"), ("1-2-2025", "KW-FN-013"), (True, "KW-FN-013"), (60.0, "KW-FN-014"), (0.0, "KW-FN-014"), (-1.0, "KW-FN-014"),
        (3e6, "KW-FN-014"), (float("inf"), "KW-FN-014"), (None, "KW-FN-002"), ("#N/A", "KW-FN-003"), (-2146826281, "KW-FN-003"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused_with_its_row(cell: object, code: str) -> None:
    with pytest.raises(FunctionError) as refused:
        read_days([[45_658.0], [cell]])
    assert (refused.value.fault.code, refused.value.place.words("en")) == (code, "due, row 2")


def test_customer_numbers_are_texts() -> None:
    who = read_days([45_658.0] * 3, who=[100_117.0, "0012", 7]).values[2]
    assert who.tolist() == ["100117", "0012", "7"]


def test_one_date_is_wanted_and_two_are_given() -> None:
    with pytest.raises(FunctionError, match="KW-FN-009"):
        read_days(45_658.0, [[1.0], [2.0]])


@pytest.mark.parametrize(("decimals", "code"), [(7, "KW-FN-020"), (-7, "KW-FN-020"), (1.5, "KW-FN-021")])
def test_bounds_and_whole_numbers_are_kept(decimals: float, code: str) -> None:
    with pytest.raises(FunctionError) as refused:
        allocate(1, [1, 2], decimals)
    assert (refused.value.fault.code, refused.value.argument) == (code, "decimals")


@pytest.mark.parametrize(
    ("capacity", "text"),
    [(0, "capacity: 0 is niet boven nul."), ([[1], [-2.5]], "capacity, rij 2: -2,5 is niet boven nul.")],
)
def test_what_must_be_above_zero_says_so_in_dutch_figures(capacity: object, text: str) -> None:
    with pytest.raises(FunctionError) as refused:
        capacity_rate(1, capacity)
    assert refused.value.sentence("nl").startswith(text)


def test_a_result_that_is_too_large_is_no_result() -> None:
    with pytest.raises(FunctionError, match="KW-FN-019"):
        capacity_rate(1e308, 1e-10)
