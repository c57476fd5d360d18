"""One period, costed: lines, statement, ledger inventory and allocation; and the same for the period before."""

from dataclasses import dataclass

import numpy as np

from klantwaarde.costs.allocation import Allocation, allocate
from klantwaarde.costs.inventory import Inventory, take_inventory
from klantwaarde.costs.scope import Scope, blocked, in_period
from klantwaarde.messages import Fault
from klantwaarde.periods import Period
from klantwaarde.profit.bridge import PeriodFigures
from klantwaarde.profit.groups import channel_costs, channels_without_customers
from klantwaarde.profit.lines import Lines, lines_of
from klantwaarde.profit.statement import Statement, build_statement

COSTING = ("ledger", "cost_pools", "activities", "activity_volumes")


@dataclass(frozen=True, slots=True)
class Books:
    """What every analysis draws from."""

    scope: Scope
    lines: Lines
    statement: Statement
    inventory: Inventory | None
    allocation: Allocation | None

    @property
    def period(self) -> Period | None:
        """None = all of the input."""
        return self.scope.period

    @property
    def figures(self) -> PeriodFigures:
        """For the bridge between two periods."""
        return PeriodFigures(self.lines, self.statement, self.allocation)

    @property
    def channel_costs(self) -> dict[str, int]:
        """Cents per channel."""
        return channel_costs(self.scope.register, self.inventory, self.allocation)


def books_of(scope: Scope) -> tuple[Books | None, list[Fault]]:
    """Cost one period. None when something blocks it."""
    tables = scope.tables
    lines, faults = lines_of(scope)
    if lines.frame.empty:
        faults.append(tables.fault("KW-MO-002", "invoice_lines", column="invoice_date", period=str(scope.period or "")))
    inventory = allocation = None
    if "ledger" in tables:
        inventory, more = take_inventory(scope)
        faults += more
        if not blocked(more) and all(name in tables for name in COSTING):
            allocation, more = allocate(scope, inventory)
            faults += more
    if blocked(faults):
        return None, faults
    books = Books(scope, lines, build_statement(scope, lines, allocation), inventory, allocation)
    return books, [*faults, *_lonely_channels(books)]


def _lonely_channels(books: Books) -> list[Fault]:
    tables, lonely = books.scope.tables, channels_without_customers(books.scope.register, books.channel_costs)
    place = ("customers", None, "channel")
    return [
        tables.fault("KW-PL-004", *place, name, severity="warn", amount=cents / 100)
        for name, cents in lonely.items()
    ]


def books_before(scope: Scope) -> tuple[Books | None, list[Fault]]:
    """The previous period, when there are sales in it; its costing only when ledger and volumes reach back."""
    if scope.period is None:
        return None, []
    earlier, tables = scope.period.previous(), scope.tables
    if not in_period("invoice_lines", tables["invoice_lines"], earlier).any():
        return None, []
    if not all(_reaches_back(scope, name, earlier) for name in ("ledger", "activity_volumes")):
        tables = tables.without("ledger")
    books, faults = books_of(Scope(tables, scope.register, earlier, scope.customers))
    if books is None:
        reason = next(fault.what for fault in faults if fault.severity == "stop")
        return None, [tables.fault("KW-MO-004", "invoice_lines", found=str(earlier), severity="note", reason=reason)]
    return books, []


def _reaches_back(scope: Scope, name: str, period: Period) -> bool:
    """True when the table says of some rows that they belong to this period."""
    table = scope.tables.get(name)
    if table is None or "period" not in table:
        return False
    return bool(np.any(in_period(name, table, period) & table["period"].notna().to_numpy()))
