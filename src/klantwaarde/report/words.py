"""Words for the values that results hold: treatments, statuses, steps, lines."""

from datetime import date

from klantwaarde.messages import catalogue, figure, label
from klantwaarde.tables.catalogue import COST_KINDS

_KINDS = {kind.id: kind for kind in COST_KINDS}


def word(value: object, language: str) -> str:
    """The reader's word for a canonical value; the value itself when it is a name of the user's own."""
    text = str(value)
    key = f"word_{text}"
    if key in catalogue(language):
        return label(key, language)
    if text in _KINDS:
        return _KINDS[text].label(language)
    return text


def amount(value: float, language: str, decimals: int = 0) -> str:
    """An amount in euros for a sentence, with the language's thousands and decimal signs.

    Example:
        >>> amount(-1234567.8, "nl"), amount(1234567.8, "en"), amount(1234.5, "nl", 2)
        ('-1.234.568', '1,234,568', '1.234,50')
    """
    text = figure(abs(value) + 1e-9, language, decimals=decimals)
    return f"-{text}" if value < 0 and text.strip("0,.") else text


def day(value: date) -> str:
    """A day for a sentence, written as the date cells of the sheets are: day, month, year in either language.

    Example:
        >>> day(date(2025, 12, 31))
        '31-12-2025'
    """
    return f"{value:%d-%m-%Y}"


def percent(value: float, language: str, decimals: int = 0) -> str:
    """A fraction as a percentage for a sentence."""
    return figure(value * 100, language, decimals=decimals) + " %"
