"""A realistic report drawn, recalculated by LibreOffice, and read back by readers we did not write."""

import io
import itertools
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from klantwaarde.messages import WriteError, catalogue
from klantwaarde.report.blocks import (
    ChartBlock,
    Figure,
    Formula,
    ReportSheet,
    ResultColumn,
    Series,
    TableBlock,
    TextBlock,
    TilesBlock,
)
from klantwaarde.workbook import look
from klantwaarde.workbook.render import as_file, render

SUBTITLE = "Periode 01-01-2025 t/m 31-12-2025 · scenario Basis · bedragen in EUR, excl. btw · doorbelasting wederkerig"
FOOTER = "Run 2025-12-31-07 · versie 0.1.0 · invoer 3f9a1c"
HANDLINGS = (
    "Orders verwerken", "Orderregels verzamelen", "Spoedleveringen", "Retouren afhandelen", "Facturen versturen",
    "Klantbezoek buitendienst", "Vragen klantenservice", "Aanmanen en innen",
)  # fmt: skip
NET = "[@[Brutobedrag]]-[@[Korting en bonus]]"


def customer_table(n: int = 30) -> TableBlock:
    """A customer P&L of ``n`` customers by 20 columns with live subtotals."""
    random = np.random.default_rng(7)
    frame = pd.DataFrame({"customer_id": [f"{100200 + i:07d}" for i in range(n)]})
    names = ("Bakker Installaties bv", "De Vries & Zn. Groothandel in bouwmaterialen", "=1+1 Techniek", "Noord-Oost bv")
    frame["name"] = [f"{names[i % 4]}" if i < 4 else f"Klant {i}" for i in range(n)]
    frame["segment"] = np.resize(["Installateurs", "Aannemers", "Retail"], n)
    frame["list"] = (random.gamma(1.2, 60_000, n)).round(2)
    frame["discount"] = (frame["list"] * 0.07).round(2)
    frame["net"] = frame["list"] - frame["discount"]
    frame["cost"] = (frame["net"] * 0.68).round(2)
    frame["margin"] = frame["net"] - frame["cost"]
    for number in range(len(HANDLINGS)):
        frame[f"h{number}"] = random.gamma(1.5, 1_400, n).round(2)
    frame["direct"] = np.where(np.arange(n) % 5 == 0, 1250.0, 0.0)
    frame["credit"] = random.gamma(1.0, 300, n).round(2)
    handlings = [f"h{number}" for number in range(len(HANDLINGS))]
    frame["result"] = frame["margin"] - frame[handlings].sum(axis=1) - frame["direct"] - frame["credit"]
    frame["share"] = frame["result"] / frame["net"]
    spent = "".join(f"-[@[{name}]]" for name in (*HANDLINGS, "Directe klantkosten", "Kosten van krediet"))
    columns = (
        ResultColumn("customer_id", "Klantnummer", "id"),
        ResultColumn("name", "Naam"),
        ResultColumn("segment", "Segment"),
        ResultColumn("list", "Brutobedrag", "money"),
        ResultColumn("discount", "Korting en bonus", "money"),
        ResultColumn("net", "Netto-omzet", "money", formula=NET),
        ResultColumn("cost", "Inkoopwaarde", "money"),
        ResultColumn("margin", "Brutomarge", "money", formula="=[@[Netto-omzet]]-[@Inkoopwaarde]"),
        *(ResultColumn(f"h{i}", name, "money") for i, name in enumerate(HANDLINGS)),
        ResultColumn("direct", "Directe klantkosten", "money", note="Bonus, geschenken, vracht en oninbaar."),
        ResultColumn("credit", "Kosten van krediet", "money"),
        ResultColumn("result", "Klantresultaat", "money", formula=f"[@Brutomarge]{spent}"),
        ResultColumn("share", "Resultaat % netto-omzet", "percent", formula="[@Klantresultaat]/[@[Netto-omzet]]"),
    )  # fmt: skip
    totals = {column.id: "sum" for column in columns if column.format == "money"}
    return TableBlock("customer_pl", "", columns, frame, totals, key="customer_id", alarm="result")


