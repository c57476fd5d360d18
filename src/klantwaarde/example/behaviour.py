"""How each customer behaves in each year: how often, how much, and what it asks of the teams."""

import numpy as np
import pandas as pd

from klantwaarde.example.customers import CASH_CUSTOMER, INTERCOMPANY, CustomerBase
from klantwaarde.example.draws import Floats, draws_for, spread_around, whole
from klantwaarde.example.shapes import (
    CREDIT_LINE_SHARE,
    ORDER_VALUE_LOG_SD_BETWEEN,
    ORDER_VALUE_LOG_SD_WITHIN,
    REPEAT_SHARE,
)
from klantwaarde.example.stories import STORY_TRAITS, story_customers

YEARS = (2024, 2025)
LASTING_ORDERS_LOG_SD = 0.80  # with customers that come and go within a year: the measured ORDERS_GINI
MEAN_ORDERS = 20.0
MEDIAN_ORDER_VALUE = 1_760.0
DEMANDING_SHARE, DEMANDING = 0.18, 5.0  # customers that ask five times as much of the teams as others
SMALL_ORDERS = 1.7  # and order that much more often, in as much smaller orders
GROWTH_2025 = 0.03
REACTIVATED = 4
MOVING_A_YEAR = 24  # who leave, and as many who arrive: the measured LOST_PER_HALF_YEAR, twice

_LOG_SD = float(np.hypot(LASTING_ORDERS_LOG_SD, ORDER_VALUE_LOG_SD_BETWEEN))
_SPECIAL_TRAITS = {
    INTERCOMPANY: {
        "orders": 42,
        "order_value": 4_800.0,
        "lines": 4.0,
        "discount": 0.25,
        "web_share": 1.0,
        "pickup": 0.0,
    },
    CASH_CUSTOMER: {"orders": 150, "order_value": 95.0, "lines": 1.3, "discount": 0.0, "web_share": 0.0, "pickup": 1.0},
}


def build_behaviour(base: CustomerBase, seed: int) -> dict[int, pd.DataFrame]:
    """Traits per customer, one frame per year, index customer_id.

    Traits: active_from and active_until (day of the year, 0-365), orders (in the year), order_value (net euro, mean),
    spread (log standard deviation of order value), lines (per order), discount (share of list), web_share, pickup, rush
    and special (shares of orders), cuts and labels (mean per special job), quotes and complaints (per order), service
    (driver services per stop), visits (in the year), credit_rate (share of lines), days_late (mean), fate.
    """
    rng = draws_for("behaviour", seed)
    traits = _lasting_traits(base, rng)
    lives = _draw_lives(base, rng)
    years = {}
    for year in YEARS:
        frame = traits.copy()
        frame["orders"] *= np.exp(0.15 * rng.standard_normal(len(frame))) * (1 + GROWTH_2025 * (year - YEARS[0]))
        years[year] = _with_specials(_tell_stories(_within_year(frame, lives, year), year))
    return years


def _lasting_traits(base: CustomerBase, rng: np.random.Generator) -> pd.DataFrame:
    count = len(base.size)
    orders, value = _orders_and_value(base.size, rng)
    channel = base.frame["channel"].to_numpy(object)
    web = np.select([channel == "Webshop", channel == "Binnendienst"], [0.9, 0.3], 0.25)
    visits = np.select([channel == "Buitendienst", channel == "Binnendienst"], [12.0, 0.6], 0.1)
    demanding = (
        (rng.random(count) < DEMANDING_SHARE) & (base.size > -0.5) & (base.size < 1.6)
    )  # the largest one is a story
    demand = spread_around(1.0, 0.35, count, rng) * np.where(demanding, DEMANDING, 1.0)
    split = np.where(demanding, SMALL_ORDERS, 1.0)
    substance = np.sqrt(value / MEDIAN_ORDER_VALUE)  # nobody asks a quote or custom work for a box of screws
    traits = {
        "orders": orders * split,
        "order_value": value / split,
        "spread": ORDER_VALUE_LOG_SD_WITHIN,
        "lines": np.clip(spread_around(2.8, 0.2, count, rng), 1.2, 6.0),
        "discount": np.clip(
            0.115 + 0.034 * base.size + 0.04 * demanding + 0.04 * rng.standard_normal(count), 0.0, 0.30
        ),
        "web_share": np.clip(web + 0.12 * rng.standard_normal(count), 0.0, 1.0),
        "pickup": np.clip(spread_around(0.15, 0.8, count, rng), 0.0, 0.7),
        "rush": np.clip(spread_around(0.08, 0.5, count, rng) * demand, 0.0, 0.5),
        "special": np.clip(spread_around(0.24, 0.5, count, rng) * demand * substance, 0.0, 0.9),
        "cuts": np.clip(spread_around(2.6, 0.5, count, rng), 0.3, 6.0),
        "labels": np.clip(spread_around(2.5, 0.5, count, rng), 0.3, 8.0),
        "quotes": np.clip(spread_around(0.55, 0.5, count, rng) * demand * substance, 0.0, 4.0),
        "complaints": np.clip(spread_around(0.05, 0.8, count, rng), 0.0, 0.3),
        "service": np.clip(spread_around(0.22, 0.8, count, rng), 0.0, 1.0),
        "visits": visits * np.sqrt(demand) * np.exp(base.size + 0.3 * rng.standard_normal(count)),
        "credit_rate": np.clip(spread_around(CREDIT_LINE_SHARE, 0.7, count, rng), 0.0, 0.12),
        "days_late": np.where(
            rng.random(count) < 0.12, rng.uniform(18, 45, count), spread_around(4.0, 0.8, count, rng)
        ),
    }
    return pd.DataFrame(traits, index=pd.Index(base.ids, name="customer_id"))


