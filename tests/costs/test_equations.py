"""Time equations against Python's own arithmetic, and every way to write one wrong."""

import math
import random
import unicodedata
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from klantwaarde.costs.equation_syntax import MAX_LENGTH, MAX_NESTING, Number, Operation, Variable
from klantwaarde.costs.equations import EquationError, normalise, parse


def minutes(text: str, **variables: object) -> list[float] | float:
    return parse(text).minutes(variables).tolist()  # type: ignore[arg-type]


def code_of(refused: pytest.ExceptionInfo[EquationError]) -> str:
    [fault] = refused.value.faults
    return fault.code


def test_packaging_minutes_of_the_four_kinds_of_order() -> None:
    found = minutes("0.5 + 6.5*special + 0.2*air", special=[0, 1, 0, 1], air=[0, 0, 1, 1])  # TDABC-5
    assert found == pytest.approx([0.5, 7.0, 0.7, 7.2])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("8 / 4 / 2", 1),
        ("8 - 4 - 2", 2),
        ("-2 * -3", 6),
        ("2 - -3", 5),
        (".5 + 1", 1.5),
        ("6 − 2 × 2 ÷ 4", 5),
        ("min(3, 1, 2)", 1),
        ("max(1,2,3)", 3),
        ("if(2 > 1, 5, 6)", 5),
        ("als(2 <= 1; 5; 6)", 6),
        ("1 + (2 >= 2) + (1 <> 2) + (1 != 1) + (3 = 3)", 4),
        ("2 ≥ 3 or 2 ≤ 3", 1),
        ("1 > 2 en 1 < 2 of 1 = 1", 1),
        ("not 1 > 2", 1),
        ("niet(0) * 6", 6),
        ("NIET 0", 1),
        ("and(1; 1; 0)", 0),
        ("OF(0; 0; 1)", 1),
        ("5 * not (1 > 2 and 1 > 0)", 5),
    ],
)
def test_arithmetic_comparison_and_logic(text: str, expected: float) -> None:
    assert minutes(text) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0,5 + 6,5 * 2", 13.5),  # separates nothing: a decimal comma
        ("max(0,5; 0,25)", 0.5),
        ("min(1,5;2)", 1.5),
        ("min(1,5)", 1),  # no semicolon: two values, as in Excel
        ("if(3 > 2,6.5,0.5)", 6.5),
        ("0,5 + max(2, 1)", 2.5),  # the first comma cannot separate
        ("als(1 > 0; 2.5; 0)", 2.5),
    ],
)
def test_a_comma_is_read_in_the_only_way_that_fits(text: str, expected: float) -> None:
    assert minutes(text) == pytest.approx(expected)


def test_a_comma_with_two_readings_is_refused() -> None:
    with pytest.raises(EquationError) as refused:
        parse("max(0,5*x, 3)")  # max(0.5 x; 3) or max(0; 5 x; 3)
    assert (code_of(refused), refused.value.position) == ("KW-CO-026", 6)


def test_two_decimal_signs_in_one_equation_are_refused() -> None:
    with pytest.raises(EquationError) as refused:
        parse("1.000 + 2,5")  # a thousand, or one?
    assert (code_of(refused), refused.value.position) == ("KW-CO-027", 1)


def test_variables_come_in_order_of_appearance_as_first_written() -> None:
    equation = parse("if([Spoed order] > 0; Coördinatie_uren; regels) + REGELS * spoed_order")
    assert equation.variables == ("Spoed order", "Coördinatie_uren", "regels")


def test_names_match_without_case_accents_spaces_and_underscores() -> None:
    found = minutes("coordinatie_uren + [aantal regels] + ÉÉN", **{"Coördinatie uren": 1, "Aantal_Regels": 2, "een": 4})
    assert found == 7


def test_a_composed_and_a_decomposed_accent_are_the_same_name() -> None:
    assert minutes("coo\u0308rdinatie", coördinatie=3) == 3
    assert normalise("Co\u00f6rd. uren") == normalise("COO\u0308RD_UREN")


def test_min_is_a_column_name_when_no_bracket_follows() -> None:
    assert minutes("2 * min + max(min; 9)", min=5) == 19


def test_single_numbers_are_spread_over_the_rows_of_the_table() -> None:
    assert minutes("5", lines=[1, 2, 3]) == [5, 5, 5]
    assert minutes("a + b", a=1, b=[1, 2]) == [2, 3]
    assert minutes("a * 2", a=4) == 8


def test_text_columns_that_are_not_used_do_no_harm() -> None:
    assert minutes("2 * lines", lines=[1, 2], customer=["a", "b"]) == [2, 4]


