"""Orders and their invoice lines: every order is invoiced on its day, money in whole cents."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from klantwaarde.example.draws import Floats, Ints, draws_for, whole
from klantwaarde.example.products import GROUPS, Assortment
from klantwaarde.example.shapes import LINES_VALUE_CORRELATION, MONTH_INDEX
from klantwaarde.example.stories import story_customers

SEASON = 0.5  # of the measured swing of the months
LINES_LOG_SD = 0.95  # of the lines per order before rounding to whole lines; gives the measured variation
CAMPAIGN = "Voorjaarsactie"
_CAMPAIGN_GROUP = list(GROUPS).index("Gereedschap")
_CAMPAIGN_MONTHS = (3, 4)


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
    lines = [
        _lines_of(placed, behaviour[int(placed["year"].iloc[0])], taste, assortment, rng) for placed in orders
    ]
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
    return np.searchsorted(until, chosen, side="left") - 1


def _lines_of(
    orders: pd.DataFrame, traits: pd.DataFrame, taste: Floats, assortment: Assortment, rng: np.random.Generator
) -> pd.DataFrame:
    """Fill orders: the value is spread over the lines, the quantity follows from the price of the article."""
    year = int(orders["year"].iloc[0])
    customer = orders["position"].to_numpy()
    value, count = _values_and_counts(traits.iloc[customer], rng)
    order = np.repeat(np.arange(len(orders)), count)
    share = rng.gamma(1.5, size=len(order))
    share /= np.bincount(order, weights=share)[order]
    group = _choose(taste[customer[order]], rng)
    product = group * (len(assortment.group) // len(GROUPS)) + _choose_product(group, assortment, rng)
    placed = orders.iloc[order].reset_index(drop=True)
    promoted = (
        (year == 2025) & (group == _CAMPAIGN_GROUP) & placed["date"].dt.month.isin(_CAMPAIGN_MONTHS) & (rng.random(len(order)) < 0.5)
    ).to_numpy(bool)
    discount = traits["discount"].to_numpy(float)[customer[order]] + 0.02 * rng.standard_normal(len(order)) + 0.05 * promoted
    half_percents = np.clip(whole(discount * 200), 0, 90)
    price = assortment.price_cents[year][product]
    quantity = np.maximum(whole(value[order] * share * 100 / (price * (1 - half_percents / 200))), 1)
    lines = placed[["invoice_id", "date", "customer_id", "order_id", "year"]].assign(
        product_id=assortment.frame["product_id"].to_numpy(object)[product],
        price=price,
        cost=assortment.cost_cents[year][product],
        half_percents=half_percents,
        campaign=np.where(promoted, CAMPAIGN, None),
    )
    return priced(lines, quantity)


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
    lines_score = LINES_VALUE_CORRELATION * value_score + np.sqrt(1 - LINES_VALUE_CORRELATION**2) * own
    sd = who["spread"].to_numpy(float)
    value = who["order_value"].to_numpy(float) * np.exp(sd * value_score - sd**2 / 2)
    lines = who["lines"].to_numpy(float) * np.exp(LINES_LOG_SD * lines_score - LINES_LOG_SD**2 / 2)
    return value, np.maximum(whole(lines), 1)


def _choose(shares: Floats, rng: np.random.Generator) -> Ints:
    """One column per row, with the probabilities in that row."""
    cumulative = np.cumsum(shares, axis=1)
    drawn = rng.random(len(shares))[:, None] * cumulative[:, -1:]
    return np.asarray((cumulative < drawn).sum(axis=1), dtype=np.int64)


def _choose_product(group: Ints, assortment: Assortment, rng: np.random.Generator) -> Ints:
    popularity = assortment.popularity.reshape(len(GROUPS), -1)
    return _choose(popularity[group], rng)
