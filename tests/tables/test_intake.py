"""Whatever stands in a cell is used or told, with sheet and cell; nothing disappears between sheet and table."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantwaarde.messages import InputError, catalogue
from klantwaarde.tables.catalogue import TABLE
from klantwaarde.tables.intake import read_sheets
from klantwaarde.tables.remarks import MOST_LISTED

DAY, LATER = date(2025, 3, 1), date(2025, 3, 31)
MODEL = {
    "customers": [
        ("customer_id", "name", "parent_id", "segment", "customer_since", "credit_limit", "payment_terms_days", "excluded"),
        ("K1", "Bakker", "K2", "A", DAY, 5000, 30, "nee"),
        ("K2", "De Wit", "K2", "B", DAY, 2500, 14, "ja"),
    ],
    "products": [("product_id", "name", "product_group", "list_price", "unit_cost"), ("P1", "Schroef", "G", 2.5, 1.25)],
    "invoice_lines": [
        ("invoice_id", "invoice_date", "customer_id", "product_id", "quantity", "list_amount", "discount", "net_amount", "cost_amount"),
        ("F1", DAY, "K1", "P1", 2, 120.0, 20.0, 100.0, 60.0),
        ("F2", LATER, "K2", "P1", -1, -60.0, 0.0, -60.0, -30.0),
    ],
    "ledger": [
        ("account", "description", "cost_center", "period", "amount", "treatment", "target"),
        ("8000", "Omzet", "100", "2025-03", -40.0, "direct", "omzet"),
        ("4000", "Lonen", "200", "2025-03", 25.0, "pool", "MAG"),
    ],
    "cost_pools": [("pool_id", "name", "kind", "capacity", "capacity_unit"), ("MAG", "Magazijn", "operating", 1000, "min")],
    "pool_shares": [("from_pool", "to_pool", "share", "driver_quantity"), ("HR", "MAG", 0.25, 3)],
    "activities": [("activity_id", "name", "pool_id", "minutes", "level"), ("ORD", "Order", "MAG", 4, "order")],
    "activity_volumes": [("customer_id", "activity_id", "period", "quantity"), ("K1", "ORD", "2025-03", 12)],
    "customer_costs": [("customer_id", "date", "kind", "amount"), ("K1", DAY, "bonus", 15.0)],
    "receivables": [
        ("customer_id", "invoice_id", "invoice_date", "due_date", "paid_date", "amount", "open_amount", "dunning_level"),
        ("K1", "F1", DAY, LATER, LATER, 121.0, 0.0, 1),
    ],
    "hours": [("team", "customer_id", "period", "hours", "purpose"), ("Binnendienst", "K1", "2025-03", 3.5, "sales")],
    "value_scores": [("customer_id", "date", "driver", "score", "agreed"), ("K1", DAY, "Levertijd", 80, "ja")],
    "events": [("customer_id", "date", "kind", "reason"), ("K1", DAY, "complaint", "Te laat")],
    "targets": [("period", "line", "amount", "owner"), ("2026", "Omzet", 1000.0, "Verkoop")],
    "settings": [("name", "value", "source", "date"), ("period_start", "2025-01-01", "besluit", DAY), ("period_end", "2025-12-31", "", DAY)],
}  # fmt: skip
CELLS = [
    (table, row, place)
    for table, rows in MODEL.items()
    for row in range(1, len(rows))
    for place in range(len(rows[0]))
]  # fmt: skip
LINE = ("Factuurnummer", "Factuurdatum", "Klantnummer", "Nettobedrag")
ITEM = ("Klantnummer", "Factuurnummer", "Factuurdatum", "Vervaldatum", "Betaaldatum", "Bedrag")


@pytest.fixture
def book(sheet_of):
    """Builds the sheets of the model, with some cells replaced."""

    def build(changes=None, *, tables=None):
        sheets = []
        for name in tables or MODEL:
            rows = [list(row) for row in MODEL[name]]
            for (table, row, place), value in (changes or {}).items():
                if table == name:
                    rows[row][place] = value
            sheets.append(sheet_of(TABLE[name].sheet_name("nl"), ("Titel",), (), *rows, first_row=2, first_column=2))
        return sheets

    return build


@pytest.fixture
def read(sheet_of):
    """Reads one sheet; gives the tables, or the faults that stopped it."""

    def run(name, *rows, settings=None, **more):
        return read_sheets([sheet_of(name, *rows, **more)], override=settings)

    return run


def stops(call):
    with pytest.raises(InputError) as caught:
        call()
    return caught.value.faults


def told(faults):
    return [(fault.code, fault.cell) for fault in faults]


def address(row, place):
    """The cell in the book, whose header stands in row 4, from column B."""
    return f"{'BCDEFGHIJKL'[place]}{4 + row}"


def kind_of(cell):
    table, _, place = cell
    return TABLE[table].by_id[MODEL[table][0][place]]


def test_the_model_itself_has_no_faults(book):
    tables = read_sheets(book())
    assert tables.messages == ()
    assert {name: len(frame) for name, frame in tables.items()} == {
        name: len(rows) - 1 for name, rows in MODEL.items() if name != "settings"
    }


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_an_error_or_an_uncalculated_formula_in_any_cell_is_told(cell, book, error):
    table, row, place = cell
    for marker, code in ((error("#N/A"), "KW-VA-010"), (..., "KW-VA-011")):
        faults = stops(lambda: read_sheets(book({cell: marker}, tables=[table])))  # noqa: B023
        assert (code, address(row, place)) in told(faults)
        assert {fault.sheet for fault in faults} == {TABLE[table].sheet_name("nl")}
        assert {fault.cell for fault in faults} == {address(row, place)}


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_a_text_in_any_cell_is_used_or_told(cell, book):
    table, row, place = cell
    column = kind_of(cell)
    sheets = book({cell: "zomaar iets"}, tables=[table])
    if table != "settings" and column.kind in ("id", "text"):
        assert read_sheets(sheets)[table][column.id].iloc[row - 1] == "zomaar iets"
    elif table == "settings" and column.id != "value" and column.kind == "text":
        assert [fault.code for fault in read_sheets(sheets).messages] == ["KW-ST-001"] * (column.id == "name")
    else:
        faults = stops(lambda: read_sheets(sheets))
        assert [fault.cell for fault in faults] == [address(row, place)]
        assert faults[0].found == "zomaar iets"


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_a_blank_in_any_cell_is_allowed_or_told(cell, book):
    table, row, place = cell
    column = kind_of(cell)
    for blank in (None, " \u00a0"):
        sheets = book({cell: blank}, tables=[table])
        if column.required and not column.blank_ok:
            assert told(stops(lambda: read_sheets(sheets))) == [("KW-IN-004", address(row, place))]  # noqa: B023
        elif table != "settings":
            value = read_sheets(sheets)[table][column.id].iloc[row - 1]
            assert not value or value != value  # noqa: PLR0124


def test_all_faults_of_all_tables_come_at_once(book, error):
    changes = {(table, 1, 0): error("#REF!") for table in MODEL}
    faults = stops(lambda: read_sheets(book(changes)))
    assert {(fault.sheet, fault.cell) for fault in faults} == {(TABLE[table].sheet_name("nl"), "B5") for table in MODEL}
    assert len(faults) == len(MODEL)


def test_a_wrong_setting_does_not_hide_other_faults(book):
    changes = {("settings", 2, 1): "gisteren", ("customers", 1, 5): "veel"}
    assert told(stops(lambda: read_sheets(book(changes)))) == [("KW-ST-002", "C6"), ("KW-VA-001", "G5")]


def test_settings_that_contradict_name_the_cell_unless_overridden(book):
    changes = {("settings", 2, 1): "2024-12-31"}
    assert told(stops(lambda: read_sheets(book(changes)))) == [("KW-ST-003", "C6")]
    assert read_sheets(book(changes), override={"period_end": "2025-06-30"}).settings.period_end == date(2025, 6, 30)


def test_the_language_of_the_settings_sheet_is_spoken(book):
    sheets = book({("settings", 1, 0): "Taal", ("settings", 1, 1): "Engels", ("customers", 1, 0): None})
    (fault,) = stops(lambda: read_sheets(sheets))
    assert (fault.language, fault.column) == ("en", "Customer number")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_message_of_the_intake_stands_in_both_languages(language):
    codes = {code for code in catalogue("nl") if code.startswith(("KW-IN-", "KW-ST-"))}
    assert all(set(catalogue(language)[code]) == {"what", "expected", "advice"} for code in codes)


def test_many_faults_are_all_counted_and_some_listed(read):
    rows = [("F1", DAY, "K1", "x")] * 1000
    faults = stops(lambda: read("Factuurregels", LINE, *rows))
    assert len(faults) == MOST_LISTED + 1
    assert (faults[-1].code, faults[-1].found, faults[-1].cell) == ("KW-IN-010", 1000, "D1001")


def test_the_index_is_the_excel_row(read):
    tables = read("Factuurregels", LINE, ("F1", DAY, "K1", 1.0), (), ("F2", DAY, "K1", 2.0), first_row=7)
    assert tables["invoice_lines"].index.tolist() == [8, 10]
    assert told(tables.messages) == [("KW-IN-008", "A9")]
    fault = tables.fault("KW-IN-004", "invoice_lines", 10, "net_amount")
    assert (fault.sheet, fault.cell) == ("Factuurregels", "D10")


def test_blank_rows_below_the_last_row_are_normal(read):
    assert read("Factuurregels", LINE, ("F1", DAY, "K1", 1.0), (), (" ",)).messages == ()


def test_blank_rows_inside_an_excel_table_are_normal(read):
    rows = [LINE, ("F1", DAY, "K1", 1.0), (), ("F2", DAY, "K1", 2.0)]
    tables = read("Factuurregels", *rows, tables={"Tabel1": (1, 1, 4, 4)})
    assert tables.messages == ()
    assert tables.origins["invoice_lines"].excel_table == "Tabel1"
    assert tables.origins["invoice_lines"].fingerprint == pytest.approx(2 * 45717 + 3 + 8)  # SUM + COUNTA


def test_totals_rows_are_left_out_with_their_amount(read):
    rows = [("F1", DAY, "K1", 1000.0), ("F2", DAY, "K2", 234.5), ("Totaal", None, None, 1234.5)]
    tables = read("Factuurregels", LINE, *rows)
    assert tables["invoice_lines"]["net_amount"].sum() == 1234.5
    (fault,) = tables.messages
    assert (fault.code, fault.cell, fault.found) == ("KW-IN-007", "D4", "1.234,50")
    assert tables.origins["invoice_lines"].set_aside == {"totals_row": 1}


def test_a_totals_row_without_a_figure_is_left_out_and_told(read):
    tables = read("Factuurregels", LINE, ("F1", DAY, "K1", 5.0), ("Totaal", None, None, None))
    assert told(tables.messages) == [("KW-IN-009", "A3")]
    assert tables.origins["invoice_lines"].set_aside == {"totals_row": 1}


def test_a_total_in_a_master_is_counted_among_the_rows(read):
    tables = read("Klanten", ("Klantnummer", "Naam", "Segment"), ("K1", "Bakker", None), (None, "Totaal", None))
    assert len(tables["customers"]) == 1
    assert tables.origins["customers"].rows_in == 2


def test_tables_can_be_left_out_and_speak_another_language(book):
    tables = read_sheets(book())
    assert "ledger" not in tables.without("ledger")
    assert tables.label("ledger") == "Grootboek"
    english = tables.with_settings(replace(tables.settings, language="en"))
    assert english.label("ledger") == "Ledger"


def test_many_subtotals_are_all_counted_and_some_listed(read):
    rows = [row for n in range(300) for row in [(f"F{n}", DAY, "K1", 5.0), ("Totaal", None, None, 5.0)]]
    tables = read("Factuurregels", LINE, *rows)
    assert tables.origins["invoice_lines"].set_aside == {"totals_row": 300}
    assert len(tables.messages) == MOST_LISTED + 1
    assert (tables.messages[-1].code, tables.messages[-1].found) == ("KW-IN-010", 300)


def test_a_total_that_does_not_add_up_stops(read):
    rows = [("F1", DAY, "K1", 1000.0), ("Totaal", None, None, 1234.5)]
    assert told(stops(lambda: read("Factuurregels", LINE, *rows))) == [("KW-IN-006", "D3")]


def test_hidden_rows_count_and_are_told(read):
    rows = [("F1", DAY, "K1", 1000.0), ("F2", DAY, "K2", 234.5), ("F3", DAY, "K2", 0.5)]
    tables = read("Factuurregels", LINE, *rows, hidden_rows=frozenset({3, 4, 99}))
    assert tables["invoice_lines"]["net_amount"].sum() == 1235.0
    (fault,) = tables.messages
    assert (fault.code, fault.cell, fault.found, fault.values["amount"]) == ("KW-IN-031", "D3", 2, "235,00")


def test_merged_cells_among_the_rows_stop_and_elsewhere_do_not(read):
    rows = [LINE, ("F1", DAY, "K1", 1.0), ("F2", DAY, None, 2.0)]
    assert told(stops(lambda: read("Factuurregels", *rows, merged=((2, 3, 3, 3),)))) == [("KW-IN-032", "C2")]
    assert read("Factuurregels", *rows, merged=((2, 7, 3, 7), (9, 1, 9, 4))).messages == ()


@pytest.mark.parametrize(
    ("amounts", "code", "count"),
    [
        (["1.234,56", "2,5", 3.0], "KW-VA-031", 2),
        (["1.234,56 C", "2,50 D", 1.0], "KW-IN-028", 1),
    ],
)
def test_what_a_reader_remarks_is_said_once_at_the_header(read, amounts, code, count):
    rows = [(f"F{number}", DAY, "K1", amount) for number, amount in enumerate(amounts)]
    remarks = {fault.code: fault for fault in read("Factuurregels", LINE, *rows).messages}
    assert (remarks[code].severity, remarks[code].cell, remarks[code].values["count"]) == ("warn", "D1", count)


def test_two_digit_years_and_cleaned_ids_are_told(read):
    rows = [("F1 ", "31-12-24", "\u200bK1", 1.0), ("F2", "30-12-24", "K1", 2.0)]
    tables = read("Factuurregels", LINE, *rows)
    assert [(fault.code, fault.cell, fault.values["count"]) for fault in tables.messages] == [
        ("KW-VA-033", "A1", 1), ("KW-VA-032", "B1", 2), ("KW-VA-033", "C1", 1),
    ]  # fmt: skip
    assert tables["invoice_lines"]["customer_id"].tolist() == ["K1", "K1"]


def test_a_percentage_in_an_amount_column_stops_and_in_a_share_column_not(read):
    assert told(stops(lambda: read("Factuurregels", LINE, ("F1", DAY, "K1", "5%")))) == [("KW-IN-027", "D2")]
    header = ("Van pool", "Naar pool", "Aandeel")
    assert read("Verdeelsleutels", header, ("HR", "MAG", "25%"))["pool_shares"]["share"].tolist() == [0.25]


@pytest.mark.parametrize("share", [25, 1.01, -0.1, "250%"])
def test_a_share_outside_zero_to_one_stops(read, share):
    faults = stops(lambda: read("Verdeelsleutels", ("Van pool", "Naar pool", "Aandeel"), ("HR", "MAG", share)))
    assert told(faults) == [("KW-IN-011", "C2")]


@pytest.mark.parametrize(
    ("amount", "code"), [(1e13, "KW-VA-007"), (-2e14, "KW-VA-007"), (1e15, "KW-VA-007"), ("1E400", "KW-VA-006")]
)
def test_amounts_beyond_cents_stop_instead_of_becoming_zero(read, amount, code):
    assert told(stops(lambda: read("Factuurregels", LINE, ("F1", DAY, "K1", amount)))) == [(code, "D2")]


@pytest.mark.parametrize("amounts", [(0.105, 1.0), ("0,105", "1,00")])
def test_more_than_two_decimals_are_rounded_half_up_and_told(read, amounts):
    tables = read("Factuurregels", LINE, *(("F1", DAY, f"K{n}", amount) for n, amount in enumerate(amounts)))
    assert tables["invoice_lines"]["net_amount"].tolist() == [0.11, 1.0]
    rounded = next(fault for fault in tables.messages if fault.code == "KW-IN-012")
    assert (rounded.cell, rounded.found, rounded.values["difference"]) == ("D2", 1, "-0,0050")


def test_a_negative_quantity_stops_only_where_it_makes_no_sense(read):
    header = ("Klantnummer", "Activiteitcode", "Aantal")
    assert told(stops(lambda: read("Activiteitvolumes", header, ("K1", "ORD", -3)))) == [("KW-IN-005", "C2")]


@pytest.mark.parametrize("word", ["relatiegeschenken", "Gift", "gift", "Relatiegeschenk", "GIFTS"])
def test_a_choice_is_read_by_label_id_or_synonym(read, word):
    tables = read("KlantgebondenKosten", ("Klantnummer", "Soort", "Bedrag"), ("K1", word, 5.0))
    assert tables["customer_costs"]["kind"].tolist() == ["gift"]


def test_another_word_is_no_choice_and_the_choices_are_named(read):
    call = lambda: read("KlantgebondenKosten", ("Klantnummer", "Soort", "Bedrag"), ("K1", "bloemen", 5.0))  # noqa: E731
    (fault,) = stops(call)
    assert (fault.code, fault.cell) == ("KW-IN-017", "B2")
    assert "Relatiegeschenk" in fault.expected


def test_customer_numbers_are_padded_when_asked(read):
    rows = [
        ("Klantnummer", "Concern", "Kredietlimiet"),
        (123, "77", 1),
        ("0124", "0123", 2),
        ("X9", None, 3),
        ("123456", "5", 4),
    ]
    tables = read("Klanten", *rows, settings={"customer_digits": 4})
    assert tables["customers"]["customer_id"].tolist() == ["0123", "0124", "X9", "123456"]
    assert tables["customers"]["parent_id"].tolist()[:2] == ["0077", "0123"]
    assert tables.messages == ()


def test_a_number_that_lost_its_zeros_stops_unless_padded(read):
    rows = [LINE, ("F1", DAY, 123, 1.0), ("F2", DAY, "0123", 2.0)]
    assert told(stops(lambda: read("Factuurregels", *rows))) == [("KW-VA-023", "C2")]
    padded = read("Factuurregels", *rows, settings={"customer_digits": 4})
    assert padded["invoice_lines"]["customer_id"].tolist() == ["0123", "0123"]


@pytest.mark.parametrize("pair", [("0123", "123"), ("k1", "K1"), ("КА1", "KA1")])
def test_customer_numbers_that_look_alike_are_told_and_kept(read, pair):
    tables = read(
        "Klanten", ("Klantnummer", "Naam", "Segment"), (pair[0], "a", "x"), ("Z", "b", "x"), (pair[1], "c", "x")
    )
    assert len(tables["customers"]) == 3
    assert [fault.code for fault in tables.messages] == ["KW-IN-016"]
    assert {tables.messages[0].found, tables.messages[0].values["other"]} == set(pair)


@pytest.mark.parametrize("table", ["customers", "products", "cost_pools", "activities"])
def test_equal_rows_count_once_and_different_rows_with_one_key_stop(book, sheet_of, table):
    rows = MODEL[table][:2]
    name = TABLE[table].sheet_name("nl")
    tables = read_sheets([sheet_of(name, *rows, rows[1])])
    assert (len(tables[table]), tables.origins[table].set_aside) == (1, {"duplicate": 1})
    assert told(tables.messages) == [("KW-IN-014", "A3")]
    other = (rows[1][0], "anders", *rows[1][2:])
    (fault,) = stops(lambda: read_sheets([sheet_of(name, *rows, other)]))
    assert (fault.code, fault.cell, fault.values["other_row"]) == ("KW-IN-013", "A3", 2)


def test_repeated_invoice_lines_are_kept_and_told(read):
    tables = read("Factuurregels", LINE, *[("F1", DAY, "K1", 10.0)] * 3)
    assert tables["invoice_lines"]["net_amount"].sum() == 30.0
    (fault,) = tables.messages
    assert (fault.code, fault.cell, fault.found, fault.values["amount"]) == ("KW-IN-015", "A3", 2, "20,00")


def test_an_invoice_number_of_two_customers_is_told(read):
    rows = [
        ("F1", DAY, "K1", 10.0),
        ("F1", DAY, "K2", 5.0),
        ("F2", DAY, "K2", 1.0),
        ("F2", DAY, None, 1.5),
        ("F1", DAY, "K1", 1.0),
    ]
    (fault,) = read("Factuurregels", LINE, *rows).messages
    assert (fault.code, fault.cell, fault.found) == ("KW-IN-018", "A2", "F1")
    assert (fault.values["count"], fault.values["amount"]) == (1, "16,00")


def test_dates_far_ahead_of_the_reference_date_are_told(read):
    rows = [("F1", DAY, "K1", 1.0), ("F2", date(2027, 1, 2), "K1", 2.0), ("F3", date(2027, 1, 1), "K1", 2.0)]
    (fault,) = read("Factuurregels", LINE, *rows, settings={"reference_date": "2025-12-31"}).messages
    assert (fault.code, fault.severity, fault.cell, fault.values["count"]) == ("KW-IN-024", "warn", "B3", 1)
    assert read("Factuurregels", LINE, *rows).messages == ()


def test_dates_before_1950_are_told_and_kept(read):
    tables = read("Factuurregels", LINE, ("F1", date(1949, 12, 31), "K1", 1.0))
    assert told(tables.messages) == [("KW-VA-017", "B2")]
    assert tables["invoice_lines"]["invoice_date"].iloc[0] == np.datetime64("1949-12-31")


def test_invoices_due_or_paid_before_they_were_sent_are_told(read):
    rows = [
        ("K1", "F1", LATER, DAY, None, 1.0), ("K1", "F2", DAY, LATER, LATER, 1.0), ("K1", "F3", LATER, LATER, DAY, 1.0),
    ]  # fmt: skip
    assert told(read("OpenstaandePosten", ITEM, *rows).messages) == [("KW-IN-025", "D2"), ("KW-IN-026", "E4")]


def test_open_items_without_invoice_dates_are_receivables(read):
    header = [name for name in ITEM if name != "Factuurdatum"]
    assert "invoice_date" not in read("OpenstaandePosten", header, ("K1", "F1", LATER, None, 1.0))["receivables"]


def test_a_variable_with_a_faulty_cell_is_told_and_notes_are_not(read, error):
    header = ("Klantnummer", "Activiteitcode", "Aantal", "regels", "spoed", "notitie")
    rows = [("K1", "ORD", 3, 5, 1, "bellen"), ("K2", "ORD", 4, error("#N/A"), None, "mailen")]
    tables = read("Activiteitvolumes", header, *rows)
    assert list(tables["activity_volumes"]) == ["customer_id", "activity_id", "quantity", "spoed"]
    assert told(tables.messages) == [("KW-IN-030", "D3")]


def test_an_error_in_a_column_of_the_users_own_is_no_fault(read, error):
    assert read("Factuurregels", (*LINE, "eigen"), ("F1", DAY, "K1", 1.0, error("#N/A"))).messages == ()


def test_formula_looking_names_are_texts(read):
    names = ["=2+5", "@SUM(A1)", "-1+1", "__import__('os')"]
    rows = [(f"K{number}", name, "s") for number, name in enumerate(names)]
    assert read("Klanten", ("Klantnummer", "Naam", "Segment"), *rows)["customers"]["name"].tolist() == names


def test_the_hash_follows_the_rows_and_nothing_else(read):
    rows = [("F1", DAY, "K1", 1.0), ("F2", DAY, "K1", 2.0)]
    plain = read("Factuurregels", LINE, *rows).sha256
    assert read("Blad1", ("x",), LINE, *rows, first_row=9).sha256 == plain
    assert read("Factuurregels", LINE, *rows[:1], ("F2", DAY, "K1", 2.01)).sha256 != plain


AMOUNTS = st.integers(-10_000, 10_000).map(lambda cents: cents / 100)
ROWS = st.lists(
    st.one_of(
        st.tuples(st.just("line"), st.sampled_from(["F1", "F2", "F3"]), st.sampled_from(["K1", "K2", None]), AMOUNTS),
        st.tuples(st.just("blank")),
        st.tuples(st.just("total"), st.sampled_from(["Totaal", "Subtotaal K1", None])),
    ),
    min_size=1, max_size=30,
)  # fmt: skip


@given(ROWS)
def test_rows_in_are_rows_used_and_rows_set_aside(sheet_of, plan):
    """Whatever blank rows, repeats and right totals stand between the lines: every line is used once."""
    rows, group, lines = [], 0.0, []
    for what, *details in plan:
        if what == "line":
            invoice, customer, amount = details
            lines.append(amount)
            group += amount
            rows.append((invoice, DAY, customer, amount))
        elif what == "total" and lines and abs(group) > 0.005:
            rows.append((details[0], None, None, round(group, 2)))
            group = 0.0
        else:
            rows.append(())
    tables = read_sheets([sheet_of("Factuurregels", LINE, *rows)])
    filled = sum(bool(row) for row in rows)
    if not filled:
        assert not tables
        return
    origin = tables.origins["invoice_lines"]
    assert origin.rows_in == filled
    assert len(tables["invoice_lines"]) + sum(origin.set_aside.values()) == filled
    assert tables["invoice_lines"]["net_amount"].tolist() == lines


@given(
    st.lists(st.sampled_from([("K1", "Bakker", "A"), ("K2", "Bakker", "B"), ("K3", "Totaal", "C"), ()]), max_size=20)
)
def test_master_rows_are_used_or_set_aside_as_repeats(sheet_of, rows):
    tables = read_sheets([sheet_of("Klanten", ("Klantnummer", "Naam", "Segment"), *rows)])
    filled = [row for row in rows if row]
    if not filled:
        assert not tables
        return
    origin = tables.origins["customers"]
    assert len(tables["customers"]) == len(set(filled))
    assert len(tables["customers"]) + sum(origin.set_aside.values()) == origin.rows_in == len(filled)
