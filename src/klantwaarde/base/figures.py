"""What customers brought in over a year, and over the year before: the account where it covers that year, else the lines."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from klantwaarde.base.history import Cents, History
from klantwaarde.periods import YEAR

if TYPE_CHECKING:
    from klantwaarde.books import Books
    from klantwaarde.model import Model


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """Cents per customer over one year; ``result`` None where no account covers exactly that year."""

    net_revenue: Cents
    gross_margin: Cents
    result: Cents | None

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that are known."""
        return ("net_revenue", "gross_margin", *(("customer_result",) if self.result is not None else ()))

    def of(self, measure: str) -> Cents:
        """One measure by its name."""
        found = self.result if measure == "customer_result" else getattr(self, measure)
        assert found is not None
        return found


def figures_of(model: "Model", history: History) -> tuple[Figures, Figures | None]:
    """The year up to the reference date and the year before it; None when the lines do not reach that far back."""
    now = _year(model, model.books, history, 0)
    if history.months < 2 * YEAR:
        return now, None
    before = _year(model, model.before, history, YEAR)
    comparable = model.before is None or (model.before.allocation is None) == (model.books.allocation is None)
    if now.result is None or not comparable:
        before = Figures(before.net_revenue, before.gross_margin, None)
    return now, before


def _year(model: "Model", books: "Books | None", history: History, lag: int) -> Figures:
    counted = ~model.register.excluded[: history.n]
    if books is not None and _covers(books, history, lag):
        statement = books.statement
        parts = (statement.net_revenue, statement.gross_margin, statement.result)
        return Figures(*(np.where(counted, part[: history.n], 0) for part in parts))
    net = history.total(history.net, lag)
    return Figures(net, net - history.total(history.cost, lag), None)


def _covers(books: "Books", history: History, lag: int) -> bool:
    """The account is about exactly that year."""
    if books.period is None:
        return (
            lag == 0 and history.months <= YEAR and bool(books.lines.frame["invoice_date"].max().date() <= history.at)
        )
    first = history.day(lag + YEAR) + np.timedelta64(1, "D")
    return bool(books.period.start == first.item() and books.period.end == history.day(lag).item())
