"""The auditfile import. Outside proof: ``pyxaf.validate`` (rules [0001]-[0010]) and pyxaf's own sums per account.

Case XAF-1 (reference cases) is rebuilt here: 11 accounts, 12 transactions, 36 lines, 38,260.42 debit and credit, and
the same file with 3612.16 mistyped as 3621.16.
"""

import gzip
import zipfile
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import pyxaf
from hypothesis import given, settings
from hypothesis import strategies as st
from xaf_builder import (
    ACCOUNTS,
    RELATIONS,
    XAF_32,
    auditfile,
    journal,
    line,
    sale,
    tags,
    transaction,
)

from klantwaarde.messages import LANGUAGES, Fault, InputError, catalogue
from klantwaarde.sources import xaf
from klantwaarde.sources.xaf import AuditfileTables, read_auditfile

XAF_1_ACCOUNTS = (*ACCOUNTS, ("0100", "Inventaris", "B", "BMvaBei"), ("1000", "Kas", "B", "BLimKas"),
                  ("1810", "Te vorderen btw", "B", "BVorBtw"), ("4100", "Huur", "P", "WBedHui"))  # fmt: skip
XAF_1_NETS = ("2985.26", "1991.27", "3997.54", "4956.94", "619.23", "2558.77", "2336.11", "161.37", "2357.62",
              "3000.00", "3333.33", "3322.74")  # fmt: skip


def xaf_1(wrong: str = "3612.16") -> str:
    sales = [sale(n, net, period=n, date=f"2024-{n:02d}-15") for n, net in enumerate(XAF_1_NETS, start=1)]
    opening_lines = (("1100", "10000.00", "D"), ("0100", "2500.50", "D"), ("0500", "12500.50", "C"))
    opening = "".join(f"<obLine>{tags(nr=n, accID=a, amnt=x, amntTp=t)}</obLine>"
                      for n, (a, x, t) in enumerate(opening_lines, start=1))  # fmt: skip
    opening = (
        f"<openingBalance>{tags(linesCount=3, totalDebit='12500.50', totalCredit='12500.50')}{opening}</openingBalance>"
    )
    text = auditfile([journal("VRK", "S", sales)], accounts=XAF_1_ACCOUNTS, totals=("38260.42", "38260.42"),
                     lines_count=36, opening=opening)  # fmt: skip
    return text.replace("<amnt>3612.16</amnt>", f"<amnt>{wrong}</amnt>")


def read(folder: Path, content: str | bytes, name: str = "proef.xaf") -> AuditfileTables:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_auditfile(path)


def codes(faults: tuple[Fault, ...] | list[Fault], *severities: str) -> set[str]:
    return {fault.code for fault in faults if not severities or fault.severity in severities}


def refusal(folder: Path, content: str | bytes, name: str = "proef.xaf") -> set[str]:
    with pytest.raises(InputError) as caught:
        read(folder, content, name)
    return codes(caught.value.faults, "stop")


def test_xaf_1_is_read_whole_and_without_a_warning(tmp_path: Path) -> None:
    result = read(tmp_path, xaf_1())
    controls = result.controls
    assert (controls.accounts, controls.transactions, controls.lines) == (11, 12, 36)
    assert controls.total_debit == controls.total_credit == controls.declared_debit == Decimal("38260.42")
    assert codes(result.faults, "warn", "stop") == set()
    assert list(result.ledger["period"]) == [f"2024-{month:02d}" for month in range(1, 13)]
    assert result.invoice_lines["net_amount"].tolist() == [float(net) for net in XAF_1_NETS]
    assert set(result.invoice_lines["customer_id"]) == {"D1"}
    errors = {finding.code for finding in pyxaf.validate(tmp_path / "proef.xaf").errors}
    assert not {code for code in errors if code.startswith(("XAF5", "XAF6"))}


