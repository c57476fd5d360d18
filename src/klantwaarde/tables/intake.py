"""From raw cells to typed tables: every fault in one go, nothing half-accepted, nothing dropped silently."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.messages import Fault, InputError
from klantwaarde.tables.catalogue import INPUT_TABLES, SETTINGS
from klantwaarde.tables.cells import CellFault, Reason, clean, in_row_order, misplaced, shown, text_cells
from klantwaarde.tables.dates import read_dates
from klantwaarde.tables.headers import match_choice, read_flags
from klantwaarde.tables.ids import doubtful_ids, read_ids
from klantwaarde.tables.locate import Region, fingerprint, locate, used_rows
from klantwaarde.tables.numbers import read_numbers
from klantwaarde.tables.periods import read_period
from klantwaarde.tables.raw import Kind, RawColumn, RawSheet, column_letters
from klantwaarde.tables.schema import Column
from klantwaarde.tables.settings import Settings, with_values
from klantwaarde.tables.totals import find_totals_rows
from klantwaarde.tables.typed import Origin, Tables, digest

Mask = NDArray[np.bool_]
MOST_LISTED = 200  # faults listed per column; all are counted
UNIQUE_TABLES = ("customers", "products", "cost_pools", "activities")  # one row per key


@dataclass(slots=True)
class _Reading:
    """One table while it is being read."""

    region: Region
    settings: Settings
    faults: list[Fault] = field(default_factory=list)
    set_aside: dict[str, int] = field(default_factory=dict)

    def fault(self, code: str, row: int, column: Column, found: object = None, severity: str = "stop", **values: object) -> None:
        sheet = self.region.sheet.name
        label = column.label(self.settings.language)
        cell = self.region.address(row, column.id)
        self.faults.append(Fault(code, severity, sheet, cell, self.region.table.id, label, found, values, self.settings.language))  # type: ignore[arg-type]

    def cell_faults(self, faults: Iterable[CellFault], column: Column, rows: NDArray[np.intp]) -> None:
        """Faults of a column's reader, with their addresses; past the first ones only a count."""
        listed = list(faults)
        for fault in listed[:MOST_LISTED]:
            placed = fault.at(
                lambda row: self.region.address(int(rows[row]), column.id), sheet=self.region.sheet.name,
                table=self.region.table.id, column=column.label(self.settings.language),
            )  # fmt: skip
            self.faults.append(placed.speaking(self.settings.language))
        if len(listed) > MOST_LISTED:
            last = listed[-1]
            severity = "stop" if any(f.reason.severity == "stop" for f in listed) else "warn"
            self.fault("KW-IN-010", int(rows[last.row]), column, len(listed), severity, listed=MOST_LISTED)


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
    settings, places, faults = _read_settings(sheets)
    settings, more = with_values(settings, override or {})
    faults += more
    regions, more = locate(sheets, INPUT_TABLES, settings.language)
    faults += more
    tables, more = type_regions(regions, settings)
    faults += more
    if "settings" in places:
        tables = replace(tables, origins={**tables.origins, "settings": places["settings"]})
    return settled(replace(tables, source=source), faults)


def settled(tables: Tables, faults: list[Fault]) -> Tables:
    """The tables with their remarks, or all stop faults at once."""
    stops = [fault for fault in faults if fault.severity == "stop"]
    if stops:
        raise InputError(stops)
    return replace(tables, messages=(*tables.messages, *faults))


def _read_settings(sheets: list[RawSheet]) -> tuple[Settings, dict[str, Origin], list[Fault]]:
    """Settings first: they say how texts in the other tables are read."""
    regions, faults = locate(sheets, (SETTINGS,), "nl")
    if not regions:
        return Settings(), {}, faults
    reading = _Reading(regions[0], Settings())
    frame, origin = _type_region(reading)
    faults += reading.faults
    names = frame["name"].fillna("")
    values = frame["value"] if "value" in frame else pd.Series("", index=frame.index)
    places = {
        name: (regions[0].sheet.name, f"{_letters(origin, 'value')}{row}") for row, name in names.items() if name
    }
    given = {name: value for name, value in zip(names, values, strict=True) if name}
    settings, more = with_values(Settings(), given, places=places)
    stops = [fault for fault in more if fault.severity == "stop"]
    if stops:
        raise InputError(stops)
    return settings, {"settings": origin}, [*(f.speaking(settings.language) for f in faults), *more]


