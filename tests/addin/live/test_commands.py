"""Every button of the ribbon, pressed: what it answers, what it writes, and that it leaves the input alone."""

import zipfile
from importlib import import_module
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw
from workbooks import write_e2e

from addin.engine import engine, new_book, open_book, save
from klantwaarde.messages import LANGUAGES
from klantwaarde.report.formulas import excel_name
from klantwaarde.workbook.template import build_template
from klantwaarde_addin.commands import COMMAND, COMMANDS
from klantwaarde_addin.live.runs import SHEET as RUNS
from klantwaarde_addin.run import Context, context_of, run_command

WITHOUT_BOOK = [command.id for command in COMMANDS if not command.needs_book]
WITH_BOOK = [command.id for command in COMMANDS if command.needs_book]


def names(book: xw.Book) -> list[str]:
    return [sheet.name for sheet in book.sheets]


def values_of(book: xw.Book, sheet: str) -> list[list[object]]:
    return book.sheets[sheet].used_range.options(ndim=2).value


def text_of(book: xw.Book, sheet: str) -> str:
    return "\n".join(str(cell) for row in values_of(book, sheet) for cell in row if cell is not None)


# all of them


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_answers_in_words(language, path, tmp_path):
    book = open_book(path)
    context = context_of(book, language, tmp_path / "scratch")
    for command in ("run_all", *COMMAND):
        reply = run_command(command, book, context)
        assert "Report number" not in reply.text, command
        assert "Meld nummer" not in reply.text, command
        assert reply.text or command in ("settings", "help_page")
        assert "Traceback" not in reply.text


@pytest.mark.parametrize("command", WITH_BOOK)
def test_without_a_workbook_the_answer_is_a_sentence(command, tmp_path):
    reply = run_command(command, None, Context("nl", tmp_path))
    assert (reply.kind, reply.text[:22]) == ("problem", "Er is geen werkmap ope")


@pytest.mark.parametrize("command", WITH_BOOK)
def test_a_book_without_input_is_a_sentence_and_stays_as_it_was(command, tmp_path):
    book = new_book()
    before = names(book)
    reply = run_command(command, book, context_of(book, "nl", tmp_path))
    assert "Meld nummer" not in reply.text
    if command != "check_inputs":
        assert names(book) == before
        assert reply.kind == "problem"


