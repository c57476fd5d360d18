"""Which customers are looked at together: everybody, by segment, and by value tier."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.check import Results
from klantwaarde.credit.items import Floats
from klantwaarde.credit.receivables import Receivables
from klantwaarde.profit.curve import TIERS, pyramid_tier
from klantwaarde.tables.register import Codes, Register

if TYPE_CHECKING:
    from klantwaarde.model import Model

Names = NDArray[np.object_]
INACTIVE = "inactive"  # not active, so in no tier


def named(register: Register, rows: NDArray[np.intp]) -> dict[str, Names]:
    """The columns that say who a customer is, as far as the debtor master holds them."""
    columns = {"customer_id": register.ids.to_numpy(object)[rows]}
    for name in ("name", "segment"):
        if name in register.master:
            columns[name] = np.append(register.master[name].fillna("").to_numpy(object), ["", ""])[rows]
    return columns


def value_measure(receivables: Receivables, results: Results) -> str:
    """What value tiers rest on: lifetime value where every active customer has one, else net revenue."""
    known = ~np.isnan(_lifetime_values(receivables, results)[receivables.active])
    return "clv" if len(known) and known.all() else "net_revenue"


def value_tiers(model: "Model", receivables: Receivables, results: Results) -> Names:
    """The tier of every customer code; ``inactive`` for who is not active, excluded customers included."""
    if value_measure(receivables, results) == "clv":
        values = _lifetime_values(receivables, results)
    else:
        values = money.euros(model.books.statement.net_revenue)
    first, second, third = np.cumsum(receivables.settings.pyramid_cuts)[:3].tolist()
    tiers = pyramid_tier(np.where(receivables.active, values, np.nan), (first, second, third))
    return np.where(tiers == "", INACTIVE, tiers)


def _lifetime_values(receivables: Receivables, results: Results) -> Floats:
    """Lifetime value per customer code; NaN where it was not worked out."""
    values, frame = np.full(receivables.n, np.nan), results.get("clv")
    if frame is not None and len(frame):
        values[receivables.register.codes(frame["customer_id"])] = frame["clv"].to_numpy(float)
    return values


def dimensions(receivables: Receivables, tiers: Names) -> dict[str, tuple[Codes, tuple[str, ...]]]:
    """Dimension -> group of every customer code (-1 = not counted) and the names of the groups."""
    counted = receivables.counted
    found: dict[str, tuple[Codes, tuple[str, ...]]] = {"total": (np.where(counted, 0, -1), ("total",))}
    if "segment" in receivables.register.master:
        names = np.append(receivables.register.master["segment"].fillna("").to_numpy(object), ["", ""])
        found["segment"] = _coded(names, counted)
    place = pd.Index([*TIERS, INACTIVE]).get_indexer(pd.Index(tiers))
    found["value_tier"] = (np.where(counted, place, -1), (*TIERS, INACTIVE))
    return found


def _coded(names: Names, counted: NDArray[np.bool_]) -> tuple[Codes, tuple[str, ...]]:
    codes, groups = pd.factorize(names[counted], sort=True)
    found = np.full(len(names), -1)
    found[counted] = codes
    return found, tuple(map(str, groups))
