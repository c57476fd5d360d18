"""Purchase days for tests: a few written out, or many customers who drop out at known chances."""

from datetime import date

import numpy as np

from klantwaarde.lifetime.transactions import PurchaseDays, purchase_days

START = np.datetime64("2025-01-01", "D")


def bought_on(rows, more: PurchaseDays | None = None) -> PurchaseDays:
    """Rows of customer, day and amount; with the purchases of others when given."""
    who, when, amount = (np.array(column) for column in zip(*rows, strict=True))
    when = when.astype("datetime64[D]")
    if more is not None:
        who = np.concatenate([who, more.customers[more.customer].astype(str)])
        when, amount = np.concatenate([when, more.day.astype("datetime64[D]")]), np.concatenate([amount, more.amount])
    return purchase_days(who, when, amount.astype(float))


def dropping_out(customers, *, dropout=(0.8, 2.4), weeks=78, seed=9):
    """Two thirds of the history to learn from and one to test: BG/NBD customers, the first twelve weeks full of new ones."""
    rng = np.random.default_rng(seed)
    rate, leave = rng.gamma(0.9, 1 / 5.0, customers), rng.beta(*dropout, customers)
    day, who = rng.integers(0, 84, customers).astype(float), np.arange(customers)
    rows = [(who, day)]
    while len(who):
        day = day + 7 * rng.standard_exponential(len(who)) / rate[who]
        here = day < 7 * weeks
        who, day = who[here], day[here]
        rows.append((who, day))
        stays = rng.random(len(who)) > leave[who]
        who, day = who[stays], day[stays]
    buyers, moments = (np.concatenate(part) for part in zip(*rows, strict=True))
    amounts = rng.gamma(6, 1 / rng.gamma(4, 1 / 60, customers)[buyers])
    names = np.array([f"{code:05d}" for code in range(customers)])
    days = purchase_days(names[buyers], START + moments.astype(int), amounts)
    return days, date(2025, 12, 31)
