"""Comma, semicolon and tab separated files as a sheet of texts."""

import csv
import io
from pathlib import Path
from typing import Final

import numpy as np

from klantwaarde.messages import Fault, InputError
from klantwaarde.tables.raw import Kind, RawColumn, RawSheet
from klantwaarde.workbook.sheet_part import MOST_COLUMNS, MOST_ROWS

MOST_BYTES: Final = 2 << 30
_SEPARATORS: Final = ";\t,"


def read_csv(path: Path) -> RawSheet:
    """All fields as text, named after the file; empty fields are blank.

    The encoding is UTF-8, UTF-16 with its mark, or else Windows-1252; the separator is the one that occurs most in the
    first line. Excel's ``sep=;`` line is followed and not counted as a row, as in Excel.

    Raises:
        InputError: not readable as such a file (KW-FI-025), or too large (KW-FI-013).
    """
    if path.stat().st_size > MOST_BYTES:
        raise InputError([Fault("KW-FI-013", found=path.name)])
    text = _decoded(path.read_bytes(), path.name)
    separator, text = _separator(text)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise InputError([Fault("KW-FI-025", found=path.name)]) from error
    width = max(map(len, rows), default=0)
    if len(rows) > MOST_ROWS or width > MOST_COLUMNS:
        raise InputError([Fault("KW-FI-013", found=path.name)])
    return RawSheet(path.stem, 1, 1, tuple(_column(rows, number) for number in range(width)), {})


def _decoded(content: bytes, name: str) -> str:
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError([Fault("KW-FI-025", found=name)])


def _separator(text: str) -> tuple[str, str]:
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip("\r")) == len("sep=;"):
        return first[4], rest
    outside_quotes = "".join(first.split('"')[::2])
    return max(_SEPARATORS, key=outside_quotes.count), text


def _column(rows: list[list[str]], number: int) -> RawColumn:
    fields = [row[number] or None if number < len(row) else None for row in rows]
    kinds = np.fromiter((Kind.BLANK if field is None else Kind.TEXT for field in fields), np.uint8, len(fields))
    return RawColumn(kinds, np.full(len(fields), np.nan), np.array(fields, dtype=np.object_))
