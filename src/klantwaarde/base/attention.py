"""Does attention go where value is? Hours against contribution, and who gave up hours to whom."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from klantwaarde import money
from klantwaarde.base.customers import base_of, named
from klantwaarde.base.effort import Hours, hours_in, year_back
from klantwaarde.base.history import Cents, Floats
from klantwaarde.check import Results
from klantwaarde.costs.cells import totals_by
from klantwaarde.periods import Period

if TYPE_CHECKING:
    from klantwaarde.model import Model

BAND = (0.67, 1.5)  # an index within this band is in balance


def attention_index(hours: ArrayLike, contribution: ArrayLike) -> Floats:
    """Share of the hours / share of the contribution; contributions below zero count as zero.

    Returns:
        Per customer; infinite where hours bring nothing, NaN where there is neither or no total.

    Example:
        >>> attention_index([100, 300, 500, 100], [500, 300, 150, 50]).round(4).tolist()
        [0.2, 1.0, 3.3333, 2.0]
    """
    spent, earned = np.asarray(hours, dtype=float), np.maximum(np.asarray(contribution, dtype=float), 0.0)
    if not spent.sum() > 0 or not earned.sum() > 0:
        return np.full(len(spent), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((spent / spent.sum()) / (earned / earned.sum()))


def attention(model: "Model", _results: Results) -> pd.DataFrame:
    """Customers with hours or contribution in the period, the most hours above their share first.

    Contribution is gross margin less direct cost, before any handling: the hours themselves are not in it.

    Returns:
        customer_id, name, segment, hours, hours_share, contribution, contribution_share, attention_index (NaN when unknown
        and where hours bring nothing), excess_hours (hours above the share in contribution), contribution_per_hour,
        customer_result, result_per_hour, verdict (too_much · balanced · too_little · no_return), and with hours of the period
        before: hours_before, hours_change, moved (gained_losing · gave_earning · "").
    """
    base, now = base_of(model), hours_in(model, _span(model))
    if now is None:
        return pd.DataFrame()
    n = base.history.n
    hours = np.where(base.counted, now.by_customer(n), 0.0)
    contribution, result = _contribution(model, n)
    rows = np.flatnonzero(base.counted & ((hours > 0) | (contribution != 0)))
    columns = named(base.register, rows) | _balance(hours[rows], contribution[rows])
    columns |= {"customer_result": money.euros(result[rows]), "result_per_hour": _each(result[rows], hours[rows])}
    earlier = _hours_before(model)
    if earlier is not None:
        columns |= _shift(hours[rows], earlier.by_customer(n)[rows], result[rows])
    return pd.DataFrame(columns).sort_values("excess_hours", ascending=False, kind="stable", ignore_index=True)


def _balance(hours: Floats, contribution: Cents) -> dict[str, object]:
    """Hours against contribution, in shares, per hour and in a word."""
    earned = np.maximum(contribution, 0)
    index = attention_index(hours, earned)
    share = earned / earned.sum() if earned.sum() > 0 else np.full(len(hours), np.nan)
    cases = [np.isnan(index), np.isinf(index), index > BAND[1], index < BAND[0]]
    verdict = np.select(cases, ["", "no_return", "too_much", "too_little"], "balanced").astype(object)
    return {
        "hours": hours, "hours_share": hours / max(float(hours.sum()), 1e-12), "contribution": money.euros(contribution),
        "contribution_share": share, "attention_index": np.where(np.isinf(index), np.nan, index),
        "excess_hours": money.round_half_up(hours - share * hours.sum()), "contribution_per_hour": _each(contribution, hours),
        "verdict": verdict,
    }  # fmt: skip


def _shift(hours: Floats, before: Floats, result: Cents) -> dict[str, object]:
    """What changed since the period before: loss makers that got more hours, and earners that got fewer."""
    change = hours - before
    cases = [(change > 0) & (result < 0), (change < 0) & (result > 0)]
    moved = np.select(cases, ["gained_losing", "gave_earning"], "").astype(object)
    return {"hours_before": before, "hours_change": change, "moved": moved}


def _span(model: "Model") -> Period:
    """The period of the account; without one, the year up to the reference date."""
    return model.books.period or year_back(base_of(model).history, 0)


def _contribution(model: "Model", n: int) -> tuple[Cents, Cents]:
    """Before any handling, and the customer result, of the period."""
    statement = model.books.statement
    return (statement.gross_margin - statement.direct_cost)[:n], statement.result[:n]


def _each(cents: Cents, hours: Floats) -> Floats:
    quotient = np.divide(cents / 100, hours, out=np.full(len(hours), np.nan), where=hours > 0)
    return money.round_half_up(quotient)


def _hours_before(model: "Model") -> Hours | None:
    """Hours of the period before; None unless rows say that they belong to it."""
    table = model.tables["hours"]
    if "period" not in table or table["period"].isna().any():
        return None
    return hours_in(model, _span(model).previous())


def attention_teams(model: "Model", _results: Results) -> pd.DataFrame:
    """Per team: hours of loss makers and of customers that earn, this period and the one before.

    Returns:
        team, hours, losing_hours, losing_share, result_per_hour (of customers, over all their hours with this team),
        and with a period before: hours_before, losing_change, earning_change.
    """
    base = base_of(model)
    now, before = hours_in(model, _span(model)), _hours_before(model)
    if now is None:
        return pd.DataFrame()
    _, result = _contribution(model, base.history.n)
    teams = sorted(now.team.unique())
    frame = pd.DataFrame({"team": teams, **_team_hours(now, teams, result)})
    frame["losing_share"] = np.divide(
        frame["losing_hours"], frame["hours"], out=np.full(len(frame), np.nan), where=frame["hours"] > 0
    )
    if before is not None:
        earlier = _team_hours(before, teams, result)
        frame["hours_before"] = earlier["hours"]
        frame["losing_change"] = frame["losing_hours"] - earlier["losing_hours"]
        frame["earning_change"] = frame["earning_hours"] - earlier["earning_hours"]
    return frame


def _team_hours(hours: Hours, teams: list[str], result: Cents) -> dict[str, Floats]:
    """Hours of customers per team: all, of loss makers, of those who earn."""
    real = hours.customer < len(result)
    outcome = np.where(real, result[np.minimum(hours.customer, len(result) - 1)], 0)
    code = pd.Index(teams).get_indexer(hours.team)
    groups = {"hours": real, "losing_hours": real & (outcome < 0), "earning_hours": real & (outcome > 0)}
    inside = code >= 0
    return {
        name: totals_by(code[rows & inside], hours.hours[rows & inside], len(teams)) for name, rows in groups.items()
    }
