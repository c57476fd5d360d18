"""Workbooks for the end-to-end tests: made, changed as a user would, and read back by readers that are not ours."""

import zipfile
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import TableColumn
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from cases import e2e_frames
from klantwaarde.workbook.template import build_template

RUN_TIME = datetime(2026, 1, 15, 9, 30)
Values = dict[str, list[list[object]]]


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


def write_e2e(path: Path, language: str = "nl") -> Path:
    """The template of one language, filled with the mini wholesaler."""
    settings = pd.DataFrame({"name": ["language"], "value": [language]})
    path.write_bytes(build_template(language, frames={**e2e_frames(), "settings": settings}))
    return path


# reading back


def result_table(book: Path, name: str) -> pd.DataFrame:
    """One Excel table of a workbook, as calamine reads it."""
    table = CalamineWorkbook.from_path(book, load_tables=True).get_table_by_name(name)
    return pd.DataFrame(table.to_python(), columns=table.columns)


def sheet_values(book: Path) -> Values:
    """Every sheet's values as they are stored in the file."""
    opened = CalamineWorkbook.from_path(book)
    return {name: opened.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in opened.sheet_names}


def parts_of(book: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(book) as package:
        return {name: package.read(name) for name in package.namelist()}


def error_cells(book: Path) -> list[str]:
    """Sheet parts that hold a cell with an error value."""
    parts = parts_of(book).items()
    return [name for name, part in parts if name.startswith("xl/worksheets/sheet") and b't="e"' in part]


def different_cells(stored: Values, calculated: Values) -> list[str]:
    """Cells whose stored value is not what was calculated. An error cell reads as blank, so it differs too."""
    return [
        f"{sheet}!{get_column_letter(column)}{row}: {value!r} is not {other!r}"
        for sheet, rows in stored.items()
        for row, values in enumerate(rows, start=1)
        for column, value in enumerate(values, start=1)
        if not same(value, other := value_at(calculated[sheet], row, column))
    ]


def value_at(rows: list[list[object]], row: int, column: int) -> object:
    inside = row <= len(rows) and column <= len(rows[row - 1])
    return rows[row - 1][column - 1] if inside else ""


def same(stored: object, calculated: object) -> bool:
    if isinstance(stored, float) and isinstance(calculated, float):
        return stored == pytest.approx(calculated, rel=1e-9, abs=1e-6)
    return str(stored).strip() == str(calculated).strip()


# what a user does


def edit(book: Path, change: Callable[[openpyxl.Workbook], object]) -> None:
    """Change the workbook and save it."""
    opened = openpyxl.load_workbook(book)
    change(opened)
    opened.save(book)


def sheet_of(opened: openpyxl.Workbook, table: str) -> Worksheet:
    """The sheet that holds this Excel table."""
    return next(sheet for sheet in opened if table in sheet.tables)


def add_column(sheet: Worksheet, header: str, notes: dict[str, object], *, inside: bool) -> None:
    table = sheet.tables["outCustomerPl"]
    left, right = (sheet[corner] for corner in table.ref.split(":"))
    column = right.column + 1
    sheet.cell(left.row, column, header)
    for row in range(left.row + 1, right.row + 1):
        sheet.cell(row, column, notes.get(sheet.cell(row, left.column).value))
    if inside:
        table.ref = f"{left.coordinate}:{get_column_letter(column)}{right.row}"
        table.autoFilter = copy(table.autoFilter)
        table.autoFilter.ref = table.ref
        table.tableColumns.append(TableColumn(id=len(table.tableColumns) + 1, name=header))


def add_row_on_top(sheet: Worksheet, values: list[object]) -> None:
    """A first row in the sheet's table; the other rows move down."""
    (table,) = sheet.tables.values()
    left, right = (sheet[corner] for corner in table.ref.split(":"))
    for row in range(right.row, left.row, -1):
        for column in range(left.column, right.column + 1):
            sheet.cell(row + 1, column, sheet.cell(row, column).value)
            sheet.cell(row, column).value = None
    for column, value in enumerate(values, start=left.column):
        sheet.cell(left.row + 1, column, value)
    table.ref = f"{left.coordinate}:{get_column_letter(right.column)}{right.row + 1}"
    table.autoFilter.ref = table.ref
