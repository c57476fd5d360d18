"""How near the costing kernels come to the speed of memory. Run it: ``python tests/benchmarks/bench_allocation.py``.

200 pools, 300 activities, 200,000 customers, 2.9 million cells. The bound of a kernel is the bytes that must move,
divided by the copy bandwidth measured in the same run; every input and output byte is counted once.
"""

import time
from collections.abc import Callable

import numpy as np

from klantwaarde.costs.cells import cell_costs, totals_by
from klantwaarde.costs.support import allocate_support, normalise_shares
from klantwaarde.money import round_groups, round_to_total

POOLS, ACTIVITIES, CUSTOMERS, CELLS = 200, 300, 200_000, 2_930_000
ROUNDS = 15


def best_seconds(kernel: Callable[[], object]) -> float:
    durations = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        kernel()
        durations.append(time.perf_counter() - start)
    return min(durations)


def copy_bandwidth() -> float:
    """Bytes per second, read and written bytes both counted."""
    source = np.ones(8_000_000)
    target = np.empty_like(source)
    return 2 * source.nbytes / best_seconds(lambda: np.copyto(target, source))


def report(name: str, kernel: Callable[[], object], moved: int, bandwidth: float) -> None:
    taken, bound = best_seconds(kernel), moved / bandwidth
    print(f"{name:<52}{taken * 1e3:9.2f} ms {moved / 1e6:8.1f} MB {bound * 1e3:8.2f} ms {taken / bound:7.1f} x")


def support_departments(draw: np.random.Generator) -> Callable[[], object]:
    names = [f"pool {at}" for at in range(POOLS)]
    is_support = np.arange(POOLS) < POOLS // 4
    quantities = draw.uniform(0, 1, (POOLS, POOLS)) * is_support[:, None]
    shares, cost = normalise_shares(quantities, names=names), draw.uniform(1e4, 1e6, POOLS)
    return lambda: allocate_support(cost, shares, method="reciprocal", names=names, support=is_support)


def main() -> None:
    draw = np.random.default_rng(2026)
    bandwidth = copy_bandwidth()
    print(f"copy bandwidth {bandwidth / 1e9:.1f} GB/s; {CELLS:,} cells; best of {ROUNDS}")

    customer = np.sort(draw.integers(0, CUSTOMERS, CELLS)).astype(np.int32)
    activity = draw.integers(0, ACTIVITIES, CELLS).astype(np.int16)
    quantity = draw.integers(1, 50, CELLS).astype(np.float64)
    minutes, rates = draw.uniform(1, 40, CELLS), draw.uniform(0.5, 2, ACTIVITIES)
    pool = np.sort(draw.integers(0, POOLS, ACTIVITIES)).astype(np.int16)[activity]

    costs = cell_costs(quantity, minutes, activity, rates)
    inputs = quantity.nbytes + minutes.nbytes + activity.nbytes
    report(
        "cost per cell",
        lambda: cell_costs(quantity, minutes, activity, rates),
        inputs + costs.nbytes,
        bandwidth,
    )
    per_customer = customer.nbytes + costs.nbytes + CUSTOMERS * 8
    report(
        "customer totals, cells by customer",
        lambda: totals_by(customer, costs, CUSTOMERS),
        per_customer,
        bandwidth,
    )
    shuffled = draw.permutation(CELLS)
    customer_any, costs_any = customer[shuffled], costs[shuffled]
    report(
        "customer totals, any order",
        lambda: totals_by(customer_any, costs_any, CUSTOMERS),
        per_customer,
        bandwidth,
    )
    whole = np.rint(costs * 100).astype(np.int64)
    report(
        "customer totals in cents, cells by customer",
        lambda: totals_by(customer, whole, CUSTOMERS),
        per_customer,
        bandwidth,
    )

    exact = costs * 100
    totals = np.rint(totals_by(pool, exact, POOLS)).astype(np.int64)
    moved = 2 * exact.nbytes + pool.nbytes
    report("rounding per pool, any order", lambda: round_groups(exact, pool, totals), moved, bandwidth)
    by_pool = np.argsort(pool, kind="stable")
    exact_sorted, pool_sorted = exact[by_pool], pool[by_pool]
    report(
        "rounding per pool, cells by pool",
        lambda: round_groups(exact_sorted, pool_sorted, totals),
        moved,
        bandwidth,
    )
    per_line = draw.lognormal(8, 2, CUSTOMERS)
    total = round(float(per_line.sum()))
    report(
        "rounding 200,000 customers in one go",
        lambda: round_to_total(per_line, total),
        2 * per_line.nbytes,
        bandwidth,
    )
    print(f"{'reciprocal, 50 of 200 pools':<52}{best_seconds(support_departments(draw)) * 1e3:9.2f} ms")


if __name__ == "__main__":
    main()
