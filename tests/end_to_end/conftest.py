"""The mini wholesaler as a filled template workbook, and the example company as ``klantwaarde demo`` leaves it."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

TESTS = Path(__file__).parents[1]
sys.path.insert(0, str(TESTS))

import klantwaarde as kw  # noqa: E402
from cases import e2e_frames  # noqa: E402
from klantwaarde.workbook.template import build_template  # noqa: E402

RUN_TIME = datetime(2026, 1, 15, 9, 30)  # noqa: DTZ001 - the log shows local time


def result_table(book: Path, name: str) -> pd.DataFrame:
    """One Excel table of a workbook, as calamine reads it."""
    table = CalamineWorkbook.from_path(book, load_tables=True).get_table_by_name(name)
    return pd.DataFrame(table.to_python(), columns=table.columns)


def sheet_values(book: Path) -> dict[str, list[list[object]]]:
    """Every sheet's values as they are stored in the file."""
    opened = CalamineWorkbook.from_path(book)
    return {name: opened.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in opened.sheet_names}


def write_e2e(path: Path, language: str = "nl") -> Path:
    """The template of one language, filled with the mini wholesaler."""
    settings = pd.DataFrame({"name": ["language"], "value": [language]})
    path.write_bytes(build_template(language, frames={**e2e_frames(), "settings": settings}))
    return path


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


@dataclass(frozen=True, slots=True)
class Run:
    """What one call of the command line gave."""

    code: int
    out: str
    err: str
    folder: Path

    @property
    def book(self) -> Path:
        """The workbook it made; backups are not counted."""
        (path,) = (path for path in self.folder.glob("*.xlsx") if ".kw-backup-" not in path.name)
        return path


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """``klantwaarde demo`` in an empty folder, in a process of its own."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "klantwaarde", "demo"]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=120, check=False)
    return Run(done.returncode, done.stdout, done.stderr, folder)