def test_xaf_1_with_a_mistyped_amount_warns_by_rules_0007_and_0010_and_reads_on(tmp_path: Path) -> None:
    result = read(tmp_path, xaf_1("3621.16"))
    totals = [fault for fault in result.faults if fault.code == "KW-XA-010"]
    unbalanced = [fault for fault in result.faults if fault.code == "KW-XA-011"]
    assert [fault.values["rule"] for fault in totals] == ["[0007]"]
    assert totals[0].values["difference"] == Decimal("-9.00")
    assert [(fault.found, fault.values["amount"]) for fault in unbalanced] == [("VRK/1", Decimal("9.00"))]
    errors = {finding.code for finding in pyxaf.validate(tmp_path / "proef.xaf").errors}
    assert {code for code in errors if code.startswith("XAF5")} == {"XAF5007", "XAF5010"}
    assert result.ledger["amount"].tolist() == [-float(net) for net in XAF_1_NETS]


postings = st.lists(
    st.tuples(
        st.sampled_from([account[0] for account in ACCOUNTS]),
        st.sampled_from([account[0] for account in ACCOUNTS]),
        st.decimals("-99999.99", "99999.99", places=2),
        st.integers(0, 13),
        st.sampled_from(["D1", "D2", "C1", None]),
        st.sampled_from(["S", "M", "B", "O"]),
        st.sampled_from([None, "KP1", "KP2"]),
    ),
    max_size=12,
)


@settings(max_examples=40)
@given(postings)
def test_any_file_ties_to_what_pyxaf_adds_up_and_loses_no_row(chosen: list[tuple[str, str, Decimal, int, str | None, str, str | None]]) -> None:  # fmt: skip
    journals = [
        journal(f"J{n}", kind, [transaction(n, [line(1, debit, amount, "D", custSupID=customer, costID=center),
                                                line(2, credit, amount, "C")], period=period)])
        for n, (debit, credit, amount, period, customer, kind, center) in enumerate(chosen)
    ]  # fmt: skip
    with TemporaryDirectory() as folder:
        result = read(Path(folder), auditfile(journals))
        expected: defaultdict[str, Decimal] = defaultdict(Decimal)
        with pyxaf.open(Path(folder) / "proef.xaf") as outside:
            for entry in outside.lines():
                kept = entry.period_key != "0" and outside.journals[entry.journal_id or ""].journal_type.code != "O"
                if kept and entry.account_id in ("4000", "8000"):
                    expected[entry.account_id] += entry.signed_amount or 0
    found = result.ledger.groupby("account")["amount"].sum()
    assert all(abs(found[account] - float(total)) < 0.005 for account, total in expected.items())
    assert result.controls.profit_and_loss == sum(expected.values())
    revenue = result.invoice_lines["net_amount"].sum() + float(result.controls.revenue_without_customer)
    ambiguous = sum(fault.values["amount"] for fault in result.faults if fault.code == "KW-XA-040")
    assert abs(revenue + float(ambiguous) + float(expected["8000"])) < 0.005
    for intake in result.controls.intake:
        assert intake.rows_in == intake.used + sum(intake.set_aside.values())
    assert not codes(result.faults, "stop")


def test_balance_accounts_and_the_opening_balance_are_left_out_and_counted(tmp_path: Path) -> None:
    opening = transaction(1, [line(1, "1100", "50", "D"), line(2, "8000", "50", "C")], period="0")
    by_journal = transaction(2, [line(1, "1100", "60", "D"), line(2, "8000", "60", "C")])
    result = read(tmp_path, auditfile([journal("BEG", "M", [opening]), journal("OPN", "O", [by_journal]),
                                       journal("VRK", "S", [sale(3, "100.00")])]))  # fmt: skip
    assert result.ledger["amount"].tolist() == [-100.0]
    ledger = result.controls.intake[0]
    assert (ledger.rows_in, ledger.used, ledger.set_aside) == (7, 1, {"opening": 4, "balance_account": 2})


def test_one_row_per_account_cost_center_and_month(tmp_path: Path) -> None:
    cost = [transaction(n, [line(1, "4000", amount, "D", cost=center), line(2, "1100", amount, "C")], period=period)
            for n, amount, center, period in ((1, "10.1", "KP1", 1), (2, "20.2", "KP1", 1), (3, "5", "KP2", 1),
                                              (4, "7", "KP1", 2))]  # fmt: skip
    ledger = read(tmp_path, auditfile([journal("MEM", "M", cost)])).ledger
    rows = list(
        ledger[["account", "cost_center", "period", "amount", "reference_code"]].itertuples(index=False, name=None)
    )
    assert rows == [("4000", "KP1", "2024-01", 30.3, "WBedKan"), ("4000", "KP1", "2024-02", 7.0, "WBedKan"),
                    ("4000", "KP2", "2024-01", 5.0, "WBedKan")]  # fmt: skip


