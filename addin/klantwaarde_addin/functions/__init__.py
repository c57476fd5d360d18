"""The Excel functions as Python functions: ``klantwaarde_addin.functions.allocate(100, [1, 1, 1])``.

They take numbers, lists, rows, numpy arrays, pandas Series and DataFrames, and give plain values back in the same
form. Nothing here needs Excel or xlwings.
"""

from klantwaarde_addin.functions.costs import (
    activity_minutes,
    allocate,
    allocate_support,
    capacity_rate,
    dual_rate,
    unused_capacity,
)
from klantwaarde_addin.functions.profit import (
    abc_class,
    break_even_price,
    gini,
    hhi,
    price_volume_mix,
    pyramid_tier,
    volume_for_discount,
    whale_curve,
)

__all__ = [
    "abc_class",
    "activity_minutes",
    "allocate",
    "allocate_support",
    "break_even_price",
    "capacity_rate",
    "dual_rate",
    "gini",
    "hhi",
    "price_volume_mix",
    "pyramid_tier",
    "unused_capacity",
    "volume_for_discount",
    "whale_curve",
]
