"""What Excel hands over, as what a function works with: numbers, dates, texts and matrices that are clean.

Ranges that belong together (every range of a function that is not declared ``apart``) have the same length, or hold
one value that counts for every row. Whole columns end where the longest of them ends. The first fault stops the
function; its message names the argument, the position and how many cells share it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from klantwaarde.messages import Fault
from klantwaarde_addin import cells as cell_rules
from klantwaarde_addin.errors import FunctionError, Place
from klantwaarde_addin.ranges import Range, ending_together, is_blank, range_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from klantwaarde_addin.declare import Argument

    Reader = Callable[[Argument, Range], Any]

RANGES = ("numbers", "dates", "texts")


@dataclass(frozen=True, slots=True)
class Given:
    """The arguments of one call, clean.

    Attributes:
        values: In declared order, defaults filled in. Ranges are arrays of one length.
        shape: The range whose form a result per row takes; None when the function has no ranges.
    """

    values: list[Any]
    shape: Range | None


def read_arguments(arguments: Sequence[Argument], values: Sequence[object], *, date1904: bool = False) -> Given:
    """Clean arguments from what a host hands over.

    Args:
        arguments: The declarations.
        values: One per argument, in order; None is left out.
        date1904: Whether serial numbers of days come from a workbook in the 1904 system.

    Raises:
        FunctionError: the first argument that cannot be used, with its place (KW-FN-001 up to 021).
    """
    given = {
        argument.name: range_of(value, argument.name, header=argument.kind == "cells")
        for argument, value in zip(arguments, values, strict=True)
        if not (is_blank(value) and _is_optional(argument))
    }
    related = [part for part in arguments if part.name in given and part.kind in RANGES and not part.apart]
    given |= dict(zip([part.name for part in related], ending_together([given[p.name] for p in related]), strict=True))
    dated: dict[str, Reader] = {"date": partial(_date, date1904=date1904), "dates": partial(_dates, date1904=date1904)}
    readers = _READERS | dated
    read = {
        argument.name: readers[argument.kind](argument, given[argument.name])
        for argument in arguments
        if argument.name in given
    }
    longest = _longest(related, given)
    if longest is not None:
        read |= {part.name: np.broadcast_to(read[part.name], longest.size) for part in related}
    return Given([read.get(argument.name, argument.default) for argument in arguments], longest)


def numbers_in(found: Sequence[object], place: Callable[[int], Place]) -> NDArray[np.float64]:
    """Cells as numbers.

    Raises:
        FunctionError: a cell is no number (KW-FN-002 up to 008).
    """
    if set(map(type, found)) == {float}:
        numbers = np.array(found, dtype=np.float64)
        if np.isfinite(numbers).all():
            return numbers
    _refuse(cell_rules.not_a_number, found, place)
    return np.array([float(cell) for cell in found], dtype=np.float64)  # type: ignore[arg-type]


def _is_optional(argument: Argument) -> bool:
    """Whether the argument may be blank; a missing one is refused here."""
    if argument.is_required:
        raise FunctionError(Fault("KW-FN-001"), Place(argument.name))
    return True


def _longest(related: Sequence[Argument], given: dict[str, Range]) -> Range | None:
    """The range that gives the length; all others have as many cells, or one."""
    if not related:
        return None
    order = {"single": 0, "list": 1, "grid": 2}
    first = max(related, key=lambda part: (given[part.name].size, order[given[part.name].form]))
    longest = given[first.name]
    for part in related:
        size = given[part.name].size
        if size not in (1, longest.size):
            values = {"size": size, "other": first.name, "wanted": longest.size}
            raise FunctionError(Fault("KW-FN-011", values=values), Place(part.name))
    return longest


def _numbers(argument: Argument, given: Range) -> NDArray[np.float64]:
    _refuse_block(argument, given)
    return _numbers_of_any_shape(argument, given)


def _matrix(argument: Argument, given: Range) -> NDArray[np.float64]:
    whole = ending_together([given])[0]
    shape = (1, whole.size) if whole.form == "list" else (whole.n_rows, whole.n_columns)
    return _numbers_of_any_shape(argument, whole).reshape(shape)


def _numbers_of_any_shape(argument: Argument, given: Range) -> NDArray[np.float64]:
    place = partial(given.place, argument.name)
    numbers = numbers_in(given.cells, place)
    bounds = {"least": argument.least, "most": argument.most}
    code = "KW-FN-020" if isfinite(argument.most) else "KW-FN-029"
    _refuse_where((numbers < argument.least) | (numbers > argument.most), numbers, place, Fault(code, values=bounds))
    if argument.above_zero:
        _refuse_where(numbers <= 0, numbers, place, Fault("KW-FN-033"))
    if argument.whole:
        _refuse_where(np.abs(np.mod(numbers, 1)) > 0, numbers, place, Fault("KW-FN-021"))
    return numbers


def _number(argument: Argument, given: Range) -> float | int:
    _refuse_range(argument, given)
    [value] = _numbers_of_any_shape(argument, given).tolist()
    return int(value) if argument.whole else float(value)


def _dates(argument: Argument, given: Range, *, date1904: bool) -> NDArray[np.datetime64]:
    _refuse_block(argument, given)
    check = partial(cell_rules.not_a_date, date1904=date1904)
    _refuse(check, given.cells, partial(given.place, argument.name))
    return np.array([cell_rules.day_of(cell, date1904=date1904) for cell in given.cells], dtype="M8[D]")  # type: ignore[arg-type]


def _date(argument: Argument, given: Range, *, date1904: bool) -> date:
    _refuse_range(argument, given)
    day: date = _dates(argument, given, date1904=date1904)[0].item()
    return day


def _texts(argument: Argument, given: Range) -> NDArray[np.object_]:
    _refuse_block(argument, given)
    _refuse(cell_rules.not_a_text, given.cells, partial(given.place, argument.name))
    return np.array([cell_rules.text_of(cell) for cell in given.cells], dtype=object)


def _text(argument: Argument, given: Range) -> str:
    _refuse_range(argument, given)
    return str(_texts(argument, given)[0])


def _choice(argument: Argument, given: Range) -> str:
    written = _text(argument, given)
    word = written.strip().casefold()
    if word not in argument.choices:
        choices = ", ".join(argument.choices)
        raise FunctionError(Fault("KW-FN-017", found=written, values={"choices": choices}), Place(argument.name))
    return word


def _flag(argument: Argument, given: Range) -> bool:
    _refuse_range(argument, given)
    [cell] = given.cells
    _refuse(cell_rules.unusable, given.cells, partial(given.place, argument.name))
    if not isinstance(cell, (int, float)) or cell not in (0, 1):
        raise FunctionError(Fault("KW-FN-016", found=cell), Place(argument.name))
    return bool(cell)


def _cells(_: Argument, given: Range) -> NDArray[np.object_]:
    whole = ending_together([given])[0]
    grid = np.empty(whole.size, dtype=object)
    grid[:] = whole.cells
    return grid.reshape(whole.n_rows, whole.n_columns)


_READERS: dict[str, Reader] = {
    "number": _number, "numbers": _numbers, "matrix": _matrix, "text": _text, "texts": _texts, "flag": _flag,
    "choice": _choice, "cells": _cells,
}  # fmt: skip


def _refuse(check: cell_rules.Check, found: Sequence[object], place: Callable[[int], Place]) -> None:
    """Refuse the first cell that fails the check, and say how many fail in the same way."""
    faults = [(index, fault) for index, cell in enumerate(found) if (fault := check(cell))]
    if faults:
        index, first = faults[0]
        count = sum(fault.code == first.code for _, fault in faults)
        raise FunctionError(first, place(index), count=count)


def _refuse_where(
    wrong: NDArray[np.bool_], numbers: NDArray[np.float64], place: Callable[[int], Place], fault: Fault
) -> None:
    indices = np.flatnonzero(wrong)
    if len(indices):
        first = int(indices[0])
        raise FunctionError(replace(fault, found=float(numbers[first])), place(first), count=len(indices))


def _refuse_range(argument: Argument, given: Range) -> None:
    if given.size > 1:
        raise FunctionError(Fault("KW-FN-009", values=_size(given)), Place(argument.name))


def _refuse_block(argument: Argument, given: Range) -> None:
    if given.n_rows > 1 and given.n_columns > 1:
        raise FunctionError(Fault("KW-FN-010", values=_size(given)), Place(argument.name))


def _size(given: Range) -> dict[str, object]:
    return {"rows": given.n_rows, "columns": given.n_columns}
