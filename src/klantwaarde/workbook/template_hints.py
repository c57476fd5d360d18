"""What a controller reads when a header of an input sheet is selected: what goes in the column, with an example."""

from collections.abc import Mapping
from typing import Final

from klantwaarde.messages import catalogue, label
from klantwaarde.tables.schema import Column, Table

BY_KIND: Final[Mapping[str, tuple[str, str]]] = {
    "amount": ("1.250,00", "1,250.00"),
    "number": ("30", "30"),
    "quantity": ("12", "12"),
    "share": ("25%", "25%"),
    "date": ("31-12-2025", "31-12-2025"),
    "period": ("2025-03", "2025-03"),
    "flag": ("Ja", "Yes"),
}  # (nl, en)
BY_COLUMN: Final[Mapping[str, tuple[str, str]]] = {
    "account": ("4210", "4210"),
    "account_manager": ("Binnendienst Oost", "Inside sales East"),
    "activity_id": ("OFFERTE", "QUOTE"),
    "campaign": ("Voorjaarsactie", "Spring campaign"),
    "cost_center": ("300", "300"),
    "cost_element": ("Personeel", "Personnel"),
    "description": ("Lonen magazijn", "Wages warehouse"),
    "document_type": ("Factuur", "Invoice"),
    "driver": ("Levertijd", "Delivery time"),
    "from_pool": ("HUISVESTING", "HOUSING"),
    "industry": ("Installatietechniek", "Installation"),
    "invoice_id": ("F2025-00123", "F2025-00123"),
    "line": ("Netto-omzet", "Net revenue"),
    "name": ("Magazijn", "Warehouse"),
    "activities.name": ("Offerte maken", "Prepare a quote"),
    "products.name": ("Keilbout M8 x 100", "Anchor bolt M8 x 100"),
    "order_id": ("SO-10482", "SO-10482"),
    "owner": ("Hoofd logistiek", "Head of logistics"),
    "parent_id": ("100200", "100200"),
    "pool_id": ("MAGAZIJN", "WAREHOUSE"),
    "product_group": ("Bevestiging", "Fasteners"),
    "product_id": ("A-1001", "A-1001"),
    "reason": ("Verhuizing van de klant", "Customer moved"),
    "reference_code": ("WPerLes", "WPerLes"),
    "service_level": ("Standaard", "Standard"),
    "service_option": ("Spoedlevering", "Express delivery"),
    "target": ("MAGAZIJN", "WAREHOUSE"),
    "team": ("Binnendienst", "Inside sales"),
    "to_pool": ("MAGAZIJN", "WAREHOUSE"),
    "version": ("Begroting", "Budget"),
    "wallet_source": ("Accountgesprek", "Account review"),
}  # of text without an example in its declaration; <table>.<column> where the same id means something else


def header_hint(table: Table, column: Column, language: str) -> str:
    """What goes in a column: required or not, its help and an example."""
    required = f"{label('template_required', language).capitalize()}." if column.required else ""
    unit = f"({column.unit(language)})" if column.unit(language) else ""
    example = f"{label('template_for_example', language).capitalize()} {example_of(table, column, language)}"
    return " ".join(part for part in (required, column.help(language), unit, example) if part)


def example_of(table: Table, column: Column, language: str) -> str:
    """A value as a reader of this language types it.

    Raises:
        KeyError: text that has no example.
    """
    if column.example:
        return column.example
    if column.choices:
        return column.choices[0].label(language)
    pair = BY_KIND.get(column.kind) or BY_COLUMN.get(f"{table.id}.{column.id}") or BY_COLUMN[column.id]
    return pair[0 if language == "nl" else 1]


def function_tip(table: Table, language: str) -> str | None:
    """The function of the add-in that helps to fill a sheet, as text: a template does not need the add-in."""
    return catalogue(language).get(f"template_function_{table.id}")
