"""A list of measures shows every figure in its own format; the log shows every setting with its unit."""

import io
from datetime import datetime

import openpyxl
import pytest

from companies import analysed, trader
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
