"""A user's own columns right of a result table: they follow their row when rows move."""

import datetime as dt
from dataclasses import replace

import pandas as pd

from klantwaarde.report.blocks import Format, ReportSheet, ResultColumn, TableBlock
from klantwaarde.tables.raw import Kind, RawSheet


def with_user_columns(sheet: ReportSheet, old: RawSheet) -> ReportSheet:
    """The sheet with the columns that a user added to the previous version of its keyed tables.

    A user's column stands right of our last column, under a header of its own. Values are carried, formulas are not.
    """
    blocks = [_extended(block, old) if isinstance(block, TableBlock) and block.key else block for block in sheet.blocks]
    return replace(sheet, blocks=tuple(blocks))


def _extended(block: TableBlock, old: RawSheet) -> TableBlock:
    place = old.tables.get(block.excel_name)
    if place is None:
        return block
    top, _, bottom, _ = place
    header = top - old.first_row
    headers = [_value(old, header, column) for column in range(len(old.columns))]
    own = {column.label for column in block.columns}
    last = block.columns[-1].label
    key_label = next(column.label for column in block.columns if column.id == block.key)
    if last not in headers or key_label not in headers:
        return block
    first = headers.index(last) + 1
    places = [at for at in range(first, len(headers)) if headers[at] and str(headers[at]) not in own]
    rows = range(header + 1, bottom - old.first_row + 1)
    keys = [_key(_value(old, row, headers.index(key_label))) for row in rows]
    frame, columns = block.frame.copy(), list(block.columns)
    taken = {column.label.casefold() for column in columns}
    for number, at in enumerate(places, start=1):
        name, text = f"user_{number}", str(headers[at])
        while text.casefold() in taken:
            text += " (2)"
        taken.add(text.casefold())
        noted = {key: _value(old, row, at) for key, row in zip(keys, rows, strict=True)}
        values = [noted.get(_key(key)) for key in frame[block.key]]
        frame[name] = pd.Series(values, index=frame.index, dtype=object)
        columns.append(ResultColumn(name, text, _format(values)))
    return replace(block, columns=tuple(columns), frame=frame)


def _format(values: list[object]) -> Format:
    """Dates stay dates and numbers numbers; a mixed column is text."""
    kinds = {type(value) for value in values if value is not None}
    return "date" if kinds == {dt.datetime} else "number" if kinds == {float} else "text"


def _key(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _value(sheet: RawSheet, row: int, column: int) -> object:
    if not 0 <= row < sheet.n_rows:
        return None
    cells = sheet.columns[column]
    kind, number = cells.kinds[row], float(cells.numbers[row])
    if kind == Kind.TEXT and cells.texts is not None:
        return cells.texts[row]
    if kind == Kind.DATE:
        return dt.datetime(1899, 12, 30) + dt.timedelta(days=number)  # noqa: DTZ001 - cells have no zone
    if kind == Kind.BOOL:
        return bool(number)
    return number if kind == Kind.NUMBER else None
