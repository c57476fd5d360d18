"""What must hold for every company: the ledger ties, and neither the order nor the splitting of rows matters."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import klantwaarde as kw
from klantwaarde import Outcome

PROPERTY = settings(max_examples=10, suppress_health_check=list(HealthCheck))
YEARS = {"period_start": "2025-01-01", "period_end": "2025-12-31", "idle_pool": "unused"}
COST_KINDS = ["discount", "bonus", "gift", "freight", "bad_debt"]


def random_company(seed: int) -> dict[str, pd.DataFrame]:
    """A company with everything in it: two years, credit notes, unknown customers, loops of support, equations."""
    draw = np.random.default_rng(seed)
    customers = [f"K{place:03d}" for place in range(draw.integers(1, 9))]
    buyers = [*customers, "X999", None]
    tables = {
        "customers": _customers(draw, customers),
        "invoice_lines": _lines(draw, buyers),
        "cost_pools": _pools(draw),
        "pool_shares": _shares(draw),
        "activities": _activities(),
        "activity_volumes": _volumes(draw, customers),
        "customer_costs": _costs(draw, customers),
    }
    tables["ledger"] = _ledger(draw, tables)
    return tables


def _customers(draw: np.random.Generator, customers: list[str]) -> pd.DataFrame:
    n = len(customers)
    return pd.DataFrame(
        {
            "customer_id": customers, "channel": draw.choice(["web", "shop"], n), "segment": draw.choice(["S", None], n),
            "parent_id": [customers[draw.integers(n)] if draw.random() < 0.3 else None for _ in range(n)],
            "excluded": draw.choice(["ja", "nee"], n, p=[0.2, 0.8]),
        }
    )  # fmt: skip


def _lines(draw: np.random.Generator, buyers: list[str | None]) -> pd.DataFrame:
    n = int(draw.integers(4, 60))
    net = np.round(draw.lognormal(5, 1, n) * draw.choice([1, 1, 1, -1], n), 2)
    return pd.DataFrame(
        {
            "invoice_id": [f"F{place}" for place in range(n)],
            "invoice_date": pd.to_datetime(["2025-01-01", "2024-07-01"] + ["2025-08-01"] * (n - 2)),
            "customer_id": [buyers[at] for at in draw.integers(0, len(buyers), n)],
            "product_id": draw.choice(["P1", "P2"], n), "quantity": np.sign(net) * draw.integers(1, 9, n),
            "discount": np.where(draw.random(n) < 0.5, np.round(net * 0.1, 2), np.nan), "net_amount": net,
            "cost_amount": np.round(net * 0.7, 2),
        }
    )  # fmt: skip


def _pools(draw: np.random.Generator) -> pd.DataFrame:
    kinds = {"ict": "support", "hr": "support", "desk": "operating", "store": "operating", "admin": "operating",
             "spare": "operating", "web": "channel", "board": "corporate", "rent": "outside"}  # fmt: skip
    return pd.DataFrame(
        {
            "pool_id": list(kinds), "kind": list(kinds.values()),
            "capacity": [60.0, None, float(draw.integers(50, 5000)), None, None, None, None, None, None],
        }
    )  # fmt: skip


def _shares(draw: np.random.Generator) -> pd.DataFrame:
    takers = ["hr", "desk", "store", "web", "board", "rent", "ict", "desk", "desk"]
    rows: list[dict[str, Any]] = [
        {"from_pool": "ict", "to_pool": to, "driver_quantity": float(draw.integers(1, 20)) / 3} for to in takers
    ]
    rows += [{"from_pool": "hr", "to_pool": to, "share": 0.25} for to in ("ict", "desk", "store", "admin")]
    return pd.DataFrame(rows)


def _activities() -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"activity_id": "order", "pool_id": "desk", "time_equation": "2 + 0.3*lines + if(rush>0;5;0)"},
            {"activity_id": "quote", "pool_id": "desk", "minutes": 7.7},
            {"activity_id": "pick", "pool_id": "store", "minutes": 0.1},
            {"activity_id": "invoice", "pool_id": "admin", "share": 0.6},
            {"activity_id": "remind", "pool_id": "admin", "share": 0.3},
        ]
    )


def _volumes(draw: np.random.Generator, customers: list[str]) -> pd.DataFrame:
    rows = [
        {
            "customer_id": customer, "activity_id": activity, "period": period, "quantity": float(draw.integers(0, 40)) / 4,
            "lines": float(draw.integers(0, 9)), "rush": float(draw.integers(0, 2)),
        }
        for customer in [*customers, "X999"]
        for activity in ("order", "quote", "pick", "invoice", "remind")
        for period in ("2024", "2025-01", "2025-02")
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _costs(draw: np.random.Generator, customers: list[str]) -> pd.DataFrame:
    n = int(draw.integers(1, 20))
    return pd.DataFrame(
        {
            "customer_id": draw.choice(customers, n), "date": pd.to_datetime(draw.choice(["2025-02-01", "2024-02-01"], n)),
            "kind": draw.choice(COST_KINDS, n), "amount": np.round(draw.normal(50, 40, n), 2),
        }
    )  # fmt: skip


def _ledger(draw: np.random.Generator, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    for year in (2024, 2025):
        lines = tables["invoice_lines"][tables["invoice_lines"]["invoice_date"].dt.year == year]
        costs = tables["customer_costs"][tables["customer_costs"]["date"].dt.year == year]
        rows.append(("8000", f"{year}", -lines["net_amount"].sum().round(2), "direct", "revenue", ""))
        rows.append(("7000", f"{year}", lines["cost_amount"].sum().round(2), "direct", "cost_of_goods", ""))
        rows += [
            (f"49{kind}", f"{year}", round(amount, 2), "direct", kind, "")
            for kind, amount in costs.groupby("kind")["amount"].sum().items()
        ]
        for pool in tables["cost_pools"]["pool_id"]:
            for account in ("4000", "4100", "4200"):
                amount = round(float(draw.normal(900, 500)), 2)
                rows.append((account, f"{year}-0{draw.integers(1, 9)}", amount, "pool", None, pool))
        rows += [("5000", f"{year}", 77.77, "channel", "web", ""), ("6000", f"{year}-Q2", 55.05, "corporate", None, "")]
        rows.append(("9000", f"{year}", -12.34, "outside", None, ""))
    names = ["account", "period", "amount", "treatment", "target", "cost_center"]
    frame = pd.DataFrame(rows, columns=names)
    words = {"4000": "Salarissen", "4100": "Huur", "4200": "Software"}
    return frame.assign(description=frame["account"].map(words).fillna("Overig"))


def analysed(tables: dict[str, pd.DataFrame], **more: object) -> Outcome:
    return kw.analyse(kw.tables_from(tables), YEARS | more)


def cents(amounts: pd.Series) -> int:
    return sum(round(amount * 100) for amount in amounts)


seeds = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize("method", ["reciprocal", "step-down", "direct"])
@PROPERTY
@given(seed=seeds)
def test_every_euro_of_the_ledger_has_one_place(method: str, seed: int) -> None:
    tables = random_company(seed)
    outcome = analysed(tables, support_method=method)
    assert outcome.ok, outcome.checks[outcome.checks["status"] == "failed"]
    ledger = tables["ledger"][tables["ledger"]["period"].str.startswith("2025")]
    above = outcome.results["ledger_reconciliation"].iloc[-1][["unused", "channel", "corporate", "outside"]]
    assert -cents(ledger["amount"]) == cents(outcome.results["customer_pl"]["customer_result"]) + cents(above)


@PROPERTY
@given(seed=seeds)
def test_the_order_of_rows_changes_no_bit_of_any_result(seed: int) -> None:
    tables = random_company(seed)
    shuffled = {name: frame.sample(frac=1, random_state=seed % 999) for name, frame in tables.items()}
    first, second = analysed(tables), analysed(shuffled)
    keys = {"cost_inventory": ["treatment", "target"], "segment_pl": ["dimension", "key"]}
    for name, frame in first.results.items():
        other = second.results[name]
        by = keys.get(name, [*frame.columns[:1]])  # a result that says nothing has no columns
        pd.testing.assert_frame_equal(
            frame.sort_values(by, ignore_index=True),
            other[frame.columns].sort_values(by, ignore_index=True),
            check_exact=True,
        )


@PROPERTY
@given(seed=seeds)
def test_splitting_lines_and_volumes_in_two_rows_changes_nothing(seed: int) -> None:
    tables = random_company(seed)
    first = analysed(tables)
    tables["invoice_lines"]["product_id"] = "P1"
    split = dict(tables)
    lines = tables["invoice_lines"]
    part = lines.copy()
    for column in ("net_amount", "cost_amount", "discount", "quantity"):
        part[column] = (lines[column] / 3).round(2)
        lines = lines.assign(**{column: (lines[column] - part[column]).round(2)})
    split["invoice_lines"] = pd.concat([lines, part], ignore_index=True)
    volumes = tables["activity_volumes"]
    halves = [volumes.assign(quantity=volumes["quantity"] * share) for share in (0.25, 0.75)]
    split["activity_volumes"] = pd.concat(halves, ignore_index=True)
    second = analysed(split)
    pd.testing.assert_frame_equal(first.results["customer_pl"], second.results["customer_pl"], check_exact=True)


@PROPERTY
@given(seed=seeds)
def test_a_refund_is_a_sale_with_the_sign_turned(seed: int) -> None:
    tables = random_company(seed)
    sold = kw.analyse(kw.tables_from({name: tables[name] for name in ("customers", "invoice_lines")}))
    money = ["discount", "net_amount", "cost_amount", "quantity"]
    turned = tables["invoice_lines"].assign(**{name: -tables["invoice_lines"][name] for name in money})
    refunded = kw.analyse(kw.tables_from({"customers": tables["customers"], "invoice_lines": turned}))
    for line in ("list_revenue", "discount", "net_revenue", "cost_of_goods", "customer_result"):
        assert (refunded.results["customer_pl"][line] == -sold.results["customer_pl"][line]).all()


@PROPERTY
@given(seed=seeds)
def test_ten_times_the_ledger_is_ten_times_every_cost_within_a_cent(seed: int) -> None:
    tables = random_company(seed)
    first = analysed(tables)
    tables["ledger"] = tables["ledger"].assign(amount=tables["ledger"]["amount"] * 10)
    second = analysed(tables)
    use = first.results["capacity"]["utilisation"].max()
    handlings = ["order", "quote", "pick", "invoice", "remind"]
    small, large = (o.results["customer_pl"][handlings] for o in (first, second))
    # the pool and the cell are each cut to a cent; a pool that is used three times over passes its cent on three times
    assert (large / 10 - small).abs().max().max() <= 0.011 + 0.01 * max(use, 1)


@PROPERTY
@given(seed=seeds)
def test_groups_elements_bridge_and_rankings_add_up(seed: int) -> None:
    outcome = analysed(random_company(seed))
    results = outcome.results
    total = cents(results["customer_pl"]["customer_result"])
    for _, group in results["segment_pl"].groupby("dimension"):
        assert cents(group["customer_result"]) == total
    elements = results["customer_elements"]
    parts = elements.drop(columns=["customer_id", "cost_to_serve"])
    for row, whole in zip(parts.to_numpy(), elements["cost_to_serve"], strict=True):
        assert cents(row) == round(whole * 100)
    bridge = results["result_bridge"]["amount"]
    assert cents(bridge.iloc[:-1]) == round(bridge.iloc[-1] * 100) == total
    curve = results["whale_curve"]
    ranked = results["customer_pl"].query("not excluded")
    assert cents(curve["customer_result"]) == cents(ranked["customer_result"])


@PROPERTY
@given(seed=seeds, data=st.data())
def test_the_trace_of_any_figure_adds_up_to_the_figure(seed: int, data: st.DataObject) -> None:
    outcome = analysed(random_company(seed))
    frame = outcome.results["customer_pl"].set_index("customer_id")
    figures = [name for name in frame if frame[name].dtype.kind == "f" and name != "result_margin"]
    customer, figure = data.draw(st.sampled_from(list(frame.index))), data.draw(st.sampled_from(figures))
    traced = kw.trace_customer(outcome, customer, figure)
    assert cents(traced["amount"]) == round(frame.loc[customer, figure] * 100)


@PROPERTY
@given(seed=seeds)
def test_the_trace_of_an_account_adds_up_to_the_account(seed: int) -> None:
    tables = random_company(seed)
    outcome = analysed(tables)
    booked = tables["ledger"][tables["ledger"]["period"].str.startswith("2025")]
    for account in ("4000", "4100", "4200"):
        traced = kw.trace_account(outcome, account)
        assert cents(traced["amount"]) == cents(booked.loc[booked["account"] == account, "amount"])
        assert set(traced["destination"]) <= {"customer", "unused", "channel", "corporate", "outside"}
