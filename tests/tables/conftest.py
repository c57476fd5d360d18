"""Raw columns and sheets as an adapter would hand them over."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from klantwaarde.tables.raw import Kind, RawColumn, RawSheet


class Error(str):
    """An error value in a cell."""


def _cell(value: object) -> tuple[Kind, float, str | None]:
    match value:
        case None:
            return Kind.BLANK, np.nan, None
        case bool():
            return Kind.BOOL, float(value), None
        case int() | float():
            return Kind.NUMBER, float(value), None
        case date():
            return Kind.DATE, float((value - date(1899, 12, 30)).days), None
        case Error():
            return Kind.ERROR, np.nan, str(value)
        case str():
            return Kind.TEXT, np.nan, value
    return Kind.NO_VALUE, np.nan, None  # ...


def build_column(*values: object) -> RawColumn:
    """A column of these values; ``...`` is a formula that was never calculated."""
    cells = [_cell(value) for value in values]
    texts = np.array([text for _, _, text in cells] or [None], dtype=object)[: len(cells)]
    numbers = np.array([number for _, number, _ in cells], dtype=np.float64)
    return RawColumn(np.array([kind for kind, _, _ in cells], dtype=np.uint8), numbers, texts)


def build_sheet(name: str, *rows: tuple[object, ...], first_row: int = 1, first_column: int = 1, **more: object) -> RawSheet:
    """A sheet of these rows; shorter rows are filled with blanks."""
    width = max((len(row) for row in rows), default=0)
    padded = [(*row, *[None] * (width - len(row))) for row in rows]
    columns = tuple(build_column(*cells) for cells in zip(*padded, strict=True))
    return RawSheet(name, first_row, first_column, columns, **{"tables": {}, **more})


@pytest.fixture(scope="session")
def sheet_of() -> Callable[..., RawSheet]:
    return build_sheet


@pytest.fixture(scope="session")
def column_of() -> Callable[..., RawColumn]:
    return build_column


@pytest.fixture(scope="session")
def error() -> type[Error]:
    return Error
