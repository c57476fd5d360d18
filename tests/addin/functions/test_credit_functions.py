"""The functions of group credit: published figures, forms of input, and what they refuse."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from klantwaarde_addin.errors import NO_RESULT, FunctionError
from klantwaarde_addin.functions import (
    ageing,
    collection_effectiveness,
    credit_cost,
    days_delinquent,
    days_late,
    dso,
    dso_best_possible,
    dso_countback,
    expected_credit_loss,
    loss_rates,
)

from .published import column, near

CASES = tomllib.loads((Path(__file__).parents[2] / "published" / "credit.toml").read_text(encoding="utf-8"))


def case(name):
    return CASES[name]["inputs"], CASES[name]["expected"]


def code_of(refused):
    return refused.value.fault.code


def test_dso_of_a_column_is_a_column():
    given, expected = case("DSO-1")
    assert dso(column(given["receivables"]), column(given["revenue"]), column(given["days"])) == near(column(expected["dso"]))
    assert dso(150_000, 1_800_000, 365) == near(30.4167)


def test_dso_is_the_best_possible_and_the_days_delinquent():
    assert dso_best_possible(90, 365, 365) + days_delinquent(120, 90, 365, 365) == pytest.approx(dso(120, 365, 365))


def test_dso_needs_revenue_above_zero():
    with pytest.raises(FunctionError) as refused:
        dso(100, 0, 365)
    assert (code_of(refused), refused.value.argument) == ("KW-FN-033", "revenue")


@pytest.mark.parametrize("place", [1, 2, 3])
def test_countback_is_one_number(place):
    given, expected = case("DSO-3")
    one = given["cases"][place]
    assert dso_countback(one["receivables"], one["revenues"], one["days"]) == near(expected["dso"][place])


def test_countback_beyond_the_series_says_so_beside_it():
    given, expected = case("DSO-3")
    one = given["cases"][0]
    [row] = dso_countback(one["receivables"], one["revenues"])
    assert row == [expected["dso"][0], expected["unexplained"][0], "ten minste; de rest is ouder dan de reeks"]


def test_collection_effectiveness_on_all_revenue_or_the_monthly_average():
    given, expected = case("CEI-1")
    balances = given["closing"], given["closing_current"]
    assert collection_effectiveness(given["opening"], given["revenue"], *balances) == pytest.approx(expected["all_revenue"], abs=5e-7)
    assert collection_effectiveness(given["opening"], given["revenue"] / given["months"], *balances) == pytest.approx(expected["monthly_average"], abs=5e-6)


def test_collection_effectiveness_of_nothing_to_collect_has_no_result():
    with pytest.raises(FunctionError) as refused:
        collection_effectiveness(0, 50, 50, 50)
    assert (code_of(refused), refused.value.code) == ("KW-CR-013", NO_RESULT)


def test_days_late_floors_unless_told_otherwise():
    given, expected = case("WADL-1")
    due = [date(2025, 6, 10)] * 3
    paid = [date(2025, 6, 10 + days) for days in given["days_after_due"]]
    assert days_late(due, paid, given["amounts"]) == near(expected["floored"])
    assert days_late(due, paid, given["amounts"], floor=False) == near(expected["signed"])


def test_days_late_refuses_credit_notes_and_amounts_of_nothing():
    with pytest.raises(FunctionError) as refused:
        days_late([45_700], [45_701], [-5])
    assert code_of(refused) == "KW-FN-029"
    with pytest.raises(FunctionError) as refused:
        days_late([45_700], [45_701], [0])
    assert (code_of(refused), refused.value.code) == ("KW-CR-012", NO_RESULT)


def test_ageing_gives_amount_share_and_count_per_class():
    due = [date(2025, 12, 31), date(2025, 12, 30), date(2025, 12, 1), date(2025, 11, 30), date(2025, 1, 1)]
    rows = ageing(due, [10, 20, 30, 40, 100], date(2025, 12, 31))
    assert rows == [["not_due", 10.0, 0.05, 1], ["1-30", 50.0, 0.25, 2], ["31-60", 40.0, 0.2, 1], ["61-90", 0.0, 0.0, 0], [">90", 100.0, 0.5, 1]]
    assert [row[0] for row in ageing(due, [1] * 5, date(2025, 12, 31), [14])] == ["not_due", "1-14", ">14"]


def test_ageing_without_a_positive_total_has_no_shares():
    assert ageing([45_657], [-5], 45_657)[0] == ["not_due", -5.0, "n.v.t.: totaal niet boven nul", 1]


def test_ageing_wants_ascending_borders():
    with pytest.raises(FunctionError, match="60; 30") as refused:
        ageing([45_657], [5], 45_657, [60, 30])
    assert code_of(refused) == "KW-FN-027"


def test_loss_rates_are_the_rolls_chained():
    rows = loss_rates([[100, 20, 5], [80, 30, 10], [100, 20, 15]], 0.5)
    assert rows == near([[50 / 180, 50 / 180 * 0.5 * 0.5], [0.5, 0.25], [0.5, 0.5]])
    assert loss_rates([[100, 20], [100, 10]])[1] == [1, 1]


@pytest.mark.parametrize(("balances", "code"), [([[1, 2]], "KW-CR-011"), ([[1], [2]], "KW-CR-011"), ([[0, 1], [0, 1]], "KW-CR-014")])
def test_loss_rates_need_two_moments_two_classes_and_something_in_them(balances, code):
    with pytest.raises(FunctionError) as refused:
        loss_rates(balances)
    assert code_of(refused) == code


def test_expected_credit_loss_of_ifrs_9_is_in_cents_per_row():
    given, expected = case("ECL-1")
    found = expected_credit_loss(given["gross"], given["rate"])
    assert found == expected["allowance"]
    assert sum(found) == expected["total"]
    assert expected_credit_loss([0.5, -0.5], 0.01) == [0.01, -0.01]


def test_credit_cost_with_terms_is_split_at_them():
    given, expected = case("FIN-1")
    [row] = credit_cost(given["revenue"], given["days"], given["rate"], given["vat"], given["terms"], given["day_basis"])
    assert (row[0], row[2]) == (near(expected["financing"]), near(expected["beyond_terms"]))
    assert row[1] == pytest.approx(row[0] - row[2])


def test_credit_cost_without_terms_is_one_number_per_row():
    given, expected = case("FIN-1")
    assert credit_cost(given["revenue"], given["days"], given["rate"]) == near(expected["financing"])
    assert credit_cost(given["revenue"], given["days"], given["rate"], 0) == near(expected["without_vat"])
    assert credit_cost([100_000, 0], 45, 0.08) == near([expected["financing"], 0.0])
