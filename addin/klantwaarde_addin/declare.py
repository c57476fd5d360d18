"""How an Excel function is declared: once, for the function wizard, the VBA wrapper, the server, the help and the tests."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

Kind = Literal["number", "numbers", "matrix", "date", "dates", "text", "texts", "flag", "choice", "cells"]
Group = Literal["costs", "profit", "credit", "lifetime", "planning"]

GROUPS: Final[tuple[Group, ...]] = ("costs", "profit", "credit", "lifetime", "planning")
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
        kind: What it takes: a single ``number``, ``date``, ``text``, ``flag`` or ``choice``; a range of ``numbers``,
            ``dates`` or ``texts`` (or one of them); a rectangular ``matrix`` of numbers; or ``cells`` as they stand.
        nl, en: Help with the unit, at most 255 characters.
        example: What the documentation and the example workbook fill in: a value, or rows of values.
        default: Used when the argument is left out or blank; ``REQUIRED`` when it must be given.
        choices: What a ``choice`` may be.
    """

    name: str
    kind: Kind
    nl: str
    en: str
    example: Any
    default: Any = REQUIRED
    choices: tuple[str, ...] = ()

    @property
    def is_required(self) -> bool:
        return self.default is REQUIRED

    def help(self, language: str) -> str:
        return self.nl if language == "nl" else self.en


@dataclass(frozen=True, slots=True)
class Function:
    """One Excel function.

    Attributes:
        name: Of the Python function in ``klantwaarde_addin.functions``; lower case.
        group: Decides the category in the function wizard and the page in the help.
        nl, en: What comes out, in one sentence of at most 255 characters.
        arguments: In order; required ones first.
        run: The Python function itself.
        headers_nl, headers_en: Headers of the columns that it spills; empty for a single value or column.
    """

    name: str
    group: Group
    nl: str
    en: str
    arguments: tuple[Argument, ...]
    run: Callable[..., Any]
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

    def help(self, language: str) -> str:
        return self.nl if language == "nl" else self.en

    def headers(self, language: str) -> tuple[str, ...]:
        return self.headers_nl if language == "nl" else self.headers_en


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
    """Declare a Python function as an Excel function; the function itself stays an ordinary one.

    Raises:
        ValueError: the declaration contradicts the function or another declaration.
    """

    def declared(run: Callable[..., Any]) -> Callable[..., Any]:
        name = run.__name__
        if name in FUNCTIONS:
            raise ValueError(f"function {name!r} is declared twice")
        code = run.__code__
        if tuple(argument.name for argument in arguments) != code.co_varnames[: code.co_argcount]:
            raise ValueError(f"function {name!r} and its declaration name other arguments")
        FUNCTIONS[name] = Function(name, group, nl, en, tuple(arguments), run, tuple(headers_nl), tuple(headers_en))
        return run

    return declared
