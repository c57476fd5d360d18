"""What one calculation looks at: the tables, one period, and every customer id as a code, looked up once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde.messages import Fault
from klantwaarde.periods import Period, period_from_text
from klantwaarde.tables.register import Codes, Register
from klantwaarde.tables.typed import Tables

Mask = NDArray[np.bool_]

DATE_COLUMN: Mapping[str, str] = {"invoice_lines": "invoice_date", "customer_costs": "date"}
CUSTOMER_TABLES = ("invoice_lines", "activity_volumes", "customer_costs")


@dataclass(frozen=True, slots=True)
class Scope:
    """The tables seen over one period.

    Attributes:
        tables: All input.
        register: The customers.
        period: None = all of it.
        customers: Customer code of every row, per table that has customers.
    """

    tables: Tables
    register: Register
    period: Period | None
    customers: Mapping[str, Codes]


def scope_of(tables: Tables, register: Register, period: Period | None) -> Scope:
    """Look every customer id up."""
    customers = {
        name: codes_of(tables[name]["customer_id"], register.codes, blank=register.n - 1)
        for name in CUSTOMER_TABLES
        if name in tables
    }
    return Scope(tables, register, period, customers)


def codes_of(ids: pd.Series, look_up: Callable[[pd.Series], Codes], *, blank: int = -1) -> Codes:
    """The code of every id; each different id is looked up once."""
    position, different = pd.factorize(ids.to_numpy(object))
    found = np.append(look_up(pd.Series(different, dtype=ids.dtype)), blank)
    return np.asarray(found[position])


def in_period(name: str, table: pd.DataFrame, period: Period | None) -> Mask:
    """Which rows belong to the period: by date, or by a ``period`` that lies wholly within it.

    Rows without a date or period belong to every period, and without a period to compare with all rows belong.
    """
    column = DATE_COLUMN.get(name, "period")
    if period is None or column not in table:
        return np.ones(len(table), dtype=bool)
    if column != "period":
        dates = table[column].to_numpy("datetime64[D]")
        within = (dates >= np.datetime64(period.start)) & (dates <= np.datetime64(period.end))
        return np.asarray(within | np.isnat(dates))
    codes, texts = pd.factorize(table[column])
    return np.array([*(period.contains(period_from_text(text)) for text in texts), True])[codes]


def straddling(scope: Scope, name: str, code: str) -> list[Fault]:
    """A fault for every period text of the table that lies only partly within the period."""
    table, period = scope.tables[name], scope.period
    if period is None or "period" not in table:
        return []
    texts = table["period"].dropna()
    spans = {text: period_from_text(text) for text in texts.unique()}
    partly = [text for text, span in spans.items() if period.overlaps(span) and not period.contains(span)]
    return [
        scope.tables.fault(code, name, texts.index[texts == text][0], "period", text, period=str(period))
        for text in partly
    ]


def blocked(faults: Iterable[Fault]) -> bool:
    """True when one of these makes a right result impossible."""
    return any(fault.severity == "stop" for fault in faults)
