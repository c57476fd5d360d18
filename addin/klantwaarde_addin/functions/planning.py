"""Planning: what customers cost to win, how many a target asks for, and whether an investment pays."""

from math import inf
from typing import Any

import numpy as np

from klantwaarde.lifetime import planning
from klantwaarde.lifetime.clv import Terms
from klantwaarde.messages import Fault
from klantwaarde.money import Floats
from klantwaarde_addin.declare import Argument, function

COST_EACH = Argument("cac", "numbers", "Acquisitiekosten per nieuwe klant, in euro.", "Acquisition cost per new customer, in euro.", 3_900, above_zero=True)
FIXED = Argument("fixed", "numbers", "Vaste kosten die er los van het aantal zijn, in euro; 0 als het wordt weggelaten.", "Fixed cost whatever the number, in euro; 0 when left out.", 0, default=0.0)


@function(
    "planning",
    nl="Acquisitiekosten per nieuwe klant: alle kosten opgeteld, gedeeld door het aantal nieuwe klanten.",
    en="Acquisition cost per new customer: all cost added up, divided by the number of new customers.",
    arguments=[
        Argument("costs", "numbers", "Alle kosten van werving, in euro: verkoop en marketing, kortingen in het eerste jaar, welkomstgeschenken. Ook van pogingen die mislukten.", "All cost of winning customers, in euro: sales and marketing, first-year discounts, welcome gifts. Failed attempts too.", [[120_000], [30_000], [6_000]], apart=True),
        Argument("new_customers", "number", "Aantal nieuwe klanten; boven nul.", "Number of new customers; above zero.", 40, above_zero=True),
    ],
)  # fmt: skip
def acquisition_cost(costs: Floats, new_customers: float) -> float:
    """What one new customer cost.

    Formula: Σ costs / new_customers
    Source: Gupta & Lehmann, Managing Customers as Investments, 2005, chapter 3.
    """
    return float(planning.acquisition_cost(costs.sum(), new_customers))


@function(
    "planning",
    nl="Hoeveel hele nieuwe klanten een budget oplevert.",
    en="How many whole new customers a budget brings.",
    arguments=[Argument("budget", "numbers", "Budget voor acquisitie, in euro.", "Budget for acquisition, in euro.", 200_000, least=0), COST_EACH, FIXED],
)
def customers_for_budget(budget: Floats, cac: Floats, fixed: Any) -> Floats:
    """Customers that a budget wins, rounded down.

    Formula: (budget − fixed) / cac, rounded down; at least 0
    Source: Gupta & Lehmann, Managing Customers as Investments, 2005, chapter 3.
    """
    return planning.customers_for_budget(budget, cac, fixed)


@function(
    "planning",
    nl="Welk budget een aantal nieuwe klanten vraagt.",
    en="What budget a number of new customers asks for.",
    arguments=[Argument("customers", "numbers", "Gewenst aantal nieuwe klanten.", "Number of new customers wanted.", 60, least=0), COST_EACH, FIXED],
)
def budget_for_customers(customers: Floats, cac: Floats, fixed: Any) -> Floats:
    """Budget for a number of new customers.

    Formula: fixed + customers · cac
    Source: Gupta & Lehmann, Managing Customers as Investments, 2005, chapter 3.
    """
    return planning.budget_for_customers(customers, cac, fixed)


@function(
    "planning",
    nl="Hoeveel hele nieuwe klanten nodig zijn om een gewenste waarde van het klantenbestand te halen; 0 als die zonder hen wordt gehaald.",
    en="How many whole new customers are needed to reach a wanted value of the customer base; 0 when it is reached without them.",
    arguments=[
        Argument("target_value", "numbers", "Gewenste waarde van het klantenbestand, in euro.", "Wanted value of the customer base, in euro.", 6_300_000),
        Argument("opening_value", "numbers", "Waarde bij het begin, in euro.", "Value at the opening, in euro.", 6_000_000),
        Argument("churn_value", "numbers", "Waarde die naar verwachting vertrekt, in euro; positief.", "Value expected to leave, in euro; positive.", 600_000, least=0),
        Argument("clv_new", "numbers", "Klantwaarde van een nieuwe klant, in euro.", "Lifetime value of a new customer, in euro.", 5_200, above_zero=True),
        Argument("upsell_value", "numbers", "Waarde die bestaande klanten extra brengen, in euro; 0 als het wordt weggelaten.", "Value that existing customers add, in euro; 0 when left out.", 250_000, default=0.0),
        Argument("reactivation_value", "numbers", "Waarde van klanten die terugkomen, in euro; 0 als het wordt weggelaten.", "Value of customers that come back, in euro; 0 when left out.", 40_000, default=0.0),
    ],
)  # fmt: skip
def new_customers_needed(
    target_value: Floats, opening_value: Floats, churn_value: Floats, clv_new: Floats, upsell_value: Any, reactivation_value: Any
) -> Floats:
    """New customers that close the gap to a target, rounded up.

    Formula: (target − (opening − churn + upsell + reactivation)) / clv_new, rounded up; at least 0
    Source: Blattberg & Deighton, "Manage Marketing by the Customer Equity Test", Harvard Business Review 74(4), 1996.
    """
    lacking = planning.value_to_acquire(target_value, opening_value, churn_value, upsell_value, reactivation_value)
    return planning.new_customers_needed(lacking, clv_new)


