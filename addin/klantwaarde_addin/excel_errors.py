"""Error values of Excel, as COM hands them over and as texts."""

import re
from typing import Final

ERROR_VALUES: Final = {  # 0x800A0000 plus Excel's own number
    -2146828288 + number: text
    for number, text in {
        2000: "#NULL!", 2007: "#DIV/0!", 2015: "#VALUE!", 2023: "#REF!", 2029: "#NAME?", 2036: "#NUM!", 2042: "#N/A",
        2043: "#GETTING_DATA", 2045: "#SPILL!", 2046: "#CONNECT!", 2047: "#BLOCKED!", 2048: "#UNKNOWN!",
        2049: "#FIELD!", 2050: "#CALC!",
    }.items()
}  # fmt: skip
_ERROR_CODES: Final = range(-2146826288, -2146826199)
_ERROR_TEXT: Final = re.compile(r"#(?:N/[AB]|GETTING_DATA|[A-Z]+(?:/0)?[!?])", re.IGNORECASE)


def error_value(cell: object) -> str | None:
    """The error value in a cell, such as ``#N/A``; None when there is none."""
    if isinstance(cell, int) and not isinstance(cell, bool) and cell in _ERROR_CODES:
        return ERROR_VALUES.get(cell, "#?")
    if isinstance(cell, str) and _ERROR_TEXT.fullmatch(cell.strip()):
        return cell.strip()
    return None
