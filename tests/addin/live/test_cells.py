"""What each host hands over becomes the same cells; text stays text whatever it looks like."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest

from klantwaarde.tables.raw import Kind
from klantwaarde_addin.live.cells import literal, literals, raw_column

UTC = dt.UTC


def test_numbers_and_blanks_take_the_short_way():
    column = raw_column([1.5, None, -2.0], remote=False)
    assert column.kinds.tolist() == [Kind.NUMBER, Kind.BLANK, Kind.NUMBER]
    assert column.kinds.dtype == np.uint8
    assert column.numbers[[0, 2]].tolist() == [1.5, -2.0]
    assert column.texts is None


@pytest.mark.parametrize(
    ("value", "kind", "number", "text"),
    [
        (1.0, Kind.NUMBER, 1.0, None), (None, Kind.BLANK, None, None), ("", Kind.BLANK, None, None), ("a", Kind.TEXT, None, "a"),
        (True, Kind.BOOL, 1.0, None), (False, Kind.BOOL, 0.0, None), (Decimal("12.3456"), Kind.NUMBER, 12.3456, None),
        (-2146826246, Kind.ERROR, None, "#N/A"), (-2146826281, Kind.ERROR, None, "#DIV/0!"), (-2146826243, Kind.ERROR, None, "#SPILL!"),
        (-2146826207, Kind.ERROR, None, "#?"), (5, Kind.ERROR, None, "#?"),
        (dt.datetime(2026, 1, 2, 12, tzinfo=UTC), Kind.DATE, 46024.5, None), ("#N/A", Kind.TEXT, None, "#N/A"),
    ],
)  # fmt: skip
def test_a_cell_over_com(value, kind, number, text):
    column = raw_column(["x", value], remote=False)
    assert column.kinds[1] == kind
    assert np.isnan(column.numbers[1]) if number is None else column.numbers[1] == pytest.approx(number)
    assert column.texts is not None
    assert column.texts[1] == text


@pytest.mark.parametrize(
    ("value", "kind", "number", "text"),
    [
        (5, Kind.NUMBER, 5.0, None), (2.5, Kind.NUMBER, 2.5, None), ("", Kind.BLANK, None, None), (True, Kind.BOOL, 1.0, None),
        ("2026-01-02T00:00:00.000Z", Kind.DATE, 46024.0, None), ("2026-01-02", Kind.TEXT, None, "2026-01-02"),
        ("#DIV/0!", Kind.ERROR, None, "#DIV/0!"), ("#tag", Kind.TEXT, None, "#tag"),
    ],
)  # fmt: skip
def test_a_cell_of_the_remote_engine(value, kind, number, text):
    column = raw_column(["x", value], remote=True)
    assert column.kinds[1] == kind
    assert np.isnan(column.numbers[1]) if number is None else column.numbers[1] == pytest.approx(number)
    assert column.texts is not None
    assert column.texts[1] == text


TYPED = [
    "=2+5", "+31 20 1234567", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝2+5", " =2+5", "0123", "1-2", "3/4", "1E5", "12%", "€ 5", "1.234,56",
    "jan 5", "mei 2025", "2026-01-02", "TRUE", "waar", "Onwaar", "FALSCH", "#N/A", "'quoted", "(5)", "3 april", "5 mei", "12:30",
]  # fmt: skip


@pytest.mark.parametrize("text", TYPED)
def test_text_that_excel_would_read_otherwise_gets_an_apostrophe(text):
    assert literal(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Netto-omzet", "Kanaalkosten (na bonus)", "Élan", "x=y", "a+b", "truelove"])
def test_plain_words_go_as_they_are(text):
    assert literal(text) == text


def test_only_text_is_made_literal():
    assert literals([["=1", 1.0, None, "", True]]) == [["'=1", 1.0, None, "", True]]
