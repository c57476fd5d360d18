"""What Excel makes of a text that is put in a cell whose format is not ``@``: the same as when a person types it."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

Language = Literal["nl", "en"]

ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")
DUTCH_ERRORS = {
    "#DEEL/0!": "#DIV/0!",
    "#N/B": "#N/A",
    "#NAAM?": "#NAME?",
    "#LEEG!": "#NULL!",
    "#GETAL!": "#NUM!",
    "#VERW!": "#REF!",
    "#WAARDE!": "#VALUE!",
}
BOOLEANS = {"en": {"TRUE": True, "FALSE": False}, "nl": {"TRUE": True, "FALSE": False, "WAAR": True, "ONWAAR": False}}
MONTHS = {
    "en": (
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ),
    "nl": (
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ),
}
SHORT_MONTHS = {"nl": {"mrt": 3}, "en": {}}
GROUPED = {
    "nl": re.compile(r"(?:\d+|\d{1,3}(?:\.\d{3})+)?(?:,\d*)?(?:[eE][+-]?\d+)?"),
    "en": re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d*)?(?:[eE][+-]?\d+)?"),
}
DIGIT = re.compile(r"[0-9]")
FRACTION = re.compile(r"(\d+) (\d+)/(\d+)")
NUMERIC_DATE = re.compile(r"(\d{1,4})([-/.])(\d{1,4})(?:\2(\d{1,4}))?")
TIME = re.compile(r"(\d{1,4}):(\d{1,2})(?::(\d{1,2}))?(?: ?([ap])m?)?", re.IGNORECASE)
WORD_DATE = re.compile(r"(?:(\d{1,2})[-/ ])?([^\W\d]{3,})\.?(?:[-/ ](\d{1,4}))?(?:[-/, ]+(\d{1,4}))?")
FORMULA_START = re.compile(r" *[\w(\"'.$#{@€+-]")


@dataclass(frozen=True, slots=True)
class Entry:
    """What lands in the cell.

    Attributes:
        kind: Of the content.
        value: Number, boolean, moment, text, formula with its equals sign, or name of the error.
        number_format: The format that Excel gives a cell that had none.
        quoted: Whether an apostrophe said that this is text.
    """

    kind: Literal["text", "number", "boolean", "date", "error", "formula", "empty"]
    value: str | float | bool | dt.datetime | None
    number_format: str | None = None
    quoted: bool = False


def as_typed(text: str, language: Language = "nl") -> Entry:
    """The entry that Excel makes of a text."""
    if not text:
        return Entry("empty", None)
    if text.startswith("'"):
        return Entry("text", text[1:], quoted=True)
    return _constant(text.strip(" "), language) or _formula(text) or Entry("text", text)


def _constant(text: str, language: Language) -> Entry | None:
    upper = text.upper()
    if upper in ERRORS or (language == "nl" and upper in DUTCH_ERRORS):
        return Entry("error", DUTCH_ERRORS.get(upper, upper))
    if upper in BOOLEANS[language]:
        return Entry("boolean", BOOLEANS[language][upper])
    return (_number(text, language) or _moment(text, language)) if DIGIT.search(text) else None


def _formula(text: str) -> Entry | None:
    sign, rest = text[0], text[1:]
    if sign == "=" and rest.strip():
        return Entry("formula", text)
    if sign in "+-" and FORMULA_START.match(rest):
        return Entry("formula", f"={text}")
    if sign == "@" and FORMULA_START.match(rest):
        return Entry("formula", f"={rest}")
    return None


def _number(text: str, language: Language) -> Entry | None:
    """Sign, brackets, currency, percent, grouping, exponent and whole-and-fraction, in any order that Excel takes."""
    body, sign, number_format = text, 1.0, None
    if body.startswith("(") and body.endswith(")"):
        body, sign = body[1:-1], -1.0
    elif body[:1] in "+-":
        body, sign = body[1:].lstrip(" "), -1.0 if body[0] == "-" else 1.0
    if body.endswith("%") or body.startswith("%"):
        body, sign, number_format = body.strip("% "), sign / 100, "0%"
    elif any(symbol in (body[:1], body[-1:]) for symbol in "€$£"):
        body, number_format = body.strip("€$£ "), '"€" #,##0.00'
        if body[:1] == "-":
            body, sign = body[1:], -1.0
    if match := FRACTION.fullmatch(body):
        return (
            Entry("number", sign * (int(match[1]) + int(match[2]) / int(match[3])), "# ?/?") if int(match[3]) else None
        )
    if not DIGIT.search(body) or not GROUPED[language].fullmatch(body):
        return None
    if "e" in body.lower():
        number_format = "0.00E+00"
    group, decimal = (".", ",") if language == "nl" else (",", ".")
    return Entry("number", sign * float(body.replace(group, "").replace(decimal, ".")), number_format)


def _moment(text: str, language: Language) -> Entry | None:
    """A date, a time, or a date and a time behind it."""
    if match := TIME.fullmatch(text):
        return _clock(match)
    day, _, clock = text.rpartition(" ")
    if day and (match := TIME.fullmatch(clock)) and (date := _date(day, language)) and (time := _clock(match)):
        elapsed = time.value - dt.datetime(1899, 12, 30)
        return Entry("date", date.value + elapsed, "dd-mm-yyyy hh:mm")
    return _date(text, language)


def _clock(match: re.Match[str]) -> Entry | None:
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if minute > 59 or second > 59:
        return None
    hour += 12 if match[4] and match[4].lower() == "p" and hour < 12 else 0
    return Entry("date", dt.datetime(1899, 12, 30) + dt.timedelta(hours=hour, minutes=minute, seconds=second), "hh:mm")


def _date(text: str, language: Language) -> Entry | None:
    if match := NUMERIC_DATE.fullmatch(text):
        if match[2] == "." and language == "en":
            return None
        return _numeric_date(int(match[1]), int(match[3]), match[4], language)
    if match := WORD_DATE.fullmatch(text):
        return _word_date(match, language)
    return None


def _numeric_date(first: int, second: int, third: str | None, language: Language) -> Entry | None:
    if third is not None:
        parts = (first, second, int(third)) if first > 31 else None
        year, month, day = parts or ((int(third), second, first) if language == "nl" else (int(third), first, second))
        return _on(year, month, day, "dd-mm-yyyy")
    day, month = (first, second) if language == "nl" else (second, first)
    return _on(_this_year(), month, day, "dd-mmm") or _on(second, first, 1, "mmm-yy") or _on(first, second, 1, "mmm-yy")


def _word_date(match: re.Match[str], language: Language) -> Entry | None:
    month = _month(match[2], language)
    if month is None:
        return None
    if match[1]:
        return _on(int(match[3]) if match[3] else _this_year(), month, int(match[1]), "dd-mmm-yy")
    if match[4]:
        return _on(int(match[4]), month, int(match[3]), "dd-mmm-yy")
    if match[3] is None:
        return None
    return _on(_this_year(), month, int(match[3]), "dd-mmm") or _on(int(match[3]), month, 1, "mmm-yy")


def _month(word: str, language: Language) -> int | None:
    word = word.lower()
    if word in SHORT_MONTHS[language]:
        return SHORT_MONTHS[language][word]
    for number, name in enumerate(MONTHS[language], start=1):
        if word in (name, name[:3]):
            return number
    return None


def _this_year() -> int:
    return dt.datetime.now(tz=dt.UTC).year


def _on(year: int, month: int, day: int, number_format: str) -> Entry | None:
    if year < 100:
        year += 2000 if year < 30 else 1900
    try:
        moment = dt.datetime(year, month, day)
    except ValueError:
        return None
    return Entry("date", moment, number_format) if 1900 <= year <= 9999 else None
