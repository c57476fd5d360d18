"""Charts of the customer base; every title says the conclusion."""

import numpy as np
import pandas as pd

from klantwaarde.base.cohorts import median_length, relations_of
from klantwaarde.base.composition import lorenz
from klantwaarde.base.customers import base_of
from klantwaarde.base.dynamics import trend_steps
from klantwaarde.messages import figure, label
from klantwaarde.model import Outcome
from klantwaarde.periods import YEAR
from klantwaarde.profit.curve import TIERS, gini
from klantwaarde.report.blocks import ChartBlock, Series
from klantwaarde.report.columns import OUTPUT
from klantwaarde.report.dashboard import waterfall
from klantwaarde.report.words import amount, percent, word

LISTED = 10
SHOWN = ("segment", "channel", "industry", "region", "status")  # the first one with more than one group
Charts = list[ChartBlock]


def kept(*charts: ChartBlock | None) -> Charts:
    """The charts that the input allows."""
    return [chart for chart in charts if chart is not None]


def composition_charts(outcome: Outcome, language: str) -> Charts:
    """How unequal customers are, and which group brings most."""
    return kept(_lorenz(outcome, language), _segments(outcome, language))


def pyramid_charts(outcome: Outcome, language: str) -> Charts:
    """The pyramid, and what its tiers have of customers, revenue and result."""
    return kept(_drawing(outcome, language), _tier_shares(outcome, language))


def dynamics_charts(outcome: Outcome, language: str) -> Charts:
    """Who came and went, how that develops, and how long relations last."""
    return kept(_customer_waterfall(outcome, language), _flow(outcome, language), _survival(outcome, language))


def _lorenz(outcome: Outcome, language: str) -> ChartBlock | None:
    base = base_of(outcome.model)
    revenue = np.maximum(base.now.net_revenue[base.active & base.counted], 0)
    frame = lorenz(revenue)
    if frame.empty or len(revenue) < LISTED:
        return None
    largest = np.sort(revenue)[::-1]
    fifth = max(1, int(len(largest) * 0.2 + 0.5))
    share = percent(float(largest[:fifth].sum() / largest.sum()), language)
    title = label("chart_lorenz", language, share=share, gini=figure(gini(revenue / 100), language))
    series = (
        Series(label("series_share", language), "share"),
        Series(label("series_equal", language), "equal", "muted"),
    )
    return ChartBlock(
        "lorenz", title, "line", frame, series, format="percent", category_title=label("axis_customers_smallest", language),
        value_title=label("axis_share_of_revenue", language), alt_text=title,
    )  # fmt: skip


def _segments(outcome: Outcome, language: str) -> ChartBlock | None:
    """What every segment brings, or every group of the next dimension that has more than one."""
    frame = outcome.results["composition"]
    if frame.empty:
        return None
    groups = frame["dimension"].value_counts()
    dimension = next((name for name in SHOWN if groups.get(name, 0) > 1), None)
    if dimension is None:
        return None
    rows = (
        frame[frame["dimension"] == dimension].sort_values("net_revenue", ascending=False, kind="stable").head(LISTED)
    )
    measure = "customer_result" if "customer_result" in rows else "gross_margin"
    best = rows.loc[rows[measure].idxmax()]
    names = [word(name, language) if name else word("blank", language) for name in rows["key"]]
    data = pd.DataFrame({"group": names, "value": rows[measure].to_numpy()})
    title = label(
        "chart_segments", language, group=word(best["key"], language), amount=amount(float(best[measure]), language),
        measure=OUTPUT[measure].label(language).lower(), share=percent(float(best["customer_share"]), language),
    )  # fmt: skip
    return ChartBlock(
        "base_segments", title, "bar", data, (Series(OUTPUT[measure].label(language), "value"),), alt_text=title
    )


def _drawing(outcome: Outcome, language: str) -> ChartBlock | None:
    """The pyramid itself: a bar per tier, centred on an invisible base."""
    frame = outcome.results["pyramid"]
    if frame.empty:
        return None
    tiers = frame.iloc[: len(TIERS)]
    count = tiers["customers"].to_numpy(float)
    if not count.sum():
        return None
    data = pd.DataFrame(
        {
            "tier": [word(name, language) for name in tiers["tier"]],
            "base": (count.max() - count) / 2,
            "customers": count,
        }
    )
    best = tiers.iloc[0]
    title = label(
        "chart_pyramid", language, n=int(best["customers"]), share=percent(float(best["customer_share"]), language, 1),
        revenue=percent(float(best["net_revenue_share"]), language),
    )  # fmt: skip
    series = (
        Series(label("series_base", language), "base", "invisible"),
        Series(OUTPUT["customers"].label(language), "customers"),
    )
    return ChartBlock("pyramid", title, "stacked_bar", data, series, format="integer", value_axis=False, alt_text=title)


