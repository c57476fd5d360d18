"""The settings, each declared once: label, default, unit, help; read from the Settings sheet or given to ``analyse``."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, Literal

import pandas as pd

from klantwaarde.messages import Fault, Severity, label
from klantwaarde.periods import Period
from klantwaarde.tables.cells import clean
from klantwaarde.tables.headers import match_choice, normalise
from klantwaarde.tables.schema import Choice

SettingKind = Literal["text", "date", "share", "integer", "number", "numbers", "choice"]


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
    Setting("period_length", "Lengte van een tijdvak", "Length of a time bucket", "choice", "year", choices=(Choice("month", "Maand", "Month"), Choice("quarter", "Kwartaal", "Quarter"), Choice("year", "Jaar", "Year")), help_nl="Waarin instroom, uitstroom en trends worden geteld.", help_en="In which arrivals, departures and trends are counted."),
    Setting("active_months", "Actief binnen", "Active within", "integer", 12, unit_nl="maanden", unit_en="months", help_nl="Actief = minstens één factuur in zoveel maanden tot en met de peildatum.", help_en="Active = at least one invoice in so many months up to the reference date."),
    Setting("reactivation_months", "Teruggekomen na", "Reactivated after", "integer", 24, unit_nl="maanden", unit_en="months", help_nl="Wie na zoveel maanden stilte weer koopt is teruggekomen, niet nieuw.", help_en="Who buys again after so many months of silence is reactivated, not new."),
    Setting("pyramid_measure", "Maatstaf piramide", "Pyramid measure", "choice", "net_revenue", choices=(Choice("net_revenue", "Netto-omzet", "Net revenue"), Choice("gross_margin", "Brutomarge", "Gross margin"), Choice("customer_result", "Klantresultaat", "Customer result"), Choice("clv", "Klantwaarde (CLV)", "Customer lifetime value")), help_nl="Waarop klanten worden gerangschikt.", help_en="By what customers are ranked."),
    Setting("pyramid_cuts", "Lagen piramide", "Pyramid tiers", "numbers", (1.0, 4.0, 15.0, 80.0), unit_nl="% van de klanten", unit_en="% of customers", help_nl="Top, groot, middel en klein, van boven naar beneden; samen 100.", help_en="Top, large, medium and small, from the top down; together 100."),
    Setting("ageing_borders", "Grenzen ouderdom", "Ageing borders", "numbers", (30.0, 60.0, 90.0), unit_nl="dagen", unit_en="days", help_nl="Klassen van dagen na de vervaldatum.", help_en="Classes of days after the due date."),
    Setting("credit_rate", "Rente op debiteuren", "Interest on receivables", "share", 0.06, unit_nl="per jaar", unit_en="a year", help_nl="Wat het geld kost dat in openstaande posten zit.", help_en="What the money in open items costs."),
    Setting("vat_rate", "Btw-tarief", "VAT rate", "share", 0.21, help_nl="Openstaande posten staan inclusief btw, omzet exclusief.", help_en="Open items include VAT, revenue does not."),
    Setting("day_basis", "Dagen per jaar", "Days a year", "integer", 365, unit_nl="dagen", unit_en="days", help_nl="Voor rente en DSO.", help_en="For interest and DSO."),
    Setting("payment_terms", "Betaaltermijn", "Payment terms", "integer", 30, unit_nl="dagen", unit_en="days", help_nl="Waar de klant er zelf geen heeft.", help_en="Where the customer has none of its own."),
    Setting("risk_middle", "Grens risico midden", "Border of medium risk", "integer", 30, unit_nl="punten", unit_en="points", help_nl="Vanaf zoveel punten van de scorekaart (0–100) is het debiteurenrisico midden.", help_en="From so many points of the scorecard (0–100) credit risk is medium."),
    Setting("risk_high", "Grens risico hoog", "Border of high risk", "integer", 60, unit_nl="punten", unit_en="points", help_nl="Vanaf zoveel punten is het debiteurenrisico hoog.", help_en="From so many points credit risk is high."),
    Setting("loss_rates", "Verliespercentages", "Loss rates", "numbers", None, unit_nl="% per ouderdomsklasse", unit_en="% per ageing class", help_nl="Leeg = uit eigen betaalhistorie (roll-rate).", help_en="Blank = from own payment history (roll-rate)."),
    Setting("discount_rate", "Disconteringsvoet", "Discount rate", "share", 0.1, unit_nl="per jaar", unit_en="a year", help_nl="Nominaal bij nominale marges; zonder opslag voor vertrek als retentie meetelt.", help_en="Nominal with nominal margins; without a premium for leaving when retention counts."),
    Setting("clv_horizon", "Horizon klantwaarde", "CLV horizon", "integer", 5, unit_nl="jaar", unit_en="years", help_nl="0 = oneindig.", help_en="0 = endless."),
    Setting("clv_first_margin", "Eerste marge", "First margin", "choice", "excluded", choices=(Choice("excluded", "Na retentie", "After retention", ("nee", "no")), Choice("included", "Zeker", "Certain", ("ja", "yes"))), help_nl="Zeker = de marge van het eerste jaar telt altijd mee; na retentie = ook die alleen als de klant blijft.", help_en="Certain = the first year's margin always counts; after retention = only if the customer stays."),
    Setting("clv_timing", "Moment van de marge", "Timing of the margin", "choice", "end", choices=(Choice("begin", "Begin van het jaar", "Begin of the year"), Choice("mid", "Midden van het jaar", "Middle of the year"), Choice("end", "Einde van het jaar", "End of the year")), help_nl="Wanneer de marge van een jaar binnenkomt.", help_en="When the margin of a year arrives."),
    Setting("clv_growth", "Groei van de marge", "Growth of the margin", "number", 0.0, unit_nl="per jaar", unit_en="a year", help_nl="0,02 = 2 % per jaar; kleiner dan de disconteringsvoet.", help_en="0.02 = 2 % a year; below the discount rate."),
    Setting("clv_margin_basis", "Marge voor klantwaarde", "Margin for CLV", "choice", "customer_result", choices=(Choice("customer_result", "Klantresultaat", "Customer result"), Choice("gross_margin", "Brutomarge", "Gross margin")), help_nl="Gemiddeld per jaar over de geladen historie, zonder eenmalige posten.", help_en="Average a year over the loaded history, without one-offs."),
    Setting("retention", "Retentie", "Retention", "share", None, unit_nl="per jaar", unit_en="a year", help_nl="Leeg = eigen historie per segment.", help_en="Blank = own history per segment."),
    Setting("retention_minimum", "Klanten voor eigen retentie", "Customers for own retention", "integer", 30, unit_nl="klanten", unit_en="customers", help_nl="Segmenten met minder klanten leunen naar de retentie van het geheel.", help_en="Segments with fewer customers lean towards the retention of the whole."),
    Setting("attainable_share", "Haalbaar aandeel in de besteding", "Attainable share of wallet", "share", None, help_nl="Leeg = wat een op de vier klanten van het segment ons al gunt.", help_en="Blank = what one in four customers of the segment gives us already."),
    Setting("potential_retention", "Haalbare retentie", "Attainable retention", "share", None, unit_nl="per jaar", unit_en="a year", help_nl="Leeg = de retentie blijft zoals zij is.", help_en="Blank = retention stays as it is."),
    Setting("investment_rate", "Investering per euro extra omzet", "Investment per euro of extra revenue", "number", None, unit_nl="eenmalig", unit_en="once", help_nl="Wat het kost om een klant meer te laten kopen, voor netto contante waarde en terugverdientijd; leeg = geen voorstel.", help_en="What it takes to make a customer buy more, for net present value and payback; blank = no proposal."),
    Setting("clv_model", "Model voor klantwaarde", "Model for CLV", "choice", "auto", choices=(Choice("auto", "Automatisch", "Automatic"), Choice("simple", "Eenvoudig", "Simple"), Choice("bgnbd", "BG/NBD", "BG/NBD"), Choice("mbgnbd", "MBG/NBD", "MBG/NBD"), Choice("paretonbd", "Pareto/NBD", "Pareto/NBD")), help_nl="Automatisch kiest een kansmodel alleen als het op eigen historie beter voorspelt dan de eenvoudige regel.", help_en="Automatic takes a probability model only when it predicts better than the simple rule on own history."),
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
    period_length: Literal["month", "quarter", "year"] = "year"
    active_months: int = 12
    reactivation_months: int = 24
    pyramid_measure: Literal["net_revenue", "gross_margin", "customer_result", "clv"] = "net_revenue"
    pyramid_cuts: tuple[float, ...] = (1.0, 4.0, 15.0, 80.0)
    ageing_borders: tuple[float, ...] = (30.0, 60.0, 90.0)
    credit_rate: float = 0.06
    vat_rate: float = 0.21
    day_basis: int = 365
    payment_terms: int = 30
    risk_middle: int = 30
    risk_high: int = 60
    loss_rates: tuple[float, ...] | None = None
    discount_rate: float = 0.1
    clv_horizon: int = 5
    clv_first_margin: Literal["excluded", "included"] = "excluded"
    clv_timing: Literal["begin", "mid", "end"] = "end"
    clv_growth: float = 0.0
    clv_margin_basis: Literal["customer_result", "gross_margin"] = "customer_result"
    retention: float | None = None
    retention_minimum: int = 30
    attainable_share: float | None = None
    potential_retention: float | None = None
    investment_rate: float | None = None
    clv_model: Literal["auto", "simple", "bgnbd", "mbgnbd", "paretonbd"] = "auto"
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
        return {name: setting_text(value) for name, value in shown.items()}


def find_setting(name: str) -> Setting | None:
    """The declared setting with this id or label, in either language."""
    return _BY_NAME.get(normalise(name))


def parse_setting(setting: Setting, value: object) -> Any:  # noqa: PLR0911 - one line per kind
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
        case "number":
            return _number(str(value))
        case "numbers":
            return _numbers(value)
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


def _numbers(value: object) -> tuple[float, ...]:
    """Numbers of zero or more, with a slash or a semicolon between them: ``1/4/15/80``."""
    if isinstance(value, list | tuple):
        value = "/".join(map(str, value))
    numbers = tuple(_number(part) for part in re.split(r"[/;]", str(value)) if part.strip())
    if not numbers or min(numbers) < 0:
        raise ValueError(value)
    return numbers


def setting_text(value: object) -> str:
    """A typed value as it can be given again."""
    if isinstance(value, tuple):
        return shown_numbers(value)
    return "" if value is None else str(value)


def shown_numbers(numbers: Iterable[float]) -> str:
    """Numbers as a setting writes them: ``1/4/15/80``."""
    return "/".join(f"{number:g}" for number in numbers)


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
    forms = {"date": "31-12-2025", "share": "0,8 / 80%", "integer": "0, 1, 2 …", "number": "0,02", "numbers": "30/60/90", "text": "…"}
    form = shown_numbers(setting.default) if isinstance(setting.default, tuple) else forms[setting.kind]
    return label("word_value_like", language, form=form)


def _contradictions(settings: Settings, places: Mapping[str, Place]) -> Iterator[Fault]:
    start, end = settings.period_start, settings.period_end
    if start and end and end < start:
        yield _contradiction("KW-ST-003", "period_end", f"{start:%d-%m-%Y} – {end:%d-%m-%Y}", settings, places)
    if len(settings.pyramid_cuts) != 4 or not math.isclose(sum(settings.pyramid_cuts), 100.0):
        yield _contradiction("KW-ST-006", "pyramid_cuts", shown_numbers(settings.pyramid_cuts), settings, places)
    if list(settings.ageing_borders) != sorted(set(settings.ageing_borders)):
        yield _contradiction("KW-ST-007", "ageing_borders", shown_numbers(settings.ageing_borders), settings, places)
    if not settings.risk_middle < settings.risk_high:
        yield _contradiction("KW-ST-008", "risk_middle", f"{settings.risk_middle} – {settings.risk_high}", settings, places)
    endless = settings.clv_horizon == 0 and settings.clv_growth >= max(settings.discount_rate, 1e-9)
    if settings.clv_growth <= -1 or endless:
        yield _contradiction("KW-ST-009", "clv_growth", f"{settings.clv_growth:g}", settings, places)
    if not settings.abc_a < settings.abc_b:
        yield _contradiction("KW-ST-004", "abc_a", f"{settings.abc_a:g} – {settings.abc_b:g}", settings, places)


def _contradiction(code: str, name: str, found: str, settings: Settings, places: Mapping[str, Place]) -> Fault:
    sheet, cell = places.get(name, (None, None))
    label = next(setting.label(settings.language) for setting in SETTINGS if setting.id == name)
    return Fault(code, "stop", sheet, cell, "settings", label, found)
