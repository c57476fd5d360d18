"""The sheets of costing and customer profit."""

from klantwaarde.report.dashboard import comparison_charts, curve_charts
from klantwaarde.report.declared import ResultSpec, SheetSpec

COST_SHEETS = (
    SheetSpec("pools", "Berekening_Kosten", "Calc_Costs", ("support_allocation", "cost_inventory")),
    SheetSpec("handlings", "Berekening_Handelingen", "Calc_Handlings", ("capacity", "service_options", "activity_rates")),
)
PROFIT_SHEETS = (
    SheetSpec("customer_pl", "Uitkomst_KlantPL", "Result_CustomerPL", ("customer_pl",)),
    SheetSpec("groups", "Uitkomst_Groepen", "Result_Groups", ("segment_pl",)),
    SheetSpec("curve", "Uitkomst_Winstcurve", "Result_ProfitCurve", ("concentration", "whale_curve"), curve_charts),
    SheetSpec("price", "Uitkomst_Prijs", "Result_Price", ("price_waterfall",)),
    SheetSpec("elements", "Uitkomst_Kostensoorten", "Result_CostElements", ("customer_elements",)),
    SheetSpec("comparison", "Uitkomst_Vergelijking", "Result_Comparison", ("result_bridge", "period_comparison"), comparison_charts),
    SheetSpec("tie_out", "Uitkomst_Aansluiting", "Result_TieOut", ("ledger_reconciliation",)),
)

_PL = {
    "net_revenue": "{list_revenue}-{discount}-{bonus}",
    "gross_margin": "{net_revenue}-{cost_of_goods}",
    "customer_result": "{gross_margin}-{cost_to_serve}-{direct_cost}",
    "result_margin": 'IF({net_revenue}=0,"",{customer_result}/{net_revenue})',
}
RESULTS = (
    ResultSpec("cost_inventory", totals=("amount", "coverage"), worded=("treatment", "target")),
    ResultSpec(
        "support_allocation", key="pool_id", totals=("own_cost", "support_unused", "total"), worded=("kind",),
        formulas={"total": "{own_cost}+{received}-{passed_on}-{support_unused}"},
    ),
    ResultSpec(
        "capacity", key="pool_id", alarm="unused_cost", totals=("cost", "used_cost", "unused_cost"), worded=("flag",),
        formulas={
            "unused": "{capacity}-{used}", "utilisation": "{used}/{capacity}", "rate": "{cost}/{capacity}",
            "unused_cost": "{cost}-{used_cost}",
        },
    ),
    ResultSpec(
        "activity_rates", key="activity_id", totals=("cost",),
        formulas={"minutes_each": "{minutes}/{quantity}", "price": "{minutes_each}*{rate}"},
    ),
    ResultSpec(
        "service_options", alarm="result", totals=("revenue", "cost_of_goods", "handling_cost", "result"),
        formulas={"result": "{revenue}-{cost_of_goods}-{handling_cost}"}, if_known=("revenue", "cost_of_goods", "result"),
    ),
    ResultSpec("customer_pl", key="customer_id", alarm="customer_result", formulas=_PL),
    ResultSpec(
        "segment_pl", alarm="customer_result", worded=("dimension",),
        formulas={**_PL, "result_after_channel": "{customer_result}-{channel_cost}"},
    ),
    ResultSpec("whale_curve"),
    ResultSpec("concentration", worded=("measure",)),
    ResultSpec("price_waterfall", worded=("step",)),
    ResultSpec("customer_elements", key="customer_id"),
    ResultSpec("result_bridge", worded=("step",)),
    ResultSpec("period_comparison", key="customer_id", alarm="change", worded=("status",)),
    ResultSpec(
        "ledger_reconciliation", alarm="difference", worded=("line",),
        totals=("ledger", "customers", "unused", "channel", "corporate", "outside", "difference"),
        formulas={"difference": "{ledger}-{customers}-{unused}-{channel}-{corporate}-{outside}"},
        relabel={"customers": "at_customers", "unused": "unused_total"},
    ),
)  # fmt: skip
