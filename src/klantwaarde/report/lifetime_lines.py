"""Sentences above the sheets of lifetime value: what was assumed, whether it holds, and what to do."""

import numpy as np
import pandas as pd

from klantwaarde.lifetime.cashflows import SHOWN
from klantwaarde.lifetime.ingredients import history_of, years_in
from klantwaarde.lifetime.valuation import gathered
from klantwaarde.messages import figure, label
from klantwaarde.model import Outcome
from klantwaarde.report.words import amount, percent, word
from klantwaarde.tables.settings import Settings, find_setting


def value_lines(outcome: Outcome, language: str) -> list[str]:
    """Above the values per customer."""
    settings, segments = outcome.model.settings, outcome.results["clv_segments"]
    got = gathered(outcome.model, outcome.results)
    told = [] if got.by_model else [_retention(outcome, language)]
    lines = [_margin(outcome, language), _convention(settings, language), *told]
    method = label("line_clv_model" if got.by_model else "line_clv_simple", language, name=word(got.choice.model, language))
    if not got.by_model and len(outcome.results["clv_methods"]):
        method += " " + label("line_clv_why", language)
    lines += [*_beyond(segments, settings, language), method]
    idle = int((outcome.results["clv"]["status"] == "inactive").sum())
    if idle:
        lines.append(label("line_clv_inactive", language, n=idle, months=settings.active_months))
    advised = len(outcome.results["clv_sensitivity"]) > 0  # without a value nothing is sensitive
    return [*lines, label("line_clv_what_to_do", language)] if advised else lines


def _beyond(segments: pd.DataFrame, settings: Settings, language: str) -> list[str]:
    """What an endless horizon would add, when every segment is worth something."""
    if segments.empty or "share_beyond" not in segments or segments["share_beyond"].isna().any() or not (segments["clv"] > 0).all():
        return []
    share = percent(float(np.average(segments["share_beyond"], weights=segments["clv"])), language)
    return [label("line_clv_beyond", language, years=settings.clv_horizon or SHOWN, share=share)]


def _margin(outcome: Outcome, language: str) -> str:
    """What the margin is, and which costs are in it."""
    settings, years = outcome.model.settings, sum(years_in(books) for books in history_of(outcome.model))
    basis = _choice(settings, "clv_margin_basis", language).lower()
    shown = figure(years, language, decimals=0 if years % 1 < 0.05 else 1)
    parts = [label("line_clv_margin", language, basis=basis, years=shown)]
    if settings.clv_margin_basis == "gross_margin":
        return " ".join([*parts, label("line_clv_gross", language)])
    if outcome.model.books.allocation is None:
        parts.append(label("line_clv_uncosted", language))
    credit = "annual_credit_cost" in outcome.results["clv"]
    return " ".join([*parts, label("line_clv_credit" if credit else "line_clv_no_credit", language)])


def _convention(settings: Settings, language: str) -> str:
    horizon = label("line_clv_years", language, n=settings.clv_horizon) if settings.clv_horizon else label("line_clv_endless", language)
    return label(
        "line_clv_convention", language, horizon=horizon, timing=_choice(settings, "clv_timing", language).lower(),
        first=_choice(settings, "clv_first_margin", language).lower(), discount=percent(settings.discount_rate, language, 1),
        growth=percent(settings.clv_growth, language, 1),
    )  # fmt: skip


def _retention(outcome: Outcome, language: str) -> str:
    settings, segments = outcome.model.settings, outcome.results["clv_segments"]
    customers, stayed = int(segments["customers_at_start"].sum()), int(segments["stayed"].sum())
    if settings.retention is not None:
        return label("line_clv_retention_given", language, rate=percent(settings.retention, language, 1))
    if not customers:
        return label("line_clv_no_retention", language)
    values = {"customers": customers, "stayed": stayed, "whole": percent(stayed / customers, language, 1), "minimum": settings.retention_minimum}
    return label("line_clv_retention", language, **values)


def _choice(settings: Settings, name: str, language: str) -> str:
    """The reader's word for what a setting chose."""
    setting = find_setting(name)
    assert setting is not None
    return next(choice.label(language) for choice in setting.choices if choice.id == getattr(settings, name))


def potential_lines(outcome: Outcome, language: str) -> list[str]:
    """Above the potential and the red list."""
    settings, frame = outcome.model.settings, outcome.results["clv_potential"]
    red = outcome.results["clv_red_list"]
    lines = []
    if len(red):
        lines.append(label("line_red_list", language, n=len(red), loss=amount(-float(red["lifetime_loss"].sum()), language)))
    if not len(frame):
        return [*lines, label("line_potential_no_wallet", language)]
    unknown = int(frame["gap"].isna().sum())
    lines += [label("line_potential_how", language), label("line_potential_levers", language)]
    goal = settings.potential_retention
    lines.append(label("line_potential_retention", language, rate=percent(goal, language)) if goal is not None else label("line_potential_retention_same", language))
    if unknown:
        lines.append(label("line_potential_unknown", language, n=unknown))
    if settings.investment_rate is None:
        lines.append(label("line_potential_no_investment", language))
    return lines


def equity_lines(outcome: Outcome, language: str) -> list[str]:
    """Above the value of the customer base and its bridge."""
    bridge = outcome.results.get("equity_bridge")
    lines = [_convention(outcome.model.settings, language)]
    if bridge is None or bridge.empty:
        lines.append(label("line_bridge_missing", language))
    else:
        lines += [label("line_bridge_simple", language), label("line_bridge_actuarial", language), label("line_bridge_assumed", language)]
    years = outcome.results["clv_cashflows"].head(3)
    if len(years):
        lines.append(label("line_outlook", language, margin=amount(float(years["expected_margin"].sum()), language), n=len(years)))
    return lines


def forecast_lines(outcome: Outcome, language: str) -> list[str]:
    """Above the proof: which method is in use and why, and what makes it doubtful, in words."""
    got = gathered(outcome.model, outcome.results)
    choice = got.choice
    told = [reason.speaking(language) for reason in choice.reasons]
    lines = [label("line_forecast_how", language), label("line_forecast_columns", language)]
    if not got.by_model and len(outcome.results["clv_methods"]):
        lines.append(label("line_forecast_rule", language))
    return [*lines, *dict.fromkeys(f"{reason.what} {reason.advice}".strip() for reason in told)]
