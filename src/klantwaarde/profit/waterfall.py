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
    totals = {kind: int(cents.sum()) for kind, cents in statement.direct.items() if kind in POCKET_KINDS}
    steps: list[tuple[str, int | None]] = [
        ("list", int(statement.list_revenue.sum())),
        ("line_discount", -int(statement.line_discount.sum())),
        ("invoice", None),
        ("later_discount", -int(statement.later_discount.sum())),
        ("bonus", -int(statement.bonus.sum())),
        ("net", None),
        *((kind, -cents) for kind, cents in totals.items()),
        ("pocket", None),
    ]
    amounts, levels, running = [], [], 0
    for _, change in steps:
        running += change or 0
        amounts.append(running if change is None else change)
        levels.append(running)
    frame = pd.DataFrame({"step": [name for name, _ in steps], "amount": money.euros(np.array(amounts))})
    frame["level"] = money.euros(np.array(levels))
    whole = amounts[0]
    frame["share"] = np.array(amounts) / whole if whole else np.nan
    return frame
