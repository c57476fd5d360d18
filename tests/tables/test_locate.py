"""Tables are found by their Excel name, their sheet's name or their headers; doubt is a question, never a guess."""

from datetime import date

import pytest

from klantwaarde.tables.catalogue import INPUT_TABLES, SETTINGS, TABLE
from klantwaarde.tables.locate import locate

KLANTEN = [("Klantnummer", "Naam", "Segment"), ("K1", "Bakker", "A"), ("K2", "De Wit", "B")]
LINES = [("Factuurnummer", "Factuurdatum", "Klantnummer", "Nettobedrag"), ("F1", date(2025, 1, 5), "K1", 100.0)]
DUTCH_OPEN_ITEMS = (
    "Factuurnr.", "Naam", "Deb.nr.", "Omschrijving factuur", "Boekstuk", "Vervalt", "Factuur", "Saldo",
    "Factuurreferentie", "Aanmaningen", "Vervaldagen",
)  # fmt: skip
FBL5N = (
    "Account", "Document Number", "Assignment", "Document Type", "Document Date", "Net Due Date",
    "Arrears by Net Due Date", "Amount in Local Currency", "Text", "Reference",
)  # fmt: skip


def found(*sheets, tables=INPUT_TABLES):
    regions, faults = locate(sheets, tables, "nl")
    return {region.table.id: region for region in regions}, faults


def places(faults):
    return [(fault.code, fault.severity, fault.sheet, fault.cell) for fault in faults]


def headers(region):
    return {name: str(region.sheet.columns[at].texts[region.area.header]) for name, at in region.columns.items()}


def test_an_excel_table_is_found_by_its_name_on_any_sheet(sheet_of):
    sheet = sheet_of("Blad7", ("Titel",), (), *KLANTEN, ("onder de tabel",), tables={"TBLcustomers": (3, 1, 5, 3)})
    regions, faults = found(sheet)
    region = regions["customers"]
    assert faults == []
    assert (region.first_row, region.n_rows, region.area.excel_table) == (4, 2, "TBLcustomers")
    assert region.address(1, "name") == "B5"


@pytest.mark.parametrize("name", ["Invoer_Klanten", "input_customers", "Klanten", "CUSTOMERS", "tblCustomers"])
def test_a_sheet_is_found_by_its_name(sheet_of, name):
    regions, faults = found(sheet_of(name, ("Stand per 31-12",), (), *KLANTEN, first_row=3, first_column=2))
    assert faults == []
    assert regions["customers"].address(0, "customer_id") == "B6"
    assert regions["customers"].address(-1, "segment") == "D5"


def test_a_renamed_excel_table_on_a_named_sheet_still_ends_where_it_ends(sheet_of):
    sheet = sheet_of("Klanten", *KLANTEN, ("Bron: export van maandag",), tables={"Tabel3": (1, 1, 3, 3)})
    assert found(sheet)[0]["customers"].n_rows == 2


def test_a_template_sheet_comes_before_a_sheet_with_a_bare_name(sheet_of):
    regions, faults = found(sheet_of("Klanten", *KLANTEN), sheet_of("Invoer_Klanten", *KLANTEN))
    assert regions["customers"].sheet.name == "Invoer_Klanten"
    assert places(faults) == [("KW-IN-022", "warn", "Klanten", "A1")]


def test_headers_alone_are_enough(sheet_of):
    regions, faults = found(sheet_of("Blad1", *LINES), sheet_of("Blad2", *KLANTEN))
    assert {name: region.sheet.name for name, region in regions.items()} == {
        "invoice_lines": "Blad1",
        "customers": "Blad2",
    }
    assert faults == []


def test_an_excel_table_with_another_name_is_found_by_its_headers_and_ends_where_it_ends(sheet_of):
    sheet = sheet_of("Export", *KLANTEN, (), ("Bron: debiteurenstam",), tables={"Tabel1": (1, 1, 3, 3)})
    assert found(sheet)[0]["customers"].n_rows == 2


def test_two_tables_can_stand_on_one_sheet(sheet_of):
    rows = [(*left, None, *right) for left, right in zip(KLANTEN, [*LINES, ()], strict=True)]
    sheet = sheet_of("Alles", *rows, tables={"Tabel1": (1, 1, 3, 3), "Tabel2": (1, 5, 2, 8)})
    regions, faults = found(sheet)
    assert (regions["customers"].address(0, "name"), regions["invoice_lines"].address(0, "net_amount")) == ("B2", "H2")
    assert faults == []


def test_two_sheets_that_fit_one_table_are_a_question(sheet_of):
    _, faults = found(sheet_of("2024", *LINES), sheet_of("2025", *LINES), sheet_of("Blad", *KLANTEN))
    assert places(faults) == [("KW-IN-023", "stop", "2025", "A1")]


def test_a_second_sheet_beside_a_named_one_is_not_read_and_says_so(sheet_of):
    regions, faults = found(sheet_of("oud", *LINES), sheet_of("Factuurregels", *LINES))
    assert regions["invoice_lines"].sheet.name == "Factuurregels"
    assert places(faults) == [("KW-IN-022", "warn", "oud", "A1")]


def test_sheets_without_a_table_are_left_alone(sheet_of):
    regions, faults = found(sheet_of("Notities", ("Naam", "Datum", "Waarde"), ("x", "y", 1)), sheet_of("Leeg"))
    assert (regions, faults) == ({}, [])


