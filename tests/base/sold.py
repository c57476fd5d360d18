"""Histories for tests: from a few sales by hand, or drawn by hypothesis."""

from datetime import date

import numpy as np
from hypothesis import strategies as st

from klantwaarde.base.activity import Rules
from klantwaarde.base.history import History, Sales, history_from

AT = date(2025, 12, 31)
Sold = tuple[int, str, float]  # customer code, day, net euros; half of it is cost


def history(sold: list[Sold], *, n: int | None = None, at: date = AT) -> History:
    """A history of these sales."""
    customer = np.array([code for code, _, _ in sold], dtype=np.intp)
    net = np.array([round(euros * 100) for _, _, euros in sold], dtype=np.int64)
    day = np.array([day for _, day, _ in sold], dtype="M8[D]")
    return history_from(Sales(customer, day, net, net // 2, net), at, n or int(customer.max()) + 1)


def rules(n: int, since: dict[int, str] | None = None, *, active: int = 12, silence: int = 24) -> Rules:
    """Rules, with the day in the debtor master of some customers."""
    days = np.full(n, np.datetime64("NaT", "D"))
    for code, day in (since or {}).items():
        days[code] = np.datetime64(day)
    return Rules(active, silence, days)


CUSTOMERS = 8


def drawn() -> st.SearchStrategy[list[Sold]]:
    """Sales and credit notes of eight customers over four years; the first line stands at the start of them."""
    start = date(2022, 1, 1).toordinal()
    line = st.tuples(
        st.integers(0, CUSTOMERS - 1),
        st.integers(start, AT.toordinal()).map(lambda day: date.fromordinal(day).isoformat()),
        st.integers(-50_000, 200_000).map(lambda cents: cents / 100),
    )
    return st.lists(line, min_size=1, max_size=60).map(lambda lines: [(0, "2022-01-01", 5.0), *lines])
