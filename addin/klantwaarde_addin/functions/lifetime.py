"""Lifetime value: what customers are worth, could be worth, and how the value of all of them moved."""

from math import inf
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from klantwaarde.lifetime import bridge, cashflows, potential
from klantwaarde.lifetime import clv as values
from klantwaarde.lifetime.clv import Terms, Timing
from klantwaarde.messages import Fault
from klantwaarde.money import Floats
from klantwaarde_addin.declare import Argument, function
from klantwaarde_addin.errors import FunctionError, Place

Texts = NDArray[np.object_]

MARGIN = Argument("margin", "numbers", "Marge per jaar, in euro; mag negatief zijn.", "Margin a year, in euro; may be negative.", 100)
RETENTION = Argument("retention", "numbers", "Retentie per jaar als fractie: 0,8 betekent dat 80 % blijft.", "Retention a year as a fraction: 0.8 means that 80 % stays.", 0.8, least=0, most=1)
DISCOUNT = Argument("discount", "numbers", "Disconteringsvoet per jaar als fractie: 0,1 is 10 %.", "Discount rate a year as a fraction: 0.1 is 10 %.", 0.1, least=0)
PERIODS = Argument("periods", "numbers", "Horizon in jaren; weggelaten: oneindig.", "Horizon in years; left out: endless.", 5, default=inf, least=1, whole=True)
FIRST_MARGIN = Argument("first_margin", "flag", "WAAR: de eerste marge is zeker. ONWAAR of weggelaten: ook de eerste marge alleen als de klant blijft.", "TRUE: the first margin is certain. FALSE or left out: the first margin too only if the customer stays.", False, default=False)
TIMING = Argument("timing", "choice", "Wanneer de marge van een jaar binnenkomt: begin, mid (midden) of end (einde, als het wordt weggelaten).", "When the margin of a year comes in: begin, mid or end (when left out).", "end", default="end", choices=("begin", "mid", "end"))
GROWTH = Argument("growth", "numbers", "Groei van de marge per jaar als fractie; 0 als het wordt weggelaten.", "Growth of the margin a year as a fraction; 0 when left out.", 0, default=0.0, least=-0.99)
CONVENTION = (PERIODS, FIRST_MARGIN, TIMING, GROWTH)


def _single(argument: Argument) -> Argument:
    """The same argument, for one value."""
    return Argument(
        argument.name, "number", argument.nl, argument.en, argument.example, argument.default,
        least=argument.least, most=argument.most, whole=argument.whole,
    )  # fmt: skip


SINGLE_CONVENTION = (_single(PERIODS), FIRST_MARGIN, TIMING, _single(GROWTH))


@function(
    "lifetime",
    nl="Klantwaarde (CLV): de contante waarde van de marges die een klant nog brengt. Een kolom geeft een kolom.",
    en="Customer lifetime value (CLV): the present value of the margins that a customer still brings. A column gives a column.",
    arguments=[
        MARGIN, RETENTION, DISCOUNT, *CONVENTION,
        Argument("acquisition_cost", "numbers", "Kosten om de klant te werven, in euro; alleen voor een klant die er nog niet is. 0 als het wordt weggelaten.", "Cost of winning the customer, in euro; only for one that is not there yet. 0 when left out.", 0, default=0.0),
    ],
)  # fmt: skip
def clv(
    margin: Floats, retention: Floats, discount: Floats, periods: Any, first_margin: bool, timing: Timing, growth: Any, acquisition_cost: Any  # noqa: FBT001 - arguments come in the order that Excel shows
) -> Floats:
    """Value of a customer under a convention that stands in the formula.

    Formula: endless, end, retention first: margin · r / (1 + d − r · (1 + g)); for n years · (1 − (r · (1 + g) / (1 + d))ⁿ)
    Source: Farris, Bendle, Pfeifer & Reibstein, Marketing Metrics, chapter 5; Pfeifer, Haskins & Conroy, 2005.
    """
    terms = Terms(margin, retention, discount, periods, first_margin, timing, growth)
    return values.lifetime_value(terms, acquisition_cost)


