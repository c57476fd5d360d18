"""Cells, columns and tables that go elsewhere, and what refers to them."""

import pytest

from addin.engine import ComError


@pytest.fixture
def table(sheet):
    sheet["A1"].value = [["Klant", "Kosten", "Opbrengst"], ["A", 1, 3], ["B", 2, 4]]
    sheet["D2:D3"].value = [["eigen 1"], ["eigen 2"]]
    made = sheet.tables.add(sheet["A1:C3"], name="tblKosten")
    sheet["F2"].formula2 = "=SUM(tblKosten[Kosten])"
    sheet["F5"].formula2 = '=SUM(B2:B3)+$C$2+Blad1!D2+LOG10(B2)&"B2"'
    return made


def columns(table):
    return [column.name for column in table.columns]


def test_a_moved_table_keeps_its_name_and_what_refers_to_it(book, sheet, table):
    book.names.add("kop", "=Blad1!$A$1")
    sheet["A2:A3"].conditional_formats.add_custom("=A2>0", fill_color="#ff0000")
    sheet["B2:B3"].data_validation.set_decimal("greater_than", 0)
    chart = sheet.charts.add(source=sheet["A1:B3"])
    sheet["A1:C3"].move(sheet["A11"])
    assert table.range.address == "$A$11:$C$13"
    assert sheet["A1:C3"].value == [[None] * 3] * 3
    assert sheet["A12:C12"].value == ["A", 1, 3]
    assert sheet["F2"].formula == "=SUM(tblKosten[Kosten])"
    assert sheet["F5"].formula == '=SUM(B12:B13)+$C$12+Blad1!D2+LOG10(B12)&"B2"'
    assert book.names["kop"].refers_to == "=Blad1!$A$11"
    assert (len(sheet["A12"].conditional_formats), sheet["B13"].data_validation.type) == (1, "decimal")
    assert chart.impl.record.source[1].ref == "A11:B13"


def test_half_a_table_does_not_move_and_none_is_overwritten(sheet, table):
    other = sheet.tables.add(sheet["H1:I2"], name="tblAnder")
    with pytest.raises(ComError):
        other.range.move(sheet["B2"])
    with pytest.raises(ComError):
        sheet["A1:B3"].move(sheet["A11"])
    assert (table.range.address, other.range.address) == ("$A$1:$C$3", "$H$1:$I$2")


def test_a_column_put_in_moves_what_is_right_of_it(sheet, table):
    table.columns.add("Marge", 2)
    assert columns(table) == ["Klant", "Marge", "Kosten", "Opbrengst"]
    assert table.range.address == "$A$1:$D$3"
    assert sheet["A2:E2"].value == ["A", None, 1, 3, "eigen 1"]
    assert sheet["G2"].formula == "=SUM(tblKosten[Kosten])"
    assert sheet["F5"].formula == '=SUM(C2:C3)+$D$2+Blad1!E2+LOG10(C2)&"B2"'


def test_a_column_at_the_end(sheet, table):
    table.columns.add("0123")
    assert columns(table) == ["Klant", "Kosten", "Opbrengst", "0123"]
    assert sheet["A2:E2"].value == ["A", 1, 3, None, "eigen 1"]


def test_a_column_taken_out_breaks_what_refers_to_it(sheet, table):
    sheet["B2:B3"].data_validation.set_decimal("greater_than", 0)
    sheet["B2:B3"].conditional_formats.add_custom("=B2>0", fill_color="#ff0000")
    table.columns["Kosten"].delete()
    assert (columns(table), table.range.address) == (["Klant", "Opbrengst"], "$A$1:$B$3")
    assert sheet["A2:C2"].value == ["A", 3, "eigen 1"]
    assert (sheet["B2"].data_validation.type, len(sheet["B2"].conditional_formats)) == ("none", 0)
    assert sheet["E2"].formula == "=SUM(#REF!)"
    assert sheet["F5"].formula == '=SUM(#REF!)+$B$2+Blad1!C2+LOG10(#REF!)&"B2"'


def test_no_shift_tears_another_table_apart(sheet, table):
    sheet.tables.add(sheet["H1:I9"], name="tblHoog")
    with pytest.raises(ComError, match="shift"):
        table.columns.add("Marge", 2)
    with pytest.raises(ComError, match="shift"):
        table.columns["Kosten"].delete()


def test_a_table_of_the_same_rows_shifts_along(sheet, table):
    beside = sheet.tables.add(sheet["H1:I3"], name="tblNaast")
    table.columns.add("Marge", 2)
    assert beside.range.address == "$I$1:$J$3"


def test_references_follow_a_column_by_its_place(sheet, table):
    sheet["C2:C3"].formula2 = "=[@Kosten]*2"
    sheet["F3"].formula2 = "=SUM(tblKosten[[Kosten]:[Opbrengst]])+SUM(tblKosten[[#Headers],[Kosten]])"
    sheet["A1:C1"].value = ["Kosten", "Bedrag", "Klant"]
    assert columns(table) == ["Kosten2", "Bedrag", "Klant"]
    assert sheet["F2"].formula == "=SUM(tblKosten[Bedrag])"
    assert sheet["F3"].formula == "=SUM(tblKosten[[Bedrag]:[Klant]])+SUM(tblKosten[[#Headers],[Bedrag]])"
    assert sheet["C2"].formula == "=[@Bedrag]*2"


def test_resizing_a_column_away_breaks_what_refers_to_it(sheet, table):
    table.resize(sheet["A1:A3"])
    assert sheet["F2"].formula == "=SUM(#REF!)"


def test_clearing_a_whole_table_takes_it_away(sheet, table):
    sheet["A1:C3"].clear()
    assert "tblKosten" not in sheet.tables
    assert sheet["F2"].formula == "=SUM(#REF!)"
    sheet.tables.add(sheet["A1:B2"], name="tblKosten")


def test_clearing_contents_keeps_the_table(sheet, table):
    sheet["A1:C3"].clear_contents()
    assert columns(table) == ["Kolom1", "Kolom2", "Kolom3"]
    assert sheet["F2"].formula == "=SUM(tblKosten[Kolom2])"
