"""The look of a live sheet: formats, widths, heights, marks, hints and links, in whole ranges."""

from collections.abc import Callable, Hashable, Iterator
from typing import Any, Final, Literal, NamedTuple

import xlwings as xw

from klantwaarde.report.blocks import Format
from klantwaarde.tables.raw import column_letters, position
from klantwaarde.workbook import look
from klantwaarde.workbook.canvas import Canvas, DrawnTable
from klantwaarde_addin.live.areas import Area, areas_of, spans
from klantwaarde_addin.live.host import is_remote, optional

_BASE = look.Style()
_WRAPPED = "calculation_wrapped"
_PIXELS_TO_POINTS = 0.75
_VERTICAL: Final[dict[str, Literal["top", "center", "bottom"]]] = {"top": "top", "center": "center", "bottom": "bottom"}
_HORIZONTAL: Final[dict[str, Literal["left", "center", "right"]]] = {
    "left": "left",
    "center": "center",
    "right": "right",
}

Place = tuple[int, int]


class Look(NamedTuple):
    """What a cell looks like: a named style and a number format."""

    style: str
    format: Format


class Looks(NamedTuple):
    """The looks of a sheet: of single cells, and per table those of the columns of its body, which all rows share."""

    loose: dict[Place, Look]
    bodies: list[tuple[Area, dict[Place, Look]]]


def looks_of(canvas: Canvas) -> Looks:
    """Every look on the sheet; what stands in the body of a table does not count row by row.

    A column of measures has a format per row: its cells count one by one, and a table of measures has few rows.
    """
    shared = [_body_looks(canvas, table) for table in canvas.tables]
    bodies = [Area(table.row + 1, table.column, table.last_row, table.last_column) for table in canvas.tables]
    loose = {
        place: Look(cell.style, cell.format)
        for place, cell in canvas.cells.items()
        if not any(
            body.top <= place[0] <= body.bottom and (0, place[1]) in columns
            for body, columns in zip(bodies, shared, strict=True)
        )
    }
    return Looks(loose, list(zip(bodies, shared, strict=True)))


def _body_looks(canvas: Canvas, table: DrawnTable) -> dict[Place, Look]:
    """Per column of one format, on a row of its own, the look of the whole body; it wraps when any of its cells does."""
    columns: dict[Place, Look] = {}
    for column in range(table.column, table.last_column + 1):
        drawn = [cell for row in range(table.row + 1, table.last_row + 1) if (cell := canvas.cells.get((row, column)))]
        if len({cell.format for cell in drawn}) == 1:
            wraps = any(cell.style == _WRAPPED for cell in drawn)
            columns[0, column] = Look(_WRAPPED if wraps else drawn[0].style, drawn[0].format)
    return columns


def _areas(looks: Looks, value_of: Callable[[Look], Hashable]) -> Iterator[tuple[Area, Any]]:
    """Rectangles of equal value; None is no value."""
    yield from _valued(looks.loose, value_of)
    for body, columns in looks.bodies:
        for area, value in _valued(columns, value_of):
            yield Area(body.top, area.left, body.bottom, area.right), value


def _valued(looks: dict[Place, Look], value_of: Callable[[Look], Hashable]) -> list[tuple[Area, Any]]:
    values = {place: value_of(worn) for place, worn in looks.items()}
    return areas_of({place: value for place, value in values.items() if value is not None})


def set_formats(sheet: xw.Sheet, canvas: Canvas) -> None:
    """Number formats come before values: a column of ids is text before the first id is in it."""

    def number_format(worn: Look) -> str | None:
        code = look.NUMBER_FORMATS[worn.format]
        return None if code == "General" else code

    for area, code in _areas(looks_of(canvas), number_format):
        sheet.range(area.address).number_format = code


