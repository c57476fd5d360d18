"""The first sheet: what was earned, by whom, at what cost to serve, and whether the figures tie."""

import numpy as np
import pandas as pd

from klantwaarde.messages import figure, label
from klantwaarde.model import Outcome
from klantwaarde.report.blocks import Block, ChartBlock, Figure, Formula, Series, TextBlock, TilesBlock
from klantwaarde.report.columns import OUTPUT
from klantwaarde.report.findings import active_customers, days_late, findings, idle_cost, loss_makers
from klantwaarde.report.formulas import column_reference
from klantwaarde.report.runlog import RunStamp
from klantwaarde.report.words import amount, percent, word

CURVE_POINTS = 100  # a chart of thousands of customers needs no more
LISTED = 5  # customers at either end of the ranking


def dashboard_blocks(outcome: Outcome, stamp: RunStamp, language: str) -> list[Block]:
    """Tiles, findings and charts; what the input does not allow is left out."""
    charts = [
        _waterfall(outcome, language), _curve(outcome, language), _ends(outcome, language), _capacity(outcome, language),
        _handlings(outcome, language), _bridge(outcome, language),
    ]  # fmt: skip
    return [
        _tiles(outcome, stamp, language),
        TextBlock((label("word_findings", language),), "heading"),
        TextBlock(tuple(findings(outcome, language))),
        *(chart for chart in charts if chart is not None),
    ]


def curve_charts(outcome: Outcome, language: str) -> list[ChartBlock]:
    """Above the profit curve: the curve itself, and who stand at its ends."""
    return [chart for chart in (_curve(outcome, language), _ends(outcome, language)) if chart is not None]


def comparison_charts(outcome: Outcome, language: str) -> list[ChartBlock]:
    """Above the comparison: what moved the result."""
    return [chart for chart in (_bridge(outcome, language),) if chart is not None]


def _tiles(outcome: Outcome, stamp: RunStamp, language: str) -> TilesBlock:
    frame = outcome.results["customer_pl"]

    def total(column: str) -> Formula:
        reference = column_reference("customer_pl", OUTPUT[column].label(language))
        return Formula(f"SUM({reference})", float(frame[column].sum()))

    result = float(frame["customer_result"].sum())
    revenue = float(frame["net_revenue"].sum())
    losing = len(loss_makers(outcome))
    loss = float(loss_makers(outcome)["customer_result"].sum())
    margin = float(frame["gross_margin"].sum())
    figures = [
        Figure(OUTPUT["net_revenue"].label(language), total("net_revenue"), "money0", label("tile_customers", language, n=active_customers(outcome))),
        Figure(OUTPUT["gross_margin"].label(language), total("gross_margin"), "money0", _of_revenue(margin, revenue, language)),
        Figure(OUTPUT["customer_result"].label(language), total("customer_result"), "money0", _of_revenue(result, revenue, language), "good" if result > 0 else "bad"),
        Figure(label("tile_losing", language), losing, "integer", label("tile_loss", language, amount=amount(loss, language)), "bad" if losing else "good"),
    ]
    if "capacity" in outcome.results:
        idle, net = idle_cost(outcome), float(outcome.results["capacity"]["unused_cost"].sum())
        comment = label("tile_unused_net" if idle - net >= 1 else "tile_unused_comment", language, net=amount(net, language))
        figures.append(Figure(label("tile_unused", language), idle, "money0", comment))
    figures.append(_verdict(stamp, language))
    figures += [figure for figure in (_flow_tile(outcome, language), _equity_tile(outcome, language), _dso_tile(outcome, language), _risk_tile(outcome, language)) if figure]
    return TilesBlock(tuple(figures))


def _flow_tile(outcome: Outcome, language: str) -> Figure | None:
    """Who came and who left in the period."""
    came, left = outcome.results.get("new_customers"), outcome.results.get("lost_customers")
    if came is None or left is None or not len(came) + len(left):
        return None
    lost = float(left["gross_margin_before"].sum()) if "gross_margin_before" in left else 0.0
    comment = label("tile_flow_comment", language, lost=amount(lost, language))
    return Figure(label("tile_flow", language), f"+{len(came)} / −{len(left)}", "text", comment, "good" if len(came) >= len(left) else "bad")


