"""Frames of any make give the same tables as the sheets they could have been."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantwaarde.messages import InputError
from klantwaarde.tables.frames import raw_column, tables_from
from klantwaarde.tables.intake import read_sheets
from klantwaarde.tables.raw import Kind

DAY = date(2025, 3, 1)


def lines(**columns):
    given_columns = {
        "invoice_id": ["F1", "F2"],
        "invoice_date": [DAY, DAY],
        "customer_id": ["K1", "K2"],
        "net_amount": [1.0, 2.5],
    }
    return pd.DataFrame(given_columns | columns)


def typed(column, values):
    return tables_from({"invoice_lines": lines(**{column: values})})["invoice_lines"][column].tolist()


def faults_of(mapping, **settings):
    with pytest.raises(InputError) as caught:
        tables_from(mapping, settings)
    return [(fault.code, fault.sheet, fault.cell) for fault in caught.value.faults]


@pytest.mark.parametrize(
    "amounts",
    [
        [1, 2.5], np.array([1, 2.5], dtype="float32"), pd.array([1, 2.5], dtype="Float64"), [Decimal("1.00"), Decimal("2.50")],
        ["1,00", "2,50"], pd.Categorical(["1,00", "2,50"]), [1, "2,50"], np.array([1, 2.5], dtype=object),
        pd.Series(["1,00", "2,50"], dtype="string"),
    ],
)  # fmt: skip
def test_amounts_of_any_make_are_euros(amounts):
    assert typed("net_amount", amounts) == [1.0, 2.5]


@pytest.mark.parametrize(
    "days",
    [
        [DAY, DAY], [datetime.fromisoformat("2025-03-01T23:59"), DAY], pd.to_datetime(["2025-03-01 00:00", "2025-03-01 18:00"]),
        pd.to_datetime(["2025-03-01 00:30", "2025-03-01 23:30"]).tz_localize("Europe/Amsterdam"),
        [datetime(2025, 3, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))), DAY], ["2025-03-01", "20250301"],
        np.array(["2025-03-01", "2025-03-01"], dtype="datetime64[ns]"), [np.datetime64("2025-03-01"), pd.Timestamp("2025-03-01")],
        [45717, 45717.5],
    ],
)  # fmt: skip
def test_dates_of_any_make_are_their_own_day(days):
    assert typed("invoice_date", days) == [pd.Timestamp("2025-03-01")] * 2


@pytest.mark.parametrize(
    "ids",
    [[17, 18], [17.0, 18.0], pd.array([17, 18], dtype="Int64"), ["17", "18"], pd.Categorical(["17", "18"]), ["17", 18]],
)
def test_ids_of_any_make_are_text(ids):
    assert typed("customer_id", ids) == ["17", "18"]


@pytest.mark.parametrize(
    "ids",
    [
        ["K1", None], ["K1", np.nan], ["K1", pd.NA], ["K1", ""], pd.array(["K1", pd.NA], dtype="string"),
        pd.Categorical(["K1", None]), ["K1", "\u00a0"],
    ],
)  # fmt: skip
def test_missing_of_any_make_is_blank(ids):
    frame = tables_from({"invoice_lines": lines(customer_id=ids)})["invoice_lines"]
    assert frame["customer_id"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    "amounts", [[1.0, np.nan], pd.array([1, pd.NA], dtype="Int64"), [Decimal(1), None], [1.0, Decimal("NaN")]]
)
def test_a_missing_amount_stops(amounts):
    assert faults_of({"invoice_lines": lines(net_amount=amounts)}) == [("KW-IN-004", "invoice_lines", "D3")]


@pytest.mark.parametrize(
    ("amounts", "code"),
    [
        ([1.0, np.inf], "KW-VA-006"), ([1, 10**400], "KW-VA-006"), ([1.0, Decimal("Infinity")], "KW-VA-006"),
        ([True, False], "KW-VA-009"), (pd.array([True, pd.NA], dtype="boolean"), "KW-VA-009"), ([1.0, True], "KW-VA-009"),
        (pd.to_timedelta([1, 2], unit="D"), "KW-VA-001"), ([1.0, DAY], "KW-VA-008"),
    ],
)  # fmt: skip
def test_what_is_no_amount_stops(amounts, code):
    assert code in [found for found, _, _ in faults_of({"invoice_lines": lines(net_amount=amounts)})]


def test_flags_may_be_booleans_with_gaps():
    customers = pd.DataFrame(
        {"customer_id": ["a", "b", "c"], "excluded": pd.array([True, False, pd.NA], dtype="boolean")}
    )
    assert tables_from({"customers": customers})["customers"]["excluded"].tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("day", "serial"), [("1900-01-01", 1), ("1900-02-28", 59), ("1900-03-01", 61), ("2025-03-01", 45717)]
)
def test_serials_are_those_of_excel(day, serial):
    assert raw_column(pd.Series(pd.to_datetime([day]))).numbers.tolist() == [serial]
    assert raw_column(pd.Series([date.fromisoformat(day)], dtype=object)).numbers.tolist() == [serial]
    assert typed("invoice_date", [pd.Timestamp(day), DAY])[0] == pd.Timestamp(day)


@pytest.mark.parametrize("day", ["1899-12-31", "1899-12-30", "1850-06-01"])
def test_days_before_excel_stop(day):
    assert faults_of({"invoice_lines": lines(invoice_date=pd.to_datetime([day, "2025-03-01"]))})[0] == (
        "KW-VA-013", "invoice_lines", "B2",
    )  # fmt: skip


def test_the_cell_is_that_of_the_frame_with_its_header_in_row_1():
    frame = lines(net_amount=[1.0, "veel"])
    frame.insert(0, "eigen", 1)
    frame = frame[["net_amount", "eigen", "customer_id", "invoice_date", "invoice_id"]]
    assert faults_of({"invoice_lines": frame}) == [("KW-VA-001", "invoice_lines", "A3")]


def test_the_index_does_not_take_part():
    frame = lines().set_index(pd.Index(["x", "x"], name="net_amount"))
    assert tables_from({"invoice_lines": frame})["invoice_lines"].index.tolist() == [2, 3]


def test_columns_go_by_id_label_or_synonym_in_any_order():
    frame = lines().rename(
        columns={"invoice_id": "Factuurnr.", "net_amount": "OMZET (EUR)", "customer_id": "Customer number"}
    )
    read = tables_from({"invoice_lines": frame[frame.columns[::-1]]})["invoice_lines"]
    assert list(read) == ["invoice_id", "invoice_date", "customer_id", "net_amount"]


def test_a_column_named_twice_stops():
    frame = pd.concat([lines(), lines()[["net_amount"]]], axis=1)
    assert faults_of({"invoice_lines": frame}) == [("KW-IN-002", "invoice_lines", "E1")]


def test_all_faults_of_all_frames_come_at_once():
    mapping = {
        "invoice_lines": lines(net_amount=["veel", 1.0]), "customers": pd.DataFrame({"naam": ["x"]}), "klanten": lines(),
    }  # fmt: skip
    assert set(faults_of(mapping, support_method="vrij")) == {
        ("KW-VA-001", "invoice_lines", "D2"), ("KW-IN-001", "customers", "A1"), ("KW-IN-021", None, None),
        ("KW-ST-002", None, None),
    }  # fmt: skip


@pytest.mark.parametrize(
    "frame", [pd.DataFrame(), lines()[:0], pd.DataFrame({"customer_id": []}), pd.DataFrame(index=[1, 2])]
)
def test_an_empty_frame_is_an_absent_table(frame):
    assert dict(tables_from({"invoice_lines": frame})) == {}


def test_settings_may_be_a_frame_and_the_argument_comes_first():
    frame = pd.DataFrame({"Waarde": [DAY, "0,7", 4], "Instelling": ["Einde periode", "abc_a", "customer_digits"]})
    tables = tables_from({"settings": frame}, {"abc_a": 0.6})
    assert (tables.settings.period_end, tables.settings.abc_a, tables.settings.customer_digits) == (DAY, 0.6, 4)


def test_the_frames_of_the_caller_stay_as_they_were():
    frame = lines(customer_id=["K1 ", ""])
    before = frame.copy(deep=True)
    tables_from({"invoice_lines": frame})
    pd.testing.assert_frame_equal(frame, before)


def test_amounts_without_numpy_fast_paths_are_of_the_right_kind():
    column = raw_column(pd.Series([1, "x", None, True, DAY, ""], dtype=object))
    assert column.kinds.tolist() == [Kind.NUMBER, Kind.TEXT, Kind.BLANK, Kind.BOOL, Kind.DATE, Kind.BLANK]


CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**6), 10**6), st.floats(-1e6, 1e6), st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    st.sampled_from(["K1", " K2", "1.234,56", "12", "31-12-2025", "x", "Totaal"]),
)  # fmt: skip


@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=8))
def test_a_frame_and_a_sheet_with_the_same_cells_read_the_same(sheet_of, rows):
    header = ("invoice_id", "invoice_date", "customer_id", "net_amount")
    frame = pd.DataFrame(
        {name: pd.Series(cells, dtype=object) for name, cells in zip(header, zip(*rows, strict=True), strict=True)}
    )
    sheet = sheet_of("invoice_lines", header, *rows)
    from_frame, from_sheet = (
        outcome(lambda: tables_from({"invoice_lines": frame})),
        outcome(lambda: read_sheets([sheet])),
    )
    assert from_frame == from_sheet


def outcome(read):
    """The hash of the tables with their remarks, or the faults."""
    try:
        tables = read()
    except InputError as stopped:
        return [(fault.code, fault.cell) for fault in stopped.faults]
    return tables.sha256, [(fault.code, fault.cell) for fault in tables.messages if fault.code != "KW-IN-008"]
