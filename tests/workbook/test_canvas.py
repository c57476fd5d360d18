"""What a drawn sheet says before any writer has seen it, and that the painter loses nothing of it."""

import io
from dataclasses import replace
from typing import Any

import openpyxl
import pandas as pd
import pytest

from klantwaarde.messages import LANGUAGES
from klantwaarde.report.blocks import ChartBlock, Formula, ReportSheet, ResultColumn, Series, TableBlock
from klantwaarde.tables.raw import cell_address, column_letters
from klantwaarde.workbook import look
from klantwaarde.workbook.canvas import Canvas
from klantwaarde.workbook.paint import book_bytes
from klantwaarde.workbook.sheet_layout import draw_sheet
from klantwaarde.workbook.template import draw_template


def pl(n: int = 3, **column: Any) -> ReportSheet:
    columns = (
        ResultColumn("id", "Klant", "id"),
        ResultColumn("net", "Omzet", "money", note="Zonder btw."),
        ResultColumn("half", "Helft", "money", formula="=[@Omzet]/2", **column),
    )
    frame = pd.DataFrame(
        {"id": [f"{i:03}" for i in range(n)], "net": [10.0 * i for i in range(n)], "half": [5.0 * i for i in range(n)]}
    )
    table = TableBlock("pl", "", columns, frame, {"net": "sum"}, key="id", alarm="half")
    chart = ChartBlock("top", "Een klant", "bar", frame[["id", "net"]].head(3), (Series("Omzet", "net"),))
    return ReportSheet("pl", "PL", "Klanten", "R&D", (chart, table), "Run 7")


def painted(canvases: list[Canvas]) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(book_bytes(canvases)))


@pytest.fixture(params=["report", *LANGUAGES])
def canvases(request: pytest.FixtureRequest) -> list[Canvas]:
    """A report sheet, and the templates."""
    return [draw_sheet(pl(detail=True))] if request.param == "report" else draw_template(request.param)


def test_every_drawn_cell_and_size_is_in_the_file(canvases: list[Canvas]) -> None:
    book = painted(canvases)
    assert book.sheetnames == [canvas.name for canvas in canvases]
    for canvas in canvases:
        sheet = book[canvas.name]
        for place, cell in canvas.cells.items():
            content = f"={cell.content.text}" if isinstance(cell.content, Formula) else cell.content
            found = sheet.cell(*place)
            assert (found.value, found.number_format) == (content, look.NUMBER_FORMATS[cell.format])
        widths = dict(enumerate(canvas.widths, 1)) | canvas.outer_widths
        found_widths = {number: sheet.column_dimensions[column_letters(number)].width for number in widths}
        assert found_widths == pytest.approx(widths)
        assert {row: sheet.row_dimensions[row].height for row in canvas.heights} == pytest.approx(canvas.heights)
        assert all(sheet.column_dimensions[column_letters(number)].hidden for number in canvas.folded)


def test_every_drawn_table_chart_rule_link_and_name_is_in_the_file(canvases: list[Canvas]) -> None:
    book = painted(canvases)
    for canvas in canvases:
        sheet = book[canvas.name]
        assert dict(sheet.tables.items()) == {t.name: t.area for t in canvas.tables}
        assert len(sheet._charts) == len(canvas.charts)
        rules = {str(rule.sqref) for rule in sheet.data_validations.dataValidation}
        assert rules == {each.area for each in (*canvas.lists, *canvas.bounds)} | {hint.cell for hint in canvas.hints}
        assert {str(each.sqref) for each in sheet.conditional_formatting} == {mark.area for mark in canvas.marks}
        linked = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.hyperlink}
        assert linked == {cell_address(link.row, link.column) for link in canvas.links}
        assert {name: book.defined_names[name].attr_text.split("!")[1] for name in canvas.names} == canvas.names


def test_a_large_table_is_the_same_table_whether_its_rows_are_drawn_or_handed_over() -> None:
    whole, large = draw_sheet(pl(300)), draw_sheet(pl(300), bulk_above=200)
    assert whole.tables == large.tables
    (table,), bulk = large.tables, large.bulk
    assert whole.bulk is None and bulk is not None
    assert (bulk.first_row, bulk.last_row) == (table.row + 2, table.last_row)
    assert {row for row, column in large.cells if column <= table.last_column and row > table.row} == {table.row + 1}
    for number, values in enumerate(bulk.columns, 1):
        drawn = [whole.cells[row, number].content for row in range(bulk.first_row, bulk.last_row + 1)]
        assert [cell.value if isinstance(cell, Formula) else cell for cell in drawn] == list(values)


def test_formulas_are_those_of_a_file_without_an_equals_sign() -> None:
    canvas = draw_sheet(pl())
    (table,) = canvas.tables
    assert table.formulas == (None, None, "outPl[[#This Row],[Omzet]]/2")
    assert canvas.cells[table.row + 2, 3].content == Formula("outPl[[#This Row],[Omzet]]/2", 5.0)
    canvas.put(90, 1, Formula("=1+1", 2.0), style="body")
    assert canvas.cells[90, 1].content == Formula("1+1", 2.0)


def test_a_hint_holds_what_excel_shows_of_it() -> None:
    canvas = Canvas("X", "nl", [10.0])
    canvas.hint(3, 2, title="t" * 40, text="x" * 300)
    (hint,) = canvas.hints
    assert (hint.cell, len(hint.title), len(hint.text)) == ("B3", 32, 255)


def test_a_footer_holds_no_code_that_a_text_brought_along() -> None:
    view = draw_sheet(pl()).view
    assert (view.footer_left, view.footer_middle) == ("Klanten · R&&D", "Run 7")
    assert look.footer_text("&" * 80, 60) == "&&" * 59 + "…"


def test_a_long_footer_stays_within_what_excel_takes() -> None:
    sheet = replace(pl(), title="winst en verlies " * 9, subtitle="Groothandel " * 9, footer="Berekening " * 20)
    view = draw_sheet(sheet).view
    assert view.footer_left.endswith("…") and view.footer_middle.endswith("…")
    assert len(view.footer_left + view.footer_middle + view.footer_right) < 255 - 3 * len("&L&8")


def test_figures_and_dates_stand_right_unless_their_style_says_otherwise() -> None:
    assert (look.cell_style("calculation", "money").align, look.cell_style("calculation", "money").indent) == (
        "right",
        1,
    )
    assert look.cell_style("input", "date").align == "right"
    assert look.cell_style("calculation", "text") == look.STYLES["calculation"]
    assert look.cell_style("tile_value", "money0").align == "left"
