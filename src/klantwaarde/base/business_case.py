"""Did customers bring what their business case promised? Gross margin promised and realised per year since the start.

The promise is frozen: the yearly gross margin in the business case when the customer was won. A year runs from the day of
the start to the day before the same day a year later; only whole years that the invoice lines cover are compared.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.base.activity import starts_in_sight
from klantwaarde.base.customers import Base, base_of, named
from klantwaarde.base.history import Cents, Day, Sales, sales_of
from klantwaarde.check import Results
from klantwaarde.costs.cells import totals_by
from klantwaarde.periods import YEAR, Days, months_earlier
from klantwaarde.profit.statement import ratio
from klantwaarde.tables.register import Codes

if TYPE_CHECKING:
    from klantwaarde.model import Model

QUIET_DAYS = 6  # a year may begin so many days before the first line of all: after New Year nobody invoices at once
NEARLY = 80  # percent of the promise
MET, NEAR, MISSED, FADED = "case_met", "case_nearly", "case_missed", "case_faded"
TOO_SHORT, NO_START, NO_COST = "case_too_short", "case_no_start", "case_no_cost"


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Customers with a business case: code, first day (NaT = not known) and the cents promised for every year."""

    customer: Codes
    start: Days
    promised: Cents


@dataclass(frozen=True, slots=True, eq=False)
class CaseYears:
    """Whole years of customers with a case, sorted by case and year.

    Attributes:
        case: Place in the cases.
        year: Since the start; the first one is 1.
        begins, ends: First and last day.
        promised, realised: Cents.
    """

    case: Codes
    year: NDArray[np.int64]
    begins: Days
    ends: Days
    promised: Cents
    realised: Cents

    @property
    def cumulative_gap(self) -> Cents:
        """Realised less promised, added up over the years of every customer."""
        running = np.cumsum(self.realised - self.promised)
        before = np.append(0, running)[np.searchsorted(self.case, self.case)]
        return np.asarray(running - before)


def case_years(cases: Cases, sales: Sales, covered: Day, at: Day) -> CaseYears:
    """Promised and realised gross margin of every whole year of every case.

    Args:
        cases: Customers with a case, each once.
        sales: Invoice lines of all years, in any order; credit notes count in the year of their date.
        covered: The first day that the lines cover.
        at: The last one.
    """
    case, year, begins, ends = _whole_years(cases.start, covered, at)
    place = np.full(int(max(sales.customer.max(initial=-1), cases.customer.max(initial=-1))) + 1, -1, dtype=np.intp)
    place[cases.customer] = np.arange(len(cases.customer))
    here = (place[sales.customer] >= 0) & (sales.day >= covered) & (sales.day <= at)
    owner, day = place[sales.customer[here]], (sales.day[here] - covered).astype(np.int64)
    span = int((at - covered).astype(np.int64)) + 1
    found = np.searchsorted(case * span + (begins - covered).astype(np.int64), owner * span + day, side="right") - 1
    inside = np.zeros(len(owner), dtype=bool)
    if len(case):
        inside = (found >= 0) & (case[found] == owner) & (day <= (ends[found] - covered).astype(np.int64))
    realised = totals_by(found[inside], (sales.net - sales.cost)[here][inside], len(case))
    return CaseYears(case, year, begins, ends, cases.promised[case], realised)


def _whole_years(start: Days, covered: Day, at: Day) -> tuple[Codes, NDArray[np.int64], Days, Days]:
    """Case, number, first and last day of every year that lies within the lines."""
    parts: list[tuple[Codes, NDArray[np.int64], Days, Days]] = []
    known = start[~np.isnat(start)]
    most = int((at.astype("M8[Y]") - known.min().astype("M8[Y]")).astype(int)) + 1 if len(known) else 0
    following = start
    for year in range(1, most + 1):
        begins, following = following, months_earlier(start, -year * YEAR)
        rows = np.flatnonzero((begins >= covered) & (following <= at + 1))
        parts.append((rows, np.full(len(rows), year), begins[rows], following[rows] - 1))
    if not parts:
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.int64), start[:0], start[:0]
    case, number, first, last = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(case, kind="stable")
    return case[order], number[order], first[order], last[order]


