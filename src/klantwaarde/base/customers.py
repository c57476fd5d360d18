"""The base as one thing: every customer with its status, figures, tiers and length of relation, worked out once."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.base.activity import STATUSES, Rules, Statuses, is_covered, known_since, starts_in_sight
from klantwaarde.base.dynamics import year_movement
from klantwaarde.base.figures import Figures, figures_of
from klantwaarde.base.history import Floats, History, Mask, history_of
from klantwaarde.base.pyramid import Names, moves, tiers_of
from klantwaarde.check import Results
from klantwaarde.costs.cells import totals_by
from klantwaarde.periods import YEAR, Days
from klantwaarde.tables.register import Register, top_parents
from klantwaarde.tables.settings import Settings

if TYPE_CHECKING:
    from klantwaarde.model import Model

DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True, eq=False)
class Base:
    """The customer base at the reference date; every array has one place per customer code.

    Attributes:
        register, settings: Of the model.
        history: All sales.
        rules: What active means.
        counted: Customers that are not excluded.
        active, active_before: Who is active at the reference date, and who was a year earlier (None when not known).
        status: Over the last year; None when the lines do not reach back to the year before it.
        now, before: The figures of the last year and of the year before it.
        tiered: The tiers that were asked for, by measure and by whether they are those of a year ago.
    """

    register: Register
    settings: Settings
    history: History
    rules: Rules
    counted: Mask
    active: Mask
    active_before: Mask | None
    status: Statuses | None
    now: Figures
    before: Figures | None
    tiered: dict[tuple[str, bool], Names | None] = field(default_factory=dict, repr=False)

    @property
    def known(self) -> Mask:
        """Customers that ever bought, and are not excluded."""
        found = np.zeros(self.history.n, dtype=bool)
        found[self.history.visit_customer] = True
        return found

    @property
    def never(self) -> Mask:
        """Customers in the debtor master that never bought."""
        return np.asarray(self.counted & ~self.known)

    def statuses(self) -> Names:
        """The status in words; only active, inactive or never when there is no year before."""
        if self.status is None:
            return np.where(self.active, "active", np.where(self.known, "inactive", "never")).astype(object)
        return np.array(STATUSES, dtype=object)[self.status]

    def years(self) -> Floats:
        """Length of the relation in years up to the reference date; NaN when its start is not known."""
        since = known_since(self.history, self.rules)
        certain = starts_in_sight(self.history, self.rules) | (since < self.history.first_visit())
        return np.where(certain, (np.datetime64(self.history.at) - since).astype(float) / DAYS_A_YEAR, np.nan)

    def tiers(self, measure: str, results: Results, *, before: bool = False) -> Names | None:
        """The tier of every customer on a measure; None when that measure is not known. Worked out once."""
        if (measure, before) not in self.tiered:
            self.tiered[measure, before] = self._tiers(measure, results, before=before)
        return self.tiered[measure, before]

    def _tiers(self, measure: str, results: Results, *, before: bool) -> Names | None:
        figures, active = (self.before, self.active_before) if before else (self.now, self.active)
        cuts = self.settings.pyramid_cuts
        if measure == "clv":
            values = None if before else clv_of(self.register, results)
            return None if values is None else tiers_of(values, self.active, cuts)
        if figures is None or active is None or measure not in figures.measures:
            return None
        return tiers_of(money.euros(figures.of(measure)), active, cuts)

    def measure(self, results: Results) -> str:
        """The measure of the pyramid: as set, else net revenue when that one is not known."""
        wanted = self.settings.pyramid_measure
        return wanted if self.tiers(wanted, results) is not None else "net_revenue"


def base_of(model: "Model") -> Base:
    """The base of a model, worked out once."""
    if "base" not in model.shared:
        model.shared["base"] = _build(model)
    found: Base = model.shared["base"]
    return found


def _build(model: "Model") -> Base:
    settings, register, history = model.settings, model.register, history_of(model)
    master = register.master
    since: Days = np.full(history.n, np.datetime64("NaT", "D"))
    if "customer_since" in master:
        since = master["customer_since"].to_numpy("M8[D]")
    rules = Rules(settings.active_months, settings.reactivation_months, since)
    now, before = figures_of(model, history)
    earlier = history.active(YEAR, rules.active_months) if is_covered(history, YEAR, rules) else None
    return Base(
        register, settings, history, rules, ~register.excluded[: history.n], history.active(0, rules.active_months), earlier,
        year_movement(history, rules), now, before,
    )  # fmt: skip


def clv_of(register: Register, results: Results) -> Floats | None:
    """Lifetime value per customer code, NaN where there is none; None when it was not worked out."""
    frame = results.get("clv")
    if frame is None or frame.empty:
        return None
    values = np.full(register.n_customers, np.nan)
    values[register.codes(frame["customer_id"])] = frame["clv"].to_numpy(float)
    return values


def named(register: Register, rows: NDArray[np.intp], *attributes: str) -> dict[str, object]:
    """The columns that say who a customer is, as far as the master holds them."""
    columns: dict[str, object] = {"customer_id": register.ids.to_numpy(object)[rows]}
    for name in ("name", "segment", *attributes):
        if name in register.master and name not in columns:
            columns[name] = register.master[name].fillna("").to_numpy(object)[rows]
    return columns


def euros_of(figures: Figures, rows: NDArray[np.intp], suffix: str = "") -> dict[str, Floats]:
    """The figures of some customers in euro, as columns."""
    return {f"{name}{suffix}": money.euros(figures.of(name)[rows]) for name in figures.measures}


def customer_base(model: "Model", results: Results) -> pd.DataFrame:
    """Every customer that ever bought: the same base through several measures.

    Returns:
        customer_id, name, segment, status, first_purchase, last_purchase, years, the figures of the last year, those of the
        year before (``_before``), clv, value_for (score 0-100); for active customers the tier and, per measure, the rank (1 = highest, ties share)
        and ``rank_spread``, the largest difference between two ranks. Sorted by rank on net revenue.
    """
    base = base_of(model)
    rows = np.flatnonzero(base.known)
    columns = named(base.register, rows) | {"status": base.statuses()[rows]}
    tiers = base.tiers(base.measure(results), results)
    columns["tier"] = np.full(len(rows), "", dtype=object) if tiers is None else tiers[rows]
    columns["first_purchase"] = base.history.first_visit()[rows].astype("M8[us]")
    columns["last_purchase"] = base.history.last_visit()[rows].astype("M8[us]")
    columns["years"] = base.years()[rows]
    columns |= euros_of(base.now, rows)
    if base.before is not None:
        columns |= euros_of(base.before, rows, "_before")
    clv = clv_of(base.register, results)
    if clv is not None:
        columns["clv"] = clv[rows]
    scores = value_for(model)
    if scores is not None:
        columns["value_for"] = scores[rows]
    frame = pd.DataFrame(columns | _ranks(base, rows, clv))
    return frame.sort_values("rank_net_revenue", kind="stable", ignore_index=True)


def _ranks(base: Base, rows: NDArray[np.intp], clv: Floats | None) -> dict[str, Floats]:
    """The rank of active customers on every measure, and how far those ranks lie apart."""
    views = {name: money.euros(base.now.of(name)) for name in base.now.measures}
    if clv is not None:
        views["clv"] = clv
    active = base.active[rows]
    ranks = {
        f"rank_{name}": pd.Series(np.where(active, values[rows], np.nan))
        .rank(method="min", ascending=False)
        .to_numpy(float)
        for name, values in views.items()
    }
    apart = np.array(list(ranks.values()))
    return ranks | {"rank_spread": apart.max(axis=0) - apart.min(axis=0)}


def value_for(model: "Model") -> Floats | None:
    """What our service is worth to every customer: its mean score, weighted; NaN where nobody asked. None without scores."""
    scores = model.tables.get("value_scores")
    if scores is None:
        return None
    weight = scores["weight"].fillna(0.0).to_numpy(float) if "weight" in scores else np.ones(len(scores))
    codes, n = model.register.codes(scores["customer_id"]), model.register.n_customers
    here = codes < n
    total, whole = (
        totals_by(codes[here], part[here], n) for part in (weight * scores["score"].to_numpy(float), weight)
    )
    return np.divide(total, whole, out=np.full(n, np.nan), where=whole > 0)


def moved_customers(model: "Model", results: Results) -> pd.DataFrame:
    """Customers whose tier changed since a year ago, and their tier in the pyramid of the result.

    Returns:
        customer_id, name, segment, tier_before, tier, move (up · down · came · went), tier_result, the measure now, before
        and its change. The largest change first.
    """
    base = base_of(model)
    measure = base.measure(results)
    now, before = (base.tiers(measure, results, before=earlier) for earlier in (False, True))
    if now is None or before is None or base.before is None or measure == "clv":
        return pd.DataFrame()
    moved = moves(before, now)
    rows = np.flatnonzero(np.isin(moved, ("up", "down", "came", "went")))
    result = base.tiers("customer_result", results)
    old, new = base.before.of(measure)[rows], base.now.of(measure)[rows]
    columns = named(base.register, rows) | {"tier_before": before[rows], "tier": now[rows], "move": moved[rows]}
    if result is not None:
        columns["tier_result"] = result[rows]
    columns |= {f"{measure}_before": money.euros(old), measure: money.euros(new), "change": money.euros(new - old)}
    order = np.argsort(-np.abs(new - old), kind="stable")
    return pd.DataFrame(columns).iloc[order].reset_index(drop=True)


def in_group(register: Register) -> Mask:
    """Who has a parent, or is one."""
    codes, _ = pd.factorize(top_parents(register))
    return np.asarray((np.bincount(codes)[codes] > 1) | register.master["parent_id"].notna().to_numpy())


def parent_still_buys(base: Base, at: Mask) -> Mask:
    """For every customer: another number of the same group is active, so that business may have moved within the group."""
    if "parent_id" not in base.register.master:
        return np.zeros(base.history.n, dtype=bool)
    codes, _ = pd.factorize(top_parents(base.register))
    together = np.bincount(codes, weights=at.astype(float), minlength=int(codes.max(initial=-1)) + 1)
    return np.asarray(together[codes] - at > 0)
