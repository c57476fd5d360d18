"""The last touch on a workbook that openpyxl drew: calculated values beside formulas, alt texts, and fixed bytes."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence

from lxml import etree
from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_FIXED_STAMP = rb"\g<1>2000-01-01T00:00:00Z"

Value = float | str | bool | None


def finished_bytes(
    workbook: Workbook, values: Mapping[str, Mapping[str, Value]], alt_texts: Mapping[str, Sequence[tuple[str, str]]]
) -> bytes:
    """The workbook as a file: the same content always gives the same bytes.

    Args:
        workbook: Drawn, not saved before.
        values: Sheet name -> cell address -> the calculated value of the formula in that cell.
        alt_texts: Sheet name -> per chart, in drawing order, its name and its description.
    """
    drawn = io.BytesIO()
    workbook.properties.creator = "Klantwaarde"
    ExcelWriter(workbook, zipfile.ZipFile(drawn, "w")).save()  # stored: compressed once, below
    sheets = {f"xl/worksheets/sheet{n}.xml": values.get(name, {}) for n, name in enumerate(workbook.sheetnames, 1)}
    with_charts = [sheet.title for sheet in workbook.worksheets if sheet._charts]  # type: ignore[attr-defined]
    drawings = {f"xl/drawings/drawing{n}.xml": alt_texts.get(name, ()) for n, name in enumerate(with_charts, 1)}
    result = io.BytesIO()
    with zipfile.ZipFile(drawn) as source, zipfile.ZipFile(result, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            if sheets.get(info.filename):
                content = _with_values(content, sheets[info.filename])
            elif drawings.get(info.filename):
                content = _with_alt_texts(content, drawings[info.filename])
            elif info.filename == "docProps/core.xml":
                content = _STAMP.sub(_FIXED_STAMP, content)
            member = zipfile.ZipInfo(info.filename, _FIXED_TIME)
            member.compress_type, member.create_system = zipfile.ZIP_DEFLATED, 0
            target.writestr(member, content)
    return result.getvalue()


def _with_values(sheet_xml: bytes, values: Mapping[str, Value]) -> bytes:
    root = etree.fromstring(sheet_xml)
    for cell in root.iter(f"{_MAIN}c"):
        if cell.find(f"{_MAIN}f") is not None:
            _set_value(cell, values.get(str(cell.get("r"))))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _set_value(cell: etree._Element, value: Value) -> None:
    shown = cell.find(f"{_MAIN}v")
    if shown is None:
        shown = etree.SubElement(cell, f"{_MAIN}v")
    if "t" in cell.attrib:
        del cell.attrib["t"]
    if value is None:
        cell.remove(shown)
    elif isinstance(value, bool):
        cell.set("t", "b")
        shown.text = str(int(value))
    elif isinstance(value, str):
        cell.set("t", "str")
        shown.text = value
    else:
        shown.text = repr(float(value))


def _with_alt_texts(drawing_xml: bytes, texts: Sequence[tuple[str, str]]) -> bytes:
    root = etree.fromstring(drawing_xml)
    for frame, (name, description) in zip(root.iter(f"{_DRAWING}cNvPr"), texts, strict=True):
        frame.set("name", name)
        frame.set("descr", description)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