@function(
    "planning",
    nl="Wat het terugwinnen van klanten kostte en opleverde, vergeleken met werven.",
    en="What winning customers back cost and brought, compared with winning new ones.",
    arguments=[
        Argument("cost", "numbers", "Kosten van alle pogingen samen, in euro.", "Cost of all attempts together, in euro.", 18_000, least=0),
        Argument("reactivated", "numbers", "Aantal klanten dat terugkwam; boven nul.", "Number of customers that came back; above zero.", 24, above_zero=True),
        Argument("clv_reactivated", "numbers", "Klantwaarde van een klant die terugkwam, in euro.", "Lifetime value of a customer that came back, in euro.", 3_100),
        Argument("cac", "numbers", "Acquisitiekosten per nieuwe klant, om mee te vergelijken; mag weg.", "Acquisition cost per new customer, to compare with; may be left out.", 3_900, default=None, above_zero=True),
    ],
    headers_nl=("Kosten per klant", "Netto per klant", "Netto samen", "Deel van acquisitiekosten"),
    headers_en=("Cost per customer", "Net per customer", "Net in all", "Part of acquisition cost"),
)  # fmt: skip
def reactivation_value(cost: Floats, reactivated: Floats, clv_reactivated: Floats, cac: Floats | None) -> list[list[float]]:
    """Net value of customers won back; the last column only with an acquisition cost.

    Formula: clv_reactivated − cost / reactivated
    Source: Thomas, Blattberg & Fox, "Recapturing Lost Customers", Journal of Marketing Research 41(1), 2004.
    """
    found = planning.reactivation_value(cost, reactivated, clv_reactivated, cac)
    columns = found if cac is not None else found[:-1]
    return [list(row) for row in zip(*(np.ravel(column).tolist() for column in columns), strict=True)]


@function(
    "planning",
    nl="Of een investering in een klant loont: netto contante waarde, terugverdientijd in jaren en waarde per geïnvesteerde euro.",
    en="Whether an investment in a customer pays: net present value, payback in years and value per euro invested.",
    arguments=[
        Argument("investment", "numbers", "Investering nu, in euro; boven nul.", "Investment now, in euro; above zero.", 3_900, above_zero=True),
        Argument("extra_margin", "numbers", "Extra marge per jaar, in euro.", "Extra margin a year, in euro.", 1_500),
        Argument("discount", "numbers", "Disconteringsvoet per jaar als fractie.", "Discount rate a year as a fraction.", 0.1, least=0),
        Argument("periods", "numbers", "Hoeveel jaren de extra marge duurt; weggelaten: oneindig.", "How many years the extra margin lasts; left out: endless.", 5, default=inf, least=1, whole=True),
        Argument("retention", "numbers", "Retentie per jaar als fractie; 1 als het wordt weggelaten.", "Retention a year as a fraction; 1 when left out.", 0.9, default=1.0, least=0, most=1),
    ],
    headers_nl=("Netto contante waarde", "Terugverdientijd", "Waarde per euro"),
    headers_en=("Net present value", "Payback", "Value per euro"),
)  # fmt: skip
def npv_investment(investment: Floats, extra_margin: Floats, discount: Floats, periods: Any, retention: Any) -> list[list[object]]:
    """Value of the extra margin less the investment; the payback counts expected margins, undiscounted.

    Formula: NPV = Σ extra_margin · rᵗ / (1 + d)ᵗ − investment; payback: Σ extra_margin · rᵗ = investment
    Source: Brealey, Myers & Allen, Principles of Corporate Finance, chapters 2 and 5.
    """
    found = planning.npv_investment(investment, Terms(extra_margin, retention, discount, periods))
    payback = [Fault("KW-LT-023") if np.isnan(years) else years for years in found.payback.tolist()]
    return [list(row) for row in zip(found.npv.tolist(), payback, found.value_per_euro.tolist(), strict=True)]
