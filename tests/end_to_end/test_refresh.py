"""A filled template goes in, a refreshed workbook comes out: figures, safety and the user's own things."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from workbooks import (
    RUN_TIME,
    add_column,
    add_row_on_top,
    different_cells,
    edit,
    error_cells,
    parts_of,
    result_table,
    sheet_values,
)

import klantwaarde as kw
from cases import EXPECTED, INPUTS
from klantwaarde.cli import BAD_INPUT, CANNOT_WRITE, main
from klantwaarde.report.columns import OUTPUT
from klantwaarde.workbook.file import FileWorkbook
from libreoffice import recalculated

LANGUAGES = pytest.mark.parametrize("language", ["nl", "en"])
OURS_TO_CHANGE = {"xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"}


def cents(amounts: object) -> int:
    """The sum of a column of euros in whole cents."""
    return round(float(pd.Series(amounts).sum()) * 100)


def fault_codes(error: kw.InputError | kw.WriteError) -> list[str]:
    return [fault.code for fault in error.faults]


# figures


@LANGUAGES
def test_every_cell_of_the_customer_p_and_l_is_within_two_cents(
    refreshed: Callable[[str], Path], language: str
) -> None:
    table = result_table(refreshed(language), "outCustomerPl").set_index(OUTPUT["customer_id"].label(language))
    assert list(table.index) == list(INPUTS["direct"])
    for customer, handlings in EXPECTED["cells"].items():
        for activity, cost in handlings.items():
            assert table.loc[customer, activity] == pytest.approx(cost, abs=0.02), (customer, activity)
    for customer, lines in EXPECTED["customer_pl"].items():
        for line, amount in lines.items():
            assert table.loc[customer, OUTPUT[line].label(language)] == pytest.approx(amount, abs=0.02), (
                customer,
                line,
            )
    for customer, given in INPUTS["direct"].items():
        shown = [
            table.loc[customer, OUTPUT[line].label(language)]
            for line in ("list_revenue", "discount", "bonus", "cost_of_goods")
        ]
        assert shown == [given["omzet"], given["korting"], given["bonus"], given["inkoopwaarde"]]


@LANGUAGES
def test_every_total_is_exact_to_the_cent(refreshed: Callable[[str], Path], language: str) -> None:
    book = refreshed(language)
    results = result_table(book, "outCustomerPl")[OUTPUT["customer_result"].label(language)]
    capacity = result_table(book, "outCapacity").set_index(OUTPUT["pool_id"].label(language))
    tie_out = result_table(book, "outLedgerReconciliation")
    assert cents(results) == cents(EXPECTED["customer_results"])
    for pool, unused in EXPECTED["unused"].items():
        assert cents(capacity.loc[pool, OUTPUT["unused_cost"].label(language)]) == cents(unused), pool
    assert cents(tie_out[OUTPUT["unused_total"].label(language)]) == -cents(EXPECTED["unused_total"])
    assert cents(tie_out[OUTPUT["corporate"].label(language)]) == -cents(EXPECTED["corporate"])
    assert cents(tie_out[OUTPUT["ledger"].label(language)]) == cents(EXPECTED["ledger_result"])
    assert [cents(row) for row in tie_out[OUTPUT["difference"].label(language)]] == [0] * len(tie_out)


@LANGUAGES
def test_the_total_above_the_customers_is_the_sum_of_the_cells(refreshed: Callable[[str], Path], language: str) -> None:
    book = refreshed(language)
    sheet = FileWorkbook(book).read({"nl": "Uitkomst_KlantPL", "en": "Result_CustomerPL"}[language])
    header = sheet.tables["outCustomerPl"][0] - sheet.first_row
    above = {
        str(column.texts[header]): float(column.numbers[header - 1])
        for column in sheet.columns
        if column.texts is not None and column.texts[header]
    }
    table = result_table(book, "outCustomerPl")
    for name in ("list_revenue", "cost_to_serve", "customer_result"):
        label = OUTPUT[name].label(language)
        assert cents(above[label]) == cents(table[label]), label


@LANGUAGES
def test_every_check_is_ok(refreshed: Callable[[str], Path], language: str) -> None:
    checks = result_table(refreshed(language), "outChecks")
    assert len(checks) >= 20
    assert set(checks[OUTPUT["status"].label(language)]) == {"OK"}


@LANGUAGES
def test_libreoffice_calculates_the_same_values_on_every_sheet(
    refreshed: Callable[[str], Path], language: str, tmp_path: Path
) -> None:
    book = refreshed(language)
    stored, calculated = sheet_values(book), recalculated(book, tmp_path)
    assert list(calculated) == list(stored)
    assert different_cells(stored, calculated) == []
    assert not error_cells(tmp_path / book.name)


# the file and what is in it


def test_a_second_refresh_of_the_same_input_gives_the_same_bytes(book: Path) -> None:
    kw.refresh(book, time=RUN_TIME)
    once = book.read_bytes()
    kw.refresh(book, time=RUN_TIME)
    assert book.read_bytes() == once


def test_every_part_of_the_users_sheets_stays_byte_identical(book: Path) -> None:
    before = parts_of(book)
    kw.refresh(book)
    after = parts_of(book)
    assert {name for name, part in before.items() if after.get(name) != part} == OURS_TO_CHANGE


def test_another_output_leaves_the_workbook_as_it_is(book: Path) -> None:
    before, other = book.read_bytes(), book.with_name("ander.xlsx")
    done = kw.refresh(book, other)
    assert book.read_bytes() == before
    assert (done.path, done.backup) == (other, None)
    assert cents(result_table(other, "outCustomerPl")["Klantresultaat"]) == cents(EXPECTED["customer_results"])
    assert sorted(path.name for path in book.parent.iterdir()) == ["ander.xlsx", "boek.xlsx"]


def test_restore_brings_the_previous_version_back_byte_for_byte(book: Path) -> None:
    before = book.read_bytes()
    done = kw.refresh(book)
    assert book.read_bytes() != before
    assert kw.restore(book) == done.backup
    assert book.read_bytes() == before


def test_a_book_that_was_never_refreshed_has_nothing_to_restore(book: Path) -> None:
    with pytest.raises(kw.WriteError) as caught:
        kw.restore(book)
    assert fault_codes(caught.value) == ["KW-SA-007"]


# faults


@pytest.mark.parametrize(
    ("sheet", "cell", "content"),
    [
        ("Invoer_Factuurregels", "B7", "geen datum"),
        ("Invoer_Grootboek", "A9", None),
        ("Invoer_Kostenpools", "D9", "veel"),
        ("Invoer_Activiteitvolumes", "D12", -3),
    ],
)
def test_a_broken_cell_stops_the_refresh_and_is_named(
    book: Path, capsys: pytest.CaptureFixture[str], sheet: str, cell: str, content: object
) -> None:
    edit(book, lambda opened: opened[sheet].__setitem__(cell, content))
    before = book.read_bytes()
    assert main(["refresh", str(book)]) == BAD_INPUT
    said = capsys.readouterr().err
    assert f"{sheet}!{cell} · " in said
    assert content is None or f'"{content}"' in said
    assert book.read_bytes() == before
    assert [path.name for path in book.parent.iterdir()] == [book.name]


def test_all_broken_cells_are_named_in_one_go(book: Path) -> None:
    def spoil(opened: openpyxl.Workbook) -> None:
        opened["Invoer_Factuurregels"]["B7"] = "geen datum"
        opened["Invoer_Kostenpools"]["D9"] = "veel"
        opened["Invoer_Activiteitvolumes"]["D12"] = -3

    edit(book, spoil)
    with pytest.raises(kw.InputError) as caught:
        kw.refresh(book)
    assert [(fault.sheet, fault.cell) for fault in caught.value.faults] == [
        ("Invoer_Factuurregels", "B7"), ("Invoer_Kostenpools", "D9"), ("Invoer_Activiteitvolumes", "D12"),
    ]  # fmt: skip


def test_a_sheet_of_the_user_with_our_name_is_never_overwritten(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(book, lambda opened: opened.create_sheet("Uitkomst_KlantPL").__setitem__("A1", "van mij"))
    before = book.read_bytes()
    assert main(["refresh", str(book)]) == CANNOT_WRITE
    assert "Uitkomst_KlantPL" in capsys.readouterr().err
    assert book.read_bytes() == before


def test_a_book_that_a_colleague_has_open_is_left_alone(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = "Anna de Vries"
    narrow = bytes([len(name)]) + name.encode("cp1252").ljust(54)
    owner = narrow + len(name).to_bytes(2, "little") + name.encode("utf-16-le").ljust(108)  # 165 bytes, as Excel
    book.with_name(f"~${book.name}").write_bytes(owner)
    before = book.read_bytes()
    assert main(["refresh", str(book)]) == CANNOT_WRITE
    assert name in capsys.readouterr().err
    assert book.read_bytes() == before


def test_a_ledger_that_does_not_tie_is_written_and_marked(book: Path) -> None:
    edit(book, lambda opened: opened["Invoer_Grootboek"].__setitem__("E6", -1_000_100))
    outcome = kw.refresh(book).outcome
    assert not outcome.ok
    checks = result_table(book, "outChecks")
    wrong = checks[checks["Status"] == "FOUT"]
    assert set(wrong["Verschil"]) == {-100.0}


# the user's own column


@pytest.mark.parametrize("inside", [False, True], ids=["beside the table", "taken into the table by Excel"])
def test_the_users_own_column_follows_its_customer(book: Path, *, inside: bool) -> None:
    kw.refresh(book)
    notes = {"A": "bellen", "C": "prijsafspraak", "D": 12.5}
    edit(book, lambda opened: add_column(opened["Uitkomst_KlantPL"], "Mijn notitie", notes, inside=inside))
    edit(book, lambda opened: add_row_on_top(opened["Invoer_Klanten"], ["0900", "Nieuwe klant"]))
    kw.refresh(book)
    table = result_table(book, "outCustomerPl")
    assert list(table["Klantnummer"]) == ["0900", "A", "B", "C", "D"]
    assert list(table["Mijn notitie"]) == ["", "bellen", "", "prijsafspraak", 12.5]
    assert cents(table["Klantresultaat"]) == cents(EXPECTED["customer_results"])


def test_cells_of_the_user_on_a_sheet_of_the_user_stay(book: Path) -> None:
    edit(book, lambda opened: opened.create_sheet("Kladblok").__setitem__("C3", "=SUM(1,2)"))
    kw.refresh(book)
    assert openpyxl.load_workbook(book)["Kladblok"]["C3"].value == "=SUM(1,2)"
