"""One worksheet part, unpacked in blocks beside the reading of the block before."""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, Final

import numpy as np

from klantwaarde.messages import Fault, InputError
from klantwaarde.tables.raw import cell_address
from klantwaarde.workbook.cell_rows import Cells, RowReader
from klantwaarde.workbook.cell_tags import Bytes, NotPlain
from klantwaarde.workbook.plain_xml import DamagedXml, UnsafeXml, plain_xml

MOST_ROWS: Final = 1_048_576
MOST_COLUMNS: Final = 16_384
MOST_RECTANGLE: Final = 50_000_000  # cells; a larger used rectangle must be filled for 1 in SPARSE
SPARSE: Final = 200
MOST_MERGED: Final = 1_000_000  # cells
_BLOCK_BYTES: Final = 1 << 20
_ROW_BYTES: Final = 128 << 20  # one row, or everything before or after the rows
_PLAIN_START = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^<>]*\?>)?\s*<worksheet\b")
_PREFIXED_ROOT = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^<>]*\?>)?\s*<([A-Za-z_][\w.-]*):worksheet\b")
_OTHER_ENCODING = re.compile(rb"""\A[^<]*<\?xml[^<>]*encoding=["'](?!utf-8["'])""", re.IGNORECASE)
_MERGED = re.compile(rb'<mergeCell\b[^<>]*?\bref="([A-Za-z]{1,3})([0-9]{1,7})(?::([A-Za-z]{1,3})([0-9]{1,7}))?"')

Rectangle = tuple[int, int, int, int]
OpenPart = Callable[[], IO[bytes]]


@dataclass(frozen=True, slots=True)
class SheetPart:
    """What a worksheet part holds; the texts of the cells still as numbers (see :class:`Cells`)."""

    cells: Cells
    own_texts: list[str]
    hidden_rows: frozenset[int]
    merged: tuple[Rectangle, ...]


