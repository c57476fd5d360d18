"""Costs: what a minute costs, how long a handling takes, what stays unused, and amounts that are split to the cent."""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from klantwaarde import money
from klantwaarde.costs import capacity as capacities
from klantwaarde.costs import support
from klantwaarde.costs.equations import normalise, parse
from klantwaarde.messages import Fault
from klantwaarde.money import Floats
from klantwaarde_addin.arguments import numbers_in
from klantwaarde_addin.cells import not_a_text, text_of
from klantwaarde_addin.declare import Argument, function
from klantwaarde_addin.errors import FunctionError, Place


@function(
    "costs",
    nl="Tarief per eenheid capaciteit: de kosten van een afdeling gedeeld door haar praktische capaciteit. Een kolom geeft een kolom.",
    en="Capacity cost rate: the cost of a department divided by its practical capacity. A column gives a column.",
    arguments=[
        Argument("cost", "numbers", "Kosten van de geleverde capaciteit, in euro.", "Cost of the capacity supplied, in euro.", 560_000),
        Argument("capacity", "numbers", "Praktische capaciteit, bijvoorbeeld in minuten; boven nul.", "Practical capacity, for example in minutes; above zero.", 700_000, above_zero=True),
    ],
)  # fmt: skip
def capacity_rate(cost: Floats, capacity: Floats) -> Floats:
    """Cost per unit of practical capacity.

    Formula: cost / capacity
    Source: Kaplan & Anderson, "Time-Driven Activity-Based Costing", Harvard Business Review 82(11), 2004.
    """
    return capacities.capacity_rate(cost, capacity)


@function(
    "costs",
    nl="Minuten per handeling volgens een tijdvergelijking, één uitkomst per rij met waarden.",
    en="Minutes per handling by a time equation, one result per row of values.",
    arguments=[
        Argument(
            "equation", "text",
            "Tijdvergelijking in minuten met kolomnamen, getallen, + - * / ( ), min, max, als, en, of en vergelijkingen. Namen met een spatie staan tussen [ ].",
            "Time equation in minutes with column names, numbers, + - * / ( ), min, max, if, and, or and comparisons. Names with a space stand between [ ].",
            "5 + 12 * express + 2 * pallets",
        ),
        Argument(
            "variables", "cells",
            "Bereik met in de eerste rij de kolomnamen en daaronder getallen.",
            "Range with the column names in its first row and numbers below.",
            [["express", "pallets"], [0, 0], [1, 0], [0, 3], [1, 2]],
        ),
    ],
)  # fmt: skip
def activity_minutes(equation: str, variables: NDArray[np.object_]) -> list[list[float]]:
    """Minutes that a handling takes, given what was special about it.

    Formula: minutes(row) = equation(variables(row))
    Source: Kaplan & Anderson, "Time-Driven Activity-Based Costing", Harvard Business Review 82(11), 2004.
    """
    read = parse(equation)
    minutes = read.minutes(_named_columns(variables, {normalise(name) for name in read.variables}))
    return [[value] for value in np.broadcast_to(minutes, len(variables) - 1).tolist()]


@function(
    "costs",
    nl="Ongebruikte capaciteit per rij: hoeveelheid, kosten en bezettingsgraad. Overbezetting is negatief, met een waarschuwing ernaast.",
    en="Unused capacity per row: quantity, cost and utilisation. Over-capacity is negative, with a warning beside it.",
    arguments=[
        Argument("capacity", "numbers", "Praktische capaciteit, bijvoorbeeld in minuten; boven nul.", "Practical capacity, for example in minutes; above zero.", 700_000, above_zero=True),
        Argument("used", "numbers", "Gebruikte hoeveelheid, in dezelfde eenheid.", "Quantity used, in the same unit.", 578_600, least=0),
        Argument("rate", "numbers", "Tarief in euro per eenheid, zie CAPACITY_RATE.", "Rate in euro per unit, see CAPACITY_RATE.", 0.8),
    ],
    headers_nl=("Ongebruikt", "Kosten ongebruikt", "Bezettingsgraad", "Waarschuwing"),
    headers_en=("Unused", "Cost of unused", "Utilisation", "Warning"),
)  # fmt: skip
def unused_capacity(capacity: Floats, used: Floats, rate: Floats) -> list[list[object]]:
    """What was supplied but not used; it is shown and never spread over customers.

    Formula: unused = capacity − used; cost = unused · rate; utilisation = used / capacity
    Source: Kaplan & Anderson, "Time-Driven Activity-Based Costing", Harvard Business Review 82(11), 2004.
    """
    unused = capacities.unused_capacity(capacity, used, rate)
    rows: list[list[object]] = [list(row) for row in zip(*(part.tolist() for part in unused), strict=True)]
    over = unused.quantity < 0
    if not over.any():
        return rows
    warning = Fault("KW-FN-031")
    return [[*row, warning if is_over else ""] for row, is_over in zip(rows, over.tolist(), strict=True)]


@function(
    "costs",
    nl="Verdeelt een bedrag naar rato van verdeelsleutels; de delen zijn samen precies het afgeronde bedrag (grootste resten; bij gelijke resten de hoogste rij eerst).",
    en="Splits an amount in proportion to drivers; the parts add up to the rounded amount exactly (largest remainder; equal remainders: the upper row first).",
    arguments=[
        Argument("amount", "number", "Het bedrag, in euro; mag negatief zijn.", "The amount, in euro; may be negative.", 100),
        Argument("drivers", "numbers", "Sleutelhoeveelheden, nul of meer, waarvan minstens één boven nul.", "Driver quantities, zero or more, at least one above zero.", [[1], [1], [1]], least=0),
        Argument("decimals", "number", "Aantal decimalen van de delen; 2 (centen) als het wordt weggelaten.", "Number of decimals of the parts; 2 (cents) when left out.", 2, default=2, least=-6, most=6, whole=True),
    ],
)  # fmt: skip
def allocate(amount: float, drivers: Floats, decimals: int) -> Floats:
    """An amount in parts that tie exactly.

    Formula: part(i) ≈ amount · drivers(i) / Σ drivers; Σ part(i) = amount
    Source: largest remainder method (Hare quota), Balinski & Young, Fair Representation, 1982.
    """
    return money.split(amount, drivers, decimals=decimals)


