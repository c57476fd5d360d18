"""Opens a hostile workbook, runs every function and every command on it, and tells what the process did.

Run as ``python -I attacked.py <folder of tests> <book>`` from the hostile folder, as Excel's engine runs: isolated.
"""

# ruff: noqa: PLC0415 - what is imported when is what this program is about

import json
import os
import sys
from importlib import import_module
from pathlib import Path

WATCHED = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.startfile",
    "urllib.",
    "pickle.",
    "winreg.",
    "ctypes.dlopen",
    "webbrowser.",
)
HOSTILE = (
    "__import__('os').system('touch planted-by-text')", "=cmd|' /C calc'!A0", "{{7*7}}", "${jndi:x}", "open('planted-by-text','w')",
    "@SUM(1)", "minutes + __import__('os').system('touch planted-by-text')", "\x00", "A" * 40_000,
)  # fmt: skip
seen: list[str] = []


def watch(event, arguments):
    if event.startswith(WATCHED):
        seen.append(f"{event} {arguments!r}"[:300])
    if (
        event == "open"
        and isinstance(arguments[0], str)
        and isinstance(arguments[1], str)
        and set(arguments[1]) & set("wax+")
    ):
        seen.append(f"write {arguments[0]}")


def call_everything():
    """Each function with each argument replaced by each hostile text."""
    from klantwaarde_addin.call import call_from_excel
    from klantwaarde_addin.declare import FUNCTIONS

    answers = []
    for function in FUNCTIONS.values():
        good = [argument.example for argument in function.arguments]
        for position in range(len(good)):
            for text in HOSTILE:
                arguments = [*good[:position], text, *good[position + 1 :]]
                code, value = call_from_excel(function.name, arguments, False)
                answers.append((function.name, code, str(value)[:200] if code else ""))
    return answers


def run_everything(path):
    """Each command of the ribbon on the book; every engine here is a stand-in for Excel."""
    from addin.engine import open_book
    from klantwaarde_addin.commands import COMMANDS
    from klantwaarde_addin.run import context_of, run_command

    book = open_book(path)
    scratch = Path(os.environ["XDG_DATA_HOME"]) / "klantwaarde" / "scratch"
    scratch.mkdir(parents=True)
    replies = {
        command.id: run_command(command.id, book, context_of(book, "nl", scratch))
        for command in COMMANDS
        if command.id != "pdf_pack"
    }
    return {name: (reply.kind, reply.text) for name, reply in replies.items()}


def main(tests, path):
    before_path, before_environment = [*sys.path], dict(os.environ)
    sys.path += [tests, f"{tests}/end_to_end"]
    for library in ("pandas", "xlwings"):  # what they do when they are loaded is not what a workbook makes us do
        import_module(library)
    from klantwaarde_addin.journal import open_journal

    open_journal()
    sys.addaudithook(watch)
    answers = call_everything()
    replies = run_everything(path)
    added = [entry for entry in sys.path if entry not in (*before_path, tests, f"{tests}/end_to_end")]
    changed = {name for name in os.environ if os.environ[name] != before_environment.get(name)}
    told = {
        "seen": seen,
        "answers": answers,
        "replies": replies,
        "path": added,
        "environment": sorted(changed),
        "modules": origins(),
    }
    sys.stdout.write(json.dumps(told))


def origins():
    """Where every loaded module came from."""
    return sorted({str(module.__file__) for module in list(sys.modules.values()) if getattr(module, "__file__", None)})


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
