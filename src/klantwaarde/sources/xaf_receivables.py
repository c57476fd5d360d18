"""Open and paid invoices from the debtor subledger of XAF 3.0-3.2.1. XAF 4.0 holds no subledgers and no due dates.

pyxaf skips the subledgers, so they are read here with lxml, after pyxaf has refused DOCTYPE, entities and oversize.
"""

import datetime as dt
import gzip
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import IO, cast

import pandas as pd
from lxml import etree
from pyxaf.values import parse_amount, parse_date

DEBTOR_LEDGERS = frozenset({"CU", "CS"})


@dataclass(slots=True)
class _Item:
    """One invoice while its subledger lines are added up; amounts debit +."""

    amount: Decimal = Decimal(0)
    settled: Decimal = Decimal(0)
    invoiced: int = 0
    lines: int = 0
    invoice_date: dt.date | None = None
    due_date: dt.date | None = None
    last_settled: dt.date | None = None


@dataclass(slots=True)
class Receivables:
    """The receivables table and the count of subledger lines, used or left out by reason."""

    table: pd.DataFrame
    lines: Counter[str] = field(default_factory=Counter)


def read_receivables(path: Path, customers: frozenset[str], *, encoding: str | None) -> Receivables:
    """Add the subledger lines up per customer and invoice.

    Invoice lines (mutTp I; without mutTp the first line of an invoice) give the amount incl. VAT, all other lines the
    settlement. An invoice that is settled in full is paid on the date of its last settling transaction.

    Args:
        path: The auditfile, plain, gzip or zip.
        customers: Customer ids; other relations are left out.
        encoding: Overrules the declared encoding, or None.
    """
    lines: Counter[str] = Counter()
    items: defaultdict[tuple[str, str], _Item] = defaultdict(_Item)
    with _opened(path) as stream:
        for fields, date in _subledger_lines(stream, encoding):
            reason, key, amount = _placed(fields, customers)
            if reason:
                lines[reason] += 1
            else:
                _add(items[key], fields, amount, date)
    rows = []
    for (customer, invoice), item in items.items():
        reason = "no_invoice" if not item.invoiced else "used" if item.invoice_date and item.due_date else "no_due_date"
        lines[reason] += item.lines
        if reason == "used":
            rows.append((customer, invoice, item))
    return Receivables(_table(rows), lines)


def no_receivables() -> Receivables:
    """The table without rows, for files that hold no subledgers."""
    return Receivables(_table([]))


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as plain:
        start = plain.read(4)
        plain.seek(0)
        if start.startswith(b"\x1f\x8b"):
            yield cast("IO[bytes]", gzip.GzipFile(fileobj=plain))
        elif start == b"PK\x03\x04":
            with zipfile.ZipFile(plain) as archive, archive.open(archive.namelist()[0]) as member:
                yield member
        else:
            yield plain


def _subledger_lines(stream: IO[bytes], encoding: str | None) -> Iterator[tuple[dict[str, str], dt.date | None]]:
    """Fields of every subledger line (with its ledger's ``sbType``) and the date of its transaction."""
    wanted = ("{*}transaction", "{*}sbLine", "{*}obSbLine")
    dates: dict[tuple[str, str], dt.date] = {}
    for _, element in etree.iterparse(
        stream, tag=wanted, encoding=encoding, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    ):
        parent = element.getparent()
        fields = _texts(element) | {"sbType": parent.findtext("{*}sbType") or "" if parent is not None else ""}
        if etree.QName(element).localname == "transaction":
            journal = parent.findtext("{*}jrnID") or "" if parent is not None else ""
            date = parse_date(fields.get("trDt"))[0]
            if date:
                dates[journal.strip(), fields.get("nr", "")] = date
        else:
            yield fields, dates.get((fields.get("jrnID", ""), fields.get("trNr", "")))
        # Earlier siblings stay in lxml's tree until they are removed: without this, memory grows with the file.
        element.clear()
        while parent is not None and (earlier := element.getprevious()) is not None and len(earlier) == 0 \
                and earlier.tag == element.tag:  # fmt: skip
            parent.remove(earlier)


def _texts(element: etree._Element) -> dict[str, str]:
    return {
        etree.QName(child).localname: (child.text or "").strip() for child in element.iterchildren(tag=etree.Element)
    }


def _placed(fields: dict[str, str], customers: frozenset[str]) -> tuple[str | None, tuple[str, str], Decimal]:
    """Why a line is left out (or None), and its customer, invoice and amount debit +."""
    customer, invoice = fields.get("custSupID", ""), fields.get("invRef") or fields.get("docRef") or ""
    amount, side = parse_amount(fields.get("amnt")), fields.get("amntTp", "").upper()
    key = (customer, invoice)
    if fields["sbType"] not in DEBTOR_LEDGERS or fields.get("invPurSalTp") == "P" or customer not in customers:
        return "not_debtors", key, Decimal(0)
    if amount is None or side not in ("D", "C"):
        return "unreadable", key, Decimal(0)
    if not invoice:
        return "no_invoice", key, Decimal(0)
    return None, key, amount if side == "D" else -amount


def _add(item: _Item, fields: dict[str, str], amount: Decimal, date: dt.date | None) -> None:
    item.lines += 1
    item.invoice_date = item.invoice_date or parse_date(fields.get("invDt"))[0]
    item.due_date = item.due_date or parse_date(fields.get("invDueDt"))[0]
    kind = fields.get("mutTp") or ("P" if item.invoiced else "I")
    if kind == "I":
        item.invoiced += 1
        item.amount += amount
        return
    item.settled += amount
    if date and (item.last_settled is None or date > item.last_settled):
        item.last_settled = date


def _table(rows: list[tuple[str, str, _Item]]) -> pd.DataFrame:
    items = [item for _, _, item in rows]
    paid = [item.last_settled if item.amount + item.settled == 0 else None for item in items]
    return pd.DataFrame({
        "customer_id": pd.Series([customer for customer, _, _ in rows], dtype="str"),
        "invoice_id": pd.Series([invoice for _, invoice, _ in rows], dtype="str"),
        "invoice_date": pd.Series([item.invoice_date for item in items], dtype="datetime64[us]"),
        "due_date": pd.Series([item.due_date for item in items], dtype="datetime64[us]"),
        "paid_date": pd.Series(paid, dtype="datetime64[us]"),
        "amount": pd.Series([float(item.amount) for item in items], dtype="float64"),
        "open_amount": pd.Series([float(item.amount + item.settled) for item in items], dtype="float64"),
    })  # fmt: skip
