"""The analyses, what each needs, and the run. Frames in, frames out: no Excel, no files, no clock.

A new analysis is one function, one :class:`klantwaarde.analysis.Analysis` and one row in the report of its room.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from klantwaarde import money
from klantwaarde.analysis import Analysis
from klantwaarde.base import analyses as base
from klantwaarde.books import Books, books_before, books_of
from klantwaarde.check import Results
from klantwaarde.checks import run_checks
from klantwaarde.costs.allocation import Allocation
from klantwaarde.costs.cells import totals_by
from klantwaarde.costs.elements import customer_elements
from klantwaarde.costs.inventory import Inventory, cost_inventory
from klantwaarde.costs.prices import activity_rates, capacity, support_allocation
from klantwaarde.costs.scope import scope_of
from klantwaarde.credit import analyses as credit
from klantwaarde.lifetime import analyses as lifetime
from klantwaarde.messages import Fault, InputError, label
from klantwaarde.profit.bridge import period_comparison, result_bridge
from klantwaarde.profit.curve import abc_class, concentration, whale_curve
from klantwaarde.profit.groups import segment_pl
from klantwaarde.profit.options import service_options
from klantwaarde.profit.reconciliation import ledger_reconciliation
from klantwaarde.profit.statement import customer_pl
from klantwaarde.profit.waterfall import price_waterfall
from klantwaarde.remarks import customers_not_known, rows_outside_the_period, switched_off, undated_drivers
from klantwaarde.tables.register import Register, register_of
from klantwaarde.tables.settings import Settings, with_values
from klantwaarde.tables.typed import Tables


@dataclass(frozen=True, slots=True)
class Model:
    """Everything the analyses may use."""

    tables: Tables
    register: Register
    books: Books
    before: Books | None
    shared: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)  # what a room works out once

    @property
    def settings(self) -> Settings:
        """The conventions of this run."""
        return self.tables.settings

    @property
    def inventory(self) -> Inventory:
        """The ledger, for analyses that need one."""
        assert self.books.inventory is not None
        return self.books.inventory

    @property
    def allocation(self) -> Allocation:
        """The costing, for analyses that need one."""
        assert self.books.allocation is not None
        return self.books.allocation

    @property
    def previous(self) -> Books:
        """The period before, for analyses that need one."""
        assert self.before is not None
        return self.before


def _customer_pl(model: Model, _results: Results) -> pd.DataFrame:
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
    codes = np.flatnonzero(statement.touched & ~model.register.excluded)
    return pd.DataFrame(
        {
            "customer_id": model.register.ids.to_numpy(object)[codes],
            "net_revenue": money.euros(statement.net_revenue[codes]),
            "customer_result": money.euros(statement.result[codes]),
        }
    )


def _whale_curve(model: Model, _results: Results) -> pd.DataFrame:
    ranked = _ranked(model)
    curve = whale_curve(ranked["customer_result"])
    curve.insert(0, "customer_id", ranked["customer_id"].to_numpy(object)[curve["position"]])
    return curve.drop(columns="position").rename(columns={"value": "customer_result"})


def _concentration(model: Model, _results: Results) -> pd.DataFrame:
    ranked = _ranked(model)
    return concentration(ranked["net_revenue"], ranked["customer_result"])


def _import_report(model: Model, _results: Results) -> pd.DataFrame:
    """Per table: sheet, rows read, used and set aside, and the sum of its amount as control total."""
    rows = []
    for name, origin in model.tables.origins.items():
        frame = model.tables.get(name)
        if frame is not None:
            aside, reasons = sum(origin.set_aside.values()), ",".join(sorted(origin.set_aside))
            rows.append((name, origin.sheet or "", origin.rows_in, len(frame), aside, reasons, _control_total(frame)))
    names = ["table", "sheet", "rows_in", "rows_used", "rows_set_aside", "reason", "control_total"]
    return pd.DataFrame(rows, columns=names)


def _control_total(frame: pd.DataFrame) -> float:
    """The sum of the table's amount or quantity, the same in any order of rows; NaN without one."""
    for name in ("net_amount", "amount"):
        if name in frame:
            return float(np.rint(frame[name].to_numpy(float) * 100).sum() / 100)
    if "quantity" not in frame:
        return float("nan")
    return float(totals_by(np.zeros(len(frame), dtype=np.intp), frame["quantity"].to_numpy(float), 1)[0])