def whale_chart(table: TableBlock) -> ChartBlock:
    ordered = table.frame["result"].sort_values(ascending=False, ignore_index=True).cumsum()
    frame = pd.DataFrame({"share": (np.arange(len(ordered)) + 1) / len(ordered), "cumulative": ordered})
    title = "De beste 60% van de klanten verdient meer dan het geheel; de rest kost 14 mille"
    return ChartBlock(
        "whale", title, "line", frame, (Series("Opgeteld klantresultaat", "cumulative"),),
        category_title="Deel van de klanten, van hoog naar laag resultaat", value_title="EUR",
        alt_text="Lijn van het opgetelde klantresultaat, die na zestig procent van de klanten daalt.",
    )  # fmt: skip


def waterfall_chart(kind: str = "stacked_column") -> ChartBlock:
    frame = pd.DataFrame(
        {
            "step": ["Brutobedrag", "Korting", "Inkoop", "Handelingen", "Krediet", "Resultaat"],
            "base": [0.0, 2_010_000, 640_000, 280_000, 268_000, 0],
            "up": [2_160_000.0, 0, 0, 0, 0, 268_000],
            "down": [0.0, 150_000, 1_370_000, 360_000, 12_000, 0],
        }
    )
    series = (Series("Basis", "base", "invisible"), Series("Bedrag", "up"), Series("Af", "down", "bad"))
    return ChartBlock("waterfall", "Inkoop en handelingen nemen 80% van het brutobedrag", kind, frame, series,  # type: ignore[arg-type]
                      value_title="EUR", note="Waterval van brutobedrag naar klantresultaat.")  # fmt: skip


def capacity_chart() -> ChartBlock:
    frame = pd.DataFrame(
        {
            "pool": ["Magazijn", "Binnendienst", "Transport en expeditie", "Buitendienst"],
            "used": [81_200.0, 55_000, 62_400, 39_000],
            "unused": [14_800.0, 25_000, 3_600, 21_000],
        }
    )
    series = (Series("Gebruikt", "used"), Series("Ongebruikt", "unused", "muted"))
    return ChartBlock("capacity", "De binnendienst heeft een derde van de tijd over", "stacked_bar", frame, series,
                      format="minutes", value_title="Minuten per jaar")  # fmt: skip


def top_chart() -> ChartBlock:
    frame = pd.DataFrame(
        {"name": [f"Klant {i} Installatietechniek" for i in range(6)], "result": [91e3, 62e3, 40e3, 12e3, -8e3, -21e3]}
    )
    return ChartBlock("top", "Twee grote klanten verliezen geld", "bar", frame, (Series("Resultaat", "result"),))


def dashboard() -> ReportSheet:
    revenue = Formula("SUM(outCustomerPl[Netto-omzet])", float(customer_table().frame["net"].sum()))
    figures = (
        Figure("Netto-omzet", revenue, "money0", "3,2% meer dan 2024", "good"),
        Figure("Klantresultaat", -12_345.6, "money0", "lager dan begroot", "bad"),
        Figure("Resultaat van de netto-omzet", 0.064, "percent", "begroot 7,0%"),
        Figure("Ongebruikte capaciteit", 64_400.0, "money0", "22% van de tijd, vooral in de binnendienst", "bad"),
        Figure("Klanten met verlies", 9, "integer", "van 30"),
        Figure("Controles", "Alle 15 OK", "text", "aansluiting op de cent", "good"),
    )  # fmt: skip
    warning = TextBlock(("Let op: 2 grootboekrekeningen hebben nog geen akkoord op het blad Koppeling.",), "warning")
    charts = (whale_chart(customer_table()), waterfall_chart(), capacity_chart(), top_chart())
    blocks = (warning, TilesBlock(figures), *charts)
    return ReportSheet(
        "dashboard", "Dashboard", "Wat onze klanten opleverden in 2025", SUBTITLE, blocks, FOOTER, columns_per_row=2
    )


