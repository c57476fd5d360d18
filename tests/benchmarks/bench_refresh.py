"""A whole refresh of a large template workbook, against reading it and writing the results, step by step.

Usage: bench_refresh.py [invoice lines]
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import numpy as np
import pandas as pd

import klantwaarde as kw
from klantwaarde.model import analyse
from klantwaarde.report.layout import build_report
from klantwaarde.report.runlog import stamp_of
from klantwaarde.tables.intake import read_sheets
from klantwaarde.workbook.file import FileWorkbook
from klantwaarde.workbook.template import build_template

CUSTOMERS, ACTIVITIES, SUPPORT, OPERATING, ROUNDS = 5_000, 25, 175, 25, 3
Value = TypeVar("Value")
RUN_TIME = pd.Timestamp("2026-01-15 09:30").to_pydatetime()


def company(lines: int) -> dict[str, pd.DataFrame]:
    """Tables of a company whose ledger ties to its invoice lines."""
    generator = np.random.default_rng(7)
    customers = np.array([f"K{number:05d}" for number in range(CUSTOMERS)])
    operating = [f"U{number:03d}" for number in range(OPERATING)]
    support = [f"O{number:03d}" for number in range(SUPPORT)]
    activities = [f"A{number:02d}" for number in range(ACTIVITIES)]
    net = generator.integers(500, 90_000, lines) / 100
    cost = np.floor(net * 60) / 100
    invoice_lines = pd.DataFrame(
        {
            "invoice_id": [f"F{number // 4:06d}" for number in range(lines)],
            "invoice_date": np.datetime64("2025-01-01") + (np.arange(lines) * 365 // lines).astype("timedelta64[D]"),
            "customer_id": customers[generator.integers(0, CUSTOMERS, lines // 4 + 1)].repeat(4)[:lines],
            "quantity": generator.integers(1, 50, lines).astype(float), "net_amount": net, "cost_amount": cost,
        }
    )  # fmt: skip
    quantity = generator.integers(1, 60, CUSTOMERS * ACTIVITIES).astype(float)
    volumes = pd.DataFrame(
        {
            "customer_id": customers.repeat(ACTIVITIES), "activity_id": np.tile(activities, CUSTOMERS),
            "quantity": quantity,
        }
    )  # fmt: skip
    minutes = 4 + np.arange(ACTIVITIES) % 9
    used = quantity.reshape(CUSTOMERS, ACTIVITIES).sum(axis=0) * minutes
    pools = [*support, *operating]
    segments = np.array(["Bouw", "Industrie", "Handel", "Zorg"])[generator.integers(0, 4, CUSTOMERS)]
    accounts = [
        ("8000", "Omzet", -net.sum(), "direct", "revenue"),
        ("7000", "Inkoop", cost.sum(), "direct", "cost_of_goods"),
    ]
    accounts += [(f"4{n:03d}", f"Kosten {pool}", 10_000.0 + n, "pool", pool) for n, pool in enumerate(pools)]
    return {
        "customers": pd.DataFrame({"customer_id": customers, "name": customers, "segment": segments}),
        "invoice_lines": invoice_lines,
        "ledger": pd.DataFrame(accounts, columns=["account", "description", "amount", "treatment", "target"]).round(2),
        "cost_pools": pd.DataFrame(
            {
                "pool_id": pools, "name": pools, "kind": ["support"] * SUPPORT + ["operating"] * OPERATING,
                "capacity": [np.nan] * SUPPORT + list(used * 1.2),
            }
        ),
        "pool_shares": pd.DataFrame(
            [(pool, operating[(n + step) % OPERATING], 0.25) for n, pool in enumerate(support) for step in range(4)],
            columns=["from_pool", "to_pool", "share"],
        ),
        "activities": pd.DataFrame({"activity_id": activities, "pool_id": operating, "minutes": minutes.astype(float)}),
        "activity_volumes": volumes,
    }  # fmt: skip


def seconds(action: Callable[[], Value]) -> tuple[float, Value]:
    start = time.perf_counter()
    value = action()
    return time.perf_counter() - start, value


def steps_of(book: Path, output: Path) -> dict[str, float]:
    """One refresh in its steps, then as one call."""
    spent: dict[str, float] = {}

    def timed(name: str, action: Callable[[], Value]) -> Value:
        spent[name], value = seconds(action)
        return value

    opened = timed("open and inspect", lambda: FileWorkbook(book, output))
    names = [name for name in opened.sheet_names() if name not in opened.owned_sheets()]
    sheets = timed("read cells", lambda: [opened.read(name) for name in names])
    tables = timed("type the tables", lambda: read_sheets(sheets, source=book.name))
    outcome = timed("analyse and check", lambda: analyse(tables))
    report = timed("build the report", lambda: build_report(outcome, stamp_of(outcome, time=RUN_TIME, version="bench")))
    timed("write", lambda: opened.write(report))
    if not outcome.ok:
        raise RuntimeError("the company does not tie")
    spent["refresh in one call"], _ = seconds(lambda: kw.refresh(book, output, time=RUN_TIME))
    return spent


def command_seconds(*arguments: str) -> float:
    """Wall time of a new process."""
    command = [sys.executable, *arguments]
    return min(seconds(lambda: subprocess.run(command, check=True, capture_output=True))[0] for _ in range(5))


def main() -> None:
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        book, output = Path(folder, "book.xlsx"), Path(folder, "out.xlsx")
        book.write_bytes(build_template("nl", frames=company(lines)))
        rounds = [steps_of(book, output) for _ in range(ROUNDS)]
        found = {name: statistics.median(spent[name] for spent in rounds) for name in rounds[0]}
        base = sum(found[name] for name in ("open and inspect", "read cells", "write"))
        size = book.stat().st_size / 1e6
    sys.stdout.write(
        f"{lines} lines, {CUSTOMERS} customers, {ACTIVITIES} activities, {SUPPORT + OPERATING} pools, {size:.1f} MB\n"
    )
    for name, middle in found.items():
        sys.stdout.write(f"{middle:8.3f} s  {middle / base:5.2f} x (reading + writing)  {name}\n")
    empty = command_seconds("-c", "pass")
    for name, arguments in (
        ("klantwaarde --help", ["-m", "klantwaarde", "--help"]),
        ("import of klantwaarde.api", ["-c", "import klantwaarde.api"]),
    ):
        spent = command_seconds(*arguments)
        sys.stdout.write(f"{spent:8.3f} s  {spent / empty:5.1f} x an empty Python process  {name}\n")


if __name__ == "__main__":
    main()
