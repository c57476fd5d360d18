"""Frames from anywhere through the same schemas and checks as sheets: a frame becomes raw cells first."""

import datetime as dt
import decimal
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde.messages import Fault
from klantwaarde.tables.catalogue import TABLE
from klantwaarde.tables.headers import match_headers
from klantwaarde.tables.intake import settled, type_regions, type_settings
from klantwaarde.tables.raw import Kind, RawColumn, RawSheet
from klantwaarde.tables.region import Area, Region, has_rows, region_of
from klantwaarde.tables.schema import Table
from klantwaarde.tables.typed import Tables

_EPOCH = np.datetime64("1899-12-30", "us")
_FIRST_SAME = 61  # days after the epoch from which Excel's serial is the count of days: 1900-03-01


def tables_from(mapping: Mapping[str, pd.DataFrame], settings: Mapping[str, object] | None = None) -> Tables:
    """Typed tables from frames, by the same rules as sheets.

    Args:
        mapping: Table id -> frame; columns by id, label or synonym, in any order; extra columns and the index are left
            alone. A ``settings`` frame has the columns name and value.
        settings: Values by id or label, laid over the settings frame.

    Raises:
        InputError: every fault; the cell names row and column of the frame as if its header stood in row 1.
    """
    region, faults = _region(TABLE["settings"], mapping.get("settings", pd.DataFrame()), "nl")
    chosen, _, more = type_settings(region, settings or {})
    faults += more
    regions: list[Region] = []
    for name, frame in mapping.items():
        if name not in TABLE:
            faults.append(Fault("KW-IN-021", table=name, found=name, values={"known": ", ".join(sorted(TABLE))}))
        elif name != "settings":
            region, more = _region(TABLE[name], frame, chosen.language)
            faults += more
            regions += [region] if region is not None else []
    tables, more = type_regions(regions, chosen)
    return settled(tables, [*faults, *more])


def _region(table: Table, frame: pd.DataFrame, language: str) -> tuple[Region | None, list[Fault]]:
    """The frame as a sheet of its own; a frame without rows is an absent table. Unused columns are left blank."""
    if frame.empty:
        return None, []
    headers = [str(name) for name in frame.columns]
    match = match_headers(headers, table)
    wanted = {*match.columns.values(), *(match.unknown if table.extra_numbers else ())}
    n = len(frame)
    unused = RawColumn(np.zeros(n, dtype=np.uint8), np.full(n, np.nan))
    cells = tuple(raw_column(frame.iloc[:, at]) if at in wanted else unused for at in range(len(headers)))
    region, faults = region_of(
        Area(RawSheet(table.id, 2, 1, cells, {}), -1, n, (0, len(headers))), table, headers, language
    )
    return (region if region is not None and has_rows(region) else None), faults


def raw_column(series: pd.Series) -> RawColumn:
    """The cells of a series, as an adapter would hand them over; a time of day has no zone in Excel."""
    blank = series.isna().to_numpy()
    if pd.api.types.is_bool_dtype(series.dtype):
        return _numeric(series.to_numpy(float, na_value=np.nan), Kind.BOOL, blank)
    if pd.api.types.is_numeric_dtype(series.dtype):
        return _numeric(series.to_numpy(float, na_value=np.nan), Kind.NUMBER, blank)
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        local = series.dt.tz_localize(None) if series.dt.tz is not None else series
        return _numeric(_serials(local.to_numpy("datetime64[us]")), Kind.DATE, blank)
    values = series.to_numpy(object)
    if pd.api.types.infer_dtype(values, skipna=True) == "string":
        texts = values.copy()
        texts[blank] = ""
        nothing = texts == ""
        texts[nothing] = None
        kinds = np.where(nothing, Kind.BLANK, Kind.TEXT).astype(np.uint8)
        return RawColumn(kinds, np.full(len(values), np.nan), texts)
    return _mixed(values, blank)


def _numeric(numbers: NDArray[np.float64], kind: Kind, blank: NDArray[np.bool_]) -> RawColumn:
    return RawColumn(np.where(blank, Kind.BLANK, kind).astype(np.uint8), np.where(blank, np.nan, numbers))


def _serials(dates: NDArray[np.datetime64]) -> NDArray[np.float64]:
    """Excel serials; before March 1900 one lower, because Excel has a 29 February 1900. Days before 1900 are negative."""
    days = (dates - _EPOCH) / np.timedelta64(1, "D")
    return np.where(days < 2, -1.0, np.where(days < _FIRST_SAME, days - 1, days))


def _mixed(values: NDArray[np.object_], blank: NDArray[np.bool_]) -> RawColumn:
    n = len(values)
    kinds, numbers, texts = np.zeros(n, np.uint8), np.full(n, np.nan), np.full(n, None, dtype=object)
    for row in np.flatnonzero(~blank):
        kinds[row], numbers[row], texts[row] = _cell(values[row])
    return RawColumn(kinds, numbers, texts)


def _cell(value: object) -> tuple[Kind, float, str | None]:
    match value:
        case bool() | np.bool_():
            return Kind.BOOL, float(value), None
        case int() | float() | decimal.Decimal() | np.number():
            return Kind.NUMBER, _float(value), None
        case dt.date() | np.datetime64():
            stamp = np.datetime64(pd.Timestamp(value).replace(tzinfo=None), "us")
            return Kind.DATE, float(_serials(np.array([stamp]))[0]), None
    return (Kind.TEXT, np.nan, str(value)) if str(value) else (Kind.BLANK, np.nan, None)


def _float(value: float | decimal.Decimal | np.number) -> float:
    try:
        return float(value)
    except OverflowError:
        return np.inf
