"""One call on 10,000 rows against 10,000 calls on one row: the conversion only, without Excel, COM or HTTP.

uv run python tests/benchmarks/bench_functions.py

Reads a developer's ``XLWINGS_LICENSE_KEY``; without it the rows of xlwings' server layer are left out.
"""

import asyncio
import os
import statistics
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from klantwaarde.costs import capacity
from klantwaarde_addin.call import call_from_excel

ROWS = 10_000
REPEATS = 3
COSTS = np.random.default_rng(1).uniform(1, 1_000, ROWS)
CAPACITY = np.random.default_rng(2).uniform(1, 1_000, ROWS)
COLUMNS = tuple(tuple((value,) for value in values.tolist()) for values in (COSTS, CAPACITY))
PAIRS = list(zip(COSTS.tolist(), CAPACITY.tolist(), strict=True))


def seconds(work: Callable[[], object]) -> float:
    """The median of a few runs, after one to warm up."""
    work()
    found = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def through_call() -> tuple[float, float]:
    """Our own COM route: one array call, and a call per row."""
    one = seconds(lambda: call_from_excel("capacity_rate", COLUMNS, False))
    many = seconds(lambda: [call_from_excel("capacity_rate", pair, False) for pair in PAIRS])
    return one, many


def through_server() -> tuple[float, float] | None:
    """xlwings' server layer: the same two, from JSON values to JSON values."""
    if not os.environ.get("XLWINGS_LICENSE_KEY"):
        return None
    os.environ["XLWINGS_ON_SERVER"] = "true"
    server, udfs = import_module("xlwings.server"), import_module("klantwaarde_addin.udfs")
    call = {"func_name": "KW_CAPACITY_RATE", "version": "any", "client": "Office.js", "runtime": "1.4"}

    async def ask(questions: list[list[Any]]) -> None:
        for args in questions:
            await server.custom_functions_call(call | {"args": args}, udfs)

    whole = [[[[value] for value in values.tolist()] for values in (COSTS, CAPACITY)]]
    single = [[[[cost]], [[supplied]]] for cost, supplied in PAIRS]
    return seconds(lambda: asyncio.run(ask(whole))), seconds(lambda: asyncio.run(ask(single)))


def main() -> None:
    numpy_only = seconds(lambda: capacity.capacity_rate(COSTS, CAPACITY))
    print(f"the arithmetic alone, {ROWS:,} rows: {numpy_only * 1e6:.0f} µs")
    for name, found in (("call_from_excel", through_call()), ("xlwings server layer", through_server())):
        if found:
            one, many = found
            print(f"{name}: one call {one * 1e3:.1f} ms, {ROWS:,} calls {many * 1e3:,.0f} ms, ratio {many / one:,.0f}")
            print(f"  per row: {one / ROWS * 1e6:.2f} µs in one call, {many / ROWS * 1e6:.0f} µs in its own")


if __name__ == "__main__":
    main()