@function(
    "lifetime",
    nl="De tabel achter een klantwaarde: per jaar de kans dat de klant er nog is, de verwachte marge en haar contante waarde.",
    en="The table behind a lifetime value: per year the probability that the customer is still there, the expected margin and its present value.",
    arguments=[
        _single(MARGIN), _single(RETENTION), _single(DISCOUNT), *SINGLE_CONVENTION,
        Argument("shown", "number", "Hoeveel jaren van een oneindige waarde worden uitgeschreven; 10 als het wordt weggelaten.", "How many years of an endless value are written out; 10 when left out.", 10, default=cashflows.SHOWN, least=1, most=200, whole=True),
    ],
    headers_nl=("Jaar", "Kans", "Marge", "Verwachte marge", "Disconteringsfactor", "Contante waarde", "Cumulatief"),
    headers_en=("Year", "Probability", "Margin", "Expected margin", "Discount factor", "Present value", "Cumulative"),
)  # fmt: skip
def clv_cashflows(
    margin: float, retention: float, discount: float, periods: float, first_margin: bool, timing: Timing, growth: float, shown: int  # noqa: FBT001 - arguments come in the order that Excel shows
) -> list[list[object]]:
    """Every year of a lifetime value; an endless one ends with what comes after.

    Formula: present value(t) = margin · (1 + g)ᵗ⁻¹ · rᵗ / (1 + d)ᵗ
    Source: Berger & Nasr, "Customer Lifetime Value: Marketing Models and Applications", Journal of Interactive Marketing 12(1), 1998.
    """
    flows = cashflows.cashflows(Terms(margin, retention, discount, periods, first_margin, timing, growth), shown=shown)
    rows: list[list[object]] = [[int(row[0]), *row[1:]] for row in flows.table.to_numpy(float).tolist()]
    if np.isinf(periods):
        rows.append([Fault("KW-LT-020"), "", "", "", "", flows.beyond, flows.value])
    return rows


@function(
    "lifetime",
    nl="Huidige en haalbare klantwaarde, en wat een groter aandeel, lagere bedieningskosten en hogere retentie elk bijdragen.",
    en="Current and attainable lifetime value, and what a larger share, lower cost to serve and higher retention each add.",
    arguments=[
        Argument("revenue", "numbers", "Omzet per jaar, in euro.", "Revenue a year, in euro.", 100_000),
        Argument("margin", "numbers", "Marge per jaar na bedieningskosten, in euro.", "Margin a year after cost to serve, in euro.", 12_000),
        Argument("cost_to_serve", "numbers", "Bedieningskosten per jaar, in euro.", "Cost to serve a year, in euro.", 8_000),
        RETENTION, DISCOUNT,
        Argument("wallet", "numbers", "Geschatte besteding van de klant per jaar, bij u en elders, in euro.", "Estimated spend of the customer a year, with you and elsewhere, in euro.", 250_000, least=0),
        Argument("attainable_share", "numbers", "Haalbaar aandeel in die besteding, als fractie.", "Attainable share of that spend, as a fraction.", 0.6, least=0, most=1),
        Argument("attainable_cost", "numbers", "Haalbare bedieningskosten bij de huidige omzet, in euro; weggelaten: zoals nu.", "Attainable cost to serve at the present revenue, in euro; left out: as now.", 6_000, default=None, least=0),
        Argument("attainable_retention", "numbers", "Haalbare retentie, als fractie; weggelaten: zoals nu.", "Attainable retention, as a fraction; left out: as now.", 0.85, default=None, least=0, most=1),
        *CONVENTION,
    ],
    headers_nl=("Huidig", "Haalbaar", "Door aandeel", "Door bedieningskosten", "Door retentie"),
    headers_en=("Current", "Attainable", "By share", "By cost to serve", "By retention"),
)  # fmt: skip
def clv_potential(
    revenue: Floats, margin: Floats, cost_to_serve: Floats, retention: Floats, discount: Floats, wallet: Floats, attainable_share: Floats,
    attainable_cost: Floats | None, attainable_retention: Floats | None, periods: Any, first_margin: bool, timing: Timing, growth: Any,  # noqa: FBT001 - arguments come in the order that Excel shows
) -> list[list[float]]:  # fmt: skip
    """Potential at stated ceilings; what each lever adds is the average over all orders of pulling them.

    Formula: potential = CLV(margin at attainable revenue and cost, attainable retention); never below current
    Source: Du, Kamakura & Mela, "Size and Share of Customer Wallet", Journal of Marketing 71(2), 2007; Shapley, 1953.
    """
    terms = Terms(margin, retention, discount, periods, first_margin, timing, growth)
    now = potential.Now(revenue, margin + cost_to_serve, cost_to_serve, terms)
    nothing = np.full(revenue.shape, np.nan)
    ratio = np.divide(nothing if attainable_cost is None else attainable_cost, revenue, out=nothing.copy(), where=revenue > 0)
    goal = nothing if attainable_retention is None else attainable_retention
    found = potential.potential_value(now, potential.Ceilings(wallet * attainable_share, ratio, goal))
    columns = (found.current, found.potential, *(found.gaps[lever] for lever in potential.LEVERS))
    return [list(row) for row in zip(*(column.tolist() for column in columns), strict=True)]


