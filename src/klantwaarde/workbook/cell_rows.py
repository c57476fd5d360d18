"""Rows of a worksheet part as arrays: every cell with its address, kind and value, without a Python call per cell.

The text between ``<sheetData>`` and ``</sheetData>`` is searched with array operations for the tags of ECMA-376 part 1,
18.3.1, as Excel and most programs write them. Anything written differently raises :class:`NotPlain`; the caller then
rewrites the part (see ``plain_xml``) and comes back.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Final

import numpy as np
from numpy.typing import NDArray

from klantwaarde.tables.raw import Kind
from klantwaarde.workbook.cell_texts import shown_text, string_item

Bytes = NDArray[np.uint8]
Positions = NDArray[np.int64]

LONGEST_NUMBER: Final = 400
DAYS_1904: Final = 1462  # from 1899-12-30 to 1904-01-01
_EPOCH = datetime(1899, 12, 30)
_ROW_TAG = re.compile(rb'<row\b[^<>]*?\bhidden="(?:1|true)"[^<>]*>')
_ROW_NUMBER = re.compile(rb'\br="([0-9]{1,7})"')
_NUMBER_CHARACTERS = np.zeros(256, dtype=bool)
_NUMBER_CHARACTERS[list(b"0123456789+-.eE \t\r\n\0")] = True
_SPACE, _QUOTE, _SLASH, _EQUAL, _LESS, _GREATER = b' "/=<>'
_SHARED, _BOOL, _ERROR, _DATE, _INLINE, _NUMBER, _FORMULA_TEXT = b"sbedinf"
_TYPES = np.zeros(256, dtype=bool)
_TYPES[list(b"sbedin")] = True
_ONE_BY_ONE = np.array([_ERROR, _INLINE, _FORMULA_TEXT, _DATE], dtype=np.uint8)
_TRUE = np.frombuffer(b"1t", dtype=np.uint8)


class NotPlain(Exception):
    """The XML is not written in the plain way that the array search can follow."""


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
        tags = _Tags.of(np.frombuffer(block + bytes(LONGEST_NUMBER), dtype=np.uint8))
        found = _attributes(tags)
        return self._cells(block, tags.text, found, _contents(tags, found.types))

    def _note_hidden_rows(self, block: bytes) -> None:
        for tag in _ROW_TAG.findall(block):
            number = _ROW_NUMBER.search(tag)
            if number is None:
                raise NotPlain
            self.hidden_rows.add(int(number[1]))

    def _cells(self, block: bytes, text: Bytes, found: "_Attributes", content: "_Contents") -> Cells:
        types, starts, lengths = found.types, content.starts, content.lengths
        kinds, values = np.zeros(len(types), dtype=np.uint8), np.zeros(len(types))
        full = lengths > 0
        empty_text = (types == _FORMULA_TEXT) & (lengths == 0)
        kinds[content.formula & ~full & ~empty_text] = Kind.NO_VALUE

        number = np.flatnonzero(full & (types == _NUMBER))
        style = self.styles[np.minimum(found.styles[number], len(self.styles) - 1)]
        kinds[number] = np.where(style > 0, Kind.DATE, Kind.NUMBER)
        values[number] = _numbers(text, starts[number], lengths[number])
        if self.date1904:
            values[number] += np.where(style == 1, DAYS_1904, 0)

        shared = np.flatnonzero(full & (types == _SHARED))
        kinds[shared] = Kind.TEXT
        values[shared] = _numbers(text, starts[shared], lengths[shared])

        truth = np.flatnonzero(full & (types == _BOOL))
        kinds[truth] = Kind.BOOL
        values[truth] = np.isin(text[starts[truth]], _TRUE)

        for at in np.flatnonzero(full & np.isin(types, _ONE_BY_ONE)).tolist():
            xml = block[starts[at] : starts[at] + lengths[at]]
            kinds[at], values[at] = (Kind.DATE, _iso_days(xml)) if types[at] == _DATE else self._own(xml, types[at])

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
        return Kind.ERROR if cell_type == _ERROR else Kind.TEXT, known


@dataclass(frozen=True, slots=True)
class _Tags:
    """All tags of a block: where their ``<`` stands and the character after it, and which of them are cells."""

    text: Bytes
    opens: Positions
    first: Bytes
    cells: Positions

    @classmethod
    def of(cls, text: Bytes) -> "_Tags":
        opens = np.flatnonzero(text == _LESS)
        first = text[opens + 1]
        cells = np.flatnonzero(first == ord("c"))
        foreign = (first == ord("!")) | (first == ord("?"))
        if foreign.any() or (text[opens[cells] + 2] != _SPACE).any():
            raise NotPlain
        return cls(text, opens, first, cells)

    def named(self, name: bytes) -> Positions:
        """Numbers of the tags that start with these characters after ``<``."""
        found = np.flatnonzero(self.first == name[0])
        for offset, character in enumerate(name[1:], start=2):
            found = found[self.text[self.opens[found] + offset] == character]
        return found


@dataclass(frozen=True, slots=True)
class _Attributes:
    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    styles: NDArray[np.int32]
    types: Bytes


def _attributes(tags: _Tags) -> _Attributes:
    text, at = tags.text, tags.opens[tags.cells] + 2
    rows, columns, styles = (np.zeros(len(at), dtype=np.int32) for _ in range(3))
    types = np.full(len(at), _NUMBER, dtype=np.uint8)
    while len(todo := np.flatnonzero(text[at] == _SPACE)):
        here = at[todo]
        name = np.where(text[here + 2] == _EQUAL, text[here + 1], 0)
        start = here + np.where(name > 0, 4, 5)  # cm="1", vm="1", ph="1": metadata that does not change the value
        if (text[start - 1] != _QUOTE).any() or (text[start - 2] != _EQUAL).any():
            raise NotPlain
        for letter in (ord("r"), ord("s"), ord("t"), 0):
            which = name == letter
            if not which.any():
                continue
            cells, value = (todo, start) if which.all() else (todo[which], start[which])
            if letter == ord("r"):
                columns[cells], value = _letters(text, value)
                rows[cells], at[cells] = _digits(text, value)
            elif letter == ord("s"):
                styles[cells], at[cells] = _digits(text, value)
            elif letter == ord("t"):
                types[cells], at[cells] = _type(text, value)
            else:
                at[cells] = _digits(text, value)[1]
        if (text[at[todo]] != _QUOTE).any():
            raise NotPlain
        at[todo] += 1
    if (text[at + (text[at] == _SLASH)] != _GREATER).any() or not rows.all():
        raise NotPlain
    return _Attributes(rows, columns, styles, types)


def _letters(text: Bytes, start: Positions) -> tuple[NDArray[np.int32], Positions]:
    """Column numbers of the letters that stand at these places, and the places after them."""
    number = np.zeros(len(start), dtype=np.int32)
    for _ in range(3):
        letter = text[start] - np.uint8(64)
        is_letter = (letter - np.uint8(1)) < 26
        if not is_letter.any():
            break
        number = np.where(is_letter, number * 26 + letter, number)
        start = start + is_letter
    if not number.all():
        raise NotPlain
    return number, start


def _digits(text: Bytes, start: Positions) -> tuple[NDArray[np.int32], Positions]:
    """Whole numbers of at most seven digits that stand at these places, and the places after them."""
    number = np.zeros(len(start), dtype=np.int32)
    for _ in range(7):
        digit = text[start] - np.uint8(48)
        is_digit = digit < 10
        if not is_digit.any():
            break
        number = np.where(is_digit, number * 10 + digit, number)
        start = start + is_digit
    return number, start


def _type(text: Bytes, start: Positions) -> tuple[Bytes, Positions]:
    """Cell types (s, b, e, d, i of inlineStr, n; f for str) and the places after them."""
    first, second = text[start], text[start + 1]
    types = np.where((first == ord("s")) & (second == ord("t")), np.uint8(_FORMULA_TEXT), first)
    lengths = np.ones(len(start), dtype=np.int64)
    lengths[types == _FORMULA_TEXT] = len("str")
    lengths[types == _INLINE] = len("inlineStr")
    if not _TYPES[first].all():
        raise NotPlain
    return types, start + lengths


@dataclass(frozen=True, slots=True)
class _Contents:
    """Per cell where its value stands and how long it is (-1: there is none), and whether it has a formula."""

    starts: Positions
    lengths: Positions
    formula: NDArray[np.bool_]

    def note(self, tags: _Tags, owner: NDArray[np.int32], name: bytes) -> None:
        """Note where the content of the elements with this name stands, at most one per cell."""
        openings = tags.named(name)
        end = tags.opens[openings] + 1 + len(name)
        whole = tags.text[end] == _GREATER
        if not (whole | (tags.text[end] == _SLASH)).all():
            raise NotPlain
        self.lengths[owner[openings]] = 0
        openings, end = openings[whole], end[whole]
        closings = openings + 1 if name == b"v" else tags.named(b"/" + name)
        if not len(openings) == len(closings) or (len(closings) and closings[-1] == len(tags.opens)):
            raise NotPlain
        cells = owner[openings]
        if (tags.first[closings] != _SLASH).any() or (owner[closings] != cells).any() or (np.diff(cells) < 1).any():
            raise NotPlain
        self.starts[cells] = end + 1
        self.lengths[cells] = tags.opens[closings] - end - 1


def _contents(tags: _Tags, types: Bytes) -> _Contents:
    count = len(tags.cells)
    contents = _Contents(np.zeros(count, np.int64), np.full(count, -1, np.int64), np.zeros(count, dtype=bool))
    if not count:
        return contents
    owner = np.cumsum(tags.first == ord("c"), dtype=np.int32) - 1
    contents.formula[owner[tags.named(b"f")]] = True
    contents.note(tags, owner, b"v")
    if (types == _INLINE).any():
        contents.note(tags, owner, b"is")
    return contents


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
        moment = datetime.combine(_EPOCH, time.fromisoformat(iso)) if iso[2:3] == ":" else datetime.fromisoformat(iso)
    except ValueError:
        return np.nan
    return (moment.replace(tzinfo=None) - _EPOCH).total_seconds() / 86400
