"""The rules that every declared function keeps, and what a declaration refuses."""

import inspect
import re
import subprocess
import sys

import pytest

import klantwaarde_addin.functions as functions_module
from klantwaarde_addin.declare import FUNCTIONS, LONGEST_HELP, Argument, Function, function
from klantwaarde_addin.functions import abc_class, whale_curve
from klantwaarde_addin.reference import explained

IN_DESIGN = {
    "costs": {"capacity_rate", "activity_minutes", "unused_capacity", "allocate", "allocate_support", "dual_rate"},
    "credit": {
        "dso", "dso_countback", "dso_best_possible", "days_delinquent", "days_late", "collection_effectiveness", "ageing", "loss_rates",
        "expected_credit_loss", "credit_cost",
    },
    "profit": {
        "whale_curve", "abc_class", "pyramid_tier", "gini", "hhi", "price_volume_mix", "volume_for_discount", "break_even_price",
    },
    "lifetime": {
        "clv", "clv_cashflows", "clv_potential", "margin_multiple", "retention_needed", "customer_equity", "equity_bridge", "rfm",
        "bgnbd_fit", "paretonbd_fit", "expected_purchases", "p_alive", "gamma_gamma_fit", "expected_value", "sbg_fit", "sbg_survival",
        "bgbb_fit",
    },
    "planning": {
        "acquisition_cost", "customers_for_budget", "budget_for_customers", "new_customers_needed", "reactivation_value", "npv_investment",
    },
}  # fmt: skip
RESERVED = re.findall(
    r"\w+",
    """
    abs addressof alias and any array as attribute base boolean byref byte byval call case cbool cbyte ccur cdate
    cdbl cint clng const csng cstr currency cvar cverr date debug declare defbool dim do double each else elseif
    empty end endif enum eqv erase error event exit explicit false fix for friend function get global gosub goto
    if imp implements in input int integer is lbound len let lib like line local lock long loop lset me mid mod
    name new next not nothing null object on open option optional or output paramarray preserve print private
    property public put raiseevent random read redim rem resume return rset seek select set sgn shared single spc
    static step stop string sub tab then time to true type typeof ubound unlock until variant wend while width
    with withevents write xor
    """,
)
ALL = pytest.mark.parametrize("declared", FUNCTIONS.values(), ids=lambda declared: declared.name)


def test_the_functions_of_the_design_are_all_there() -> None:
    by_group: dict[str, set[str]] = {}
    for declared in FUNCTIONS.values():
        by_group.setdefault(declared.group, set()).add(declared.name)
    assert {group: by_group[group] for group in IN_DESIGN} == IN_DESIGN
    assert set(functions_module.__all__) == set(FUNCTIONS)


@ALL
def test_help_is_a_sentence_that_fits_the_function_wizard(declared: Function) -> None:
    for described in (declared, *declared.arguments):
        texts = described.help("nl"), described.help("en")
        assert texts[0] != texts[1]
        for text in texts:
            assert 10 < len(text) <= LONGEST_HELP
            assert text.endswith(".")
            assert text[0].isupper()


@ALL
def test_names_are_no_cells_and_no_words_of_vba(declared: Function) -> None:
    assert re.fullmatch(r"KW_[A-Z][A-Z_][A-Z][A-Z0-9_]*", declared.excel_name)
    assert declared.server_name == f"KW.{declared.name.upper()}"
    for argument in declared.arguments:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", argument.name)
        assert argument.name not in RESERVED
    assert not re.fullmatch(r"[a-z]{1,3}[0-9]+|r[0-9]*c[0-9]*", declared.name)


@ALL
def test_required_arguments_come_first_and_labels_last(declared: Function) -> None:
    required = [argument.is_required for argument in declared.arguments]
    assert required == sorted(required, reverse=True)
    assert declared.fewest == sum(required)
    assert (declared.arguments[-1].name == "labels") == bool(declared.headers("nl"))
    assert len(declared.headers("nl")) == len(declared.headers("en"))


@ALL
def test_the_python_function_shows_its_arguments_and_says_where_it_comes_from(declared: Function) -> None:
    run = getattr(functions_module, declared.name)
    assert [*inspect.signature(run).parameters] == [argument.name for argument in declared.arguments]
    assert explained(declared, "Formula")
    assert re.search(r"\b(19|20)\d\d\b|edition|chapter|Nagle", explained(declared, "Source"))
    assert inspect.getdoc(run) == inspect.getdoc(declared.body)


def test_defaults_stand_in_the_signature_and_arguments_go_by_name() -> None:
    assert str(inspect.signature(abc_class)) == "(values, a=0.8, b=0.95)"
    assert abc_class(values=[60, 30, 10], b=0.8, a=0.5) == ["A", "B", "C"]
    with pytest.raises(TypeError):
        whale_curve()
    with pytest.raises(TypeError):
        whale_curve([1], colour=True)


def test_a_declaration_that_contradicts_its_function_is_refused() -> None:
    def half(number: float) -> float:
        return number / 2

    with pytest.raises(ValueError, match="other arguments"):
        function("costs", nl="", en="", arguments=[Argument("amount", "number", "", "", 1)])(half)
    half.__name__ = "gini"
    with pytest.raises(ValueError, match="declared twice"):
        function("costs", nl="", en="", arguments=[Argument("number", "number", "", "", 1)])(half)


def test_the_functions_load_without_xlwings_and_scipy() -> None:
    code = "import sys, klantwaarde_addin.call; sys.exit(bool({'xlwings', 'scipy', 'openpyxl', 'lxml'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
