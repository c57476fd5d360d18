"""Formats, rules, charts and pictures, up to the saved file."""

import zipfile

import openpyxl
import pytest
import xlwings as xw

from addin.engine import ComError, open_book, save
from addin.engine.images import png


def test_formats_can_be_read_back_and_are_saved(book, sheet, tmp_path):
    cells = sheet["A1:B2"]
    cells.value = [[1, 2], [3, 4]]
    cells.number_format = "#,##0.00"
    cells.color = "#ffeedd"
    cells.wrap_text = True
    cells.horizontal_alignment = "center_across_selection"
    cells.vertical_alignment = "top"
    cells.font.set(bold=True, italic=True, size=12, color=(1, 2, 3), name="Arial")
    cells.column_width = 20
    cells.row_height = 30
    cells = open_book(save(book, tmp_path / "boek.xlsx")).sheets[0]["A1:B2"]
    assert (cells.number_format, cells.color, cells.wrap_text) == ("#,##0.00", (255, 238, 221), True)
    assert (cells.horizontal_alignment, cells.vertical_alignment) == ("center_across_selection", "top")
    font = cells.font
    assert (font.bold, font.italic, font.size, font.color, font.name) == (True, True, 12, (1, 2, 3), "Arial")
    assert (cells.column_width, cells.row_height) == (20, 30)


def test_mixed_formats_are_none(sheet):
    sheet["A1"].number_format = "0.00"
    sheet["A1"].font.bold = True
    assert sheet["A1:A2"].number_format is None
    assert sheet["A1:A2"].font.bold is None


def test_clearing_formats_keeps_values(sheet):
    sheet["A1"].value = 5
    sheet["A1"].color = "#ff0000"
    sheet["A1"].conditional_formats.add_custom("=A1>1", fill_color="#00ff00")
    sheet["A1"].clear_formats()
    assert (sheet["A1"].color, sheet["A1"].value, len(sheet["A1"].conditional_formats)) == (None, 5, 0)


def test_borders(sheet):
    sheet["B2:C3"].borders.set("outside", line_style="continuous", weight="medium", color="#112233")
    assert sheet["B2"].borders["edge_top"].weight == "medium"
    assert sheet["B2"].borders["edge_right"].line_style is None
    assert sheet["C3"].borders["edge_bottom"].color == (0x11, 0x22, 0x33)
    sheet["B2:C3"].borders.clear()
    assert sheet["B2"].borders["edge_top"].line_style is None


def test_hidden_rows_and_columns_links_and_notes(sheet):
    sheet["B:B"].columns.hidden = True
    sheet["3:3"].rows.hidden = True
    assert (sheet["B1"].columns.hidden, sheet["A3"].rows.hidden) == (True, True)
    sheet["A1"].add_hyperlink("#Blad1!C3", "Naar C3", "Ga naar C3")
    assert (sheet["A1"].raw_value, sheet["A1"].hyperlink) == ("Naar C3", "#Blad1!C3")
    sheet["A2"].add_note("Let op")
    assert sheet["A2"].note.text == "Let op"


def test_conditional_formats_come_first_and_are_saved(book, sheet, tmp_path):
    cells = sheet["A1:A9"]
    cells.conditional_formats.add_cell_value("between", 1, 2, fill_color="#ff0000")
    cells.conditional_formats.add_custom("=$A1=0", font_bold=True)
    cells.conditional_formats.add_color_scale(["#ff0000", "#00ff00"])
    cells.conditional_formats.add_data_bar("#0000ff")
    cells.conditional_formats.add_icon_set("3_traffic_lights_1")
    kinds = [rule.type for rule in cells.conditional_formats]
    assert kinds == ["icon_set", "data_bar", "color_scale", "custom", "cell_value"]
    again = open_book(save(book, tmp_path / "boek.xlsx")).sheets[0]["A1"].conditional_formats
    assert sorted(rule.type for rule in again) == sorted(kinds)
    cells.conditional_formats[0].delete()
    assert len(cells.conditional_formats) == 4
    cells.conditional_formats.clear()
    assert len(cells.conditional_formats) == 0


