"""The one door through which Excel calls a function: a result or an error value with its sentence, never an exception."""

import logging
import re
from dataclasses import replace
from typing import Any

import pytest

from klantwaarde_addin.call import call_from_excel
from klantwaarde_addin.declare import FUNCTIONS, Function
from klantwaarde_addin.errors import BAD_INPUT, NO_RESULT, NOT_FOUND


def as_com(value: Any) -> Any:
    """A value as pywin32 hands it over: floats, tuples of rows."""
    if isinstance(value, list):
        return tuple(tuple(as_com(cell) for cell in row) for row in value)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
def test_every_example_comes_back_as_com_takes_it(function: Function) -> None:
    code, value = call_from_excel(function.name, [as_com(part.example) for part in function.arguments], False)
    assert code == 0
    rows = value if isinstance(value, tuple) else ((value,),)
    assert all(isinstance(row, tuple) for row in rows)
    assert {type(cell) for row in rows for cell in row} <= {float, int, str, bool}
    assert len({len(row) for row in rows}) == 1


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
def test_arguments_left_out_and_blank_are_the_same(function: Function) -> None:
    needed = [as_com(part.example) for part in function.arguments if part.is_required]
    short = call_from_excel(function.name, needed, False)
    assert short == call_from_excel(function.name, needed + [None] * (len(function.arguments) - len(needed)), False)
    assert short[0] == 0


@pytest.mark.parametrize(
    ("name", "args", "code", "fault"),
    [
        ("no_such_function", (), BAD_INPUT, "KW-FN-022"),
        ("__class__", (), BAD_INPUT, "KW-FN-022"),
        ("allocate", (1.0,), BAD_INPUT, "KW-FN-023"),
        ("allocate", (1.0, 1.0, 2.0, 3.0), BAD_INPUT, "KW-FN-023"),
        ("allocate", (1.0, ((1.0,), (None,))), BAD_INPUT, "KW-FN-002"),
        ("activity_minutes", ("1 +", (("a",), (1.0,))), BAD_INPUT, "KW-CO-021"),
        ("activity_minutes", ("b", (("a",), (1.0,))), NOT_FOUND, "KW-CO-030"),
        ("activity_minutes", ("1 / a", (("a",), (0.0,))), NO_RESULT, "KW-CO-033"),
        ("allocate", (1.0, ((0.0,), (0.0,))), NO_RESULT, "KW-CO-004"),
        ("volume_for_discount", (0.3, 0.2), NO_RESULT, "KW-PL-010"),
    ],
)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_goes_wrong_is_an_error_value_with_one_sentence(
    name: str, args: tuple[Any, ...], code: int, fault: str, language: str
) -> None:
    found, sentence = call_from_excel(name, args, False, language=language)
    assert found == code
    assert str(sentence).endswith(f"[{fault}]")
    assert "\n" not in str(sentence)


def test_a_row_constant_is_a_row() -> None:
    assert call_from_excel("allocate", (10.0, (1.0, 1.0)), False) == (0, ((5.0, 5.0),))


def test_words_follow_the_language_of_the_call() -> None:
    curve = (((5.0,), (-9.0,)), True)
    _, rows = call_from_excel("whale_curve", curve, False, language="en")
    assert rows == (
        ("Rank", "Result", "Cumulative", "Cumulative share"), (1, 5.0, 5.0, "n/a: total not above zero"), (2, -9.0, -4.0, "n/a: total not above zero"),
    )  # fmt: skip
    over = call_from_excel("unused_capacity", (100.0, 120.0, 10.0), False, language="en")
    assert over == (0, ((-20.0, -200.0, 1.2, "More used than the capacity"),))


def test_our_own_mistake_is_one_sentence_and_a_log_line_without_values(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(values: object) -> float:
        raise KeyError(f"secret {values}")

    monkeypatch.setitem(FUNCTIONS, "gini", replace(FUNCTIONS["gini"], body=broken))
    with caplog.at_level(logging.ERROR, logger="klantwaarde"):
        code, sentence = call_from_excel("gini", (((41.0,), (42.0,)),), False)
    assert (code, "[KW-FN-024]" in str(sentence), "secret" in str(sentence)) == (BAD_INPUT, True, False)
    [line] = caplog.messages
    assert re.fullmatch(r"gini: KeyError < broken:\d+ < calculate:\d+ < call_from_excel:\d+", line)


def test_a_result_that_no_cell_can_hold_is_our_own_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FUNCTIONS, "gini", replace(FUNCTIONS["gini"], body=lambda values: None))
    code, sentence = call_from_excel("gini", (((41.0,), (42.0,)),), False)
    assert (code, "[KW-FN-024]" in str(sentence)) == (BAD_INPUT, True)
