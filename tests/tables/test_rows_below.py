"""Rows that a program wrote below an Excel table, as many do: they are read, and the user hears it."""

import datetime as dt
import io

import openpyxl
from openpyxl.utils import range_boundaries

import klantwaarde
from klantwaarde.workbook.template import build_template


def test_rows_below_an_excel_table_are_read_and_reported_and_a_note_there_is_not_a_row(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(build_template("nl")))
    customers, lines = book["Invoer_Klanten"], book["Invoer_Factuurregels"]
    _, top, _, bottom = range_boundaries(customers.tables["tblCustomers"].ref)
    for number in range(bottom - top + 3):
        customers.cell(top + 1 + number, 1, f"K{number}")
        customers.cell(top + 1 + number, 2, f"Naam {number}")
    customers.cell(top + 60, 1, "Bron: export van maandag")
    headers = [cell.value for cell in lines[range_boundaries(lines.tables["tblInvoiceLines"].ref)[1]]]
    row = {"Factuurnummer": "F1", "Factuurdatum": dt.date(2025, 1, 2), "Klantnummer": "K0", "Nettobedrag": 100}
    for header, value in row.items():
        lines.cell(range_boundaries(lines.tables["tblInvoiceLines"].ref)[1] + 1, headers.index(header) + 1, value)
    path = tmp_path / "book.xlsx"
    book.save(path)

    tables = klantwaarde.read_tables(path)

    assert len(tables["customers"]) == bottom - top + 3
    warned = [fault for fault in tables.messages if fault.code == "KW-IN-029"]
    assert [(fault.sheet, fault.cell, fault.found) for fault in warned] == [("Invoer_Klanten", f"A{bottom + 1}", 3)]


def test_a_column_written_against_an_excel_table_is_a_variable_too(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(build_template("nl")))
    volumes = book["Invoer_Activiteitvolumes"]
    _, top, right, _ = range_boundaries(volumes.tables["tblActivityVolumes"].ref)
    headers = [cell.value for cell in volumes[top]]
    volumes.cell(top, right + 1, "regels"), volumes.cell(top + 1, right + 1, 7)
    for header, value in {"Klantnummer": "K0", "Activiteitcode": "order", "Aantal": 2}.items():
        volumes.cell(top + 1, headers.index(header) + 1, value)
    path = tmp_path / "book.xlsx"
    book.save(path)
    assert klantwaarde.read_tables(path)["activity_volumes"]["regels"].tolist() == [7.0]
