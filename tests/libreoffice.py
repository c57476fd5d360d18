"""LibreOffice as an independent calculator: recalculates a workbook from nothing and gives the values back."""

import subprocess
import tempfile
from pathlib import Path

from python_calamine import CalamineWorkbook

RECALCULATE_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>
"""


def convert(book: Path, kind: str, folder: Path) -> Path:
    """Open a workbook in LibreOffice, recalculate every formula and save it as another kind."""
    with tempfile.TemporaryDirectory() as profile:
        user = Path(profile) / "user"
        user.mkdir()
        (user / "registrymodifications.xcu").write_text(RECALCULATE_ALWAYS, encoding="utf-8")
        folder.mkdir(parents=True, exist_ok=True)
        command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", kind, "--outdir", str(folder), str(book)]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
    return folder / f"{book.stem}.{kind}"


def recalculated(book: Path, folder: Path) -> dict[str, list[list[object]]]:
    """Every sheet's values after a full recalculation."""
    opened = CalamineWorkbook.from_path(convert(book, "xlsx", folder))
    return {name: opened.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in opened.sheet_names}
