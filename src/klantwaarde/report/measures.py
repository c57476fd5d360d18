"""How one figure under another is shown: a list of measures has an amount, a count and a share in one column."""

from collections.abc import Iterable, Mapping

import pandas as pd

from klantwaarde.report.blocks import Format

NAMED_BY: Mapping[str, str] = {"concentration": "measure", "acquisition_funnel": "measure", "clv_sensitivity": "ingredient"}
SHOWN_IN = ("value", "base")
FORMATS: Mapping[str, Format] = {
    "customers": "integer", "top_1_share": "percent", "top_5_share": "percent", "top_20_percent_share": "percent",
    "loss_making_share": "percent", "hhi": "integer", "new_customers": "integer", "quotes_won": "integer",
    "quotes_lost": "integer", "hit_rate": "percent", "visits": "integer", "won_back": "integer", "retention": "percent",
    "discount_rate": "percent", "growth": "percent", "horizon": "integer",
}  # fmt: skip


def row_formats(result: str, frame: pd.DataFrame) -> dict[str, tuple[Format, ...]]:
    """Column -> the format of every row, for a result that lists measures; empty for every other result."""
    if result not in NAMED_BY:
        return {}
    names: Iterable[str] = frame[NAMED_BY[result]]
    formats = tuple(FORMATS.get(name, "number") for name in names)
    return {column: formats for column in SHOWN_IN if column in frame}
