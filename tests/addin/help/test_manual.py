"""The manual: every page can be reached, every link leads somewhere, and both languages say the same things."""

import argparse
import re
from pathlib import Path

import pytest

from klantwaarde.cli import _parser
from klantwaarde.messages import LANGUAGES
from klantwaarde.report.layout import SHEETS
from klantwaarde.report.review import REVIEW_SHEETS
from klantwaarde.tables.catalogue import INPUT_TABLES
from klantwaarde_addin import pages
from klantwaarde_addin.button_page import PAGES, WITHOUT_EXCEL, button_page, command_line, write_button_pages
from klantwaarde_addin.cli import add_commands
from klantwaarde_addin.commands import COMMAND, COMMANDS

PAIRS = {
    "handleiding": "manual", "installeren": "installing", "knoppen": "buttons", "tabellen": "tables",
    "functies": "functions", "andere_excels": "other_excels", "voor_it": "for_it", "addin_controleren": "addin_review",
    "windows_rooktest": "windows_smoke_test", "wat_bewezen_is": "what_is_proven",
}  # fmt: skip
ALL = sorted([*PAIRS, *PAIRS.values()])


def text(name: str) -> str:
    return (pages.folder() / f"{name}.md").read_text(encoding="utf-8")


def links(name: str) -> set[str]:
    """The pages that a page leads to."""
    return {target.split("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text(name)) if "://" not in target}


def reachable(start: str) -> set[str]:
    found, left = set(), [start]
    while left:
        page = left.pop()
        if page not in found:
            found.add(page)
            left += [link.removesuffix(".md") for link in links(page)]
    return found


def test_every_page_has_its_counterpart_in_the_other_language() -> None:
    assert sorted(path.stem for path in pages.folder().glob("*.md")) == ALL


def test_the_manual_leads_to_every_page_of_its_language_and_to_no_other() -> None:
    assert {f"{name}.md" for name in PAIRS if name != "handleiding"} <= links("handleiding")
    assert {f"{name}.md" for name in PAIRS.values() if name != "manual"} <= links("manual")
    assert reachable("handleiding") == set(PAIRS)
    assert reachable("manual") == set(PAIRS.values())


@pytest.mark.parametrize("name", ALL)
def test_every_link_leads_to_a_page_that_is_there(name: str, tmp_path: Path) -> None:
    assert all((pages.folder() / link).is_file() for link in links(name))
    pages.write_pages(tmp_path)
    hrefs = re.findall(r'href="([^":]+)"', (tmp_path / f"{name}.html").read_text(encoding="utf-8"))
    assert all((tmp_path / href.split("#")[0]).is_file() for href in hrefs)


@pytest.mark.parametrize(("dutch", "english"), PAIRS.items())
def test_both_languages_have_the_same_parts(dutch: str, english: str) -> None:
    shapes = [
        [line.split()[0] if line.startswith("#") else "|" for line in text(name).splitlines() if line[:1] in ("#", "|")]
        for name in (dutch, english)
    ]
    assert shapes[0] == shapes[1]
    assert {PAIRS[link.removesuffix(".md")] for link in links(dutch)} == {
        link.removesuffix(".md") for link in links(english)
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_button_opens_the_manual_with_all_others_beside_it(language: str, tmp_path: Path) -> None:
    start = pages.start_page(language, tmp_path)
    assert start.stem == {"nl": "handleiding", "en": "manual"}[language]
    assert sorted(path.stem for path in tmp_path.glob("*.html")) == ALL


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_the_buttons_is_what_the_ribbon_says(language: str, tmp_path: Path) -> None:
    write_button_pages(tmp_path)
    assert text(Path(PAGES[language]).stem) == (tmp_path / PAGES[language]).read_text(encoding="utf-8")
    for command in COMMANDS:
        assert f"| **{command.label(language)}** | {command.key} | {command.tip(language)} |" in button_page(language)


@pytest.mark.parametrize("command", WITHOUT_EXCEL)
def test_every_command_without_excel_can_be_typed(command: str) -> None:
    parser = _parser()
    for language in LANGUAGES:
        program, verb, *rest = str(command_line(COMMAND[command], language)).split()
        assert program == "klantwaarde"
        if verb == "addin":
            parser = argparse.ArgumentParser()
            add_commands(parser)
            assert parser.parse_args(rest).run_addin
        else:
            assert parser.parse_args([verb, *rest]).run


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_manual_names_buttons_and_sheets_as_they_are_named(language: str) -> None:
    manual = text(pages.START[language])
    buttons = {command.label(language) for command in COMMANDS}
    used = {name for name in re.findall(r"\*\*([^*]+)\*\*", manual) if name in buttons}
    assert {
        COMMAND[name].label(language) for name in ("load_example", "run_all", "trace_number", "check_inputs")
    } <= used
    sheets = {spec.name(language) for spec in (*SHEETS, *REVIEW_SHEETS)}
    sheets |= {table.sheet_name(language) for table in INPUT_TABLES}
    assert not {spec.name(language) for spec in SHEETS} - set(re.findall(r"\w+", manual))
    prefixed = re.findall(r"\b(?:Invoer|Uitkomst|Input|Result)_\w+", manual)
    assert set(prefixed) <= sheets