def checks() -> ReportSheet:
    long = "Som klanten + ongebruikt + organisatie = resultaat grootboek; deze omschrijving past op twee of drie regels"
    frame = pd.DataFrame(
        {
            "check": ["Grootboek in evenwicht", "Omzet facturen = omzet grootboek", long],
            "expected": [0.0, 1_234_567.89, Formula("-45/2", -22.5)],
            "found": [0.0, 1_234_500.00, -22.5],
            "difference": [0.0, -67.89, 0.0],
            "status": ["OK", "FOUT", "OK"],
            "checked": pd.to_datetime(["2025-12-31", "2025-12-31", None]),
            "final": [True, False, True],
        }
    )  # fmt: skip
    columns = (
        ResultColumn("check", "Controle"),
        ResultColumn("expected", "Verwacht", "money"),
        ResultColumn("found", "Gevonden", "money"),
        ResultColumn("difference", "Verschil [EUR] #1's", "money", formula="[@Gevonden]-[@Verwacht]"),
        ResultColumn("status", "Status"),
        ResultColumn("checked", "Gecontroleerd op", "date"),
        ResultColumn("final", "Definitief", "flag"),
    )
    table = TableBlock(
        "checks",
        "Controles",
        columns,
        frame,
        {"difference": "sum"},
        "Verschil is gevonden min verwacht.",
        alarm="status",
    )
    return ReportSheet("checks", "Controles", "Controles", SUBTITLE, (table,), FOOTER)


def report() -> list[ReportSheet]:
    pl = ReportSheet("customer_pl", "Uitkomst_Klanten", "Resultaat per klant", SUBTITLE, (customer_table(),), FOOTER)
    return [dashboard(), pl, checks()]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.xlsx"
    path.write_bytes(as_file(report()))
    return path


