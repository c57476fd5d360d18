"""Time equations: how many minutes a handling takes, given what was special about it.

After Kaplan & Anderson, "Time-Driven Activity-Based Costing", Harvard Business Review 82(11), 2004:
``0.5 + 6.5 * special + 0.2 * air``. English and Dutch: ``if(lines > 3; 2.5; 1)``, ``als(regels > 3; 2,5; 1)``.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from klantwaarde.costs.equation_syntax import EquationError, Node, Number, Operation, Variable, read_equation
from klantwaarde.messages import Fault
from klantwaarde.money import Floats

__all__ = ["Equation", "EquationError", "normalise", "parse"]

Mask = NDArray[np.bool_]

_NOISE_MINUTES = 1e-9  # 0.3 - 0.1 - 0.2 is a little below zero in floats
_ALL_ROWS = np.asarray(True)


@dataclass(frozen=True, slots=True)
class Equation:
    """A time equation that was read.

    Attributes:
        text: As written.
        root: The tree of numbers, variables and operations.
        variables: The names it uses, as first written, in order of appearance.
    """

    text: str
    root: Node
    variables: tuple[str, ...]

    def minutes(self, variables: Mapping[str, ArrayLike]) -> Floats:
        """Minutes per row.

        Names match regardless of case, accents, spaces and underscores. A comparison counts as 1 or 0. What ``if``,
        ``and`` or ``or`` does not need in a row is not asked of that row: it may divide by zero or be unknown there.

        Args:
            variables: Numbers per name; a single number holds for every row. Names that are not used do no harm.

        Returns:
            Minutes, in the common shape of the variables.

        Raises:
            EquationError: a name is missing (KW-CO-030) or fits two columns (KW-CO-031), a value is not a number
                (KW-CO-032), a row divides by zero (KW-CO-033), is negative (KW-CO-034) or overflows (KW-CO-035).
        """
        shape = np.broadcast_shapes(*(np.shape(values) for values in variables.values()))
        columns = _columns(self.variables, variables)
        with np.errstate(all="ignore"):
            found = np.broadcast_to(_value(self.root, columns, _ALL_ROWS), shape)
        _refuse_rows("KW-CO-035", ~np.isfinite(found))
        _refuse_rows("KW-CO-034", found < -_NOISE_MINUTES, found)
        return np.maximum(found, 0.0)


def parse(text: str) -> Equation:
    """Read a time equation.

    Raises:
        EquationError: with the position from 1 and the reason (KW-CO-020 up to KW-CO-027).

    Example:
        >>> equation = parse("0,5 + 6,5 * special + 0,2 * [Air freight]")
        >>> equation.variables
        ('special', 'Air freight')
        >>> equation.minutes({"Special": [0, 1], "air_freight": 1}).tolist()
        [0.7, 7.2]
    """
    root = read_equation(unicodedata.normalize("NFC", text))
    first_written: dict[str, str] = {}
    for name in _names(root):
        first_written.setdefault(normalise(name), name)
    return Equation(text, root, tuple(first_written.values()))


def normalise(name: str) -> str:
    """A name without case, accents, spaces, underscores, dots and hyphens.

    Example:
        >>> normalise("Aantal coördinatie_uren")
        'aantalcoordinatieuren'
    """
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not (unicodedata.combining(letter) or letter in " _.-\u00a0"))


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, Variable):
        yield node.name
    elif isinstance(node, Operation):
        for operand in node.operands:
            yield from _names(operand)


def _columns(names: tuple[str, ...], variables: Mapping[str, ArrayLike]) -> dict[str, Floats]:
    """The numbers of each used name, by normalised name."""
    fitting: dict[str, list[str]] = {}
    for supplied in variables:
        fitting.setdefault(normalise(supplied), []).append(supplied)
    faults = []
    columns = {}
    for name in names:
        fits = [name] if name in variables else fitting.get(normalise(name), [])
        if len(fits) == 1:
            columns[normalise(name)] = np.asarray(variables[fits[0]], dtype=np.float64)
        else:
            known = ", ".join(fits or variables) or "-"
            faults.append(Fault("KW-CO-031" if fits else "KW-CO-030", found=name, values={"known": known}))
    if faults:
        raise EquationError(faults)
    return columns


def _value(node: Node, columns: Mapping[str, Floats], active: Mask) -> Floats:
    """The value of a part of the tree; only ``active`` rows need a valid one."""
    if isinstance(node, Number):
        return np.asarray(node.value)
    if isinstance(node, Variable):
        column = columns[normalise(node.name)]
        _refuse_rows("KW-CO-032", active & ~np.isfinite(column), name=node.name)
        return column
    if node.operator in ("if", "and", "or"):
        return _chosen(node, columns, active)
    values = [_value(operand, columns, active) for operand in node.operands]
    if node.operator == "/":
        _refuse_rows("KW-CO-033", active & (np.abs(values[1]) <= 0))
    return np.asarray(_OPERATIONS[node.operator](*values), dtype=np.float64)


def _chosen(node: Operation, columns: Mapping[str, Floats], active: Mask) -> Floats:
    """``if``, ``and``, ``or``: operands that a row does not need are not active there."""
    first, *others = node.operands
    holds = np.abs(_value(first, columns, active)) > 0
    if node.operator == "if":
        then = _value(others[0], columns, active & holds)
        otherwise = _value(others[1], columns, active & ~holds)
        return np.where(holds, then, otherwise)
    for operand in others:
        if node.operator == "and":
            holds = holds & (np.abs(_value(operand, columns, active & holds)) > 0)
        else:
            holds = holds | (np.abs(_value(operand, columns, active & ~holds)) > 0)
    return holds.astype(np.float64)


def _smallest(*values: Floats) -> Floats:
    return np.asarray(reduce(np.minimum, values))


def _largest(*values: Floats) -> Floats:
    return np.asarray(reduce(np.maximum, values))


_OPERATIONS: dict[str, Callable[..., Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "=": np.equal,
    "<>": np.not_equal,
    "negative": np.negative,
    "not": np.logical_not,
    "min": _smallest,
    "max": _largest,
}


def _refuse_rows(code: str, wrong: Mask, values: Floats | None = None, *, name: str | None = None) -> None:
    rows = np.flatnonzero(wrong)
    if len(rows):
        first = int(rows[0])
        found = name if values is None else float(np.ravel(values)[first])
        raise EquationError(
            [Fault(code, found=found, values={"row": first + 1, "count": len(rows)})], rows=rows.tolist()
        )
