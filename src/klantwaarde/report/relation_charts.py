"""Charts of who came, who left, what changed and where attention goes; every title says the conclusion."""

import numpy as np
import pandas as pd

from klantwaarde.messages import label
from klantwaarde.model import Outcome
from klantwaarde.report.base_charts import LISTED, Charts, kept
from klantwaarde.report.blocks import ChartBlock, Series
from klantwaarde.report.columns import OUTPUT
from klantwaarde.report.dashboard import waterfall
from klantwaarde.report.words import amount, percent, word


def newcomer_charts(outcome: Outcome, language: str) -> Charts:
    """What a new customer costs, and how the new differ from those kept."""
    return kept(_components(outcome, language), _profile(outcome, language))


def churn_charts(outcome: Outcome, language: str) -> Charts:
    """Marks beforehand, reasons, and whether arrivals make up for departures."""
    return kept(_marks(outcome, language), _reasons(outcome, language), _compensation(outcome, language))


def then_charts(outcome: Outcome, language: str) -> Charts:
    """From then to now, where it fell most, and whether business cases came true."""
    return kept(_then_waterfall(outcome, language), _declines(outcome, language), _business_case(outcome, language))


def attention_charts(outcome: Outcome, language: str) -> Charts:
    """Hours above and below their share, and where margin leaks."""
    return kept(_excess(outcome, language), _leaks(outcome, language))


def names_of(frame: pd.DataFrame) -> list[str]:
    """Short names of customers; the number where there is no name."""
    names = frame["name"] if "name" in frame else frame["customer_id"]
    return [str(name or number)[:28].strip() for name, number in zip(names, frame["customer_id"], strict=True)]


def _components(outcome: Outcome, language: str) -> ChartBlock | None:
    frame = outcome.results["acquisition_cost"]
    known = frame[frame["amount"] > 0].sort_values("amount", ascending=False, kind="stable") if len(frame) else frame
    if known.empty or known["per_customer"].isna().any():
        return None
    data = pd.DataFrame(
        {"component": [word(name, language) for name in known["component"]], "each": known["per_customer"].to_numpy()}
    )
    title = label(
        "chart_acquisition", language, each=amount(float(known["per_customer"].sum()), language), component=data["component"].iloc[0].lower(),
        most=amount(float(data["each"].iloc[0]), language),
    )  # fmt: skip
    return ChartBlock(
        "acquisition_cost",
        title,
        "bar",
        data,
        (Series(OUTPUT["per_customer"].label(language), "each"),),
        alt_text=title,
    )


def _profile(outcome: Outcome, language: str) -> ChartBlock | None:
    """Share of the new against share of the kept, for the groups of the dimension that differs most."""
    frame = outcome.results["newcomer_profile"]
    named = frame[~frame["dimension"].isin(["size", "account_manager", "service_level"])] if len(frame) else frame
    if named.empty:
        return None
    apart = (named["new_share"] - named["base_share"]).abs().groupby(named["dimension"], sort=True).max()
    rows = (
        named[named["dimension"] == apart.idxmax()]
        .sort_values("customers", ascending=False, kind="stable")
        .head(LISTED)
    )
    most = rows.loc[(rows["new_share"] - rows["base_share"]).idxmax()]
    keys = [word(name, language) if name else word("blank", language) for name in rows["key"]]
    data = pd.DataFrame({"group": keys, "kept": rows["base_share"].to_numpy(), "new": rows["new_share"].to_numpy()})
    title = label(
        "chart_profile", language, group=word(most["key"], language), new=percent(float(most["new_share"]), language),
        kept=percent(float(most["base_share"]), language),
    )  # fmt: skip
    series = (
        Series(OUTPUT["new_share"].label(language), "new"),
        Series(OUTPUT["base_share"].label(language), "kept", "muted"),
    )
    return ChartBlock("newcomer_profile", title, "column", data, series, format="percent", alt_text=title)


