"""Small workbooks written by hand, part by part, so that a test can make them odd or hostile in one place."""

import zipfile
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET = "xl/worksheets/sheet1.xml"


def sheet_xml(rows: str, *, tail: str = "") -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{tail}</worksheet>'


def relations(*targets: tuple[str, str, str]) -> str:
    """Relationships part: id, last word of the type, target."""
    links = "".join(f'<Relationship Id="{id_}" Type="{OFFICE}/{kind}" Target="{to}"/>' for id_, kind, to in targets)
    return f'<Relationships xmlns="{RELATIONSHIPS}">{links}</Relationships>'


def book_parts(rows: str = '<row r="1"><c r="A1"><v>1</v></c></row>', **changes: str) -> dict[str, str | bytes]:
    """The parts of a book with one sheet ``Blad1``; keywords ``strings``, ``styles``, ``workbook``, ``sheet``, ``tail``."""
    workbook = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{changes.get("workbook", "")}'
        f'<sheets><sheet name="Blad1" sheetId="1" r:id="rId1"/></sheets>{changes.get("names", "")}</workbook>'
    )
    links = (("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "styles", "styles.xml"))
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": workbook,
        "xl/_rels/workbook.xml.rels": relations(*links, ("rId3", "sharedStrings", "sharedStrings.xml")),
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{changes.get("styles", "")}</styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{changes.get("strings", "")}</sst>',
        SHEET: changes.get("sheet") or sheet_xml(rows, tail=changes.get("tail", "")),
    }


def write_book(path: Path, parts: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path