def verdicts(promised: Cents, realised: Cents, latest: Cents, each: Cents) -> NDArray[np.object_]:
    """The printed rule.

    Args:
        promised: Cents over all years together.
        realised: The same.
        latest: Realised in the latest year.
        each: Promised for every year.

    Returns:
        Met = at least what was promised, and faded when the latest year alone brought less than 80 % of its promise;
        nearly = at least 80 % of what was promised; else missed.
    """
    met, faded = realised >= promised, 100 * latest < NEARLY * each
    nearly = 100 * realised >= NEARLY * promised
    return np.select([met & faded, met, nearly], [FADED, MET, NEAR], MISSED).astype(object)


def _cases_of(model: "Model") -> tuple[Cases, CaseYears]:
    """The cases of a model and their years, worked out once."""
    if "business_case" not in model.shared:
        base = base_of(model)
        cases, sales = _cases(base), sales_of(model)
        covered = np.fmin.reduce(sales.day, initial=np.datetime64(base.history.at)) - QUIET_DAYS
        years = case_years(cases, sales, covered, np.datetime64(base.history.at))
        model.shared["business_case"] = (cases, years)
    found: tuple[Cases, CaseYears] = model.shared["business_case"]
    return found


def _cases(base: Base) -> Cases:
    """A customer starts on its day in the debtor master, or with its first purchase where that is earlier or no day is given."""
    promised = base.register.master["case_margin"].to_numpy(float)
    rows = np.flatnonzero(~np.isnan(promised) & base.counted)
    first = base.history.first_visit()
    seen = starts_in_sight(base.history, base.rules) | ~np.isnat(base.rules.since)
    start = np.where(seen, np.fmin(first, base.rules.since), np.datetime64("NaT", "D"))
    return Cases(rows, start[rows], money.cents(promised[rows]))


def _has_cases(model: "Model") -> bool:
    master = model.register.master
    return "case_margin" in master and bool(master["case_margin"].notna().any())


def business_case(model: "Model", _results: Results) -> pd.DataFrame:
    """Every customer with a business case, the largest shortfall first; what cannot be compared yet stands last.

    Returns:
        customer_id, name, segment, case_start, case_margin (promised a year), case_years (whole years), promised, realised
        and gap over those years, realised_each (a year), case_share (realised / promised), latest_year (realised in it),
        verdict (:func:`verdicts`, or why there is none: case_too_short · case_no_start · case_no_cost).
    """
    if not _has_cases(model):
        return pd.DataFrame()
    cases, years = _cases_of(model)
    n = len(cases.customer)
    count = np.bincount(years.case, minlength=n)
    promised, realised = (totals_by(years.case, part, n) for part in (years.promised, years.realised))
    latest = np.zeros(n, dtype=np.int64)
    latest[years.case] = years.realised  # sorted: the latest year stays
    known = (count > 0) & model.books.lines.cost_known
    unknown = np.select([np.isnat(cases.start), count == 0], [NO_START, TOO_SHORT], NO_COST).astype(object)
    each = money.round_half_up(np.divide(realised / 100, count, out=np.zeros(n), where=count > 0))
    figures = {
        "promised": money.euros(promised), "realised": money.euros(realised), "gap": money.euros(realised - promised),
        "realised_each": each, "case_share": ratio(realised, promised), "latest_year": money.euros(latest),
    }  # fmt: skip
    columns = named(model.register, cases.customer) | {"case_start": cases.start.astype("M8[us]")}
    columns |= {"case_margin": money.euros(cases.promised), "case_years": count}
    columns |= {name: np.where(known, part, np.nan) for name, part in figures.items()}
    columns["verdict"] = np.where(known, verdicts(promised, realised, latest, cases.promised), unknown)
    return pd.DataFrame(columns).sort_values("gap", kind="stable", ignore_index=True)


def business_case_years(model: "Model", _results: Results) -> pd.DataFrame:
    """All customers with a case together, per year since their start.

    Returns:
        year, customers, promised, realised, gap, cumulative (gap up to and including this year), case_share.
    """
    if not _has_cases(model) or not model.books.lines.cost_known:
        return pd.DataFrame()
    years = _cases_of(model)[1]
    number, place = np.unique(years.year, return_inverse=True)
    promised, realised = (totals_by(place, part, len(number)) for part in (years.promised, years.realised))
    gap = realised - promised
    return pd.DataFrame(
        {
            "year": number, "customers": np.bincount(place, minlength=len(number)), "promised": money.euros(promised),
            "realised": money.euros(realised), "gap": money.euros(gap), "cumulative": money.euros(np.cumsum(gap)),
            "case_share": ratio(realised, promised),
        }
    )  # fmt: skip
