"""Totals rows are left out with their amount; a total that does not add up stops; a name is no total."""

from datetime import date

import numpy as np
import pytest

from klantwaarde.tables.catalogue import INPUT_TABLES
from klantwaarde.tables.locate import locate
from klantwaarde.tables.region import used_rows
from klantwaarde.tables.totals import find_totals_rows

DAY = date(2025, 3, 1)
RECEIVABLES = ("Klantnummer", "Factuurnummer", "Vervaldatum", "Bedrag")
LEDGER = ("Rekening", "Omschrijving", "Bedrag")
CUSTOMERS = ("Klantnummer", "Naam", "Kredietlimiet")
VOLUMES = ("Klantnummer", "Activiteitcode", "Aantal")


@pytest.fixture
def totals_of(sheet_of):
    def read(name, *rows, style=None):
        ((region,), faults) = locate([sheet_of(name, *rows)], INPUT_TABLES, "nl")
        assert faults == []
        totals = find_totals_rows(region, used_rows(region), style)
        return [(total.row, total.column.id, total.found, total.adds_up) for total in totals]

    return read


@pytest.mark.parametrize(
    "word",
    [
        "Totaal", "TOTAAL:", "totaal", "Subtotaal", "Sub-totaal", "Eindtotaal", "Total", "Grand total", "Totalen",
        "Totaal generaal", "Totaal debiteur 1000", "\u00a0Totaal", "Subtotal EUR",
    ],
)  # fmt: skip
def test_a_row_with_the_word_and_the_sum_is_a_total(totals_of, word):
    rows = [("K1", "F1", DAY, 100.10), ("K1", "F2", DAY, 50.05), (word, None, None, 150.15)]
    assert totals_of("OpenstaandePosten", RECEIVABLES, *rows) == [(2, "amount", 150.15, True)]


@pytest.mark.parametrize("word", ["Totaalonderhoud", "Totale kosten", "Totem", "Kosten totaal", "Tot"])
def test_other_words_are_no_totals(totals_of, word):
    rows = [("4000", "Lonen", 100.0), ("4100", word, 100.0)]
    assert totals_of("Grootboek", LEDGER, *rows) == []


def test_the_word_counts_in_any_column(totals_of):
    rows = [("4000", "Lonen", 100.0), ("4100", "Huur", 20.0), (None, "Totaal kosten", 120.0)]
    assert totals_of("Grootboek", LEDGER, *rows) == [(2, "amount", 120.0, True)]


def test_a_total_that_does_not_add_up_is_told(totals_of):
    rows = [("4000", "Lonen", 100.0), ("4100", "Huur", 20.0), ("Totaal", None, 130.0)]
    assert totals_of("Grootboek", LEDGER, *rows) == [(2, "amount", 130.0, False)]


@pytest.mark.parametrize(("difference", "adds_up"), [(0.005, True), (-0.0099, True), (0.02, False)])
def test_a_cent_of_rounding_is_allowed(totals_of, difference, adds_up):
    rows = [("4000", "Lonen", 100.0), ("Totaal", None, 100.0 + difference)]
    assert totals_of("Grootboek", LEDGER, *rows)[0][3] is adds_up


def test_subtotals_without_a_word_as_sap_writes_them(totals_of):
    rows = [
        ("1000", "F1", DAY, "-30,213.31"), ("1000", "F2", DAY, "213.31"), ("1000", None, None, "-30,000.00"),
        ("2000", "F3", DAY, "500.00"), ("2000", None, None, "500.00"), (None, None, None, "-29,500.00"),
    ]  # fmt: skip
    found = totals_of("OpenstaandePosten", RECEIVABLES, *rows)
    assert found == [(2, "amount", -30000.0, True), (4, "amount", 500.0, True), (5, "amount", -29500.0, True)]


def test_totals_of_totals_over_groups_of_groups(totals_of):
    item = ("K", "F", DAY)
    rows = [
        (*item, 1.0), (*item, 2.0), ("Subtotaal A", None, None, 3.0), (*item, 4.0), ("Subtotaal B", None, None, 4.0),
        ("Totaal regio Oost", None, None, 7.0), (*item, 10.0), ("Subtotaal C", None, None, 10.0),
        ("Totaal regio West", None, None, 10.0), ("Eindtotaal", None, None, 17.0),
    ]  # fmt: skip
    found = totals_of("OpenstaandePosten", RECEIVABLES, *rows)
    assert [row for row, *_ in found] == [2, 4, 5, 7, 8, 9]
    assert all(adds_up for *_, adds_up in found)


def test_figures_in_text_are_read_in_the_set_style(totals_of):
    rows = [("4000", "Lonen", "1.200"), ("4100", "Huur", "2.300"), ("Totaal", None, "3.500")]
    assert totals_of("Grootboek", LEDGER, *rows, style="nl") == [(2, "amount", 3500.0, True)]


def test_quantities_are_compared_too(totals_of):
    rows = [("K1", "ORD", 3), ("K2", "ORD", 4), ("Totaal", None, 7)]
    assert totals_of("Activiteitvolumes", VOLUMES, *rows) == [(2, "quantity", 7.0, True)]


def test_a_customer_called_total_stays_a_customer(totals_of):
    rows = [("K1", "Bakker", 500.0), ("K2", "Total Energies", 500.0), ("K3", "Totaal", 1000.0), ("K4", "Total", None)]
    assert totals_of("Klanten", CUSTOMERS, *rows) == []


@pytest.mark.parametrize("number", ["Total Energies", "TOTAL ENERGIES NL"])
def test_a_customer_number_may_be_a_name_with_the_word(totals_of, number):
    assert totals_of("Klanten", CUSTOMERS, ("K1", "Bakker", 500.0), (number, None, 900.0)) == []
    assert totals_of("Activiteitvolumes", VOLUMES, ("K1", "ORD", 3), (number, "ORD", 4)) == []


def test_a_customers_list_may_end_in_a_total(totals_of):
    rows = [("K1", "Bakker", 500.0), ("K2", "De Wit", 250.0), (None, "Totaal", 750.0)]
    assert totals_of("Klanten", CUSTOMERS, *rows) == [(2, "credit_limit", 750.0, True)]


def test_a_ledger_account_with_the_word_in_its_name_stays(totals_of):
    rows = [("4000", "Lonen", 100.0), ("4100", "Totaal onderhoud pand", 100.0)]
    assert totals_of("Grootboek", LEDGER, *rows) == []


def test_the_bare_word_beside_a_number_is_a_total_only_when_it_adds_up(totals_of):
    rows = [("4000", "Lonen", 100.0), ("4100", "Huur", 20.0), ("4", "Totaal", 120.0), ("4200", "Totaal", 77.0)]
    assert totals_of("Grootboek", LEDGER, *rows) == [(2, "amount", 120.0, True)]


def test_a_row_that_misses_one_key_is_no_subtotal_even_when_its_amount_fits(totals_of):
    rows = [("K1", "F1", DAY, 100.0), ("K1", "F2", None, 100.0), ("K1", None, DAY, 200.0)]
    assert totals_of("OpenstaandePosten", RECEIVABLES, *rows) == []


def test_the_word_alone_without_figure_is_left_out(totals_of):
    rows = [("4000", "Lonen", 100.0), (None, "Totaal", None)]
    ((row, _, found, _),) = totals_of("Grootboek", LEDGER, *rows)
    assert (row, np.isnan(found)) == (1, True)


def test_the_first_row_is_never_a_total(totals_of):
    assert totals_of("Grootboek", LEDGER, ("Totaal", None, 5.0), ("4000", "Lonen", 5.0)) == []
