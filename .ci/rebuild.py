"""Makes what the repository keeps beside its source: templates, example workbooks, pages of the help and the README picture.

uv run python .ci/rebuild.py
"""

import subprocess
import tempfile
from datetime import datetime
from pathlib import Path

from klantwaarde import analyse, tables_from
from klantwaarde.example import build_example
from klantwaarde.report.layout import build_report
from klantwaarde.report.runlog import stamp_of
from klantwaarde.tables.docs import reference_page
from klantwaarde.workbook.render import as_file
from klantwaarde.workbook.template import write_templates
from klantwaarde_addin.build.lite import folder as lite_folder
from klantwaarde_addin.build.lite import main_text
from klantwaarde_addin.build.xlam import write_addins
from klantwaarde_addin.button_page import write_button_pages
from klantwaarde_addin.examples import write_example_books
from klantwaarde_addin.reference import write_function_pages

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Rebuild every committed artefact."""
    write_templates(ROOT / "workbook_templates")
    for language, name in (("nl", "tabellen.md"), ("en", "tables.md")):
        (ROOT / "addin" / "help" / name).write_text(reference_page(language), encoding="utf-8")
    write_function_pages(ROOT / "addin" / "help")
    write_button_pages(ROOT / "addin" / "help")
    write_example_books(ROOT / "workbook_templates")
    write_addins(ROOT / "addin" / "klantwaarde_addin" / "files")
    (lite_folder() / "main.py").write_text(main_text("nl"), encoding="utf-8")
    _picture(ROOT / "workbook_templates" / "dashboard_nl.png")


def _picture(target: Path) -> None:
    """The dashboard of the example, drawn by LibreOffice."""
    outcome = analyse(tables_from(build_example()))
    stamp = stamp_of(outcome, time=datetime(2026, 1, 15, 9, 0), version="0.1.0")  # noqa: DTZ001 - local time on paper
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "dashboard.xlsx"
        book.write_bytes(as_file(build_report(outcome, stamp)))
        office = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
        subprocess.run([*office, "--outdir", folder, str(book)], check=True, capture_output=True)
        pages = ["pdftoppm", "-r", "110", "-png", "-f", "1", "-l", "1", "-singlefile", f"{folder}/dashboard.pdf"]
        subprocess.run([*pages, str(target.with_suffix(""))], check=True)


if __name__ == "__main__":
    main()
