"""Ratios of the server route, in one run on this machine: one call for a whole column against a call for every row.

    XLWINGS_LICENSE_KEY=... uv run python tests/benchmarks/bench_server.py

Both go over HTTP to a real server process on this computer. The single calls are a sample, scaled to the whole column.
"""

import json
import sys
import tempfile
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1]))

from addin.hosts.process import ServerProcess

ROWS = 10_000
SINGLE = 200
REPEATS = 5


def best(call) -> float:
    """The shortest of a few runs, in seconds."""
    times = []
    for _ in range(REPEATS):
        began = perf_counter()
        call()
        times.append(perf_counter() - began)
    return min(times)


def main() -> None:
    """Measure and print."""
    cost = [[1000.0 + row] for row in range(ROWS)]
    capacity = [[500.0 + row] for row in range(ROWS)]
    with tempfile.TemporaryDirectory() as folder, ServerProcess("Start(dev=True, port=port)", Path(folder)) as server:

        def whole_column() -> None:
            assert len(server.call_function("KW_CAPACITY_RATE", [cost, capacity]).json()["result"]) == ROWS

        def row_by_row() -> None:
            for row in range(SINGLE):
                assert server.call_function("KW_CAPACITY_RATE", [[cost[row]], [capacity[row]]]).status_code == 200

        def page() -> None:
            server.client.get("/").raise_for_status()

        def reading() -> None:
            json.loads(json.dumps({"args": [cost, capacity], "result": cost}))

        column, single, round_trip, text = best(whole_column), best(row_by_row) / SINGLE, best(page), best(reading)
    print(f"{ROWS:,} single calls ÷ one call for the column: {single * ROWS / column:,.0f}")
    print(f"one single call ÷ an empty round trip to the same server: {single / round_trip:.1f}")
    print(f"one call for the column ÷ writing and reading the same cells as JSON: {column / text:.1f}")


if __name__ == "__main__":
    main()
