"""A fresh Excel for every test."""

from collections.abc import Iterator

import pytest
import xlwings as xw

from addin.engine import Engine, engine, new_book


@pytest.fixture(autouse=True)
def excel() -> Iterator[Engine]:
    engine.reset()
    yield engine
    engine.reset()


@pytest.fixture
def book(excel: Engine) -> xw.Book:
    return new_book()


@pytest.fixture
def sheet(book: xw.Book) -> xw.Sheet:
    return book.sheets[0]
