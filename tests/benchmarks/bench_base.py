"""The whole customer base and credit against a plain pandas groupby of the same invoice lines.

Run it: ``python tests/benchmarks/bench_base.py``; ``--size 1`` = 200,000 customers, 1,000,000 invoice lines over three years
and as many receivables as there are invoices; ``--growth`` prints how it grows, ``--parts`` what every result takes.
The time is that of every result of both rooms on a model that is ready (lines read, account made), the shared history included.
"""

import argparse
import time
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

import klantwaarde as kw
from klantwaarde.base.analyses import ANALYSES as BASE
from klantwaarde.credit.analyses import ANALYSES as CREDIT
from klantwaarde.model import Outcome

ROUNDS = 3
LINES_PER_INVOICE = 4


@dataclass(frozen=True, slots=True)
class Size:
    """How big a company is."""

    customers: int
    lines: int


def company(size: Size, seed: int = 2026) -> dict[str, pd.DataFrame]:
    """Customers that come and go, with invoices of four lines, receivables, hours and events."""
    draw = np.random.default_rng(seed)
    ids = np.array([f"K{place:06d}" for place in range(size.customers)], dtype=object)
    invoices = size.lines // LINES_PER_INVOICE
    begin = draw.integers(-400, 1000, size.customers)
    owner = draw.integers(0, size.customers, invoices)
    day = np.clip(begin[owner], 0, 1095) + draw.integers(0, 500, invoices)
    day = np.where(day < 1096, day, draw.integers(0, 1096, invoices))
    dates = pd.Timestamp("2023-01-01") + pd.to_timedelta(day, "D")
    line = np.repeat(np.arange(invoices), LINES_PER_INVOICE)
    net = (draw.lognormal(4, 1, len(line)) * draw.choice([1, -1], len(line), p=[0.97, 0.03])).round(2)
    discount = (np.abs(net) * draw.choice([0, 0.05, 0.1], len(line))).round(2)
    numbers = np.array([f"F{place:07d}" for place in range(invoices)], dtype=object)
    lines = pd.DataFrame(
        {
            "invoice_id": numbers[line], "invoice_date": dates[line], "customer_id": ids[owner][line],
            "product_id": draw.choice([f"P{place:03d}" for place in range(500)], len(line)),
            "quantity": np.sign(net) * draw.integers(1, 20, len(line)), "list_amount": (net + discount).round(2),
            "discount": discount, "net_amount": net, "cost_amount": (net * 0.6).round(2),
        }
    )  # fmt: skip
    return {
        "customers": customers(draw, ids), "invoice_lines": lines, "receivables": receivables(draw, lines, ids[owner], dates, numbers),
        "hours": hours(draw, ids), "events": events(draw, ids),
    }  # fmt: skip


def customers(draw: np.random.Generator, ids: np.ndarray) -> pd.DataFrame:
    groups = {
        "segment": list("ABCDE"),
        "region": ["N", "E", "S", "W"],
        "industry": [f"I{place}" for place in range(12)],
    }
    return pd.DataFrame(
        {"customer_id": ids, "name": ids} | {name: draw.choice(values, len(ids)) for name, values in groups.items()}
    )


def receivables(
    draw: np.random.Generator, lines: pd.DataFrame, owner: np.ndarray, dates: pd.DatetimeIndex, numbers: np.ndarray
) -> pd.DataFrame:
    amount = (lines["net_amount"].to_numpy().reshape(-1, LINES_PER_INVOICE).sum(axis=1) * 1.21).round(2)
    due = dates + pd.Timedelta(30, "D")
    paid = pd.Series(due + pd.to_timedelta(draw.integers(-10, 60, len(amount)), "D")).where(
        draw.random(len(amount)) < 0.97
    )
    paid = paid.where(paid <= pd.Timestamp("2025-12-31"))
    return pd.DataFrame(
        {
            "customer_id": owner,
            "invoice_id": numbers,
            "invoice_date": dates,
            "due_date": due,
            "paid_date": paid,
            "amount": amount,
        }
    )


def hours(draw: np.random.Generator, ids: np.ndarray) -> pd.DataFrame:
    rows = len(ids)
    return pd.DataFrame(
        {
            "team": draw.choice(["Desk", "Field"], rows),
            "customer_id": draw.choice(ids, rows),
            "period": draw.choice(["2024", "2025"], rows),
            "hours": draw.integers(1, 40, rows) / 4,
        }
    )


def events(draw: np.random.Generator, ids: np.ndarray, rows: int = 200) -> pd.DataFrame:
    day = pd.Timestamp("2024-06-01") + pd.to_timedelta(draw.integers(0, 500, rows), "D")
    return pd.DataFrame(
        {"customer_id": draw.choice(ids, rows), "date": day, "kind": draw.choice(["left", "visit", "complaint"], rows)}
    )


def grouped(lines: pd.DataFrame) -> pd.DataFrame:
    """The yardstick: what every customer brought in every month, by one plain groupby."""
    month = lines["invoice_date"].dt.to_period("M")
    return lines.groupby(["customer_id", month])[["net_amount", "cost_amount", "list_amount"]].sum()


def rooms(outcome: Outcome) -> dict[str, float]:
    """Seconds of every result of both rooms, on a model that shares nothing yet."""
    model, results, taken = replace(outcome.model, shared={}), dict(outcome.results), {}
    for analysis in (*CREDIT, *BASE):
        if all(name in model.tables for name in analysis.tables):
            start = time.perf_counter()
            results[analysis.id] = analysis.run(model, results)
            taken[analysis.id] = time.perf_counter() - start
    return taken


def measure(size: Size) -> tuple[dict[str, float], float]:
    """The best of a few rounds of the rooms, and of the yardstick."""
    tables = kw.tables_from(company(size))
    outcome = kw.analyse(tables, {"period_start": "2025-01-01", "period_end": "2025-12-31"})
    if not outcome.ok:
        raise AssertionError(outcome.checks[outcome.checks["status"] == "failed"])
    best = min((rooms(outcome) for _ in range(ROUNDS)), key=lambda taken: sum(taken.values()))
    plain = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        grouped(tables["invoice_lines"])
        plain.append(time.perf_counter() - start)
    return best, min(plain)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--size", type=float, default=1.0, help="1 = 200,000 customers and 1,000,000 lines")
    options.add_argument("--growth", action="store_true")
    options.add_argument("--parts", action="store_true")
    chosen = options.parse_args()
    factors = (0.125, 0.25, 0.5, 1.0) if chosen.growth else (chosen.size,)
    print(f"{'customers':>10}{'lines':>12}{'base':>10}{'credit':>10}{'together':>10}{'groupby':>10}{'ratio':>8}")
    for factor in factors:
        size = Size(int(200_000 * factor), int(1_000_000 * factor))
        taken, plain = measure(size)
        base = sum(taken[analysis.id] for analysis in BASE if analysis.id in taken)
        both = sum(taken.values())
        print(
            f"{size.customers:>10,}{size.lines:>12,}{base:>8.2f} s{both - base:>8.2f} s{both:>8.2f} s{plain:>8.2f} s{both / plain:>8.2f}"
        )
    if chosen.parts:
        for name, seconds in sorted(taken.items(), key=lambda item: -item[1]):
            print(f"  {name:<24}{seconds * 1e3:>8.0f} ms")


if __name__ == "__main__":
    main()
