"""What Excel's own formulas say about the example of a function, where they can say it: a check without the add-in.

A formula per column of the result, for every row of it: ``{cost}`` is the cell of an argument that belongs to the row,
or its only cell; ``{all_cost}`` its whole range; ``{row}`` the number of the row. An empty text leaves a column out. A
formula holds for the choices of the example (timing, method), not for every choice that the function offers.
"""

from collections.abc import Mapping
from typing import Final

_PROFIT: Final = {
    "whale_curve": (
        "{row}",
        "LARGE({all_results},{row})",
        'SUMIF({all_results},">="&LARGE({all_results},{row}))',
        'SUMIF({all_results},">="&LARGE({all_results},{row}))/SUM({all_results})',
    ),
    "abc_class": (
        (
            'IF({values}<=0,"C",IF(SUMIF({all_values},">"&{values})/SUM({all_values})<{a},"A",'
            'IF(SUMIF({all_values},">"&{values})/SUM({all_values})<{b},"B","C")))'
        ),
    ),
    "pyramid_tier": (
        (
            'IF(COUNTIF({all_values},">"&{values})<ROUND(INDEX({all_cuts},1)*COUNT({all_values}),0),"top",'
            'IF(COUNTIF({all_values},">"&{values})<ROUND(INDEX({all_cuts},2)*COUNT({all_values}),0),"large",'
            'IF(COUNTIF({all_values},">"&{values})<ROUND(INDEX({all_cuts},3)*COUNT({all_values}),0),"medium","small")))'
        ),
    ),
    "gini": (
        (
            'SUMPRODUCT((2*COUNTIF({all_values},"<"&{all_values})+1-COUNT({all_values}))*{all_values})'
            "/(COUNT({all_values})*SUM({all_values}))"
        ),
    ),
    "hhi": ("SUMPRODUCT((100*{all_values}/SUM({all_values}))^2)",),
    "price_volume_mix": (
        "SUMPRODUCT(({all_price1}-{all_price0})*{all_quantity1})",
        "(SUM({all_quantity1})-SUM({all_quantity0}))*SUMPRODUCT({all_price0}*{all_quantity0})/SUM({all_quantity0})",
        (
            "SUMPRODUCT({all_price0}*{all_quantity1})-SUM({all_quantity1})*SUMPRODUCT({all_price0}*{all_quantity0})"
            "/SUM({all_quantity0})"
        ),
    ),
    "volume_for_discount": ("{discount}/({margin}-{discount})",),
    "break_even_price": ("-{result}/{revenue}",),
}
_PART: Final = "{amount}*10^{decimals}*{drivers}/SUM({all_drivers})"
_PARTS: Final = "{amount}*10^{decimals}*{all_drivers}/SUM({all_drivers})"
_REST: Final = f"ROUND({_PART}-INT({_PART}),9)"
_RESTS: Final = f"ROUND({_PARTS}-INT({_PARTS}),9)"
_SUPPORT: Final = "INDEX({all_shares},1,1):INDEX({all_shares},3,3)"
_COSTS: Final = {
    "capacity_rate": ("{cost}/{capacity}",),
    "activity_minutes": ("5+12*INDEX({all_variables},{row}+1,1)+2*INDEX({all_variables},{row}+1,2)",),
    "unused_capacity": ("{capacity}-{used}", "({capacity}-{used})*{rate}", "{used}/{capacity}"),
    "allocate": (
        (
            f"(INT({_PART})+(SUMPRODUCT(({_RESTS}>{_REST})+({_RESTS}={_REST})*(ROW({{all_drivers}})<ROW({{drivers}})))"
            f"<ROUND({{amount}}*10^{{decimals}},0)-SUMPRODUCT(INT({_PARTS}))))/10^{{decimals}}"
        ),
    ),
    "allocate_support": (
        "IF(SUM(INDEX({all_shares},{row},0))>0,0,{costs}+SUMPRODUCT(MMULT(MINVERSE(_xlfn.MUNIT(3)-"
        + _SUPPORT
        + "),INDEX({all_shares},1,{row}):INDEX({all_shares},3,{row})),INDEX({all_costs},1):INDEX({all_costs},3)))",
    ),
    "dual_rate": ("{fixed_cost}/{practical_capacity}*{budgeted_usage}+{variable_rate}*{actual_usage}",),
}
_AGE: Final = "({reference_date}-{all_due_dates}"
_LOWER: Final = "IF({row}=1,-1000000,IF({row}=2,0,INDEX({all_borders},MAX({row}-2,1))))"
_UPPER: Final = (
    "IF({row}=1,0,IF({row}-1>COUNT({all_borders}),1000000,INDEX({all_borders},MIN({row}-1,COUNT({all_borders})))))"
)
_IN_CLASS: Final = f"{_AGE}>{_LOWER})*{_AGE}<={_UPPER})"
_CREDIT_DAY: Final = "{revenue}*(1+{vat})/{day_basis}*{rate}"
_CREDIT: Final = {
    "dso": ("{receivables}/{revenue}*{days}",),
    "dso_best_possible": ("{current_receivables}/{revenue}*{days}",),
    "days_delinquent": ("({receivables}-{current_receivables})/{revenue}*{days}",),
    "days_late": ("SUMPRODUCT({all_amounts}*({all_paid}-{all_due})*({all_paid}>{all_due}))/SUM({all_amounts})",),
    "collection_effectiveness": ("({opening}+{revenue}-{closing})/({opening}+{revenue}-{closing_current})",),
    "ageing": (
        "",
        f"SUMPRODUCT({_IN_CLASS}*{{all_amounts}})",
        f"SUMPRODUCT({_IN_CLASS}*{{all_amounts}})/SUM({{all_amounts}})",
        f"SUMPRODUCT({_IN_CLASS})",
    ),
    "loss_rates": (
        (
            "IF({row}=COLUMNS({all_balances}),{final_loss},SUM(INDEX({all_balances},2,MIN({row}+1,COLUMNS({all_balances}))):"
            "INDEX({all_balances},ROWS({all_balances}),MIN({row}+1,COLUMNS({all_balances}))))/"
            "SUM(INDEX({all_balances},1,{row}):INDEX({all_balances},ROWS({all_balances})-1,{row})))"
        ),
    ),
    "expected_credit_loss": ("ROUND({amounts}*{rates},2)",),
    "credit_cost": (
        f"{_CREDIT_DAY}*{{days}}",
        f"{_CREDIT_DAY}*MIN({{days}},{{terms}})",
        f"{_CREDIT_DAY}*MAX({{days}}-{{terms}},0)",
    ),
}
_KEPT: Final = "({retention}*(1+{growth})/(1+{discount}))"
_LIFETIME: Final = {
    "clv": (
        "{margin}*{retention}/(1+{discount}-{retention}*(1+{growth}))*(1-" + _KEPT + "^{periods})-{acquisition_cost}",
    ),
    "clv_cashflows": (
        "{row}",
        "{retention}^{row}",
        "{margin}*(1+{growth})^({row}-1)",
        "{margin}*(1+{growth})^({row}-1)*{retention}^{row}",
        "(1+{discount})^-{row}",
        "{margin}*(1+{growth})^({row}-1)*({retention}/(1+{discount}))^{row}",
        "{margin}*{retention}/(1+{discount})*(1-" + _KEPT + "^{row})/(1-" + _KEPT + ")",
    ),
    "margin_multiple": ("{retention}/(1+{discount}-{retention}*(1+{growth}))",),
    "retention_needed": ("{clv_target}*(1+{discount})/({margin}+{clv_target})",),
    "p_alive": (
        (
            "1/(1+IF({frequency}>0,INDEX({all_parameters},3,2)/(INDEX({all_parameters},4,2)+{frequency}-1)*"
            "((INDEX({all_parameters},2,2)+{age})/(INDEX({all_parameters},2,2)+{recency}))"
            "^(INDEX({all_parameters},1,2)+{frequency}),0))"
        ),
    ),
    "expected_value": (
        (
            "INDEX({all_parameters},1,2)*(INDEX({all_parameters},3,2)+{frequency}*{value})"
            "/(INDEX({all_parameters},1,2)*{frequency}+INDEX({all_parameters},2,2)-1)"
        ),
    ),
    "sbg_survival": (
        "EXP(GAMMALN({beta}+{periods})+GAMMALN({alpha}+{beta})-GAMMALN({beta})-GAMMALN({alpha}+{beta}+{periods}))",
    ),
}
_YEARLY: Final = "({retention}/(1+{discount}))"
_PRESENT: Final = "{extra_margin}*" + _YEARLY + "*(1-" + _YEARLY + "^{periods})/(1-" + _YEARLY + ")"
_PLANNING: Final = {
    "acquisition_cost": ("SUM({all_costs})/{new_customers}",),
    "customers_for_budget": ("MAX(0,INT(({budget}-{fixed})/{cac}))",),
    "budget_for_customers": ("{fixed}+{customers}*{cac}",),
    "new_customers_needed": (
        "MAX(0,ROUNDUP(({target_value}-({opening_value}-{churn_value}+{upsell_value}+{reactivation_value}))/{clv_new},0))",
    ),
    "reactivation_value": (
        "{cost}/{reactivated}",
        "{clv_reactivated}-{cost}/{reactivated}",
        "{clv_reactivated}*{reactivated}-{cost}",
        "{cost}/{reactivated}/{cac}",
    ),
    "npv_investment": (_PRESENT + "-{investment}", "", _PRESENT + "/{investment}"),
}

NATIVE: Final[Mapping[str, tuple[str, ...]]] = {**_COSTS, **_PROFIT, **_CREDIT, **_LIFETIME, **_PLANNING}
