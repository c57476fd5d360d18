"""What every reader of cells shares: cleaned texts, each different text once, and why a cell could not be read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde.messages import Fault, Severity
from klantwaarde.tables.raw import Kind, RawColumn

EXCEL_EPOCH = np.datetime64("1899-12-30", "D")

# Every space Excel, the web and ERPs put in cells becomes a plain one; what nobody can see goes.
_SPACES = "\t\n\r\x0b\x0c\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
_SPACES += "\u2028\u2029\u202f\u205f\u3000"
_UNSEEN = "\xad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
CLEANING = str.maketrans(dict.fromkeys(_SPACES, " ") | dict.fromkeys(_UNSEEN, ""))


class Reason(StrEnum):
    """Why a cell or column needs attention: a word, the code of its message, and how serious it is."""

    code: str
    severity: Severity

    def __new__(cls, word: str, code: str, severity: Severity = "stop") -> Self:
        member = str.__new__(cls, word)
        member._value_ = word
        member.code = code
        member.severity = severity
        return member

    NOT_A_NUMBER = "not_a_number", "KW-VA-001"
    GROUPING = "grouping", "KW-VA-002"
    AMBIGUOUS = "ambiguous", "KW-VA-003"
    OTHER_STYLE = "other_style", "KW-VA-004"
    FOREIGN_DIGITS = "foreign_digits", "KW-VA-005"
    NOT_FINITE = "not_finite", "KW-VA-006"
    TOO_MANY_DIGITS = "too_many_digits", "KW-VA-007"
    UNEXPECTED_DATE = "unexpected_date", "KW-VA-008"
    UNEXPECTED_FLAG = "unexpected_flag", "KW-VA-009"
    ERROR_VALUE = "error_value", "KW-VA-010"
    NO_VALUE = "no_value", "KW-VA-011"
    NOT_A_DATE = "not_a_date", "KW-VA-012"
    IMPOSSIBLE_DATE = "impossible_date", "KW-VA-013"
    AMBIGUOUS_DATE = "ambiguous_date", "KW-VA-014"
    MIXED_ORDER = "mixed_order", "KW-VA-015"
    OTHER_ORDER = "other_order", "KW-VA-016"
    EARLY_DATE = "early_date", "KW-VA-017", "warn"
    NOT_A_PERIOD = "not_a_period", "KW-VA-018"
    MONTH_WITHOUT_YEAR = "month_without_year", "KW-VA-019"
    NOT_A_FLAG = "not_a_flag", "KW-VA-020"
    ID_WITH_DECIMALS = "id_with_decimals", "KW-VA-021"
    ID_IN_POWERS = "id_in_powers", "KW-VA-022"
    ID_COLLIDES = "id_collides", "KW-VA-023"
    NOT_A_CHOICE = "not_a_choice", "KW-IN-017"
    # The following are said once per column, with {count}.
    NUMBERS_FROM_TEXT = "numbers_from_text", "KW-VA-031", "warn"
    TWO_DIGIT_YEARS = "two_digit_years", "KW-VA-032", "warn"
    IDS_CLEANED = "ids_cleaned", "KW-VA-033", "warn"


@dataclass(frozen=True, slots=True)
class CellFault:
    """One cell of a column that needs attention.

    Attributes:
        row: Offset in the column, from 0.
        reason: Why.
        found: What stands in the cell, as a reader would write it.
        values: What else the message names.
        other_row: Offset of the cell it clashes with, if it is a clash.
    """

    row: int
    reason: Reason
    found: str
    values: Mapping[str, object] = field(default_factory=dict)
    other_row: int | None = None

    def at(
        self, address: Callable[[int], str], *, sheet: str, table: str | None = None, column: str | None = None
    ) -> Fault:
        """The fault with its place; ``address`` gives the A1 address of a row offset of this column."""
        other = {} if self.other_row is None else {"other_cell": address(self.other_row)}
        return Fault(
            self.reason.code,
            self.reason.severity,
            sheet=sheet,
            cell=address(self.row),
            table=table,
            column=column,
            found=self.found,
            values=dict(self.values) | other,
        )


@dataclass(frozen=True, slots=True, eq=False)
class TextCells:
    """The text cells of a column: their row offsets, and each different text once.

    Attributes:
        rows: Row offset per text cell.
        codes: Per text cell the position of its text in ``texts``.
        texts: Every different text, as it stands.
    """

    rows: NDArray[np.intp]
    codes: NDArray[np.intp]
    texts: list[str]

    @property
    def counts(self) -> NDArray[np.intp]:
        """How many cells hold each different text."""
        return np.bincount(self.codes, minlength=len(self.texts))

    def faults(
        self, reasons: Mapping[int, Reason], values: Mapping[int, Mapping[str, object]] | None = None
    ) -> list[CellFault]:
        """One fault for every cell whose text has a reason; both mappings go by position in ``texts``."""
        if not reasons:
            return []
        marked = np.flatnonzero(np.isin(self.codes, np.fromiter(reasons, dtype=np.intp)))
        named = values or {}
        return [
            CellFault(int(self.rows[cell]), reasons[code], self.texts[code], named.get(code, {}))
            for cell in marked
            for code in (int(self.codes[cell]),)
        ]


def clean(text: str) -> str:
    """The text without invisible characters and outer blanks; every kind of space inside is a plain space.

    Example:
        >>> clean("\\u00a01\\u202f234,56\\u200b ")
        '1 234,56'
    """
    return text.translate(CLEANING).strip(" ")


def text_cells(column: RawColumn) -> TextCells:
    """Each different text of the column once, so that a repeated text is parsed once."""
    rows = np.flatnonzero(column.kinds == Kind.TEXT)
    if column.texts is None or not rows.size:
        return TextCells(rows[:0], rows[:0], [])
    codes, texts = pd.factorize(column.texts[rows])
    return TextCells(rows, codes, list(texts))


def shown(column: RawColumn, row: int) -> str:
    """What stands in a cell, as a reader would write it: the text, the number, or the date as yyyy-mm-dd."""
    number = column.numbers[row]
    match Kind(column.kinds[row]):
        case Kind.TEXT | Kind.ERROR:
            return str(column.texts[row]) if column.texts is not None else ""
        case Kind.DATE if np.isfinite(number):
            return str(EXCEL_EPOCH + np.int64(number))
        case Kind.NUMBER | Kind.DATE:
            return f"{number:.15g}"
        case Kind.BOOL:
            return "TRUE" if number else "FALSE"
        case _:
            return ""


def cell_faults(column: RawColumn, rows: Iterable[int], reason: Reason) -> list[CellFault]:
    """The same fault for each of these row offsets."""
    return [CellFault(int(row), reason, shown(column, int(row))) for row in rows]


def misplaced(column: RawColumn, **refused: Reason) -> list[CellFault]:
    """Cells of a kind that cannot be read here: errors and uncalculated formulas always, more by keyword.

    Args:
        column: The cells.
        **refused: Reason per lower-case name of a ``Kind``, such as ``bool=Reason.UNEXPECTED_FLAG``.
    """
    reasons = {"error": Reason.ERROR_VALUE, "no_value": Reason.NO_VALUE} | refused
    return [
        fault
        for name, reason in reasons.items()
        for fault in cell_faults(column, np.flatnonzero(column.kinds == Kind[name.upper()]), reason)
    ]


def in_row_order(faults: Iterable[CellFault]) -> tuple[CellFault, ...]:
    """The faults from top to bottom."""
    return tuple(sorted(faults, key=lambda fault: (fault.row, fault.reason)))
