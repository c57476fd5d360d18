"""What a function gives back: plain Python values in the form that its arguments had; never NaN, never None."""

from collections.abc import Sequence
from math import isfinite
from typing import Any

import numpy as np

from klantwaarde.messages import Fault
from klantwaarde_addin.errors import NO_RESULT, FunctionError
from klantwaarde_addin.ranges import Range


def plain(result: object, shape: Range | None, *, headers: Sequence[str], language: str) -> Any:
    """A result as a host can show it.

    Args:
        result: An array with one value per row of the ranges, a single value, or a list of rows. A ``Fault`` in a row
            becomes its words.
        shape: The range whose form an array takes.
        headers: Put above a list of rows; one per column, more do no harm.
        language: Of the words of a fault.

    Raises:
        FunctionError: a number is not finite (KW-FN-019).
    """
    if isinstance(result, np.ndarray) and shape is not None:
        return _in_form([_value(cell, language) for cell in result.tolist()], shape)
    if isinstance(result, list):
        rows = [[_value(cell, language) for cell in row] for row in result]
        return [list(headers[: len(rows[0])]), *rows] if headers else rows
    return _value(result, language)


def _in_form(values: list[Any], shape: Range) -> Any:
    """One value per cell, as a single value, a list, a column or a row."""
    if shape.form == "single":
        return values[0]
    if shape.form == "list":
        return values
    return [[value] for value in values] if shape.n_columns == 1 else [values]


def _value(cell: object, language: str) -> float | int | str | bool:
    if isinstance(cell, Fault):
        return cell.speaking(language).what
    if isinstance(cell, np.generic):
        cell = cell.item()
    if isinstance(cell, float) and not isfinite(cell):
        raise FunctionError(Fault("KW-FN-019"), code=NO_RESULT)
    if not isinstance(cell, (float, int, str)):
        raise TypeError(f"{type(cell).__name__} in a result")
    return cell
