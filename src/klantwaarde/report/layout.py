"""Which result goes to which sheet, with its columns, formats and live formulas. One row per sheet."""

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from klantwaarde.messages import Fault, catalogue, label
from klantwaarde.model import Outcome
from klantwaarde.report import base_sheets, costing_sheets, credit_sheets, lifetime_sheets
from klantwaarde.report.blocks import Block, Formula, ReportSheet, ResultColumn, TableBlock, TextBlock
from klantwaarde.report.columns import OUTPUT, OutputColumn
from klantwaarde.report.dashboard import dashboard_blocks
from klantwaarde.report.declared import ResultSpec, SheetSpec
from klantwaarde.report.formulas import escaped, excel_name, resolve
from klantwaarde.report.measures import row_formats
from klantwaarde.report.runlog import RunStamp, log_tables
from klantwaarde.report.words import word
from klantwaarde.tables.catalogue import TABLE
from klantwaarde.tables.register import NO_CUSTOMER, UNKNOWN

ROOMS: Mapping[str, tuple[SheetSpec, ...]] = {
    "costs": costing_sheets.COST_SHEETS, "profit": costing_sheets.PROFIT_SHEETS, "base": base_sheets.SHEETS,
    "credit": credit_sheets.SHEETS, "lifetime": lifetime_sheets.SHEETS,
}  # fmt: skip
SHEETS: tuple[SheetSpec, ...] = (
    SheetSpec("dashboard", "Dashboard", "Dashboard"),
    *(spec for sheets in ROOMS.values() for spec in sheets),
    SheetSpec("checks", "Controles", "Checks"),
    SheetSpec("log", "Logboek", "Log"),
)
_ROOM_OF = {spec.id: room for room, sheets in ROOMS.items() for spec in sheets}
RESULTS: Mapping[str, ResultSpec] = {spec.id: spec for spec in (*costing_sheets.RESULTS, *lifetime_sheets.RESULTS, *base_sheets.RESULTS, *credit_sheets.RESULTS)}


def build_report(outcome: Outcome, stamp: RunStamp, sheets: Collection[str] | None = None) -> list[ReportSheet]:
    """Every sheet of the report, in tab order.

    Args:
        outcome: What to report.
        stamp: What every sheet carries.
        sheets: Ids of the sheets to make; every sheet when None. Formulas point only at tables on these sheets.
    """
    language = outcome.model.settings.language
    chosen = [spec for spec in SHEETS if sheets is None or spec.id in sheets]
    shown = {spec.name(language): spec for spec in chosen}
    blocks = {spec.id: _blocks(spec, outcome, stamp, chosen) for spec in chosen}
    return [
        ReportSheet(
            spec.id, name, label(f"sheet_{spec.id}", language), stamp.subtitle(language), tuple(blocks[spec.id]),
            footer=stamp.status(language), language=language, columns_per_row=3 if spec.id == "dashboard" else spec.charts_per_row,
            room=_ROOM_OF.get(spec.id, ""),
        )
        for name, spec in shown.items()
        if blocks[spec.id]
    ]  # fmt: skip


def _blocks(spec: SheetSpec, outcome: Outcome, stamp: RunStamp, chosen: Sequence[SheetSpec]) -> list[Block]:
    language = outcome.model.settings.language
    if spec.id == "dashboard":
        return dashboard_blocks(outcome, stamp, language)
    if spec.id == "checks":
        return [_checks_table(outcome, chosen, language), *_messages_table(outcome.messages, language)]
    if spec.id == "log":
        return log_tables(outcome, stamp, language)
    filled = [
        result_table(name, outcome.results[name], outcome, language)
        for name in spec.results
        if name in outcome.results and len(outcome.results[name])
    ]
    if not filled:
        return []
    lines = spec.lines(outcome, language) if spec.lines else []
    charts = spec.charts(outcome, language) if spec.charts else []
    return [TextBlock((label(f"note_{spec.id}", language), *lines)), *charts, *filled]


def result_table(result: str, frame: pd.DataFrame, outcome: Outcome, language: str) -> TableBlock:
    """One result as a table with labels, words, formats and live formulas."""
    if result == "ledger_reconciliation":
        frame = frame.iloc[:-1]  # the last line is the total, which stands above the table as a live sum
    spec = RESULTS[result]
    unknown = [name for name in spec.if_known if name in frame and frame[name].isna().all()]
    frame = _with_names(frame, outcome).drop(columns=unknown)
    worded = frame.copy()
    for column in set(spec.worded) & set(frame.columns):
        worded[column] = [word(value, language) for value in frame[column]]
    if "key" in worded:
        worded["key"] = _group_names(frame, worded["key"], outcome, language)
    if "customer_id" in worded:
        collected = {UNKNOWN: word("unknown", language), NO_CUSTOMER: word("none", language)}
        worded["customer_id"] = [collected.get(name, name) for name in worded["customer_id"]]
    headers = headers_of(result, frame, outcome, language)
    columns = tuple(_column(result, name, header, headers, frame, language) for name, header in headers.items())
    totals = dict.fromkeys(_totals(spec, frame), "sum")
    title = label(f"result_{result}", language)
    alarm = spec.alarm if spec.alarm in frame else None
    return TableBlock(
        result, title, columns, worded, totals, key=spec.key, alarm=alarm, row_formats=row_formats(result, frame)
    )  # fmt: skip


