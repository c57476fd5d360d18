"""Which cell styles show a number as a date or a time (ECMA-376 part 1, 18.8.30 and 18.8.31)."""

import re
from collections.abc import Iterable
from typing import Final

import numpy as np
from lxml import etree

from klantwaarde.workbook.cell_tags import Bytes
from klantwaarde.workbook.opc import local_name

NUMBER: Final = 0
DATE: Final = 1
TIME: Final = 2
_BUILT_IN_DATES: Final = frozenset((*range(14, 18), 22, *range(27, 37), *range(50, 59)))
_BUILT_IN_TIMES: Final = frozenset((*range(18, 22), *range(45, 48)))
_LITERAL = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[(?![hmsHMS]+\])[^\]]*\]?|General|AM/PM|A/P', re.IGNORECASE)


def style_kinds(styles: etree._Element) -> Bytes:
    """Per cell style: NUMBER, DATE or TIME.

    Args:
        styles: The root of the styles part.
    """
    codes = {_format_id(element): element.get("formatCode", "") for element in _named(styles, "numFmt")}
    used = [_format_id(xf) for formats in _named(styles, "cellXfs") for xf in _named(formats, "xf")]
    return np.array([_kind(number, codes) for number in used] or [NUMBER], dtype=np.uint8)


def format_kind(code: str) -> int:
    """What a number format shows.

    Example:
        >>> [format_kind(code) for code in ('#,##0.00 "dagen"', "[$-413]d mmm yyyy", "[h]:mm", "0.00;[Red]-0.00")]
        [0, 1, 2, 0]
    """
    letters = _LITERAL.sub("", code.partition(";")[0]).lower()
    if "d" in letters or "y" in letters or ("m" in letters and not any(letter in letters for letter in "hs")):
        return DATE
    return TIME if any(letter in letters for letter in "hs") else NUMBER


def _kind(number: int, codes: dict[int, str]) -> int:
    if number in codes:
        return format_kind(codes[number])
    return DATE if number in _BUILT_IN_DATES else TIME if number in _BUILT_IN_TIMES else NUMBER


def _format_id(element: etree._Element) -> int:
    number = element.get("numFmtId", "0")
    return int(number) if re.fullmatch("[0-9]{1,9}", number) else 0


def _named(parent: etree._Element, name: str) -> Iterable[etree._Element]:
    return (element for element in parent.iter() if local_name(element) == name)
