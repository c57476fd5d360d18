"""Filling the user's input tables with new rows; everything beside them stays as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from klantwaarde.messages import Fault, WriteError
from klantwaarde.tables.raw import position
from klantwaarde.workbook.book_index import Index, SheetEntry, calculate_on_load, open_index, refuse_signed
from klantwaarde.workbook.opc import DAMAGED, local_name, open_package
from klantwaarde.workbook.row_splice import (
    Beside,
    cells_beside,
    corners,
    prefixed_namespace,
    range_text,
    row_attributes,
    row_with,
    sheet_rows,
    with_rows,
)
from klantwaarde.workbook.row_writer import DAYS_TO_1904, BulkRows, Column, Pattern, check_rows, row_pieces
from klantwaarde.workbook.table_names import refresh_pivots, tables_on


@dataclass(frozen=True, slots=True)
class _Area:
    """The place of a table: header row, first and last column, last row before and after filling."""

    header: int
    left: int
    right: int
    last: int
    new_last: int

    @property
    def ref(self) -> str:
        return range_text(self.header, self.left, self.new_last, self.right)


def fill_table(source: Path, target: Path, tables: Mapping[str, Sequence[Column]]) -> tuple[str, ...]:
    """Copy a workbook with new rows in some of its tables. Returns the names of the parts that changed.

    The style of each column is that of the table's first row. Cells beside a table stay on their row. Drop-down lists
    and conditional formats that covered a column down to the table's end follow the new end.

    Args:
        source: The user's workbook; it is only read.
        target: The file to write.
        tables: Table name -> one array per column of the table, in its order, all of the same length.

    Raises:
        WriteError: a table is missing (KW-SA-016), has another number of columns (017), a totals row (018) or rows below
            it (015), shares its sheet with another table to fill (021); the rows do not fit (019, 020); the book is
            signed (013) or damaged (014). No target is left behind.
    """
    if source.resolve() == target.resolve():
        raise ValueError("source and target must be two files")
    with open_package(source) as package:
        book = open_index(package)
        refuse_signed(package)
        places = {name: (entry, part) for name, _, entry, part in tables_on(book, book.sheets())}
        _refuse_missing(tables, places)
        for name, columns in tables.items():
            entry, part = places[name]
            area = _fill_part(package.tree(part), columns, entry.name)
            _fill_sheet(book, entry, area, columns)
        calculate_on_load(book)
        refresh_pivots(book, tables=tables, sheets=())
        return package.write(target)


def _refuse_missing(tables: Mapping[str, Sequence[Column]], places: Mapping[str, tuple[SheetEntry, str]]) -> None:
    missing = [Fault("KW-SA-016", table=name, found=name) for name in tables if name not in places]
    if missing:
        raise WriteError(missing)
    sheets = [places[name][0].name for name in tables]
    shared = [name for name in tables if sheets.count(places[name][0].name) > 1]
    if shared:
        raise WriteError([Fault("KW-SA-021", sheet=places[name][0].name, table=name, found=name) for name in shared])


def _fill_part(root: etree._Element, columns: Sequence[Column], sheet: str) -> _Area:
    """Set the table's range and take its filter away. Returns the old and the new place."""
    name = root.get("displayName", "")
    header, left, last, right = corners(root.get("ref", ""))
    if len(columns) != right - left + 1:
        values = {"expected": right - left + 1}
        raise WriteError([Fault("KW-SA-017", sheet=sheet, table=name, found=len(columns), values=values)])
    if root.get("totalsRowCount", "0") != "0":
        raise WriteError([Fault("KW-SA-018", sheet=sheet, table=name, found=name)])
    area = _Area(header, left, right, last, header + max(len(columns[0]), 1))
    check_rows(area.new_last, sheet=sheet)
    root.set("ref", area.ref)
    for child in list(root):
        if local_name(child) == "autoFilter":
            child.set("ref", area.ref)
            child[:] = []
        elif local_name(child) == "sortState":
            root.remove(child)
    return area


