"""The settings, each declared once: label, default, unit, help; read from the Settings sheet or given to ``analyse``."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, Literal

import pandas as pd

from klantwaarde.messages import Fault, Severity
from klantwaarde.periods import Period
from klantwaarde.tables.cells import clean
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
    unit_nl: str = ""
    unit_en: str = ""
    choices: tuple[Choice, ...] = ()
    help_nl: str = ""
    help_en: str = ""

    def label(self, language: str) -> str:
        """The label in this language."""
        return self.nl if language == "nl" else self.en

    def help(self, language: str) -> str:
        """What it does, in this language."""
        return self.help_nl if language == "nl" else self.help_en

    def unit(self, language: str) -> str:
        """The unit of the value, in this language; empty when it needs no saying."""
        return self.unit_nl if language == "nl" else self.unit_en


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
    Setting("customer_digits", "Lengte klantnummer", "Customer number length", "integer", 0, unit_nl="cijfers", unit_en="digits", help_nl="Vult klantnummers aan met voorloopnullen; 0 = niet aanvullen.", help_en="Pads customer numbers with leading zeros; 0 = no padding."),
)  # fmt: skip

_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.]+)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_BY_NAME = {normalise(name): setting for setting in SETTINGS for name in (setting.id, setting.nl, setting.en)}


Place = tuple[str | None, str | None]  # sheet and cell


@dataclass(frozen=True, slots=True)
class GivenSetting:
    """A value that somebody gave a setting, and where it stands."""

    name: str
    value: object
    sheet: str | None = None
    cell: str | None = None

    def fault(
        self,
        code: str,
        severity: Severity = "stop",
        *,
        column: str | None = None,
        found: object = None,
        values: Mapping[str, object] | None = None,
    ) -> Fault:
        """A fault in this row."""
        return Fault(code, severity, self.sheet, self.cell, "settings", column, found, values or {})  # fmt: skip


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
    match setting.kind:
        case "date":
            return _date(value)
        case "share":
            return _share(str(value))
        case "integer":
            return _integer(str(value))
        case "choice":
            chosen = match_choice(str(value), setting.choices)
            if chosen is None:
                raise ValueError(value)
            return chosen
        case _:
            return clean(str(value))


def _date(value: object) -> date:
    """A date, or a text with the year first or, as in Dutch, the day first."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = clean(str(value))
    if match := _YEAR_FIRST.fullmatch(text):
        return date(*map(int, match.groups()))
    if match := _DAY_FIRST.fullmatch(text):
        return date(*map(int, reversed(match.groups())))
    raise ValueError(text)


def _share(text: str) -> float:
    percent = clean(text).endswith("%")
    number = _number(text.replace("%", "", 1)) / (100 if percent else 1)
    if not 0 <= number <= 1:
        raise ValueError(text)
    return number


def _integer(text: str) -> int:
    number = _number(text)
    if not (number >= 0 and number.is_integer()):
        raise ValueError(text)
    return int(number)


def _number(text: str) -> float:
    """A number with a comma or a point before its decimals."""
    number = float(clean(text).replace(",", "."))
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def with_values(
    settings: Settings, values: Mapping[str, object], *, places: Mapping[str, Place] | None = None
) -> tuple[Settings, list[Fault]]:
    """Settings with these values laid over them, and what contradicts itself then; blank values change nothing.

    Args:
        settings: What holds until now.
        values: By id or label, in either language.
        places: Setting id -> sheet and cell of what holds until now, for the faults.
    """
    merged, faults = given_settings(settings, [GivenSetting(name, value) for name, value in values.items()])
    faults += _contradictions(merged, places or {})
    return merged, [fault.speaking(merged.language) for fault in faults]


def given_settings(settings: Settings, given: Iterable[GivenSetting]) -> tuple[Settings, list[Fault]]:
    """Settings with these rows laid over them; a row that does not fit changes nothing and is a fault with its cell."""
    chosen: dict[str, Any] = {}
    seen: dict[str, GivenSetting] = {}
    unknown, twice, wrong = [], [], []
    for row in given:
        setting = find_setting(row.name)
        if setting is None:
            unknown.append(row)
        elif not _is_blank(row.value):
            if setting.id in seen:
                twice.append((row, setting))
            seen.setdefault(setting.id, row)
            try:
                chosen[setting.id] = parse_setting(setting, row.value)
            except ValueError:
                wrong.append((row, setting))
    merged = replace(settings, **chosen)
    language = merged.language
    faults = [row.fault("KW-ST-001", "warn", found=row.name) for row in unknown]
    for row, setting in wrong:
        values = {"allowed": _allowed(setting, language)}
        faults.append(row.fault("KW-ST-002", column=setting.label(language), found=_shown(row.value), values=values))
    for row, setting in twice:
        values = {"first": seen[setting.id].cell or seen[setting.id].name}
        faults.append(row.fault("KW-ST-005", column=setting.label(language), found=_shown(row.value), values=values))
    return merged, [fault.speaking(language) for fault in faults]


def _shown(value: object) -> str:
    return f"{value:%d-%m-%Y}" if isinstance(value, date) else str(value)


def _is_blank(value: object) -> bool:
    nothing = value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value))
    return nothing or not clean(str(value))


def _allowed(setting: Setting, language: str) -> str:
    if setting.choices:
        return ", ".join(choice.label(language) for choice in setting.choices)
    forms = {"date": "31-12-2025", "share": "0,8 / 80%", "integer": "0, 1, 2 …", "text": "…"}
    return forms[setting.kind]


def _contradictions(settings: Settings, places: Mapping[str, Place]) -> Iterator[Fault]:
    start, end = settings.period_start, settings.period_end
    if start and end and end < start:
        yield _contradiction("KW-ST-003", "period_end", f"{start:%d-%m-%Y} – {end:%d-%m-%Y}", settings, places)
    if not settings.abc_a < settings.abc_b:
        yield _contradiction("KW-ST-004", "abc_a", f"{settings.abc_a:g} – {settings.abc_b:g}", settings, places)


def _contradiction(code: str, name: str, found: str, settings: Settings, places: Mapping[str, Place]) -> Fault:
    sheet, cell = places.get(name, (None, None))
    label = next(setting.label(settings.language) for setting in SETTINGS if setting.id == name)
    return Fault(code, "stop", sheet, cell, "settings", label, found)