def _marks(outcome: Outcome, language: str) -> ChartBlock | None:
    frame = outcome.results["churn_marks"]
    if frame.empty or frame[["rate_with", "rate_without"]].isna().any(axis=None):
        return None
    kinds = [("with", "rate_with"), ("without", "rate_without")]
    rows = [
        (label(f"mark_{mark}_{side}", language), float(row[column]))
        for mark, row in zip(frame["mark"], frame.to_dict("records"), strict=True)
        for side, column in kinds
    ]
    data = pd.DataFrame(rows, columns=["mark", "rate"])
    strongest = frame.loc[(frame["rate_with"] - frame["rate_without"]).abs().idxmax()]
    title = label(
        "chart_marks", language, mark=label(f"mark_{strongest['mark']}_with", language), rate=percent(float(strongest["rate_with"]), language),
        other=percent(float(strongest["rate_without"]), language),
    )  # fmt: skip
    return ChartBlock(
        "churn_marks",
        title,
        "bar",
        data,
        (Series(OUTPUT["churn_rate"].label(language), "rate"),),
        format="percent",
        alt_text=title,
    )


def _reasons(outcome: Outcome, language: str) -> ChartBlock | None:
    frame = outcome.results.get("churn_reasons")
    if frame is None or frame.empty:
        return None
    top = frame.head(LISTED)
    names = [str(reason) or word("not_told", language) for reason in top["reason"]]
    margin = top["gross_margin_before"].to_numpy(float)
    chosen = (top["deliberate"] == "on_purpose").to_numpy()
    data = pd.DataFrame(
        {"reason": names, "ours": np.where(chosen, margin, np.nan), "theirs": np.where(chosen, np.nan, margin)}
    )
    lost = float(frame["gross_margin_before"].sum())
    ours = float(frame.loc[frame["deliberate"] == "on_purpose", "gross_margin_before"].sum())
    title = label(
        "chart_reasons",
        language,
        lost=amount(lost, language),
        n=int(frame["customers"].sum()),
        reason=next((name for name, told in zip(names, top["reason"], strict=True) if told), names[0]).lower(),
        ours=amount(ours, language),
    )
    series = (
        Series(word("not_on_purpose", language), "theirs", "bad"),
        Series(word("on_purpose", language), "ours", "muted"),
    )
    return ChartBlock("churn_reasons", title, "bar", data, series, alt_text=title)


def _compensation(outcome: Outcome, language: str) -> ChartBlock | None:
    """Margin of who came against margin of who went, added up over the steps."""
    flow = outcome.results["base_flow"]
    frame = flow[flow["step"] == flow["step"].iloc[0]] if len(flow) else flow
    if len(frame) < 2:
        return None
    data = pd.DataFrame(
        {
            "until": frame["until"].dt.strftime("%m-%Y"),
            "gained": frame["gained_margin"].cumsum(),
            "lost": frame["lost_margin"].cumsum(),
        }
    )
    balance = float(frame["balance"].iloc[-1])
    key = "chart_compensated" if balance >= 0 else "chart_not_compensated"
    title = label(
        key,
        language,
        gained=amount(float(data["gained"].iloc[-1]), language),
        lost=amount(float(data["lost"].iloc[-1]), language),
    )
    series = (
        Series(OUTPUT["gained_margin"].label(language), "gained", "good"),
        Series(OUTPUT["lost_margin"].label(language), "lost", "bad"),
    )
    return ChartBlock("compensation", title, "line", data, series, alt_text=title)


def _then_waterfall(outcome: Outcome, language: str) -> ChartBlock | None:
    frame = outcome.results.get("then_and_now_bridge")
    if frame is None or frame.empty:
        return None
    steps = frame[(frame["amount"] != 0) | frame["step"].isin(["opening", "closing"])]
    changes = steps.iloc[1:-1]
    if changes.empty:
        return None
    before, now = float(steps["amount"].iloc[0]), float(steps["amount"].iloc[-1])
    biggest = changes.loc[changes["amount"].idxmax() if now >= before else changes["amount"].idxmin()]
    title = label(
        "chart_then", language, n=len(outcome.results["then_and_now"]), before=amount(before, language), now=amount(now, language),
        step=word(biggest["step"], language).lower(), effect=amount(float(biggest["amount"]), language),
    )  # fmt: skip
    named = [
        ({"opening": "then", "closing": "now_margin"}.get(step, step), float(change))
        for step, change in zip(steps["step"], steps["amount"], strict=True)
    ]
    return waterfall("then_and_now", title, named, {"then", "now_margin"}, language)


