"""The example company, as ``klantwaarde demo`` leaves it, recalculated from nothing by LibreOffice."""

from pathlib import Path

import pytest
from workbooks import Run, Values, different_cells, error_cells, result_table, sheet_values

from libreoffice import recalculated


@pytest.fixture(scope="module")
def calculated(demo: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[Values, Path]:
    folder = tmp_path_factory.mktemp("calculated")
    return recalculated(demo.book, folder), folder / demo.book.name


def test_libreoffice_calculates_the_same_values_on_every_sheet(demo: Run, calculated: tuple[Values, Path]) -> None:
    stored = sheet_values(demo.book)
    assert list(calculated[0]) == list(stored)
    assert different_cells(stored, calculated[0]) == []


def test_no_cell_shows_an_error(calculated: tuple[Values, Path]) -> None:
    assert error_cells(calculated[1]) == []


def test_no_check_of_the_example_fails(demo: Run) -> None:
    assert "FOUT" not in set(result_table(demo.book, "outChecks")["Status"])
