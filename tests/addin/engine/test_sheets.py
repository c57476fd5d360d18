"""Sheets, names and the book."""

import pytest
import xlwings as xw

from addin.engine import ComError, new_book, open_book, recalculate, save
from addin.engine.contents import contents_of


def test_adding_goes_before_the_active_sheet_and_activates(book):
    book.sheets.add("Eerst")
    assert (book.sheet_names, book.sheets.active.name) == (["Eerst", "Blad1"], "Eerst")
    book.sheets.add("Laatst", after=book.sheets["Blad1"])
    assert book.sheet_names == ["Eerst", "Blad1", "Laatst"]
    book.sheets.add(before=book.sheets["Blad1"])
    assert book.sheet_names == ["Eerst", "Blad2", "Blad1", "Laatst"]


@pytest.mark.parametrize("name", ["a:b", "'x", "x'", "History", "blad1"])
def test_refused_names(book, name):
    made = book.sheets.add("Nieuw")
    with pytest.raises(ComError):
        made.name = name
    assert made.name == "Nieuw"


def test_a_missing_sheet_is_a_com_error(book):
    with pytest.raises(ComError, match="Subscript"):
        book.sheets["Weg"]
    assert "Blad1" not in book.sheets  # xlwings' own collection of sheets knows no names: look in sheet_names


def test_renaming_moves_references_along(book, sheet):
    other = book.sheets.add("Ander blad")
    sheet["A1"].formula = "='Ander blad'!A1+Blad1!B1"
    book.names.add("plek", "='Ander blad'!$A$1")
    other.name = "Ander"
    assert sheet["A1"].formula == "=Ander!A1+Blad1!B1"
    assert book.names["plek"].refers_to == "=Ander!$A$1"


def test_one_sheet_stays_visible(book, sheet):
    with pytest.raises(ComError):
        sheet.delete()
    with pytest.raises(ComError):
        sheet.visible = False
    hidden = book.sheets.add("Verborgen")
    hidden.visible = False
    assert (hidden.visible, book.sheets.active.name) == (False, "Blad1")
    with pytest.raises(ComError):
        hidden.activate()
    hidden.delete()
    assert book.sheet_names == ["Blad1"]


def test_copying_takes_everything_along(book, sheet):
    sheet["A1"].value = [["Klant", "Kosten"], ["A", 1]]
    sheet.tables.add(sheet["A1:B2"], name="tblKosten")
    sheet["B2"].conditional_formats.add_cell_value("less_than", 0, font_color=(255, 0, 0))
    sheet.names.add("lokaal", "=Blad1!$A$1")
    chart = sheet.charts.add(source=sheet["A1:B2"], chart_type="bar_clustered", name="Kosten")
    copied = sheet.copy(after=sheet, name="Kopie")
    assert book.sheet_names == ["Blad1", "Kopie"]
    assert copied.tables[0].name == "tblKosten2"
    assert copied["A2:B2"].value == ["A", 1]
    assert len(copied["B2"].conditional_formats) == 1
    assert [name.name for name in copied.names] == ["Kopie!lokaal"]
    chart.delete()
    assert [each.name for each in copied.charts] == ["Kosten"]


def test_moving(book, sheet):
    book.sheets.add("Ander")
    sheet.move(before=book.sheets["Ander"])
    assert book.sheet_names == ["Blad1", "Ander"]


def test_names_of_book_and_sheet(book, sheet):
    book.names.add("periode", "=Blad1!$B$2:$B$3")
    sheet.names.add("lokaal", "=Blad1!$C$1")
    book.names.add("Blad1!ook", "=5")
    book.names.add("tekst", "geen formule")
    assert [name.name for name in book.names] == ["periode", "tekst", "Blad1!lokaal", "Blad1!ook"]
    assert book.names["PERIODE"].refers_to_range.address == "$B$2:$B$3"
    assert sheet["periode"].address == "$B$2:$B$3"
    assert book.names["tekst"].refers_to == '="geen formule"'
    assert [name.name for name in sheet.names] == ["Blad1!lokaal", "Blad1!ook"]
    assert "periode" in book.names
    assert "weg" not in book.names
    book.names["periode"].refers_to = "=Blad1!$A$1"
    assert sheet["A1"].name.name == "periode"
    book.names["periode"].delete()
    assert "periode" not in book.names
    with pytest.raises(ComError):
        book.names["periode"]


@pytest.mark.parametrize("name", ["A1", "r1c1", "met spatie", "1e"])
def test_refused_defined_names(book, name):
    with pytest.raises(ComError):
        book.names.add(name, "=1")


def test_gridlines_print_area_and_selection(book, sheet):
    sheet.show_gridlines = False
    sheet.page_setup.print_area = "$A$1:$B$5"
    sheet["B2:C3"].select()
    assert (sheet.show_gridlines, sheet.page_setup.print_area, book.app.selection.address) == (
        False,
        "$A$1:$B$5",
        "$B$2:$C$3",
    )
    book.sheets.add("Ander")
    with pytest.raises(ComError):
        sheet["A1"].select()


def test_two_books_with_one_name_cannot_be_open(book, tmp_path):
    path = save(book, tmp_path / "boek.xlsx")
    first = open_book(path)
    with pytest.raises(ComError):
        open_book(path)
    first.close()
    assert open_book(path).name == "boek.xlsx"


def test_the_active_book_and_the_mock_caller(book):
    other = new_book()
    assert other.name == "Map2"
    assert book.app.books.active == other
    book.activate()
    assert book.app.books.active == book
    book.set_mock_caller()
    assert xw.Book.caller() == book


def test_saving_makes_the_book_that_file(book, sheet, tmp_path):
    sheet["A1"].value = "x"
    book.save(tmp_path / "nieuw.xlsx")
    assert (book.name, book.fullname) == ("nieuw.xlsx", str(tmp_path / "nieuw.xlsx"))
    sheet["A1"].value = "y"
    book.save()
    book.close()
    assert open_book(tmp_path / "nieuw.xlsx").sheets[0]["A1"].value == "y"


def test_contents_tell_books_apart(book, sheet, tmp_path):
    sheet["A1"].value = "x"
    before = contents_of(book)
    sheet["A1"].font.bold = True
    assert contents_of(book) != before
    sheet["A1"].font.bold = False
    sheet["A1"].value = "x"
    assert contents_of(book) == before
    assert contents_of(open_book(save(book, tmp_path / "boek.xlsx"))) == before


def test_libreoffice_computes_and_draws(book, sheet, tmp_path):
    sheet["A1"].value = [["Klant", "Kosten"], ["A", 1], ["B", 2]]
    sheet.tables.add(sheet["A1:B3"], name="tblKosten")
    sheet["D1"].formula2 = "=SUM(tblKosten[Kosten])"
    recalculate(book)
    assert sheet["D1"].raw_value == 3.0
    book.to_pdf(tmp_path / "boek.pdf")
    assert (tmp_path / "boek.pdf").read_bytes().startswith(b"%PDF")
