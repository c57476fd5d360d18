"""The sheets of lifetime value: what customers are worth, could be worth, and how the whole base moved."""

import numpy as np
import pandas as pd

from klantwaarde.lifetime.bridge import FORMS
from klantwaarde.lifetime.holdout import NAIVE
from klantwaarde.messages import label
from klantwaarde.model import Outcome
from klantwaarde.report.blocks import ChartBlock, Series
from klantwaarde.report.columns import OUTPUT
from klantwaarde.report.dashboard import waterfall
from klantwaarde.report.declared import ResultSpec, SheetSpec
from klantwaarde.report.lifetime_lines import equity_lines, forecast_lines, potential_lines, value_lines
from klantwaarde.report.words import amount, percent, word

LISTED = 10  # customers in a chart
CURVES = 6  # segments in a chart
YEARS = 10


def _value_charts(outcome: Outcome, language: str) -> list[ChartBlock]:
    return [chart for chart in (_tornado(outcome, language), _survival(outcome, language)) if chart is not None]


def _tornado(outcome: Outcome, language: str) -> ChartBlock | None:
    """Change of the total value with each ingredient a tenth lower and higher."""
    frame = outcome.results["clv_sensitivity"]
    if frame.empty:
        return None
    data = pd.DataFrame(
        {"ingredient": [word(name, language) for name in frame["ingredient"]], "low": frame["change_low"], "high": frame["change_high"]}
    )
    first = frame.iloc[0]
    title = label(
        "chart_tornado", language, ingredient=data["ingredient"].iloc[0],
        low=amount(float(first["change_low"]), language), high=amount(float(first["change_high"]), language),
    )  # fmt: skip
    series = (Series(label("series_tenth_lower", language), "low", "muted"), Series(label("series_tenth_higher", language), "high", "main"))
    return ChartBlock("clv_tornado", title, "stacked_bar", data, series, alt_text=title)


def _survival(outcome: Outcome, language: str) -> ChartBlock | None:
    """Which part of today's customers is expected to be there, year by year, per segment."""
    frame = outcome.results["clv_segments"]
    known = frame[frame["retention"].notna()].sort_values("customers", ascending=False, kind="stable").head(CURVES)
    if known.empty:
        return None
    years = np.arange(YEARS + 1)
    curves = {f"c{place}": rate**years for place, rate in enumerate(known["retention"])}
    data = pd.DataFrame({"year": years, **curves})
    names = [str(name) or word("blank", language) for name in known["segment"]]
    series = tuple(Series(name, column) for name, column in zip(names, curves, strict=True))
    left = float(np.average(known["retention"] ** 5, weights=known["customers"] + 1e-9))
    title = label("chart_survival", language, left=percent(left, language))
    return ChartBlock(
        "clv_survival", title, "line", data, series, format="percent", category_title=label("axis_years_ahead", language), alt_text=title
    )  # fmt: skip


def _potential_charts(outcome: Outcome, language: str) -> list[ChartBlock]:
    """Current against potential value of the customers with the largest gaps."""
    frame = outcome.results["clv_potential"]
    known = frame[frame["gap"] > 0] if len(frame) else frame
    if known.empty:
        return []
    top = known.head(LISTED)
    data = pd.DataFrame({"customer": _names(top), "current": top["clv"].to_numpy(), "potential": top["potential_clv"].to_numpy()})
    title = label(
        "chart_potential", language, n=int(frame["gap"].notna().sum()), gap=amount(float(known["gap"].sum()), language),
        name=data["customer"].iloc[0], most=amount(float(top["gap"].iloc[0]), language),
    )  # fmt: skip
    series = (Series(label("series_current", language), "current", "muted"), Series(label("series_potential", language), "potential", "main"))
    return [ChartBlock("clv_potential", title, "bar", data, series, alt_text=title)]


def _names(frame: pd.DataFrame) -> list[str]:
    names = frame["name"] if "name" in frame else frame["customer_id"]
    return [str(name or number)[:28].strip() for name, number in zip(names, frame["customer_id"], strict=True)]


def _equity_charts(outcome: Outcome, language: str) -> list[ChartBlock]:
    charts = (_bridge(outcome, language), _outlook(outcome, language))
    return [chart for chart in charts if chart is not None]


def _bridge(outcome: Outcome, language: str) -> ChartBlock | None:
    """From the value a year ago to the value now, the simple form."""
    frame = outcome.results.get("equity_bridge")
    if frame is None or frame.empty:
        return None
    steps = frame.loc[frame["form"] == FORMS[0], ["step", "amount"]]
    moved = steps[(steps["amount"].abs() > 0) | steps["step"].isin(["opening", "closing"])]
    before, now = float(moved["amount"].iloc[0]), float(moved["amount"].iloc[-1])
    changes = moved.iloc[1:-1]
    if changes.empty:
        return None
    biggest = changes.loc[changes["amount"].idxmax() if now >= before else changes["amount"].idxmin()]
    title = label(
        "chart_equity_up" if now >= before else "chart_equity_down", language, before=amount(before, language), now=amount(now, language),
        step=word(biggest["step"], language).lower(), effect=amount(float(biggest["amount"]), language),
    )  # fmt: skip
    named = [(str(step), float(change)) for step, change in moved.itertuples(index=False)]
    return waterfall("equity_bridge", title, named, {"opening", "closing"}, language)


