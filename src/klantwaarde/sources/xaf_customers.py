"""Customers from the relations of an auditfile; customers and suppliers that an exporter swapped are noticed."""

from dataclasses import dataclass
from decimal import Decimal

import pandas as pd
from pyxaf import AuditFile, Relation, RelationKind
from pyxaf.values import parse_amount

from klantwaarde.messages import Fault
from klantwaarde.sources.xaf_controls import SHOWN_PER_CODE
from klantwaarde.sources.xaf_postings import Postings


@dataclass(frozen=True, slots=True)
class Customers:
    """The customer table, the relations left out (by reason) and what was noticed."""

    table: pd.DataFrame
    relations: int
    used: int
    set_aside: dict[str, int]
    faults: list[Fault]


def read_customers(auditfile: AuditFile, postings: Postings, language: str) -> Customers:
    """Customers are the relations of type C and B, and every relation that stands on a debtor line.

    Some exporters (Odoo) write C for suppliers and S for customers: when only relations of type S stand on the debtor
    lines, and none of type S stands on other lines alone, the types are read the other way round.
    """
    relations = auditfile.relations
    swapped = _is_swapped(auditfile, postings)
    chosen = [r for r in relations.values() if _is_customer(r, postings, swapped=swapped)]
    sold_to = postings.on_debtor_lines | {line.customer_id for line in postings.revenue}
    missing = sorted(sold_to - set(relations))
    chosen_ids = {r.id for r in chosen}
    left_out = [r for number, r in relations.items() if number not in chosen_ids]
    suppliers = sum(r.relation_type.kind in (RelationKind.SUPPLIER, RelationKind.CUSTOMER) for r in left_out)
    counts = {"supplier": suppliers, "other_relation": len(left_out) - suppliers}
    return Customers(
        table=_table(chosen, missing),
        relations=len(relations),
        used=len(chosen),
        set_aside={reason: count for reason, count in counts.items() if count},
        faults=[*_type_faults(chosen, language, swapped=swapped), *_named("KW-XA-032", missing, language),
                *_group_faults(chosen, language)],
    )  # fmt: skip


def _is_swapped(auditfile: AuditFile, postings: Postings) -> bool:
    on_debtors = _kinds(auditfile, postings.on_debtor_lines)
    elsewhere_only = _kinds(auditfile, postings.on_other_lines - postings.on_debtor_lines)
    return on_debtors == {RelationKind.SUPPLIER} and RelationKind.SUPPLIER not in elsewhere_only


def _kinds(auditfile: AuditFile, numbers: set[str]) -> set[RelationKind]:
    return {auditfile.relations[number].relation_type.kind for number in numbers if number in auditfile.relations}


def _is_customer(relation: Relation, postings: Postings, *, swapped: bool) -> bool:
    wanted = RelationKind.SUPPLIER if swapped else RelationKind.CUSTOMER
    return relation.relation_type.kind in (wanted, RelationKind.BOTH) or relation.id in postings.on_debtor_lines


def _raw_text(relation: Relation, name: str) -> str | None:
    text = relation.raw.get(name) if relation.raw else None
    return text.strip() or None if text else None


def _credit_limit(relation: Relation) -> Decimal | None:
    return parse_amount(_raw_text(relation, "custCreditLimit"))


def _table(chosen: list[Relation], missing: list[str]) -> pd.DataFrame:
    limits = [_credit_limit(r) for r in chosen]
    return pd.DataFrame({
        "customer_id": pd.Series([*(r.id for r in chosen), *missing], dtype="str"),
        "name": pd.Series([*(r.name for r in chosen), *(None for _ in missing)], dtype="str"),
        "parent_id": pd.Series([*(_raw_text(r, "custSupGrpID") for r in chosen), *(None for _ in missing)], dtype="str"),
        "credit_limit": pd.Series([*(None if x is None else float(x) for x in limits), *(None for _ in missing)],
                                  dtype="float64"),
    })  # fmt: skip


def _type_faults(chosen: list[Relation], language: str, *, swapped: bool) -> list[Fault]:
    written_as_supplier = [r.id for r in chosen if r.relation_type.kind is RelationKind.SUPPLIER]
    if swapped:
        values = {"count": len(written_as_supplier)}
        return [Fault("KW-XA-030", "warn", table="customers", values=values, language=language)]
    return _named("KW-XA-031", written_as_supplier, language)


def _named(code: str, numbers: list[str], language: str) -> list[Fault]:
    named = [
        Fault(code, "warn", table="customers", column="customer_id", found=number, language=language)
        for number in numbers[:SHOWN_PER_CODE]
    ]
    if rest := len(numbers) - len(named):
        values = {"count": rest, "code": code}
        named.append(Fault("KW-XA-034", "warn", table="customers", values=values, language=language))
    return named


def _group_faults(chosen: list[Relation], language: str) -> list[Fault]:
    groups = {_raw_text(r, "custSupGrpID") for r in chosen} - {None}
    if not groups:
        return []
    values = {"count": len(groups)}
    return [Fault("KW-XA-033", "note", table="customers", column="parent_id", values=values, language=language)]
