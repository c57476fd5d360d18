"""An example workbook per group of functions, drawn from the declarations; it needs no add-in to be read.

Formulas with our functions stand there as text, because without the add-in they would be errors. What Excel itself can
calculate of the result stands beside it as live formulas.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from klantwaarde.messages import LANGUAGES, label
from klantwaarde.report.blocks import Format, Formula
from klantwaarde.tables.raw import cell_address
from klantwaarde.workbook import look
from klantwaarde.workbook.canvas import Canvas, DrawnCell, Link, View
from klantwaarde.workbook.paint import book_bytes
from klantwaarde_addin.declare import FUNCTIONS, Function, Group
from klantwaarde_addin.native_formulas import NATIVE
from klantwaarde_addin.reference import SEPARATORS, Example, example_of, explained

COLUMNS, WIDTH, FIRST_WIDTH = 8, 18.0, 24.0  # of the page of one function
HELP_COLUMN = 3
_HELP_WIDTH = WIDTH * (COLUMNS - HELP_COLUMN + 1)

Places = dict[str, tuple[int, int, int, int]]  # argument -> first row, first column, last row, last column


def write_example_books(folder: Path) -> list[Path]:
    """Write the workbook of every group that has functions, in every language; returns the files."""
    written = []
    for language in LANGUAGES:
        for group in groups():
            path = folder / label("example_file", language, group=label(f"example_group_{group}", language))
            path.write_bytes(book_bytes(draw_examples(group, language)))
            written.append(path)
    return written


def groups() -> list[Group]:
    """The groups that have functions, in their declared order."""
    return [group for group in get_args(Group) if any(function.group == group for function in FUNCTIONS.values())]


def draw_examples(group: Group, language: str) -> list[Canvas]:
    """A sheet with all functions of a group, and one sheet per function."""
    functions = [function for function in FUNCTIONS.values() if function.group == group]
    return [_overview(group, functions, language), *(_page(function, language) for function in functions)]


def _overview(group: Group, functions: Sequence[Function], language: str) -> Canvas:
    canvas = Canvas(label("example_overview", language), language, [32.0, 110.0])
    canvas.line(label(f"function_group_{group}", language), style="title", height=28)
    canvas.line(label("example_intro", language), style="subtitle")
    canvas.row += 1
    for number, key in enumerate(("example_function", "example_gives"), 1):
        canvas.put(canvas.row, number, label(key, language), style="header")
    for function in functions:
        canvas.row += 1
        canvas.put(canvas.row, 1, function.excel_name, style="hyperlink")
        canvas.links.append(Link(canvas.row, 1, function.excel_name))
        canvas.put(canvas.row, 2, function.help(language), style="wrapped")
        canvas.heights[canvas.row] = look.LINE_HEIGHT * len(
            look.wrapped_lines(function.help(language), canvas.widths[1] * 1.15)
        )
    canvas.view = _view(label(f"function_group_{group}", language), language)
    return canvas


def _page(function: Function, language: str) -> Canvas:
    canvas = Canvas(function.excel_name, language, [FIRST_WIDTH, *[WIDTH] * (COLUMNS - 1)])
    example = example_of(function, language)
    canvas.line(function.excel_name, style="title", height=28)
    canvas.line(function.help(language), style="subtitle")
    canvas.put(canvas.row, 1, label("example_back", language), style="hyperlink")
    canvas.links.append(Link(canvas.row, 1, label("example_overview", language)))
    canvas.row += 1
    places = _draw_arguments(canvas, function, example)
    _draw_formula(canvas, function, example, places)
    _draw_result(canvas, function, example, places)
    canvas.row += 1
    for key, part in (("functions_formula", "Formula"), ("functions_source", "Source")):
        canvas.line(f"{label(key, language)}: {explained(function, part)}", style="subtitle")
    used = max(column for _, column in canvas.cells)
    canvas.widths += [WIDTH] * (used - len(canvas.widths))
    canvas.view = _view(function.excel_name, language)
    return canvas


def _view(title: str, language: str) -> View:
    footer = look.footer_text(f"{label('template_title', language)} · {title}")
    return View(footer_left=footer, footer_right=label("report_page", language))


def _heading(canvas: Canvas, key: str) -> None:
    canvas.row += 1
    canvas.line(label(key, canvas.language), style="heading", height=22)


def _draw_arguments(canvas: Canvas, function: Function, example: Example) -> Places:
    """Every argument with its help; single inputs stand beside their name, ranges side by side below."""
    language, places = canvas.language, Places()
    _heading(canvas, "example_arguments")
    for number, key in enumerate(("example_argument", "example_input", "example_help"), 1):
        canvas.put(canvas.row, number, label(key, language), style="header")
    for column in range(HELP_COLUMN + 1, COLUMNS + 1):
        canvas.put(canvas.row, column, None, style="header")
    first = canvas.row + 1
    helps = [look.wrapped_lines(argument.help(language), _HELP_WIDTH) for argument in function.arguments]
    below = first + sum(map(len, helps)) + 2  # where the values of ranges begin
    canvas.row, column = first, 1
    for argument, given, lines in zip(function.arguments, example.inputs, helps, strict=True):
        form: Format | None = "date" if argument.kind in ("date", "dates") else None
        if isinstance(given, list):
            places[argument.name] = (below, column, below + len(given) - 1, column + len(given[0]) - 1)
            canvas.put(canvas.row, 2, _area(places[argument.name]), style="body")
            _draw_grid(canvas, below - 1, column, [argument.name], given, style="input", form=form)
            column += len(given[0])
        else:
            places[argument.name] = (canvas.row, 2, canvas.row, 2)
            _draw_grid(canvas, canvas.row, 2, [], [[given]], style="input", form=form)
        canvas.put(canvas.row, 1, argument.name, style="strong")
        for line in lines:
            canvas.put(canvas.row, HELP_COLUMN, line, style="body")
            canvas.row += 1
    canvas.row = max(canvas.row, *(place[2] + 1 for place in places.values()))
    return places


def _draw_grid(
    canvas: Canvas,
    row: int,
    column: int,
    headers: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    style: str,
    form: Format | None = None,
) -> None:
    """Rows of values below their headers, every column in the format that suits its values."""
    for offset, values in enumerate(zip(*rows, strict=True)):
        shown = form or _format(values)
        if headers:
            header = headers[offset] if offset < len(headers) else None
            canvas.put(row, column + offset, header, style="header" if shown == "text" else "header_number")
        for down, value in enumerate(values, bool(headers)):
            if isinstance(value, bool):  # stays one, and shows in the language of the reader's Excel
                canvas.cells[row + down, column + offset] = DrawnCell(value, style, "text")
            else:
                canvas.put(row + down, column + offset, _rounded(value), style=style, number_format=shown)


def _draw_formula(canvas: Canvas, function: Function, example: Example, places: Places) -> None:
    """The formula over the cells of this sheet; and with the values in it when all of them are single."""
    _heading(canvas, "example_formula")
    between = f"{SEPARATORS[canvas.language][0]} "
    typed = f"={function.excel_name}({between.join(_area(places[part.name]) for part in function.arguments)})"
    shown = [typed, example.formula] if not any(isinstance(given, list) for given in example.inputs) else [typed]
    for text in shown:
        canvas.put(canvas.row, 1, text, style="strong")
        canvas.row += 1
    canvas.line(label("example_typed", canvas.language, name=function.server_name), style="subtitle")


def _draw_result(canvas: Canvas, function: Function, example: Example, places: Places) -> None:
    """The result; beside it the same from Excel's own formulas, where those can say it."""
    _heading(canvas, "example_result")
    first = int(bool(function.headers(canvas.language)))
    headers, rows = [str(text) for row in example.result[:first] for text in row], example.result[first:]
    _draw_grid(canvas, canvas.row, 1, headers, rows, style="calculation")
    native, beside = NATIVE.get(function.name, ()), len(rows[0]) + 2
    if native:
        canvas.put(canvas.row - 1, beside, label("example_native", canvas.language), style="heading")
    for offset, text in enumerate(native):
        formulas = [
            [Formula(text.format(row=number, **_references(places, number)), _rounded(row[offset]))]
            for number, row in enumerate(rows, 1)
        ]
        if text:
            named = headers[offset : offset + 1]
            _draw_grid(canvas, canvas.row, beside + offset, named, formulas, style="calculation")
    if headers:
        canvas.heights[canvas.row] = look.LINE_HEIGHT * max(
            len(look.wrapped_lines(text, WIDTH - 3)) for text in headers
        )
    canvas.row += len(example.result)


