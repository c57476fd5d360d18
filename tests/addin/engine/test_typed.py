"""Texts as Excel reads them, language by language."""

import datetime as dt

import pytest

from addin.engine.typed import as_typed

YEAR = dt.datetime.now(tz=dt.UTC).year


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("0123", "nl", 123),
        ("1E5", "nl", 100000),
        ("12%", "nl", 0.12),
        ("€ 5", "nl", 5),
        ("-€ 5", "nl", -5),
        ("1.234,56", "nl", 1234.56),
        ("1,234.56", "en", 1234.56),
        ("1,5", "nl", 1.5),
        ("1.5", "en", 1.5),
        (" 7 ", "nl", 7),
        ("(5)", "nl", -5),
        ("-5", "nl", -5),
        ("+5", "nl", 5),
        ("1 1/2", "nl", 1.5),
        ("12345678901234567890", "nl", 12345678901234567890.0),
    ],
)
def test_numbers(text, language, value):
    entry = as_typed(text, language)
    assert entry.kind == "number"
    assert entry.value == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "language", "moment"),
    [
        ("1-2", "nl", dt.datetime(YEAR, 2, 1)),
        ("1-2", "en", dt.datetime(YEAR, 1, 2)),
        ("3/4", "nl", dt.datetime(YEAR, 4, 3)),
        ("1.2", "nl", dt.datetime(YEAR, 2, 1)),
        ("jan 5", "en", dt.datetime(YEAR, 1, 5)),
        ("5 mrt", "nl", dt.datetime(YEAR, 3, 5)),
        ("mei 2025", "nl", dt.datetime(2025, 5, 1)),
        ("1 mei 2025", "nl", dt.datetime(2025, 5, 1)),
        ("5-jan-2025", "nl", dt.datetime(2025, 1, 5)),
        ("January 5, 2025", "en", dt.datetime(2025, 1, 5)),
        ("2025-01-31", "nl", dt.datetime(2025, 1, 31)),
        ("2025-01-31", "en", dt.datetime(2025, 1, 31)),
        ("31-1-2025", "nl", dt.datetime(2025, 1, 31)),
        ("2025-01-31 10:30:00", "nl", dt.datetime(2025, 1, 31, 10, 30)),
        ("10:30", "nl", dt.datetime(1899, 12, 30, 10, 30)),
        ("1-13", "nl", dt.datetime(2013, 1, 1)),
    ],
)
def test_moments(text, language, moment):
    entry = as_typed(text, language)
    assert (entry.kind, entry.value) == ("date", moment)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("=A1", "formula", "=A1"),
        ("+A1", "formula", "=+A1"),
        ("-A1", "formula", "=-A1"),
        ("@SUM(A1)", "formula", "=SUM(A1)"),
        ("- zie bijlage", "formula", "=- zie bijlage"),
        ("+31 6 12345678", "formula", "=+31 6 12345678"),
        ("WAAR", "boolean", True),
        ("false", "boolean", False),
        ("#N/A", "error", "#N/A"),
        ("#n/b", "error", "#N/A"),
        ("", "empty", None),
    ],
)
def test_what_is_no_text(text, kind, value):
    entry = as_typed(text, "nl")
    assert (entry.kind, entry.value) == (kind, value)


@pytest.mark.parametrize(
    "text",
    [
        "Jansen BV",
        "=",
        "-",
        "12a",
        "31-2-2025x",
        "mei",
        "nan",
        "inf",
        "1-2-3-4",
        "A1",
        "5 €uro",
        "maandag",
        "x1-2",
    ],
)
def test_what_stays_text(text):
    entry = as_typed(text, "nl")
    assert (entry.kind, entry.value, entry.quoted) == ("text", text, False)


def test_english_excel_leaves_dutch_words_alone():
    assert as_typed("WAAR", "en").kind == "text"
    assert as_typed("#N/B", "en").kind == "text"
    assert as_typed("mei 2025", "en").kind == "text"


def test_an_apostrophe_keeps_text_and_is_no_part_of_it():
    entry = as_typed("'=A1", "nl")
    assert (entry.kind, entry.value, entry.quoted) == ("text", "=A1", True)
