"""The sheets of the customer base say something in both languages, whatever the input allows."""

import re
from datetime import datetime

import pytest

from companies import analysed, sale, trader, with_rows
from klantwaarde import Outcome, analyse, tables_from
from klantwaarde.example import build_example
from klantwaarde.report.base_sheets import RESULTS, SHEETS
from klantwaarde.report.blocks import ChartBlock, ReportSheet, TableBlock, TextBlock
from klantwaarde.report.columns import OUTPUT
from klantwaarde.report.layout import build_report
from klantwaarde.report.runlog import stamp_of

LANGUAGES = ("nl", "en")
YEAR = {"period_start": "2025-01-01", "period_end": "2025-12-31"}


def sheets(outcome: Outcome) -> dict[str, ReportSheet]:
    own = {spec.id for spec in SHEETS}
    report = build_report(outcome, stamp_of(outcome, time=datetime(2026, 1, 15), version="1"))
    return {sheet.id: sheet for sheet in report if sheet.id in own}


@pytest.fixture(scope="module", params=LANGUAGES)
def example(request: pytest.FixtureRequest) -> dict[str, ReportSheet]:
    return sheets(analyse(tables_from(build_example(language=request.param))))


def test_every_sheet_is_there_with_sentences_charts_and_tables(example):
    assert set(example) == {spec.id for spec in SHEETS}
    for sheet in example.values():
        kinds = [type(block) for block in sheet.blocks]
        assert {TextBlock, ChartBlock, TableBlock} <= set(kinds)


def test_no_sentence_or_title_holds_a_hole_or_a_code(example):
    for sheet in example.values():
        texts = [line for block in sheet.blocks if isinstance(block, TextBlock) for line in block.lines]
        texts += [block.title for block in sheet.blocks if isinstance(block, ChartBlock)]
        for text in texts:
            assert not re.search(r"nan|None|[{}]|\b[a-z]+_[a-z_]+\b", text), text


def test_every_column_and_word_is_spoken(example):
    for sheet in example.values():
        for block in sheet.blocks:
            if isinstance(block, TableBlock):
                worded = next(spec.worded for spec in RESULTS if spec.id == block.id)
                for column in set(worded) & set(block.frame):
                    assert not block.frame[column].astype(str).str.fullmatch(r"[a-z]+_[a-z_0-9]+").any(), (
                        block.id,
                        column,
                    )


def test_every_column_has_a_label_of_its_own():
    outcome = analyse(tables_from(build_example()))
    for spec in RESULTS:
        for column in outcome.results[spec.id].columns:
            assert spec.relabel.get(column, column) in OUTPUT, (spec.id, column)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "tables",
    [
        {"invoice_lines": [sale("A", 1.0)]},
        {"invoice_lines": [sale("A", -1.0), sale("B", 1.0)]},
        {"invoice_lines": [sale("A", 5.0, 9.0, "2024-01-01"), sale("A", 5.0, 9.0, "2025-01-01")]},
        {"invoice_lines": [sale("A", 5.0, 0.0, "2024-01-01"), sale("B", 5.0, 0.0, "2025-01-01")]},
        with_rows(trader(), "invoice_lines", sale("A", 10.0, 1.0, "2024-01-01")),
    ],
)  # fmt: skip
def test_the_smallest_input_gives_sheets_and_no_failure(tables, language):
    found = sheets(analysed({**YEAR, "language": language}, **tables))
    for sheet in found.values():
        assert any(isinstance(block, TableBlock) and len(block.frame) for block in sheet.blocks)
