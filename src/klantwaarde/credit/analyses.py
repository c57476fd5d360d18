"""The results of this room, as the model runs them: first those that stand alone, then those that look at value as well."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from klantwaarde import money
from klantwaarde.analysis import Analysis
from klantwaarde.check import Results
from klantwaarde.costs.cells import totals_by
from klantwaarde.credit.ageing import ageing, class_names
from klantwaarde.credit.behaviour import behaviour
from klantwaarde.credit.charge import payment_bridge, payment_cost, payment_cost_groups
from klantwaarde.credit.groups import dimensions, named, value_tiers
from klantwaarde.credit.items import days_after
from klantwaarde.credit.provision import expected_loss, loss_matrix
from klantwaarde.credit.receivables import TREND, receivables_of
from klantwaarde.credit.scoring import high_risk_share, risk, risk_classes, risk_scorecard, risk_value_matrix

if TYPE_CHECKING:
    from klantwaarde.model import Model


def _ageing(model: "Model", _results: Results) -> pd.DataFrame:
    """Open items per customer by days after the due date, the most overdue first; it adds up to all open items.

    Returns:
        customer_id, name, segment, one column per class (``not_due``, ``1-30`` …; invoices only), open_credit (credit notes
        and payments in advance, below zero), open_amount, overdue, overdue_share (of open invoices), days_overdue (of the
        oldest invoice).
    """
    receivables, borders = receivables_of(model), model.settings.ageing_borders
    left, customer, n = receivables.left, receivables.items.customer, receivables.n
    overdue_days = days_after(receivables.ends[0], receivables.items.due)
    classes = ageing(overdue_days, np.maximum(left, 0), borders, group=customer, n=n)
    credit = totals_by(customer, np.minimum(left, 0), n)
    oldest = np.zeros(n, dtype=np.int64)
    np.maximum.at(oldest, customer[left > 0], overdue_days[left > 0])
    rows = np.flatnonzero((classes.sum(axis=1) > 0) | (credit < 0))
    invoices, late = classes.sum(axis=1)[rows], classes[rows, 1:].sum(axis=1)
    columns = named(model.register, rows) | dict(zip(class_names(borders), money.euros(classes[rows]).T, strict=True))
    frame = pd.DataFrame(
        columns | {
            "open_credit": money.euros(credit[rows]), "open_amount": money.euros(invoices + credit[rows]),
            "overdue": money.euros(late), "overdue_share": late / np.where(invoices > 0, invoices, np.nan), "days_overdue": oldest[rows],
        }
    )  # fmt: skip
    order = np.lexsort((rows, -frame["open_amount"], -frame["overdue"]))
    return frame.iloc[order].reset_index(drop=True)


def _payment_behaviour(model: "Model", _results: Results) -> pd.DataFrame:
    """How every customer pays, the most overdue first; excluded customers stay out.

    Returns:
        customer_id, name, segment and the columns of :func:`klantwaarde.credit.behaviour.behaviour`.
    """
    receivables = receivables_of(model)
    here = np.zeros(receivables.n, dtype=bool)
    here[receivables.items.customer] = True
    rows = np.flatnonzero(here & receivables.counted)
    group = np.full(receivables.n, -1)
    group[rows] = np.arange(len(rows))
    found = behaviour(receivables, group, len(rows))
    frame = pd.concat([pd.DataFrame(named(model.register, rows)), found], axis=1)
    order = np.lexsort((rows, -frame["open_amount"], -frame["overdue"]))
    return frame.iloc[order].reset_index(drop=True)


def _payment_groups(model: "Model", results: Results) -> pd.DataFrame:
    """How kinds of customers pay: all together, by segment and by value tier; groups without items stay out.

    Returns:
        dimension, key, customers (with items) and the columns of :func:`klantwaarde.credit.behaviour.behaviour`.
    """
    receivables = receivables_of(model)
    seen = np.zeros(receivables.n, dtype=bool)
    seen[receivables.items.customer] = True
    parts = []
    for dimension, (group, names) in dimensions(receivables, value_tiers(model, receivables, results)).items():
        count = np.bincount(group[seen & (group >= 0)], minlength=len(names))
        frame = behaviour(receivables, group, len(names))
        parts.append(pd.concat([pd.DataFrame({"dimension": dimension, "key": names, "customers": count}), frame], axis=1)[count > 0])
    return pd.concat(parts, ignore_index=True)


def _payment_trend(model: "Model", _results: Results) -> pd.DataFrame:
    """Thirteen moments a month apart, the latest last: balance and DSO then, and how the month before it was paid.

    Returns:
        month_end, then the columns of :func:`klantwaarde.credit.behaviour.behaviour`, high_risk_share. Moments before
        the first item are left out.
    """
    receivables = receivables_of(model)
    everybody = np.where(receivables.counted, 0, -1)
    first = receivables.items.start.min(initial=receivables.ends[0])
    lags = [lag for lag in range(TREND - 1, -1, -1) if receivables.ends[lag] >= first]
    frame = pd.concat([behaviour(receivables, everybody, 1, lag=lag, months=1) for lag in lags], ignore_index=True)
    frame.insert(0, "month_end", receivables.ends[lags].astype("M8[us]"))
    return frame.assign(high_risk_share=[high_risk_share(receivables, lag) for lag in lags])


_LEDGER = ("receivables",)
ANALYSES: tuple[Analysis, ...] = (
    Analysis("ageing", _ageing, tables=_LEDGER),
    Analysis("loss_matrix", loss_matrix, tables=_LEDGER),
    Analysis("expected_loss", expected_loss, tables=_LEDGER),
    Analysis("payment_trend", _payment_trend, tables=_LEDGER),
    Analysis("payment_behaviour", _payment_behaviour, tables=_LEDGER),
    Analysis("payment_cost", payment_cost, tables=_LEDGER),
    Analysis("payment_bridge", payment_bridge, tables=_LEDGER, results=("payment_cost",)),
)
AFTER_VALUE: tuple[Analysis, ...] = (  # tiers rest on lifetime value where it was worked out
    Analysis("payment_groups", _payment_groups, tables=_LEDGER),
    Analysis("risk_scorecard", risk_scorecard, tables=_LEDGER),
    Analysis("risk", risk, tables=_LEDGER),
    Analysis("risk_classes", risk_classes, tables=_LEDGER, results=("risk",)),
    Analysis("risk_value_matrix", risk_value_matrix, tables=_LEDGER, results=("risk",)),
    Analysis("payment_cost_groups", payment_cost_groups, tables=_LEDGER),
)
