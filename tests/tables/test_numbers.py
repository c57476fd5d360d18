"""Numbers as Dutch ERPs, SAP and people write them."""

import math
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantwaarde.tables.numbers import read_numbers

# Case PARSE-1 of the published reference cases: formats of Dutch ERPs and of SAP (trailing minus, FBL5N in a US locale).
PARSE_1 = [
    ("1.234,56", "1234.56", "nl"),
    ("(1.234,56)", "-1234.56", "nl"),
    ("1.234,56-", "-1234.56", "nl"),
    ("-1.234,56", "-1234.56", "nl"),
    ("€ 1.234,56", "1234.56", "nl"),
    ("1234,5", "1234.5", "nl"),
    ("1.234.567", "1234567", "nl"),
    ("0,00", "0", "nl"),
    ("1 234,56", "1234.56", "nl"),
    ("1\u00a0234,56", "1234.56", "nl"),
    ("-30,213.31", "-30213.31", "en"),
    ("1.234,56 C", "-1234.56", "nl"),
    ("1.234,56 D", "1234.56", "nl"),
    ("1,234,567.89", "1234567.89", "en"),
]
MORE = [
    ("+5", "5", None),
    ("5", "5", None),
    ("\u22125", "-5", None),  # Unicode minus
    ("EUR 12,50", "12.5", "nl"),
    ("12,50 eur", "12.5", "nl"),
    ("€ -12,50", "-12.5", "nl"),
    ("-€ 12,50", "-12.5", "nl"),
    ("(€ 12,50)", "-12.5", "nl"),
    ("1.234,-", "1234", "nl"),
    ("5,--", "5", "nl"),
    ("1'234.56", "1234.56", "en"),
    ("1\u2019234\u2019567", "1234567", None),
    ("0.123", "0.123", "en"),  # no group starts with 0, so the point is a decimal sign
    ("1234.567", "1234.567", "en"),
    (",5", "0.5", "nl"),
    ("1,5E+03", "1500", "nl"),
    ("1.234E5", "123400", "en"),  # no groups in powers of ten, so the point is a decimal sign
    ("-1.5e-12", "-1.5e-12", "en"),
    ("12 Cr", "-12", None),
    ("5%", "0.05", None),
    ("5,1 %", "0.051", "nl"),
    ("\u00a0 7 \u200b", "7", None),
]


@pytest.mark.parametrize(("text", "value", "style"), PARSE_1 + MORE)
def test_a_text_is_read_and_proves_its_style(column_of, text, value, style):
    reading = read_numbers(column_of(text))
    assert reading.faults == ()
    assert reading.values.tolist() == [float(Decimal(value))]
    assert reading.style == style
    assert reading.from_text == 1


def test_thin_spaces_group_thousands(column_of):
    assert read_numbers(column_of("1\u202f234\u202f567,5", "1\u2009234,5")).values.tolist() == [1234567.5, 1234.5]


@pytest.mark.parametrize("text", ["", "-", "  ", "\u00a0", "--", "€ -", "- EUR", "\u2013", "\u200b"])
def test_a_dash_alone_and_blank_text_are_blank(column_of, text):
    reading = read_numbers(column_of(text, 1.0))
    assert math.isnan(reading.values[0])
    assert reading.faults == ()
    assert reading.from_text == 0


def test_a_lone_1_234_is_ambiguous_and_names_both_readings(column_of):
    reading = read_numbers(column_of("1.234", "12", 1.5))
    (fault,) = reading.faults
    assert (fault.row, fault.reason, fault.found) == (0, "ambiguous", "1.234")
    assert fault.values == {"nl": "1234", "en": "1.234"}
    assert np.isnan(reading.values[0])
    assert reading.values[1:].tolist() == [12.0, 1.5]  # real numbers prove nothing, neutral texts need no proof
    assert reading.style is None


def test_one_proof_decides_the_whole_column(column_of):
    assert read_numbers(column_of("1.234", "0,50")).values.tolist() == [1234.0, 0.5]
    assert read_numbers(column_of("1.234", "0.50")).values.tolist() == [1.234, 0.5]


def test_the_setting_decides_what_the_column_cannot(column_of):
    assert read_numbers(column_of("1.234"), style="nl").values.tolist() == [1234.0]
    assert read_numbers(column_of("1.234"), style="en").values.tolist() == [1.234]


def test_the_setting_makes_the_other_style_a_fault(column_of):
    (fault,) = read_numbers(column_of("1.234", "1.234,50"), style="en").faults
    assert (fault.row, fault.reason) == (1, "other_style")


def test_the_minority_style_is_at_fault_and_repeats_count(column_of):
    reading = read_numbers(column_of("1,50", "2.50", "1,50", "1.234"))
    assert [(fault.row, fault.reason) for fault in reading.faults] == [(1, "other_style")]
    assert reading.style == "nl"
    assert reading.values[[0, 2, 3]].tolist() == [1.5, 1.5, 1234.0]


