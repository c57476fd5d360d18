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
        if b"<!" in block or b"<?" in block:
            raise NotPlain
        if b'hidden="' in block:
            self._note_hidden_rows(block)
        tags = _Tags.of(np.frombuffer(block + bytes(LONGEST_NUMBER), dtype=np.uint8))
        found = _attributes(tags)
        starts, lengths, has_formula = _contents(tags, found.types)
        return self._cells(block, tags.text, found, starts, lengths, has_formula)

    def _note_hidden_rows(self, block: bytes) -> None:
        for tag in _ROW_TAG.findall(block):
            number = _ROW_NUMBER.search(tag)
            if number is None:
                raise NotPlain
            self.hidden_rows.add(int(number[1]))

    def _cells(
        self, block: bytes, text: Bytes, found: "_Attributes", starts: Positions, lengths: Positions, formula: NDArray[np.bool_]
    ) -> Cells:
        types = found.types
        kinds = np.zeros(len(types), dtype=np.uint8)
        values = np.zeros(len(types))
        full = lengths > 0
        kinds[formula & ~full & ((types != _FORMULA_TEXT) | (lengths < 0))] = Kind.NO_VALUE

        number = np.flatnonzero(full & (types == _NUMBER))
        dated = self.styles[np.minimum(found.styles[number], len(self.styles) - 1)]
        kinds[number] = np.where(dated > 0, Kind.DATE, Kind.NUMBER)
        values[number] = _numbers(text, starts[number], lengths[number])
        if self.date1904:
            values[number] += np.where(dated == 1, DAYS_1904, 0)

        shared = np.flatnonzero(full & (types == _SHARED))
        kinds[shared] = Kind.TEXT
        values[shared] = _numbers(text, starts[shared], lengths[shared])

        truth = np.flatnonzero(full & (types == _BOOL))
        kinds[truth] = Kind.BOOL
        values[truth] = (text[starts[truth]] == ord("1")) | (text[starts[truth]] == ord("t"))

        for at in np.flatnonzero(full & ((types == _ERROR) | (types == _INLINE) | (types == _FORMULA_TEXT))).tolist():
            own = self._own_text(block[starts[at] : starts[at] + lengths[at]])
            if self.texts[-1 - own]:
                kinds[at] = Kind.ERROR if types[at] == _ERROR else Kind.TEXT
                values[at] = own
        for at in np.flatnonzero(full & (types == _DATE)).tolist():
            kinds[at] = Kind.DATE
            values[at] = _iso_days(block[starts[at] : starts[at] + lengths[at]])

        filled = kinds != Kind.BLANK
        return Cells(found.rows[filled], found.columns[filled], kinds[filled], values[filled])

    def _own_text(self, xml: bytes) -> int:
        known = self._known.get(xml)
        if known is None:
            text = xml.decode()
            self.texts.append(string_item(text) if "<" in text else shown_text(text))
            known = self._known[xml] = -len(self.texts)
        return known


@dataclass(frozen=True, slots=True)
class _Tags:
    """All tags of a block: where they open and close, the two characters after ``<``, and which of them are cells."""

    text: Bytes
    opens: Positions
    closes: Positions
    first: Bytes
    second: Bytes
    cells: Positions

    @classmethod
    def of(cls, text: Bytes) -> "_Tags":
        opens = np.flatnonzero(text == _LESS)
        closes = np.flatnonzero(text == _GREATER)
        if len(opens) != len(closes) or (closes < opens).any() or (opens[1:] < closes[:-1]).any():
            after = np.searchsorted(closes, opens)  # a bare ">" stands in some text
            if len(after) and after[-1] == len(closes):
                raise NotPlain
            closes = closes[after]
        first, second = text[opens + 1], text[opens + 2]
        is_cell = first == ord("c")
        if (second[is_cell] != _SPACE).any():
            raise NotPlain
        return cls(text, opens, closes, first, second, np.flatnonzero(is_cell))

    def named(self, name: str) -> Positions:
        """Numbers of the opening tags with this one-letter name."""
        ends = (self.second == _GREATER) | (self.second == _SPACE) | (self.second == _SLASH)
        return np.flatnonzero((self.first == ord(name)) & ends)


