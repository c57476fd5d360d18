"""What the sheets of lifetime value say: conventions, where figures come from, what is missing, and the charts' titles."""

from datetime import datetime
from typing import Any

import pytest

from companies import analysed, sale
from klantwaarde import Outcome
from klantwaarde.messages import label
from klantwaarde.report.blocks import ChartBlock, TextBlock
from klantwaarde.report.layout import build_report
from klantwaarde.report.lifetime_lines import value_lines
from klantwaarde.report.lifetime_sheets import SHEETS
from klantwaarde.report.runlog import stamp_of

YEAR = {"period_start": "2025-01-01", "period_end": "2025-12-31"}
LINES = [
    sale(customer, net, net / 2, day)
    for customer, net, days in (("A", 900.0, ("2024-01-10", "2025-03-01")), ("B", 400.0, ("2024-05-01",)), ("C", 300.0, ("2024-06-01", "2025-06-01")))
    for day in days
]
CUSTOMERS = [{"customer_id": "A", "name": "Aalberts", "wallet": 3000.0}, {"customer_id": "B"}, {"customer_id": "C"}]


def told(outcome: Outcome, sheet: str) -> tuple[list[str], dict[str, ChartBlock]]:
    """The sentences and the charts of one sheet."""
    stamp = stamp_of(outcome, time=datetime(2026, 1, 15, 9, 0), version="1")
    [found] = build_report(outcome, stamp, {sheet})
    lines = [line for block in found.blocks if isinstance(block, TextBlock) for line in block.lines]
    return lines, {block.id: block for block in found.blocks if isinstance(block, ChartBlock)}


def outcome_of(**settings: Any) -> Outcome:
    return analysed(YEAR | settings, invoice_lines=LINES, customers=CUSTOMERS)


def says(lines: list[str], key: str, language: str = "nl") -> bool:
    """Whether some sentence begins as this text does, up to its first value."""
    start = label(key, language, **dict.fromkeys(("n", "name", "months", "loss", "rate", "margin", "years", "share", "customers", "stayed", "whole", "minimum", "basis", "horizon", "timing", "first", "discount", "growth"), "\0")).partition("\0")[0]
    return any(start and start in line for line in lines)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_sheet_says_its_convention_and_what_to_do(language: str) -> None:
    outcome = outcome_of(language=language, clv_horizon=7, clv_timing="mid")
    lines, charts = told(outcome, "clv")
    for key in ("line_clv_margin", "line_clv_uncosted", "line_clv_no_credit", "line_clv_convention", "line_clv_retention", "line_clv_simple", "line_clv_inactive", "line_clv_what_to_do"):
        assert says(lines, key, language), key
    assert any("7" in line and ("Midden van het jaar" if language == "nl" else "Middle of the year").lower() in line for line in lines)
    assert set(charts) == {"clv_tornado", "clv_survival"}
    assert charts["clv_tornado"].title.startswith(("Retentie", "Retention"))
    assert all(chart.alt_text for chart in charts.values())


def test_what_is_given_or_lacking_is_said() -> None:
    assert says(told(outcome_of(retention=0.8), "clv")[0], "line_clv_retention_given")
    assert says(told(outcome_of(clv_margin_basis="gross_margin"), "clv")[0], "line_clv_gross")
    lines, charts = told(analysed(YEAR, invoice_lines=[sale("A", 5.0)]), "clv")
    assert says(lines, "line_clv_no_retention")
    assert not says(lines, "line_clv_inactive")
    assert charts == {}
    assert any(label("line_clv_endless", "nl") in line for line in told(outcome_of(clv_horizon=0), "clv")[0])


def test_the_potential_says_what_is_unknown_and_what_it_may_cost() -> None:
    lines, charts = told(outcome_of(attainable_share=0.5), "clv_potential")
    for key in ("line_potential_how", "line_potential_levers", "line_potential_retention_same", "line_potential_no_investment"):
        assert says(lines, key), key
    assert says(lines, "line_potential_unknown")
    assert "Aalberts" in charts["clv_potential"].title
    lines, _ = told(outcome_of(attainable_share=0.5, potential_retention=0.95, investment_rate=0.2), "clv_potential")
    assert says(lines, "line_potential_retention")
    assert not says(lines, "line_potential_no_investment")


def test_without_wallets_the_red_list_still_stands() -> None:
    losing = [*LINES, sale("D", 100.0, 300.0, "2024-02-01"), sale("D", 100.0, 300.0, "2025-02-01")]
    lines, charts = told(analysed(YEAR, invoice_lines=losing), "clv_potential")
    assert says(lines, "line_potential_no_wallet")
    assert any(line.startswith("Klanten op de rode lijst: 1.") for line in lines)
    assert charts == {}


def test_the_value_of_the_base_moves_for_a_reason() -> None:
    lines, charts = told(outcome_of(), "equity")
    assert {"equity_bridge", "clv_outlook"} == set(charts)
    assert "vertrokken" in charts["equity_bridge"].title
    assert says(lines, "line_bridge_actuarial")
    lines, charts = told(outcome_of(period_start="2025-02-01"), "equity")
    assert says(lines, "line_bridge_missing")
    assert set(charts) == {"clv_outlook"}


def test_without_a_test_of_a_model_there_is_no_sheet_about_it() -> None:
    outcome = outcome_of()
    stamp = stamp_of(outcome, time=datetime(2026, 1, 15, 9, 0), version="1")
    made = {sheet.id for sheet in build_report(outcome, stamp, {spec.id for spec in SHEETS})}
    assert made == {"clv", "clv_potential", "equity"}


def test_without_values_no_sentence_sends_the_reader_to_a_sheet_that_is_not_there() -> None:
    outcome = analysed(invoice_lines=[sale("A", 100.0), sale("B", 50.0)])
    lines = " ".join(value_lines(outcome, "nl"))
    assert "marge × retentie" in lines
    assert "Uitkomst_" not in lines
