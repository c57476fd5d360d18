"""The sheets of the customer base: composition, pyramid, dynamics, new, lost, then and now, attention."""

from klantwaarde.report import base_charts as charts
from klantwaarde.report import base_lines as lines
from klantwaarde.report import relation_charts
from klantwaarde.report.declared import ResultSpec, SheetSpec

SHEETS = (
    SheetSpec("base", "Uitkomst_Klantenbestand", "Result_CustomerBase", ("composition", "customer_base"), charts.composition_charts, lines.composition_lines),
    SheetSpec("pyramid", "Uitkomst_Piramide", "Result_Pyramid", ("pyramid", "two_pyramids", "migration", "moved_customers"), charts.pyramid_charts, lines.pyramid_lines),
    SheetSpec("dynamics", "Uitkomst_Dynamiek", "Result_Dynamics", ("flow_trends", "customer_bridge", "base_flow", "cohorts", "survival"), charts.dynamics_charts, lines.dynamics_lines),
    SheetSpec("newcomers", "Uitkomst_Nieuw", "Result_New", ("acquisition_funnel", "acquisition_cost", "newcomer_profile", "relation_payback", "new_customers"), relation_charts.newcomer_charts, lines.newcomer_lines),
    SheetSpec("churn", "Uitkomst_Vertrek", "Result_Churn", ("churn_marks", "churn_reasons", "churn_groups", "watch_list", "lost_customers"), relation_charts.churn_charts, lines.churn_lines),
    SheetSpec("then", "Uitkomst_ToenEnNu", "Result_ThenAndNow", ("then_and_now_bridge", "business_case_years", "drift_alarms", "event_effects", "business_case", "then_and_now"), relation_charts.then_charts, lines.then_lines),
    SheetSpec("attention", "Uitkomst_Aandacht", "Result_Attention", ("attention_teams", "leakage_kinds", "attention", "leakage"), relation_charts.attention_charts, lines.attention_lines),
)  # fmt: skip
RESULTS = (
    ResultSpec("composition", worded=("dimension", "key"), alarm="customer_result"),
    ResultSpec("customer_base", key="customer_id", worded=("status", "tier"), totals=("net_revenue", "gross_margin", "customer_result", "clv"), alarm="customer_result"),
    ResultSpec("pyramid", worded=("tier",), totals=("customers", "net_revenue", "gross_margin", "customer_result")),
    ResultSpec("two_pyramids", worded=("tier",), relabel={"total": "row_total"}, totals=("top", "large", "medium", "small", "total")),
    ResultSpec(
        "migration", worded=("tier_before",), relabel={"total": "row_total"}, totals=("top", "large", "medium", "small", "not_active", "total"),
        formulas={"total": "{top}+{large}+{medium}+{small}+{not_active}"},
    ),
    ResultSpec("moved_customers", key="customer_id", worded=("tier_before", "tier", "tier_result", "move"), alarm="change"),
    ResultSpec("customer_bridge", worded=("measure", "step"), relabel={"amount": "bridge_amount", "level": "bridge_level"}),
    ResultSpec("base_flow", worded=("step",), relabel={"step": "flow_step"}, formulas={"closing": "{opening}+{new}+{reactivated}+{resumed}-{lost}"}),
    ResultSpec("flow_trends", worded=("measure", "step", "trend"), relabel={"step": "flow_step"}),
    ResultSpec("cohorts", relabel={"cohort": "arrival"}),
    ResultSpec("survival", relabel={"year": "age_year"}),
    ResultSpec("new_customers", key="customer_id", worded=("status", "tier"), relabel={"discount_rate": "granted_discount"}, totals=("net_revenue", "gross_margin", "customer_result"), alarm="customer_result"),
    ResultSpec("newcomer_profile", worded=("dimension", "key")),
    ResultSpec("acquisition_cost", worded=("component",), relabel={"quantity": "spent_hours"}, totals=("amount",)),
    ResultSpec("acquisition_funnel", worded=("measure",)),
    ResultSpec("relation_payback", key="customer_id", totals=("effort", "margin_to_date", "balance"), formulas={"balance": "{margin_to_date}-{effort}"}, alarm="balance"),
    ResultSpec("lost_customers", key="customer_id", worded=("tier_before", "deliberate"), totals=("net_revenue_before", "gross_margin_before", "customer_result_before", "lost_clv")),
    ResultSpec("churn_reasons", worded=("deliberate",), totals=("customers", "gross_margin_before")),
    ResultSpec("churn_marks", worded=("mark", "verdict")),
    ResultSpec("churn_groups", worded=("dimension", "key", "verdict"), relabel={"rate": "churn_rate"}),
    ResultSpec("watch_list", key="customer_id", relabel={"rate": "leaving_chance"}, totals=("expected_loss_margin", "expected_loss_clv")),
    ResultSpec(
        "then_and_now", key="customer_id", alarm="change", relabel={"price": "price_effect", "cost_to_serve": "served_effect"},
        totals=("margin_then", "price", "unit_cost", "volume", "mix", "cost_to_serve", "margin_now", "change"),
        formulas={"change": "{margin_now}-{margin_then}"},
    ),
    ResultSpec("then_and_now_bridge", worded=("step",)),
    ResultSpec("business_case", key="customer_id", worded=("verdict",), alarm="gap", relabel={"gap": "case_gap"}, totals=("promised", "realised", "gap")),
    ResultSpec("business_case_years", relabel={"year": "age_year", "gap": "case_gap", "cumulative": "case_cumulative"}, totals=("promised", "realised", "gap"), formulas={"gap": "{realised}-{promised}"}),
    ResultSpec("drift_alarms", worded=("figure",), alarm="effect", relabel={"limit": "control_limit", "latest": "latest_quarter"}),
    ResultSpec("event_effects", worded=("kind",), alarm="change"),
    ResultSpec("attention", key="customer_id", worded=("verdict", "moved"), totals=("hours", "contribution", "customer_result"), alarm="customer_result"),
    ResultSpec("attention_teams", worded=(), totals=("hours", "losing_hours", "earning_hours")),
    ResultSpec("leakage_kinds", worded=("kind",)),
    ResultSpec("leakage", worded=("kind",)),
)  # fmt: skip
