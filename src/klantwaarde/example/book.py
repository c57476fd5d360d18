"""The example company as a workbook that a controller can open, change and refresh."""

from pathlib import Path

from klantwaarde.example.wholesaler import build_example
from klantwaarde.workbook.saving import save
from klantwaarde.workbook.template import build_template


def example_workbook(path: Path, language: str) -> None:
    """Write the filled example workbook; same language, same bytes. One that was there is kept as a backup.

    Raises:
        WriteError: the file cannot be written.
    """
    content = build_template(language, frames=build_example(language=language))
    save(path, lambda place: place.write_bytes(content), read_sha256=None)
