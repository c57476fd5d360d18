"""The sheets of credit: how customers pay, what is open, who is a risk and what all of it costs."""

from typing import Literal

import numpy as np
import pandas as pd

from klantwaarde.credit.ageing import class_names
from klantwaarde.credit.charge import LEVELS
from klantwaarde.credit.risk import CLASSES, HIGH
from klantwaarde.messages import figure, label
from klantwaarde.model import Outcome
from klantwaarde.report.blocks import ChartBlock, Series
from klantwaarde.report.columns import OUTPUT
from klantwaarde.report.credit_lines import ageing_lines, cost_lines, payment_lines, risk_lines
from klantwaarde.report.dashboard import waterfall
from klantwaarde.report.declared import ResultSpec, SheetSpec
from klantwaarde.report.words import amount, percent, word

LISTED = 10  # customers in a chart
Role = Literal["main", "good", "bad", "muted"]
_DSO: dict[str, Role] = {"dso": "main", "dso_countback": "muted", "dso_best_possible": "good"}
_RISK: dict[str, Role] = dict(zip(CLASSES, ("muted", "main", "bad", "muted"), strict=True))


def _payment_charts(outcome: Outcome, language: str) -> list[ChartBlock]:
    return [chart for chart in (_trend(outcome, language), _groups_late(outcome, language)) if chart is not None]


def _trend(outcome: Outcome, language: str) -> ChartBlock | None:
    """DSO over thirteen months beside what it would be if everybody paid on time."""
    frame = outcome.results["payment_trend"]
    known = frame[frame["dso"].notna()]
    if len(known) < 2:
        return None
    data = pd.DataFrame({"month": _months(known), **{name: known[name].to_numpy() for name in _DSO}})
    first, last = known.iloc[0], known.iloc[-1]
    change = last["dso"] - first["dso"]
    key = "chart_dso_flat" if abs(change) < 0.5 else "chart_dso_up" if change > 0 else "chart_dso_down"
    title = label(
        key, language, dso=_days(last["dso"], language), change=_days(abs(change), language), months=len(known) - 1,
        late=_days(last["days_delinquent"], language),
    )  # fmt: skip
    series = tuple(Series(OUTPUT[name].label(language), name, role) for name, role in _DSO.items())
    return ChartBlock("dso_trend", title, "line", data, series, format="number", value_title=label("axis_days", language), alt_text=title)


def _groups_late(outcome: Outcome, language: str) -> ChartBlock | None:
    """Days late per segment, or per tier when there are no segments."""
    frame = outcome.results["payment_groups"]
    by = "segment" if (frame["dimension"] == "segment").any() else "value_tier"
    known = frame[(frame["dimension"] == by) & frame["days_late"].notna()].sort_values("days_late", ascending=False, kind="stable").head(LISTED)
    if len(known) < 2:
        return None
    names = [word(name, language) if name else word("blank", language) for name in known["key"]]
    worst, best = known.iloc[0], known.iloc[-1]
    title = label(
        "chart_late_groups", language, group=names[0], late=_days(worst["days_late"], language), other=names[-1],
        less=_days(best["days_late"], language),
    )  # fmt: skip
    data = pd.DataFrame({"group": names, "days_late": known["days_late"].to_numpy()})
    return ChartBlock(
        "late_groups", title, "bar", data, (Series(OUTPUT["days_late"].label(language), "days_late"),), format="number", alt_text=title
    )  # fmt: skip


def _ageing_charts(outcome: Outcome, language: str) -> list[ChartBlock]:
    charts = (_classes(outcome, language), _most_overdue(outcome, language))
    return [chart for chart in charts if chart is not None]


def _classes(outcome: Outcome, language: str) -> ChartBlock | None:
    """Open invoices per ageing class: what is not due, a little late, and late for long."""
    frame = outcome.results["loss_matrix"]
    total, late = float(frame["open_invoices"].sum()), float(frame["open_invoices"].iloc[1:].sum())
    if total <= 0:
        return None
    borders = outcome.model.settings.ageing_borders[:2]
    oldest, days = float(frame["open_invoices"].iloc[len(borders) + 1 :].sum()), int(borders[-1])
    title = label(
        "chart_ageing", language, share=percent(late / total, language), late=amount(late, language), oldest=amount(oldest, language), days=days
    )
    data = pd.DataFrame({"class": [word(name, language) for name in frame["ageing_class"]]})
    for name, rows in (("not_due", frame.index == 0), ("overdue", frame.index > 0)):
        data[name] = frame["open_invoices"].where(rows).to_numpy()
    series = (Series(OUTPUT["not_due"].label(language), "not_due", "good"), Series(OUTPUT["overdue"].label(language), "overdue"))
    return ChartBlock("ageing_classes", title, "column", data, series, category_title=label("axis_overdue", language), alt_text=title)