def set_looks(sheet: xw.Sheet, canvas: Canvas, whole: Area) -> None:
    """Fonts, fills, alignment and borders: first those of most cells for the whole sheet, then each detail that differs."""
    base = sheet.range(whole.address)
    base.font.name, base.font.size, base.font.color = look.FONT, _BASE.size, _hex(_BASE.ink)
    base.vertical_alignment = _VERTICAL[_BASE.valign]
    looks = looks_of(canvas)
    for name, put in _DETAILS.items():
        usual = getattr(_BASE, name)

        def differing(worn: Look, name: str = name, usual: object = usual) -> Hashable:
            value = getattr(look.cell_style(worn.style, worn.format), name)
            return None if value == usual else value

        for area, value in _areas(looks, differing):
            put(sheet.range(area.address), value)


def _put_bottom(cells: xw.Range, colour: str) -> None:
    sides = ["edge_bottom", "inside_horizontal"] if cells.shape[0] > 1 else ["edge_bottom"]
    cells.borders.set(sides, line_style="continuous", weight="thin", color=_hex(colour))


def _put_left(cells: xw.Range, colour: str) -> None:
    cells.borders.set("edge_left", line_style="continuous", weight="thick", color=_hex(colour))


_DETAILS: Final[dict[str, Callable[[xw.Range, Any], None]]] = {
    "fill": lambda cells, value: setattr(cells, "color", _hex(value)),
    "ink": lambda cells, value: setattr(cells.font, "color", _hex(value)),
    "size": lambda cells, value: setattr(cells.font, "size", value),
    "bold": lambda cells, value: setattr(cells.font, "bold", value),
    "italic": lambda cells, value: setattr(cells.font, "italic", value),
    "wrap": lambda cells, value: setattr(cells, "wrap_text", value),
    "valign": lambda cells, value: setattr(cells, "vertical_alignment", _VERTICAL[value]),
    "align": lambda cells, value: setattr(cells, "horizontal_alignment", _HORIZONTAL[value]),
    "bottom": _put_bottom,
    "left": _put_left,
}


def _hex(color: str) -> str:
    return f"#{color}"


def set_sizes(sheet: xw.Sheet, canvas: Canvas) -> None:
    """Column widths, row heights and folded columns; rows of tables with long texts take the height they need."""
    in_points = is_remote(sheet.book)
    widths = {**dict(enumerate(canvas.widths, 1)), **canvas.outer_widths}
    for first, last, width in spans(widths):
        size = look.pixels(width) * _PIXELS_TO_POINTS if in_points else width
        sheet.range(f"{column_letters(first)}:{column_letters(last)}").column_width = size
    in_bodies = {row for table in canvas.tables for row in range(table.row + 1, table.last_row + 1)}
    heights = {row: height for row, height in canvas.heights.items() if row not in in_bodies}
    for first, last, height in spans(heights):
        sheet.range(f"{first}:{last}").row_height = height
    for table in canvas.tables:
        if any(worn.style == _WRAPPED for worn in _body_looks(canvas, table).values()):
            sheet.range(f"{table.row + 1}:{table.last_row}").rows.autofit()
    for first, last, _ in spans(dict.fromkeys(canvas.folded, 1.0)):
        sheet.range(f"{column_letters(first)}:{column_letters(last)}").columns.hidden = True


def set_marks(sheet: xw.Sheet, canvas: Canvas, whole: Area) -> None:
    """Conditional formats, replacing those of the run before."""
    sheet.range(whole.address).conditional_formats.clear()
    for mark in reversed(canvas.marks):  # Excel puts a new rule on top
        style = look.STYLES[mark.style]
        sheet.range(mark.area).conditional_formats.add_custom(
            f"={mark.condition}", fill_color=_hex(style.fill), font_color=_hex(style.ink), font_bold=True
        )


def set_view(sheet: xw.Sheet, canvas: Canvas) -> None:
    """Gridlines off, the key columns in view and the page that prints, as far as the host knows them."""
    view = canvas.view
    optional(lambda: setattr(sheet, "show_gridlines", False))
    if view.print_area:
        optional(lambda: setattr(sheet.page_setup, "print_area", view.print_area))
    if view.freeze:
        row, column = position(view.freeze)
        frozen = sheet.range(Area(1, 1, max(row - 1, 1), max(column - 1, 1)).address)
        optional(lambda: sheet.freeze_panes.freeze_at(frozen))
