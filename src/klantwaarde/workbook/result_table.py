"""A result as an Excel table: header, live formulas with their values, totals above the header, marked alarms."""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from klantwaarde.messages import label
from klantwaarde.report.blocks import Formula, ResultColumn, TableBlock
from klantwaarde.report.formulas import escaped
from klantwaarde.tables.raw import column_letters
from klantwaarde.workbook import look
from klantwaarde.workbook.canvas import Canvas, DrawnTable, Mark, cell_content
from klantwaarde.workbook.row_writer import BulkRows

SUBTOTAL = {"sum": 109, "average": 101, "count": 103, "max": 104, "min": 105}  # of the rows that a filter leaves
WIDTH_ROWS = 200  # texts of so many rows decide a column's width; of numbers, the extremes do
MAX_FROZEN = 60.0  # characters


def file_formula(text: str, block: TableBlock) -> str:
    """The formula as the file stores it: ``[@[Label]]`` becomes ``outName[[#This Row],[Label]]``.

    Raises:
        ValueError: the formula names a column that the table does not have.
    """
    for header in sorted((column.label for column in block.columns), key=len, reverse=True):
        stored = f"{block.excel_name}[[#This Row],[{escaped(header)}]]"
        for written in (f"[@[{escaped(header)}]]", f"[@[{header}]]", f"[@{header}]"):
            text = text.replace(written, stored)
    if "[@" in text:
        raise ValueError(f"formula {text!r} names a column that {block.excel_name} does not have")
    return text.removeprefix("=")


def table_widths(block: TableBlock) -> list[float]:
    """Column widths from the headers, the widest texts and the largest numbers."""
    return [
        column.width or look.column_width(column.label, _widest(block, index), column.format)
        for index, column in enumerate(block.columns)
    ]


def _widest(block: TableBlock, index: int) -> list[object]:
    values = block.frame.iloc[:, index]
    if pd.api.types.is_bool_dtype(values.dtype) or not pd.api.types.is_numeric_dtype(values.dtype):
        return [_value(value) for value in values.head(WIDTH_ROWS)]
    extremes: list[object] = [values.min(), values.max()] if len(values) else []
    if block.columns[index].id in block.totals:
        extremes.append((_total(values, block.totals[block.columns[index].id]) or 0.0) * 10)  # bold: a digit wider
    return extremes


def _value(cell: object) -> object:
    """What a cell shows; a frame may hold a live formula in single cells."""
    return cell.value if isinstance(cell, Formula) else cell


def has_formula_cells(frame: pd.DataFrame) -> bool:
    """Whether single cells hold formulas of their own, which no pattern row can repeat."""
    mixed = (values for _, values in frame.items() if values.dtype == object)
    return any(isinstance(cell, Formula) for values in mixed for cell in values)


def draw_table(canvas: Canvas, block: TableBlock, *, bulk: bool) -> None:
    """Draw a table from the canvas's next row on; with ``bulk`` only its first row, the others are handed over."""
    _check(block)
    if block.title:
        canvas.line(block.title, style="heading", height=22)
    if block.note:
        canvas.line(block.note, style="subtitle")
    if block.totals:
        _draw_totals(canvas, block)
    header_row, rows = canvas.row, max(len(block.frame), 1)
    _draw_header(canvas, block)
    drawn = block.frame.head(1) if bulk else block.frame
    _draw_rows(canvas, block, drawn, first_row=header_row + 1)
    if bulk:
        canvas.bulk = BulkRows(header_row + 2, _bulk_columns(block, canvas.language))
    headers = tuple(column.label for column in block.columns)
    canvas.tables.append(DrawnTable(block.excel_name, header_row, 1, rows, headers, tuple(_formulas(block))))
    if block.alarm:
        _mark_alarms(canvas, block, first_row=header_row + 1, last_row=header_row + rows)
    canvas.row = header_row + rows + 2


def _check(block: TableBlock) -> None:
    headers = [column.label.casefold() for column in block.columns]
    if len(set(headers)) < len(headers) or not all(headers):
        raise ValueError(f"table {block.id!r} has a header twice or an empty one: {headers}")
    if len(block.frame.columns) != len(headers):
        raise ValueError(
            f"table {block.id!r} declares {len(headers)} columns, its frame has {len(block.frame.columns)}"
        )


def _draw_totals(canvas: Canvas, block: TableBlock) -> None:
    first = block.columns[0]
    if first.id not in block.totals:
        canvas.put(canvas.row, 1, label("report_total", canvas.language), style="total")
    for index, column in enumerate(block.columns):
        function = block.totals.get(column.id)
        if function:
            text = f"SUBTOTAL({SUBTOTAL[function]},{block.excel_name}[{escaped(column.label)}])"
            total = Formula(text, _total(block.frame.iloc[:, index], function))
            canvas.put(canvas.row, index + 1, total, style="total", number_format=column.format)
        elif index:
            canvas.put(canvas.row, index + 1, None, style="total")
    canvas.row += 1