QUARTER = f"<period>{tags(periodNumber=1, startDatePeriod='2024-01-01', endDatePeriod='2024-03-31')}</period>"


@pytest.mark.parametrize(
    ("periods", "number", "date", "month"),
    [
        (None, 3, "2024-04-02", "2024-03"),  # the period decides, not the date
        ("", 3, "2024-04-02", "2024-04"),  # AFAS: periods without element
        (None, 13, "2024-12-31", "2024-12"),  # closing period
        (QUARTER, 1, "2024-02-10", "2024-02"),
        ("", 3, None, "2024-03"),
    ],
)  # fmt: skip
def test_the_month_follows_from_the_period_or_the_date(tmp_path: Path, periods: str | None, number: int, date: str | None, month: str) -> None:  # fmt: skip
    cost = transaction(1, [line(1, "4000", "10", "D"), line(2, "1100", "10", "C")], period=number, date=date)
    ledger = read(tmp_path, auditfile([journal("MEM", "M", [cost])], periods=periods)).ledger
    assert ledger["period"].tolist() == [month]


def test_a_posting_without_period_and_date_keeps_its_amount_and_is_reported(tmp_path: Path) -> None:
    cost = transaction(1, [line(1, "4000", "10", "D"), line(2, "1100", "10", "C")], period=None, date=None)
    result = read(tmp_path, auditfile([journal("MEM", "M", [cost])]))
    assert result.ledger["amount"].sum() == 10.0
    assert result.ledger["period"].isna().all()
    assert "KW-XA-015" in codes(result.faults, "warn")


def test_two_customers_in_one_transaction_are_reported_and_not_guessed(tmp_path: Path) -> None:
    mixed = transaction(7, [line(1, "1300", "60", "D", custSupID="D1"), line(2, "1300", "40", "D", custSupID="D2"),
                            line(3, "8000", "100", "C")])  # fmt: skip
    own = transaction(8, [line(1, "1300", "60", "D", custSupID="D1"), line(2, "1300", "40", "D", custSupID="D2"),
                          line(3, "8000", "60", "C", custSupID="D1"), line(4, "8000", "40", "C", custSupID="D2")])  # fmt: skip
    result = read(tmp_path, auditfile([journal("VRK", "S", [mixed, own])]))
    (fault,) = [fault for fault in result.faults if fault.code == "KW-XA-040"]
    assert (fault.found, fault.values["detail"], fault.values["amount"]) == ("VRK/7", "D1, D2", Decimal(100))
    assert result.invoice_lines[["customer_id", "net_amount"]].values.tolist() == [["D1", 60.0], ["D2", 40.0]]


def test_revenue_without_a_customer_is_counted_with_its_amount(tmp_path: Path) -> None:
    cash = transaction(1, [line(1, "1100", "121", "D"), line(2, "8000", "100", "C"), line(3, "1800", "21", "C")])
    result = read(tmp_path, auditfile([journal("KAS", "C", [cash])]))
    assert result.invoice_lines.empty
    assert result.controls.revenue_without_customer == Decimal(100)
    assert "KW-XA-041" in codes(result.faults, "warn")


def test_the_invoice_takes_number_date_quantity_and_product_from_its_lines(tmp_path: Path) -> None:
    sold = transaction(1, [line(1, "1300", "100", "D", custSupID="D1", invRef="F9"),
                           line(2, "8000", "100", "C", effDate="2024-01-20", prodID="ART1", qntity=4)])  # fmt: skip
    by_document = transaction(2, [line(1, "1300", "50", "D", custSupID="D2"), line(2, "8000", "50", "C", docRef="B2")])
    bare = transaction(3, [line(1, "1300", "25", "D", custSupID="D2"), line(2, "8000", "25", "C")])
    result = read(tmp_path, auditfile([journal("VRK", "S", [sold, by_document, bare])], namespace=XAF_32))
    lines = result.invoice_lines
    assert lines["invoice_id"].tolist() == ["F9", "B2", "VRK/3"]
    assert [f"{date:%Y-%m-%d}" for date in lines["invoice_date"]] == ["2024-01-20", "2024-01-15", "2024-01-15"]
    assert (lines["quantity"][0], lines["product_id"][0]) == (4.0, "ART1")
    assert "KW-XA-042" in codes(result.faults, "note")