def read_part(open_part: OpenPart, sheet: str, *, styles: Bytes, date1904: bool) -> SheetPart:
    """Every filled cell of a worksheet part.

    Raises:
        InputError: damaged (KW-FI-010), a document type (KW-FI-015), or larger than a workbook can honestly be
            (KW-FI-016 merged, -017 beyond the last cell, -018 used rectangle).
    """
    try:
        try:
            part = _read(open_part, RowReader(styles, date1904), plain=True)
        except NotPlain:
            part = _read(open_part, RowReader(styles, date1904), plain=False)
    except UnsafeXml as error:
        raise InputError([Fault("KW-FI-015", sheet=sheet, found=sheet)]) from error
    except (NotPlain, DamagedXml, UnicodeDecodeError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise InputError([Fault("KW-FI-010", sheet=sheet, found=sheet)]) from error
    if fault := _extent_fault(part, sheet):
        raise InputError([fault])
    return part


def _read(open_part: OpenPart, reader: RowReader, *, plain: bool) -> SheetPart:
    with open_part() as stream, ThreadPoolExecutor(1) as pool:
        pieces = _pieces(stream, pool)
        splitter = _Splitter(_without_prefix(pieces) if plain else plain_xml(pieces))
        blocks = [reader.read(rows) for rows in splitter.row_blocks()]
        tail = splitter.rest()
    merged = tuple(_rectangle(match) for match in _MERGED.finditer(tail))
    return SheetPart(_joined(blocks), reader.texts, frozenset(reader.hidden_rows), merged)


def _pieces(stream: IO[bytes], pool: ThreadPoolExecutor) -> Iterator[bytes]:
    """The unpacked part; the next piece is unpacked while the caller works on this one."""
    coming = pool.submit(stream.read, _BLOCK_BYTES)
    while piece := coming.result():
        coming = pool.submit(stream.read, _BLOCK_BYTES)
        yield piece


def _without_prefix(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The part with plain tags when the root, and so every tag, carries a namespace prefix (``<x:worksheet>``)."""
    text = next(pieces, b"")
    match = _PREFIXED_ROOT.match(text)
    prefix = match[1] + b":" if match else b""
    while prefix and (piece := next(pieces, b"")):
        whole = text.rfind(b"<")  # a tag may be cut by the end of the piece
        yield _bare(text[:whole], prefix)
        text = text[whole:] + piece
    yield _bare(text, prefix)
    yield from pieces


def _bare(xml: bytes, prefix: bytes) -> bytes:
    return xml.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</") if prefix else xml


class _Splitter:
    """Cuts a part in what stands before the rows, blocks of whole rows, and the rest."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._text = b""

    def row_blocks(self) -> Iterator[bytes]:
        while (start := self._text.find(b"<sheetData")) < 0 or (opened := self._text.find(b">", start)) < 0:
            self._more()
        head = self._text[:start]
        if not _PLAIN_START.match(head) or b"<!" in head or _OTHER_ENCODING.match(head):
            raise NotPlain
        empty = self._text[opened - 1 : opened] == b"/"
        self._text = self._text[opened + 1 :]
        while not empty:
            if (end := self._text.find(b"</sheetData>")) >= 0:
                rows, self._text, empty = self._text[:end], self._text[end:], True
            else:
                cut = max(self._text.rfind(b"<row"), 0)
                rows, self._text = self._text[:cut], self._text[cut:]
                self._more()
            yield rows

    def rest(self) -> bytes:
        rest = [self._text, *self._pieces_to_limit()]
        tail = b"".join(rest)
        if b"<!" in tail or not tail.rstrip().endswith(b"</worksheet>"):
            raise NotPlain
        return tail

    def _more(self) -> None:
        piece = next(self._pieces, b"")
        if not piece or len(self._text) > _ROW_BYTES:
            raise NotPlain
        self._text += piece

    def _pieces_to_limit(self) -> Iterator[bytes]:
        size = 0
        for piece in self._pieces:
            size += len(piece)
            if size > _ROW_BYTES:
                raise NotPlain
            yield piece


def _joined(blocks: list[Cells]) -> Cells:
    if not blocks:
        return Cells(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.uint8), np.zeros(0))
    return Cells(
        np.concatenate([block.rows for block in blocks]),
        np.concatenate([block.columns for block in blocks]),
        np.concatenate([block.kinds for block in blocks]),
        np.concatenate([block.values for block in blocks]),
    )


def _rectangle(match: re.Match[bytes]) -> Rectangle:
    corner, opposite = (match[1], match[2]), (match[3] or match[1], match[4] or match[2])
    rows = sorted(int(row) for _, row in (corner, opposite))
    columns = sorted(column_number(letters.decode()) for letters, _ in (corner, opposite))
    return rows[0], columns[0], rows[1], columns[1]


def column_number(letters: str) -> int:
    """The column number of Excel's letters: A -> 1, XFD -> 16384."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _extent_fault(part: SheetPart, sheet: str) -> Fault | None:
    merged = sum((bottom - top + 1) * (right - left + 1) for top, left, bottom, right in part.merged)
    if merged > MOST_MERGED:
        return Fault("KW-FI-016", sheet=sheet, found=merged)
    rows, columns = part.cells.rows, part.cells.columns
    if not len(rows):
        return None
    outside = np.flatnonzero((rows > MOST_ROWS) | (columns > MOST_COLUMNS))
    if len(outside):
        address = cell_address(int(rows[outside[0]]), int(columns[outside[0]]))
        return Fault("KW-FI-017", sheet=sheet, cell=address, found=address)
    rectangle = (int(rows.max()) - int(rows.min()) + 1) * (int(columns.max()) - int(columns.min()) + 1)
    if rectangle > MOST_RECTANGLE and rectangle > SPARSE * len(rows):
        last = cell_address(int(rows.max()), int(columns.max()))
        return Fault("KW-FI-018", sheet=sheet, cell=last, found=last, values={"filled": len(rows)})
    return None