def _tier_shares(outcome: Outcome, language: str) -> ChartBlock | None:
    """What every tier has of customers, revenue and result."""
    frame = outcome.results["pyramid"]
    if frame.empty:
        return None
    tiers = frame.iloc[: len(TIERS)]
    last = (
        "customer_result_share"
        if tiers.get("customer_result_share", pd.Series(dtype=float)).notna().any()
        else "gross_margin_share"
    )
    shown = {"customers": "customer_share", "revenue": "net_revenue_share", "last": last}
    data = pd.DataFrame(
        {
            "tier": [word(name, language) for name in tiers["tier"]],
            **{name: tiers[column].to_numpy(float) for name, column in shown.items()},
        }
    )
    if data["last"].isna().any() or data["revenue"].isna().any():
        return None
    gap = int((data["last"] - data["revenue"]).abs().idxmax())
    row = data.iloc[gap]
    title = label(
        "chart_tier_shares", language, tier=row["tier"], revenue=percent(float(row["revenue"]), language),
        result=percent(float(row["last"]), language), measure=word(last.removesuffix("_share"), language).lower(),
    )  # fmt: skip
    long = data.set_index("tier").T
    table = pd.DataFrame(
        {
            "of": [OUTPUT[column].label(language) for column in shown.values()],
            **{f"t{place}": long.iloc[:, place].to_numpy() for place in range(len(TIERS))},
        }
    )
    roles = ("main", "good", "main", "muted")
    series = tuple(Series(str(name), f"t{place}", roles[place]) for place, name in enumerate(data["tier"]))  # type: ignore[arg-type]
    return ChartBlock("tier_shares", title, "stacked_bar", table, series, format="percent", alt_text=title)


def _customer_waterfall(outcome: Outcome, language: str) -> ChartBlock | None:
    frame = outcome.results["customer_bridge"]
    if frame.empty:
        return None
    steps = frame[
        (frame["measure"] == "customers") & ((frame["amount"] != 0) | frame["step"].isin(["opening", "closing"]))
    ]
    size = steps.set_index("step")["amount"]
    entered = float(size.reindex(["new", "reactivated", "resumed"]).sum())
    title = label(
        "chart_customers", language, opening=amount(float(size["opening"]), language), closing=amount(float(size["closing"]), language),
        entered=amount(entered, language), lost=amount(-float(size.get("lost", 0.0)), language),
    )  # fmt: skip
    named = [(str(step), float(change)) for step, change in zip(steps["step"], steps["amount"], strict=True)]
    return waterfall("customer_waterfall", title, named, {"opening", "closing"}, language)


def _flow(outcome: Outcome, language: str) -> ChartBlock | None:
    """Arrivals and departures per step, with the label of the trend."""
    frame = trend_steps(outcome.results["base_flow"])
    if len(frame) < 2:
        return None
    entered = (frame["new"] + frame["reactivated"] + frame["resumed"]).to_numpy(float)
    data = pd.DataFrame(
        {"until": frame["until"].dt.strftime("%m-%Y"), "entered": entered, "lost": -frame["lost"].to_numpy(float)}
    )
    trends = outcome.results["flow_trends"].set_index("measure")["trend"]
    title = label(
        "chart_flow",
        language,
        new=word(trends["new"], language).lower(),
        lost=word(trends["lost"], language).lower(),
        n=len(frame),
    )
    series = (
        Series(label("series_entered", language), "entered", "good"),
        Series(word("lost", language), "lost", "bad"),
    )
    return ChartBlock("base_flow", title, "stacked_column", data, series, format="integer", alt_text=title)


def _survival(outcome: Outcome, language: str) -> ChartBlock | None:
    frame = outcome.results["survival"]
    if len(frame) < 2:
        return None
    data = pd.DataFrame({"year": np.append(0, frame["year"]), "survival": np.append(1.0, frame["survival"])})
    base = base_of(outcome.model)
    median = median_length(relations_of(base.history, base.rules))
    five = data[data["year"] <= 5].iloc[-1]
    if np.isnan(median):
        title = label("chart_survival_more", language, years=int(five["year"]), share=percent(float(five["survival"]), language))
    else:
        title = label("chart_survival_half", language, years=figure(median / YEAR, language, decimals=1))
    series = (Series(OUTPUT["survival"].label(language), "survival"),)
    return ChartBlock(
        "base_survival", title, "line", data, series, format="percent", category_title=OUTPUT["age_year"].label(language), alt_text=title
    )  # fmt: skip
