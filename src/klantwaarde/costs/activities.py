"""How much of each pool every customer used: quantities, minutes, time equations, practical capacity."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde.costs.equations import EquationError, parse
from klantwaarde.costs.inventory import in_period
from klantwaarde.costs.pools import Pools
from klantwaarde.messages import Fault
from klantwaarde.periods import Period
from klantwaarde.tables.register import Register
from klantwaarde.tables.typed import Tables

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Activities:
    """Use of every activity by every customer.

    Attributes:
        ids, names, options: One per activity; options "" where no service option is named.
        pool: Pool code per activity.
        timed: True where the activity runs on minutes, False for a classic share of the pool.
        quantity: Times done, shape (customers, activities).
        load: Minutes, or for a classic share the fraction of the pool, shape (customers, activities).
        capacity: Per pool, minutes (or 1 for classic shares) on which the rate stands; NaN without activities.
        capacity_known: False where the pool has no practical capacity and its use stands in for it.
        used: Per pool, sum of load.
    """

    ids: NDArray[np.object_]
    names: NDArray[np.object_]
    options: NDArray[np.object_]
    pool: Codes
    timed: NDArray[np.bool_]
    quantity: Floats
    load: Floats
    capacity: Floats
    capacity_known: NDArray[np.bool_]
    used: Floats


def measure_activities(
    tables: Tables, register: Register, pools: Pools, period: Period | None
) -> tuple[Activities | None, list[Fault]]:
    """Read activities and volumes into arrays and check every driver."""
    frame, volumes = tables["activities"], tables["activity_volumes"]
    pool = pd.Index(pools.ids).get_indexer(frame["pool_id"])
    faults = _pool_faults(tables, frame, pool, pools)
    index = pd.Index(frame["activity_id"])
    inside, straddling = in_period(volumes, period)
    faults += [tables.fault("KW-CA-008", "activity_volumes", column="period", found=t, period=str(period)) for t in straddling]
    activity = index.get_indexer(volumes["activity_id"])
    faults += [
        tables.fault("KW-CA-002", "activity_volumes", volumes.index[row], "activity_id", volumes["activity_id"].iloc[row])
        for row in np.flatnonzero(activity < 0)[:200]
    ]
    if any(fault.severity == "stop" for fault in faults):
        return None, faults
    here, activity = volumes.loc[inside], activity[inside]
    cell = register.codes(here["customer_id"]) * len(index) + activity
    shape = (register.n, len(index))
    amount = here["quantity"].to_numpy(float)
    quantity = _sum_cells(cell, amount, shape)
    minutes, timed, more = _minutes(tables, frame, here, activity)
    faults += more
    if any(fault.severity == "stop" for fault in faults):
        return None, faults
    load = _sum_cells(cell, amount * minutes, shape) if np.isnan(frame_minutes(frame)).any() else quantity * frame_minutes(frame)
    load, more = _classic_load(tables, frame, load, quantity, timed)
    faults += more
    faults += _stale_drivers(tables, frame, volumes, inside, quantity)
    capacity, known, used, more = _capacities(tables, pools, pool, timed, load)
    faults += more
    name = frame["name"].fillna(frame["activity_id"]) if "name" in frame else frame["activity_id"]
    option = frame["service_option"].fillna("") if "service_option" in frame else pd.Series("", index=frame.index)
    return Activities(
        frame["activity_id"].to_numpy(object), name.to_numpy(object), option.to_numpy(object), pool, timed, quantity,
        load, capacity, known, used,
    ), faults  # fmt: skip


def frame_minutes(frame: pd.DataFrame) -> Floats:
    """Unit minutes per activity; NaN where a time equation or a share stands instead."""
    return frame["minutes"].to_numpy(float) if "minutes" in frame else np.full(len(frame), np.nan)


def _sum_cells(cell: Codes, amounts: Floats, shape: tuple[int, int]) -> Floats:
    return np.bincount(cell, weights=amounts, minlength=shape[0] * shape[1]).reshape(shape)


def _pool_faults(tables: Tables, frame: pd.DataFrame, pool: Codes, pools: Pools) -> list[Fault]:
    faults = []
    for row in range(len(frame)):
        at, pool_id = frame.index[row], frame["pool_id"].iloc[row]
        if pool[row] < 0:
            faults.append(tables.fault("KW-CA-001", "activities", at, "pool_id", pool_id))
        elif not pools.operating[pool[row]]:
            faults.append(tables.fault("KW-CA-003", "activities", at, "pool_id", pool_id))
        ways = [c for c in ("minutes", "time_equation", "share") if c in frame and not pd.isna(frame[c].iloc[row])]
        if len(ways) != 1:
            faults.append(tables.fault("KW-CA-004", "activities", at, "minutes", frame["activity_id"].iloc[row], ways=len(ways)))
    return faults


def _minutes(
    tables: Tables, frame: pd.DataFrame, volumes: pd.DataFrame, activity: Codes
) -> tuple[Floats, NDArray[np.bool_], list[Fault]]:
    """Minutes each time per volume row, and which activities are timed. Classic shares get 0 here."""
    unit = frame_minutes(frame)
    per_row = np.nan_to_num(unit)[activity]
    timed = ~np.isnan(unit)
    faults: list[Fault] = []
    equations = frame["time_equation"] if "time_equation" in frame else pd.Series(dtype=object)
    for code in np.flatnonzero(equations.notna()):
        timed[code] = True
        rows = np.flatnonzero(activity == code)
        text = str(equations.iloc[code])
        try:
            equation = parse(text)
            variables = {name: volumes[name].to_numpy(float)[rows] for name in volumes.columns if name not in _VOLUME_COLUMNS}
            per_row[rows] = equation.minutes({name: np.nan_to_num(values) for name, values in variables.items()})
        except EquationError as error:
            faults.append(tables.fault("KW-CA-005", "activities", frame.index[code], "time_equation", text, reason=str(error)))
    return per_row, timed, faults


_VOLUME_COLUMNS = ("customer_id", "activity_id", "period", "quantity")


def _classic_load(
    tables: Tables, frame: pd.DataFrame, load: Floats, quantity: Floats, timed: NDArray[np.bool_]
) -> tuple[Floats, list[Fault]]:
    """Classic activity-based costing: an activity takes its share of the pool and spreads it by quantity."""
    if timed.all():
        return load, []
    faults = []
    load = load.copy()
    share = frame["share"].to_numpy(float)
    for code in np.flatnonzero(~timed):
        total = quantity[:, code].sum()
        if total > 0:
            load[:, code] = quantity[:, code] * (share[code] / total)
        else:
            load[:, code] = 0.0
            faults.append(tables.fault("KW-CA-006", "activities", frame.index[code], "share", frame["activity_id"].iloc[code], severity="warn"))
    return load, faults


def _stale_drivers(
    tables: Tables, frame: pd.DataFrame, volumes: pd.DataFrame, inside: NDArray[np.bool_], quantity: Floats
) -> list[Fault]:
    """Activities without any volume now; worse when there was volume in another period."""
    empty = frame.loc[quantity.sum(axis=0) <= 0, "activity_id"]
    before = set(volumes.loc[~inside, "activity_id"])
    return [
        tables.fault("KW-CA-009" if name in before else "KW-CA-007", "activities", row, "activity_id", name, severity="warn")
        for row, name in empty.items()
    ]


def _capacities(
    tables: Tables, pools: Pools, pool: Codes, timed: NDArray[np.bool_], load: Floats
) -> tuple[Floats, NDArray[np.bool_], Floats, list[Fault]]:
    """Capacity in minutes per operating pool, whether it was given, and its use."""
    frame = tables["cost_pools"]
    used = np.bincount(pool, weights=load.sum(axis=0), minlength=pools.n)
    given = _capacity_minutes(frame)
    capacity = np.full(pools.n, np.nan)
    known = ~np.isnan(given)
    faults: list[Fault] = []
    for code in np.flatnonzero(pools.operating):
        row, name = frame.index[code], str(pools.ids[code])
        here = pool == code
        if here.any() and timed[here].any() and not timed[here].all():
            faults.append(tables.fault("KW-CA-010", "cost_pools", row, "pool_id", name))
        classic = here.any() and not timed[here].any()
        if classic:
            capacity[code], known[code] = 1.0, True
            if used[code] > 1 + 1e-9:
                faults.append(tables.fault("KW-CA-014", "cost_pools", row, "pool_id", name, share=f"{used[code]:.2%}"))
        elif known[code]:
            capacity[code] = given[code]
        else:
            capacity[code] = used[code]
        if used[code] <= 0:
            faults.extend(_idle(tables, row, name, int(pools.cents[code])))
        elif not known[code]:
            faults.append(tables.fault("KW-CA-012", "cost_pools", row, "capacity", name, severity="warn"))
        elif capacity[code] <= 0:
            faults.append(tables.fault("KW-CA-013", "cost_pools", row, "capacity", name))
        elif not classic and used[code] > capacity[code] * (1 + 1e-12):
            over = used[code] - capacity[code]
            cost = over * pools.cents[code] / 100 / capacity[code]
            faults.append(
                tables.fault("KW-CA-011", "cost_pools", row, "capacity", name, severity="warn", minutes=f"{over:,.0f}", cost=f"{cost:,.2f}")
            )
    return capacity, known, used, faults


def _idle(tables: Tables, row: object, name: str, cents: int) -> list[Fault]:
    if cents == 0:
        return []
    refuse = tables.settings.idle_pool == "refuse"
    return [
        tables.fault("KW-CA-015", "cost_pools", row, "pool_id", name, severity="stop" if refuse else "warn", cost=f"{cents / 100:,.2f}")
    ]


def _capacity_minutes(frame: pd.DataFrame) -> Floats:
    if "capacity" not in frame:
        return np.full(len(frame), np.nan)
    minutes = frame["capacity"].to_numpy(float).copy()
    if "capacity_unit" in frame:
        minutes[(frame["capacity_unit"] == "h").to_numpy(bool)] *= 60
    return minutes
