"""From raw cells to typed tables: every fault in one go, nothing half-accepted, nothing dropped silently."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from klantwaarde import money
from klantwaarde.messages import Fault, InputError, Severity
from klantwaarde.tables.catalogue import INPUT_TABLES, SETTINGS
from klantwaarde.tables.columns import ColumnReading, read_column
from klantwaarde.tables.locate import locate
from klantwaarde.tables.numbers import read_numbers
from klantwaarde.tables.raw import RawColumn, RawSheet
from klantwaarde.tables.region import Mask, Region, fingerprint, used_rows
from klantwaarde.tables.remarks import MOST_LISTED, Remarks, Rows
from klantwaarde.tables.row_checks import check_rows
from klantwaarde.tables.schema import Column
from klantwaarde.tables.settings import GivenSetting, Settings, find_setting, given_settings, with_values
from klantwaarde.tables.totals import find_totals_rows
from klantwaarde.tables.typed import Origin, Tables, digest

_DRIFT = 1e-6  # euros; less is the last bits of a float


def read_sheets(
    sheets: Iterable[RawSheet], *, source: str = "", override: Mapping[str, object] | None = None
) -> Tables:
    """Type every table found on these sheets.

    Args:
        sheets: Every sheet that may hold input.
        source: Name of the workbook.
        override: Settings by id or label that come before those on the sheet.

    Raises:
        InputError: every fault of every table, with sheet and cell.
    """
    sheets = list(sheets)
    regions, faults = locate(sheets, (SETTINGS,), "nl")
    settings, origin, more = type_settings(regions[0] if regions else None, override or {})
    faults += more
    regions, more = locate(sheets, INPUT_TABLES, settings.language)
    faults += more
    tables, more = type_regions(regions, settings)
    faults += more
    if origin is not None:
        tables = replace(tables, origins={**tables.origins, "settings": origin})
    return settled(replace(tables, source=source), faults)


def settled(tables: Tables, faults: Iterable[Fault]) -> Tables:
    """The tables with their remarks, or all stop faults at once.

    Raises:
        InputError: one of the faults is a stop.
    """
    spoken = [fault.speaking(tables.settings.language) for fault in faults]
    stops = [fault for fault in spoken if fault.severity == "stop"]
    if stops:
        raise InputError(stops)
    return replace(tables, messages=(*tables.messages, *spoken))


def type_settings(region: Region | None, override: Mapping[str, object]) -> tuple[Settings, Origin | None, list[Fault]]:
    """The settings, which come first: they say how texts in the other tables are read."""
    if region is None:
        settings, faults = with_values(Settings(), override)
        return settings, None, faults
    frame, origin, faults = _type_region(region, Settings())
    values = frame["value"] if "value" in frame else pd.Series(None, index=frame.index, dtype="str")
    column = "value" if "value" in frame else "name"
    given = [
        GivenSetting(name, value, region.sheet.name, region.address(row - region.first_row, column))
        for row, name, value in zip(frame.index, frame["name"], values, strict=True)
        if not pd.isna(name)
    ]
    settings, more = given_settings(Settings(), given)
    faults += more
    places = {setting.id: (row.sheet, row.cell) for row in given if (setting := find_setting(row.name)) is not None}
    settings, more = with_values(settings, override, places=places)
    return settings, origin, [*faults, *more]


def type_regions(regions: Iterable[Region], settings: Settings) -> tuple[Tables, list[Fault]]:
    """Type located tables one by one, in the order of the catalogue."""
    frames: dict[str, pd.DataFrame] = {}
    origins: dict[str, Origin] = {}
    faults: list[Fault] = []
    order = {table.id: position for position, table in enumerate(INPUT_TABLES)}
    for region in sorted(regions, key=lambda found: order[found.table.id]):
        frame, origins[region.table.id], more = _type_region(region, settings)
        faults += more
        if len(frame):
            frames[region.table.id] = frame
    return Tables(frames, origins, settings, sha256=digest(frames)), faults


def _type_region(region: Region, settings: Settings) -> tuple[pd.DataFrame, Origin, list[Fault]]:
    remarks = Remarks(region, settings.language)
    used = used_rows(region)
    rows_in = int(used.sum())
    _remark_gaps(remarks, used)
    _leave_out_totals(remarks, used, settings)
    _refuse_merged(remarks, used)
    rows = np.flatnonzero(used)
    typed = _type_columns(remarks, rows, settings)
    _warn_hidden(remarks, typed, rows)
    frame = check_rows(remarks, typed, rows, settings)
    from_frame = region.area.header < 0
    origin = Origin(
        sheet=None if from_frame else region.sheet.name,
        columns={} if from_frame else {name: region.sheet.first_column + at for name, at in {**region.columns, **region.extras}.items()},
        header_row=region.first_row - 1,
        rows_in=rows_in,
        set_aside=remarks.set_aside,
        excel_table=region.area.excel_table,
        fingerprint=fingerprint(region) if region.area.excel_table else 0.0,
    )
    return frame, origin, remarks.faults


def _remark_gaps(remarks: Remarks, used: Mask) -> None:
    """What stands outside an Excel table, and blank rows inside a table whose end was guessed; an Excel table may hold those."""
    region, filled = remarks.region, np.flatnonzero(used)
    below = int(used[region.n_rows - region.area.below :].sum()) if region.area.below else 0
    if below:
        column = region.table.by_id[next(iter(region.columns))]
        remarks.on_cell("KW-IN-029", region.n_rows - region.area.below, column, below, severity="warn")
    if region.area.excel_table is None and region.area.header >= 0 and len(filled):
        gaps = np.flatnonzero(~used[: filled[-1]])
        if len(gaps):
            column = region.table.by_id[next(iter(region.columns))]
            remarks.on_cell("KW-IN-008", gaps[0], column, len(gaps), severity="warn")


def _leave_out_totals(remarks: Remarks, used: Mask, settings: Settings) -> None:
    style = None if settings.number_style == "auto" else settings.number_style
    totals = find_totals_rows(remarks.region, used, style)
    for total in totals:
        if total.has_figure and not total.adds_up:
            expected = remarks.figure(total.expected)
            remarks.on_cell("KW-IN-006", total.row, total.column, remarks.figure(total.found), sum=expected)
    right = [total for total in totals if total.adds_up or not total.has_figure]
    for total in right[:MOST_LISTED]:
        if total.has_figure:
            remarks.on_cell("KW-IN-007", total.row, total.column, remarks.figure(total.found), severity="warn")
        else:
            remarks.on_cell("KW-IN-009", total.row, total.column, severity="warn")
    if len(right) > MOST_LISTED:
        last = right[-1]
        remarks.on_cell("KW-IN-010", last.row, last.column, len(right), severity="warn", listed=MOST_LISTED)
    if totals:
        remarks.set_aside["totals_row"] = len(totals)
        used[[total.row for total in totals]] = False


def _refuse_merged(remarks: Remarks, used: Mask) -> None:
    """Only the first cell of a merged area holds a value, so the other rows or columns would silently stay blank."""
    region = remarks.region
    for top, left, bottom, right in region.sheet.merged:
        first, last = max(0, top - region.first_row), min(region.n_rows, bottom - region.first_row + 1)
        offsets = range(left - region.sheet.first_column, right - region.sheet.first_column + 1)
        hit = [name for name, offset in region.columns.items() if offset in offsets]
        if hit and used[first:last].any():
            remarks.on_cell("KW-IN-032", first, region.table.by_id[hit[0]])


def _warn_hidden(remarks: Remarks, frame: pd.DataFrame, rows: Rows) -> None:
    """Hidden and filtered rows count, and nobody sees them."""
    region = remarks.region
    hidden = frame.index.isin(list(region.sheet.hidden_rows))
    if hidden.any():
        columns = [region.table.by_id[name] for name in region.columns]
        column = next((column for column in columns if column.kind == "amount"), columns[0])
        amount = frame.loc[hidden, column.id].sum() if column.kind == "amount" else 0.0
        values = {"amount": remarks.figure(amount)}
        remarks.on_cell("KW-IN-031", rows[hidden][0], column, int(hidden.sum()), severity="warn", **values)


def _type_columns(remarks: Remarks, rows: Rows, settings: Settings) -> pd.DataFrame:
    region = remarks.region
    readings = {
        column.id: read_column(_take(region.column(region.columns[column.id]), rows), column, settings)
        for column in region.table.columns
        if column.id in region.columns
    }
    for column in region.table.columns:
        if column.id in readings:
            remarks.from_reader(readings[column.id].faults, column, rows)
        _stand_in(remarks, column, readings, rows)
    for name, reading in readings.items():
        _check_column(remarks, region.table.by_id[name], reading, rows)
    typed = {column.id: readings[column.id].values for column in region.table.columns if column.id in readings}
    for name, offset in region.extras.items():
        values = _variable(remarks, name, offset, rows, settings)
        if values is not None:
            typed[name] = values
    return pd.DataFrame(typed, index=pd.Index(region.first_row + rows, name="row"))


def _stand_in(remarks: Remarks, column: Column, readings: dict[str, ColumnReading], rows: Rows) -> None:
    """Fill blanks of a column that follows from others: net amount = quantity x price, invoice = order."""
    if not column.derived_from or any(part not in readings for part in column.derived_from):
        return
    parts = [readings[part].values for part in column.derived_from]
    derived = parts[0] if len(parts) == 1 else _product(*parts)
    if column.id not in readings:
        readings[column.id] = ColumnReading(derived, ())
        first = remarks.region.table.by_id[column.derived_from[0]]
        names = " × ".join(remarks.region.table.by_id[part].label(remarks.language) for part in column.derived_from)
        remarks.on_column("KW-IN-033", first, column.label(remarks.language), severity="note", source=names)
        return
    given = readings[column.id]
    at_fault = np.zeros(len(rows), dtype=bool)
    at_fault[[fault.row for fault in given.faults]] = True
    blank = pd.isna(given.values) & ~at_fault
    if blank.any():
        values = pd.Series(given.values).where(~blank, pd.Series(derived)).array
        readings[column.id] = replace(given, values=np.asarray(values, dtype=float) if len(parts) > 1 else values)


def _product(quantity: np.ndarray, price: np.ndarray) -> np.ndarray:
    """Quantity x price in whole cents; blank where either is blank."""
    exact = money.round_half_up(np.asarray(quantity, dtype=float) * np.asarray(price, dtype=float), 8)  # 3 x 1.115 = 3.345
    blank = np.isnan(exact)
    return np.where(blank, np.nan, money.euros(money.cents(np.where(blank, 0.0, exact))))


def _take(column: RawColumn, rows: Rows) -> RawColumn:
    if len(rows) == len(column):
        return column
    return RawColumn(column.kinds[rows], column.numbers[rows], None if column.texts is None else column.texts[rows])


def _variable(remarks: Remarks, name: str, offset: int, rows: Rows, settings: Settings) -> np.ndarray | None:
    """An undeclared column as numbers: a variable of time equations. None for a column of the user's own."""
    reading = read_numbers(_take(remarks.region.column(offset), rows), style=settings.number_style)
    if np.isnan(reading.values).all():
        return None
    if not reading.faults:
        return reading.values
    fault, region = reading.faults[0], remarks.region
    cell = region.sheet.address(region.rows.start + int(rows[fault.row]), offset)
    values = {"count": len(reading.faults)}
    remarks.faults.append(
        Fault(
            "KW-IN-030", "warn", region.sheet.name, cell, region.table.id, name, fault.found, values, remarks.language
        )
    )
    return None


