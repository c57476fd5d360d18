"""Headers in people's spelling, and the row they stand in."""

import numpy as np
import pytest

from klantwaarde.tables.headers import find_header_row, header_texts, match_choice, match_headers, normalise, read_flags
from klantwaarde.tables.raw import RawSheet
from klantwaarde.tables.schema import Choice, Column, Table

KINDS = (
    Choice("freight", "Vracht", "Freight", ("Transport", "shipping")),
    Choice("bad_debt", "Oninbaar", "Bad debt", ("freight", "dubieuze debiteuren")),
)
LINES = Table(
    "lines", "Regels", "Lines",
    (
        Column("invoice_id", "Factuurnummer", "Invoice number", "id", required=True, synonyms=("Factuur", "VBELN")),
        Column("invoice_date", "Factuurdatum", "Invoice date", "date", required=True, synonyms=("Datum", "BLDAT", "BUDAT")),
        Column("customer_id", "Klantnummer", "Customer number", "id", required=True, synonyms=("KUNNR", "Debiteur", "Code")),
        Column("product_id", "Artikelnummer", "Product number", "id", synonyms=("Code", "MATNR")),
        Column("amount", "Bedrag", "Amount", "amount", required=True, synonyms=("Saldo", "WAERS")),
        Column("open", "Openstaand", "Open", "amount", synonyms=("Restbedrag", "Saldo")),
    ),
)  # fmt: skip
HEADER = ("Factuurnr", "Datum", "Debiteur", "Bedrag")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Deb. nr. *", "debnr"), ("deb_nr", "debnr"), ("DEB-NR", "debnr"), ("Deb\u00a0nr", "debnr"), ("Deb\r\nnr.", "debnr"),
        ("Coördinatie", "coordinatie"), ("Coo\u0308rdinatie", "coordinatie"), ("Omzet (EUR)", "omzet"), ("Omzet (€)", "omzet"),
        ("Omzet (in EUR)", "omzet"), ("Tijd [min]", "tijd"), ("Klant\u00adnummer", "klantnummer"), ("fin.trs.line.dim2", "fintrslinedim2"),
        ("Sell-to/Bill-to", "selltobillto"), ("Customer (No.)", "customerno"), ("*", ""), ("  ", ""),
    ],
)  # fmt: skip
def test_spelling_does_not_count(text, key):
    assert normalise(text) == key


@pytest.mark.parametrize("other", ["Bedrag (%)", "Bedrag (USD)", "Bedrag (x 1.000)", "Bedrag (incl. btw)", "Bedrag 2"])
def test_what_changes_the_meaning_counts(other):
    assert normalise(other) != normalise("Bedrag")


def test_labels_ids_and_synonyms_find_their_column():
    match = match_headers(["INVOICE_ID", "bldat", None, "Customer  Number", "Bedrag (EUR)", "Opmerking"], LINES)
    assert match.columns == {"invoice_id": 0, "invoice_date": 1, "customer_id": 3, "amount": 4}
    assert match.unknown == (5,)
    assert (match.missing, match.duplicates, match.near) == ((), {}, {})


def test_a_synonym_of_two_columns_goes_to_the_one_that_lists_it_first():
    assert match_headers(["Code"], LINES).columns == {"product_id": 0}  # its first synonym; the customer's third
    assert match_headers(["Saldo"], LINES).columns == {"amount": 0}


def test_a_synonym_of_two_columns_goes_to_the_other_when_one_has_its_label():
    assert match_headers(["Saldo", "Bedrag"], LINES).columns == {"amount": 1, "open": 0}
    assert match_headers(["Code", "MATNR", "Artikelnummer"], LINES).columns == {"product_id": 2, "customer_id": 0}


@pytest.mark.parametrize("twice", [("Bedrag", "bedrag "), ("Bedrag", "Amount"), ("WAERS", "Bedrag")])
def test_a_column_named_twice_is_reported_with_both_places(twice):
    match = match_headers(twice, LINES)
    assert sorted(match.duplicates["amount"]) == [0, 1]
    assert match.columns["amount"] == match.duplicates["amount"][0]
    assert match.unknown == ()


def test_a_label_is_used_before_a_synonym_wherever_it_stands():
    assert match_headers(["WAERS", "Bedrag"], LINES).columns == {"amount": 1}


def test_no_header_serves_two_columns():
    match = match_headers(["Code", "Code", "Code"], LINES)
    assert sorted(match.columns.values()) == [0, 1]
    assert match.columns.keys() == {"product_id", "customer_id"}
    assert match.duplicates == {"product_id": (match.columns["product_id"], 2)}


