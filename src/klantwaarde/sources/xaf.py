"""Read an XML Auditfile Financieel (XAF 3.0-4.0, CLAIR2, ADF) into our input tables.

Parsing is done by pyxaf (every version and namespace, BOM, windows-1252, gzip and zip; DOCTYPE and entities refused).
What is right or wrong with the totals is said, never repaired: control totals and transactions that do not balance
give a warning and reading goes on, because every profit and loss amount is used exactly as the file has it and the
difference is shown. Reading stops when an amount on a profit and loss account cannot be read at all: then the ledger
would miss money without showing how much.
"""

import codecs
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyxaf
from lxml import etree
from pyxaf import AuditFile, Family, Version

from klantwaarde.messages import Fault, InputError
from klantwaarde.sources.xaf_accounts import account_faults, read_accounts
from klantwaarde.sources.xaf_controls import (
    Controls,
    Intake,
    build_controls,
    control_faults,
    intake_of,
    posting_faults,
    quirk_faults,
)
from klantwaarde.sources.xaf_customers import Customers, read_customers
from klantwaarde.sources.xaf_postings import Postings, read_postings
from klantwaarde.sources.xaf_receivables import Receivables, no_receivables, read_receivables

MAX_BYTES = 1_073_741_824
"""The largest auditfile that is read: 1 GiB, unpacked."""

UNREADABLE = (pyxaf.PyxafError, etree.XMLSyntaxError, OSError)


@dataclass(frozen=True, slots=True)
class AuditfileTables:
    """The tables of one auditfile, with the canonical columns of our input tables.

    Attributes:
        ledger: Profit and loss accounts: one row per account, cost center and month; debit +, credit -.
        customers: Customers; name and credit limit as far as the version holds them.
        invoice_lines: Revenue lines with one customer; net_amount revenue +, credit note -.
        receivables: Invoices of the debtor subledger (XAF 3.x); empty when the file holds none.
        faults: Warnings and notes, with the rule number where the standard has one.
        controls: Declared and counted totals; rows in = used + set aside.
    """

    ledger: pd.DataFrame
    customers: pd.DataFrame
    invoice_lines: pd.DataFrame
    receivables: pd.DataFrame
    faults: tuple[Fault, ...]
    controls: Controls


def read_auditfile(path: Path, *, language: str = "nl") -> AuditfileTables:
    """Read an auditfile.

    Args:
        path: The file, plain or packed with gzip or zip (one file inside).
        language: Language of the messages, ``nl`` or ``en``.

    Raises:
        InputError: the file cannot be opened, is no auditfile, is encrypted, too large, damaged or unsafe, or an
            amount on a profit and loss account cannot be read.
    """
    _check_size(path, language)
    try:
        return _read(path, None, language)
    except pyxaf.XmlSyntaxError as error:
        if isinstance(error, pyxaf.ForbiddenConstructError) or _is_utf8(path):
            raise InputError([_refusal(error, path, language)]) from error
    except UNREADABLE as error:
        raise InputError([_refusal(error, path, language)]) from error
    # Some exporters (Business Central) write windows-1252 and call it UTF-8.
    try:
        return _read(path, "cp1252", language)
    except UNREADABLE as error:
        raise InputError([_refusal(error, path, language)]) from error


def _read(path: Path, encoding: str | None, language: str) -> AuditfileTables:
    with pyxaf.open(
        path, encoding=encoding, repair=("latin1-as-cp1252",), max_decompressed_size=MAX_BYTES
    ) as auditfile:
        accounts = read_accounts(auditfile)
        postings = read_postings(auditfile, accounts)
        customers = read_customers(auditfile, postings, language)
        receivables = _receivables(path, auditfile, customers)
        intake = _intake(postings, customers, receivables)
        controls = build_controls(auditfile, postings, intake)
        faults = [
            *quirk_faults(auditfile.findings, language),
            *([Fault("KW-XA-061", "warn", found="UTF-8", language=language)] if encoding else []),
            *control_faults(controls, language),
            *account_faults((accounts[number] for number in sorted(postings.booked & set(accounts))), language),
            *posting_faults(postings, language),
            *customers.faults,
            *_receivables_faults(auditfile, receivables, language),
        ]
    if any(fault.severity == "stop" for fault in faults):
        raise InputError(faults)
    return AuditfileTables(
        ledger=_ledger_table(postings),
        customers=customers.table,
        invoice_lines=_invoice_lines_table(postings),
        receivables=receivables.table,
        faults=tuple(faults),
        controls=controls,
    )