def _total(values: "pd.Series[Any]", function: str) -> float | None:
    known = values.map(_value).dropna()
    if function in ("sum", "count"):
        return math.fsum(known) if function == "sum" else float(len(known))
    return float(known.agg("mean" if function == "average" else function)) if len(known) else None


def _is_number(column: ResultColumn) -> bool:
    return column.format in look.DECIMALS or column.format in ("date", "datetime")


def _draw_header(canvas: Canvas, block: TableBlock) -> None:
    for index, column in enumerate(block.columns, 1):
        style = "header_number" if _is_number(column) else "header"
        canvas.put(canvas.row, index, column.label, style=style)
        if column.detail:
            canvas.folded.add(index)
        if column.note:
            canvas.hint(canvas.row, index, title=column.label, text=column.note)
    headers = [column.label for column in block.columns]
    canvas.heights[canvas.row] = look.header_height(headers, canvas.widths[: len(headers)])


def _formulas(block: TableBlock) -> list[str | None]:
    """Per column the formula that every row repeats, as the file stores it."""
    return [file_formula(column.formula, block) if column.formula else None for column in block.columns]


def _draw_rows(canvas: Canvas, block: TableBlock, frame: pd.DataFrame, *, first_row: int) -> None:
    formulas = _formulas(block)
    whole = len(frame) == len(block.frame)  # a pattern row must not pass its wrapping on
    for row, values in enumerate(zip(*(frame.iloc[:, i] for i in range(frame.shape[1])), strict=True), first_row):
        lines = 1
        for index, (column, formula, value) in enumerate(zip(block.columns, formulas, values, strict=True)):
            content = cell_content(_value(value), canvas.language)
            own = file_formula(value.text, block) if isinstance(value, Formula) else formula
            shown = Formula(own, _cached(content)) if own else content
            style = "calculation"
            if whole and isinstance(content, str) and len(content) > canvas.widths[index]:
                style, lines = "calculation_wrapped", max(lines, _lines(content, canvas.widths[index]))
            own_format = block.row_formats.get(column.id)
            shown_as = own_format[row - first_row] if own_format else column.format
            canvas.put(row, index + 1, shown, style=style, number_format=shown_as)
        if lines > 1:
            canvas.heights[row] = look.LINE_HEIGHT * lines
    if frame.empty:
        for index, column in enumerate(block.columns, 1):
            canvas.put(first_row, index, None, style="calculation", number_format=column.format)


def _lines(text: str, width: float) -> int:
    return len(look.wrapped_lines(text, width - 1))


def _cached(content: object) -> float | str | bool | None:
    if content is None or isinstance(content, str | bool):
        return content
    if isinstance(content, int | float):
        return float(content)
    raise ValueError(f"a formula cannot show {content!r}")


def _bulk_columns(block: TableBlock, language: str) -> list[Any]:
    rest = block.frame.iloc[1:]
    columns: list[Any] = []
    for index in range(rest.shape[1]):
        values = rest.iloc[:, index]
        plain = values.dtype.kind in "iufM" and not pd.api.types.is_extension_array_dtype(values.dtype)
        columns.append(values.to_numpy() if plain else [cell_content(value, language) for value in values])
    return columns


def _mark_alarms(canvas: Canvas, block: TableBlock, *, first_row: int, last_row: int) -> None:
    """Mark negative numbers and every verdict but OK, in the alarm column; the word or the minus stays readable."""
    ids: Sequence[str] = [column.id for column in block.columns]
    letters = column_letters(ids.index(block.alarm or "") + 1)
    cell, area = f"${letters}{first_row}", f"{letters}{first_row}:{letters}{last_row}"
    quiet = "".join(f',{cell}<>"{word}"' for word in ("", "OK", label("report_not_applicable", canvas.language)))
    bad = f"OR(AND(ISNUMBER({cell}),{cell}<0),AND(ISTEXT({cell}){quiet}))"
    canvas.marks += [Mark(area, bad, "bad"), Mark(area, f'{cell}="OK"', "good")]


def key_columns(block: TableBlock, widths: Sequence[float]) -> int:
    """How many leading columns stay in view: the key and the name after it, when they leave room for figures."""
    ids = [column.id for column in block.columns]
    count = ids.index(block.key) + 1 if block.key in ids else 1
    while count < len(ids) - 1 and count < 2 and block.columns[count].format in ("text", "id"):
        count += 1
    while count > 1 and sum(widths[:count]) > MAX_FROZEN:
        count -= 1
    return count
