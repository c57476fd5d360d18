"""What the run found, in a few sentences: the same on the dashboard and on the command line."""

import numpy as np
import pandas as pd

from klantwaarde.messages import figure, label
from klantwaarde.model import Outcome
from klantwaarde.report.words import amount, percent


def findings(outcome: Outcome, language: str) -> list[str]:
    """Up to eight sentences, most important first. Sentences that the input does not support are left out."""
    makers = (_result, _losses, _worst, _flow, _equity, _credit, _capacity, _tie)
    return [line for line in (make(outcome, language) for make in makers) if line]


def _result(outcome: Outcome, language: str) -> str:
    frame = outcome.results["customer_pl"]
    revenue, result = float(frame["net_revenue"].sum()), float(frame["customer_result"].sum())
    share, n = percent(result / revenue, language, 1) if revenue else "", active_customers(outcome)
    key = ("finding_result_one" if n == 1 else "finding_result") if revenue else "finding_no_revenue"
    return label(key, language, revenue=amount(revenue, language), result=amount(result, language), share=share, n=n)


def active_customers(outcome: Outcome) -> int:
    """Customers with any figure in the period; lines of unknown customers or without a customer are nobody's."""
    return int(outcome.model.books.statement.touched[:-2].sum())


def loss_makers(outcome: Outcome) -> pd.DataFrame:
    """Ranked customers with a negative result; excluded customers do not count."""
    curve = outcome.results["whale_curve"]
    return curve[curve["customer_result"] < 0]


def idle_cost(outcome: Outcome) -> float:
    """Cost of capacity that stood idle, in euros; a pool over capacity does not make up for another that is idle."""
    return float(outcome.results["capacity"]["unused_cost"].clip(lower=0).sum())


def days_late(outcome: Outcome) -> float:
    """How late customers paid over the last twelve months, as payment behaviour says it; NaN when not known."""
    groups = outcome.results.get("payment_groups")
    total = groups[groups["dimension"] == "total"] if groups is not None and len(groups) else None
    return float(total["days_late"].iloc[0]) if total is not None and len(total) else float("nan")


def _losses(outcome: Outcome, language: str) -> str:
    curve, losing = outcome.results["whale_curve"], loss_makers(outcome)
    if losing.empty:
        return label("finding_no_losses_only" if len(curve) == 1 else "finding_no_losses", language, n=len(curve))
    key = "finding_losses_only" if len(curve) == 1 else "finding_losses_one" if len(losing) == 1 else "finding_losses"
    return label(
        key, language, n=len(losing), all=len(curve), share=percent(len(losing) / len(curve), language),
        loss=amount(-float(losing["customer_result"].sum()), language),
    )  # fmt: skip


def _worst(outcome: Outcome, language: str) -> str:
    frame = outcome.results["customer_pl"]
    ranked = frame[~frame["excluded"]]
    if ranked.empty or "cost_to_serve" not in frame:
        return ""
    worst = ranked.loc[ranked["customer_result"].idxmin()]
    if worst["customer_result"] >= 0:
        return ""
    rank = int((ranked["net_revenue"] > worst["net_revenue"]).sum()) + 1
    return label(
        "finding_worst", language, name=worst.get("name") or worst["customer_id"], rank=rank, margin=amount(float(worst["gross_margin"]), language),
        serve=amount(float(worst["cost_to_serve"]), language), result=amount(float(worst["customer_result"]), language),
    )  # fmt: skip


def _flow(outcome: Outcome, language: str) -> str:
    """Who came and who left, and the yearly margin on either side."""
    came, left = outcome.results.get("new_customers"), outcome.results.get("lost_customers")
    if came is None or left is None or not len(came) + len(left):
        return ""
    margins = {"gained": float(came["gross_margin"].sum()), "lost": float(left["gross_margin_before"].sum())}
    return label("finding_flow", language, came=len(came), left=len(left), **{name: amount(value, language) for name, value in margins.items()})


def _equity(outcome: Outcome, language: str) -> str:
    """What the base is worth, and how many customers cost more than they bring."""
    frame = outcome.results.get("clv")
    if frame is None or not frame["clv"].notna().any():
        return ""
    negative = int((frame["clv"] < 0).sum())
    return label("finding_equity", language, total=amount(float(frame["clv"].sum()), language), n=negative)


def _credit(outcome: Outcome, language: str) -> str:
    """What is overdue now, and how late customers pay."""
    late = days_late(outcome)
    if np.isnan(late):
        return ""
    not_due, overdue = (float(outcome.results["ageing"][name].sum()) for name in ("not_due", "overdue"))  # as the ageing says it
    return label(
        "finding_credit", language, overdue=amount(overdue, language), share=percent(overdue / max(not_due + overdue, 0.01), language),
        late=figure(late, language, decimals=1),
    )  # fmt: skip


def _capacity(outcome: Outcome, language: str) -> str:
    frame = outcome.results.get("capacity")
    if frame is None or frame.empty:
        return ""
    unused = idle_cost(outcome)
    over = frame.loc[frame["flag"] == "over_capacity", "name"].astype(str)
    key = "finding_capacity_over" if len(over) else "finding_capacity"
    return label(key, language, unused=amount(unused, language), pool=frame.loc[frame["unused_cost"].idxmax(), "name"], over=", ".join(over))


def _tie(outcome: Outcome, language: str) -> str:
    total = outcome.results.get("ledger_reconciliation")
    if total is None:
        return label("finding_no_ledger", language)
    last = total.iloc[-1]
    key = "finding_ties" if abs(last["difference"]) < 0.005 else "finding_differs"
    difference = figure(float(last["difference"]), language)
    return label(key, language, result=amount(float(last["ledger"]), language), difference=difference)