def _fill_sheet(book: Index, entry: SheetEntry, area: _Area, columns: Sequence[Column]) -> None:
    """Put the sheet with its new rows in the place of the old one."""
    root, styles, height, beside = _read_sheet(book, entry, area)
    above = sum(int(row.get("r", "0")) <= area.header for row in sheet_rows(root))
    filled = columns if len(columns[0]) else [[None] for _ in columns]
    rows = BulkRows(area.header + 1, filled, area.left)
    namespace = prefixed_namespace(root)
    days_later = DAYS_TO_1904 if book.counts_from_1904 else 0
    pattern = Pattern(styles, [""] * len(columns), height, beside, days_later, namespace)
    _stretch_rules(root, area)
    _set_dimension(root, area, beside)
    left_over = "".join(
        row_with(number, cells, namespace=namespace) for number, cells in beside.items() if number > area.new_last
    )
    pieces = (*row_pieces(rows, pattern, sheet=entry.name), left_over.encode())
    book.package.put(entry.part, with_rows(root, above, pieces, n_cells=rows.n_rows * len(columns)))


def _read_sheet(book: Index, entry: SheetEntry, area: _Area) -> tuple[etree._Element, list[str], str, Beside]:
    """Read the sheet without keeping the table's rows: rest of the sheet, column styles, row look, cells beside.

    Raises:
        WriteError: there are cells below the table (KW-SA-015), or the part is damaged (KW-SA-014).
    """
    styles, height = [""] * (area.right - area.left + 1), ""
    beside: Beside = {}
    with book.package.open(entry.part) as stream:
        try:
            events = etree.iterparse(stream, tag=f"{{{book.namespace}}}row", resolve_entities=False, huge_tree=True)
            for _, row in events:
                number = int(row.get("r", "0"))
                if number == 0:
                    raise WriteError([Fault("KW-SA-014", sheet=entry.name, found=entry.part)])
                if number <= area.header:
                    continue
                _refuse_below(row, number, area, entry.name)
                if number == area.header + 1:
                    styles, height = _first_row_styles(row, area), row_attributes(row)
                _keep_beside(row, number, area, beside)
            root = events.root
        except (etree.XMLSyntaxError, ValueError, *DAMAGED) as error:
            raise WriteError([Fault("KW-SA-014", sheet=entry.name, found=entry.part)]) from error
    return root, styles, height, beside


def _refuse_below(row: etree._Element, number: int, area: _Area, sheet: str) -> None:
    if number > area.last:
        for cell in row:
            address = cell.get("r", "")
            if len(cell) and area.left <= position(address)[1] <= area.right:
                raise WriteError([Fault("KW-SA-015", sheet=sheet, cell=address, found=address)])


def _first_row_styles(row: etree._Element, area: _Area) -> list[str]:
    cells = {position(cell.get("r", ""))[1]: cell.get("s", "") for cell in row}
    return [cells.get(column, "") for column in range(area.left, area.right + 1)]


def _keep_beside(row: etree._Element, number: int, area: _Area, beside: Beside) -> None:
    """Remember the cells beside the table and take the row out of the sheet."""
    kept = cells_beside(row, area.left, area.right)
    if any(kept):
        beside[number] = kept
    parent = row.getparent()
    if parent is not None:
        parent.remove(row)


def _set_dimension(root: etree._Element, area: _Area, beside: Beside) -> None:
    dimension = root.find(f"{{{etree.QName(root).namespace}}}dimension")
    if dimension is not None:
        top, left, _, right = corners(dimension.get("ref", "A1"))
        last = max(area.new_last, *beside, 0)
        dimension.set("ref", range_text(top, min(left, area.left), last, max(right, area.right)))


def _stretch_rules(root: etree._Element, area: _Area) -> None:
    """Let drop-down lists and conditional formats that ended with the table end with it again."""
    for element in root.iter(etree.Element):
        if local_name(element) in ("dataValidation", "conditionalFormatting") and element.get("sqref"):
            ranges = element.get("sqref", "").split()
            element.set("sqref", " ".join(_stretched(text, area) for text in ranges))


def _stretched(text: str, area: _Area) -> str:
    top, left, bottom, right = corners(text)
    within = area.left <= left and right <= area.right and top == area.header + 1 and bottom == area.last
    return range_text(top, left, area.new_last, right) if within else text
