"""Where customers stand between two moments: kept, new, reactivated, resumed, lost or inactive.

Active = bought within the active months up to and including a day: a purchase exactly twelve months ago is too old.
Between an opening and a closing day a customer is

    kept         active at both;
    new          active at the closing only, and never bought before;
    reactivated  active at the closing only, after a silence of at least the reactivation months;
    resumed      active at the closing only, after a shorter silence;
    lost         active at the opening only;
    inactive     bought once, active at neither;
    never        never bought.

So opening + new + reactivated + resumed - lost = closing, always.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from klantwaarde.base.history import History, Mask
from klantwaarde.periods import Days, months_earlier

STATUSES = ("kept", "new", "reactivated", "resumed", "lost", "inactive", "never")
KEPT, NEW, REACTIVATED, RESUMED, LOST, INACTIVE, NEVER = range(len(STATUSES))
ENTERED = (NEW, REACTIVATED, RESUMED)
Statuses = NDArray[np.int8]


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """What active and reactivated mean, and what is known of the time before the first line.

    Attributes:
        active_months: Active = bought in so many months.
        reactivation_months: A silence of so many months makes a customer reactivated.
        since: Day on which each customer became one according to the debtor master; NaT where that is not known.
    """

    active_months: int
    reactivation_months: int
    since: Days


def is_covered(history: History, lag: int, rules: Rules) -> bool:
    """The lines reach back far enough to know who was active so many months back."""
    return lag + rules.active_months <= history.months


def movement(history: History, opening: int, closing: int, rules: Rules) -> Statuses:
    """The status of every customer between two days, given in months back (opening > closing).

    A customer whose first line is recent but who stands in the debtor master since before the first line of all is not
    new: its silence is counted from that day.
    """
    was, now = (history.active(day, rules.active_months) for day in (opening, closing))
    first = history.first_visit(after=opening)
    last = last_sign_of_life(history, opening, rules)
    never = np.isnat(history.first_visit())
    entered = now & ~was
    long_ago = last <= months_earlier(first, rules.reactivation_months)
    status = np.full(history.n, INACTIVE, dtype=np.int8)
    status[never] = NEVER
    status[was & now], status[was & ~now] = KEPT, LOST
    status[entered] = np.where(np.isnat(last), NEW, np.where(long_ago, REACTIVATED, RESUMED))[entered]
    return status


def last_sign_of_life(history: History, opening: int, rules: Rules) -> Days:
    """The last purchase up to the opening, else the day in the debtor master when it lies before all lines; NaT = none."""
    last = history.last_visit(until=opening)
    return np.where(np.isnat(last), older_than_the_lines(history, rules), last)


def older_than_the_lines(history: History, rules: Rules) -> Days:
    """Since when somebody is a customer, for those who were one before the first line of all; NaT for the others."""
    if not len(history.visit_day):
        return rules.since
    return np.where(rules.since < history.visit_day.min(), rules.since, np.datetime64("NaT", "D"))


def known_since(history: History, rules: Rules) -> Days:
    """The first purchase, or the day in the debtor master for who was a customer before the lines begin."""
    return np.fmin(history.first_visit(), older_than_the_lines(history, rules))


def starts_in_sight(history: History, rules: Rules) -> Mask:
    """Whose first purchase of all stands in the lines: not older, and not in their first months, which nothing precedes."""
    first = history.first_visit()
    begun = (
        history.day(history.months - rules.active_months) if history.months > rules.active_months else history.day(0)
    )
    return np.asarray(np.isnat(older_than_the_lines(history, rules)) & (first > begun))
