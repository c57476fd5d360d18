"""Rewrites a worksheet or shared strings part the way Excel writes it, whatever the program that made it.

Namespace prefixes, comments, CDATA, other encodings, other quotes and attribute orders go; cells without an address get
one (ECMA-376 part 1, 18.3.1.4: the cell after the one before it). Slower than the array search, so used only when
``cell_rows`` or ``cell_texts`` cannot follow the part.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import escape

from klantwaarde.tables.raw import cell_address

_KEPT: Final = frozenset(
    ("worksheet", "sheetData", "row", "c", "f", "v", "is", "r", "t", "rPh", "mergeCell", "sst", "si")
)
_SKIPPED_WITH_CONTENT: Final = frozenset(("extLst", "AlternateContent"))
_TYPES: Final = frozenset(("s", "b", "e", "d", "n", "str", "inlineStr"))
_ADDRESS = re.compile(r"([A-Za-z]{1,4})([0-9]{1,9})")


class DamagedXml(Exception):
    """The part is not well formed or breaks the rules of its format."""


class UnsafeXml(Exception):
    """The part declares a document type, which workbooks never do."""


def plain_xml(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The part as plain XML, piece by piece.

    Raises:
        DamagedXml: not well formed, or an address, style or cell type that cannot be.
        UnsafeXml: a document type is declared.
    """
    rewriter = _Rewriter()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler = rewriter.start
    parser.EndElementHandler = rewriter.end
    parser.CharacterDataHandler = rewriter.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        for piece in pieces:
            parser.Parse(piece, False)
            yield rewriter.take()
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise DamagedXml from error
    yield rewriter.take()


def _refuse_doctype(*_: object) -> None:
    raise UnsafeXml


class _Rewriter:
    """Collects the rewritten text and knows the last row and column seen."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._open: list[str] = []
        self._skipping = 0
        self._row = self._column = 0

    def take(self) -> bytes:
        text = "".join(self._out)
        self._out.clear()
        return text.encode()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition("}")[2]
        self._open.append(name)
        if self._skipping or name in _SKIPPED_WITH_CONTENT:
            self._skipping += 1
        elif name in _KEPT:
            self._out.append(f"<{name}{self._attributes(name, attributes)}>")

    def end(self, name: str) -> None:
        name = self._open.pop()
        if self._skipping:
            self._skipping -= 1
        elif name in _KEPT:
            self._out.append(f"</{name}>")

    def text(self, text: str) -> None:
        if not self._skipping and self._open[-1] in ("v", "t"):
            self._out.append(escape(text, {"\r": "&#13;"}))

    def _attributes(self, name: str, attributes: dict[str, str]) -> str:
        if name == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
            hidden = attributes.get("hidden") in ("1", "true")
            return f' r="{self._row}"' + ' hidden="1"' * hidden
        if name == "c":
            return self._cell(attributes)
        return f' ref="{escape(attributes["ref"])}"' if name == "mergeCell" and "ref" in attributes else ""

    def _cell(self, attributes: dict[str, str]) -> str:
        address = _ADDRESS.fullmatch(attributes.get("r", cell_address(self._row, self._column + 1)))
        cell_type = attributes.get("t", "n")
        if address is None or cell_type not in _TYPES:
            raise DamagedXml
        self._column = 0
        for letter in address[1].upper():
            self._column = self._column * 26 + ord(letter) - 64
        return f' r="{cell_address(int(address[2]), self._column)}" s="{int(attributes.get("s", 0))}" t="{cell_type}"'
