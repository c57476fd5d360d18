"""Probability models of purchases and contracts, fitted and used from a sheet."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from klantwaarde.lifetime import bgbb, gammagamma, sbg
from klantwaarde.lifetime.fitting import Fit
from klantwaarde.lifetime.models import MODELS
from klantwaarde.lifetime.transactions import Unit, merged, purchase_days, summarise
from klantwaarde.messages import Fault
from klantwaarde.money import Floats
from klantwaarde_addin.arguments import numbers_in
from klantwaarde_addin.cells import not_a_text, text_of
from klantwaarde_addin.declare import Argument, function
from klantwaarde_addin.errors import FunctionError, Place

Texts = NDArray[np.object_]

PREDICTORS: Final[dict[str, Any]] = {**MODELS, bgbb.MODEL.id: bgbb}
_FREQUENCIES: Final = [[3], [1], [1], [0], [0], [0], [17], [4], [0], [0], [0], [0], [4], [1], [1], [4]]
_RECENCIES: Final = [[2], [1], [4], [0], [0], [0], [30], [26], [0], [0], [0], [0], [26], [3], [2], [38]]
_AGES: Final = [[36], [28], [32], [36], [35], [35], [32], [33], [38], [28], [28], [26], [34], [28], [30], [40]]
_FITTED: Final = [["r", 0.2813], ["alpha", 1.3935], ["a", 0.1694], ["b", 0.2578]]

FREQUENCY = Argument("frequency", "numbers", "Aantal herhaalaankopen per klant: aankoopdagen na de eerste.", "Repeat purchases per customer: purchase days after the first.", _FREQUENCIES, least=0, whole=True)
RECENCY = Argument("recency", "numbers", "Tijd van de eerste tot de laatste aankoop.", "Time from the first to the last purchase.", _RECENCIES, least=0)
AGE = Argument("age", "numbers", "Tijd van de eerste aankoop tot het einde van de waarneming, in dezelfde eenheid.", "Time from the first purchase to the end of the observation, in the same unit.", _AGES, least=0)
HISTORY = (FREQUENCY, RECENCY, AGE)
PARAMETERS = Argument("parameters", "cells", "De uitkomst van een schatting (namen en waarden), of alleen de waarden. Zonder namen: BG/NBD (r, alpha, a, b).", "The result of a fit (names and values), or the values only. Without names: BG/NBD (r, alpha, a, b).", _FITTED)
VALUE = Argument("value", "numbers", "Gemiddeld bedrag per herhaalaankoop; 0 zonder herhaalaankoop.", "Mean amount of a repeat purchase; 0 without one.", [[19.02], [5.11], [27.42], [0], [0], [0], [315.1], [32.86], [0], [0], [0], [0], [26.41], [25], [49.23], [22.69]], least=0)
FIT_HEADERS: Final = {"headers_nl": ("Naam", "Waarde"), "headers_en": ("Name", "Value")}


@function(
    "lifetime",
    nl="Per klant: herhaalaankopen, tijd tot de laatste aankoop, leeftijd en gemiddeld bedrag; de invoer van de kansmodellen.",
    en="Per customer: repeat purchases, time to the last purchase, age and mean amount; the input of the probability models.",
    arguments=[
        Argument("customer", "texts", "Klantnummer per aankoop.", "Customer number per purchase.", [["A"], ["A"], ["B"], ["A"]]),
        Argument("purchase_date", "dates", "Datum van elke aankoop.", "Date of each purchase.", [[45_658], [45_689], [45_700], [45_717]]),
        Argument("amount", "numbers", "Bedrag van elke aankoop, in euro; dagen die niet boven nul uitkomen tellen niet als aankoop.", "Amount of each purchase, in euro; days not above zero are no purchase.", [[100], [50], [80], [70]]),
        Argument("end_date", "date", "Einde van de waarneming; de laatste datum als het wordt weggelaten.", "End of the observation; the last date when left out.", 45_747, default=None),
        Argument("unit", "choice", "Tijdseenheid: day (dag), week (als het wordt weggelaten), month (maand) of year (jaar).", "Unit of time: day, week (when left out), month or year.", "week", default="week", choices=("day", "week", "month", "year")),
    ],
    headers_nl=("Klant", "Frequentie", "Recentheid", "Leeftijd", "Waarde"),
    headers_en=("Customer", "Frequency", "Recency", "Age", "Value"),
)  # fmt: skip
def rfm(customer: Texts, purchase_date: NDArray[np.datetime64], amount: Floats, end_date: date | None, unit: Unit) -> list[list[object]]:
    """Recency, frequency and mean value per customer; everything on one day is one purchase.

    Formula: frequency = purchase days − 1; recency = last − first; age = end − first; value = mean of the repeat days
    Source: Fader, Hardie & Lee, "RFM and CLV: Using Iso-Value Curves for Customer Base Analysis", Journal of Marketing Research 42(4), 2005.
    """
    found = summarise(purchase_days(customer, purchase_date, amount), end=end_date, unit=unit)
    columns = (found.frequency, found.recency, found.age, np.nan_to_num(found.value))
    return [[str(name), *row] for name, *row in zip(found.customers, *(part.tolist() for part in columns), strict=True)]


@function(
    "lifetime",
    nl="Schat het BG/NBD-model voor klanten zonder contract: r, alpha, a en b, met betrouwbaarheid.",
    en="Fits the BG/NBD model for customers without a contract: r, alpha, a and b, with their reliability.",
    arguments=[*HISTORY], **FIT_HEADERS,
)  # fmt: skip
def bgnbd_fit(frequency: Floats, recency: Floats, age: Floats) -> list[list[object]]:
    """Maximum likelihood estimates of the beta-geometric/negative binomial model.

    Formula: maximise Σ ln L(r, α, a, b | x, tₓ, T)
    Source: Fader, Hardie & Lee, "Counting Your Customers the Easy Way", Marketing Science 24(2), 2005.
    """
    return _fit_rows(MODELS["bgnbd"].fit(merged(frequency, recency, age)))


@function(
    "lifetime",
    nl="Schat het Pareto/NBD-model voor klanten zonder contract: r, alpha, s en beta, met betrouwbaarheid.",
    en="Fits the Pareto/NBD model for customers without a contract: r, alpha, s and beta, with their reliability.",
    arguments=[*HISTORY], **FIT_HEADERS,
)  # fmt: skip
def paretonbd_fit(frequency: Floats, recency: Floats, age: Floats) -> list[list[object]]:
    """Maximum likelihood estimates of the Pareto/negative binomial model.

    Formula: maximise Σ ln L(r, α, s, β | x, tₓ, T)
    Source: Schmittlein, Morrison & Colombo, "Counting Your Customers", Management Science 33(1), 1987.
    """
    return _fit_rows(MODELS["paretonbd"].fit(merged(frequency, recency, age)))


@function(
    "lifetime",
    nl="Schat het BG/BB-model voor klanten die per gelegenheid (jaar, actie) wel of niet kopen: alpha, beta, gamma en delta.",
    en="Fits the BG/BB model for customers who buy or not at every occasion (year, campaign): alpha, beta, gamma and delta.",
    arguments=[
        Argument("frequency", "numbers", "Bij hoeveel gelegenheden de klant kocht.", "At how many occasions the customer bought.", [[6], [0], [2], [5], [1], [1], [0], [6], [0], [0], [0], [1], [0], [1]], least=0, whole=True),
        Argument("recency", "numbers", "Nummer van de laatste gelegenheid met een aankoop; 0 zonder.", "Number of the last occasion with a purchase; 0 without.", [[6], [0], [5], [6], [1], [5], [0], [6], [0], [0], [0], [1], [0], [1]], least=0, whole=True),
        Argument("occasions", "numbers", "Hoeveel gelegenheden er waren.", "How many occasions there were.", 6, least=0, whole=True),
    ],
    **FIT_HEADERS,
)  # fmt: skip
def bgbb_fit(frequency: Floats, recency: Floats, occasions: Floats) -> list[list[object]]:
    """Maximum likelihood estimates of the beta-geometric/beta-Bernoulli model.

    Formula: maximise Σ ln L(α, β, γ, δ | x, tₓ, n)
    Source: Fader, Hardie & Shang, "Customer-Base Analysis in a Discrete-Time Noncontractual Setting", Marketing Science 29(6), 2010.
    """
    return _fit_rows(bgbb.fit(merged(frequency, recency, occasions)))


@function(
    "lifetime",
    nl="Hoeveel aankopen elke klant binnen een horizon naar verwachting nog doet.",
    en="How many purchases each customer is expected to make within a horizon.",
    arguments=[
        PARAMETERS, *HISTORY,
        Argument("horizon", "numbers", "Hoe ver vooruit, in dezelfde tijdseenheid.", "How far ahead, in the same unit of time.", 39, least=0),
    ],
)  # fmt: skip
def expected_purchases(parameters: Texts, frequency: Floats, recency: Floats, age: Floats, horizon: Floats) -> Floats:
    """Conditional expectation of the purchases ahead.

    Formula: E[Y(t) | x, tₓ, T] of the model that the parameters belong to
    Source: Fader, Hardie & Lee, "Counting Your Customers the Easy Way", Marketing Science 24(2), 2005.
    """
    model, estimates = _model_of(parameters)
    return np.asarray(PREDICTORS[model].expected_purchases(estimates, frequency, recency, age, horizon))


@function(
    "lifetime",
    nl="De kans dat iemand nog klant is, gezien hoe vaak en hoe kort geleden hij kocht.",
    en="The probability that somebody is a customer still, given how often and how recently they bought.",
    arguments=[PARAMETERS, *HISTORY],
)
def p_alive(parameters: Texts, frequency: Floats, recency: Floats, age: Floats) -> Floats:
    """Probability of being a customer still.

    Formula: BG/NBD: 1 / (1 + (x > 0) · a / (b + x − 1) · ((α + T) / (α + tₓ))ʳ⁺ˣ)
    Source: Fader, Hardie & Lee, note 021, "Computing P(alive) Using the BG/NBD Model", 2008.
    """
    model, estimates = _model_of(parameters)
    return np.asarray(PREDICTORS[model].p_alive(estimates, frequency, recency, age))


@function(
    "lifetime",
    nl="Schat het Gamma-Gamma-model van het bedrag per aankoop: p, q en gamma, met betrouwbaarheid.",
    en="Fits the Gamma-Gamma model of the amount of a purchase: p, q and gamma, with their reliability.",
    arguments=[FREQUENCY, VALUE], **FIT_HEADERS,
)  # fmt: skip
def gamma_gamma_fit(frequency: Floats, value: Floats) -> list[list[object]]:
    """Maximum likelihood estimates of the Gamma-Gamma model; customers without repeat purchases do not count.

    Formula: maximise Σ ln f(z̄ | p, q, γ; x)
    Source: Fader & Hardie, note 025, "The Gamma-Gamma Model of Monetary Value", 2013.
    """
    return _fit_rows(gammagamma.fit(gammagamma.spending(frequency, value)))


@function(
    "lifetime",
    nl="Het verwachte bedrag per aankoop: het eigen gemiddelde, dat meer naar dat van alle klanten trekt naarmate er minder aankopen zijn.",
    en="The expected amount of a purchase: the own mean, drawn more to that of all customers the fewer purchases there are.",
    arguments=[
        Argument("parameters", "cells", "De uitkomst van GAMMA_GAMMA_FIT, of alleen p, q en gamma.", "The result of GAMMA_GAMMA_FIT, or p, q and gamma only.", [["p", 6.25], ["q", 3.74], ["gamma", 15.44]]),
        FREQUENCY, VALUE,
    ],
)  # fmt: skip
def expected_value(parameters: Texts, frequency: Floats, value: Floats) -> Floats:
    """Conditional expectation of the amount of a purchase.

    Formula: p · (γ + x · z̄) / (p · x + q − 1)
    Source: Fader & Hardie, note 025, "The Gamma-Gamma Model of Monetary Value", 2013.
    """
    return gammagamma.expected_value(_estimates(parameters, gammagamma.MODEL.names), frequency, value)


@function(
    "lifetime",
    nl="Schat uit het aantal overgebleven klanten hoe een contractbestand krimpt (shifted beta-geometric): alpha en beta.",
    en="Estimates from the number of customers left how a contract base shrinks (shifted beta-geometric): alpha and beta.",
    arguments=[Argument("survivors", "numbers", "Klanten over na 0, 1, 2 … verlengingen; begint met de hele groep.", "Customers left after 0, 1, 2 … renewals; begins with the whole group.", [[1000], [631], [468], [382], [326]], least=0)],
    **FIT_HEADERS,
)  # fmt: skip
def sbg_fit(survivors: Floats) -> list[list[object]]:
    """Maximum likelihood estimates of the shifted beta-geometric model.

    Formula: maximise Σ lost(t) · ln P(T = t) + left(n) · ln S(n)
    Source: Fader & Hardie, "How to Project Customer Retention", Journal of Interactive Marketing 21(1), 2007.
    """
    return _fit_rows(sbg.fit(sbg.renewals(survivors)))


@function(
    "lifetime",
    nl="Het deel van een groep contractklanten dat na een aantal verlengingen over is.",
    en="The share of a group of contract customers that is left after a number of renewals.",
    arguments=[
        Argument("alpha", "number", "Parameter alpha van SBG_FIT.", "Parameter alpha of SBG_FIT.", 0.7041, above_zero=True),
        Argument("beta", "number", "Parameter beta van SBG_FIT.", "Parameter beta of SBG_FIT.", 1.182, above_zero=True),
        Argument("periods", "numbers", "Aantal verlengingen.", "Number of renewals.", [[0], [1], [2], [3], [8], [12]], least=0, whole=True),
    ],
)  # fmt: skip
def sbg_survival(alpha: float, beta: float, periods: Floats) -> Floats:
    """Survival of a contract base; retention rises with tenure because those who leave easily have left.

    Formula: S(t) = B(α, β + t) / B(α, β)
    Source: Fader & Hardie, "How to Project Customer Retention", Journal of Interactive Marketing 21(1), 2007.
    """
    return sbg.survival((alpha, beta), periods)


def _fit_rows(fit: Fit) -> list[list[object]]:
    """Names and values: parameters, log-likelihood, customers, standard errors, convergence, model, remarks."""
    unknown = Fault("KW-LT-024")
    errors = [error if np.isfinite(error) else unknown for error in fit.standard_errors.tolist()]
    return [
        *([name, float(value)] for name, value in zip(fit.names, fit.parameters, strict=True)),
        ["log_likelihood", fit.log_likelihood],
        ["customers", float(fit.customers)],
        *([f"se_{name}", error] for name, error in zip(fit.names, errors, strict=True)),
        ["converged", fit.converged],
        ["model", fit.model],
        *(["remark", remark] for remark in fit.remarks),
    ]


def _model_of(cells: Texts) -> tuple[str, Floats]:
    """The model that a range of parameters names, and its estimates."""
    named = _named(cells)
    told = named.get("model")
    if told is not None and str(told) not in PREDICTORS:
        raise FunctionError(Fault("KW-LT-025", found=told, values={"models": ", ".join(PREDICTORS)}), Place("parameters"))
    fitting = [model for model, predictor in PREDICTORS.items() if set(_names_of(predictor)) <= named.keys()]
    model = str(told) if told is not None else next(iter(fitting), "bgnbd")
    return model, _estimates(cells, _names_of(PREDICTORS[model]))


def _names_of(predictor: Any) -> tuple[str, ...]:
    return tuple(predictor.MODEL.names if predictor is bgbb else predictor.names)


def _named(cells: Texts) -> dict[str, object]:
    """Name -> value, of two columns of which the first holds names."""
    if cells.shape[1] != 2:
        return {}
    return {text_of(name).strip().casefold(): value for name, value in cells.tolist() if not not_a_text(name)}


def _estimates(cells: Texts, names: Sequence[str]) -> Floats:
    """Values by name, or in the usual order when there are no names; all above zero."""
    named = _named(cells)
    found = [named[name] for name in names] if set(names) <= named.keys() else cells.ravel().tolist()
    if len(found) != len(names):
        wanted = {"names": ", ".join(names)}
        raise FunctionError(Fault("KW-LT-026", found=len(found), values=wanted), Place("parameters"))
    numbers = numbers_in(found, lambda index: Place("parameters", index + 1))
    if not (numbers > 0).all():
        first = int(np.flatnonzero(numbers <= 0)[0])
        raise FunctionError(Fault("KW-FN-033", found=float(numbers[first])), Place("parameters", first + 1))
    return numbers