@function(
    "lifetime",
    nl="Factor: de klantwaarde per euro marge per jaar, zonder einde, marge aan het einde van het jaar en na retentie.",
    en="Multiple: lifetime value per euro of margin a year, endless, margin at the end of the year and after retention.",
    arguments=[RETENTION, DISCOUNT, GROWTH],
)
def margin_multiple(retention: Floats, discount: Floats, growth: Any) -> Floats:
    """Value per euro of yearly margin.

    Formula: r / (1 + d − r · (1 + g))
    Source: Gupta & Lehmann, "Customers as Assets", Journal of Interactive Marketing 17(1), 2003.
    """
    return values.margin_multiple(retention, discount, growth)


@function(
    "lifetime",
    nl="De retentie waarbij een klant zonder einde zo veel waard is.",
    en="The retention at which a customer is worth so much, endless.",
    arguments=[
        Argument("clv_target", "numbers", "De gewenste klantwaarde, in euro.", "The lifetime value wanted, in euro.", 450),
        MARGIN, DISCOUNT,
    ],
)  # fmt: skip
def retention_needed(clv_target: Floats, margin: Floats, discount: Floats) -> Floats:
    """Retention that makes the multiple fit.

    Formula: clv_target · (1 + d) / (margin + clv_target)
    Source: from CLV = margin · r / (1 + d − r), Farris et al., Marketing Metrics, chapter 5.
    """
    return values.retention_needed(clv_target, margin, discount)


@function(
    "lifetime",
    nl="Waarde van het klantenbestand: de klantwaarden opgeteld, per groep en in totaal.",
    en="Customer equity: lifetime values added up, per group and in total.",
    arguments=[
        Argument("margin", "numbers", "Marge per klant per jaar, in euro.", "Margin per customer a year, in euro.", [[1000], [500], [300]]),
        RETENTION, DISCOUNT,
        Argument("group", "texts", "Groep per klant, bijvoorbeeld het segment; weggelaten: alleen het totaal.", "Group per customer, for example the segment; left out: the total only.", [["A"], ["A"], ["B"]], default=None),
        *CONVENTION,
    ],
    headers_nl=("Groep", "Klanten", "Waarde", "Aandeel"),
    headers_en=("Group", "Customers", "Value", "Share"),
)  # fmt: skip
def customer_equity(
    margin: Floats, retention: Floats, discount: Floats, group: Texts | None, periods: Any, first_margin: bool, timing: Timing, growth: Any  # noqa: FBT001 - arguments come in the order that Excel shows
) -> list[list[object]]:
    """Lifetime values per group; the last row is the total.

    Formula: Σ CLV(customer)
    Source: Gupta, Lehmann & Stuart, "Valuing Customers", Journal of Marketing Research 41(1), 2004.
    """
    worth = Terms(margin, retention, discount, periods, first_margin, timing, growth).value
    total = float(worth.sum())
    grouped = pd.Series(worth).groupby(np.broadcast_to(group, worth.shape), sort=True) if group is not None else []
    rows: list[list[object]] = [[str(name), len(part), float(part.sum())] for name, part in grouped]
    rows.append([Fault("KW-LT-021"), len(worth), total])
    return [[*row, float(row[2]) / total if total > 0 else Fault("KW-FN-030")] for row in rows]  # type: ignore[arg-type]


