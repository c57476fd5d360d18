"""Rectangles of cells: equal cells taken together, so that a sheet is dressed in few calls."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from klantwaarde.tables.raw import cell_address

Look = TypeVar("Look", bound=Hashable)


@dataclass(frozen=True, slots=True, order=True)
class Area:
    """A rectangle, 1-based, both corners included."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def address(self) -> str:
        """In A1 notation, without dollar signs."""
        first, last = cell_address(self.top, self.left), cell_address(self.bottom, self.right)
        return first if first == last else f"{first}:{last}"

    @property
    def rows(self) -> int:
        return self.bottom - self.top + 1

    @property
    def columns(self) -> int:
        return self.right - self.left + 1

    def moved(self, rows: int) -> "Area":
        """The same rectangle so many rows down."""
        return Area(self.top + rows, self.left, self.bottom + rows, self.right)


def areas_of(cells: Mapping[tuple[int, int], Look]) -> list[tuple[Area, Look]]:
    """Cover cells by rectangles of equal look: runs along a row, joined with equal runs right above them.

    Args:
        cells: (row, column) -> look.
    """
    runs = _runs(cells)
    finished: list[tuple[Area, Look]] = []
    growing: dict[tuple[int, int, Look], Area] = {}
    for row in sorted(runs):
        here: dict[tuple[int, int, Look], Area] = {}
        for left, right, look in runs[row]:
            above = growing.get((left, right, look))
            if above and above.bottom == row - 1:
                del growing[left, right, look]
                here[left, right, look] = Area(above.top, left, row, right)
            else:
                here[left, right, look] = Area(row, left, row, right)
        finished += [(area, look) for (_, _, look), area in growing.items()]
        growing = here
    return sorted(finished + [(area, look) for (_, _, look), area in growing.items()], key=lambda pair: pair[0])


def _runs(cells: Mapping[tuple[int, int], Look]) -> dict[int, list[tuple[int, int, Look]]]:
    """Per row the runs of neighbouring cells of equal look, left to right."""
    rows: dict[int, list[tuple[int, int, Look]]] = {}
    for row, column in sorted(cells):
        look = cells[row, column]
        line = rows.setdefault(row, [])
        if line and line[-1][1] == column - 1 and line[-1][2] == look:
            line[-1] = (line[-1][0], column, look)
        else:
            line.append((column, column, look))
    return rows


def spans(values: Mapping[int, float]) -> list[tuple[int, int, float]]:
    """Neighbouring rows or columns of equal height or width: first, last, value."""
    found: list[tuple[int, int, float]] = []
    for number in sorted(values):
        if found and found[-1][1] == number - 1 and found[-1][2] == values[number]:
            found[-1] = (found[-1][0], number, values[number])
        else:
            found.append((number, number, values[number]))
    return found


def around(tables: Iterable[Area], whole: Area) -> list[Area]:
    """What lies in a rectangle outside tables that stand below each other: bands between them and what is right of them."""
    pieces, row = [], whole.top
    for table in sorted(tables):
        if table.top > row:
            pieces.append(Area(row, whole.left, table.top - 1, whole.right))
        if table.right < whole.right:
            pieces.append(Area(table.top, table.right + 1, table.bottom, whole.right))
        row = table.bottom + 1
    if row <= whole.bottom:
        pieces.append(Area(row, whole.left, whole.bottom, whole.right))
    return pieces
