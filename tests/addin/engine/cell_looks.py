"""Font and borders of a block of cells."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from openpyxl.styles import Border as CellBorder
from openpyxl.styles import Side
from openpyxl.styles.colors import Color
from xlwings import base_classes

from addin.engine.areas import Area, all_cells
from addin.engine.com import com_object
from addin.engine.range_looks import argb_of, restyle, rgb_of_argb

if TYPE_CHECKING:
    from addin.engine.ranges import Range

UNSET = base_classes._UNSET
LINES = {
    ("continuous", "hairline"): "hair",
    ("continuous", "thin"): "thin",
    ("continuous", "medium"): "medium",
    ("continuous", "thick"): "thick",
    ("dash", "thin"): "dashed",
    ("dash", "medium"): "mediumDashed",
    ("dash_dot", "thin"): "dashDot",
    ("dash_dot", "medium"): "mediumDashDot",
    ("dash_dot_dot", "thin"): "dashDotDot",
    ("dash_dot_dot", "medium"): "mediumDashDotDot",
    ("dot", "thin"): "dotted",
    ("double", "thick"): "double",
    ("slant_dash_dot", "medium"): "slantDashDot",
}
LINE_OF = {excel: line for line, excel in LINES.items()}


def _font(name: str) -> property:
    def get(font: Font) -> Any:
        return font._range._common(lambda cell: getattr(cell.font, name))

    def put(font: Font, value: Any) -> None:
        def change(cell: Any) -> None:
            changed = copy(cell.font)
            setattr(changed, name, value)
            cell.font = changed

        restyle(font._range._styled(), change)

    return property(get, put)


@com_object
class Font(base_classes.Font):
    """The font of the cells, None where they differ."""

    bold, italic, size, name = _font("bold"), _font("italic"), _font("size"), _font("name")

    def __init__(self, cells: Range) -> None:
        self._range = cells

    @property
    def api(self) -> None:
        return None

    @property
    def color(self) -> tuple[int, int, int] | None:
        return self._range._common(lambda cell: rgb_of_argb(cell.font.color) or (0, 0, 0))

    @color.setter
    def color(self, value: Any) -> None:
        def change(cell: Any) -> None:
            changed = copy(cell.font)
            changed.color = Color(rgb=argb_of(value))
            cell.font = changed

        restyle(self._range._styled(), change)


def _sides_of(area: Area, side: str) -> list[tuple[Area, str]]:
    """The cells that carry a side of the block, with the side of the cell."""
    last_row, last_column = area.last_row, area.last_column
    places = {
        "edge_top": (Area(area.row, area.column, 1, area.columns), "top"),
        "edge_bottom": (Area(last_row, area.column, 1, area.columns), "bottom"),
        "edge_left": (Area(area.row, area.column, area.rows, 1), "left"),
        "edge_right": (Area(area.row, last_column, area.rows, 1), "right"),
        "inside_horizontal": (Area(area.row, area.column, area.rows - 1, area.columns), "bottom"),
        "inside_vertical": (Area(area.row, area.column, area.rows, area.columns - 1), "right"),
        "diagonal_up": (area, "diagonal"),
        "diagonal_down": (area, "diagonal"),
    }
    return [places[side]]


@com_object
class Border(base_classes.Border):
    """One side of a block."""

    def __init__(self, cells: Range, side: str) -> None:
        self._range = cells
        self._side = side

    @property
    def api(self) -> None:
        return None

    def _line(self) -> Side | None:
        area, side = _sides_of(self._range.area, self._side)[0]
        return getattr(next(all_cells(self._range._ws, area)).border, side) if area.size else None

    @property
    def line_style(self) -> str | None:
        line = self._line()
        return LINE_OF[line.style][0] if line is not None and line.style else None

    @line_style.setter
    def line_style(self, value: str | None) -> None:
        draw_side(self._range, self._side, line_style=value)

    @property
    def weight(self) -> str | None:
        line = self._line()
        return LINE_OF[line.style][1] if line is not None and line.style else None

    @weight.setter
    def weight(self, value: str) -> None:
        draw_side(self._range, self._side, weight=value)

    @property
    def color(self) -> tuple[int, int, int] | None:
        line = self._line()
        return rgb_of_argb(line.color) if line is not None and line.color else None

    @color.setter
    def color(self, value: Any) -> None:
        draw_side(self._range, self._side, color=value)


@com_object
class Borders(base_classes.Borders):
    """All sides of a block."""

    def __init__(self, cells: Range) -> None:
        self.parent = cells

    @property
    def api(self) -> None:
        return None

    def __getitem__(self, side: str) -> Border:
        return Border(self.parent, side)

    def set(self, which: list[str], *, line_style: Any = UNSET, weight: Any = UNSET, color: Any = UNSET) -> None:
        for side in which:
            draw_side(self.parent, side, line_style=line_style, weight=weight, color=color)


def draw_side(cells: Range, side: str, *, line_style: Any = UNSET, weight: Any = UNSET, color: Any = UNSET) -> None:
    """Change one side; a colour or weight alone draws a thin line, as in Excel."""
    area, name = _sides_of(cells.area, side)[0]

    def draw(cell: Any) -> None:
        before = getattr(cell.border, name)
        style, thickness = LINE_OF.get(before.style, ("continuous", "thin"))
        style = style if line_style is UNSET else line_style
        thickness = thickness if weight is UNSET else weight
        colour = before.color if color is UNSET else argb_of(color)
        border: CellBorder = copy(cell.border)
        setattr(border, name, Side() if style is None else Side(_line(style, thickness), color=colour))
        if name == "diagonal":
            border.diagonalUp, border.diagonalDown = side == "diagonal_up", side == "diagonal_down"
        cell.border = border

    restyle(all_cells(cells._ws, area) if area.size else (), draw)


def _line(style: str, weight: str) -> str:
    found = LINES.get((style, weight))
    return found or next(excel for (line, _), excel in LINES.items() if line == style)
