"""Open and paid items, reminders, and deliveries on top of the credit limit."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from klantwaarde.example.customers import INTERCOMPANY
from klantwaarde.example.draws import Floats, Ints, draws_for, whole

VAT_PERCENT = 21
REMINDER_DAYS = (15, 31, 61)  # days after the due date
_TERMS = (14, 30, 30, 30, 45, 60)
_NEVER = np.datetime64("2100-01-01")


@dataclass(frozen=True, slots=True)
class Credit:
    """What customers owe.

    Attributes:
        receivables: The receivables table.
        terms: Payment terms in days per customer.
        limits: Credit limit in euro per customer.
        reminders: customer_id, year: one row per reminder sent.
        watched: customer_id, year: one row per invoice that came on top of a full credit limit.
        unpaid: customer_id and the amount in cents, excl. VAT, of customers that went bankrupt in 2025.
    """

    receivables: pd.DataFrame
    terms: pd.Series
    limits: pd.Series
    reminders: pd.DataFrame
    watched: pd.DataFrame
    unpaid: pd.Series


def build_credit(
    invoice_lines: pd.DataFrame, behaviour: Mapping[int, pd.DataFrame], last_day: np.datetime64, seed: int
) -> Credit:
    """Draw payments for every invoice; what is paid after the last day is still open on it."""
    rng = draws_for("payments", seed)
    customers = behaviour[2025].index
    terms = pd.Series(rng.choice(_TERMS, len(customers)), index=customers)
    terms[INTERCOMPANY] = 30
    items = invoice_lines.groupby("invoice_id", sort=False).agg(
        customer_id=("customer_id", "first"), invoice_date=("date", "first"), year=("year", "first"), net=("net_amount", "sum")
    ).reset_index()  # fmt: skip
    bankrupt = _bankrupt(behaviour[2025])
    paid = _payment_dates(items, behaviour, terms, bankrupt, rng)
    items = _with_payments(items, terms, paid, last_day)
    limits = _limits(items, terms)
    return Credit(
        _receivables(items),
        terms,
        limits,
        _reminders(items, paid, last_day),
        _watched(items, paid, limits),
        _unpaid(items, bankrupt),
    )


def _bankrupt(traits: pd.DataFrame) -> list[str]:
    """The two largest customers that left in the second half of 2025: their last invoices stay unpaid."""
    left = traits[(traits["fate"] == "lost_2025") & (traits["active_until"] > 182)]
    return list(left.assign(size=left["orders"] * left["order_value"]).nlargest(2, "size").index)


def _payment_dates(
    items: pd.DataFrame,
    behaviour: Mapping[int, pd.DataFrame],
    terms: pd.Series,
    bankrupt: list[str],
    rng: np.random.Generator,
) -> np.ndarray:
    """When each item is paid: the due date, the customer's lateness and some noise; never for a bankrupt's last ones."""
    late = np.empty(len(items))
    for year, part in items.groupby("year"):
        late[part.index] = behaviour[int(str(year))].loc[part["customer_id"], "days_late"].to_numpy(float)
    days = terms.loc[items["customer_id"]].to_numpy()
    noise = rng.standard_normal(len(items)) * (3 + 0.25 * late) + rng.exponential(0.3 * late + 1)
    after = np.maximum(whole(days + 0.7 * late + noise), 1)
    after = np.where(items["net"].to_numpy() < 0, 14, after)
    paid = items["invoice_date"].to_numpy("datetime64[D]") + after.astype("timedelta64[D]")
    last = behaviour[2025]["active_until"].reindex(items["customer_id"]).to_numpy(float)
    unpaid_from = np.datetime64("2025-01-01") + (last - 40).astype("timedelta64[D]")
    broke = items["customer_id"].isin(bankrupt).to_numpy() & (
        items["invoice_date"].to_numpy("datetime64[D]") >= unpaid_from
    )
    return np.where(broke, _NEVER, np.busday_offset(paid, 0, roll="forward"))


def _with_payments(items: pd.DataFrame, terms: pd.Series, paid: np.ndarray, last_day: np.datetime64) -> pd.DataFrame:
    vat = np.sign(items["net"]) * ((items["net"].abs() * VAT_PERCENT + 50) // 100)
    due = items["invoice_date"].to_numpy("datetime64[D]") + terms.loc[items["customer_id"]].to_numpy().astype(
        "timedelta64[D]"
    )
    closed = paid <= last_day
    gross = items["net"] + vat
    until = np.minimum(paid, last_day)
    days_over = (until - due).astype(int)
    sent = sum((days_over >= days).astype(int) for days in REMINDER_DAYS) * (gross.to_numpy() > 0)
    return items.assign(
        due_date=due,
        paid_date=np.where(closed, paid, np.datetime64("NaT")).astype("datetime64[s]"),
        amount=gross,
        open_amount=np.where(closed, 0, gross),
        document_type=np.where(gross < 0, "Creditnota", "Factuur"),
        dunning_level=sent,
    )


def _receivables(items: pd.DataFrame) -> pd.DataFrame:
    columns = [
        "customer_id", "invoice_id", "invoice_date", "due_date", "paid_date", "amount", "open_amount", "document_type", "dunning_level",
    ]  # fmt: skip
    return items[columns].assign(amount=items["amount"] / 100, open_amount=items["open_amount"] / 100)


def _limits(items: pd.DataFrame, terms: pd.Series) -> pd.Series:
    """About twice the balance of a customer that pays on time, rounded up to 500 euro."""
    yearly = items[items["net"] > 0].groupby(["customer_id", "year"])["amount"].sum().groupby("customer_id").max() / 100
    balance = yearly.reindex(terms.index).fillna(0) * (terms + 10) / 365
    return np.ceil(np.maximum(2.4 * balance, 1_500) / 500) * 500


def _reminders(items: pd.DataFrame, paid: np.ndarray, last_day: np.datetime64) -> pd.DataFrame:
    sent = []
    for days in REMINDER_DAYS:
        date = items["due_date"].to_numpy("datetime64[D]") + np.timedelta64(days, "D")
        on = (date <= np.minimum(paid, last_day)) & (items["net"].to_numpy() > 0)
        sent.append(
            pd.DataFrame(
                {"customer_id": items["customer_id"][on], "year": date[on].astype("datetime64[Y]").astype(int) + 1970}
            )
        )
    return pd.concat(sent, ignore_index=True)


def _watched(items: pd.DataFrame, paid: np.ndarray, limits: pd.Series) -> pd.DataFrame:
    """Invoices that found the customer's open balance already above the limit."""
    rows = []
    dated = items.assign(paid=paid)
    for customer, own in dated.groupby("customer_id", sort=True):
        above = _balance_before(own) > float(limits[customer]) * 100
        rows.append(own.loc[above, ["customer_id", "year"]])
    return pd.concat(rows, ignore_index=True)


def _balance_before(own: pd.DataFrame) -> Ints | Floats:
    """Open balance in cents just before each invoice date."""
    date = own["invoice_date"].to_numpy("datetime64[D]")
    amount = own["amount"].to_numpy()
    by_paid = np.argsort(own["paid"].to_numpy(), kind="stable")
    billed = np.concatenate([[0], np.cumsum(amount)])
    settled = np.concatenate([[0], np.cumsum(amount[by_paid])])
    order = np.sort(date)
    return np.asarray(
        billed[np.searchsorted(order, date)]
        - settled[np.searchsorted(own["paid"].to_numpy()[by_paid], date, side="right")]
    )


def _unpaid(items: pd.DataFrame, bankrupt: list[str]) -> pd.Series:
    lost = items[
        items["customer_id"].isin(bankrupt)
        & (items["open_amount"] > 0)
        & (items["due_date"] < np.datetime64("2025-12-31"))
    ]
    return lost.groupby("customer_id")["net"].sum()