def _equity_tile(outcome: Outcome, language: str) -> Figure | None:
    """What the present customers are worth."""
    frame = outcome.results.get("clv")
    if frame is None or not frame["clv"].notna().any():
        return None
    total, valued = round(float(frame["clv"].sum()), 2), int(frame["clv"].notna().sum())
    reference = column_reference("clv", OUTPUT["clv"].label(language))
    comment = label("tile_equity_comment", language, mean=amount(total / valued, language))
    return Figure(label("tile_equity", language), Formula(f"SUM({reference})", total), "money0", comment)


def _dso_tile(outcome: Outcome, language: str) -> Figure | None:
    """How long money stays out."""
    trend = outcome.results.get("payment_trend")
    if trend is None or not len(trend) or np.isnan(trend["dso"].iloc[-1]):
        return None
    late = days_late(outcome)
    comment = "" if np.isnan(late) else label("tile_dso_comment", language, late=figure(late, language, decimals=1))
    return Figure(label("tile_dso", language), float(trend["dso"].iloc[-1]), "integer", comment)


def _risk_tile(outcome: Outcome, language: str) -> Figure | None:
    """Active customers with a high credit risk."""
    classes = outcome.results.get("risk_classes")
    if classes is None or not classes["customers"].sum():
        return None
    high = classes.set_index("risk_class").loc["risk_high"]
    comment = label("tile_risk_comment", language, exposure=amount(float(high["exposure"]), language))
    return Figure(label("tile_risk", language), int(high["customers"]), "integer", comment, "bad" if high["customers"] else "good")


def _verdict(stamp: RunStamp, language: str) -> Figure:
    """One word, live: whether a check fails now, else whether the input changed since this run."""
    status = column_reference("checks", OUTPUT["status"].label(language))
    rule = column_reference("checks", OUTPUT["check"].label(language))
    ok, failed, stale = (word(name, language) for name in ("ok", "failed", "stale"))
    unchanged = label("check_input_unchanged", language)
    formula = (
        f'IF(COUNTIF({status},"{failed}")>0,"{failed}",'
        f'IF(COUNTIFS({rule},"{unchanged}",{status},"<>{ok}")>0,"{stale}","{ok}"))'
    )
    comment = label("tile_checks_failed" if stamp.failed else "tile_checks_ok", language, failed=stamp.failed, warnings=stamp.warnings)
    live = Formula(formula, failed if stamp.failed else ok)
    return Figure(label("tile_checks", language), live, "text", comment, "bad" if stamp.failed else "good")


def _of_revenue(value: float, revenue: float, language: str) -> str:
    return label("tile_of_revenue", language, share=percent(value / revenue, language, 1)) if revenue else ""


def _waterfall(outcome: Outcome, language: str) -> ChartBlock | None:
    """From list revenue to the result of the ledger, as stacked columns with an invisible base."""
    frame = outcome.results["customer_pl"]
    steps = [("list_revenue", float(frame["list_revenue"].sum()))]
    for name in ("discount", "bonus", "cost_of_goods", "cost_to_serve", "direct_cost"):
        if name in frame and abs(frame[name].sum()) > 0:
            steps.append((name, -float(frame[name].sum())))
    result = float(frame["customer_result"].sum())
    steps.append(("customer_result", result))
    tie_out = outcome.results.get("ledger_reconciliation")
    if tie_out is not None:
        total = tie_out.iloc[-1]
        steps += [(f"step_{name}", float(total[name])) for name in ("unused", "channel", "corporate", "outside") if abs(total[name]) > 0]
        if abs(total["difference"]) > 0:
            steps.append(("difference", float(total["difference"])))
        steps.append(("ledger_result", float(total["ledger"])))
    title = label("chart_waterfall", language, revenue=amount(steps[0][1], language), result=amount(result, language))
    return waterfall("pl_waterfall", title, steps, {"list_revenue", "customer_result", "ledger_result"}, language)


