"""The workbooks that controllers start from, built from the declared tables and settings; rebuilt, the same bytes."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from klantwaarde.messages import LANGUAGES
from klantwaarde.tables.catalogue import INPUT_TABLES, TABLE
from klantwaarde.tables.schema import Table
from klantwaarde.tables.settings import SETTINGS
from klantwaarde.workbook.canvas import Canvas
from klantwaarde.workbook.paint import book_bytes
from klantwaarde.workbook.template_inputs import HEADER_ROW, draw_input, draw_lists, draw_settings
from klantwaarde.workbook.template_start import draw_start


def build_template(
    language: str, *, frames: Mapping[str, pd.DataFrame] | None = None, tables: Sequence[str] | None = None
) -> bytes:
    """The sheets of :func:`draw_template` as a file."""
    return book_bytes(draw_template(language, frames=frames, tables=tables))


def draw_template(
    language: str, *, frames: Mapping[str, pd.DataFrame] | None = None, tables: Sequence[str] | None = None
) -> list[Canvas]:
    """The start, the settings, one sheet per input table and the lists to choose from, in the order of the tabs.

    Args:
        language: ``nl`` or ``en``.
        frames: Table id -> rows in canonical columns to fill the tables with; ``settings`` overrides default values.
        tables: Ids of the input tables to include; all when left out.

    Raises:
        ValueError: an unknown table or column, or a setting that does not fit.
    """
    given, chosen = dict(frames or {}), _chosen_tables(tables)
    known = {table.id for table in chosen} | {"settings"}
    if unknown := sorted(given.keys() - known):
        raise ValueError(f"the template has no table {', '.join(unknown)}")
    lists_canvas, lists = draw_lists(chosen, language)
    settings = draw_settings(lists, language, given.get("settings"))
    inputs = [draw_input(table, lists, language, given.get(table.id)) for table in chosen]
    start = draw_start(chosen, language, _repeated_settings(settings))
    return [start, settings, *inputs, lists_canvas]


def write_templates(folder: Path) -> list[Path]:
    """Write ``klantwaarde_<language>.xlsx`` for every language; returns the files."""
    paths = [folder / f"klantwaarde_{language}.xlsx" for language in LANGUAGES]
    for path, language in zip(paths, LANGUAGES, strict=True):
        path.write_bytes(build_template(language))
    return paths


def _chosen_tables(tables: Sequence[str] | None) -> list[Table]:
    """The tables in declared order, the mapping after the input sheets."""
    wanted = {table.id for table in INPUT_TABLES} if tables is None else set(tables)
    if unknown := sorted(wanted - TABLE.keys()):
        raise ValueError(f"there is no table {', '.join(unknown)}")
    chosen = [table for table in INPUT_TABLES if table.id in wanted]
    return sorted(chosen, key=lambda table: table.id == "mapping")


def _repeated_settings(settings: Canvas) -> dict[str, str]:
    """The texts that the first sheet takes over from the settings sheet."""
    row_of = {setting.id: row for row, setting in enumerate(SETTINGS, HEADER_ROW + 1)}

    def value(setting: str) -> object:
        return settings.cells[row_of[setting], 2].content

    start, end = value("period_start"), value("period_end")
    period = ""
    if isinstance(start, dt.date) and isinstance(end, dt.date):
        period = f"{start.day}-{start.month}-{start.year} – {end.day}-{end.month}-{end.year}"
    return {"company": str(value("company") or ""), "scenario": str(value("scenario") or ""), "period": period}