def test_a_credit_note_and_a_negative_amount_lower_the_revenue(tmp_path: Path) -> None:
    credit = transaction(1, [line(1, "1300", "30", "C", custSupID="D1"), line(2, "8000", "30", "D", qntity=-2)])
    negative = transaction(2, [line(1, "1300", "-20", "D", custSupID="D1"), line(2, "8000", "-20", "C")])
    result = read(tmp_path, auditfile([journal("VRK", "S", [credit, negative])]))
    assert result.invoice_lines["net_amount"].tolist() == [-30.0, -20.0]
    assert result.invoice_lines["quantity"][0] == -2.0
    assert codes(result.faults, "warn") == set()
    assert "KW-XA-063" in codes(result.faults, "note")


def test_customers_are_types_c_and_b_with_limit_and_group(tmp_path: Path) -> None:
    relations = (("D1", "Een", "C", "G1", "5000.00"), ("D2", "Twee", "B"), ("C1", "Lev", "S"), ("O1", "Ov", "O"))
    result = read(tmp_path, auditfile([journal("VRK", "S", [sale(1, "100")])], relations=relations, namespace=XAF_32))
    assert result.customers["customer_id"].tolist() == ["D1", "D2"]
    assert (result.customers["parent_id"][0], result.customers["credit_limit"][0]) == ("G1", 5000.0)
    assert result.customers["credit_limit"].isna().tolist() == [False, True]
    assert result.controls.intake[1].set_aside == {"supplier": 1, "other_relation": 1}
    assert "KW-XA-033" in codes(result.faults, "note")


def test_swapped_customers_and_suppliers_are_noticed(tmp_path: Path) -> None:
    relations = (("D1", "Klant", "S"), ("D2", "Nieuwe klant", "S"), ("C1", "Leverancier", "C"))
    result = read(tmp_path, auditfile([journal("VRK", "S", [sale(1, "100")])], relations=relations))
    assert result.customers["customer_id"].tolist() == ["D1", "D2"]
    assert codes(result.faults, "warn") == {"KW-XA-030"}


def test_a_single_supplier_on_a_debtor_line_is_taken_along_and_named(tmp_path: Path) -> None:
    result = read(tmp_path, auditfile([journal("VRK", "S", [sale(1, "100"), sale(2, "50", "C1")])]))
    assert result.customers["customer_id"].tolist() == ["D1", "D2", "C1"]
    assert [fault.found for fault in result.faults if fault.code == "KW-XA-031"] == ["C1"]


def test_one_supplier_that_buys_does_not_turn_the_whole_list_around(tmp_path: Path) -> None:
    relations = (*RELATIONS, ("C2", "Gewone leverancier", "S"))
    bought = transaction(2, [line(1, "4000", "10", "D"), line(2, "1600", "10", "C", custSupID="C2")])
    text = auditfile([journal("VRK", "S", [sale(1, "50", "C1")]), journal("INK", "P", [bought])], relations=relations)
    assert read(tmp_path, text).customers["customer_id"].tolist() == ["D1", "D2", "C1"]


def test_a_customer_that_is_not_in_the_list_is_added_and_named(tmp_path: Path) -> None:
    result = read(tmp_path, auditfile([journal("VRK", "S", [sale(1, "100", "D9")])]))
    assert "D9" in set(result.customers["customer_id"])
    assert [fault.found for fault in result.faults if fault.code == "KW-XA-032"] == ["D9"]


def test_a_file_without_relations_names_25_customers_and_counts_the_rest(tmp_path: Path) -> None:
    sales = [sale(n, "1.00", f"D{n:03d}") for n in range(40)]
    result = read(tmp_path, auditfile([journal("VRK", "S", sales)], relations=()))
    assert len(result.customers) == 40
    assert sum(fault.code == "KW-XA-032" for fault in result.faults) == 25
    assert [fault.values["count"] for fault in result.faults if fault.code == "KW-XA-034"] == [15]


