"""Calls are counted, one can fail, and messages and settings are kept."""

import pytest
import xlwings as xw

from addin.engine import Alert, ComError
from addin.engine.contents import contents_of


def write_twice(sheet):
    sheet["A1"].value = "een"
    sheet["A2"].value = "twee"


def test_calls_are_counted_by_name(excel, sheet):
    excel.calls.clear()
    write_twice(sheet)
    assert excel.calls["Range.raw_value ="] == 2
    assert excel.calls["Range.raw_value"] == 0
    assert excel.calls["Sheet.range"] == 2


@pytest.mark.parametrize("rows", [1, 10, 1000])
def test_the_count_does_not_depend_on_rows(excel, sheet, rows):
    target = sheet["A1"].resize(rows, 3)
    excel.calls.clear()
    target.options(chunksize=None).value = [[1, "x", None]] * rows
    _ = target.raw_value
    assert excel.calls["Range.raw_value ="] == excel.calls["Range.raw_value"] == 1


def test_colouring_cell_by_cell_is_counted_cell_by_cell(excel, sheet):
    excel.calls.clear()
    sheet["A1:B2"].set_colors([["#ff0000"] * 2] * 2)
    assert excel.calls["Range.color ="] == 4


def test_every_call_can_fail_once(excel, sheet, book):
    empty = contents_of(book)
    excel.calls.clear()
    write_twice(sheet)
    total = excel.calls.total()
    sheet["A1:A2"].clear_contents()
    for number in range(1, total + 1):
        excel.fail_at(number)
        with pytest.raises(ComError, match="on request"):
            write_twice(sheet)
        sheet["A1:A2"].clear_contents()
    excel.fail_at(total + 1)
    write_twice(sheet)
    excel.fail_at(0)
    sheet["A1:A2"].clear_contents()
    assert contents_of(book) == empty


def test_a_com_error_reads_like_one_of_pywin32():
    error = ComError("Geen toegang.")
    assert error.hresult == error.args[0] == -2147352567
    assert error.excepinfo[2] == "Geen toegang."


def test_settings_return_whatever_happens(book):
    app = book.app
    with (
        pytest.raises(ZeroDivisionError),
        app.properties(screen_updating=False, calculation="manual", enable_events=False, display_alerts=False),
    ):
        _ = 1 / (app.calculation == "automatic")
    assert (app.screen_updating, app.calculation, app.enable_events, app.display_alerts) == (
        True,
        "automatic",
        True,
        True,
    )


def test_calculation_needs_an_open_book(book):
    app = book.app
    book.close()
    with pytest.raises(ComError):
        _ = app.calculation


def test_messages_are_kept_and_answered(excel, book):
    excel.answers.append("no")
    assert book.app.alert("Doorgaan?", "Klantwaarde", "yes_no") == "no"
    assert book.app.alert("Klaar.") == "ok"
    assert excel.alerts == [Alert("Doorgaan?", "Klantwaarde", "yes_no", None), Alert("Klaar.", None, "ok", None)]


def test_status_texts_are_kept(excel, book):
    book.app.status_bar = "1 van 2"
    book.app.status_bar = False
    assert (book.app.status_bar, excel.status_texts) == (False, ["1 van 2"])


def test_the_native_object_gives_nothing_away(sheet):
    with pytest.raises(AttributeError):
        _ = sheet["A1"].api.Value
    assert sheet.api is None


def test_no_licence_is_needed(book):
    assert book.app.engine.name == "excel"
    assert xw.engines.active.name == "excel"