ANALYSES: tuple[Analysis, ...] = (
    Analysis("cost_inventory", lambda m, _: cost_inventory(m.inventory), ("inventory",)),
    Analysis("support_allocation", lambda m, _: support_allocation(m.allocation), ("allocation",)),
    Analysis("activity_rates", lambda m, _: activity_rates(m.allocation), ("allocation",)),
    Analysis("capacity", lambda m, _: capacity(m.allocation), ("allocation",)),
    Analysis("customer_pl", _customer_pl),
    Analysis("segment_pl", lambda m, _: segment_pl(m.register, m.books.statement, m.books.channel_costs)),
    Analysis(
        "ledger_reconciliation",
        lambda m, _: ledger_reconciliation(m.inventory, m.books.statement, m.books.allocation),
        ("inventory",),
    ),
    Analysis("whale_curve", _whale_curve),
    Analysis("concentration", _concentration),
    Analysis("price_waterfall", lambda m, _: price_waterfall(m.books.statement)),
    Analysis("service_options", lambda m, _: service_options(m.tables, m.books.lines, m.allocation), ("allocation",)),
    Analysis(
        "customer_elements", lambda m, _: customer_elements(m.register, m.inventory, m.allocation), ("allocation",)
    ),
    Analysis("result_bridge", lambda m, _: result_bridge(m.register, m.previous.figures, m.books.figures), ("before",)),
    Analysis("import_report", _import_report),
    Analysis(
        "period_comparison",
        lambda m, _: period_comparison(m.register, m.previous.figures, m.books.figures),
        ("before",),
    ),
    *credit.ANALYSES,
    *lifetime.ANALYSES,
    *credit.AFTER_VALUE,
    *base.ANALYSES,
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
    faults += [tables.fault("KW-MO-001", name) for name in ("customers", "invoice_lines") if name not in tables]
    _stop_on(faults)
    scope = scope_of(tables, register_of(tables["customers"]), chosen.period)
    books, more = books_of(scope)
    faults += [*more, *customers_not_known(scope), *rows_outside_the_period(scope), *undated_drivers(scope)]
    _stop_on(faults)
    assert books is not None
    before, more = books_before(scope)
    model = Model(tables, scope.register, books, before)
    built = {"inventory": books.inventory, "allocation": books.allocation, "before": before}
    faults += [*more, *switched_off(scope, built)]
    results, missing = _run_analyses(model, built)
    faults += missing
    return Outcome(results, run_checks(model, results), (*tables.messages, *faults), model)


def _run_analyses(model: Model, built: Mapping[str, object]) -> tuple[dict[str, pd.DataFrame], list[Fault]]:
    """Every result that the input allows, and one note per set of tables that others lack."""
    results: dict[str, pd.DataFrame] = {}
    lacking: dict[tuple[str, ...], list[str]] = {}
    for analysis in ANALYSES:
        absent = tuple(name for name in analysis.tables if name not in model.tables)
        ready = all(built[part] is not None for part in analysis.parts) and all(
            name in results for name in analysis.results
        )
        if absent:
            lacking.setdefault(absent, []).append(analysis.id)
        elif ready:
            results[analysis.id] = analysis.run(model, results)
    return results, [_not_made(model, tables, names) for tables, names in lacking.items()]


def _not_made(model: Model, tables: tuple[str, ...], results: list[str]) -> Fault:
    language = model.settings.language
    labels = ", ".join(model.tables.label(name) for name in tables)
    names = ", ".join(label(f"name_{name}", language) for name in results)
    return model.tables.fault("KW-MO-011", tables[0], found=labels, severity="note", results=names)


def _stop_on(faults: list[Fault]) -> None:
    stops = [fault for fault in faults if fault.severity == "stop"]
    if stops:
        raise InputError(stops)
