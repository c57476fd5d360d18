"""A server in a process of its own, on a free port of this computer."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

_SECONDS_TO_START = 60


class ServerProcess:
    """Starts ``serve(...)`` in a fresh interpreter and waits until it answers."""

    def __init__(self, start: str, folder: Path, environment: Mapping[str, str] = {}) -> None:
        self._name = environment.get("XLWINGS_HOSTNAME", "")
        self.log = folder / "log.txt"
        self._start = start
        self._environment = os.environ | dict(environment)

    def __enter__(self) -> Self:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        code = f"from klantwaarde_addin.serve import Start, serve\nport = {self.port}\nserve({self._start})"
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", code], env=self._environment, stdout=log, stderr=log
            )
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}",
            headers={"Host": self._name or f"127.0.0.1:{self.port}"},
            timeout=120,
        )
        self._wait()
        return self

    def _wait(self) -> None:
        deadline = time.monotonic() + _SECONDS_TO_START
        while True:
            try:
                self.client.get("/").raise_for_status()
                return
            except httpx.TransportError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(self.log.read_text()) from None
                time.sleep(0.1)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.client.close()
        self._process.terminate()
        self._process.wait(timeout=30)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def call_function(self, name: str, arguments: list[Any], **more: Any) -> httpx.Response:
        """Call a function as the client in Excel does."""
        asked = {
            "func_name": name, "args": arguments, "caller_address": "[book.xlsx]Sheet1!A1", "session_id": "test", "culture_info_name": "nl-NL",
            "date_format": "d-m-jjjj", "version": "0.37.8", "client": "Office.js", "runtime": "1.4",
        }  # fmt: skip
        return self.client.post("/xlwings/custom-functions-call", json=asked, **more)

    def call_script(self, name: str, payload: Mapping[str, Any]) -> httpx.Response:
        """Run a script on a workbook as the client sends it."""
        return self.client.post(f"/xlwings/custom-scripts-call/{name}", json=payload)
