"""Credit: how long money stays away, how late it comes, what of it will be lost, and what that costs."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.credit import ageing as classes
from klantwaarde.credit import cost, lateness, losses
from klantwaarde.credit import dso as outstanding
from klantwaarde.credit.items import days_after
from klantwaarde.messages import Fault
from klantwaarde.money import Floats
from klantwaarde_addin.declare import Argument, function
from klantwaarde_addin.errors import NO_RESULT, FunctionError, Place

Dates = NDArray[np.datetime64]

_RECEIVABLES = Argument("receivables", "numbers", "Openstaand bedrag, op dezelfde grondslag (btw) als de omzet.", "Open amount, on the same basis (VAT) as revenue.", 5_000_000)
_REVENUE = Argument("revenue", "numbers", "Omzet van het tijdvak, boven nul.", "Revenue of the period, above zero.", 9_000_000, above_zero=True)
_DAYS = Argument("days", "numbers", "Dagen in het tijdvak, bijvoorbeeld 365.", "Days in the period, for example 365.", 91, above_zero=True)


@function(
    "credit",
    nl="DSO: het aantal dagen omzet dat nog openstaat. Een kolom geeft een kolom.",
    en="DSO: the number of days of revenue that is still open. A column gives a column.",
    arguments=[_RECEIVABLES, _REVENUE, _DAYS],
)  # fmt: skip
def dso(receivables: Floats, revenue: Floats, days: Floats) -> Floats:
    """Days sales outstanding, simple.

    Formula: receivables / revenue · days
    Source: Credit Research Foundation, National Summary of Domestic Trade Receivables (formulas), read 2026.
    """
    return outstanding.dso(receivables, revenue, days)


@function(
    "credit",
    nl="DSO, teruggeteld: telt hoeveel dagen omzet, van het laatste tijdvak af, nodig zijn om het openstaande bedrag te verklaren. Is het ouder dan de reeks, dan volgen het onverklaarde deel en een opmerking.",
    en="DSO, counted back: how many days of revenue, from the latest period back, explain the open amount. When it is older than the series, the unexplained part and a remark follow.",
    arguments=[
        Argument("receivables", "number", "Openstaand bedrag, op dezelfde grondslag (btw) als de omzet.", "Open amount, on the same basis (VAT) as revenue.", 150),
        Argument("period_revenues", "numbers", "Omzet per tijdvak, het laatste eerst; negatief als er meer gecrediteerd dan gefactureerd is.", "Revenue per period, the latest first; negative when more was credited than invoiced.", [[-20], [100], [100]]),
        Argument("period_days", "numbers", "Dagen per tijdvak; 30 als het wordt weggelaten.", "Days per period; 30 when left out.", [[30], [31], [30]], default=30, above_zero=True),
    ],
)  # fmt: skip
def dso_countback(receivables: float, period_revenues: Floats, period_days: Floats) -> float | list[list[object]]:
    """Days sales outstanding by counting back.

    Formula: days = Σ period_days while Σ period_revenues < receivables; of the last period the part that is needed
    Source: count-back (exhaustion) method of credit management, read 2026.
    """
    lengths = np.broadcast_to(period_days, period_revenues.shape)
    found = outstanding.dso_countback(receivables, period_revenues, lengths)
    days, unexplained = float(found.days[0]), float(found.unexplained[0])
    return [[days, unexplained, Fault("KW-CR-010")]] if unexplained > 0 else days


@function(
    "credit",
    nl="Best mogelijke DSO: de DSO als iedereen op de vervaldatum zou betalen. Een kolom geeft een kolom.",
    en="Best possible DSO: what DSO would be if everybody paid on the due date. A column gives a column.",
    arguments=[
        Argument("current_receivables", "numbers", "Openstaand bedrag dat nog niet vervallen is.", "Open amount that is not due yet.", 3_000_000),
        _REVENUE, _DAYS,
    ],
)  # fmt: skip
def dso_best_possible(current_receivables: Floats, revenue: Floats, days: Floats) -> Floats:
    """Days sales outstanding of what is not overdue.

    Formula: current_receivables / revenue · days
    Source: Credit Research Foundation, National Summary of Domestic Trade Receivables (formulas), read 2026.
    """
    return outstanding.dso_best_possible(current_receivables, revenue, days)


@function(
    "credit",
    nl="Gemiddeld aantal dagen te laat (average days delinquent): DSO min de best mogelijke DSO. Een kolom geeft een kolom.",
    en="Average days delinquent: DSO less the best possible DSO. A column gives a column.",
    arguments=[
        _RECEIVABLES,
        Argument("current_receivables", "numbers", "Deel daarvan dat nog niet vervallen is.", "Part of it that is not due yet.", 3_000_000),
        _REVENUE, _DAYS,
    ],
)  # fmt: skip
def days_delinquent(receivables: Floats, current_receivables: Floats, revenue: Floats, days: Floats) -> Floats:
    """The days that late payment adds to DSO.

    Formula: (receivables − current_receivables) / revenue · days
    Source: Credit Research Foundation, National Summary of Domestic Trade Receivables (formulas), read 2026.
    """
    return outstanding.days_delinquent(receivables, current_receivables, revenue, days)


@function(
    "credit",
    nl="Gemiddeld aantal dagen na de vervaldatum, gewogen naar betaald bedrag.",
    en="Average days after the due date, weighted by amount paid.",
    arguments=[
        Argument("due", "dates", "Vervaldatum van elke betaling.", "Due date of each payment.", [[45_700], [45_700], [45_700]]),
        Argument("paid", "dates", "Betaaldatum; gebruik voor wat nog openstaat de peildatum.", "Date of payment; use the reference date for what is still open.", [[45_710], [45_698], [45_720]]),
        Argument("amounts", "numbers", "Betaald bedrag, nul of meer; laat creditnota's weg.", "Amount paid, zero or more; leave credit notes out.", [[1000], [3000], [6000]], least=0),
        Argument("floor", "flag", "WAAR of weggelaten: te vroeg betaald telt als 0 dagen; ONWAAR: als negatieve dagen.", "TRUE or left out: paid early counts as 0 days; FALSE: as negative days.", example=True, default=True),
    ],
)  # fmt: skip
def days_late(due: Dates, paid: Dates, amounts: Floats, floor: bool) -> float:  # noqa: FBT001 - as Excel hands it over
    """Amount-weighted days beyond terms.

    Formula: Σ amounts · max(paid − due, 0) / Σ amounts; without floor: Σ amounts · (paid − due) / Σ amounts
    Source: Credit Research Foundation, National Summary of Domestic Trade Receivables (formulas), read 2026.
    """
    if not amounts.sum() > 0:
        raise FunctionError(Fault("KW-CR-012"), Place("amounts"), code=NO_RESULT)
    return lateness.days_late(days_after(paid, due), amounts, floor=floor)


@function(
    "credit",
    nl="Incasso-index als fractie: welk deel van wat geïnd kon worden binnenkwam. Op het beginsaldo en de hele omzet van het tijdvak (niet de maandgemiddelde omzet).",
    en="Collection effectiveness as a fraction: which part of what could be collected came in. On the opening balance and all revenue of the period (not its monthly average).",
    arguments=[
        Argument("opening", "numbers", "Openstaand bij het begin van het tijdvak.", "Open amount at the start of the period.", 6200),
        Argument("revenue", "numbers", "Omzet van het hele tijdvak, op dezelfde grondslag (btw).", "Revenue of the whole period, on the same basis (VAT).", 10_890),
        Argument("closing", "numbers", "Openstaand aan het einde.", "Open amount at the end.", 6340),
        Argument("closing_current", "numbers", "Deel daarvan dat nog niet vervallen is.", "Part of it that is not due yet.", 3590),
    ],
)  # fmt: skip
def collection_effectiveness(opening: Floats, revenue: Floats, closing: Floats, closing_current: Floats) -> Floats:
    """Collection effectiveness index, on all revenue of the period.

    Formula: (opening + revenue − closing) / (opening + revenue − closing_current)
    Source: Credit Research Foundation, National Summary of Domestic Trade Receivables (formulas), read 2026.
    """
    found = outstanding.collection_effectiveness(opening, revenue, closing, closing_current)
    if np.isnan(found).any():
        raise FunctionError(Fault("KW-CR-013"), Place("closing_current"), code=NO_RESULT)
    return found


@function(
    "credit",
    nl="Ouderdom: per klasse van dagen na de vervaldatum het bedrag, het aandeel en het aantal posten. Wat op de peildatum vervalt is nog niet over datum.",
    en="Ageing: amount, share and number of items per class of days after the due date. What is due on the reference date is not overdue yet.",
    arguments=[
        Argument("due_dates", "dates", "Vervaldatum van elke open post.", "Due date of each open item.", [[45_657], [45_650], [45_620], [45_500]]),
        Argument("amounts", "numbers", "Openstaand bedrag per post; tegoeden negatief.", "Open amount per item; credits negative.", [[1000], [500], [250], [100]]),
        Argument("reference_date", "date", "Datum waarop de ouderdom wordt bepaald.", "Date on which the age is taken.", 45_657),
        Argument("borders", "numbers", "Oplopende grenzen in dagen, elk de laatste dag van een klasse; 30, 60 en 90 als het wordt weggelaten.", "Ascending borders in days, each the last day of a class; 30, 60 and 90 when left out.", [[30], [60], [90]], default=(30, 60, 90), above_zero=True, whole=True, apart=True),
    ],
    headers_nl=("Dagen", "Bedrag", "Aandeel", "Posten"),
    headers_en=("Days", "Amount", "Share", "Items"),
)  # fmt: skip
def ageing(due_dates: Dates, amounts: Floats, reference_date: date, borders: Floats) -> list[list[object]]:
    """Open amounts by days after the due date.

    Formula: class(i) = number of borders below reference_date − due_date(i); amount(class) = Σ amounts in it
    Source: IFRS 9 Financial Instruments, illustrative example 12 (ageing classes), 2014.
    """
    edges = [int(border) for border in borders]
    if edges != sorted(set(edges)):
        raise FunctionError(Fault("KW-FN-027", found="; ".join(map(str, edges))), Place("borders"))
    overdue = days_after(np.datetime64(reference_date), due_dates)
    [cents] = classes.ageing(overdue, money.cents(amounts), edges)
    count = np.bincount(classes.class_of(overdue, edges), minlength=len(cents))
    total = int(cents.sum())
    shares: list[object] = (cents / total).tolist() if total > 0 else [Fault("KW-FN-030")] * len(cents)
    rows = zip(classes.class_names(edges), money.euros(cents).tolist(), shares, count.tolist(), strict=True)
    return [list(row) for row in rows]


@function(
    "credit",
    nl="Verliespercentages per ouderdomsklasse als fractie (roll-rate), uit saldi op opeenvolgende momenten: het deel dat naar de volgende klasse doorrolt, en daarna verloren gaat.",
    en="Loss rates per ageing class as fractions (roll-rate), from balances at successive moments: the part that rolls on into the next class and is lost after that.",
    arguments=[
        Argument(
            "balances", "matrix",
            "Een rij per moment (oudste eerst, steeds één klasse verder), een kolom per ouderdomsklasse (minst vervallen eerst).",
            "One row per moment (oldest first, each one class further on), one column per ageing class (least overdue first).",
            [[100_000, 20_000, 5000, 2000], [110_000, 21_000, 4000, 2500], [105_000, 22_000, 4500, 1500]], least=0,
        ),
        Argument("final_loss", "number", "Deel van de laatste klasse dat verloren gaat; 1 (alles) als het wordt weggelaten.", "Part of the last class that is lost; 1 (all) when left out.", 0.5, default=1, least=0, most=1),
    ],
    headers_nl=("Rolt door", "Verlies"),
    headers_en=("Rolls on", "Loss rate"),
)  # fmt: skip
def loss_rates(balances: Floats, final_loss: float) -> list[list[float]]:
    """Loss rates of a provision matrix by the roll-rate method.

    Formula: roll(k) = Σ balance(t + 1, k + 1) / Σ balance(t, k); loss(k) = Π roll(j), j ≥ k, · final_loss, at most 1
    Source: IFRS 9 Financial Instruments, B5.5.35 (provision matrix), 2014.
    """
    if len(balances) < 2 or balances.shape[1] < 2:
        raise FunctionError(Fault("KW-CR-011"), Place("balances"))
    rolls = losses.roll_rates(balances)
    if np.isnan(rolls).any():
        place = int(np.flatnonzero(np.isnan(rolls))[0]) + 1
        raise FunctionError(Fault("KW-CR-014"), Place("balances", None, place), code=NO_RESULT)
    complete = np.append(rolls, final_loss)
    return [list(row) for row in zip(complete.tolist(), losses.loss_rates(complete).tolist(), strict=True)]


@function(
    "credit",
    nl="Verwacht verlies per rij, in hele centen: openstaand bedrag maal verliespercentage (vereenvoudigde methode van IFRS 9).",
    en="Expected credit loss per row, in whole cents: open amount times loss rate (simplified approach of IFRS 9).",
    arguments=[
        Argument("amounts", "numbers", "Openstaand bedrag per ouderdomsklasse of per post, incl. btw.", "Open amount per ageing class or per item, incl. VAT.", [[15_000_000], [7_500_000], [4_000_000], [2_500_000], [1_000_000]]),
        Argument("rates", "numbers", "Verliespercentage per rij, als fractie van 0 tot 1.", "Loss rate per row, as a fraction from 0 to 1.", [[0.003], [0.016], [0.036], [0.066], [0.106]], least=0, most=1),
    ],
)  # fmt: skip
def expected_credit_loss(amounts: Floats, rates: Floats) -> Floats:
    """Allowance per row of a provision matrix.

    Formula: amounts · rates, rounded half up to cents
    Source: IFRS 9 Financial Instruments, illustrative example 12, 2014.
    """
    return losses.expected_credit_loss(amounts, rates)


@function(
    "credit",
    nl="Rente over wat klanten gemiddeld schuldig zijn, incl. btw. Met een betaaltermijn: totaal, deel binnen de termijn en deel daarna.",
    en="Interest on what customers owe on average, incl. VAT. With payment terms: total, part within terms and part beyond them.",
    arguments=[
        Argument("revenue", "numbers", "Omzet per jaar, excl. btw.", "Revenue a year, excl. VAT.", 100_000),
        Argument("days", "numbers", "Dagen van factuur tot betaling.", "Days from invoice to payment.", 45, least=0),
        Argument("rate", "number", "Rente per jaar als fractie.", "Interest a year as a fraction.", 0.08, least=0),
        Argument("vat", "number", "Btw-tarief als fractie; 0,21 als het wordt weggelaten.", "VAT rate as a fraction; 0.21 when left out.", 0.21, default=0.21, least=0, most=1),
        Argument("terms", "numbers", "Betaaltermijn in dagen; weggelaten: alleen het totaal.", "Payment terms in days; left out: the total only.", 30, default=None, least=0),
        Argument("day_basis", "number", "Dagen in een jaar; 365 als het wordt weggelaten.", "Days in a year; 365 when left out.", 365, default=365, above_zero=True),
    ],
)  # fmt: skip
def credit_cost(
    revenue: Floats, days: Floats, rate: float, vat: float, terms: Floats | None, day_basis: float
) -> Floats | list[list[float]]:
    """Cost of financing the credit that customers get.

    Formula: revenue · (1 + vat) · days / day_basis · rate; beyond terms: max(days − terms, 0) instead of days
    Source: Stewart, The Quest for Value, 1991 (capital charge on working capital).
    """
    found = cost.credit_cost(revenue, days, rate, vat=vat, terms=0.0 if terms is None else terms, day_basis=day_basis)
    if terms is None:
        return found.total
    parts = (found.total, found.within_terms, found.beyond_terms)
    return [list(row) for row in zip(*(part.tolist() for part in parts), strict=True)]
