"""Sheets that a reader asks for while reviewing: the faults in the input, where a figure comes from, what changed."""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from klantwaarde.messages import Fault, label
from klantwaarde.model import Outcome
from klantwaarde.report.blocks import Block, Formula, ReportSheet, ResultColumn, TableBlock, TextBlock
from klantwaarde.report.columns import OUTPUT
from klantwaarde.report.declared import SheetSpec
from klantwaarde.report.layout import headers_of, shown_trace
from klantwaarde.report.words import amount, word

INPUT_CHECK = SheetSpec("input_check", "Invoercontrole", "Input_Check")
TRACE = SheetSpec("trace", "Herleiding", "Trace")
RUN_CHANGES = SheetSpec("run_changes", "Verschillen", "Run_Changes")
REVIEW_SHEETS = (INPUT_CHECK, TRACE, RUN_CHANGES)

_ORDER = {"stop": 0, "warn": 1, "note": 2}
_COMPARED = ("net_revenue", "gross_margin", "cost_to_serve", "customer_result")
_CENT = 0.005


def input_check_sheet(faults: Sequence[Fault], source: str, language: str) -> ReportSheet:
    """Every fault and remark about the input, most severe first, each with a link to its cell.

    Args:
        faults: Stops, warnings and notes; may be empty.
        source: Name of the workbook.
        language: Of the sentences.
    """
    spoken = sorted((fault.speaking(language) for fault in faults), key=lambda fault: _ORDER[fault.severity])
    stops = sum(fault.severity == "stop" for fault in spoken)
    verdict = label("check_stops" if stops else "check_no_stops", language, n=stops, others=len(spoken) - stops)
    blocks: list[Block] = [TextBlock((verdict,), "warning" if stops else "body")]
    if spoken:
        rows = [
            (
                word(fault.severity, language),
                _place(fault),
                " ".join(part for part in (fault.what, fault.expected, fault.advice) if part),
                fault.code,
            )
            for fault in spoken
        ]
        blocks.append(
            _table(
                "input_check",
                rows,
                ("severity", "place", "message", "code"),
                language,
                widths={"place": 40.0, "message": 100.0},
            )
        )
    return _sheet(INPUT_CHECK, source, blocks, language)


def _place(fault: Fault) -> Formula | str:
    """The place of a fault; where a cell is known, a link that jumps there."""
    if not (fault.sheet and fault.cell):
        return fault.place
    target = "'" + fault.sheet.replace("'", "''") + "'!" + fault.cell
    quoted = [text.replace('"', '""') for text in (target, fault.place)]
    return Formula(f'HYPERLINK("#{quoted[0]}","{quoted[1]}")', fault.place)


def trace_sheet(outcome: Outcome, frame: pd.DataFrame, subject: str, language: str) -> ReportSheet:
    """Where one figure comes from, down to the rows of the input; the amounts add up to the figure.

    Args:
        outcome: Of the run that the figure is from.
        frame: From ``trace_customer`` or ``trace_account``.
        subject: The customer and figure, or the account, in the reader's words.
        language: Of labels.
    """
    headers = headers_of("customer_pl", outcome.results["customer_pl"], outcome, language)
    shown = shown_trace(frame, headers, language)
    formats = {column.label(language): column.format for column in OUTPUT.values()}
    columns = tuple(ResultColumn(str(name), str(name), formats.get(str(name), "text")) for name in shown)
    total_column = OUTPUT["amount"].label(language)
    total = amount(float(frame["amount"].sum()), language, 2)
    text = TextBlock((label("trace_total", language, subject=subject, total=total, n=len(frame)),))
    totals = {total_column: "sum"} if total_column in shown else {}
    table = TableBlock("trace", "", columns, shown.reset_index(drop=True), totals)
    return _sheet(TRACE, subject, [text, table] if len(frame) else [text], language)


