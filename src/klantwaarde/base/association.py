"""Is a group different, or is it chance? Two-by-two tables: relative risk, odds ratio, Fisher's exact test, Holm's correction.

with      left_with     stayed_with
without   left_without  stayed_without
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from klantwaarde.base.history import Floats

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Association:
    """Customers with and without a mark, and how many of either left.

    Example:
        >>> table = Association(left_with=12, n_with=30, left_without=20, n_without=170)
        >>> round(table.relative_risk, 4), round(table.odds_ratio, 4), round(table.p, 6)
        (3.4, 5.0, 0.000462)
    """

    left_with: int
    n_with: int
    left_without: int
    n_without: int

    @property
    def rate_with(self) -> float:
        """Left / all, with the mark; NaN without customers."""
        return self.left_with / self.n_with if self.n_with else float("nan")

    @property
    def rate_without(self) -> float:
        """Left / all, without the mark; NaN without customers."""
        return self.left_without / self.n_without if self.n_without else float("nan")

    @property
    def relative_risk(self) -> float:
        """Rate with / rate without; NaN when nobody without the mark left."""
        return self.rate_with / self.rate_without if self.left_without else float("nan")

    @property
    def odds_ratio(self) -> float:
        """Odds of leaving with / without; NaN when a cell that divides is empty."""
        other = (self.n_with - self.left_with) * self.left_without
        return self.left_with * (self.n_without - self.left_without) / other if other else float("nan")

    @property
    def share_of_leavers(self) -> float:
        """Which part of those who left had the mark; NaN when nobody left."""
        left = self.left_with + self.left_without
        return self.left_with / left if left else float("nan")

    @property
    def p(self) -> float:
        """Fisher's exact test, two-sided."""
        return fisher_exact(
            self.left_with, self.n_with, self.left_with + self.left_without, self.n_with + self.n_without
        )


def fisher_exact(hits: int, drawn: int, marked: int, size: int) -> float:
    """Two-sided p: the chance of a table at most as likely as this one, with the same margins.

    Source: Fisher, The Design of Experiments (1935); two-sided as the sum of all tables that are no likelier.

    Example:
        >>> round(fisher_exact(3, 4, 4, 8), 6)  # the lady tasting tea
        0.485714
    """
    factorial = np.append(0.0, np.cumsum(np.log(np.arange(1, size + 1))))  # logarithms

    def log_choose(n: int, k: Counts) -> Floats:
        return np.asarray(factorial[n] - factorial[k] - factorial[n - k])

    support = np.arange(max(0, drawn + marked - size), min(drawn, marked) + 1)
    logs = log_choose(marked, support) + log_choose(size - marked, drawn - support)
    chances = np.exp(logs - log_choose(size, np.array(drawn)))
    observed = chances[hits - support[0]]
    return float(min(1.0, chances[chances <= observed * (1 + 1e-7)].sum()))


def holm(p_values: ArrayLike) -> Floats:
    """P-values corrected for how many groups were looked at (Holm, Scand. J. Statist. 6, 1979); NaN stays NaN.

    Example:
        >>> holm([0.01, 0.04, 0.03]).round(3).tolist()
        [0.03, 0.06, 0.06]
    """
    given = np.asarray(p_values, dtype=float)
    corrected = np.full(len(given), np.nan)
    order = np.argsort(given, kind="stable")[: np.count_nonzero(~np.isnan(given))]
    factors = len(order) - np.arange(len(order))
    corrected[order] = np.minimum(np.maximum.accumulate(given[order] * factors), 1.0)
    return corrected
