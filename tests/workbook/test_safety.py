"""Files that are no workbook, damaged or hostile: one fault each, with its code."""

import hashlib
import io
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
from crafted_books import SHEET, book_parts, relations, sheet_xml, write_book

from klantwaarde.messages import InputError, catalogue
from klantwaarde.workbook import safety
from klantwaarde.workbook.safety import inspect, lock_owner

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        inspect(path)
    (fault,) = caught.value.faults
    for language in ("nl", "en"):
        assert fault.speaking(language).what
        assert fault.speaking(language).advice
    return fault.code


def refusal_of(tmp_path: Path, parts: dict[str, str | bytes]) -> str:
    return refusal(write_book(tmp_path / "boek.xlsx", parts))


def test_a_normal_book_is_described(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Invoer"
    book.create_sheet("Verborgen").sheet_state = "veryHidden"
    book.create_chartsheet("Grafiek")
    book.save(path := tmp_path / "boek.xlsx")
    package = inspect(path)
    assert list(package.sheets) == ["Invoer", "Verborgen"]
    assert package.other_tabs == ("Grafiek",)
    assert package.hidden_sheets == {"Verborgen"}
    assert package.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert package.writable
    assert not package.external_links
    assert not any((package.has_macros, package.is_signed, package.date1904))


def test_macros_signatures_links_and_names_are_noticed(tmp_path: Path) -> None:
    names = '<definedNames><definedName name="X" localSheetId="0">Blad1!$A$1</definedName></definedNames>'
    parts = book_parts(workbook='<workbookPr date1904="1"/>', names=names) | {
        "xl/vbaProject.bin": "macros",
        "_xmlsignatures/sig1.xml": "<Signature/>",
        "xl/externalLinks/externalLink1.xml": "<externalLink/>",
        "xl/externalLinks/_rels/externalLink1.xml.rels": relations(("rId1", "externalLinkPath", "budget.xlsx")).replace(
            "Target=", 'TargetMode="External" Target='
        ),
    }
    links = str(parts["xl/_rels/workbook.xml.rels"])
    link = relations(("rId9", "externalLink", "externalLinks/externalLink1.xml")).partition(">")[2].partition("</")[0]
    parts["xl/_rels/workbook.xml.rels"] = links.replace("</Relationships>", f"{link}</Relationships>")
    package = inspect(write_book(tmp_path / "boek.xlsm", parts))
    assert package.date1904
    assert package.has_macros
    assert package.is_signed
    assert package.external_links == ("budget.xlsx",)
    assert package.defined_names == (safety.DefinedName("X", "Blad1", "Blad1!$A$1"),)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "KW-FI-026"),
        (OLE + b"\0" * 600 + "Workbook\0".encode("utf-16-le"), "KW-FI-004"),
        (b"\t\x04\x06\x00\x00\x00\x10\x00", "KW-FI-004"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "KW-FI-005"),
        (b"klant;bedrag\n1;2\n", "KW-FI-006"),
        (b"<html><table></table></html>", "KW-FI-006"),
        (b'<?xml version="1.0"?><Workbook/>', "KW-FI-006"),
        (b"%PDF-1.7", "KW-FI-006"),
        (OLE + b"\0" * 600, "KW-FI-020"),
        (b"\x7fELF\0\0\0\1", "KW-FI-020"),
        (b"PK\x03\x04 and nothing more", "KW-FI-009"),
    ],
)
def test_what_is_no_workbook_is_refused_by_content(tmp_path: Path, content: bytes, code: str) -> None:
    (path := tmp_path / "boek.xlsx").write_bytes(content)
    assert refusal(path) == code


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"[Content_Types].xml": "", "xl/workbook.bin": "x"}, "KW-FI-007"),
        ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, "KW-FI-008"),
        ({"brief.txt": "geen werkmap"}, "KW-FI-006"),
        ({"[Content_Types].xml": "", "word/document.xml": "<document/>"}, "KW-FI-023"),
    ],
)
def test_other_zip_files_are_refused_by_content(tmp_path: Path, parts: dict[str, str | bytes], code: str) -> None:
    assert refusal_of(tmp_path, parts) == code


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "weg.xlsx") == "KW-FI-001"
    assert refusal(tmp_path) == "KW-FI-002"


@pytest.mark.parametrize("kept", [0.3, 0.9, 0.99])
def test_a_truncated_book_is_refused(tmp_path: Path, kept: float) -> None:
    whole = write_book(tmp_path / "heel.xlsx", book_parts()).read_bytes()
    (path := tmp_path / "half.xlsx").write_bytes(whole[: int(len(whole) * kept)])
    assert refusal(path) == "KW-FI-009"


def test_every_flipped_byte_of_a_stored_part_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "boek.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in book_parts().items():
            archive.writestr(name, content)
    whole = path.read_bytes()
    start = whole.index(b"<worksheet")
    for offset in range(start, start + 40):
        path.write_bytes(whole[:offset] + bytes([whole[offset] ^ 1]) + whole[offset + 1 :])
        assert refusal(path) == "KW-FI-010"