def _most_overdue(outcome: Outcome, language: str) -> ChartBlock | None:
    """The customers with most overdue, by how long it is overdue: light for a little late, dark for long."""
    frame = outcome.results["ageing"]
    top = frame[frame["overdue"] > 0].head(LISTED)
    if top.empty:
        return None
    names = class_names(outcome.model.settings.ageing_borders)[1:]
    used = [name for name in names if (top[name] > 0).any()]
    data = pd.DataFrame({"customer": _names(top), **{name: top[name].to_numpy() for name in used}})
    roles: dict[str, Role] = {names[0]: "muted", names[-1]: "bad"}
    series = tuple(Series(label("series_days_overdue", language, days=name), name, roles.get(name, "main")) for name in used)
    title = label(
        "chart_most_overdue", language, n=len(top), share=percent(float(top["overdue"].sum() / frame["overdue"].sum()), language),
        name=data["customer"].iloc[0], most=amount(float(top["overdue"].iloc[0]), language),
    )  # fmt: skip
    return ChartBlock("most_overdue", title, "stacked_bar", data, series, alt_text=title)


def _risk_charts(outcome: Outcome, language: str) -> list[ChartBlock]:
    charts = (_class_shares(outcome, language), _value_at_risk(outcome, language), _risk_trend(outcome, language))
    return [chart for chart in charts if chart is not None]


def _class_shares(outcome: Outcome, language: str) -> ChartBlock | None:
    """The risk classes by number of customers, revenue and open invoices."""
    frame = outcome.results["risk_classes"]
    if not frame["customers"].sum():
        return None
    kinds = {"customer_share": "customers", "revenue_share": "net_revenue", "exposure_share": "exposure"}
    data = pd.DataFrame({"kind": [OUTPUT[name].label(language) for name in kinds.values()]})
    for place, name in enumerate(frame["risk_class"]):
        data[name] = frame.loc[place, list(kinds)].fillna(0.0).to_numpy(float)
    series = tuple(Series(word(name, language), name, role) for name, role in _RISK.items() if data[name].sum() > 0)
    high = frame.set_index("risk_class").loc[HIGH].fillna(0.0)
    values = {name: percent(float(high[name]), language, 1) for name in kinds}
    title = label("chart_high_risk", language, n=int(high["customers"]), **values)
    return ChartBlock("risk_shares", title, "stacked_bar", data, series, format="percent", alt_text=title)


def _value_at_risk(outcome: Outcome, language: str) -> ChartBlock | None:
    """Open invoices per value tier, by risk class."""
    frame = outcome.results["risk_value_matrix"]
    owed = {name: frame[f"exposure_{name.removeprefix('risk_')}"].to_numpy() for name in CLASSES}
    series = tuple(Series(word(name, language), name, role) for name, role in _RISK.items() if owed[name].sum() > 0)
    if not series:
        return None
    data = pd.DataFrame({"tier": [word(name, language) for name in frame["tier"]], **{each.column: owed[each.column] for each in series}})
    top = frame[frame["tier"].isin(["top", "large"])]
    title = label(
        "chart_value_risk", language, n=int(top["customers_high"].sum() + top["customers_middle"].sum()),
        open=amount(float(top["exposure_high"].sum() + top["exposure_middle"].sum()), language),
    )  # fmt: skip
    return ChartBlock("value_risk", title, "stacked_bar", data, series, alt_text=title)


def _risk_trend(outcome: Outcome, language: str) -> ChartBlock | None:
    """Share of customers at high risk over thirteen months."""
    frame = outcome.results["payment_trend"]
    known = frame[frame["high_risk_share"].notna()]
    if len(known) < 2:
        return None
    first, last = float(known["high_risk_share"].iloc[0]), float(known["high_risk_share"].iloc[-1])
    data = pd.DataFrame({"month": _months(known), "share": known["high_risk_share"].to_numpy()})
    title = label("chart_risk_trend", language, before=percent(first, language, 1), now=percent(last, language, 1), months=len(known) - 1)
    return ChartBlock("risk_trend", title, "line", data, (Series(word(HIGH, language), "share", "bad"),), format="percent", alt_text=title)


def _cost_charts(outcome: Outcome, language: str) -> list[ChartBlock]:
    charts = (_bridge(outcome, language), _cost_groups(outcome, language))
    return [chart for chart in charts if chart is not None]


def _bridge(outcome: Outcome, language: str) -> ChartBlock | None:
    """From the result before to the result after payment behaviour."""
    frame = outcome.results["payment_bridge"].set_index("step")["amount"]
    before, after = float(frame["result_before_payment"]), float(frame["result_after_payment"])
    between = frame.loc["result_before_payment":"result_after_payment"]
    steps = [(str(step), float(change)) for step, change in between.items() if step in LEVELS or abs(change) > 0]
    if len(steps) < 3:
        return None
    largest = min(steps[1:-1], key=lambda step: step[1])
    title = label(
        "chart_payment_bridge", language, cost=amount(before - after, language), before=amount(before, language), after=amount(after, language),
        step=word(largest[0], language).lower(), most=amount(-largest[1], language),
    )  # fmt: skip
    return waterfall("payment_bridge", title, steps, set(LEVELS), language)


