"""Numbers and amounts per column: real numbers pass untouched, texts are read in the one style that fits them all.

A text belongs to one of four groups: it reads in Dutch style only (``1.234,56``), in English style only
(``1,234.56``), the same in both (``1 234``, ``-12``), or differently in both (``1.234``). Only the first two prove a
style; the last waits for a proof elsewhere in its column, or for the setting.
"""

import math
import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from klantwaarde.tables.cells import (
    CLEANING,
    CellFault,
    Reason,
    TextCells,
    cell_faults,
    in_row_order,
    misplaced,
    text_cells,
)
from klantwaarde.tables.raw import Kind, RawColumn

Style = Literal["nl", "en"]

WHOLE_LIMIT = 1e15  # Excel keeps 15 digits
CENTS_LIMIT = 1e13

_SIGNS = str.maketrans({"\u2212": "-", "\u2010": "-", "\u2011": "-", "\u2013": "-", "\u2014": "-"})
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u00b4": "'", "`": "'"})
_CLEANING = CLEANING | _SIGNS | _APOSTROPHES
_BLANK = re.compile(r"|(?:(?:€|EUR) ?)?-{1,2}(?: ?(?:€|EUR))?", re.IGNORECASE)
_FRAME = re.compile(
    r"(?P<open>\()? ?(?P<sign>[+-])? ?(?:€|EUR)? ?(?P<inner>[+-])? ?"
    r"(?P<body>[0-9.,](?:[0-9.,' ]*[0-9])?)(?P<no_cents>,--?)?(?P<power>E[+-]?[0-9]{1,5})?"
    r" ?(?P<behind>[+-])? ?(?:€|EUR)? ?(?P<percent>%)? ?(?P<close>\))?(?: (?P<side>[CD])R?)?",
    re.IGNORECASE,
)
_NL, _EN = (
    re.compile(
        rf"([0-9]+|[1-9][0-9]{{0,2}}(?:(?P<group>[{group} '])[0-9]{{3}})(?:(?P=group)[0-9]{{3}})*)?"
        rf"(?:[{decimal}]([0-9]+))?"
    )
    for group, decimal in (".,", ",.")
)
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity|∞)", re.IGNORECASE)


class _NumberText(NamedTuple):
    """The readings of one text; NaN where a style cannot read it."""

    nl: float
    en: float
    side: str = ""
    percent: bool = False
    reason: Reason | None = None


_EMPTY = _NumberText(math.nan, math.nan)


class _Readings:
    """The readings of every different text of a column, and which style each text proves."""

    def __init__(self, parsed: list[_NumberText]) -> None:
        self.parsed = parsed
        self.nl = np.array([text.nl for text in parsed], dtype=np.float64)
        self.en = np.array([text.en for text in parsed], dtype=np.float64)
        self.only_nl = np.isnan(self.en) & ~np.isnan(self.nl)
        self.only_en = np.isnan(self.nl) & ~np.isnan(self.en)
        self.open = np.abs(self.nl - self.en) > 0

    def in_style(self, style: Style | None) -> NDArray[np.float64]:
        """The values; without a style only those that read the same in both."""
        if style is None:
            return np.where(self.open | np.isnan(self.en), np.nan, self.nl)
        return self.nl if style == "nl" else self.en


@dataclass(frozen=True, slots=True, eq=False)
class NumberReading:
    """A column of numbers.

    Attributes:
        values: float64; NaN where the cell is blank or has a fault.
        style: The style that the texts proved or the caller gave; None when no text needed one.
        faults: The cells that could not be read, from top to bottom.
        from_text: How many of the numbers stood as text.
        sides: "C" or "D" per cell, None without a mark; None when no cell has one. ``values`` are signed: C negative.
        percent_rows: Row offsets of texts with a percent sign; their value is the fraction (``5%`` is 0.05).
    """

    values: NDArray[np.float64]
    style: Style | None
    faults: tuple[CellFault, ...]
    from_text: int
    sides: NDArray[np.object_] | None
    percent_rows: NDArray[np.intp]


def read_numbers(column: RawColumn, *, style: Literal["auto", "nl", "en"] = "auto") -> NumberReading:
    """Read a column of numbers; one style must fit all its texts and one text must prove it.

    Rules: a text that only the other style can read is a fault; when texts prove both styles the majority of the cells
    decides, and with equal numbers every proving cell is a fault. A column with nothing but texts such as ``1.234``
    is ambiguous, unless ``style`` says how to read it. Blank: no text, or a dash alone.

    Args:
        column: The cells.
        style: "nl" (1.234,56) or "en" (1,234.56) when the reader has said so.
    """
    real = column.kinds == Kind.NUMBER
    values = np.where(real, column.numbers, np.nan) + 0.0  # + 0.0 turns -0.0 into 0.0
    not_finite = np.flatnonzero(real & ~np.isfinite(values))
    values[not_finite] = np.nan
    faults = misplaced(column, bool=Reason.UNEXPECTED_FLAG, date=Reason.UNEXPECTED_DATE)
    faults += cell_faults(column, not_finite, Reason.NOT_FINITE)

    cells = text_cells(column)
    readings = _Readings([_parse(text) for text in cells.texts])
    decided = _decide(readings, cells.counts) if style == "auto" else style
    values[cells.rows] = readings.in_style(decided)[cells.codes]
    reasons = _doubts(readings, decided)
    both = {place: _both(readings.parsed[place]) for place, why in reasons.items() if why is Reason.AMBIGUOUS}
    faults += cells.faults(reasons, both)

    too_long = _beyond_excel(values)
    faults += cell_faults(column, too_long, Reason.TOO_MANY_DIGITS)
    values[too_long] = np.nan
    percent = np.array([text.percent for text in readings.parsed], dtype=bool)
    return NumberReading(
        values=values,
        style=decided,
        faults=in_row_order(faults),
        from_text=int(np.count_nonzero(~np.isnan(values[cells.rows]))),
        sides=_sides(cells, readings.parsed, len(column)),
        percent_rows=cells.rows[percent[cells.codes]],
    )


