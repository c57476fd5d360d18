"""The analyses, what each needs, and the run. Frames in, frames out: no Excel, no files, no clock.

A new analysis is one function, one row in :data:`ANALYSES` and one row in the report layout.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from klantwaarde.checks import run_checks
from klantwaarde.costs.allocation import Allocation, allocate
from klantwaarde.costs.elements import customer_elements
from klantwaarde.costs.inventory import Inventory, cost_inventory, in_period, take_inventory
from klantwaarde.costs.prices import activity_rates, capacity, support_allocation
from klantwaarde.messages import Fault, InputError
from klantwaarde.periods import Period
from klantwaarde.profit.bridge import PeriodFigures, period_comparison, result_bridge
from klantwaarde.profit.curve import abc_class, concentration, whale_curve
from klantwaarde.profit.groups import segment_pl
from klantwaarde.profit.options import service_options
from klantwaarde.profit.reconciliation import ledger_reconciliation
from klantwaarde.profit.statement import Lines, Statement, build_statement, customer_pl, lines_of, touched
from klantwaarde.profit.waterfall import price_waterfall
from klantwaarde.tables.register import Register, register_of
from klantwaarde.tables.settings import Settings, with_values
from klantwaarde.tables.typed import Tables

COSTING = ("ledger", "cost_pools", "activities", "activity_volumes")


@dataclass(frozen=True, slots=True)
class Books:
    """One period, costed: what every analysis draws from."""

    period: Period | None
    lines: Lines
    statement: Statement
    inventory: Inventory | None
    allocation: Allocation | None

    @property
    def figures(self) -> PeriodFigures:
        return PeriodFigures(self.lines, self.statement, self.allocation)


@dataclass(frozen=True, slots=True)
class Model:
    """Everything the analyses may use."""

    tables: Tables
    register: Register
    books: Books
    before: Books | None

    @property
    def settings(self) -> Settings:
        return self.tables.settings

    @property
    def inventory(self) -> Inventory:
        assert self.books.inventory is not None
        return self.books.inventory

    @property
    def allocation(self) -> Allocation:
        assert self.books.allocation is not None
        return self.books.allocation

    @property
    def previous(self) -> Books:
        assert self.before is not None
        return self.before


@dataclass(frozen=True, slots=True)
class Analysis:
    """One result: its id, what it needs and the function that makes it.

    ``parts`` name what must have been built: ``inventory`` (a ledger), ``allocation`` (full costing), ``before`` (data
    of the previous period).
    """

    id: str
    run: Callable[[Model], pd.DataFrame]
    parts: tuple[str, ...] = ()


def _customer_pl(model: Model) -> pd.DataFrame:
    frame = customer_pl(model.register, model.books.statement, model.books.allocation)
    ranked = ~frame["excluded"].to_numpy(bool)
    classes = np.full(len(frame), "", dtype=object)
    revenue = frame["net_revenue"].to_numpy(float)[ranked]
    classes[ranked] = abc_class(revenue, a=model.settings.abc_a, b=model.settings.abc_b)
    frame.insert(frame.columns.get_loc("excluded"), "abc_class", classes)
    return frame


def _ranked(model: Model) -> pd.DataFrame:
    """Customers that count in rankings: not excluded, and with any figure in the period."""
    statement = model.books.statement
    codes = np.flatnonzero(touched(statement) & ~model.register.excluded)
    return pd.DataFrame(
        {
            "customer_id": model.register.ids.to_numpy(object)[codes],
            "net_revenue": statement.net_revenue[codes] / 100,
            "customer_result": statement.result[codes] / 100,
        }
    )


def _whale_curve(model: Model) -> pd.DataFrame:
    ranked = _ranked(model)
    curve = whale_curve(ranked["customer_result"])
    curve.insert(0, "customer_id", ranked["customer_id"].to_numpy(object)[curve["position"]])
    return curve.drop(columns="position").rename(columns={"value": "customer_result"})


def _concentration(model: Model) -> pd.DataFrame:
    ranked = _ranked(model)
    return concentration(ranked["net_revenue"], ranked["customer_result"])


def _import_report(model: Model) -> pd.DataFrame:
    """Per table: sheet, rows read, used and set aside, and the sum of its amount as control total."""
    rows = []
    for name, origin in model.tables.origins.items():
        frame = model.tables.get(name)
        if frame is not None:
            amount = next((column for column in ("net_amount", "amount", "quantity") if column in frame), None)
            total = float(frame[amount].sum()) if amount else np.nan
            reasons = ",".join(sorted(origin.set_aside))
            rows.append((name, origin.sheet or "", origin.rows_in, len(frame), sum(origin.set_aside.values()), reasons, total))
    names = ["table", "sheet", "rows_in", "rows_used", "rows_set_aside", "reason", "control_total"]
    return pd.DataFrame(rows, columns=names)


ANALYSES: tuple[Analysis, ...] = (
    Analysis("cost_inventory", lambda m: cost_inventory(m.inventory), ("inventory",)),
    Analysis("support_allocation", lambda m: support_allocation(m.allocation), ("allocation",)),
    Analysis("activity_rates", lambda m: activity_rates(m.allocation), ("allocation",)),
    Analysis("capacity", lambda m: capacity(m.allocation), ("allocation",)),
    Analysis("customer_pl", _customer_pl),
    Analysis("segment_pl", lambda m: segment_pl(m.register, m.books.statement, m.books.inventory)),
    Analysis(
        "ledger_reconciliation",
        lambda m: ledger_reconciliation(m.inventory, m.books.statement, m.books.allocation),
        ("inventory",),
    ),
    Analysis("whale_curve", _whale_curve),
    Analysis("concentration", _concentration),
    Analysis("price_waterfall", lambda m: price_waterfall(m.books.statement)),
    Analysis("service_options", lambda m: service_options(m.tables, m.books.lines, m.allocation), ("allocation",)),
    Analysis("customer_elements", lambda m: customer_elements(m.register, m.inventory, m.allocation), ("allocation",)),
    Analysis("result_bridge", lambda m: result_bridge(m.register, m.previous.figures, m.books.figures), ("before",)),
    Analysis("import_report", _import_report),
    Analysis("period_comparison", lambda m: period_comparison(m.register, m.previous.figures, m.books.figures), ("before",)),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What :func:`analyse` gives back.

    Attributes:
        results: Result id -> frame with canonical columns.
        checks: check, subject, expected, found, difference, tolerance, status, result.
        messages: What was set aside, switched off or doubtful, with addresses.
        model: The typed input and the costing behind the results, for tracing.
    """

    results: Mapping[str, pd.DataFrame]
    checks: pd.DataFrame
    messages: tuple[Fault, ...]
    model: Model

    @property
    def input_hash(self) -> str:
        """SHA-256 of the typed input and every setting: equal hashes give equal results."""
        settings = json.dumps(self.model.settings.as_texts(), sort_keys=True)
        return hashlib.sha256(f"{self.model.tables.sha256}:{settings}".encode()).hexdigest()

    @property
    def ok(self) -> bool:
        """True when no check failed."""
        return not (self.checks["status"] == "failed").any()


