"""Who came and who went, and what that changed: the customer bridge, and the flow of every month, quarter or year.

A bridge runs from the year up to the opening to the year up to the closing. Every customer stands in one step, and a step
is the change of its customers, so that the steps add up to the whole change, to the unit and to the cent.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from klantwaarde import money
from klantwaarde.base.activity import (
    ENTERED,
    INACTIVE,
    KEPT,
    LOST,
    NEVER,
    NEW,
    REACTIVATED,
    RESUMED,
    Rules,
    Statuses,
    is_covered,
    movement,
)
from klantwaarde.base.history import Cents, Floats, History, Mask
from klantwaarde.base.trends import FEWEST, trend_label
from klantwaarde.periods import YEAR

STEP_MONTHS = {"year": 12, "quarter": 3, "month": 1}
MOST_STEPS = 24
TRENDS = ("new", "lost", "closing", "gained_margin", "lost_margin")


def count_bridge(status: Statuses) -> pd.DataFrame:
    """Opening, who entered, who was lost, closing: step, amount and running level, in customers."""
    size = np.bincount(status, minlength=NEVER + 1)
    opening = int(size[KEPT] + size[LOST])
    changes = [
        ("new", size[NEW]),
        ("reactivated", size[REACTIVATED]),
        ("resumed", size[RESUMED]),
        ("lost", -size[LOST]),
    ]
    return bridge_frame(opening, [(name, int(change)) for name, change in changes], divisor=1)


def amount_bridge(status: Statuses, before: Cents, now: Cents) -> pd.DataFrame:
    """The same for an amount: kept customers fall apart in grown and shrunk; ``others`` were active at neither end.

    Args:
        status: Of every customer.
        before: Cents of the year up to the opening.
        now: Cents of the year up to the closing.
    """
    change = now - before
    kept = status == KEPT
    steps = [
        ("new", status == NEW), ("reactivated", status == REACTIVATED), ("resumed", status == RESUMED),
        ("grown", kept & (change > 0)), ("shrunk", kept & (change < 0)), ("lost", status == LOST),
        ("others", (status == INACTIVE) | (status == NEVER)),
    ]  # fmt: skip
    return bridge_frame(int(before.sum()), [(name, int(change[mask].sum())) for name, mask in steps], divisor=100)


def bridge_frame(opening: int, changes: list[tuple[str, int]], *, divisor: int) -> pd.DataFrame:
    """A bridge as rows: step, amount, level."""
    names = ["opening", *(name for name, _ in changes), "closing"]
    closing = opening + sum(change for _, change in changes)
    amounts = np.array([opening, *(change for _, change in changes), closing], dtype=np.int64)
    levels = np.append(np.cumsum(amounts[:-1]), closing)
    return pd.DataFrame({"step": names, "amount": amounts / divisor, "level": levels / divisor})


def flow(history: History, rules: Rules, step: int, margins: Mapping[int, Cents] | None = None) -> pd.DataFrame:
    """Arrivals and departures of every step of so many months, from old to new, as far as the lines say who was active.

    Args:
        history: All sales.
        rules: What active means.
        step: Months of one step.
        margins: Months back -> gross margin per customer of the year up to then, where the account covers that year;
            other years follow from the lines, before bonuses.

    Returns:
        until, opening, new, reactivated, resumed, lost, closing, passed_through (came and left within the step),
        retention (kept / opening), margin_retention (margin of the kept in the year before / of all at the opening),
        new_share (new / closing), turnover ((entered + lost) / 2 / average), gained_margin (of who entered, in the year up
        to the closing), lost_margin (of the lost, in the year before the opening), balance (cumulative difference).
    """
    rows = list(_steps(history, rules, step, margins or {}))
    frame = pd.DataFrame(rows[::-1], columns=list(_FLOW))
    gained, lost = (money.cents(frame[name].to_numpy(float)) for name in ("gained_margin", "lost_margin"))
    return frame.assign(balance=money.euros(np.cumsum(gained - lost)))


def flows(history: History, rules: Rules, wanted: str, margins: Mapping[int, Cents] | None = None) -> pd.DataFrame:
    """The flow in steps of the wanted length, and below it in shorter steps when those are too few for a trend.

    Years take the margins of the account, as the bridge does; shorter steps all follow from the lines, so that a trend
    compares like with like.

    Returns:
        step (year · quarter · month), then as :func:`flow`. The last kind of step is the one to look for a trend in.
    """
    found = []
    for name, months in STEP_MONTHS.items():
        if months <= STEP_MONTHS[wanted]:
            frame = flow(history, rules, months, margins if name == "year" else None)
            if len(frame) and (months == STEP_MONTHS[wanted] or len(frame) >= FEWEST):
                found.append(frame)
                frame.insert(0, "step", name)
            if len(frame) >= FEWEST:
                break
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def trend_steps(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of the last kind of step."""
    return frame[frame["step"] == frame["step"].iloc[-1]].reset_index(drop=True) if len(frame) else frame


