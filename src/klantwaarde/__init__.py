"""Customer-based accounting: from the sheets finance keeps to a customer P&L that ties to the ledger."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from klantwaarde.api import check, refresh, restore
    from klantwaarde.api import read_tables as read_tables
    from klantwaarde.costs.trace import trace_account, trace_customer
    from klantwaarde.messages import Fault, InputError, WriteError
    from klantwaarde.model import Outcome, analyse
    from klantwaarde.tables.frames import tables_from
    from klantwaarde.tables.typed import Tables

__version__ = "0.1.0"

_HOMES = {
    "Fault": "messages", "InputError": "messages", "WriteError": "messages", "Outcome": "model", "Tables": "tables.typed",
    "analyse": "model", "check": "api", "read_tables": "api", "refresh": "api", "restore": "api",
    "tables_from": "tables.frames", "trace_account": "costs.trace", "trace_customer": "costs.trace",
}  # fmt: skip
__all__ = [
    "Fault", "InputError", "Outcome", "Tables", "WriteError", "__version__", "analyse", "check", "read_tables", "refresh",
    "restore", "tables_from", "trace_account", "trace_customer",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Names are imported when first used, so that ``klantwaarde --help`` does not load pandas."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"klantwaarde.{_HOMES[name]}"), name)
