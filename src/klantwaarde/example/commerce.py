"""What the sales side knows: hours per customer, value scores, events and targets."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from klantwaarde.example.accounts import minutes_used
from klantwaarde.example.draws import draws_for, whole
from klantwaarde.example.handlings import HANDLINGS

DRIVERS: tuple[tuple[str, float], ...] = (
    ("Leverbetrouwbaarheid", 0.3),
    ("Technisch advies", 0.3),
    ("Snelheid", 0.2),
    ("Bestelgemak", 0.2),
)
SCORED_CUSTOMERS = 60
_TEAMS = {"BD": "Binnendienst", "BUI": "Buitendienst"}
_Event = tuple[str, str, str, str | None]  # customer, date, kind, reason
_EVENTS: tuple[_Event, ...] = (
    ("100117", "2025-04-08", "visit", "Jaargesprek over prijzen"),
    ("100117", "2025-09-16", "complaint", "Spoedlevering te laat"),
    ("100142", "2025-06-11", "visit", "Gesprek over betaalafspraken"),
    ("100189", "2025-01-20", "contact_change", "Nieuwe inkoper"),
    ("100189", "2025-05-14", "complaint", "Verkeerde artikelen besteld"),
    ("100236", "2025-04-22", "complaint", "Levering onvolledig"),
    ("100236", "2025-07-03", "left", "Overgestapt naar een andere leverancier"),
    ("100288", "2025-02-18", "quote_won", "Jaarafspraak met instapkorting"),
    ("100160", "2025-10-07", "visit", "Verzoek om één concernafspraak"),
)
_TARGETS: tuple[tuple[str, str, float, str, str], ...] = (
    ("2025", "Netto omzet", 10_900_000, "Begroting 2025", "Commercie"),
    ("2025", "Nieuwe klanten", 25, "Begroting 2025", "Commercie"),
    ("2026", "Netto omzet", 11_200_000, "Begroting 2026", "Commercie"),
    ("2026", "Brutomarge", 3_150_000, "Begroting 2026", "Finance"),
    ("2026", "Klantresultaat", 950_000, "Begroting 2026", "Finance"),
    ("2026", "Nieuwe klanten", 24, "Begroting 2026", "Commercie"),
    ("2026", "Behouden klanten", 190, "Begroting 2026", "Commercie"),
)
_OWN_CHOICE = "Aanvragen zonder marge"
_LOST_QUOTES = ("Prijs", "Levertijd")
_MOST_VISITS = 4.0  # by one account manager before a first order, on average
_LEFT_REASONS = ("Prijs", "Levertijd", "Bedrijf gestopt", "Overgestapt naar webwinkel")


def hours_table(volumes: pd.DataFrame, behaviour: Mapping[int, pd.DataFrame], seed: int) -> pd.DataFrame:
    """The hours table: what both sales teams booked per customer and year, and hours without a customer.

    Booked hours follow the minutes of the handlings, with the inaccuracy of people who write hours.
    """
    rng = draws_for("commerce", seed)
    pool = volumes["activity_id"].map({handling.id: handling.pool for handling in HANDLINGS})
    minutes = minutes_used(volumes).groupby([volumes["period"], pool.rename("team"), volumes["customer_id"]]).sum()
    sales = minutes[minutes.index.get_level_values("team").isin(_TEAMS)].reset_index(name="minutes")
    booked = whole(sales["minutes"].to_numpy() / 60 * np.exp(0.15 * rng.standard_normal(len(sales))) * 4) / 4
    new = {
        (str(year), customer)
        for year, traits in behaviour.items()
        for customer in traits.index[traits["fate"] == f"new_{year}"]
    }
    won = np.array([key in new for key in zip(sales["period"], sales["customer_id"], strict=True)])
    frame = pd.DataFrame(
        {
            "team": sales["team"].map(_TEAMS),
            "customer_id": sales["customer_id"],
            "period": sales["period"],
            "hours": booked,
            "purpose": np.select(
                [won & (sales["team"] == "BUI"), sales["team"] == "BUI"], ["acquisition", "sales"], "service"
            ),
        }
    )
    general = [(team, None, str(year), 420.0, purpose) for year in behaviour
               for team, purpose in (("Binnendienst", "service"), ("Buitendienst", "acquisition"))]  # fmt: skip
    return pd.concat([frame[frame["hours"] > 0], pd.DataFrame(general, columns=frame.columns)], ignore_index=True)


def value_scores_table(net_2025: pd.Series, stories: frozenset[str], seed: int) -> pd.DataFrame:
    """The value_scores table for the largest customers and those of the stories."""
    rng = draws_for("commerce", seed + 1)
    order = net_2025.sort_values(ascending=False, kind="stable").index
    told = [customer for customer in sorted(stories) if customer in net_2025.index]
    others = [customer for customer in order if customer not in stories][: SCORED_CUSTOMERS - len(told)]
    customers = sorted([*told, *others])
    level = pd.Series(rng.normal(64, 13, len(customers)), index=customers)
    level["100117"], level["100189"] = 86.0, 48.0
    rows = []
    for customer in customers:
        scores = np.clip(whole(level[customer] + 9 * rng.standard_normal(len(DRIVERS))), 5, 98)
        for (driver, weight), score in zip(DRIVERS, scores, strict=True):
            effect = float(net_2025[customer] // 100 // 1_000 * max(int(score) - 50, 0) // 4)
            rows.append(
                (customer, np.datetime64("2025-10-15"), driver, weight, int(score), effect, bool(rng.random() < 0.6))
            )
    columns = ["customer_id", "date", "driver", "weight", "score", "effect_eur", "agreed"]
    return pd.DataFrame(rows, columns=columns).astype({"date": "datetime64[s]"})


def events_table(behaviour: Mapping[int, pd.DataFrame], first_orders: pd.Series, seed: int) -> pd.DataFrame:
    """The events table: the stories, a reason for most customers that left, and how new customers were won.

    ``first_orders`` holds a date per customer.
    """
    rng = draws_for("commerce", seed + 2)
    rows: list[_Event] = list(_EVENTS)
    told = {customer for customer, _, _, _ in _EVENTS}
    for year, traits in behaviour.items():
        left = traits[(traits["fate"] == f"lost_{year}") & ~traits.index.isin(told)]
        for customer, last_day in left["active_until"].items():
            if rng.random() < 0.75:
                date = np.datetime64(f"{year}-01-01") + np.timedelta64(min(int(last_day) + 14, 364), "D")
                kind = "left_on_purpose" if rng.random() < 0.2 else "left"
                reason = _OWN_CHOICE if kind == "left_on_purpose" else _LEFT_REASONS[rng.integers(len(_LEFT_REASONS))]
                rows.append((str(customer), str(date), kind, reason))
    rows += _won(behaviour, first_orders.drop(list(told), errors="ignore"), seed)
    frame = pd.DataFrame(rows, columns=["customer_id", "date", "kind", "reason"])
    return frame.astype({"date": "datetime64[s]"}).sort_values(
        ["date", "customer_id"], kind="stable", ignore_index=True
    )


def _won(behaviour: Mapping[int, pd.DataFrame], first_orders: pd.Series, seed: int) -> list[_Event]:
    """Visits and quotes before the first order of new customers: some quotes lost, the last one won."""
    rng = draws_for("acquisition", seed)
    opening = np.datetime64(f"{min(behaviour)}-01-01")
    rows: list[_Event] = []
    for year, traits in behaviour.items():
        new = traits.index[traits["fate"] == f"new_{year}"]
        for customer, first in first_orders[first_orders.index.isin(new)].sort_index().items():
            lost = rng.choice(_LOST_QUOTES, rng.integers(1, 4))
            visits = rng.integers(2, 5) + rng.poisson(min(traits.loc[customer, "visits"], _MOST_VISITS))
            kinds = ["quote_won", *["quote_lost"] * len(lost), *["visit"] * int(visits)]
            ahead = [rng.integers(3, 11), *rng.integers(12, 90, len(lost)), *rng.integers(2, 90, visits)]
            days = np.busday_offset(first.to_datetime64().astype("M8[D]") - np.array(ahead), 0, roll="backward")
            reasons = [None, *lost, *[None] * int(visits)]
            told = zip(days, kinds, reasons, strict=True)
            rows += [(str(customer), str(day), kind, reason) for day, kind, reason in told if day >= opening]
    return rows


def targets_table() -> pd.DataFrame:
    """The targets table."""
    return pd.DataFrame(_TARGETS, columns=["period", "line", "amount", "version", "owner"])
