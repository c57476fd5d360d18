"""The commands on a whole workbook through the server: what comes back makes the same book as file mode does."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw
from openpyxl.workbook import Workbook

import klantwaarde as kw
from addin.engine import engine, new_book, open_book, save
from addin.engine.remote import apply_actions, payload_of
from addin.hosts.process import ServerProcess
from cases import e2e_frames
from klantwaarde.tables.catalogue import TABLE
from klantwaarde.workbook.template import build_template

MOMENT = re.compile(r"\d\d-\d\d-\d{4} \d\d:\d\d(:\d\d)?|\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?")
KEPT_RUNS = "kw_runs"  # where the live route keeps the previous run; file mode keeps a backup file


def template(folder: Path, language: str = "nl") -> Path:
    """A workbook of a whole model, always under the same name."""
    folder.mkdir()
    path = folder / "book.xlsx"
    path.write_bytes(build_template(language, frames=e2e_frames()))
    return path


@pytest.fixture(autouse=True)
def excel() -> Iterator[None]:
    """No book is left open."""
    yield
    engine.reset()


@pytest.fixture
def book(tmp_path: Path) -> xw.Book:
    """The Dutch template of the model, open in the test Excel."""
    return open_book(template(tmp_path / "live"))


def press(server: ServerProcess, book: xw.Book, command: str, **more: Any) -> str:
    """Press a button: send the book, carry out what comes back, and return the reply."""
    answer = server.call_script(command, payload_of(book, **more) | {"args": ["en"]})
    assert answer.status_code == 200, answer.text + server.log.read_text()
    actions = answer.json()["actions"]
    apply_actions(book, [action for action in actions if action["func"] != "alert"])
    return " ".join(action["args"][0] for action in actions if action["func"] == "alert")


def contents(book: Workbook) -> dict[tuple[str, str], tuple[Any, str]]:
    """Every filled cell with its format; moments are all the same moment."""
    return {
        (sheet.title, cell.coordinate): (MOMENT.sub("then", cell.value) if isinstance(cell.value, str) else cell.value, cell.number_format)
        for sheet in book
        if sheet.title != KEPT_RUNS
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }  # fmt: skip


def tables(book: Workbook) -> dict[str, tuple[str, str, list[str]]]:
    """Every Excel table with its place and columns."""
    return {
        table.displayName: (sheet.title, table.ref, [column.name for column in table.tableColumns])
        for sheet in book
        for table in sheet.tables.values()
    }


def loaded(book: xw.Book, folder: Path) -> Workbook:
    return openpyxl.load_workbook(save(book, folder / "saved.xlsx"))


def first_line(book: xw.Book, column: str) -> xw.Range:
    """The cell of a column in the first invoice line."""
    table = TABLE["invoice_lines"]
    sheet = book.sheets[table.sheet_name("nl")]
    header = next(iter(sheet.tables)).header_row_range
    return sheet.cells(header.row + 1, header.column + header.value.index(table.by_id[column].label("nl")))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_run_all_makes_the_book_that_file_mode_makes(server: ServerProcess, tmp_path: Path, language: str):
    by_file = template(tmp_path / "file", language)
    kw.refresh(by_file)
    book = open_book(template(tmp_path / "live", language))
    assert press(server, book, "run_all").startswith("Done: 4 customers")
    expected, found = openpyxl.load_workbook(by_file), loaded(book, tmp_path)
    assert [name for name in found.sheetnames if name != KEPT_RUNS] == expected.sheetnames
    assert contents(found) == contents(expected)
    assert tables(found) == tables(expected)
    assert len(contents(expected)) > 2000


def test_a_second_run_can_be_compared_and_taken_back(server: ServerProcess, book: xw.Book, tmp_path: Path):
    press(server, book, "run_all")
    first = contents(loaded(book, tmp_path))
    press(server, book, "run_all")
    assert contents(loaded(book, tmp_path)) == first  # the same input twice
    amount = first_line(book, "net_amount")
    amount.value = amount.value + 1000

    press(server, book, "run_all")
    second = contents(loaded(book, tmp_path))
    assert second != first
    assert press(server, book, "compare_runs")
    press(server, book, "restore_previous")
    restored = contents(loaded(book, tmp_path))
    results = {key for key in first if key[0].startswith("Uitkomst_")}
    assert {key: restored.get(key) for key in results} == {key: first[key] for key in results}


def test_a_fault_in_the_input_is_a_sentence_with_its_cell_and_changes_nothing(server: ServerProcess, book: xw.Book):
    date = first_line(book, "invoice_date")
    date.number_format = "@"
    date.value = "gisteren"
    answer = server.call_script("run_all", payload_of(book) | {"args": ["nl"]})
    assert answer.status_code == 400
    assert f"{date.sheet.name}!{date.address.replace('$', '')}" in answer.text
    assert "actions" not in answer.text
    assert "gisteren" not in server.log.read_text()


def test_an_empty_book_becomes_a_workbook_with_every_input_table(server: ServerProcess, tmp_path: Path):
    book = new_book()
    press(server, book, "new_workbook")
    assert {table.excel_name for table in TABLE.values()} <= set(tables(loaded(book, tmp_path)))


def test_the_example_comes_with_its_rows(server: ServerProcess):
    answer = server.call_script("load_example", payload_of(new_book()) | {"args": ["nl"]})
    assert answer.status_code == 200, answer.text + server.log.read_text()
    actions = answer.json()["actions"]
    assert TABLE["invoice_lines"].excel_name in {
        word for action in actions if action["func"] == "addTable" for word in action["args"]
    }
    assert max(action["row_count"] for action in actions if action["func"] == "setValues") > 5000


def test_a_book_with_something_in_it_is_not_drawn_over(server: ServerProcess, book: xw.Book):
    answer = server.call_script("new_workbook", payload_of(book))
    assert answer.status_code == 400
    assert "actions" not in answer.text


@pytest.mark.parametrize("command", ["reconcile", "settings", "trace_number", "check_inputs"])
def test_the_other_commands_answer_too(server: ServerProcess, book: xw.Book, tmp_path: Path, command: str):
    press(server, book, "run_all")
    before = contents(loaded(book, tmp_path))
    active = next(index for index, sheet in enumerate(book.sheets) if sheet.name == "Uitkomst_KlantPL")
    book.sheets[active].activate()
    header = next(iter(book.sheets[active].tables)).header_row_range
    result = header[0, header.value.index("Klantresultaat")]
    amount = result.offset(1).address.replace("$", "")
    include = ["Instellingen", "Settings"] if command == "settings" else None
    reply = press(server, book, command, selection=amount, include=include)
    assert "went wrong" not in reply
    after = contents(loaded(book, tmp_path))
    assert {key: after[key] for key in before} == before
