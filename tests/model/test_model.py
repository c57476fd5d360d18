"""What a run needs, what it switches off, and that equal input gives equal results."""

import pytest

import klantwaarde as kw
from companies import analysed, failed, faults_of, results_of, said, sale, total, trader


def test_the_plain_trader_ties() -> None:
    outcome = analysed(**trader())
    assert results_of(outcome) == {"A": 170.0, "B": 50.0}
    assert total(outcome)["unused"] == -20.0
    assert failed(outcome) == set()
    assert said(outcome) == {"KW-MO-011"}  # what takes other tables is left out


def test_the_least_that_gives_a_result_is_customers_and_invoice_lines() -> None:
    with pytest.raises(kw.InputError) as refused:
        kw.analyse(kw.tables_from({}))
    assert [fault.code for fault in refused.value.faults] == ["KW-MO-001", "KW-MO-001"]
    outcome = analysed(invoice_lines=[sale("A", 10.0, 4.0)])
    assert results_of(outcome) == {"A": 6.0}
    assert {"KW-MO-007", "KW-MO-008"} <= said(outcome)
    assert "ledger_reconciliation" not in outcome.results


def test_a_ledger_without_activities_ties_as_far_as_it_goes_and_says_the_rest() -> None:
    company = {name: rows for name, rows in trader().items() if name not in ("activities", "activity_volumes")}
    outcome = analysed(**company)
    assert failed(outcome) == {("ledger_line", "cost_pools"), ("ledger_result", "")}
    [fault] = [f for f in outcome.messages if f.code == "KW-MO-008"]
    assert fault.found == "Activiteiten, Activiteitvolumes"


def test_a_period_without_invoice_lines_stops() -> None:
    assert faults_of({"period_start": "2020-01-01", "period_end": "2020-12-31"}, invoice_lines=[sale("A", 1.0)]) == [
        ("KW-MO-002", "invoice_lines")
    ]


def test_equal_input_gives_an_equal_hash_and_another_setting_another() -> None:
    first, again, other = analysed(**trader()), analysed(**trader()), analysed({"abc_a": 0.7}, **trader())
    assert first.input_hash == again.input_hash != other.input_hash
