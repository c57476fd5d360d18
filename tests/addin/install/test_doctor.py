"""Every cause that the doctor knows, planted one at a time."""

import argparse
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from addin.install.fake_machine import EXCEL, EXCEL_KEY, windows_machine
from klantwaarde.messages import LANGUAGES, catalogue
from klantwaarde_addin import doctor
from klantwaarde_addin.cli import add_commands, main, run
from klantwaarde_addin.doctor import ASR_KEYS, ASR_RULE, CHECKS, examine, findings_text, is_healthy
from klantwaarde_addin.install import install
from klantwaarde_addin.machine import mark_of_the_web
from klantwaarde_addin.registration import CLASS_KEYS, SERVER_KEYS, START_KEY, START_NAME, server_command

POLICY = r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Security"
LAYERS = r"HKCU\SOFTWARE\Microsoft\Windows NT\CurrentVersion\AppCompatFlags\Layers"


@pytest.fixture
def machine(tmp_path):
    installed = windows_machine(tmp_path)
    install(installed, "nl")
    return installed


def found(machine, check):
    """The verdict and the case of one check."""
    case = CHECKS[check](machine)
    return case.verdict, case.name


def test_a_good_installation_is_healthy_in_every_respect(machine):
    findings = examine(machine, "nl")
    assert {finding.verdict for finding in findings} == {"ok"}
    assert [finding.id for finding in findings] == list(CHECKS)
    assert is_healthy(findings)


def write(key, name, value):
    return lambda machine: machine.registry.write(key, name, value)


def registered(command):
    def plant(machine):
        for key in SERVER_KEYS:
            machine.registry.write(key, "", command)

    return plant


def start_raises(error):
    def start():
        raise error

    return lambda machine: replace(machine, start_engine=start)


LOCATIONS = rf"{POLICY}\Trusted Locations"
PLANTED = {
    "no excel": ("excel", ("problem", "missing"), lambda m: m.registry.remove_value(EXCEL_KEY, "")),
    "excel from the store": ("excel", ("problem", "store"), write(EXCEL_KEY, "", r"C:\Program Files\WindowsApps\Microsoft.Office\EXCEL.EXE")),
    "excel as administrator": ("elevation", ("problem", "excel"), write(LAYERS, EXCEL, "~ RUNASADMIN")),
    "doctor as administrator": ("elevation", ("warn", "self"), lambda m: replace(m, is_elevated=True)),
    "not registered": ("registration", ("problem", "missing"), lambda m: m.registry.remove_tree(CLASS_KEYS[0])),
    "not registered for 32 bits": ("registration", ("problem", "missing"), lambda m: m.registry.remove_tree(CLASS_KEYS[1])),
    "another command": ("registration", ("problem", "foreign"), registered(r'"C:\evil.exe" -I -m klantwaarde_addin.com_server & calc')),
    "on a share": ("registration", ("problem", "foreign"), registered(server_command(r"\\evil\share\pythonw.exe"))),
    "two commands": ("registration", ("problem", "foreign"), write(SERVER_KEYS[1], "", server_command(r"C:\other\pythonw.exe"))),
    "another interpreter": ("registration", ("problem", "elsewhere"), registered(server_command(r"C:\other\pythonw.exe"))),
    "interpreter gone": ("registration", ("problem", "gone"), lambda m: m.interpreter.unlink()),
    "wrong xlwings": ("packages", ("problem", "xlwings"), lambda m: replace(m, versions={**m.versions, "xlwings": "0.33.0"})),
    "no pywin32": ("packages", ("problem", "pywin32"), lambda m: replace(m, versions={"klantwaarde": "0.1.0", "xlwings": m.versions["xlwings"]})),
    "no add-in": ("addin", ("problem", "missing"), lambda m: m.addin.unlink()),
    "changed add-in": ("addin", ("problem", "differs"), lambda m: m.addin.write_bytes(b"changed") and None),
    "second copy in AddIns": ("copies", ("warn", "found"), lambda m: copy(m.roaming / "Microsoft" / "AddIns" / "klantwaarde_nl.xlam")),
    "second copy in XLSTART": ("copies", ("warn", "found"), lambda m: copy(m.xlstart / "Klantwaarde (1).xlam")),
    "marked": ("mark", ("problem", "marked"), lambda m: copy(mark_of_the_web(m.addin))),
    "add-ins off": ("policy", ("problem", "addins"), write(POLICY, "DisableAllAddins", 1)),
    "signed only": ("policy", ("warn", "signed"), write(POLICY, "RequireAddinSig", 1)),
    "no trusted folders, no macros": ("policy", ("problem", "macros"), lambda m: policies(m, {(LOCATIONS, "AllLocationsDisabled"): 1, (POLICY, "VBAWarnings"): 4})),
    "no trusted folders, signed": ("policy", ("warn", "signed"), lambda m: policies(m, {(LOCATIONS, "AllLocationsDisabled"): 1, (POLICY, "VBAWarnings"): 3})),
    "no trusted folders": ("policy", ("warn", "untrusted"), write(LOCATIONS, "AllLocationsDisabled", 1)),
    "internet macros blocked": ("internet", ("ok", "blocked"), write(POLICY, "blockcontentexecutionfrominternet", 1)),
    "child processes blocked": ("child_processes", ("warn", "on"), write(ASR_KEYS[0], ASR_RULE.lower(), "1")),
    "child processes blocked, resident": ("child_processes", ("ok", "resident"), lambda m: policies(m, {(ASR_KEYS[0], ASR_RULE.lower()): "1", (START_KEY, START_NAME): "x"})),
    "defender unreadable": ("child_processes", ("unknown", "unreadable"), lambda m: m.registry.remove_tree(ASR_KEYS[0])),
    "letters in the user name": ("user_name", ("warn", "letters"), lambda m: replace(m, user="Zoë")),
    "engine does not start": ("start", ("problem", "failed"), start_raises(OSError(-2147221164, "not registered"))),
    "old engine": ("start", ("problem", "version"), lambda m: replace(m, start_engine=lambda: "0.0.9")),
    "settings with a typing error": ("settings", ("problem", "fault"), lambda m: m.settings_file.write_text('langauge = "nl"\n') and None),
}  # fmt: skip


