"""A real server process for these tests. It needs a licence key in the environment; in CI its absence is a failure."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from addin.hosts.process import ServerProcess


@pytest.fixture(scope="session")
def licence() -> str:
    key = os.environ.get("XLWINGS_LICENSE_KEY", "")
    if not key and os.environ.get("CI") == "true":
        raise RuntimeError("XLWINGS_LICENSE_KEY is not set: CI must run the tests of xlwings Server")
    if not key:
        pytest.skip("XLWINGS_LICENSE_KEY is not set: xlwings Server does not start without it")
    return key


@pytest.fixture(scope="session")
def server(licence: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """The server as ``klantwaarde addin serve --dev`` starts it."""
    with ServerProcess("Start(dev=True, port=port)", tmp_path_factory.mktemp("server")) as process:
        yield process


@pytest.fixture(scope="session")
def guarded(licence: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """The server with sign-in, as on a network."""
    chosen = {"XLWINGS_AUTH_PROVIDERS": '["entraid"]', "XLWINGS_HOSTNAME": "klantwaarde.example"}
    with ServerProcess("Start(port=port)", tmp_path_factory.mktemp("guarded"), chosen) as process:
        yield process


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    return tmp_path
