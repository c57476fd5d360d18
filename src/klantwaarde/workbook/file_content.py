"""What a file really is, judged by its bytes and not by its name."""

import zipfile
from enum import Enum
from pathlib import Path
from typing import Final

from klantwaarde.messages import Fault, InputError

_OLE_BYTES: Final = 64 << 20
_HEAD_BYTES: Final = 1 << 16


class Content(Enum):
    """Kinds of files that people offer as a workbook; the value is the name for messages."""

    WORKBOOK = "xlsx"
    BINARY_WORKBOOK = "xlsb"
    OPEN_DOCUMENT = "ods"
    OLD_WORKBOOK = "xls"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    TEXT = "csv"
    HTML = "HTML"
    XML = "XML"
    PDF = "PDF"
    RTF = "RTF"
    ZIP = "ZIP"
    UNKNOWN = "?"


_MAGIC: Final = (
    (b"%PDF", Content.PDF),
    (b"{\\rtf", Content.RTF),
    (b"\t\x00", Content.OLD_WORKBOOK),  # BOF records of Excel 2 to 4, older than OLE files
    (b"\t\x02", Content.OLD_WORKBOOK),
    (b"\t\x04", Content.OLD_WORKBOOK),
)


def content_of(path: Path) -> Content:
    """What stands in the file.

    Raises:
        InputError: not there (KW-FI-001), a folder (-002), not readable (-003), empty (-029).
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
            if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
                return _ole_content(head + stream.read(_OLE_BYTES))
    except FileNotFoundError as error:
        raise InputError([Fault("KW-FI-001", found=path)]) from error
    except OSError as error:
        raise InputError([Fault("KW-FI-002" if path.is_dir() else "KW-FI-003", found=path)]) from error
    if not head:
        raise InputError([Fault("KW-FI-026", found=path.name)])
    if head.startswith(b"PK"):
        return _zip_content(path)
    return next((content for magic, content in _MAGIC if head.startswith(magic)), None) or _text_content(head)


def _ole_content(content: bytes) -> Content:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return Content.ENCRYPTED
    streams = ("Workbook", "Book")
    old = any(f"{name}\0".encode("utf-16-le") in content for name in streams)
    return Content.OLD_WORKBOOK if old else Content.UNKNOWN


def _zip_content(path: Path) -> Content:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.replace("\\", "/").lstrip("/").casefold() for name in archive.namelist()}
            if "mimetype" in names and b"opendocument.spreadsheet" in archive.read("mimetype")[:99]:
                return Content.OPEN_DOCUMENT
    except (zipfile.BadZipFile, OSError, KeyError, ValueError, RuntimeError, NotImplementedError, EOFError):
        return Content.DAMAGED
    if "[content_types].xml" not in names:
        return Content.ZIP
    return Content.BINARY_WORKBOOK if any(name.endswith("workbook.bin") for name in names) else Content.WORKBOOK


def _text_content(head: bytes) -> Content:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:2000].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<meta")):
        return Content.HTML
    if start.startswith(b"<"):
        return Content.HTML if b"<html" in start else Content.XML
    is_text = head.startswith((b"\xff\xfe", b"\xfe\xff")) or not any(code in head for code in range(9))
    return Content.TEXT if is_text else Content.UNKNOWN