def test_a_slip_of_the_pen_is_suggested_for_a_missing_column():
    match = match_headers(["Factuurnummr", "Factuurdatum", "Klant nr", "Bedrga", "Toelichting"], LINES)
    assert match.missing == ("invoice_id", "customer_id", "amount")
    assert match.near["invoice_id"] == 0
    assert match.near["amount"] == 3
    assert 4 not in match.near.values()
    assert match.unknown == (0, 2, 3, 4)


def sheet(column_of, *rows, first_row=1, merged=()):
    width = max(len(row) for row in rows)
    padded = [(*row, *[None] * (width - len(row))) for row in rows]
    columns = tuple(column_of(*cells) for cells in zip(*padded, strict=True))
    return RawSheet("Blad1", first_row, 2, columns, {}, merged=tuple(merged))


def test_titles_above_the_header_are_passed(column_of):
    rows = [("Bedrag",), (), ("Factuur", "2024")] + [()] * 12 + [HEADER, ("F1", 45657, "K1", 12.5)]
    assert find_header_row(sheet(column_of, *rows), LINES) == 15


def test_a_header_below_the_searched_rows_is_not_found(column_of):
    rows = [("Titel",)] * 16 + [HEADER]
    assert find_header_row(sheet(column_of, *rows), LINES) is None


def test_data_rows_without_header_are_no_header(column_of):
    assert find_header_row(sheet(column_of, ("F1", 45657, "K1", 12.5), ("Factuur", 45657, "Code", 1.0)), LINES) is None


def test_the_first_of_two_equal_rows_is_the_header(column_of):
    assert find_header_row(sheet(column_of, HEADER, HEADER), LINES) == 0


def test_two_known_names_are_not_enough(column_of):
    assert find_header_row(sheet(column_of, ("Datum", "Bedrag", "x")), LINES) is None


def test_a_table_that_requires_one_column_needs_one_name(column_of):
    small = Table("small", "Klein", "Small", LINES.columns[2:4])
    assert find_header_row(sheet(column_of, ("Overzicht",), ("Klantnummer",), ("K1",)), small) == 1


def test_a_title_merged_over_columns_is_no_header(column_of):
    small = Table("small", "Klein", "Small", LINES.columns[2:4])
    titled = sheet(column_of, ("Klantnummer", None), ("Debiteur", "x"), first_row=5, merged=[(5, 2, 5, 3)])
    assert header_texts(titled, 0) == [None, None]
    assert find_header_row(titled, small) == 1


def test_a_header_merged_over_rows_only_still_counts(column_of):
    small = Table("small", "Klein", "Small", LINES.columns[2:4])
    assert find_header_row(sheet(column_of, ("Klantnummer",), (None,), merged=[(1, 2, 2, 2)]), small) == 0


def test_choices_are_found_by_id_label_or_synonym():
    assert match_choice(" VRACHT ", KINDS) == "freight"
    assert match_choice("bad-debt", KINDS) == "bad_debt"
    assert match_choice("Dubieuze  debiteuren", KINDS) == "bad_debt"
    assert match_choice("freight", KINDS) == "freight"  # an id before another choice's synonym
    assert match_choice("korting", KINDS) is None
    assert match_choice("", KINDS) is None


def test_flags_are_read_in_both_languages(column_of):
    yes = ["ja", "J", "Yes", "y", "WAAR", "true", "x", " X ", "1", 1, True]
    no = ["nee", "N", "no", "onwaar", "FALSE", "0", "", "-", 0, False, None]
    reading = read_flags(column_of(*yes, *no))
    assert reading.values.tolist() == [True] * len(yes) + [False] * len(no)
    assert not reading.unknown.any()
    assert reading.faults == ()


def test_other_words_and_numbers_are_unknown_not_no(column_of, error):
    reading = read_flags(column_of("misschien", 2, "ja", error("#N/A"), "\u2713", 0.5))
    assert np.flatnonzero(reading.unknown).tolist() == [0, 1, 3, 4, 5]
    assert [(fault.row, str(fault.reason)) for fault in reading.faults] == [
        (0, "not_a_flag"), (1, "not_a_flag"), (3, "error_value"), (4, "not_a_flag"), (5, "not_a_flag"),
    ]  # fmt: skip
    assert reading.values.tolist() == [False, False, True, False, False, False]