def _letters(origin: Origin, column: str) -> str:
    return column_letters(origin.columns.get(column, 1))


def type_regions(regions: Iterable[Region], settings: Settings) -> tuple[Tables, list[Fault]]:
    """Type located tables one by one and look across them."""
    frames: dict[str, pd.DataFrame] = {}
    origins: dict[str, Origin] = {}
    faults: list[Fault] = []
    order = {table.id: position for position, table in enumerate(INPUT_TABLES)}
    for region in sorted(regions, key=lambda found: order[found.table.id]):
        reading = _Reading(region, settings)
        frame, origin = _type_region(reading)
        faults += reading.faults
        origins[region.table.id] = origin
        if len(frame):
            frames[region.table.id] = frame
    return Tables(frames, origins, settings, sha256=digest(frames)), faults


def _type_region(reading: _Reading) -> tuple[pd.DataFrame, Origin]:
    region = reading.region
    used = used_rows(region)
    rows_in = int(used.sum())
    _note_blank_rows(reading, used)
    totals = find_totals_rows(region, used)
    for row, column_id, total in totals.refused:
        reading.fault("KW-IN-006", row, region.table.by_id[column_id], total.found, sum=total.expected)
    for row, column_id, total in totals.rows:
        reading.fault("KW-IN-007", row, region.table.by_id[column_id], total.found, "warn")
    if totals.rows:
        reading.set_aside["totals_row"] = len(totals.rows)
        used[[row for row, _, _ in totals.rows]] = False
    rows = np.flatnonzero(used)
    frame = _type_columns(reading, rows)
    frame = _without_duplicates(reading, frame, rows)
    numbers = {name: region.sheet.first_column + offset for name, offset in region.columns.items()}
    sheet = None if region.header < 0 else region.sheet.name
    header_row = region.sheet.first_row + region.header
    return frame, Origin(
        sheet, numbers if sheet else {}, header_row, rows_in, reading.set_aside, region.excel_table, fingerprint(region)
    )


def _note_blank_rows(reading: _Reading, used: Mask) -> None:
    region = reading.region
    filled = np.flatnonzero(used)
    if region.guessed and len(filled):
        gaps = np.flatnonzero(~used[filled[0] : filled[-1]]) + filled[0]
        if len(gaps):
            first = next(iter(region.columns))
            reading.fault("KW-IN-008", int(gaps[0]), region.table.by_id[first], len(gaps), "warn")


def _type_columns(reading: _Reading, rows: NDArray[np.intp]) -> pd.DataFrame:
    region = reading.region
    typed: dict[str, object] = {}
    for column in region.table.columns:
        if column.id not in region.columns:
            continue
        cells = _take(region.column(region.columns[column.id]), rows)
        values, faults = _READERS[column.kind](cells, column, reading.settings)
        padded = column.id in _PADDED and reading.settings.customer_digits > 0
        faults = tuple(fault for fault in faults if not (padded and fault.reason == Reason.ID_COLLIDES))
        reading.cell_faults(faults, column, rows)
        _check_values(reading, column, cells, values, rows, {fault.row for fault in faults})
        typed[column.id] = _padded(values, reading.settings) if padded else values
    for name, offset in region.extras.items():
        reading_of = read_numbers(_take(region.column(offset), rows), style=reading.settings.number_style)
        if not reading_of.faults and not np.isnan(reading_of.values).all():
            typed[name] = reading_of.values
    index = pd.Index(region.sheet.first_row + region.first + rows, name="row")
    return pd.DataFrame(typed, index=index)


