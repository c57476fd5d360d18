"""One pass over the transactions of an auditfile: ledger sums, revenue lines per customer, control sums."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from pyxaf import AuditFile, JournalKind, Line, Period, Transaction

from klantwaarde.sources.xaf_accounts import Account, unlisted_account

ZERO = Decimal(0)
OPENING_PERIODS = frozenset({"0", "00", "000"})


@dataclass(frozen=True, slots=True)
class RevenueLine:
    """One revenue posting that belongs to one customer. ``net_amount``: revenue +, credit note -."""

    invoice_id: str
    invoice_date: dt.date | None
    customer_id: str
    product_id: str | None
    quantity: Decimal | None
    net_amount: Decimal
    order_id: str | None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about one transaction: the message code, the transaction and the amount at stake."""

    code: str
    transaction: str
    amount: Decimal
    detail: str = ""


@dataclass(slots=True)
class Postings:
    """What the pass found. Filled once by :func:`read_postings`, only read afterwards."""

    accounts: dict[str, Account]
    ledger: defaultdict[tuple[str, str | None, str | None], Decimal] = field(
        default_factory=lambda: defaultdict(lambda: ZERO)
    )
    revenue: list[RevenueLine] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    lines: Counter[str] = field(default_factory=Counter)
    revenue_lines: Counter[str] = field(default_factory=Counter)
    revenue_without_customer: Decimal = ZERO
    total_debit: Decimal = ZERO
    total_credit: Decimal = ZERO
    transactions: int = 0
    negative_amounts: int = 0
    without_invoice_number: int = 0
    on_debtor_lines: set[str] = field(default_factory=set)
    on_other_lines: set[str] = field(default_factory=set)
    booked: set[str] = field(default_factory=set)
    unlisted: set[str] = field(default_factory=set)


def read_postings(auditfile: AuditFile, accounts: Mapping[str, Account]) -> Postings:
    """Read every transaction once.

    The sums are exact (Decimal); every line is counted in ``lines`` as used or under the reason it was left out.
    """
    found = Postings(dict(accounts))
    journals = auditfile.journals
    for transaction in auditfile.transactions():
        journal = journals.get(transaction.journal_id or "")
        kind = journal.journal_type.kind if journal else JournalKind.UNKNOWN
        found.transactions += 1
        _check_balance(found, transaction)
        if transaction.period_key in OPENING_PERIODS or kind is JournalKind.OPENING:
            found.lines["opening"] += len(transaction.lines)
            continue
        _add_to_ledger(found, transaction, period_of(transaction, auditfile.periods, auditfile.header.start_date))
        _add_revenue(found, transaction, in_sales_journal=kind is JournalKind.SALES)
    return found


def period_of(transaction: Transaction, periods: Mapping[str, Period], year_start: dt.date | None) -> str | None:
    """The month "YYYY-MM" of a transaction: its period's when that lies in one month, else that of its date.

    Four-week and closing periods follow the date. Without a date, period n of twelve is counted from the year start.
    """
    period = periods.get(transaction.period_key or "")
    first, last = (period.start_date, period.end_date) if period else (None, None)
    if first and last and (first.year, first.month) == (last.year, last.month):
        return f"{first:%Y-%m}"
    if transaction.date:
        return f"{transaction.date:%Y-%m}"
    if year_start and transaction.period_number and 1 <= transaction.period_number <= 12:
        months = year_start.year * 12 + year_start.month - 1 + transaction.period_number - 1
        return f"{months // 12:04d}-{months % 12 + 1:02d}"
    return None


def _name(transaction: Transaction) -> str:
    return f"{transaction.journal_id or ''}/{transaction.number or transaction.seq + 1}"


def _check_balance(found: Postings, transaction: Transaction) -> None:
    debit, credit = transaction.total_debit, transaction.total_credit
    found.total_debit += debit
    found.total_credit += credit
    if debit != credit:
        found.remarks.append(Remark("KW-XA-011", _name(transaction), debit - credit))


def _account_of(found: Postings, line: Line) -> Account:
    number = line.account_id or ""
    found.booked.add(number)
    if number not in found.accounts:
        found.unlisted.add(number)
        found.accounts[number] = unlisted_account(number)
    return found.accounts[number]


def _add_to_ledger(found: Postings, transaction: Transaction, period: str | None) -> None:
    for line in transaction.lines:
        account = _account_of(found, line)
        found.negative_amounts += line.amount is not None and line.amount < 0
        if line.relation_id:
            (found.on_debtor_lines if account.debtors else found.on_other_lines).add(line.relation_id)
        if line.signed_amount is None:
            found.lines["unreadable"] += 1
            code = "KW-XA-007" if account.profit_and_loss else "KW-XA-014"
            found.remarks.append(Remark(code, _name(transaction), ZERO, account.id))
        elif not account.profit_and_loss:
            found.lines["balance_account"] += 1
        else:
            found.lines["used"] += 1
            found.ledger[account.id, line.cost_center, period] += line.signed_amount
            if period is None:
                found.remarks.append(Remark("KW-XA-015", _name(transaction), line.signed_amount, account.id))


def _add_revenue(found: Postings, transaction: Transaction, *, in_sales_journal: bool) -> None:
    revenue = [
        line for line in transaction.lines if _account_of(found, line).revenue and line.signed_amount is not None
    ]
    if not revenue:
        return
    debtor_lines = _customer_lines(found, transaction, in_sales_journal=in_sales_journal)
    customers = sorted({line.relation_id for line in debtor_lines if line.relation_id})
    for line in revenue:
        amount = -(line.signed_amount or ZERO)
        customer = line.relation_id or (customers[0] if len(customers) == 1 else None)
        if customer:
            found.revenue_lines["used"] += 1
            found.revenue.append(_revenue_line(found, transaction, line, debtor_lines, customer))
        elif customers:
            found.revenue_lines["ambiguous"] += 1
            found.remarks.append(Remark("KW-XA-040", _name(transaction), amount, ", ".join(customers)))
        else:
            found.revenue_lines["no_customer"] += 1
            found.revenue_without_customer += amount


def _customer_lines(found: Postings, transaction: Transaction, *, in_sales_journal: bool) -> list[Line]:
    """The lines that name the customer: those on debtor accounts; in a sales journal without those, any line."""
    with_relation = [line for line in transaction.lines if line.relation_id]
    on_debtors = [line for line in with_relation if _account_of(found, line).debtors]
    return on_debtors or (with_relation if in_sales_journal else [])


def _revenue_line(
    found: Postings, transaction: Transaction, line: Line, debtor_lines: list[Line], customer: str
) -> RevenueLine:
    candidates = [line, *(debtor for debtor in debtor_lines if debtor.relation_id == customer)]
    invoice = next((c.invoice_ref for c in candidates if c.invoice_ref), None) or next(
        (c.document_ref for c in candidates if c.document_ref), None
    )
    found.without_invoice_number += invoice is None
    return RevenueLine(
        invoice_id=invoice or _name(transaction),
        invoice_date=line.effective_date or transaction.date,
        customer_id=customer,
        product_id=line.product,
        quantity=line.quantity,
        net_amount=-(line.signed_amount or ZERO),
        order_id=line.order_ref,
    )
