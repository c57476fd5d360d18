"""Every story can be found in the figures, in the shipped example and in another one."""

import numpy as np
import pytest
from rough_costing import GROUP_BRANCHES, customer_results, minutes, of_year, rate_per_minute

from klantwaarde.example import STORIES, build_example

WHO = {story.id: story.customer_id for story in STORIES}


@pytest.fixture(scope="module", params=[20251231, 7])
def told(request):
    example = build_example(seed=request.param)
    return example, customer_results(example), customer_results(example, 2024)


def per_order(example, customer, year, activity=None):
    """Minutes (or times one activity was done) per order of a customer."""
    work = minutes(example, year)
    own = work[work["customer_id"] == customer]
    orders = own.loc[own["activity_id"].isin(["order_phone", "order_web"]), "quantity"].sum()
    if activity is None:
        return own["minutes"].sum() / orders
    return own.loc[own["activity_id"] == activity, "quantity"].sum() / orders


def order_values(example, customer):
    lines = example["invoice_lines"]
    own = lines[(lines["customer_id"] == customer) & (lines["quantity"] > 0)]
    return own.groupby("order_id").agg(date=("invoice_date", "first"), value=("net_amount", "sum"))


def test_there_is_one_story_per_customer_and_each_is_told_in_both_languages(told):
    assert len(set(WHO.values())) == len(STORIES) == 7
    assert all(story.nl and story.en and story.nl != story.en for story in STORIES)
    assert set(WHO.values()) <= set(told[0]["customers"]["customer_id"])


def test_the_loss_maker_is_among_the_five_largest_and_loses_most_of_all(told):
    example, results, _ = told
    who = WHO["loss_maker"]
    assert who in results["revenue"].nlargest(5).index
    assert results["result"].idxmin() == who
    assert results.loc[who, "result"] < -40_000
    everyone = results["revenue"].sum() / len(
        example["invoice_lines"].query("quantity > 0 and invoice_date >= '2025-01-01'")["order_id"].unique()
    )
    assert order_values(example, who)["value"].mean() < 0.8 * everyone
    for activity in ("quote", "rush_order"):
        volumes = of_year(example, "activity_volumes", 2025)
        asked = volumes[volumes["activity_id"] == activity].groupby("customer_id")["quantity"].sum()
        assert asked.idxmax() == who


def test_the_slow_payer_pays_weeks_late_and_is_one_of_the_most_valuable(told):
    example, results, _ = told
    who = WHO["slow_payer"]
    items = example["receivables"]
    paid = items[(items["customer_id"] == who) & items["paid_date"].notna() & (items["amount"] > 0)]
    assert (paid["paid_date"] - paid["due_date"]).dt.days.mean() > 25
    assert who in results["result"].nlargest(5).index
    volumes = of_year(example, "activity_volumes", 2025)
    reminded = volumes[volumes["activity_id"] == "reminder"].set_index("customer_id")["quantity"]
    assert reminded[who] > reminded.quantile(0.9)


def test_the_drifting_customer_changed_contact_and_then_cost_more_time_for_smaller_orders(told):
    example, results, before = told
    who = WHO["drifting"]
    events = example["events"]
    change = events[(events["customer_id"] == who) & (events["kind"] == "contact_change")]["date"].item()
    orders = order_values(example, who)
    earlier, later = orders[orders["date"] < change], orders[orders["date"] >= change]
    assert change.year == 2025
    assert later["value"].mean() < 0.7 * earlier["value"].mean()
    assert per_order(example, who, 2025) > 1.5 * per_order(example, who, 2024)
    assert per_order(example, who, 2025, "complaint") > per_order(example, who, 2024, "complaint")
    lines = example["invoice_lines"][lambda f: f["customer_id"] == who]
    credited = (lines["quantity"] < 0).groupby(lines["invoice_date"].dt.year).mean()
    assert credited[2025] > credited[2024]
    assert results.loc[who, "result"] < 0.6 * before.loc[who, "result"]


def test_the_quiet_earner_is_small_and_earns_well(told):
    _, results, _ = told
    own = results.loc[WHO["quiet_earner"]]
    assert own["revenue"] < results["revenue"].median() * 1.2
    assert own["result"] / own["revenue"] > 0.20
    assert (results["result"] < own["result"]).mean() > 0.5


def test_the_lost_customer_bought_regularly_and_stopped_in_2025(told):
    example, _, _ = told
    orders = order_values(example, WHO["lost"])
    gaps = orders["date"].sort_values().diff().dt.days.dropna()
    assert len(orders[orders["date"].dt.year == 2024]) >= 30
    assert orders["date"].max() < np.datetime64("2025-07-01")
    assert (np.datetime64("2025-12-31") - orders["date"].max()).days > 10 * gaps.median()
    events = example["events"].set_index("customer_id")
    assert "left" in set(events.loc[[WHO["lost"]], "kind"])


def test_the_new_customer_was_bought_with_discounts(told):
    example, results, before = told
    who = WHO["bought_with_discount"]
    assert who not in before.index
    lines = of_year(example, "invoice_lines", 2025)
    own = lines[lines["customer_id"] == who]
    normal = lines["discount"].sum() / lines["list_amount"].sum()
    assert own["discount"].sum() / own["list_amount"].sum() > 1.6 * normal
    costs = example["customer_costs"]
    assert {"acquisition", "onboarding", "gift"} <= set(costs.loc[costs["customer_id"] == who, "kind"])
    assert results.loc[who, "result"] < 0


def test_the_group_is_in_the_top_three_only_together(told):
    example, results, _ = told
    master = example["customers"].set_index("customer_id")
    branches = [WHO["group"], *master.index[master["parent_id"] == WHO["group"]]]
    assert branches == GROUP_BRANCHES
    revenue = results["revenue"].sort_values(ascending=False)
    assert revenue[branches].max() < revenue.iloc[10]
    assert revenue[branches].sum() > revenue.drop(branches).iloc[2]


def test_inside_sales_works_over_capacity_and_transport_has_unused_capacity(told):
    example, _, _ = told
    capacity = example["cost_pools"].set_index("pool_id")["capacity"].dropna()
    use = minutes(example, 2025).groupby("pool")["minutes"].sum() / capacity
    assert 1.0 < use["BD"] < 1.06
    assert 0.65 < use["TRA"] < 0.75
    assert use.drop(["BD", "TRA"]).between(0.80, 0.95).all()


def test_the_whale_curve_peaks_between_130_and_180_percent_and_a_fifth_or_so_loses_money(example):
    results = customer_results(example)["result"].sort_values(ascending=False)
    assert 1.3 < results.cumsum().max() / results.sum() < 1.8
    assert 0.15 < (results < 0).mean() < 0.30


def test_what_a_minute_costs_is_that_of_a_dutch_wholesaler(example):
    assert rate_per_minute(example, 2025).between(0.8, 1.6).all()


def test_new_customers_were_won_with_visits_and_several_quotes_each(example):
    first = example["invoice_lines"].groupby("customer_id")["invoice_date"].min()
    events = example["events"]
    won = events[events["kind"] == "quote_won"].set_index("customer_id")["date"]
    assert (first[won.index] > won).all()
    year = of_year(example, "events", 2025)["kind"].value_counts()
    assert 20 <= year["quote_won"] <= 25
    assert 0.3 < year["quote_won"] / (year["quote_won"] + year["quote_lost"]) < 0.4
    assert 2 < year["visit"] / year["quote_won"] < 6
