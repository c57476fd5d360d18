"""Sentences above the sheets of credit: what was done how, what is not known, and what to do."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde.credit.charge import charge_of, watched
from klantwaarde.credit.groups import value_measure
from klantwaarde.credit.lateness import overdue_at
from klantwaarde.credit.losses import LOST_AFTER
from klantwaarde.credit.receivables import Receivables, receivables_of
from klantwaarde.credit.risk import HIGH, SCORECARD
from klantwaarde.messages import figure, label
from klantwaarde.model import Outcome
from klantwaarde.profit.curve import TIERS
from klantwaarde.report.columns import OUTPUT
from klantwaarde.report.words import amount, day, percent, word
from klantwaarde.tables.settings import shown_numbers

MOST_NAMED = 3  # customers in a sentence
VALUABLE = TIERS[:2]


def payment_lines(outcome: Outcome, language: str) -> list[str]:
    """Above payment behaviour."""
    receivables = receivables_of(outcome.model)
    lines = [*_whom_to_call(outcome, language), label("line_payment_how", language)]
    basis = "line_dso_items" if receivables.billing.from_items else "line_dso_lines"
    lines.append(label(basis, language, vat=percent(receivables.settings.vat_rate, language), at=day(receivables.at)))
    lines.append(label("line_payment_variants", language))
    return [*lines, *_doubts(receivables, language)]


def _whom_to_call(outcome: Outcome, language: str) -> list[str]:
    """The customers with most overdue, by name."""
    frame = outcome.results["payment_behaviour"]
    late = frame[frame["overdue"] > 0].head(MOST_NAMED)
    if late.empty:
        return []
    names = ", ".join(f"{name} ({amount(overdue, language)})" for name, overdue in zip(_names(late), late["overdue"], strict=True))
    return [label("line_payment_what_to_do", language, names=names)]


def _doubts(receivables: Receivables, language: str) -> list[str]:
    """What the items do not tell, each with how many and how much."""
    items = receivables.items
    found = {
        "line_items_undated": ~items.dated, "line_items_untimed": ~items.timed & ~items.doubtful & (items.paid != 0),
        "line_items_doubtful": items.doubtful, "line_items_outside": ~receivables.counted[items.customer],
    }  # fmt: skip
    return [
        label(key, language, n=figure(int(rows.sum()), language, decimals=0), amount=amount(float(items.amount[rows].sum()) / 100, language))
        for key, rows in found.items()
        if rows.any()
    ]


def ageing_lines(outcome: Outcome, language: str) -> list[str]:
    """Above ageing and expected loss."""
    receivables, matrix = receivables_of(outcome.model), outcome.results["loss_matrix"]
    borders = shown_numbers(receivables.settings.ageing_borders)
    late = int((overdue_at(receivables.items, receivables.ends[0])[0] > 0).sum())
    lines = [label("line_ageing_what_to_do", language, n=figure(late, language, decimals=0))]
    lines.append(label("line_ageing_how", language, at=day(receivables.at), borders=borders))
    lines += _open_totals(receivables, language)
    source = str(matrix["source"].iloc[0])
    lines.append(label(f"line_loss_{source}", language, days=LOST_AFTER))
    if (matrix["roll_rate"] > 1).any():
        lines.append(label("line_loss_early", language))
    if source != "no_history" and matrix["expected_loss"].isna().any():
        lines.append(label("line_loss_unknown", language))
    return lines


def _open_totals(receivables: Receivables, language: str) -> list[str]:
    """How the totals of what is open on the sheets of credit follow from one another, where they differ."""
    left, counted = receivables.left, receivables.counted[receivables.items.customer]

    def invoices_and_balance(rows: NDArray[np.bool_]) -> dict[str, str]:
        cents = {"invoices": np.maximum(left[rows], 0).sum(), "balance": left[rows].sum()}
        return {name: amount(float(total) / 100, language) for name, total in cents.items()}

    lines, everybody = [], np.ones(len(left), dtype=bool)
    some_outside = bool((left[~counted] != 0).any())
    if some_outside or (left < 0).any():
        owed_back = amount(-float(np.minimum(left, 0).sum()) / 100, language)
        lines.append(label("line_open_balance", language, credits=owed_back, **invoices_and_balance(everybody)))
    if some_outside:
        outside = {f"{name}_outside": text for name, text in invoices_and_balance(~counted).items()}
        lines.append(label("line_open_counted", language, **outside, **invoices_and_balance(counted)))
    return lines


def risk_lines(outcome: Outcome, language: str) -> list[str]:
    """Above the scorecard and the matrix of value and risk."""
    settings, frame = outcome.model.settings, outcome.results["risk"]
    lines = _valuable_at_risk(frame, language)
    lines.append(label("line_risk_classes", language, middle=settings.risk_middle, high=settings.risk_high))
    absent = [word(part.id, language).lower() for part in SCORECARD if frame[part.id].isna().all()]
    if absent:
        lines.append(label("line_risk_absent", language, parts=", ".join(absent)))
    unknown = int((frame["risk_score"].isna() & frame["active"]).sum())
    if unknown:
        lines.append(label("line_risk_unknown", language, n=unknown))
    measure = OUTPUT[value_measure(receivables_of(outcome.model), outcome.results)].label(language)
    return [*lines, label("line_risk_matrix", language, measure=measure), label("line_risk_trend", language)]


def _valuable_at_risk(frame: pd.DataFrame, language: str) -> list[str]:
    """Who is worth much and is a risk: the cells that ask for a conversation."""
    high = frame[frame["risk_class"] == HIGH]
    best = high[high["tier"].isin(VALUABLE)]
    if len(best):
        return [label("line_risk_valuable", language, n=len(best), names=", ".join(_names(best.head(MOST_NAMED))))]
    if len(high):
        owed = amount(float(high["exposure"].sum()), language)
        return [label("line_risk_not_valuable", language, n=len(high), open=owed, names=", ".join(_names(high.head(MOST_NAMED))))]
    return [label("line_risk_none", language)]


def cost_lines(outcome: Outcome, language: str) -> list[str]:
    """Above the cost of credit."""
    model, frame = outcome.model, outcome.results["payment_cost"]
    settings, period = model.settings, receivables_of(model).period
    beyond, total = float(frame["financing_beyond_terms"].sum()), float(frame["payment_cost"].sum())
    lines = [label("line_cost_what_to_do", language, total=amount(total, language), beyond=amount(beyond, language))]
    lines += _cost_outside(outcome, language)
    turned = int(((frame["result_before_payment"] >= 0) & (frame["result_after_payment"] < 0)).sum())
    if turned:
        lines.append(label("line_cost_turned", language, n=turned))
    lines.append(
        label("line_cost_interest", language, rate=percent(settings.credit_rate, language, 1), basis=settings.day_basis, period=str(period))
    )
    handlings = watched(model)
    if handlings.any() and model.books.allocation is not None:
        names = ", ".join(model.books.allocation.activities.names[handlings])
        lines.append(label("line_cost_handlings", language, names=names))
    else:
        lines.append(label("line_cost_no_handlings", language))
    lines.append(label("line_cost_loss", language))
    if np.isnan(charge_of(model).expected_loss).any():
        lines.append(label("line_cost_loss_unknown", language))
    return lines


def _cost_outside(outcome: Outcome, language: str) -> list[str]:
    """Why the groups add up to less than the customers: excluded and unknown customers are in no group."""
    cents, counted = charge_of(outcome.model).total, receivables_of(outcome.model).counted
    inside, outside = (float(cents[rows].sum()) / 100 for rows in (counted, ~counted))
    if not outside:
        return []
    return [label("line_cost_outside", language, outside=amount(outside, language), counted=amount(inside, language))]


def _names(frame: pd.DataFrame) -> list[str]:
    names = frame["name"] if "name" in frame else frame["customer_id"]
    return [str(name or number) for name, number in zip(names, frame["customer_id"], strict=True)]
