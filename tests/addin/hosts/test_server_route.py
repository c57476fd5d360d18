"""Functions and scripts over HTTP, as the client in Excel asks for them."""

import math
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

import klantwaarde_addin.functions  # noqa: F401 - declares the functions
from addin.hosts.process import ServerProcess
from klantwaarde.messages import label
from klantwaarde_addin.declare import FUNCTIONS, Function
from klantwaarde_addin.scripts import DESKTOP_ONLY, ONLY_SHEETS, REMOTE_COMMANDS

EVERY = pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)


def cells(value: Any) -> Any:
    """An example as Office.js hands it over: rows of cells; a flat list is a column."""
    if not isinstance(value, list):
        return [[value]]
    return value if isinstance(value[0], list) else [[cell] for cell in value]


def examples(function: Function) -> list[Any]:
    return [argument.example for argument in function.arguments]


def same(left: Any, right: Any) -> bool:
    if isinstance(left, list):
        return isinstance(right, list) and len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float):
        return isinstance(right, int | float) and math.isclose(left, right, rel_tol=1e-12)
    return left == right


def test_every_function_is_listed_with_our_help(server: ServerProcess):
    listed = {
        entry["id"]: entry for entry in server.client.get("/xlwings/custom-functions-meta.json").json()["functions"]
    }
    assert set(listed) == {function.excel_name for function in FUNCTIONS.values()}
    for function in FUNCTIONS.values():
        entry = listed[function.excel_name]
        assert f"KW.{entry['name']}" == function.server_name
        assert entry["description"] in {function.nl, function.en}
        assert not entry["options"].get("volatile")
        shown = [(part["name"], part.get("optional", False)) for part in entry["parameters"]]
        assert shown == [(argument.name, not argument.is_required) for argument in function.arguments]
        assert all(
            part["description"] in {argument.nl, argument.en}
            for part, argument in zip(entry["parameters"], function.arguments, strict=True)
        )


@EVERY
def test_an_example_gives_what_python_gives(server: ServerProcess, function: Function):
    answer = server.call_function(function.excel_name, [cells(example) for example in examples(function)])
    assert answer.status_code == 200, answer.text
    result = function.calculate([cells(example) for example in examples(function)])
    assert same(cells(result), answer.json()["result"])


@EVERY
def test_arguments_left_out_take_their_default(server: ServerProcess, function: Function):
    given = [cells(argument.example) if argument.is_required else None for argument in function.arguments]
    answer = server.call_function(function.excel_name, given)
    assert answer.status_code == 200, answer.text
    assert same(cells(function.calculate(given)), answer.json()["result"])


@EVERY
def test_a_wrong_argument_is_answered_in_a_sentence(server: ServerProcess, function: Function):
    wrong = [[["jansen"]] if argument.kind != "text" else [["#DEEL/0!"]] for argument in function.arguments]
    answer = server.call_function(function.excel_name, wrong)
    assert answer.status_code == 400
    assert answer.text.startswith(tuple(f"{argument.name}" for argument in function.arguments))
    assert "[KW-" in answer.text
    assert "Traceback" not in answer.text
    assert "jansen" not in server.log.read_text()


def test_every_script_is_listed_with_the_sheets_it_wants(server: ServerProcess):
    listed = {entry["function_name"]: entry for entry in server.client.get("/xlwings/custom-scripts-meta.json").json()}
    assert set(listed) == {command.id for command in REMOTE_COMMANDS}
    for command in REMOTE_COMMANDS:
        assert listed[command.id]["name"] == command.en
        assert listed[command.id]["include"] == (
            ",".join(ONLY_SHEETS[command.id]) if command.id in ONLY_SHEETS else None
        )


@pytest.mark.parametrize("name", [*DESKTOP_ONLY, "no_such_command", "run", "__class__", "SCRIPTS"])
def test_nothing_else_can_be_run(server: ServerProcess, name: str):
    payload = {
        "client": "Office.js",
        "version": "0.37.8",
        "book": {"name": "b", "active_sheet_index": 0, "selection": "A1"},
        "names": [],
        "sheets": [],
    }
    answer = server.call_script(name, payload)
    assert answer.status_code in {400, 404, 500}
    assert "actions" not in answer.text


