"""When customers bought: the first and the last day, and who was active at a day."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from klantwaarde.periods import Days, months_earlier
from klantwaarde.tables.register import Codes

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Purchases:
    """Purchases of customers: one customer code and one day each, in any order. Credit notes are no purchases.

    Attributes:
        customer: Code of every purchase.
        day: Its day.
        n: How many customers there are.
    """

    customer: Codes
    day: Days
    n: int

    @property
    def span(self) -> tuple[date, date]:
        """First and last day with a purchase.

        Raises:
            ValueError: there are no purchases.
        """
        return self.day.min().item(), self.day.max().item()

    def first(self) -> Days:
        """Day of the first purchase per customer; NaT without one."""
        return self._extreme(np.minimum, np.iinfo(np.int64).max)

    def last(self, until: date) -> Days:
        """Day of the last purchase up to and including a day, per customer; NaT without one."""
        seen = self.day <= np.datetime64(until)
        return Purchases(self.customer[seen], self.day[seen], self.n)._extreme(np.maximum, np.iinfo(np.int64).min + 1)

    def active(self, at: date, months: int) -> Mask:
        """Who bought in the months up to and including this day."""
        after, until = np.datetime64(months_earlier(at, months)), np.datetime64(at)
        inside = (self.day > after) & (self.day <= until)
        return np.asarray(np.bincount(self.customer[inside], minlength=self.n) > 0)

    def _extreme(self, pick: np.ufunc, nothing: int) -> Days:
        found = np.full(self.n, nothing, dtype=np.int64)
        pick.at(found, self.customer, self.day.astype("M8[D]").astype(np.int64))
        days = found.astype("M8[D]")
        days[found == nothing] = np.datetime64("NaT")
        return days
