"""A report survives being packed; a text that somebody touched does not."""

import base64
import hashlib
import zlib
from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companies import analysed, sale
from klantwaarde import analyse, tables_from
from klantwaarde.example import build_example
from klantwaarde.report.archive import ArchiveError, packed, unpacked
from klantwaarde.report.blocks import Formula, ReportSheet, ResultColumn, TableBlock
from klantwaarde.report.layout import build_report
from klantwaarde.report.runlog import stamp_of
from klantwaarde.workbook.render import as_file

RUN_TIME = datetime(2026, 1, 15, 9, 0)


@pytest.fixture(scope="module")
def report() -> list[ReportSheet]:
    outcome = analyse(tables_from(build_example()))
    return build_report(outcome, stamp_of(outcome, time=RUN_TIME, version="1"))


def test_a_packed_report_is_the_same_report(report):
    text = packed(report)
    assert as_file(unpacked(text)) == as_file(report)
    assert packed(unpacked(text)) == text


def test_the_text_holds_nothing_that_excel_could_take_for_a_formula(report):
    text = packed(report)
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=")
    assert len(text) < 500_000


def test_every_kind_of_cell_comes_back_as_it_was():
    frame = pd.DataFrame(
        {
            "text": ["=2+5", None], "number": [1.25, np.nan], "whole": [1, 2], "flag": [True, False],
            "day": pd.to_datetime(["2026-01-02", None]), "mixed": pd.Series([Formula("SUM(outX[A])", 3.5), "é\n'\""], dtype=object),
        }
    )  # fmt: skip
    columns = tuple(ResultColumn(name, name) for name in frame)
    sheet = ReportSheet("x", "X", "T", "S", (TableBlock("x", "", columns, frame, {"number": "sum"}),))
    back = unpacked(packed([sheet]))[0].blocks[0]
    as_objects = [each.astype(object).where(each.notna(), None) for each in (back.frame, frame)]
    pd.testing.assert_frame_equal(*as_objects)
    assert back.frame["mixed"].iloc[0] == Formula("SUM(outX[A])", 3.5)
    assert back.columns == columns
    assert back.totals == {"number": "sum"}


def test_a_changed_text_is_refused(report):
    text = packed(report)
    for broken in (text[:-1], text[:40] + ("A" if text[40] != "A" else "B") + text[41:], "", "kw", text[16:]):
        with pytest.raises(ArchiveError):
            unpacked(broken)


def test_only_declared_blocks_come_out():
    for content in (b'[{"type":"Path","fields":{}}]', b'[{"type":"Formula","fields":{"text":"1","value":1}}]', b"{}", b"[1]"):
        body = base64.urlsafe_b64encode(zlib.compress(content)).decode()
        text = hashlib.sha256(body.encode()).hexdigest()[:16] + body
        with pytest.raises(ArchiveError):
            unpacked(text)


@settings(max_examples=15)
@given(st.lists(st.tuples(st.sampled_from(["0012", "B", "=x", "é"]), st.floats(-1e6, 1e6)), min_size=1, max_size=6))
def test_the_report_of_any_sales_survives(sales):
    outcome = analysed(invoice_lines=[sale(customer, round(net, 2)) for customer, net in sales])
    report = build_report(outcome, stamp_of(outcome, time=RUN_TIME, version="1"))
    assert as_file(unpacked(packed(report))) == as_file(report)
