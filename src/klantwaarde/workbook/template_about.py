"""The first sheet of a template: what it is for, how to use it, its sheets, its colours and who signs it off."""

from collections.abc import Sequence

from klantwaarde.messages import label
from klantwaarde.report.blocks import Formula
from klantwaarde.tables.catalogue import TABLE
from klantwaarde.tables.schema import Table
from klantwaarde.workbook import look
from klantwaarde.workbook.canvas import Canvas, Link, View

TEMPLATE_VERSION = "1"
WIDTHS = [32.0, 78.0, 18.0, 26.0]
FIRST, FULL = ("customers", "invoice_lines"), ("ledger", "mapping", "cost_pools", "activities", "activity_volumes")


def draw_about(tables: Sequence[Table], language: str, shown: dict[str, str]) -> Canvas:
    """Draw the sheet; ``shown`` holds the texts of the settings that it repeats (company, period, scenario)."""
    canvas = Canvas(label("template_about", language), language, list(WIDTHS))
    canvas.line(label("template_title", language), style="title", height=28)
    canvas.line(label("template_purpose", language), style="subtitle")
    canvas.row += 1
    _draw_identity(canvas, shown)
    _heading(canvas, "template_steps")
    for step in (1, 2, 3):
        canvas.line(label(f"template_step_{step}", language), style="body")
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


def _heading(canvas: Canvas, key: str) -> None:
    canvas.row += 1
    canvas.line(label(key, canvas.language), style="heading", height=22)


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
    for key, content, style, hint in lines:
        canvas.put(canvas.row, 1, text(key), style="total")
        canvas.put(canvas.row, 2, content, style=style)
        canvas.put(canvas.row, 3, hint or None, style="subtitle")
        canvas.row += 1


def _draw_sheets(canvas: Canvas, tables: Sequence[Table]) -> None:
    language = canvas.language
    _heading(canvas, "template_sheets")
    for number, key in enumerate(("sheet", "what", "sheet_owner", "needed"), 1):
        canvas.put(canvas.row, number, label(f"template_{key}", language), style="header")
    rows = [(table.sheet_name(language), table.help(language), table.owner(language), _need(table)) for table in tables]
    settings = TABLE["settings"]
    rows.insert(0, (settings.sheet_name(language), settings.help(language), settings.owner(language), "always"))
    rows.append((label("template_lists", language), label("template_lists_help", language), "Klantwaarde", "lists"))
    for sheet, purpose, owner, need in rows:
        canvas.row += 1
        canvas.put(canvas.row, 1, sheet, style="hyperlink")
        canvas.links.append(Link(canvas.row, 1, sheet))
        lines = look.wrapped_lines(purpose, WIDTHS[1] * 1.15)
        canvas.put(canvas.row, 2, purpose, style="wrapped")
        canvas.heights[canvas.row] = look.LINE_HEIGHT * len(lines)
        canvas.put(canvas.row, 3, owner, style="body")
        canvas.put(canvas.row, 4, label(f"template_need_{need}", language), style="body")
    canvas.row += 1


def _need(table: Table) -> str:
    return "first" if table.id in FIRST else "full" if table.id in FULL else "more"


def _draw_legend(canvas: Canvas) -> None:
    _heading(canvas, "template_legend")
    for style in ("input", "calculation", "link", "good", "bad"):
        sample = f"template_sample_{style}" if style in ("good", "bad") else "template_sample"
        canvas.put(canvas.row, 1, label(sample, canvas.language), style=style)
        canvas.put(canvas.row, 2, label(f"template_legend_{style}", canvas.language), style="body")
        canvas.row += 1
    canvas.row += 1
    canvas.line(label("template_protection", canvas.language), style="body")


def _draw_sign_off(canvas: Canvas) -> None:
    _heading(canvas, "template_sign_off")
    for number, key in enumerate(("role", "name", "date", "agreed"), 1):
        canvas.put(canvas.row, number, label(f"template_{key}", canvas.language), style="header")
    for role in ("finance", "commerce"):
        canvas.row += 1
        canvas.put(canvas.row, 1, label(f"template_{role}", canvas.language), style="body")
        for number in (2, 3, 4):
            canvas.put(canvas.row, number, None, style="input", number_format="date" if number == 3 else "text")