def _declines(outcome: Outcome, language: str) -> ChartBlock | None:
    frame = outcome.results["then_and_now"]
    worse = frame[frame["change"] < 0].head(LISTED) if len(frame) else frame
    if worse.empty:
        return None
    data = pd.DataFrame({"customer": names_of(worse), "change": worse["change"].to_numpy()})
    title = label(
        "chart_declines", language, n=int((frame["change"] < 0).sum()), name=data["customer"].iloc[0],
        change=amount(float(data["change"].iloc[0]), language),
    )  # fmt: skip
    return ChartBlock(
        "then_declines",
        title,
        "bar",
        data,
        (Series(OUTPUT["change"].label(language), "change", "bad"),),
        alt_text=title,
    )


def _business_case(outcome: Outcome, language: str) -> ChartBlock | None:
    """Promised and realised a customer, per year since the start: the number of customers differs from year to year."""
    frame = outcome.results["business_case_years"]
    if frame.empty:
        return None
    shown = frame.head(LISTED)
    names = [
        label("axis_case_year", language, year=year, n=n)
        for year, n in zip(shown["year"], shown["customers"], strict=True)
    ]
    data = pd.DataFrame(
        {"year": names, **{name: shown[name] / shown["customers"] for name in ("promised", "realised")}}
    )
    promised, realised = (float(frame[name].sum()) for name in ("promised", "realised"))
    n = int((outcome.results["business_case"]["case_years"] > 0).sum())
    share = percent(realised / promised, language) if promised else "–"
    amounts = {"promised": amount(promised, language), "realised": amount(realised, language)}
    title = label("chart_case", language, n=n, share=share, **amounts)
    series = (
        Series(OUTPUT["promised"].label(language), "promised", "muted"),
        Series(OUTPUT["realised"].label(language), "realised"),
    )
    axis = label("axis_per_customer", language)
    return ChartBlock("business_case", title, "column", data, series, value_title=axis, alt_text=title)


def _excess(outcome: Outcome, language: str) -> ChartBlock | None:
    """Customers that get the most hours above their share in the contribution, and the most below it."""
    frame = outcome.results.get("attention")
    known = frame[frame["excess_hours"].notna()] if frame is not None and len(frame) else pd.DataFrame()
    if len(known) < 2:
        return None
    ends = known if len(known) <= LISTED else pd.concat([known.head(LISTED // 2), known.tail(LISTED // 2)])
    hours = ends["excess_hours"].to_numpy(float)
    data = pd.DataFrame(
        {
            "customer": names_of(ends),
            "more": np.where(hours > 0, hours, np.nan),
            "less": np.where(hours <= 0, hours, np.nan),
        }
    )
    above = float(known.loc[known["verdict"].isin(["too_much", "no_return"]), "excess_hours"].sum())
    title = label(
        "chart_attention",
        language,
        hours=amount(above, language),
        name=data["customer"].iloc[0],
        most=amount(float(hours[0]), language),
    )
    series = (
        Series(label("series_more_hours", language), "more", "bad"),
        Series(label("series_fewer_hours", language), "less", "main"),
    )
    return ChartBlock("attention", title, "bar", data, series, format="number", alt_text=title)


def _leaks(outcome: Outcome, language: str) -> ChartBlock | None:
    frame = outcome.results["leakage_kinds"]
    known = frame[frame["amount"] > 0] if len(frame) else frame
    if known.empty:
        return None
    data = pd.DataFrame(
        {"kind": [word(name, language) for name in known["kind"]], "amount": known["amount"].to_numpy()}
    )
    title = label(
        "chart_leakage",
        language,
        kind=data["kind"].iloc[0],
        amount=amount(float(data["amount"].iloc[0]), language),
        n=int(known["customers"].iloc[0]),
    )
    return ChartBlock(
        "leakage", title, "bar", data, (Series(OUTPUT["amount"].label(language), "amount", "bad"),), alt_text=title
    )