def test_the_tree_can_be_read_but_not_changed() -> None:
    equation = parse("1 + x")
    assert equation.root == Operation("+", (Number(1.0), Variable("x")))
    with pytest.raises(AttributeError):
        equation.root.operator = "-"  # type: ignore[misc, union-attr]


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("", "KW-CO-022", 1),
        ("   ", "KW-CO-022", 4),
        ("1 +", "KW-CO-021", 4),
        ("(1 + 2", "KW-CO-021", 7),
        ("1 + * 2", "KW-CO-020", 5),
        ("1 2", "KW-CO-020", 3),
        ("2x", "KW-CO-020", 2),
        ("1e3", "KW-CO-020", 2),
        ("(1))", "KW-CO-020", 4),
        ("()", "KW-CO-020", 2),
        ("a $ b", "KW-CO-020", 3),
        ("2 ** 3", "KW-CO-020", 4),
        ("2 ^ 3", "KW-CO-020", 3),
        ("x.real", "KW-CO-020", 2),
        ("'text'", "KW-CO-020", 1),
        ("[]", "KW-CO-020", 1),
        ("[open", "KW-CO-020", 1),
        ("1 < 2 < 3", "KW-CO-020", 7),
        ("not (x) > 3", "KW-CO-020", 9),
        ("of 1", "KW-CO-020", 1),
        ("1 not 2", "KW-CO-020", 3),
        ("0,5 +", "KW-CO-021", 6),
        ("som(1; 2)", "KW-CO-024", 1),
        ("__import__('os')", "KW-CO-020", 12),
        ("__import__(os)", "KW-CO-024", 1),
        ("x + eval(1)", "KW-CO-024", 5),
        ("[max](1; 2)", "KW-CO-020", 6),
        ("if(1; 2)", "KW-CO-025", 1),
        ("min(1)", "KW-CO-025", 1),
        ("not(1; 2)", "KW-CO-025", 1),
        ("max(1; 2, 3)", "KW-CO-020", 9),
        ("(" * 50 + "1" + ")" * 50, "KW-CO-023", MAX_NESTING + 1),
        ("-" * 50 + "1", "KW-CO-023", MAX_NESTING + 1),
        ("1+" * 300 + "1", "KW-CO-023", 401),
        ("x" * (MAX_LENGTH + 1), "KW-CO-023", MAX_LENGTH + 1),
    ],
)
def test_a_text_that_is_no_equation_is_refused_with_its_position(text: str, code: str, position: int) -> None:
    with pytest.raises(EquationError) as refused:
        parse(text)
    assert (code_of(refused), refused.value.position) == (code, position)
    assert refused.value.reason
    assert str(refused.value.faults[0].speaking("en"))


def test_the_longest_and_the_deepest_equation_can_be_calculated() -> None:
    assert minutes("1+" * 199 + "1") == 200
    assert minutes("(" * (MAX_NESTING - 1) + "1" + ")" * (MAX_NESTING - 1)) == 1


def test_every_missing_name_is_told_at_once() -> None:
    with pytest.raises(EquationError) as refused:
        minutes("special + lines + air", lines=1)
    assert [(fault.code, fault.found) for fault in refused.value.faults] == [
        ("KW-CO-030", "special"),
        ("KW-CO-030", "air"),
    ]


def test_a_name_that_fits_two_columns_is_refused_unless_written_exactly() -> None:
    columns = {"Spoed": 1, "SPOED": 2}
    with pytest.raises(EquationError) as refused:
        minutes("spoed", **columns)
    assert code_of(refused) == "KW-CO-031"
    assert minutes("SPOED", **columns) == 2


def test_division_by_zero_names_the_rows() -> None:
    with pytest.raises(EquationError) as refused:
        minutes("10 / lines", lines=[5, 0, 2, 0])
    assert (code_of(refused), refused.value.rows) == ("KW-CO-033", (1, 3))
    assert refused.value.faults[0].values == {"row": 2, "count": 2}


@pytest.mark.parametrize(
    "text",
    [
        "if(lines = 0; 3; 10 / lines)",
        "if(lines <> 0; 10 / lines; 3)",
        "3 + 2 * (lines > 0 and 10 / lines > 4)",
        "3 + 2 * (lines > 0) * niet(lines = 0 of 10 / lines < 4)",
    ],
)
def test_what_a_row_does_not_need_is_not_asked_of_it(text: str) -> None:
    assert minutes(text, lines=[0, 2]) == [3, 5]


def test_an_unknown_value_is_refused_only_where_it_is_needed() -> None:
    nan = float("nan")
    assert minutes("if(special; stops; 1)", special=[1, 0], stops=[4, nan]) == [4, 1]
    with pytest.raises(EquationError) as refused:
        minutes("if(special; stops; 1)", special=[1, 1], stops=[4, nan])
    assert (code_of(refused), refused.value.rows) == ("KW-CO-032", (1,))
    assert "stops" in refused.value.reason


