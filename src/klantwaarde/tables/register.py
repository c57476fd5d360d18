"""The customers of a model: every id gets a code once, and all arithmetic runs on codes instead of text."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

UNKNOWN = "(unknown)"  # ids that are not in the debtor master
NO_CUSTOMER = "(none)"  # lines without a customer number

Codes = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Register:
    """Customer ids in ascending order, then ``(unknown)`` and ``(none)``.

    Attributes:
        ids: All ids; the last two are the collecting rows.
        master: Attributes per real customer, in the order of ``ids``.
        excluded: True for customers that are left out of rankings, shape (len(ids),).
    """

    ids: pd.Index
    master: pd.DataFrame
    excluded: NDArray[np.bool_]

    @property
    def n(self) -> int:
        """Rows, the two collecting rows included."""
        return len(self.ids)

    @property
    def n_customers(self) -> int:
        """Real customers: the rows without the two collecting rows."""
        return len(self.ids) - 2

    def codes(self, ids: pd.Series) -> Codes:
        """Code of every id; unknown ids get the code of ``(unknown)``, blanks that of ``(none)``."""
        found = self.ids.get_indexer(ids)
        missing = found < 0
        if missing.any():
            found[missing] = np.where(ids[missing].isna(), self.n - 1, self.n - 2)
        return found


def register_of(customers: pd.DataFrame) -> Register:
    """The register of a customers table: sorted by id, so that ties always go to the lowest customer number."""
    master = customers.sort_values("customer_id", kind="stable").reset_index(drop=True)
    ids = pd.Index([*master["customer_id"], UNKNOWN, NO_CUSTOMER])
    excluded = np.ones(len(ids), dtype=bool)
    excluded[:-2] = master["excluded"].to_numpy(bool) if "excluded" in master else False
    return Register(ids, master, excluded)


def top_parents(register: Register) -> NDArray[np.object_]:
    """The head of each customer's group, shape (n_customers,): its parent's parent and so on, or the customer itself.

    A parent that is not a customer itself is a head too. A ring of parents is cut at its lowest id.
    """
    own = register.master["customer_id"].to_numpy(object)
    if "parent_id" not in register.master:
        return own
    parents = {
        child: parent for child, parent in zip(own, register.master["parent_id"], strict=True) if not pd.isna(parent)
    }
    return np.array([_head(child, parents) for child in own], dtype=object)


def _head(child: str, parents: dict[str, str]) -> str:
    seen = [child]
    while (parent := parents.get(seen[-1])) is not None:
        if parent in seen:
            return min(seen[seen.index(parent) :])
        seen.append(parent)
    return seen[-1]
