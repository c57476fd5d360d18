"""Probability models against the package lifetimes in one run, and how they grow.

Run it: ``uv run --group bench python tests/benchmarks/bench_lifetime.py [CDNOW_master.txt]``. Without a path it takes the copy in the
package lifetimes. The first part fits and scores the 23,570 CDNOW customers with both; the second part draws up to a million
customers and shows that time follows the number of different histories.
"""

import resource
import sys
import time
import warnings
from collections.abc import Callable
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))
from klantwaarde.lifetime import gammagamma
from klantwaarde.lifetime.models import MODELS
from klantwaarde.lifetime.transactions import Summary, merged, purchase_days, summarise
from purchase_histories import buy_till_dropout, spend

TRUE = (0.25, 4.8, 0.72, 2.2)


def best_seconds(work: Callable[[], Any], rounds: int = 30) -> float:
    durations = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        durations.append(time.perf_counter() - start)
    return min(durations)


def cdnow(path: Path) -> Summary:
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    days = np.array([f"{row[1][:4]}-{row[1][4:6]}-{row[1][6:]}" for row in rows], dtype="datetime64[D]")
    amounts = np.array([row[3] for row in rows], dtype=float)
    return summarise(
        purchase_days(np.array([int(row[0]) for row in rows]), days, amounts, refunds="count"), end=date(1997, 9, 30)
    )


def report(name: str, ours: float, theirs: float) -> None:
    print(f"{name:<44}{ours * 1e3:10.2f} ms {theirs * 1e3:10.1f} ms {theirs / ours:8.0f} x")


def against_lifetimes(summary: Summary) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import lifetimes  # noqa: PLC0415

        history = summary.frequency, summary.recency, summary.age
        spent = (summary.frequency > 0) & (np.nan_to_num(summary.value) > 0)
        bgf, ggf, pareto = lifetimes.BetaGeoFitter(), lifetimes.GammaGammaFitter(), lifetimes.ParetoNBDFitter()

        def fit_both() -> None:
            bgf.fit(*history)
            ggf.fit(summary.frequency[spent], summary.value[spent])

        def fit_ours() -> None:
            MODELS["bgnbd"].fit(merged(*history))
            gammagamma.fit(gammagamma.spending(summary.frequency, summary.value))

        report("fit BG/NBD and Gamma-Gamma, merging included", best_seconds(fit_ours), best_seconds(fit_both, 3))
        ours, theirs = (
            best_seconds(lambda: MODELS["bgnbd"].fit(merged(*history))),
            best_seconds(lambda: bgf.fit(*history), 3),
        )
        report("  of which BG/NBD", ours, theirs)
        report(
            "fit Pareto/NBD",
            best_seconds(lambda: MODELS["paretonbd"].fit(merged(*history)), 3),
            best_seconds(lambda: pareto.fit(*history), 1),
        )
        bg = MODELS["bgnbd"].fit(merged(*history)).parameters
        gg = gammagamma.fit(gammagamma.spending(summary.frequency, summary.value)).parameters
        value = np.nan_to_num(summary.value)
        report(
            "value of the next twelve months of everyone",
            best_seconds(
                lambda: (
                    MODELS["bgnbd"].residual_transactions(bg, *history, 0.0023, 52.0)
                    * gammagamma.expected_value(gg, summary.frequency, value)
                )
            ),
            best_seconds(
                lambda: ggf.customer_lifetime_value(
                    bgf, *(pd.Series(part) for part in (*history, value)), time=12, freq="W"
                ),
                3,
            ),
        )
        for name, fitter in (("bgnbd", bgf), ("paretonbd", pareto)):
            model = MODELS[name]
            fit = model.fit(merged(*history))
            ours = best_seconds(lambda m=model, f=fit: m.expected_purchases(f.parameters, *history, 52.0))
            theirs = best_seconds(
                lambda f=fitter: f.conditional_expected_number_of_purchases_up_to_time(52.0, *history), 3
            )
            report(f"purchases in a year of everyone, {name}", ours, theirs)
            expected = fitter.conditional_expected_number_of_purchases_up_to_time(52.0, *history)
            off = np.abs(
                np.asarray(expected) / model.expected_purchases(np.array(list(fitter.params_)), *history, 52.0) - 1
            )
            print(f"    largest relative difference at their parameters {np.nanmax(off):.1e}")
            print(
                f"    ours {np.round(fit.parameters, 6).tolist()}, theirs {[round(float(p), 6) for p in fitter.params_]}"
            )


def growth() -> None:
    print(
        f"\n{'customers':>10} {'rows':>9} {'merge s':>9} {'BG s':>8} {'Pareto s':>9} {'GG rows':>9} {'GG s':>8} {'score s':>8} {'us a row':>9} {'peak GB':>8}"
    )
    for customers in (62_500, 250_000, 1_000_000):
        rng = np.random.default_rng(2026)
        x, recency, age = buy_till_dropout(TRUE, customers, rng, weeks=104)
        recency = np.where(x > 0, np.ceil(recency * 7) / 7, 0.0)
        value = np.rint(spend((6.0, 3.8, 15.0), x, rng))
        begin = time.perf_counter()
        rows = merged(x, recency, age)
        at_merge = time.perf_counter()
        fit = MODELS["bgnbd"].fit(rows)
        at_bg = time.perf_counter()
        MODELS["paretonbd"].fit(rows)
        at_pareto = time.perf_counter()
        data = gammagamma.spending(x, np.maximum(value, 1))
        spending = gammagamma.fit(data)
        at_gg = time.perf_counter()
        worth = MODELS["bgnbd"].residual_transactions(fit.parameters, x, recency, age, 0.0018)
        worth *= gammagamma.expected_value(spending.parameters, x, value)
        at_end = time.perf_counter()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        score = at_end - at_gg
        per_row = (at_bg - begin + score) / len(rows.weight) * 1e6
        print(
            f"{customers:>10,} {len(rows.weight):>9,} {at_merge - begin:>9.3f} {at_bg - at_merge:>8.3f} {at_pareto - at_bg:>9.2f} "
            f"{len(data.weight):>9,} {at_gg - at_pareto:>8.3f} {score:>8.3f} {per_row:>9.2f} {peak:>8.2f}"
        )


def main() -> None:
    package = find_spec("lifetimes")
    assert package is not None
    assert package.origin is not None
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(package.origin).parent / "datasets" / "CDNOW_master.txt"
    summary = cdnow(given)
    print(
        f"{len(summary.customers):,} customers, {len(summary.rows.weight):,} different histories; best of several; ours, lifetimes, ratio"
    )
    against_lifetimes(summary)
    growth()


if __name__ == "__main__":
    main()
