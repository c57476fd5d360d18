"""How a block of cells looks: formats, colours, fonts, alignment, sizes, borders, links and notes."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter
from xlwings import utils

from addin.engine.areas import MAX_ROWS, Area, all_cells, from_address, kept_cells
from addin.engine.com import ComError, wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from openpyxl.worksheet.worksheet import Worksheet

Colour = tuple[int, int, int] | int | str | None
POINTS_PER_CHARACTER = 5.25
HORIZONTAL = {"center_across_selection": "centerContinuous"}


def rgb_of(colour: Colour) -> tuple[int, int, int] | None:
    if colour is None:
        return None
    if isinstance(colour, str):
        return utils.hex_to_rgb(colour)
    return utils.int_to_rgb(colour) if isinstance(colour, int) else tuple(colour)


def argb_of(colour: Colour) -> str:
    rgb = rgb_of(colour)
    return "FF{:02X}{:02X}{:02X}".format(*rgb) if rgb else "00000000"


def rgb_of_argb(colour: Any) -> tuple[int, int, int] | None:
    text = getattr(colour, "rgb", None)
    return utils.hex_to_rgb(text[-6:]) if isinstance(text, str) else None


def restyle(cells: Iterable[Any], change: Callable[[Any], None]) -> None:
    """Change the look of cells; cells that looked the same are changed once and then share the outcome."""
    outcomes: dict[tuple[int, ...], Any] = {}
    for cell in cells:
        before = tuple(cell._style or ())
        if before not in outcomes:
            change(cell)
            outcomes[before] = cell._style
        cell._style = copy(outcomes[before])


class RangeLooks:
    """The part of a range that is about its looks."""

    area: Area
    _ws: Worksheet

    def _styled(self) -> Iterable[Any]:
        """What carries the format: whole columns carry it themselves, besides the cells that exist."""
        if self.area.rows == MAX_ROWS:
            letters = map(get_column_letter, range(self.area.column, self.area.last_column + 1))
            return [*(self._ws.column_dimensions[letter] for letter in letters), *kept_cells(self._ws, self.area)]
        return all_cells(self._ws, self.area)

    def _common(self, get: Callable[[Any], Any]) -> Any:
        """The value that all cells share, else None."""
        cells = all_cells(self._ws, self.area) if self.area.rows < MAX_ROWS else self._styled()
        found = {get(cell) for cell in cells}
        return found.pop() if len(found) == 1 else None

    @property
    def number_format(self) -> str | None:
        return self._common(lambda cell: cell.number_format)

    @number_format.setter
    def number_format(self, value: str) -> None:
        restyle(self._styled(), lambda cell: setattr(cell, "number_format", value))

    @property
    def color(self) -> tuple[int, int, int] | None:
        return self._common(lambda cell: rgb_of_argb(cell.fill.fgColor) if cell.fill.fill_type else None)

    @color.setter
    def color(self, value: Colour) -> None:
        fill = PatternFill() if value is None else PatternFill("solid", fgColor=argb_of(value))
        restyle(self._styled(), lambda cell: setattr(cell, "fill", fill))

    def set_colors(self, colors: list[list[Colour]]) -> None:
        """Colour cell by cell, on the desktop one call each."""
        cells = all_cells(self._ws, self.area)
        for cell, colour in zip(cells, (item for row in colors for item in row), strict=True):
            if colour is not ...:
                wire.calls["Range.color ="] += 0 if wire.remote_like else 1
                cell.fill = PatternFill() if colour is None else PatternFill("solid", fgColor=argb_of(colour))

    def _align(self, **changes: Any) -> None:
        def align(cell: Any) -> None:
            alignment = copy(cell.alignment)
            for name, value in changes.items():
                setattr(alignment, name, value)
            cell.alignment = alignment

        restyle(self._styled(), align)

    @property
    def wrap_text(self) -> bool | None:
        return self._common(lambda cell: bool(cell.alignment.wrap_text))

    @wrap_text.setter
    def wrap_text(self, value: bool) -> None:
        self._align(wrap_text=value)

    @property
    def horizontal_alignment(self) -> str | None:
        names = {excel: name for name, excel in HORIZONTAL.items()}
        found = self._common(lambda cell: cell.alignment.horizontal or "general")
        return names.get(found, found)

    @horizontal_alignment.setter
    def horizontal_alignment(self, value: str) -> None:
        self._align(horizontal=HORIZONTAL.get(value, value))

    @property
    def vertical_alignment(self) -> str | None:
        return self._common(lambda cell: cell.alignment.vertical or "bottom")

    @vertical_alignment.setter
    def vertical_alignment(self, value: str) -> None:
        self._align(vertical=value)

    def adjust_indent(self, amount: int) -> None:
        for cell in self._styled():
            cell.alignment = Alignment(
                indent=cell.alignment.indent + amount,
                horizontal=cell.alignment.horizontal,
                wrap_text=cell.alignment.wrap_text,
            )

    @property
    def column_width(self) -> float | None:
        widths = {self._ws.column_dimensions[letter].width for letter in self._letters()}
        return widths.pop() if len(widths) == 1 else None

    @column_width.setter
    def column_width(self, value: float) -> None:
        """In characters on the desktop, in points on the remote engine."""
        if not 0 <= value <= (2000 if wire.remote_like else 255):
            raise ComError("Unable to set the ColumnWidth property of the Range class")
        width = (value - 3.75) / POINTS_PER_CHARACTER if wire.remote_like else value
        for letter in self._letters():
            self._ws.column_dimensions[letter].width = max(0.0, width)

    @property
    def row_height(self) -> float | None:
        heights = {self._ws.row_dimensions[row].height or 15.0 for row in self._rows()}
        return heights.pop() if len(heights) == 1 else None

    @row_height.setter
    def row_height(self, value: float) -> None:
        if not 0 <= value <= 409.5:
            raise ComError("Unable to set the RowHeight property of the Range class")
        for row in self._rows():
            self._ws.row_dimensions[row].height = value

    @property
    def column_hidden(self) -> bool | None:
        hidden = {bool(self._ws.column_dimensions[letter].hidden) for letter in self._letters()}
        return hidden.pop() if len(hidden) == 1 else None

    @column_hidden.setter
    def column_hidden(self, value: bool) -> None:
        for letter in self._letters():
            self._ws.column_dimensions[letter].hidden = value

    @property
    def row_hidden(self) -> bool | None:
        hidden = {bool(self._ws.row_dimensions[row].hidden) for row in self._rows()}
        return hidden.pop() if len(hidden) == 1 else None

    @row_hidden.setter
    def row_hidden(self, value: bool) -> None:
        for row in self._rows():
            self._ws.row_dimensions[row].hidden = value

    def _letters(self) -> list[str]:
        return [get_column_letter(column) for column in range(self.area.column, self.area.last_column + 1)]

    def _rows(self) -> range:
        return range(
            self.area.row, min(self.area.last_row, self._ws.max_row if self.area.rows == MAX_ROWS else MAX_ROWS) + 1
        )

    @property
    def left(self) -> float:
        return sum(self._points(column) for column in range(1, self.area.column))

    @property
    def top(self) -> float:
        return sum(self._ws.row_dimensions[row].height or 15.0 for row in range(1, self.area.row))

    @property
    def width(self) -> float:
        return sum(self._points(column) for column in range(self.area.column, self.area.last_column + 1))

    @property
    def height(self) -> float:
        return sum(self._ws.row_dimensions[row].height or 15.0 for row in range(self.area.row, self.area.last_row + 1))

    def _points(self, column: int) -> float:
        letter = get_column_letter(column)
        width = self._ws.column_dimensions[letter].width if letter in self._ws.column_dimensions else 8.43
        return round(width * POINTS_PER_CHARACTER + 3.75, 2)

    def autofit(self, axis: str | None = None) -> None:
        if axis in (None, "c", "columns"):
            fit_columns(self._ws, self.area)

    def clear_formats(self) -> None:
        for cell in kept_cells(self._ws, self.area):
            cell.style = "Normal"
        remaining = ConditionalFormattingList()
        for block in self._ws.conditional_formatting:
            if not any((area := from_address(part)) and self.area.covers(area) for part in str(block.sqref).split()):
                for rule in block.rules:
                    remaining.add(str(block.sqref), rule)
        self._ws.conditional_formatting = remaining

    @property
    def hyperlink(self) -> str:
        link = (
            self._ws._cells[self.area.row, self.area.column].hyperlink
            if (self.area.row, self.area.column) in self._ws._cells
            else None
        )
        if link is None:
            raise ComError("The cell doesn't seem to contain a hyperlink!")
        return link.target or f"#{link.location}"

    def add_hyperlink(self, address: str, text_to_display: str | None = None, screen_tip: str | None = None) -> None:
        cell = next(all_cells(self._ws, self.area))
        shown = text_to_display or address
        cell.hyperlink = address
        if address.startswith("#"):
            cell.hyperlink.location, cell.hyperlink.target = address.removeprefix("#"), None
        cell.hyperlink.tooltip, cell.style = screen_tip, "Hyperlink"
        cell._value, cell.data_type = shown, "s"

    @property
    def note(self) -> Any:
        cell = next(all_cells(self._ws, self.area))
        return cell.comment

    def add_note(self, text: str) -> Any:
        cell = next(all_cells(self._ws, self.area))
        if cell.comment is not None:
            raise ComError("Application-defined or object-defined error: the cell has a note")
        cell.comment = Comment(text, "Klantwaarde")
        return cell.comment


def fit_columns(sheet: Worksheet, area: Area) -> None:
    """Make columns as wide as their longest text, roughly."""
    longest: dict[int, int] = {}
    for cell in kept_cells(sheet, area):
        if cell.value is not None and cell.data_type != "f":
            longest[cell.column] = max(longest.get(cell.column, 0), len(str(cell.value)))
    for column, length in longest.items():
        sheet.column_dimensions[get_column_letter(column)].width = min(255, length + 2)
