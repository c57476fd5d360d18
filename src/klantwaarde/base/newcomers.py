"""New customers: who they are, how they differ from the base, what it took to win them, and whether that has come back."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.base.activity import ENTERED, KEPT, NEW, REACTIVATED, RESUMED, STATUSES, starts_in_sight
from klantwaarde.base.composition import DIMENSIONS, Names, grouped, size_class
from klantwaarde.base.customers import Base, base_of, euros_of, named, parent_still_buys
from klantwaarde.base.dynamics import share
from klantwaarde.base.effort import hours_in, spent_on, year_back
from klantwaarde.base.history import Cents, Floats
from klantwaarde.check import Results
from klantwaarde.costs.cells import totals_by
from klantwaarde.periods import YEAR, months_earlier

if TYPE_CHECKING:
    from klantwaarde.model import Model

WELCOME = ("gift", "onboarding", "campaign")  # counts for new customers only; the kind acquisition counts for everybody


def new_customers(model: "Model", results: Results) -> pd.DataFrame:
    """Customers that entered in the last year, the largest margin first.

    Returns:
        customer_id, name, segment, channel, status (new · reactivated · resumed), tier, first_purchase (in this year),
        group_bought_before, the figures of the year, discount_rate.
    """
    base = base_of(model)
    if base.status is None or base.active_before is None:
        return pd.DataFrame()
    rows = np.flatnonzero(np.isin(base.status, ENTERED))
    tiers = base.tiers(base.measure(results), results)
    columns = named(base.register, rows, "channel") | {"status": np.array(STATUSES, dtype=object)[base.status[rows]]}
    if tiers is not None:
        columns["tier"] = tiers[rows]
    columns |= {
        "first_purchase": base.history.first_visit(after=YEAR)[rows].astype("M8[us]"),
        "group_bought_before": parent_still_buys(base, base.active_before)[rows], **euros_of(base.now, rows),
        "discount_rate": _discount_rate(base)[rows],
    }  # fmt: skip
    frame = pd.DataFrame(columns)
    return frame.sort_values("gross_margin", ascending=False, kind="stable", ignore_index=True)


def _discount_rate(base: Base) -> Floats:
    """Discount on the invoice over the last year as a fraction of the list amount; NaN without one."""
    history = base.history
    listed, net = history.total(history.listed, 0), history.total(history.net, 0)
    return np.divide(listed - net, listed, out=np.full(history.n, np.nan), where=listed > 0)


def newcomer_profile(model: "Model", _results: Results) -> pd.DataFrame:
    """New customers against the customers that stayed, per group.

    Returns:
        dimension, key, customers (new), new_share (of the new), base_share (of the kept), index (new_share / base_share, 100
        = the same), revenue_each (of a new customer), base_revenue_each.
    """
    base = base_of(model)
    if base.status is None or not (base.status == NEW).any():
        return pd.DataFrame()
    master = base.register.master
    keys: dict[str, Names] = {"size": size_class(base.now.net_revenue)}
    keys |= {
        name: master[name].fillna("").to_numpy(object)
        for name in DIMENSIONS
        if name in master and master[name].notna().any()
    }
    parts = [
        _profile(name, groups, base.status == NEW, base.status == KEPT, base.now.net_revenue)
        for name, groups in keys.items()
    ]
    return pd.concat(parts, ignore_index=True)


def _profile(
    dimension: str, groups: Names, new: NDArray[np.bool_], kept: NDArray[np.bool_], revenue: Cents
) -> pd.DataFrame:
    code, names = grouped(groups)
    n = len(names)
    sizes, means = [], []
    for chosen in (new, kept):
        count = np.bincount(code[chosen], minlength=n)
        total = totals_by(code[chosen], revenue[chosen], n)
        sizes.append(count)
        means.append(np.divide(total / 100, count, out=np.full(n, np.nan), where=count > 0))
    shares = [count / max(count.sum(), 1) for count in sizes]
    index = np.divide(shares[0] * 100, shares[1], out=np.full(n, np.nan), where=shares[1] > 0)
    frame = pd.DataFrame(
        {
            "dimension": dimension, "key": names, "customers": sizes[0], "new_share": shares[0],
            "base_share": shares[1], "index": index, "revenue_each": money.round_half_up(means[0]),
            "base_revenue_each": money.round_half_up(means[1]),
        }
    )  # fmt: skip
    return frame[(sizes[0] > 0) | (sizes[1] > 0)]


def acquisition_cost(model: "Model", _results: Results) -> pd.DataFrame:
    """What the new customers of the last year cost to win, by component; components that are not known are left out.

    Returns:
        component (acquisition · gift · onboarding · campaign · acquisition_hours · extra_discount), quantity (hours), amount,
        share, per_customer. Without new customers per_customer is NaN.
    """
    base = base_of(model)
    if base.status is None:
        return pd.DataFrame()
    new, period = base.status == NEW, year_back(base.history, 0)
    amounts: dict[str, float] = {}
    if "customer_costs" in model.tables:
        amounts["acquisition"] = int(spent_on(model, ("acquisition",), period).sum()) / 100
        amounts |= {kind: int(spent_on(model, (kind,), period)[new].sum()) / 100 for kind in WELCOME}
    hours = hours_in(model, period)
    spent = float(hours.hours[hours.acquisition].sum()) if hours is not None else np.nan
    if hours is not None and hours.acquisition.any():
        amounts["acquisition_hours"] = float(money.round_half_up(hours.cost[hours.acquisition].sum()))
    if (base.history.listed != base.history.net).any():
        amounts["extra_discount"] = extra_discount(base, new) / 100
    total, n = sum(amount for amount in amounts.values() if not np.isnan(amount)), int(new.sum())
    rows = [
        (
            name,
            spent if name == "acquisition_hours" else np.nan,
            amount,
            share(amount, total),
            amount / n if n else np.nan,
        )
        for name, amount in amounts.items()
    ]
    frame = pd.DataFrame(rows, columns=["component", "quantity", "amount", "share", "per_customer"])
    return frame.assign(per_customer=money.round_half_up(frame["per_customer"].to_numpy(float)))


def extra_discount(base: Base, new: NDArray[np.bool_]) -> int:
    """Discount that new customers got above the average rate of the kept ones, in cents."""
    history = base.history
    listed, net = history.total(history.listed, 0), history.total(history.net, 0)
    kept = base.status == KEPT
    norm = share(int((listed - net)[kept].sum()), int(listed[kept].sum()))
    if np.isnan(norm):
        return 0
    above = np.maximum((listed - net)[new] - listed[new] * norm, 0.0)
    return round(float(np.sort(above).sum()))


def acquisition_funnel(model: "Model", results: Results) -> pd.DataFrame:
    """Effort against result: quotes, visits, hours, cost and payback of winning customers in the last year.

    Returns:
        measure, value. Measures: new_customers, quotes_won, quotes_lost, hit_rate, visits, visits_per_new, acquisition_hours,
        hours_per_new, acquisition_cost_each, margin_each (a year, of new customers, over the months since they came),
        payback_months, won_back and reactivation_cost_each. What is not known is left out: without acquisition cost or hours in the input there is no cost each.
    """
    base, cost = base_of(model), results["acquisition_cost"]
    if base.status is None or cost.empty:
        return pd.DataFrame()
    new = base.status == NEW
    n = int(new.sum())
    figures: dict[str, float] = {"new_customers": n, **_contacts(model, base, n)}
    hours = cost.loc[cost["component"] == "acquisition_hours", "quantity"]
    if len(hours):
        figures |= {"acquisition_hours": float(hours.iloc[0]), "hours_per_new": share(float(hours.iloc[0]), n)}
    told = cost["component"].isin(["acquisition", "acquisition_hours"]).any() and cost["amount"].notna().all()
    each, margin = share(float(cost["amount"].sum()), n) if told else np.nan, _yearly_margin(base, new)
    figures |= {"acquisition_cost_each": each, "margin_each": margin}
    if margin > 0 and each >= 0:
        figures["payback_months"] = each / margin * YEAR
    figures |= _reactivation(model, base, int(np.isin(base.status, (REACTIVATED, RESUMED)).sum()))
    known = {name: value for name, value in figures.items() if not np.isnan(value)}
    return pd.DataFrame({"measure": list(known), "value": list(known.values())})


def _reactivation(model: "Model", base: Base, back: int) -> dict[str, float]:
    """Customers won back, and what each cost; empty when no cost of the kind reactivation was given."""
    spent = int(spent_on(model, ("reactivation",), year_back(base.history, 0)).sum()) / 100
    return {"won_back": back, "reactivation_cost_each": share(spent, back)} if spent > 0 else {}


def _contacts(model: "Model", base: Base, new: int) -> dict[str, float]:
    events = model.tables.get("events")
    if events is None:
        return {}
    day = events["date"].to_numpy("M8[D]")
    kinds = events["kind"][(day > base.history.day(YEAR)) & (day <= base.history.day(0))]
    won, lost, visits = (int((kinds == kind).sum()) for kind in ("quote_won", "quote_lost", "visit"))
    rate = share(won, won + lost) if lost else np.nan  # a list without lost quotes says nothing about the hit rate
    return {
        "quotes_won": won,
        "quotes_lost": lost,
        "hit_rate": rate,
        "visits": visits,
        "visits_per_new": share(visits, new),
    }


def _yearly_margin(base: Base, new: NDArray[np.bool_]) -> float:
    """Mean gross margin of new customers, at the pace of a whole year since their first purchase; NaN without any."""
    days = (np.datetime64(base.history.at) - base.history.first_visit()[new]).astype(float) + 1
    whole = (base.history.at - months_earlier(base.history.at, YEAR)).days
    return share(float(base.now.gross_margin[new].sum()) / 100, float(days.sum() / whole))


def relation_payback(model: "Model", _results: Results) -> pd.DataFrame:
    """Every customer won within the lines, with effort: when has its margin earned that back?

    Returns:
        customer_id, name, segment, first_purchase, effort (acquisition, welcome, valued acquisition hours), margin_to_date,
        balance, paid_back_on (last day of the month in which it came back; NaT when it has not). The lowest balance first.
    """
    base = base_of(model)
    history, effort = base.history, _effort(model, base)
    rows = np.flatnonzero(starts_in_sight(history, base.rules) & (effort > 0))
    if not len(rows):
        return pd.DataFrame()
    margin, reached = _earned_back(base, effort)
    columns = named(base.register, rows) | {
        "first_purchase": history.first_visit()[rows].astype("M8[us]"), "effort": money.euros(effort[rows]),
        "margin_to_date": money.euros(margin[rows]), "balance": money.euros((margin - effort)[rows]),
        "paid_back_on": reached[rows].astype("M8[us]"),
    }  # fmt: skip
    return pd.DataFrame(columns).sort_values("balance", kind="stable", ignore_index=True)


def _effort(model: "Model", base: Base) -> Cents:
    history = base.history
    effort = spent_on(model, ("acquisition", *WELCOME), None)
    for back in range(0, history.months, YEAR):
        hours = hours_in(model, year_back(history, back))
        if hours is not None:
            rows = hours.acquisition & (hours.customer < history.n) & ~np.isnan(hours.cost)
            effort = effort + money.cents(totals_by(hours.customer[rows], hours.cost[rows], history.n))
    return effort


def _earned_back(base: Base, effort: Cents) -> tuple[Cents, NDArray[np.datetime64]]:
    """Gross margin to date, and the end of the first month in which it reached the effort."""
    history = base.history
    margin = history.net - history.cost
    running = np.cumsum(margin)
    total = history.total(margin, 0, history.months)
    start = np.cumsum(total) - total
    enough = running - start[history.customer] >= effort[history.customer]
    reached = np.full(history.n, np.datetime64("NaT", "D"))
    borders = np.array([history.day(lag) for lag in range(history.months)])
    cells = np.flatnonzero(enough)[::-1]
    reached[history.customer[cells]] = borders[history.lag[cells]]
    return total, reached
