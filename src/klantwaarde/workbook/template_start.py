"""The first sheet of a template: three steps, what more can be filled, its sheets, its colours and who signs it off."""

from collections.abc import Mapping, Sequence
from typing import Final

from klantwaarde.messages import label
from klantwaarde.report.blocks import Formula
from klantwaarde.tables.catalogue import TABLE
from klantwaarde.tables.schema import Table
from klantwaarde.workbook import look
from klantwaarde.workbook.canvas import Canvas, Link, View

TEMPLATE_VERSION = "1"
WIDTHS: Final = (30.0, 76.0, 22.0, 36.0)
STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "fill": ("customers", "invoice_lines"),
    "check": ("settings",),
    "run": (),
}  # with the sheets that each step is about; texts under ``template_step_<step>``
GOALS: Final[Mapping[str, tuple[str, ...]]] = {
    "first": ("customers", "invoice_lines"),
    "full": ("ledger", "mapping", "cost_pools", "activities", "activity_volumes"),
    "direct": ("customer_costs",),
    "support": ("pool_shares",),
    "product": ("products",),
    "credit": ("receivables",),
    "customer": ("events", "value_scores", "hours"),
    "targets": ("targets",),
}  # what filling these sheets brings; texts under ``template_goal_<goal>``


def draw_start(tables: Sequence[Table], language: str, shown: dict[str, str]) -> Canvas:
    """Draw the sheet; ``shown`` holds the texts of the settings that it repeats (company, period, scenario)."""
    canvas = Canvas(label("template_start", language), language, list(WIDTHS))
    canvas.line(label("template_title", language), style="title", height=28)
    canvas.line(label("template_purpose", language), style="subtitle")
    _draw_steps(canvas, {table.id for table in tables})
    _draw_goals(canvas, tables)
    _draw_identity(canvas, shown)
    _draw_sheets(canvas, tables)
    _draw_legend(canvas)
    _draw_sign_off(canvas)
    canvas.view = View(
        print_area=f"A1:D{canvas.row}",
        fit_height=1,
        footer_left=look.footer_text(label("template_title", language)),
        footer_right=label("report_page", language),
    )
    return canvas


def _heading(canvas: Canvas, key: str, *headers: str) -> None:
    """A heading, and below it the headers of the columns when there are any."""
    canvas.row += 1
    canvas.line(label(f"template_{key}", canvas.language), style="heading", height=22)
    for number, header in enumerate(headers, 1):
        canvas.put(canvas.row, number, label(f"template_{header}", canvas.language), style="header")
    canvas.row += bool(headers)


def _line(canvas: Canvas, *cells: tuple[object, str], sheet: str | None = None) -> None:
    """One row of cells with their styles, as high as the wide second column needs; the first may jump to a sheet."""
    for number, (content, style) in enumerate(cells, 1):
        canvas.put(canvas.row, number, content, style=style)
    if sheet:
        canvas.links.append(Link(canvas.row, 1, sheet))
    lines = look.wrapped_lines(str(cells[1][0]), WIDTHS[1] * 1.15)
    canvas.heights[canvas.row] = look.LINE_HEIGHT * len(lines)
    canvas.row += 1


def _draw_steps(canvas: Canvas, present: set[str]) -> None:
    language = canvas.language
    _heading(canvas, "steps", "step", "step_what", "step_button", "step_command")
    for step, sheets in STEPS.items():
        name, what, button, command = (
            label(f"template_step_{step}{part}", language) for part in ("", "_what", "_button", "_command")
        )
        _line(canvas, (name, "strong"), (what, "wrapped"), (button, "body"), (command, "body"))
        for table in (TABLE[sheet] for sheet in sheets if sheet in present or sheet == "settings"):
            sheet = table.sheet_name(language)
            _line(canvas, (sheet, "hyperlink"), (table.help(language), "wrapped"), sheet=sheet)


def _draw_goals(canvas: Canvas, tables: Sequence[Table]) -> None:
    names = {table.id: table.sheet_name(canvas.language) for table in tables}
    _heading(canvas, "more", "goal", "goal_sheets")
    for goal, sheets in GOALS.items():
        if wanted := [names[sheet] for sheet in sheets if sheet in names]:
            _line(canvas, (label(f"template_goal_{goal}", canvas.language), "strong"), (", ".join(wanted), "wrapped"))


def _draw_identity(canvas: Canvas, shown: dict[str, str]) -> None:
    def text(key: str) -> str:
        return label(f"template_{key}", canvas.language)

    period = 'IF(AND(set_period_start<>"",set_period_end<>""),' + (
        'DAY(set_period_start)&"-"&MONTH(set_period_start)&"-"&YEAR(set_period_start)&" – "&'
        'DAY(set_period_end)&"-"&MONTH(set_period_end)&"-"&YEAR(set_period_end),"")'
    )
    lines: list[tuple[str, object, str, str]] = [
        ("owner", None, "input", text("owner_hint")),
        ("version", TEMPLATE_VERSION, "calculation", ""),
        ("company", Formula('set_company&""', shown["company"]), "link", text("from_settings")),
        ("period", Formula(period, shown["period"]), "link", text("from_settings")),
        ("scenario", Formula('set_scenario&""', shown["scenario"]), "link", text("from_settings")),
    ]
    _heading(canvas, "identity")
    for key, content, style, hint in lines:
        canvas.put(canvas.row, 1, text(key), style="strong")
        canvas.put(canvas.row, 2, content, style=style)
        canvas.put(canvas.row, 3, hint or None, style="subtitle")
        canvas.row += 1


def _draw_sheets(canvas: Canvas, tables: Sequence[Table]) -> None:
    language = canvas.language
    _heading(canvas, "sheets", "sheet", "what", "sheet_owner", "needed")
    goals = {table: goal for goal, sheets in GOALS.items() for table in sheets}
    rows = [(table, goals[table.id]) for table in tables]
    for table, goal in [(TABLE["settings"], "always"), *rows]:
        name = table.sheet_name(language)
        owner, need = table.owner(language), label(f"template_goal_{goal}", language)
        _line(
            canvas, (name, "hyperlink"), (table.help(language), "wrapped"), (owner, "body"), (need, "body"), sheet=name
        )
    lists, purpose, need = (label(f"template_{key}", language) for key in ("lists", "lists_help", "goal_lists"))
    _line(canvas, (lists, "hyperlink"), (purpose, "wrapped"), ("Klantwaarde", "body"), (need, "body"), sheet=lists)


def _draw_legend(canvas: Canvas) -> None:
    _heading(canvas, "legend")
    for style in ("input", "calculation", "link", "good", "bad"):
        sample = f"template_sample_{style}" if style in ("good", "bad") else "template_sample"
        canvas.put(canvas.row, 1, label(sample, canvas.language), style=style)
        canvas.put(canvas.row, 2, label(f"template_legend_{style}", canvas.language), style="body")
        canvas.row += 1
    canvas.row += 1
    canvas.line(label("template_protection", canvas.language), style="body")


def _draw_sign_off(canvas: Canvas) -> None:
    _heading(canvas, "sign_off", "role", "name", "date", "agreed")
    for role in ("finance", "commerce"):
        canvas.put(canvas.row, 1, label(f"template_{role}", canvas.language), style="body")
        for number in (2, 3, 4):
            canvas.put(canvas.row, number, None, style="input", number_format="date" if number == 3 else "text")
        canvas.row += 1
    canvas.row -= 1
