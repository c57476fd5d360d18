"""The sheets of credit hold for any ledger: nothing overdue, credits only, nobody that counts, in both languages."""

from datetime import datetime

import pytest

from companies import analysed, sale
from debtors import item, with_receivables
from klantwaarde.report.blocks import ChartBlock, ReportSheet, TableBlock, TextBlock, TilesBlock
from klantwaarde.report.credit_sheets import SHEETS
from klantwaarde.report.findings import findings
from klantwaarde.report.layout import build_report
from klantwaarde.report.runlog import stamp_of

RUN_TIME = datetime(2026, 1, 15, 9, 0)
PAID = item("A", 100.0, "2025-10-31", "2025-11-05")
LEDGERS = {
    "nothing_overdue": ([PAID, item("A", 50.0, "2025-12-31")], {}),
    "credits_only": ([item("A", -50.0, "2025-10-31")], {}),
    "all_paid": ([PAID], {}),
    "one_border": ([PAID, item("A", 50.0, "2025-10-31")], {"ageing_borders": "45"}),
    "open_only": ([item("A", 50.0, "2025-10-31")], {}),
    "not_yet_invoiced": ([item("A", 50.0, "2026-06-30")], {}),
    "given_rates": ([PAID, item("A", 50.0, "2025-10-31")], {"loss_rates": "1/2/3/4/5"}),
}


def sheets_of(rows: list, settings: dict, language: str, **tables) -> dict[str, ReportSheet]:
    outcome = with_receivables(rows, settings | {"language": language}, **tables)
    report = build_report(outcome, stamp_of(outcome, time=RUN_TIME, version="1"))
    return {sheet.id: sheet for sheet in report if sheet.id in {spec.id for spec in SHEETS}}


def texts(sheet: ReportSheet) -> str:
    return " ".join(line for block in sheet.blocks if isinstance(block, TextBlock) for line in block.lines)


def charts(sheet: ReportSheet) -> dict[str, ChartBlock]:
    return {block.id: block for block in sheet.blocks if isinstance(block, ChartBlock)}


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", LEDGERS)
def test_every_ledger_gives_sheets_with_whole_sentences(name, language):
    rows, settings = LEDGERS[name]
    for sheet in sheets_of(rows, settings, language).values():
        said = texts(sheet) + " ".join(chart.title for chart in charts(sheet).values())
        assert "nan" not in said
        assert "{" not in said
        for block in sheet.blocks:
            if isinstance(block, TableBlock):
                assert len({column.label.casefold() for column in block.columns}) == len(block.columns)


def test_only_customers_that_do_not_count_give_an_ageing_and_no_groups():
    customers = [{"customer_id": "IC", "excluded": True}]
    found = sheets_of([item("IC", 50.0, "2025-10-31")], {}, "nl", customers=customers, invoice_lines=[sale("IC", 1.0)])
    assert "ageing" in found
    assert not any(charts(sheet) for name, sheet in found.items() if name == "risk")


def test_without_receivables_there_are_no_sheets_of_credit():
    outcome = analysed(invoice_lines=[sale("A", 100.0)])
    report = build_report(outcome, stamp_of(outcome, time=RUN_TIME, version="1"))
    assert not {sheet.id for sheet in report} & {spec.id for spec in SHEETS}


def test_titles_say_the_conclusion_with_its_number():
    rows = [item("A", 300.0, "2025-10-15"), item("A", 100.0, "2025-12-31"), item("B", 100.0, "2025-12-01"), PAID]
    found = sheets_of(rows, {}, "nl")
    shown = charts(found["ageing"])
    assert shown["ageing_classes"].title == "80 % van de openstaande facturen is over datum (400); 300 al meer dan 60 dagen"
    assert shown["most_overdue"].title == "De 2 grootste achterstanden zijn 100 % van alles over datum; het meest bij A (300)"
    assert "bel eerst A (300), B (100)" in texts(found["payment"])


