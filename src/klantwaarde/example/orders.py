"""Orders and their invoice lines: every order is invoiced on its day, money in whole cents."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde.example.draws import Floats, Ints, draws_for, whole
from klantwaarde.example.products import GROUPS, Assortment
from klantwaarde.example.shapes import MONTH_INDEX
from klantwaarde.example.stories import story_customers

SEASON = 0.5  # of the measured swing of the months
# of the lines per order before rounding to whole lines, which leaves the measured variation and correlation
LINES_LOG_SD = 0.95
LINES_SCORE_CORRELATION = 0.75
CAMPAIGN = "Voorjaarsactie"
CAMPAIGN_MONTHS = ("2025-03", "2025-04")
CAMPAIGN_DISCOUNT = 0.05
_CAMPAIGN_GROUP = list(GROUPS).index("Gereedschap")


@dataclass(frozen=True, slots=True)
class Sales:
    """What was ordered.

    Attributes:
        orders: order_id, invoice_id, customer_id, date, year, web, pickup, rush, special, cutting, labels; by date.
        lines: The invoice_lines table of sales, amounts in cents, plus year and unit prices for credit notes.
    """

    orders: pd.DataFrame
    lines: pd.DataFrame


def build_sales(behaviour: Mapping[int, pd.DataFrame], assortment: Assortment, seed: int) -> Sales:
    """Draw the orders of all years and fill them with articles."""
    rng = draws_for("orders", seed)
    customers = next(iter(behaviour.values())).index
    taste = rng.dirichlet(np.full(len(GROUPS), 0.55), len(customers))
    taste[customers.isin(list(story_customers()))] = 1 / len(GROUPS)  # a story should not depend on an odd article
    orders = [_orders_of(traits, year, rng) for year, traits in behaviour.items()]
    lines = [_lines_of(placed, behaviour[int(placed["year"].iloc[0])], taste, assortment, rng) for placed in orders]
    return Sales(pd.concat(orders, ignore_index=True), pd.concat(lines, ignore_index=True))


def _orders_of(traits: pd.DataFrame, year: int, rng: np.random.Generator) -> pd.DataFrame:
    position = np.repeat(np.arange(len(traits)), traits["orders"])
    who = traits.iloc[position]
    day = _days(who, year, rng)
    order = np.lexsort((position, day))
    who, position, day = who.iloc[order], position[order], day[order]
    count = len(who)

    def happens(share: str) -> np.ndarray:
        return np.asarray(rng.random(count) < who[share].to_numpy(float))

    special = happens("special")
    number = np.arange(1, count + 1)
    return pd.DataFrame(
        {
            "order_id": [f"O{year % 100}{n:05d}" for n in number],
            "invoice_id": [f"{year}{n:05d}" for n in number],
            "customer_id": who.index.to_numpy(object),
            "position": position,
            "date": np.datetime64(f"{year}-01-01") + day.astype("timedelta64[D]"),
            "year": year,
            "web": happens("web_share"),
            "pickup": happens("pickup"),
            "rush": happens("rush"),
            "special": special,
            "cutting": np.minimum(rng.poisson(who["cuts"].to_numpy(float)), 9) * special,
            "labels": np.minimum(rng.poisson(who["labels"].to_numpy(float)), 12) * special,
        }
    )


def _days(who: pd.DataFrame, year: int, rng: np.random.Generator) -> Ints:
    """A working day within the active days of each order's customer; busy months are chosen more often."""
    days = np.arange(np.datetime64(f"{year}-01-01"), np.datetime64(f"{year + 1}-01-01"))
    month = days.astype("datetime64[M]").astype(int) % 12
    busy = np.array(MONTH_INDEX)[month] ** SEASON * np.is_busday(days)
    until = np.concatenate([[0.0], np.cumsum(busy)])
    start = until[who["active_from"].to_numpy(int)]
    end = until[who["active_until"].to_numpy(int)]
    chosen = start + (end - start) * rng.uniform(1e-9, 1 - 1e-9, len(who))
    return np.asarray(np.searchsorted(until, chosen, side="left") - 1, dtype=np.int64)


