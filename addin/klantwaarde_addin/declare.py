"""How an Excel function is declared: once, for the function wizard, the VBA wrapper, the server, the help and the tests."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import update_wrapper
from math import inf
from typing import Any, Final, Literal

import numpy as np

from klantwaarde.messages import InputError
from klantwaarde_addin.arguments import read_arguments
from klantwaarde_addin.errors import from_engine
from klantwaarde_addin.results import plain

Kind = Literal["number", "numbers", "matrix", "date", "dates", "text", "texts", "flag", "choice", "cells"]
Group = Literal["costs", "profit", "credit", "lifetime", "planning"]

LONGEST_HELP: Final = 255  # characters that Excel's function wizard shows


class Required:
    """The default of an argument that must be given."""

    def __repr__(self) -> str:
        return "required"


REQUIRED: Final = Required()


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of an Excel function.

    Attributes:
        name: As Python and the function wizard show it; no VBA keyword.
        kind: What it takes: a single ``number``, ``date``, ``text``, ``flag`` or ``choice``; one column or row of
            ``numbers``, ``dates`` or ``texts`` (or one of them); a rectangular ``matrix`` of numbers; or ``cells`` as
            they stand.
        nl, en: Help with the unit, at most 255 characters.
        example: What the documentation and the example workbook fill in: a value, or rows of values.
        default: Used when the argument is left out or blank; ``REQUIRED`` when it must be given.
        choices: What a ``choice`` may be.
        least, most: The bounds of a number, both included.
        above_zero: Whether a number must be above zero.
        whole: Whether a number must be whole.
        apart: Whether the length of its range has nothing to do with that of the other ranges.
    """

    name: str
    kind: Kind
    nl: str
    en: str
    example: Any
    default: Any = REQUIRED
    choices: tuple[str, ...] = ()
    least: float = -inf
    most: float = inf
    above_zero: bool = False
    whole: bool = False
    apart: bool = False

    @property
    def is_required(self) -> bool:
        return self.default is REQUIRED

    def help(self, language: str) -> str:
        return self.nl if language == "nl" else self.en


LABELS: Final = Argument(
    "labels", "flag",
    "WAAR zet koppen boven de uitkomst; ONWAAR of weggelaten: geen koppen.",
    "TRUE puts headers above the result; FALSE or left out: no headers.",
    example=True, default=False,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Function:
    """One Excel function.

    Attributes:
        name: Of the Python function in ``klantwaarde_addin.functions``; lower case.
        group: Decides the category in the function wizard and the page in the help.
        nl, en: What comes out, in one sentence of at most 255 characters.
        arguments: In order; required ones first. A function with headers ends with ``labels``.
        body: The arithmetic on clean arguments, see ``klantwaarde_addin.arguments``. It gives an array with one result
            per row of the ranges, a single result, or a list of rows.
        headers_nl, headers_en: Headers of the columns that it spills; empty for a single value or column.
    """

    name: str
    group: Group
    nl: str
    en: str
    arguments: tuple[Argument, ...]
    body: Callable[..., Any]
    headers_nl: tuple[str, ...] = ()
    headers_en: tuple[str, ...] = ()

    @property
    def excel_name(self) -> str:
        """The name in desktop Excel: VBA allows no dots."""
        return f"KW_{self.name.upper()}"

    @property
    def server_name(self) -> str:
        """The name on xlwings Server, in the namespace ``KW``."""
        return f"KW.{self.name.upper()}"

    @property
    def fewest(self) -> int:
        """How many arguments it needs."""
        return sum(argument.is_required for argument in self.arguments)

    @property
    def signature(self) -> inspect.Signature:
        """What Python shows: the arguments with their defaults."""
        return _signature({argument.name: argument.default for argument in self.arguments})

    @property
    def optional_signature(self) -> inspect.Signature:
        """What Excel knows: an argument is given or left out, whatever its default."""
        return _signature({part.name: REQUIRED if part.is_required else None for part in self.arguments})

    def help(self, language: str) -> str:
        return self.nl if language == "nl" else self.en

    def headers(self, language: str) -> tuple[str, ...]:
        return self.headers_nl if language == "nl" else self.headers_en

    def calculate(self, values: Sequence[object], *, date1904: bool = False, language: str = "nl") -> Any:
        """The result for arguments as a host hands them over.

        Args:
            values: In declared order; None and what is missing at the end are left out.
            date1904: Whether serial numbers of days come from a workbook in the 1904 system.
            language: Of headers and of words in the result.

        Returns:
            A number, text or truth value; or rows of them; or a list of them when the ranges were lists.

        Raises:
            FunctionError: an argument cannot be used, or there is no result.
        """
        complete = [*values, *[None] * (len(self.arguments) - len(values))]
        given = read_arguments(self.arguments, complete, date1904=date1904)
        clean = given.values
        headers = self.headers(language) if self.headers_nl and clean.pop() else ()
        try:
            with np.errstate(all="ignore"):  # what is not finite is refused, whatever made it so
                result = self.body(*clean)
            return plain(result, given.shape, headers=headers, language=language)
        except InputError as error:
            raise from_engine(error.faults[0]) from error


def _signature(defaults: dict[str, Any]) -> inspect.Signature:
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return inspect.Signature(
        [
            inspect.Parameter(name, kind, default=inspect.Parameter.empty if default is REQUIRED else default)
            for name, default in defaults.items()
        ]
    )


FUNCTIONS: dict[str, Function] = {}


def function(
    group: Group,
    *,
    nl: str,
    en: str,
    arguments: Sequence[Argument],
    headers_nl: Sequence[str] = (),
    headers_en: Sequence[str] = (),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a Python function as an Excel function.

    The function is written for clean arguments and without defaults, which stand in the declaration. What comes out is
    an ordinary function with those defaults, that takes numbers, lists, rows, arrays, Series and DataFrames.

    Raises:
        ValueError: the declaration contradicts the function or another declaration.
    """

    def declared(body: Callable[..., Any]) -> Callable[..., Any]:
        name = body.__name__
        if name in FUNCTIONS:
            raise ValueError(f"function {name!r} is declared twice")
        if [argument.name for argument in arguments] != list(inspect.signature(body).parameters):
            raise ValueError(f"function {name!r} and its declaration name other arguments")
        complete = (*arguments, LABELS) if headers_nl else tuple(arguments)
        found = Function(name, group, nl, en, complete, body, tuple(headers_nl), tuple(headers_en))
        FUNCTIONS[name] = found
        signature = found.signature

        def run(*args: object, **named: object) -> Any:
            given = signature.bind(*args, **named).arguments
            return found.calculate([given.get(argument.name) for argument in complete])

        update_wrapper(run, body, assigned=("__module__", "__name__", "__qualname__", "__doc__"))
        run.__signature__ = signature  # type: ignore[attr-defined]
        return run

    return declared
