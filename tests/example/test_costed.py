"""The engine finds what the costing by hand finds, for every customer."""

import numpy as np
import pytest
from rough_costing import customer_results

import klantwaarde as kw
from klantwaarde.example import build_example

# a customer has at most fifteen handlings, each rounded to a whole cent
A_FEW_CENTS = 0.15


@pytest.fixture(scope="module", params=["nl", "en"])
def outcome(request):
    return kw.analyse(kw.tables_from(build_example(language=request.param)))


def test_every_customer_result_equals_the_one_by_hand(example, outcome):
    by_hand = customer_results(example)["result"]
    engine = outcome.results["customer_pl"].set_index("customer_id")["customer_result"].loc[by_hand.index]
    assert np.abs(engine - by_hand).max() < A_FEW_CENTS


def test_the_ledger_is_fully_explained(outcome):
    assert (outcome.results["ledger_reconciliation"]["difference"].abs() < 0.005).all()


def test_no_check_fails_and_only_the_overloaded_team_is_warned_about(outcome):
    doubtful = outcome.checks[outcome.checks["status"] != "ok"]
    assert set(doubtful["status"]) <= {"warning"}
    assert set(doubtful.get("subject", [])) <= {"BD"}
    assert [message.code for message in outcome.messages if message.severity == "warn"] == ["KW-CA-011"]
