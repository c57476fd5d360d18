"""How a table is declared. One declaration gives validation, synonyms, template columns, drop-down lists and docs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

ColumnKind = Literal[
    "id",  # text that identifies; leading zeros kept; 17850.0 -> "17850"
    "text",
    "amount",  # money, cents
    "number",  # any finite number
    "quantity",  # a number >= 0 unless ``negative`` is set
    "share",  # fraction 0..1; text "5%" is read as 0.05
    "date",
    "period",  # 2025, 2025-03, 202503, 2025-Q1, a date; read as text "YYYY", "YYYY-MM" or "YYYY-Qn"
    "flag",  # ja/nee, yes/no, 1/0, x
    "choice",
]


@dataclass(frozen=True, slots=True)
class Choice:
    """One allowed value of a choice column: canonical id, labels, further spellings."""

    id: str
    nl: str
    en: str
    synonyms: tuple[str, ...] = ()

    def label(self, language: str) -> str:
        """The label in this language."""
        return self.nl if language == "nl" else self.en


@dataclass(frozen=True)
class Column:
    """One declared column. Labels and help in both languages; ``example`` stands in the template's header note."""

    id: str
    nl: str
    en: str
    kind: ColumnKind
    required: bool = False
    key: bool = False
    negative: bool = True
    derived_from: tuple[str, ...] = ()  # stands in when the cell is blank: one column, or the product of two
    blank_ok: bool = False  # the column is required, but a cell may be blank (a sale without customer)
    synonyms: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    help_nl: str = ""
    help_en: str = ""
    unit_nl: str = ""
    unit_en: str = ""
    example: str = ""

    def label(self, language: str) -> str:
        """The label in this language."""
        return self.nl if language == "nl" else self.en

    def help(self, language: str) -> str:
        """What to fill in, in this language."""
        return self.help_nl if language == "nl" else self.help_en

    def unit(self, language: str) -> str:
        """The unit of the values, in this language; empty when it needs no saying."""
        return self.unit_nl if language == "nl" else self.unit_en


@dataclass(frozen=True)
class Table:
    """One declared table. ``extra_numbers``: undeclared columns with numbers are variables and are read too."""

    id: str
    nl: str
    en: str
    columns: tuple[Column, ...]
    help_nl: str = ""
    help_en: str = ""
    extra_numbers: bool = False
    owner_nl: str = "Finance"
    owner_en: str = "Finance"

    def label(self, language: str) -> str:
        """The label in this language."""
        return self.nl if language == "nl" else self.en

    def title(self, language: str) -> str:
        """The label as people write it, with spaces."""
        return re.sub(r"(?<=[a-z])[A-Z]", lambda capital: f" {capital[0].lower()}", self.label(language))

    def help(self, language: str) -> str:
        """What the table holds, in this language."""
        return self.help_nl if language == "nl" else self.help_en

    def owner(self, language: str) -> str:
        """Who supplies it, in this language."""
        return self.owner_nl if language == "nl" else self.owner_en

    def sheet_name(self, language: str) -> str:
        """The sheet of this table in our templates."""
        if self.id in ("settings", "mapping"):
            return self.label(language)
        return f"{'Invoer' if language == 'nl' else 'Input'}_{self.label(language)}"

    @property
    def excel_name(self) -> str:
        """The language-neutral name of the Excel table: ``invoice_lines`` -> ``tblInvoiceLines``."""
        return "tbl" + "".join(word.capitalize() for word in self.id.split("_"))

    @cached_property
    def by_id(self) -> Mapping[str, Column]:
        """The columns by their id."""
        return {column.id: column for column in self.columns}

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Ids of the key columns."""
        return tuple(column.id for column in self.columns if column.key)

    @cached_property
    def required(self) -> tuple[str, ...]:
        """Ids of the columns that must be there."""
        return tuple(column.id for column in self.columns if column.required)