def waterfall(
    chart: str, title: str, steps: list[tuple[str, float]], levels: set[str], language: str
) -> ChartBlock:
    """A waterfall of named steps; steps in ``levels`` stand on the axis, the others hang from the running level.

    Stacked columns draw it: an invisible base carries each bar. What lies below zero has a base and a bar of its own,
    because negative values stack downward from the axis.
    """
    rows: list[dict[str, object]] = []
    running = 0.0
    for name, change in steps:
        start, end = (0.0, change) if name in levels else (running, running + change)
        running = end
        low, high = sorted((start, end))
        role = "level" if name in levels else "up" if change >= 0 else "down"
        row: dict[str, object] = {"step": word(name, language), "base": max(low, 0.0), "level": 0.0, "up": 0.0, "down": 0.0}
        row[role] = max(high, 0.0) - max(low, 0.0)
        rows.append(row | {"base_below": min(high, 0.0), "below": min(low, 0.0) - min(high, 0.0)})
    frame = pd.DataFrame(rows)
    series = [
        Series(label("series_base", language), "base", "invisible"), Series(label("series_level", language), "level", "main"),
        Series(label("series_up", language), "up", "good"), Series(label("series_down", language), "down", "bad"),
    ]  # fmt: skip
    if (frame["below"] < 0).any():
        series += [Series(label("series_base_below", language), "base_below", "invisible"), Series(label("series_below", language), "below", "bad")]
    else:
        frame = frame.drop(columns=["base_below", "below"])
    return ChartBlock(chart, title, "stacked_column", frame, tuple(series), alt_text=title)


def _curve(outcome: Outcome, language: str) -> ChartBlock | None:
    curve = outcome.results["whale_curve"]
    if len(curve) < 2:
        return None
    total = float(curve["customer_result"].sum())
    peak = curve["cumulative"].idxmax()
    sampled = np.unique(np.append(np.linspace(0, len(curve) - 1, min(CURVE_POINTS, len(curve))).round().astype(int), peak))
    frame = pd.DataFrame({"rank": curve["rank"].iloc[sampled].to_numpy(), "cumulative": curve["cumulative"].iloc[sampled].to_numpy()})
    values = {
        "top": int(curve["rank"].loc[peak]), "n": len(curve), "peak": amount(float(curve["cumulative"].loc[peak]), language),
        "share": percent(float(curve["cumulative"].loc[peak]) / total, language) if total > 0 else "",
        "total": amount(total, language),
    }  # fmt: skip
    key = "chart_curve_negative" if total <= 0 else "chart_curve" if peak < len(curve) - 1 else "chart_curve_all"
    series = (Series(OUTPUT["cumulative"].label(language), "cumulative"),)
    title = label(key, language, **values)
    return ChartBlock(
        "whale_curve", title, "line", frame, series, category_title=label("axis_rank", language),
        value_title=label("axis_cumulative", language), alt_text=title,
    )  # fmt: skip


def _ends(outcome: Outcome, language: str) -> ChartBlock | None:
    """The best and the worst customers side by side."""
    frame = outcome.results["customer_pl"]
    ranked = frame[~frame["excluded"]].sort_values(["customer_result", "customer_id"], ascending=[False, True], kind="stable")
    if len(ranked) < 2:
        return None
    shown = ranked if len(ranked) <= 2 * LISTED else pd.concat([ranked.head(LISTED), ranked.tail(LISTED)])
    names = shown["name"] if "name" in shown else shown["customer_id"]
    labels = [str(name or number)[:28].strip() for name, number in zip(names, shown["customer_id"], strict=True)]
    result = shown["customer_result"].to_numpy(float)
    data = pd.DataFrame({"customer": labels, "gain": np.where(result >= 0, result, np.nan), "loss": np.where(result < 0, result, np.nan)})
    worst = ranked.iloc[-1]
    best_name, worst_name = labels[0], labels[-1]
    worst_result = float(worst["customer_result"])
    key = "chart_ends_loss" if worst_result < 0 else "chart_ends"
    title = label(
        key, language, best=best_name, best_result=amount(float(ranked.iloc[0]["customer_result"]), language),
        worst=worst_name, worst_result=amount(abs(worst_result), language),
    )  # fmt: skip
    series = (Series(label("series_gain", language), "gain", "main"), Series(label("series_loss", language), "loss", "bad"))
    return ChartBlock("customer_ends", title, "bar", data, series, alt_text=title)