@function(
    "lifetime",
    nl="Brug van de waarde van het klantenbestand tussen twee momenten met een jaar ertussen; de stappen sluiten op de cent.",
    en="Bridge of customer equity between two moments a year apart; the steps close to the cent.",
    arguments=[
        Argument("customer_before", "texts", "Klantnummers bij het begin.", "Customer numbers at the opening.", [["A"], ["B"], ["C"], ["E"]]),
        Argument("margin_before", "numbers", "Marge per jaar van die klanten, in euro.", "Margin a year of those customers, in euro.", [[1000], [500], [300], [200]]),
        Argument("retention_before", "numbers", "Retentie van die klanten.", "Retention of those customers.", [[0.9], [0.8], [0.7], [0.6]], least=0, most=1),
        Argument("customer_after", "texts", "Klantnummers een jaar later.", "Customer numbers a year later.", [["A"], ["B"], ["C"], ["D"], ["F"]], apart=True),
        Argument("margin_after", "numbers", "Marge per jaar van die klanten, in euro.", "Margin a year of those customers, in euro.", [[1200], [500], [200], [400], [150]], apart=True),
        Argument("retention_after", "numbers", "Retentie van die klanten.", "Retention of those customers.", [[0.9], [0.8], [0.7], [0.7], [0.6]], least=0, most=1, apart=True),
        _single(DISCOUNT),
        Argument("reactivated", "texts", "Klantnummers die terugkwamen; weggelaten: wie erbij kwam is geworven.", "Customer numbers that came back; left out: who came was acquired.", [["F"]], default=None, apart=True),
        Argument("form", "choice", "Vorm: simple (eenvoudig, als het wordt weggelaten) of actuarial (actuarieel: eerst wat te verwachten was).", "Form: simple (when left out) or actuarial (first what was expected).", "actuarial", default="simple", choices=bridge.FORMS),
        *SINGLE_CONVENTION,
    ],
    headers_nl=("Stap", "Bedrag"),
    headers_en=("Step", "Amount"),
)  # fmt: skip
def equity_bridge(
    customer_before: Texts, margin_before: Floats, retention_before: Floats, customer_after: Texts, margin_after: Floats,
    retention_after: Floats, discount: float, reactivated: Texts | None, form: bridge.Form, periods: float, first_margin: bool,  # noqa: FBT001 - arguments come in the order that Excel shows
    timing: Timing, growth: float,
) -> list[list[object]]:  # fmt: skip
    """From the opening to the closing value, what happened to customers in between.

    Formula: endless: CLV₀ · (1 + d) = r · (margin + CLV₁)
    Source: Wiesel, Skiera & Villanueva, "Customer Equity", Journal of Marketing 72(2), 2008.
    """
    after = {"margin_after": margin_after, "retention_after": retention_after}
    margin_after, retention_after = (_fitting(name, part, len(customer_after)) for name, part in after.items())
    everyone = pd.Index(_once("customer_before", customer_before)).union(pd.Index(_once("customer_after", customer_after)))

    def position(customers: Texts, margin: Floats, retention: Floats) -> bridge.Position:
        active, margins, rates = np.zeros(len(everyone), dtype=bool), np.zeros(len(everyone)), np.zeros(len(everyone))
        at = everyone.get_indexer(pd.Index(customers))
        active[at], margins[at], rates[at] = True, margin, retention
        return bridge.Position(active, Terms(margins, rates, discount, periods, first_margin, timing, growth))

    opening = position(customer_before, margin_before, retention_before)
    closing = position(customer_after, margin_after, retention_after)
    returned = everyone.isin([] if reactivated is None else reactivated.tolist())
    frame = bridge.equity_bridge(opening, closing, returned, form=form)
    return [[str(step), float(amount)] for step, amount in zip(frame["step"], frame["amount"], strict=True)]


def _fitting(name: str, values_given: Floats, wanted: int) -> Floats:
    """One value per customer; a single value holds for all."""
    if len(values_given) not in (1, wanted):
        sizes = {"size": len(values_given), "other": "customer_after", "wanted": wanted}
        raise FunctionError(Fault("KW-FN-011", values=sizes), Place(name))
    return np.broadcast_to(values_given, wanted)


def _once(name: str, customers: Texts) -> Texts:
    """Customer numbers that are all different."""
    twice = pd.Series(customers).duplicated()
    if twice.any():
        row = int(np.flatnonzero(twice)[0])
        raise FunctionError(Fault("KW-LT-022", found=customers[row]), Place(name, row + 1))
    return customers