def run_changes_sheet(before: Sequence[ReportSheet], now: Sequence[ReportSheet], language: str) -> ReportSheet:
    """Two runs side by side: figures per customer that changed, and conventions that changed.

    Args:
        before: The report of the run before.
        now: The report of this run.
        language: Of labels.
    """
    customers = _customer_changes(_block(before, "customer_pl"), _block(now, "customer_pl"))
    conventions = [(item, old, new) for item, old, new in _both(_items(before), _items(now)) if old != new]
    change = float(customers["change"].sum()) if len(customers) else 0.0
    key = "changes_found" if len(customers) or conventions else "changes_none"
    lines = [label(key, language, n=len(customers), change=amount(change, language, 2), conventions=len(conventions))]
    blocks: list[Block] = [
        TextBlock((*lines, label("changes_runs", language, before=_footer(before), now=_footer(now))))
    ]
    if conventions:
        blocks.append(
            _table(
                "changed_conventions",
                conventions,
                ("item", "value_before", "value_now"),
                language,
                widths={"item": 40.0},
            )
        )
    if len(customers):
        columns = tuple(_column(name, language) for name in customers)
        totals = {name: "sum" for name in customers if customers[name].dtype.kind == "f"}
        blocks.append(
            TableBlock(
                "run_changes",
                label("result_run_changes", language),
                columns,
                customers,
                totals,
                key="customer_id",
                alarm="change",
            )
        )
    return _sheet(RUN_CHANGES, _subtitle(now), blocks, language)


def _customer_changes(before: TableBlock | None, now: TableBlock | None) -> pd.DataFrame:
    """Customers with a figure that differs by a cent or more, largest change of result first."""
    if before is None or now is None:
        return pd.DataFrame()
    old, new = (block.frame.set_index("customer_id") for block in (before, now))
    ids = list(dict.fromkeys([*new.index, *old.index]))
    shared = [name for name in _COMPARED if name in old and name in new]
    columns: dict[str, object] = {"customer_id": ids}
    if "name" in new:
        columns["name"] = [new["name"].get(each, old["name"].get(each, "") if "name" in old else "") for each in ids]
    for name in shared:
        columns[f"{name}_before"] = old[name].astype(float).reindex(ids, fill_value=0.0).to_numpy()
        columns[name] = new[name].astype(float).reindex(ids, fill_value=0.0).to_numpy()
    frame = pd.DataFrame(columns).rename(columns={"customer_result_before": "result_before"})
    differs = sum(
        (frame[name] - frame[name if name == "result_before" else f"{name}_before"]).abs() > _CENT
        for name in shared
        if name != "customer_result"
    )
    frame["change"] = (frame["customer_result"] - frame["result_before"]).round(2) + 0.0
    changed = frame[(frame["change"].abs() > _CENT) | (differs > 0)]
    order = changed["change"].abs().sort_values(ascending=False, kind="stable").index
    return changed.loc[order].reset_index(drop=True)


def _items(sheets: Sequence[ReportSheet]) -> dict[str, str]:
    """The conventions of a run, as its log prints them."""
    block = _block(sheets, "conventions")
    return {} if block is None else dict(zip(block.frame["item"], block.frame["content"], strict=True))


def _both(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for item in dict.fromkeys([*before, *now]):
        yield item, before.get(item, ""), now.get(item, "")


def _block(sheets: Sequence[ReportSheet], result: str) -> TableBlock | None:
    return next((b for sheet in sheets for b in sheet.blocks if isinstance(b, TableBlock) and b.id == result), None)


def _footer(sheets: Sequence[ReportSheet]) -> str:
    return sheets[0].footer if sheets else ""


def _subtitle(sheets: Sequence[ReportSheet]) -> str:
    return sheets[0].subtitle if sheets else ""


def _table(
    result: str, rows: Sequence[tuple[object, ...]], names: Sequence[str], language: str, *, widths: Mapping[str, float]
) -> TableBlock:
    columns = tuple(_column(name, language, widths.get(name)) for name in names)
    frame = pd.DataFrame(rows, columns=list(names), dtype=object)
    return TableBlock(result, label(f"result_{result}", language), columns, frame)


def _column(name: str, language: str, width: float | None = None) -> ResultColumn:
    return ResultColumn(name, OUTPUT[name].label(language), OUTPUT[name].format, width)


def _sheet(spec: SheetSpec, subtitle: str, blocks: Sequence[Block], language: str) -> ReportSheet:
    return ReportSheet(
        spec.id, spec.name(language), label(f"sheet_{spec.id}", language), subtitle, tuple(blocks), language=language
    )
