"""Installing for one user and removing without a trace."""

import os
from dataclasses import replace

import pytest

from addin.install.fake_machine import FakeRegistry, everything, windows_machine
from klantwaarde.messages import InputError, WriteError
from klantwaarde_addin.install import install, uninstall
from klantwaarde_addin.machine import mark_of_the_web
from klantwaarde_addin.registration import CLSID, START_KEY, START_NAME
from klantwaarde_addin.userfile import LOG_NAME, UserSettings, read_settings


def code_of(error):
    return error.value.faults[0].code


def test_the_add_in_stands_in_xlstart_and_com_starts_our_interpreter(tmp_path):
    machine = windows_machine(tmp_path)
    install(machine, "en")
    assert machine.addin == tmp_path / "roaming" / "Microsoft" / "Excel" / "XLSTART" / "klantwaarde.xlam"
    assert machine.addin.read_bytes() == b"klantwaarde_en.xlam"
    command = f'"{machine.interpreter}" -I -m klantwaarde_addin.com_server'
    classes = r"HKCU\Software\Classes"
    assert machine.registry.read(rf"{classes}\Klantwaarde.Engine\CLSID") == CLSID
    assert machine.registry.read(rf"{classes}\CLSID\{CLSID}\LocalServer32") == command
    assert machine.registry.read(rf"{classes}\Wow6432Node\CLSID\{CLSID}\LocalServer32") == command
    assert read_settings(machine.settings_file).language == "en"


def test_nothing_is_written_outside_the_users_own_hive(tmp_path):
    machine = windows_machine(tmp_path)
    before = set(machine.registry.values)
    install(machine, "nl", resident=True)
    assert all(key.startswith("HKCU\\") for key, _ in set(machine.registry.values) - before)


def test_installing_twice_is_installing_once(tmp_path):
    machine = windows_machine(tmp_path)
    install(machine, "nl")
    once = everything(machine)
    install(machine, "nl")
    assert everything(machine) == once


def test_uninstalling_leaves_the_computer_as_it_was(tmp_path):
    machine = windows_machine(tmp_path)
    other = machine.xlstart / "other.xlam"
    other.parent.mkdir(parents=True)
    other.write_bytes(b"of another maker")
    machine.registry.write(r"HKCU\Software\Microsoft\Office\16.0\Excel\Options", "OPEN", "other.xlam")
    machine.registry.write(START_KEY, "Other", "other.exe")
    machine.registry.write(r"HKCU\Software\Classes\Klantwaarde.Engineering", "", "of another maker")
    before = everything(machine)
    install(machine, "nl", resident=True)
    (machine.home / LOG_NAME).write_text("line")
    (machine.home / f"{LOG_NAME}.1").write_text("line")
    uninstall(machine)
    assert everything(machine) == before


def test_uninstalling_what_is_not_there_is_no_fault(tmp_path):
    machine = windows_machine(tmp_path)
    uninstall(machine)
    before = everything(machine)
    uninstall(machine)
    assert everything(machine) == before


def test_the_log_stays_when_asked(tmp_path):
    machine = windows_machine(tmp_path)
    install(machine, "nl")
    log = machine.home / LOG_NAME
    log.write_text("line")
    uninstall(machine, keep_log=True)
    assert log.read_text() == "line"
    assert not machine.settings_file.exists()


def test_the_mark_of_the_web_goes(tmp_path):
    machine = windows_machine(tmp_path)
    install(machine, "nl")
    mark_of_the_web(machine.addin).write_text("[ZoneTransfer]\nZoneId=3\n")
    install(machine, "nl")
    assert not mark_of_the_web(machine.addin).exists()


def test_resident_mode_is_chosen_and_given_up(tmp_path):
    machine = windows_machine(tmp_path)
    install(machine, "nl", resident=True)
    assert str(machine.registry.read(START_KEY, START_NAME)).endswith(" -m klantwaarde_addin.com_server --resident")
    install(machine, "nl")
    assert machine.registry.read(START_KEY, START_NAME) is None


def test_messages_follow_the_ribbon_and_other_choices_stay(tmp_path):
    machine = windows_machine(tmp_path)
    machine.settings_file.write_text('language = "en"\nlog_level = "error"\n')
    install(machine, "nl")
    assert read_settings(machine.settings_file) == UserSettings("nl", "error")


def test_a_settings_file_with_a_fault_is_left_to_the_user(tmp_path):
    machine = windows_machine(tmp_path)
    machine.settings_file.write_text('langauge = "en"\n')
    install(machine, "nl")
    assert machine.settings_file.read_text() == 'langauge = "en"\n'


@pytest.fixture
def held_addin(monkeypatch):
    """Excel holds the add-in: Windows refuses to replace or remove it."""

    def refuse(path, *args, **kwargs):
        if str(args[0] if args else path).endswith("klantwaarde.xlam"):
            raise PermissionError(13, "in use")
        return os_replace(path, *args) if args else os_unlink(path)

    os_replace, os_unlink = os.replace, os.unlink
    monkeypatch.setattr("pathlib.Path.replace", refuse)
    monkeypatch.setattr("pathlib.Path.unlink", lambda path, missing_ok=False: refuse(path) if path.exists() else None)


def test_while_excel_holds_the_add_in_nothing_changes(tmp_path, request):
    machine = windows_machine(tmp_path)
    install(machine, "nl")
    before = everything(machine)
    request.getfixturevalue("held_addin")
    for attempt in (lambda: install(machine, "en"), lambda: uninstall(machine)):
        with pytest.raises(WriteError) as error:
            attempt()
        assert code_of(error) == "KW-AD-012"
        assert everything(machine) == before


@pytest.mark.parametrize("denied", ["Klantwaarde.Engine", "Wow6432Node"])
def test_a_first_installation_that_fails_leaves_nothing_behind(tmp_path, denied):
    machine = windows_machine(tmp_path)
    machine = replace(machine, registry=FakeRegistry(machine.registry.values, denied=[denied]))
    before = everything(machine)
    with pytest.raises(WriteError) as error:
        install(machine, "nl", resident=True)
    assert code_of(error) == "KW-AD-013"
    assert everything(machine) == before


def test_a_package_without_add_in_is_refused_before_anything_is_written(tmp_path):
    machine = windows_machine(tmp_path)
    machine.shipped_addin("nl").unlink()
    before = everything(machine)
    with pytest.raises(InputError) as error:
        install(machine, "nl")
    assert code_of(error) == "KW-AD-011"
    assert everything(machine) == before


def test_other_systems_are_refused(tmp_path):
    machine = windows_machine(tmp_path, is_windows=False)
    for attempt in (lambda: install(machine, "nl"), lambda: uninstall(machine)):
        with pytest.raises(InputError) as error:
            attempt()
        assert code_of(error) == "KW-AD-010"