@pytest.fixture(scope="module")
def recalculated(book: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same book with every cached value spoilt, then recalculated by LibreOffice."""
    folder = tmp_path_factory.mktemp("recalculated")
    spoilt = folder / "spoilt.xlsx"
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(spoilt, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content = spoil_values(content)
            target.writestr(name, content)
    return recalculate(spoilt, folder / "out")


def spoil_values(sheet_xml: bytes) -> bytes:
    root = etree.fromstring(sheet_xml)
    for formula in root.iter("{*}f"):
        value = formula.getnext()
        if value is not None:
            value.text = "987654321"
            formula.getparent().attrib.pop("t", "")
    return etree.tostring(root)


def recalculate(path: Path, out: Path) -> Path:
    profile = path.parent / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        '<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">'
        "<value>0</value></prop></item></oor:items>"
    )
    command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "xlsx", "--outdir"]
    subprocess.run([*command, str(out), str(path)], check=True, capture_output=True, timeout=120)
    return out / path.name


def formula_cells(path: Path) -> list[tuple[str, int, int]]:
    formulas = openpyxl.load_workbook(path)
    return [
        (sheet.title, cell.row, cell.column)
        for sheet in formulas.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


def shown(path: Path) -> dict[tuple[str, int, int], object]:
    calamine = CalamineWorkbook.from_path(str(path))
    found: dict[tuple[str, int, int], object] = {}
    for name in calamine.sheet_names:
        sheet = calamine.get_sheet_by_name(name)
        top, left = sheet.start or (0, 0)
        for row, values in enumerate(sheet.to_python(skip_empty_area=True), top + 1):
            for column, value in enumerate(values, left + 1):
                found[name, row, column] = value
    return found


def test_libreoffice_calculates_the_values_that_stand_beside_the_formulas(book: Path, recalculated: Path) -> None:
    cells, ours, theirs = formula_cells(book), shown(book), shown(recalculated)
    assert len(cells) == 30 * 4 + 16 + 1 + 3 + 1 + 1
    for cell in cells:
        assert theirs[cell] == pytest.approx(ours[cell], abs=1e-6), cell


def test_no_cell_shows_an_error(recalculated: Path) -> None:
    with zipfile.ZipFile(recalculated) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 3
    assert not any(b't="e"' in sheet for sheet in sheets)


def test_text_stays_text_even_when_it_looks_like_a_formula(book: Path) -> None:
    sheet = openpyxl.load_workbook(book)["Uitkomst_Klanten"]
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1 Techniek")
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_ids_keep_their_leading_zeros(book: Path) -> None:
    assert "0100200" in shown(book).values()


def test_numbers_and_dates_are_stored_as_numbers_with_a_format(book: Path) -> None:
    sheet = openpyxl.load_workbook(book)["Controles"]
    row = next(row for row in sheet.iter_rows() if row[4].value == "FOUT")
    assert row[1].value == pytest.approx(1_234_567.89)
    assert row[1].number_format == '#,##0.00;[Red]-#,##0.00;"-"'
    assert row[5].is_date and row[5].number_format == "dd-mm-yyyy"
    assert row[6].value == "Nee"


def test_the_header_of_the_main_table_and_its_key_stay_in_view_and_repeat_in_print(book: Path) -> None:
    sheet = openpyxl.load_workbook(book)["Uitkomst_Klanten"]
    table = sheet.tables["outCustomerPl"]
    header = int("".join(character for character in table.ref.split(":")[0] if character.isdigit()))
    assert sheet.freeze_panes == f"C{header + 1}"
    assert sheet.print_title_rows == f"${header}:${header}"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
        "landscape",
        1,
        0,
    )
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and table.autoFilter.ref == table.ref
    assert "Pagina &P van &N" in sheet.oddFooter.right.text


def test_formulas_are_stored_with_the_table_name_that_excel_expects(book: Path) -> None:
    with zipfile.ZipFile(book) as parts:
        tables = b"".join(parts.read(name) for name in parts.namelist() if name.startswith("xl/tables/"))
    assert b"outChecks[[#This Row],[Gevonden]]-outChecks[[#This Row],[Verwacht]]" in tables
    assert b"[@" not in tables
    total = next(
        c.value for row in openpyxl.load_workbook(book)["Controles"].iter_rows() for c in row if c.data_type == "f"
    )
    assert total == "=SUBTOTAL(109,outChecks[Verschil '[EUR'] '#1''s])"


def test_table_names_and_ids_are_unique_and_headers_equal_their_cells(book: Path) -> None:
    workbook = openpyxl.load_workbook(book)
    tables = [(sheet, table) for sheet in workbook.worksheets for table in sheet.tables.values()]
    assert len({table.id for _, table in tables}) == len({table.displayName for _, table in tables}) == 2
    for sheet, table in tables:
        assert [cell.value for cell in sheet[table.ref][0]] == table.column_names


def test_no_cells_are_merged(book: Path) -> None:
    assert not any(sheet.merged_cells.ranges for sheet in openpyxl.load_workbook(book).worksheets)


def test_a_verdict_is_told_in_words_and_marked_in_colour(book: Path) -> None:
    workbook = openpyxl.load_workbook(book)
    comments = [cell.value for row in workbook["Dashboard"].iter_rows() for cell in row if isinstance(cell.value, str)]
    assert "▼ lager dan begroot" in comments and "▲ aansluiting op de cent" in comments
    rules = [rule for area in workbook["Controles"].conditional_formatting for rule in area.rules]
    assert len(rules) == 2 and all(rule.dxf.font.color.rgb[-6:] in (look.RUST, look.BLUE) for rule in rules)


def test_numbers_and_headers_fit_their_columns(book: Path) -> None:
    sheet = openpyxl.load_workbook(book)["Uitkomst_Klanten"]
    block = customer_table()
    for index, column in enumerate(block.columns, 1):
        width = sheet.column_dimensions[openpyxl.utils.get_column_letter(index)].width
        longest = max(look.shown_length(value, column.format) for value in block.frame.iloc[:, index - 1])
        assert width > min(longest, 40)
        assert width > max(len(word) for word in column.label.split())


def test_the_same_report_gives_the_same_bytes(book: Path) -> None:
    assert as_file(report()) == book.read_bytes()


def test_charts_carry_a_description_for_screen_readers(book: Path) -> None:
    with zipfile.ZipFile(book) as parts:
        frames = list(etree.fromstring(parts.read("xl/drawings/drawing1.xml")).iter("{*}cNvPr"))
    assert [frame.get("name") for frame in frames] == ["whale", "waterfall", "capacity", "top"]
    assert frames[0].get("descr", "").startswith("Lijn van het opgetelde klantresultaat")
    assert frames[3].get("descr") == "Twee grote klanten verliezen geld"


def large_sheet(n: int, *, last: bool = True) -> ReportSheet:
    table, note = customer_table(n), TextBlock(("Toelichting",))
    return ReportSheet("pl", "PL", "PL", "", (note, table) if last else (table, note))


def test_a_large_table_is_handed_over_except_its_first_row() -> None:
    donor = render([large_sheet(500)])
    sheet = openpyxl.load_workbook(io.BytesIO(donor.content))["PL"]
    rows, table = donor.bulk["PL"], sheet.tables["outCustomerPl"]
    last = int(table.ref.split(":")[1].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    assert (rows.n_rows, len(rows.columns)) == (499, 20)
    assert sheet.max_row == rows.first_row - 1 and rows.last_row == last
    assert sheet.cell(rows.first_row - 1, 6).value == "=" + "-".join(
        f"outCustomerPl[[#This Row],[{name}]]" for name in ("Brutobedrag", "Korting en bonus")
    )
    assert list(rows.columns[0])[:2] == ["0100201", "0100202"]
    assert np.asarray(rows.columns[5]) == pytest.approx(customer_table(500).frame["net"].iloc[1:])


@pytest.mark.parametrize(("n", "last"), [(200, True), (201, False)])
def test_small_tables_and_tables_with_something_below_them_are_drawn_whole(n: int, last: bool) -> None:
    donor = render([large_sheet(n, last=last)])
    assert not donor.bulk
    assert openpyxl.load_workbook(io.BytesIO(donor.content))["PL"].max_row > n


def one_column(label: str = "Bedrag", *values: object, **extra: object) -> ReportSheet:
    column = ResultColumn("amount", label, "money", **extra)  # type: ignore[arg-type]
    table = TableBlock("x", "", (column,), pd.DataFrame({"amount": list(values)}))
    return ReportSheet("x", "X", "X", "", (table,))


def test_unknown_is_a_blank_cell_and_an_empty_table_keeps_one_row() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(as_file([one_column("Bedrag", 1.0, None)])))["X"]
    assert [cell.value for (cell,) in sheet[sheet.tables["outX"].ref]] == ["Bedrag", 1.0, None]
    empty = openpyxl.load_workbook(io.BytesIO(as_file([one_column("Bedrag")])))["X"]
    first, last = empty.tables["outX"].ref.split(":")
    assert int(last[1:]) == int(first[1:]) + 1


def test_a_formula_that_names_a_missing_column_is_refused() -> None:
    with pytest.raises(ValueError, match="Omzet"):
        as_file([one_column("Bedrag", 1.0, formula="[@Omzet]*2")])


def test_a_header_that_stands_twice_is_refused() -> None:
    columns = (ResultColumn("a", "Bedrag"), ResultColumn("b", "bedrag"))
    table = TableBlock("x", "", columns, pd.DataFrame({"a": ["1"], "b": ["2"]}))
    with pytest.raises(ValueError, match="twice"):
        as_file([ReportSheet("x", "X", "X", "", (table,))])


def test_text_is_never_cut_silently_and_infinite_numbers_are_refused() -> None:
    with pytest.raises(WriteError) as caught:
        as_file([one_column("Bedrag", "x" * 32_768)])
    assert caught.value.faults[0].code == "KW-SA-019"
    with pytest.raises(ValueError, match="infinite"):
        as_file([one_column("Bedrag", float("inf"))])


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.1, relative luminance; black on white is 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", look.STYLES)
def test_every_style_has_a_contrast_of_at_least_four_and_a_half(name: str) -> None:
    assert contrast("000000", "FFFFFF") == pytest.approx(21)
    assert contrast(look.STYLES[name].ink, look.STYLES[name].fill) >= 4.5


def test_every_style_has_a_different_name_in_both_languages() -> None:
    for language in ("nl", "en"):
        names = [catalogue(language)[f"style_{name}"] for name in look.STYLES]
        assert len(set(names)) == len(names)


def test_a_number_column_and_the_text_right_of_it_do_not_touch(book: Path) -> None:
    for row in itertools.islice(openpyxl.load_workbook(book)["Controles"].iter_rows(min_row=9), 3):
        assert (row[3].alignment.horizontal, row[3].alignment.indent) == ("right", 1)
