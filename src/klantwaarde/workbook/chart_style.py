"""The look of charts, of no file format: marks by role, and which values and formats they show."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from klantwaarde.report.blocks import ChartBlock, Series
from klantwaarde.workbook import look

LABELLED_CATEGORIES = 12  # up to so many bars carry their value
GAP = 45  # between bars, percent of a bar's width
DIGIT_PIXELS, PLOT_SHARE = 5.3, 0.85  # of a label; share of the chart's width that the plot takes
THIN_SEGMENT = 0.08  # of the longest bar: no room for a value

# Per role: the mark of the first, second ... series; lightness differs, so that a grey print keeps them apart.
MARKS: dict[str, tuple[str, ...]] = {
    "main": (look.MARK_MAIN, "56B4E9", "004B75"),
    "good": (look.MARK_GOOD, "66C2A5"),
    "bad": (look.MARK_BAD, "8A3C00"),
    "muted": (look.MARK_MUTED, "595959", "B8BDC2"),
}
LABEL_INK = {"main": look.WHITE, "good": look.INK, "bad": look.INK, "muted": look.INK}
DASHES: tuple[Literal["solid", "dash", "sysDot"], ...] = ("solid", "dash", "sysDot")
AXIS_FORMATS = {"percent": "0%", "rate": "#,##0.00", "number": "#,##0.0"}

LABEL_ROOM, AXIS_STEPS = 0.3, 5  # of the whole reach, for the value of a bar that points left; steps at most


@dataclass(frozen=True, slots=True)
class Scale:
    """Where the value axis starts and ends, and the step between its marks."""

    minimum: float
    maximum: float
    step: float


def mark_of(role: str, nth: int) -> str:
    """The colour of the nth series of a role, from 0."""
    return MARKS[role][nth % len(MARKS[role])]


def dash_of(nth: int) -> Literal["solid", "dash", "sysDot"]:
    """The dash of the nth line of a role, from 0."""
    return DASHES[nth % len(DASHES)]


def has_number_categories(block: ChartBlock) -> bool:
    """Whether the categories are numbers: years, counts or shares."""
    return block.frame.iloc[:, 0].dtype.kind in "iuf"


def labels_fit(block: ChartBlock, width: int) -> bool:
    """Whether every bar has room for its value: a line of its own, or a column as wide as the text; ``width`` in pixels."""
    if block.kind in ("bar", "stacked_bar"):
        return len(block.frame) <= LABELLED_CATEGORIES
    values = [value for series in block.series for value in block.frame[series.column]]
    longest = max((look.shown_length(value, block.format) for value in values), default=0)
    return longest * DIGIT_PIXELS * len(block.frame) <= width * PLOT_SHARE / (1 + GAP / 100)


def thin_segments(block: ChartBlock, series: Series) -> list[int]:
    """The bars whose segment is too thin for its value; the steps of a waterfall stand alone and need only exist."""
    waterfall = any(each.role == "invisible" for each in block.series)
    whole = block.frame[[each.column for each in block.series]].abs().sum(axis=1).max()
    thin = 0.0 if waterfall else THIN_SEGMENT * whole
    return [index for index, value in enumerate(block.frame[series.column]) if abs(value) <= thin]


def value_scale(block: ChartBlock) -> Scale | None:
    """The value axis of bars of which some point left: their values must not run into the names; None for all others."""
    if block.kind not in ("bar", "stacked_bar") or not block.value_axis:
        return None
    bars = block.frame[[each.column for each in block.series]].to_numpy(float)
    lowest, highest = (
        np.nansum(np.minimum(bars, 0), axis=1).min(initial=0),
        np.nansum(np.maximum(bars, 0), axis=1).max(initial=0),
    )
    if lowest >= 0:
        return None
    room = LABEL_ROOM * (highest - lowest)
    lowest, highest = lowest - room, highest + room if highest else 0.0
    step = _round_step((highest - lowest) / AXIS_STEPS)
    return Scale(math.floor(lowest / step) * step, math.ceil(highest / step) * step, step)


def _round_step(smallest: float) -> float:
    """The first of 1, 2, 5, 10, ... times a power of ten that is not smaller."""
    power = 10.0 ** math.floor(math.log10(smallest))
    return next(power * times for times in (1, 2, 5, 10) if power * times >= smallest)


def axis_format(block: ChartBlock) -> str:
    """Number format of the value axis, plainer than that of the table."""
    return AXIS_FORMATS.get(block.format, "#,##0")


def category_format(block: ChartBlock) -> str:
    """Number format of numeric categories: shares as percentages, counts and years plain."""
    categories = block.frame.iloc[:, 0]
    return "0%" if categories.dtype.kind == "f" and categories.abs().max() <= 1 else "General"
