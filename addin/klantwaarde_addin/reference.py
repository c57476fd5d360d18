"""The reference of the Excel functions, made from their declarations; every example on it is calculated."""

import inspect
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, get_args

import klantwaarde_addin.functions  # noqa: F401 - declares the functions
from klantwaarde.messages import catalogue, label
from klantwaarde_addin.declare import FUNCTIONS, Argument, Function, Group

PAGES: Final = {"nl": "functies.md", "en": "functions.md"}

SEPARATORS: Final = {"nl": (";", "\\", ","), "en": (",", ",", ".")}  # of arguments, of columns in { }, of decimals
_ROWS: Final = ";"  # between rows in { }, in both languages
_PLACEHOLDER: Final = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True)
class Example:
    """An example of a function that was calculated.

    Attributes:
        inputs: One value, or rows of values, per argument.
        formula: As a user of this language types it in desktop Excel.
        result: Rows of values.
    """

    inputs: tuple[Any, ...]
    formula: str
    result: list[list[Any]]


def example_of(function: Function, language: str) -> Example:
    """The example of a function, calculated."""
    inputs = tuple(argument.example for argument in function.arguments)
    result = function.calculate(inputs, language=language)
    between = f"{SEPARATORS[language][0]} "
    formula = f"={function.excel_name}({between.join(_typed(value, language) for value in inputs)})"
    return Example(inputs, formula, result if isinstance(result, list) else [[result]])


def function_page(language: str) -> str:
    """Markdown with every function, group by group, and what its errors mean."""
    intro = [label(f"functions_{part}", language) for part in ("intro", "blank", "whole", "language")]
    parts = [f"# {label('functions_title', language)}", *intro]
    for group in get_args(Group):
        found = [function for function in FUNCTIONS.values() if function.group == group]
        if found:
            parts.append(f"## {label(f'function_group_{group}', language)}")
            parts += [_section(function, language) for function in found]
    return "\n\n".join([*parts, _errors(language)]) + "\n"


def write_function_pages(folder: Path) -> None:
    """Write the page of each language into the folder with the help."""
    for language, name in PAGES.items():
        (folder / name).write_text(function_page(language), encoding="utf-8")


def explained(function: Function, part: str) -> str:
    """What the docstring says after ``Formula:`` or ``Source:``."""
    lines = inspect.cleandoc(function.body.__doc__ or "").splitlines()
    [line] = [line for line in lines if line.startswith(f"{part}: ")]
    return line.removeprefix(f"{part}: ")


def _section(function: Function, language: str) -> str:
    example = example_of(function, language)
    words = {
        part: label(f"functions_{part}", language) for part in ("arguments", "example", "result", "formula", "source")
    }
    rows = "\n".join(_argument(argument, language) for argument in function.arguments)
    return "\n\n".join(
        [
            f"### {function.excel_name}",
            f"`{function.excel_name}` · `{function.server_name}`\n\n{function.help(language)}",
            f"| {words['arguments']} |\n|---|---|---|\n{rows}",
            f"{words['example']}: `{example.formula}`",
            f"{words['result']}:\n\n{_table(example.result, language)}",
            f"{words['formula']}: `{explained(function, 'Formula')}`  \n{words['source']}: {explained(function, 'Source')}",
        ]
    )


def _argument(argument: Argument, language: str) -> str:
    if argument.is_required:
        default = label("functions_required", language)
    else:
        default = "" if argument.default is None else f"`{_typed(argument.default, language)}`"
    return f"| `{argument.name}` | {argument.help(language).replace('|', chr(92) + '|')} | {default} |"


def _typed(value: Any, language: str) -> str:
    """A value as a user types it in a formula; rows become an array constant."""
    if isinstance(value, tuple):
        return _typed([list(value)], language)
    if isinstance(value, list):
        columns = SEPARATORS[language][1]
        return "{" + _ROWS.join(columns.join(_typed(cell, language) for cell in row) for row in value) + "}"
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return _written(value, language)


def _written(value: Any, language: str) -> str:
    """A value as a cell shows it, with at most six decimals."""
    if isinstance(value, bool):
        return label(f"function_{str(value).lower()}", language)
    if isinstance(value, float):
        text = f"{value:.6f}".rstrip("0").rstrip(".")
        return text.replace(".", SEPARATORS[language][2])
    return str(value)


def _table(rows: list[list[Any]], language: str) -> str:
    """Rows as a table; Markdown wants a header, so the first row is one."""
    head, *body = ["| " + " | ".join(_written(cell, language) for cell in row) + " |" for row in rows]
    return "\n".join([head, "|" + "---|" * len(rows[0]), *body])


def _errors(language: str) -> str:
    texts = {code: parts for code, parts in catalogue(language).items() if code.startswith("KW-FN-")}
    rows = [
        f"| {code} | {_PLACEHOLDER.sub('…', parts['what'])} | {_PLACEHOLDER.sub('…', parts['advice'])} |"
        for code, parts in texts.items()
    ]
    head = f"| {label('functions_codes', language)} |\n|---|---|---|"
    title = f"## {label('functions_errors', language)}"
    return "\n\n".join([title, label("functions_error_values", language), "\n".join([head, *rows])])
