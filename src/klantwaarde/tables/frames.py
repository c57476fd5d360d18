"""Frames from anywhere through the same schemas and checks as sheets: a frame becomes raw cells first."""

import datetime
import decimal
from collections.abc import Mapping

import numpy as np
import pandas as pd

from klantwaarde.messages import Fault, InputError
from klantwaarde.tables.catalogue import TABLE
from klantwaarde.tables.headers import match_headers
from klantwaarde.tables.intake import settled, type_regions
from klantwaarde.tables.locate import Region, frame_region
from klantwaarde.tables.raw import Kind, RawColumn
from klantwaarde.tables.schema import Table
from klantwaarde.tables.settings import Settings, with_values
from klantwaarde.tables.typed import Tables


def tables_from(mapping: Mapping[str, pd.DataFrame], settings: Mapping[str, object] | None = None) -> Tables:
    """Typed tables from frames, by the same rules as sheets.

    Args:
        mapping: Table id -> frame; columns by id, label or synonym, in any order; extra columns are left alone. A
            ``settings`` frame has the columns name and value.
        settings: Values by id or label, laid over the settings frame.

    Raises:
        InputError: every fault; the cell names row and column of the frame as if its header stood in row 1.
    """
    chosen, faults = _settings(mapping.get("settings"), settings or {})
    regions: list[Region] = []
    for name, frame in mapping.items():
        if name == "settings":
            continue
        if name not in TABLE:
            known = ", ".join(sorted(TABLE))
            faults.append(Fault("KW-IN-021", "stop", found=name, values={"known": known}, language=chosen.language))
            continue
        region, more = _region(TABLE[name], frame, chosen.language)
        faults += more
        regions += [region] if region is not None else []
    tables, more = type_regions(regions, chosen)
    return settled(tables, [*faults, *more])


def _settings(frame: pd.DataFrame | None, override: Mapping[str, object]) -> tuple[Settings, list[Fault]]:
    given: dict[str, object] = {}
    if frame is not None:
        given = dict(zip(frame["name"].astype(str), frame["value"], strict=True))
    settings, faults = with_values(Settings(), {**given, **override})
    stops = [fault for fault in faults if fault.severity == "stop"]
    if stops:
        raise InputError(stops)
    return settings, faults


def _region(table: Table, frame: pd.DataFrame, language: str) -> tuple[Region | None, list[Fault]]:
    match = match_headers([str(name) for name in frame.columns], table)
    faults = [
        Fault("KW-IN-001", "stop", table.id, None, table.id, table.by_id[name].label(language), None, {"label": table.by_id[name].label(language)}, language)
        for name in match.missing
    ]
    if faults and len(frame):
        return None, faults
    columns = {name: raw_column(frame.iloc[:, position]) for name, position in match.columns.items()}
    extras = {str(frame.columns[p]): raw_column(frame.iloc[:, p]) for p in match.unknown} if table.extra_numbers else {}
    return (frame_region(table, columns, extras) if len(frame) else None), []


def raw_column(series: pd.Series) -> RawColumn:
    """The cells of a series, as an adapter would hand them over."""
    blank = series.isna().to_numpy()
    n = len(series)
    if pd.api.types.is_bool_dtype(series.dtype) and not blank.any():
        return RawColumn(np.full(n, Kind.BOOL, np.uint8), series.to_numpy(float))
    if pd.api.types.is_numeric_dtype(series.dtype):
        kinds = np.where(blank, Kind.BLANK, Kind.NUMBER).astype(np.uint8)
        return RawColumn(kinds, series.to_numpy(float, na_value=np.nan))
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        kinds = np.where(blank, Kind.BLANK, Kind.DATE).astype(np.uint8)
        return RawColumn(kinds, _serials(series))
    values = series.to_numpy(object)
    if not blank.any() and set(map(type, values)) == {str}:
        return _texts(values)
    return _mixed(values, blank)


def _serials(dates: pd.Series) -> np.ndarray:
    days = (dates.to_numpy("datetime64[us]") - np.datetime64("1899-12-30", "us")) / np.timedelta64(1, "D")
    return np.where(np.isnat(dates.to_numpy("datetime64[us]")), np.nan, days)


def _texts(values: np.ndarray) -> RawColumn:
    kinds = np.where(values == "", Kind.BLANK, Kind.TEXT).astype(np.uint8)
    return RawColumn(kinds, np.full(len(values), np.nan), np.where(values == "", None, values))


def _mixed(values: np.ndarray, blank: np.ndarray) -> RawColumn:
    n = len(values)
    kinds, numbers, texts = np.zeros(n, np.uint8), np.full(n, np.nan), np.full(n, None, dtype=object)
    for row in np.flatnonzero(~blank):
        value = values[row]
        if isinstance(value, (bool, np.bool_)):
            kinds[row], numbers[row] = Kind.BOOL, float(value)
        elif isinstance(value, (int, float, decimal.Decimal, np.number)):
            kinds[row], numbers[row] = Kind.NUMBER, float(value)
        elif isinstance(value, (datetime.date, datetime.datetime, np.datetime64)):
            stamp = pd.Timestamp(value)
            kinds[row], numbers[row] = Kind.DATE, (stamp - pd.Timestamp("1899-12-30")) / pd.Timedelta(days=1)
        elif str(value).strip():
            kinds[row], texts[row] = Kind.TEXT, str(value)
    return RawColumn(kinds, numbers, texts)
