"""The command line: ``klantwaarde demo | new | check | refresh | trace | import | propose | restore | addin``.

Exit codes: 0 all is well, 1 a check failed, 2 faults in the input, 3 the result cannot be written, 4 our bug.
Heavy modules are imported inside the commands, so that ``--help`` answers at once.
"""

import argparse
import json
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

from klantwaarde.messages import Fault, InputError, KlantwaardeError, WriteError, label

if TYPE_CHECKING:
    from klantwaarde.model import Outcome

OK, CHECK_FAILED, BAD_INPUT, CANNOT_WRITE, OUR_BUG = 0, 1, 2, 3, 4
MOST_PRINTED = 200
ADDIN = "addin"  # its own commands stand in the package of the add-in


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a console of another code page still shows the sentence
            stream.reconfigure(errors="replace")
    if given[:1] == [ADDIN]:
        return _addin(given[1:])
    options = _parser().parse_args(given)
    console = Console(options.lang, as_json=options.json, quiet=options.quiet)
    try:
        code: int = options.run(options, console)
        return code
    except InputError as error:
        console.faults(error)
        return BAD_INPUT
    except WriteError as error:
        console.faults(error)
        return CANNOT_WRITE
    except Exception as error:  # the last line of defence: one sentence for the user, the traceback in a file
        report = _bug_report(error)
        console.fail(label("cli_bug", console.language, kind=type(error).__name__, report=report))
        return OUR_BUG


def _addin(arguments: list[str]) -> int:
    from klantwaarde_addin.cli import main as run

    return run(arguments)


def _bug_report(error: Exception) -> Path:
    """Write the traceback without values of the user's cells; returns the file."""
    frames = traceback.extract_tb(error.__traceback__)
    text = "".join(f"{Path(f.filename).name}:{f.lineno} {f.name}\n" for f in frames) + type(error).__name__ + "\n"
    with tempfile.NamedTemporaryFile("w", prefix="klantwaarde-", suffix=".log", delete=False, encoding="utf-8") as report:
        report.write(text)
    return Path(report.name)


