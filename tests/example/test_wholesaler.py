"""The tables are as declared, tie to each other to the cent, and are the same every time."""

import datetime as dt

import pandas as pd
import pytest
from rough_costing import of_year

from klantwaarde.example import build_example
from klantwaarde.tables.catalogue import INPUT_TABLES, TABLE


def cents(amounts):
    """Whole cents, by text and not by multiplication."""
    return sum(int(f"{amount:.2f}".replace(".", "")) for amount in amounts)


def ledger_cents(example, year, target):
    ledger = of_year(example, "ledger", year)
    return cents(ledger.loc[(ledger["treatment"] == "direct") & (ledger["target"] == target), "amount"])


def test_every_declared_table_is_there_except_the_mapping_that_the_ledger_makes_needless(example):
    assert set(example) == {table.id for table in INPUT_TABLES} - {"mapping"} | {"settings"}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_columns_are_declared_choices_are_canonical_and_required_ones_are_filled(language):
    for name, frame in build_example(language=language).items():
        declared = TABLE[name].by_id
        extra = set(frame.columns) - set(declared)
        assert extra == ({"cutting", "labels"} if name == "activity_volumes" else set())
        for column in TABLE[name].required:
            assert frame[column].notna().all(), (name, column)
        for column in frame.columns.intersection([c.id for c in TABLE[name].columns if c.kind == "choice"]):
            assert set(frame[column].dropna()) <= {choice.id for choice in declared[column].choices}
        if TABLE[name].keys:
            assert not frame.duplicated(list(TABLE[name].keys)).any(), name


def test_every_id_that_is_referred_to_exists(example):
    customers, pools = set(example["customers"]["customer_id"]), set(example["cost_pools"]["pool_id"])
    for name in ("invoice_lines", "activity_volumes", "customer_costs", "receivables", "value_scores", "events"):
        assert set(example[name]["customer_id"]) <= customers, name
    assert set(example["hours"]["customer_id"].dropna()) <= customers
    assert set(example["customers"]["parent_id"].dropna()) <= customers
    assert set(example["invoice_lines"]["product_id"]) <= set(example["products"]["product_id"])
    assert set(example["activities"]["pool_id"]) <= pools
    assert set(example["activity_volumes"]["activity_id"]) == set(example["activities"]["activity_id"])
    assert set(example["pool_shares"][["from_pool", "to_pool"]].melt()["value"]) <= pools
    ledger = example["ledger"]
    assert set(ledger.loc[ledger["treatment"] == "pool", "target"]) <= pools
    assert set(ledger.loc[ledger["treatment"] == "channel", "target"]) <= set(example["customers"]["channel"])
    assert set(example["customer_costs"]["account"]) <= set(ledger["account"])


@pytest.mark.parametrize("year", [2024, 2025])
def test_the_ledger_ties_to_the_lines_to_the_cent(example, year):
    lines = of_year(example, "invoice_lines", year)
    assert ledger_cents(example, year, "revenue") == -cents(lines["list_amount"])
    assert ledger_cents(example, year, "discount") == cents(lines["discount"])
    assert ledger_cents(example, year, "cost_of_goods") == cents(lines["cost_amount"])


@pytest.mark.parametrize("year", [2024, 2025])
def test_the_ledger_ties_to_customer_costs_per_kind_and_account(example, year):
    costs = of_year(example, "customer_costs", year)
    ledger = of_year(example, "ledger", year).set_index("account")["amount"]
    for (kind, account), part in costs.groupby(["kind", "account"]):
        assert ledger_cents(example, year, kind) == cents(part["amount"]) == cents([ledger[account]])
    unused = set(example["customer_costs"]["kind"]) - set(costs["kind"])
    assert all(ledger_cents(example, year, kind) == 0 for kind in unused)


def test_every_line_adds_up_and_prices_are_those_of_the_range(example):
    lines = of_year(example, "invoice_lines", 2025).merge(example["products"], on="product_id")
    sold = lines[lines["quantity"] > 0]  # a credit note may correct a line at the prices of 2024
    for line in sold.head(3000).itertuples():
        assert cents([line.list_amount]) - cents([line.discount]) == cents([line.net_amount])
        assert line.list_amount == pytest.approx(line.quantity * line.list_price, abs=0.004)
        assert line.cost_amount == pytest.approx(line.quantity * line.unit_cost, abs=0.004)


def test_a_credit_note_corrects_an_earlier_line_at_its_own_price(example):
    lines = example["invoice_lines"]
    sold, notes = lines[lines["quantity"] > 0], lines[lines["quantity"] < 0]
    pairs = notes.merge(sold, on=["order_id", "product_id"], suffixes=("", "_sold"))
    same = (pairs["list_amount"] / pairs["quantity"] - pairs["list_amount_sold"] / pairs["quantity_sold"]).abs() < 1e-9
    assert same.all()
    assert set(pairs["invoice_id"]) == set(notes["invoice_id"])
    assert (pairs["invoice_date"] > pairs["invoice_date_sold"]).all()


def test_quantities_are_whole_and_credit_notes_negative_throughout(example):
    lines = example["invoice_lines"]
    assert lines["quantity"].dtype == "int64"
    assert (lines["quantity"] != 0).all()
    notes = lines[lines["quantity"] < 0]
    assert len(notes) > 200
    assert not lines.duplicated(["invoice_id", "product_id"]).any()
    assert (notes[["list_amount", "net_amount"]] < 0).all(axis=None)
    assert (notes["discount"] <= 0).all()
    assert notes[["invoice_id", "customer_id"]].drop_duplicates()["invoice_id"].is_unique
    assert set(notes["invoice_id"]).isdisjoint(lines.loc[lines["quantity"] > 0, "invoice_id"])


