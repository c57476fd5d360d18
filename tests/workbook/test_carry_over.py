"""A user's own columns right of a result table keep their values and their kind when rows move."""

import datetime as dt

import pandas as pd

from klantwaarde.report.blocks import ReportSheet, ResultColumn, TableBlock
from klantwaarde.tables.frames import raw_column
from klantwaarde.tables.raw import RawSheet
from klantwaarde.workbook.carry_over import with_user_columns


def old_sheet(**columns: list[object]) -> RawSheet:
    """A sheet with a table in A1; each keyword or pair is a column, header first."""
    cells = tuple(raw_column(pd.Series(values, dtype=object)) for values in columns.values())
    return RawSheet("Uitkomst", 1, 1, cells, {"outCustomerPl": (1, 1, 3, 2)})


def test_values_follow_their_customer_and_keep_their_kind() -> None:
    noted = dt.datetime(2026, 3, 1)
    old = old_sheet(
        a=["Klant", "A", "B"], b=["Resultaat", 1.0, 2.0], c=["Gebeld", noted, None], d=["Akkoord", True, False],
        e=["Notitie", "eerst", "dan"], f=["Notitie", "tweede", 5.0],
    )  # fmt: skip
    columns = (ResultColumn("customer_id", "Klant", "id"), ResultColumn("result", "Resultaat", "money"))
    frame = pd.DataFrame({"customer_id": ["B", "A", "C"], "result": [2.0, 1.0, 3.0]})
    sheet = ReportSheet("pl", "Uitkomst", "P&L", "", (TableBlock("customer_pl", "", columns, frame, key="customer_id"),))

    [block] = with_user_columns(sheet, old).blocks

    assert isinstance(block, TableBlock)
    assert [(c.label, c.format) for c in block.columns[2:]] == [
        ("Gebeld", "date"), ("Akkoord", "text"), ("Notitie", "text"), ("Notitie (2)", "text"),
    ]  # fmt: skip
    carried = block.frame.iloc[:, 2:].astype(object).where(block.frame.iloc[:, 2:].notna(), None)
    assert carried.to_numpy().tolist() == [
        [None, False, "dan", 5.0], [noted, True, "eerst", "tweede"], [None, None, None, None],
    ]  # fmt: skip