def _parse(text: str) -> _NumberText:
    """All readings of one text."""
    cleaned = text.translate(_CLEANING).strip(" ")
    frame = _FRAME.fullmatch(cleaned)
    if frame is None:
        return _EMPTY if _BLANK.fullmatch(cleaned) else _refused(_why_not(cleaned))
    opened, sign, inner, body, no_cents, power, behind, percent, closed, side = frame.groups()
    marks = [mark for mark in (opened, sign, inner, behind, side) if mark]
    if len(marks) > 1 or bool(opened) != bool(closed) or (power and percent):
        return _refused(Reason.NOT_A_NUMBER)
    if no_cents:
        body += ",00"
    factor = -1.0 if marks and marks[0] in "-(Cc" else 1.0
    scale = "E-2" if percent else power or ""
    nl = _value(body, _NL, scale, grouped=not power) * factor + 0.0
    en = _value(body, _EN, scale, grouped=not power) * factor + 0.0
    if math.isinf(nl) or math.isinf(en):
        return _refused(Reason.NOT_FINITE)
    if math.isnan(nl) and math.isnan(en):
        return _refused(Reason.GROUPING)
    return _NumberText(nl, en, (side or "").upper(), bool(percent))


def _value(body: str, style: re.Pattern[str], scale: str, *, grouped: bool) -> float:
    """Digits with group and decimal signs as a number; NaN when they do not fit the style or may have no groups."""
    match = style.fullmatch(body)
    if match is None:
        return math.nan
    whole, group, part = match.groups()
    if group:
        if not grouped:
            return math.nan
        whole = whole.replace(group, "")
    return float(f"{whole or 0}.{part or 0}{scale}")


def _refused(reason: Reason) -> _NumberText:
    return _NumberText(math.nan, math.nan, reason=reason)


def _why_not(cleaned: str) -> Reason:
    """The most helpful reason for a text that does not look like a number."""
    if _NOT_FINITE.fullmatch(cleaned):
        return Reason.NOT_FINITE
    if any(sign.isdigit() and not sign.isascii() for sign in cleaned):
        return Reason.FOREIGN_DIGITS
    return Reason.NOT_A_NUMBER


def _decide(readings: _Readings, counts: NDArray[np.intp]) -> Style | None:
    """The style that most cells prove; None when none does or when both have as many."""
    proved_nl = int(counts[readings.only_nl].sum())
    proved_en = int(counts[readings.only_en].sum())
    if proved_nl == proved_en:
        return None
    return "nl" if proved_nl > proved_en else "en"


def _doubts(readings: _Readings, style: Style | None) -> dict[int, Reason]:
    """Why a text cannot be read, by its position."""
    reasons = {place: text.reason for place, text in enumerate(readings.parsed) if text.reason}
    strangers = {
        "nl": readings.only_en, "en": readings.only_nl, None: readings.only_nl | readings.only_en
    }[style]  # fmt: skip
    reasons |= dict.fromkeys(np.flatnonzero(strangers).tolist(), Reason.OTHER_STYLE)
    if style is None:
        reasons |= dict.fromkeys(np.flatnonzero(readings.open).tolist(), Reason.AMBIGUOUS)
    return reasons


def _both(text: _NumberText) -> dict[str, str]:
    """Both readings of an ambiguous text, each written in its own style without groups."""
    return {"nl": f"{text.nl:.15g}".replace(".", ","), "en": f"{text.en:.15g}"}


def _sides(cells: TextCells, parsed: list[_NumberText], n_cells: int) -> NDArray[np.object_] | None:
    """The C and D marks of a column, or None when there are none."""
    marks = np.array([text.side or None for text in parsed], dtype=object)
    if not any(marks):
        return None
    sides = np.full(n_cells, None, dtype=object)
    sides[cells.rows] = marks[cells.codes]
    return sides


def _beyond_excel(values: NDArray[np.float64]) -> NDArray[np.intp]:
    """Row offsets of numbers that need more than the 15 digits Excel keeps: from 1e15, with cents from 1e13."""
    large = np.flatnonzero(np.abs(values) >= CENTS_LIMIT)
    size = np.abs(values[large])
    return large[(size >= WHOLE_LIMIT) | (np.mod(size, 1) > 0)]
