"""The subcommands of ``klantwaarde addin``: install, uninstall, doctor, serve, build. The installer calls them as a person would.

Exit codes: 0 all is well, 1 the examination found a problem, 2 not possible here, 3 something could not be written.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from hashlib import sha256
from io import TextIOWrapper
from pathlib import Path

from klantwaarde.messages import LANGUAGES, InputError, KlantwaardeError, label
from klantwaarde_addin.doctor import Finding, examine, findings_text, is_healthy
from klantwaarde_addin.install import install, uninstall
from klantwaarde_addin.machine import Machine, this_machine
from klantwaarde_addin.userfile import language

OK, PROBLEM, NOT_HERE, CANNOT_WRITE = 0, 1, 2, 3


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands on a parser; each leaves its function in ``options.run_addin``."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--lang", choices=LANGUAGES, help="language of messages; with install also of the ribbon")
    common.add_argument("--json", action="store_true", help="one JSON object on standard output")
    commands = parser.add_subparsers(required=True, metavar="command")

    def command(
        name: str, run: Callable[[argparse.Namespace, Machine], int], help_text: str
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help_text, description=help_text, parents=[common])
        sub.set_defaults(run_addin=run)
        return sub

    put = command("install", _install, "install the add-in for this user, or repair it")
    put.add_argument(
        "--resident", action="store_true", help="start the engine at log-on, where Office may start no other program"
    )
    put.add_argument(
        "--without-start-test", action="store_true", help="do not start the engine to see whether it works"
    )
    take = command("uninstall", _uninstall, "remove the add-in and everything that it wrote for this user")
    take.add_argument("--keep-log", action="store_true", help="leave the log in its folder")
    command("doctor", _doctor, "say what is wrong with the installation, and what to do")
    offer = command("serve", _serve, "serve Excel on the web and on the Mac (needs the extra klantwaarde[server] and its licence)")
    offer.add_argument("--dev", action="store_true", help="for this computer only, without sign-in")
    offer.add_argument("--host", default="127.0.0.1")
    offer.add_argument("--port", type=int, default=8000)
    offer.add_argument("--workers", type=int, default=1, help="processes; a calculation keeps one of them busy")
    offer.add_argument("--certificate", type=Path, help="PEM file, where no proxy does the encryption")
    offer.add_argument("--key", type=Path, help="PEM file of the certificate's key")
    make = command("build", _build, "build the add-in files from their sources (in a checkout)")
    make.add_argument("folder", type=Path)


def run(options: argparse.Namespace, machine: Machine | None = None) -> int:
    """Run the chosen subcommand; returns the exit code."""
    spoken = options.lang or language()
    try:
        code: int = options.run_addin(options, machine or this_machine())
        return code
    except KlantwaardeError as error:
        faults = [fault.speaking(spoken) for fault in error.faults]
        if options.json:
            _write_json({"ok": False, "faults": [fault.as_dict() for fault in faults]})
        else:
            sys.stderr.write("".join(f"{fault}\n" for fault in faults))
        return NOT_HERE if isinstance(error, InputError) else CANNOT_WRITE


def main(arguments: Sequence[str] | None = None) -> int:
    """``python -m klantwaarde_addin``, which needs nothing but the standard library and pywin32."""
    parser = argparse.ArgumentParser(prog="klantwaarde addin", description="The add-in for Excel on this computer.")
    add_commands(parser)
    for stream in (sys.stdout, sys.stderr):  # a console that lacks a letter of a path shows a question mark
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    return run(parser.parse_args(arguments))


def _install(options: argparse.Namespace, machine: Machine) -> int:
    spoken = options.lang or language()
    install(machine, spoken, resident=options.resident)
    findings = examine(machine, spoken, without=("start",) if options.without_start_test else ())
    well = is_healthy(findings)
    problems = [finding for finding in findings if finding.verdict == "problem"]
    _say(options, label("addin_installed" if well else "addin_installed_with_problems", spoken), problems, spoken)
    return OK if well else PROBLEM


def _uninstall(options: argparse.Namespace, machine: Machine) -> int:
    spoken = options.lang or language()
    uninstall(machine, keep_log=options.keep_log)
    _say(options, label("addin_removed", spoken), [], spoken)
    return OK


def _serve(options: argparse.Namespace, _machine: Machine) -> int:
    from klantwaarde_addin.serve import Start, serve

    start = Start(options.dev, options.host, options.port, options.workers, options.certificate, options.key)
    serve(start, language=options.lang or language())
    return OK


def _build(options: argparse.Namespace, _machine: Machine) -> int:
    from klantwaarde_addin.build.xlam import write_addins

    for path in write_addins(options.folder):
        sys.stdout.write(f"{sha256(path.read_bytes()).hexdigest()}  {path}\n")
    return OK


def _doctor(options: argparse.Namespace, machine: Machine) -> int:
    spoken = options.lang or language()
    findings = examine(machine, spoken)
    _say(options, "", findings, spoken)
    return OK if is_healthy(findings) else PROBLEM


def _say(options: argparse.Namespace, sentence: str, findings: list[Finding], spoken: str) -> None:
    if options.json:
        _write_json(
            {"ok": is_healthy(findings), "text": sentence, "findings": [finding.as_dict() for finding in findings]}
        )
    else:
        sys.stdout.write("".join(f"{line}\n" for line in (sentence, findings_text(findings, spoken)) if line))


def _write_json(content: object) -> None:
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2) + "\n")
