"""The debtor master: 238 fictional customers, one group company and the cash customer."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from klantwaarde.example.draws import Floats, draws_for, normal_scores

INTERCOMPANY = "100901"
CASH_CUSTOMER = "100999"
FIRST_NUMBER = 100101
REGULARS = 238

# segment -> (share of customers, words for the name, industries)
SEGMENTS: dict[str, tuple[float, tuple[str, ...], tuple[str, ...]]] = {
    "Installateurs": (0.40, ("Installaties", "Elektrotechniek", "Klimaattechniek"), ("Elektrotechniek", "Klimaattechniek")),
    "Industrie": (0.25, ("Machinebouw", "Metaal", "Procestechniek"), ("Machinebouw", "Metaalbewerking")),
    "Bouw": (0.20, ("Bouw", "Aannemers", "Renovatie"), ("Nieuwbouw", "Renovatie")),
    "Wederverkopers": (0.15, ("Technische Handel", "IJzerwaren", "Bouwmaterialen"), ("Detailhandel", "Groothandel")),
}  # fmt: skip
CHANNELS = ("Buitendienst", "Binnendienst", "Webshop")
_CHANNEL_SHARES = {  # large customers more often have an account manager, small ones too often
    "large": (0.80, 0.12, 0.08),
    "small": (0.22, 0.43, 0.35),
}
REGIONS = ("Noord", "Oost", "Zuid", "West", "Midden")
AGENT_REGION = "Zuid"
ACCOUNT_MANAGERS = ("A. Duinstra", "B. Eikmans", "C. Fennema", "D. Grooters", "E. Hazelaar", "F. Ilpenveld")
GROUPS: dict[str, tuple[str, ...]] = {
    "100160": ("100161", "100162", "100163", "100164", "100165"),
    "100204": ("100205", "100206"),
    "100251": ("100252", "100253", "100254"),
    "100300": ("100301",),
}
_FIRST = (
    "Elzen", "Duin", "Wilgen", "Riet", "Beuken", "Hazel", "Linden", "Eiken", "Berken", "Essen",
    "Iepen", "Sparren", "Hei", "Varen", "Klaver", "Zee", "Polder", "Veen", "Kiezel", "Leem",
)  # fmt: skip
_LAST = ("berg", "hof", "kamp", "waard", "horst", "veld", "dal", "broek", "rode", "stein", "sluis", "meer")


@dataclass(frozen=True, slots=True)
class CustomerBase:
    """The regular customers in order of number.

    Attributes:
        frame: customer_id, name, parent_id, segment, channel, region, industry, account_manager.
        size: Standard normal score of yearly revenue.
    """

    frame: pd.DataFrame
    size: Floats

    @property
    def ids(self) -> list[str]:
        """Customer numbers, ascending."""
        return list(self.frame["customer_id"])


def regular_ids() -> list[str]:
    """Customer numbers of the regular customers, ascending."""
    return [str(FIRST_NUMBER + position) for position in range(REGULARS)]


def build_customer_base(seed: int) -> CustomerBase:
    """Draw who the customers are; how they behave is drawn elsewhere."""
    rng = draws_for("customers", seed)
    ids = regular_ids()
    size = normal_scores(REGULARS, rng)
    segment = rng.choice(list(SEGMENTS), REGULARS, p=[share for share, _, _ in SEGMENTS.values()])
    region = rng.choice(REGIONS, REGULARS)
    frame = pd.DataFrame(
        {
            "customer_id": ids,
            "name": _names(segment, rng),
            "parent_id": [_parent_of(customer) for customer in ids],
            "segment": segment,
            "channel": _channels(size, rng),
            "region": region,
            "industry": [SEGMENTS[name][2][rng.integers(2)] for name in segment],
            "account_manager": [ACCOUNT_MANAGERS[REGIONS.index(name) + int(rng.integers(2))] for name in region],
        }
    )
    return CustomerBase(_name_groups(frame), size)


def special_customers() -> pd.DataFrame:
    """The two debtors that count in the tie-out, not in rankings."""
    return pd.DataFrame(
        {
            "customer_id": [INTERCOMPANY, CASH_CUSTOMER],
            "name": ["Van Dijk Techniek België nv", "Diverse debiteuren"],
            "segment": ["Wederverkopers", "Installateurs"],
            "channel": ["Binnendienst", "Binnendienst"],
            "region": ["Zuid", "Midden"],
        }
    )


def _names(segment: np.ndarray, rng: np.random.Generator) -> list[str]:
    surnames = rng.permutation([first + last for first in _FIRST for last in _LAST])[: len(segment)]
    trades = [SEGMENTS[name][1][rng.integers(3)] for name in segment]
    return [f"{surname} {trade} bv" for surname, trade in zip(surnames, trades, strict=True)]


def _parent_of(customer: str) -> str | None:
    return next((parent for parent, members in GROUPS.items() if customer in members), None)


def _name_groups(frame: pd.DataFrame) -> pd.DataFrame:
    """Members of a group carry its family name: ``Rietkamp Zuid bv``; the parent is ``Rietkamp Groep bv``."""
    names = frame.set_index("customer_id")["name"].to_dict()
    places = ("Noord", "Oost", "Zuid", "West", "Midden")
    for parent, members in GROUPS.items():
        family = str(names[parent]).split()[0]
        names[parent] = f"{family} Groep bv"
        names.update({member: f"{family} {place} bv" for member, place in zip(members, places, strict=False)})
    return frame.assign(name=list(names.values()))


def _channels(size: Floats, rng: np.random.Generator) -> list[str]:
    large = rng.choice(CHANNELS, len(size), p=_CHANNEL_SHARES["large"])
    small = rng.choice(CHANNELS, len(size), p=_CHANNEL_SHARES["small"])
    return list(np.where(size > 0.6, large, small))