def _outlook(outcome: Outcome, language: str) -> ChartBlock | None:
    """What today's customers are expected to bring in the next years, and what is expected to go."""
    frame = outcome.results["clv_cashflows"]
    known = frame[frame["year"].notna()]
    if known.empty:
        return None
    data = pd.DataFrame(
        {"year": known["year"].astype(int), "margin": known["expected_margin"], "risk": known["margin_at_risk"]}
    )
    first = known.iloc[0]
    title = label(
        "chart_outlook", language, margin=amount(float(first["expected_margin"]), language),
        risk=amount(float(first["margin_at_risk"]), language),
    )  # fmt: skip
    series = (Series(OUTPUT["expected_margin"].label(language), "margin"), Series(OUTPUT["margin_at_risk"].label(language), "risk", "bad"))
    return ChartBlock(
        "clv_outlook", title, "stacked_column", data, series, category_title=label("axis_years_ahead", language), alt_text=title
    )  # fmt: skip


def _forecast_charts(outcome: Outcome, language: str) -> list[ChartBlock]:
    """Repeat purchases as they were and as the model expected them: per four weeks, in all, and by past frequency."""
    tracking, frequency = outcome.results["clv_tracking"], outcome.results["clv_by_frequency"]
    if tracking.empty:
        return []
    actual, expected = label("series_actual", language), label("series_expected", language)
    methods = outcome.results["clv_methods"]
    told = methods[methods["method"] != NAIVE].sort_values("used", ascending=False, kind="stable").iloc[0]
    values = {
        "name": word(told["method"], language), "expected": amount(float(told["predicted"]), language),
        "actual": amount(float(told["actual"]), language),
    }  # fmt: skip
    day = tracking["period_end"].dt.strftime("%m-%Y" if language == "nl" else "%Y-%m")
    parts = tracking.assign(period=day)
    charts = [
        ChartBlock(
            f"clv_tracking{suffix}", label(f"chart_tracking{suffix}", language, **values), "line",
            parts[["period", f"actual{suffix}", f"expected{suffix}"]].reset_index(drop=True),
            (Series(actual, f"actual{suffix}"), Series(expected, f"expected{suffix}", "bad")), format="integer",
            category_title=label("axis_test_from", language, day=day[tracking["calibration"]].iloc[-1]),
            alt_text=label(f"chart_tracking{suffix}", language, **values),
        )
        for suffix in ("", "_cumulative")
    ]  # fmt: skip
    title = label("chart_by_frequency", language)
    series = (Series(actual, "actual"), Series(expected, "predicted", "bad"), Series(label("series_naive", language), "naive", "muted"))
    data = frequency[["frequency", "actual", "predicted", "naive"]]
    by_past = ChartBlock(
        "clv_by_frequency", title, "line", data, series, format="number", category_title=OUTPUT["frequency"].label(language), alt_text=title
    )  # fmt: skip
    return [*charts, by_past]


SHEETS = (
    SheetSpec("clv", "Uitkomst_Klantwaarde", "Result_LifetimeValue", ("clv_segments", "clv_sensitivity", "clv"), _value_charts, value_lines),
    SheetSpec("clv_potential", "Uitkomst_Potentieel", "Result_Potential", ("clv_red_list", "clv_potential"), _potential_charts, potential_lines),
    SheetSpec("equity", "Uitkomst_Bestandswaarde", "Result_CustomerEquity", ("equity_bridge", "clv_cashflows", "customer_equity"), _equity_charts, equity_lines),
    SheetSpec("forecast", "Uitkomst_Voorspelling", "Result_Forecast", ("clv_methods", "clv_by_frequency", "clv_tracking"), _forecast_charts, forecast_lines),
)  # fmt: skip
RESULTS = (
    ResultSpec(
        "clv", key="customer_id", alarm="clv", totals=("clv",), worded=("status", "flag"),
        formulas={"clv": 'IF({multiple}="","",ROUND({annual_margin}*{multiple},2))'},
    ),
    ResultSpec(
        "clv_segments", key="segment", alarm="clv", totals=("customers_at_start", "stayed", "customers", "annual_margin", "clv"),
        formulas={
            "own_retention": 'IF({customers_at_start}=0,"",{stayed}/{customers_at_start})',
            "mean_clv": 'IF({customers}=0,"",ROUND({clv}/{customers},2))',
        },
    ),
    ResultSpec("clv_sensitivity", worded=("ingredient", "source")),
    ResultSpec("clv_cashflows", totals=("present_value",)),
    ResultSpec("customer_equity", alarm="clv", worded=("dimension", "key")),
    ResultSpec("equity_bridge", worded=("form", "step")),
    ResultSpec(
        "clv_potential", key="customer_id", totals=("gap_wallet_share", "gap_cost_to_serve", "gap_retention", "gap"),
        formulas={"gap": 'IF({potential_clv}="","",{potential_clv}-{clv})'},
    ),
    ResultSpec("clv_methods", worded=("method",), relabel={"used": "in_use"}),
    ResultSpec("clv_by_frequency"),
    ResultSpec("clv_tracking", relabel={"expected": "expected_purchases"}),
    ResultSpec(
        "clv_red_list", key="customer_id", alarm="lifetime_loss", totals=("pv_gross_margin", "pv_cost", "lifetime_loss"),
        formulas={"lifetime_loss": "{pv_gross_margin}-{pv_cost}"},
    ),
)  # fmt: skip
