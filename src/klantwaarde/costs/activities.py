"""How much of each pool every customer used: quantities, minutes, time equations, practical capacity."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.costs.capacity import capacity_rate, unused_capacity
from klantwaarde.costs.cells import totals_by
from klantwaarde.costs.equations import EquationError, parse
from klantwaarde.costs.pools import Pools
from klantwaarde.costs.scope import Scope, blocked, codes_of, in_period, straddling
from klantwaarde.messages import Fault, Severity, percentage
from klantwaarde.tables.catalogue import ACTIVITY_VOLUMES
from klantwaarde.tables.register import Codes
from klantwaarde.tables.typed import Tables

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
WAYS = ("minutes", "time_equation", "share")  # how an activity takes from its pool: exactly one of these
MOST_LISTED = 200
FULL = 1 + 1e-9  # shares of 100 % and loads at capacity may exceed it by float noise


@dataclass(frozen=True, slots=True, eq=False)
class Activities:
    """Use of every activity by every customer; activities in order of their id.

    Attributes:
        ids, names, options: One per activity; options "" where no service option is named.
        in_table_order: Activity codes in the order of the table; results are shown so.
        pool: Pool code per activity.
        timed: True where the activity runs on minutes, False for a classic share of the pool.
        quantity: Times done, shape (customers, activities).
        load: Minutes, or for a classic share the fraction of the pool, shape (customers, activities).
        use: What the loads take from the pools.
    """

    ids: NDArray[np.object_]
    names: NDArray[np.object_]
    options: NDArray[np.object_]
    in_table_order: Codes
    pool: Codes
    timed: Mask
    quantity: Floats
    load: Floats
    use: "PoolUse"

    def of_pool(self, pool: int) -> Codes:
        """The activities that a pool performs."""
        return np.flatnonzero(self.pool == pool)


@dataclass(frozen=True, slots=True, eq=False)
class PoolUse:
    """Per pool, in minutes, or in fractions of the pool for classic shares.

    Attributes:
        capacity: What the rate stands on; NaN for pools that do not serve customers.
        known: False where the pool has no practical capacity and its use stands in for it.
        used: Sum of the loads.
        classic: True where all activities of the pool take a share.
    """

    capacity: Floats
    known: Mask
    used: Floats
    classic: Mask


def measure_activities(scope: Scope, pools: Pools) -> tuple[Activities | None, list[Fault]]:
    """Read activities and volumes into arrays and check every driver."""
    tables = scope.tables
    frame = tables["activities"].sort_values("activity_id")
    pool = pd.Index(pools.ids).get_indexer(frame["pool_id"])
    activity = codes_of(tables["activity_volumes"]["activity_id"], pd.Index(frame["activity_id"]).get_indexer)
    faults = [*_declared_wrongly(tables, frame, pool, pools), *_volumes_wrong(scope, activity)]
    if blocked(faults):
        return None, faults
    rows = _volume_rows(scope, activity)
    quantity = _times(scope, rows, len(frame))
    load, more = _loads(scope, frame, rows, quantity)
    faults += more
    if blocked(faults):
        return None, faults
    timed = frame["share"].isna().to_numpy() if "share" in frame else np.ones(len(frame), dtype=bool)
    use, more = _use_of_pools(tables, pools, pool, timed, load)
    faults += [*_silent_drivers(scope, frame, quantity), *more]
    ids = frame["activity_id"].to_numpy(object)
    names = _texts(frame, "name", ids)
    options = _texts(frame, "service_option", np.full(len(frame), "", dtype=object))
    return Activities(ids, names, options, np.argsort(frame.index), pool, timed, quantity, load, use), faults


def _texts(frame: pd.DataFrame, column: str, otherwise: NDArray[np.object_]) -> NDArray[np.object_]:
    if column not in frame:
        return otherwise
    return np.where(frame[column].isna(), otherwise, frame[column].to_numpy(object))


def _declared_wrongly(tables: Tables, frame: pd.DataFrame, pool: Codes, pools: Pools) -> list[Fault]:
    """Unknown pools, pools that serve no customers, and activities without exactly one way to take from the pool."""
    ways = sum((frame[way].notna().to_numpy(int) for way in WAYS if way in frame), np.zeros(len(frame), dtype=int))
    faults = []
    columns = (frame["activity_id"], frame["pool_id"])
    for row, activity, pool_id, code, count in zip(frame.index, *columns, pool, ways, strict=True):
        if code < 0:
            faults.append(tables.fault("KW-CA-001", "activities", row, "pool_id", pool_id))
        elif not pools.operating[code]:
            faults.append(tables.fault("KW-CA-003", "activities", row, "pool_id", pool_id))
        if count != 1:
            faults.append(tables.fault("KW-CA-004", "activities", row, "minutes", activity, ways=int(count)))
    return faults


def _volumes_wrong(scope: Scope, activity: Codes) -> list[Fault]:
    """Volumes of activities that do not exist, and periods half inside."""
    table = "activity_volumes"
    unknown = scope.tables[table]["activity_id"][activity < 0].drop_duplicates()[:MOST_LISTED]
    missing = [scope.tables.fault("KW-CA-002", table, row, "activity_id", name) for row, name in unknown.items()]
    return [*straddling(scope, table, "KW-CA-008"), *missing]


@dataclass(frozen=True, slots=True, eq=False)
class _VolumeRows:
    """The volume rows of the period: customer and activity code, how often, and the rows themselves."""

    customer: Codes
    activity: Codes
    times: Floats
    frame: pd.DataFrame


def _volume_rows(scope: Scope, activity: Codes) -> _VolumeRows:
    volumes, customer = scope.tables["activity_volumes"], scope.customers["activity_volumes"]
    inside = in_period("activity_volumes", volumes, scope.period)
    if not inside.all():
        volumes, activity, customer = volumes[inside], activity[inside], customer[inside]
    return _VolumeRows(customer, activity, volumes["quantity"].to_numpy(float), volumes)


def _times(scope: Scope, rows: _VolumeRows, n: int) -> Floats:
    cell = rows.customer * n + rows.activity
    return totals_by(cell, rows.times, scope.register.n * n).reshape(scope.register.n, n)


def _loads(scope: Scope, frame: pd.DataFrame, rows: _VolumeRows, quantity: Floats) -> tuple[Floats, list[Fault]]:
    """Minutes per customer and activity; for a classic share the fraction of the pool."""
    minutes, share = (_numbers(frame, name) for name in ("minutes", "share"))
    load = quantity * np.where(np.isnan(minutes), 0.0, minutes)
    faults: list[Fault] = []
    if "time_equation" in frame:
        for code in np.flatnonzero(frame["time_equation"].notna()):
            here = np.flatnonzero((rows.activity == code) & (rows.times > 0))
            each, more = _equation_minutes(scope.tables, frame.iloc[[code]], rows.frame.iloc[here])
            load[:, code] = totals_by(rows.customer[here], rows.times[here] * each, scope.register.n)
            faults += more
    total = quantity.sum(axis=0)
    for code in np.flatnonzero(~np.isnan(share) & (total > 0)):
        load[:, code] = quantity[:, code] * (share[code] / total[code])
    return load, faults


def _numbers(frame: pd.DataFrame, column: str) -> Floats:
    return frame[column].to_numpy(float) if column in frame else np.full(len(frame), np.nan)


def _equation_minutes(tables: Tables, activity: pd.DataFrame, volumes: pd.DataFrame) -> tuple[Floats, list[Fault]]:
    """Minutes each time, per volume row of one activity."""
    text = str(activity["time_equation"].iloc[0])
    nothing = np.zeros(len(volumes))
    try:
        equation = parse(text)
        own = [name for name in volumes.columns if name not in ACTIVITY_VOLUMES.by_id]
        found = equation.minutes({name: volumes[name].to_numpy(float) for name in own})
    except EquationError as error:
        if error.rows:
            return nothing, [_row_fault(tables, fault, volumes.index[error.rows[0]]) for fault in error.faults]
        reason = " ".join(fault.speaking(tables.settings.language).what for fault in error.faults)
        place = tables.fault("KW-CA-005", "activities", activity.index[0], "time_equation", text, reason=reason)
        return nothing, [place]
    return np.broadcast_to(found, nothing.shape), []


def _row_fault(tables: Tables, fault: Fault, row: int) -> Fault:
    """What a time equation says about its n-th row, at the cell of that row."""
    name = str(fault.found) if fault.code == "KW-CO-032" else "quantity"
    place = tables.fault(fault.code, "activity_volumes", row, name)
    return replace(place, found=fault.found, values={**fault.values, "row": row})


def _silent_drivers(scope: Scope, frame: pd.DataFrame, quantity: Floats) -> list[Fault]:
    """Activities without any volume now; worse when there was volume in another period, or when a share lies idle."""
    volumes = scope.tables["activity_volumes"]
    outside = ~in_period("activity_volumes", volumes, scope.period)
    before = set(volumes.loc[outside, "activity_id"].unique())
    share = _numbers(frame, "share")
    faults = []
    for code in np.flatnonzero(quantity.sum(axis=0) <= 0):
        name = frame["activity_id"].iloc[code]
        idle = "KW-CA-007" if np.isnan(share[code]) else "KW-CA-006"
        message = "KW-CA-009" if name in before else idle
        place = ("activities", frame.index[code], "activity_id", name)
        faults.append(scope.tables.fault(message, *place, severity="warn"))
    return faults


def _use_of_pools(tables: Tables, pools: Pools, pool: Codes, timed: Mask, load: Floats) -> tuple[PoolUse, list[Fault]]:
    """Capacity in minutes per operating pool, whether it was given, and its use."""
    frame = tables["cost_pools"].sort_values("pool_id")
    used = totals_by(pool, load.sum(axis=0), pools.n)
    counts = [np.bincount(pool[chosen], minlength=pools.n) for chosen in (timed, ~timed)]
    classic = (counts[1] > 0) & (counts[0] == 0)
    given = np.where(classic, 1.0, _capacity_minutes(frame))
    known = ~np.isnan(given)
    capacity = np.where(pools.operating, np.where(known, given, used), np.nan)
    use = PoolUse(capacity, known, used, classic)
    faults = [
        fault
        for code in np.flatnonzero(pools.operating)
        for fault in _pool_faults(tables, frame.index[code], pools, use, int(code))
    ]
    mixed = [tables.fault("KW-CA-010", "cost_pools", frame.index[code], "pool_id", pools.ids[code])
             for code in np.flatnonzero((counts[0] > 0) & (counts[1] > 0))]  # fmt: skip
    return use, [*mixed, *faults]


def _capacity_minutes(frame: pd.DataFrame) -> Floats:
    minutes = _numbers(frame, "capacity").copy()
    if "capacity_unit" in frame:
        hours = (frame["capacity_unit"] == "h").to_numpy(bool)
        minutes[hours] = money.round_half_up(minutes[hours] * 60, 6)
    return minutes


def _pool_faults(tables: Tables, row: object, pools: Pools, use: PoolUse, code: int) -> list[Fault]:
    """What is odd about the capacity and the use of one operating pool."""
    name, cents = str(pools.ids[code]), int(pools.cents[code])
    capacity, used = float(use.capacity[code]), float(use.used[code])
    place = ("cost_pools", row)
    if not used > 0:
        return _idle(tables, row, name, cents)
    if not use.known[code]:
        return [tables.fault("KW-CA-012", *place, "capacity", name, severity="warn")]
    if not capacity > 0:
        return [tables.fault("KW-CA-013", *place, "capacity", name)]
    if used <= capacity * FULL:
        return []
    if use.classic[code]:
        return [tables.fault("KW-CA-014", *place, "pool_id", name, share=percentage(float(used), tables.settings.language))]
    over = unused_capacity(capacity, used, capacity_rate(cents / 100, capacity))
    minutes, cost = round(float(-over.quantity)), float(-over.cost)
    return [tables.fault("KW-CA-011", *place, "capacity", name, severity="warn", minutes=minutes, cost=cost)]


def _idle(tables: Tables, row: object, name: str, cents: int) -> list[Fault]:
    """A pool with cost that nobody carries: refused, or shown as unused when the settings say so."""
    if cents == 0:
        return []
    severity: Severity = "stop" if tables.settings.idle_pool == "refuse" else "warn"
    place = ("cost_pools", row, "pool_id", name)
    return [tables.fault("KW-CA-015", *place, severity=severity, cost=float(cents / 100))]
