"""Every command of the command line, in both languages, with its exit code."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet
from workbooks import Run, edit, result_table, sheet_of, write_e2e

from cases import EXPECTED
from klantwaarde.cli import BAD_INPUT, CANNOT_WRITE, CHECK_FAILED, OK, main
from klantwaarde.messages import LANGUAGES, label

Capture = pytest.CaptureFixture[str]
LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
XAF = """<?xml version="1.0" encoding="UTF-8"?>
<auditfile xmlns="http://www.auditfiles.nl/XAF/3.2"><header><fiscalYear>2025</fiscalYear><startDate>2025-01-01</startDate>
<endDate>2025-12-31</endDate><curCode>EUR</curCode></header><company><companyName>Proef</companyName>
<customersSuppliers><customerSupplier><custSupID>D1</custSupID><custSupName>Klant</custSupName><custSupTp>C</custSupTp>
</customerSupplier></customersSuppliers><generalLedger>
<ledgerAccount><accID>1300</accID><accDesc>Debiteuren</accDesc><accTp>B</accTp></ledgerAccount>
<ledgerAccount><accID>8000</accID><accDesc>Omzet</accDesc><accTp>P</accTp></ledgerAccount></generalLedger><periods>
<period><periodNumber>1</periodNumber><startDatePeriod>2025-01-01</startDatePeriod><endDatePeriod>2025-01-31</endDatePeriod>
</period></periods><transactions><linesCount>2</linesCount><totalDebit>100.00</totalDebit><totalCredit>100.00</totalCredit>
<journal><jrnID>V</jrnID><desc>Verkoop</desc><jrnTp>S</jrnTp><transaction><nr>1</nr><periodNumber>1</periodNumber>
<trDt>2025-01-15</trDt><trLine><nr>1</nr><accID>1300</accID><amnt>100.00</amnt><amntTp>D</amntTp><custSupID>D1</custSupID>
<invRef>F1</invRef></trLine><trLine><nr>2</nr><accID>8000</accID><amnt>100.00</amnt><amntTp>C</amntTp></trLine>
</transaction></journal></transactions></company></auditfile>
"""


def said(capsys: Capture) -> tuple[str, str]:
    captured = capsys.readouterr()
    return captured.out, captured.err


def run_json(capsys: Capture, *arguments: str) -> tuple[int, dict[str, object]]:
    """Exit code and the one JSON object on standard output; nothing else may be said."""
    code = main([*arguments, "--json"])
    out, err = said(capsys)
    assert err == ""
    return code, json.loads(out)


def amount_in(text: str) -> float:
    """The amount in a sentence, in either notation."""
    (found,) = re.findall(r"-?[\d.,]*\d[.,]\d\d\b", text)
    return float(found[:-3].replace(".", "").replace(",", "") + "." + found[-2:])


# demo, new


def test_demo_makes_a_refreshed_example_in_an_empty_folder(demo: Run) -> None:
    assert (demo.code, demo.book.name) == (OK, "klantwaarde_voorbeeld.xlsx")
    assert demo.out.rstrip().endswith("klantwaarde_voorbeeld.xlsx")
    assert "verschil 0,00" in demo.out
    assert list(demo.folder.glob("*.kw-tmp*")) == []


@LANGUAGE
def test_new_makes_a_workbook_that_asks_for_its_first_sheets_in_the_language_of_the_book(
    tmp_path: Path, capsys: Capture, language: str
) -> None:
    book = tmp_path / "leeg.xlsx"
    assert main(["new", str(book), "--lang", language]) == OK
    assert label("cli_new", language, book=book) in said(capsys)[0]
    before = book.read_bytes()
    assert main(["refresh", str(book), "--lang", language]) == BAD_INPUT
    err = said(capsys)[1]
    assert "klantwaarde new" in err
    assert label("cli_not_written", language) in err
    assert book.read_bytes() == before


def test_new_never_overwrites(tmp_path: Path, capsys: Capture) -> None:
    book = tmp_path / "mijn.xlsx"
    book.write_text("van mij")
    assert main(["new", str(book)]) == CANNOT_WRITE
    assert '"mijn.xlsx" bestaat al' in said(capsys)[1]
    assert book.read_text() == "van mij"


# check, refresh


@LANGUAGE
def test_check_says_what_it_found_and_writes_nothing(tmp_path: Path, capsys: Capture, language: str) -> None:
    book = write_e2e(tmp_path / "boek.xlsx", language)
    before = book.read_bytes()
    assert main(["check", str(book), "--lang", language, "--quiet"]) == OK
    out, err = said(capsys)
    assert err == ""
    assert {
        "nl": "4 klanten brachten 965.000 netto-omzet en 176.461",
        "en": "4 customers brought 965,000 net revenue and 176,461",
    }[language] in out
    assert {"nl": "verschil 0,00", "en": "difference 0.00"}[language] in out
    assert book.read_bytes() == before


@LANGUAGE
def test_refresh_tells_each_step_and_where_the_result_is(tmp_path: Path, capsys: Capture, language: str) -> None:
    book = write_e2e(tmp_path / "boek.xlsx", language)
    assert main(["refresh", str(book), "--lang", language]) == OK
    out, err = said(capsys)
    assert [label(f"cli_step_{step}", language) for step in ("read", "analyse", "write")] == err.strip().splitlines()
    assert out.strip().splitlines()[-1] == label("cli_written", language, book=book)


def test_the_json_of_check_holds_every_check_and_the_findings(book: Path, capsys: Capture) -> None:
    code, told = run_json(capsys, "check", str(book))
    assert (code, told["ok"]) == (OK, True)
    ties = next(check for check in told["checks"] if check["check"] == "ledger_result")
    assert (ties["expected"], ties["status"]) == (EXPECTED["ledger_result"], "ok")
    assert len(told["findings"]) >= 3
    assert re.fullmatch(r"[0-9a-f]{64}", told["input_hash"])


def test_the_json_of_refresh_names_the_book_and_its_backup(book: Path, capsys: Capture) -> None:
    code, told = run_json(capsys, "refresh", str(book))
    assert (code, told["book"]) == (OK, str(book))
    assert Path(told["backup"]).is_file()


@LANGUAGE
def test_a_check_that_fails_gives_exit_code_1_and_says_what_differs(
    tmp_path: Path, capsys: Capture, language: str
) -> None:
    book = write_e2e(tmp_path / "boek.xlsx", language)
    change_first_ledger_amount(book, -1_000_100)
    assert main(["check", str(book), "--lang", language, "--quiet"]) == CHECK_FAILED
    out, _ = said(capsys)
    failed = [line for line in out.splitlines() if line.startswith({"nl": "FOUT", "en": "FAILED"}[language])]
    expected = label("check_ledger_result", language)
    first = {"nl": "verwacht 53.100,00, gevonden 53.000,00", "en": "expected 53,100.00, found 53,000.00"}[language]
    assert f"{expected}: {first}" in failed[0]
    assert {"nl": "Omzet na korting", "en": "Revenue less discount"}[language] in failed[1]
    assert "_" not in "".join(failed)


@LANGUAGE
def test_a_wrong_value_given_with_set_has_its_place_in_the_language_of_the_reader(
    tmp_path: Path, capsys: Capture, language: str
) -> None:
    book = write_e2e(tmp_path / "boek.xlsx", language)
    assert main(["check", str(book), "--lang", language, "--quiet", "--set", "reference_date=x"]) == BAD_INPUT
    place = {"nl": "Instellingen · Peildatum: ", "en": "Settings · Reference date: "}[language]
    assert said(capsys)[1].startswith(place)


def change_first_ledger_amount(book: Path, amount: float) -> None:
    edit(book, lambda opened: sheet_of(opened, "tblLedger").__setitem__("E6", amount))


def test_a_book_that_is_not_there_is_named(tmp_path: Path, capsys: Capture) -> None:
    assert main(["check", str(tmp_path / "weg.xlsx")]) == BAD_INPUT
    assert "weg.xlsx" in said(capsys)[1]


def test_faults_are_json_too(tmp_path: Path, capsys: Capture) -> None:
    code, told = run_json(capsys, "refresh", str(tmp_path / "weg.xlsx"))
    assert (code, told["ok"]) == (BAD_INPUT, False)
    assert {"code", "what", "expected", "advice"} <= told["faults"][0].keys()


# settings for one run


def test_a_setting_on_the_command_line_changes_this_run_only(book: Path, capsys: Capture) -> None:
    _, usual = run_json(capsys, "check", str(book))
    _, direct = run_json(capsys, "check", str(book), "--set", "support_method=direct")
    _, by_label = run_json(capsys, "check", str(book), "--set", "Doorbelasting=Rechtstreeks")
    _, again = run_json(capsys, "check", str(book))
    assert direct["input_hash"] == by_label["input_hash"] != usual["input_hash"] == again["input_hash"]
    assert direct["ok"]
    assert direct["findings"] != usual["findings"]


@pytest.mark.parametrize(
    ("given", "named"),
    [("support_method", "support_method"), ("support_method=raden", "raden"), ("period_end=ooit", "ooit")],
)
def test_a_setting_that_does_not_fit_is_refused(book: Path, capsys: Capture, given: str, named: str) -> None:
    assert main(["check", str(book), "--set", given]) == BAD_INPUT
    assert f'"{named}"' in said(capsys)[1]


# trace


@LANGUAGE
def test_a_customers_result_is_traced_back_to_the_ledger_and_adds_up(
    tmp_path: Path, capsys: Capture, language: str
) -> None:
    book = write_e2e(tmp_path / "boek.xlsx", language)
    assert main(["trace", str(book), "C", "--lang", language]) == OK
    last = said(capsys)[0].strip().splitlines()[-1]
    assert amount_in(last) == EXPECTED["customer_pl"]["C"]["customer_result"]


@pytest.mark.parametrize(
    "figure", ["customer_result", "gross_margin", "cost_to_serve", "direct_cost", "stop", "offerte"]
)
def test_the_rows_of_a_traced_figure_add_up_to_the_cent(book: Path, capsys: Capture, figure: str) -> None:
    _, told = run_json(capsys, "trace", str(book), "C", figure)
    expected = {**EXPECTED["customer_pl"]["C"], **EXPECTED["cells"]["C"]}[figure]
    assert round(sum(row["amount"] for row in told["rows"]), 2) == told["total"] == pytest.approx(expected, abs=0.02)


def test_an_account_is_traced_forward_to_customers_and_unused_capacity(book: Path, capsys: Capture) -> None:
    code, told = run_json(capsys, "trace", str(book), "4000-HR", "--account")
    assert (code, told["total"]) == (OK, 20_000)
    assert {row["destination"] for row in told["rows"]} == {"customer", "unused"}
    assert round(sum(row["amount"] for row in told["rows"]), 2) == 20_000


@LANGUAGE
@pytest.mark.parametrize(
    ("arguments", "named"), [(["Z"], "Z"), (["A", "winst"], "winst"), (["9999", "--account"], "9999")]
)
def test_an_unknown_customer_figure_or_account_is_named(
    tmp_path: Path, capsys: Capture, language: str, arguments: list[str], named: str
) -> None:
    book = write_e2e(tmp_path / "boek.xlsx", language)
    assert main(["trace", str(book), *arguments, "--lang", language]) == BAD_INPUT
    assert f'"{named}"' in said(capsys)[1]


# import, propose, restore


@LANGUAGE
def test_import_fills_a_new_workbook_from_an_auditfile(tmp_path: Path, capsys: Capture, language: str) -> None:
    auditfile, book = tmp_path / "file.xaf", tmp_path / "boek.xlsx"
    auditfile.write_text(XAF, encoding="utf-8")
    assert main(["import", str(auditfile), str(book), "--lang", language]) == OK
    out, _ = said(capsys)
    assert {"nl": "Factuurregels: 1 regel", "en": "InvoiceLines: 1 row"}[language] in out
    assert result_table(book, "tblInvoiceLines").iloc[0, :3].tolist()[0] == "F1"
    assert main(["check", str(book), "--lang", language]) == BAD_INPUT  # nobody confirmed a treatment yet
    assert '"8000"' in said(capsys)[1]


def test_a_confirmed_mapping_makes_the_imported_book_tie(tmp_path: Path, capsys: Capture) -> None:
    auditfile, book = tmp_path / "file.xaf", tmp_path / "boek.xlsx"
    auditfile.write_text(XAF, encoding="utf-8")
    assert main(["import", str(auditfile), str(book)]) == OK
    edit(book, lambda opened: confirm(sheet_of(opened, "tblMapping")))
    capsys.readouterr()
    assert main(["refresh", str(book), "--quiet"]) == OK
    assert "1 klant bracht 100 netto-omzet" in said(capsys)[0]


def confirm(mapping: Worksheet) -> None:
    (column,) = (cell.column for cell in mapping[5] if cell.value == "Akkoord")
    mapping.cell(6, column, "ja")


def test_an_auditfile_that_is_none_is_refused_and_makes_no_workbook(tmp_path: Path, capsys: Capture) -> None:
    auditfile, book = tmp_path / "file.xaf", tmp_path / "boek.xlsx"
    auditfile.write_text("<geen/>", encoding="utf-8")
    assert main(["import", str(auditfile), str(book)]) == BAD_INPUT
    assert "file.xaf" in said(capsys)[1]
    assert not book.exists()


@LANGUAGE
def test_propose_fills_the_mapping_sheet_for_accounts_without_a_treatment(
    tmp_path: Path, capsys: Capture, language: str
) -> None:
    book = write_e2e(tmp_path / "boek.xlsx", language)
    for cell in ("G6", "H6"):  # revenue loses its treatment and its target
        edit(book, lambda opened, cell=cell: sheet_of(opened, "tblLedger").__setitem__(cell, None))
    assert main(["check", str(book), "--lang", language]) == BAD_INPUT
    assert '"8000"' in said(capsys)[1]
    assert main(["propose", str(book), "--lang", language]) == OK
    assert label("cli_proposed", language, n=1, book=book) in said(capsys)[0]
    assert result_table(book, "tblMapping").iloc[0, 0] == "8000"


@LANGUAGE
def test_restore_says_which_version_came_back(tmp_path: Path, capsys: Capture, language: str) -> None:
    book = write_e2e(tmp_path / "boek.xlsx", language)
    before = book.read_bytes()
    assert main(["restore", str(book), "--lang", language]) == CANNOT_WRITE
    assert "boek.xlsx" in said(capsys)[1]
    assert main(["refresh", str(book)]) == OK
    capsys.readouterr()
    assert main(["restore", str(book), "--lang", language]) == OK
    assert "boek.kw-backup-001.xlsx" in said(capsys)[0]
    assert book.read_bytes() == before


# the program itself


def test_help_names_every_command_and_loads_nothing_heavy() -> None:
    code = "import sys; sys.argv = ['klantwaarde', '--help']\n"
    code += "from klantwaarde.cli import main\ntry: main()\nexcept SystemExit: pass\n"
    code += "print([name for name in ('pandas', 'numpy', 'openpyxl', 'lxml') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True, timeout=60)
    *help_text, loaded = done.stdout.strip().splitlines()
    shown = "\n".join(help_text)
    assert loaded == "[]"
    for command in ("demo", "new", "check", "refresh", "trace", "import", "propose", "restore"):
        assert f"\n    {command} " in shown


def test_a_command_that_does_not_exist_is_refused(capsys: Capture) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["verwerk"])
    assert caught.value.code == BAD_INPUT
    assert "verwerk" in said(capsys)[1]


def test_our_own_bug_gives_one_sentence_and_a_report_without_values(
    book: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("K-100234 owes 12,345.67")

    monkeypatch.setattr("klantwaarde.api.check", broken)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert main(["check", str(book)]) == 4
    (report,) = tmp_path.glob("klantwaarde-*.log")
    err = said(capsys)[1]
    assert str(report) in err
    assert "Traceback" not in err
    assert "12,345.67" not in err + report.read_text(encoding="utf-8")


def test_a_setting_that_does_not_exist_is_refused_before_anything_is_read(tmp_path, capsys):
    assert main(["check", str(tmp_path / "none.xlsx"), "--set", "ondersteuning=direct"]) == 2
    assert "KW-CL-005" in capsys.readouterr().err