_FLOW = (
    "until", "opening", "new", "reactivated", "resumed", "lost", "closing", "passed_through", "retention", "margin_retention",
    "new_share", "turnover", "gained_margin", "lost_margin",
)  # fmt: skip


def _steps(history: History, rules: Rules, step: int, margins: Mapping[int, Cents]) -> Iterator[tuple[object, ...]]:
    margin = history.net - history.cost
    for place in range(MOST_STEPS):
        closing, opening = place * step, (place + 1) * step
        if not is_covered(history, opening, rules):
            return
        status = movement(history, opening, closing, rules)
        size = np.bincount(status, minlength=NEVER + 1)
        entered, kept, lost = int(size[list(ENTERED)].sum()), int(size[KEPT]), int(size[LOST])
        earlier, later = (margins[lag] if lag in margins else history.total(margin, lag) for lag in (opening, closing))
        stays, went = (int(earlier[status == name].sum()) for name in (KEPT, LOST))
        yield (
            pd.Timestamp(history.day(closing)), kept + lost, int(size[NEW]), int(size[REACTIVATED]), int(size[RESUMED]), lost,
            kept + entered, _passed_through(history, status, opening, closing), share(kept, kept + lost),
            share(stays, stays + went), share(int(size[NEW]), kept + entered),
            share(entered + lost, 2 * kept + entered + lost), int(later[np.isin(status, ENTERED)].sum()) / 100, went / 100,
        )  # fmt: skip


def _passed_through(history: History, status: Statuses, opening: int, closing: int) -> int:
    """Customers that bought within the step for the first time and were gone again at its end."""
    first = history.first_visit()
    inside: Mask = (first > history.day(opening)) & (first <= history.day(closing))
    return int((inside & (status == INACTIVE)).sum())


def share(part: float, whole: float) -> float:
    """Part / whole; NaN when the whole is not above zero."""
    return part / whole if whole > 0 else float("nan")


def flow_trends(frame: pd.DataFrame) -> pd.DataFrame:
    """A label for every row of figures of the flow, over the last kind of step.

    Returns:
        measure, step, periods (how many figures), mean, latest, trend (rises · falls · level · fluctuates · too_few).
    """
    rows = trend_steps(frame)
    if rows.empty:
        return pd.DataFrame()
    found = [(name, rows["step"].iloc[0], *_trend(rows[name].to_numpy(float))) for name in TRENDS]
    return pd.DataFrame(found, columns=["measure", "step", "periods", "mean", "latest", "trend"])


def _trend(values: Floats) -> tuple[int, float, float, str]:
    return len(values), round(float(values.mean()), 2), float(values[-1]), trend_label(values)


def year_movement(history: History, rules: Rules) -> Statuses | None:
    """The status of every customer over the last year; None when the lines do not reach back to the year before it."""
    return movement(history, YEAR, 0, rules) if is_covered(history, YEAR, rules) else None
