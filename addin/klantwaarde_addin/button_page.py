"""The help page with every button, made from the declared commands, so that it cannot drift from the ribbon."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from klantwaarde.messages import label
from klantwaarde_addin.build.ribbon import TAB_KEY
from klantwaarde_addin.commands import COMMANDS, GROUP_LABELS, Command

PAGES: Final = {"nl": "knoppen.md", "en": "buttons.md"}
WITHOUT_EXCEL: Final[Mapping[str, str]] = {
    "new_workbook": "new {book}",
    "load_example": "demo",
    "check_inputs": "check {book}",
    "run_all": "refresh {book}",
    "reconcile": "check {book}",
    "trace_number": "trace {book} 100117",
    "restore_previous": "restore {book}",
    "doctor": "addin doctor",
}  # command of the ribbon -> what follows ``klantwaarde`` on the command line


def button_page(language: str) -> str:
    """Markdown with every button, group by group in the order of the ribbon."""
    parts = [
        f"# {label('buttons_title', language)}",
        label("buttons_intro", language, keys=", ".join(("Alt", *TAB_KEY))),
    ]
    for group, names in GROUP_LABELS.items():
        rows = "\n".join(_row(command, language) for command in COMMANDS if command.group == group)
        head = f"| {label('buttons_headers', language)} |\n|---|---|---|---|"
        parts += [f"## {names[language != 'nl']}", f"{head}\n{rows}"]
    return "\n\n".join([*parts, label("buttons_without_excel", language)]) + "\n"


def command_line(command: Command, language: str) -> str | None:
    """What does the same on the command line; None when only Excel can."""
    known = WITHOUT_EXCEL.get(command.id)
    return f"klantwaarde {known.format(book=label('buttons_book', language))}" if known else None


def write_button_pages(folder: Path) -> None:
    """Write the page of each language into the folder with the help."""
    for language, name in PAGES.items():
        (folder / name).write_text(button_page(language), encoding="utf-8")


def _row(command: Command, language: str) -> str:
    typed = command_line(command, language)
    shown = f"`{typed}`" if typed else "–"
    return f"| **{command.label(language)}** | {command.key} | {command.tip(language)} | {shown} |"
