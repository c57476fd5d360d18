"""The run log: when, which version, which input, how many rows, which control totals, which conventions."""

from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from klantwaarde.messages import figure, label
from klantwaarde.model import Outcome
from klantwaarde.periods import Period
from klantwaarde.report.blocks import Block, ResultColumn, TableBlock
from klantwaarde.report.columns import OUTPUT
from klantwaarde.report.words import percent, word
from klantwaarde.tables.catalogue import INPUT_TABLES
from klantwaarde.tables.settings import SETTINGS, Setting, setting_text


@dataclass(frozen=True, slots=True)
class RunStamp:
    """What every output sheet carries. The time is given by the caller: the engine has no clock."""

    time: datetime
    version: str
    run_id: str
    input_hash: str
    failed: int
    warnings: int
    period: Period | None
    scenario: str
    company: str
    currency: str

    def subtitle(self, language: str) -> str:
        """Company, period, scenario and currency in one line."""
        span = str(self.period) if self.period else label("word_whole_period", language)
        return " · ".join(part for part in (self.company, span, self.scenario, self.currency) if part)

    def status(self, language: str) -> str:
        """Run, time, version, input hash and the verdict of the checks."""
        key = "stamp_failed" if self.failed else "stamp_ok"
        verdict = label(key, language, failed=self.failed, warnings=self.warnings)
        return label(
            "stamp", language, run=self.run_id, time=f"{self.time:%d-%m-%Y %H:%M}", version=self.version,
            hash=self.input_hash[:12], verdict=verdict,
        )  # fmt: skip


def stamp_of(outcome: Outcome, *, time: datetime, version: str) -> RunStamp:
    """The stamp of one run; the run id follows from the input and the settings, so equal input gives an equal id."""
    status = outcome.checks["status"]
    settings = outcome.model.settings
    period = outcome.model.books.period or _span(outcome)
    return RunStamp(
        time, version, outcome.input_hash[:8], outcome.input_hash, int((status == "failed").sum()),
        int((status == "warning").sum()), period, settings.scenario, settings.company, settings.currency,
    )  # fmt: skip


def _span(outcome: Outcome) -> Period | None:
    dates = outcome.model.books.lines.frame["invoice_date"].dropna()
    return Period(dates.min().date(), dates.max().date()) if len(dates) else None


def log_tables(outcome: Outcome, stamp: RunStamp, language: str) -> list[Block]:
    """Run data, conventions used, and the import report."""
    return [
        _two_columns("run_log", _run_items(outcome, stamp, language), language),
        _two_columns("conventions", _conventions(outcome, language), language),
        _import_table(outcome, language),
    ]


def _run_items(outcome: Outcome, stamp: RunStamp, language: str) -> list[tuple[str, str]]:
    tables = outcome.model.tables
    items = {
        "run": stamp.run_id, "time": f"{stamp.time:%d-%m-%Y %H:%M:%S}", "version": stamp.version,
        "source": tables.source, "input_hash": stamp.input_hash, "tables_hash": tables.sha256,
        "failed": str(stamp.failed), "warnings": str(stamp.warnings),
    }  # fmt: skip
    return [(label(f"log_{name}", language), text) for name, text in items.items()]


def _conventions(outcome: Outcome, language: str) -> list[tuple[str, str]]:
    settings = outcome.model.settings
    chosen = [(setting.label(language), _shown(setting, getattr(settings, setting.id), language)) for setting in SETTINGS]
    fixed = ["rounding", "ties", "support", "signs", "abc", "whale", "bridge", "unused"]
    return [*chosen, *((label(f"convention_{name}_name", language), label(f"convention_{name}", language)) for name in fixed)]


def _shown(setting: Setting, value: object, language: str) -> str:
    """A setting's value as its reader writes it, with its unit."""
    if value is None:
        return ""
    if setting.kind == "number":
        return f"{figure(float(str(value)), language)} {setting.unit(language)}".strip()
    if setting.choices:
        return next((c.label(language) for c in setting.choices if c.id == value), str(value))
    if isinstance(value, date):
        return f"{value:%d-%m-%Y}"
    text = percent(float(str(value)), language) if setting.kind == "share" else setting_text(value)
    return f"{text} {setting.unit(language)}".strip()


def _two_columns(result: str, items: list[tuple[str, str]], language: str) -> TableBlock:
    frame = pd.DataFrame(items, columns=["item", "content"])
    columns = (
        ResultColumn("item", OUTPUT["item"].label(language), "text", 34.0),
        ResultColumn("content", OUTPUT["content"].label(language), "text", 90.0),
    )
    return TableBlock(result, label(f"result_{result}", language), columns, frame)


def _import_table(outcome: Outcome, language: str) -> TableBlock:
    frame = outcome.results["import_report"].copy()
    frame["table"] = [next(t.label(language) for t in INPUT_TABLES if t.id == name) for name in frame["table"]]
    frame["reason"] = [", ".join(word(part, language) for part in str(text).split(",") if part) for text in frame["reason"]]
    columns = tuple(ResultColumn(name, OUTPUT[name].label(language), OUTPUT[name].format) for name in frame.columns)
    return TableBlock("import_report", label("result_import_report", language), columns, frame)
