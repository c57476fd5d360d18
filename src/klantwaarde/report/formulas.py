"""Spreadsheet formulas over result tables, written with the labels that the reader sees."""

import re
from collections.abc import Callable


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