HOSTILE = ["", "run_all ", "RUN_ALL", "__import__('os')", "os.system", "klantwaarde_addin.commands.calculate", "_run", "prepare:new_workbook", "../run_all"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_is_not_on_the_list_runs_nothing(name, book, context):
    reply = run_command(name, book, context)
    assert (reply.kind, reply.text) == ("problem", "Deze opdracht bestaat niet.")


def test_every_command_has_a_function_and_every_function_is_on_the_list():
    for command in COMMANDS:
        module = import_module(f"klantwaarde_addin.commands.{command.group}")
        assert callable(getattr(module, command.id))
        assert getattr(module, command.id).__module__ == module.__name__
    assert len(COMMAND) == len(COMMANDS)


# prepare


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_workbook_is_the_template_file(language, tmp_path):
    reply = run_command("new_workbook", None, Context(language, tmp_path))
    assert reply.open_template is not None
    assert reply.open_template.read_bytes() == build_template(language)
    assert zipfile.is_zipfile(reply.open_template)


def test_the_example_runs_green_in_one_click(tmp_path):
    reply = run_command("load_example", None, Context("nl", tmp_path))
    assert reply.open_template is not None
    book = open_book(reply.open_template)
    done = run_command("run_all", book, context_of(book, "nl", tmp_path))
    assert done.kind == "done"
    assert "klantresultaat" in done.text


def test_faults_of_the_input_are_listed_with_a_link_to_each_cell(book, run, tmp_path):
    sheet, row, column = place_of(book, "tblInvoiceLines", "Nettobedrag")
    sheet.range((row, column)).value = "'n.v.t."
    before = names(book)
    reply = run("check_inputs")
    assert reply.kind == "show"
    assert names(book) == [*before, "Invoercontrole"]
    saved = openpyxl.load_workbook(save(book, tmp_path / "1.xlsx"))["Invoercontrole"]
    links = [cell.value for line in saved.iter_rows() for cell in line if str(cell.value).startswith("=HYPERLINK")]
    address = sheet.range((row, column)).get_address(False, False)
    assert f'=HYPERLINK("#\'{sheet.name}\'!{address}","{sheet.name}!{address} · Nettobedrag")' in links


def test_a_check_of_sound_input_says_so(book, run):
    assert "kan worden doorgerekend" in run("check_inputs").text


def place_of(book: xw.Book, table: str, header: str) -> tuple[xw.Sheet, int, int]:
    """The first data cell below a header."""
    sheet = next(sheet for sheet in book.sheets if any(each.name == table for each in sheet.tables))
    area = sheet.tables[table]
    headers = list(area.header_row_range.value)
    return sheet, area.range.row + 1, area.range.column + headers.index(header)


# calculate


def test_broken_input_changes_nothing_and_says_where(book, run, tmp_path):
    run("run_all")
    sheet, row, column = place_of(book, "tblInvoiceLines", "Nettobedrag")
    sheet.range((row, column)).value = "'n.v.t."
    before = save(book, tmp_path / "1.xlsx").stat().st_size, text_of(book, "Uitkomst_KlantPL")
    reply = run("run_all")
    assert reply.kind == "problem"
    assert sheet.range((row, column)).get_address(False, False) in reply.text
    assert "Er is niets veranderd." in reply.text
    assert text_of(book, "Uitkomst_KlantPL") == before[1]


SINGLE = {
    "allocate_costs": "Berekening_Kosten", "build_customer_pl": "Uitkomst_KlantPL", "analyse_base": "Uitkomst_Klantenbestand",
    "lifetime_value": "Uitkomst_Klantwaarde",
}  # fmt: skip


@pytest.mark.parametrize(("command", "first"), SINGLE.items())
def test_one_analysis_writes_its_own_sheets_with_checks_and_log(command, first, book, run):
    before = set(names(book))
    run(command)
    added = [name for name in names(book) if name not in before]
    assert first in added
    assert {"Controles", "Logboek", RUNS} <= set(added)
    assert "Dashboard" not in added
    assert book.sheets.active.name == first


def test_after_one_analysis_all_sheets_are_of_one_run(book, run):
    run("run_all")
    sheet, row, column = place_of(book, "tblInvoiceLines", "Nettobedrag")
    sheet.range((row, column)).value = float(sheet.range((row, column)).raw_value) + 500
    run("allocate_costs")
    stamps = {text.split(" · ")[0] for name in names(book) if name.startswith(("Dashboard", "Uitkomst", "Berekening", "Controles")) for text in [str(values_of(book, name)[2][0])]}
    assert len(stamps) == 1


# review


def test_reconciling_says_every_part_and_writes_nothing(book, run, tmp_path):
    run("run_all")
    before = text_of(book, "Controles")
    reply = run("reconcile")
    assert reply.text.startswith("Sluit aan: grootboek ")
    assert "Verschil 0,00" in reply.text
    assert text_of(book, "Controles") == before
    assert book.sheets.active.name == "Controles"
    assert "Let op" not in reply.text


def test_reconciling_after_a_change_says_that_the_results_are_stale(book, run):
    run("run_all")
    sheet, row, column = place_of(book, "tblInvoiceLines", "Nettobedrag")
    sheet.range((row, column)).value = float(sheet.range((row, column)).raw_value) + 500
    assert "Let op: de invoer is veranderd" in run("reconcile").text


def select(book: xw.Book, sheet: str, row: int, column: int) -> None:
    book.sheets[sheet].activate()
    book.sheets[sheet].range((row, column)).select()


def test_a_customer_figure_is_traced_to_its_rows(book, run):
    run("run_all")
    area = book.sheets["Uitkomst_KlantPL"].tables[excel_name("customer_pl")]
    headers = list(area.header_row_range.value)
    column = area.range.column + headers.index("Bedieningskosten")
    select(book, "Uitkomst_KlantPL", area.range.row + 1, column)
    shown = area.data_body_range.raw_value[0]
    reply = run("trace_number")
    assert reply.kind == "done"
    assert str(shown[0]) in reply.text
    assert book.sheets.active.name == "Herleiding"
    assert "4210" in text_of(book, "Herleiding") or "Rekening" in text_of(book, "Herleiding")


def test_a_ledger_row_is_traced_forward(book, run):
    run("run_all")
    sheet, row, column = place_of(book, "tblLedger", "Rekening")
    select(book, sheet.name, row, column)
    reply = run("trace_number")
    assert reply.text.startswith("De herleiding van Rekening ")


def test_another_cell_gets_told_where_to_click(book, run):
    run("run_all")
    select(book, "Logboek", 1, 1)
    assert run("trace_number").text.startswith("Kies eerst een bedrag in de tabel op het blad Uitkomst_KlantPL")


def test_an_error_value_of_a_function_gets_its_sentence(book, tmp_path):
    context = Context("nl", tmp_path, problem_at=lambda _address: "capaciteit: rij 3 is leeg.")
    assert run_command("trace_number", book, context).text == "capaciteit: rij 3 is leeg."


def test_two_runs_are_compared_per_customer(book, run):
    assert "nog geen vorige berekening" in run("compare_runs").text
    run("run_all")
    sheet, row, column = place_of(book, "tblInvoiceLines", "Nettobedrag")
    sheet.range((row, column)).value = float(sheet.range((row, column)).raw_value) + 500
    run("run_all")
    assert run("compare_runs").kind == "done"
    area = book.sheets["Verschillen"].tables["outRunChanges"]
    headers, rows = list(area.header_row_range.value), area.data_body_range.options(ndim=2).value
    assert sum(row[headers.index("Verandering")] for row in rows) == pytest.approx(500, abs=0.02)


# share


def test_a_copy_as_values_holds_no_formula_and_no_input(book, run):
    run("run_all")
    reply = run("values_only_copy")
    assert reply.open_template is not None
    copy = openpyxl.load_workbook(reply.open_template)
    assert not [cell.coordinate for sheet in copy.worksheets for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert not [name for name in copy.sheetnames if name.startswith(("Invoer", "Instellingen", RUNS))]
    assert "Uitkomst_KlantPL" in copy.sheetnames


def test_the_settings_button_goes_to_the_settings(book, run):
    run("settings")
    assert book.sheets.active.name == "Instellingen"


def test_the_manual_is_a_page_on_this_computer(run):
    page = run("help_page").open_page
    assert page is not None
    assert page.suffix == ".html"
    assert "<h1>" in page.read_text(encoding="utf-8")


def test_pdf_needs_results_first(run):
    assert "nog geen uitkomsten" in run("pdf_pack").text


def test_the_result_sheets_become_one_pdf(book, run, path):
    run("run_all")
    reply = run("pdf_pack")
    assert reply.kind == "show", reply.text
    made = list(Path(path.parent).glob("*_klantwaarde.pdf"))
    assert [file.read_bytes()[:5] for file in made] == [b"%PDF-"]


# other hosts


def test_the_same_commands_run_by_the_rules_of_a_remote_host(tmp_path):
    book = open_book(write_e2e(tmp_path / "boek.xlsx"))
    engine.remote_like = True
    try:
        reply = run_command("run_all", book, Context("nl", tmp_path, opens_files=False))
    finally:
        engine.remote_like = False
    assert reply.kind == "done", reply.text
    assert "Dashboard" in names(book)


@pytest.mark.parametrize("command", ["new_workbook", "load_example"])
def test_where_no_file_can_be_opened_the_sheets_are_drawn_into_an_empty_book(command, tmp_path):
    book = new_book()
    reply = run_command(command, book, Context("nl", tmp_path, opens_files=False))
    assert reply.kind == "done", reply.text
    done = run_command("run_all", book, Context("nl", tmp_path, opens_files=False))
    if command == "load_example":
        assert done.kind == "done"
    else:
        assert "klanten" in done.text.lower()


def test_a_book_that_is_not_empty_is_never_drawn_into(book, context, tmp_path):
    before = names(book)
    reply = run_command("new_workbook", book, Context("nl", tmp_path, opens_files=False))
    assert reply.kind == "problem"
    assert names(book) == before