def test_the_debtor_account_is_known_by_code_by_name_or_by_the_sales_journal(tmp_path: Path) -> None:
    for number, (name, code, contra) in enumerate([("Vorderingen", "BVorDebHad", None), ("Handelsdebiteuren", None, None),
                                                   ("Vorderingen", None, "1300")]):  # fmt: skip
        accounts = tuple((a[0], name, "B", code) if a[0] == "1300" else a for a in ACCOUNTS)
        memo = journal("MEM", "M", [sale(1, "100")])
        sales = journal("VRK", "S", [], offsetAccID=contra)
        result = read(tmp_path, auditfile([memo, sales], accounts=accounts, namespace=XAF_32), f"{number}.xaf")
        assert result.invoice_lines["customer_id"].tolist() == ["D1"], name


def test_without_a_debtor_account_only_a_sales_journal_tells_the_customer(tmp_path: Path) -> None:
    accounts = tuple((a[0], "Vordering", "B", None) if a[0] == "1300" else a for a in ACCOUNTS)
    text = auditfile([journal("MEM", "M", [sale(1, "100")]), journal("VRK", "S", [sale(2, "50")])], accounts=accounts)
    result = read(tmp_path, text)
    assert result.invoice_lines["invoice_id"].tolist() == ["F2"]
    assert result.controls.revenue_without_customer == Decimal(100)


def test_accounts_without_type_follow_their_code_and_then_their_class(tmp_path: Path) -> None:
    accounts = (("1300", "Vordering", None, None), ("4000", "Kosten", None, None), ("8000", "Omzet", "M", "WOmzNop"),
                ("1800", "Btw", "B", "WOmzNop"), ("1100", "Bank", "B", "BLimBan"))  # fmt: skip
    cost = transaction(9, [line(1, "4000", "10", "D"), line(2, "1100", "10", "C"), line(3, "9999", "0", "D")])
    result = read(tmp_path, auditfile([journal("VRK", "S", [sale(1, "100"), cost])], accounts=accounts))
    assert set(result.ledger["account"]) == {"4000", "8000", "9999"}
    by_code = {code: {f.found for f in result.faults if f.code == code} for code in codes(result.faults)}
    assert by_code["KW-XA-020"] == {"1300", "4000"}
    assert by_code["KW-XA-021"] == {"1800"}
    assert by_code["KW-XA-022"] == {"9999"}


def test_an_unreadable_amount_stops_on_a_result_account_and_warns_on_a_balance_account(tmp_path: Path) -> None:
    on_result = transaction(5, [line(1, "1100", "10", "D"), line(2, "8000", "1O", "C")])
    assert refusal(tmp_path, auditfile([journal("MEM", "M", [on_result])])) == {"KW-XA-007"}
    on_balance = transaction(5, [line(1, "1100", "1O", "D"), line(2, "8000", "10", "C")])
    result = read(tmp_path, auditfile([journal("MEM", "M", [on_balance])]))
    assert {"KW-XA-014", "KW-XA-011"} <= codes(result.faults, "warn")
    assert result.controls.intake[0].set_aside == {"unreadable": 1}


def test_a_wrong_number_of_lines_is_only_a_note(tmp_path: Path) -> None:
    result = read(tmp_path, auditfile([journal("VRK", "S", [sale(1, "100")])], lines_count=4))
    assert codes(result.faults, "note") >= {"KW-XA-012"}
    assert codes(result.faults, "warn") == set()


def test_a_code_that_occurs_twice_is_named_with_its_rule(tmp_path: Path) -> None:
    accounts = (*ACCOUNTS, ("8000", "Omzet dubbel", "P", "WOmzNop"))
    relations = (*RELATIONS, ("D1", "Nog een", "C"))
    result = read(tmp_path, auditfile([journal("VRK", "S", [sale(1, "1")])], accounts=accounts, relations=relations))
    assert {(f.found, f.values["rule"]) for f in result.faults if f.code == "KW-XA-013"} == {
        ("8000", "[0002]"), ("D1", "[0001]")}  # fmt: skip


