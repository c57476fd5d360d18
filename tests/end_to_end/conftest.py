"""The mini wholesaler as a filled template workbook, and the example company as ``klantwaarde demo`` leaves it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))  # cases and libreoffice stand there

from workbooks import RUN_TIME, Run, write_e2e

import klantwaarde as kw


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A Dutch workbook with the inputs of the mini wholesaler, never refreshed."""
    return write_e2e(tmp_path / "boek.xlsx")


@pytest.fixture(scope="session")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The refreshed workbook of a language; made once, for tests that only read it."""
    made: dict[str, Path] = {}

    def of(language: str) -> Path:
        if language not in made:
            path = write_e2e(tmp_path_factory.mktemp("e2e") / f"book_{language}.xlsx", language)
            kw.refresh(path, time=RUN_TIME)
            made[language] = path
        return made[language]

    return of


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """``klantwaarde demo`` in an empty folder, in a process of its own."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "klantwaarde", "demo"]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=120, check=False)
    return Run(done.returncode, done.stdout, done.stderr, folder)
