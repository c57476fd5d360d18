"""The donor: a workbook that openpyxl drew, whose sheets are taken over part by part.

Texts in the donor are taken literally: openpyxl writes them without Excel's ``_xHHHH_`` rule, so it is applied here.
"""

import re
import zipfile
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO

from lxml import etree

from klantwaarde.tables.raw import position
from klantwaarde.workbook.book_index import Index, open_index
from klantwaarde.workbook.opc import Package, Pieces, local_name, serialise
from klantwaarde.workbook.row_splice import (
    cells_beside,
    grow_dimension,
    row_attributes,
    sheet_rows,
    with_rows,
)
from klantwaarde.workbook.row_writer import (
    DAYS_TO_1904,
    BulkRows,
    Pattern,
    check_text,
    row_pieces,
    text_content,
    typed_value,
)
from klantwaarde.workbook.styles import StyleMap

_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_TRANSITIONAL = re.compile(rb"http://schemas\.openxmlformats\.org/(spreadsheetml|drawingml|officeDocument)/2006/")
_STYLE_ATTRIBUTES = {"c": "s", "row": "s", "col": "style"}


@dataclass(frozen=True, slots=True)
class Adoption:
    """What a donor sheet needs to fit into the book: style numbers, shared texts, days to shift its dates."""

    styles: StyleMap
    shared_texts: list[etree._Element]
    days_later: int
    sheet: str


def open_donor(donor: bytes, *, strict: bool) -> Index:
    """The donor's index; for a book in the strict variant all parts are brought into its namespaces first."""
    if not strict:
        return open_index(Package(BytesIO(donor)))
    translated = BytesIO()
    with zipfile.ZipFile(BytesIO(donor)) as original, zipfile.ZipFile(translated, "w") as copy:
        for info in original.infolist():
            copy.writestr(info, _TRANSITIONAL.sub(rb"http://purl.oclc.org/ooxml/\1/", original.read(info)))
    return open_index(Package(translated))


def shared_texts(donor: Index) -> list[etree._Element]:
    """The donor's shared strings, in order."""
    for relation in donor.package.relations(donor.part):
        if relation.kind == "sharedStrings" and relation.target in donor.package:
            return [item for item in donor.package.tree(relation.target) if local_name(item) == "si"]
    return []


def date_shift(book: Index, donor: Index) -> int:
    """Days to subtract from the donor's dates, when the two books count from different days."""
    return DAYS_TO_1904 * (int(book.counts_from_1904) - int(donor.counts_from_1904))


def adopt_cells(root: etree._Element, adoption: Adoption, *, selected: bool) -> None:
    """Make a donor sheet fit: style numbers, inline texts, date serials; the tab selected or not."""
    for element in list(root.iter(etree.Element)):  # a list, because cells change while we go
        name = local_name(element)
        attribute = _STYLE_ATTRIBUTES.get(name)
        if name == "c":
            _adopt_cell(element, adoption)
        if attribute and element.get(attribute):
            element.set(attribute, str(adoption.styles.cells[int(element.get(attribute, "0"))]))
        if name == "sheetView":
            element.set("tabSelected", str(int(selected)))
    adopt_differences(root, adoption.styles)


def adopt_differences(root: etree._Element, styles: StyleMap) -> None:
    """Renumber every reference to a differential format, in a sheet or in a table."""
    for element in root.iter(etree.Element):
        for name, value in element.attrib.items():
            if str(name).lower().endswith("dxfid"):
                element.set(name, str(styles.differences[int(value)]))


def _adopt_cell(cell: etree._Element, adoption: Adoption) -> None:
    parts = {local_name(child): child for child in cell}
    is_date = int(cell.get("s", "0")) in adoption.styles.dates
    if cell.get("t") == "s":
        _inline(cell, adoption.shared_texts[int(parts["v"].text or "0")])
    elif "v" in parts and not parts["v"].text:
        cell.remove(parts["v"])  # openpyxl writes an empty result beside every formula
    elif "v" in parts and is_date and adoption.days_later and cell.get("t", "n") == "n":
        parts["v"].text = typed_value(float(parts["v"].text or "0") - adoption.days_later)[1]
    elif cell.get("t") == "str":
        parts["v"].text = text_content(parts["v"].text or "")
    if cell.get("t") == "inlineStr":
        _escape_texts(cell, adoption.sheet)


def _inline(cell: etree._Element, shared: etree._Element) -> None:
    """Put a shared text into the cell itself."""
    for child in list(cell):
        cell.remove(child)
    inline = etree.SubElement(cell, f"{{{etree.QName(cell).namespace}}}is")
    inline.extend(deepcopy(child) for child in shared)
    cell.set("t", "inlineStr")


def _escape_texts(cell: etree._Element, sheet: str) -> None:
    for element in cell.iter(etree.Element):
        if local_name(element) == "t":
            content = text_content(check_text(element.text or "", sheet=sheet, cell=cell.get("r", "")))
            element.text = content
            if content != content.strip() or "\n" in content:
                element.set(_XML_SPACE, "preserve")


def sheet_content(root: etree._Element, adoption: Adoption, bulk: BulkRows | None) -> bytes | Pieces:
    """The finished part: the adopted donor sheet, with the rows of its large table if it has one.

    Raises:
        ValueError: the row above the large table's rows, which is their pattern, is missing.
    """
    if bulk is None or not bulk.n_rows:
        return serialise(root)
    rows = {int(row.get("r", "0")): row for row in sheet_rows(root)}
    if bulk.first_row - 1 not in rows:
        raise ValueError(f"sheet {adoption.sheet!r} has no row {bulk.first_row - 1} to take the pattern from")
    beside = {}
    for number in [number for number in rows if bulk.first_row <= number <= bulk.last_row]:
        beside[number] = cells_beside(rows[number], bulk.first_column, bulk.last_column)
        sheet_rows(root).remove(rows.pop(number))
    pattern = _pattern(rows[bulk.first_row - 1], bulk, beside, adoption.days_later)
    grow_dimension(root, bulk)
    above = sum(number < bulk.first_row for number in rows)
    pieces = row_pieces(bulk, pattern, sheet=adoption.sheet)
    return with_rows(root, above, pieces, n_cells=bulk.n_rows * len(bulk.columns))


def _pattern(
    row: etree._Element, bulk: BulkRows, beside: Mapping[int, tuple[str, str, str]], days_later: int
) -> Pattern:
    """Style and formula per column, from the table's first row (styles are those of the book already)."""
    cells = {position(cell.get("r", ""))[1]: cell for cell in row}
    styles, formulas = [], []
    for column in range(bulk.first_column, bulk.last_column + 1):
        cell = cells.get(column)
        formula = None if cell is None else next((child.text for child in cell if local_name(child) == "f"), None)
        styles.append("" if cell is None else cell.get("s", ""))
        formulas.append(formula or "")
    return Pattern(styles, formulas, row_attributes(row), beside, days_later)