def _cost_groups(outcome: Outcome, language: str) -> ChartBlock | None:
    """What credit costs per segment as a part of revenue, the dearest first."""
    frame = outcome.results["payment_cost_groups"]
    by = "segment" if (frame["dimension"] == "segment").any() else "value_tier"
    known = frame[(frame["dimension"] == by) & frame["cost_share"].notna()].sort_values("cost_share", ascending=False, kind="stable").head(LISTED)
    if known.empty:
        return None
    names = [word(name, language) if name else word("blank", language) for name in known["key"]]
    total = frame.iloc[0]
    title = label(
        "chart_cost_groups", language, group=names[0], share=percent(float(known["cost_share"].iloc[0]), language, 1),
        all=percent(float(np.nan_to_num(total["cost_share"])), language, 1),
    )  # fmt: skip
    data = pd.DataFrame({"group": names, "share": known["cost_share"].to_numpy()})
    return ChartBlock("cost_groups", title, "bar", data, (Series(OUTPUT["cost_share"].label(language), "share"),), format="percent", alt_text=title)


def _names(frame: pd.DataFrame) -> list[str]:
    names = frame["name"] if "name" in frame else frame["customer_id"]
    return [str(name or number)[:28].strip() for name, number in zip(names, frame["customer_id"], strict=True)]


def _months(frame: pd.DataFrame) -> list[str]:
    return [f"{day:%m-%Y}" for day in frame["month_end"]]


def _days(value: float, language: str) -> str:
    return figure(float(value), language, decimals=1)


SHEETS = (
    SheetSpec("payment", "Uitkomst_Betaalgedrag", "Result_Payment", ("payment_trend", "payment_groups", "payment_behaviour"), _payment_charts, payment_lines),
    SheetSpec("ageing", "Uitkomst_Ouderdom", "Result_Ageing", ("loss_matrix", "ageing", "expected_loss"), _ageing_charts, ageing_lines),
    SheetSpec("risk", "Uitkomst_Debiteurenrisico", "Result_CreditRisk", ("risk_classes", "risk_value_matrix", "risk_scorecard", "risk"), _risk_charts, risk_lines, 3),
    SheetSpec("payment_cost", "Uitkomst_KostenVanKrediet", "Result_CostOfCredit", ("payment_bridge", "payment_cost_groups", "payment_cost"), _cost_charts, cost_lines),
)  # fmt: skip
_COST = ("average_receivable", "financing_within_terms", "financing_beyond_terms", "credit_handlings", "payment_discount", "credit_loss", "payment_cost")
_SUM = "{financing_within_terms}+{financing_beyond_terms}+{credit_handlings}+{payment_discount}+{credit_loss}"
_COST_SHARE = 'IF({net_revenue}>0,{payment_cost}/{net_revenue},"")'
_AFTER = "{result_before_payment}-{payment_cost}"
RESULTS = (
    ResultSpec("payment_trend", worded=("remark",)),
    ResultSpec("payment_groups", worded=("dimension", "key", "remark")),
    ResultSpec("payment_behaviour", key="customer_id", totals=("open_amount", "overdue"), worded=("remark",)),
    ResultSpec(
        "loss_matrix", totals=("open_invoices", "expected_loss"), worded=("ageing_class", "source"),
        formulas={"expected_loss": 'IF({loss_rate}="","",ROUND({open_invoices}*{loss_rate},2))'},
    ),
    ResultSpec(
        "ageing", key="customer_id", totals=("not_due", "open_credit", "open_amount", "overdue"),
        formulas={"overdue_share": 'IF({not_due}+{overdue}=0,"",{overdue}/({not_due}+{overdue}))'},
    ),
    ResultSpec(
        "expected_loss", key="customer_id", totals=("open_invoices", "expected_loss"),
        formulas={"loss_share": 'IF({expected_loss}="","",{expected_loss}/{open_invoices})'},
    ),
    ResultSpec("risk_classes", totals=("customers", "net_revenue", "exposure", "expected_loss"), worded=("risk_class",)),
    ResultSpec("risk_value_matrix", totals=("customers", "exposure", "expected_loss"), worded=("tier",), relabel={"tier": "value_tier"}),
    ResultSpec("risk_scorecard", worded=("part",)),
    ResultSpec(
        "risk", key="customer_id", totals=("exposure", "expected_loss"), worded=("tier", "risk_class"), relabel={"tier": "value_tier"},
    ),
    ResultSpec("payment_bridge", worded=("step",)),
    ResultSpec(
        "payment_cost_groups", alarm="result_after_payment", worded=("dimension", "key"),
        formulas={"payment_cost": _SUM, "cost_share": _COST_SHARE, "result_after_payment": _AFTER},
    ),
    ResultSpec(
        "payment_cost", key="customer_id", alarm="result_after_payment", totals=(*_COST, "customer_result", "result_after_payment"),
        formulas={
            "financing_cost": "{financing_within_terms}+{financing_beyond_terms}", "credit_loss": "MAX({booked_loss},{expected_loss})",
            "payment_cost": _SUM, "cost_share": _COST_SHARE, "result_after_payment": _AFTER,
            "result_before_payment": "{customer_result}+{credit_handlings}+{payment_discount}+{booked_loss}",
        },
    ),
)  # fmt: skip
