"""The functions as xlwings reads them: its own wrapper generator agrees, and its server layer calls them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import xlwings

from klantwaarde.messages import label
from klantwaarde_addin import udfs
from klantwaarde_addin.declare import FUNCTIONS, Function

ALL = pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)


@pytest.fixture(scope="module")
def wrappers() -> str:
    generator = Path(__file__).with_name("wrapper_generator.py")
    return subprocess.run([sys.executable, str(generator)], capture_output=True, check=True).stdout.decode()


@ALL
def test_xlwings_own_wrapper_takes_the_declared_arguments(wrappers: str, function: Function) -> None:
    [declared] = re.findall(rf"^Function {function.excel_name}\((.*)\)\r?$", wrappers, re.MULTILINE)
    assert declared.split(", ") == [
        argument.name if argument.is_required else f"Optional {argument.name}" for argument in function.arguments
    ]


@ALL
def test_xlwings_shows_the_declared_help_in_the_declared_category(wrappers: str, function: Function) -> None:
    [line] = re.findall(rf"^'({function.excel_name}\|.*)$", wrappers, re.MULTILINE)
    category = label(f"function_group_{function.group}", "nl")
    assert line.split("|") == [
        function.excel_name,
        category,
        function.help("nl"),
        *(part.help("nl") for part in function.arguments),
    ]


def test_no_other_function_is_exported(wrappers: str) -> None:
    assert set(re.findall(r"^Function (\w+)\(", wrappers, re.MULTILINE)) == set(udfs.__all__)
    assert set(udfs.__all__) == {function.excel_name for function in FUNCTIONS.values()}


@ALL
def test_an_exported_function_gives_rows(function: Function) -> None:
    result = getattr(udfs, function.excel_name)(*(part.example for part in function.arguments))
    assert all(isinstance(row, list) for row in result)


def test_what_xlwings_flattened_is_a_row_again() -> None:
    assert udfs.KW_ALLOCATE(10.0, [1.0, 1.0]) == [[5.0, 5.0]]


class JsNull:
    """What a blank cell is in xlwings Lite."""


def test_cells_of_office_js_are_read_for_what_they_hold() -> None:
    priced = {"type": "FormattedNumber", "basicValue": 4.0, "numberFormat": "€ 0"}
    assert udfs.KW_CAPACITY_RATE([[priced], [8.0]], 2.0) == [[2.0], [4.0]]
    for cell, code in (({"type": "Error", "basicValue": "#N/A"}, "KW-FN-003"), (JsNull(), "KW-FN-002")):
        with pytest.raises(xlwings.XlwingsError, match=rf"^cost, rij 2: .*\[{code}\]$"):
            udfs.KW_CAPACITY_RATE([[1.0], [cell]], 2.0)


SERVER = """
import asyncio, json, sys
import xlwings, xlwings.server as server
from klantwaarde_addin import udfs

async def ask(name, args):
    call = {"func_name": name, "args": args, "caller_address": "[b]s!A1", "version": "any", "client": "Office.js", "runtime": "1.4"}
    try:
        return await server.custom_functions_call(call, udfs)
    except xlwings.XlwingsError as error:
        return str(error)

asked = json.load(sys.stdin)
print(json.dumps({"meta": server.custom_functions_meta(udfs), "answers": [asyncio.run(ask(*question)) for question in asked]}))
"""


def on_server(questions: list[Any]) -> dict[str, Any]:
    if not os.environ.get("XLWINGS_LICENSE_KEY"):
        assert os.environ.get("CI") != "true", "CI must run the tests of xlwings Server: set XLWINGS_LICENSE_KEY"
        pytest.skip("XLWINGS_LICENSE_KEY is not set: xlwings' server layer does not load without it")
    environment = os.environ | {"XLWINGS_ON_SERVER": "true"}
    done = subprocess.run(
        [sys.executable, "-c", SERVER],
        input=json.dumps(questions),
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    return json.loads(done.stdout)


def as_office_js(value: Any) -> Any:
    return value if isinstance(value, list) else [[value]]


def test_the_server_lists_and_calls_every_function_as_the_desktop_does() -> None:
    questions = [[f.excel_name, [as_office_js(part.example) for part in f.arguments]] for f in FUNCTIONS.values()]
    found = on_server([*questions, ["KW_GINI", [[[1], ["x"]]]], ["KW_ALLOCATE", [[[10]], [[1, 1]], None]]])
    by_id = {listed["id"]: listed for listed in found["meta"]["functions"]}
    for function, answer in zip(FUNCTIONS.values(), found["answers"], strict=False):
        listed = by_id[function.excel_name]
        assert listed["name"] == function.name.upper()  # the manifest puts KW. before it
        assert listed["description"] == function.help("nl")
        assert [(part["name"], part.get("optional", False)) for part in listed["parameters"]] == [
            (part.name, not part.is_required) for part in function.arguments
        ]
        assert answer == getattr(udfs, function.excel_name)(*(part.example for part in function.arguments))
    refused, row = found["answers"][-2:]
    assert refused.startswith('values, rij 2: "x" is geen getal.')
    assert row == [[5.0, 5.0]]
