"""The mini wholesaler as a book that is open in the test engine."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import xlwings as xw

sys.path.insert(0, str(Path(__file__).parents[2] / "end_to_end"))  # the filled workbook of the mini wholesaler

from workbooks import write_e2e

from addin.engine import engine, open_book
from klantwaarde_addin.reply import Reply
from klantwaarde_addin.run import Context, context_of, run_command

Runner = Callable[..., Reply]


@pytest.fixture(autouse=True)
def _clean_engine() -> Iterator[None]:
    engine.reset()
    yield
    engine.reset()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_e2e(tmp_path / "boek.xlsx")


@pytest.fixture
def book(path: Path) -> xw.Book:
    return open_book(path)


@pytest.fixture
def context(book: xw.Book, tmp_path: Path) -> Context:
    return context_of(book, "nl", tmp_path / "scratch")


@pytest.fixture
def run(book: xw.Book, context: Context) -> Runner:
    """Run a command on the open book; an unexpected error of ours is a failed test."""

    def command(name: str) -> Reply:
        reply = run_command(name, book, context)
        assert "fout van Klantwaarde" not in reply.text, reply.text
        return reply

    return command
