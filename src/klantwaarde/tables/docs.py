"""The reference page of the input tables, made from their declarations."""

from klantwaarde.messages import label
from klantwaarde.tables.catalogue import INPUT_TABLES
from klantwaarde.tables.schema import Column, Table
from klantwaarde.tables.settings import SETTINGS, Setting, setting_text


def reference_page(language: str) -> str:
    """Markdown with every input table, its columns and the names they are found by, and every setting."""
    parts = [f"# {label('docs_title', language)}", label("docs_intro", language)]
    parts += [_table(table, language) for table in INPUT_TABLES]
    parts.append(_settings(language))
    return "\n\n".join(parts) + "\n"


def _table(table: Table, language: str) -> str:
    heading = f"## {table.label(language)} (`{table.id}`)"
    where = label("docs_where", language, sheet=table.sheet_name(language), excel=table.excel_name, owner=table.owner(language))
    head = f"| {label('docs_columns', language)} |\n|---|---|---|---|---|"
    rows = "\n".join(_row(column, language) for column in table.columns)
    more = f"\n\n{label('docs_variables', language)}" if table.extra_numbers else ""
    return f"{heading}\n\n{table.help(language)} {where}\n\n{head}\n{rows}{more}"


def _row(column: Column, language: str) -> str:
    required = " \\*" if column.required else ""
    kind = label(f"docs_kind_{column.kind}", language)
    allowed = ", ".join(choice.label(language) for choice in column.choices)
    names = ", ".join(dict.fromkeys((column.nl, column.en, column.id, *column.synonyms)))
    explained = " ".join(part for part in (column.help(language), allowed) if part)
    cells = (f"{column.label(language)}{required}", f"`{column.id}`", kind, explained, names)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _settings(language: str) -> str:
    head = f"| {label('docs_setting_columns', language)} |\n|---|---|---|---|"
    rows = "\n".join(_setting(setting, language) for setting in SETTINGS)
    return f"## {label('docs_settings', language)}\n\n{head}\n{rows}"


def _setting(setting: Setting, language: str) -> str:
    allowed = ", ".join(choice.label(language) for choice in setting.choices)
    default = setting_text(setting.default)
    explained = " ".join(part for part in (setting.help(language), allowed) if part)
    return f"| {setting.label(language)} | `{setting.id}` | {default} | {explained} |"
