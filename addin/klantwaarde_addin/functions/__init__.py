"""The Excel functions as Python functions: ``klantwaarde_addin.functions.allocate(100, [1, 1, 1])``.

They take numbers, lists, rows, numpy arrays, pandas Series and DataFrames, and give plain values back in the same
form. Nothing here needs Excel or xlwings.
"""

from klantwaarde_addin.functions.costs import (
    activity_minutes,
    allocate,
    allocate_support,
    capacity_rate,
    dual_rate,
    unused_capacity,
)
from klantwaarde_addin.functions.lifetime import (
    clv,
    clv_cashflows,
    clv_potential,
    customer_equity,
    equity_bridge,
    margin_multiple,
    retention_needed,
)
from klantwaarde_addin.functions.planning import (
    acquisition_cost,
    budget_for_customers,
    customers_for_budget,
    new_customers_needed,
    npv_investment,
    reactivation_value,
)
from klantwaarde_addin.functions.profit import (
    abc_class,
    break_even_price,
    gini,
    hhi,
    price_volume_mix,
    pyramid_tier,
    volume_for_discount,
    whale_curve,
)
from klantwaarde_addin.functions.purchase_models import (
    bgbb_fit,
    bgnbd_fit,
    expected_purchases,
    expected_value,
    gamma_gamma_fit,
    p_alive,
    paretonbd_fit,
    rfm,
    sbg_fit,
    sbg_survival,
)

__all__ = [
    "abc_class",
    "acquisition_cost",
    "activity_minutes",
    "allocate",
    "allocate_support",
    "bgbb_fit",
    "bgnbd_fit",
    "break_even_price",
    "budget_for_customers",
    "capacity_rate",
    "clv",
    "clv_cashflows",
    "clv_potential",
    "customer_equity",
    "customers_for_budget",
    "dual_rate",
    "equity_bridge",
    "expected_purchases",
    "expected_value",
    "gamma_gamma_fit",
    "gini",
    "hhi",
    "margin_multiple",
    "new_customers_needed",
    "npv_investment",
    "p_alive",
    "paretonbd_fit",
    "price_volume_mix",
    "pyramid_tier",
    "reactivation_value",
    "retention_needed",
    "rfm",
    "sbg_fit",
    "sbg_survival",
    "unused_capacity",
    "volume_for_discount",
    "whale_curve",
]
