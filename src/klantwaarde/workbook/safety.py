"""Is this file a workbook that can be read without harm, and what is in it? Asked before anything else touches it.

The limits come from 910 real and malformed workbooks: honest files unpack to at most 121 times their size, bombs to 343
and more.
"""

import hashlib
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from lxml import etree

from klantwaarde.messages import Fault, InputError, WriteError
from klantwaarde.workbook import opc
from klantwaarde.workbook.file_content import Content, content_of
from klantwaarde.workbook.sheet_part import read_part

MOST_PARTS: Final = 5_000
MOST_UNPACKED: Final = 2 << 30  # bytes
MOST_RATIO: Final = 200
RATIO_FROM: Final = 1 << 20  # bytes; smaller parts may be anything
CHECKED_AT_ONCE: Final = 4 << 20  # bytes; a larger part is checked to its end when it is read
MOST_INDEX: Final = 64 << 20  # bytes of a part that is read as a tree
_PROLOGUE_BYTES: Final = 1 << 16
_DOCTYPES: Final = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
_XML_ENDINGS: Final = (".xml", ".rels", ".vml")
_LOCK_NAME_AT: Final = 55  # bytes: length and UTF-16 name after the one-byte name of Excel's owner file

_BY_CONTENT: Final = {
    Content.OLD_WORKBOOK: "KW-FI-004",
    Content.ENCRYPTED: "KW-FI-005",
    Content.BINARY_WORKBOOK: "KW-FI-007",
    Content.OPEN_DOCUMENT: "KW-FI-008",
    Content.DAMAGED: "KW-FI-009",
    Content.UNKNOWN: "KW-FI-020",
}


@dataclass(frozen=True, slots=True)
class DefinedName:
    """A name of the book, or of one sheet when ``sheet`` is given."""

    name: str
    sheet: str | None
    refers_to: str


@dataclass(frozen=True, slots=True)
class Package:
    """What the book consists of.

    Attributes:
        path: The file.
        sha256: Of the whole file, to notice changes by others.
        writable: False for formats that are only imported.
        sheets: Worksheet name -> part name, in tab order.
        other_tabs: Names of chart, dialog and macro sheets.
        hidden_sheets: Names of hidden and very hidden sheets.
        date1904: The book counts days from 1904-01-01.
        has_macros: A VBA project is inside.
        is_signed: A digital signature is inside; any change breaks it.
        external_links: Addresses of the books that formulas refer to.
        defined_names: In the order of the file.
        styles_part, strings_part: Part names, empty when there is none.
    """

    path: Path
    sha256: str
    writable: bool
    sheets: Mapping[str, str]
    other_tabs: tuple[str, ...] = ()
    hidden_sheets: frozenset[str] = frozenset()
    date1904: bool = False
    has_macros: bool = False
    is_signed: bool = False
    external_links: tuple[str, ...] = ()
    defined_names: tuple[DefinedName, ...] = ()
    styles_part: str = ""
    strings_part: str = ""


def inspect(path: Path) -> Package:
    """Look through a workbook and refuse what is no workbook, is damaged or could harm.

    Parts larger than ``CHECKED_AT_ONCE`` are checked to their end by the reader, which unpacks them anyway.

    Raises:
        InputError: one fault, KW-FI-001 to -018, -020 or -029.
    """
    content = content_of(path)
    if content is not Content.WORKBOOK:
        raise InputError(
            [Fault(_BY_CONTENT.get(content, "KW-FI-006"), found=path.name, values={"kind": content.value})]
        )
    try:
        with zipfile.ZipFile(path) as archive:
            if fault := _archive_fault(archive) or _part_fault(archive):
                raise InputError([fault])
            sizes = {_key(member): member.file_size for member in archive.infolist()}
        with opc.open_package(path) as parts:
            package = _package(path, parts, sizes=sizes)
            _check_sheets(package, parts, sizes=sizes)
            return package
    except (zipfile.BadZipFile, OSError) as error:
        raise InputError([Fault("KW-FI-009", found=path.name)]) from error
    except (WriteError, ValueError) as error:
        raise InputError([Fault("KW-FI-023", found=path.name)]) from error


