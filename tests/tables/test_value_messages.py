"""Cells that cannot be read say so in both languages, with their address."""

import string

import pytest

from klantwaarde.messages import LANGUAGES, catalogue
from klantwaarde.tables.cells import CellFault, Reason, clean
from klantwaarde.tables.dates import read_dates
from klantwaarde.tables.ids import read_ids
from klantwaarde.tables.numbers import read_numbers

PER_COLUMN = {Reason.NUMBERS_FROM_TEXT, Reason.TWO_DIGIT_YEARS, Reason.IDS_CLEANED}
NAMED = {
    Reason.AMBIGUOUS: {"nl", "en"},
    Reason.AMBIGUOUS_DATE: {"dmy", "mdy"},
    Reason.EARLY_DATE: {"read"},
    Reason.ID_COLLIDES: {"other", "other_cell"},
    Reason.NOT_A_CHOICE: {"allowed"},
} | {reason: {"count"} for reason in PER_COLUMN}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_its_text_and_names_only_what_it_is_given(reason, language):
    texts = catalogue(language)[reason.code]
    assert texts.keys() == {"what", "expected", "advice"}
    named = {name for text in texts.values() for _, name, _, _ in string.Formatter().parse(text) if name}
    assert named - {"found"} == NAMED.get(reason, set())
    assert all(texts.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_its_reason(language):
    codes = {code for code in catalogue(language) if code.startswith("KW-VA-")}
    assert codes <= {reason.code for reason in Reason}


def test_a_fault_names_its_cell_and_the_cell_it_clashes_with(column_of):
    (clash,) = read_ids(column_of(123, "0123")).faults
    fault = clash.at(lambda row: f"A{row + 2}", sheet="Klanten", table="customers", column="Klantnummer")
    assert (fault.code, fault.severity, fault.place) == ("KW-VA-023", "stop", "Klanten!A2 · Klantnummer")
    assert '"0123" in A3' in str(fault)


def test_ambiguous_cells_speak_with_both_readings(column_of):
    (number,) = read_numbers(column_of("1.234")).faults
    assert "1234" in number.at(str, sheet="Blad1").what
    (day,) = read_dates(column_of("1/2/2024")).faults
    assert "2024-02-01" in day.at(str, sheet="Blad1").speaking("en").what


def test_a_warning_stays_a_warning():
    assert CellFault(0, Reason.EARLY_DATE, "2024", {"read": "1905-07-16"}).at(str, sheet="Blad1").severity == "warn"


def test_all_blanks_become_plain_and_invisible_signs_go():
    assert clean("\ufeff\u00a01\u202f2\u20093\u3000\u200b4\t") == "1 2 3 4"