def _group_names(frame: pd.DataFrame, names: pd.Series, outcome: Outcome, language: str) -> list[str]:
    """What groups are called: a parent by its name where it has one, who has no parent as independent, a blank as such."""
    master = outcome.model.register.master
    known = dict(zip(master["customer_id"], master["name"].fillna(""), strict=True)) if "name" in master else {}
    dimensions = frame["dimension"] if "dimension" in frame else [""] * len(frame)

    def called(dimension: str, name: str) -> str:
        if dimension == "parent":
            return known.get(name) or name or word("independent", language)
        return name or word("blank", language)

    return [called(dimension, name) for dimension, name in zip(dimensions, names, strict=True)]


def _with_names(frame: pd.DataFrame, outcome: Outcome) -> pd.DataFrame:
    """With the customer's name beside the number: nobody knows customers by number."""
    master = outcome.model.register.master
    if "customer_id" not in frame or "name" in frame or "name" not in master:
        return frame
    names = frame["customer_id"].map(master.set_index("customer_id")["name"]).fillna("")
    place = frame.columns.get_loc("customer_id") + 1
    return pd.concat([frame.iloc[:, :place], names.rename("name"), frame.iloc[:, place:]], axis=1)


def _totals(spec: ResultSpec, frame: pd.DataFrame) -> list[str]:
    if spec.id == "customer_pl":
        return [name for name in frame.columns if frame[name].dtype.kind == "f" and name != "result_margin"]
    if spec.id == "customer_elements":
        return [name for name in frame.columns if name not in ("customer_id", "name")]
    return [name for name in spec.totals if name in frame]


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
        declared = _declared(result, name)
        text = str(handlings.get(name) or (declared.label(language) if declared else _own_header(name, language)))
        while text.casefold() in taken:
            text += f" ({name})" if f"({name})" not in text else "*"
        taken.add(text.casefold())
        found[name] = text
    return found


def _declared(result: str, name: str) -> OutputColumn | None:
    return OUTPUT.get(RESULTS[result].relabel.get(name, name)) if result in RESULTS else OUTPUT.get(name)


def _own_header(name: str, language: str) -> str:
    if name.startswith("direct_"):
        return word(name.removeprefix("direct_"), language)
    element = f"cost_element_{name}"
    return label(element, language) if element in catalogue(language) else word(name, language)


def _column(
    result: str, name: str, header: str, headers: Mapping[str, str], frame: pd.DataFrame, language: str
) -> ResultColumn:
    declared = _declared(result, name)
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
        return _range_sum(
            result,
            headers,
            [column for column in frame.columns if column.startswith("direct_") and column != "direct_cost"],
        )
    template = RESULTS[result].formulas.get(name) if result in RESULTS else None
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


def _checks_table(outcome: Outcome, chosen: Sequence[SheetSpec], language: str) -> TableBlock:
    """The checks with live formulas on both sides, so that the workbook proves itself."""
    headers = {result: headers_of(result, frame, outcome, language) for result, frame in outcome.results.items()}
    shown = {name for spec in chosen for name in spec.results if name in outcome.results and len(outcome.results[name])}
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
        rows.append(
            {
                "number": number, "check": label(f"check_{check.check}", language),
                "subject": _subject(outcome, str(check.subject), language),
                "expected": live(check.expected_formula, float(check.expected)),
                "found": live(check.found_formula, float(check.found)), "difference": float(check.difference),
                "tolerance": float(check.tolerance), "status": word(check.status, language),
                "on_difference": word(check.severity, language), "look_at": sheet_of.get(check.result, SHEETS[-1].name(language)),
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


def _subject(outcome: Outcome, subject: str, language: str) -> str:
    return TABLE[subject].label(language) if subject in outcome.model.tables else word(subject, language)


def _messages_table(messages: tuple[Fault, ...], language: str) -> list[Block]:
    if not messages:
        return []
    rows = [
        {
            "severity": word(fault.severity, language),
            "place": fault.place,
            "message": f"{fault.what} {fault.advice}".strip(),
            "code": fault.code,
        }
        for fault in (
            fault.speaking(language) for fault in sorted(messages, key=lambda f: (f.severity != "warn", f.code))
        )
    ]
    columns = tuple(
        ResultColumn(name, OUTPUT[name].label(language), OUTPUT[name].format, 100.0 if name == "message" else None)
        for name in ("severity", "place", "message", "code")
    )
    return [TableBlock("messages", label("result_messages", language), columns, pd.DataFrame(rows))]