def _take(column: RawColumn, rows: NDArray[np.intp]) -> RawColumn:
    if len(rows) == len(column):
        return column
    return RawColumn(column.kinds[rows], column.numbers[rows], None if column.texts is None else column.texts[rows])


_PADDED = ("customer_id", "parent_id")


def _padded(values: object, settings: Settings) -> object:
    series = pd.Series(values)
    return series.where(~series.str.isdigit().fillna(False), series.str.zfill(settings.customer_digits)).to_numpy()


def _check_values(
    reading: _Reading, column: Column, cells: RawColumn, values: object, rows: NDArray[np.intp], at_fault: set[int]
) -> None:
    """Blank cells in required columns, negative quantities, shares above 1, cents beyond two decimals."""
    missing = pd.isna(pd.Series(values)).to_numpy()
    if column.required and not column.blank_ok:
        blank = [row for row in np.flatnonzero(missing) if row not in at_fault]
        for row in blank[:MOST_LISTED]:
            reading.fault("KW-IN-004", int(rows[row]), column)
        if len(blank) > MOST_LISTED:
            reading.fault("KW-IN-010", int(rows[blank[-1]]), column, len(blank), listed=MOST_LISTED)
    if column.kind in ("quantity", "number", "amount") and not column.negative:
        for row in np.flatnonzero(np.asarray(values, dtype=float) < 0)[:MOST_LISTED]:
            reading.fault("KW-IN-005", int(rows[row]), column, shown(cells, int(row)))
    if column.kind == "share":
        for row in np.flatnonzero(~((np.asarray(values, dtype=float) >= 0) & (np.asarray(values, dtype=float) <= 1)) & ~missing):
            reading.fault("KW-IN-011", int(rows[row]), column, shown(cells, int(row)))
    if column.kind == "amount":
        exact = np.where(cells.kinds == Kind.NUMBER, cells.numbers, np.asarray(values, dtype=float))
        drift = np.nan_to_num(exact - np.asarray(values, dtype=float))
        finer = np.abs(drift) > 1e-6
        if finer.any():
            severity = "warn" if abs(drift.sum()) >= 0.005 else "note"
            first = int(rows[np.flatnonzero(finer)[0]])
            reading.fault("KW-IN-012", first, column, int(finer.sum()), severity, difference=f"{drift.sum():,.4f}")


def _without_duplicates(reading: _Reading, frame: pd.DataFrame, rows: NDArray[np.intp]) -> pd.DataFrame:
    """One row per key where the table says so; exact repeats of invoice lines are kept and reported."""
    table = reading.region.table
    if table.id in UNIQUE_TABLES and len(frame):
        key = table.by_id[table.keys[0]]
        again = frame[key.id].duplicated(keep="first") & frame[key.id].notna()
        if again.any():
            same = frame.duplicated(keep="first")
            for position in np.flatnonzero(again & ~same)[:MOST_LISTED]:
                first = frame.index[frame[key.id] == frame[key.id].iloc[position]][0]
                reading.fault("KW-IN-013", int(rows[position]), key, frame[key.id].iloc[position], other_row=first)
            extra = np.flatnonzero(again & same)
            if len(extra):
                reading.set_aside["duplicate"] = len(extra)
                reading.fault("KW-IN-014", int(rows[extra[0]]), key, frame[key.id].iloc[extra[0]], "warn", count=len(extra))
            frame = frame[~(again & same)]
    if table.id == "customers" and len(frame):
        _warn_doubtful(reading, frame, rows)
    if table.id == "invoice_lines" and len(frame):
        repeated = np.flatnonzero(frame.duplicated(keep="first"))
        if len(repeated):
            amount = frame["net_amount"].iloc[repeated].sum()
            column = table.by_id["invoice_id"]
            reading.fault("KW-IN-015", int(rows[repeated[0]]), column, len(repeated), "warn", amount=f"{amount:,.2f}")
    return frame


