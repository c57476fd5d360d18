"""A worksheet part with a place where rows are streamed in, and the cells that stand beside those rows."""

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from klantwaarde.tables.raw import cell_address, position
from klantwaarde.workbook.opc import Pieces, local_name, serialise
from klantwaarde.workbook.row_writer import BulkRows

_MARKER = "kwRows"
_DECLARATION = re.compile(r' xmlns(?::[\w.-]+)?="[^"]*"')
_ROW_ATTRIBUTES = ("s", "customFormat", "ht", "customHeight")
_LARGE_CELLS = 10_000_000

Beside = dict[int, tuple[str, str, str]]


def corners(ref: str) -> tuple[int, int, int, int]:
    """First row, first column, last row, last column of a range such as ``B2:D9``."""
    first, _, last = ref.partition(":")
    return (*position(first), *position(last or first))


def range_text(first_row: int, first_column: int, last_row: int, last_column: int) -> str:
    """The A1 text of a range."""
    return f"{cell_address(first_row, first_column)}:{cell_address(last_row, last_column)}"


def sheet_rows(root: etree._Element) -> etree._Element:
    """The ``sheetData`` element."""
    found = root.find(f"{{{etree.QName(root).namespace}}}sheetData")
    if found is None:
        raise ValueError("the sheet part holds no sheetData")
    return found


def row_attributes(row: etree._Element) -> str:
    """Height and style of a row, as attribute text."""
    return "".join(f' {name}="{row.get(name)}"' for name in _ROW_ATTRIBUTES if row.get(name))


def cells_beside(row: etree._Element, first_column: int, last_column: int) -> tuple[str, str, str]:
    """The cells left and right of the columns as XML text, and the attributes of the row."""
    left = right = ""
    for cell in row:
        column = position(cell.get("r", ""))[1] if local_name(cell) == "c" else last_column + 1
        if column < first_column:
            left += _kept(cell)
        elif column > last_column:
            right += _kept(cell)
    return left, right, row_attributes(row)


def _kept(cell: etree._Element) -> str:
    """A cell as it stands, without the declarations that its new place has already."""
    opening, bracket, rest = etree.tostring(cell, encoding="unicode", with_tail=False).partition(">")
    return _DECLARATION.sub("", opening) + bracket + rest


def row_with(number: int, beside: tuple[str, str, str], *, namespace: str) -> str:
    """A row that holds only the cells beside the written columns."""
    left, right, attributes = beside
    declared = f' xmlns="{namespace}"' if namespace else ""
    return f'<row{declared} r="{number}"{attributes}>{left}{right}</row>'


def prefixed_namespace(root: etree._Element) -> str:
    """The main namespace when the part uses it with a prefix, so that new rows must declare it; else empty."""
    return str(etree.QName(root).namespace) if root.prefix else ""


def grow_dimension(root: etree._Element, rows: BulkRows) -> None:
    """Let the used range cover the rows."""
    dimension = root.find(f"{{{etree.QName(root).namespace}}}dimension")
    if dimension is not None:
        top, left, bottom, right = corners(dimension.get("ref", "A1"))
        top, left = min(top, rows.first_row), min(left, rows.first_column)
        dimension.set("ref", range_text(top, left, max(bottom, rows.last_row), max(right, rows.last_column)))


def with_rows(root: etree._Element, place: int, pieces: Iterable[bytes], *, n_cells: int) -> Pieces:
    """The part with ``pieces`` standing before the row at index ``place`` of the sheet's rows."""
    sheet_rows(root).insert(place, etree.Element(f"{{{etree.QName(root).namespace}}}{_MARKER}"))
    head, tail = re.split(rb"<(?:[\w.-]+:)?" + _MARKER.encode() + rb"/>", serialise(root))
    return Pieces(_around(head, pieces, tail), large=n_cells > _LARGE_CELLS)


def _around(head: bytes, pieces: Iterable[bytes], tail: bytes) -> Iterator[bytes]:
    yield head
    yield from pieces
    yield tail