def _intake(postings: Postings, customers: Customers, receivables: Receivables) -> tuple[Intake, ...]:
    return (
        intake_of("ledger", postings.lines),
        Intake("customers", customers.relations, customers.used, customers.set_aside),
        intake_of("invoice_lines", postings.revenue_lines),
        intake_of("receivables", receivables.lines),
    )


def _has_subledgers(auditfile: AuditFile) -> bool:
    return auditfile.format.family is Family.XAF and auditfile.version is not Version.XAF40


def _receivables(path: Path, auditfile: AuditFile, customers: Customers) -> Receivables:
    numbers = frozenset(customers.table["customer_id"]) if _has_subledgers(auditfile) else frozenset[str]()
    if not numbers:
        return no_receivables()
    written = auditfile.format.encoding.effective
    # As for pyxaf above: ISO-8859-1 is read as windows-1252. UTF-16 and UTF-32 announce themselves by their first bytes.
    encoding = {"iso8859-1": "windows-1252", "cp1252": "windows-1252"}.get(written, written)
    return read_receivables(path, numbers, encoding=None if encoding.startswith(("utf-16", "utf-32")) else encoding)


def _receivables_faults(auditfile: AuditFile, receivables: Receivables, language: str) -> list[Fault]:
    if receivables.table.empty:
        return [Fault("KW-XA-050", "note", table="receivables", found=str(auditfile.version), language=language)]
    aside = receivables.lines["no_due_date"] + receivables.lines["no_invoice"] + receivables.lines["unreadable"]
    if not aside:
        return []
    return [Fault("KW-XA-051", "warn", table="receivables", values={"count": aside}, language=language)]


def _ledger_table(postings: Postings) -> pd.DataFrame:
    rows = sorted(postings.ledger.items(), key=lambda row: tuple(part or "" for part in row[0]))
    accounts = [postings.accounts[account] for (account, _, _), _ in rows]
    return pd.DataFrame({
        "account": pd.Series([account.id for account in accounts], dtype="str"),
        "description": pd.Series([account.description for account in accounts], dtype="str"),
        "cost_center": pd.Series([center for (_, center, _), _ in rows], dtype="str"),
        "period": pd.Series([period for (_, _, period), _ in rows], dtype="str"),
        "amount": pd.Series([float(amount) for _, amount in rows], dtype="float64"),
        "reference_code": pd.Series([account.reference_code for account in accounts], dtype="str"),
    })  # fmt: skip


def _invoice_lines_table(postings: Postings) -> pd.DataFrame:
    lines = postings.revenue
    quantities = [None if line.quantity is None else float(line.quantity) for line in lines]
    return pd.DataFrame({
        "invoice_id": pd.Series([line.invoice_id for line in lines], dtype="str"),
        "invoice_date": pd.Series([line.invoice_date for line in lines], dtype="datetime64[us]"),
        "customer_id": pd.Series([line.customer_id for line in lines], dtype="str"),
        "product_id": pd.Series([line.product_id for line in lines], dtype="str"),
        "quantity": pd.Series(quantities, dtype="float64"),
        "net_amount": pd.Series([float(line.net_amount) for line in lines], dtype="float64"),
        "order_id": pd.Series([line.order_id for line in lines], dtype="str"),
    })  # fmt: skip


def _check_size(path: Path, language: str) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise InputError([_refusal(error, path, language)]) from error
    if size > MAX_BYTES:
        raise InputError([_too_large(path, language)])


def _too_large(path: Path, language: str) -> Fault:
    return Fault("KW-XA-005", found=path.name, values={"limit": MAX_BYTES // 1_048_576}, language=language)


def _refusal(error: Exception, path: Path, language: str) -> Fault:
    """The message for a file that cannot be read at all."""
    if isinstance(error, pyxaf.LimitExceededError):
        return _too_large(path, language)
    codes = (
        (pyxaf.ForbiddenConstructError, "KW-XA-004"),
        ((pyxaf.XmlSyntaxError, etree.XMLSyntaxError), "KW-XA-006"),
        (pyxaf.EncryptedAuditfileError, "KW-XA-003"),
        (pyxaf.NotAnAuditfileError, "KW-XA-002"),
    )
    code = next((code for kind, code in codes if isinstance(error, kind)), "KW-XA-001")
    line = getattr(error, "line", None) or getattr(error, "lineno", None) or "?"
    return Fault(code, found=path.name, values={"line": line}, language=language)


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as stream:
            while part := stream.read(1_048_576):
                decoder.decode(part)
    except UnicodeDecodeError:
        return False
    return True
