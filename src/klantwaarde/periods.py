"""Periods: a span of whole days, and the text forms ``YYYY``, ``YYYY-MM`` and ``YYYY-Qn``."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

Days = NDArray[np.datetime64]
YEAR = 12  # months
_FORM = re.compile(r"(\d{4})(?:-(?:(\d{2})|Q([1-4])))?")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole days from ``start`` to ``end``, both included.

    Raises:
        ValueError: the end lies before the start.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"period ends ({self.end}) before it starts ({self.start})")

    @property
    def days(self) -> int:
        """How many days, both ends included."""
        return (self.end - self.start).days + 1

    def previous(self) -> "Period":
        """The span of equal length right before: whole months when this one is whole months, else equal days.

        Example:
            >>> Period(date(2025, 1, 1), date(2025, 12, 31)).previous()
            Period(start=datetime.date(2024, 1, 1), end=datetime.date(2024, 12, 31))
        """
        last = self.start - timedelta(days=1)
        if self.start.day == 1 and self.end.day == monthrange(self.end.year, self.end.month)[1]:
            months = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1
            year, month = divmod(self.start.year * 12 + self.start.month - 1 - months, 12)
            return Period(date(year, month + 1, 1), last)
        return Period(last - timedelta(days=self.days - 1), last)

    def contains(self, other: "Period") -> bool:
        """The other lies wholly within this one."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Period") -> bool:
        """They have a day in common."""
        return self.start <= other.end and other.start <= self.end

    def __str__(self) -> str:
        return f"{self.start:%d-%m-%Y} – {self.end:%d-%m-%Y}"


def period_from_text(text: str) -> Period:
    """The span of ``YYYY``, ``YYYY-MM`` or ``YYYY-Qn``.

    Raises:
        ValueError: the text has none of these forms.

    Example:
        >>> period_from_text("2025-Q1").end
        datetime.date(2025, 3, 31)
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError(f"not a period: {text!r}")
    year = int(match[1])
    if match[2]:
        first = last = int(match[2])
        if not 1 <= first <= 12:
            raise ValueError(f"not a month: {text!r}")
    elif match[3]:
        first, last = int(match[3]) * 3 - 2, int(match[3]) * 3
    else:
        first, last = 1, 12
    return Period(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


@overload
def months_earlier(days: date, months: int) -> date: ...
@overload
def months_earlier(days: ArrayLike, months: ArrayLike) -> Days: ...
def months_earlier(days: Any, months: Any) -> date | Days:
    """The same day so many months earlier; the last day of a month stays the last day of a month.

    Args:
        days: One date, or days of numpy; NaT stays NaT.
        months: How many to go back, one or many; below zero goes ahead.

    Returns:
        A date for a date, else an array.

    Example:
        >>> months_earlier(date(2025, 3, 31), 1), months_earlier(date(2025, 2, 28), 12)
        (datetime.date(2025, 2, 28), datetime.date(2024, 2, 29))
        >>> months_earlier(np.datetime64("2025-05-30"), [0, 3]).astype(str).tolist()
        ['2025-05-30', '2025-02-28']
    """
    given = np.asarray(days, dtype="M8[D]")
    month, one_day = given.astype("M8[M]"), np.timedelta64(1, "D")
    target = month - np.asarray(months).astype("m8[M]")
    last, target_last = ((part + 1).astype("M8[D]") - one_day for part in (month, target))
    moved = np.minimum(target.astype("M8[D]") + (given - month.astype("M8[D]")), target_last)
    found = np.where(given == last, target_last, moved)
    return found.item() if isinstance(days, date) else found
