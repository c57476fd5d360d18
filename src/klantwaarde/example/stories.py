"""The stories a controller should find in the example: who, what, and the behaviour that makes it so.

Besides these customers, two teams have a story: the inside sales team (BD) works slightly above its practical
capacity, the transport team (TRA) has clear unused capacity.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Story:
    """One thing to find. ``customer_id`` is the customer, or the parent of the group, that it is about."""

    id: str
    customer_id: str
    nl: str
    en: str


STORIES: tuple[Story, ...] = (
    Story("loss_maker", "100117",
          "Een van de vijf grootste klanten, met kleine orders, veel offertes, spoed en maatwerk: er gaat geld bij.",
          "One of the five largest customers, with small orders, many quotes, rush and special jobs: it costs money."),
    Story("slow_payer", "100142",
          "Betaalt weken te laat en blijft toch een van de meest waardevolle klanten.",
          "Pays weeks late and still is one of the most valuable customers."),
    Story("drifting", "100189",
          "Sinds de nieuwe contactpersoon (januari 2025) kleinere orders, meer correcties en meer tijd per order.",
          "Since the new contact person (January 2025) smaller orders, more corrections and more time per order."),
    Story("quiet_earner", "100213",
          "Klein en stil: enkele orders via de webshop, geen bezoek, en een mooi resultaat.",
          "Small and quiet: a few orders through the web shop, no visits, and a fine result."),
    Story("lost", "100236",
          "Een vaste klant die in de loop van 2025 is weggegaan.",
          "A regular customer that left in the course of 2025."),
    Story("bought_with_discount", "100288",
          "Nieuw sinds maart 2025, binnengehaald met hoge kortingen en een welkomstpakket.",
          "New since March 2025, won with high discounts and a welcome package."),
    Story("group", "100160",
          "Zes vestigingen die los van elkaar niet opvallen; samen horen ze bij de drie grootste klanten.",
          "Six branches that do not stand out one by one; together they are among the three largest customers."),
)  # fmt: skip

GROUP_STORY = ("100160", "100161", "100162", "100163", "100164", "100165")
"""The parent and its branches."""

Traits = dict[str, object]

_STEADY: Traits = {"fate": "stays", "spread": 0.45, "active_from": 0, "active_until": 365}
_GROUP_MEMBER: Traits = _STEADY | {
    "orders": 34, "order_value": 3_100.0, "discount": 0.13, "quotes": 0.4, "visits": 6, "special": 0.15, "rush": 0.08,
    "days_late": 4.0,
}  # fmt: skip

STORY_TRAITS: dict[str, dict[int, Traits]] = {
    "100117": {
        year: _STEADY
        | {
            "orders": orders,
            "order_value": 1_450.0,
            "lines": 1.7,
            "discount": 0.215,
            "quotes": 3.9,
            "special": 0.9,
            "cuts": 4.5,
            "labels": 5.0,
            "rush": 0.38,
            "visits": 56,
            "web_share": 0.05,
            "pickup": 0.0,
            "service": 0.5,
            "complaints": 0.12,
            "credit_rate": 0.05,
            "days_late": 9.0,
        }
        for year, orders in ((2024, 265), (2025, 290))
    },
    "100142": {
        year: _STEADY
        | {
            "orders": 62,
            "order_value": 5_400.0,
            "discount": 0.08,
            "quotes": 0.3,
            "special": 0.1,
            "rush": 0.05,
            "visits": 8,
            "web_share": 0.6,
            "days_late": 43.0,
            "complaints": 0.02,
            "credit_rate": 0.01,
        }
        for year in (2024, 2025)
    },
    "100189": {
        2024: _STEADY
        | {
            "orders": 40,
            "order_value": 2_900.0,
            "discount": 0.11,
            "quotes": 0.3,
            "special": 0.1,
            "cuts": 1.0,
            "labels": 1.0,
            "rush": 0.05,
            "visits": 8,
            "web_share": 0.85,
            "complaints": 0.02,
            "credit_rate": 0.01,
            "days_late": 3.0,
        },
        2025: {
            "fate": "stays",
            "spread": 0.45,
            "active_from": 20,
            "active_until": 365,
            "orders": 48,
            "order_value": 1_500.0,
            "discount": 0.13,
            "quotes": 0.9,
            "special": 0.3,
            "cuts": 3.0,
            "labels": 4.0,
            "rush": 0.25,
            "visits": 11,
            "web_share": 0.15,
            "complaints": 0.15,
            "credit_rate": 0.09,
            "days_late": 14.0,
        },
    },
    "100213": {
        year: _STEADY
        | {
            "orders": 11,
            "order_value": 1_350.0,
            "lines": 2.0,
            "discount": 0.03,
            "quotes": 0.0,
            "special": 0.0,
            "rush": 0.0,
            "visits": 0,
            "web_share": 1.0,
            "pickup": 0.0,
            "service": 0.0,
            "complaints": 0.0,
            "credit_rate": 0.0,
            "days_late": 0.0,
        }
        for year in (2024, 2025)
    },
    "100236": {
        2024: _STEADY
        | {
            "fate": "lost_2025",
            "orders": 44,
            "order_value": 2_600.0,
            "discount": 0.12,
            "quotes": 0.5,
            "special": 0.2,
            "rush": 0.1,
            "visits": 10,
            "complaints": 0.04,
            "days_late": 6.0,
        },
        2025: {
            "fate": "lost_2025",
            "spread": 0.45,
            "active_from": 0,
            "active_until": 170,
            "orders": 17,
            "order_value": 2_100.0,
            "discount": 0.13,
            "quotes": 0.5,
            "special": 0.2,
            "rush": 0.1,
            "visits": 3,
            "complaints": 0.2,
            "credit_rate": 0.05,
            "days_late": 16.0,
        },
    },
    "100288": {
        2024: {"orders": 0, "visits": 0, "fate": "new_2025"},
        2025: {
            "fate": "new_2025",
            "spread": 0.45,
            "active_from": 69,
            "active_until": 365,
            "orders": 26,
            "order_value": 2_400.0,
            "discount": 0.31,
            "quotes": 1.2,
            "visits": 14,
            "days_late": 5.0,
        },
    },
} | {member: dict.fromkeys((2024, 2025), _GROUP_MEMBER) for member in GROUP_STORY}

STORY_MASTER: dict[str, Traits] = {
    "100117": {
        "segment": "Industrie",
        "industry": "Machinebouw",
        "channel": "Buitendienst",
        "customer_since": "2011-05-02",
    },
    "100142": {
        "segment": "Installateurs",
        "industry": "Elektrotechniek",
        "channel": "Buitendienst",
        "customer_since": "2009-03-16",
    },
    "100189": {"channel": "Binnendienst", "customer_since": "2015-09-07"},
    "100213": {"channel": "Webshop", "customer_since": "2018-02-19"},
    "100236": {"channel": "Buitendienst", "customer_since": "2012-10-01"},
    "100288": {"channel": "Buitendienst"},
}


def story_customers() -> frozenset[str]:
    """Every customer whose behaviour is fixed by a story."""
    return frozenset(STORY_TRAITS)
