"""Reading and writing cells as over COM."""

import datetime as dt
from decimal import Decimal

import numpy as np
import openpyxl
import pandas as pd
import pytest

from addin.engine import ComError, open_book, save

PREFIXES = ["=1+1", "+1", "-1", "@A", "0123", "1-2", "WAAR", "#N/A", "'x", "\tx", "2025-01-01", "1E5"]


def test_values_come_as_com_gives_them(sheet):
    sheet["A1:F1"].value = [3, "tekst", True, dt.date(2025, 1, 31), None, 0.5]
    assert sheet["A1:F1"].raw_value == ((3.0, "tekst", True, dt.datetime(2025, 1, 31, tzinfo=dt.UTC), None, 0.5),)
    assert isinstance(sheet["A1"].raw_value, float)


def test_a_single_cell_is_a_scalar(sheet):
    sheet["B2"].raw_value = 5
    assert sheet["B2"].raw_value == 5.0
    assert sheet["B2"].value == 5.0


def test_currency_cells_give_decimals_cut_to_four_places(sheet):
    sheet["A1:A2"].value = [[1.23456789], [2]]
    sheet["A1:A2"].number_format = "€ #,##0.00"
    assert sheet["A1:A2"].raw_value == ((Decimal("1.2346"),), (Decimal("2.0000"),))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("#N/A", -2146826246),
        ("#DIV/0!", -2146826281),
        ("#VALUE!", -2146826273),
        ("#REF!", -2146826265),
        ("#NAME?", -2146826259),
        ("#NUM!", -2146826252),
        ("#NULL!", -2146826288),
    ],
)
def test_errors_come_as_numbers(sheet, text, code):
    sheet["A1"].raw_value = text
    assert sheet["A1"].raw_value == code
    assert sheet["A1"].value is None
    assert sheet["A1"].options(err_to_str=True).value == text


def test_newer_errors_pass_xlwings_as_numbers(tmp_path):
    made = openpyxl.Workbook()
    made.active["A1"] = "#SPILL!"
    made.active["A1"].data_type = "e"
    made.save(tmp_path / "spill.xlsx")
    cell = open_book(tmp_path / "spill.xlsx").sheets[0]["A1"]
    assert cell.raw_value == -2146826243
    assert cell.options(err_to_str=True).value == -2146826243


def test_formulas_give_their_last_result(tmp_path):
    from libreoffice import convert  # noqa: PLC0415

    made = openpyxl.Workbook()
    made.active.append([1, 2, "=A1+B1", '="t"&A1', "=1/0"])
    made.save(tmp_path / "made.xlsx")
    sheet = open_book(convert(tmp_path / "made.xlsx", "xlsx", tmp_path / "out")).sheets[0]
    assert sheet["A1:E1"].raw_value == ((1.0, 2.0, 3.0, "t1", -2146826281),)
    assert sheet["C1"].formula == "=A1+B1"
    sheet["C1"].formula = "=A1-B1"
    assert sheet["C1"].raw_value is None


@pytest.mark.parametrize("text", PREFIXES)
def test_text_format_keeps_every_text(sheet, text):
    sheet["A1"].number_format = "@"
    sheet["A1"].value = text
    assert sheet["A1"].raw_value == text
    assert sheet["A1"].formula == text


@pytest.mark.parametrize("text", PREFIXES)
def test_without_text_format_no_such_text_survives(sheet, text):
    sheet["A1"].value = text
    changed = sheet["A1"].raw_value != text
    assert changed == (not text.startswith("\t"))


def test_format_must_come_before_the_value(sheet):
    sheet["A1"].value = "0123"
    sheet["A1"].number_format = "@"
    assert sheet["A1"].raw_value == 123.0


def test_a_whole_column_keeps_its_format_for_new_cells(sheet):
    sheet["C:C"].number_format = "@"
    sheet["C7"].value = "0123"
    assert sheet["C7"].raw_value == "0123"


def test_empty_text_and_none_empty_a_cell(sheet):
    sheet["A1:B1"].value = [1, 2]
    sheet["A1:B1"].raw_value = [["", None]]
    assert sheet["A1:B1"].raw_value == ((None, None),)


@pytest.mark.parametrize("values", [[[1, 2]], [[1], [2], [3]], [1, 2], [[1, 2], [3]]])
def test_values_of_another_shape_are_refused(sheet, values):
    with pytest.raises(ComError):
        sheet["A1:A2"].raw_value = values


def test_a_table_of_values_takes_shorter_texts_than_a_cell(sheet):
    sheet["A1"].raw_value = "x" * 32767
    with pytest.raises(ComError):
        sheet["A1:A2"].raw_value = [["x" * 8204], ["y"]]
    sheet["A1:A2"].raw_value = [["x" * 8203], ["y"]]
    assert len(sheet["A1"].raw_value) == 8203


def test_one_value_fills(sheet):
    sheet["A1:B2"].raw_value = 7
    assert sheet["A1:B2"].raw_value == ((7.0, 7.0), (7.0, 7.0))


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (np.int64(1), TypeError),
        (dt.date(2025, 1, 1), TypeError),
        (2**31, OverflowError),
        (float("nan"), ComError),
        ("x" * 32768, ComError),
        ("=1+(2", ComError),
    ],
)
def test_what_pywin32_or_excel_refuses(sheet, value, error):
    with pytest.raises(error):
        sheet["A1"].raw_value = value


def test_frames_are_converted_by_xlwings(sheet):
    frame = pd.DataFrame({"n": [1, 2], "d": [pd.Timestamp("2025-01-01"), pd.NaT], "x": [np.nan, "t"]})
    sheet["A1"].options(index=False).value = frame
    assert sheet["A2:C3"].value == [[1.0, dt.datetime(2025, 1, 1), None], [2.0, None, "t"]]


def test_text_that_looks_like_a_formula_survives_the_file(sheet, book, tmp_path):
    sheet["A1"].number_format = "@"
    sheet["A1"].value = "=HYPERLINK(0)"
    assert open_book(save(book, tmp_path / "book.xlsx")).sheets[0]["A1"].raw_value == "=HYPERLINK(0)"


def test_times_are_moments_on_day_zero(sheet):
    sheet["A1"].value = "10:30"
    assert sheet["A1"].raw_value == dt.datetime(1899, 12, 30, 10, 30, tzinfo=dt.UTC)


def test_ranges_without_cells_do_nothing(sheet):
    empty = sheet["A1"][0:0, 0:0]
    empty.raw_value = 5
    assert empty.raw_value is None
    assert sheet["A1"].raw_value is None


def test_edges_and_regions(sheet):
    sheet["B2"].value = [[1, 2], [3, 4], [None, 5]]
    assert sheet["B2"].expand().address == "$B$2:$C$3"
    assert sheet["C2"].end("down").address == "$C$4"
    assert sheet["C2"].end("up").address == "$C$1"
    assert sheet["B3"].current_region.address == "$B$2:$C$4"
    assert sheet["E9"].end("left").address == "$A$9"
    assert sheet.used_range.address == "$B$2:$C$4"
