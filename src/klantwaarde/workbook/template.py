"""The workbooks that controllers start from, built from the declared tables and settings; rebuilt, the same bytes."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
from openpyxl import Workbook

from klantwaarde.messages import LANGUAGES
from klantwaarde.tables.catalogue import INPUT_TABLES, TABLE
from klantwaarde.tables.schema import Table
from klantwaarde.tables.settings import SETTINGS
from klantwaarde.workbook.canvas import Canvas
from klantwaarde.workbook.finish import finished_bytes
from klantwaarde.workbook.template_about import draw_about
from klantwaarde.workbook.template_inputs import HEADER_ROW, draw_input, draw_lists, draw_settings


def build_template(
    language: str, *, frames: Mapping[str, pd.DataFrame] | None = None, tables: Sequence[str] | None = None
) -> bytes:
    """A workbook with an explanation, the settings and one sheet per input table.

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
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    lists_canvas, lists = draw_lists(workbook, chosen, language)
    settings = draw_settings(workbook, lists, language, given.get("settings"))
    inputs = [draw_input(workbook, table, lists, language, given.get(table.id)) for table in chosen]
    about = draw_about(workbook, chosen, language, _repeated_settings(settings))
    canvases = [about, settings, *inputs, lists_canvas]
    workbook._sheets = [canvas.sheet for canvas in canvases]  # type: ignore[attr-defined]
    workbook.active = 0
    about.sheet.sheet_view.tabSelected = True
    return finished_bytes(workbook, {canvas.sheet.title: canvas.values for canvas in canvases}, {})


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
        return settings.sheet.cell(row_of[setting], 2).value

    start, end = value("period_start"), value("period_end")
    period = ""
    if isinstance(start, dt.date) and isinstance(end, dt.date):
        period = f"{start.day}-{start.month}-{start.year} – {end.day}-{end.month}-{end.year}"
    return {"company": str(value("company") or ""), "scenario": str(value("scenario") or ""), "period": period}