def analyse(tables: Tables, settings: Mapping[str, object] | None = None) -> Outcome:
    """Compute every result the tables allow.

    Args:
        tables: From ``read_tables`` or ``tables_from``.
        settings: Values by id or label that override those in the tables.

    Raises:
        InputError: a table is missing or something in the input blocks a right result; all faults at once.
    """
    chosen, faults = with_values(tables.settings, settings or {})
    tables = tables.with_settings(chosen)
    missing = [name for name in ("customers", "invoice_lines") if name not in tables]
    faults += [tables.fault("KW-MO-001", name) for name in missing]
    _stop_on(faults)
    register = register_of(tables["customers"])
    books, more = _books(tables, register, chosen.period)
    faults += [*more, *_unknown_customers(tables, register)]
    _stop_on(faults)
    assert books is not None
    before, more = _before(tables, register, chosen.period)
    faults += more
    model = Model(tables, register, books, before)
    built = {"inventory": books.inventory, "allocation": books.allocation, "before": before}
    results = {a.id: a.run(model) for a in ANALYSES if all(built[part] is not None for part in a.parts)}
    faults += _switched_off(tables, built)
    checks = run_checks(model, results)
    return Outcome(results, checks, (*tables.messages, *faults), model)


def _stop_on(faults: list[Fault]) -> None:
    if any(fault.severity == "stop" for fault in faults):
        raise InputError(fault for fault in faults if fault.severity == "stop")


