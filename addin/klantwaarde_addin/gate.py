"""The gate before the server: who may ask, how much, and how long it may take.

xlwings Server itself sets no limit on bodies, reads them before it looks at the token, and answers any origin with a
result that only the browser withholds. This gate stands before it, as a plain ASGI application.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, Final

from klantwaarde.messages import label

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

_log = logging.getLogger("klantwaarde")
_MEGABYTE: Final = 1024 * 1024
_DRAINED: Final = 4  # times the limit: what is read and thrown away so that the sender hears the answer


@dataclass(frozen=True, slots=True)
class Limits:
    """What passes the gate.

    Attributes:
        hosts: Names in the Host header, without port; anything else is an attack through a foreign name.
        origins: Origins of pages that may ask; a request without an origin does not come from a page.
        needs_token: Whether a POST must carry a token; the server behind the gate judges it.
        body_bytes: Of one request.
        held_bytes: Of all requests together.
        body_seconds: In which a body must arrive.
        answer_seconds: In which the answer must begin.
    """

    hosts: frozenset[str]
    origins: frozenset[str]
    needs_token: bool
    body_bytes: int = 50 * _MEGABYTE
    held_bytes: int = 400 * _MEGABYTE
    body_seconds: float = 30.0
    answer_seconds: float = 60.0


class Refused(Exception):
    """A request that does not pass, with its HTTP status and the key of its sentence."""

    def __init__(self, status: int, key: str) -> None:
        super().__init__(key)
        self.status = status
        self.key = key


class Gate:
    """Lets requests within the limits through to the application and answers the others in one sentence."""

    def __init__(self, application: Application, limits: Limits) -> None:
        self._application = application
        self._limits = limits
        self._held = 0

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._application(scope, receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _serve(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        answer = _Answer(send)
        room = self._room(headers)
        self._held += room
        try:
            self._judge(scope["method"], headers)
            body = await self._read(receive)
            scope["headers"] = [pair for pair in scope["headers"] if pair[0].lower() != b"x-forwarded-for"]
            async with asyncio.timeout(self._limits.answer_seconds):
                await self._application(scope, _replay(body, receive), answer)
        except Refused as refused:
            await _refuse(answer, refused, headers)
        except TimeoutError:
            if not answer.begun:
                await _refuse(answer, Refused(504, "hosts_answer_slow"), headers)
        except Exception as error:  # noqa: BLE001 - what passes here would be logged with its text, and the text may hold cells
            _log.error("%s %s", scope["path"], type(error).__name__)
            if not answer.begun:
                await _refuse(answer, Refused(500, "hosts_bug"), headers)
        finally:
            self._held -= room

    def _room(self, headers: dict[str, str]) -> int:
        """What a body may come to: reserved at once, so that those who came first are served and do not starve together."""
        limit = self._limits.body_bytes
        declared = headers.get("content-length", "")
        return min(int(declared), limit) if declared.isdigit() else limit * ("transfer-encoding" in headers)

    def _judge(self, method: str, headers: dict[str, str]) -> None:
        """Everything that can be seen before a byte of the body is read."""
        if _host_name(headers.get("host", "")) not in self._limits.hosts:
            raise Refused(421, "hosts_wrong_host")
        if headers.get("origin") not in {None, *self._limits.origins}:
            raise Refused(403, "hosts_wrong_origin")
        if headers.get("content-encoding", "identity") != "identity":
            raise Refused(415, "hosts_compressed")
        if method == "POST" and self._limits.needs_token and not headers.get("authorization"):
            raise Refused(401, "hosts_no_token")
        if self._held > self._limits.held_bytes:
            raise Refused(503, "hosts_busy")

    async def _read(self, receive: Receive) -> bytes:
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                return await self._collect(receive)
        except TimeoutError:
            raise Refused(408, "hosts_body_slow") from None

    async def _collect(self, receive: Receive) -> bytes:
        """The body; one past the limit is read on for a while, not kept, so that its sender hears the answer."""
        limit, body, arrived, more = self._limits.body_bytes, bytearray(), 0, True
        while more and arrived <= _DRAINED * limit:
            message = await receive()
            chunk, more = message.get("body", b""), message.get("more_body", False)
            arrived += len(chunk)
            if arrived <= limit:
                body += chunk
        if arrived > limit:
            raise Refused(413, "hosts_body_large")
        return bytes(body)


class _Answer:
    """Passes the answer on and remembers whether it has begun."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = False

    async def __call__(self, message: Message) -> None:
        self.begun = True
        await self._send(message)


def _replay(body: bytes, receive: Receive) -> Receive:
    """The body as one message; afterwards whatever the connection says."""
    waiting = [body]

    async def replayed() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return replayed


def _host_name(host: str) -> str:
    """The Host header without its port; an IPv6 address stands between brackets."""
    return host.partition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0].lower()


async def _refuse(send: Send, refused: Refused, headers: dict[str, str]) -> None:
    language = "en" if headers.get("accept-language", "").lower().startswith("en") else "nl"
    sentence = label(refused.key, language).encode()
    kept = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(sentence)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": refused.status, "headers": kept})
    await send({"type": "http.response.body", "body": sentence})