def test_what_is_not_known_is_said():
    rows = [PAID, item("A", 50.0, "2025-10-31", open_amount=0.0), item("A", 40.0, "2025-10-31", open_amount=60.0), item("?", 5.0, "2025-10-31")]
    said = texts(sheets_of(rows, {}, "en", invoice_lines=[sale("A", 1.0)], customers=[{"customer_id": "A"}])["payment"])
    assert "Paid items without a payment date: 1 (50)." in said
    assert "more open than their amount, or with another sign: 1 (40)." in said
    assert "excluded or unknown customers: 1 (5)." in said


def test_the_dashboard_and_the_ageing_say_the_same_share():
    rows = [item("A", 100.0, "2025-12-01", "2025-12-05"), item("A", 50.0, "2025-10-31"), item("A", 150.0, "2026-01-15"), item("A", -80.0, "2025-12-31")]
    outcome = with_receivables(rows)
    said = " ".join(findings(outcome, "nl"))
    assert "50 over datum (25 %)" in said
    assert charts(sheets_of(rows, {}, "nl")["ageing"])["ageing_classes"].title.startswith("25 %")


OUTSIDER = {
    "customers": [{"customer_id": "A"}, {"customer_id": "IC", "excluded": True}],
    "invoice_lines": [sale("A", 1000.0), sale("IC", 1000.0)],
}


def test_the_totals_of_what_is_open_are_tied_to_one_another():
    rows = [item("A", 1000.0, "2025-12-01"), item("A", -200.0, "2025-12-31"), item("IC", 500.0, "2025-12-01"), item("IC", -50.0, "2025-12-31")]
    said = texts(sheets_of(rows, {}, "nl", **OUTSIDER)["ageing"])
    assert "Openstaande facturen 1.500 − tegoeden 250 = 1.250 openstaand per saldo." in said
    assert "500 aan facturen en 450 per saldo. Zonder hen: 1.000 aan facturen" in said
    assert "en 800 per saldo" in said
    results = with_receivables(rows, **OUTSIDER).results
    assert results["loss_matrix"]["open_invoices"].sum() == 1500
    assert results["ageing"]["open_amount"].sum() == 1250
    assert results["risk"]["exposure"].sum() == 1000
    assert results["payment_behaviour"]["open_amount"].sum() == 800


def test_totals_that_do_not_differ_are_not_explained():
    said = texts(sheets_of([item("A", 100.0, "2025-12-01")], {}, "en")["ageing"])
    assert "on balance" not in said


def test_the_cost_of_credit_says_why_its_groups_add_up_to_less():
    rows = [item("A", 73_000.0, "2025-11-30", invoiced="2025-01-01"), item("IC", 36_500.0, "2025-11-30", invoiced="2025-01-01")]
    given = {"credit_rate": 0.1}
    results = with_receivables(rows, given, **OUTSIDER).results
    assert results["payment_cost"]["payment_cost"].sum() == 10_950
    assert results["payment_cost_groups"]["payment_cost"].iloc[0] == 7_300
    said = texts(sheets_of(rows, given, "nl", **OUTSIDER)["payment_cost"])
    assert "klanten kosten daarvan 3.650" in said
    assert "telt daarom op tot 7.300." in said


def test_the_dashboard_and_payment_behaviour_say_the_same_days_late():
    rows = [item("A", 100.0, "2025-03-01", "2025-03-31"), item("A", 100.0, "2025-12-01", "2025-12-11"), item("A", 50.0, "2025-12-15")]
    outcome = with_receivables(rows)
    assert outcome.results["payment_groups"]["days_late"].iloc[0] == 20
    report = build_report(outcome, stamp_of(outcome, time=RUN_TIME, version="1"))
    tiles = next(block for sheet in report for block in sheet.blocks if isinstance(block, TilesBlock))
    assert "betaald gemiddeld 20,0 dagen te laat (12 maanden)" in [tile.comment for tile in tiles.figures]
    assert "over twaalf maanden gemiddeld 20,0 dagen te laat" in " ".join(findings(outcome, "nl"))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_day_in_a_sentence_is_written_as_in_a_cell(language):
    assert "31-12-2025" in texts(sheets_of([PAID], {}, language)["ageing"])
