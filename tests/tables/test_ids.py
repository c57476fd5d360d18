"""Codes that identify, and pairs that a person would take for one."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantwaarde.tables.ids import doubtful_ids, read_ids


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("000123", "000123"), (17850.0, "17850"), (0, "0"), (-5, "-5"), (999999999999999, "999999999999999"),
        ("\u00a0K-1\u200b ", "K-1"), ("A\u00adB", "AB"), ("Jansen\u00a0BV", "Jansen BV"), ("17850.0", "17850.0"),
        ("", None), ("\u00a0", None), (None, None), ("-", "-"), ("=2+5", "=2+5"),
    ],
)  # fmt: skip
def test_an_id_is_its_text_or_the_digits_of_a_whole_number(column_of, value, found):
    reading = read_ids(column_of(value))
    assert reading.values.tolist() == [found]
    assert reading.faults == ()


def test_composed_and_decomposed_letters_are_one_id(column_of):
    composed = "Caf\u00e9"
    assert set(read_ids(column_of(composed, unicodedata.normalize("NFD", composed))).values) == {composed}


def test_cleaned_cells_are_counted_each_time(column_of):
    assert read_ids(column_of("A ", "A", "A ", "\u00a0")).cleaned == 3


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (1.5, "id_with_decimals"), (1e15, "id_with_decimals"), (float("inf"), "id_with_decimals"),
        ("1.23E+05", "id_in_powers"), ("1,23e+05", "id_in_powers"), ("4E+12", "id_in_powers"),
        (date(2024, 1, 2), "unexpected_date"), (True, "unexpected_flag"), (..., "no_value"),
    ],
)  # fmt: skip
def test_what_cannot_identify_is_refused(column_of, value, reason):
    reading = read_ids(column_of(value))
    assert reading.values.tolist() == [None]
    assert [fault.reason for fault in reading.faults] == [reason]


def test_a_code_with_an_e_is_not_a_power(column_of):
    assert read_ids(column_of("3E10", "1E5", "12E+1")).faults == ()


def test_a_number_that_meets_a_text_with_leading_zeros_names_that_cell(column_of):
    reading = read_ids(column_of("9", 123, "0123", 45, "0123", 123))
    assert [
        (fault.row, fault.reason, fault.found, fault.values["other"], fault.other_row) for fault in reading.faults
    ] == [
        (1, "id_collides", "123", "0123", 2),
        (5, "id_collides", "123", "0123", 2),
    ]
    assert reading.values.tolist() == ["9", "123", "0123", "45", "0123", "123"]


def test_a_number_and_the_same_digits_as_text_are_one_id(column_of):
    assert read_ids(column_of(123, "123")).faults == ()


def test_zero_as_a_number_meets_zeros_as_text(column_of):
    assert [fault.row for fault in read_ids(column_of(0, "000")).faults] == [0]


def test_pairs_differ_in_zeros_case_or_look_alike_letters():
    ids = ["0123", "123", "00123", "abc", "ABC", "\u0410BC", "\u039fx", "Ox", "K1", "K2", "K10"]
    assert doubtful_ids(ids) == [
        ("00123", "0123"), ("00123", "123"), ("ABC", "abc"), ("ABC", "\u0410BC"), ("Ox", "\u039fx"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "letter",
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0430\u0435\u043e\u0440\u0441\u0443\u0445",
)
def test_cyrillic_letters_that_look_latin_are_seen(letter):
    latin = dict(zip("АВЕКМНОРСТХаеорсух", "ABEKMHOPCTXaeopcyx", strict=True))[letter]
    assert "CYRILLIC" in unicodedata.name(letter)
    assert "LATIN" in unicodedata.name(latin)
    assert doubtful_ids([f"1{letter}", f"1{latin}"]) == [(f"1{latin}", f"1{letter}")]


@settings(max_examples=60)
@given(st.lists(st.text("01aA\u0430B"), max_size=10), st.randoms(use_true_random=False))
def test_pairs_do_not_depend_on_order_or_repeats(ids, rng):
    shuffled = [*ids, *ids]
    rng.shuffle(shuffled)
    assert doubtful_ids(shuffled) == doubtful_ids(ids)
