"""The price waterfall: from list price to what is really kept."""

import numpy as np
import pandas as pd

from klantwaarde import money
from klantwaarde.profit.statement import Statement

POCKET_KINDS = ("freight", "commission")  # given away after the invoice, besides discount and bonus


def price_waterfall(statement: Statement) -> pd.DataFrame:
    """List revenue down to pocket revenue, for all customers together.

    Source: Marn & Rosiello, "Managing Price, Gaining Profit", HBR 70(5), 1992: list - on-invoice discount = invoice;
    - off-invoice discount, bonus, freight and commission = pocket.

    Returns:
        step, amount (euro; reductions negative), level (running euro after the step), share (of list revenue).
        Steps ``list``, ``invoice``, ``net`` and ``pocket`` are levels, the others are reductions.
    """
    listed = int(statement.list_revenue.sum())
    steps: dict[str, int | None] = {
        "list": listed,
        "line_discount": -int(statement.line_discount.sum()),
        "invoice": None,
        "later_discount": -int(statement.later_discount.sum()),
        "bonus": -int(statement.bonus.sum()),
        "net": None,
        **{kind: -int(statement.direct[kind].sum()) for kind in POCKET_KINDS if kind in statement.direct},
        "pocket": None,
    }
    is_level = [change is None for change in steps.values()]
    changes = [change or 0 for change in steps.values()]
    levels = np.cumsum(changes)
    amounts = np.where(is_level, levels, changes)
    frame = pd.DataFrame({"step": list(steps), "amount": money.euros(amounts), "level": money.euros(levels)})
    frame["share"] = amounts / listed if listed else np.nan
    return frame
