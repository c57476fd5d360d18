"""The same macro code on a live book gives what file mode gives, keeps what is the user's, and never leaves a book half-written."""

import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlwings as xw
from workbooks import RUN_TIME, sheet_values, write_e2e

import klantwaarde as kw
from addin.engine import engine, open_book, save
from klantwaarde.api import refresh_workbook
from klantwaarde.report.archive import packed
from klantwaarde.report.blocks import ResultColumn, TableBlock
from klantwaarde.report.columns import OUTPUT
from klantwaarde.report.formulas import excel_name
from klantwaarde_addin.live.book import LiveWorkbook
from klantwaarde_addin.live.runs import SHEET as RUNS
from klantwaarde_addin.live.runs import report_of, write_runs
from klantwaarde_addin.run import context_of, run_command
from libreoffice import recalculated

TRIES = 14  # calls that fail, spread over a whole run
RESULT = OUTPUT["customer_result"].nl
OURS = ("Dashboard", "Berekening_", "Uitkomst_", "Controles", "Logboek")


def is_ours(sheet: str) -> bool:
    return sheet.startswith(OURS)


def contents(path: Path, *, formulas: bool = True) -> dict[str, dict[str, object]]:
    """Every filled cell of every sheet but the one that keeps the runs."""
    book = openpyxl.load_workbook(path, data_only=not formulas)
    return {
        sheet.title: {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value not in (None, "")}
        for sheet in book.worksheets
        if sheet.title != RUNS
    }


def refresh_live(book: xw.Book) -> None:
    refresh_workbook(LiveWorkbook(book), time=RUN_TIME)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_live_and_file_mode_write_the_same_cells(tmp_path, language):
    by_file, by_excel = write_e2e(tmp_path / "bestand.xlsx", language), tmp_path / "excel.xlsx"
    book = open_book(shutil.copy(by_file, tmp_path / "x" if (tmp_path / "x").mkdir() else tmp_path / "x" / "bestand.xlsx"))
    kw.refresh(by_file, time=RUN_TIME)
    refresh_live(book)
    save(book, by_excel)
    assert contents(by_excel) == contents(by_file)
    stored, calculated = sheet_values(by_file), recalculated(by_excel, tmp_path / "office")
    for sheet, rows in stored.items():
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, float) and is_ours(sheet):
                    assert calculated[sheet][r][c] == pytest.approx(value, abs=1e-6), (sheet, r, c)


def test_a_second_run_changes_no_cell(book, tmp_path):
    refresh_live(book)
    once = contents(save(book, tmp_path / "1.xlsx"))
    refresh_live(book)
    assert contents(save(book, tmp_path / "2.xlsx")) == once


def test_input_sheets_are_never_touched(book, path, tmp_path):
    before = {name: cells for name, cells in contents(path).items() if not is_ours(name)}
    refresh_live(book)
    after = contents(save(book, tmp_path / "1.xlsx"))
    assert {name: cells for name, cells in after.items() if not is_ours(name)} == before


def test_the_table_objects_stay_so_that_formulas_of_the_user_keep_their_column(book, tmp_path):
    refresh_live(book)
    own = book.sheets.add("Mijn blad", after=book.sheets[book.sheets.count - 1])
    own.range("A1").formula2 = f"=SUM({excel_name('customer_pl')}[{RESULT}])"
    lines = next(sheet for sheet in book.sheets if any(table.name == "tblActivities" for table in sheet.tables))
    table = lines.tables["tblActivities"]
    name = list(table.header_row_range.value).index("Naam")
    first = table.data_body_range.raw_value[0][name]
    lines.range((table.range.row + 1, table.range.column + name)).value = "Andere handeling"
    refresh_live(book)
    formula = openpyxl.load_workbook(save(book, tmp_path / "1.xlsx"))["Mijn blad"]["A1"].value
    assert formula == f"=SUM({excel_name('customer_pl')}[{RESULT}])"
    headers = list(book.sheets["Uitkomst_KlantPL"].tables[excel_name("customer_pl")].header_row_range.value)
    assert "Andere handeling" in headers
    assert first not in headers


def test_a_table_that_changes_its_columns_is_the_table_that_a_file_would_have(tmp_path):
    """New and vanished columns, other rows and another place: nothing of the run before shines through."""
    live, fresh = write_e2e(tmp_path / "een.xlsx"), write_e2e(tmp_path / "twee.xlsx")
    book, other = open_book(live), open_book(fresh)
    refresh_live(book)
    for each in (book, other):
        rename_an_activity(each)
        repeat_lines(each, 3)
    refresh_live(book)
    refresh_live(other)
    again, once = (openpyxl.load_workbook(save(each, tmp_path / f"{n}.xlsx")) for n, each in enumerate((book, other)))
    for sheet in once.worksheets:
        if is_ours(sheet.title):
            assert looks(again[sheet.title]) == looks(sheet), sheet.title