def _lines_of(
    orders: pd.DataFrame, traits: pd.DataFrame, taste: Floats, assortment: Assortment, rng: np.random.Generator
) -> pd.DataFrame:
    """Fill orders: the value is spread over the lines, the quantity follows from the price of the article."""
    year = int(orders["year"].iloc[0])
    customer = orders["position"].to_numpy()
    value, count = _values_and_counts(traits.iloc[customer], rng)
    order, product = _choose_articles(taste[customer], count, assortment, rng)
    share = rng.gamma(1.5, size=len(order))
    share /= np.bincount(order, weights=share)[order]
    placed = orders.iloc[order].reset_index(drop=True)
    promoted = _promoted(placed["date"], assortment.group[product], rng)
    usual = traits["discount"].to_numpy(float)[customer[order]]
    discount = usual + 0.02 * rng.standard_normal(len(order)) + CAMPAIGN_DISCOUNT * promoted
    half_percents = np.clip(whole(discount * 200), 0, 90)
    price = assortment.price_cents[year][product]
    quantity = np.maximum(whole(value[order] * share * 100 / (price * (1 - half_percents / 200))), 1)
    lines = placed[["invoice_id", "date", "customer_id", "order_id", "year"]].assign(
        product_id=assortment.frame["product_id"].to_numpy(object)[product],
        price=price,
        cost=assortment.cost_cents[year][product],
        half_percents=half_percents,
        campaign=pd.Series(CAMPAIGN, index=placed.index).where(promoted),
    )
    return priced(lines, quantity)


def _choose_articles(taste: Floats, count: Ints, assortment: Assortment, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Order and article of every line; an article stands once on an order."""
    order = np.repeat(np.arange(len(count)), count)
    group = _choose(taste[order], rng)
    popularity = assortment.popularity.reshape(len(GROUPS), -1)
    product = group * popularity.shape[1] + _choose(popularity[group], rng)
    _, first = np.unique(order * len(assortment.group) + product, return_index=True)
    kept = np.sort(first)
    return order[kept], product[kept]


def _promoted(dates: pd.Series, group: Ints, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Half of the lines of the promoted group in the months of the campaign."""
    in_time = dates.dt.strftime("%Y-%m").isin(CAMPAIGN_MONTHS).to_numpy(bool)
    return np.asarray(in_time & (group == _CAMPAIGN_GROUP) & (rng.random(len(group)) < 0.5))


def priced(lines: pd.DataFrame, quantity: Ints) -> pd.DataFrame:
    """The lines with quantity and amounts, in cents: list, discount (whole cents, half up), net and cost."""
    list_cents = quantity * lines["price"].to_numpy()
    discount = np.sign(list_cents) * ((np.abs(list_cents) * lines["half_percents"].to_numpy() + 100) // 200)
    return lines.assign(
        quantity=quantity,
        list_amount=list_cents,
        discount=discount,
        net_amount=list_cents - discount,
        cost_amount=quantity * lines["cost"].to_numpy(),
    )


def _values_and_counts(who: pd.DataFrame, rng: np.random.Generator) -> tuple[Floats, Ints]:
    """Order value in euro and whole lines per order, correlated as measured."""
    value_score, own = rng.standard_normal((2, len(who)))
    lines_score = LINES_SCORE_CORRELATION * value_score + np.sqrt(1 - LINES_SCORE_CORRELATION**2) * own
    sd = who["spread"].to_numpy(float)
    value = who["order_value"].to_numpy(float) * np.exp(sd * value_score - sd**2 / 2)
    lines = who["lines"].to_numpy(float) * np.exp(LINES_LOG_SD * lines_score - LINES_LOG_SD**2 / 2)
    return value, np.maximum(whole(lines), 1)


def _choose(shares: Floats, rng: np.random.Generator) -> Ints:
    """One column per row, with the probabilities in that row."""
    cumulative = np.cumsum(shares, axis=1)
    drawn = rng.random(len(shares))[:, None] * cumulative[:, -1:]
    return np.asarray((cumulative < drawn).sum(axis=1), dtype=np.int64)