def test_validation_can_be_cut_out_of_a_larger_one(sheet):
    sheet["A1:A9"].data_validation.set_list(["ja", "nee"])
    assert sheet["A5"].data_validation.type == "list"
    with pytest.raises(ComError):
        sheet["A9:A10"].data_validation.set_decimal("greater_than", 0)
    sheet["A5"].data_validation.set_decimal("greater_than", 0)
    assert [sheet[f"A{row}"].data_validation.type for row in (4, 5, 6)] == ["list", "decimal", "list"]
    sheet["B1"].data_validation.set_list(sheet["C1:C3"])
    assert sheet["B1"].data_validation.source == "Blad1!$C$1:$C$3"


@pytest.mark.parametrize(
    ("chart_type", "tag"),
    [
        ("column_clustered", "barChart"),
        ("bar_stacked_100", "barChart"),
        ("line_markers", "lineChart"),
        ("pie", "pieChart"),
        ("area", "areaChart"),
        ("xy_scatter", "scatterChart"),
        ("doughnut", "doughnutChart"),
    ],
)
def test_charts_are_in_the_file(book, sheet, tmp_path, chart_type, tag):
    sheet["A1"].value = [["x", "a", "b"], ["p", 1, 2], ["q", 3, 4], ["r", 5, 6]]
    chart = sheet.charts.add(10, 20, 300, 200, chart_type=chart_type, source=sheet["A1:C4"], name="Grafiek")
    chart.title = "Eén klant kost geld"
    chart.legend.position = "bottom"
    chart.series[0].set(fill_color="#ff0000", name="eerste")
    assert (chart.chart_type, chart.title, chart.legend.position, len(chart.series)) == (
        chart_type,
        "Eén klant kost geld",
        "bottom",
        2,
    )
    loaded = openpyxl.load_workbook(save(book, tmp_path / "boek.xlsx")).active._charts
    assert [each.tagname for each in loaded] == [tag]
    assert loaded[0].anchor.pos.x == 127000


def test_axes_of_charts(sheet):
    sheet["A1"].value = [["x", "a", "b"], ["p", 1, 2]]
    chart = sheet.charts.add(source=sheet["A1:C2"], plot_by="columns", chart_type="column_clustered")
    chart.value_axis.set(minimum_scale=0, number_format="0%", title="Resultaat")
    assert (chart.value_axis.minimum_scale, chart.value_axis.title) == (0, "Resultaat")
    with pytest.raises(xw.XlwingsError):
        chart.secondary_value_axis.set(minimum_scale=0)
    chart.series[1].set(axis_group="secondary", chart_type="line")
    chart.secondary_value_axis.set(minimum_scale=0)
    chart.chart_type = "pie"
    with pytest.raises(xw.XlwingsError):
        chart.value_axis.set(minimum_scale=0)


def test_a_combined_chart_is_saved_in_two_layers(book, sheet, tmp_path):
    sheet["A1"].value = [["x", "a", "b"], ["p", 1, 2], ["q", 3, 4], ["r", 5, 6]]
    chart = sheet.charts.add(source=sheet["A1:C4"], chart_type="column_clustered")
    chart.series[1].set(chart_type="line", axis_group="secondary")
    (loaded,) = openpyxl.load_workbook(save(book, tmp_path / "boek.xlsx")).active._charts
    assert [each.tagname for each in loaded._charts] == ["barChart", "lineChart"]


def test_charts_of_a_file_stay_in_it(book, sheet, tmp_path):
    sheet["A1"].value = [["x", "a"], ["p", 1]]
    sheet.charts.add(source=sheet["A1:B2"], chart_type="line", name="Winst & verlies", left=10, height=100)
    book.sheets.add("Ander").charts.add(source=sheet["A1:B2"], name="Ander")
    again = open_book(save(book, tmp_path / "boek.xlsx"))
    (chart,) = again.sheets["Blad1"].charts
    assert (chart.name, chart.left, chart.height) == ("Winst & verlies", 10, 100)
    assert [chart.name for chart in again.sheets["Ander"].charts] == ["Ander"]
    assert len(openpyxl.load_workbook(save(again, tmp_path / "weer.xlsx"))["Blad1"]._charts) == 1


def test_pictures_have_a_place_and_a_name(book, sheet, tmp_path):
    pixel = tmp_path / "pixel.png"
    pixel.write_bytes(png())
    picture = sheet.pictures.add(pixel, name="Beeldmerk", left=5, top=6)
    assert (picture.name, picture.left, picture.top, len(sheet.pictures)) == ("Beeldmerk", 5, 6, 1)
    assert zipfile.ZipFile(save(book, tmp_path / "boek.xlsx")).read("xl/media/image1.png") == png()
    picture.delete()
    assert len(sheet.pictures) == 0
