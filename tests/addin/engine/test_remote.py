"""The message to the remote engine and its actions: the same macro gives the same book along both roads."""

import base64
import datetime as dt
import os

import openpyxl
import pytest
import xlwings as xw

from addin.engine import open_book, save
from addin.engine.contents import contents_of
from addin.engine.images import png
from addin.engine.remote import ACTIONS, apply_actions, payload_of


@pytest.fixture
def remote():
    """Only with a key for xlwings' own remote engine; where CI is set, its absence is a failure."""
    if os.environ.get("XLWINGS_LICENSE_KEY"):
        return None
    if os.environ.get("CI") == "true":
        pytest.fail("XLWINGS_LICENSE_KEY is not set.")
    return pytest.skip("XLWINGS_LICENSE_KEY is not set.")


@pytest.fixture
def template(book, sheet, tmp_path):
    sheet["A1"].value = [["Klant", "Kosten", "Datum"], ["A", 1, dt.date(2025, 1, 31)], ["B", 2.5, None]]
    sheet.tables.add(sheet["A1:C3"], name="tblKosten")
    sheet["E1"].formula2 = "=SUM(tblKosten[Kosten])"
    other = book.sheets.add("Ander", after=sheet)
    other["B2"].value = "#N/A"
    book.names.add("plek", "=Ander!$B$2")
    other.names.add("vast", "=5")
    return save(book, tmp_path / "boek.xlsx")


def test_the_message(template):
    payload = payload_of(template)
    first, second = payload["sheets"]
    assert payload["book"] == {
        "name": "boek.xlsx",
        "active_sheet_index": 1,
        "selection": "A1",
        "calculation": "Automatic",
    }
    assert first["values"] == [
        ["Klant", "Kosten", "Datum", "", ""],
        ["A", 1, "2025-01-31T00:00:00.000Z", "", ""],
        ["B", 2.5, "", "", ""],
    ]
    assert (first["used_range_address"], second["used_range_address"]) == ("A1:E3", "B2")
    assert second["values"] == [["", ""], ["", "#N/A"]]
    (table,) = first["tables"]
    assert (table["range_address"], table["data_body_range_address"], table["columns"]) == (
        "A1:C3",
        "A2:C3",
        ["Klant", "Kosten", "Datum"],
    )
    assert [
        (name["name"], name["address"], name["scope_sheet_index"], name["book_scope"]) for name in payload["names"]
    ] == [("plek", "B2", None, True), ("vast", None, 1, False)]


def test_left_out_sheets_are_empty(template):
    first, second = payload_of(template, include=["Ander"])["sheets"]
    assert (first["values"], first["tables"], first["used_range_address"]) == ([[]], [], None)
    assert second["values"] == [["", ""], ["", "#N/A"]]


def test_an_unknown_action_is_an_error(book):
    with pytest.raises(KeyError):
        apply_actions(book, [{"func": "setSomethingNew", "args": []}])


def test_a_null_leaves_its_cell_alone(book, sheet):
    sheet["A1:B1"].value = [1, 2]
    action = {
        "func": "setValues",
        "args": [None],
        "values": [[None, "x"]],
        "sheet_position": 0,
        "start_row": 0,
        "start_column": 0,
        "row_count": 1,
        "column_count": 2,
    }
    apply_actions(book, [action])
    assert sheet["A1:B1"].value == [1, "x"]


def test_an_openpyxl_workbook_takes_actions_too():
    workbook = openpyxl.Workbook()
    apply_actions(workbook, [{"func": "setSheetName", "args": ["Nieuw"], "sheet_position": 0}])
    assert workbook.sheetnames == ["Nieuw"]


def cells_and_looks(book):
    sheet = book.sheets["Blad1"]
    kosten = sheet["tblKosten"].value
    sheet["H1:H3"].number_format = "@"
    sheet["H1:H3"].value = [["=geen formule"], ["0123"], [kosten[1][0]]]
    sheet["I1:I3"].value = [["1-2"], [dt.date(2025, 5, 1)], [True]]
    sheet["I1:I3"].color = (255, 238, 221)
    sheet["H1:I1"].font.set(bold=True, italic=False, size=12, color="#112233", name="Arial")
    sheet["H1:I1"].horizontal_alignment = "center_across_selection"
    sheet["H1:I1"].vertical_alignment = "top"
    sheet["H1:I1"].wrap_text = True
    sheet["H1:I3"].borders.set("outside", line_style="continuous", weight="medium", color="#445566")
    sheet["H1:I1"].row_height = 30
    sheet["K1:K2"].formula2 = "=SUM(tblKosten[Kosten])"
    sheet["L1:L2"].formula = [["=1+1"], ["=2+2"]]
    sheet["A2"].clear_contents()
    sheet["B3"].set_colors([["#ff0000"]])
    sheet["A9"].add_hyperlink("#Ander!A1", "Naar ander", "tip")
    sheet["A10"].add_note("Let op")
    sheet["B:B"].columns.hidden = True
    sheet["H1:H3"].copy(sheet["M1"])
    sheet["N1:O1"].merge()


def rules(book):
    cells = book.sheets["Blad1"]["B2:B3"]
    cells.conditional_formats.add_cell_value("between", 1, 2, fill_color="#ff0000", font_bold=True)
    cells.conditional_formats.add_custom("=$B2<0", font_color="#00ff00", stop_if_true=True)
    cells.conditional_formats.add_color_scale(["#ff0000", "#ffff00", "#00ff00"])
    cells.conditional_formats.add_data_bar("#0000ff", minimum=0, maximum=10)
    cells.conditional_formats.add_icon_set("3_traffic_lights_1")
    cells.data_validation.set_decimal("greater_than_or_equal", 0)
    book.sheets["Blad1"]["D1"].data_validation.set_list(["ja", "nee"])
    book.sheets["Blad1"]["D2"].data_validation.set_list(book.sheets["Blad1"]["A2:A3"])
    book.sheets["Blad1"]["D3"].data_validation.set_list(book.names["plek"])
    book.sheets["Blad1"]["D4"].data_validation.set_custom("=A1>0")


