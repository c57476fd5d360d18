"""A user's own columns right of a result table: they follow their row when rows move."""

from dataclasses import replace

import pandas as pd

from klantwaarde.report.blocks import ReportSheet, ResultColumn, TableBlock
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
    places = {str(text): at for at, text in enumerate(headers) if at > headers.index(last) and text and str(text) not in own}
    if not places:
        return block
    rows = range(header + 1, bottom - old.first_row + 1)
    keys = [_value(old, row, headers.index(key_label)) for row in rows]
    frame = block.frame.copy()
    columns = list(block.columns)
    for number, (text, at) in enumerate(places.items(), start=1):
        noted = {_key(key): _value(old, row, at) for key, row in zip(keys, rows, strict=True)}
        name = f"user_{number}"
        frame[name] = pd.Series([noted.get(_key(key)) for key in frame[block.key]], index=frame.index, dtype=object)
        columns.append(ResultColumn(name, text, "text"))
    return replace(block, columns=tuple(columns), frame=frame)


def _key(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _value(sheet: RawSheet, row: int, column: int) -> object:
    if not 0 <= row < sheet.n_rows:
        return None
    cells = sheet.columns[column]
    if cells.kinds[row] == Kind.TEXT and cells.texts is not None:
        return cells.texts[row]
    return float(cells.numbers[row]) if cells.kinds[row] in (Kind.NUMBER, Kind.DATE, Kind.BOOL) else None
