"""Expected answers: the ledger of case E2E-1 (reference cases, accounting), the RGS 3.7 list and textbook account names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantwaarde.costs.treatment import BALANCE_ACCOUNT, NO_CLUE, Proposal, cost_element, propose_treatment
from klantwaarde.costs.treatment_rules import COST_ELEMENTS, RULES
from klantwaarde.messages import LANGUAGES, label

E2E_1 = [
    ("8000", "Omzet handelsgoederen", "WOmzNoh", "direct", "revenue"),
    ("8050", "Verleende kortingen", "WOmzKebVek", "direct", "discount"),
    ("8060", "Omzetbonificaties", "WOmzKebOmz", "direct", "bonus"),
    ("7000", "Inkoopwaarde handelsgoederen", "WKprInhInh", "direct", "cost_of_goods"),
    ("4000-HR", "Kosten HR", "WPer", "pool", "HR"),
    ("4000-ICT", "Kosten ICT", "WPer/WBedKan", "pool", "ICT"),
    ("4000-BD", "Kosten binnendienst", "WPer", "pool", "Binnendienst"),
    ("4000-MAG", "Kosten magazijn", "WPer/WBedHui", "pool", "Magazijn"),
    ("4000-ADM", "Kosten administratie", "WPer", "pool", "Administratie"),
    ("4000-TRA", "Kosten transport", "WPer/WBedTra", "pool", "Transport"),
    ("4000-DIR", "Directie", "WPer", "corporate", None),
    ("4620", "Dotatie voorziening dubieuze debiteuren", "WBedVkkDvd", "direct", "bad_debt"),
    ("4630", "Relatiegeschenken", "WBedVkkRel", "direct", "gift"),
]


@pytest.mark.parametrize(("account", "name", "code", "treatment", "target"), E2E_1)
def test_the_wholesaler_of_e2e_1_is_placed_with_and_without_rgs(
    account: str, name: str, code: str, treatment: str, target: str | None
) -> None:
    with_code, without = propose_treatment(account, name, code), propose_treatment(account, name, None)
    assert (with_code.treatment, with_code.target) == (treatment, target)
    assert (without.treatment, without.target) == (treatment, target)


@pytest.mark.parametrize(
    ("code", "treatment", "target", "element"),
    [
        ("WBedAutBra", "pool", None, "vehicles"),  # the trap: Aut is cars ...
        ("WBedKanKoa", "pool", None, "office_ict"),  # ... and ICT stands under Kan
        ("WPerLesSld", "corporate", None, "personnel"),
        ("WPerLesLon", "pool", None, "personnel"),
        ("WOmzKebPrv", "direct", "commission", "sales"),
        ("WOmzOitOit", "outside", None, "other"),
        ("WKprBtkBed", "direct", "discount", "revenue_deductions"),
        ("WKprBtkBec", "direct", "cost_of_goods", "cost_of_goods"),
        ("WBedVkkVrk", "direct", "freight", "transport"),
        ("WBedVkkRea", "channel", None, "sales"),
        ("WBedHuiBeh", "pool", None, "housing"),
        ("WBedHuiGweElk", "pool", None, "energy"),
        ("WAfsAmvBei", "pool", None, "depreciation"),
        ("WAfsRvmBeg", "outside", None, "other"),
        ("WFbeRlsRgl", "outside", None, "financing"),
        ("WBelBgrVpb", "outside", None, "tax"),
        ("wbedtraopk", "pool", None, "transport"),
    ],
)
def test_the_longest_rgs_prefix_decides(code: str, treatment: str, target: str | None, element: str) -> None:
    found = propose_treatment("4999", "", code)
    assert (found.treatment, found.target, cost_element("", code)) == (treatment, target, element)


@pytest.mark.parametrize(
    ("name", "treatment", "target"),
    [
        ("Automatiseringskosten", "pool", "ICT"),
        ("Autokosten", "pool", None),
        ("Lease auto's", "pool", None),
        ("Kostprijs omzet", "direct", "cost_of_goods"),
        ("Cost of sales", "direct", "cost_of_goods"),
        ("Ontvangen kortingen leveranciers", "direct", "cost_of_goods"),
        ("Inkoopbonussen", "direct", "cost_of_goods"),
        ("Inkoopvracht", "direct", "cost_of_goods"),
        ("Uitgaande vracht", "direct", "freight"),
        ("Vrachtauto's", "pool", None),
        ("Verkoopprovisies", "direct", "commission"),
        ("Niet-verrekenbare omzetbelasting", "outside", None),
        ("Afschrijving gebouwen", "pool", None),
        ("Afschrijving debiteuren", "direct", "bad_debt"),
        ("Kerstpakketten personeel", "pool", None),
        ("Kerstpakketten relaties", "direct", "gift"),
        ("Payroll Taxes", "pool", None),
        ("Rentelasten bank", "outside", None),
        ("Rent", "pool", None),
        ("Intercompany omzet", "outside", None),
    ],
)
def test_words_decide_without_a_code(name: str, treatment: str, target: str | None) -> None:
    found = propose_treatment("X", name, None)
    assert (found.treatment, found.target, found.certainty) == (treatment, target, "medium")


def test_the_account_class_is_the_last_and_weakest_clue() -> None:
    assert propose_treatment("8123", "Groep 12", None) == Proposal("direct", "revenue", "KW-TR-005", "low", "8")
    assert propose_treatment("4123", "Groep 12", "0000").treatment == "pool"
    assert propose_treatment("1300", "Groep 12", None).reason_code == BALANCE_ACCOUNT


def test_no_clue_gives_no_proposal() -> None:
    assert propose_treatment("6700", "Xyz", None) == Proposal(None, None, NO_CLUE, "none", "6700")
    assert cost_element("Xyz", None) == "other"


def test_a_balance_code_is_never_a_cost() -> None:
    assert propose_treatment("4000", "Salarissen", "BSchSal").reason_code == BALANCE_ACCOUNT


def test_a_code_that_decides_is_certain_and_a_wide_group_is_not() -> None:
    assert propose_treatment("4", "", "WBedVkkRel").certainty == "high"
    assert propose_treatment("4", "", "WBedXyz").certainty == "medium"


def test_every_reason_and_every_cost_element_speaks_both_languages() -> None:
    samples = [("8", "", "WOmz"), ("4", "", "WPer"), ("4", "Directie", "WPer"), ("4", "Huur", None), ("4", "q", None),
               ("1", "q", None), ("6", "q", None)]  # fmt: skip
    codes = {propose_treatment(*sample).reason_code for sample in samples}
    assert len(codes) == 7
    for language in LANGUAGES:
        assert all(propose_treatment(*sample).reason(language) for sample in samples)
        assert all(label(f"cost_element_{element}", language) for element in COST_ELEMENTS)


def test_no_prefix_stands_in_two_rules() -> None:
    prefixes = [prefix for rule in RULES for prefix in rule.rgs.split()]
    assert len(prefixes) == len(set(prefixes))


@given(st.text(), st.text(max_size=300), st.none() | st.text())
def test_any_text_gets_an_answer_that_holds_together(account: str, name: str, code: str | None) -> None:
    found = propose_treatment(account, name, code)
    assert (found.treatment is None) == (found.certainty == "none")
    assert (found.treatment == "direct") <= (found.target is not None)
    assert found.treatment in ("direct", "pool") or found.target is None
    assert cost_element(name, code) in COST_ELEMENTS
