"""The whole analysis against the same customer P&L written by hand in pandas, and against SUMIFS in LibreOffice.

The like-with-like ratio times the costing and profit results with all checks; the results of the base, the credit and the
lifetime values, which the hand-written side does not have, are a line of their own.

Run it: ``python tests/benchmarks/bench_analysis.py``; ``--size 1`` = 5,000 customers x 25 activities x 200 pools, 200,000
invoice lines, 125,000 volume rows; ``--growth`` prints how it grows; ``--sumifs`` adds LibreOffice at a smaller size.
Both sides start from the same typed tables and end with the same result per customer, which is compared.
"""

import argparse
import contextlib
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import xlsxwriter

import klantwaarde as kw
from klantwaarde import Tables, model
from klantwaarde.report.costing_sheets import RESULTS

ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Size:
    """How big a company is."""

    customers: int
    lines: int
    activities: int = 25
    operating: int = 25
    support: int = 175


def company(size: Size, seed: int = 2026) -> dict[str, pd.DataFrame]:
    """A company that ties: random lines, pools that serve each other, one volume per customer and activity."""
    draw = np.random.default_rng(seed)
    ids = np.array([f"K{place:06d}" for place in range(size.customers)], dtype=object)
    lines = invoice_lines(draw, ids, size.lines)
    pools = [f"S{place:03d}" for place in range(size.support)] + [f"O{place:03d}" for place in range(size.operating)]
    activities = pd.DataFrame(
        {
            "activity_id": [f"A{place:02d}" for place in range(size.activities)],
            "pool_id": [pools[size.support + place % size.operating] for place in range(size.activities)],
            "minutes": draw.integers(2, 40, size.activities).astype(float),
        }
    )
    volumes = pd.DataFrame(
        {
            "customer_id": np.repeat(ids, size.activities),
            "activity_id": np.tile(activities["activity_id"].to_numpy(object), size.customers),
            "quantity": draw.integers(0, 50, size.customers * size.activities).astype(float),
        }
    )
    load = volumes.merge(activities, on="activity_id").eval("minutes * quantity").groupby(volumes["activity_id"]).sum()
    capacity = activities.assign(load=activities["activity_id"].map(load) * 1.2).groupby("pool_id")["load"].sum()
    cost_pools = pd.DataFrame({"pool_id": pools, "kind": ["support"] * size.support + ["operating"] * size.operating})
    bonus = pd.DataFrame(
        {"customer_id": draw.choice(ids, 2_000), "kind": "bonus", "amount": draw.integers(100, 9_999, 2_000) / 100}
    )
    return {
        "customers": pd.DataFrame({"customer_id": ids, "name": ids, "segment": draw.choice(["A", "B", "C"], len(ids))}),
        "invoice_lines": lines, "customer_costs": bonus, "cost_pools": cost_pools.assign(capacity=cost_pools["pool_id"].map(capacity)),
        "pool_shares": pool_shares(draw, pools, size), "activities": activities, "activity_volumes": volumes,
        "ledger": ledger(draw, pools, lines, bonus),
    }  # fmt: skip


def invoice_lines(draw: np.random.Generator, ids: np.ndarray, n: int) -> pd.DataFrame:
    net = draw.lognormal(4, 1, n).round(2)
    discount = (net * draw.choice([0, 0.05, 0.1], n)).round(2)
    return pd.DataFrame(
        {
            "invoice_id": [f"F{place // 4:07d}" for place in range(n)],
            "invoice_date": pd.Timestamp("2025-01-01") + pd.to_timedelta(draw.integers(0, 365, n), "D"),
            "customer_id": draw.choice(ids, n), "list_amount": (net + discount).round(2), "discount": discount,
            "net_amount": net, "cost_amount": (net * 0.6).round(2),
        }
    )  # fmt: skip


def pool_shares(draw: np.random.Generator, pools: list[str], size: Size) -> pd.DataFrame:
    rows = []
    for place in range(size.support):
        takers = np.append(
            draw.choice(len(pools), min(8, len(pools)), replace=False), size.support + place % size.operating
        )
        rows += [
            (pools[place], pools[taker], float(draw.integers(1, 100))) for taker in np.unique(takers[takers != place])
        ]
    return pd.DataFrame(rows, columns=["from_pool", "to_pool", "driver_quantity"])


