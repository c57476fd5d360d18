"""The add-in file: a workbook package of our own, with nothing in it that no part of Klantwaarde put there.

Built twice from the same sources it is the same file, byte for byte, so anyone can check a published hash.
"""

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

import klantwaarde
from klantwaarde.messages import LANGUAGES, label
from klantwaarde_addin.build.ribbon import ribbon_xml
from klantwaarde_addin.build.sources import SHEET_MODULE, TITLE, WORKBOOK_MODULE, addin_modules
from klantwaarde_addin.build.vba_project import Module, vba_project

_FIXED_TIME: Final = (1980, 1, 1, 0, 0, 0)
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MICROSOFT: Final = "http://schemas.microsoft.com/office"
_SPREADSHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_CONTENT_TYPES: Final = {
    "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "/xl/workbook.xml": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
    "/xl/worksheets/sheet1.xml": f"{_SPREADSHEET}.worksheet+xml",
    "/xl/styles.xml": f"{_SPREADSHEET}.styles+xml",
    "/xl/vbaProject.bin": "application/vnd.ms-office.vbaProject",
}
_PACKAGE_LINKS: Final = {
    f"{_OFFICE}/officeDocument": "xl/workbook.xml",
    f"{_PACKAGE}/relationships/metadata/core-properties": "docProps/core.xml",
    f"{_MICROSOFT}/2007/relationships/ui/extensibility": "customUI/customUI14.xml",
}
_WORKBOOK_LINKS: Final = {
    f"{_OFFICE}/worksheet": "worksheets/sheet1.xml",
    f"{_OFFICE}/styles": "styles.xml",
    f"{_MICROSOFT}/2006/relationships/vbaProject": "vbaProject.bin",
}
# No sheet is marked hidden: Excel repairs a workbook without a visible sheet, and shows none of an add-in anyway.
_WORKBOOK: Final = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr codeName="{WORKBOOK_MODULE}"/>'
    f'<bookViews><workbookView/></bookViews><sheets><sheet name="{TITLE}" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_STYLES: Final = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def build_addin(language: str) -> bytes:
    """The whole ``.xlam`` in one language."""
    return package(addin_modules(language), language)


def write_addins(folder: Path) -> list[Path]:
    """Write ``klantwaarde_nl.xlam`` and ``klantwaarde_en.xlam`` into a folder; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"klantwaarde_{language}.xlam" for language in LANGUAGES]
    for path, language in zip(paths, LANGUAGES, strict=True):
        path.write_bytes(build_addin(language))
    return paths


def package(modules: Sequence[Module], language: str) -> bytes:
    """An add-in with these modules behind the ribbon tab."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _HEAD + _content_types(),
        "_rels/.rels": _HEAD + _links(_PACKAGE_LINKS),
        "docProps/core.xml": _HEAD + _properties(language),
        "xl/workbook.xml": _HEAD + _WORKBOOK,
        "xl/_rels/workbook.xml.rels": _HEAD + _links(_WORKBOOK_LINKS),
        "xl/worksheets/sheet1.xml": _HEAD + _sheet(language),
        "xl/styles.xml": _HEAD + _STYLES,
        "xl/vbaProject.bin": vba_project(modules),
        "customUI/customUI14.xml": _HEAD + ribbon_xml(language),
    }
    result = BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        for name, content in parts.items():
            member = zipfile.ZipInfo(name, _FIXED_TIME)
            member.compress_type, member.create_system = zipfile.ZIP_DEFLATED, 0
            archive.writestr(member, content)
    return result.getvalue()


def _content_types() -> str:
    overrides = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in _CONTENT_TYPES.items())
    links = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return f'<Types xmlns="{_PACKAGE}/content-types">{links}<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'


def _links(targets: Mapping[str, str]) -> str:
    numbered = enumerate(targets.items(), start=1)
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>' for number, (kind, target) in numbered
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


def _properties(language: str) -> str:
    """Title and description are what Excel's list of add-ins shows."""
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{TITLE}</dc:title><dc:creator>{TITLE}</dc:creator>"
        f"<dc:description>{escape(label('addin_summary', language))}</dc:description></cp:coreProperties>"
    )


def _sheet(language: str) -> str:
    """The one sheet, which says what the file is to whoever looks inside."""
    text = escape(label("addin_sheet", language, version=klantwaarde.__version__))
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetPr codeName="{SHEET_MODULE}"/><sheetData>'
        f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row></sheetData></worksheet>'
    )