def copy(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"copy")


def policies(machine, values):
    for (key, name), value in values.items():
        machine.registry.write(key, name, value)


def test_what_looks_bad_but_does_no_harm_stays_fine(machine):
    machine.registry.write(POLICY, "VBAWarnings", 4)  # XLSTART is a trusted folder, where this rule does not hold
    machine.registry.write(ASR_KEYS[0], ASR_RULE.lower(), "2")  # audits only
    assert found(machine, "policy") == ("ok", "open")
    assert found(machine, "child_processes") == ("ok", "off")


@pytest.mark.parametrize(("check", "expected", "plant"), PLANTED.values(), ids=PLANTED)
def test_each_cause_is_found_and_advised(machine, check, expected, plant):
    assert found(machine, check) != expected
    sick = plant(machine) or machine
    assert found(sick, check) == expected
    for language in LANGUAGES:
        finding = next(finding for finding in examine(sick, language) if finding.id == check)
        assert finding.verdict == expected[0]
        assert "{" not in finding.sentence + finding.advice
        assert finding.advice or expected[0] in ("ok", "unknown") or check == "settings"
    assert is_healthy(examine(sick, "nl")) == (expected[0] != "problem")


def test_a_slow_engine_is_noticed(machine, monkeypatch):
    ticks = iter([0.0, doctor.SLOW_START + 1])
    monkeypatch.setattr(doctor.time, "monotonic", lambda: next(ticks))
    assert found(machine, "start") == ("warn", "slow")


def test_the_number_of_a_com_error_is_said(machine):
    sick = start_raises(OSError(-2147221164, "not registered"))(machine)
    finding = next(finding for finding in examine(sick, "nl") if finding.id == "start")
    assert "0x80040154" in finding.sentence


def test_faults_in_the_settings_are_in_the_language_of_the_report(machine):
    machine.settings_file.write_text('langauge = "nl"\n')
    sentences = {
        language: next(f for f in examine(machine, language) if f.id == "settings").sentence for language in LANGUAGES
    }
    assert "bestaat niet" in sentences["nl"]
    assert "does not exist" in sentences["en"]


def test_every_sentence_of_the_doctor_belongs_to_a_case():
    cases = set(re.findall(r'"([a-z_0-9]+)"', Path(doctor.__file__).read_text(encoding="utf-8")))
    texts = {
        key.removeprefix("doctor_").removesuffix("_advice") for key in catalogue("nl") if key.startswith("doctor_")
    }
    named = {
        text
        for text in texts
        for check in (*CHECKS, "system")
        if text.startswith(f"{check}_") and text.removeprefix(f"{check}_") in cases
    }
    assert texts - named == {"ok", "warn", "problem", "unknown"}


def test_another_system_gets_one_finding(machine):
    findings = examine(replace(machine, is_windows=False), "nl")
    assert [(finding.id, finding.verdict) for finding in findings] == [("system", "problem")]


def test_problems_come_first_in_the_report(machine):
    machine.addin.unlink()
    lines = findings_text(examine(machine, "nl"), "nl").splitlines()
    assert lines[0].startswith("Probleem: De invoegtoepassing staat niet in")
    assert all(line.startswith("In orde: ") for line in lines[1:])


def options(*arguments):
    parser = argparse.ArgumentParser()
    add_commands(parser)
    return parser.parse_args(arguments)


def test_the_command_line_exits_0_when_well_and_1_when_not(machine):
    assert run(options("doctor"), machine) == 0
    machine.addin.unlink()
    assert run(options("doctor"), machine) == 1


def test_the_report_for_machines_holds_the_same_findings(machine, capsys):
    machine.addin.unlink()
    assert run(options("doctor", "--json", "--lang", "en"), machine) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert told["findings"] == [finding.as_dict() for finding in examine(machine, "en")]


def test_installing_from_the_command_line_says_what_stands_in_the_way(tmp_path, capsys):
    machine = windows_machine(tmp_path)
    assert run(options("install", "--lang", "en"), machine) == 0
    assert "Start Excel again" in capsys.readouterr().out
    machine.registry.remove_value(EXCEL_KEY, "")
    assert run(options("install", "--lang", "en"), machine) == 1
    assert "Excel was not found" in capsys.readouterr().out
    assert run(options("uninstall", "--lang", "en"), machine) == 0
    assert not machine.addin.exists()


def test_a_console_without_a_letter_of_a_path_gets_a_question_mark(tmp_path, monkeypatch):
    machine = windows_machine(tmp_path / "Łukasz")
    monkeypatch.setattr("klantwaarde_addin.cli.this_machine", lambda: machine)
    console = io.TextIOWrapper(io.BytesIO(), encoding="cp1252", write_through=True)
    monkeypatch.setattr("sys.stdout", console)
    assert main(["doctor"]) == 1
    assert b"?ukasz" in console.buffer.getvalue()


def test_here_there_is_no_windows(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    assert main(["install", "--lang", "en"]) == 2
    assert "[KW-AD-010]" in capsys.readouterr().err
    assert main(["doctor", "--lang", "en"]) == 1
