"""Sentences above the sheets of the customer base: which convention was used, what stands out, and what to do."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from klantwaarde.base.business_case import FADED, MET, MISSED, NEAR, NEARLY, QUIET_DAYS
from klantwaarde.base.cohorts import median_length, relations_of
from klantwaarde.base.customers import base_of
from klantwaarde.base.silence import LATE_DAYS
from klantwaarde.messages import figure, label
from klantwaarde.model import Outcome
from klantwaarde.periods import YEAR
from klantwaarde.report.words import amount, day, percent, word
from klantwaarde.tables.catalogue import TABLE
from klantwaarde.tables.settings import shown_numbers

VALUE_BORDER = 50  # of a score of 0-100
FAR_APART = 0.5  # of all ranks


def composition_lines(outcome: Outcome, language: str) -> list[str]:
    """Above the composition."""
    base, frame = base_of(outcome.model), outcome.results["customer_base"]
    lines = [_active(outcome, language)]
    if base.now.result is None:
        lines.append(label("line_base_lines_only", language))
    active = frame[frame["rank_net_revenue"].notna()]
    apart = active[active["rank_spread"] > FAR_APART * len(active)]
    if len(apart):
        first = apart.iloc[0]
        lines.append(label("line_base_ranks", language, n=len(apart), name=first.get("name") or first["customer_id"]))
    if "value_for" in frame:
        poor = active[active["tier"].isin(["top", "large"]) & (active["value_for"] < VALUE_BORDER)]
        if len(poor):
            revenue = amount(float(poor["net_revenue"].sum()), language)
            lines.append(label("line_base_value_for", language, n=len(poor), revenue=revenue, border=VALUE_BORDER))
    return lines


def _active(outcome: Outcome, language: str) -> str:
    base = base_of(outcome.model)
    at, months = day(base.history.at), base.rules.active_months
    return label(
        "line_base_active",
        language,
        months=months,
        at=at,
        n=amount(float((base.active & base.counted).sum()), language),
    )


def pyramid_lines(outcome: Outcome, language: str) -> list[str]:
    """Above the pyramid."""
    base = base_of(outcome.model)
    measure, wanted = base.measure(outcome.results), outcome.model.settings.pyramid_measure
    cuts = shown_numbers(outcome.model.settings.pyramid_cuts)
    lines = [label("line_pyramid", language, measure=word(measure, language).lower(), cuts=cuts)]
    if measure != wanted:
        lines.append(label("line_pyramid_other", language, wanted=word(wanted, language).lower()))
    pair = outcome.results["two_pyramids"]
    if len(pair):
        down = int(pair.loc[pair["tier"].isin(["top", "large"]), ["medium", "small"]].to_numpy().sum())
        if down:
            lines.append(label("line_two_pyramids", language, n=down))
    moved = outcome.results["moved_customers"]
    if len(moved):
        fell = moved[moved["move"] == "down"]
        lines.append(
            label(
                "line_pyramid_moves",
                language,
                up=int((moved["move"] == "up").sum()),
                down=len(fell),
                amount=amount(-float(fell["change"].sum()), language),
            )
        )
    return [*lines, label("line_pyramid_what_to_do", language)]


def dynamics_lines(outcome: Outcome, language: str) -> list[str]:
    """Above arrivals and departures."""
    base, flow = base_of(outcome.model), outcome.results["base_flow"]
    rules = base.rules
    lines = [label("line_dynamics", language, months=rules.active_months, silence=rules.reactivation_months)]
    if base.status is None:
        lines.append(label("line_dynamics_short", language, months=YEAR + rules.active_months))
    if len(flow):
        last = flow[flow["step"] == flow["step"].iloc[0]].iloc[-1]
        lines.append(
            label(
                "line_retention", language, step=word(last["step"], language).lower(), kept=percent(float(last["retention"]), language, 1), margin=percent(float(last["margin_retention"]), language, 1),
                new=percent(float(last["new_share"]), language, 1), turnover=percent(float(last["turnover"]), language, 1),
            )
        )  # fmt: skip
    lines.append(label("line_trend_rule", language))
    median = median_length(relations_of(base.history, rules))
    if np.isnan(median):
        lines.append(label("line_median_not_reached", language))
    else:
        lines.append(label("line_median", language, years=figure(median / YEAR, language, decimals=1)))
    return lines


def newcomer_lines(outcome: Outcome, language: str) -> list[str]:
    """Above the new customers."""
    lines = [label("line_newcomers", language)]
    funnel = outcome.results["acquisition_funnel"]
    values = dict(zip(funnel["measure"], funnel["value"], strict=True)) if len(funnel) else {}
    if "payback_months" in values:
        lines.append(
            label(
                "line_payback", language, each=amount(values["acquisition_cost_each"], language), margin=amount(values["margin_each"], language),
                months=figure(values["payback_months"], language, decimals=1),
            )
        )  # fmt: skip
    if "reactivation_cost_each" in values and "acquisition_cost_each" in values:
        back, won = (amount(values[name], language) for name in ("reactivation_cost_each", "acquisition_cost_each"))
        lines.append(label("line_won_back", language, n=int(values["won_back"]), back=back, won=won))
    cost = outcome.results["acquisition_cost"]
    if len(cost) and cost["amount"].isna().any():
        lines.append(label("line_hours_not_valued", language))
    back = outcome.results["relation_payback"]
    if len(back):
        late = back[back["paid_back_on"].isna()]
        lines.append(
            label(
                "line_not_paid_back",
                language,
                n=len(late),
                of=len(back),
                amount=amount(-float(late["balance"].sum()), language),
            )
        )
    return lines


def churn_lines(outcome: Outcome, language: str) -> list[str]:
    """Above the lost customers."""
    lines, marks = [], outcome.results["churn_marks"]
    lost = outcome.results["lost_customers"]
    if len(lost):
        moved = int(lost["group_still_buys"].sum())
        lines.append(
            label(
                "line_lost",
                language,
                n=len(lost),
                margin=amount(float(lost["gross_margin_before"].sum()), language),
            )
        )
        if moved:
            lines.append(label("line_lost_moved", language, moved=moved))
        untold = int((lost["reason"] == "").sum())
        if untold:
            sheet = TABLE["events"].sheet_name(language)
            lines.append(label("line_lost_untold", language, untold=untold, n=len(lost), sheet=sheet))
    lines += [_mark(mark, language) for mark in marks.to_dict("records") if mark["customers_with"]]
    watch = outcome.results["watch_list"]
    if len(watch):
        expected = figure(float(watch["rate"].sum()), language, decimals=0)
        lines.append(
            label(
                "line_watch",
                language,
                n=len(watch),
                expected=expected,
                amount=amount(float(watch["expected_loss_margin"].sum()), language),
            )
        )
    return [*lines, label("line_churn_rules", language, days=f"{LATE_DAYS:.0f}")]


def _mark(mark: Mapping[str, Any], language: str) -> str:
    """Whether customers with this mark left more often."""
    ratio = float(mark["odds_ratio"])
    rate, other, share = (_share(mark[name], language) for name in ("rate_with", "rate_without", "share_of_leavers"))
    return label(
        f"line_mark_{mark['verdict']}", language, mark=label(f"mark_{mark['mark']}_with", language), left=mark["left_with"],
        n=mark["customers_with"], rate=rate, other=other, share=share,
        ratio="–" if np.isnan(ratio) else figure(ratio, language, decimals=1), p=_chance(float(mark["p"]), language),
    )  # fmt: skip


def _share(value: float, language: str) -> str:
    return "–" if np.isnan(value) else percent(value, language)


def _chance(p: float, language: str) -> str:
    """A p-value as one writes it: a very small one is not zero."""
    return "< " + figure(0.001, language, decimals=3) if p < 0.001 else "= " + figure(p, language, decimals=3)


def then_lines(outcome: Outcome, language: str) -> list[str]:
    """Above then and now."""
    frame = outcome.results["then_and_now"]
    lines = [
        label("line_then", language),
        label("line_then_served" if "cost_to_serve" in frame else "line_then_unserved", language),
    ]
    alarms = outcome.results["drift_alarms"]
    n = alarms["customer_id"].nunique() if len(alarms) else 0
    return [*lines, *_case_lines(outcome, language), label("line_drift", language, n=n)]


def _case_lines(outcome: Outcome, language: str) -> list[str]:
    """What the business cases promised and what came of it, or how to have that compared."""
    frame = outcome.results["business_case"]
    if frame.empty:
        return [label("line_case_none", language)]
    lines, known = [label("line_case", language, share=NEARLY, days=QUIET_DAYS)], frame[frame["promised"].notna()]
    if known.empty:
        return [*lines, label("line_case_early", language, n=len(frame))]
    counts = known["verdict"].value_counts()
    met, near, missed = (int(counts.reindex(names).sum()) for names in ([MET, FADED], [NEAR], [MISSED]))
    counted = {"n": len(known), "of": len(frame), "met": met, "near": near, "missed": missed}
    lines.append(label("line_case_verdicts", language, **counted))
    worst = float(known["gap"].iloc[0])
    if worst < 0:
        lines.append(label("line_case_worst", language, name=_of_who(known), amount=amount(-worst, language)))
    faded = known[known["verdict"] == FADED]
    if len(faded):
        lines.append(label("line_case_faded", language, n=len(faded), share=NEARLY, name=_of_who(faded)))
    return lines


def _of_who(frame: pd.DataFrame) -> str:
    """The name of the first customer; its number where there is no name."""
    first = frame.iloc[0]
    return str(first.get("name") or first["customer_id"])


def attention_lines(outcome: Outcome, language: str) -> list[str]:
    """Above attention and leaks."""
    frame, lines = outcome.results.get("attention"), []
    if frame is not None and len(frame):
        much = frame[frame["verdict"].isin(["too_much", "no_return"])]
        losing = frame[(frame["customer_result"] < 0) & (frame["hours"] > 0)]
        lines.append(
            label("line_attention", language, n=len(much), hours=amount(float(much["excess_hours"].sum()), language))
        )
        lines.append(
            label(
                "line_attention_losing",
                language,
                n=len(losing),
                hours=amount(float(losing["hours"].sum()), language),
                share=percent(float(losing["hours_share"].sum()), language),
            )
        )
        if "moved" in frame:
            gained, gave = (
                frame[frame["moved"] == name]["hours_change"].sum() for name in ("gained_losing", "gave_earning")
            )
            lines.append(
                label(
                    "line_attention_moved",
                    language,
                    gained=amount(float(gained), language),
                    gave=amount(-float(gave), language),
                )
            )
    return [*lines, label("line_leakage", language)]
