"""Who left, why, from which groups, with which marks beforehand, and who may be next."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from klantwaarde import money
from klantwaarde.base.activity import KEPT, LOST, Statuses
from klantwaarde.base.association import Association, holm
from klantwaarde.base.composition import DIMENSIONS, Names, grouped
from klantwaarde.base.customers import Base, base_of, clv_of, euros_of, named, parent_still_buys
from klantwaarde.base.history import Floats, Mask
from klantwaarde.base.silence import LATE_DAYS, days_late, median_interval, silent
from klantwaarde.check import Results
from klantwaarde.costs.scope import codes_of
from klantwaarde.periods import YEAR
from klantwaarde.tables.register import Codes

if TYPE_CHECKING:
    from klantwaarde.model import Model

FEWEST = 10  # customers at the opening; smaller groups are shown without a verdict
SIGNIFICANT = 0.05
LEAVING = ("left", "left_on_purpose")


def lost_customers(model: "Model", results: Results) -> pd.DataFrame:
    """Customers that were active a year ago and are not now, the largest lost margin first.

    Returns:
        customer_id, name, segment, tier_before, last_purchase, deliberate (on_purpose · not_on_purpose · not_told), reason,
        complaints (in the last two years), group_still_buys, the figures of the year before (``_before``), lost_clv (their yearly margin times the median
        multiple of active customers, when lifetime value was worked out).
    """
    base = base_of(model)
    if base.status is None or base.before is None or base.active_before is None:
        return pd.DataFrame()
    rows = np.flatnonzero(base.status == LOST)
    deliberate, reason = leaving_reasons(model, base)
    tiers = base.tiers(base.measure(results), results, before=True)
    columns = named(base.register, rows)
    if tiers is not None:
        columns["tier_before"] = tiers[rows]
    columns |= {
        "last_purchase": base.history.last_visit()[rows].astype("M8[us]"), "deliberate": deliberate[rows], "reason": reason[rows],
        "complaints": complaints(model, base)[rows], "group_still_buys": parent_still_buys(base, base.active)[rows], **euros_of(base.before, rows, "_before"),
    }  # fmt: skip
    multiple = _usual_multiple(results)
    if multiple is not None:
        yearly = results["clv"].set_index("customer_id")["annual_margin"]
        margin = yearly.reindex(pd.Index(columns["customer_id"])).to_numpy(float)
        columns["lost_clv"] = money.round_half_up(margin * multiple)
    frame = pd.DataFrame(columns)
    return frame.sort_values("gross_margin_before", ascending=False, kind="stable", ignore_index=True)


def _usual_multiple(results: Results) -> float | None:
    """The median multiple of active customers; None when lifetime value was not worked out."""
    frame = results.get("clv")
    if frame is None or not frame["multiple"].notna().any():
        return None
    return float(frame["multiple"].median())


def leaving_reasons(model: "Model", base: Base) -> tuple[Names, Names]:
    """Per customer whether it left on purpose of ours, and the reason: the last such event of the last two years."""
    deliberate, reason = np.full(base.history.n, "not_told", dtype=object), np.full(base.history.n, "", dtype=object)
    events = model.tables.get("events")
    if events is None:
        return deliberate, reason
    day = events["date"].to_numpy("M8[D]")
    here = events["kind"].isin(LEAVING).to_numpy() & (day > base.history.day(2 * YEAR)) & (day <= base.history.day(0))
    told = events[here].sort_values("date", kind="stable")
    codes = base.register.codes(told["customer_id"])
    inside = codes < base.history.n
    kinds = np.where(told["kind"] == "left_on_purpose", "on_purpose", "not_on_purpose")
    deliberate[codes[inside]] = kinds[inside]
    if "reason" in told:
        reason[codes[inside]] = told["reason"].fillna("").to_numpy(object)[inside]
    return deliberate, reason


def complaints(model: "Model", base: Base) -> Codes:
    """Complaints of every customer in the last two years."""
    events = model.tables.get("events")
    if events is None:
        return np.zeros(base.history.n, dtype=np.intp)
    day = events["date"].to_numpy("M8[D]")
    here = (
        (events["kind"] == "complaint").to_numpy() & (day > base.history.day(2 * YEAR)) & (day <= base.history.day(0))
    )
    codes = base.register.codes(events["customer_id"][here])
    return np.bincount(codes, minlength=base.register.n)[: base.history.n]


def churn_reasons(_model: "Model", results: Results) -> pd.DataFrame:
    """Why customers left, the largest lost margin first.

    Returns:
        deliberate, reason ("" = not known), customers, share (of all lost), gross_margin_before.
    """
    lost = results["lost_customers"]
    if lost.empty:
        return pd.DataFrame()
    cents = pd.Series(money.cents(lost["gross_margin_before"].to_numpy(float)), index=lost.index)
    grouped = cents.groupby([lost["deliberate"], lost["reason"]]).agg(["size", "sum"]).reset_index()
    frame = pd.DataFrame(
        {
            "deliberate": grouped["deliberate"], "reason": grouped["reason"], "customers": grouped["size"],
            "share": grouped["size"] / len(lost), "gross_margin_before": money.euros(grouped["sum"].to_numpy()),
        }
    )  # fmt: skip
    order = ["gross_margin_before", "deliberate", "reason"]
    return frame.sort_values(order, ascending=[False, True, True], kind="stable", ignore_index=True)


def churn_groups(model: "Model", results: Results) -> pd.DataFrame:
    """Churn of every group against all others: rate, relative risk, exact test, and a verdict that allows for chance.

    Returns:
        dimension, key, customers (active at the opening), lost, rate, rate_of_rest, difference_points, relative_risk, p,
        p_corrected (Holm, over all groups that are large enough), verdict (higher · lower · chance · too_few).
    """
    base = base_of(model)
    if base.status is None:
        return pd.DataFrame()
    opening = np.isin(base.status, (KEPT, LOST))
    rows = list(_group_rates(_group_keys(base, results), opening, base.status == LOST))
    names = ["dimension", "key", "customers", "lost", "rate", "rate_of_rest", "difference_points", "relative_risk", "p"]
    frame = pd.DataFrame(rows, columns=names)
    frame["p_corrected"] = holm(frame["p"].to_numpy(float))
    decided = frame["p_corrected"] <= SIGNIFICANT
    verdict = np.where(frame["difference_points"] > 0, "higher", "lower")
    frame["verdict"] = np.where(frame["p"].isna(), "too_few", np.where(decided, verdict, "chance"))
    return frame


def _group_keys(base: Base, results: Results) -> dict[str, Names]:
    master = base.register.master
    keys = {
        name: master[name].fillna("").to_numpy(object)
        for name in DIMENSIONS
        if name in master and master[name].notna().any()
    }
    tiers = base.tiers(base.measure(results), results, before=True)
    return keys if tiers is None else {"tier": tiers, **keys}


def _group_rates(keys: dict[str, Names], opening: Mask, lost: Mask) -> Iterator[tuple[object, ...]]:
    for dimension, groups in keys.items():
        code, names = grouped(groups[opening])
        count = np.bincount(code, minlength=len(names))
        left = np.bincount(code, weights=lost[opening], minlength=len(names)).astype(int)
        for place, name in enumerate(names):
            rest, left_rest = int(count.sum() - count[place]), int(left.sum() - left[place])
            table = Association(int(left[place]), int(count[place]), left_rest, rest)
            p = table.p if min(table.n_with, rest) >= FEWEST else np.nan
            apart = table.rate_with - table.rate_without
            yield (
                dimension,
                name,
                table.n_with,
                table.left_with,
                table.rate_with,
                table.rate_without,
                apart,
                table.relative_risk,
                p,
            )


def marks_at(model: "Model", base: Base, at: int) -> dict[str, tuple[Mask, Mask]]:
    """Mark -> who has it and of whom it is known, as it stood so many months back. Worked out once."""
    key = f"marks {at}"
    if key not in model.shared:
        model.shared[key] = _marks_at(model, base, at)
    found: dict[str, tuple[Mask, Mask]] = model.shared[key]
    return found


def _marks_at(model: "Model", base: Base, at: int) -> dict[str, tuple[Mask, Mask]]:
    marks = {"silent": (silent(base.history, at), ~np.isnan(median_interval(base.history, at)))}
    items = model.tables.get("receivables")
    if items is not None:
        codes = codes_of(items["customer_id"], base.register.codes, blank=base.register.n - 1)
        late = days_late(items, codes, base.history.day(at), base.history.n)
        marks["weak_payer"] = (late >= LATE_DAYS, ~np.isnan(late))
    return marks


def churn_marks(model: "Model", _results: Results) -> pd.DataFrame:
    """Did customers with a mark leave more often? The marks as they stood at the opening, so before anybody left.

    Returns:
        mark (weak_payer · silent), customers_with, left_with, rate_with, customers_without, left_without, rate_without,
        relative_risk, odds_ratio, p, share_of_leavers, verdict.
    """
    base = base_of(model)
    if base.status is None:
        return pd.DataFrame()
    rows = [_mark_row(name, mark, known, base.status) for name, (mark, known) in marks_at(model, base, YEAR).items()]
    return pd.DataFrame(rows)


def _mark_row(name: str, mark: Mask, known: Mask, status: Statuses) -> dict[str, object]:
    opening, lost = np.isin(status, (KEPT, LOST)) & known, status == LOST
    counts = [int((opening & chosen).sum()) for chosen in (mark & lost, mark, ~mark & lost, ~mark)]
    table = Association(*counts)
    enough = min(table.n_with, table.n_without) >= FEWEST
    verdict = "chance" if table.p > SIGNIFICANT else "higher" if table.rate_with > table.rate_without else "lower"
    return {
        "mark": name, "customers_with": table.n_with, "left_with": table.left_with, "rate_with": table.rate_with,
        "customers_without": table.n_without, "left_without": table.left_without, "rate_without": table.rate_without,
        "relative_risk": table.relative_risk, "odds_ratio": table.odds_ratio, "p": table.p,
        "share_of_leavers": table.share_of_leavers, "verdict": verdict if enough else "too_few",
    }  # fmt: skip


def watch_list(model: "Model", results: Results) -> pd.DataFrame:
    """Active customers with a mark, and what is expected to be lost when the rates of last year hold.

    The rate of a customer is that of customers with the same marks a year ago; of all customers when those were fewer
    than 10.

    Returns:
        customer_id, name, segment, weak_payer, silent, last_purchase, rate, net_revenue, gross_margin, expected_loss_margin
        (rate x margin, 0 for a negative margin), clv, expected_loss_clv. The largest expected loss first.
    """
    base = base_of(model)
    if base.status is None:
        return pd.DataFrame()
    rate, marks = leaving_rates(model, base)
    rows = np.flatnonzero(base.active & np.any(list(marks.values()), axis=0))
    columns = named(base.register, rows) | {name: mark[rows] for name, mark in marks.items()}
    columns |= {
        "last_purchase": base.history.last_visit()[rows].astype("M8[us]"),
        "rate": rate[rows],
        **euros_of(base.now, rows),
    }
    margin = np.maximum(money.euros(base.now.gross_margin[rows]), 0)
    columns["expected_loss_margin"] = money.round_half_up(rate[rows] * margin)
    clv = clv_of(base.register, results)
    if clv is not None:
        columns |= {"clv": clv[rows], "expected_loss_clv": money.round_half_up(rate[rows] * np.maximum(clv[rows], 0))}
    frame = pd.DataFrame(columns)
    return frame.sort_values("expected_loss_margin", ascending=False, kind="stable", ignore_index=True)


def leaving_rates(model: "Model", base: Base) -> tuple[Floats, dict[str, Mask]]:
    """Chance to leave within a year for every customer, and the marks it has now."""
    assert base.status is not None
    earlier, now = (marks_at(model, base, at) for at in (YEAR, 0))
    opening, lost = np.isin(base.status, (KEPT, LOST)), base.status == LOST
    whole = lost.sum() / max(opening.sum(), 1)
    then, n = _alike(earlier, base.history.n), 2 ** len(now)
    count, left = (np.bincount(then[chosen], minlength=n) for chosen in (opening, lost))
    rates = np.where(count >= FEWEST, left / np.maximum(count, 1), whole)
    return rates[_alike(now, base.history.n)], {name: mark for name, (mark, _) in now.items()}


def _alike(marks: Mapping[str, tuple[Mask, Mask]], n: int) -> Codes:
    """One code for all customers with the same marks; a mark that is not known is no mark."""
    code = np.zeros(n, dtype=np.intp)
    for mark, known in marks.values():
        code = code * 2 + (mark & known)
    return code
