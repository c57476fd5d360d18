"""Print area and frozen panes of a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.worksheet.print_settings import PrintArea
from xlwings import base_classes

from addin.engine.areas import MAX_COLUMNS, MAX_ROWS, Area, from_address
from addin.engine.com import com_object

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


@com_object
class PageSetup(base_classes.PageSetup):
    """The print area, the one setting that both engines share."""

    def __init__(self, worksheet: Worksheet) -> None:
        self._ws = worksheet

    @property
    def api(self) -> None:
        return None

    @property
    def print_area(self) -> str | None:
        return self._ws.print_area.rpartition("!")[2] or None

    @print_area.setter
    def print_area(self, value: str | None) -> None:
        self._ws.print_area = value.replace("$", "") if value else PrintArea()


@com_object
class FreezePanes(base_classes.FreezePanes):
    """Frozen rows and columns: only the web client offers them."""

    def __init__(self, worksheet: Worksheet) -> None:
        self._ws = worksheet

    def freeze_at(self, frozen_range: str) -> None:
        area = from_address(frozen_range) or Area(1, 1)
        below = 1 if area.rows == MAX_ROWS else area.last_row + 1
        beside = 1 if area.columns == MAX_COLUMNS else area.last_column + 1
        self._ws.freeze_panes = Area(below, beside).ref

    def unfreeze(self) -> None:
        self._ws.freeze_panes = None