def test_hundreds_of_unbalanced_transactions_are_counted_after_the_first_25(tmp_path: Path) -> None:
    wrong = [transaction(n, [line(1, "4000", "10", "D"), line(2, "1100", "9", "C")]) for n in range(60)]
    result = read(tmp_path, auditfile([journal("MEM", "M", wrong)]))
    assert sum(fault.code == "KW-XA-011" for fault in result.faults) == 25
    (rest,) = [fault for fault in result.faults if fault.code == "KW-XA-019"]
    assert (rest.values["count"], rest.values["amount"]) == (35, Decimal(35))


SB = {"custSupID": "D1", "invDt": "2024-01-15", "invDueDt": "2024-02-14"}


def subledger(kind: str, lines: list[dict[str, object]]) -> str:
    rows = "".join(f"<sbLine>{tags(nr=n, **fields)}</sbLine>" for n, fields in enumerate(lines, start=1))
    return f"<subledgers><subledger>{tags(sbType=kind)}{rows}</subledger></subledgers>"


def test_the_debtor_subledger_gives_open_and_paid_invoices(tmp_path: Path) -> None:
    paid = transaction(
        20, [line(1, "1100", "121", "D"), line(2, "1300", "121", "C", custSupID="D1")], date="2024-02-20"
    )
    part = transaction(21, [line(1, "1100", "21", "D"), line(2, "1300", "21", "C", custSupID="D1")], date="2024-03-01")
    lines: list[dict[str, object]] = [
        {"jrnID": "VRK", "trNr": 1, "amnt": "121", "amntTp": "D", **SB, "invRef": "F1", "mutTp": "I"},
        {"jrnID": "BNK", "trNr": 20, "amnt": "121", "amntTp": "C", "custSupID": "D1", "invRef": "F1", "mutTp": "P"},
        {"jrnID": "VRK", "trNr": 2, "amnt": "60.50", "amntTp": "D", **SB, "invRef": "F2"},
        {"jrnID": "BNK", "trNr": 21, "amnt": "21", "amntTp": "C", "custSupID": "D1", "invRef": "F2"},
        {"jrnID": "BNK", "trNr": 21, "amnt": "5", "amntTp": "C", "custSupID": "D1", "invRef": "F0", "mutTp": "P"},
        {"jrnID": "VRK", "trNr": 3, "amnt": "5", "amntTp": "D", "custSupID": "D2", "invRef": "F3", "mutTp": "I"},
        {"jrnID": "INK", "trNr": 9, "amnt": "5", "amntTp": "C", **SB, "custSupID": "C1", "invRef": "I1", "mutTp": "I"},
    ]
    text = auditfile([journal("VRK", "S", [sale(1, "100"), sale(2, "50")]), journal("BNK", "B", [paid, part])],
                     namespace=XAF_32, subledgers=subledger("CS", lines))  # fmt: skip
    result = read(tmp_path, text)
    rows = result.receivables.astype(object).where(result.receivables.notna(), None)
    assert rows[["invoice_id", "amount", "open_amount"]].values.tolist() == [["F1", 121.0, 0.0], ["F2", 60.5, 39.5]]
    assert str(rows["paid_date"][0])[:10] == "2024-02-20" and rows["paid_date"][1] is None
    assert str(rows["due_date"][0])[:10] == "2024-02-14"
    aside = result.controls.intake[3]
    assert (aside.rows_in, aside.used) == (7, 4)
    assert aside.set_aside == {"no_invoice": 1, "no_due_date": 1, "not_debtors": 1}
    assert "KW-XA-051" in codes(result.faults, "warn")
    (tmp_path / "proef.xaf.gz").write_bytes(gzip.compress(text.encode()))
    with zipfile.ZipFile(tmp_path / "proef.zip", "w") as archive:
        archive.writestr("proef.xaf", text)
    for packed in ("proef.xaf.gz", "proef.zip"):
        assert read_auditfile(tmp_path / packed).receivables.equals(result.receivables), packed