def file_hash(path: Path) -> str:
    """SHA-256 of the file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def lock_owner(path: Path) -> str | None:
    """Who has the book open, from the owner file ``~$name`` that Excel puts beside it.

    Returns:
        The name; empty when the owner file is there but does not tell; None when there is no owner file.
    """
    try:
        notice = path.with_name(f"~${path.name}").read_bytes()
    except FileNotFoundError:
        return None
    except OSError:
        return ""
    length = int.from_bytes(notice[_LOCK_NAME_AT : _LOCK_NAME_AT + 2], "little")
    name = notice[_LOCK_NAME_AT + 2 :][: 2 * length].decode("utf-16-le", "replace")
    if not name.strip("\0 "):
        name = notice[1 : 1 + notice[0]].decode("cp1252", "replace") if notice else ""
    return "".join(letter for letter in name if letter.isprintable()).strip()


def _archive_fault(archive: zipfile.ZipFile) -> Fault | None:
    """Faults that the table of contents shows, before anything is unpacked."""
    members = archive.infolist()
    if len(members) > MOST_PARTS:
        return Fault("KW-FI-012", found=len(members))
    unpacked = sum(member.file_size for member in members)
    if unpacked > MOST_UNPACKED:
        return Fault("KW-FI-013", found=f"{unpacked / (1 << 30):.1f} GB")
    names: set[str] = set()
    for member in members:
        if _key(member) in names:
            return Fault("KW-FI-011", found=member.filename)
        names.add(_key(member))
    return next((fault for member in members if (fault := _member_fault(member))), None)


def _member_fault(member: zipfile.ZipInfo) -> Fault | None:
    if member.flag_bits & 0x1:
        return Fault("KW-FI-005", found=member.filename)
    is_index = _key(member).endswith(".rels") or _key(member) == "[content_types].xml"
    is_bomb = member.file_size > RATIO_FROM and member.file_size > MOST_RATIO * member.compress_size
    if is_bomb or (is_index and member.file_size > MOST_INDEX):
        return Fault("KW-FI-014", found=member.filename)
    return None


def _key(member: zipfile.ZipInfo) -> str:
    """Part names are equal whatever their case and slashes."""
    return member.filename.replace("\\", "/").lstrip("/").casefold()


def _part_fault(archive: zipfile.ZipFile) -> Fault | None:
    """Faults that the content of the parts shows: checksum and document types."""
    for member in archive.infolist():
        try:
            with archive.open(member) as stream:
                part = stream.read(CHECKED_AT_ONCE if member.file_size <= CHECKED_AT_ONCE else _PROLOGUE_BYTES)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError):
            return Fault("KW-FI-010", found=member.filename)
        if member.filename.casefold().endswith(_XML_ENDINGS) and any(mark in part for mark in _DOCTYPES):
            return Fault("KW-FI-015", found=member.filename)
    return None


def _package(path: Path, parts: opc.Package, *, sizes: Mapping[str, int]) -> Package:
    main = next((link.target for link in parts.relations("") if link.kind == "officeDocument"), "xl/workbook.xml")
    root = read_tree(parts, main)
    if opc.local_name(root) != "workbook":
        raise InputError([Fault("KW-FI-020", found=path.name)])
    links = {link.id: link for link in parts.relations(main)}
    tabs = [
        (tab.get("name", ""), links.get(_relation_id(tab)), tab.get("state", "visible")) for tab in _all(root, "sheet")
    ]
    lost = [name for name, link, _ in tabs if link is None or (link.kind == "worksheet" and link.target not in parts)]
    if lost:
        raise InputError([Fault("KW-FI-010", found=", ".join(lost))])
    names = [name for name, _, _ in tabs]
    target_of = {link.kind: link.target for link in links.values()}
    return Package(
        path=path,
        sha256=file_hash(path),
        writable=True,
        sheets={
            name: link.target for name, link, _ in tabs if link and link.kind == "worksheet"
        },
        other_tabs=tuple(name for name, link, _ in tabs if link and link.kind != "worksheet"),
        hidden_sheets=frozenset(name for name, _, state in tabs if state != "visible"),
        date1904=any(element.get("date1904") in ("1", "true") for element in _all(root, "workbookPr")),
        has_macros=any(part.endswith("/vbaproject.bin") for part in sizes),
        is_signed=any(part.startswith("_xmlsignatures/") for part in sizes),
        external_links=_linked_books(parts, [link.target for link in links.values() if link.kind == "externalLink"]),
        defined_names=tuple(_defined_name(element, names) for element in _all(root, "definedName")),
        styles_part=target_of.get("styles", ""),
        strings_part=target_of.get("sharedStrings", ""),
    )


def _linked_books(parts: opc.Package, link_parts: list[str]) -> tuple[str, ...]:
    return tuple(link.target for part in link_parts for link in parts.relations(part) if link.external)


def read_tree(parts: opc.Package, part: str) -> etree._Element:
    """The root of an index part (workbook, styles, table ...), which must have a sensible size.

    Raises:
        InputError: larger than ``MOST_INDEX`` (KW-FI-014).
        WriteError: missing or not well formed.
    """
    with parts.open(part) as stream:
        xml = stream.read(MOST_INDEX + 1)
    if len(xml) > MOST_INDEX:
        raise InputError([Fault("KW-FI-014", found=part)])
    try:
        return opc.parse(xml)
    except etree.XMLSyntaxError as error:
        raise InputError([Fault("KW-FI-023", found=part)]) from error


def _check_sheets(package: Package, parts: opc.Package, *, sizes: Mapping[str, int]) -> None:
    """Look for cells and merged areas no workbook can hold, in every sheet that is small enough to do it now."""
    for sheet, part in package.sheets.items():
        if sizes.get(part.casefold(), 0) <= CHECKED_AT_ONCE:
            read_part(partial(parts.open, part), sheet, styles=np.zeros(1, dtype=np.uint8), date1904=False)


def _defined_name(element: etree._Element, tabs: list[str]) -> DefinedName:
    local = element.get("localSheetId", "")
    sheet = tabs[int(local)] if local.isdecimal() and int(local) < len(tabs) else None
    return DefinedName(element.get("name", ""), sheet, element.text or "")


def _relation_id(element: etree._Element) -> str:
    """``r:id``, in the transitional or the strict namespace."""
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith("relationships}id")), "")


def _all(root: etree._Element, name: str) -> list[etree._Element]:
    return [element for element in root.iter() if opc.local_name(element) == name]
