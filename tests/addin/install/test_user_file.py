"""Settings and log of one user: where they are, what they may hold, what they never hold."""

import logging
import stat
import sys

import pytest

from klantwaarde.messages import InputError
from klantwaarde_addin import journal, userfile
from klantwaarde_addin.journal import LOGGER, MOST_BYTES, open_journal
from klantwaarde_addin.userfile import UserSettings, folder, purge, read_settings, settings_text


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A user without settings."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    userfile.settings.cache_clear()
    yield tmp_path / "klantwaarde"
    userfile.settings.cache_clear()


@pytest.fixture
def log(home):
    """The open log; closed and forgotten afterwards."""
    before = list(LOGGER.handlers), LOGGER.propagate, LOGGER.level
    path = open_journal()
    yield path
    for handler in set(LOGGER.handlers) - set(before[0]):
        LOGGER.removeHandler(handler)
        handler.close()
    LOGGER.propagate = before[1]
    LOGGER.setLevel(before[2])


def test_the_folder_follows_the_system():
    assert folder({"LOCALAPPDATA": "/users/zoë/local"}).parts[-2:] == ("local", "Klantwaarde")
    assert str(folder({"HOME": "/home/zoë"})) == "/home/zoë/.local/share/klantwaarde"
    assert str(folder({"HOME": "/home/zoë", "XDG_DATA_HOME": "/data"})) == "/data/klantwaarde"


def test_without_a_file_every_choice_is_usual(home):
    assert userfile.settings() == UserSettings("nl", "info")
    assert userfile.language() == "nl"
    assert not home.exists()


def test_what_is_written_is_what_is_read(tmp_path):
    path = tmp_path / "klantwaarde.toml"
    for chosen in (UserSettings(), UserSettings("en", "debug")):
        path.write_text(settings_text(chosen))
        assert read_settings(path) == chosen


def test_a_file_saved_by_notepad_is_read(tmp_path):
    path = tmp_path / "klantwaarde.toml"
    path.write_bytes(b'\xef\xbb\xbflanguage = "en"\r\n')
    assert read_settings(path).language == "en"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ('langauge = "nl"', ["KW-AD-002"]),
        ('INTERPRETER_WIN = "\\\\\\\\evil\\\\python.exe"', ["KW-AD-002"]),
        ('language = "de"', ["KW-AD-003"]),
        ("language = 1", ["KW-AD-003"]),
        ('x = "1"\nlog_level = "loud"', ["KW-AD-002", "KW-AD-003"]),
        ("language = nl", ["KW-AD-001"]),
        ("\udcff", ["KW-AD-001"]),
    ],
)
def test_every_fault_in_the_file_is_a_sentence(tmp_path, text, codes):
    path = tmp_path / "klantwaarde.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError) as error:
        read_settings(path)
    assert [fault.code for fault in error.value.faults] == codes


def test_settings_are_read_once(home):
    home.mkdir()
    (home / "klantwaarde.toml").write_text('language = "en"\n')
    assert userfile.language() == "en"
    (home / "klantwaarde.toml").write_text('language = "nl"\n')
    assert userfile.language() == "en"


def test_a_faulty_file_still_leaves_a_language_to_speak(home):
    home.mkdir()
    (home / "klantwaarde.toml").write_text("nonsense")
    assert userfile.language() == "nl"
    with pytest.raises(InputError):
        userfile.settings()


def test_purge_removes_what_is_ours_and_nothing_else(home):
    (userfile.scratch() / "help").mkdir()
    (userfile.scratch() / "help" / "manual.html").write_text("x")
    for name in ("klantwaarde.toml", "klantwaarde.log", "klantwaarde.log.1"):
        (home / name).write_text("x")
    (home / "notes.txt").write_text("of the user")
    purge(home)
    assert [path.name for path in home.iterdir()] == ["notes.txt"]
    (home / "notes.txt").unlink()
    purge(home)
    assert not home.exists()
    purge(home)


def test_an_exception_is_logged_without_its_message(log):
    try:
        float("Bakkerij De Vries owes 1234.56")
    except ValueError:
        LOGGER.exception("unexpected in %s", "function")
    text = log.read_text(encoding="utf-8")
    assert "ValueError" in text
    assert "test_user_file.py" in text
    assert "Bakkerij" not in text
    assert "1234" not in text


def test_the_log_stays_small(log):
    for number in range(9_000):
        LOGGER.info("line %d %s", number, "x" * 80)
    files = sorted(log.parent.glob("klantwaarde.log*"))
    assert len(files) == 1 + journal.KEPT
    assert sum(file.stat().st_size for file in files) <= (1 + journal.KEPT) * MOST_BYTES


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a profile private by itself")
def test_only_the_user_may_enter_the_folder(log):
    assert stat.S_IMODE(log.parent.stat().st_mode) == 0o700


def test_without_a_place_to_write_there_is_no_log(tmp_path):
    (tmp_path / "file").write_text("x")
    assert open_journal(tmp_path / "file") is None


def test_the_level_is_the_users_choice(home, request):
    home.mkdir()
    (home / "klantwaarde.toml").write_text('log_level = "error"\n')
    log = request.getfixturevalue("log")
    logging.getLogger("klantwaarde").info("quiet")
    logging.getLogger("klantwaarde").error("loud")
    assert [line.split()[-1] for line in log.read_text().splitlines()] == ["loud"]
