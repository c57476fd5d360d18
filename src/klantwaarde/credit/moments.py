"""Days a whole number of months before a reference date."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.datetime64]
YEAR = 12


def days_back(at: date, months: int) -> Days:
    """The day itself and the same day one to so many months earlier; a last day of a month stays one.

    Example:
        >>> days_back(date(2025, 2, 28), 2).astype(str).tolist(), days_back(date(2025, 3, 30), 1).astype(str).tolist()
        (['2025-02-28', '2025-01-31', '2024-12-31'], ['2025-03-30', '2025-02-28'])
    """
    day = np.datetime64(at, "D")
    month = day.astype("M8[M]")
    months_back = month - np.arange(months + 1)
    last = (months_back + 1).astype("M8[D]") - 1
    if day == last[0]:
        return np.asarray(last)
    return np.minimum(months_back.astype("M8[D]") + (day - month.astype("M8[D]")), last)
