"""What Excel does to formulas and names elsewhere when a sheet, a table or a column changes its name or goes."""

import re
from collections.abc import Callable

from openpyxl.workbook import Workbook
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from addin.engine.areas import kept_cells
from addin.engine.references import table_area

TEXT = re.compile(r'("(?:[^"]|"")*")')
BRACKETS = r"\[(?:[^\[\]]|\[[^\[\]]*\])*\]"
COLUMN = re.compile(r"(?<=[\[,:@])\[([^\[\]#][^\[\]]*)\]")
PLAIN_SHEET_NAME = re.compile(r"[^\W\d][\w.]*")


def rewrite(book: Workbook, change: Callable[[str], str], apart_from: Worksheet | None = None) -> None:
    """Change every formula and every defined name of the book."""
    rewrite_cells(
        book, lambda owner, formula: formula if owner is not None and owner is apart_from else change(formula)
    )


def rewrite_cells(book: Workbook, change: Callable[[Worksheet | None, str], str]) -> None:
    """Change every formula, knowing its sheet, and every defined name, which has none."""
    for sheet in book.worksheets:
        for cell in sheet._cells.values():
            if cell.data_type == "f" and isinstance(cell.value, str):
                cell._value = _outside_texts(cell.value, lambda formula, sheet=sheet: change(sheet, formula))
    for names in (book.defined_names, *(sheet.defined_names for sheet in book.worksheets)):
        for defined in names.values():
            defined.attr_text = _outside_texts(
                f"={defined.attr_text}", lambda formula: change(None, formula)
            ).removeprefix("=")


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


def rename_columns(book: Workbook, sheet: Worksheet, table: Table, names: dict[str, str | None]) -> None:
    """Let references follow their columns, all at once; a column without a new name is gone, and what refers to it too."""
    new_names = {old.casefold(): new for old, new in names.items()}

    def renamed(match: re.Match[str]) -> str:
        columns = [item.casefold() for item in COLUMN.findall(match[2]) or [match[2].strip("[]@")]]
        if any(new_names.get(column, "") is None for column in columns):
            return "#REF!"
        if "[" not in match[2][1:]:
            at, column = ("@", match[2][2:-1]) if match[2][1] == "@" else ("", match[2][1:-1])
            return f"{match[1]}[{at}{new_names.get(column.casefold(), column)}]"
        return match[1] + COLUMN.sub(lambda item: f"[{new_names.get(item[1].casefold(), item[1])}]", match[2])

    named = re.compile(rf"((?<![\w.]){re.escape(table.displayName)})({BRACKETS})", re.IGNORECASE)
    bare = re.compile(rf"((?<![\w.\]]))({BRACKETS})")
    rewrite(book, lambda formula: named.sub(renamed, formula))
    for cell in kept_cells(sheet, table_area(table)):
        if cell.data_type == "f" and isinstance(cell.value, str):
            cell._value = _outside_texts(cell.value, lambda formula: bare.sub(renamed, formula))


def forget_tables(book: Workbook, names: list[str]) -> None:
    """References to tables that went become #REF!."""
    if names:
        pattern = re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, names))}){BRACKETS}", re.IGNORECASE)
        rewrite(book, lambda formula: pattern.sub("#REF!", formula))


def forget_sheet(book: Workbook, sheet: Worksheet) -> None:
    """References to a deleted sheet and to its tables become #REF!."""
    cells = re.compile(
        rf"(?:{_sheet_pattern(sheet.title).pattern})\$?[A-Za-z]{{1,3}}\$?\d+(?::\$?[A-Za-z]{{1,3}}\$?\d+)?",
        re.IGNORECASE,
    )
    rewrite(book, lambda formula: cells.sub("#REF!", formula), apart_from=sheet)
    forget_tables(book, list(sheet.tables))
