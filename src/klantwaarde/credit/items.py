"""Open and paid items, and what was open on any day.

An item is one row of the receivables table, in cents incl. VAT. On a day it is open for its amount once it is invoiced,
less what was paid by then. What is open now is leading, because it ties to the ledger: paid = amount - open amount. So a
part payment leaves the rest open, an invoice paid in advance is a credit until its date, and a credit note is the
invoice with its sign turned.
"""

from dataclasses import dataclass, fields
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.periods import Days
from klantwaarde.tables.register import Codes

Cents = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """The items, in any order.

    Attributes:
        customer: Customer code.
        start: Invoice date; where there is none the due date less the payment terms, not after the reference date.
        due: Due date.
        settled: Day of payment; the due date, or the reference date if that is earlier, where it is not known.
        amount: Cents, negative for a credit note.
        paid: Cents that were paid on ``settled``.
        dunning: Dunning level; NaN where not known.
        dated: The invoice date is known.
        timed: The day of payment is known.
        doubtful: More is open than the amount, or with the other sign.
    """

    customer: Codes
    start: Days
    due: Days
    settled: Days
    amount: Cents
    paid: Cents
    dunning: Floats
    dated: Mask
    timed: Mask
    doubtful: Mask

    def open_at(self, day: np.datetime64 | Days) -> Cents:
        """Cents of every item that were open at the end of a day, or each item at the end of a day of its own."""
        return np.where(self.start <= day, self.amount, 0) - self.paid_at(day)

    def paid_at(self, day: np.datetime64 | Days) -> Cents:
        """Cents of every item that were paid by the end of a day."""
        return np.where(self.settled <= day, self.paid, 0)

    def between(self, before: np.datetime64, day: np.datetime64) -> "Items":
        """The items that matter from one day to another: those there by the last that were not settled by the first."""
        done = (self.start <= before) & (self.settled <= before) & (self.amount == self.paid)
        return self.only(~done & ((self.start <= day) | (self.settled <= day)))

    def only(self, chosen: Mask) -> "Items":
        """Some of the items."""
        if chosen.all():
            return self
        return Items(*(getattr(self, part.name)[chosen] for part in fields(self)))


def items_from(receivables: pd.DataFrame, customer: Codes, terms: Floats, at: date) -> Items:
    """The items of a receivables table.

    Args:
        receivables: due_date and amount; where known invoice_date, paid_date, open_amount and dunning_level. Without an
            open amount an item is open until its paid date, wholly.
        customer: Customer code of every row.
        terms: Payment terms in days of every row.
        at: The reference date.
    """
    amount, open_now = money.cents(receivables["amount"].to_numpy(float)), _numbers(receivables, "open_amount")
    due, paid_on, invoiced = (_days(receivables, name) for name in ("due_date", "paid_date", "invoice_date"))
    never_paid = np.isnat(paid_on)
    left = np.where(never_paid, amount, 0)
    known = ~np.isnan(open_now)
    left[known] = money.cents(open_now[known])
    day = np.datetime64(at)
    start = np.where(np.isnat(invoiced), np.minimum(due - np.rint(terms).astype("m8[D]"), day), invoiced)
    assumed = np.maximum(start, np.minimum(due, day))
    doubtful = (np.abs(left) > np.abs(amount)) | (np.sign(left) * np.sign(amount) < 0)
    return Items(
        customer, start, due, np.where(never_paid, assumed, paid_on), amount, amount - left,
        _numbers(receivables, "dunning_level"), ~np.isnat(invoiced), ~never_paid, doubtful,
    )  # fmt: skip


def days_after(day: np.datetime64 | Days, due: Days) -> NDArray[np.int64]:
    """Whole days from the due date to a day; below zero before it."""
    return np.asarray((day - due).astype(np.int64))


def _days(frame: pd.DataFrame, column: str) -> Days:
    return frame[column].to_numpy("M8[D]") if column in frame else np.full(len(frame), np.datetime64("NaT", "D"))


def _numbers(frame: pd.DataFrame, column: str) -> Floats:
    return frame[column].to_numpy(float) if column in frame else np.full(len(frame), np.nan)
