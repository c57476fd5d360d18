"""The reference pages equal the declarations, and every example on them was calculated."""

from pathlib import Path

import pytest

from klantwaarde_addin import pages
from klantwaarde_addin.declare import FUNCTIONS, Function
from klantwaarde_addin.reference import PAGES, example_of, function_page, write_function_pages

ALL = pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_committed_page_is_what_the_declarations_say(language: str, tmp_path: Path) -> None:
    write_function_pages(tmp_path)
    name = PAGES[language]
    assert (pages.folder() / name).read_text(encoding="utf-8") == (tmp_path / name).read_text(encoding="utf-8")


@ALL
def test_every_function_has_a_section_with_all_its_arguments(function: Function) -> None:
    for language in PAGES:
        section = function_page(language).split(f"### {function.excel_name}\n")[1].split("\n### ")[0]
        assert function.server_name in section
        assert function.help(language) in section
        assert all(f"| `{argument.name}` |" in section for argument in function.arguments)
        assert example_of(function, language).formula in section


def test_formulas_are_written_as_the_reader_types_them() -> None:
    minutes, support = FUNCTIONS["activity_minutes"], FUNCTIONS["unused_capacity"]
    assert example_of(support, "nl").formula == "=KW_UNUSED_CAPACITY(700000; 578600; 0,8; WAAR)"
    assert example_of(support, "en").formula == "=KW_UNUSED_CAPACITY(700000, 578600, 0.8, TRUE)"
    assert example_of(minutes, "nl").formula.endswith('; {"express"\\"pallets";0\\0;1\\0;0\\3;1\\2})')
    assert example_of(minutes, "en").formula.endswith(', {"express","pallets";0,0;1,0;0,3;1,2})')


def figures(rows: list[list[object]]) -> list[list[object]]:
    """The rows without words: those are in the reader's language."""
    return [[cell for cell in row if not isinstance(cell, str)] for row in rows]


@ALL
def test_an_example_gives_the_same_figures_in_both_languages(function: Function) -> None:
    dutch, english = (example_of(function, language) for language in PAGES)
    headers = bool(function.headers("nl"))
    assert figures(dutch.result[headers:]) == figures(english.result[headers:])
    assert dutch.inputs == english.inputs
    if headers:
        assert dutch.result[0] == list(function.headers("nl")[: len(dutch.result[0])])
