"""Only formulas that our reports use reach a live cell, whatever a text or a stored run says."""

from datetime import datetime

import pytest

from klantwaarde import analyse, tables_from
from klantwaarde.example import build_example
from klantwaarde.messages import LANGUAGES
from klantwaarde.report.blocks import Formula
from klantwaarde.report.formulas import UnsafeFormulaError, checked
from klantwaarde.report.layout import build_report
from klantwaarde.report.runlog import stamp_of
from klantwaarde.workbook.sheet_layout import draw_sheet
from klantwaarde.workbook.template import draw_template


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_formula_of_a_full_report_and_of_a_template_is_known(language):
    outcome = analyse(tables_from(build_example(language=language)), {"language": language})
    report = build_report(outcome, stamp_of(outcome, time=datetime(2026, 1, 15, 9, 0), version="1"))
    drawn = [*map(draw_sheet, report), *draw_template(language)]
    formulas = [cell.content.text for canvas in drawn for cell in canvas.cells.values() if isinstance(cell.content, Formula)]
    formulas += [text for canvas in drawn for table in canvas.tables for text in table.formulas if text]
    assert len(formulas) > 500
    for formula in formulas:
        assert checked(formula) == f"={formula}"


@pytest.mark.parametrize(
    "formula",
    [
        'WEBSERVICE("http://x")', "cmd|'/c calc'!A0", "'[other.xlsx]Blad'!A1", "[1]!Macro()", 'HYPERLINK("http://x","klik")',
        'HYPERLINK(outX[Adres],"klik")', 'CALL("urlmon","x")', 'EXEC("calc")', "KW_CLV(1,2)", 'INDIRECT("A1")', 'RTD("x",,"y")',
        'SUM(1)+REGISTER.ID("a")', 'hyperlink( "file://x")', "\\\\server\\share!x",
    ],
)  # fmt: skip
def test_a_formula_that_leaves_the_book_or_calls_something_else_is_refused(formula):
    with pytest.raises(UnsafeFormulaError):
        checked(formula)


@pytest.mark.parametrize("formula", ["HYPERLINK(\"#'Blad 1'!A1\",\"Blad 1!A1\")", "SUM(outX[Wat (nu)!])", 'IF([@[a|b]]="x!|",1,2)', "outX[[#This Row],[CALL(x)]]"])
def test_texts_and_column_names_may_hold_anything(formula):
    assert checked(formula) == f"={formula}"