def _capacity(outcome: Outcome, language: str) -> ChartBlock | None:
    frame = outcome.results.get("capacity")
    if frame is None or frame.empty:
        return None
    data = pd.DataFrame(
        {
            "pool": frame["name"].astype(str), "used": np.minimum(frame["used_cost"], frame["cost"]),
            "unused": frame["unused_cost"].clip(lower=0), "over": (-frame["unused_cost"]).clip(lower=0),
        }
    )  # fmt: skip
    series = [Series(label("series_used", language), "used", "main"), Series(label("series_unused", language), "unused", "muted")]
    if (data["over"] > 0).any():
        series.append(Series(label("series_over", language), "over", "bad"))
    else:
        data = data.drop(columns="over")
    most = frame.loc[frame["unused_cost"].idxmax()]
    over = frame.loc[frame["flag"] == "over_capacity", "name"]
    key = "chart_capacity_over" if len(over) else "chart_capacity"
    title = label(
        key, language, unused=amount(idle_cost(outcome), language), pool=most["name"],
        over=", ".join(over.astype(str)),
    )  # fmt: skip
    return ChartBlock("capacity_use", title, "stacked_bar", data, tuple(series), alt_text=title)


def _handlings(outcome: Outcome, language: str) -> ChartBlock | None:
    frame = outcome.results.get("activity_rates")
    if frame is None or frame.empty:
        return None
    largest = frame.sort_values(["cost", "activity_id"], ascending=[False, True], kind="stable").head(8)
    data = pd.DataFrame({"handling": largest["name"].astype(str), "cost": largest["cost"]})
    first = largest.iloc[0]
    title = label("chart_handlings", language, name=first["name"], cost=amount(float(first["cost"]), language), share=percent(float(first["cost"] / frame["cost"].sum()), language) if frame["cost"].sum() else "")
    return ChartBlock("handling_cost", title, "bar", data, (Series(OUTPUT["cost"].label(language), "cost"),), alt_text=title)


def _bridge(outcome: Outcome, language: str) -> ChartBlock | None:
    frame = outcome.results.get("result_bridge")
    if frame is None:
        return None
    before, now = float(frame["amount"].iloc[0]), float(frame["amount"].iloc[-1])
    changes = frame.iloc[1:-1]
    changes = changes[changes["amount"].abs() > 0]
    if changes.empty:
        return None
    rose = now >= before
    biggest = changes.loc[changes["amount"].idxmax() if rose else changes["amount"].idxmin()]
    data = pd.DataFrame(
        {
            "step": [word(name, language) for name in changes["step"]],
            "better": changes["amount"].where(changes["amount"] > 0), "worse": changes["amount"].where(changes["amount"] < 0),
        }
    )  # fmt: skip
    measure = word("result" if frame["step"].iloc[0] == "before" else "contribution", language)
    title = label(
        "chart_bridge_up" if rose else "chart_bridge_down", language, measure=measure, before=amount(before, language), now=amount(now, language),
        step=word(biggest["step"], language).lower(), effect=amount(float(biggest["amount"]), language),
    )  # fmt: skip
    series = (Series(label("series_better", language), "better", "main"), Series(label("series_worse", language), "worse", "bad"))
    return ChartBlock("result_bridge", title, "bar", data, series, alt_text=title)