@pytest.mark.parametrize("name", ["XL/Workbook.xml", "xl\\workbook.xml", "/xl/workbook.xml"])
def test_two_parts_with_one_name_are_refused(tmp_path: Path, name: str) -> None:
    assert refusal_of(tmp_path, book_parts() | {name: "<x/>"}) == "KW-FI-011"


def test_too_many_parts_are_refused(tmp_path: Path) -> None:
    assert refusal_of(tmp_path, book_parts() | {f"xl/media/{n}.txt": "" for n in range(5001)}) == "KW-FI-012"


def test_a_book_that_claims_to_unpack_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    path = write_book(tmp_path / "boek.xlsx", book_parts())
    content = bytearray(path.read_bytes())
    entry = content.index(b"PK\x01\x02")
    struct.pack_into("<I", content, entry + 24, 0xFFFFFFF0)  # the unpacked size in the table of contents
    path.write_bytes(content)
    assert refusal(path) == "KW-FI-013"


def test_a_part_that_unpacks_beyond_all_reason_is_refused(tmp_path: Path) -> None:
    assert refusal_of(tmp_path, book_parts() | {"xl/media/image1.bin": bytes(2 << 20)}) == "KW-FI-014"


def test_a_huge_index_part_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safety, "MOST_INDEX", 150)
    assert refusal_of(tmp_path, book_parts()) == "KW-FI-014"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", SHEET, "xl/_rels/workbook.xml.rels"])
def test_a_document_type_is_refused(tmp_path: Path, encoding: str, part: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    assert refusal_of(tmp_path, book_parts() | {part: bomb.encode(encoding)}) == "KW-FI-015"


@pytest.mark.parametrize(
    ("rows", "tail", "code"),
    [
        ("", '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>', "KW-FI-016"),
        ('<row r="1"><c r="A1048577"><v>1</v></c></row>', "", "KW-FI-017"),
        ('<row r="1"><c r="XFE1"><v>1</v></c></row>', "", "KW-FI-017"),
        ('<row r="1"><c r="A99999999"><v>1</v></c></row>', "", "KW-FI-017"),
        ('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>', "", "KW-FI-018"),
        ('<row r="1"><c r="A"><v>1</v></c></row>', "", "KW-FI-010"),
        ('<row r="1"><c r="A1"><v>1</c></row>', "", "KW-FI-010"),
        ('<row r="1"><c r="A1" t="s"><v>x</v></c></row>', "", "KW-FI-010"),
    ],
)
def test_sheets_that_no_book_can_hold_are_refused(tmp_path: Path, rows: str, tail: str, code: str) -> None:
    assert refusal_of(tmp_path, book_parts(rows, tail=tail)) == code


def test_a_lone_cell_at_the_bottom_is_accepted(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="J1048576"><v>1</v></c></row>'
    assert inspect(write_book(tmp_path / "boek.xlsx", book_parts(rows))).sheets


def test_random_bytes_in_the_index_end_in_a_fault(tmp_path: Path) -> None:
    for part in ("xl/workbook.xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"):
        assert refusal_of(tmp_path, book_parts() | {part: b"<workbook><sheets"}) == "KW-FI-023"


def test_the_owner_file_tells_who_has_the_book_open(tmp_path: Path) -> None:
    path = tmp_path / "boek.xlsx"
    assert lock_owner(path) is None
    name = "Zoë de Vries"
    notice = (
        bytes([len(name)]) + name.encode("cp1252").ljust(54) + struct.pack("<H", len(name)) + name.encode("utf-16-le")
    )
    (tmp_path / "~$boek.xlsx").write_bytes(notice.ljust(165))
    assert lock_owner(path) == name
    (tmp_path / "~$boek.xlsx").write_bytes(notice[:55])
    assert lock_owner(path) == name
    (tmp_path / "~$boek.xlsx").write_bytes(b"")
    assert lock_owner(path) == ""


def test_both_languages_have_every_code() -> None:
    codes = {code for code in catalogue("nl") if code.startswith("KW-FI-")}
    assert codes == {code for code in catalogue("en") if code.startswith("KW-FI-")}
    assert {catalogue("nl")[code]["what"] for code in codes}.isdisjoint(catalogue("en")[code]["what"] for code in codes)


def test_a_sheet_with_comments_is_still_checked(tmp_path: Path) -> None:
    sheet = sheet_xml('<!-- x --><row><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>')
    assert refusal_of(tmp_path, book_parts(sheet=sheet)) == "KW-FI-018"


def test_an_open_file_handle_is_not_kept(tmp_path: Path) -> None:
    path = write_book(tmp_path / "boek.xlsx", book_parts())
    inspect(path)
    assert zipfile.is_zipfile(io.BytesIO(path.read_bytes()))
    path.unlink()