def _books(tables: Tables, register: Register, period: Period | None) -> tuple[Books | None, list[Fault]]:
    """Cost one period. None when something blocks it."""
    lines, faults = lines_of(tables, register, period)
    if lines.frame.empty:
        faults.append(tables.fault("KW-MO-002", "invoice_lines", column="invoice_date", period=str(period or "")))
    inventory = allocation = None
    if "ledger" in tables:
        inventory, more = take_inventory(tables, period)
        faults += more
        blocked = any(fault.severity == "stop" for fault in more)
        if not blocked and all(name in tables for name in COSTING):
            allocation, more = allocate(tables, register, inventory, period)
            faults += more
    if any(fault.severity == "stop" for fault in faults):
        return None, faults
    statement, more = build_statement(tables, register, lines, allocation, period)
    return Books(period, lines, statement, inventory, allocation), [*faults, *more]


def _before(tables: Tables, register: Register, period: Period | None) -> tuple[Books | None, list[Fault]]:
    """The previous period, when there are sales in it; its costing only when ledger and volumes reach back."""
    if period is None:
        return None, []
    earlier = period.previous()
    dates = tables["invoice_lines"]["invoice_date"].to_numpy("datetime64[D]")
    if not ((dates >= np.datetime64(earlier.start)) & (dates <= np.datetime64(earlier.end))).any():
        return None, []
    reach_back = all(name in tables and _dated_rows(tables[name], earlier) for name in ("ledger", "activity_volumes"))
    shortened = tables if reach_back else tables.without("ledger")
    books, faults = _books(shortened, register, earlier)
    if books is None:
        return None, [tables.fault("KW-MO-004", "invoice_lines", found=str(earlier), severity="note", reason=str(faults[-1].what))]
    return books, []


def _dated_rows(table: pd.DataFrame, period: Period) -> bool:
    """True when the table says of some rows that they belong to this period."""
    if "period" not in table:
        return False
    dated = table[table["period"].notna()]
    return bool(len(dated)) and bool(in_period(dated, period)[0].any())


def _unknown_customers(tables: Tables, register: Register) -> list[Fault]:
    """Ids that are not in the debtor master, and lines without a customer, per table with their amount."""
    faults = []
    stop = tables.settings.unknown_customers == "refuse"
    for name, amount in (("invoice_lines", "net_amount"), ("activity_volumes", "quantity"), ("customer_costs", "amount")):
        table = tables.get(name)
        if table is None:
            continue
        codes = register.codes(table["customer_id"])
        for code, message in ((register.n - 2, "KW-MO-005"), (register.n - 1, "KW-MO-006")):
            rows = np.flatnonzero(codes == code)
            if not len(rows):
                continue
            first = table["customer_id"].iloc[rows[0]]
            total = f"{table[amount].iloc[rows].sum():,.2f}"
            severity = "stop" if stop and message == "KW-MO-005" else "warn"
            faults.append(
                tables.fault(message, name, table.index[rows[0]], "customer_id", first, severity=severity, rows=len(rows), amount=total)
            )
    return faults


def _switched_off(tables: Tables, built: Mapping[str, object]) -> list[Fault]:
    faults = []
    for part, code in (("inventory", "KW-MO-007"), ("allocation", "KW-MO-008")):
        if built[part] is None:
            missing = [name for name in (COSTING if part == "allocation" else ("ledger",)) if name not in tables]
            labels = ", ".join(tables.label(name) for name in missing)
            faults.append(tables.fault(code, missing[0] if missing else "ledger", found=labels, severity="note"))
    return faults
