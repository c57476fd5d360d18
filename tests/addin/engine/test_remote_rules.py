"""The rules of the remote engine on the test engine: refusals, and reads from the book as it was sent."""

import datetime as dt

import pytest
import xlwings as xw

from addin.engine import ComError


@pytest.fixture
def sent(excel, book):
    sheet = book.sheets[0]
    sheet["A1"].value = [["Klant", "Datum"], ["A", dt.date(2025, 1, 31)], ["B", None]]
    sheet.tables.add(sheet["A1:B3"], name="tblKlanten")
    excel.remote_like = True
    return sheet


def test_values_come_as_the_client_sends_them(sent):
    assert sent["A1:B3"].raw_value == [("Klant", "Datum"), ("A", "2025-01-31T00:00:00.000Z"), ("B", "")]
    assert sent["A2"].raw_value == [("A",)]
    assert sent["A5"].raw_value == [(None,)]
    assert sent["A2:B3"].value == [["A", dt.datetime(2025, 1, 31)], ["B", None]]
    assert sent.book.app.engine.type == "remote"


def test_a_read_after_a_write_gives_the_old_value(excel, sent):
    sent["A2"].value = "Z"
    assert sent["A2"].value == "A"
    excel.remote_like = False
    assert sent["A2"].value == "Z"


def test_a_resized_table_shows_its_old_place(excel, sent):
    table = sent.tables["tblKlanten"]
    table.resize(sent["A1:B9"])
    assert (table.range.address, table.data_body_range.address) == ("$A$1:$B$3", "$A$2:$B$3")
    excel.remote_like = False
    assert table.range.address == "$A$1:$B$9"


def test_a_new_table_shows_its_source_only(sent):
    table = sent.tables.add(sent["D1:E2"], name="tblNieuw")
    assert (table.range.address, table.header_row_range, table.data_body_range) == ("$D$1:$E$2", None, None)
    with pytest.raises(xw.XlwingsError):
        len(table.columns)


def test_a_new_sheet_is_empty_whatever_was_written(sent):
    made = sent.book.sheets.add("Nieuw")
    made["A1"].value = 5
    assert made["A1"].value is None
    assert made.used_range.address == "$A$1"
    assert sent.used_range.address == "$A$1:$B$3"


def test_sheets_are_added_at_the_end_and_one_too_early_before_another(sent):
    sheets = sent.book.sheets
    sheets.add("Twee")
    sheets.add("Drie")
    sheets.add("Voor", before=sheets["Drie"])
    assert sent.book.sheet_names == ["Blad1", "Voor", "Twee", "Drie"]


@pytest.mark.parametrize(
    "read",
    [
        lambda sheet: sheet.book.app.status_bar,
        lambda sheet: sheet.book.app.screen_updating,
        lambda sheet: sheet.book.app.enable_events,
        lambda sheet: sheet.book.app.version,
        lambda sheet: sheet["A1"].formula,
        lambda sheet: sheet["A1"].formula2,
        lambda sheet: sheet["A1"].number_format,
        lambda sheet: sheet["A1"].color,
        lambda sheet: sheet["A1"].font.bold,
        lambda sheet: sheet["A1"].borders["edge_top"].line_style,
        lambda sheet: sheet["A1"].column_width,
        lambda sheet: sheet["A1"].current_region,
        lambda sheet: sheet["A1"].left,
        lambda sheet: sheet["A1"].table,
        lambda sheet: len(sheet["A1"].conditional_formats),
        lambda sheet: sheet["A1"].data_validation.type,
        lambda sheet: sheet.charts.add(source=sheet["A1:B3"]).series[0],
        lambda sheet: sheet.charts.add(source=sheet["A1:B3"]).title,
        lambda sheet: sheet.charts.add(source=sheet["A1:B3"]).value_axis.visible,
    ],
)
def test_what_cannot_be_read(sent, read):
    with pytest.raises(NotImplementedError):
        read(sent)


def test_what_cannot_be_set(sent, tmp_path):
    with pytest.raises(NotImplementedError):
        sent.book.app.status_bar = "bezig"
    with pytest.raises(NotImplementedError):
        sent.book.app.enable_events = False
    with pytest.raises(NotImplementedError):
        sent.book.save(tmp_path / "elders.xlsx")
    with pytest.raises(NotImplementedError):
        sent.book.to_pdf(tmp_path / "boek.pdf")


def test_what_json_cannot_carry_is_refused_and_none_changes_nothing(excel, sent):
    with pytest.raises(TypeError):
        sent["A1"].raw_value = dt.datetime(2025, 1, 1)
    sent["A2:B2"].raw_value = [[None, "x"]]
    sent["A3"].value = None
    excel.remote_like = False
    assert sent["A2:A3"].value == ["A", None]


def test_dates_travel_as_texts_and_arrive_as_dates(excel, sent):
    sent["B2"].value = dt.date(2025, 5, 1)
    sent["B3"].value = dt.datetime(2025, 5, 1, 10, 30)
    excel.remote_like = False
    assert sent["B2:B3"].value == [dt.datetime(2025, 5, 1), dt.datetime(2025, 5, 1, 10, 30)]


def test_column_widths_are_points(excel, sent):
    sent["A1"].column_width = 108.75
    excel.remote_like = False
    assert sent["A1"].column_width == 20


def test_messages_are_queued_without_an_answer(sent):
    assert sent.book.app.alert("Klaar.") is None


def test_desktop_rules_return(excel, sent):
    excel.remote_like = False
    sent.book.app.status_bar = "weer"
    with pytest.raises(NotImplementedError):
        sent.freeze_panes.freeze_at("A1")
    with pytest.raises(ComError):
        sent.book.sheets["weg"]
