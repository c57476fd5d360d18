"""The example workbooks: every function has its sheet, says what the function gives, and Excel's own formulas agree."""

import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from klantwaarde.messages import LANGUAGES
from klantwaarde.report.blocks import Formula
from klantwaarde.workbook.canvas import Canvas
from klantwaarde.workbook.paint import book_bytes
from klantwaarde_addin.declare import FUNCTIONS, Function
from klantwaarde_addin.examples import draw_examples, groups, write_example_books
from klantwaarde_addin.native_formulas import NATIVE
from klantwaarde_addin.reference import example_of
from libreoffice import recalculated

KEPT = Path(__file__).parents[3] / "workbook_templates"
ALL = pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
ERRORS = ("#VALUE!", "#N/A", "#NUM!", "#NAME?", "#REF!", "#DIV/0!", "Err:")


def sheet_of(function: Function, language: str) -> Canvas:
    return next(canvas for canvas in draw_examples(function.group, language) if canvas.name == function.excel_name)


def grid(canvas: Canvas) -> dict[tuple[int, int], object]:
    return {place: cell.content for place, cell in canvas.cells.items()}


def below(canvas: Canvas, heading: str) -> int:
    """The row below a heading."""
    return next(row for (row, column), content in grid(canvas).items() if column == 1 and content == heading) + 1


def test_the_files_kept_are_the_files_made(tmp_path: Path) -> None:
    made = write_example_books(tmp_path)
    assert len(made) == len(LANGUAGES) * len(groups())
    assert {path.name for path in made} == {path.name for path in KEPT.glob("func*.xlsx")}
    assert all((KEPT / path.name).read_bytes() == path.read_bytes() for path in made)


def test_every_function_has_a_sheet_that_the_overview_links_to() -> None:
    for language in LANGUAGES:
        books = [draw_examples(group, language) for group in groups()]
        names = [canvas.name for _, *pages in books for canvas in pages]
        assert sorted(names) == sorted(function.excel_name for function in FUNCTIONS.values())
        assert [link.sheet for overview, *_ in books for link in overview.links] == names
        assert all(link.sheet == overview.name for overview, *pages in books for page in pages for link in page.links)


@ALL
def test_a_sheet_says_what_the_declaration_says(function: Function) -> None:
    for language in LANGUAGES:
        canvas = sheet_of(function, language)
        words = " ".join(str(content) for content in grid(canvas).values())
        spaced = re.sub(r"\s+", " ", words)
        assert all(argument.name in grid(canvas).values() for argument in function.arguments)
        assert " ".join(function.help(language).split()) in spaced


@ALL
def test_the_formula_over_the_cells_gives_the_result_on_the_sheet(function: Function) -> None:
    """What the formula points at is handed to the function, as Excel would do."""
    for language, separator in (("nl", ";"), ("en", ",")):
        canvas = sheet_of(function, language)
        content, start = grid(canvas), below(canvas, {"nl": "De formule", "en": "The formula"}[language])
        name, areas = re.fullmatch(r"=(\w+)\((.*)\)", str(content[start, 1])).groups()
        assert name == function.excel_name
        inputs = [values(canvas, area.strip()) for area in areas.split(separator)]
        given = function.calculate(inputs, language=language)
        wanted = given if isinstance(given, list) else [[given]]
        first = below(canvas, {"nl": "Uitkomst", "en": "Result"}[language])
        shown = [
            [value(content[first + row, 1 + column]) for column in range(len(cells))]
            for row, cells in enumerate(wanted)
        ]
        assert wanted == example_of(function, language).result
        assert shown == [[round(cell, 6) if isinstance(cell, float) else cell for cell in cells] for cells in wanted]
        assert {canvas.cells[start, 1].style, type(content[start, 1])} == {"strong", str}


def value(content: object) -> object:
    return content.value if isinstance(content, Formula) else content


def values(canvas: Canvas, area: str) -> object:
    """The cells of an area as Excel hands them over: a value, or rows of values."""
    left, top, right, bottom = openpyxl.utils.range_boundaries(area)
    content = grid(canvas)
    cells = [[content[row, column] for column in range(left, right + 1)] for row in range(top, bottom + 1)]
    plain = [[value(cell) for cell in row] for row in cells]
    return plain if len(plain) > 1 or len(plain[0]) > 1 else plain[0][0]


def test_formulas_of_excel_itself_are_declared_for_functions_that_exist() -> None:
    for name, formulas in NATIVE.items():
        width = max(map(len, example_of(FUNCTIONS[name], "en").result))
        assert len(formulas) <= width
        assert any(formulas)


@pytest.mark.parametrize("group", groups())
def test_libreoffice_calculates_what_the_functions_give(group: str, tmp_path: Path) -> None:
    """Every formula of Excel itself, recalculated from nothing, gives what the function gives."""
    overview, *drawn = draw_examples(group, "nl")
    book = tmp_path / "examples.xlsx"
    book.write_bytes(book_bytes([overview, *(without_values(canvas) for canvas in drawn)]))
    sheets = recalculated(book, tmp_path / "out")
    assert not [cell for rows in sheets.values() for row in rows for cell in row if str(cell).startswith(ERRORS)]
    for canvas in drawn:
        function = FUNCTIONS[canvas.name.removeprefix("KW_").lower()]
        result = example_of(function, "nl").result
        beside, compared = max(map(len, result)) + 2, 0
        for number, cells in enumerate(result):
            for column, cell in enumerate(cells):
                place = below(canvas, "Uitkomst") + number, beside + column
                if isinstance(grid(canvas).get(place), Formula):
                    found = sheets[canvas.name][place[0] - 1][place[1] - 1]
                    assert found == (pytest.approx(cell, rel=1e-9, abs=1e-9) if isinstance(cell, float) else cell), (
                        place
                    )
                    compared += 1
        assert bool(compared) == (function.name in NATIVE)


def without_values(canvas: Canvas) -> Canvas:
    """The same sheet with no value behind its formulas, so that only a real recalculation gives one."""
    cells = {
        place: replace(cell, content=Formula(cell.content.text, None)) if isinstance(cell.content, Formula) else cell
        for place, cell in canvas.cells.items()
    }
    return replace(canvas, cells=cells)
