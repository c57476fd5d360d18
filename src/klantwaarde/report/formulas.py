"""Spreadsheet formulas over result tables, written with the labels that the reader sees."""

import re
from collections.abc import Callable
from typing import Final

FUNCTIONS: Final = frozenset(  # that reports and templates use; a formula with any other one is written into no live cell
    {
        "ABS", "AND", "AVERAGE", "COUNT", "COUNTA", "COUNTIF", "COUNTIFS", "DAY", "HYPERLINK", "IF", "IFERROR", "INDEX", "ISNUMBER",
        "ISTEXT", "MAX", "MIN", "MONTH", "OR", "ROUND", "ROWS", "SUBTOTAL", "SUM", "SUMIFS", "SUMPRODUCT", "YEAR",
    }
)  # fmt: skip
_CALL: Final = re.compile(r"([A-Za-z_.][\w.]*)\s*\(")
_QUOTED: Final = re.compile(r'"(?:[^"]|"")*"')
_COLUMN_NAME: Final = re.compile(r"\[(?:'.|[^\[\]'])*\]")
_OUTSIDE: Final = re.compile(r"[!|]|HYPERLINK\(\s*(?!\"#)", re.IGNORECASE)  # another sheet, book or program; a link out of the book


class UnsafeFormulaError(ValueError):
    """A formula that no report of ours holds."""


def escaped(header: str) -> str:
    """A column name as structured references write it (ECMA-376 part 1, 18.17.2.5: ' before [ ] # ')."""
    return re.sub(r"(['\[\]#])", r"'\1", header)


def excel_name(result: str) -> str:
    """The Excel table of a result: ``customer_pl`` -> ``outCustomerPl``."""
    return "out" + "".join(word.capitalize() for word in result.split("_"))


def column_reference(result: str, header: str) -> str:
    """A whole column of a result table."""
    return f"{excel_name(result)}[{escaped(header)}]"


def resolve(template: str, header_of: Callable[[str, str], str | None], word_of: Callable[[str], str]) -> str | None:
    """Fill ``{result.column}`` and ``{label:key}`` in a formula; None when a table or column is not in the report."""
    missing = False

    def fill(match: re.Match[str]) -> str:
        nonlocal missing
        if match[1].startswith("label:"):
            return word_of(match[1].removeprefix("label:")).replace('"', '""')
        result, _, column = match[1].partition(".")
        header = header_of(result, column)
        missing = missing or header is None
        return column_reference(result, header or "")

    filled = re.sub(r"\{([^{}]+)\}", fill, template)
    return None if missing else filled


def checked(formula: str) -> str:
    """A formula as Excel takes it, when it is one that our reports can hold.

    Raises:
        UnsafeFormulaError: it calls another function than those in :data:`FUNCTIONS`, or leaves the workbook.

    Example:
        >>> checked("SUM(outClv[Marge])")
        '=SUM(outClv[Marge])'
    """
    kept = _QUOTED.sub(lambda text: '"#"' if text[0].startswith('"#') else '""', formula)
    bare = _COLUMN_NAME.sub("", _COLUMN_NAME.sub("", kept))
    calls = {name.upper() for name in _CALL.findall(bare)}
    if _OUTSIDE.search(bare) or not calls <= FUNCTIONS:
        raise UnsafeFormulaError(formula)
    return f"={formula.removeprefix('=')}"
