"""Finding the header row, matching its cells to declared columns, and reading words: choices and yes/no."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from klantwaarde.tables.cells import CellFault, Reason, cell_faults, clean, in_row_order, misplaced, text_cells
from klantwaarde.tables.raw import Kind, RawColumn, RawSheet
from klantwaarde.tables.schema import Choice, Table

# Only units that leave the meaning of a column as it is; "(%)", "(USD)", "(x 1.000)" and "(incl. btw)" do not.
_UNITS = "eur|euro|€|min|minuten|minutes|uur|uren|h|hours|stuks|st|dagen|days|d"
_BRACKETED_UNIT = re.compile(rf"[(\[]\s*(?:in )?(?:{_UNITS})\.?\s*[)\]]", re.IGNORECASE)
_CLOSE = 0.8  # difflib ratio: one wrong letter in five, two in ten
_YES = frozenset({"ja", "j", "yes", "y", "waar", "true", "1", "x"})
_NO = frozenset({"nee", "n", "no", "onwaar", "false", "0", "", "-"})


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """Which cell of a header row is which declared column; positions count from 0.

    Attributes:
        columns: Column id -> position.
        unknown: Positions with a text that is no declared column, in order.
        duplicates: Column id -> every position whose header means it, when there are more; the first one is used.
        missing: Required columns without a header, in declared order.
        near: Missing column id -> position of the unknown header that looks like a slip of the pen.
    """

    columns: Mapping[str, int]
    unknown: tuple[int, ...]
    duplicates: Mapping[str, tuple[int, ...]]
    missing: tuple[str, ...]
    near: Mapping[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class FlagReading:
    """A column of yes/no. ``unknown`` marks the cells at fault; blank is no."""

    values: NDArray[np.bool_]
    unknown: NDArray[np.bool_]
    faults: tuple[CellFault, ...]


def normalise(text: str) -> str:
    """A text without what people vary: case, accents, blanks, punctuation, a star behind, a plain unit in brackets.

    Example:
        >>> normalise("Deb. nr. *"), normalise("Omzet (EUR)"), normalise("Korting (%)")
        ('debnr', 'omzet', 'korting%')
    """
    without_unit = _BRACKETED_UNIT.sub("", clean(text))
    folded = unicodedata.normalize("NFKD", without_unit).casefold()
    return "".join(sign for sign in folded if sign.isalnum() or sign == "%")


def match_headers(cells: Sequence[str | None], table: Table) -> HeaderMatch:
    """Give every header cell the column it names: labels and ids go first, then synonyms in the order declared.

    A header that names two columns goes to the one that lists it earlier; when that column has a better header
    already, to the other. No header serves two columns.
    """
    keys = [normalise(cell) if cell else "" for cell in cells]
    meanings = _meanings(table)
    candidates = sorted(
        (rank, place, position, column_id)
        for position, key in enumerate(keys)
        for rank, place, column_id in (meanings.get(key, ()) if key else ())
    )
    columns: dict[str, int] = {}
    taken: set[int] = set()
    for _, _, position, column_id in candidates:
        if column_id not in columns and position not in taken:
            columns[column_id] = position
            taken.add(position)
    again: dict[str, list[int]] = {}
    for _, _, position, column_id in candidates:
        if position not in taken:
            again.setdefault(column_id, [columns[column_id]]).append(position)
            taken.add(position)
    unknown = tuple(position for position, cell in enumerate(cells) if cell and clean(cell) and position not in taken)
    missing = tuple(column_id for column_id in table.required if not _is_there(column_id, columns, table))
    return HeaderMatch(
        columns=columns,
        unknown=unknown,
        duplicates={column_id: tuple(places) for column_id, places in again.items()},
        missing=missing,
        near=_near(missing, {keys[position]: position for position in unknown}, table),
    )


def _is_there(column_id: str, columns: Mapping[str, int], table: Table) -> bool:
    parts = table.by_id[column_id].derived_from
    return column_id in columns or (bool(parts) and all(part in columns for part in parts))


def find_header_row(sheet: RawSheet, table: Table, *, most_rows: int = 16) -> int | None:
    """Row offset of the header: the first of the rows that name most columns; None when no row names enough.

    Enough is three columns, or as many as the table requires when that is fewer. A row with as many numbers and dates
    as texts is a data row; a cell merged over several columns is a title.
    """
    enough = min(3, max(1, len(table.required)))
    best, best_score = None, enough - 1
    for row in range(min(most_rows, sheet.n_rows)):
        texts = header_texts(sheet, row)
        kinds = [column.kinds[row] for column in sheet.columns]
        figures = sum(kind in (Kind.NUMBER, Kind.DATE, Kind.BOOL) for kind in kinds)
        if sum(text is not None for text in texts) <= figures:
            continue
        score = len(match_headers(texts, table).columns)
        if score > best_score:
            best, best_score = row, score
    return best


def header_texts(sheet: RawSheet, row: int) -> list[str | None]:
    """The texts of a row, None for other cells and for cells that are merged over several columns."""
    titles = {
        column - sheet.first_column
        for top, left, bottom, right in sheet.merged
        if top <= sheet.first_row + row <= bottom and right > left
        for column in range(left, right + 1)
    }
    return [
        str(column.texts[row])
        if column.kinds[row] == Kind.TEXT and column.texts is not None and place not in titles
        else None
        for place, column in enumerate(sheet.columns)
    ]


def match_choice(text: str, choices: Sequence[Choice]) -> str | None:
    """The id of the choice that a text names by id, label or synonym; None when it names none."""
    return _choice_names(tuple(choices)).get(normalise(text))


def read_flags(column: RawColumn) -> FlagReading:
    """Read a column of ja/nee, yes/no, waar/onwaar, true/false, j/n, y/n, 1/0 or x; blank is no."""
    numeric = (column.kinds == Kind.NUMBER) | (column.kinds == Kind.BOOL)
    values = numeric & (column.numbers == 1)
    neither = np.flatnonzero(numeric & ~values & (column.numbers != 0))
    cells = text_cells(column)
    words = [clean(text).casefold() for text in cells.texts]
    values[cells.rows] = np.array([word in _YES for word in words], dtype=bool)[cells.codes]
    faults = misplaced(column, date=Reason.NOT_A_FLAG) + cell_faults(column, neither, Reason.NOT_A_FLAG)
    faults += cells.faults({place: Reason.NOT_A_FLAG for place, word in enumerate(words) if word not in _YES | _NO})
    unknown = np.zeros(len(column), dtype=bool)
    unknown[[fault.row for fault in faults]] = True
    return FlagReading(values, unknown, in_row_order(faults))


@cache
def _meanings(table: Table) -> dict[str, list[tuple[int, int, str]]]:
    """Normalised header -> (rank, place of the column, column id); rank 0 is a label or id, then the synonyms."""
    meanings: dict[str, list[tuple[int, int, str]]] = {}
    for place, column in enumerate(table.columns):
        ranks: dict[str, int] = {}
        names = [(0, column.nl), (0, column.en), (0, column.id), *enumerate(column.synonyms, start=1)]
        for rank, name in names:
            ranks.setdefault(normalise(name), rank)
        for key, rank in ranks.items():
            meanings.setdefault(key, []).append((rank, place, column.id))
    return meanings


def _near(missing: Sequence[str], unknown: Mapping[str, int], table: Table) -> dict[str, int]:
    """For each missing column the first unknown header that is close to one of its names."""
    near: dict[str, int] = {}
    for column_id in missing:
        names = [key for key, columns in _meanings(table).items() if any(column_id == owner for *_, owner in columns)]
        close = [place for header, place in unknown.items() if get_close_matches(header, names, n=1, cutoff=_CLOSE)]
        if close:
            near[column_id] = min(close)
    return near


@cache
def _choice_names(choices: tuple[Choice, ...]) -> dict[str, str]:
    """Normalised name -> choice id; an id wins over a label, a label over a synonym, an earlier choice over a later."""
    names: dict[str, str] = {}
    levels = (
        [(choice.id, choice) for choice in choices],
        [(label, choice) for choice in choices for label in (choice.nl, choice.en)],
        [(synonym, choice) for choice in choices for synonym in choice.synonyms],
    )
    for name, choice in chain(*levels):
        names.setdefault(normalise(name), choice.id)
    names.pop("", None)
    return names
