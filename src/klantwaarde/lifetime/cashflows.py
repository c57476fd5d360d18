"""The table behind a lifetime value: period by period, so that anyone can follow it with a pocket calculator."""

from dataclasses import dataclass, replace
from math import isinf

import numpy as np
import pandas as pd

from klantwaarde.lifetime.clv import DELAY, Terms

SHOWN = 10  # periods of an endless value that are written out


@dataclass(frozen=True, slots=True, eq=False)
class Cashflows:
    """The cash flows of one customer, or of one group that shares its terms.

    Attributes:
        table: period, survival, margin, expected_margin, discount_factor, present_value, cumulative.
        beyond: Present value of what comes after the last period in the table.
    """

    table: pd.DataFrame
    beyond: float

    @property
    def value(self) -> float:
        """All of it: the lifetime value."""
        return float(self.table["present_value"].sum()) + self.beyond


def cashflows(terms: Terms, *, shown: int = SHOWN) -> Cashflows:
    """Write a lifetime value out.

    Args:
        terms: Single numbers.
        shown: Periods in the table of an endless value.

    Example:
        >>> flows = cashflows(Terms(100, 0.8, 0.1), shown=2)
        >>> flows.table["present_value"].round(2).tolist(), round(flows.beyond, 2)
        ([72.73, 52.89], 141.05)
    """
    margin, retention, discount, growth, periods = (
        float(np.asarray(part)) for part in (terms.margin, terms.retention, terms.discount, terms.growth, terms.periods)
    )
    period = np.arange(1, (shown if isinf(periods) else int(periods)) + 1)
    survival = retention ** (period - 1.0 if terms.first_margin else period)
    earned = margin * (1 + growth) ** (period - 1.0)
    factor = (1 + discount) ** -(period - 1.0 + DELAY[terms.timing])
    present = earned * survival * factor
    table = pd.DataFrame(
        {
            "period": period, "survival": survival, "margin": earned, "expected_margin": earned * survival,
            "discount_factor": factor, "present_value": present, "cumulative": np.cumsum(present),
        }
    )  # fmt: skip
    return Cashflows(table, _beyond(terms, len(period)))


def _beyond(terms: Terms, periods: int) -> float:
    """The rest of an endless value is that value again, by so much later, smaller and less likely."""
    if not np.isinf(np.asarray(terms.periods, dtype=float)):
        return 0.0
    return float(terms.value) - float(replace(terms, periods=float(periods)).value)
