"""Control totals. A failed check never hides: it stands on the Checks sheet, on the dashboard and in the exit code.

Every check compares what is expected with what is found. Where both stand in result tables, the check also carries the
spreadsheet formula for either side (``{result.column}`` means that column of that result table), so that the workbook
proves itself without Python.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from klantwaarde import money
from klantwaarde.base import rules as base
from klantwaarde.check import CENT, Check, Results, Rule
from klantwaarde.costs.cells import totals_by
from klantwaarde.costs.keys import SHARE_TOLERANCE
from klantwaarde.costs.scope import in_period
from klantwaarde.credit import rules as credit
from klantwaarde.lifetime import rules as lifetime

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klantwaarde.model import Model
    from klantwaarde.periods import Period

COLUMNS = (
    "check", "subject", "expected", "found", "difference", "tolerance", "status", "severity", "result", "expected_formula",
    "found_formula",
)  # fmt: skip


def run_checks(model: Model, results: Results) -> pd.DataFrame:
    """Run every rule.

    Returns:
        check, subject, expected, found, difference, tolerance, status (ok · failed · warning), severity (what a
        difference means), result, expected_formula, found_formula ("" where there is none).
    """
    checks = [check for rule in RULES for check in rule(model, results)]
    rows = [(check.id, *(getattr(check, name) for name in COLUMNS[1:])) for check in checks]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _ledger_covered(model: Model, results: Results) -> Iterator[Check]:
    """Every euro of the ledger has a treatment."""
    if "cost_inventory" in results:
        found = results["cost_inventory"]["amount"].sum()
        yield Check(
            "ledger_covered", "", _booked(model), found, result="cost_inventory",
            found_formula="SUM({cost_inventory.amount})",
        )  # fmt: skip


def _booked(model: Model) -> float:
    """The ledger of the period as it stands in the input, in euro; debit +."""
    ledger = model.tables["ledger"]
    inside = in_period("ledger", ledger, model.books.period)
    return int(money.cents(ledger["amount"].to_numpy(float)[inside]).sum()) / 100


def _lines_tie(_model: Model, results: Results) -> Iterator[Check]:
    """Revenue, bonus, cost of goods and each kind of direct cost: ledger = customers."""
    reconciliation = results.get("ledger_reconciliation")
    if reconciliation is None:
        return
    for position, row in enumerate(reconciliation.itertuples(index=False)):
        if row.line == "total":
            continue
        spread = row.customers + row.unused + row.channel + row.corporate + row.outside
        at = f"INDEX({{ledger_reconciliation.%s}},{position + 1})"
        parts = "+".join(at % name for name in ("customers", "unused", "channel", "corporate", "outside"))
        yield Check(
            "ledger_line", row.line, row.ledger, spread, result="ledger_reconciliation",
            expected_formula=at % "ledger", found_formula=parts,
        )  # fmt: skip


def _ledger_ties(model: Model, results: Results) -> Iterator[Check]:
    """Ledger result = customers + channel + unused + corporate + outside."""
    reconciliation = results.get("ledger_reconciliation")
    if reconciliation is None:
        return
    total = reconciliation.iloc[-1]
    above = total[["unused", "channel", "corporate", "outside"]].sum()
    customers = results["customer_pl"]["customer_result"].sum()
    rest = "+".join(f"SUM({{ledger_reconciliation.{name}}})" for name in ("unused", "channel", "corporate", "outside"))
    yield Check(
        "ledger_result", "", -_booked(model), customers + above, result="ledger_reconciliation",
        expected_formula="SUM({ledger_reconciliation.ledger})",
        found_formula=f"SUM({{customer_pl.customer_result}})+{rest}",
    )  # fmt: skip


def _pools_closed(model: Model, results: Results) -> Iterator[Check]:
    """Per operating pool: what it received = what customers used + what stayed unused."""
    if "capacity" not in results:
        return
    allocation, frame = model.allocation, results["capacity"]
    at_customers = totals_by(allocation.activities.pool, allocation.cells.sum(axis=0), allocation.pools.n)
    for position, (name, cost) in enumerate(zip(frame["pool_id"], frame["cost"], strict=True), start=1):
        pool = allocation.pools.code(name)
        found = int(at_customers[pool] + allocation.unused[pool]) / 100
        used = f'SUMIFS({{activity_rates.cost}},{{activity_rates.pool_id}},"{_quoted(name)}")'
        yield Check(
            "pool_closed", name, cost, found, result="capacity",
            expected_formula=f"INDEX({{capacity.cost}},{position})",
            found_formula=f"{used}+INDEX({{capacity.unused_cost}},{position})",
        )  # fmt: skip


def _quoted(text: str) -> str:
    return text.replace('"', '""')


def _support_closed(_model: Model, results: Results) -> Iterator[Check]:
    """All pools together: ledger in = totals out + unused support capacity."""
    frame = results.get("support_allocation")
    if frame is not None:
        yield Check(
            "support_closed", "", frame["own_cost"].sum(), frame["total"].sum() + frame["support_unused"].sum(),
            result="support_allocation", expected_formula="SUM({support_allocation.own_cost})",
            found_formula="SUM({support_allocation.total})+SUM({support_allocation.support_unused})",
        )  # fmt: skip


def _shares_complete(model: Model, results: Results) -> Iterator[Check]:
    """The shares of every support pool that gives by share add up to 100 %, as they stand in the input."""
    keys = model.tables.get("pool_shares")
    if "support_allocation" not in results or keys is None or "share" not in keys:
        return
    for name, shares in keys.groupby("from_pool", sort=True)["share"]:
        if shares.notna().all():
            yield Check("shares_complete", str(name), 1.0, float(shares.sum()), SHARE_TOLERANCE, "support_allocation")


def _handlings_tie(_model: Model, results: Results) -> Iterator[Check]:
    """Cost of all handlings = cost to serve of all customers."""
    if "activity_rates" in results:
        yield Check(
            "handlings_tie", "", results["activity_rates"]["cost"].sum(), results["customer_pl"]["cost_to_serve"].sum(),
            result="activity_rates", expected_formula="SUM({activity_rates.cost})",
            found_formula="SUM({customer_pl.cost_to_serve})",
        )  # fmt: skip


def _lines_counted(model: Model, _results: Results) -> Iterator[Check]:
    """Invoice lines of the period = net revenue before bonus and later discounts at the customers."""
    statement = model.books.statement
    found = int((statement.net_revenue + statement.bonus + statement.later_discount).sum()) / 100
    yield Check("lines_counted", "", int(model.books.lines.net_cents.sum()) / 100, found, result="customer_pl")


def _groups_tie(_model: Model, results: Results) -> Iterator[Check]:
    """Every roll-up adds up to the customers."""
    groups = results["segment_pl"]
    total = results["customer_pl"]["customer_result"].sum()
    for dimension in groups["dimension"].unique():
        found = groups.loc[groups["dimension"] == dimension, "customer_result"].sum()
        yield Check(
            "group_total", str(dimension), total, found, result="segment_pl",
            expected_formula="SUM({customer_pl.customer_result})",
            found_formula=f'SUMIFS({{segment_pl.customer_result}},{{segment_pl.dimension}},"{{label:{dimension}}}")',
        )  # fmt: skip


def _channels_charged(_model: Model, results: Results) -> Iterator[Check]:
    """Channel cost in the ledger and in channel pools = channel cost of the groups."""
    reconciliation, groups = results.get("ledger_reconciliation"), results["segment_pl"]
    if reconciliation is not None:
        found = groups["channel_cost"].sum() if "channel_cost" in groups else 0.0
        yield Check(
            "channels_charged", "", -float(reconciliation["channel"].iloc[-1]), found, result="segment_pl",
            expected_formula="-SUM({ledger_reconciliation.channel})",  # the sheet leaves the last line, the total, out
            found_formula="SUM({segment_pl.channel_cost})",
        )  # fmt: skip


def _curve_ends(_model: Model, results: Results) -> Iterator[Check]:
    """The whale curve ends at the total of the customers in it."""
    curve = results["whale_curve"]
    if len(curve):
        yield Check(
            "curve_total", "", curve["customer_result"].sum(), float(curve["cumulative"].iloc[-1]),
            result="whale_curve",
            expected_formula="SUM({whale_curve.customer_result})",
            found_formula=f"INDEX({{whale_curve.cumulative}},{len(curve)})",
        )  # fmt: skip


def _bridge_closes(_model: Model, results: Results) -> Iterator[Check]:
    """The bridge from the previous period ends at this period."""
    bridge = results.get("result_bridge")
    if bridge is not None:
        n = len(bridge)
        yield Check(
            "bridge_closes", "", float(bridge["amount"].iloc[-1]), bridge["amount"].iloc[:-1].sum(),
            result="result_bridge",
            expected_formula=f"INDEX({{result_bridge.amount}},{n})",
            found_formula=f"SUM({{result_bridge.amount}})-INDEX({{result_bridge.amount}},{n})",
        )  # fmt: skip


def _elements_tie(_model: Model, results: Results) -> Iterator[Check]:
    """Cost elements at the customers add up to the cost to serve."""
    frame = results.get("customer_elements")
    if frame is not None:
        parts = frame.drop(columns=["customer_id", "cost_to_serve"]).to_numpy(float).sum()
        yield Check("elements_tie", "", frame["cost_to_serve"].sum(), parts, result="customer_elements")


def _customers_known(model: Model, _results: Results) -> Iterator[Check]:
    """Net revenue of customers that are not in the debtor master, and of lines without a customer."""
    revenue = model.books.statement.net_revenue[-2:] / 100
    for subject, amount in zip(("unknown", "none"), revenue, strict=True):
        yield Check("customers_known", subject, 0.0, float(amount), result="customer_pl", severity="warning")


def _capacity_held(_model: Model, results: Results) -> Iterator[Check]:
    """No pool is used beyond its practical capacity (expected: at most 100 %; found: the use above it)."""
    if "capacity" in results:
        for row in results["capacity"].itertuples(index=False):
            use = row.utilisation
            found = 1.0 if np.isnan(use) else max(float(use), 1.0)
            yield Check("capacity_held", str(row.pool_id), 1.0, found, 1e-9, "capacity", "warning")


def _drivers_live(_model: Model, results: Results) -> Iterator[Check]:
    """Activities without volume, pools with cost but no volume, pools with volume but no cost (expected: none)."""
    if "activity_rates" not in results:
        return
    pools = results["capacity"]
    idle, free = pools["flag"] == "idle", pools["cost"].abs() < CENT
    empty = results["activity_rates"]["quantity"] <= 0
    found = {
        "drivers_without_volume": ("activity_rates", empty),
        "pools_without_driver": ("capacity", idle & ~free),
        "drivers_without_cost": ("capacity", ~idle & free),
    }
    for name, (result, rows) in found.items():
        yield Check(name, "", 0, int(rows.sum()), 0, result, "warning")


def _months_complete(model: Model, _results: Results) -> Iterator[Check]:
    """Every month of the period has invoice lines."""
    period = model.books.period
    if period is not None:
        dates = model.books.lines.frame["invoice_date"].to_numpy("datetime64[M]")
        yield Check("months_complete", str(period), _months(period), len(np.unique(dates)), 0, "customer_pl", "warning")


def _months(period: Period) -> int:
    return (period.end.year - period.start.year) * 12 + period.end.month - period.start.month + 1


def _rows_accounted(model: Model, _results: Results) -> Iterator[Check]:
    """Rows in = rows used + rows set aside, per table."""
    for name, origin in model.tables.origins.items():
        if name in model.tables:
            used = len(model.tables[name]) + sum(origin.set_aside.values())
            yield Check("rows_accounted", name, origin.rows_in, used, 0, "import_report")


def _input_unchanged(model: Model, _results: Results) -> Iterator[Check]:
    """The stale marker: sum and number of cells of each input table now against those of this run."""
    for name, origin in model.tables.origins.items():
        if origin.excel_table and name in model.tables:
            mark = origin.fingerprint
            rows = f"{origin.excel_table}[]"  # as Excel stores a table's data rows
            formula = f"SUM({rows})+COUNTA({rows})"
            yield Check(
                "input_unchanged", name, mark, mark, max(CENT, abs(mark) * 1e-12), "import_report", "warning",
                found_formula=formula,
            )  # fmt: skip


def _receivables_tie(model: Model, _results: Results) -> Iterator[Check]:
    """Open items = the receivables account, when the ledger table holds it (RGS BVorDebHad)."""
    items, ledger = model.tables.get("receivables"), model.tables.get("ledger")
    if items is None or ledger is None or "open_amount" not in items or "reference_code" not in ledger:
        return
    account = ledger["reference_code"].fillna("").str.startswith("BVorDebHad")
    if account.any():
        booked, found = ledger.loc[account, "amount"].sum(), items["open_amount"].sum()
        yield Check("receivables_tie", "", booked, found, result="import_report")


RULES: tuple[Rule, ...] = (
    _ledger_ties, _ledger_covered, _lines_tie, _pools_closed, _support_closed, _shares_complete, _handlings_tie,
    _elements_tie, _lines_counted, _groups_tie, _channels_charged, _curve_ends, _bridge_closes, _customers_known,
    _capacity_held, _drivers_live, _months_complete, _receivables_tie, *lifetime.RULES, *base.RULES, *credit.RULES,
    _rows_accounted, _input_unchanged,
)  # fmt: skip
