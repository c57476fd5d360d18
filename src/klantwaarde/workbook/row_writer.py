"""Rows of a worksheet as XML text, fast: about one string operation per cell (ECMA-376 part 1, §18.3.1).

Text is always an inline string, so nothing in a cell text can become a formula.
"""

import datetime as dt
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import repeat
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde.messages import Fault, WriteError
from klantwaarde.tables.raw import cell_address, column_letters

LAST_ROW = 1_048_576
LONGEST_TEXT = 32_767
DAYS_TO_1904 = 1462  # serials of the 1904 date system are this much lower

_ROWS_PER_PIECE = 4096
_EPOCH = np.datetime64("1899-12-30", "us")
_DAY = np.timedelta64(1, "D")
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NEEDS_CARE = re.compile("[\x00-\x1f&<>\ud800-\udfff\ufffe\uffff]|_x|^\\s|\\s$")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")

Column = Sequence[Any] | NDArray[Any]  # or a pandas Series


@dataclass(frozen=True, slots=True)
class BulkRows:
    """The rows of a large table after its first one, which stands in the donor as the pattern.

    Style and formula of every column come from the row above ``first_row``; in a column with a formula the values are
    the cached results.

    Attributes:
        first_row: Excel row number of the first row to write, the one below the pattern row.
        columns: One array per column, all of the same length. Numbers, text, dates (``datetime64``), booleans;
            None, NaN and NaT are blank cells.
        first_column: Excel column number of ``columns[0]`` (A = 1).
    """

    first_row: int
    columns: Sequence[Column]
    first_column: int = 1

    @property
    def n_rows(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    @property
    def last_row(self) -> int:
        return self.first_row + self.n_rows - 1

    @property
    def last_column(self) -> int:
        return self.first_column + len(self.columns) - 1


@dataclass(frozen=True, slots=True)
class Pattern:
    """What repeats on every row: per column the style index and formula text, and the attributes of the row.

    ``beside`` holds cells left and right of the columns that must stay: row number -> (left, right, row attributes).
    """

    styles: Sequence[str]
    formulas: Sequence[str]
    row_attributes: str = ""
    beside: Mapping[int, tuple[str, str, str]] = field(default_factory=dict)
    days_later: int = 0  # subtracted from every date: 0, or DAYS_TO_1904
    row_namespace: str = ""  # set when the sheet's main namespace has a prefix


def text_content(text: str) -> str:
    """Text for a ``<t>`` element, not yet XML-escaped: Excel's ``_xHHHH_`` rule applied, unwritable characters gone.

    Line breaks become a line feed; a lone carriage return is written ``_x000D_`` (ECMA-376 §22.9.2.19).
    """
    text = UNWRITABLE.sub("", text.replace("\r\n", "\n"))
    text = _LONE_SURROGATE.sub("\ufffd", text)
    return _LOOKS_ESCAPED.sub("_x005F_", text).replace("\r", "_x000D_")


def check_text(text: str, *, sheet: str, cell: str) -> str:
    """The text, when it fits in a cell.

    Raises:
        WriteError: more than 32,767 characters (KW-SA-019); text is never cut.
    """
    if len(text) > LONGEST_TEXT:
        raise WriteError([Fault("KW-SA-019", sheet=sheet, cell=cell, found=len(text))])
    return text


def check_rows(last_row: int, *, sheet: str) -> None:
    """Raises WriteError when the rows do not fit in a sheet (KW-SA-020)."""
    if last_row > LAST_ROW:
        raise WriteError([Fault("KW-SA-020", sheet=sheet, found=last_row)])


def serial(day: dt.date) -> float:
    """Days since 1899-12-30, the number behind a date in Excel's 1900 system."""
    moment = day if isinstance(day, dt.datetime) else dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001 - cells have no zone
    return float((np.datetime64(moment.replace(tzinfo=None), "us") - _EPOCH) / _DAY)


def row_pieces(rows: BulkRows, pattern: Pattern, *, sheet: str) -> Iterator[bytes]:
    """The ``<row>`` elements of all rows, a few thousand at a time.

    Raises:
        WriteError: a text is too long (KW-SA-019) or the rows do not fit (KW-SA-020).
        ValueError: an infinite number, or a type that has no place in a cell.
    """
    check_rows(rows.last_row, sheet=sheet)
    last = rows.last_column
    ends = [f'<c r="{column_letters(number)}' for number in range(rows.first_column + 1, last + 1)] + [""]
    openings = repeat(f'<c r="{column_letters(rows.first_column)}')
    columns = [_as_array(column) for column in rows.columns]
    namespace = f' xmlns="{pattern.row_namespace}"' if pattern.row_namespace else ""
    plain = ("", "", pattern.row_attributes)
    for start in range(0, rows.n_rows, _ROWS_PER_PIECE):
        for place, column in enumerate(columns, rows.first_column):
            _check_texts(column[start : start + _ROWS_PER_PIECE], rows.first_row + start, place, sheet)
        cells = [
            _cells(column[start : start + _ROWS_PER_PIECE], style, formula, end, pattern.days_later)
            for column, style, formula, end in zip(columns, pattern.styles, pattern.formulas, ends, strict=True)
        ]
        lines = []
        for number, row in enumerate(zip(openings, *cells, strict=False), rows.first_row + start):
            left, right, attributes = pattern.beside.get(number, plain)
            name = str(number)
            lines.append(f'<row{namespace} r="{name}"{attributes}>{left}{name.join(row)}{right}</row>')
        yield "".join(lines).encode()


def _check_texts(values: NDArray[Any], first_row: int, column: int, sheet: str) -> None:
    if values.dtype.kind == "O":
        for row, value in enumerate(values.tolist(), first_row):
            if type(value) is str and len(value) > LONGEST_TEXT:
                check_text(value, sheet=sheet, cell=cell_address(row, column))


def _as_array(column: Column) -> NDArray[Any]:
    """A plain array: numbers, booleans and dates keep their type, everything else is a column of objects."""
    array: NDArray[Any] = np.asarray(column) if isinstance(column, np.ndarray | pd.Series) else np.asarray(column, dtype=object)
    if array.dtype.kind == "M":
        return array.astype("datetime64[us]")
    if array.dtype.kind == "O" and {type(value) for value in array.tolist()} == {float}:
        return array.astype(np.float64)
    return array if array.dtype.kind in "fiub" else np.asarray(column, dtype=object)


def _cells(values: NDArray[Any], style: str, formula: str, end: str, days_later: int) -> list[str]:
    """The cells of one column, each without its opening and with the opening ``end`` of the next one."""
    style = f' s="{style}"' if style else ""
    formula = f"<f>{escape(formula)}</f>" if formula else ""
    if values.dtype.kind == "M":
        values = (values - _EPOCH) / _DAY - days_later
    if values.dtype.kind in "fiu":
        return _numbers(values, f'"{style}>{formula}<v>', f"</v></c>{end}", f'"{style}>{formula}</c>{end}')
    make = _cell_maker(style, formula, end, days_later)
    listed = values.tolist()
    if not {type(value) for value in listed} <= {str, float, type(None)}:
        return [make(value) for value in listed]
    known = {value: make(value) for value in set(listed)}
    return [known[value] for value in listed]


def _numbers(values: NDArray[Any], start: str, stop: str, blank: str) -> list[str]:
    if values.dtype.kind != "f":
        return [f"{start}{value}{stop}" for value in values.tolist()]
    if np.isinf(values).any():
        raise ValueError("an infinite number cannot be written into a cell")
    listed = (values.astype(np.float64) + 0.0).tolist()  # minus zero becomes zero
    blanks = np.isnan(values)
    if not blanks.any():
        return [f"{start}{value!r}{stop}" for value in listed]
    return [
        f"{start}{value!r}{stop}" if not is_blank else blank
        for value, is_blank in zip(listed, blanks.tolist(), strict=True)
    ]


def _cell_maker(style: str, formula: str, end: str, days_later: int) -> Callable[[Any], str]:
    """A function that turns any single value into a cell."""

    def cell(value: Any) -> str:
        if type(value) is str and not formula and not _NEEDS_CARE.search(value):
            return f'"{style} t="inlineStr"><is><t>{value}</t></is></c>{end}'
        kind, content = typed_value(value, days_later=days_later)
        if kind == "blank":
            return f'"{style}>{formula}</c>{end}'
        if kind == "text" and not formula:
            return f'"{style} t="inlineStr"><is>{_t_element(content)}</is></c>{end}'
        mark = {"text": ' t="str"', "flag": ' t="b"', "number": ""}[kind]
        return f'"{style}{mark}>{formula}<v>{escape(content)}</v></c>{end}'

    return cell


def typed_value(value: object, *, days_later: int = 0) -> tuple[str, str]:
    """A cell value as (``blank``, ``text``, ``flag`` or ``number``, content not yet XML-escaped).

    Raises:
        ValueError: an infinite number, or a type that has no place in a cell.
    """
    if value is None or value is pd.NaT or value is pd.NA:
        return "blank", ""
    if isinstance(value, str):
        return "text", text_content(value)
    if isinstance(value, bool | np.bool_):
        return "flag", str(int(value))
    if isinstance(value, dt.date):
        return "number", repr(serial(value) - days_later)
    if isinstance(value, int | float | Decimal | np.integer | np.floating):
        if math.isinf(value):
            raise ValueError("an infinite number cannot be written into a cell")
        if math.isnan(value):
            return "blank", ""
        return "number", str(value) if isinstance(value, int | Decimal | np.integer) else repr(float(value) + 0.0)
    raise ValueError(f"a value of type {type(value).__name__} has no place in a cell")


def _t_element(content: str) -> str:
    space = ' xml:space="preserve"' if content != content.strip() or "\n" in content else ""
    return f"<t{space}>{escape(content)}</t>"