def _warn_doubtful(reading: _Reading, frame: pd.DataFrame, rows: NDArray[np.intp]) -> None:
    column = reading.region.table.by_id["customer_id"]
    for first, second in doubtful_ids(frame["customer_id"].dropna().tolist())[:MOST_LISTED]:
        position = int(np.flatnonzero(frame["customer_id"] == second)[0])
        reading.fault("KW-IN-016", int(rows[position]), column, second, "warn", other=first)


_Reader = Callable[[RawColumn, Column, Settings], tuple[object, tuple[CellFault, ...]]]


def _amounts(cells: RawColumn, column: Column, settings: Settings) -> tuple[object, tuple[CellFault, ...]]:
    reading = read_numbers(cells, style=settings.number_style)
    blank = np.isnan(reading.values)
    cents = money.cents(np.where(blank | (np.abs(reading.values) >= 1e13), 0.0, reading.values))
    return np.where(blank, np.nan, money.euros(cents)), reading.faults


def _numbers(cells: RawColumn, column: Column, settings: Settings) -> tuple[object, tuple[CellFault, ...]]:
    reading = read_numbers(cells, style=settings.number_style)
    return reading.values, reading.faults


def _dates(cells: RawColumn, column: Column, settings: Settings) -> tuple[object, tuple[CellFault, ...]]:
    reading = read_dates(cells, order=settings.date_order)
    return reading.values.astype("datetime64[s]"), reading.faults


def _periods(cells: RawColumn, column: Column, settings: Settings) -> tuple[object, tuple[CellFault, ...]]:
    year = settings.period_end.year if settings.period_end else None
    reading = read_period(cells, year=year)
    return pd.array(reading.values, dtype="str"), reading.faults


def _flags(cells: RawColumn, column: Column, settings: Settings) -> tuple[object, tuple[CellFault, ...]]:
    reading = read_flags(cells)
    return reading.values, reading.faults


def _ids(cells: RawColumn, column: Column, settings: Settings) -> tuple[object, tuple[CellFault, ...]]:
    reading = read_ids(cells)
    return pd.array(reading.values, dtype="str"), reading.faults


def _texts(cells: RawColumn, column: Column, settings: Settings) -> tuple[object, tuple[CellFault, ...]]:
    """Any cell as text; error values are faults even here."""
    faults = in_row_order(misplaced(cells))
    found = np.full(len(cells), None, dtype=object)
    texts = text_cells(cells)
    cleaned = np.array([clean(text) or None for text in texts.texts] or [None], dtype=object)
    found[texts.rows] = cleaned[texts.codes]
    for row in np.flatnonzero(np.isin(cells.kinds, (Kind.NUMBER, Kind.DATE, Kind.BOOL))):
        found[row] = shown(cells, int(row))
    return pd.array(found, dtype="str"), faults


def _choices(cells: RawColumn, column: Column, settings: Settings) -> tuple[object, tuple[CellFault, ...]]:
    texts, faults = _texts(cells, column, settings)
    codes, distinct = pd.factorize(np.asarray(texts, dtype=object))
    chosen = [match_choice(str(text), column.choices) for text in distinct]
    labels = ", ".join(choice.nl if settings.language == "nl" else choice.en for choice in column.choices)
    found = np.array([*chosen, None], dtype=object)[codes]
    wrong = [
        CellFault(int(row), Reason.NOT_A_CHOICE, str(distinct[codes[row]]), {"allowed": labels})
        for row in np.flatnonzero((codes >= 0) & pd.isna(found))
    ]
    return pd.array(found, dtype="str"), in_row_order((*faults, *wrong))


_READERS: Mapping[str, _Reader] = {
    "id": _ids, "text": _texts, "amount": _amounts, "number": _numbers, "quantity": _numbers, "share": _numbers,
    "date": _dates, "period": _periods, "flag": _flags, "choice": _choices,
}  # fmt: skip