def _orders_and_value(size: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Orders a year and mean order value: independent of each other, and their product follows the revenue score.

    Given log(revenue), the sum of two independent normals, log(orders) has the slope of its share in the variance.
    """
    slope = LASTING_ORDERS_LOG_SD**2 / _LOG_SD
    rest = LASTING_ORDERS_LOG_SD * ORDER_VALUE_LOG_SD_BETWEEN / _LOG_SD
    log_orders = slope * size + rest * rng.standard_normal(len(size))
    orders = MEAN_ORDERS * np.exp(log_orders - LASTING_ORDERS_LOG_SD**2 / 2)
    return orders, MEDIAN_ORDER_VALUE * np.exp(_LOG_SD * size - log_orders)


def _draw_lives(base: CustomerBase, rng: np.random.Generator) -> pd.DataFrame:
    """Who stays, leaves, arrives or comes back, and from which day to which, counted from 1 January 2024.

    As many arrive as leave; the largest customers and those of the stories stay. Of the new ones, the measured share
    orders again; the others have one busy week.
    """
    lives = pd.DataFrame({"fate": "stays", "first": 0.0, "last": 2 * 365.0}, index=base.ids)
    may_move = [
        name for name, size in zip(base.ids, base.size, strict=True) if size < 1.2 and name not in story_customers()
    ]
    moving = iter(rng.permutation(may_move))
    for year in YEARS:
        for kind, count in (
            ("lost", MOVING_A_YEAR),
            ("new", MOVING_A_YEAR),
            ("back", REACTIVATED * (year == YEARS[-1])),
        ):
            names = [next(moving) for _ in range(count)]
            day = 365 * (YEARS.index(year) + rng.uniform(0.08, 0.92, count))
            lives.loc[names, "fate"] = f"{kind}_{year}"
            lives.loc[names, "last" if kind == "lost" else "first"] = day
            once = names[round(count * REPEAT_SHARE) :] if kind == "new" else []
            lives.loc[once, "last"] = lives.loc[once, "first"] + 7
    return lives


def _within_year(frame: pd.DataFrame, lives: pd.DataFrame, year: int) -> pd.DataFrame:
    """The active days of the year, with the orders and visits that fall in them; at least one order if there are any."""
    offset = 365.0 * YEARS.index(year)
    start = np.clip(lives["first"].to_numpy() - offset, 0, 365)
    end = np.clip(lives["last"].to_numpy() - offset, 0, 365)
    orders = np.maximum(whole(frame["orders"].to_numpy() * (end - start) / 365), 1) * (end > start)
    return frame.assign(
        active_from=whole(np.floor(start)),
        active_until=whole(np.ceil(end)),
        orders=orders,
        visits=frame["visits"] * (end - start) / 365,
        fate=lives["fate"],
    )


def _tell_stories(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    for customer, by_year in STORY_TRAITS.items():
        for trait, value in by_year[year].items():
            frame.loc[customer, trait] = value
    return frame


def _with_specials(frame: pd.DataFrame) -> pd.DataFrame:
    neutral = {
        "active_from": 0, "active_until": 365, "spread": 0.9, "cuts": 1.0, "labels": 1.0, "fate": "stays", "rush": 0.0, "special": 0.0, "quotes": 0.0,
        "complaints": 0.0, "service": 0.0, "visits": 0.0, "credit_rate": CREDIT_LINE_SHARE, "days_late": 0.0,
    }  # fmt: skip
    rows = pd.DataFrame([neutral | traits for traits in _SPECIAL_TRAITS.values()], index=pd.Index(_SPECIAL_TRAITS))
    joined = pd.concat([frame, rows[frame.columns]])
    joined["orders"] = joined["orders"].astype("int64")
    return joined.rename_axis("customer_id")
