"""One action of the remote engine and the objects that it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import xlwings as xw

from addin.engine.areas import Area
from addin.engine.ranges import Range

if TYPE_CHECKING:
    from collections.abc import Callable

    Actions = dict[str, Callable[["Target"], object]]

DIGITS = {"three": "3", "four": "4", "five": "5"}


@dataclass(frozen=True, slots=True)
class Target:
    """The action beside the book that it changes."""

    book: xw.Book
    action: dict[str, Any]

    @property
    def args(self) -> list[Any]:
        return self.action["args"]

    @property
    def first(self) -> Any:
        return self.action["args"][0]

    @property
    def sheet(self) -> xw.Sheet:
        return self.book.sheets[self.action["sheet_position"]]

    @property
    def cells(self) -> xw.Range:
        action = self.action
        area = Area(action["start_row"] + 1, action["start_column"] + 1, action["row_count"], action["column_count"])
        return xw.Range(impl=Range(self.sheet.impl, area))

    def cells_at(self, sheet: int | str, address: str) -> xw.Range:
        return self.book.sheets[sheet].range(address)


def python_word(word: str, allowed: tuple[str, ...] | list[str]) -> str:
    """The word of xlwings for a word of Office.js: ``ThreeTrafficLights1`` is ``3_traffic_lights_1``."""
    plain = word.lower()
    for number, digit in DIGITS.items():
        if plain.startswith(number):
            plain = digit + plain.removeprefix(number)
    return next(candidate for candidate in allowed if candidate.replace("_", "") == plain)
