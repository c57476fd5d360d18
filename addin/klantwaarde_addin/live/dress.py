"""The look of a live sheet: formats, widths, heights, marks, hints and links, in whole ranges."""

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

import xlwings as xw

from klantwaarde.report.blocks import Format
from klantwaarde.tables.raw import column_letters, position
from klantwaarde.workbook import look
from klantwaarde.workbook.canvas import Canvas, DrawnTable
from klantwaarde_addin.live.areas import Area, areas_of, spans
from klantwaarde_addin.live.host import is_remote, optional

_BASE = look.Style()
_VERTICAL: Final[dict[str, Literal["top", "center", "bottom"]]] = {"top": "top", "center": "center", "bottom": "bottom"}
_HORIZONTAL: Final[dict[str, Literal["left", "center", "right"]]] = {
    "left": "left",
    "center": "center",
    "right": "right",
}
_WRAPPED = "calculation_wrapped"
_PIXELS_TO_POINTS = 0.75


class Look(NamedTuple):
    """What a cell looks like: a named style and a number format."""

    style: str
    format: Format


def looks_of(canvas: Canvas) -> list[tuple[Area, Look]]:
    """Every look on the sheet with its rectangle; the body of a table is one rectangle per run of equal columns."""
    bodies = [Area(table.row + 1, table.column, table.last_row, table.last_column) for table in canvas.tables]
    loose = {
        place: Look(cell.style, cell.format)
        for place, cell in canvas.cells.items()
        if not any(body.top <= place[0] <= body.bottom and body.left <= place[1] <= body.right for body in bodies)
    }
    return areas_of(loose) + [pair for table in canvas.tables for pair in _body_looks(canvas, table)]


def _body_looks(canvas: Canvas, table: DrawnTable) -> Iterator[tuple[Area, Look]]:
    """Per run of equal columns the look of the whole body; a column wraps when any of its cells does."""
    columns: dict[tuple[int, int], Look] = {}
    for column in range(table.column, table.last_column + 1):
        drawn = [cell for row in range(table.row + 1, table.last_row + 1) if (cell := canvas.cells.get((row, column)))]
        wraps = any(cell.style == _WRAPPED for cell in drawn)
        columns[1, column] = Look(_WRAPPED if wraps else drawn[0].style, drawn[0].format)
    for area, worn in areas_of(columns):
        yield Area(table.row + 1, area.left, table.last_row, area.right), worn


def set_formats(sheet: xw.Sheet, canvas: Canvas) -> None:
    """Number formats come before values: a column of ids is text before the first id is in it."""
    formats = [(area, look.NUMBER_FORMATS[worn.format]) for area, worn in looks_of(canvas)]
    for area, text in formats:
        if text != "General":
            sheet.range(area.address).number_format = text


def set_looks(sheet: xw.Sheet, canvas: Canvas, whole: Area) -> None:
    """Fonts, fills, alignment and borders; first those of most cells for the whole sheet, then what differs."""
    base = sheet.range(whole.address)
    base.font.name, base.font.size, base.font.color = look.FONT, _BASE.size, _hex(_BASE.ink)
    base.vertical_alignment = _VERTICAL[_BASE.valign]
    for area, worn in looks_of(canvas):
        _wear(sheet.range(area.address), look.cell_style(worn.style, worn.format))


def _wear(cells: xw.Range, style: look.Style) -> None:
    """Give cells what a style has beyond the base."""
    if style.fill != _BASE.fill:
        cells.color = _hex(style.fill)
    if style.ink != _BASE.ink:
        cells.font.color = _hex(style.ink)
    if style.size != _BASE.size:
        cells.font.size = style.size
    if style.bold:
        cells.font.bold = True
    if style.italic:
        cells.font.italic = True
    if style.wrap:
        cells.wrap_text = True
    if style.valign != _BASE.valign:
        cells.vertical_alignment = _VERTICAL[style.valign]
    if style.align:
        cells.horizontal_alignment = _HORIZONTAL[style.align]
    if style.bottom:
        sides = ["edge_bottom", "inside_horizontal"] if cells.shape[0] > 1 else ["edge_bottom"]
        cells.borders.set(sides, line_style="continuous", weight="thin", color=_hex(style.bottom))
    if style.left:
        cells.borders.set("edge_left", line_style="continuous", weight="thick", color=_hex(style.left))


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
        if any(worn.style == _WRAPPED for _, worn in _body_looks(canvas, table)):
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
