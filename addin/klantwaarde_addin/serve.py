"""Starts the server for Excel on the web and on the Mac: fixed settings, and no start without sign-in.

xlwings Server is an optional extra with its own licence (``pip install "klantwaarde[server]"``). It reads its settings when
it is imported, so this module imports it last and nothing that imports xlwings.
"""

import os
import sys
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Protocol

from klantwaarde.messages import Fault, InputError

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
PROVIDERS: Final = ("entraid",)  # ways to sign in whose checks we know; "custom" accepts a published example token

FIXED: Final = {
    "XLWINGS_ON_SERVER": "true",
    "XLWINGS_ENVIRONMENT": "prod",  # other environments show the insides of an error
    "XLWINGS_LOG_LEVEL": "WARNING",  # DEBUG writes tokens, INFO who called what
    "XLWINGS_PROJECT_NAME": "Klantwaarde",
    "XLWINGS_FUNCTIONS_NAMESPACE": "KW",
    "XLWINGS_MANIFEST_ID_PROD": "7c6883b5-547c-456d-8aca-801b5aeacb60",
    "XLWINGS_ADD_SECURITY_HEADERS": "true",
    "XLWINGS_CDN_OFFICEJS": "false",
    "XLWINGS_OBJECT_CACHE_MAXSIZE": "1",  # no function of ours keeps objects; what would, is kept apart per user
    "XLWINGS_OBJECT_CACHE_PARTITION_BY_USER": "true",
    "XLWINGS_REQUEST_TIMEOUT": "90",  # longer than the gate's own limits, so that its sentence arrives
    "XLWINGS_CUSTOM_FUNCTIONS_MAX_RETRIES": "1",
} | {
    f"XLWINGS_ENABLE_{part}": "false"
    for part in ("ALPINEJS_CSP", "BOOTSTRAP", "EXAMPLES", "HOTRELOAD", "HTMX", "SOCKETIO", "TESTS", "WASM")
}  # fmt: skip


class Settings(Protocol):
    """The settings of xlwings Server that the organisation chooses."""

    auth_providers: list[str] | None
    cors_allow_origins: list[str]
    hostname: str | None
    license_key: str | None


@dataclass(frozen=True, slots=True)
class Start:
    """How the server is started.

    Attributes:
        dev: For this computer only, without sign-in.
        host, port: Where it listens.
        workers: Processes; a calculation keeps one of them busy.
        certificate, key: PEM files, for a server without a proxy that does the encryption.
    """

    dev: bool = False
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    certificate: Path | None = None
    key: Path | None = None

    @property
    def address(self) -> str:
        """Where a browser on this computer finds the server."""
        return f"{'https' if self.certificate else 'http'}://{self.host}:{self.port}"


def project_folder() -> Path:
    """The xlwings Server project: beside this package in a checkout, inside it once installed."""
    here = Path(__file__).parent
    return next(
        folder for folder in (here / "server", here.parent / "server") if (folder / "custom_functions").is_dir()
    )


def refusals(start: Start, settings: Settings, *, language: str = "nl") -> list[Fault]:
    """Why the server may not be started; empty when it may."""
    providers = settings.auth_providers or []
    faults = [Fault("KW-HO-005", found=name, language=language) for name in providers if name not in PROVIDERS]
    if not settings.license_key:
        faults.append(Fault("KW-HO-003", language=language))
    if any("*" in origin for origin in settings.cors_allow_origins):
        faults.append(Fault("KW-HO-004", found=", ".join(settings.cors_allow_origins), language=language))
    if start.dev and start.host not in LOOPBACK:
        faults.append(Fault("KW-HO-002", found=start.host, language=language))
    if not start.dev and not providers:
        faults.append(Fault("KW-HO-001", language=language))
    if not start.dev and not settings.hostname:
        faults.append(Fault("KW-HO-007", language=language))
    return faults


def prepare(start: Start, *, language: str = "nl") -> None:
    """Fix the settings and judge those that the organisation chose.

    Raises:
        InputError: the server may not be started; every reason at once.
        RuntimeError: xlwings was imported before its settings were fixed; it would then not know that it serves.
    """
    if find_spec("xlwings_server") is None:
        raise InputError([Fault("KW-HO-006", language=language)])
    if "xlwings" in sys.modules and os.environ.get("XLWINGS_ON_SERVER") != "true":
        raise RuntimeError("xlwings was imported before the server's settings")
    os.environ |= FIXED | {"XLWINGS_PROJECT_DIR": str(project_folder())}
    os.environ["KLANTWAARDE_DEV_PORT"] = str(start.port) if start.dev else ""
    faults = refusals(start, import_module("xlwings_server.config").settings, language=language)
    if faults:
        raise InputError(faults)


def serve(start: Start, *, language: str = "nl") -> None:
    """Serve until interrupted.

    Raises:
        InputError: the server may not be started; every reason at once.
    """
    prepare(start, language=language)
    import_module("uvicorn").run(
        "klantwaarde_addin.server_application:application",
        factory=True,
        host=start.host,
        port=start.port,
        workers=start.workers,
        ssl_certfile=start.certificate,
        ssl_keyfile=start.key,
        access_log=False,  # addresses of requests may hold names
        log_level="warning",
        server_header=False,
        proxy_headers=False,  # the host name is a setting; nothing is believed from a header
        ws="none",
        timeout_keep_alive=5,
    )
