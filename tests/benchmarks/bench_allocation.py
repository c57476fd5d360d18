"""How near the costing kernels come to the speed of memory. Run it: ``python tests/benchmarks/bench_allocation.py``.

200 pools, 60 activities, 50,000 customers, 3 million volume rows. The bound of a kernel is the bytes that must move,
divided by the copy bandwidth measured in the same run; every input and output byte is counted once.
"""

import time
from collections.abc import Callable

import numpy as np

from klantwaarde.costs.cells import totals_by
from klantwaarde.costs.support import allocate_support
from klantwaarde.money import round_to_total

POOLS, ACTIVITIES, CUSTOMERS = 200, 60, 50_000
CELLS = CUSTOMERS * ACTIVITIES
ROUNDS = 9


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
    shares, cost = quantities / quantities.sum(axis=1, keepdims=True).clip(min=1e-300), draw.uniform(1e4, 1e6, POOLS)
    return lambda: allocate_support(cost, shares, method="reciprocal", names=names, support=is_support)


def main() -> None:
    draw = np.random.default_rng(2026)
    bandwidth = copy_bandwidth()
    print(f"copy bandwidth {bandwidth / 1e9:.1f} GB/s; {CELLS:,} cells; best of {ROUNDS}")

    cell = draw.permutation(CELLS)  # volume rows in any order: customer x activity
    quantity = draw.integers(1, 50, CELLS).astype(np.float64)
    fractions = quantity + draw.uniform(0, 1, CELLS)
    moved = cell.nbytes + 2 * quantity.nbytes
    report("volumes to cells, whole numbers", lambda: totals_by(cell, quantity, CELLS), moved, bandwidth)
    report("volumes to cells, fractions", lambda: totals_by(cell, fractions, CELLS), moved, bandwidth)

    by_cell = quantity.reshape(CUSTOMERS, ACTIVITIES)
    minutes = draw.uniform(1, 40, ACTIVITIES)
    report("minutes per cell", lambda: by_cell * minutes, 2 * quantity.nbytes, bandwidth)
    load = by_cell * minutes
    here = np.arange(0, ACTIVITIES, 20)  # the activities of one pool
    report("cost per cell of one pool", lambda: load[:, here] * 0.8, 2 * len(here) * CUSTOMERS * 8, bandwidth)
    exact = (load[:, here] * 0.8).ravel()
    total = round(float(exact.sum()))
    report("rounding the cells of one pool", lambda: round_to_total(exact, total), 2 * exact.nbytes, bandwidth)
    cents = np.rint(load * 80).astype(np.int64)
    report("cost to serve per customer", lambda: cents.sum(axis=1), cents.nbytes, bandwidth)
    customer, amounts = cell // ACTIVITIES, np.rint(quantity * 100).astype(np.int64)
    report(
        "invoice lines to customers, in cents",
        lambda: totals_by(customer, amounts, CUSTOMERS),
        2 * cell.nbytes,
        bandwidth,
    )
    print(f"{'reciprocal, 50 of 200 pools':<52}{best_seconds(support_departments(draw)) * 1e3:9.2f} ms")


if __name__ == "__main__":
    main()
