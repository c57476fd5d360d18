"""How long relations last: the share of every year's arrivals that is still active, and the survival of all relations."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from klantwaarde.base.activity import Rules, known_since, starts_in_sight
from klantwaarde.base.history import Floats, History, Mask
from klantwaarde.periods import YEAR, months_earlier

MOST_YEARS = 10
FEWEST_AT_RISK = 10
_MONTH = 365.25 / 12


def cohorts(history: History, rules: Rules) -> pd.DataFrame:
    """Of the customers that came in a year, the share that is active at the end of each year after it.

    Years end on the day of the year of the reference date. A customer counts when its first purchase of all stands in the
    lines: those who were there when the lines begin have no known year of arrival.

    Returns:
        cohort (last day of the year of arrival), customers, year_0 (end of that year) up to year_10; NaN in the future.
    """
    sight = starts_in_sight(history, rules)
    first = history.first_visit()
    years = -(-history.months // YEAR)
    borders = np.array([history.day(YEAR * year) for year in range(years, -1, -1)])
    year = (
        len(borders) - 1 - np.searchsorted(borders, first[sight], side="left")
    )  # 0 = the year up to the reference date
    members = np.flatnonzero(sight)
    active = [history.active(YEAR * age, rules.active_months) for age in range(years)]
    rows = []
    for back in sorted(set(year.tolist()), reverse=True):
        here = members[year == back]
        shares = [
            float(active[back - age][here].mean()) if age <= back else np.nan
            for age in range(min(years, MOST_YEARS + 1))
        ]
        rows.append([pd.Timestamp(history.day(YEAR * back)), len(here), *shares])
    names = ["cohort", "customers", *(f"year_{age}" for age in range(min(years, MOST_YEARS + 1)))]
    return pd.DataFrame(rows, columns=names).dropna(axis=1, how="all")


@dataclass(frozen=True, slots=True, eq=False)
class Relations:
    """Relations with their length in months: from the start to the day on which they were lost, or to today while they run.

    Attributes:
        entry: Age at which a relation came into sight; 0 when the lines hold its start.
        length: Age at the end, or now.
        ended: False for relations that still run.
    """

    entry: Floats
    length: Floats
    ended: Mask


def relations_of(history: History, rules: Rules) -> Relations:
    """The relations whose start is known: from the lines, or from the debtor master for older ones.

    A relation ends on the day on which the customer is lost: when the active months since its last purchase are over.
    """
    since, first = known_since(history, rules), history.first_visit()
    known = starts_in_sight(history, rules) | (since < first)
    active = history.active(0, rules.active_months)
    lost = months_earlier(history.last_visit(), -rules.active_months)
    end = np.where(active, np.datetime64(history.at), lost)
    begin = history.visit_day.min() if len(history.visit_day) else np.datetime64(history.at)
    length, entry = ((day - since)[known].astype(float) / _MONTH for day in (end, np.maximum(begin, since)))
    return Relations(entry, length, ~active[known])


def survival(relations: Relations) -> pd.DataFrame:
    """Kaplan-Meier: which part of the relations lasts so many years, running relations counted for as long as they run.

    Relations that began before the lines do count from the age at which they came into sight (delayed entry), because
    whoever left earlier cannot be seen. Ages with fewer than 10 relations at risk say nothing and change nothing.
    Source: Kaplan & Meier, JASA 53 (1958); delayed entry as in Klein & Moeschberger, Survival Analysis (2003), ch. 4.6.

    Returns:
        year, at_risk (at the start of that year of age), ended (in it), survival (at its end).
    """
    ages, curve = _product_limit(relations)
    entry, exits = np.sort(relations.entry), np.sort(relations.length)
    gone = np.floor(relations.length[relations.ended] / YEAR).astype(int)
    rows = []
    for year in range(int(np.ceil(relations.length.max(initial=0) / YEAR))):
        start = year * YEAR
        at_risk = int(np.searchsorted(entry, start, side="right") - np.searchsorted(exits, start, side="left"))
        place = int(np.searchsorted(ages, start + YEAR, side="right"))
        rows.append((year + 1, at_risk, int((gone == year).sum()), float(curve[place - 1]) if place else 1.0))
    return pd.DataFrame(rows, columns=["year", "at_risk", "ended", "survival"])


def median_length(relations: Relations) -> float:
    """The age in months at which half of the relations has ended; NaN when that age was not reached.

    Example:
        >>> ended = Relations(np.zeros(20), np.repeat([6.0, 12.0], 10), np.ones(20, dtype=bool))
        >>> median_length(ended)
        6.0
    """
    ages, curve = _product_limit(relations)
    reached = np.flatnonzero(curve <= 0.5 + 1e-12)
    return float(ages[reached[0]]) if len(reached) else float("nan")


def _product_limit(relations: Relations) -> tuple[Floats, Floats]:
    """Ages at which relations ended, and the part that outlives each."""
    ages, ended = np.unique(relations.length[relations.ended], return_counts=True)
    entry, exits = np.sort(relations.entry), np.sort(relations.length)
    at_risk = np.searchsorted(entry, ages, side="left") - np.searchsorted(exits, ages, side="left")
    at_risk += np.where(
        ages <= 0, np.searchsorted(entry, ages, side="right"), 0
    )  # who leaves at age 0 was at risk there
    lost = np.where(at_risk >= FEWEST_AT_RISK, ended / np.maximum(at_risk, 1), 0.0)
    return ages, np.cumprod(1 - np.minimum(lost, 1.0))
