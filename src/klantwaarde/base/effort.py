"""Hours as effort: per customer, per purpose, and in euro where the costing knows what an hour of that team costs."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from klantwaarde import money
from klantwaarde.base.history import Cents, Floats, History, Mask
from klantwaarde.costs.cells import totals_by
from klantwaarde.costs.scope import codes_of, in_period
from klantwaarde.periods import YEAR, Period
from klantwaarde.tables.headers import normalise
from klantwaarde.tables.register import Codes

if TYPE_CHECKING:
    from klantwaarde.model import Model

ACQUISITION = "acquisition"


@dataclass(frozen=True, slots=True, eq=False)
class Hours:
    """Rows of the time registration over one span.

    Attributes:
        customer: Code; that of ``(none)`` for hours without a customer.
        team: Name of the team.
        hours: How many.
        acquisition: Spent on winning customers.
        cost: Euro; NaN where no pool has the name of the team.
    """

    customer: Codes
    team: pd.Series
    hours: Floats
    acquisition: Mask
    cost: Floats

    def by_customer(self, n: int, rows: Mask | None = None) -> Floats:
        """Hours per customer code below ``n``."""
        here = (self.customer < n) & (True if rows is None else rows)
        return totals_by(self.customer[here], self.hours[here], n)


def year_back(history: History, lag: int) -> Period:
    """The year up to the day that lies so many months back."""
    first: date = history.day(lag + YEAR).item() + timedelta(days=1)
    return Period(first, history.day(lag).item())


def hours_in(model: "Model", period: Period) -> Hours | None:
    """Hours of a span; None when no row belongs to it. Rows without a period belong to every span. Worked out once."""
    key = f"hours {period}"
    if key not in model.shared:
        model.shared[key] = _hours_in(model, period)
    found: Hours | None = model.shared[key]
    return found


def _hours_in(model: "Model", period: Period) -> Hours | None:
    table = model.tables.get("hours")
    if table is None:
        return None
    rows = table[in_period("hours", table, period)]
    if rows.empty:
        return None
    ids = rows["customer_id"] if "customer_id" in rows else pd.Series(np.nan, index=rows.index, dtype=object)
    purpose = rows["purpose"] if "purpose" in rows else pd.Series("", index=rows.index)
    hours = rows["hours"].to_numpy(float)
    team, names = pd.factorize(rows["team"])
    rates = _hourly_rates(model)
    each = np.array([rates.get(normalise(str(name)), np.nan) for name in names])[team]
    customer = codes_of(ids, model.register.codes, blank=model.register.n - 1)
    return Hours(customer, rows["team"], hours, (purpose == ACQUISITION).to_numpy(bool), hours * each)


def _hourly_rates(model: "Model") -> dict[str, float]:
    """Cost of an hour per pool, by its id and by its name; empty without costing."""
    allocation = model.books.allocation
    if allocation is None:
        return {}
    pools = allocation.pools
    rates = {}
    for code in np.flatnonzero(~np.isnan(allocation.rates)):
        for name in (pools.ids[code], pools.names[code]):
            rates[normalise(str(name))] = float(allocation.rates[code]) * 60
    return rates


def spent_on(model: "Model", kinds: tuple[str, ...], period: Period | None) -> Cents:
    """Customer costs of these kinds in a span, in cents per customer; 0 for what is not there."""
    table, n = model.tables.get("customer_costs"), model.register.n_customers
    if table is None:
        return np.zeros(n, dtype=np.int64)
    here = in_period("customer_costs", table, period) & table["kind"].isin(kinds).to_numpy()
    codes = model.books.scope.customers["customer_costs"][here]
    amounts = money.cents(table["amount"].to_numpy(float)[here])
    real = codes < n
    return totals_by(codes[real], amounts[real], n)
