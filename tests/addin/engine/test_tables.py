"""Tables, and the order in which Excel lets them be written."""

import pytest

from addin.engine import ComError, open_book, save


@pytest.fixture
def table(sheet):
    sheet["A1"].value = [["Klant", "Kosten"], ["A", 1], ["B", 2]]
    return sheet.tables.add(sheet["A1:B3"], name="tblKosten")


def column_names(table):
    return [column.name for column in table.columns]


def test_a_table_and_its_parts(sheet, table):
    assert table.name == "tblKosten"
    assert (table.range.address, table.header_row_range.address, table.data_body_range.address) == (
        "$A$1:$B$3",
        "$A$1:$B$1",
        "$A$2:$B$3",
    )
    assert column_names(table) == ["Klant", "Kosten"]
    assert table.show_autofilter
    assert sheet["A2"].table == table
    assert "tblKosten" in sheet.tables
    assert "TBLKOSTEN" in sheet.tables


def test_ranges_by_the_table(sheet, table):
    assert sheet["tblKosten"].address == "$A$2:$B$3"
    assert sheet["tblKosten[#All]"].address == "$A$1:$B$3"
    assert sheet["tblKosten[Kosten]"].address == "$B$2:$B$3"
    assert sheet["tblKosten[[#Headers],[Kosten]]"].address == "$B$1"


@pytest.mark.parametrize("address", ["A1:B2", "B3:C9"])
def test_tables_do_not_overlap(sheet, table, address):
    with pytest.raises(ComError, match="overlap"):
        sheet.tables.add(sheet[address], name="tblTwee")


@pytest.mark.parametrize("name", ["tblkosten", "A1", "R1C1", "c", "twee woorden", "1e", "klant-pl"])
def test_a_refused_name_leaves_an_unnamed_table(book, table, name):
    other = book.sheets.add("Ander")
    with pytest.raises(ComError):
        other.tables.add(other["A1:B2"], name=name)
    assert [made.name for made in other.tables] == ["Tabel1"]


def test_a_name_of_the_book_is_no_name_for_a_table(book, sheet, table):
    book.names.add("eigen", "=Blad1!$A$1")
    with pytest.raises(ComError, match="in use"):
        table.name = "Eigen"


def test_header_cells_become_unique_texts(sheet):
    sheet["A1"].value = [[2025, None, "Naam", "naam"], [1, 2, 3, 4]]
    table = sheet.tables.add(sheet["A1:D2"], name="tblKop")
    assert column_names(table) == ["2025", "Kolom2", "Naam", "naam2"]
    assert sheet["A1:D1"].value == ["2025", "Kolom2", "Naam", "naam2"]


def test_english_excel_names_in_english(excel, sheet):
    excel.language = "en"
    assert column_names(sheet.tables.add(sheet["A1:B2"])) == ["Column1", "Column2"]
    assert sheet.tables[0].name == "Table1"


def test_a_new_header_renames_the_column_and_what_refers_to_it(sheet, table):
    sheet["D1"].formula2 = '=SUM(tblKosten[Kosten])&"tblKosten[Kosten]"'
    sheet["B1"].value = "Bedrag"
    assert column_names(table) == ["Klant", "Bedrag"]
    assert sheet["D1"].formula == '=SUM(tblKosten[Bedrag])&"tblKosten[Kosten]"'


def test_renaming_a_table_renames_it_in_formulas_and_keeps_its_place(sheet, table):
    sheet.tables.add(sheet["F1:G2"], name="tblTweede")
    sheet["D1"].formula2 = "=SUM(tblKosten[Kosten])"
    table.name = "tblNieuw"
    assert sheet["D1"].formula == "=SUM(tblNieuw[Kosten])"
    assert [each.name for each in sheet.tables] == ["tblNieuw", "tblTweede"]


def test_resizing(sheet, table):
    sheet["C1"].value = "Extra"
    table.resize(sheet["A1:C6"])
    assert (table.range.address, column_names(table)) == ("$A$1:$C$6", ["Klant", "Kosten", "Extra"])
    table.resize(sheet["A1:A2"])
    assert column_names(table) == ["Klant"]
    assert sheet["B3"].value == 2


@pytest.mark.parametrize("address", ["A2:B4", "D1:E4", "A1:B1", "A1:F3"])
def test_impossible_sizes(sheet, table, address):
    sheet.tables.add(sheet["E2:F3"], name="tblInDeWeg")
    with pytest.raises(ComError):
        table.resize(sheet[address])
    assert table.range.address == "$A$1:$B$3"


