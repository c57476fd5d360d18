"""Identifying codes, read per column: text as it stands, whole numbers as their digits, and pairs that look alike."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde.tables.cells import (
    CellFault,
    Reason,
    TextCells,
    cell_faults,
    clean,
    in_row_order,
    misplaced,
    shown,
    text_cells,
)
from klantwaarde.tables.numbers import WHOLE_LIMIT
from klantwaarde.tables.raw import Kind, RawColumn

_POWERS = re.compile(r"[0-9](?:[.,][0-9]+)?E[+-][0-9]+", re.IGNORECASE)

# Cyrillic and Greek letters that cannot be told from Latin ones in Excel's fonts (a small part of Unicode TR 39).
_LOOK_ALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХасеѕіјорухԁһ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαρν",
    "ABESIJKMHOPCTYXacesijopyxdh" + "ABEZHIKMNOPTYXoapv",
)


@dataclass(frozen=True, slots=True, eq=False)
class IdReading:
    """A column of ids.

    Attributes:
        values: Text per cell, None where the cell is blank or cannot be read; leading zeros of texts are kept.
        faults: The cells that cannot identify, from top to bottom.
        cleaned: Cells from which outer blanks or invisible characters were taken.
    """

    values: NDArray[np.object_]
    faults: tuple[CellFault, ...]
    cleaned: int


def read_ids(column: RawColumn) -> IdReading:
    """Read a column of ids: texts without outer blanks and invisible characters, in Unicode form NFC.

    Numbers are written as their digits. A number with decimals, a text in powers of ten (``1.23E+05``: digits are
    lost), a date or TRUE is a fault, and so is a number that meets a text with leading zeros (123 and ``0123``):
    Excel dropped zeros somewhere in that column. Only such a collision keeps its value, for callers that pad ids.
    """
    values = np.full(len(column), None, dtype=object)
    faults = misplaced(column, date=Reason.UNEXPECTED_DATE, bool=Reason.UNEXPECTED_FLAG)

    numbers = np.flatnonzero(column.kinds == Kind.NUMBER)
    number_codes, different = pd.factorize(column.numbers[numbers], use_na_sentinel=False)
    whole = np.isfinite(different) & (np.abs(different) < WHOLE_LIMIT)
    whole[whole] = np.mod(different[whole], 1) <= 0
    digits = [str(int(number)) if fits else None for number, fits in zip(different, whole, strict=True)]
    values[numbers] = np.array(digits, dtype=object)[number_codes]
    faults += cell_faults(column, numbers[~whole[number_codes]], Reason.ID_WITH_DECIMALS)

    cells = text_cells(column)
    ids = [unicodedata.normalize("NFC", clean(text)) for text in cells.texts]
    powers = {place: Reason.ID_IN_POWERS for place, name in enumerate(ids) if _POWERS.fullmatch(name)}
    values[cells.rows] = np.array([None if p in powers else i or None for p, i in enumerate(ids)], object)[cells.codes]
    faults += cells.faults(powers)
    faults += _collisions(column, numbers, values, cells, ids)
    differs = np.array([clean(text) != text for text in cells.texts], dtype=bool)
    return IdReading(values, in_row_order(faults), int(np.count_nonzero(differs[cells.codes])))


def doubtful_ids(ids: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of different ids that a person would take for the same one.

    They differ in leading zeros, letter case or letters that look alike only. Each id of such a group is paired with
    the group's first; ids and pairs are in text order.

    Example:
        >>> doubtful_ids(["0123", "A1", "123", "a1", "B2"])
        [('0123', '123'), ('A1', 'a1')]
    """
    groups: dict[str, list[str]] = {}
    for name in sorted(set(ids)):
        groups.setdefault(_skeleton(name), []).append(name)
    return sorted((group[0], other) for group in groups.values() for other in group[1:])


def _skeleton(name: str) -> str:
    """What is left of an id when zeros, case and look-alike letters no longer count."""
    return unicodedata.normalize("NFKC", name).translate(_LOOK_ALIKES).casefold().lstrip("0")


def _collisions(
    column: RawColumn, numbers: NDArray[np.intp], values: NDArray[np.object_], cells: TextCells, ids: Sequence[str]
) -> list[CellFault]:
    """Number cells whose digits are also a text with leading zeros in the same column."""
    padded = {
        name.lstrip("0") or "0": place
        for place, name in enumerate(ids)
        if name.startswith("0") and name.isdecimal() and name != "0"
    }
    if not padded:
        return []
    first_row = dict(zip(cells.codes[::-1].tolist(), cells.rows[::-1].tolist(), strict=True))
    return [
        CellFault(row, Reason.ID_COLLIDES, shown(column, row), {"other": ids[place]}, first_row[place])
        for row in numbers.tolist()
        if (place := padded.get(values[row] or "")) is not None
    ]
