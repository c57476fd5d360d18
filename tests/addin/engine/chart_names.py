"""Names of charts in a file: openpyxl reads them and numbers them anew when it writes."""

from __future__ import annotations

import re
import shutil
import zipfile
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from lxml import etree
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.packaging.relationship import get_dependents, get_rels_path
from openpyxl.reader.workbook import WorkbookParser
from openpyxl.xml.constants import ARC_WORKBOOK, SHEET_DRAWING_NS

from addin.engine.chart_record import ChartRecord

if TYPE_CHECKING:
    from pathlib import Path

EMU_PER_POINT = 12700
ANCHORS = ("absoluteAnchor", "oneCellAnchor", "twoCellAnchor")
FRAME = re.compile(r'(<(?:xdr:)?cNvPr id="\d+" name=)"Chart (\d+)"')


def chart_names(file: Path) -> dict[str, list[str]]:
    """Names of the charts by sheet, in the order in which openpyxl reads them."""
    with zipfile.ZipFile(file) as archive:
        parser = WorkbookParser(archive, ARC_WORKBOOK)
        parser.parse()
        sheets = {sheet.name: get_rels_path(part.target) for sheet, part in parser.find_sheets()}
        return {name: _names_of(archive, rels) for name, rels in sheets.items() if rels in archive.namelist()}


def _names_of(archive: zipfile.ZipFile, rels: str) -> list[str]:
    drawings = get_dependents(archive, rels).find(SpreadsheetDrawing._rel_type)
    trees = [etree.fromstring(archive.read(drawing.target)) for drawing in drawings]
    anchors = [
        anchor for tree in trees for kind in ANCHORS for anchor in tree.iterfind(f"{{{SHEET_DRAWING_NS}}}{kind}")
    ]
    frame = f"{{{SHEET_DRAWING_NS}}}graphicFrame/*/{{{SHEET_DRAWING_NS}}}cNvPr"
    return [found.get("name", "") for anchor in anchors if (found := anchor.find(frame)) is not None]


def loaded_record(name: str, chart: Any) -> ChartRecord:
    """The record of a chart that came with the file, with its place when it stands free of cells."""
    position, size = getattr(chart.anchor, "pos", None), getattr(chart.anchor, "ext", None)
    place = {
        "left": position.x / EMU_PER_POINT if position else 0.0,
        "top": position.y / EMU_PER_POINT if position else 0.0,
        "width": size.width / EMU_PER_POINT if size else 0.0,
        "height": size.height / EMU_PER_POINT if size else 0.0,
    }
    return ChartRecord(name, place, loaded=chart)


def name_charts(file: Path, names: list[list[str]]) -> None:
    """Give the charts of a saved file their names; ``names`` has a list for every drawing, in the order of the sheets."""
    if not any(names):
        return
    renamed = file.with_name(f"{file.name}.named")
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(renamed, "w", zipfile.ZIP_DEFLATED) as after:
        for item in before.infolist():
            match = re.fullmatch(r"xl/drawings/drawing(\d+)\.xml", item.filename)
            content = before.read(item)
            after.writestr(item, _with_names(content.decode(), names[int(match[1]) - 1]) if match else content)
    shutil.move(renamed, file)


def _with_names(drawing: str, names: list[str]) -> str:
    return FRAME.sub(lambda match: match[1] + quoteattr(names[int(match[2]) - 1]), drawing)
