"""The settings, each declared once: label, default, unit, help; read from the Settings sheet or given to ``analyse``."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, Literal

import pandas as pd

from klantwaarde.messages import Fault
from klantwaarde.periods import Period
from klantwaarde.tables.headers import match_choice, normalise
from klantwaarde.tables.schema import Choice

SettingKind = Literal["text", "date", "share", "integer", "choice"]


@dataclass(frozen=True, slots=True)
class Setting:
    """One declared setting. ``default`` is None where nothing may be assumed."""

    id: str
    nl: str
    en: str
    kind: SettingKind
    default: Any = None
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    help_nl: str = ""
    help_en: str = ""

    def label(self, language: str) -> str:
        return self.nl if language == "nl" else self.en

    def help(self, language: str) -> str:
        return self.help_nl if language == "nl" else self.help_en


SETTINGS: tuple[Setting, ...] = (
    Setting("language", "Taal", "Language", "choice", "nl", choices=(Choice("nl", "Nederlands", "Dutch", ("nl",)), Choice("en", "Engels", "English", ("en",))), help_nl="Taal van uitkomsten en meldingen.", help_en="Language of results and messages."),
    Setting("company", "Onderneming", "Company", "text", "", help_nl="Naam op elk blad.", help_en="Name on every sheet."),
    Setting("currency", "Valuta", "Currency", "text", "EUR", help_nl="Alle bedragen staan in deze valuta.", help_en="All amounts are in this currency."),
    Setting("scenario", "Scenario", "Scenario", "text", "", help_nl="Naam van deze doorrekening.", help_en="Name of this calculation."),
    Setting("period_start", "Begin periode", "Period start", "date", help_nl="Eerste dag; leeg = vanaf de eerste regel.", help_en="First day; blank = from the first line."),
    Setting("period_end", "Einde periode", "Period end", "date", help_nl="Laatste dag; leeg = tot en met de laatste regel.", help_en="Last day; blank = up to the last line."),
    Setting("reference_date", "Peildatum", "Reference date", "date", help_nl="Leeg = einde periode.", help_en="Blank = period end."),
    Setting("support_method", "Doorbelasting", "Support method", "choice", "reciprocal", choices=(Choice("reciprocal", "Wederkerig", "Reciprocal"), Choice("step-down", "Trapsgewijs", "Step-down", ("stepdown", "step", "sequential")), Choice("direct", "Rechtstreeks", "Direct")), help_nl="Hoe ondersteunende pools elkaar belasten.", help_en="How support pools charge each other."),
    Setting("idle_pool", "Pool zonder volume", "Pool without volume", "choice", "refuse", choices=(Choice("refuse", "Weigeren", "Refuse"), Choice("unused", "Ongebruikt", "Unused")), help_nl="Wat te doen met een uitvoerende pool die kosten heeft maar geen volume.", help_en="What to do with an operating pool that has cost but no volume."),
    Setting("unknown_customers", "Onbekende klanten", "Unknown customers", "choice", "set_aside", choices=(Choice("set_aside", "Apart zetten", "Set aside"), Choice("refuse", "Weigeren", "Refuse")), help_nl="Regels van klanten die niet in de debiteurenstam staan.", help_en="Lines of customers that are not in the debtor master."),
    Setting("abc_a", "Grens klasse A", "Border class A", "share", 0.8, help_nl="Klasse A zolang het cumulatieve aandeel vóór de klant kleiner is.", help_en="Class A while the cumulative share before the customer is smaller."),
    Setting("abc_b", "Grens klasse B", "Border class B", "share", 0.95, help_nl="Klasse B tot dit cumulatieve aandeel vóór de klant; daarna C.", help_en="Class B up to this cumulative share before the customer; then C."),
    Setting("number_style", "Getalnotatie in tekst", "Number style in text", "choice", "auto", choices=(Choice("auto", "Automatisch", "Automatic"), Choice("nl", "Nederlands (1.234,56)", "Dutch (1.234,56)", ("nl",)), Choice("en", "Engels (1,234.56)", "English (1,234.56)", ("en",))), help_nl="Alleen nodig als getallen als tekst staan en niet te onderscheiden zijn.", help_en="Only needed when numbers are text and cannot be told apart."),
    Setting("date_order", "Datumvolgorde in tekst", "Date order in text", "choice", "auto", choices=(Choice("auto", "Automatisch", "Automatic"), Choice("dmy", "dag-maand-jaar", "day-month-year", ("dmy",)), Choice("mdy", "maand-dag-jaar", "month-day-year", ("mdy",))), help_nl="Alleen nodig als datums als tekst staan en niet te onderscheiden zijn.", help_en="Only needed when dates are text and cannot be told apart."),
    Setting("customer_digits", "Lengte klantnummer", "Customer number length", "integer", 0, help_nl="Vult klantnummers aan met voorloopnullen; 0 = niet aanvullen.", help_en="Pads customer numbers with leading zeros; 0 = no padding."),
)  # fmt: skip
# ruff: noqa: E501 - one declaration a line reads as a table

_BY_NAME = {normalise(name): setting for setting in SETTINGS for name in (setting.id, setting.nl, setting.en)}


@dataclass(frozen=True, slots=True)
class Settings:
    """Typed values of all declared settings, with their source for the printed conventions."""

    language: str = "nl"
    company: str = ""
    currency: str = "EUR"
    scenario: str = ""
    period_start: date | None = None
    period_end: date | None = None
    reference_date: date | None = None
    support_method: Literal["reciprocal", "step-down", "direct"] = "reciprocal"
    idle_pool: Literal["refuse", "unused"] = "refuse"
    unknown_customers: Literal["set_aside", "refuse"] = "set_aside"
    abc_a: float = 0.8
    abc_b: float = 0.95
    number_style: Literal["auto", "nl", "en"] = "auto"
    date_order: Literal["auto", "dmy", "mdy"] = "auto"
    customer_digits: int = 0
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def period(self) -> Period | None:
        """The chosen period, when both ends are set."""
        if self.period_start is None or self.period_end is None:
            return None
        return Period(self.period_start, self.period_end)

    def as_texts(self) -> dict[str, str]:
        """Every setting as text, for the run log and the input hash."""
        shown = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "sources"}
        return {name: "" if value is None else str(value) for name, value in shown.items()}


def find_setting(name: str) -> Setting | None:
    """The declared setting with this id or label, in either language."""
    return _BY_NAME.get(normalise(name))


def parse_setting(setting: Setting, value: object) -> Any:
    """The typed value.

    Raises:
        ValueError: the value does not fit the setting.
    """
    if setting.kind == "date":
        return _date(value)
    if setting.kind == "share":
        return _share(value)
    if setting.kind == "integer":
        number = float(str(value).replace(",", "."))
        if number < 0 or not number.is_integer():
            raise ValueError(value)
        return int(number)
    if setting.kind == "choice":
        chosen = match_choice(str(value), setting.choices)
        if chosen is None:
            raise ValueError(value)
        return chosen
    return str(value).strip()


def _date(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip()
    for form in ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise ValueError(text)


def _share(value: object) -> float:
    text = str(value).strip().replace(",", ".")
    number = float(text[:-1]) / 100 if text.endswith("%") else float(text)
    if not (math.isfinite(number) and 0 <= number <= 1):
        raise ValueError(value)
    return number


def with_values(
    settings: Settings, values: Mapping[str, object], *, places: Mapping[str, tuple[str, str]] | None = None
) -> tuple[Settings, list[Fault]]:
    """Settings with these values laid over them; blank values keep what was there.

    Args:
        settings: What holds until now.
        values: By id or label, in either language.
        places: Sheet and cell of each value, for the faults.
    """
    chosen: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, value in values.items():
        sheet, cell = (places or {}).get(name, (None, None))
        setting = find_setting(name)
        if setting is None:
            faults.append(Fault("KW-ST-001", "warn", sheet, cell, "settings", found=name))
        elif not _blank(value):
            try:
                chosen[setting.id] = parse_setting(setting, value)
            except ValueError:
                label = setting.label(settings.language)
                faults.append(
                    Fault("KW-ST-002", "stop", sheet, cell, "settings", label, value, {"allowed": _allowed(setting, settings.language)})
                )
    merged = replace(settings, **chosen)
    faults.extend(_contradictions(merged))
    return merged, [fault.speaking(merged.language) for fault in faults]


def _blank(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value)) or value is pd.NaT or str(value).strip() == ""


def _allowed(setting: Setting, language: str) -> str:
    if setting.choices:
        return ", ".join(choice.nl if language == "nl" else choice.en for choice in setting.choices)
    forms = {"date": "31-12-2025", "share": "0,8 / 80%", "integer": "0, 1, 2 …", "text": "…"}
    return forms[setting.kind]


def _contradictions(settings: Settings) -> Iterable[Fault]:
    start, end = settings.period_start, settings.period_end
    if start and end and end < start:
        yield Fault("KW-ST-003", "stop", table="settings", found=f"{start:%d-%m-%Y} – {end:%d-%m-%Y}")
    if not settings.abc_a < settings.abc_b:
        yield Fault("KW-ST-004", "stop", table="settings", found=f"{settings.abc_a} – {settings.abc_b}")
