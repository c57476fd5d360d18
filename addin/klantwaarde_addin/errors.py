"""What a function answers when it cannot answer: an Excel error value, and the sentence that says where and why."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from klantwaarde.messages import Fault, label

BAD_INPUT: Final = 2015  # #VALUE!
NOT_FOUND: Final = 2042  # #N/A
NO_RESULT: Final = 2036  # #NUM!

_UNREADABLE_EQUATION = range(20, 28)  # KW-CO-020 up to 027: the text of a time equation
_MISSING_COLUMN = "KW-CO-030"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the arguments something is wrong.

    Attributes:
        argument: Its name; empty when no argument in particular is at fault.
        row, column: Within its range, from 1; None where there is nothing to choose from.
    """

    argument: str = ""
    row: int | None = None
    column: int | None = None

    def words(self, language: str) -> str:
        """``drivers, row 3, column 2``."""
        numbers = {"row": self.row, "column": self.column}
        steps = [label(f"function_{name}", language, number=number) for name, number in numbers.items() if number]
        return ", ".join([self.argument, *steps]) if self.argument else ""


NOWHERE: Final = Place()


class FunctionError(ValueError):
    """An Excel function that has no result.

    Attributes:
        fault: What is wrong, what was expected and what to do; ``fault.found`` is the value that cannot be used.
        place: The argument and the position in its range.
        count: How many cells of that range have this fault; the fault is about the first.
        code: The number of the Excel error value: 2015 #VALUE!, 2036 #NUM! or 2042 #N/A.
    """

    def __init__(self, fault: Fault, place: Place = NOWHERE, *, count: int = 1, code: int = BAD_INPUT) -> None:
        self.fault = fault
        self.place = place
        self.count = count
        self.code = code
        super().__init__(self.sentence("nl"))

    @property
    def argument(self) -> str:
        return self.place.argument

    def sentence(self, language: str) -> str:
        """What a person reads: the place, what is wrong, the rule, the advice and the code."""
        values = {name: _shown(value, language) for name, value in self.fault.values.items()}
        fault = replace(self.fault, language=language, found=_shown(self.fault.found, language), values=values)
        more = label("function_more", language, count=self.count) if self.count > 1 else ""
        parts = (fault.what, more, fault.expected, fault.advice, f"[{fault.code}]")
        text = " ".join(part for part in parts if part)
        return f"{self.place.words(language)}: {text}" if self.argument else text


def from_engine(fault: Fault) -> FunctionError:
    """What the engine refuses: readable input without a result is #NUM!, a missing column #N/A."""
    area, number = fault.code.rsplit("-", 1)
    if area == "KW-CO" and int(number) in _UNREADABLE_EQUATION:
        return FunctionError(fault, code=BAD_INPUT)
    return FunctionError(fault, code=NOT_FOUND if fault.code == _MISSING_COLUMN else NO_RESULT)


def _shown(value: object, language: str) -> object:
    """A value as the reader writes it: decimal sign, date and truth in the reader's language."""
    if isinstance(value, bool):
        return label(f"function_{str(value).lower()}", language)
    if isinstance(value, float):
        text = f"{value:.15g}"
        return text.replace(".", ",") if language == "nl" else text
    if isinstance(value, date):
        return value.strftime("%d-%m-%Y" if language == "nl" else "%Y-%m-%d")
    return value
