"""A report as one short text, and back: what a workbook keeps of a run so that it can be shown again.

Only the declared block types go in and come out: nothing in the text is ever run, and a text that was not made here
or that somebody changed is refused.
"""

import base64
import binascii
import hashlib
import json
import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any, Final

import numpy as np
import pandas as pd

from klantwaarde.report import blocks
from klantwaarde.report.blocks import ReportSheet

_KNOWN: Final[dict[str, type]] = {
    each.__name__: each
    for each in (
        blocks.ReportSheet, blocks.TableBlock, blocks.TilesBlock, blocks.TextBlock, blocks.ChartBlock,
        blocks.ResultColumn, blocks.Figure, blocks.Series, blocks.Formula,
    )
}  # fmt: skip
_LARGEST: Final = 1 << 30  # bytes unpacked; more is no report of ours
_DIGEST: Final = 16  # characters of the hash in front


class ArchiveError(ValueError):
    """The text is not a report that was packed here."""


def packed(sheets: Sequence[ReportSheet]) -> str:
    """A report as text of letters, digits, ``-``, ``_`` and ``=``; equal reports give equal texts."""
    content = json.dumps([_plain(sheet) for sheet in sheets], ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    text = base64.urlsafe_b64encode(zlib.compress(content.encode(), 6)).decode("ascii")
    return _digest(text) + text


def unpacked(text: str) -> list[ReportSheet]:
    """The report of :func:`packed`.

    Raises:
        ArchiveError: the text is damaged or holds something else.
    """
    digest, body = text[:_DIGEST], text[_DIGEST:]
    if digest != _digest(body):
        raise ArchiveError("the text was changed")
    try:
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(base64.urlsafe_b64decode(body), _LARGEST)
        sheets = list(_typed(_list(json.loads(content))))
    except (ValueError, KeyError, TypeError, zlib.error, binascii.Error) as error:
        raise ArchiveError("the text is damaged") from error
    if unpacker.unconsumed_tail or not all(isinstance(sheet, ReportSheet) for sheet in sheets):
        raise ArchiveError("the text holds something else")
    return sheets


def _list(content: object) -> list[object]:
    if not isinstance(content, list):
        raise TypeError("a report is a list of sheets")
    return content


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGEST]


def _plain(value: object) -> object:
    """A value in the terms of JSON; what JSON does not know is an object with a ``type``."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, bool | int | float | str):
        return value
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else _object(value)


def _object(value: object) -> dict[str, object]:
    if isinstance(value, pd.DataFrame):
        columns = [[str(name), value[name].dtype.kind, _column(value[name])] for name in value]
        return {"type": "frame", "rows": len(value), "columns": columns}
    if isinstance(value, Mapping):
        return {"type": "map", "items": [[key, _plain(item)] for key, item in value.items()]}
    if isinstance(value, datetime | date):
        return {"type": "date", "iso": value.isoformat()}
    if is_dataclass(value) and type(value).__name__ in _KNOWN:
        content = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return {"type": type(value).__name__, "fields": content}
    raise TypeError(f"a report does not hold {type(value).__name__}")


def _column(values: "pd.Series[Any]") -> list[object]:
    return [_plain(value) for value in values]


def _typed(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_typed(item) for item in value)
    if not isinstance(value, dict):
        return value
    kind = value["type"]
    if kind == "frame":
        columns = {name: _series(dtype, items, value["rows"]) for name, dtype, items in value["columns"]}
        return pd.DataFrame(columns, index=pd.RangeIndex(value["rows"]))
    if kind == "date":
        moment = datetime.fromisoformat(value["iso"])
        return moment if "T" in value["iso"] else moment.date()
    if kind == "map":
        return {key: _typed(item) for key, item in value["items"]}
    return _KNOWN[kind](**{name: _typed(item) for name, item in value["fields"].items()})


def _series(kind: str, items: list[Any], rows: int) -> "pd.Series[Any]":
    typed = [_typed(item) for item in items]
    if len(typed) != rows:
        raise ValueError("a column misses rows")
    dtypes = {"f": "float64", "i": "int64", "u": "int64", "b": "bool", "M": "datetime64[us]"}
    return pd.Series(typed, dtype=dtypes.get(kind, "object"))
