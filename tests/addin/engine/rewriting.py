"""What Excel does to formulas and names elsewhere when a sheet, a table or a column changes its name or goes."""

import re
from collections.abc import Callable

from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from addin.engine.references import tables_of

TEXT = re.compile(r'("(?:[^"]|"")*")')
PLAIN_SHEET_NAME = re.compile(r"[^\W\d][\w.]*")


def rewrite(book: Workbook, change: Callable[[str], str], apart_from: Worksheet | None = None) -> None:
    """Change every formula and every defined name of the book."""
    for sheet in book.worksheets:
        if sheet is apart_from:
            continue
        for cell in sheet._cells.values():
            if cell.data_type == "f" and isinstance(cell.value, str):
                cell._value = _outside_texts(cell.value, change)
    for names in (book.defined_names, *(sheet.defined_names for sheet in book.worksheets)):
        for defined in names.values():
            defined.attr_text = _outside_texts(f"={defined.attr_text}", change).removeprefix("=")


def _outside_texts(formula: str, change: Callable[[str], str]) -> str:
    """Change a formula and leave its literal texts alone."""
    pieces = TEXT.split(formula)
    return "".join(piece if number % 2 else change(piece) for number, piece in enumerate(pieces))


def quoted(name: str) -> str:
    return name if PLAIN_SHEET_NAME.fullmatch(name) else "'{}'".format(name.replace("'", "''"))


def _sheet_pattern(name: str) -> re.Pattern[str]:
    spellings = {re.escape("'{}'!".format(name.replace("'", "''")))}
    if PLAIN_SHEET_NAME.fullmatch(name):
        spellings.add(rf"(?<![\w.']){re.escape(name)}!")
    return re.compile("|".join(sorted(spellings)), re.IGNORECASE)


def rename_sheet(book: Workbook, old: str, new: str) -> None:
    pattern = _sheet_pattern(old)
    rewrite(book, lambda formula: pattern.sub(lambda _: f"{quoted(new)}!", formula))


def rename_table(book: Workbook, old: str, new: str) -> None:
    pattern = re.compile(rf"(?<![\w.]){re.escape(old)}(?=\[)", re.IGNORECASE)
    rewrite(book, lambda formula: pattern.sub(lambda _: new, formula))


def rename_column(book: Workbook, table: str, old: str, new: str) -> None:
    pattern = re.compile(
        rf"((?<![\w.]){re.escape(table)}\[(?:\[#[^\]]+\],|@)?\[?){re.escape(old)}(?=\])", re.IGNORECASE
    )
    rewrite(book, lambda formula: pattern.sub(lambda match: match[1] + new, formula))


def forget_sheet(book: Workbook, sheet: Worksheet) -> None:
    """References to a deleted sheet and to its tables become #REF!."""
    cells = re.compile(
        rf"(?:{_sheet_pattern(sheet.title).pattern})\$?[A-Za-z]{{1,3}}\$?\d+(?::\$?[A-Za-z]{{1,3}}\$?\d+)?",
        re.IGNORECASE,
    )
    names = [re.escape(table.displayName) for owner, table in tables_of(book) if owner is sheet]
    tables = (
        re.compile(rf"(?<![\w.])(?:{'|'.join(names)})\[(?:[^\[\]]|\[[^\]]*\])*\]", re.IGNORECASE) if names else None
    )

    def broken(formula: str) -> str:
        formula = cells.sub("#REF!", formula)
        return tables.sub("#REF!", formula) if tables else formula

    rewrite(book, broken, apart_from=sheet)
