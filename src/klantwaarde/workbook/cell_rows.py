"""Rows of a worksheet part as arrays: every cell with its address, kind and value, without a Python call per cell.

The text between ``<sheetData>`` and ``</sheetData>`` is searched with array operations for the tags of ECMA-376 part 1,
18.3.1, as Excel and most programs write them. Anything written differently raises :class:`NotPlain`; the caller then
rewrites the part (see ``plain_xml``) and comes back.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Final

import numpy as np
from numpy.typing import NDArray

from klantwaarde.tables.raw import Kind
from klantwaarde.workbook.cell_tags import (
    BOOL,
    DATE,
    ERROR,
    FORMULA_TEXT,
    INLINE,
    NUMBER,
    SHARED,
    Attributes,
    Bytes,
    Contents,
    NotPlain,
    Positions,
    Tags,
    cell_attributes,
    cell_contents,
    digits,
)
from klantwaarde.workbook.cell_texts import shown_text, string_item

LONGEST_NUMBER: Final = 400
DAYS_1904: Final = 1462  # from 1899-12-30 to 1904-01-01
_DAY_ZERO = date(1899, 12, 30)
_ROW_TAG = re.compile(rb'<row\b[^<>]*?\bhidden="(?:1|true)"[^<>]*>')
_ROW_NUMBER = re.compile(rb'\br="([0-9]{1,7})"')
_NUMBER_CHARACTERS = np.zeros(256, dtype=bool)
_NUMBER_CHARACTERS[list(b"0123456789+-.eE \t\r\n\0")] = True
_ONE_BY_ONE = np.array([ERROR, INLINE, FORMULA_TEXT, DATE], dtype=np.uint8)
_TRUE = np.frombuffer(b"1t", dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class Cells:
    """Filled cells in the order of the file.

    Attributes:
        rows: Excel row numbers, 1-based.
        columns: Excel column numbers, A = 1.
        kinds: ``Kind`` per cell; BLANK does not occur.
        values: NUMBER, BOOL, DATE: the value (DATE in days of the 1900 system); TEXT, ERROR: an index in the shared
            strings, or -1, -2, ... for the sheet's own texts; NO_VALUE: 0. Not finite: the number cannot be read.
    """

    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    kinds: Bytes
    values: NDArray[np.float64]


@dataclass(slots=True)
class RowReader:
    """Reads blocks of whole rows; keeps the texts that stand in the sheet itself, each once.

    Attributes:
        styles: Per cell style 0 for a plain number, 1 for a date, 2 for a time of day.
        date1904: The book counts days from 1904-01-01.
        texts: The sheet's own texts; number -1 is the first.
        hidden_rows: Excel row numbers that are hidden.
    """

    styles: Bytes
    date1904: bool = False
    texts: list[str] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    _known: dict[bytes, int] = field(default_factory=dict)

    def read(self, block: bytes) -> Cells:
        """The filled cells of a block of whole rows.

        Raises:
            NotPlain: the block is written in another way than Excel's.
        """
        if b'hidden="' in block:
            self._note_hidden_rows(block)
        tags = Tags.of(np.frombuffer(block + bytes(LONGEST_NUMBER), dtype=np.uint8))
        found = cell_attributes(tags)
        return self._cells(block, tags.text, found, cell_contents(tags, found.types))

    def _note_hidden_rows(self, block: bytes) -> None:
        for tag in _ROW_TAG.findall(block):
            number = _ROW_NUMBER.search(tag)
            if number is None:
                raise NotPlain
            self.hidden_rows.add(int(number[1]))

    def _cells(self, block: bytes, text: Bytes, found: "Attributes", content: "Contents") -> Cells:
        types, starts, lengths = found.types, content.starts, content.lengths
        kinds, values = np.zeros(len(types), dtype=np.uint8), np.zeros(len(types))
        full = lengths > 0
        empty_text = (types == FORMULA_TEXT) & (lengths == 0)
        kinds[content.formula & ~full & ~empty_text] = Kind.NO_VALUE

        number = np.flatnonzero(full & (types == NUMBER))
        style = self.styles[np.minimum(found.styles[number], len(self.styles) - 1)]
        kinds[number] = np.where(style > 0, Kind.DATE, Kind.NUMBER)
        values[number] = _numbers(text, starts[number], lengths[number])
        if self.date1904:
            values[number] += np.where(style == 1, DAYS_1904, 0)

        shared = np.flatnonzero(full & (types == SHARED))
        kinds[shared] = Kind.TEXT
        values[shared], ends = digits(text, starts[shared])
        if (ends - starts[shared] != lengths[shared]).any():
            raise NotPlain

        truth = np.flatnonzero(full & (types == BOOL))
        kinds[truth] = Kind.BOOL
        values[truth] = np.isin(text[starts[truth]], _TRUE)

        for at in np.flatnonzero(full & np.isin(types, _ONE_BY_ONE)).tolist():
            xml = block[starts[at] : starts[at] + lengths[at]]
            kinds[at], values[at] = (Kind.DATE, _iso_days(xml)) if types[at] == DATE else self._own(xml, types[at])

        filled = kinds != Kind.BLANK
        return Cells(found.rows[filled], found.columns[filled], kinds[filled], values[filled])

    def _own(self, xml: bytes, cell_type: int) -> tuple[Kind, int]:
        """Kind and number of a text that stands in the sheet; an empty one shows as a blank cell."""
        known = self._known.get(xml)
        if known is None:
            text = xml.decode()
            self.texts.append(string_item(text) if "<" in text else shown_text(text))
            known = self._known[xml] = -len(self.texts)
        if not self.texts[-1 - known]:
            return Kind.BLANK, 0
        return Kind.ERROR if cell_type == ERROR else Kind.TEXT, known


def _numbers(text: Bytes, starts: Positions, lengths: Positions) -> NDArray[np.float64]:
    """The numbers that stand at these places, read as C's ``strtod`` does; NaN where there is none."""
    if not len(starts):
        return np.zeros(0)
    width = min(int(lengths.max()), LONGEST_NUMBER - 1)
    windows = np.ndarray((len(text) - width,), dtype=f"S{width}", buffer=text, strides=(1,))
    texts = windows[starts]
    characters = texts.view(np.uint8).reshape(len(starts), width)
    characters[np.arange(width) >= lengths[:, None]] = 0
    strange = ~_NUMBER_CHARACTERS[characters].all(axis=1) | (lengths > width)
    texts[strange] = b"nan"
    try:
        return texts.astype(np.float64)
    except ValueError:
        return np.array([_number(item) for item in texts.tolist()])


def _number(item: bytes) -> float:
    try:
        return float(item)
    except ValueError:
        return np.nan


def _iso_days(xml: bytes) -> float:
    """Days since 1899-12-30 of an ISO 8601 date or time (strict workbooks); NaN when it is neither."""
    iso = xml.decode().strip().removesuffix("Z")
    try:
        moment = (
            datetime.combine(_DAY_ZERO, time.fromisoformat(iso)) if iso[2:3] == ":" else datetime.fromisoformat(iso)
        )
    except ValueError:
        return np.nan
    start = datetime.combine(_DAY_ZERO, time(), tzinfo=UTC)
    return (moment.replace(tzinfo=UTC) - start).total_seconds() / 86400
