"""Profit: who earns it, how concentrated it is, and what price, volume and discounts do to it."""

import numpy as np
from numpy.typing import NDArray

from klantwaarde.messages import Fault
from klantwaarde.money import Floats
from klantwaarde.profit import bridge, curve, pricing
from klantwaarde_addin.declare import Argument, function
from klantwaarde_addin.errors import NO_RESULT, FunctionError, Place


@function(
    "profit",
    nl="Winstcurve, beste klant eerst: rang, resultaat, cumulatief resultaat en cumulatief aandeel. Zonder positief totaal is er geen aandeel.",
    en="Profit curve, best customer first: rank, result, cumulative result and cumulative share. Without a positive total there is no share.",
    arguments=[
        Argument("results", "numbers", "Resultaat per klant, in euro; gelijke resultaten houden hun volgorde.", "Result per customer, in euro; equal results keep their order.", [[40], [100], [-20], [5]]),
    ],
    headers_nl=("Rang", "Resultaat", "Cumulatief", "Cumulatief aandeel"),
    headers_en=("Rank", "Result", "Cumulative", "Cumulative share"),
)  # fmt: skip
def whale_curve(results: Floats) -> list[list[object]]:
    """Cumulative result of customers, best first.

    Formula: cumulative(k) = Σ results(1 … k); share(k) = cumulative(k) / Σ results
    Source: Kaplan & Narayanan, "Measuring and Managing Customer Profitability", Journal of Cost Management, 2001.
    """
    frame = curve.whale_curve(results)
    shares: list[object] = frame["cumulative_share"].tolist()
    if frame["cumulative_share"].isna().any():
        shares = [Fault("KW-FN-030")] * len(frame)
    columns = [frame[name].tolist() for name in ("rank", "value", "cumulative")]
    return [list(row) for row in zip(*columns, shares, strict=True)]


@function(
    "profit",
    nl="Klasse A, B of C per klant, in de volgorde van de invoer, naar het cumulatieve aandeel vóór de klant. Waarden van nul of lager zijn C.",
    en="Class A, B or C per customer, in the order of the input, by the cumulative share before the customer. Values of zero or less are C.",
    arguments=[
        Argument("values", "numbers", "Omzet of een andere maat per klant.", "Revenue or another measure per customer.", [[50], [25], [10], [8], [4], [3]]),
        Argument("a", "number", "Grens van klasse A als fractie; 0,8 als het wordt weggelaten.", "Border of class A as a fraction; 0.8 when left out.", 0.8, default=0.8, least=0, most=1),
        Argument("b", "number", "Grens van klasse B als fractie, niet onder a; 0,95 als het wordt weggelaten.", "Border of class B as a fraction, not below a; 0.95 when left out.", 0.95, default=0.95, least=0, most=1),
    ],
)  # fmt: skip
def abc_class(values: Floats, a: float, b: float) -> NDArray[np.object_]:
    """Class by the cumulative share before the customer; equal values share a class.

    Formula: A: share_before < a; B: share_before < b; C: share_before ≥ b
    Source: Dickie, "ABC Inventory Analysis Shoots for Dollars, Not Pennies", Factory Management and Maintenance 109, 1951.
    """
    if a > b:
        raise FunctionError(Fault("KW-FN-027", found=_listed([a, b])), Place("b"))
    return curve.abc_class(values, a=a, b=b)


@function(
    "profit",
    nl="Trede in de klantenpiramide per klant, in de volgorde van de invoer: top, large (groot), medium (middel) of small (klein).",
    en="Tier in the customer pyramid per customer, in the order of the input: top, large, medium or small.",
    arguments=[
        Argument("values", "numbers", "Omzet of een andere maat per actieve klant.", "Revenue or another measure per active customer.", [[10], [50], [20], [5], [40]]),
        Argument(
            "cuts", "numbers",
            "Drie oplopende, cumulatieve grenzen als deel van het aantal klanten: 1 %, 5 % en 20 % als het wordt weggelaten. Waarden boven 1 gelden als percentages.",
            "Three ascending cumulative cuts as part of the number of customers: 1 %, 5 % and 20 % when left out. Values above 1 count as percentages.",
            [[0.2, 0.4, 0.8]], default=(0.01, 0.05, 0.2), least=0, most=100, apart=True,
        ),
    ],
)  # fmt: skip
def pyramid_tier(values: Floats, cuts: Floats) -> NDArray[np.object_]:
    """Tier by rank: the cut counts are rounded half up, the top holds at least one customer, ties stay together.

    Formula: top: rank ≤ cut₁ · n; large: rank ≤ cut₂ · n; medium: rank ≤ cut₃ · n; small: rank > cut₃ · n
    Source: Curry & Curry, The Customer Marketing Method, 2000.
    """
    borders = [float(cut) for cut in cuts]
    if len(borders) == len(curve.TIERS) and borders[-1] in (1, 100):
        borders.pop()
    if len(borders) != len(curve.TIERS) - 1:
        raise FunctionError(Fault("KW-FN-028", found=len(borders)), Place("cuts"))
    if borders != sorted(set(borders)):
        raise FunctionError(Fault("KW-FN-027", found=_listed(borders)), Place("cuts"))
    scale = 1 if borders[-1] > 1 else 100
    top, large, medium = (border * scale for border in borders)
    return curve.pyramid_tier(values, (top, large, medium))


