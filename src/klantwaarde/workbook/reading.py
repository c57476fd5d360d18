"""Reads workbook files: every cell with its address, as Excel shows it."""

import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Final

import numpy as np
from lxml import etree

from klantwaarde.messages import Fault, InputError, WriteError
from klantwaarde.tables.raw import RawSheet
from klantwaarde.workbook import opc
from klantwaarde.workbook.cell_tags import Bytes
from klantwaarde.workbook.cell_texts import shared_strings
from klantwaarde.workbook.csv_file import read_csv
from klantwaarde.workbook.file_content import Content, content_of
from klantwaarde.workbook.number_formats import style_kinds
from klantwaarde.workbook.plain_xml import DamagedXml, UnsafeXml, plain_xml
from klantwaarde.workbook.safety import Package, file_hash, inspect, read_tree
from klantwaarde.workbook.sheet_columns import raw_sheet
from klantwaarde.workbook.sheet_part import Rectangle, column_number, read_part

OWNED_NAME: Final = "KW_OWNED"
_CSV_ENDINGS: Final = frozenset((".csv", ".txt", ".tsv"))
_PLAIN_STRINGS = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^<>]*\?>)?\s*<sst\b")
_TABLE_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class BookReader:
    """An inspected workbook file. Each read opens the file anew, so it is never kept locked."""

    package: Package
    _read: Callable[[str], RawSheet]

    def sheet_names(self) -> list[str]:
        """Every worksheet in tab order, hidden ones too."""
        return list(self.package.sheets)

    def owned_sheets(self) -> frozenset[str]:
        """The sheets that carry our mark, a defined name of their own ``KW_OWNED``."""
        names = self.package.defined_names
        return frozenset(name.sheet for name in names if name.sheet and name.name.upper() == OWNED_NAME)

    def read(self, sheet: str) -> RawSheet:
        """All cells of one sheet.

        Raises:
            InputError: no such sheet (KW-FI-022), or it cannot be read completely (KW-FI-010, -015 to -027).
        """
        if sheet not in self.package.sheets:
            raise InputError([Fault("KW-FI-022", found=sheet, values={"sheets": ", ".join(self.package.sheets)})])
        try:
            return self._read(sheet)
        except (WriteError, zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise InputError([Fault("KW-FI-010", sheet=sheet, found=sheet)]) from error
        except MemoryError as error:
            raise InputError([Fault("KW-FI-027", sheet=sheet, found=sheet)]) from error


def open_workbook_file(path: Path) -> BookReader:
    """Inspect a workbook or separated text file and make it ready for reading.

    Raises:
        InputError: the file cannot be used; see :func:`klantwaarde.workbook.safety.inspect`.
    """
    if path.suffix.lower() in _CSV_ENDINGS and content_of(path) is Content.TEXT:
        package = Package(path, file_hash(path), writable=False, sheets={path.stem: path.name})
        return BookReader(package, lambda _: read_csv(path))
    package = inspect(path)
    return BookReader(package, _workbook_reader(package))


def _workbook_reader(package: Package) -> Callable[[str], RawSheet]:
    """Reads sheets of one book; what the sheets share is read once, when first needed."""

    @cache
    def styles_and_strings() -> tuple[Bytes, list[str]]:
        with opc.open_package(package.path) as parts:
            return _styles(parts, package.styles_part), _strings(parts, package.strings_part)

    def read(sheet: str) -> RawSheet:
        styles, strings = styles_and_strings()
        name = package.sheets[sheet]
        with opc.open_package(package.path) as parts:
            part = read_part(partial(parts.open, name), sheet, styles=styles, date1904=package.date1904)
            return raw_sheet(sheet, part, shared=strings, tables=_tables(parts, name))

    return read


def _styles(parts: opc.Package, part: str) -> Bytes:
    return style_kinds(read_tree(parts, part)) if part in parts else np.zeros(1, dtype=np.uint8)


def _strings(parts: opc.Package, part: str) -> list[str]:
    if part not in parts:
        return []
    xml = parts.read(part)
    try:
        if not _PLAIN_STRINGS.match(xml) or b"<!" in xml or b"encoding" in xml[:200].replace(b'encoding="UTF-8"', b""):
            xml = b"".join(plain_xml([xml]))
        return shared_strings(xml.decode())
    except UnsafeXml as error:
        raise InputError([Fault("KW-FI-015", found=part)]) from error
    except (DamagedXml, UnicodeDecodeError) as error:
        raise InputError([Fault("KW-FI-023", found=part)]) from error


def _tables(parts: opc.Package, sheet_part: str) -> dict[str, Rectangle]:
    links = (link for link in parts.relations(sheet_part) if link.kind == "table" and not link.external)
    tables = (_table(read_tree(parts, link.target)) for link in links)
    return {name: rectangle for name, rectangle in tables if rectangle}


def _table(root: etree._Element) -> tuple[str, Rectangle | None]:
    """Name and range of an Excel table; no range when its header row is switched off, as nothing names its columns."""
    corners = _TABLE_RANGE.fullmatch(root.get("ref", ""))
    name = root.get("displayName", "")
    if corners is None or root.get("headerRowCount", "1") == "0":
        return name, None
    totals = int(root.get("totalsRowCount", "0") != "0")  # 0 or 1 (ECMA-376 part 1, 18.5.1.2)
    left, top, right, bottom = corners.groups()
    return name, (int(top), column_number(left), int(bottom) - totals, column_number(right))