def tables_and_names(book):
    sheet = book.sheets["Blad1"]
    table = sheet.tables["tblKosten"]
    sheet["A4:C4"].value = ["C", 3, dt.datetime(2025, 5, 1, 10, 30)]
    table.resize(sheet["A1:C4"])
    table.name = "tblNieuw"
    table.show_autofilter = False
    table.show_table_style_row_stripes = False
    table.table_style = "TableStyleLight1"
    sheet["F1:G1"].value = ["Een", "Twee"]
    made = sheet.tables.add(sheet["F1:G3"], name="tblTweede", table_style_name="TableStyleLight2")
    made.show_table_style_first_column = True
    sheet["F2:F3"].formula2 = "=SUM(tblNieuw[Kosten])"
    table.columns.add("Erbij", 2)
    sheet.range("G1:H3").move(sheet["F11"])
    table.columns["Datum"].delete()
    book.names.add("som", "=SUM(tblNieuw[Kosten])")
    book.names["plek"].refers_to = "=Ander!$C$3"
    book.sheets["Ander"].names.add("lokaal", "=Ander!$A$1")
    sheet["A2"].name = "eerste"
    book.names["som"].delete()


def sheets(book):
    first = book.sheets["Blad1"]
    made = book.sheets.add("Uitkomst", after=book.sheets["Ander"])
    made["A1"].value = [["a", "b"], [1, 2]]
    book.sheets.add("Laatst")
    book.sheets["Ander"].visible = False
    made.name = "Resultaat"
    made.page_setup.print_area = "$A$1:$B$2"
    made.show_gridlines = False
    made.autofit("columns")
    made.freeze_panes.freeze_at("A1:B2")
    first.freeze_panes.freeze_at("1:1")
    first.freeze_panes.unfreeze()
    first.copy(before=made, name="Kopie")
    book.sheets["Laatst"].delete()
    made.move(before=first)
    first.activate()


def charts(book):
    sheet = book.sheets["Blad1"]
    chart = sheet.charts.add(
        10, 20, 300, 200, chart_type="column_stacked_100", source=sheet["A1:B3"], plot_by="columns", name="Kosten"
    )
    chart.title = "Kosten per klant"
    chart.legend.position = "bottom"
    chart.value_axis.set(minimum_scale=0, number_format="0%", title="Aandeel")
    chart.category_axis.set(reverse_order=True)
    other = sheet.charts.add(10, 240, 300, 200, chart_type="xy_scatter", name="Punten", style=2)
    other.title = "Punten"
    other.set_source_data(sheet["A1:B3"])
    other.set_x_axis_values(sheet["C2:C3"])
    other.chart_type = "bar_clustered"
    other.left = 50
    other.legend.visible = False
    other.name = "Staven"
    sheet.charts.add(source=sheet["A1:B3"], name="Weg").delete()


def test_actions_that_only_a_waiting_host_sends(book, sheet, tmp_path):
    """Series are addressed, and pictures counted, by hosts that can ask Excel first."""
    sheet["A1"].value = [["x", "a"], ["p", 1]]
    sheet.charts.add(source=sheet["A1:B2"])
    pixel = tmp_path / "pixel.png"
    pixel.write_bytes(png())
    sheet.pictures.add(pixel, name="Eerst")
    image = base64.b64encode(png()).decode()
    apply_actions(
        book,
        [
            {"func": func, "args": args, "sheet_position": 0}
            for func, args in [
                ("setChartSeries", [0, 0, {"chart_type": "Line", "axis_group": "Secondary", "line_color": "#ff0000"}]),
                ("addPicture", [image, 1, 2, 0, 0]),
                ("setPictureName", [1, "Beeldmerk"]),
                ("setPictureWidth", [1, 40]),
                ("deletePicture", [0]),
            ]
        ],
    )
    series = sheet.charts[0].series[0]
    assert (series.chart_type, series.axis_group, series.line_color) == ("line", "secondary", (255, 0, 0))
    (picture,) = sheet.pictures
    assert (picture.name, picture.width, picture.left) == ("Beeldmerk", 40, sheet["B3"].left)


def application(book):
    book.app.calculation = "manual"
    book.app.screen_updating = False
    book.app.calculate()
    book.app.calculation = "automatic"
    book.app.alert("Klaar.", "Klantwaarde")


@pytest.mark.parametrize("macro", [cells_and_looks, rules, tables_and_names, sheets, charts, application])
def test_three_roads_lead_to_one_book(remote, excel, template, macro):
    through_remote = xw.Book(json=payload_of(template))
    macro(through_remote)
    actions = through_remote.json()["actions"]
    replayed = open_book(template)
    apply_actions(replayed, actions)
    by_actions = contents_of(replayed)
    replayed.close()
    excel.remote_like = True
    direct = open_book(template)
    macro(direct)
    assert by_actions == contents_of(direct)
    assert {action["func"] for action in actions} <= set(ACTIONS)


@pytest.mark.parametrize("macro", [cells_and_looks, rules, tables_and_names, charts])
def test_desktop_rules_give_that_book_too(excel, template, macro):
    desktop = open_book(template)
    macro(desktop)
    by_desktop = contents_of(desktop)
    desktop.close()
    excel.remote_like = True
    direct = open_book(template)
    macro(direct)
    assert contents_of(direct) == by_desktop