@function(
    "profit",
    nl="Gini-coëfficiënt: 0 als alle klanten even groot zijn, tot bijna 1 als één klant alles heeft.",
    en="Gini coefficient: 0 when all customers are of equal size, up to nearly 1 when one customer has all.",
    arguments=[
        Argument("values", "numbers", "Omzet of een andere maat per klant, nul of meer.", "Revenue or another measure per customer, zero or more.", [[1], [2], [3], [4], [5]], least=0),
    ],
)  # fmt: skip
def gini(values: Floats) -> float:
    """Concentration of non-negative values.

    Formula: Σ (2i − n − 1) · x(i) / (n · Σ x), x(1) ≤ … ≤ x(n)
    Source: Gini, Variabilità e mutabilità, 1912.
    """
    _refuse_nothing(values)
    return curve.gini(values)


@function(
    "profit",
    nl="Herfindahl-Hirschman-index van 0 tot 10.000: de som van de gekwadrateerde procentuele aandelen.",
    en="Herfindahl-Hirschman index from 0 to 10,000: the sum of the squared percentage shares.",
    arguments=[
        Argument("values", "numbers", "Omzet of een andere maat per klant, nul of meer.", "Revenue or another measure per customer, zero or more.", [[50], [30], [20]], least=0),
    ],
)  # fmt: skip
def hhi(values: Floats) -> float:
    """Concentration as regulators measure it.

    Formula: Σ (100 · x(i) / Σ x)²
    Source: Hirschman, "The Paternity of an Index", American Economic Review 54(5), 1964.
    """
    _refuse_nothing(values)
    return curve.hhi(values)


@function(
    "profit",
    nl="Splitst de verandering van de omzet (of de marge) in prijs, volume en mix; de drie zijn samen de hele verandering.",
    en="Splits the change of revenue (or of margin) in price, volume and mix; the three add up to the whole change.",
    arguments=[
        Argument("price0", "numbers", "Oude prijs (of marge per stuk) per artikel, in euro.", "Old price (or unit margin) per product, in euro.", [[10], [20]]),
        Argument("quantity0", "numbers", "Oude hoeveelheid per artikel; samen niet nul.", "Old quantity per product; together not zero.", [[100], [50]]),
        Argument("price1", "numbers", "Nieuwe prijs (of marge per stuk) per artikel, in euro.", "New price (or unit margin) per product, in euro.", [[11], [19]]),
        Argument("quantity1", "numbers", "Nieuwe hoeveelheid per artikel.", "New quantity per product.", [[90], [80]]),
    ],
    headers_nl=("Prijs", "Volume", "Mix"),
    headers_en=("Price", "Volume", "Mix"),
)  # fmt: skip
def price_volume_mix(price0: Floats, quantity0: Floats, price1: Floats, quantity1: Floats) -> list[list[float]]:
    """Three-way split of a change; volume and mix at old prices, price at new quantities.

    Formula: price = Σ (p₁ − p₀) · q₁; volume = (Σ q₁ − Σ q₀) · Σ p₀q₀ / Σ q₀; mix = Σ p₁q₁ − Σ p₀q₀ − price − volume
    Source: Horngren et al., Cost Accounting, chapter 14.
    """
    split = bridge.price_volume_mix(price0, quantity0, price1, quantity1)
    return [[split["price"], split["volume"], split["mix"]]]


@function(
    "profit",
    nl="Extra volume, als fractie, dat een korting terugverdient. Een negatieve korting is een prijsverhoging.",
    en="Extra volume, as a fraction, that earns a discount back. A negative discount is a price rise.",
    arguments=[
        Argument("discount", "numbers", "Korting als fractie van de prijs.", "Discount as a fraction of the price.", 0.05, least=-10, most=1),
        Argument("margin", "numbers", "Contributiemarge vóór de korting, als fractie van de prijs; groter dan de korting.", "Contribution margin before the discount, as a fraction of the price; larger than the discount.", 0.2, least=-10, most=1),
    ],
)  # fmt: skip
def volume_for_discount(discount: Floats, margin: Floats) -> Floats:
    """Break-even change of volume.

    Formula: discount / (margin − discount)
    Source: Nagle & Müller, The Strategy and Tactics of Pricing, break-even sales analysis.
    """
    return pricing.volume_for_discount(discount, margin)


@function(
    "profit",
    nl="Verandering van de prijs, als fractie, waarbij het resultaat bij gelijk volume nul is.",
    en="Change of price, as a fraction, at which the result is zero at the same volume.",
    arguments=[
        Argument("result", "numbers", "Klantresultaat, in euro.", "Customer result, in euro.", -5_000),
        Argument("revenue", "numbers", "Netto-omzet, in euro; boven nul.", "Net revenue, in euro; above zero.", 100_000, above_zero=True),
    ],
)  # fmt: skip
def break_even_price(result: Floats, revenue: Floats) -> Floats:
    """Price change that brings the result to zero.

    Formula: −result / revenue
    Source: Nagle & Müller, The Strategy and Tactics of Pricing, break-even sales analysis.
    """
    return pricing.break_even_price(result, revenue)


def _refuse_nothing(values: Floats) -> None:
    """Without a total there are no shares, so no concentration."""
    if not values.any():
        raise FunctionError(Fault("KW-FN-032"), Place("values"), code=NO_RESULT)


def _listed(numbers: list[float]) -> str:
    return "; ".join(f"{number:g}" for number in numbers)
