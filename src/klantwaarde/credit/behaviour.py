"""How groups of customers pay at a moment: balance, days outstanding, lateness and collection, one row per group."""

import numpy as np
import pandas as pd

from klantwaarde import money
from klantwaarde.costs.cells import totals_by
from klantwaarde.credit.dso import collection_effectiveness, days_delinquent, dso, dso_best_possible, dso_countback
from klantwaarde.credit.items import Cents, Floats
from klantwaarde.credit.lateness import lateness, overdue_at
from klantwaarde.credit.receivables import COUNTED_BACK, Receivables
from klantwaarde.periods import YEAR
from klantwaarde.tables.register import Codes

OLDER, CREDIT = "older_than_history", "credit_balance"


def behaviour(receivables: Receivables, group: Codes, n: int, *, lag: int = 0, months: int = YEAR) -> pd.DataFrame:
    """Payment behaviour of every group.

    Credits lower what is open; what is overdue is invoices only, so credits count against what is not due.

    Args:
        receivables: Of the model.
        group: Group of every customer code; -1 stays out.
        n: How many groups there are.
        lag: How many months before the reference date.
        months: Over how many months payments and collection are measured.

    Returns:
        open_amount, overdue, overdue_share, dso, dso_countback, dso_best_possible, days_delinquent,
        collection_effectiveness, payments, days_to_pay, days_late, days_late_signed, days_late_with_open, paid_on_time,
        remark (older_than_history: counted back as far as billing reaches; credit_balance).
    """
    day, before = receivables.ends[lag], receivables.ends[lag + months]
    items = receivables.items.between(before, day)
    items = items.only(group[items.customer] >= 0)
    of, left = group[items.customer], items.open_at(day)
    balance, late = totals_by(of, left, n), totals_by(of, overdue_at(items, day)[0], n)
    by_month = receivables.billing.by_month(group, n, lag + COUNTED_BACK)[:, lag:]
    billed, days = by_month[:, :YEAR].sum(axis=1), _days_billed(receivables, lag)
    back = dso_countback(balance, by_month, _month_days(receivables, lag))
    paid = lateness(items, before, day, group=of, n=n)
    opening = totals_by(of, items.open_at(before), n).astype(float)
    if receivables.items.start.min(initial=day) > before:
        opening[:] = np.nan  # the items do not reach back to the opening
    sold = by_month[:, :months].sum(axis=1)
    positive = totals_by(of, np.maximum(left, 0), n)
    return pd.DataFrame(
        {
            "open_amount": money.euros(balance), "overdue": money.euros(late),
            "overdue_share": late / np.where(positive > 0, positive, np.nan), "dso": dso(balance, billed, days),
            "dso_countback": back.days, "dso_best_possible": dso_best_possible(balance - late, billed, days),
            "days_delinquent": days_delinquent(balance, balance - late, billed, days),
            "collection_effectiveness": collection_effectiveness(opening, sold, balance, balance - late),
            "payments": paid.payments, "days_to_pay": paid.days_to_pay, "days_late": paid.floored,
            "days_late_signed": paid.signed, "days_late_with_open": paid.with_open, "paid_on_time": paid.on_time,
            "remark": _remarks(balance, back.unexplained),
        }
    )  # fmt: skip


def _remarks(balance: Cents, unexplained: Floats) -> np.ndarray:
    return np.select([unexplained > 0, balance < 0], [OLDER, CREDIT], "").astype(object)


def _month_days(receivables: Receivables, lag: int) -> Floats:
    ends = receivables.ends[lag : lag + COUNTED_BACK + 1]
    return -np.diff(ends).astype(float)


def _days_billed(receivables: Receivables, lag: int) -> float:
    """The days of a year, or the part of them that billing covers."""
    ends = receivables.ends
    year = (ends[lag] - ends[lag + YEAR]).astype(int)
    covered = min(year, (ends[lag] - receivables.billing.first).astype(int) + 1)
    return float(receivables.settings.day_basis * max(covered, 1) / year)
