"""``klantwaarde addin``: what a developer and an administrator type."""

from hashlib import sha256

import pytest

from klantwaarde.cli import main
from klantwaarde.messages import Fault, InputError
from klantwaarde_addin.build.xlam import build_addin


def test_building_writes_both_files_and_says_their_hashes(tmp_path, capsys):
    assert main(["addin", "build", str(tmp_path / "uit")]) == 0
    said = capsys.readouterr().out.splitlines()
    for line, language in zip(said, ("nl", "en"), strict=True):
        path = tmp_path / "uit" / f"klantwaarde_{language}.xlam"
        assert path.read_bytes() == build_addin(language)
        assert line == f"{sha256(path.read_bytes()).hexdigest()}  {path}"


def test_a_server_without_a_licence_says_so_and_does_not_start(monkeypatch, capsys):
    monkeypatch.setattr("klantwaarde_addin.serve.prepare", refuse)
    assert main(["addin", "serve", "--dev", "--lang", "en"]) == 2
    assert "licence" in capsys.readouterr().err


def refuse(_start, *, language):
    raise InputError([Fault("KW-HO-003", language=language)])


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit):
        main(["addin", "--help"])
    shown = capsys.readouterr().out
    assert all(name in shown for name in ("install", "uninstall", "doctor", "serve", "build"))
