"""The application that the server runs: xlwings Server with our task pane, behind our gate. One per process."""

import logging
import os
from importlib import import_module

from klantwaarde_addin.gate import Gate, Limits
from klantwaarde_addin.pane import PANE
from klantwaarde_addin.serve import LOOPBACK, Settings


def application() -> Gate:
    """Build the application; :func:`klantwaarde_addin.serve.prepare` ran before, in this process or its parent."""
    server = import_module("xlwings_server.main")
    import_module("xlwings_server.templates").templates.env.globals["pane"] = PANE
    logging.getLogger("xlwings_server.main").addFilter(without_values)
    return Gate(
        server.main_app, limits_of(import_module("xlwings_server.config").settings, os.environ["KLANTWAARDE_DEV_PORT"])
    )


def limits_of(settings: Settings, dev_port: str) -> Limits:
    """Who may ask: pages of this very server and of the addresses that the organisation listed."""
    if dev_port:
        pages = [f"{scheme}://{name}:{dev_port}" for scheme in ("http", "https") for name in LOOPBACK[:2]]
        return Limits(frozenset(LOOPBACK), frozenset(pages), needs_token=False)
    address = settings.hostname or ""
    pages = [f"https://{address}", *settings.cors_allow_origins]
    return Limits(frozenset({address.partition(":")[0]}), frozenset(pages), needs_token=True)


def without_values(record: logging.LogRecord) -> bool:
    """Let a log line through as the kind of error only: its sentence may show what stands in a cell."""
    if isinstance(record.msg, BaseException):
        record.msg = f"{type(record.msg).__name__} answered"
    return True
