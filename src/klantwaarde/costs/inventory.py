"""Every ledger euro gets exactly one treatment: direct to customers, a cost pool, a channel, corporate or outside."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.costs.treatment import cost_element, propose_treatment
from klantwaarde.messages import Fault
from klantwaarde.periods import Period, period_from_text
from klantwaarde.tables.catalogue import COST_KINDS
from klantwaarde.tables.headers import match_choice, normalise
from klantwaarde.tables.schema import Choice
from klantwaarde.tables.typed import Tables

DIRECT_TARGETS = (
    Choice("revenue", "Omzet", "Revenue", ("opbrengst", "bruto omzet", "list revenue", "sales", "net revenue")),
    Choice("cost_of_goods", "Inkoopwaarde", "Cost of goods", ("inkoop", "kostprijs verkopen", "cogs", "cost of sales")),
    *COST_KINDS,
)
SUMMARY_TREATMENTS = ("direct", "pool", "channel", "corporate", "outside")


@dataclass(frozen=True, slots=True)
class Inventory:
    """The ledger of one period, each row with its treatment.

    Attributes:
        rows: account, description, cost_center, treatment, target, cost_element, cents (int64, debit +); the index is
            that of the ledger table, so that every row still has its address.
        set_aside: Ledger rows outside the period.
    """

    rows: pd.DataFrame
    set_aside: pd.DataFrame

    @property
    def total_cents(self) -> int:
        return int(self.rows["cents"].sum())

    def cents_of(self, treatment: str, target: str | None = None) -> int:
        """Sum of one treatment, or of one target within it."""
        chosen = self.rows["treatment"] == treatment
        if target is not None:
            chosen &= self.rows["target"] == target
        return int(self.rows.loc[chosen, "cents"].sum())


def in_period(table: pd.DataFrame, period: Period | None) -> tuple[NDArray[np.bool_], list[str]]:
    """Which rows of a table with a ``period`` column belong to the period, and the texts that straddle its border.

    Rows without a period belong to every period. Without a period to compare with, all rows belong.
    """
    if period is None or "period" not in table or table.empty:
        return np.ones(len(table), dtype=bool), []
    codes, texts = pd.factorize(table["period"])
    spans = [period_from_text(text) for text in texts]
    inside = np.array([period.contains(span) for span in spans] + [True])
    straddling = [t for t, s in zip(texts, spans, strict=True) if period.overlaps(s) and not period.contains(s)]
    return inside[codes], straddling


def take_inventory(tables: Tables, period: Period | None) -> tuple[Inventory, list[Fault]]:
    """Give every ledger row of the period its treatment, target and cost element.

    Source: the allocation stage "inventory of customer-related cost" (Horngren et al., Cost Accounting, ch. 14): each
    account has one treatment, coverage is 100 % of the ledger.

    Returns:
        The inventory, and a fault for every account without a usable treatment (the proposal stands in the advice).
    """
    ledger = tables["ledger"]
    inside, straddling = in_period(ledger, period)
    faults = [tables.fault("KW-CI-005", "ledger", column="period", found=text, period=str(period)) for text in straddling]
    rows = ledger.loc[inside]
    if rows.empty:
        return _empty(), [*faults, tables.fault("KW-CI-006", "ledger", period=str(period or ""))]
    kinds = pd.MultiIndex.from_frame(pd.DataFrame({name: _texts(rows, name) for name in _KIND_OF_ROW}))
    codes, distinct = pd.factorize(kinds)
    first = np.full(len(distinct), -1)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    mapping = _confirmed(tables)
    settled = []
    for key, position in zip(distinct, first, strict=True):
        decision, fault = _settle(dict(zip(_KIND_OF_ROW, key, strict=True)), mapping, tables, rows.index[position])
        settled.append(decision)
        faults.extend([fault] if fault else [])
    decided = pd.DataFrame(settled, columns=["treatment", "target", "cost_element"]).iloc[codes].set_index(rows.index)
    described = {name: _texts(rows, name) for name in ("account", "description", "cost_center")}
    frame = pd.DataFrame(described | {"cents": money.cents(rows["amount"].to_numpy())}, index=rows.index)
    return Inventory(frame.join(decided), ledger.loc[~inside]), faults


_KIND_OF_ROW = ("account", "cost_center", "description", "reference_code", "treatment", "target", "cost_element")


def _empty() -> Inventory:
    columns = ["account", "description", "cost_center", "cents", "treatment", "target", "cost_element"]
    frame = pd.DataFrame(columns=columns).astype({"cents": "int64"})
    return Inventory(frame, frame)


def _texts(rows: pd.DataFrame, column: str) -> pd.Series:
    if column not in rows:
        return pd.Series("", index=rows.index, dtype="str")
    return rows[column].fillna("")


def _confirmed(tables: Tables) -> dict[tuple[str, str], tuple[str, str]]:
    """Confirmed rows of the mapping table: (account, cost center or "") -> (treatment, target)."""
    mapping = tables.get("mapping")
    if mapping is None or "treatment" not in mapping:
        return {}
    agreed = mapping[mapping["treatment"].notna() & (mapping["confirmed"] if "confirmed" in mapping else False)]
    names = ("account", "cost_center", "treatment", "target")
    return {(a, c): (t, g) for a, c, t, g in zip(*(_texts(agreed, n) for n in names), strict=True)}


def _settle(
    kind: dict[str, str], mapping: dict[tuple[str, str], tuple[str, str]], tables: Tables, row: object
) -> tuple[tuple[str, str, str], Fault | None]:
    """Treatment, target and cost element of one kind of ledger row."""
    account, cost_center = kind["account"], kind["cost_center"]
    proposal = propose_treatment(account, kind["description"], kind["reference_code"] or None)
    element = kind["cost_element"] or cost_element(kind["description"], kind["reference_code"] or None)
    treatment, target = kind["treatment"], kind["target"]
    if not treatment:
        treatment, target = mapping.get((account, cost_center)) or mapping.get((account, "")) or ("", target)
    if not treatment:
        hint = " → ".join(part for part in (proposal.treatment, proposal.target) if part) or "?"
        fault = tables.fault("KW-CI-001", "ledger", row, "treatment", account, description=kind["description"], proposal=hint)
        return ("", "", element), fault
    if treatment == "direct":
        chosen = match_choice(target, DIRECT_TARGETS) if target else _proposed_target(proposal.treatment, proposal.target)
        fault = None if chosen else tables.fault("KW-CI-002", "ledger", row, "target", target or account)
        return (treatment, chosen or "", element), fault
    if treatment == "pool":
        pool = _pool(tables, target or cost_center)
        fault = None if pool else tables.fault("KW-CI-003", "ledger", row, "target", target or account)
        return (treatment, pool or "", element), fault
    return (treatment, target, element), None


def _proposed_target(treatment: str | None, target: str | None) -> str | None:
    return target if treatment == "direct" else None


def _pool(tables: Tables, name: str) -> str | None:
    """The pool with this id, or with this name when exactly one has it."""
    pools = tables.get("cost_pools")
    if pools is None or not name:
        return None
    if (pools["pool_id"] == name).any():
        return name
    wanted = normalise(name)
    labels = _texts(pools, "name")
    same = [p for p, label in zip(pools["pool_id"], labels, strict=True) if wanted in (normalise(p), normalise(label))]
    return same[0] if len(same) == 1 else None


def cost_inventory(inventory: Inventory) -> pd.DataFrame:
    """Euros by treatment and target, with the share of all ledger euros in absolute value; the shares sum to 1.

    Returns:
        One row per treatment and target: treatment, target, accounts, amount (euro, debit +), coverage (fraction).
    """
    rows = inventory.rows
    grouped = rows.assign(weight=rows["cents"].abs()).groupby(["treatment", "target"], sort=True)
    summary = grouped.agg(accounts=("account", "nunique"), cents=("cents", "sum"), weight=("weight", "sum")).reset_index()
    whole = summary["weight"].sum()
    summary["amount"] = money.euros(summary["cents"].to_numpy())
    summary["coverage"] = summary["weight"] / whole if whole else 0.0
    rank = {name: position for position, name in enumerate(SUMMARY_TREATMENTS)}
    summary = summary.sort_values("treatment", key=lambda names: names.map(rank), kind="stable", ignore_index=True)
    return summary[["treatment", "target", "accounts", "amount", "coverage"]]


