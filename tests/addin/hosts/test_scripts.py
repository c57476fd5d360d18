"""The commands as scripts: every one that a remote Excel can do, and the reply comes back in words."""

import asyncio
import inspect
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
import xlwings as xw

from klantwaarde_addin import scripts
from klantwaarde_addin.commands import COMMANDS
from klantwaarde_addin.reply import Reply


@dataclass
class Book:
    """Remembers what was shown."""

    shown: list[tuple[Any, ...]] = field(default_factory=list)

    @property
    def app(self) -> SimpleNamespace:
        return SimpleNamespace(alert=lambda text, title, mode: self.shown.append((text, title, mode)))


def test_every_command_is_a_script_or_belongs_to_the_desktop():
    assert set(scripts.SCRIPTS) | scripts.DESKTOP_ONLY == {command.id for command in COMMANDS}
    assert not set(scripts.SCRIPTS) & scripts.DESKTOP_ONLY


@pytest.mark.parametrize("command", scripts.REMOTE_COMMANDS, ids=lambda command: command.id)
@pytest.mark.parametrize("asked", ["nl", "en", "fy"])
def test_a_script_runs_its_command_in_the_language_asked(monkeypatch: pytest.MonkeyPatch, command: Any, asked: str):
    ran = []

    def stand_in(book: Any, command_id: str, language: str) -> Reply:
        ran.append((book, command_id, language))
        return Reply("Gedaan.")

    monkeypatch.setattr(scripts, "run", stand_in)
    book = Book()
    asyncio.run(scripts.SCRIPTS[command.id](book, asked))
    assert ran == [(book, command.id, "en" if asked == "en" else "nl")]
    assert book.shown == [("Gedaan.", "Klantwaarde", None)]


def test_a_script_has_one_book_for_xlwings_to_fill():
    for name, script in scripts.SCRIPTS.items():
        assert script.__name__ == name
        assert [argument.annotation for argument in inspect.signature(script).parameters.values()] == [xw.Book, str]


@pytest.mark.parametrize(
    ("reply", "quiet", "modes"),
    [
        (Reply("Kijk.", "show"), True, ["info"]),
        (Reply("Klaar."), False, [None]),
        (Reply("Klaar."), True, []),
        (Reply(""), False, []),
    ],
)
def test_how_a_reply_is_shown(reply: Reply, quiet: bool, modes: list[str | None]):
    book = Book()
    scripts.show(book, reply, quiet=quiet)
    assert [mode for _, _, mode in book.shown] == modes


@pytest.mark.parametrize("quiet", [True, False])
def test_a_problem_sends_no_changes_back(quiet: bool):
    book = Book()
    with pytest.raises(xw.XlwingsError, match=r"^Fout in Klanten!B2\.$"):
        scripts.show(book, Reply("Fout in Klanten!B2.", "problem"), quiet=quiet)
    assert book.shown == []


def test_the_settings_sheet_is_all_that_the_settings_button_sends():
    assert scripts.ONLY_SHEETS == {"settings": ["Instellingen", "Settings"]}
