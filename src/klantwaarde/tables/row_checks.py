"""What a table's typed rows must satisfy together: one row per key, dates in order, invoices of one customer."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde.tables.ids import doubtful_ids
from klantwaarde.tables.remarks import MOST_LISTED, Remarks, Rows
from klantwaarde.tables.settings import Settings

UNIQUE_TABLES = ("customers", "products", "cost_pools", "activities")  # one row per key
_AHEAD = np.timedelta64(366, "D")
_AMOUNT = {"invoice_lines": "net_amount", "receivables": "amount"}


def check_rows(remarks: Remarks, frame: pd.DataFrame, rows: Rows, settings: Settings) -> pd.DataFrame:
    """The frame with one row per key, where the table says so; everything else is only remarked.

    Args:
        remarks: Takes the faults and the rows set aside.
        frame: The typed columns.
        rows: The data row of every row of the frame.
        settings: Say how far dates may lie ahead.
    """
    _warn_far_dates(remarks, frame, rows, settings)
    for check in _CHECKS.get(remarks.region.table.id, ()):
        check(remarks, frame, rows)
    return _one_per_key(remarks, frame, rows) if remarks.region.table.id in UNIQUE_TABLES else frame


def _warn_far_dates(remarks: Remarks, frame: pd.DataFrame, rows: Rows, settings: Settings) -> None:
    """Dates more than a year after the reference date, or else after the period, are mostly slips."""
    last = settings.reference_date or settings.period_end
    if last is None:
        return
    for column in remarks.region.table.columns:
        if column.kind == "date" and column.id in frame:
            far = np.flatnonzero(frame[column.id].to_numpy() > np.datetime64(last) + _AHEAD)
            if far.size:
                values = {"count": far.size, "last": f"{last:%d-%m-%Y}"}
                found = f"{frame[column.id].iloc[far[0]]:%d-%m-%Y}"
                remarks.on_cell("KW-IN-024", rows[far[0]], column, found, severity="warn", **values)


def _one_per_key(remarks: Remarks, frame: pd.DataFrame, rows: Rows) -> pd.DataFrame:
    """Equal rows count once; rows with the same key and other contents are a fault."""
    key = remarks.region.table.by_id[remarks.region.table.keys[0]]
    again = (frame[key.id].duplicated() & frame[key.id].notna()).to_numpy()
    if not again.any():
        return frame
    same = again & frame.duplicated().to_numpy()
    first = frame.index.to_series().groupby(frame[key.id]).first()
    for position in np.flatnonzero(again & ~same)[:MOST_LISTED]:
        found = frame[key.id].iloc[position]
        remarks.on_cell("KW-IN-013", rows[position], key, found, other_row=first[found])
    if same.any():
        position = int(np.flatnonzero(same)[0])
        remarks.set_aside["duplicate"] = int(same.sum())
        remarks.on_cell(
            "KW-IN-014", rows[position], key, frame[key.id].iloc[position], severity="warn", count=int(same.sum())
        )
    return frame[~same]


def _warn_doubtful(remarks: Remarks, frame: pd.DataFrame, rows: Rows) -> None:
    """Customer numbers that a person would take for the same one."""
    column = remarks.region.table.by_id["customer_id"]
    position = {name: place for place, name in reversed(list(enumerate(frame["customer_id"])))}
    for first, second in doubtful_ids(frame["customer_id"].dropna())[:MOST_LISTED]:
        remarks.on_cell("KW-IN-016", rows[position[second]], column, second, severity="warn", other=first)


def _warn_repeated(remarks: Remarks, frame: pd.DataFrame, rows: Rows) -> None:
    """Lines that equal an earlier line in everything count: customers do buy the same thing twice."""
    repeated = np.flatnonzero(frame.duplicated())
    if repeated.size:
        amount = frame["net_amount"].iloc[repeated].sum()
        column = remarks.region.table.by_id["invoice_id"]
        remarks.on_cell(
            "KW-IN-015", rows[repeated[0]], column, repeated.size, severity="warn", amount=remarks.figure(amount)
        )


def _warn_shared(remarks: Remarks, frame: pd.DataFrame, rows: Rows) -> None:
    """One invoice number in the name of several customers."""
    pairs = frame[["invoice_id", "customer_id"]]
    invoices, _ = pd.factorize(pairs["invoice_id"])
    customers, distinct = pd.factorize(pairs["customer_id"])
    known = (invoices >= 0) & (customers >= 0)
    combined = pd.unique(invoices[known] * len(distinct) + customers[known])
    holders = np.bincount(combined // max(1, len(distinct)), minlength=1)
    shared = np.flatnonzero(known & (holders[np.where(known, invoices, 0)] > 1))
    if shared.size:
        amount = frame[_AMOUNT[remarks.region.table.id]].iloc[shared].sum()
        found, count = pairs["invoice_id"].iloc[shared[0]], int((holders > 1).sum())
        column = remarks.region.table.by_id["invoice_id"]
        remarks.on_cell(
            "KW-IN-018", rows[shared[0]], column, found, severity="warn", count=count, amount=remarks.figure(amount)
        )


def _warn_date_order(remarks: Remarks, frame: pd.DataFrame, rows: Rows) -> None:
    """Invoices due or paid before they were sent; a payment in advance may be right."""
    if "invoice_date" not in frame:
        return
    for name, code in (("due_date", "KW-IN-025"), ("paid_date", "KW-IN-026")):
        if name in frame:
            early = np.flatnonzero(frame[name].to_numpy() < frame["invoice_date"].to_numpy())
            if early.size:
                found = f"{frame[name].iloc[early[0]]:%d-%m-%Y}"
                column = remarks.region.table.by_id[name]
                remarks.on_cell(code, rows[early[0]], column, found, severity="warn", count=early.size)


_Check = Callable[[Remarks, pd.DataFrame, NDArray[np.intp]], None]
_CHECKS: dict[str, tuple[_Check, ...]] = {
    "customers": (_warn_doubtful,),
    "invoice_lines": (_warn_repeated, _warn_shared),
    "receivables": (_warn_shared, _warn_date_order),
}
