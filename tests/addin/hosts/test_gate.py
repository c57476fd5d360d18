"""The gate through real HTTP, before a small application that says how much it received."""

import asyncio
import gzip
import logging
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import uvicorn

from klantwaarde.messages import label
from klantwaarde_addin.gate import Gate, Limits

LIMITS = Limits(
    frozenset({"127.0.0.1", "::1"}), frozenset({"https://own.example"}), needs_token=True,
    body_bytes=1000, held_bytes=3000, body_seconds=0.5, answer_seconds=0.5,
)  # fmt: skip
SIGNED_IN = {"Authorization": "Bearer x"}


async def application(scope, receive, send):
    """Answers with the number of bytes that it received and the headers that it saw; /slow never answers; /broken fails."""
    if scope["type"] == "lifespan":
        for kind in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{kind}.complete"})
        return
    message = await receive()
    if scope["path"] == "/broken":
        raise KeyError("Jansen")
    if scope["path"] == "/slow":
        await asyncio.sleep(30)
    names = ",".join(sorted(name.decode() for name, _ in scope["headers"]))
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": f"{len(message['body'])} {names}".encode()})


class _Server(uvicorn.Server):
    def install_signal_handlers(self) -> None:
        """This thread is not the main one."""


@pytest.fixture(scope="module")
def gate() -> Iterator[httpx.Client]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        server = _Server(uvicorn.Config(Gate(application, LIMITS), log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=SIGNED_IN, timeout=20) as client:
            yield client
        server.should_exit = True
        thread.join()


def _in_chunks(total: int, *, pause: float = 0.0) -> Iterator[bytes]:
    for _ in range(total // 100):
        yield b"x" * 100
        time.sleep(pause)


def test_an_ordinary_request_passes(gate: httpx.Client):
    assert gate.post("/", content=b"x" * 1000).text.startswith("1000 ")
    assert gate.post("/", content=_in_chunks(900), headers={"Origin": "https://own.example"}).text.startswith("900 ")


@pytest.mark.parametrize("body", [b"x" * 1001, b"x" * 1_000_000], ids=["just over", "far over"])
def test_a_large_body_is_refused_in_a_sentence(gate: httpx.Client, body: bytes):
    answer = gate.post("/", content=body)
    assert (answer.status_code, answer.text) == (413, label("hosts_body_large", "nl"))


@pytest.mark.parametrize("total", [1100, 100_000])
def test_a_body_in_chunks_is_counted_too(gate: httpx.Client, total: int):
    assert gate.post("/", content=_in_chunks(total)).status_code == 413


def test_a_compressed_body_is_not_unpacked(gate: httpx.Client):
    bomb = gzip.compress(b"0" * 1_000_000)
    assert len(bomb) > LIMITS.body_bytes  # it would be refused either way; the small one shows why
    for body in (bomb, gzip.compress(b"0" * 100_000)):
        assert gate.post("/", content=body, headers={"Content-Encoding": "gzip"}).status_code == 415


def test_a_slow_body_is_cut_off(gate: httpx.Client):
    began = time.monotonic()
    answer = gate.post("/", content=_in_chunks(900, pause=0.2))
    assert answer.status_code == 408
    assert time.monotonic() - began < 5


def test_a_slow_answer_is_cut_off_in_a_sentence(gate: httpx.Client):
    answer = gate.get("/slow", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert (answer.status_code, answer.text) == (504, label("hosts_answer_slow", "en"))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1.evil.example"}, 421),
        ({"Host": "[::1]:8000"}, 200),
        ({"Authorization": ""}, 401),
    ],
)
def test_who_may_ask(gate: httpx.Client, headers: dict[str, str], status: int):
    assert gate.post("/", content=b"x", headers=headers).status_code == status


def test_pages_are_read_without_a_token(gate: httpx.Client):
    assert gate.get("/", headers={"Authorization": ""}).status_code == 200


def test_a_forwarded_address_is_not_believed(gate: httpx.Client):
    assert "x-forwarded-for" not in gate.get("/", headers={"X-Forwarded-For": "10.0.0.1"}).text


def test_a_bug_is_a_sentence_and_leaves_no_value_in_the_log(gate: httpx.Client, caplog: pytest.LogCaptureFixture):
    answer = gate.get("/broken")
    assert (answer.status_code, answer.text) == (500, label("hosts_bug", "nl"))
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == [
        "/broken KeyError"
    ]


def test_all_bodies_together_are_bounded_and_the_room_comes_back(gate: httpx.Client):
    def slow_body(_: int) -> int:
        return gate.post("/", content=_in_chunks(1000, pause=0.02)).status_code

    with ThreadPoolExecutor(12) as pool:
        statuses = list(pool.map(slow_body, range(12)))
    assert set(statuses) == {200, 503}
    assert gate.post("/", content=b"x" * 1000).status_code == 200


def test_a_websocket_is_closed():
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(Gate(application, LIMITS)({"type": "websocket"}, None, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]
