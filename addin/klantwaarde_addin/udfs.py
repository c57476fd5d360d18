"""The functions as xlwings reads them: xlwings Server, xlwings Lite, and classic xlwings without our own add-in.

One module for every host, made from the declarations. The raw converter passes cells as the host has them and leaves
the reading to us; xlwings' own converters cost a Python call per cell. Cells with a date come as a date or as a serial
number, and both are read. Office.js hands a blank cell over as 0 in Excel for the desktop: no function can tell there.

On xlwings Server the manifest gives the namespace ``KW``; in Lite, which runs in a browser, the functions bring it. Classic xlwings
has no namespaces and no other names: there a function is called ``KW_CAPACITY_RATE``.
"""

import os
import sys
from collections.abc import Callable
from typing import Any

import xlwings

import klantwaarde_addin.functions  # noqa: F401 - declares the functions
from klantwaarde.messages import label
from klantwaarde_addin.declare import FUNCTIONS, Function
from klantwaarde_addin.errors import FunctionError
from klantwaarde_addin.ranges import as_rows
from klantwaarde_addin.userfile import language

_NAMESPACE = "" if os.environ.get("XLWINGS_ON_SERVER") == "true" and sys.platform != "emscripten" else "KW"


def _exported(function: Function) -> Callable[..., Any]:
    """A declared function under its Excel name, with what xlwings wants to know of it."""

    def call(*cells: object) -> list[list[Any]]:
        chosen = language()
        try:
            result = function.calculate([_plain(part) for part in cells], language=chosen)
        except FunctionError as error:
            raise xlwings.XlwingsError(error.sentence(chosen)) from None
        return result if isinstance(result, list) else [[result]]

    call.__name__ = call.__qualname__ = function.excel_name
    call.__doc__ = function.help(language())
    call.__signature__ = function.optional_signature  # type: ignore[attr-defined]
    call.__annotations__ = {}  # desktop xlwings would read hints as converters
    for argument in function.arguments:
        xlwings.arg(argument.name, "raw", doc=argument.help(language()))(call)
    category = label(f"function_group_{function.group}", language())
    marked = xlwings.func(name=function.name.upper(), namespace=_NAMESPACE, category=category)  # last, as the outer one
    return marked(xlwings.ret("raw")(call))


def _plain(cells: object) -> object:
    """Numbers and texts; Office.js hands some cells over with their format or error, or as JavaScript's null."""
    found = as_rows(cells)
    if isinstance(found, (list, tuple)):
        return [[_plain_cell(cell) for cell in row] for row in found]
    return _plain_cell(found)


def _plain_cell(cell: object) -> object:
    if isinstance(cell, dict):
        return cell.get("basicValue")
    return None if type(cell).__name__ == "JsNull" else cell


_EXPORTED = {function.excel_name: _exported(function) for function in FUNCTIONS.values()}
globals().update(_EXPORTED)
__all__ = list(_EXPORTED)