def test_the_last_payment_dates_the_invoice_and_purchases_of_a_customer_stay_out(tmp_path: Path) -> None:
    payments = [transaction(n, [line(1, "1100", "50", "D"), line(2, "1300", "50", "C")], date=date)
                for n, date in ((20, "2024-03-01"), (21, "2024-02-01"))]  # fmt: skip
    invoice = {"amntTp": "D", **SB, "invRef": "F€1", "mutTp": "I"}
    lines: list[dict[str, object]] = [
        {"jrnID": "VRK", "trNr": 1, "amnt": "100", **invoice},
        {"jrnID": "BNK", "trNr": 20, "amnt": "50", **invoice, "amntTp": "C", "mutTp": "P"},
        {"jrnID": "BNK", "trNr": 21, "amnt": "50", **invoice, "amntTp": "C", "mutTp": "P"},
        {"jrnID": "INK", "trNr": 5, "amnt": "30", **invoice, "amntTp": "C", "invRef": "INK1", "invPurSalTp": "P"},
    ]
    text = auditfile([journal("BNK", "B", payments)], namespace=XAF_32, subledgers=subledger("CS", lines),
                     prolog='<?xml version="1.0" encoding="ISO-8859-1"?>')  # fmt: skip
    receivables = read(tmp_path, text.encode("cp1252")).receivables
    assert receivables["invoice_id"].tolist() == ["F€1"]
    assert f"{receivables['paid_date'][0]:%Y-%m-%d}" == "2024-03-01"


def test_wrong_control_totals_are_named_by_their_rules(tmp_path: Path) -> None:
    result = read(tmp_path, auditfile([journal("VRK", "S", [sale(1, "100")])], totals=("121.00", "120.00")))
    rules = {fault.values["rule"]: fault.values["difference"] for fault in result.faults if fault.code == "KW-XA-010"}
    assert rules == {"[0008]": Decimal("-1.00"), "[0009]": Decimal("1.00")}
    errors = {finding.rule_ref for finding in pyxaf.validate(tmp_path / "proef.xaf").errors} - {None}
    assert errors == set(rules)


def test_xaf_4_has_no_due_dates_and_says_so(tmp_path: Path) -> None:
    result = read(tmp_path, xaf_1())
    assert result.receivables.empty and "due_date" in result.receivables
    assert "KW-XA-050" in codes(result.faults, "note")


def test_the_same_books_read_the_same_from_every_version_and_packing(tmp_path: Path) -> None:
    books = [journal("VRK", "S", [sale(1, "100"), sale(2, "50", "D2")])]
    expected = read(tmp_path, auditfile(books)).ledger
    with zipfile.ZipFile(tmp_path / "proef.zip", "w") as archive:
        archive.writestr("proef.xaf", auditfile(books))
    variants = {f"{ns.rsplit('/', 1)[-1]}.xaf": auditfile(books, namespace=ns).encode() for ns in (
        XAF_32, "http://www.auditfiles.nl/XAF/3.1", "http://www.auditfiles.nl/XAF/3.0", "http://www.auditfiles.nl/XAF/4.0",
        "http://www.odb.belastingdienst.nl/Belastingdienst/BCPP/1.1/structures/XmlauditfileXAF_3.2.1")}  # fmt: skip
    variants["utf16.xaf"] = auditfile(books, namespace=XAF_32, prolog='<?xml version="1.0" encoding="UTF-16"?>').encode(
        "utf-16"
    )
    variants |= {"proef.gz": gzip.compress(auditfile(books).encode()), "proef.zip": (tmp_path / "proef.zip").read_bytes(),
                 "bom.xaf": b"\xef\xbb\xbf" + auditfile(books).encode()}  # fmt: skip
    for name, content in variants.items():
        assert read(tmp_path, content, name).ledger.equals(expected), name
    assert "KW-XA-060" in codes(read_auditfile(tmp_path / "bom.xaf").faults, "note")
    assert "KW-XA-062" in codes(read_auditfile(tmp_path / "4.0.xaf").faults, "note")


