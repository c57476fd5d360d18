"""The handlings of the five teams, their minutes, and how often each customer asked for them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from klantwaarde.example.draws import draws_for, whole
from klantwaarde.example.payments import Credit


@dataclass(frozen=True, slots=True)
class Handling:
    """One handling: unit minutes or a time equation, as stands in the activities table."""

    id: str
    name: str
    pool: str
    minutes: float | None = None
    equation: str | None = None
    level: str = "order"
    service: str | None = None


HANDLINGS: tuple[Handling, ...] = (
    Handling("order_phone", "Order aannemen, telefoon of mail", "BD", 18),
    Handling("order_web", "Order verwerken, web", "BD", 3),
    Handling("order_line", "Orderregel invoeren", "BD", 5, level="unit"),
    Handling("quote", "Offerte maken", "BD", 75, service="Technisch advies"),
    Handling("rush_order", "Spoedorder regelen", "BD", 25, service="Spoed"),
    Handling("complaint", "Klacht afhandelen", "BD", 75),
    Handling("pick_line", "Orderregel inslaan, verzamelen en inpakken", "MAG", 15, level="unit"),
    Handling("special_job", "Bijzondere bewerking", "MAG", equation="5 + 12*cutting + 3*labels", service="Maatwerk"),
    Handling("return", "Retour verwerken", "MAG", 45),
    Handling("delivery_stop", "Afleverstop", "TRA", 40, service="Bezorging"),
    Handling("driver_service", "Dienst van de chauffeur", "TRA", 22, service="Bezorging"),
    Handling("invoice", "Factuur of creditnota", "ADM", 11),
    Handling("credit_watch", "Levering boven kredietlimiet beoordelen", "ADM", 30, level="customer"),
    Handling("reminder", "Aanmaning", "ADM", 12, level="customer"),
    Handling("sales_visit", "Bezoek van de accountmanager", "BUI", 165, level="customer"),
)
VARIABLES = ("cutting", "labels")
_COUNTED = frozenset(
    {"quote", "complaint", "driver_service", "sales_visit"}
)  # rows that hold a count; others are one each


def activities_table() -> pd.DataFrame:
    """The activities table."""
    rows = [(h.id, h.name, h.pool, h.minutes, h.equation, h.level, h.service) for h in HANDLINGS]
    return pd.DataFrame(
        rows, columns=["activity_id", "name", "pool_id", "minutes", "time_equation", "level", "service_option"]
    )


def count_handlings(
    orders: pd.DataFrame, invoice_lines: pd.DataFrame, credit: Credit, behaviour: Mapping[int, pd.DataFrame], seed: int
) -> pd.DataFrame:
    """The activity_volumes table: counts per customer, handling and year.

    Special jobs stand in one row per combination of cuts and labels, so that the time equation holds for every job.
    """
    counted = [
        _summed(activity, rows)
        for activity, rows in _sources(orders, invoice_lines, credit, behaviour, draws_for("handlings", seed))
    ]
    volumes = pd.concat(counted, ignore_index=True)
    volumes = volumes[volumes["quantity"] > 0].astype({"quantity": "int64"} | dict.fromkeys(VARIABLES, "int64"))
    rank = volumes["activity_id"].map({handling.id: place for place, handling in enumerate(HANDLINGS)})
    volumes = volumes.assign(rank=rank).sort_values(
        ["period", "customer_id", "rank", *VARIABLES], kind="stable", ignore_index=True
    )
    return volumes[["customer_id", "activity_id", "period", "quantity", *VARIABLES]]


def _sources(
    orders: pd.DataFrame,
    lines: pd.DataFrame,
    credit: Credit,
    behaviour: Mapping[int, pd.DataFrame],
    rng: np.random.Generator,
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Handling id and the rows to count; a column ``quantity`` counts for more than one."""
    sold = lines[lines["quantity"] > 0]
    notes = lines[lines["quantity"] < 0].drop_duplicates("invoice_id").assign(quantity=1)
    corrected = notes[~notes["goods_back"].astype(bool)]
    by_phone = set(orders.loc[~orders["web"], "order_id"])
    delivered = orders[~orders["pickup"]]
    yield "order_phone", orders[~orders["web"]]
    yield "order_web", orders[orders["web"]]
    yield "order_line", sold[sold["order_id"].isin(by_phone)]
    yield "quote", _asked_per_order(orders, behaviour, "quotes", rng)
    yield "rush_order", orders[orders["rush"]]
    yield "complaint", pd.concat([_asked_per_order(orders, behaviour, "complaints", rng), corrected])
    yield "pick_line", sold
    yield "special_job", orders[orders["special"]]
    yield "return", notes[notes["goods_back"].astype(bool)]
    yield "delivery_stop", delivered
    yield "driver_service", _asked_per_order(delivered, behaviour, "service", rng)
    yield "invoice", lines.drop_duplicates("invoice_id")
    yield "credit_watch", credit.watched
    yield "reminder", credit.reminders
    yield "sales_visit", _visits(behaviour)


def _asked_per_order(
    orders: pd.DataFrame, behaviour: Mapping[int, pd.DataFrame], trait: str, rng: np.random.Generator
) -> pd.DataFrame:
    """How often customers asked for something, drawn around their usual number per order."""
    counts = orders.groupby(["year", "customer_id"]).size()
    usual = [behaviour[int(year)].loc[customer, trait] for year, customer in counts.index]
    asked = rng.poisson(counts.to_numpy() * np.array(usual, dtype=float))
    return counts.index.to_frame(index=False).assign(quantity=asked)


def _visits(behaviour: Mapping[int, pd.DataFrame]) -> pd.DataFrame:
    years = [
        pd.DataFrame({"customer_id": traits.index, "year": year, "quantity": whole(traits["visits"].to_numpy(float))})
        for year, traits in behaviour.items()
    ]
    return pd.concat(years, ignore_index=True)


def _summed(activity: str, rows: pd.DataFrame) -> pd.DataFrame:
    kinds = list(VARIABLES) if activity == "special_job" else []
    counted = rows.assign(quantity=rows["quantity"] if activity in _COUNTED else 1)
    total = counted.groupby(["customer_id", "year", *kinds], as_index=False)["quantity"].sum()
    return total.assign(activity_id=activity, period=total["year"].astype(str)).reindex(
        columns=["customer_id", "activity_id", "period", "quantity", *VARIABLES], fill_value=0
    )
