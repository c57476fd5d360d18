"""Cell tags of a worksheet part, found with array operations (ECMA-376 part 1, 18.3.1.4 ``c``).

Follows XML as Excel and most programs write it; anything else raises :class:`NotPlain`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Positions = NDArray[np.int64]

_SPACE, _QUOTE, _SLASH, _EQUAL, _LESS, _GREATER = b' "/=<>'
SHARED, BOOL, ERROR, DATE, INLINE, NUMBER, FORMULA_TEXT = b"sbedinf"
_TYPES = np.zeros(256, dtype=bool)
_TYPES[list(b"sbedin")] = True


class NotPlain(Exception):
    """The XML is not written in the plain way that the array search can follow."""


@dataclass(frozen=True, slots=True)
class Tags:
    """All tags of a block: where their ``<`` stands and the character after it, and which of them are cells."""

    text: Bytes
    opens: Positions
    first: Bytes
    cells: Positions

    @classmethod
    def of(cls, text: Bytes) -> "Tags":
        """Find the tags of a block that is followed by enough zeros.

        Raises:
            NotPlain: comments, instructions, or cells without attributes.
        """
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
class Attributes:
    """Per cell its address, the number of its style, and the letter of its type (``f`` for ``str``)."""

    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    styles: NDArray[np.int32]
    types: Bytes


def cell_attributes(tags: Tags) -> Attributes:
    """The attributes of all cells, read side by side: first the first of each, then the second, and so on.

    Raises:
        NotPlain: an unknown attribute, other quotes or white space, or no address.
    """
    text, at = tags.text, tags.opens[tags.cells] + 2
    rows, columns, styles = (np.zeros(len(at), dtype=np.int32) for _ in range(3))
    types = np.full(len(at), NUMBER, dtype=np.uint8)
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
                rows[cells], at[cells] = digits(text, value)
            elif letter == ord("s"):
                styles[cells], at[cells] = digits(text, value)
            elif letter == ord("t"):
                types[cells], at[cells] = _type(text, value)
            else:
                at[cells] = digits(text, value)[1]
        if (text[at[todo]] != _QUOTE).any():
            raise NotPlain
        at[todo] += 1
    empty = text[at] == _SLASH
    if (text[at + empty] != _GREATER).any() or not rows.all():
        raise NotPlain
    if len(tags.named(b"/c")) + np.count_nonzero(empty) != len(at):
        raise NotPlain
    return Attributes(rows, columns, styles, types)


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


def digits(text: Bytes, start: Positions) -> tuple[NDArray[np.int32], Positions]:
    """Whole numbers of at most nine digits that stand at these places, and the places after them."""
    number = np.zeros(len(start), dtype=np.int32)
    for _ in range(9):
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
    types = np.where((first == ord("s")) & (second == ord("t")), np.uint8(FORMULA_TEXT), first)
    lengths = np.ones(len(start), dtype=np.int64)
    lengths[types == FORMULA_TEXT] = len("str")
    lengths[types == INLINE] = len("inlineStr")
    if not _TYPES[first].all():
        raise NotPlain
    return types, start + lengths


@dataclass(frozen=True, slots=True)
class Contents:
    """Per cell where its value stands and how long it is (-1: there is none), and whether it has a formula."""

    starts: Positions
    lengths: Positions
    formula: NDArray[np.bool_]

    def note(self, tags: Tags, owner: NDArray[np.int32], name: bytes) -> None:
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
        closed = (tags.first[closings] == _SLASH) & (tags.text[tags.opens[closings] + 2] == name[0])
        if not closed.all() or (owner[closings] != cells).any() or (np.diff(cells) < 1).any():
            raise NotPlain
        self.starts[cells] = end + 1
        self.lengths[cells] = tags.opens[closings] - end - 1


def cell_contents(tags: Tags, types: Bytes) -> Contents:
    """Where the values of all cells stand: in ``v``, or in ``is`` for inline strings.

    Raises:
        NotPlain: the elements do not nest as they should.
    """
    count = len(tags.cells)
    contents = Contents(np.zeros(count, np.int64), np.full(count, -1, np.int64), np.zeros(count, dtype=bool))
    if not count:
        return contents
    owner = np.cumsum(tags.first == ord("c"), dtype=np.int32) - 1
    contents.formula[owner[tags.named(b"f")]] = True
    contents.note(tags, owner, b"v")
    if (types == INLINE).any():
        contents.note(tags, owner, b"is")
    return contents