def _references(places: Places, row: int) -> dict[str, str]:
    """What the placeholders of a formula stand for in one row of the result."""
    found = {}
    for name, (top, left, bottom, right) in places.items():
        own = top + row - 1 if top < bottom else top
        found[name] = _absolute(own, left)
        found[f"all_{name}"] = f"{_absolute(top, left)}:{_absolute(bottom, right)}"
    return found


def _absolute(row: int, column: int) -> str:
    letters = cell_address(row, column).removesuffix(str(row))
    return f"${letters}${row}"


def _area(place: tuple[int, int, int, int]) -> str:
    top, left, bottom, right = place
    first, last = cell_address(top, left), cell_address(bottom, right)
    return first if first == last else f"{first}:{last}"


def _rounded(value: Any) -> Any:
    """At most six decimals, as in the reference: what lies behind them may differ from one computer to the next."""
    return round(value, 6) if isinstance(value, float) else value


def _format(values: Sequence[object]) -> Format:
    """The format of a column: as many decimals as its numbers need, none, two or four."""
    plain = [value.value if isinstance(value, Formula) else value for value in values]
    numbers = [value for value in plain if isinstance(value, int | float) and not isinstance(value, bool)]
    if not numbers:
        return "text"
    if all(value == round(value) for value in numbers):
        return "integer"
    return "number" if all(abs(value) >= 10 or value == round(value, 2) for value in numbers) else "rate"