def test_settings_are_only_found_by_name(sheet_of):
    rows = [("Naam", "Waarde", "Eenheid"), ("schroef", 3, "stuks")]
    assert found(sheet_of("Artikelen", *rows), tables=(SETTINGS,)) == ({}, [])
    assert found(sheet_of("Instellingen", *rows), tables=(SETTINGS,))[0].keys() == {"settings"}


@pytest.mark.parametrize("rows", [[], [(None, " ", None)], [(None, None, None, "eigen notitie")]])
def test_a_table_without_rows_is_absent(sheet_of, rows):
    assert found(sheet_of("Klanten", KLANTEN[0], *rows)) == ({}, [])


def test_a_named_sheet_without_headers_misses_its_columns(sheet_of):
    regions, faults = found(sheet_of("Factuurregels", ("F1", date(2025, 1, 5), "K1", 100.0)))
    assert regions == {}
    assert {fault.code for fault in faults} == {"KW-IN-001"}
    assert len(faults) == len(TABLE["invoice_lines"].required)


def test_a_missing_column_and_a_slip_of_the_pen_are_told_apart(sheet_of):
    sheet = sheet_of("Factuurregels", ("Factuurnummer", "Factuurdatum", "Netobedrag"), ("F1", date(2025, 1, 5), 3))
    _, faults = found(sheet)
    assert places(faults) == [
        ("KW-IN-001", "stop", "Factuurregels", "A1"), ("KW-IN-003", "stop", "Factuurregels", "C1"),
    ]  # fmt: skip
    assert faults[1].found == "Netobedrag"


@pytest.mark.parametrize(
    ("second", "severity"),
    [
        ("Nettobedrag", "stop"),  # the same header twice
        ("netto\nbedrag", "stop"),  # the same after normalising
        ("Omzet", None),  # a synonym beside our own label
        ("Boekdatum", None),
    ],
)
def test_a_column_that_stands_there_twice(sheet_of, second, severity):
    rows = [(*LINES[0], second), (*LINES[1], 1.0)]
    regions, faults = found(sheet_of("Factuurregels", *rows))
    assert places(faults) == ([("KW-IN-002", severity, "Factuurregels", "E1")] if severity else [])
    assert severity or headers(regions["invoice_lines"])["net_amount"] == "Nettobedrag"


def test_two_synonyms_for_an_amount_are_a_question_for_a_text_only_a_warning(sheet_of):
    rows = [("Factuurnr", "Datum", "Klant", "Omzet", "Revenue"), ("F1", date(2025, 1, 5), "K1", 1.0, 2.0)]
    assert places(found(sheet_of("Factuurregels", *rows))[1]) == [("KW-IN-002", "stop", "Factuurregels", "E1")]
    rows = [("Klantnr", "Klantsegment", "Klantgroep"), ("K1", "A", "B")]
    regions, faults = found(sheet_of("Klanten", *rows))
    assert places(faults) == [("KW-IN-002", "warn", "Klanten", "C1")]
    assert headers(regions["customers"])["segment"] == "Klantsegment"


def test_a_dutch_open_items_list_is_read_as_receivables(sheet_of):
    row = (8012, "Bakker", 10001, "Levering", 5512, date(2025, 3, 1), 121.0, 60.5, "ref", 1, 12)
    regions, faults = found(sheet_of("Export", ("Openstaande posten",), DUTCH_OPEN_ITEMS, row))
    assert faults == []
    assert headers(regions["receivables"]) == {
        "customer_id": "Deb.nr.", "invoice_id": "Factuurnr.", "due_date": "Vervalt", "amount": "Factuur",
        "open_amount": "Saldo", "dunning_level": "Aanmaningen",
    }  # fmt: skip


def test_an_fbl5n_list_is_read_as_receivables(sheet_of):
    row = ("1000", "90001", "x", "RV", date(2025, 1, 1), date(2025, 1, 31), 3, "-30,213.31", "t", "r")
    regions, faults = found(sheet_of("Sheet1", FBL5N, row))
    assert faults == []
    assert headers(regions["receivables"]) == {
        "customer_id": "Account", "invoice_id": "Document Number", "invoice_date": "Document Date",
        "due_date": "Net Due Date", "amount": "Amount in Local Currency", "document_type": "Document Type",
    }  # fmt: skip


def test_order_case_accents_line_breaks_and_extra_columns_do_not_count(sheet_of):
    rows = [
        ("eigen", "NÉTTO\r\nbedrag", "klant\u00a0 nummer", "Factuur-datum", "factuurNUMMER*"),
        ("x", 1.0, "K1", 45000, "F1"),
    ]
    regions, faults = found(sheet_of("Factuurregels", *rows))
    assert faults == []
    assert regions["invoice_lines"].columns == {"invoice_id": 4, "invoice_date": 3, "customer_id": 2, "net_amount": 1}


def test_undeclared_columns_are_variables_only_where_a_table_takes_them(sheet_of):
    rows = [("Klantnummer", "Activiteitcode", "Aantal", "regels", "spoed"), ("K1", "ORD", 3, 5, 1)]
    assert found(sheet_of("Activiteitvolumes", *rows))[0]["activity_volumes"].extras == {"regels": 3, "spoed": 4}
    assert found(sheet_of("Klanten", (*KLANTEN[0], "regels"), ("K1", "x", "A", 5)))[0]["customers"].extras == {}