@pytest.mark.parametrize("year", [2024, 2025])
def test_counts_of_handlings_follow_from_the_documents(example, year):
    lines = of_year(example, "invoice_lines", year)
    volumes = of_year(example, "activity_volumes", year).groupby("activity_id")["quantity"].sum()
    sold, notes = lines[lines["quantity"] > 0], lines[lines["quantity"] < 0]
    assert volumes["order_phone"] + volumes["order_web"] == sold["order_id"].nunique()
    assert volumes["pick_line"] == len(sold)
    assert volumes["invoice"] == lines["invoice_id"].nunique()
    assert volumes["return"] < notes["invoice_id"].nunique() <= volumes["return"] + volumes["complaint"]
    freight = of_year(example, "customer_costs", year)["kind"] == "freight"
    assert volumes["rush_order"] == freight.sum()


def test_reminders_follow_from_what_was_due_and_when_it_was_paid(example):
    reference = pd.Timestamp("2025-12-31")
    items = example["receivables"]
    until = items["paid_date"].fillna(reference)
    expected = 0
    for days in (15, 31, 61):
        on = items["due_date"] + pd.Timedelta(days=days)
        expected += ((on <= until) & (items["amount"] > 0) & (on.dt.year == 2025)).sum()
    volumes = of_year(example, "activity_volumes", 2025)
    assert volumes.loc[volumes["activity_id"] == "reminder", "quantity"].sum() == expected


def test_receivables_are_the_invoices_with_vat_and_open_only_when_unpaid(example):
    items = example["receivables"].set_index("invoice_id")
    net = example["invoice_lines"].groupby("invoice_id")["net_amount"].sum()
    assert set(items.index) == set(net.index)
    assert (items["amount"] - net * 1.21).abs().max() < 0.0051
    paid = items["paid_date"].notna()
    assert (items.loc[paid, "open_amount"].abs() < 0.001).all()
    assert (items.loc[~paid, "open_amount"] - items.loc[~paid, "amount"]).abs().max() < 0.001
    assert (items.loc[paid, "paid_date"] > items.loc[paid, "invoice_date"]).all()
    assert items.loc[paid, "paid_date"].max() <= pd.Timestamp("2025-12-31")
    assert (~paid & (items["due_date"] < pd.Timestamp("2025-12-31"))).sum() > 30


def test_the_company_has_the_intended_size(example):
    lines = of_year(example, "invoice_lines", 2025)
    revenue = lines["net_amount"].sum()
    assert 9e6 < revenue < 12e6
    assert 1 - lines["cost_amount"].sum() / revenue == pytest.approx(0.28, abs=0.01)
    assert len(example["customers"]) == 240
    assert example["customers"]["excluded"].sum() == 2
    assert len(example["products"]) == 400
    assert 23_000 < len(example["invoice_lines"]) < 27_000
    for column, count in (("segment", 4), ("channel", 3), ("region", 5), ("account_manager", 6)):
        assert example["customers"][column].nunique() == count
    assert 30 <= example["ledger"]["account"].nunique() <= 42


@pytest.mark.parametrize("year", [2024, 2025])
def test_the_company_makes_a_small_profit(example, year):
    profit = -of_year(example, "ledger", year)["amount"].sum()
    assert 0 < profit < 0.04 * of_year(example, "invoice_lines", year)["net_amount"].sum()


def test_customers_come_and_go(example):
    lines = example["invoice_lines"]
    active = [set(of_year({"invoice_lines": lines}, "invoice_lines", year)["customer_id"]) for year in (2024, 2025)]
    assert 15 <= len(active[0] - active[1]) <= 40
    assert 15 <= len(active[1] - active[0]) <= 40


def test_shares_of_each_support_pool_are_complete(example):
    keys = example["pool_shares"]
    shares = keys[keys["share"].notna()]
    assert shares.groupby("from_pool")["share"].sum().to_dict() == pytest.approx({"ICT": 1.0})
    assert set(keys["from_pool"]) == {"HR", "ICT", "HUI"}
    assert (keys["share"].isna() != keys["driver_quantity"].isna()).all()


def test_the_settings_name_the_period_and_the_conventions(example):
    settings = example["settings"].set_index("name")["value"]
    assert dt.date.fromisoformat(settings["period_start"]) == dt.date(2025, 1, 1)
    assert settings["period_end"] == settings["reference_date"] == "2025-12-31"
    assert settings["support_method"] == "reciprocal"
    assert (settings["abc_a"], settings["abc_b"]) == ("0.8", "0.95")


def test_the_same_seed_gives_the_same_frames_and_another_seed_others(example):
    again = build_example()
    for name, frame in example.items():
        pd.testing.assert_frame_equal(frame, again[name])
    assert not build_example(seed=1)["invoice_lines"].equals(example["invoice_lines"])


def test_ids_and_numbers_do_not_depend_on_the_language(example):
    english = build_example(language="en")
    for name in set(example) - {"settings"}:
        frame = example[name]
        same = [c.id for c in TABLE[name].columns if c.kind != "text" and c.id in frame] + list(
            frame.columns.difference(list(TABLE[name].by_id))
        )
        pd.testing.assert_frame_equal(frame[same], english[name][same])


@pytest.mark.parametrize(
    ("table", "column"),
    [("customers", "segment"), ("products", "product_group"), ("activities", "name"), ("ledger", "description")],
)
def test_words_are_translated(example, table, column):
    english = build_example(language="en")[table][column]
    assert (english != example[table][column]).mean() > 0.9
    assert set(english).isdisjoint({"Industrie", "Gereedschap", "Offerte maken", "Sociale lasten"})


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="'fr'"):
        build_example(language="fr")
