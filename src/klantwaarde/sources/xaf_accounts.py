"""What every account of an auditfile is: balance or profit and loss, revenue, debtors."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyxaf import AccountKind, AuditFile, JournalKind, LedgerAccount

from klantwaarde.costs.treatment import propose_treatment
from klantwaarde.messages import Fault

DEBTOR_CODE = "BVorDeb"
DEBTOR_WORDS = re.compile(r"debiteur|debtor|accounts? receivable|trade receivable", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Account:
    """One ledger account as the import sees it.

    Attributes:
        profit_and_loss: The account belongs to the profit and loss account.
        revenue: Its proposed treatment is revenue.
        debtors: Customers stand on its lines.
        doubt: The message code when the kind had to be guessed or two clues contradict, otherwise None.
    """

    id: str
    description: str
    reference_code: str | None
    profit_and_loss: bool
    revenue: bool
    debtors: bool
    doubt: str | None = None


def read_accounts(auditfile: AuditFile) -> dict[str, Account]:
    """Every account of the file by number."""
    contra = {
        journal.offset_account_id
        for journal in auditfile.journals.values()
        if journal.journal_type.kind is JournalKind.SALES and journal.offset_account_id
    }
    return {number: _account(entry, contra=number in contra) for number, entry in auditfile.accounts.items()}


def unlisted_account(number: str) -> Account:
    """An account that is booked on but does not stand in the account list; only its number tells what it is."""
    is_result = not _looks_like_balance(number)
    return Account(number, "", None, is_result, is_result and _is_revenue(number, "", None), debtors=False)


def account_faults(accounts: Iterable[Account], language: str) -> list[Fault]:
    """The accounts among these whose kind is in doubt."""
    return [
        Fault(account.doubt, "warn", table="ledger", column="account", found=account.id, language=language,
              values={"description": account.description, "code": account.reference_code or "",
                      "kind": _kind_text(account, language)})
        for account in accounts if account.doubt
    ]  # fmt: skip


def _kind_text(account: Account, language: str) -> str:
    texts: Mapping[str, tuple[str, str]] = {"nl": ("resultaat", "balans"), "en": ("profit and loss", "balance sheet")}
    return texts[language][0 if account.profit_and_loss else 1]


def _account(entry: LedgerAccount, *, contra: bool) -> Account:
    code = entry.rgs.code if entry.rgs else None
    is_result, doubt = _is_profit_and_loss(entry, code)
    name = entry.description or ""
    debtors = not is_result and (contra or (code or "").startswith(DEBTOR_CODE) or bool(DEBTOR_WORDS.search(name)))
    return Account(entry.id, name, code, is_result, is_result and _is_revenue(entry.id, name, code), debtors, doubt)


def _is_profit_and_loss(entry: LedgerAccount, code: str | None) -> tuple[bool, str | None]:
    """The written type decides, then the RGS code, then the usual account classes (0-3 balance)."""
    kind = entry.account_type.kind
    by_code = None if code is None else code.startswith("W")
    if kind in (AccountKind.BALANCE, AccountKind.PROFIT_LOSS):
        by_type = kind is AccountKind.PROFIT_LOSS
        return by_type, None if by_code in (None, by_type) else "KW-XA-021"
    if by_code is not None:
        return by_code, None
    return not _looks_like_balance(entry.id), "KW-XA-020"


def _looks_like_balance(number: str) -> bool:
    return number.startswith(("0", "1", "2", "3"))


def _is_revenue(number: str, name: str, code: str | None) -> bool:
    return propose_treatment(number, name, code).target == "revenue"
