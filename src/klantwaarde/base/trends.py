"""Does a row of figures rise, fall, stay level or fluctuate? A label by a rule that is printed beside it.

A straight line is fitted by least squares. What it gains or loses from the first to the last figure is a trend when it is
more than twice the standard deviation of the figures around the line; without a trend the row is level when no figure
lies more than 5 % from the mean, else it fluctuates. Fewer than three figures are no row.
"""

import numpy as np
from numpy.typing import ArrayLike

FEWEST = 3
NOISE = 2.0  # standard deviations
LEVEL = 0.05  # of the mean


def trend_label(values: ArrayLike) -> str:
    """The label of a row of figures from old to new: rises, falls, level, fluctuates or too_few.

    Example:
        >>> trend_label([10, 12, 14, 17]), trend_label([10, 15, 9, 14]), trend_label([10, 10, 10]), trend_label([1, 2])
        ('rises', 'fluctuates', 'level', 'too_few')
    """
    row = np.asarray(values, dtype=float)
    row = row[~np.isnan(row)]
    if len(row) < FEWEST:
        return "too_few"
    mean = row.mean()
    if np.abs(row - mean).max() <= LEVEL * abs(mean):
        return "level"
    place = np.arange(len(row)) - (len(row) - 1) / 2
    slope = float((place * row).sum() / (place**2).sum())
    around = row - mean - slope * place
    noise = np.sqrt((around**2).sum() / (len(row) - 2))
    change = slope * (len(row) - 1)
    if abs(change) <= NOISE * noise:
        return "fluctuates"
    return "rises" if change > 0 else "falls"
