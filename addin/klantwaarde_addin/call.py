"""One function called from Excel: a result or an Excel error with its sentence, and never an exception."""

import logging
import traceback
from collections.abc import Sequence
from typing import Any

import klantwaarde_addin.functions  # noqa: F401 - declares the functions
from klantwaarde.messages import Fault
from klantwaarde_addin.declare import FUNCTIONS, Function
from klantwaarde_addin.errors import BAD_INPUT, FunctionError
from klantwaarde_addin.ranges import as_rows

_log = logging.getLogger("klantwaarde")


def call_from_excel(
    name: str,
    args: Sequence[object],
    date1904: bool,  # noqa: FBT001 - one of three values that come over COM by position
    *,
    language: str = "nl",
) -> tuple[int, object]:
    """Call a declared function with what Excel hands over.

    Args:
        name: Of the Python function.
        args: In declared order: single values, rows of ``Value2`` values, None where left out.
        date1904: Whether the workbook counts days from 1904.
        language: Of the words in the result and of the sentence.

    Returns:
        0 and the result, a single value or a tuple of rows; or the number of an Excel error value (2015 #VALUE!,
        2036 #NUM!, 2042 #N/A) and the sentence that says which argument and why.
    """
    try:
        declared = _declared(name, len(args))
        return 0, _rows(declared.calculate([as_rows(cells) for cells in args], date1904=date1904, language=language))
    except FunctionError as error:
        return error.code, error.sentence(language)
    except Exception as error:  # noqa: BLE001 - Excel shows a sentence, whatever happened
        _log.error("%s: %s", name, _trace(error))
        return BAD_INPUT, FunctionError(Fault("KW-FN-024")).sentence(language)


def _declared(name: str, count: int) -> Function:
    declared = FUNCTIONS.get(name)
    if declared is None:
        raise FunctionError(Fault("KW-FN-022", found=name))
    most = len(declared.arguments)
    if not declared.fewest <= count <= most:
        raise FunctionError(Fault("KW-FN-023", found=count, values={"fewest": declared.fewest, "most": most}))
    return declared


def _rows(result: Any) -> object:
    """Rows as COM takes them."""
    return tuple(tuple(row) for row in result) if isinstance(result, list) else result


def _trace(error: Exception) -> str:
    """The kind of exception and the lines it came from, without its text."""
    steps = traceback.extract_tb(error.__traceback__)
    return " < ".join([type(error).__name__, *(f"{step.name}:{step.lineno}" for step in reversed(steps))])
