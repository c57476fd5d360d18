"""Every ledger euro gets exactly one treatment: direct to customers, a cost pool, a channel, corporate or outside."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.costs.cells import totals_by
from klantwaarde.costs.scope import Scope, in_period, straddling
from klantwaarde.costs.treatment import cost_element, propose_treatment
from klantwaarde.messages import Fault
from klantwaarde.tables.catalogue import COST_KINDS, TREATMENTS
from klantwaarde.tables.headers import match_choice, normalise
from klantwaarde.tables.schema import Choice
from klantwaarde.tables.typed import Tables

DIRECT_TARGETS = (
    Choice("revenue", "Omzet", "Revenue", ("opbrengst", "bruto omzet", "list revenue", "sales", "net revenue")),
    Choice("cost_of_goods", "Inkoopwaarde", "Cost of goods", ("inkoop", "kostprijs verkopen", "cogs", "cost of sales")),
    *COST_KINDS,
)


@dataclass(frozen=True, slots=True)
class Inventory:
    """The ledger of one period, each row with its treatment.

    Attributes:
        rows: account, description, cost_center, treatment, target, cost_element, cents (int64, debit +); the index is
            that of the ledger table, so that every row still has its address.
        totals: Cents by treatment and target.
    """

    rows: pd.DataFrame
    totals: Mapping[tuple[str, str], int]

    @property
    def total_cents(self) -> int:
        """The whole ledger; debit +, so a profit is negative."""
        return sum(self.totals.values())

    def cents_of(self, treatment: str, target: str | None = None) -> int:
        """Sum of one treatment, or of one target within it."""
        return sum(c for (t, g), c in self.totals.items() if t == treatment and target in (None, g))

    def of_treatment(self, treatment: str) -> pd.DataFrame:
        """The rows with this treatment."""
        return self.rows[(self.rows["treatment"] == treatment).to_numpy(bool)]


def take_inventory(scope: Scope) -> tuple[Inventory, list[Fault]]:
    """Give every ledger row of the period its treatment, target and cost element.

    Source: the allocation stage "inventory of customer-related cost" (Horngren et al., Cost Accounting, ch. 14): each
    account has one treatment, coverage is 100 % of the ledger.

    Returns:
        The inventory, and a fault for every account without a usable treatment (the proposal stands in the advice).
    """
    tables = scope.tables
    ledger = tables["ledger"]
    rows = ledger[in_period("ledger", ledger, scope.period)]
    faults = straddling(scope, "ledger", "KW-CI-005")
    if rows.empty:
        faults.append(tables.fault("KW-CI-006", "ledger", period=str(scope.period or "")))
    mapping, more = _confirmed(tables)
    kinds, first, code = _kinds(rows)
    rules = _Rules(tables, mapping, _pools_by_name(tables))
    settled = [_settle(kind, rules, rows.index[row]) for kind, row in zip(kinds, first, strict=True)]
    decided = pd.DataFrame([d for d, _ in settled], columns=["treatment", "target", "cost_element"], dtype=object)
    frame = pd.DataFrame({name: _texts(rows, name) for name in ("account", "description", "cost_center")}, rows.index)
    for name in decided:
        frame[name] = decided[name].to_numpy()[code]
    frame["cents"] = money.cents(rows["amount"].to_numpy(float))
    places, place = _places(frame)
    totals = totals_by(place, frame["cents"].to_numpy(np.int64), len(places)).tolist()
    found = _once_per_account([fault for _, fault in settled if fault])
    return Inventory(frame, dict(zip(places, totals, strict=True))), [*faults, *more, *found]


def _once_per_account(faults: list[Fault]) -> list[Fault]:
    """One question per account, however many cost centers it has; the first row stands for all."""
    asked = {(fault.code, str(fault.found)): fault for fault in reversed(faults)}
    return list(reversed(asked.values()))


def _places(rows: pd.DataFrame) -> tuple[list[tuple[str, str]], NDArray[np.intp]]:
    """The different pairs of treatment and target, sorted, and the pair of every row."""
    treatment, treatments = pd.factorize(rows["treatment"].to_numpy(object), sort=True)
    target, targets = pd.factorize(rows["target"].to_numpy(object), sort=True)
    pairs, place = np.unique(treatment * max(len(targets), 1) + target, return_inverse=True)
    return [(treatments[pair // len(targets)], targets[pair % len(targets)]) for pair in pairs.tolist()], place


_KIND_OF_ROW = ("account", "cost_center", "description", "reference_code", "treatment", "target", "cost_element")


def _kinds(rows: pd.DataFrame) -> tuple[list[dict[str, str]], list[int], NDArray[np.intp]]:
    """The different kinds of ledger row, the first row of each, and the kind of every row."""
    code = np.zeros(len(rows), dtype=np.intp)
    texts = {name: _texts(rows, name) for name in _KIND_OF_ROW}
    for column in texts.values():
        part, different = pd.factorize(column)
        code, _ = pd.factorize(code * max(len(different), 1) + part)
    _, first = np.unique(code, return_index=True)
    columns = [texts[name].to_numpy(object)[first].tolist() for name in _KIND_OF_ROW]
    kinds = [dict(zip(_KIND_OF_ROW, values, strict=True)) for values in zip(*columns, strict=True)]
    return kinds, first.tolist(), code


def _texts(rows: pd.DataFrame, column: str) -> pd.Series:
    if column not in rows:
        return pd.Series("", index=rows.index, dtype="str")
    return rows[column].fillna("")


_Place = tuple[str, str]  # treatment and target, or account and cost center


def _confirmed(tables: Tables) -> tuple[dict[_Place, _Place], list[Fault]]:
    """Confirmed rows of the mapping table: (account, cost center or "") -> (treatment, target)."""
    mapping = tables.get("mapping")
    if mapping is None or "treatment" not in mapping or "confirmed" not in mapping:
        return {}, []
    agreed = mapping[mapping["treatment"].notna() & mapping["confirmed"]]
    found: dict[_Place, _Place] = {}
    faults = []
    columns = (_texts(agreed, name) for name in ("account", "cost_center", "treatment", "target"))
    for row, account, cost_center, treatment, target in zip(agreed.index, *columns, strict=True):
        if found.setdefault((account, cost_center), (treatment, target)) != (treatment, target):
            faults.append(tables.fault("KW-CI-008", "mapping", row, "account", account))
    return found, faults


def _pools_by_name(tables: Tables) -> dict[str, str]:
    """Pool id by id, and by normalised id or name where that fits exactly one pool."""
    pools = tables.get("cost_pools")
    if pools is None:
        return {}
    fitting: dict[str, set[str]] = {}
    ids, names = pools["pool_id"].tolist(), _texts(pools, "name").tolist()
    for pool_id, name in zip(ids, names, strict=True):
        for text in (pool_id, name):
            fitting.setdefault(normalise(text), set()).add(pool_id)
    by_name = {text: next(iter(found)) for text, found in fitting.items() if text and len(found) == 1}
    return by_name | {pool_id: pool_id for pool_id in ids}


@dataclass(frozen=True, slots=True)
class _Rules:
    """What decides about a ledger row besides the row itself."""

    tables: Tables
    mapping: Mapping[_Place, _Place]
    pools: Mapping[str, str]


_Decision = tuple[str, str, str]  # treatment, target, cost element


def _settle(kind: dict[str, str], rules: _Rules, row: object) -> tuple[_Decision, Fault | None]:
    """Treatment, target and cost element of one kind of ledger row."""
    account = kind["account"]
    element = kind["cost_element"] or cost_element(kind["description"], kind["reference_code"])
    treatment, target = kind["treatment"], kind["target"]
    if not treatment:
        own, whole = (account, kind["cost_center"]), (account, "")
        treatment, target = rules.mapping.get(own) or rules.mapping.get(whole) or ("", "")
    if not treatment:
        return ("", "", element), _unmapped(kind, rules.tables, row)
    if treatment == "direct":
        target, fault = _direct_target(kind, target, rules.tables, row)
        return (treatment, target, element), fault
    if treatment == "pool":
        name = target or kind["cost_center"]
        pool = rules.pools.get(name) or rules.pools.get(normalise(name)) if name else None
        if "cost_pools" not in rules.tables:  # costing is switched off; the tie-out shows this cost without a place
            pool = name or account
        fault = None if pool else rules.tables.fault("KW-CI-003", "ledger", row, "target", name or account)
        return (treatment, pool or "", element), fault
    return (treatment, target, element), None


def _unmapped(kind: dict[str, str], tables: Tables, row: object) -> Fault:
    proposal = propose_treatment(kind["account"], kind["description"], kind["reference_code"])
    names = {choice.id: choice.label(tables.settings.language) for choice in (*TREATMENTS, *DIRECT_TARGETS)}
    hint = " → ".join(names.get(part, part) for part in (proposal.treatment, proposal.target) if part) or "?"
    place = ("ledger", row, "treatment", kind["account"])
    return tables.fault("KW-CI-001", *place, description=kind["description"], proposal=hint)


def _direct_target(kind: dict[str, str], target: str, tables: Tables, row: object) -> tuple[str, Fault | None]:
    """The customer line of a direct account; a blank target is read from the account itself, and that is said."""
    if target:
        chosen = match_choice(target, DIRECT_TARGETS)
        return chosen or "", None if chosen else tables.fault("KW-CI-002", "ledger", row, "target", target)
    proposal = propose_treatment(kind["account"], kind["description"], kind["reference_code"])
    if proposal.treatment != "direct" or not proposal.target:
        return "", tables.fault("KW-CI-002", "ledger", row, "target", kind["account"])
    line = next(choice for choice in DIRECT_TARGETS if choice.id == proposal.target)
    place = ("ledger", row, "target", kind["account"])
    name = line.label(tables.settings.language)
    return line.id, tables.fault("KW-CI-007", *place, severity="note", line=name, description=kind["description"])


def cost_inventory(inventory: Inventory) -> pd.DataFrame:
    """Euros by treatment and target, with the share of all ledger euros in absolute value; the shares sum to 1.

    Returns:
        One row per treatment and target: treatment, target, accounts, amount (euro, debit +), coverage (fraction).
    """
    rows = inventory.rows
    places, place = _places(rows)
    cents = rows["cents"].to_numpy(np.int64)
    account, numbers = pd.factorize(rows["account"])
    pairs = np.unique(place * max(len(numbers), 1) + account) // max(len(numbers), 1)
    weight = totals_by(place, np.abs(cents), len(places))
    frame = pd.DataFrame(places, columns=["treatment", "target"], dtype=object)
    frame["accounts"] = np.bincount(pairs, minlength=len(places))
    frame["amount"] = money.euros(totals_by(place, cents, len(places)))
    frame["coverage"] = weight / weight.sum() if weight.any() else 0.0
    rank = {choice.id: position for position, choice in enumerate(TREATMENTS)}
    return frame.sort_values("treatment", key=lambda names: names.map(rank), kind="stable", ignore_index=True)
