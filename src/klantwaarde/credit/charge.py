"""The cost of credit per customer, and the result before and after payment behaviour.

Part of that cost is in the account already: reminders and credit watch in the cost to serve, bad debt in the direct cost,
payment discounts in the discounts. So the result before payment behaviour is the customer result with those added back,
and the result after it has all of the cost taken off: interest and losses that are not booked as well. A loss counts once:
what is booked, or what is expected when that is more.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from klantwaarde import money
from klantwaarde.check import Results
from klantwaarde.costs.cells import totals_by
from klantwaarde.costs.scope import in_period
from klantwaarde.credit.cost import Financing, credit_handlings, financing, is_payment_discount
from klantwaarde.credit.groups import dimensions, named, value_tiers
from klantwaarde.credit.items import Cents, Floats, Mask
from klantwaarde.credit.provision import provision_of
from klantwaarde.credit.receivables import Receivables, receivables_of

if TYPE_CHECKING:
    from klantwaarde.model import Model

PARTS = ("financing_within_terms", "financing_beyond_terms", "credit_handlings", "payment_discount", "credit_loss")
BOOKED = ("credit_handlings", "payment_discount", "booked_loss")  # in the account already


@dataclass(frozen=True, slots=True, eq=False)
class Charge:
    """Cents per customer code.

    Attributes:
        financed: Interest and the average balance.
        credit_handlings: Reminders, collection and credit watch, from the costing.
        payment_discount: Discounts for paying early.
        booked_loss: Bad debt in the account.
        expected_loss: Expected on open invoices, in euro; NaN where not known.
    """

    financed: Financing
    credit_handlings: Cents
    payment_discount: Cents
    booked_loss: Cents
    expected_loss: Floats

    @property
    def credit_loss(self) -> Cents:
        """What is booked, or what is expected when that is more."""
        return money.cents(np.fmax(money.euros(self.booked_loss), self.expected_loss))

    def of(self, part: str) -> Cents:
        """One part of the cost by its name."""
        if part.startswith("financing_"):
            found: Cents = getattr(self.financed, part.removeprefix("financing_"))
            return found
        return np.asarray(getattr(self, part))

    @property
    def total(self) -> Cents:
        """All parts together."""
        return np.sum([self.of(part) for part in PARTS], axis=0, dtype=np.int64)

    @property
    def in_account(self) -> Cents:
        """What of it the customer result holds already."""
        return np.sum([self.of(part) for part in BOOKED], axis=0, dtype=np.int64)


def charge_of(model: "Model") -> Charge:
    """The cost of credit of a model, worked out once."""
    if "charge" not in model.shared:
        model.shared["charge"] = _build(model, receivables_of(model))
    found: Charge = model.shared["charge"]
    return found


def _build(model: "Model", receivables: Receivables) -> Charge:
    settings, statement, n = model.settings, model.books.statement, model.register.n
    handled = statement.handlings[:, watched(model)].sum(axis=1)
    return Charge(
        financing(receivables.items, receivables.period, rate=settings.credit_rate, day_basis=settings.day_basis, n=n),
        np.asarray(handled, dtype=np.int64), _payment_discounts(model),
        statement.direct.get("bad_debt", np.zeros(n, dtype=np.int64)), provision_of(model).by_customer,
    )  # fmt: skip


def watched(model: "Model") -> Mask:
    """Which handlings are about getting paid, by their id and name."""
    allocation = model.books.allocation
    if allocation is None:
        return np.zeros(0, dtype=bool)
    activities = allocation.activities
    return credit_handlings(f"{code} {name}" for code, name in zip(activities.ids, activities.names, strict=True))


def _payment_discounts(model: "Model") -> Cents:
    """Customer costs on ledger accounts that hold payment discounts."""
    costs, ledger, n = model.tables.get("customer_costs"), model.tables.get("ledger"), model.register.n
    if costs is None or ledger is None or "account" not in costs:
        return np.zeros(n, dtype=np.int64)
    blank = pd.Series("", index=ledger.index)
    codes, names = (ledger[name].fillna("") if name in ledger else blank for name in ("reference_code", "description"))
    accounts = {a for a, code, name in zip(ledger["account"], codes, names, strict=True) if is_payment_discount(code, name)}
    scope = model.books.scope
    here = in_period("customer_costs", costs, scope.period) & costs["account"].isin(accounts).to_numpy(bool)
    return totals_by(scope.customers["customer_costs"][here], money.cents(costs["amount"].to_numpy(float)[here]), n)


def payment_cost(model: "Model", _results: Results) -> pd.DataFrame:
    """Cost of credit per customer, the largest first.

    Returns:
        customer_id, name, segment, average_receivable, financing_within_terms, financing_beyond_terms, financing_cost,
        credit_handlings, payment_discount, booked_loss, expected_loss, credit_loss, payment_cost, net_revenue, cost_share,
        customer_result, result_before_payment, result_after_payment.
    """
    charge, statement = charge_of(model), model.books.statement
    rows = np.flatnonzero(statement.touched | (charge.financed.average != 0) | (charge.total != 0))
    frame = pd.DataFrame(named(model.register, rows) | _columns(model, charge, rows))
    return frame.sort_values(["payment_cost", "customer_id"], ascending=[False, True], kind="stable", ignore_index=True)


def _columns(model: "Model", charge: Charge, rows: np.ndarray) -> dict[str, Floats]:
    statement, financed = model.books.statement, charge.financed
    before = statement.result + charge.in_account
    cents = {
        "average_receivable": financed.average, "financing_within_terms": financed.within_terms,
        "financing_beyond_terms": financed.beyond_terms, "financing_cost": financed.within_terms + financed.beyond_terms,
        "credit_handlings": charge.credit_handlings, "payment_discount": charge.payment_discount,
        "booked_loss": charge.booked_loss,
    }  # fmt: skip
    columns = {name: money.euros(part[rows]) for name, part in cents.items()}
    columns["expected_loss"] = charge.expected_loss[rows]
    revenue, total = statement.net_revenue[rows], charge.total[rows]
    return columns | {
        "credit_loss": money.euros(charge.credit_loss[rows]), "payment_cost": money.euros(total),
        "net_revenue": money.euros(revenue), "cost_share": total / np.where(revenue > 0, revenue, np.nan),
        "customer_result": money.euros(statement.result[rows]), "result_before_payment": money.euros(before[rows]),
        "result_after_payment": money.euros((before - charge.total)[rows]),
    }  # fmt: skip


def payment_cost_groups(model: "Model", results: Results) -> pd.DataFrame:
    """Cost of credit per kind of customer: segment and tier.

    Returns:
        dimension, key, customers, net_revenue, average_receivable, the parts of the cost, payment_cost, cost_share,
        result_before_payment, result_after_payment. Excluded customers stand outside the groups.
    """
    receivables, charge, statement = receivables_of(model), charge_of(model), model.books.statement
    before = statement.result + charge.in_account
    amounts = {"net_revenue": statement.net_revenue, "average_receivable": charge.financed.average}
    amounts |= {part: charge.of(part) for part in PARTS}
    amounts |= {"payment_cost": charge.total, "result_before_payment": before, "result_after_payment": before - charge.total}
    seen = statement.touched | (charge.total != 0)
    parts = []
    for dimension, (group, names) in dimensions(receivables, value_tiers(model, receivables, results)).items():
        here = group >= 0
        rows = {name: money.euros(totals_by(group[here], cents[here], len(names))) for name, cents in amounts.items()}
        count = np.bincount(group[here & seen], minlength=len(names))
        parts.append(pd.DataFrame({"dimension": dimension, "key": names, "customers": count, **rows}))
    frame = pd.concat(parts, ignore_index=True)
    frame.insert(frame.columns.get_loc("payment_cost") + 1, "cost_share", frame["payment_cost"] / frame["net_revenue"].where(frame["net_revenue"] > 0))
    return frame[(frame["customers"] > 0) | (frame["payment_cost"] != 0)].reset_index(drop=True)


def payment_bridge(_model: "Model", results: Results) -> pd.DataFrame:
    """From the customer result to the result before and after payment behaviour, and by the counter lines back again.

    Returns:
        step, amount, level (after the step). The last level is the first: interest and losses that no ledger holds are
        taken back.
    """
    total = results["payment_cost"].sum(numeric_only=True)
    loss = total["credit_loss"] - total["booked_loss"]
    steps = [
        ("customer_result", total["customer_result"]), *((f"{part}_back", total[part]) for part in BOOKED),
        ("result_before_payment", total["result_before_payment"]), *((part, -total[part]) for part in PARTS),
        ("result_after_payment", total["result_after_payment"]),
        ("calculated_interest", total["financing_cost"]), ("loss_not_booked", loss), ("customer_result_again", total["customer_result"]),
    ]  # fmt: skip
    frame = pd.DataFrame(steps, columns=["step", "amount"])
    frame["amount"] = money.round_half_up(frame["amount"].to_numpy(float))
    fixed = frame["step"].isin(LEVELS).to_numpy()
    running = np.where(fixed, 0.0, frame["amount"]).cumsum()
    frame["level"] = money.round_half_up(frame["amount"].iloc[0] + running)
    return frame


LEVELS = ("customer_result", "result_before_payment", "result_after_payment", "customer_result_again")
