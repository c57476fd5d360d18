"""The whole way of a function: from cells through the add-in's VBA to the Python function and back, for every declaration."""

import pytest
from openpyxl.utils import get_column_letter
from pyopenvba.interpreter._objects import member

import klantwaarde
from addin.build.interpreted import Engine, Excel, array, rows, table
from klantwaarde_addin.build.sources import addin_modules
from klantwaarde_addin.call import call_from_excel
from klantwaarde_addin.declare import FUNCTIONS
from klantwaarde_addin.ranges import as_rows


class PythonEngine(Engine):
    """Answers as the COM server does."""

    @member(name="Call")
    def answer_call(self, name, given, is1904):
        code, value = call_from_excel(str(name), rows(given), bool(is1904), language="en")
        return array(code, table(value) if isinstance(value, tuple) else value)


def started():
    return Excel(addin_modules("en"), PythonEngine(klantwaarde.__version__, [], []))


def on_sheet(excel, example, column):
    """The example of an argument: a single value as it is, rows of values as a range on the sheet."""
    found = as_rows(example)
    if not isinstance(found, (list, tuple)):
        return found
    letters = [get_column_letter(column + offset) for offset in range(len(found[0]))]
    for number, row in enumerate(found, start=1):
        for letter, value in zip(letters, row, strict=True):
            excel.fill(f"{letter}{number}", value)
    return excel.range(f"{letters[0]}1:{letters[-1]}{len(found)}")


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_the_example_of_every_function_gives_in_a_cell_what_python_gives(function):
    excel = started()
    given = [on_sheet(excel, argument.example, 1 + 20 * number) for number, argument in enumerate(function.arguments)]
    code, expected = call_from_excel(
        function.name, [argument.example for argument in function.arguments], date1904=False, language="en"
    )
    assert code == 0
    result = excel.call(function.excel_name, *given)
    assert result == ([list(row) for row in expected] if isinstance(expected, tuple) else expected)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_text_where_values_are_wanted_gives_an_error_value_and_a_sentence(function):
    excel = started()
    excel.fill("A1", "not a number")
    excel.edges.caller = excel.range("D1")
    given = [excel.range("A1:A2")] * len([argument for argument in function.arguments if argument.is_required])
    assert excel.call(function.excel_name, *given) in {"Error 2015", "Error 2036", "Error 2042"}
    excel.range("D1").vba_set("Formula", "=NA()")
    excel.range("D1").vba_get("Select")
    excel.press("trace_number")
    _, sentence, title, _ = excel.app.dialogs[-1]
    assert title == "Klantwaarde"
    assert sentence.endswith((".", "]"))
    assert "Traceback" not in sentence