class Console:
    """What the user reads: sentences, or one JSON object for machines."""

    def __init__(self, chosen: str | None, *, as_json: bool, quiet: bool) -> None:
        self.chosen = chosen  # None until a workbook tells its language
        self.as_json = as_json
        self.quiet = quiet

    @property
    def language(self) -> str:
        return self.chosen or "nl"

    def say(self, text: str = "") -> None:
        """One line for people."""
        if not self.as_json:
            sys.stdout.write(text + "\n")

    def progress(self, step: str) -> None:
        """The step that starts now."""
        if not self.as_json and not self.quiet:
            sys.stderr.write(label(f"cli_step_{step}", self.language) + "\n")
            sys.stderr.flush()

    def data(self, content: dict[str, Any]) -> None:
        """The JSON object of ``--json``."""
        if self.as_json:
            sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2, default=str) + "\n")

    def fail(self, text: str) -> None:
        """One sentence on the error stream."""
        sys.stderr.write(text + "\n")

    def faults(self, error: KlantwaardeError) -> None:
        """Every fault, one a line; the first ones when there are very many."""
        faults = [fault.speaking(self.language) for fault in error.faults]
        if self.as_json:
            self.data({"ok": False, "faults": [fault.as_dict() for fault in faults]})
            return
        for fault in faults[:MOST_PRINTED]:
            self.fail(str(fault))
        if len(faults) > MOST_PRINTED:
            self.fail(label("cli_faults_shown", self.language, n=len(faults), printed=MOST_PRINTED))
        self.fail(label("cli_not_written", self.language))


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--lang", choices=("nl", "en"), help="language of messages / taal van meldingen (that of the workbook, else nl)")
    common.add_argument("--json", action="store_true", help="one JSON object on standard output")
    common.add_argument("--quiet", action="store_true", help="no progress")
    parser = argparse.ArgumentParser(
        prog="klantwaarde", description="Customer P&L that ties to the ledger, from and to an Excel workbook.",
        epilog="Exit codes: 0 well, 1 a check failed, 2 faults in the input, 3 cannot write, 4 our bug.",
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(required=True, metavar="command")

    def command(name: str, run: Callable[[argparse.Namespace, Console], int], help_text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help_text, description=help_text, parents=[common])
        sub.set_defaults(run=run)
        return sub

    demo = command("demo", _demo, "make the example workbook, refresh it and say what it found")
    demo.add_argument("folder", nargs="?", type=Path, default=Path(), help="where to put the workbook (here)")
    new = command("new", _new, "make an empty workbook to fill")
    new.add_argument("book", type=Path, help="the workbook to make, such as klantwaarde.xlsx")
    check = command("check", _check, "read and check a workbook without writing anything")
    check.add_argument("book", type=Path)
    refresh = command("refresh", _refresh, "recompute every result and write the result sheets")
    refresh.add_argument("book", type=Path)
    refresh.add_argument("-o", "--output", type=Path, help="write to this file; the workbook stays as it is")
    for sub in (check, refresh):
        sub.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting for this run")
    trace = command("trace", _trace, "where a customer's figure comes from, or where an account went")
    trace.add_argument("book", type=Path)
    trace.add_argument("subject", help="a customer number; with --account a ledger account")
    trace.add_argument("figure", nargs="?", default="customer_result", help="a column of the customer P&L (customer_result)")
    trace.add_argument("--account", action="store_true", help="the subject is a ledger account: show where it went")
    commands.add_parser(ADDIN, add_help=False, help="the add-in for Excel: install, uninstall, doctor, serve, build")
    fill = command("import", _import, "fill ledger, customers and invoice lines from an XML auditfile")
    fill.add_argument("auditfile", type=Path)
    fill.add_argument("book", type=Path, help="a workbook made by 'klantwaarde new'; made when it does not exist")
    propose = command("propose", _propose, "fill the Mapping sheet with proposed treatments for unmapped accounts")
    propose.add_argument("book", type=Path)
    restore = command("restore", _restore, "bring the previous version of a refreshed workbook back")
    restore.add_argument("book", type=Path)
    return parser


def _version() -> str:
    from klantwaarde import __version__

    return f"klantwaarde {__version__}"


def _demo(options: argparse.Namespace, console: Console) -> int:
    from klantwaarde.example.book import example_workbook

    options.folder.mkdir(parents=True, exist_ok=True)
    book = options.folder / label("cli_demo_name", console.language)
    console.progress("example")
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / book.name
        example_workbook(fresh, console.language)
        return _refresh_and_report(fresh, book, {}, console)


def _new(options: argparse.Namespace, console: Console) -> int:
    from klantwaarde.workbook.saving import save
    from klantwaarde.workbook.template import build_template

    if options.book.exists():
        raise WriteError([Fault("KW-CL-001", found=options.book.name, language=console.language)])
    save(options.book, lambda place: place.write_bytes(build_template(console.language)), read_sha256=None)
    console.say(label("cli_new", console.language, book=options.book))
    console.data({"ok": True, "book": str(options.book)})
    return OK


def _check(options: argparse.Namespace, console: Console) -> int:
    from klantwaarde.api import check

    console.progress("read")
    outcome = check(options.book, _settings(options, console))
    _report(outcome, console, {})
    return OK if outcome.ok else CHECK_FAILED


def _refresh(options: argparse.Namespace, console: Console) -> int:
    return _refresh_and_report(options.book, options.output, _settings(options, console), console)


def _refresh_and_report(book: Path, output: Path | None, settings: dict[str, str], console: Console) -> int:
    from klantwaarde.api import refresh

    done = refresh(book, output, settings=settings, progress=console.progress)
    _report(done.outcome, console, {"book": str(done.path), "backup": str(done.backup) if done.backup else None})
    console.say(label("cli_written", console.language, book=done.path))
    return OK if done.outcome.ok else CHECK_FAILED


def _settings(options: argparse.Namespace, console: Console) -> dict[str, str]:
    from klantwaarde.tables.settings import SETTINGS, find_setting

    pairs = [text.partition("=") for text in options.set]
    wrong = [name for name, equals, _ in pairs if not equals]
    if wrong:
        raise InputError([Fault("KW-CL-002", found=text, language=console.language) for text in wrong])
    unknown = [name for name, _, _ in pairs if find_setting(name) is None]
    if unknown:
        known = ", ".join(setting.id for setting in SETTINGS)
        raise InputError([Fault("KW-CL-005", found=name, values={"known": known}, language=console.language) for name in unknown])
    return {name.strip(): value for name, _, value in pairs}


def _report(outcome: "Outcome", console: Console, more: dict[str, Any]) -> None:
    """Findings, failed checks and warnings, for people or as JSON."""
    from klantwaarde.report.findings import findings
    from klantwaarde.report.words import amount, word

    language = console.chosen or outcome.model.settings.language
    console.chosen = language
    sentences = findings(outcome, language)
    failed = outcome.checks[outcome.checks["status"] == "failed"]
    warnings = [fault.speaking(language) for fault in outcome.messages if fault.severity == "warn"]
    if console.as_json:
        columns = ["check", "subject", "expected", "found", "difference", "tolerance", "status"]
        checks = outcome.checks[columns].to_dict(orient="records")
        content = {"ok": outcome.ok, "findings": sentences, "checks": checks, "messages": [f.speaking(language).as_dict() for f in outcome.messages]}
        console.data({**more, **content, "input_hash": outcome.input_hash})
        return
    for line in sentences:
        console.say(line)
    for row in failed.itertuples(index=False):
        check = " · ".join(part for part in (label(f"check_{row.check}", language), word(row.subject, language)) if part)
        expected, found = (amount(value, language, 2) for value in (row.expected, row.found))
        console.say(label("cli_failed", language, check=check, expected=expected, found=found))
    for fault in warnings[:10]:
        console.fail(str(fault))
    if len(warnings) > 10:
        console.fail(label("cli_more_warnings", language, n=len(warnings) - 10))


def _trace(options: argparse.Namespace, console: Console) -> int:
    from klantwaarde.api import check
    from klantwaarde.costs.trace import trace_account, trace_customer, traceable
    from klantwaarde.report.layout import headers_of, shown_trace
    from klantwaarde.report.words import amount

    outcome = check(options.book)
    language = console.chosen = options.lang or outcome.model.settings.language
    headers = headers_of("customer_pl", outcome.results["customer_pl"], outcome, language)
    try:
        if options.account:
            frame = trace_account(outcome, options.subject)
        else:
            frame = trace_customer(outcome, options.subject, _figure_named(options.figure, headers))
    except KeyError as error:
        figures = ", ".join(headers[name] for name in traceable(outcome))
        code = "KW-CL-004" if options.account else "KW-CL-003"
        values = {"figures": figures, "missing": str(error.args[0])}
        raise InputError([Fault(code, found=error.args[0], values=values, language=language)]) from None
    total = round(float(frame["amount"].sum()), 2)
    console.data({"ok": True, "total": total, "rows": frame.astype(object).where(frame.notna(), None).to_dict(orient="records")})
    shown = shown_trace(frame, headers, language)
    console.say(shown.to_string(index=False, na_rep="", float_format=lambda value: amount(value, language, 2)))
    console.say(label("cli_trace_total", language, total=amount(total, language, 2)))
    return OK


def _figure_named(name: str, headers: dict[str, str]) -> str:
    """The canonical column of a figure given by its id or by the header that the reader sees."""
    from klantwaarde.tables.headers import normalise

    wanted = normalise(name)
    return next((column for column, header in headers.items() if wanted in (normalise(column), normalise(header))), name)


def _import(options: argparse.Namespace, console: Console) -> int:
    from klantwaarde.sources.fill import fill_from_auditfile

    console.progress("read")
    filled = fill_from_auditfile(options.auditfile, options.book, console.language)
    console.data({"ok": True, "book": str(options.book), "rows": filled.rows, "messages": [f.as_dict() for f in filled.faults]})
    for table, count in filled.rows.items():
        console.say(label("cli_imported", console.language, table=table, n=count))
    for fault in filled.faults[:MOST_PRINTED]:
        console.fail(str(fault.speaking(console.language)))
    console.say(label("cli_written", console.language, book=options.book))
    return OK


def _propose(options: argparse.Namespace, console: Console) -> int:
    from klantwaarde.sources.fill import fill_mapping

    count = fill_mapping(options.book, console.language)
    console.data({"ok": True, "book": str(options.book), "proposed": count})
    console.say(label("cli_proposed", console.language, n=count, book=options.book))
    return OK


def _restore(options: argparse.Namespace, console: Console) -> int:
    from klantwaarde.api import restore

    backup = restore(options.book)
    console.data({"ok": True, "book": str(options.book), "backup": str(backup)})
    console.say(label("cli_restored", console.language, book=options.book, backup=backup.name))
    return OK