def test_negative_minutes_are_refused_with_the_row() -> None:
    with pytest.raises(EquationError) as refused:
        minutes("5 - 2 * lines", lines=[1, 2, 3])
    assert (code_of(refused), refused.value.rows) == ("KW-CO-034", (2,))


def test_float_noise_below_zero_counts_as_zero() -> None:
    assert minutes("0.3 - 0.1 - 0.2") == 0


def test_minutes_beyond_all_numbers_are_refused() -> None:
    with pytest.raises(EquationError) as refused:
        minutes("x * x", x=[1, 1e200])
    assert (code_of(refused), refused.value.rows) == ("KW-CO-035", (1,))


Written = tuple[str, Callable[[dict[str, float]], float]]


def _binary(sign: str, left: Written, right: Written) -> Written:
    actions: dict[str, Callable[[float, float], float]] = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "<": lambda a, b: float(a < b),
        ">=": lambda a, b: float(a >= b),
        "and": lambda a, b: float(bool(a) and bool(b)),
        "or": lambda a, b: float(bool(a) or bool(b)),
    }
    return f"({left[0]} {sign} {right[0]})", lambda row: actions[sign](left[1](row), right[1](row))


def _call(name: str, values: list[Written]) -> Written:
    choose = {"min": min, "max": max, "if": lambda cells: cells[1] if cells[0] else cells[2]}[name]
    text = f"{name}({'; '.join(value[0] for value in values)})"
    return text, lambda row: choose([value[1](row) for value in values])


numbers = st.integers(0, 10**6).map(lambda n: n / 1000).map(lambda x: (f"{x:.3f}", lambda row: x))
names = st.sampled_from(["a", "b", "c"]).map(lambda name: (name, lambda row: row[name]))
expressions: st.SearchStrategy[Written] = st.recursive(
    numbers | names,
    lambda inner: (
        st.builds(_binary, st.sampled_from(["+", "-", "*", "<", ">=", "and", "or"]), inner, inner)
        | st.builds(lambda value: (f"-{value[0]}", lambda row: -value[1](row)), inner)
        | st.builds(_call, st.sampled_from(["min", "max"]), st.lists(inner, min_size=2, max_size=3))
        | st.builds(_call, st.just("if"), st.lists(inner, min_size=3, max_size=3))
    ),
    max_leaves=20,
)
rows = st.lists(st.tuples(*[st.integers(-100, 100).map(lambda n: n / 4)] * 3), min_size=1, max_size=5)


@given(expressions, rows)
def test_any_equation_gives_what_python_gives(written: Written, values: list[tuple[float, float, float]]) -> None:
    text, meaning = written
    columns = dict(zip("abc", map(list, zip(*values, strict=True)), strict=True))
    expected = [meaning(dict(zip("abc", row, strict=True))) for row in values]
    # max(...; 0) keeps the minutes at zero or above, so that every equation has an answer
    positive, negative = minutes(f"max({text}; 0)", **columns), minutes(f"max(-({text}); 0)", **columns)
    np.testing.assert_array_equal(np.subtract(positive, negative), expected)


flat_terms = st.lists(
    st.tuples(st.sampled_from(["+", "-", "*", "/"]), st.sampled_from(["", "-"]), st.integers(1, 99)), max_size=15
)


@given(flat_terms)
def test_precedence_without_brackets_is_that_of_python(terms: list[tuple[str, str, int]]) -> None:
    text = "1" + "".join(f" {sign} {minus}{number}" for sign, minus, number in terms)
    expected = eval(text)  # the text is made here from digits and signs: Python is the oracle
    assert minutes(f"max({text}; 0) + max(-({text}); 0)") == pytest.approx(abs(expected), rel=1e-12)


@given(st.text(max_size=60) | st.text("0123456789.,;()+-*/<>= []abifmnx", max_size=60))
@example("if(" * 39)
@example("\u0661 + \u00b2")
@example("__class__.__bases__")
def test_no_text_ends_otherwise_than_in_an_equation_or_a_refusal(text: str) -> None:
    try:
        equation = parse(text)
    except EquationError as error:
        assert error.position is not None
        assert 1 <= error.position <= len(unicodedata.normalize("NFC", text)) + 1
        assert error.reason
    else:
        assert all(equation.variables)


def test_many_rows_are_calculated_at_once() -> None:
    draw = random.Random(5)
    lines = [draw.randrange(0, 40) for _ in range(20_000)]
    found = minutes("2 + if(lines > 10; 10 + (lines - 10) * 0,5; lines)", lines=lines)
    assert math.fsum(found) == pytest.approx(sum(2 + (10 + (n - 10) * 0.5 if n > 10 else n) for n in lines))