@pytest.mark.parametrize(
    "formula",
    [
        "=SUM(tblAnders[Kosten])",
        "=SUM(tblKosten[Prijs])",
        "=tblKosten[[#This Row],[Kosten]]",
        "=[@Kosten]",
        "=SUM(A1;A2)",
        '="a',
        "=SUM(A1",
    ],
)
def test_formulas_that_excel_does_not_take(sheet, table, formula):
    for member in ("formula", "formula2", "value"):
        with pytest.raises(ComError):
            setattr(sheet["D2"], member, formula)
    assert sheet["D2"].formula == ""


@pytest.mark.parametrize(
    "formula",
    ["=tblKosten[[#This Row],[Kosten]]*2", "=[@Kosten]*2", "=SUM([Kosten])", "=tblKosten[@Kosten]", '=SUM({1;2})&";"'],
)
def test_formulas_of_the_table_fill_its_column(sheet, table, formula):
    sheet["C1"].value = "Dubbel"
    table.resize(sheet["A1:C3"])
    sheet["C2:C3"].formula2 = formula
    assert sheet["C2:C3"].formula == ((formula,), (formula,))


def test_the_table_comes_before_the_formula(sheet):
    sheet["A1"].value = [["Klant", "Kosten"], ["A", 1]]
    with pytest.raises(ComError):
        sheet["D1"].formula2 = "=SUM(tblLater[Kosten])"
    sheet.tables.add(sheet["A1:B2"], name="tblLater")
    sheet["D1"].formula2 = "=SUM(tblLater[Kosten])"
    assert sheet["D1"].formula2 == "=SUM(tblLater[Kosten])"


def test_a_formula_in_a_text_cell_is_text(sheet):
    sheet["A1"].number_format = "@"
    sheet["A1"].formula2 = "=1+1"
    assert sheet["A1"].raw_value == "=1+1"


def test_deleting_the_sheet_breaks_what_referred_to_it(book, sheet, table):
    other = book.sheets.add("Eigen")
    other["A1"].formula2 = "=SUM(tblKosten[Kosten])+Blad1!A2"
    book.names.add("kosten", "=tblKosten[Kosten]")
    sheet.delete()
    assert other["A1"].formula2 == "=SUM(#REF!)+#REF!"
    assert book.names["kosten"].refers_to == "=#REF!"


def test_merged_cells_and_tables_exclude_each_other(sheet, table):
    with pytest.raises(ComError):
        sheet["A2:B2"].merge()
    sheet["D1:E1"].merge()
    with pytest.raises(ComError):
        sheet.tables.add(sheet["D1:E2"])


def test_a_table_survives_the_file(book, sheet, table, tmp_path):
    table.show_table_style_row_stripes = False
    table.show_autofilter = False
    table.table_style = "TableStyleLight1"
    again = open_book(save(book, tmp_path / "book.xlsx")).sheets[0].tables["tblKosten"]
    assert (again.range.address, column_names(again), again.table_style) == (
        "$A$1:$B$3",
        ["Klant", "Kosten"],
        "TableStyleLight1",
    )
    assert (again.show_autofilter, again.show_table_style_row_stripes) == (False, False)


@pytest.mark.parametrize(
    ("address", "values", "area", "names"),
    [
        ("A4:B4", [["C", 3]], "$A$1:$B$4", ["Klant", "Kosten"]),
        ("B4", 3, "$A$1:$B$4", ["Klant", "Kosten"]),
        ("C1:C2", [["Extra"], [1]], "$A$1:$C$3", ["Klant", "Kosten", "Extra"]),
        ("C2", 1, "$A$1:$C$3", ["Klant", "Kosten", "Kolom3"]),
        ("A5", 1, "$A$1:$B$3", ["Klant", "Kosten"]),
        ("B4:C4", [[1, 2]], "$A$1:$B$3", ["Klant", "Kosten"]),
        ("A4:B6", [["", None], [None, 1], ["", ""]], "$A$1:$B$3", ["Klant", "Kosten"]),
        ("A4", None, "$A$1:$B$3", ["Klant", "Kosten"]),
    ],
)
def test_tables_grow_over_what_is_written_against_them(sheet, table, address, values, area, names):
    sheet[address].raw_value = values
    assert (table.range.address, column_names(table)) == (area, names)


def test_tables_stay_as_they_are_when_told(excel, sheet, table):
    excel.tables_grow = False
    sheet["A4:B4"].value = ["C", 3]
    assert table.range.address == "$A$1:$B$3"