def _check_column(remarks: Remarks, column: Column, reading: ColumnReading, rows: Rows) -> None:
    """Blank cells in required columns, values outside the declared range, and what is said once per column."""
    missing = pd.isna(reading.values)
    if column.required and not column.blank_ok:
        at_fault = {fault.row for fault in reading.faults}
        remarks.on_cells("KW-IN-004", [rows[row] for row in np.flatnonzero(missing) if row not in at_fault], column)
    if column.kind == "share":
        remarks.on_cells("KW-IN-011", rows[~((reading.values >= 0) & (reading.values <= 1)) & ~missing], column)
    elif reading.percent is not None:
        remarks.on_cells("KW-IN-027", rows[reading.percent], column)
    if not column.negative:
        remarks.on_cells("KW-IN-005", rows[np.asarray(reading.values, dtype=float) < 0], column)
    for code, count in reading.counts.items():
        if count:
            remarks.on_column(code, column, count=count)
    if reading.rounding is not None:
        _remark_rounding(remarks, column, reading.rounding, rows)


def _remark_rounding(remarks: Remarks, column: Column, rounding: np.ndarray, rows: Rows) -> None:
    finer = np.flatnonzero(np.abs(rounding) > _DRIFT)
    if finer.size:
        severity: Severity = "warn" if abs(rounding.sum()) >= 0.005 else "note"
        difference = remarks.figure(rounding.sum(), decimals=4)
        remarks.on_cell("KW-IN-012", rows[finer[0]], column, finer.size, severity=severity, difference=difference)
