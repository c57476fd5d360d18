"""The declarations hold together: every table, column and choice is named once, in both languages."""

import pytest

from klantwaarde.tables.catalogue import INPUT_TABLES, TABLE
from klantwaarde.tables.headers import match_choice, match_headers, normalise
from klantwaarde.tables.settings import SETTINGS, find_setting

EVERY_TABLE = list(TABLE.values())
WITH_CHOICES = [column for table in EVERY_TABLE for column in table.columns if column.choices]


@pytest.mark.parametrize("table", EVERY_TABLE, ids=lambda table: table.id)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_label_finds_its_own_column(table, language):
    match = match_headers([column.label(language) for column in table.columns], table)
    assert match.columns == {column.id: place for place, column in enumerate(table.columns)}
    assert not match.duplicates


@pytest.mark.parametrize("table", EVERY_TABLE, ids=lambda table: table.id)
def test_every_id_finds_its_own_column(table):
    match = match_headers([column.id for column in table.columns], table)
    assert match.columns == {column.id: place for place, column in enumerate(table.columns)}


@pytest.mark.parametrize("table", EVERY_TABLE, ids=lambda table: table.id)
def test_a_single_synonym_finds_a_column_that_lists_it(table):
    for column in table.columns:
        for synonym in column.synonyms:
            (taken,) = match_headers([synonym], table).columns
            names = {normalise(name) for name in (table.by_id[taken].nl, table.by_id[taken].en, taken)}
            assert normalise(synonym) in names | {normalise(name) for name in table.by_id[taken].synonyms}


def test_no_two_tables_share_a_name():
    owners = [{normalise(n) for n in (t.id, t.nl, t.en, t.sheet_name("nl"), t.sheet_name("en"))} for t in EVERY_TABLE]
    assert sum(map(len, owners)) == len(set().union(*owners))


@pytest.mark.parametrize("table", EVERY_TABLE, ids=lambda table: table.id)
def test_sheet_names_fit_in_excel(table):
    assert all(len(table.sheet_name(language)) <= 31 for language in ("nl", "en"))


@pytest.mark.parametrize("column", WITH_CHOICES, ids=lambda column: column.id)
def test_every_choice_is_found_by_id_and_both_labels(column):
    for choice in column.choices:
        assert [match_choice(name, column.choices) for name in (choice.id, choice.nl, choice.en)] == [choice.id] * 3


@pytest.mark.parametrize("table", INPUT_TABLES, ids=lambda table: table.id)
def test_help_and_units_speak_both_languages(table):
    for text in (table, *table.columns):
        assert bool(text.help("nl")) == bool(text.help("en"))
    for column in table.columns:
        assert bool(column.unit("nl")) == bool(column.unit("en"))
    assert table.help("nl")


def test_units_are_translated():
    terms = TABLE["customers"].by_id["payment_terms_days"]
    assert (terms.unit("nl"), terms.unit("en")) == ("dagen", "days")


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.id)
def test_every_setting_is_found_by_id_and_both_labels(setting):
    assert [find_setting(name) for name in (setting.id, setting.nl, setting.en)] == [setting] * 3
    assert setting.help("nl")
    assert setting.help("en")
    assert bool(setting.unit("nl")) == bool(setting.unit("en"))


def test_titles_are_written_with_spaces():
    titles = {TABLE[name].title(language) for name in ("customer_costs", "receivables") for language in ("nl", "en")}
    assert titles == {"Klantgebonden kosten", "Customer costs", "Openstaande posten", "Receivables"}
