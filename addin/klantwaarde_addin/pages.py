"""The help pages as a browser shows them: Markdown that came with the program, turned into HTML on this computer."""

import re
from html import escape
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt

from klantwaarde.messages import LANGUAGES

START: Final = {"nl": "handleiding", "en": "manual"}
_LOOK: Final = """body{font:16px/1.55 Calibri,"Segoe UI",sans-serif;color:#262626;max-width:52rem;margin:2rem auto;padding:0 1rem}
h1,h2,h3{color:#0072b2;line-height:1.25}table{border-collapse:collapse;margin:1rem 0;display:block;overflow-x:auto}
th,td{border-bottom:1px solid #d0d5da;padding:.35rem .8rem .35rem 0;text-align:left;vertical-align:top}th{background:#e8eef4;padding-left:.4rem}
td{padding-left:.4rem}code{background:#f5f7f9;padding:.1rem .25rem;font-size:.9em}pre{background:#f5f7f9;padding:.8rem;overflow-x:auto}
pre code{padding:0}a{color:#0072b2}img{max-width:100%}"""


def folder() -> Path:
    """Where the pages are: beside this package in the repository, inside it once installed."""
    inside = Path(__file__).parent / "help"
    return inside if inside.is_dir() else Path(__file__).parents[1] / "help"


def write_pages(target: Path) -> list[Path]:
    """Write every page as HTML into a folder; links between pages stay links between pages."""
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for source in sorted(folder().glob("*.md")):
        page = target / f"{source.stem}.html"
        page.write_text(_html(source.read_text(encoding="utf-8")), encoding="utf-8")
        written.append(page)
    for picture in sorted(folder().glob("*.png")):
        (target / picture.name).write_bytes(picture.read_bytes())
    return written


def start_page(language: str, target: Path) -> Path:
    """The first page in a language, with all others beside it.

    Args:
        language: ``nl`` or ``en``.
        target: The folder to write the pages into.
    """
    write_pages(target)
    return target / f"{START[language if language in LANGUAGES else 'nl']}.html"


def _html(markdown: str) -> str:
    title = escape(next((line.removeprefix("# ") for line in markdown.splitlines() if line.startswith("# ")), "Klantwaarde"))
    body = re.sub(r'(href="[^":]+)\.md(["#])', r"\1.html\2", MarkdownIt("commonmark").enable("table").render(markdown))
    return (
        f'<!doctype html>\n<html><head><meta charset="utf-8"><title>{title}</title><style>{_LOOK}</style></head>\n'
        f"<body>\n{body}</body></html>\n"
    )