def looks(sheet):
    """Value, number format, weight and fill of every cell in use, but for the moment of the run."""
    return {
        cell.coordinate: (cell.value, cell.number_format, cell.font.b, cell.fill.fgColor.rgb)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value not in (None, "") and "versie" not in str(cell.value) and "boek" not in str(cell.value) and ".xlsx" not in str(cell.value)
    }


def rename_an_activity(book: xw.Book) -> None:
    sheet = next(sheet for sheet in book.sheets if any(table.name == "tblActivities" for table in sheet.tables))
    area = sheet.tables["tblActivities"]
    column = area.range.column + list(area.header_row_range.value).index("Naam")
    sheet.range((area.range.row + 2, column)).value = "Andere handeling"


def test_a_column_of_the_user_follows_its_customer(book, tmp_path):
    refresh_live(book)
    sheet = book.sheets["Uitkomst_KlantPL"]
    area = sheet.tables[excel_name("customer_pl")].range
    key, last = area.column, area.column + area.shape[1]
    sheet.range((area.row, last)).value = "Opmerking"
    sheet.range((area.row + 1, last)).value = "bellen"
    customer = sheet.range((area.row + 1, key)).value
    refresh_live(book)
    table = sheet.tables[excel_name("customer_pl")].range
    headers = sheet.range((table.row, table.column), (table.row, table.column + table.shape[1] - 1)).value
    rows = sheet.range((table.row + 1, table.column), (table.row + table.shape[0] - 1, table.column + table.shape[1] - 1)).value
    notes = {row[0]: row[headers.index("Opmerking")] for row in rows}
    assert notes[customer] == "bellen"
    assert [note for note in notes.values() if note] == ["bellen"]


