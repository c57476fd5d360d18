"""Ageing: open amounts by days after the due date. What is not due yet stands apart, and so do credits.

A class runs up to and including its border: with 30/60/90 an item of 30 days overdue is in 1-30. Due on the reference
date is not overdue.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from klantwaarde.costs.cells import totals_by
from klantwaarde.credit.items import Cents
from klantwaarde.tables.register import Codes

NOT_DUE = "not_due"


def class_names(borders: Sequence[float]) -> tuple[str, ...]:
    """The classes in order, named by their days.

    Example:
        >>> class_names([30, 60, 90])
        ('not_due', '1-30', '31-60', '61-90', '>90')
    """
    edges = [0, *(int(border) for border in borders)]
    return (NOT_DUE, *(f"{low + 1}-{high}" for low, high in pairwise(edges)), f">{edges[-1]}")


def class_of(days_overdue: ArrayLike, borders: Sequence[float]) -> NDArray[np.intp]:
    """The place of every item in :func:`class_names`.

    Example:
        >>> class_of([-5, 0, 1, 30, 31, 91], [30, 60, 90]).tolist()
        [0, 0, 1, 1, 2, 4]
    """
    return np.searchsorted([0, *borders], np.asarray(days_overdue, dtype=float), side="left")


def ageing(days_overdue: ArrayLike, amounts: Cents, borders: Sequence[float], *, group: Codes | None = None, n: int = 1) -> Cents:
    """Cents per group (row) and class (column); the matrix adds up to the amounts.

    Args:
        days_overdue: Days after the due date of every item.
        amounts: Open cents of every item.
        borders: Ascending whole days.
        group: Group of every item; None = all together.
        n: How many groups there are.
    """
    width = len(borders) + 2
    cell = class_of(days_overdue, borders) + (0 if group is None else np.asarray(group) * width)
    return totals_by(cell, amounts, n * width).reshape(n, width)