@dataclass(frozen=True, slots=True)
class _Attributes:
    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    styles: Positions
    types: Bytes


def _attributes(tags: _Tags) -> _Attributes:
    text, end = tags.text, tags.closes[tags.cells]
    at = tags.opens[tags.cells] + 2
    count = len(at)
    rows, columns, styles = (np.zeros(count, dtype=np.int64) for _ in range(3))
    types = np.full(count, _NUMBER, dtype=np.uint8)
    while len(todo := np.flatnonzero(text[at] == _SPACE)):
        here = at[todo]
        name = text[here + 1]
        short = (text[here + 2] == _EQUAL) & (text[here + 3] == _QUOTE)
        for letter in np.unique(name[short]).tolist():
            which = short & (name == letter)
            cells, start = todo[which], here[which] + 4
            if letter == ord("r"):
                columns[cells], start = _letters(text, start)
                rows[cells], at[cells] = _digits(text, start)
            elif letter == ord("s"):
                styles[cells], at[cells] = _digits(text, start)
            elif letter == ord("t"):
                types[cells], at[cells] = _type(text, start)
            else:
                raise NotPlain
        if not short.all():  # cm="1", vm="1", ph="1": metadata that does not change the value
            long = ~short
            if not ((text[here[long] + 3] == _EQUAL) & (text[here[long] + 4] == _QUOTE)).all():
                raise NotPlain
            at[todo[long]] = _digits(text, here[long] + 5)[1]
        if (text[at[todo]] != _QUOTE).any():
            raise NotPlain
        at[todo] += 1
    if not (at + (text[at] == _SLASH) == end).all() or not rows.all():
        raise NotPlain
    return _Attributes(rows.astype(np.int32), columns.astype(np.int32), styles, types)


def _letters(text: Bytes, start: Positions) -> tuple[Positions, Positions]:
    """Column numbers of the letters that stand at these places, and the places after them."""
    number = np.zeros(len(start), dtype=np.int64)
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


def _digits(text: Bytes, start: Positions) -> tuple[Positions, Positions]:
    """Whole numbers of at most seven digits that stand at these places, and the places after them."""
    number = np.zeros(len(start), dtype=np.int64)
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
    known = np.isin(types, np.frombuffer(b"sbednif", dtype=np.uint8))
    if not known.all() or (first == ord("f")).any():
        raise NotPlain
    return types, start + lengths


def _contents(tags: _Tags, types: Bytes) -> tuple[Positions, Positions, NDArray[np.bool_]]:
    """Per cell where its value stands and how long it is (-1: none), and whether it has a formula."""
    count = len(tags.cells)
    starts = np.zeros(count, dtype=np.int64)
    lengths = np.full(count, -1, dtype=np.int64)
    formula = np.zeros(count, dtype=bool)
    owner = np.cumsum(tags.first == ord("c")) - 1
    formula[owner[tags.named("f")]] = True

    values = tags.named("v")
    whole = tags.text[tags.closes[values] - 1] != _SLASH
    _expect_one_each(owner[values])
    ends = np.append(tags.opens, 0)[values + 1]
    if (tags.text[ends[whole] + 1] != _SLASH).any():
        raise NotPlain
    starts[owner[values]] = tags.closes[values] + 1
    lengths[owner[values]] = np.where(whole, ends - tags.closes[values] - 1, 0)

    if (types == _INLINE).any():
        openings = np.flatnonzero((tags.first == ord("i")) & (tags.second == ord("s")))
        openings = openings[tags.text[tags.closes[openings] - 1] != _SLASH]
        closings = np.flatnonzero((tags.first == _SLASH) & (tags.second == ord("i")))
        if len(openings) != len(closings) or (closings < openings).any():
            raise NotPlain
        _expect_one_each(owner[openings])
        starts[owner[openings]] = tags.closes[openings] + 1
        lengths[owner[openings]] = tags.opens[closings] - tags.closes[openings] - 1
    return starts, lengths, formula


def _expect_one_each(owner: Positions) -> None:
    if len(owner) and (owner[0] < 0 or (np.diff(owner) < 1).any()):
        raise NotPlain


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
