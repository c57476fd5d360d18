"""The range: 400 articles in eight groups, with prices of both years in cents."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from klantwaarde.example.draws import Floats, Ints, draws_for, whole

# group -> (list margin, median price in euro, five articles); Dutch names are single words
GROUPS: dict[str, tuple[float, float, tuple[str, ...]]] = {
    "Bevestiging": (0.44, 12.0, ("Keilbout", "Slotbout", "Houtschroef", "Montagebeugel", "Draadstang")),
    "Kabel en draad": (0.32, 58.0, ("Installatiekabel", "Grondkabel", "Datakabel", "Stuurkabel", "Installatiedraad")),
    "Installatiemateriaal": (0.39, 24.0, ("Kabelgoot", "Lasdoos", "Wandcontactdoos", "Aardlekschakelaar", "Groepenkast")),
    "Gereedschap": (0.38, 95.0, ("Boormachine", "Slijpmachine", "Krimptang", "Momentsleutel", "Boorset")),
    "Verlichting": (0.42, 46.0, ("Ledpaneel", "Noodverlichting", "Bouwlamp", "Ledstrip", "Armatuur")),
    "Pneumatiek": (0.41, 72.0, ("Cilinder", "Ventiel", "Koppeling", "Drukregelaar", "Persluchtslang")),
    "Veiligheid": (0.40, 21.0, ("Veiligheidsschoen", "Werkhandschoen", "Veiligheidsbril", "Gehoorkap", "Valharnas")),
    "Afdichting": (0.43, 15.0, ("Pakkingring", "Manchet", "Siliconenkit", "Tochtprofiel", "Vlakpakking")),
}  # fmt: skip
PRODUCTS_PER_GROUP = 50
PRICE_RISE_2025 = 0.030
COST_RISE_2025 = 0.026


@dataclass(frozen=True, slots=True)
class Assortment:
    """Articles in order of number.

    Attributes:
        frame: The products table, at prices of 2025.
        group: Position of each article's group.
        popularity: How often an article is chosen within its group; sums to 1 per group.
        price_cents, cost_cents: Per year, list price and unit cost in cents.
    """

    frame: pd.DataFrame
    group: Ints
    popularity: Floats
    price_cents: dict[int, Ints]
    cost_cents: dict[int, Ints]


def build_assortment(seed: int) -> Assortment:
    """Draw prices, costs and popularity. Popularity follows rank (Zipf): a few articles make most of the lines."""
    rng = draws_for("products", seed)
    count = len(GROUPS) * PRODUCTS_PER_GROUP
    group = np.repeat(np.arange(len(GROUPS)), PRODUCTS_PER_GROUP)
    margin, median, _ = (np.array([facts[i] for facts in GROUPS.values()], dtype=object) for i in range(3))
    price = np.clip(median[group].astype(float) * np.exp(0.9 * rng.standard_normal(count)), 1.5, 900.0)
    price_cents = whole(price * 20) * 5  # prices end in 0 or 5
    list_margin = np.clip(margin[group].astype(float) + 0.05 * rng.standard_normal(count), 0.15, 0.60)
    cost_cents = whole(price_cents * (1 - list_margin))
    rank = np.concatenate([rng.permutation(PRODUCTS_PER_GROUP) for _ in GROUPS])
    popularity = 1 / (rank + 2.0)
    popularity /= popularity[:PRODUCTS_PER_GROUP].sum()
    frame = pd.DataFrame(
        {
            "product_id": [
                f"{(code + 1) * 1000 + item + 1}" for code in range(len(GROUPS)) for item in range(PRODUCTS_PER_GROUP)
            ],
            "name": [name for _, _, nouns in GROUPS.values() for name in _names(nouns)],
            "product_group": [group for group in GROUPS for _ in range(PRODUCTS_PER_GROUP)],
            "list_price": price_cents / 100,
            "unit_cost": cost_cents / 100,
        }
    )
    return Assortment(
        frame, group, popularity,
        {2024: whole(price_cents / (1 + PRICE_RISE_2025)), 2025: price_cents},
        {2024: whole(cost_cents / (1 + COST_RISE_2025)), 2025: cost_cents},
    )  # fmt: skip


def _names(nouns: tuple[str, ...]) -> list[str]:
    types = PRODUCTS_PER_GROUP // len(nouns)
    return [f"{noun} type {number * 10}" for noun in nouns for number in range(1, types + 1)]
