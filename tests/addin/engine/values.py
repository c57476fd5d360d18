"""Cell contents as COM hands them over and takes them, and as the web client puts them in its message."""

import datetime as dt
import math
import re
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from addin.engine.com import ComError
from addin.engine.typed import Entry, Language, as_typed

EPOCH = dt.datetime(1899, 12, 30)
CURRENCY_STEP = Decimal("0.0001")
LONGEST_TEXT = 32767
LONGEST_FORMULA = 8192
ERROR_CODES = {
    "#NULL!": -2146826288,
    "#DIV/0!": -2146826281,
    "#VALUE!": -2146826273,
    "#REF!": -2146826265,
    "#NAME?": -2146826259,
    "#NUM!": -2146826252,
    "#N/A": -2146826246,
    "#GETTING_DATA": -2146826245,
    "#SPILL!": -2146826243,
    "#CONNECT!": -2146826242,
    "#BLOCKED!": -2146826241,
    "#UNKNOWN!": -2146826240,
    "#FIELD!": -2146826239,
    "#CALC!": -2146826238,
}
KINDS = {"empty": "n", "number": "n", "boolean": "b", "date": "d", "text": "s", "formula": "f", "error": "e"}
SEVEN_ERRORS = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"))
ISO_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
ERROR_TEXTS = {code: text for text, code in ERROR_CODES.items()}

EMPTY = Entry("empty", None)
Content = tuple[Any, str]
Results = dict[tuple[int, int], Content]


def is_text_format(number_format: str) -> bool:
    return number_format == "@"


def is_currency_format(number_format: str) -> bool:
    return any(symbol in number_format for symbol in ("€", "$€", "£", '"$"', "[$$", "$#", "$ "))


def content(cell: Cell, results: Results) -> Content:
    """The value that the cell shows and its openpyxl type; a formula shows its result, nothing when it has none."""
    if cell.data_type == "f":
        return results.get((cell.row, cell.column), (None, "n"))
    return cell.value, cell.data_type


def to_com(cell: Cell, results: Results) -> Any:
    """What ``Range.Value`` gives through pywin32: floats, Decimals, zoned datetimes, error numbers, None."""
    value, kind = content(cell, results)
    if value is None or isinstance(value, bool):
        return value
    if kind == "e":
        return ERROR_CODES[value]
    if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
        return moment_of(value).replace(tzinfo=dt.UTC)
    if isinstance(value, int | float):
        if is_currency_format(cell.number_format):
            return Decimal(repr(value)).quantize(CURRENCY_STEP, ROUND_HALF_EVEN)
        return float(value)
    return str(value) or None


def to_json(cell: Cell, results: Results) -> Any:
    """What the web client sends: ISO texts for dates, error names, an empty text for a blank."""
    value, kind = content(cell, results)
    if value is None:
        return ""
    if kind == "e" or isinstance(value, bool):
        return value
    if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
        return moment_of(value).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def moment_of(value: dt.datetime | dt.date | dt.time | dt.timedelta) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return value
    if isinstance(value, dt.timedelta):
        return EPOCH + value
    if isinstance(value, dt.time):
        return dt.datetime.combine(EPOCH.date(), value)
    return dt.datetime.combine(value, dt.time())


def sendable(value: Any) -> bool:
    """Whether the web client writes the value; None leaves the cell as it is, and what JSON lacks cannot be sent."""
    if value is not None and not isinstance(value, str | int | float | bool):
        raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
    return value is not None


def entry_for(cell: Cell, value: Any, language: Language) -> Entry:
    """What ``Range.Value`` makes of one value; a text is read as if typed unless the cell's format is ``@``."""
    return _text_entry(value, cell.number_format, language) if isinstance(value, str) else _plain_entry(value)


def _text_entry(text: str, number_format: str, language: Language) -> Entry:
    if len(text) > LONGEST_TEXT:
        raise ComError("A cell holds at most 32767 characters.")
    if is_text_format(number_format):
        return Entry("text", text) if text else EMPTY
    return as_typed(text, language)


def _plain_entry(value: Any) -> Entry:
    """What pywin32 can hand over besides text; anything else it refuses."""
    if value is None:
        return EMPTY
    if isinstance(value, bool):
        return Entry("boolean", value)
    if isinstance(value, dt.datetime):
        moment = value.replace(tzinfo=None)
        return Entry("date", moment, "dd-mm-yyyy" if moment.time() == dt.time() else "dd-mm-yyyy hh:mm")
    if isinstance(value, Decimal):
        return Entry("number", float(value.quantize(CURRENCY_STEP, ROUND_HALF_EVEN)), '"€" #,##0.00')
    if isinstance(value, int) and abs(value) >= 2**31:
        raise OverflowError(f"{value} does not fit in a COM integer; hand over a float.")
    if isinstance(value, float) and not math.isfinite(value):
        raise ComError(f"A cell cannot hold {value}.")
    if isinstance(value, int | float):
        return Entry("number", value)
    raise TypeError(f"Objects of type {type(value).__name__} can not be converted to a COM VARIANT")


def put_entry(cell: Cell | MergedCell, entry: Entry) -> None:
    """Store an entry; openpyxl's own guessing never sees it."""
    if isinstance(cell, MergedCell):
        return
    if entry.kind == "formula" and len(str(entry.value)) > LONGEST_FORMULA:
        raise ComError("A formula has at most 8192 characters.")
    value, kind = entry.value, entry.kind
    cell._value, cell.data_type = value, KINDS[kind]
    if entry.quoted or (cell.has_style and cell.quotePrefix):
        cell.quotePrefix = entry.quoted
    if cell.hyperlink is not None and value is None:
        cell.hyperlink = None
    if entry.number_format and cell.number_format == "General":
        cell.number_format = entry.number_format
    elif kind == "date" and not is_date_format(cell.number_format):
        cell.number_format = "dd-mm-yyyy"


def formula_text(cell: Cell) -> str:
    """What ``Range.Formula`` gives: the formula, else the constant as text in US spelling."""
    value = cell.value
    if isinstance(value, ArrayFormula | DataTableFormula):
        return str(getattr(value, "text", "") or "")
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
        return f"{to_excel(value):.15g}"
    return f"{value:.15g}" if isinstance(value, int | float) else str(value)