def ledger(draw: np.random.Generator, pools: list[str], lines: pd.DataFrame, bonus: pd.DataFrame) -> pd.DataFrame:
    direct = {"revenue": -lines["list_amount"].sum(), "discount": lines["discount"].sum()}
    direct |= {"cost_of_goods": lines["cost_amount"].sum(), "bonus": bonus["amount"].sum()}
    rows = [
        (f"8{place}", float(np.round(amount, 2)), "direct", name) for place, (name, amount) in enumerate(direct.items())
    ]
    rows += [
        (f"4{place:03d}", float(draw.integers(1_000_00, 9_000_00)) / 100, "pool", name)
        for place, name in enumerate(pools)
    ]
    frame = pd.DataFrame(rows, columns=["account", "amount", "treatment", "target"])
    return frame.assign(description="Kosten " + frame["account"])


def by_hand(tables: Tables) -> pd.Series:
    """The customer result as an analyst writes it in pandas: merge, groupby, pivot; no checks, no cents, no trace."""
    booked, pools = tables["ledger"], tables["cost_pools"].set_index("pool_id")
    cost = booked[booked["treatment"] == "pool"].groupby("target")["amount"].sum().reindex(pools.index, fill_value=0.0)
    keys = tables["pool_shares"].pivot_table(
        index="from_pool", columns="to_pool", values="driver_quantity", aggfunc="sum"
    )
    keys = keys.reindex(index=pools.index, columns=pools.index).fillna(0.0)
    shares = keys.div(keys.sum(axis=1), axis=0).fillna(0.0)
    gross = pd.Series(np.linalg.solve(np.eye(len(pools)) - shares.to_numpy().T, cost.to_numpy()), index=pools.index)
    rate = (gross / pools["capacity"]).rename("rate")
    activities = tables["activities"].merge(rate, left_on="pool_id", right_index=True)
    volumes = tables["activity_volumes"].merge(activities, on="activity_id")
    volumes["cost"] = volumes["quantity"] * volumes["minutes"] * volumes["rate"]
    handlings = volumes.pivot_table(index="customer_id", columns="activity_id", values="cost", aggfunc="sum")
    sales = (
        tables["invoice_lines"].groupby("customer_id")[["list_amount", "discount", "net_amount", "cost_amount"]].sum()
    )
    later = tables["customer_costs"].pivot_table(index="customer_id", columns="kind", values="amount", aggfunc="sum")
    statement = tables["customers"].set_index("customer_id").join([sales, later, handlings]).fillna(0.0)
    margin = statement["net_amount"] - statement["bonus"] - statement["cost_amount"]
    return margin - statement[handlings.columns].sum(axis=1)


def best_seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    durations = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        durations.append(time.perf_counter() - start)
    return min(durations)


@contextlib.contextmanager
def costing_only() -> Iterator[None]:
    """Within it an analysis makes the results of the costing and the profit and loss accounts, and no others."""
    every, ids = model.ANALYSES, {result.id for result in RESULTS}
    model.ANALYSES = tuple(analysis for analysis in every if analysis.id in ids)
    try:
        yield
    finally:
        model.ANALYSES = every


def compare(size: Size, rounds: int = ROUNDS) -> tuple[Tables, float, float]:
    """Seconds of the costing and profit results and of the P&L by hand; the results agree."""
    tables = kw.tables_from(company(size))
    with costing_only():
        outcome = kw.analyse(tables)
        ours = best_seconds(lambda: kw.analyse(tables), rounds)
    found = outcome.results["customer_pl"].set_index("customer_id")["customer_result"]
    worst = (found - by_hand(tables)).abs().max()
    if worst > 0.01 * (size.activities + 1) or not outcome.ok:
        raise AssertionError(f"the results differ by {worst:.2f}, checks {'hold' if outcome.ok else 'fail'}")
    return tables, ours, best_seconds(lambda: by_hand(tables), rounds)


def growth() -> None:
    print(f"\n{'customers':>10}{'lines':>12}{'volumes':>12}{'analysis':>12}{'by hand':>12}{'ratio':>8}")
    sizes = [
        (1_000, 50_000),
        (5_000, 50_000),
        (5_000, 200_000),
        (5_000, 1_000_000),
        (20_000, 200_000),
        (50_000, 1_000_000),
    ]
    for customers, lines in sizes:
        _, ours, theirs = compare(Size(customers, lines), rounds=3)
        print(
            f"{customers:>10,}{lines:>12,}{customers * 25:>12,}{ours * 1e3:>9.0f} ms{theirs * 1e3:>9.0f} ms{ours / theirs:>8.2f}"
        )


