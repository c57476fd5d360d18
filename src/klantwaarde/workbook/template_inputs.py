"""The sheets where controllers type: one Excel table each, help above its header, lists to choose from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from klantwaarde.messages import label
from klantwaarde.report.blocks import Format
from klantwaarde.tables.catalogue import TABLE
from klantwaarde.tables.raw import cell_address, column_letters
from klantwaarde.tables.schema import Choice, Column, Table
from klantwaarde.tables.settings import SETTINGS, Setting, find_setting, parse_setting, setting_text
from klantwaarde.workbook import look
from klantwaarde.workbook.canvas import (
    Canvas,
    CellContent,
    DrawnBounds,
    DrawnList,
    DrawnTable,
    Link,
    View,
    cell_content,
)
from klantwaarde.workbook.row_writer import LAST_ROW
from klantwaarde.workbook.template_hints import function_tip, header_hint

HELP_ROW, HEADER_ROW = 4, 5
BLANK_ROWS = 20  # rows that an empty sheet shows in the input style
FORMATS: Mapping[str, Format] = {"id": "id", "period": "id", "amount": "money", "share": "percent", "date": "date"}
BOUNDS: Mapping[str, tuple[Literal["decimal", "whole", "date"], int, int, str]] = {
    "share": ("decimal", 0, 1, "template_share"),
    "integer": ("whole", 0, 999_999, "template_integer"),
    "date": ("date", 18_264, 73_050, "template_day"),  # 1950-01-01 to 2099-12-31
}
INPUT_TAB = "E0B400"
_HELP_LINE = 12.5  # points
_WIDEST_SAMPLE = 200  # rows that decide the column widths


@dataclass(frozen=True, slots=True)
class Lists:
    """The drop-down lists: their values and the defined name of each."""

    names: Mapping[tuple[str, ...], str]

    def name_of(self, labels: tuple[str, ...]) -> str:
        return self.names[labels]


def choice_labels(choices: Sequence[Choice], language: str) -> tuple[str, ...]:
    """The labels of choices in one language, in declared order."""
    return tuple(choice.label(language) for choice in choices)


def column_labels(column: Column, language: str) -> tuple[str, ...]:
    """What may be chosen in a column; empty when anything may be typed."""
    if column.kind == "flag":
        return label("report_yes", language), label("report_no", language)
    return choice_labels(column.choices, language)


def draw_lists(tables: Sequence[Table], language: str) -> tuple[Canvas, Lists]:
    """The sheet with all lists, each with a defined name ``lst_...``."""
    wanted: dict[tuple[str, ...], tuple[str, str]] = {}
    for table in tables:
        for column in table.columns:
            name = "flag" if column.kind == "flag" else f"{table.id}_{column.id}"
            wanted.setdefault(column_labels(column, language), (f"lst_{name}", column.label(language)))
    for setting in SETTINGS:
        labels = choice_labels(setting.choices, language)
        wanted.setdefault(labels, (f"lst_setting_{setting.id}", setting.label(language)))
    wanted.pop((), None)
    canvas = Canvas(label("template_lists", language), language, [24.0] * len(wanted))
    canvas.line(label("template_lists", language), style="title", height=28)
    canvas.line(label("template_lists_help", language), style="subtitle")
    canvas.row = HEADER_ROW
    for number, (labels, (name, title)) in enumerate(wanted.items(), 1):
        canvas.put(HEADER_ROW, number, title, style="header")
        for row, text in enumerate(labels, HEADER_ROW + 1):
            canvas.put(row, number, text, style="body")
        letters = column_letters(number)
        canvas.names[name] = f"${letters}${HEADER_ROW + 1}:${letters}${HEADER_ROW + len(labels)}"
    canvas.view = _view(canvas, title=canvas.name, fixed_columns=0)
    return canvas, Lists({labels: name for labels, (name, _) in wanted.items()})


def draw_input(table: Table, lists: Lists, language: str, frame: pd.DataFrame | None) -> Canvas:
    """One input sheet, empty or filled with a frame of canonical columns.

    Columns of the frame that the table does not declare follow at the right when the table takes extra variables.

    Raises:
        ValueError: the frame has a column that the table does not know.
    """
    columns = [*table.columns, *_extra_columns(table, frame)]
    cells = _cells(columns, frame, language)
    widths = [
        look.column_width(column.label(language), values[:_WIDEST_SAMPLE], _format(column))
        for column, values in zip(columns, cells, strict=True)
    ]
    least = (20.0 if column.help(language) else 12.0 for column in columns)
    widths = [max(pair) for pair in zip(widths, least, strict=True)]
    canvas = Canvas(table.sheet_name(language), language, widths)
    _draw_heading(canvas, table)
    _draw_help(canvas, [_help_text(column, language) for column in columns])
    n_rows = max((len(values) for values in cells), default=0)
    _draw_grid(canvas, table, columns, cells, rows=n_rows or BLANK_ROWS)
    _add_table(canvas, table, [column.label(language) for column in columns], rows=n_rows or BLANK_ROWS)
    for number, column in enumerate(columns, 1):
        if labels := column_labels(column, language):
            area = f"{cell_address(HEADER_ROW + 1, number)}:{cell_address(LAST_ROW, number)}"
            _add_list(canvas, area, lists.name_of(labels), blank=not column.required)
    canvas.view = _view(canvas, title=table.title(language), fixed_columns=int(columns[0].kind == "id"))
    return canvas


def _extra_columns(table: Table, frame: pd.DataFrame | None) -> list[Column]:
    extra = [str(name) for name in ([] if frame is None else frame.columns) if name not in table.by_id]
    if extra and not table.extra_numbers:
        raise ValueError(f"table {table.id!r} has no column {', '.join(extra)}")
    return [Column(name, name, name, "number") for name in extra]


def _format(column: Column) -> Format:
    return FORMATS.get(column.kind, "text")


def _cells(columns: Sequence[Column], frame: pd.DataFrame | None, language: str) -> list[list[CellContent]]:
    if frame is None:
        return [[] for _ in columns]
    blank: list[CellContent] = [None] * len(frame)
    return [_column_cells(column, frame[column.id], language) if column.id in frame else blank for column in columns]


def _column_cells(column: Column, values: "pd.Series[Any]", language: str) -> list[CellContent]:
    shown = dict(zip((choice.id for choice in column.choices), choice_labels(column.choices, language), strict=True))
    contents = [cell_content(value, language) for value in values]
    return [shown.get(str(content), content) for content in contents] if shown else contents


def _help_text(column: Column, language: str) -> str:
    parts = [column.help(language), f"({column.unit(language)})" if column.unit(language) else ""]
    parts.append(f"{label('template_for_example', language)} {column.example}" if column.example else "")
    told = " ".join(part for part in parts if part)
    return f"* {label('template_required', language)}. {told}".strip() if column.required else told


def _draw_heading(canvas: Canvas, table: Table) -> None:
    language = canvas.language
    canvas.line(table.title(language), style="title", height=28)
    owner = label("template_supplied_by", language, owner=table.owner(language))
    canvas.put(2, 1, f"{table.help(language)} {owner}.", style="subtitle")
    canvas.put(3, 1, label("template_back", language), style="hyperlink")
    canvas.links.append(Link(3, 1, label("template_start", language)))
    if tip := function_tip(table, language):
        canvas.put(3, 2, tip, style="subtitle")


def _draw_help(canvas: Canvas, texts: Sequence[str]) -> None:
    lines = 1
    for number, (text, width) in enumerate(zip(texts, canvas.widths, strict=True), 1):
        canvas.put(HELP_ROW, number, text or None, style="note")
        lines = max(lines, len(look.wrapped_lines(text, width * 1.15)))
    canvas.heights[HELP_ROW] = lines * _HELP_LINE + 4


def _draw_grid(
    canvas: Canvas, table: Table, columns: Sequence[Column], cells: Sequence[Sequence[CellContent]], *, rows: int
) -> None:
    headers = [column.label(canvas.language) for column in columns]
    for number, (column, header, contents) in enumerate(zip(columns, headers, cells, strict=True), 1):
        numeric = column.kind in ("amount", "number", "quantity", "share", "date")
        canvas.put(HEADER_ROW, number, header, style="header_number" if numeric else "header")
        canvas.hint(HEADER_ROW, number, title=header, text=header_hint(table, column, canvas.language))
        filled = contents or [None] * rows
        for row, content in enumerate(filled, HEADER_ROW + 1):
            canvas.put(row, number, content, style="input", number_format=_format(column))
    canvas.heights[HEADER_ROW] = look.header_height(headers, canvas.widths)


def _add_table(canvas: Canvas, table: Table, headers: Sequence[str], *, rows: int) -> None:
    drawn = DrawnTable(table.excel_name, HEADER_ROW, 1, rows, tuple(headers), (None,) * len(headers))
    canvas.tables.append(drawn)
    canvas.row = drawn.last_row + 1


def _add_list(canvas: Canvas, area: str, name: str, *, blank: bool = True) -> None:
    title, text = (label(key, canvas.language) for key in ("template_pick_title", "template_pick"))
    canvas.lists.append(DrawnList(area, name, blank, title, text))


def draw_settings(lists: Lists, language: str, frame: pd.DataFrame | None) -> Canvas:
    """The settings: one row each with value, unit, source, date and who; every value has a defined name ``set_...``.

    Raises:
        ValueError: the frame names a setting that does not exist or gives it a value that does not fit.
    """
    table = TABLE["settings"]
    canvas = Canvas(table.sheet_name(language), language, [30.0, 26.0, 12.0, 24.0, 14.0, 18.0, 3.0, 74.0])
    _draw_heading(canvas, table)
    for number, column in enumerate(table.columns, 1):
        canvas.put(HEADER_ROW, number, column.label(language), style="header")
    canvas.put(HEADER_ROW, 8, label("template_explanation", language), style="header")
    given = _given_settings(frame)
    for row, setting in enumerate(SETTINGS, HEADER_ROW + 1):
        _draw_setting(canvas, row, setting, lists, given.get(setting.id, {}))
        canvas.names[f"set_{setting.id}"] = f"$B${row}"
    headers = [column.label(language) for column in table.columns]
    _add_table(canvas, table, headers, rows=len(SETTINGS))
    canvas.view = _view(canvas, title=table.label(language), fixed_columns=1)
    return canvas


def _given_settings(frame: pd.DataFrame | None) -> dict[str, dict[str, object]]:
    given: dict[str, dict[str, object]] = {}
    for row in [] if frame is None else frame.to_dict("records"):
        setting = find_setting(str(row["name"]))
        if setting is None:
            raise ValueError(f"there is no setting {row['name']!r}")
        given[setting.id] = {str(name): value for name, value in row.items()}
    return given


def _draw_setting(canvas: Canvas, row: int, setting: Setting, lists: Lists, given: Mapping[str, object]) -> None:
    language = canvas.language
    value = cell_content(given.get("value"), language)
    default = language if setting.id == "language" else setting.default
    typed = default if value is None else parse_setting(setting, value)
    labels = choice_labels(setting.choices, language)
    chosen = dict(zip((choice.id for choice in setting.choices), labels, strict=True))
    shown = setting_text(typed) if isinstance(typed, tuple) else chosen.get(typed, typed)
    source = given.get("source", None if typed is None or typed == "" else label("template_default_source", language))
    canvas.put(row, 1, setting.label(language), style="calculation")
    canvas.put(row, 2, shown if shown != "" else None, style="input", number_format=FORMATS.get(setting.kind, "text"))
    canvas.put(row, 3, given.get("unit", setting.unit(language) or None), style="calculation")
    for number, (content, form) in enumerate(
        ((source, "text"), (given.get("date"), "date"), (given.get("who"), "text")), 4
    ):
        canvas.put(row, number, content, style="input", number_format="date" if form == "date" else "text")
    canvas.put(row, 8, setting.help(language), style="subtitle")
    if labels:
        _add_list(canvas, f"B{row}", lists.name_of(labels))
    elif setting.kind in BOUNDS:
        _add_bounds(canvas, f"B{row}", setting.kind)


def _add_bounds(canvas: Canvas, address: str, kind: str) -> None:
    excel_type, low, high, text = BOUNDS[kind]
    title, message = (label(key, canvas.language) for key in ("template_value_title", text))
    canvas.bounds.append(DrawnBounds(address, excel_type, low, high, title, message))


def _view(canvas: Canvas, *, title: str, fixed_columns: int) -> View:
    return View(
        tab_colour=INPUT_TAB,
        freeze=cell_address(HEADER_ROW + 1, fixed_columns + 1),
        title_rows=f"{HEADER_ROW}:{HEADER_ROW}",
        footer_left=look.footer_text(f"{label('template_title', canvas.language)} · {title}"),
        footer_right=label("report_page", canvas.language),
    )
