"""The profit and loss accounts of both years, the cost pools and what support teams deliver.

Account codes follow RGS 3.7 (Referentie Grootboekschema, level 4). Team sizes follow from the work of 2025, so that the
use of each team's capacity is as intended; salaries and other costs follow from the team sizes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from klantwaarde.example.costs import ACCOUNT_OF_KIND
from klantwaarde.example.customers import CHANNELS, INTERCOMPANY
from klantwaarde.example.handlings import HANDLINGS

PRACTICAL_MINUTES_PER_FTE = 90_000  # 1,500 hours: about 80 % of paid time
COST_RISE_2025 = 1.034
SOCIAL_PERCENT, PENSION_PERCENT = 19, 8
TAX_PERCENT = 19


@dataclass(frozen=True, slots=True)
class Team:
    """One cost pool. ``use`` is the intended use of practical capacity in 2025; ``fte`` is fixed where it is None."""

    id: str
    name: str
    kind: str
    wage: int
    use: float | None = None
    fte: float = 0.0
    floor_m2: int = 0
    workplaces: float = 0.0


TEAMS: tuple[Team, ...] = (
    Team("BD", "Binnendienst", "operating", 48_500, use=1.03, floor_m2=320, workplaces=0.36),
    Team("MAG", "Magazijn", "operating", 38_500, use=0.88, floor_m2=1_500, workplaces=0.14),
    Team("TRA", "Transport", "operating", 39_500, use=0.70, floor_m2=260, workplaces=0.05),
    Team("ADM", "Administratie", "operating", 47_500, use=0.85, floor_m2=110, workplaces=0.12),
    Team("BUI", "Buitendienst", "operating", 64_000, use=0.90, floor_m2=140, workplaces=0.21),
    Team("HR", "Personeelszaken", "support", 50_000, fte=0.8, floor_m2=20, workplaces=0.04),
    Team("ICT", "ICT", "support", 56_000, fte=1.2, floor_m2=40),
    Team("HUI", "Huisvesting", "support", 33_000, fte=0.5, workplaces=0.02),
    Team("DIR", "Directie", "corporate", 0, fte=1.0, floor_m2=40, workplaces=0.06),
)

# account: (description, RGS code, treatment, target, cost center, euro in 2025)
_FIXED: tuple[tuple[str, str, str, str, str | None, str | None, int], ...] = (
    ("4040", "Salaris directie", "WPerLesSld", "corporate", None, "DIR", 172_000),
    ("4100", "Huur bedrijfspand", "WBedHuiBeh", "pool", "HUI", "HUI", 172_000),
    ("4110", "Energie", "WBedHuiGwe", "pool", "HUI", "HUI", 47_500),
    ("4120", "Schoonmaak", "WBedHuiSch", "pool", "HUI", "HUI", 27_000),
    ("4320", "Verpakkingsmateriaal", "WBedEemVpm", "pool", "MAG", "MAG", 31_000),
    ("4330", "Afschrijving magazijninrichting", "WAfsAmvBei", "pool", "MAG", "MAG", 38_000),
    ("4400", "Automatiseringskosten", "WBedKanKoa", "pool", "ICT", "ICT", 70_000),
    ("4410", "Softwarelicenties", "WBedKanSof", "pool", "ICT", "ICT", 88_000),
    ("4420", "Opleidingskosten", "WBedOvpOpk", "pool", "HR", "HR", 21_000),
    ("4600", "Webshop", "WBedVkkWeb", "channel", "Webshop", None, 56_000),
    ("4610", "Beurskosten", "WBedVkkBeu", "channel", "Buitendienst", None, 23_000),
    ("4700", "Accountants- en advieskosten", "WBedAeaAea", "corporate", None, "DIR", 41_000),
    ("4710", "Bedrijfsaansprakelijkheidsverzekering", "WBedAssBea", "corporate", None, "DIR", 27_000),
    ("4720", "Algemene kosten", "WBedAlkOal", "corporate", None, "DIR", 36_000),
    ("9000", "Rentelasten", "WFbeRlsRef", "outside", None, None, 46_000),
)
_PER_FTE: tuple[tuple[str, str, str, str, int], ...] = (
    ("4200", "Lease bestelauto's", "WBedTraOpt", "TRA", 14_500),
    ("4210", "Brandstof bestelauto's", "WBedTraBrr", "TRA", 9_800),
    ("4220", "Lease personenauto's", "WBedAutOpa", "BUI", 11_500),
)
_KINDS: Mapping[str, tuple[str, str]] = {
    "bonus": ("Omzetbonificaties", "WOmzKebOmz"),
    "gift": ("Relatiegeschenken", "WBedVkkRel"),
    "freight": ("Koeriersvracht", "WBedVkkVrk"),
    "commission": ("Verkoopprovisie agent", "WBedVkkVkp"),
    "acquisition": ("Klantenwerving", "WBedVkkOvr"),
    "onboarding": ("Introductie nieuwe klanten", "WBedVkkOvr"),
    "campaign": ("Voorjaarscampagne", "WBedVkkRea"),
    "reactivation": ("Reactivatie van klanten", "WBedVkkOvr"),
    "bad_debt": ("Dotatie voorziening dubieuze debiteuren", "WBedVkkDvd"),
}
_COLUMNS = [
    "account",
    "description",
    "cost_center",
    "period",
    "amount",
    "reference_code",
    "treatment",
    "target",
    "cost_element",
]
_Row = tuple[
    str, str, str | None, int, str, str, str | None
]  # account, description, centre, cents, RGS, treatment, target


def minutes_used(volumes: pd.DataFrame) -> pd.Series:
    """Minutes per volume row: unit minutes, or the time equation of special jobs written out."""
    unit = volumes["activity_id"].map({handling.id: handling.minutes or 0.0 for handling in HANDLINGS})
    special = 5 + 12 * volumes["cutting"] + 3 * volumes["labels"]
    return volumes["quantity"] * unit.where(volumes["activity_id"] != "special_job", special)


def team_sizes(volumes: pd.DataFrame) -> dict[str, float]:
    """Full-time equivalents per pool; the same team in both years."""
    year = volumes[volumes["period"] == "2025"]
    pool = year["activity_id"].map({handling.id: handling.pool for handling in HANDLINGS})
    load = minutes_used(year).groupby(pool).sum()
    wanted = {
        team.id: float(load[team.id]) / PRACTICAL_MINUTES_PER_FTE / team.use for team in TEAMS if team.use is not None
    }
    return {team.id: float(np.rint(wanted[team.id] * 20) / 20) if team.id in wanted else team.fte for team in TEAMS}


def cost_pools_table(fte: Mapping[str, float]) -> pd.DataFrame:
    """The cost_pools table."""
    return pd.DataFrame(
        {
            "pool_id": [team.id for team in TEAMS],
            "name": [team.name for team in TEAMS],
            "kind": [team.kind for team in TEAMS],
            "capacity": [
                fte[team.id] * PRACTICAL_MINUTES_PER_FTE if team.kind == "operating" else np.nan for team in TEAMS
            ],
            "capacity_unit": ["min" if team.kind == "operating" else None for team in TEAMS],
            "owner": [f"Hoofd {team.name}" for team in TEAMS],
        }
    )


def pool_shares_table(fte: Mapping[str, float]) -> pd.DataFrame:
    """The pool_shares table: personnel by full-time equivalents, housing by floor space, ICT by shares."""
    rows = [("HR", team.id, np.nan, fte[team.id]) for team in TEAMS if team.id != "HR"]
    rows += [("ICT", team.id, team.workplaces, np.nan) for team in TEAMS if team.workplaces]
    rows += [("HUI", team.id, np.nan, float(team.floor_m2)) for team in TEAMS if team.floor_m2]
    return pd.DataFrame(rows, columns=["from_pool", "to_pool", "share", "driver_quantity"])


def ledger_table(
    lines: pd.DataFrame, customer_costs: pd.DataFrame, channel_of: Mapping[str, str], fte: Mapping[str, float]
) -> pd.DataFrame:
    """The ledger table of both years, amounts in cents; accounts tie to lines and customer costs to the cent."""
    years = []
    for year in (2024, 2025):
        costs = customer_costs[customer_costs["year"] == year]
        rows = [*_trade(lines[lines["year"] == year], channel_of), *_customer_accounts(costs), *_own_costs(year, fte)]
        profit = -sum(row[3] for row in rows)
        rows.append(
            ("9100", "Vennootschapsbelasting", None, max(profit, 0) * TAX_PERCENT // 100, "WBelBgrBgr", "outside", None)
        )
        years.append(_frame(rows, str(year)))
    return pd.concat(years, ignore_index=True)


def _frame(rows: list[_Row], period: str) -> pd.DataFrame:
    columns = ["account", "description", "cost_center", "amount", "reference_code", "treatment", "target"]
    frame = pd.DataFrame(rows, columns=columns).assign(period=period, cost_element=None)
    return frame.sort_values(["account", "cost_center"], kind="stable", ignore_index=True)[_COLUMNS]


def _trade(lines: pd.DataFrame, channel_of: Mapping[str, str]) -> Iterator[_Row]:
    """Revenue at list price per channel, line discounts and cost of goods."""
    to_group = lines["customer_id"] == INTERCOMPANY
    revenue = lines[~to_group].groupby(lines["customer_id"].map(channel_of))["list_amount"].sum()
    for number, channel in enumerate(CHANNELS):
        yield (
            f"80{number}0",
            f"Omzet {channel.lower()}",
            None,
            -int(revenue[channel]),
            "WOmzNohOlh",
            "direct",
            "revenue",
        )
    yield (
        "8090",
        "Omzet groepsmaatschappijen",
        None,
        -int(lines.loc[to_group, "list_amount"].sum()),
        "WOmzOit",
        "direct",
        "revenue",
    )
    yield "8100", "Verleende kortingen", None, int(lines["discount"].sum()), "WOmzKebVek", "direct", "discount"
    yield (
        "7000",
        "Inkoopwaarde handelsgoederen",
        None,
        int(lines["cost_amount"].sum()),
        "WKprInhInh",
        "direct",
        "cost_of_goods",
    )


def _customer_accounts(costs: pd.DataFrame) -> Iterator[_Row]:
    total = costs.groupby("kind")["amount"].sum()
    for kind, (description, code) in _KINDS.items():
        yield ACCOUNT_OF_KIND[kind], description, None, int(total.get(kind, 0)), code, "direct", kind


def _own_costs(year: int, fte: Mapping[str, float]) -> Iterator[_Row]:
    """Salaries per team, costs per vehicle and fixed costs; 2024 is 2025 before the rise in costs."""
    level = 1.0 if year == 2025 else 1 / COST_RISE_2025
    for team in TEAMS:
        wages = int(np.rint(team.wage * fte[team.id] * level)) * 100
        if wages:
            yield "4000", "Lonen en salarissen", team.id, wages, "WPerLesLon", "pool", team.id
            yield "4010", "Sociale lasten", team.id, wages * SOCIAL_PERCENT // 100, "WPerSolPsv", "pool", team.id
            yield "4020", "Pensioenpremies", team.id, wages * PENSION_PERCENT // 100, "WPerPenPen", "pool", team.id
    for account, description, code, pool, euros in _PER_FTE:
        yield account, description, pool, int(np.rint(euros * fte[pool] * level)) * 100, code, "pool", pool
    for account, description, code, treatment, target, center, euros in _FIXED:
        yield account, description, center, int(np.rint(euros * level)) * 100, code, treatment, target
