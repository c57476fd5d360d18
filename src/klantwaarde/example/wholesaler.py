"""A bundled example: the invented technical wholesaler Van Dijk, 2024 and 2025, with the stories of ``stories``.

Every figure follows from one seed. Orders come first; lines, invoices, payments, handlings, customer costs and the
ledger follow from them, so that everything ties to the cent.
"""

import numpy as np
import pandas as pd

from klantwaarde.example import accounts, commerce
from klantwaarde.example.behaviour import build_behaviour
from klantwaarde.example.costs import build_customer_costs
from klantwaarde.example.credit_notes import build_credit_notes
from klantwaarde.example.customers import build_customer_base
from klantwaarde.example.handlings import activities_table, count_handlings
from klantwaarde.example.master import customers_table
from klantwaarde.example.orders import build_sales
from klantwaarde.example.payments import build_credit
from klantwaarde.example.products import build_assortment
from klantwaarde.example.stories import story_customers
from klantwaarde.example.words import in_english

COMPANY = "Groothandel Van Dijk"
LAST_DAY = np.datetime64("2025-12-31")
_AMOUNTS = ["list_amount", "discount", "net_amount", "cost_amount"]
_LINE_COLUMNS = [
    "invoice_id",
    "invoice_date",
    "customer_id",
    "product_id",
    "quantity",
    *_AMOUNTS,
    "order_id",
    "campaign",
]


def build_example(*, language: str = "nl", seed: int = 20251231) -> dict[str, pd.DataFrame]:
    """The input tables of the example.

    Args:
        language: ``nl`` or ``en``; words differ, ids and numbers do not.
        seed: Another seed gives another wholesaler with the same shapes and stories; the notes on size and result in
            the tests hold for the default.

    Returns:
        Table id -> frame with the columns declared in ``tables.catalogue``; activity_volumes has the variables of the
        time equation as further columns. Amounts are in euro, dates are datetimes.

    Raises:
        ValueError: the language is neither ``nl`` nor ``en``.
    """
    if language not in ("nl", "en"):
        raise ValueError(f"language {language!r} is not 'nl' or 'en'")
    base = build_customer_base(seed)
    behaviour = build_behaviour(base, seed)
    assortment = build_assortment(seed)
    sales = build_sales(behaviour, assortment, seed)
    lines = _with_credit_notes(sales.lines, build_credit_notes(sales.lines, behaviour, LAST_DAY, seed))
    credit = build_credit(lines, behaviour, LAST_DAY, seed)
    volumes = count_handlings(sales.orders, lines, credit, behaviour, seed)
    customer_costs = build_customer_costs(base, sales.orders, lines, credit, behaviour, seed)
    fte = accounts.team_sizes(volumes)
    net_2025 = (
        lines[(lines["year"] == 2025) & lines["customer_id"].isin(base.ids)].groupby("customer_id")["net_amount"].sum()
    )
    first_orders = sales.orders.groupby("customer_id")["date"].min()
    customers = customers_table(base, behaviour[2025], first_orders, credit, net_2025, seed)
    channel_of = customers.set_index("customer_id")["channel"].to_dict()
    tables = {
        "customers": customers,
        "products": assortment.frame,
        "invoice_lines": _in_euros(lines.rename(columns={"date": "invoice_date"}), _AMOUNTS)[_LINE_COLUMNS],
        "ledger": _in_euros(accounts.ledger_table(lines, customer_costs, channel_of, fte), ["amount"]),
        "cost_pools": accounts.cost_pools_table(fte),
        "pool_shares": accounts.pool_shares_table(fte),
        "activities": activities_table(),
        "activity_volumes": volumes,
        "customer_costs": _in_euros(customer_costs, ["amount"])[["customer_id", "date", "kind", "amount", "account"]],
        "receivables": credit.receivables,
        "hours": commerce.hours_table(volumes, behaviour, seed),
        "value_scores": commerce.value_scores_table(net_2025, story_customers(), seed),
        "events": commerce.events_table(behaviour, first_orders, seed),
        "targets": commerce.targets_table(),
        "settings": _settings(language),
    }
    return in_english(tables) if language == "en" else tables


def _with_credit_notes(sales: pd.DataFrame, notes: pd.DataFrame) -> pd.DataFrame:
    both = pd.concat([sales.assign(goods_back=False), notes], ignore_index=True)
    return both.sort_values(["date", "invoice_id"], kind="stable", ignore_index=True)


def _in_euros(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    return frame.assign(**{column: frame[column] / 100 for column in columns})


def _settings(language: str) -> pd.DataFrame:
    rows = [
        ("language", language, None, "Afspraak"),
        ("company", COMPANY, None, "Afspraak"),
        ("period_start", "2025-01-01", "datum", "Boekjaar"),
        ("period_end", "2025-12-31", "datum", "Boekjaar"),
        ("reference_date", "2025-12-31", "datum", "Boekjaar"),
        ("support_method", "reciprocal", None, "Afspraak"),
        ("abc_a", "0.8", "aandeel", "Afspraak"),
        ("abc_b", "0.95", "aandeel", "Afspraak"),
        ("scenario", "Basis", None, "Afspraak"),
    ]
    frame = pd.DataFrame(rows, columns=["name", "value", "unit", "source"])
    return frame.assign(date=np.datetime64("2025-12-31", "s"), who="Finance")
