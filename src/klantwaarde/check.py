"""One comparison of two figures that must agree, and how rules yield them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

if TYPE_CHECKING:
    from klantwaarde.model import Model

Results = Mapping[str, pd.DataFrame]
Status = Literal["ok", "failed", "warning"]
CENT = 0.005  # amounts are whole cents: half a cent tells them apart


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison.

    Attributes:
        id: Names the rule; its description stands in the messages under ``check_<id>``.
        subject: What it is about: a pool, a dimension, a table; "" for the whole.
        expected, found: The figures.
        tolerance: Largest difference that still counts as equal.
        result: The result table to look at.
        severity: What a difference means: ``failed`` or ``warning``.
        expected_formula, found_formula: The same figures as spreadsheet formulas, where possible.
    """

    id: str
    subject: str
    expected: float
    found: float
    tolerance: float = CENT
    result: str = ""
    severity: Status = "failed"
    expected_formula: str = ""
    found_formula: str = ""

    @property
    def difference(self) -> float:
        """Found - expected; float noise far below a cent is no difference."""
        return round(self.found - self.expected, 6) + 0.0

    @property
    def status(self) -> Status:
        """The verdict."""
        return "ok" if abs(self.difference) <= self.tolerance else self.severity


Rule = Callable[["Model", Results], Iterator[Check]]
