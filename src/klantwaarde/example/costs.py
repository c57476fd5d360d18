"""Costs of one customer: bonus, gifts, courier freight, commission, acquisition, campaigns, bad debt."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from klantwaarde.example.customers import AGENT_REGION, CustomerBase
from klantwaarde.example.draws import draws_for, whole
from klantwaarde.example.payments import Credit
from klantwaarde.example.stories import STORIES

ACCOUNT_OF_KIND: Mapping[str, str] = {
    "bonus": "8110", "gift": "4510", "freight": "4520", "commission": "4530", "acquisition": "4540", "onboarding": "4541",
    "campaign": "4542", "reactivation": "4543", "bad_debt": "4550",
}  # fmt: skip
BONUS_STEPS = ((300_000, 3.0), (150_000, 2.0), (75_000, 1.0))  # net revenue in euro from, percent
COMMISSION_PERCENT = 2
GIFT_FROM = 15_000
GIFT_CENTS = 3_995
_WELCOME = next(story.customer_id for story in STORIES if story.id == "bought_with_discount")


def build_customer_costs(
    base: CustomerBase,
    orders: pd.DataFrame,
    lines: pd.DataFrame,
    credit: Credit,
    behaviour: Mapping[int, pd.DataFrame],
    seed: int,
) -> pd.DataFrame:
    """The customer_costs table, amounts in cents, plus ``year``."""
    rng = draws_for("costs", seed)
    ranked = lines[lines["customer_id"].isin(base.ids)]
    revenue = ranked.groupby(["year", "customer_id"])["net_amount"].sum()
    parts = [_courier(orders, rng), _bad_debt(credit)]
    for year, net in ((int(str(key)), part.droplevel("year")) for key, part in revenue.groupby("year")):
        parts += [_bonus(net, year), _gifts(net, year), _commission(base, net, year)]
        parts += _new_customers(orders[orders["year"] == year], behaviour[year], year, rng)
    parts.append(_campaign(lines))
    costs = pd.concat(parts, ignore_index=True)
    costs = costs[costs["amount"] > 0].sort_values(["date", "customer_id", "kind"], kind="stable", ignore_index=True)
    return costs.assign(account=costs["kind"].map(ACCOUNT_OF_KIND), year=costs["date"].dt.year)


def _costs(kind: str, customers: object, dates: object, cents: object) -> pd.DataFrame:
    frame = pd.DataFrame({"customer_id": customers, "date": dates, "amount": cents}).assign(kind=kind)
    return frame.astype({"date": "datetime64[s]", "amount": "int64"})


def _bonus(net: pd.Series, year: int) -> pd.DataFrame:
    """A year-end bonus on all revenue of the year, in steps."""
    percent = np.select([net >= border * 100 for border, _ in BONUS_STEPS], [step for _, step in BONUS_STEPS], 0.0)
    return _costs("bonus", net.index, np.datetime64(f"{year}-12-31"), whole(net.to_numpy() * percent / 100))


def _gifts(net: pd.Series, year: int) -> pd.DataFrame:
    """Christmas packages: one from 15,000 euro revenue, one more for every 60,000, eight at most."""
    packages = np.where(net >= GIFT_FROM * 100, np.minimum(1 + net // 6_000_000, 8), 0)
    return _costs("gift", net.index, np.datetime64(f"{year}-12-10"), packages * GIFT_CENTS)


def _commission(base: CustomerBase, net: pd.Series, year: int) -> pd.DataFrame:
    """The agent in the south earns a share of the revenue of customers with an account manager there."""
    master = base.frame
    agent = master.loc[(master["region"] == AGENT_REGION) & (master["channel"] == "Buitendienst"), "customer_id"]
    own = net[net.index.isin(agent)].clip(lower=0)
    return _costs("commission", own.index, np.datetime64(f"{year}-12-31"), own.to_numpy() * COMMISSION_PERCENT // 100)


def _courier(orders: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Rush orders go by courier, 24.50 to 62.00 euro each, not billed on."""
    rush = orders[orders["rush"]]
    return _costs("freight", rush["customer_id"], rush["date"], rng.integers(49, 125, len(rush)) * 50)


def _new_customers(
    orders: pd.DataFrame, traits: pd.DataFrame, year: int, rng: np.random.Generator
) -> list[pd.DataFrame]:
    """What winning, introducing and winning back customers cost, dated at their first order."""
    first = orders.drop_duplicates("customer_id").set_index("customer_id")["date"]
    new = first[first.index.isin(traits.index[traits["fate"] == f"new_{year}"])].sort_index()
    back = first[first.index.isin(traits.index[traits["fate"] == f"back_{year}"])].sort_index()
    size = np.sqrt(traits.loc[new.index, "order_value"].to_numpy(float))
    welcome = new[new.index == _WELCOME]
    return [
        _costs("acquisition", new.index, new, whole(size * rng.uniform(14, 36, len(new))) * 100),
        _costs("onboarding", new.index, new, rng.integers(5, 17, len(new)) * 5_000),
        _costs("reactivation", back.index, back, rng.integers(6, 17, len(back)) * 2_500),
        _costs("gift", welcome.index, welcome, np.full(len(welcome), 75_000)),
    ]


def _campaign(lines: pd.DataFrame) -> pd.DataFrame:
    """The spring campaign: one demonstration day, shared by everyone who bought in it."""
    took_part = (
        lines[lines["campaign"].notna() & (lines["quantity"] > 0)]
        .drop_duplicates("customer_id")
        .sort_values("customer_id")
    )
    return _costs("campaign", took_part["customer_id"], np.datetime64("2025-03-03"), np.full(len(took_part), 4_250))


def _bad_debt(credit: Credit) -> pd.DataFrame:
    """The open invoices of bankrupt customers, excl. VAT, provided for at the end of the year."""
    return _costs("bad_debt", credit.unpaid.index, np.datetime64("2025-12-31"), credit.unpaid.to_numpy())