@pytest.mark.parametrize(
    "path",
    ["/docs", "/redoc", "/openapi.json", "/.env", "/static/../custom_scripts/__init__.py", "/xlwings/pyodide.json"],
)
def test_nothing_of_the_inside_is_served(server: ServerProcess, path: str):
    assert server.client.get(path).status_code == 404


class TestHardening:
    """The limits through the real server process."""

    def test_51_megabytes(self, server: ServerProcess):
        answer = server.client.post("/xlwings/custom-functions-call", content=b" " * (51 * 1024 * 1024))
        assert (answer.status_code, answer.text) == (413, label("hosts_body_large", "nl"))

    def test_a_compressed_bomb(self, server: ServerProcess):
        answer = server.client.post(
            "/xlwings/custom-functions-call", content=b"x", headers={"Content-Encoding": "gzip"}
        )
        assert answer.status_code == 415

    @pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff", b"null", b'{"func_name": "__class__"}'])
    def test_a_body_that_makes_no_sense(self, server: ServerProcess, body: bytes):
        answer = server.client.post(
            "/xlwings/custom-functions-call", content=body, headers={"Content-Type": "application/json"}
        )
        assert 400 <= answer.status_code <= 500
        assert "Traceback" not in answer.text + server.log.read_text()
        assert server.client.get("/").status_code == 200

    def test_a_foreign_page(self, server: ServerProcess):
        answer = server.client.post(
            "/xlwings/custom-functions-call", json={}, headers={"Origin": "https://evil.example"}
        )
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers

    def test_a_foreign_name(self, server: ServerProcess):
        assert server.client.get("/taskpane.html", headers={"Host": "evil.example"}).status_code == 421

    def test_the_security_headers_are_there(self, server: ServerProcess):
        headers = server.client.get("/taskpane.html").headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "server" not in headers

    def test_a_long_column_does_not_keep_others_waiting(self, server: ServerProcess):
        column = [[1.0 + row] for row in range(300_000)]
        with httpx.Client(timeout=120) as other, ThreadPoolExecutor(1) as pool:
            other.get(server.address).raise_for_status()
            long = pool.submit(server.call_function, "KW_CAPACITY_RATE", [column, column])
            waits = []
            while not long.done():
                began = time.monotonic()
                other.get(server.address).raise_for_status()
                waits.append(time.monotonic() - began)
        assert long.result().status_code == 200
        assert len(waits) > 20  # one after another while the column is calculated
        assert sorted(waits)[len(waits) // 2] < 0.5

    def test_200_requests_at_once_are_all_answered(self, server: ServerProcess):
        asked = {
            "func_name": "KW_CAPACITY_RATE",
            "args": [[[560000]], [[700000]]],
            "version": "0.37.8",
            "client": "Office.js",
            "runtime": "1.4",
            "caller_address": None,
        }
        address = f"{server.address}/xlwings/custom-functions-call"
        with (
            httpx.Client(limits=httpx.Limits(max_connections=200), timeout=120) as client,
            ThreadPoolExecutor(200) as pool,
        ):
            answers = list(pool.map(lambda _: client.post(address, json=asked), range(200)))
        assert {answer.status_code for answer in answers} == {200}
        assert {answer.json()["result"][0][0] for answer in answers} == {0.8}


class TestSignIn:
    """The server as on a network."""

    def test_without_a_token_nothing_is_calculated(self, guarded: ServerProcess):
        answer = guarded.call_function("KW_CAPACITY_RATE", [[[1]], [[2]]])
        assert (answer.status_code, answer.text) == (401, label("hosts_no_token", "nl"))

    @pytest.mark.parametrize("token", ["test-token", "Bearer", "Bearer a b", "error 13001"])
    def test_a_token_that_is_none_is_refused(self, guarded: ServerProcess, token: str):
        answer = guarded.call_function("KW_CAPACITY_RATE", [[[1]], [[2]]], headers={"Authorization": token})
        assert answer.status_code == 401
        assert token not in guarded.log.read_text()

    def test_the_manifest_asks_for_sign_in_at_the_chosen_address(self, guarded: ServerProcess):
        manifest = guarded.client.get("/manifest.xml").text
        assert "<WebApplicationInfo>" in manifest
        assert "https://klantwaarde.example/taskpane.html" in manifest
        assert "127.0.0.1" not in manifest
