"""Filling input tables of a template workbook: from an auditfile, or the Mapping sheet with proposals."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from klantwaarde.costs.inventory import DIRECT_TARGETS
from klantwaarde.costs.treatment import propose_treatment
from klantwaarde.messages import Fault, InputError, label
from klantwaarde.sources.xaf import read_auditfile
from klantwaarde.tables.catalogue import MAPPING, TABLE
from klantwaarde.tables.headers import header_texts, match_headers
from klantwaarde.tables.intake import read_sheets
from klantwaarde.tables.schema import Column
from klantwaarde.workbook.file import FileWorkbook
from klantwaarde.workbook.package import fill_table
from klantwaarde.workbook.saving import save
from klantwaarde.workbook.template import build_template

IMPORTED = ("customers", "invoice_lines", "ledger", "receivables")


@dataclass(frozen=True, slots=True)
class Filled:
    """Rows written per table, and what the source's reader remarked."""

    rows: Mapping[str, int]
    faults: tuple[Fault, ...]


def fill_from_auditfile(auditfile: Path, book: Path, language: str) -> Filled:
    """Fill ledger, customers, invoice lines and open items from an XML auditfile, and propose treatments.

    The workbook is made when it does not exist. Rows that stood in those tables are replaced.

    Raises:
        InputError: the auditfile or the workbook cannot be used.
        WriteError: the workbook cannot be saved.
    """
    source = read_auditfile(auditfile, language=language)
    frames = {name: getattr(source, name) for name in IMPORTED}
    frames = {name: frame for name, frame in frames.items() if frame is not None and len(frame)}
    frames["mapping"] = proposals(frames.get("ledger", pd.DataFrame()), language)
    if not book.exists():
        save(book, lambda place: place.write_bytes(build_template(language)), read_sha256=None)
    _fill(book, frames, language)
    return Filled({TABLE[name].label(language): len(frame) for name, frame in frames.items()}, tuple(source.faults))


def fill_mapping(book: Path, language: str) -> int:
    """Propose a treatment for every ledger account without one; rows that a person filled stay. Returns the proposals.

    Raises:
        InputError: the workbook has no ledger, or cannot be used.
        WriteError: the workbook cannot be saved.
    """
    opened = FileWorkbook(book)
    owned = opened.owned_sheets()
    tables = read_sheets([opened.read(name) for name in opened.sheet_names() if name not in owned], source=opened.name)
    if "ledger" not in tables:
        raise InputError([Fault("KW-MO-001", sheet=TABLE["ledger"].label(language), language=language)])
    ledger = tables["ledger"]
    open_rows = ledger[ledger["treatment"].isna()] if "treatment" in ledger else ledger
    present = tables.get("mapping")
    fresh = proposals(open_rows, language)
    if present is not None:
        known = set(present["account"])
        fresh = fresh[~fresh["account"].isin(known)]
    whole = pd.concat([part for part in (present, fresh) if part is not None and len(part)], ignore_index=True)
    _fill(book, {"mapping": whole}, language)
    return len(fresh)


def proposals(ledger: pd.DataFrame, language: str) -> pd.DataFrame:
    """One unconfirmed row per account and cost center, with the proposed treatment and the reason."""
    names = [column.id for column in MAPPING.columns]
    if ledger.empty:
        return pd.DataFrame(columns=names)
    keys = [name for name in ("account", "cost_center", "description", "reference_code") if name in ledger]
    distinct = ledger[keys].drop_duplicates(subset=[name for name in ("account", "cost_center") if name in keys])
    rows = []
    for row in distinct.sort_values("account", kind="stable").to_dict(orient="records"):
        text = {name: "" if pd.isna(row.get(name)) else str(row.get(name)) for name in names}
        found = propose_treatment(text["account"], text["description"], text["reference_code"] or None)
        rows.append({**row, "treatment": found.treatment, "target": _target_label(found.target, language), "reason": found.reason(language), "confirmed": False})
    return pd.DataFrame(rows).reindex(columns=names)


def _target_label(target: str | None, language: str) -> str | None:
    """A direct target by its label; a proposed pool name stays as it is."""
    labels = {choice.id: choice.label(language) for choice in DIRECT_TARGETS}
    return labels.get(target or "", target)


def _fill(book: Path, frames: Mapping[str, pd.DataFrame], language: str) -> None:
    """Write frames into the Excel tables of a template workbook, by header."""
    opened = FileWorkbook(book)
    wanted = {TABLE[name].excel_name: (name, frame) for name, frame in frames.items()}
    columns: dict[str, list[np.ndarray]] = {}
    for sheet_name in opened.sheet_names():
        sheet = opened.read(sheet_name)
        for excel_name, (top, left, _, right) in sheet.tables.items():
            if excel_name in wanted:
                name, frame = wanted[excel_name]
                first = left - sheet.first_column
                headers = header_texts(sheet, top - sheet.first_row)[first : right - sheet.first_column + 1]
                found = match_headers(headers, TABLE[name]).columns
                by_position = {position: column for column, position in found.items()}
                columns[excel_name] = [_cells(frame, TABLE[name].by_id.get(by_position.get(at, "")), language) for at in range(len(headers))]
    missing = [TABLE[name].sheet_name(language) for excel_name, (name, _) in wanted.items() if excel_name not in columns]
    if missing:
        raise InputError([Fault("KW-IN-034", found=", ".join(missing), values={"book": book.name}, language=language)])
    save(book, lambda target: fill_table(book, target, columns), read_sha256=opened.sha256)


def _cells(frame: pd.DataFrame, column: Column | None, language: str) -> np.ndarray:
    """One column as cells; choices and flags by their label."""
    if column is None or column.id not in frame:
        return np.full(len(frame), None, dtype=object)
    values = frame[column.id]
    if column.kind == "choice":
        labels = {choice.id: choice.label(language) for choice in column.choices}
        return values.map(labels).to_numpy(object)
    if column.kind == "flag":
        yes, no = label("report_yes", language), label("report_no", language)
        return np.where(values.fillna(False).astype(bool), yes, no).astype(object)
    if column.kind == "date":
        return values.to_numpy("datetime64[s]")
    if column.kind in ("amount", "number", "quantity", "share"):
        return values.to_numpy(float)
    return values.astype(object).where(values.notna(), None).to_numpy(object)
