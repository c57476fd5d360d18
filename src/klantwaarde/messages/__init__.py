"""Messages as data: a code, a place and values; the sentence is made from ``messages/<language>/*.toml``.

Core code returns or raises :class:`Fault` objects; tests assert code and place, never prose.
A code reads ``KW-<area>-<number>``. Each language file holds, per code, ``what`` (what is wrong, with the value),
``expected`` (the rule it breaks) and ``advice`` (what to do); ``{name}`` takes a value from the fault.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import Any, Literal

LANGUAGES = ("nl", "en")
Severity = Literal["stop", "warn", "note"]


@cache
def catalogue(language: str) -> dict[str, Any]:
    """Every text of one language: ``{code or key: text or table}`` merged from all files of that language."""
    merged: dict[str, Any] = {}
    folder = resources.files(__package__) / language
    for part in sorted(folder.iterdir(), key=lambda p: p.name):
        if part.name.endswith(".toml"):
            for key, value in tomllib.loads(part.read_text(encoding="utf-8")).items():
                if key in merged:
                    raise ValueError(f"message key {key!r} stands in two files of language {language!r}")
                merged[key] = value
    return merged


def label(key: str, language: str, **values: object) -> str:
    """A plain text from the catalogue, with ``{name}`` filled in.

    Raises:
        KeyError: the key does not exist in that language.
    """
    return str(catalogue(language)[key]).format_map(values)


MOST_SHOWN = 120  # characters of a cell in a message
_PLAIN = ("row", "other_row", "position", "year")  # numbers that name a place or a year, not an amount
_DUTCH = str.maketrans(",.", ".,")


def figure(value: float, language: str, *, decimals: int = 2) -> str:
    """A number as a reader of this language writes it.

    Example:
        >>> figure(1234.5, "nl"), figure(1234.5, "en"), figure(1234, "nl", decimals=0)
        ('1.234,50', '1,234.50', '1.234')
    """
    text = f"{value:,.{decimals}f}"
    return text.translate(_DUTCH) if language == "nl" else text


def percentage(value: float, language: str) -> str:
    """A fraction as a percentage with at most four decimals.

    Example:
        >>> percentage(0.9, "nl"), percentage(0.12345, "nl")
        ('90 %', '12,345 %')
    """
    text = f"{value * 100:.4f}".rstrip("0").rstrip(".")
    return (text.translate(_DUTCH) if language == "nl" else text) + " %"


def _clipped(text: str) -> str:
    """The start of a long cell text: enough to recognise it."""
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"


@dataclass(frozen=True, slots=True)
class Fault:
    """One problem with its place. ``stop`` blocks the result, ``warn`` marks it, ``note`` informs.

    Numbers in ``values`` are written in the reader's language: a float with two decimals, a count with none.
    """

    code: str
    severity: Severity = "stop"
    sheet: str | None = None
    cell: str | None = None
    table: str | None = None
    column: str | None = None
    found: object = None
    values: Mapping[str, object] = field(default_factory=dict)
    language: str = "nl"

    def _part(self, part: str) -> str:
        text = catalogue(self.language)[self.code][part]
        shown = "" if self.found is None else _clipped(str(self.found))
        fields = {"found": shown, "column": self.column, "sheet": self.sheet, "cell": self.cell, "table": self.table}
        return str(text).format_map(fields | {name: self._shown(name, value) for name, value in self.values.items()})

    def _shown(self, name: str, value: object) -> object:
        if name in _PLAIN:
            return value
        if isinstance(value, float):
            return figure(value, self.language)
        if isinstance(value, int) and not isinstance(value, bool):
            return figure(value, self.language, decimals=0)
        return value

    @property
    def what(self) -> str:
        """What is wrong, with the value."""
        return self._part("what")

    @property
    def expected(self) -> str:
        """The rule that the value breaks."""
        return self._part("expected")

    @property
    def advice(self) -> str:
        """What the reader can do about it."""
        return self._part("advice")

    @property
    def place(self) -> str:
        """``Sheet!A1 · Column``, as far as known; without a sheet the table, in the reader's word where there is one."""
        table = catalogue(self.language).get(f"place_{self.table}", self.table or "")
        spot = f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.sheet or table
        return " · ".join(part for part in (spot, self.column) if part)

    def __str__(self) -> str:
        sentence = " ".join(part for part in (self.what, self.expected, self.advice) if part)
        return f"{self.place}: {sentence} [{self.code}]" if self.place else f"{sentence} [{self.code}]"

    def speaking(self, language: str) -> "Fault":
        """The same fault in another language."""
        return replace(self, language=language)

    def as_dict(self) -> dict[str, str | None]:
        """For ``--json`` and the Checks sheet."""
        return {
            "code": self.code, "severity": self.severity, "sheet": self.sheet, "cell": self.cell, "table": self.table,
            "column": self.column, "found": None if self.found is None else str(self.found),
            "what": self.what, "expected": self.expected, "advice": self.advice,
        }  # fmt: skip


class KlantwaardeError(Exception):
    """Something the user can solve; carries every fault found, not only the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class InputError(KlantwaardeError):
    """The input cannot be used. Nothing was written. The command line exits with 2."""


class WriteError(KlantwaardeError):
    """The result cannot be saved; the original file is as it was. The command line exits with 3."""