def test_clair2_from_the_archive_is_read_too(tmp_path: Path) -> None:
    entry = (
        "<line>" + tags(recordID=1, accountID="1300", custSupID="D1", documentID="F1", debitAmount="100") + "</line>"
    )
    entry += "<line>" + tags(recordID=2, accountID="8000", creditAmount="100") + "</line>"
    chart = "".join(f"<ledgerAccount>{tags(accountID=n, accountDesc=d, accountType=t)}</ledgerAccount>"
                    for n, d, t in (("1300", "Debiteuren", "Balans"), ("8000", "Omzet", "Winst en verlies")))  # fmt: skip
    text = (f"<?xml version='1.0' encoding='UTF-8'?><auditfile><header>{tags(auditfileVersion='CLAIR2.00.00', fiscalYear=2005)}"
            f"</header><generalLedger>{chart}</generalLedger><customersSuppliers><customerSupplier>"
            f"{tags(custSupID='D1', companyName='Klant', type='Debiteur')}</customerSupplier></customersSuppliers>"
            f"<transactions><journal>{tags(journalID='V', type='Verkoop')}<transaction>"
            f"{tags(transactionID=1, period=1, transactionDate='2005-01-10')}{entry}</transaction></journal></transactions>"
            "</auditfile>")  # fmt: skip
    result = read(tmp_path, text)
    assert result.ledger[["account", "period", "amount"]].values.tolist() == [["8000", "2005-01", -100.0]]
    assert result.invoice_lines[["invoice_id", "customer_id", "net_amount"]].values.tolist() == [["F1", "D1", 100.0]]


@pytest.mark.parametrize(
    ("declared", "warned"),
    [("windows-1252", set()), ("ISO-8859-1", set()), ("UTF-8", {"KW-XA-061"})],
)
def test_windows_1252_is_read_also_when_it_is_declared_wrongly(tmp_path: Path, declared: str, warned: set[str]) -> None:
    relations = (("D1", "Café € Één", "C"),)
    text = auditfile([journal("VRK", "S", [sale(1, "100")])], relations=relations,
                     prolog=f'<?xml version="1.0" encoding="{declared}"?>')  # fmt: skip
    result = read(tmp_path, text.encode("cp1252"))
    assert result.customers["name"].tolist() == ["Café € Één"]
    assert codes(result.faults, "warn") == warned
    assert ("KW-XA-064" in codes(result.faults, "note")) == (declared == "windows-1252")


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("inside", ["", '<!ENTITY x SYSTEM "file:///etc/passwd">', '<!ENTITY l0 "ha">' + LAUGHS])
def test_a_doctype_is_refused(tmp_path: Path, inside: str, encoding: str) -> None:
    prolog = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE auditfile [{inside}]>'
    assert refusal(tmp_path, auditfile([], prolog=prolog).encode(encoding)) == {"KW-XA-004"}


def test_a_file_that_cannot_be_read_is_refused_with_its_own_message(tmp_path: Path) -> None:
    assert refusal(tmp_path, "<html><body>nee</body></html>") == {"KW-XA-002"}
    assert refusal(tmp_path, "") == {"KW-XA-002"}
    assert refusal(tmp_path, b"\x00\x01\x02" * 50) == {"KW-XA-002"}
    assert refusal(tmp_path, "abc", "boek.xac") == {"KW-XA-003"}
    assert refusal(tmp_path, xaf_1()[:-2000]) == {"KW-XA-006"}
    with pytest.raises(InputError) as caught:
        read_auditfile(tmp_path / "er-is-niets.xaf")
    assert codes(caught.value.faults) == {"KW-XA-001"}


def test_a_file_above_the_limit_is_refused_before_it_is_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = gzip.compress(xaf_1().encode())
    monkeypatch.setattr(xaf, "MAX_BYTES", 5_000)
    assert refusal(tmp_path, xaf_1()) == {"KW-XA-005"}
    assert refusal(tmp_path, packed, "proef.gz") == {"KW-XA-005"}


def test_every_message_speaks_both_languages_with_the_same_values(tmp_path: Path) -> None:
    names = ("limit", "line", "rule", "name", "declared", "counted", "difference", "amount", "detail", "count", "code",
             "description", "kind")  # fmt: skip
    values = dict.fromkeys(names, "1")
    for language in LANGUAGES:
        for code in (key for key in catalogue(language) if key.startswith("KW-XA-")):
            assert str(Fault(code, found="x", values=values, language=language))
    assert {k for k in catalogue("nl") if "XA" in k or "xaf" in k} == {
        k for k in catalogue("en") if "XA" in k or "xaf" in k
    }
    result = read(tmp_path, xaf_1("3621.16"))
    reasons = {reason for intake in result.controls.intake for reason in intake.set_aside}
    assert all(f"xaf_set_aside_{reason}" in catalogue("nl") for reason in reasons)
    english = read_auditfile(tmp_path / "proef.xaf", language="en")
    assert [str(fault) for fault in english.faults] == [str(fault.speaking("en")) for fault in result.faults]
