"""Which result goes to which sheet, with its columns, formats and live formulas. One row per sheet."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from klantwaarde.messages import Fault, catalogue, label
from klantwaarde.model import Outcome
from klantwaarde.report.blocks import Block, Formula, ReportSheet, ResultColumn, TableBlock, TextBlock
from klantwaarde.report.columns import OUTPUT
from klantwaarde.report.dashboard import dashboard_blocks
from klantwaarde.report.formulas import escaped, excel_name, resolve
from klantwaarde.report.runlog import RunStamp, log_tables
from klantwaarde.report.words import word
from klantwaarde.tables.catalogue import TABLE
from klantwaarde.tables.register import NO_CUSTOMER, UNKNOWN


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """One report sheet: its names, and the results on it from top to bottom (the largest last)."""

    id: str
    nl: str
    en: str
    results: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        return self.nl if language == "nl" else self.en


SHEETS: tuple[SheetSpec, ...] = (
    SheetSpec("dashboard", "Dashboard", "Dashboard"),
    SheetSpec("pools", "Berekening_Kosten", "Calc_Costs", ("support_allocation", "cost_inventory")),
    SheetSpec("handlings", "Berekening_Handelingen", "Calc_Handlings", ("capacity", "service_options", "activity_rates")),
    SheetSpec("customer_pl", "Uitkomst_KlantPL", "Result_CustomerPL", ("customer_pl",)),
    SheetSpec("groups", "Uitkomst_Groepen", "Result_Groups", ("segment_pl",)),
    SheetSpec("curve", "Uitkomst_Winstcurve", "Result_ProfitCurve", ("concentration", "whale_curve")),
    SheetSpec("price", "Uitkomst_Prijs", "Result_Price", ("price_waterfall",)),
    SheetSpec("elements", "Uitkomst_Kostensoorten", "Result_CostElements", ("customer_elements",)),
    SheetSpec("comparison", "Uitkomst_Vergelijking", "Result_Comparison", ("result_bridge", "period_comparison")),
    SheetSpec("tie_out", "Uitkomst_Aansluiting", "Result_TieOut", ("ledger_reconciliation",)),
    SheetSpec("checks", "Controles", "Checks"),
    SheetSpec("log", "Logboek", "Log"),
)

WORDED = ("treatment", "target", "kind", "flag", "line", "dimension", "measure", "step", "status")
KEYS: Mapping[str, str] = {
    "customer_pl": "customer_id", "period_comparison": "customer_id", "customer_elements": "customer_id",
    "activity_rates": "activity_id", "capacity": "pool_id", "support_allocation": "pool_id",
}  # fmt: skip
ALARMS: Mapping[str, str] = {
    "customer_pl": "customer_result", "segment_pl": "customer_result", "capacity": "unused_cost",
    "ledger_reconciliation": "difference", "service_options": "result", "period_comparison": "change",
}  # fmt: skip
TOTALS: Mapping[str, tuple[str, ...]] = {
    "cost_inventory": ("amount", "coverage"),
    "support_allocation": ("own_cost", "support_unused", "total"),
    "capacity": ("cost", "used_cost", "unused_cost"),
    "activity_rates": ("cost",),
    "ledger_reconciliation": ("ledger", "customers", "unused", "channel", "corporate", "outside", "difference"),
    "service_options": ("revenue", "cost_of_goods", "handling_cost", "result"),
}
FORMULAS: Mapping[tuple[str, str], str] = {
    ("customer_pl", "net_revenue"): "{list_revenue}-{discount}-{bonus}",
    ("customer_pl", "gross_margin"): "{net_revenue}-{cost_of_goods}",
    ("customer_pl", "customer_result"): "{gross_margin}-{cost_to_serve}-{direct_cost}",
    ("customer_pl", "result_margin"): 'IF({net_revenue}=0,"",{customer_result}/{net_revenue})',
    ("segment_pl", "net_revenue"): "{list_revenue}-{discount}-{bonus}",
    ("segment_pl", "gross_margin"): "{net_revenue}-{cost_of_goods}",
    ("segment_pl", "customer_result"): "{gross_margin}-{cost_to_serve}-{direct_cost}",
    ("segment_pl", "result_after_channel"): "{customer_result}-{channel_cost}",
    ("segment_pl", "result_margin"): 'IF({net_revenue}=0,"",{customer_result}/{net_revenue})',
    ("support_allocation", "total"): "{own_cost}+{received}-{passed_on}-{support_unused}",
    ("capacity", "unused"): "{capacity}-{used}",
    ("capacity", "utilisation"): "{used}/{capacity}",
    ("capacity", "rate"): "{cost}/{capacity}",
    ("capacity", "unused_cost"): "{cost}-{used_cost}",
    ("activity_rates", "minutes_each"): "{minutes}/{quantity}",
    ("activity_rates", "price"): "{minutes_each}*{rate}",
    ("service_options", "result"): "{revenue}-{cost_of_goods}-{handling_cost}",
    ("ledger_reconciliation", "difference"): "{ledger}-{customers}-{unused}-{channel}-{corporate}-{outside}",
}
RELABELLED: Mapping[tuple[str, str], str] = {
    ("ledger_reconciliation", "customers"): "at_customers",
    ("ledger_reconciliation", "unused"): "unused_total",
}


def build_report(outcome: Outcome, stamp: RunStamp) -> list[ReportSheet]:
    """Every sheet of the report, in tab order."""
    language = outcome.model.settings.language
    shown = {spec.name(language): spec for spec in SHEETS}
    blocks = {spec.id: _blocks(spec, outcome, stamp, language) for spec in SHEETS}
    return [
        ReportSheet(
            spec.id, name, label(f"sheet_{spec.id}", language), stamp.subtitle(language), tuple(blocks[spec.id]),
            footer=stamp.status(language), language=language, columns_per_row=3 if spec.id == "dashboard" else 1,
        )
        for name, spec in shown.items()
        if blocks[spec.id]
    ]  # fmt: skip


def _blocks(spec: SheetSpec, outcome: Outcome, stamp: RunStamp, language: str) -> list[Block]:
    if spec.id == "dashboard":
        return dashboard_blocks(outcome, stamp, language)
    if spec.id == "checks":
        return [_checks_table(outcome, language), *_messages_table(outcome.messages, language)]
    if spec.id == "log":
        return log_tables(outcome, stamp, language)
    tables = [result_table(name, outcome.results[name], outcome, language) for name in spec.results if name in outcome.results]
    filled = [table for table in tables if len(table.frame)]
    note = f"note_{spec.id}"
    return [TextBlock((label(note, language),)), *filled] if filled else []


def result_table(result: str, frame: pd.DataFrame, outcome: Outcome, language: str) -> TableBlock:
    """One result as a table with labels, words, formats and live formulas."""
    if result == "ledger_reconciliation":
        frame = frame.iloc[:-1]  # the last line is the total, which stands above the table as a live sum
    worded = frame.copy()
    for column in set(WORDED) & set(frame.columns):
        worded[column] = [word(value, language) for value in frame[column]]
    if "key" in worded:
        worded["key"] = [name or word("blank", language) for name in worded["key"]]
    if "customer_id" in worded:
        collected = {UNKNOWN: word("unknown", language), NO_CUSTOMER: word("none", language)}
        worded["customer_id"] = [collected.get(name, name) for name in worded["customer_id"]]
    headers = headers_of(result, frame, outcome, language)
    columns = tuple(_column(result, name, header, headers, frame, language) for name, header in headers.items())
    totals = dict.fromkeys(_totals(result, frame), "sum")
    title = label(f"result_{result}", language)
    return TableBlock(result, title, columns, worded, totals, key=KEYS.get(result), alarm=ALARMS.get(result))


def _totals(result: str, frame: pd.DataFrame) -> list[str]:
    if result == "customer_pl":
        return [name for name in frame.columns if frame[name].dtype.kind == "f" and name != "result_margin"]
    if result == "customer_elements":
        return [name for name in frame.columns if name != "customer_id"]
    return [name for name in TOTALS.get(result, ()) if name in frame]


def shown_trace(frame: pd.DataFrame, headers: Mapping[str, str], language: str) -> pd.DataFrame:
    """A trace for people: their words, the sheet of each row, and no column that is empty."""
    shown = frame.dropna(axis=1, how="all").copy()
    sheets = {table.id: table.sheet_name(language) for table in TABLE.values()}
    for column in set(shown) & {"source", "figure", "destination", "cost_element"}:
        names = {"source": sheets, "figure": headers}.get(column, {})
        shown[column] = [names.get(value) or _own_header(str(value), language) for value in shown[column]]
    return shown.rename(columns={name: OUTPUT[name].label(language) for name in shown if name in OUTPUT})


def headers_of(result: str, frame: pd.DataFrame, outcome: Outcome, language: str) -> dict[str, str]:
    """Column id -> header, each header once in the table."""
    handlings = {}
    if result == "customer_pl" and "activity_rates" in outcome.results:
        names = outcome.results["activity_rates"]["name"]
        first = list(frame.columns).index("gross_margin") + 1
        handlings = dict(zip(frame.columns[first : first + len(names)], names, strict=True))
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in frame.columns:
        declared = OUTPUT.get(RELABELLED.get((result, name), name))
        text = str(handlings.get(name) or (declared.label(language) if declared else _own_header(name, language)))
        while text.casefold() in taken:
            text += f" ({name})" if f"({name})" not in text else "*"
        taken.add(text.casefold())
        found[name] = text
    return found


def _own_header(name: str, language: str) -> str:
    if name.startswith("direct_"):
        return word(name.removeprefix("direct_"), language)
    element = f"cost_element_{name}"
    return label(element, language) if element in catalogue(language) else word(name, language)


def _column(
    result: str, name: str, header: str, headers: Mapping[str, str], frame: pd.DataFrame, language: str
) -> ResultColumn:
    declared = OUTPUT.get(RELABELLED.get((result, name), name))
    form = declared.format if declared else "money"
    formula = _formula(result, name, headers, frame)
    note = declared.note(language) if declared else ""
    return ResultColumn(name, header, form, formula=formula, note=note, detail=name in _details(result, frame))


def _details(result: str, frame: pd.DataFrame) -> set[str]:
    """Columns that a total right of them sums up: one per handling, one per kind of direct cost."""
    if result != "customer_pl":
        return set()
    names = list(frame.columns)
    last = names.index("cost_to_serve") if "cost_to_serve" in names else names.index("gross_margin") + 1
    kinds = {name for name in names if name.startswith("direct_") and name != "direct_cost"}
    return kinds | set(names[names.index("gross_margin") + 1 : last])


def _formula(result: str, name: str, headers: Mapping[str, str], frame: pd.DataFrame) -> str | None:
    if result == "customer_pl" and name == "cost_to_serve":
        names = list(frame.columns)
        return _range_sum(result, headers, names[names.index("gross_margin") + 1 : names.index("cost_to_serve")])
    if result == "customer_pl" and name == "direct_cost":
        return _range_sum(result, headers, [column for column in frame.columns if column.startswith("direct_") and column != "direct_cost"])
    template = FORMULAS.get((result, name))
    if template is None or (frame[name].isna().any() and "IF(" not in template):
        return None
    if "cost_to_serve" in template and "cost_to_serve" not in headers:
        template = template.replace("-{cost_to_serve}", "")
    return template.format_map({column: f"[@[{escaped(header)}]]" for column, header in headers.items()})


def _range_sum(result: str, headers: Mapping[str, str], columns: list[str]) -> str | None:
    if not columns:
        return None
    first, last = escaped(headers[columns[0]]), escaped(headers[columns[-1]])
    return f"SUM({excel_name(result)}[[#This Row],[{first}]:[{last}]])"


def _checks_table(outcome: Outcome, language: str) -> TableBlock:
    """The checks with live formulas on both sides, so that the workbook proves itself."""
    headers = {result: headers_of(result, frame, outcome, language) for result, frame in outcome.results.items()}
    shown = {name for spec in SHEETS for name in spec.results if name in outcome.results and len(outcome.results[name])}
    sheet_of = {name: spec.name(language) for spec in SHEETS for name in spec.results}

    def header_of(result: str, column: str) -> str | None:
        return headers[result].get(column) if result in shown else None

    def live(template: str, value: float) -> object:
        text = resolve(template, header_of, lambda key: word(key, language)) if template else None
        return value if text is None else Formula(text, value)

    rows = []
    names = [OUTPUT[name].label(language) for name in ("expected", "found", "difference", "tolerance", "on_difference")]
    difference = f"ROUND([@[{names[1]}]]-[@[{names[0]}]],6)"
    status = f'IF(ABS([@[{names[2]}]])<=[@[{names[3]}]],"{word("ok", language)}",[@[{names[4]}]])'
    for number, check in enumerate(outcome.checks.itertuples(index=False), start=1):
        severity = "warning" if check.check in _WARNINGS else "failed"
        rows.append(
            {
                "number": number, "check": label(f"check_{check.check}", language),
                "subject": _subject(outcome, str(check.subject), language),
                "expected": live(check.expected_formula, float(check.expected)),
                "found": live(check.found_formula, float(check.found)), "difference": float(check.difference),
                "tolerance": float(check.tolerance), "status": word(check.status, language),
                "on_difference": word(severity, language), "look_at": sheet_of.get(check.result, SHEETS[-1].name(language)),
            }
        )  # fmt: skip
    formulas = {"difference": difference, "status": status}
    widths = {"check": 52.0, "subject": 24.0, "expected": 17.0, "found": 17.0}
    columns = tuple(
        ResultColumn(name, OUTPUT[name].label(language), OUTPUT[name].format, widths.get(name), formulas.get(name))
        for name in rows[0]
    )
    frame = pd.DataFrame(rows).astype({"expected": object, "found": object})
    return TableBlock("checks", label("result_checks", language), columns, frame, alarm="status")


_WARNINGS = frozenset(
    {"customers_known", "capacity_held", "drivers_without_volume", "pools_without_driver", "drivers_without_cost", "months_complete",
     "input_unchanged"}
)  # fmt: skip


def _subject(outcome: Outcome, subject: str, language: str) -> str:
    return TABLE[subject].label(language) if subject in outcome.model.tables else word(subject, language)


def _messages_table(messages: tuple[Fault, ...], language: str) -> list[Block]:
    if not messages:
        return []
    rows = [
        {"severity": word(fault.severity, language), "place": fault.place, "message": f"{fault.what} {fault.advice}".strip(), "code": fault.code}
        for fault in (fault.speaking(language) for fault in sorted(messages, key=lambda f: (f.severity != "warn", f.code)))
    ]
    columns = tuple(
        ResultColumn(name, OUTPUT[name].label(language), OUTPUT[name].format, 100.0 if name == "message" else None)
        for name in ("severity", "place", "message", "code")
    )
    return [TableBlock("messages", label("result_messages", language), columns, pd.DataFrame(rows))]