def test_an_error_at_any_call_brings_the_previous_results_back(path, tmp_path):
    """Excel may refuse at every single call: the sheets then hold the run before, and the state of Excel is given back."""
    book = open_book(path)
    refresh_live(book)
    before = contents(save(book, tmp_path / "before.xlsx"))
    change_a_sale(book)
    runs = LiveWorkbook(book).runs()
    context, copy = context_of(book, "nl", tmp_path), open_copy(book, tmp_path)
    engine.calls.clear()
    run_command("run_all", copy, context)
    total = sum(engine.calls.values())
    for number in [*range(1, total, max(total // TRIES, 1)), *range(total - 40, total, 9)]:
        engine.fail_at(number)
        reply = run_command("run_all", book, context)
        engine.fail_at(0)
        assert "Traceback" not in reply.text
        if reply.kind != "problem":  # the work stood already: only the way back to the user failed
            assert number > total - 60
            break
        after = contents(save(book, tmp_path / "after.xlsx"))
        assert {n: c for n, c in after.items() if is_ours(n)} == {n: c for n, c in before.items() if is_ours(n)}, number
        assert LiveWorkbook(book).runs() == runs
        assert book.app.calculation == "automatic"
        assert book.app.screen_updating
        assert book.app.enable_events
        assert not book.app.status_bar


def change_a_sale(book: xw.Book) -> None:
    sheet = next(sheet for sheet in book.sheets if any(table.name == "tblInvoiceLines" for table in sheet.tables))
    area = sheet.tables["tblInvoiceLines"]
    headers = area.header_row_range.value
    column = area.range.column + headers.index("Nettobedrag")
    cell = sheet.range((area.range.row + 1, column))
    cell.value = float(cell.raw_value) + 100


def open_copy(book: xw.Book, folder: Path) -> xw.Book:
    return open_book(save(book, folder / "kopie.xlsx"))


def test_restore_brings_the_run_before_back_and_restoring_twice_undoes_it(book, run, tmp_path):
    run("run_all")
    first = contents(save(book, tmp_path / "1.xlsx"))
    change_a_sale(book)
    run("run_all")
    second = contents(save(book, tmp_path / "2.xlsx"))
    assert first["Uitkomst_KlantPL"] != second["Uitkomst_KlantPL"]
    assert run("restore_previous").kind == "done"
    assert contents(save(book, tmp_path / "3.xlsx"))["Uitkomst_KlantPL"] == first["Uitkomst_KlantPL"]
    run("restore_previous")
    assert contents(save(book, tmp_path / "4.xlsx"))["Uitkomst_KlantPL"] == second["Uitkomst_KlantPL"]


def test_restoring_without_a_run_before_is_a_sentence(run):
    assert "geen vorige berekening" in run("restore_previous").text


def test_the_number_of_calls_does_not_grow_with_rows(tmp_path):
    counts = {}
    for rows in (15, 60):
        book = open_book(write_e2e(tmp_path / f"{rows}.xlsx"))
        repeat_lines(book, rows)
        engine.calls.clear()
        refresh_live(book)
        counts[rows] = sum(engine.calls.values())
    assert counts[60] == pytest.approx(counts[15], rel=0.005)
    assert counts[60] < 6500


def repeat_lines(book: xw.Book, times: int) -> None:
    """More customers and invoice lines: the same ones again under other numbers."""
    for name in ("tblCustomers", "tblInvoiceLines"):
        sheet = next(sheet for sheet in book.sheets if any(table.name == name for table in sheet.tables))
        table = sheet.tables[name]
        headers, rows = table.header_row_range.value, [list(row) for row in table.data_body_range.value]
        key = headers.index("Klantnummer")
        more = [[*row[:key], f"{row[key]}_{n}", *row[key + 1 :]] for n in range(1, times) for row in rows if row[key]]
        if more:
            top, left = table.range.row, table.range.column
            last = top + len(rows) + len(more)
            table.resize(sheet.range((top, left), (last, left + len(headers) - 1)))
            sheet.range((top + len(rows) + 1, left), (last, left + len(headers) - 1)).value = more


def test_a_sheet_of_the_user_under_our_name_stops_the_run(book, run, tmp_path):
    book.sheets.add("Dashboard", after=book.sheets[0]).range("A1").value = "van mij"
    before = contents(save(book, tmp_path / "1.xlsx"))
    reply = run("run_all")
    assert reply.kind == "problem"
    assert "Dashboard" in reply.text
    assert contents(save(book, tmp_path / "2.xlsx")) == before


NASTY = ["=2+5", "+1+1", "-1+1", "@SUM(1)", "0123", "1-2", "1E5", "TRUE", "jan 5", "=cmd|'/c calc'!A0", '=HYPERLINK("http://x","y")', "＝1", "#N/A"]


def test_text_of_a_customer_is_text_in_every_live_cell(tmp_path):
    path = write_e2e(tmp_path / "boek.xlsx")
    opened = openpyxl.load_workbook(path)
    sheet = next(sheet for sheet in opened.worksheets if "tblCustomers" in sheet.tables)
    header = next(row for row in sheet.iter_rows() if any(cell.value == "Naam" for cell in row))
    name = next(cell for cell in header if cell.value == "Naam")
    for offset, text in enumerate(NASTY, 1):
        if sheet.cell(name.row + offset, name.column - 1).value:
            cell = sheet.cell(name.row + offset, name.column)
            cell.value, cell.data_type = text, "s"
    opened.save(path)
    book = open_book(path)
    refresh_live(book)
    saved = openpyxl.load_workbook(save(book, tmp_path / "1.xlsx"))
    names = [row[1] for row in saved["Uitkomst_KlantPL"].iter_rows() if str(row[1].value) in NASTY]
    assert names
    for cell in names:
        assert cell.data_type == "s"
    written = {cell.value for cell in names}
    assert written <= set(NASTY)


def test_a_planted_formula_in_the_kept_run_is_refused_before_anything_is_written(book, run, tmp_path):
    run("run_all")
    change_a_sale(book)
    run("run_all")
    sheets = report_of(LiveWorkbook(book).runs().previous)
    planted = TableBlock("x", "", (ResultColumn("a", "A", formula='WEBSERVICE("http://x")'),), pd.DataFrame({"a": [1.0]}))
    evil = [replace(sheets[0], blocks=(*sheets[0].blocks, planted)), *sheets[1:]]
    write_runs(book, replace(LiveWorkbook(book).runs(), previous=packed(evil)))
    before = contents(save(book, tmp_path / "1.xlsx"))
    reply = run("restore_previous")
    assert reply.kind == "problem"
    assert "WEBSERVICE" in reply.text
    assert contents(save(book, tmp_path / "2.xlsx")) == before


def test_a_planted_formula_in_the_present_run_does_not_stop_the_next_one(book, run):
    run("run_all")
    sheets = report_of(LiveWorkbook(book).runs().present)
    planted = TableBlock("x", "", (ResultColumn("a", "A", formula='WEBSERVICE("http://x")'),), pd.DataFrame({"a": [1.0]}))
    evil = [replace(sheets[0], blocks=(*sheets[0].blocks, planted)), *sheets[1:]]
    write_runs(book, replace(LiveWorkbook(book).runs(), present=packed(evil)))
    assert run("run_all").kind == "done"
