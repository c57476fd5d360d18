"""The COM server without Windows: each test is a process with a stand-in for pywin32. The real thing runs under Wine elsewhere."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from klantwaarde import __version__
from klantwaarde_addin import registration

FOLDER = Path(__file__).parent
START = "import pywin32_stand_in as windows\nfrom klantwaarde_addin import com_server\nengine = com_server.Engine()\n"


@pytest.fixture
def answer(tmp_path):
    """Runs lines in a fresh process; returns what they leave in ``said``, and keeps the log."""

    def run(lines, **environment):
        code = START + lines + "\nprint(repr(said))"
        settings = (
            os.environ
            | {"PYTHONPATH": str(FOLDER), "XDG_DATA_HOME": str(tmp_path), "PYTHONWARNINGS": "ignore"}
            | environment
        )
        settings.pop("LOCALAPPDATA", None)
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=settings, cwd=tmp_path
        )
        assert done.returncode == 0, done.stderr
        return ast.literal_eval(done.stdout.strip().splitlines()[-1])

    return run


def test_excel_can_ask_three_things(answer):
    assert answer("said = engine._public_methods_, engine._reg_progid_, engine._reg_clsid_, engine.Version()") == (
        ("Call", "Run", "Version"),
        "Klantwaarde.Engine",
        registration.CLSID,
        __version__,
    )


def test_a_function_is_called_by_name(answer):
    said = answer(
        "from klantwaarde_addin.functions import costs\nsaid = engine.Call('capacity_rate', (1000.0, ((500.0,),)), False)"
    )
    assert said[0] in (0, 2015)
    assert isinstance(said, list)


@pytest.mark.parametrize(
    "name", ["os.system", "__import__('os').system('echo')", "klantwaarde.cli.main", "__class__", "", "Eval", None, 5]
)
def test_an_unknown_function_is_an_answer(answer, name):
    code, sentence = answer(f"said = engine.Call({name!r}, (1.0,), False)")
    assert code in (2015, 2042)
    assert "Traceback" not in sentence


@pytest.mark.parametrize(
    "name", ["os.system", "__import__('os')", "run_all.__globals__", "../share", "context_of", "Command", "", None, 7]
)
def test_an_unknown_command_is_an_answer(answer, name):
    kind, sentence, template, page = answer(f"said = engine.Run({name!r}, None, None)")
    assert (kind, template, page) == ("problem", "", "")
    assert sentence
    assert "Traceback" not in sentence


def test_an_unexpected_exception_is_a_sentence_and_a_place_in_the_log(answer, tmp_path):
    lines = (
        "import sys, types\n"
        "def fail(*arguments, **options): raise RuntimeError('Bakkerij De Vries')\n"
        "sys.modules['klantwaarde_addin.call'] = types.SimpleNamespace(call_from_excel=fail)\n"
        "com_server.open_journal()\n"
        "said = engine.Call('allocate', (1.0,), False)"
    )
    code, sentence = answer(lines)
    assert code == 2015
    assert "Bakkerij" not in sentence
    log = (tmp_path / "klantwaarde" / "klantwaarde.log").read_text()
    assert "RuntimeError" in log
    assert "Bakkerij" not in log


def test_com_gets_our_class_and_no_other(answer):
    lines = (
        "other = '{506e67c3-55b5-48c3-a035-eed5deea7d6d}'\n"
        "made = com_server.create_instance(com_server.CLSID, 'iid')\n"
        "try:\n    com_server.create_instance(other, 'iid')\n    refused = False\n"
        "except windows.ComError:\n    refused = True\n"
        "said = type(made).__name__, refused"
    )
    assert answer(lines) == ("Engine", True)


def test_the_server_registers_serves_until_excel_lets_go_and_takes_itself_back(answer):
    lines = (
        "windows.WAITS[:] = [1, 0, 1, 1]\n"  # a message, none of them quit; a message that says quit
        "com_server.main(['-Embedding'])\n"
        "said = windows.policy.CreateInstance is com_server.create_instance, windows.EVENTS"
    )
    replaced, events = answer(lines)
    assert replaced
    assert [event[0] for event in events] == [
        "CreateEvent",
        "factory",
        "register",
        "quit message",
        "resume",
        "wait",
        "wait",
        "revoke",
        "uninitialize",
    ]
    assert events[2] == ("register", registration.CLSID, "factory", 4, 5)


def test_a_server_that_nobody_asks_ends_itself(answer):
    events = answer("windows.WAITS[:] = [258]\ncom_server.main(['-Embedding'])\nsaid = windows.EVENTS")
    assert ("wait", 60_000) in events
    assert events[-1] == ("uninitialize",)


def test_a_server_that_was_asked_waits_as_long_as_excel_does(answer):
    lines = "com_server.create_instance(com_server.CLSID, 'iid')\nwindows.WAITS[:] = [1, 1]\ncom_server.main([])\nsaid = windows.EVENTS"
    assert [event for event in answer(lines) if event[0] == "wait"] == [("wait", -1)]


def test_a_resident_server_stays_and_is_alone(answer):
    lines = "windows.WAITS[:] = [0]\ncode = com_server.main(['--resident'])\nsaid = code, [event[0] for event in windows.EVENTS], [e for e in windows.EVENTS if e[0] == 'wait']"
    code, names, waits = answer(lines)
    assert code == 0
    assert "quit message" not in names
    assert waits == [("wait", -1)]
    again = answer(
        "windows.LAST_ERROR[0] = 183\ncom_server.main(['--resident'])\nsaid = [event[0] for event in windows.EVENTS]"
    )
    assert again == ["mutex"]


def test_stopping_sets_the_event_that_servers_wait_for(answer):
    assert answer("com_server.main(['--stop'])\nsaid = [event[0] for event in windows.EVENTS]") == ["OpenEvent"]
    lines = "windows.OPEN_EVENTS.add(com_server.STOP_EVENT)\ncom_server.main(['--stop'])\nsaid = windows.EVENTS"
    assert answer(lines)[-1] == ("set", r"handle of Local\Klantwaarde.Engine.Stop")


def test_another_xlwings_is_refused_with_a_sentence(answer):
    kind, sentence, _, _ = answer(
        "import xlwings\nxlwings.__version__ = '0.1'\nsaid = engine.Run('settings', None, None)"
    )
    assert kind == "problem"
    assert "0.1" in sentence
    assert "0.37.8" in sentence


def test_the_workbook_is_the_one_that_excel_hands_over(answer):
    lines = (
        "import sys, types, xlwings\n"
        "seen = []\n"
        "sys.modules['xlwings._xlwindows'] = types.SimpleNamespace(Book=lambda xl: seen.append(xl) or 'impl')\n"
        "import klantwaarde_addin.run as run\n"
        "from klantwaarde_addin.reply import Reply\n"
        "run.run_command = lambda command, book, context: Reply(f'{command} {book.impl} {context.language}', 'done')\n"
        "run.context_of = lambda book, language, scratch: types.SimpleNamespace(language=language)\n"
        "said = engine.Run('run_all', 'workbook', None), seen"
    )
    assert answer(lines) == (["done", "run_all impl nl", "", ""], [("dispatched", "workbook")])
