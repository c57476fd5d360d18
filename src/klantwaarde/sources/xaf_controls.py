"""The control figures of an auditfile import and what they give reason to say: totals, balance, doubts."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from pyxaf import AuditFile, Finding

from klantwaarde.messages import Fault, Severity
from klantwaarde.sources.xaf_postings import Postings, Remark

SHOWN_PER_CODE = 25
"""So many transactions are named one by one; the rest is counted."""

QUIRKS = {
    "XAF1001": "KW-XA-060",  # byte-order mark
    "XAF1003": "KW-XA-064",  # an encoding that the standard does not allow
    "XAF1005": "KW-XA-061", "XAF1006": "KW-XA-061",  # an encoding that is not the declared one
    "XAF3002": "KW-XA-062", "XAF3003": "KW-XA-062", "XAF3004": "KW-XA-062", "XAF3005": "KW-XA-062",
    "XAF3007": "KW-XA-062",  # namespace or version in doubt
    "XAF6001": "KW-XA-013", "XAF6002": "KW-XA-013",  # an id that occurs twice, rules [0001] and [0002]
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Intake:
    """The rows of one kind: ``rows_in`` = ``used`` + everything in ``set_aside`` (count per reason)."""

    table: str
    rows_in: int
    used: int
    set_aside: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Controls:
    """What the file declares and what was counted. Amounts in the currency of the file.

    Attributes:
        total_debit: Sum of the debit lines, opening transactions included.
        declared_debit: The file's own control total, or None.
        profit_and_loss: Sum of the ledger table, debit +: a profit is negative.
        revenue_without_customer: Revenue that could not be given to one customer, ambiguous transactions not counted.
        intake: Rows in, used and set aside, per table.
    """

    version: str
    software: str
    fiscal_year: str
    currency: str
    accounts: int
    transactions: int
    lines: int
    total_debit: Decimal
    total_credit: Decimal
    declared_lines: int | None
    declared_debit: Decimal | None
    declared_credit: Decimal | None
    profit_and_loss: Decimal
    revenue_without_customer: Decimal
    intake: tuple[Intake, ...]


def build_controls(auditfile: AuditFile, postings: Postings, intake: tuple[Intake, ...]) -> Controls:
    """Put the declared and the counted figures side by side."""
    header, declared = auditfile.header, auditfile.transaction_totals
    return Controls(
        version=str(auditfile.version),
        software=" ".join(part for part in (header.software_name, header.software_version) if part),
        fiscal_year=header.fiscal_year or "",
        currency=header.currency or "",
        accounts=len(auditfile.accounts),
        transactions=postings.transactions,
        lines=postings.lines.total(),
        total_debit=postings.total_debit,
        total_credit=postings.total_credit,
        declared_lines=declared.lines_count if declared else None,
        declared_debit=declared.total_debit if declared else None,
        declared_credit=declared.total_credit if declared else None,
        profit_and_loss=sum(postings.ledger.values(), Decimal(0)),
        revenue_without_customer=postings.revenue_without_customer,
        intake=intake,
    )


def intake_of(table: str, lines: Counter[str]) -> Intake:
    """A count per outcome, ``used`` among them, as an intake."""
    aside = {reason: count for reason, count in lines.items() if reason != "used" and count}
    return Intake(table, lines.total(), lines["used"], aside)


def control_faults(controls: Controls, language: str) -> Iterator[Fault]:
    """Rules [0007], [0008] and [0009] of XAF 4.0, for every version; the number of lines as a note."""
    compared = (
        ("[0007]", "totalDebit", controls.declared_debit, controls.total_debit),
        ("[0008]", "totalCredit", controls.declared_credit, controls.total_credit),
        ("[0009]", "totalDebit, totalCredit", controls.declared_debit, controls.declared_credit),
    )
    for rule, name, declared, counted in compared:
        if declared is not None and counted is not None and declared != counted:
            values = {"rule": rule, "name": name, "declared": declared, "counted": counted,
                      "difference": declared - counted}  # fmt: skip
            yield Fault("KW-XA-010", "warn", table="controls", found=declared, values=values, language=language)
    if controls.declared_lines is not None and controls.declared_lines != controls.lines:
        values = {"counted": controls.lines}
        yield Fault("KW-XA-012", "note", table="controls", found=controls.declared_lines, values=values,
                    language=language)  # fmt: skip


def posting_faults(postings: Postings, language: str) -> Iterator[Fault]:
    """Doubts about single transactions, accounts that are not listed, and what applies to the file as a whole."""
    for number in sorted(postings.unlisted):
        yield Fault("KW-XA-022", "warn", table="ledger", column="account", found=number, language=language)
    yield from _remark_faults(postings.remarks, language)
    without, amount = postings.revenue_lines["no_customer"], postings.revenue_without_customer
    if without:
        values: dict[str, object] = {"count": without, "amount": amount}
        yield Fault("KW-XA-041", "warn", table="invoice_lines", values=values, language=language)
    noted = (("KW-XA-042", postings.without_invoice_number), ("KW-XA-063", postings.negative_amounts))
    for code, count in noted:
        if count:
            yield Fault(code, "note", values={"count": count}, language=language)


def quirk_faults(findings: tuple[Finding, ...], language: str) -> Iterator[Fault]:
    """What the reader noticed about the file itself, once per kind; double ids one by one."""
    seen: set[tuple[str, str]] = set()
    for finding in findings:
        code, found = QUIRKS.get(finding.code), finding.value or ""
        if code is None or (code, found) in seen:
            continue
        seen.add((code, found))
        serious = code in ("KW-XA-013", "KW-XA-061")
        values = {"line": finding.line or "", "rule": finding.rule_ref or ""}
        yield Fault(code, "warn" if serious else "note", found=found, values=values, language=language)


def _remark_faults(remarks: list[Remark], language: str) -> Iterator[Fault]:
    by_code: defaultdict[str, list[Remark]] = defaultdict(list)
    for remark in remarks:
        by_code[remark.code].append(remark)
    for code, group in sorted(by_code.items()):
        severity: Severity = "stop" if code == "KW-XA-007" else "warn"
        table = "invoice_lines" if code == "KW-XA-040" else "ledger"
        for remark in group[:SHOWN_PER_CODE]:
            values: dict[str, object] = {"amount": remark.amount, "detail": remark.detail}
            yield Fault(code, severity, table=table, found=remark.transaction, values=values, language=language)
        if rest := group[SHOWN_PER_CODE:]:
            values = {"count": len(rest), "code": code, "amount": sum((r.amount for r in rest), Decimal(0))}
            yield Fault("KW-XA-019", "warn", table=table, values=values, language=language)