def sumifs(shown: int, size: Size) -> None:
    """The same P&L as SUMIFS over the full data, for some customers; LibreOffice calculates it from nothing."""
    sys.path.append(str(Path(__file__).parents[1]))
    from libreoffice import convert  # noqa: PLC0415 - only this option needs it

    tables, ours, _ = compare(size)
    per_customer = size.activities + 4
    with tempfile.TemporaryDirectory() as folder:
        seconds = []
        for count in (1, shown + 1):  # the difference leaves out start-up, loading and saving
            book = Path(folder) / f"sumifs_{count}.xlsx"
            write_book(book, tables, count)
            seconds.append(best_seconds(lambda book=book: convert(book, "xlsx", Path(folder) / "out"), 1))
        values = pd.read_excel(Path(folder) / "out" / f"sumifs_{shown + 1}.xlsx", sheet_name="pl", engine="calamine")
    expected = kw.analyse(tables).results["customer_pl"]["customer_result"].to_numpy()[: shown + 1]
    worst = np.abs(values["result"].to_numpy(float) - expected).max()
    if not worst < 0.01 * (size.activities + 1):
        raise AssertionError(f"the workbook differs by {worst:.2f}")
    each = (seconds[1] - seconds[0]) / (shown * per_customer)
    formulas = size.customers * per_customer
    print(f"\nSUMIFS over {size.lines:,} lines for {shown} customers, results differ at most {worst:.2f}")
    print(f"LibreOffice {each * 1e3:.2f} ms a formula; all {formulas:,} formulas would take {each * formulas:,.0f} s")
    print(f"analysis {ours * 1e3:.0f} ms: {each * formulas / ours:,.0f} times faster")


def write_book(path: Path, tables: Tables, shown: int) -> None:
    """Sheets with the input, the minute rates as values, and one SUMIFS per customer and figure."""
    rates = kw.analyse(tables).results["activity_rates"].set_index("activity_id")["price"]
    book = xlsxwriter.Workbook(str(path))
    for name in ("invoice_lines", "activity_volumes", "customer_costs"):
        sheet = book.add_worksheet(name)
        for place, column in enumerate(c for c in tables[name] if c != "invoice_date"):
            sheet.write_column(0, place, [column, *tables[name][column].tolist()])
    sheet = book.add_worksheet("pl")
    activities = list(rates.index)
    sheet.write_row(0, 0, ["customer_id", "net", "cost", "bonus", *activities, "result"])
    n = {name: len(tables[name]) + 1 for name in ("invoice_lines", "activity_volumes", "customer_costs")}
    end = xlsxwriter.utility.xl_col_to_name(3 + len(activities))
    for row, customer in enumerate(tables["customers"]["customer_id"].head(shown), start=1):
        key = f"$A{row + 1}"
        sheet.write_string(row, 0, customer)
        sheet.write_formula(
            row,
            1,
            f"=SUMIFS(invoice_lines!$E$2:$E${n['invoice_lines']},invoice_lines!$B$2:$B${n['invoice_lines']},{key})",
        )
        sheet.write_formula(
            row,
            2,
            f"=SUMIFS(invoice_lines!$F$2:$F${n['invoice_lines']},invoice_lines!$B$2:$B${n['invoice_lines']},{key})",
        )
        sheet.write_formula(
            row,
            3,
            f"=SUMIFS(customer_costs!$C$2:$C${n['customer_costs']},customer_costs!$A$2:$A${n['customer_costs']},{key})",
        )
        for place, activity in enumerate(activities):
            last = n["activity_volumes"]
            ranges = (
                f"activity_volumes!$C$2:$C${last},activity_volumes!$A$2:$A${last},{key},activity_volumes!$B$2:$B${last}"
            )
            sheet.write_formula(row, 4 + place, f'=SUMIFS({ranges},"{activity}")*{float(rates[activity])!r}')
        sheet.write_formula(
            row, 4 + len(activities), f"=B{row + 1}-C{row + 1}-D{row + 1}-SUM(E{row + 1}:{end}{row + 1})"
        )
    book.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--size", type=float, default=1.0, help="1 = 5,000 customers and 200,000 lines")
    options.add_argument("--growth", action="store_true")
    options.add_argument("--sumifs", type=int, default=0, metavar="CUSTOMERS", help="so many customers as formulas")
    chosen = options.parse_args()
    size = Size(int(5_000 * chosen.size), int(200_000 * chosen.size))
    tables, ours, theirs = compare(size)
    print(
        f"{size.customers:,} customers x {size.activities} activities x {size.support + size.operating} pools, {size.lines:,} lines; best of {ROUNDS}"
    )
    print(f"costing and profit, all checks   {ours * 1e3:8.0f} ms")
    print(f"customer result by hand          {theirs * 1e3:8.0f} ms")
    print(f"ratio                            {ours / theirs:8.2f}")
    everything = best_seconds(lambda: kw.analyse(tables), 3)
    print(f"all {len(kw.analyse(tables).results)} results                   {everything * 1e3:8.0f} ms")
    if chosen.growth:
        growth()
    if chosen.sumifs:
        sumifs(chosen.sumifs, size)


if __name__ == "__main__":
    main()
