"""The provision matrix of a model: loss rates, and what is expected to be lost of every customer."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from klantwaarde import money
from klantwaarde.check import Results
from klantwaarde.credit.ageing import ageing, class_names
from klantwaarde.credit.groups import named
from klantwaarde.credit.items import Cents, Floats, days_after
from klantwaarde.credit.losses import LossRates, allowances, own_loss_rates
from klantwaarde.credit.receivables import Receivables, receivables_of
from klantwaarde.messages import InputError
from klantwaarde.tables.settings import shown_numbers

if TYPE_CHECKING:
    from klantwaarde.model import Model


@dataclass(frozen=True, slots=True, eq=False)
class Provision:
    """What is open in invoices and what of it is expected to be lost.

    Attributes:
        rates: Per ageing class.
        exposure: Cents per customer code (row) and class (column), credits apart.
        loss: Expected loss in cents, in the same cells; NaN where the rate is not known.
    """

    rates: LossRates
    exposure: Cents
    loss: Floats

    @property
    def by_customer(self) -> Floats:
        """Expected loss per customer code in euro; NaN where part of it is not known."""
        return np.asarray(self.loss.sum(axis=1) / 100)


def provision_of(model: "Model") -> Provision:
    """The provision of a model, worked out once."""
    if "provision" not in model.shared:
        model.shared["provision"] = _build(model, receivables_of(model))
    found: Provision = model.shared["provision"]
    return found


def _build(model: "Model", receivables: Receivables) -> Provision:
    items, borders = receivables.items, model.settings.ageing_borders
    rates = _given(model) or own_loss_rates(items, borders, receivables.ends[0], booked_losses(model, receivables))
    overdue = days_after(receivables.ends[0], items.due)
    exposure = ageing(overdue, np.maximum(receivables.left, 0), borders, group=items.customer, n=receivables.n)
    return Provision(rates, exposure, allowances(exposure, rates.rates))


def _given(model: "Model") -> LossRates | None:
    """The rates of the settings, as percentages from not due to the oldest class."""
    given, width = model.settings.loss_rates, len(model.settings.ageing_borders) + 2
    if given is None:
        return None
    if len(given) != width or max(given) > 100:
        raise InputError(
            [model.tables.fault("KW-CR-001", "settings", found=shown_numbers(given), classes=", ".join(class_names(model.settings.ageing_borders)), wanted=width)]
        )  # fmt: skip
    return LossRates(np.array(given) / 100, np.zeros(width, dtype=np.int64), np.full(width, np.nan), "setting")


def booked_losses(model: "Model", receivables: Receivables) -> int:
    """Cents of bad debt booked up to the reference date, over all years that were loaded."""
    table = model.tables.get("customer_costs")
    if table is None:
        return 0
    booked = (table["kind"] == "bad_debt").to_numpy(bool)
    if "date" in table:
        booked = booked & ~(table["date"].to_numpy("M8[D]") > receivables.ends[0])
    return int(money.cents(table["amount"].to_numpy(float)[booked]).sum())


def loss_matrix(model: "Model", _results: Results) -> pd.DataFrame:
    """Loss rates and expected loss per ageing class.

    Returns:
        ageing_class, open_invoices, customers, reached (euros that reached the class in the history), roll_rate, loss_rate,
        expected_loss, source. Open credits stand apart: nothing is lost on them.
    """
    found = provision_of(model)
    rates = found.rates
    return pd.DataFrame(
        {
            "ageing_class": class_names(model.settings.ageing_borders),
            "open_invoices": money.euros(found.exposure.sum(axis=0)), "customers": (found.exposure > 0).sum(axis=0),
            "reached": np.where(rates.source == "setting", np.nan, money.euros(rates.reached)), "roll_rate": rates.rolls,
            "loss_rate": rates.rates, "expected_loss": found.loss.sum(axis=0) / 100, "source": rates.source,
        }
    )  # fmt: skip


def expected_loss(model: "Model", _results: Results) -> pd.DataFrame:
    """Expected loss per customer with open invoices, the largest first.

    Returns:
        customer_id, name, segment, open_invoices, expected_loss (NaN = rate not known), loss_share.
    """
    found, register = provision_of(model), model.register
    total = found.exposure.sum(axis=1)
    rows = np.flatnonzero(total > 0)
    loss, open_invoices = found.by_customer[rows], money.euros(total[rows])
    frame = pd.DataFrame(
        named(register, rows) | {"open_invoices": open_invoices, "expected_loss": loss, "loss_share": loss / open_invoices}
    )
    order = np.lexsort((rows, -frame["open_invoices"], -frame["expected_loss"].fillna(0)))
    return frame.iloc[order].reset_index(drop=True)
