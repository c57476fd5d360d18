"""The functions that the server offers, in the namespace KW."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from klantwaarde_addin import udfs


def _beside(function: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    """The same function beside the event loop: a whole column of one user does not keep the others waiting."""

    @wraps(function)
    async def call(*cells: object) -> Any:
        return await asyncio.to_thread(function, *cells)

    return call


globals().update({name: _beside(getattr(udfs, name)) for name in udfs.__all__})
