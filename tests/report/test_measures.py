"""What tables add for their reader: a format per measure, a unit per setting, a name beside every customer number."""

import io
from datetime import datetime

import openpyxl
import pytest

from companies import analysed, trader
from klantwaarde.report.blocks import TableBlock
from klantwaarde.report.layout import build_report
from klantwaarde.report.runlog import stamp_of
from klantwaarde.workbook.render import as_file


@pytest.fixture(scope="module")
def book() -> openpyxl.Workbook:
    outcome = analysed({"clv_growth": 0.02}, **trader())
    return openpyxl.load_workbook(
        io.BytesIO(as_file(build_report(outcome, stamp_of(outcome, time=datetime(2026, 1, 15), version="1"))))
    )


def test_counts_shares_and_amounts_of_one_column_look_different(book):
    formats = {row[0].value: row[1].number_format for row in book["Uitkomst_Winstcurve"].iter_rows(max_col=2)}
    assert formats["Klanten"].startswith("#,##0;")
    assert formats["Omzetaandeel grootste klant"].startswith("0.0%")
    assert formats["Netto-omzet"].startswith("#,##0.00;")


def test_the_log_says_settings_with_their_units_in_the_readers_notation(book):
    shown = {row[0].value: row[1].value for row in book["Logboek"].iter_rows(max_col=2)}
    assert shown["Actief binnen"] == "12 maanden"
    assert shown["Groei van de marge"] == "0,02 per jaar"
    assert shown["Disconteringsvoet"] == "10 % per jaar"


def test_a_customer_number_never_stands_without_the_name():
    company = trader(customers=[{"customer_id": "A", "name": "Bakker bv"}, {"customer_id": "B"}])
    outcome = analysed(**company)
    report = build_report(outcome, stamp_of(outcome, time=datetime(2026, 1, 15), version="1"))
    tables = {block.id: block for sheet in report for block in sheet.blocks if isinstance(block, TableBlock)}
    for result in ("customer_pl", "whale_curve", "customer_elements"):
        table = tables[result]
        assert [column.id for column in table.columns][:2] == ["customer_id", "name"]
        assert dict(zip(table.frame["customer_id"], table.frame["name"], strict=True)) == {"A": "Bakker bv", "B": ""}
    assert "name" not in tables["customer_elements"].totals
