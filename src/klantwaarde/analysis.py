"""What an analysis is: one result, what it needs, and the function that makes it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from klantwaarde.model import Model

Part = Literal["inventory", "allocation", "before"]


@dataclass(frozen=True, slots=True)
class Analysis:
    """One result.

    Attributes:
        id: Of the result.
        run: Makes it from the model and the results before it; pure.
        parts: What must have been built: ``inventory`` (a ledger), ``allocation`` (full costing), ``before`` (data of the
            previous period).
        tables: Optional input tables that it cannot do without.
        results: Earlier results that it builds on.
    """

    id: str
    run: "Callable[[Model, Mapping[str, pd.DataFrame]], pd.DataFrame]"
    parts: tuple[Part, ...] = ()
    tables: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