@function(
    "costs",
    nl="Kosten per afdeling nadat de hulpafdelingen hun kosten hebben doorgegeven; hulpafdelingen eindigen op 0.",
    en="Cost per department after the support departments have passed their costs on; support departments end at 0.",
    arguments=[
        Argument(
            "costs", "numbers",
            "Eigen kosten per afdeling, in euro; hulpafdelingen eerst.",
            "Own cost per department, in euro; support departments first.",
            [[80_000], [120_000], [40_000], [0], [0]],
        ),
        Argument(
            "shares", "matrix",
            "Vierkante matrix: rij = afdeling die geeft, kolom = afdeling die krijgt, cel = aandeel van wat de rij geeft (0 tot 1). Een hulpafdeling telt op tot 1, een uitvoerende afdeling tot 0.",
            "Square matrix: row = department that gives, column = department that receives, cell = share of what the row gives (0 to 1). A support department sums to 1, an operating department to 0.",
            [[0, 0.2, 0.1, 0.4, 0.3], [0.08, 0, 0.07, 0.3, 0.55], [0, 0, 0, 0.5, 0.5], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]],
            least=0, most=1,
        ),
        Argument(
            "method", "choice",
            "Methode: reciprocal (wederkerig, als het wordt weggelaten), step-down (trapsgewijs, in de gegeven volgorde) of direct (rechtstreeks).",
            "Method: reciprocal (when left out), step-down (in the order given) or direct.",
            "reciprocal", default="reciprocal", choices=("reciprocal", "step-down", "direct"),
        ),
    ],
)  # fmt: skip
def allocate_support(costs: Floats, shares: Floats, method: support.Method) -> Floats:
    """Final cost per department after closing the support departments.

    Formula: final = cost(operating) + Pᵀ · (I − Sᵀ)⁻¹ · cost(support), S = shares(support, support), P = shares(support, operating)
    Source: Kaplan & Atkinson, Advanced Management Accounting, 1998; Horngren et al., Cost Accounting, chapter 15.
    """
    n = len(costs)
    if shares.shape != (n, n):
        rows, columns = shares.shape
        raise FunctionError(Fault("KW-FN-026", values={"rows": rows, "columns": columns, "wanted": n}), Place("shares"))
    names = [f"#{number}" for number in range(1, n + 1)]
    return support.allocate_support(costs, shares, method=method, names=names, support=shares.any(axis=1)).final


@function(
    "costs",
    nl="Last per afnemer volgens het dubbele tarief: vaste kosten naar begroot gebruik, variabele kosten naar werkelijk gebruik.",
    en="Charge per user at dual rates: fixed cost on budgeted usage, variable cost on actual usage.",
    arguments=[
        Argument("fixed_cost", "number", "Vaste kosten van de leverende afdeling, in euro.", "Fixed cost of the supplying department, in euro.", 3_000_000),
        Argument("budgeted_usage", "numbers", "Begroot gebruik per afnemer, bijvoorbeeld in uren.", "Budgeted usage per user, for example in hours.", [[8000], [4000]], least=0),
        Argument("variable_rate", "number", "Begrote variabele kosten per eenheid, in euro.", "Budgeted variable cost per unit, in euro.", 200),
        Argument("actual_usage", "numbers", "Werkelijk gebruik per afnemer, in dezelfde eenheid en volgorde.", "Actual usage per user, in the same unit and order.", [[9000], [3000]], least=0),
        Argument(
            "practical_capacity", "number",
            "Capaciteit die de vaste kosten leveren; wat boven de begroting ligt blijft ongebruikt en wordt niet belast. Weggelaten: het begrote totaal.",
            "Capacity that the fixed cost supplies; what lies above the budget stays unused and is not charged. Left out: the budgeted total.",
            18_750, default=None, above_zero=True,
        ),
    ],
)  # fmt: skip
def dual_rate(
    fixed_cost: float,
    budgeted_usage: Floats,
    variable_rate: float,
    actual_usage: Floats,
    practical_capacity: float | None,
) -> Floats:
    """Charge per user under the dual-rate method.

    Formula: fixed_cost / capacity · budgeted_usage + variable_rate · actual_usage
    Source: Horngren et al., Cost Accounting, 14th edition, p. 546.
    """
    return capacities.dual_rate(
        fixed_cost, budgeted_usage, variable_rate, actual_usage, practical_capacity=practical_capacity
    ).total


def _named_columns(variables: NDArray[np.object_], used: set[str]) -> dict[str, Any]:
    """The columns that the equation uses, as numbers; the others may hold anything and are known by name only."""
    if len(variables) < 2:
        raise FunctionError(Fault("KW-FN-012"), Place("variables"))
    columns: dict[str, Any] = {}
    for index, header in enumerate(variables[0].tolist()):
        if not_a_text(header):
            continue
        name = text_of(header)
        if normalise(name) not in used:
            columns.setdefault(name, np.nan)
        elif name in columns:
            raise FunctionError(Fault("KW-FN-025", found=name), Place("variables", 1, index + 1))
        else:
            columns[name] = numbers_in(variables[1:, index].tolist(), partial(_below_header, column=index + 1))
    return columns


def _below_header(index: int, *, column: int) -> Place:
    return Place("variables", index + 2, column)