def test_equal_proofs_leave_every_cell_that_depends_on_the_style_at_fault(column_of):
    reading = read_numbers(column_of("1,50", "2.50", "1.234", "7"))
    assert [(fault.row, fault.reason) for fault in reading.faults] == [
        (0, "other_style"), (1, "other_style"), (2, "ambiguous"),
    ]  # fmt: skip
    assert reading.values[3] == 7


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1.23.4", "grouping"),
        ("12.34,5", "grouping"),
        ("1.234.56", "grouping"),
        ("1,234,56", "grouping"),
        ("1.234'567", "grouping"),
        ("12 34", "grouping"),
        ("1.234,567,8", "grouping"),
        ("\uff11\uff12", "foreign_digits"),
        ("\u0661\u0662", "foreign_digits"),
        ("1E400", "not_finite"),
        ("NaN", "not_finite"),
        ("-inf", "not_finite"),
        ("n.v.t.", "not_a_number"),
        ("--5", "not_a_number"),
        ("-5-", "not_a_number"),
        ("(-5)", "not_a_number"),
        ("(5", "not_a_number"),
        ("-5 C", "not_a_number"),
        ("12C", "not_a_number"),
        ("$ 5", "not_a_number"),
        ("=2+5", "not_a_number"),
        ("5E2%", "not_a_number"),
        ("1234567890123456", "too_many_digits"),
        ("12345678901234,56", "too_many_digits"),
    ],
)
def test_a_text_that_is_no_number_is_refused_with_its_reason(column_of, text, reason):
    reading = read_numbers(column_of(text))
    assert [(fault.reason, fault.found) for fault in reading.faults] == [(reason, text)]
    assert np.isnan(reading.values).all()


def test_cells_of_another_kind_are_refused_from_top_to_bottom(column_of, error):
    reading = read_numbers(column_of(..., error("#DIV/0!"), True, date(2024, 12, 31), float("inf"), None, 3))
    assert [(fault.row, fault.reason, fault.found) for fault in reading.faults] == [
        (0, "no_value", ""), (1, "error_value", "#DIV/0!"), (2, "unexpected_flag", "TRUE"),
        (3, "unexpected_date", "2024-12-31"), (4, "not_finite", "inf"),
    ]  # fmt: skip
    assert reading.values[-1] == 3


def test_real_numbers_pass_untouched_and_minus_zero_is_zero(column_of):
    numbers = [0.1, -1234.56, 1e14, 9999999999999.98, -0.0]
    reading = read_numbers(column_of(*numbers))
    assert reading.values.tolist() == numbers
    assert math.copysign(1, reading.values[-1]) == 1
    assert (reading.style, reading.faults, reading.from_text, reading.sides) == (None, (), 0, None)


def test_real_numbers_beyond_15_digits_are_refused(column_of):
    reading = read_numbers(column_of(1e15, 12345678901234.5, -1e15))
    assert [fault.reason for fault in reading.faults] == ["too_many_digits"] * 3


def test_sides_and_percents_are_reported_where_they_stand(column_of):
    reading = read_numbers(column_of(1, "2,50 C", "3 d", "4%"))
    assert reading.sides is not None
    assert reading.sides.tolist() == [None, "C", "D", None]
    assert reading.values.tolist() == [1, -2.5, 3, 0.04]
    assert reading.percent_rows.tolist() == [3]


def test_a_column_without_cells_is_read(column_of):
    assert read_numbers(column_of()).values.tolist() == []


def in_english(cents: int) -> str:
    return f"{Decimal(cents) / 100:,.2f}"


def in_dutch(cents: int) -> str:
    return in_english(cents).translate(str.maketrans(",.", ".,"))


amounts = st.lists(st.integers(-(10**14), 10**14), min_size=1, max_size=8)


@settings(max_examples=60)
@given(amounts, st.sampled_from([in_dutch, in_english]))
def test_amounts_written_in_one_style_come_back_exactly(column_of, cents, written):
    reading = read_numbers(column_of(*[written(amount) for amount in cents]))
    assert reading.faults == ()
    assert reading.values.tolist() == [float(Decimal(amount) / 100) for amount in cents]


TEXTS = st.sampled_from(["1.234", "1,5", "2.5", "12", "x", "", "1.234,56 C", "5%", "1,234"])


@settings(max_examples=100)
@given(st.lists(TEXTS, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(column_of, texts, rng):
    order = list(range(len(texts)))
    rng.shuffle(order)
    straight, shuffled = read_numbers(column_of(*texts)), read_numbers(column_of(*[texts[row] for row in order]))
    assert np.array_equal(straight.values[order], shuffled.values, equal_nan=True)
    assert straight.style == shuffled.style
    reasons = {fault.row: fault.reason for fault in straight.faults}
    assert {row: reasons[old] for row, old in enumerate(order) if old in reasons} == {
        fault.row: fault.reason for fault in shuffled.faults
    }


@settings(max_examples=60)
@given(st.integers(1, 10**14), st.sampled_from(["-{}", "{}-", "({})", "\u2212{}", "€ -{}", "{} C"]))
def test_every_way_to_write_a_minus_is_the_opposite_of_the_plain_amount(column_of, cents, minus):
    plain = in_dutch(cents)
    reading = read_numbers(column_of(plain, minus.format(plain)))
    assert reading.values[1] == -reading.values[0]
