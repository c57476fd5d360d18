"""The generated trade has the shapes that were measured on real records; each tolerance stands in the test."""

import numpy as np
import pytest
from rough_costing import gini

from klantwaarde.example import build_example, shapes


@pytest.fixture(scope="module", params=[20251231, 1, 2])
def trade(request):
    """Lines and invoices of the customers that count, for the shipped example and two others."""
    example = build_example(seed=request.param)
    master = example["customers"].set_index("customer_id")
    lines = example["invoice_lines"]
    lines = lines[~lines["customer_id"].map(master["excluded"]).astype(bool)]
    sold = lines[lines["quantity"] > 0]
    invoices = sold.groupby("invoice_id").agg(
        customer=("customer_id", "first"),
        date=("invoice_date", "first"),
        value=("net_amount", "sum"),
        lines=("net_amount", "size"),
    )
    return lines, invoices


def regulars(invoices, year=2025):
    own = invoices[invoices["date"].dt.year == year]
    count = own.groupby("customer").size()
    return own[own["customer"].isin(count.index[count >= 4])]


def test_order_values_spread_within_a_customer_as_measured(trade):
    own = regulars(trade[1])
    logs = np.log(own["value"])
    within = logs - logs.groupby(own["customer"]).transform("mean")
    spread = np.sqrt((within**2).sum() / (len(own) - own["customer"].nunique()))
    assert spread == pytest.approx(shapes.ORDER_VALUE_LOG_SD_WITHIN, abs=0.10)


def test_order_values_spread_over_customers_as_measured(trade):
    own = regulars(trade[1])
    means = np.log(own["value"]).groupby(own["customer"]).mean()
    assert means.std() == pytest.approx(shapes.ORDER_VALUE_LOG_SD_BETWEEN, abs=0.12)


def test_some_customers_order_far_more_often_than_others_as_measured(trade):
    own = trade[1][trade[1]["date"].dt.year == 2025]
    assert gini(own.groupby("customer").size()) == pytest.approx(shapes.ORDERS_GINI, abs=0.07)


def test_customers_with_more_orders_have_somewhat_larger_ones(trade):
    own = trade[1][trade[1]["date"].dt.year == 2025].groupby("customer")["value"]
    together = np.corrcoef(np.log(own.size()), np.log(own.mean()))[0, 1]
    assert together == pytest.approx(shapes.ORDERS_VALUE_CORRELATION, abs=0.20)


def test_lines_per_order_vary_as_measured_and_grow_with_the_value(trade):
    lines, value = trade[1]["lines"], trade[1]["value"]
    assert lines.std() / lines.mean() == pytest.approx(shapes.LINES_VARIATION, abs=0.20)
    assert np.corrcoef(np.log(lines), np.log(value))[0, 1] == pytest.approx(shapes.LINES_VALUE_CORRELATION, abs=0.10)


def test_revenue_is_as_concentrated_as_measured(trade):
    own = regulars(trade[1])
    revenue = own.groupby("customer")["value"].sum().sort_values(ascending=False)
    assert gini(revenue) == pytest.approx(shapes.REVENUE_GINI, abs=0.07)
    largest = revenue.head(round(len(revenue) * 0.2)).sum() / revenue.sum()
    assert largest == pytest.approx(shapes.REVENUE_TOP_FIFTH, abs=0.08)


def test_the_months_move_half_as_much_as_measured(trade):
    per_month = trade[1].groupby(trade[1]["date"].dt.month).size()
    swing = np.log(per_month / per_month.mean())
    measured = np.log(np.array(shapes.MONTH_INDEX))
    assert np.corrcoef(swing, measured)[0, 1] > 0.85
    assert swing.std() / measured.std() == pytest.approx(0.5, abs=0.12)


def test_as_much_is_credited_as_measured(trade):
    lines = trade[0]
    credited = lines[lines["quantity"] < 0]
    assert len(credited) / len(lines) == pytest.approx(shapes.CREDIT_LINE_SHARE, abs=0.006)
    sold = lines.loc[lines["quantity"] > 0, "net_amount"].sum()
    assert -credited["net_amount"].sum() / sold == pytest.approx(shapes.CREDIT_VALUE_SHARE, abs=0.008)


def test_as_many_regulars_are_lost_in_half_a_year_as_measured(trade):
    own = trade[1][trade[1]["date"].dt.year == 2025]
    first, second = own[own["date"].dt.month <= 6], own[own["date"].dt.month > 6]
    count = first.groupby("customer").size()
    busy = set(count.index[count >= 4])
    lost = len(busy - set(second["customer"])) / len(busy)
    assert lost == pytest.approx(shapes.LOST_PER_HALF_YEAR, abs=0.045)


def test_as_many_new_customers_order_again_as_measured(trade):
    orders = trade[1].groupby("customer").agg(first=("date", "min"), count=("date", "size"))
    new = orders[(orders["first"].dt.year == 2025) & (orders["first"].dt.month <= 8)]
    assert len(new) >= 10
    assert (new["count"] > 1).mean() == pytest.approx(shapes.REPEAT_SHARE, abs=0.15)
