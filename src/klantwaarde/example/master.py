"""The customers table: who they are, plus terms, limits, and what the account managers think they could buy."""

import numpy as np
import pandas as pd

from klantwaarde.example.customers import CustomerBase, special_customers
from klantwaarde.example.draws import draws_for, spread_around, whole
from klantwaarde.example.payments import Credit
from klantwaarde.example.stories import STORY_MASTER

WALLET_SOURCE = "Schatting accountmanager"
FIRST_CASES = np.datetime64("2019-01-01")  # since then a customer is won on a business case
_COLUMNS = [
    "customer_id", "name", "parent_id", "segment", "channel", "region", "industry", "account_manager", "customer_since",
    "credit_limit", "payment_terms_days", "wallet", "wallet_source", "wallet_date", "credit_score", "service_level", "case_margin", "excluded",
]  # fmt: skip


def customers_table(
    base: CustomerBase, behaviour: pd.DataFrame, first_orders: pd.Series, credit: Credit, net_2025: pd.Series, seed: int
) -> pd.DataFrame:
    """Complete the master with terms and estimates.

    ``behaviour`` holds the traits of 2025, ``first_orders`` a date and ``net_2025`` cents per customer.
    """
    rng = draws_for("customers", seed + 1)
    master = base.frame.set_index("customer_id")
    late = behaviour.loc[master.index, "days_late"].to_numpy(float)
    revenue = net_2025.reindex(master.index).fillna(0).clip(lower=0).to_numpy() / 100
    known = (revenue > 20_000) & (rng.random(len(master)) < 0.85)
    share = rng.beta(3.0, 3.0, len(master)) * 0.75 + 0.2
    master = master.assign(
        customer_since=_since(master.index, behaviour, first_orders, rng),
        wallet=np.where(known, whole(revenue / share / 1_000) * 1_000.0, np.nan),
        wallet_source=pd.Series(WALLET_SOURCE, index=master.index).where(known),
        wallet_date=np.where(known, np.datetime64("2025-09-30"), np.datetime64("NaT")).astype("datetime64[s]"),
        credit_score=np.clip(whole(84 - 0.9 * late + 6 * rng.standard_normal(len(master))), 5, 99).astype(float),
        service_level=_service_levels(revenue, rng),
        excluded=False,
    )
    for customer, values in STORY_MASTER.items():
        for column, value in values.items():
            master.loc[customer, column] = pd.Timestamp(str(value)) if column == "customer_since" else value
    master["case_margin"] = _promised(master["customer_since"].to_numpy("M8[D]"), revenue, seed)
    both = pd.concat([master.reset_index(), special_customers().assign(excluded=True)], ignore_index=True)
    both = both.assign(
        credit_limit=credit.limits.loc[both["customer_id"]].to_numpy(float),
        payment_terms_days=credit.terms.loc[both["customer_id"]].to_numpy("int64"),
    )
    return both[_COLUMNS]


def _since(
    customers: pd.Index, behaviour: pd.DataFrame, first_orders: pd.Series, rng: np.random.Generator
) -> np.ndarray:
    """New customers: their first order; all others: some working day of 2003 - 2022."""
    days = rng.integers(0, 20 * 365, len(customers))
    long_ago = np.busday_offset(np.datetime64("2003-01-06") + days.astype("timedelta64[D]"), 0, roll="forward")
    fate = behaviour.loc[customers, "fate"].to_numpy(object)
    is_new = np.isin(fate, ["new_2024", "new_2025"])
    first = first_orders.reindex(customers).to_numpy("datetime64[s]")
    return np.where(is_new, first, long_ago.astype("datetime64[s]"))


def _promised(since: np.ndarray, revenue: np.ndarray, seed: int) -> np.ndarray:
    """Three tenths of what they buy in a year, give or take: the gross margin that sales expected, a little too much.

    Who bought nothing in 2025 was expected to be a customer like the others.
    """
    rng = draws_for("business_cases", seed)
    part_of_2025 = np.clip((np.datetime64("2026-01-01") - since).astype(float) / 365, 0.25, 1.0)
    yearly = np.where(revenue > 0, revenue / part_of_2025, np.median(revenue[revenue > 0]))
    margin = yearly * spread_around(0.3, 0.35, len(since), rng)
    has_case = (since >= FIRST_CASES) & (rng.random(len(since)) < 0.8)
    return np.where(has_case, np.maximum(whole(margin / 500), 1) * 500.0, np.nan)


def _service_levels(revenue: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """By size, and for one customer in eight by habit: the mismatch that a controller looks for."""
    by_size = np.select([revenue > 80_000, revenue > 15_000], ["Premium", "Standaard"], "Basis")
    habit = rng.choice(["Premium", "Standaard", "Basis"], len(revenue))
    return np.where(rng.random(len(revenue)) < 0.125, habit, by_size)
