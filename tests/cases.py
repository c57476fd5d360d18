"""The end-to-end case E2E-1 (a constructed mini wholesaler): ledger, support, handlings and customers, to the cent.

Constructed for this project on the rules of the reciprocal method (Horngren et al., Cost Accounting, ch. 15) and
time-driven activity-based costing (Kaplan & Anderson, HBR, November 2004); figures and facts only. Money in euros.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

INPUTS: Mapping[str, Any] = {
    "ledger": [  # account, description, RGS code, amount (debit +)
        ("8000", "Omzet handelsgoederen", "WOmzNoh", -1_000_000),
        ("8050", "Verleende kortingen", "WOmzKebVek", 20_000),
        ("8060", "Omzetbonificaties", "WOmzKebOmz", 15_000),
        ("7000", "Inkoopwaarde handelsgoederen", "WKprInhInh", 500_000),
        ("4000-HR", "Kosten HR", "WPer", 20_000),
        ("4000-ICT", "Kosten ICT", "WPer/WBedKan", 30_000),
        ("4000-BD", "Kosten binnendienst", "WPer", 120_000),
        ("4000-MAG", "Kosten magazijn", "WPer/WBedHui", 90_000),
        ("4000-ADM", "Kosten administratie", "WPer", 45_000),
        ("4000-TRA", "Kosten transport", "WPer/WBedTra", 60_000),
        ("4000-DIR", "Directie", "WPer", 40_000),
        ("4620", "Dotatie voorziening dubieuze debiteuren", "WBedVkkDvd", 4_000),
        ("4630", "Relatiegeschenken", "WBedVkkRel", 3_000),
    ],
    "support_share": {
        "HR": {"ICT": 0.1, "Binnendienst": 0.4, "Magazijn": 0.3, "Administratie": 0.1, "Transport": 0.1},
        "ICT": {"HR": 0.2, "Binnendienst": 0.4, "Magazijn": 0.15, "Administratie": 0.2, "Transport": 0.05},
    },
    "practical_capacity_min": {
        "Binnendienst": 180_000, "Magazijn": 110_000, "Administratie": 25_000, "Transport": 120_000,
    },
    "unit_minutes": {
        "order": {"pool": "Binnendienst", "minutes": 12},
        "orderregel": {"pool": "Binnendienst", "minutes": 3},
        "offerte": {"pool": "Binnendienst", "minutes": 45},
        "bijzondere_bewerking": {"pool": "Magazijn", "minutes": 20},
        "pickregel": {"pool": "Magazijn", "minutes": 2},
        "factuur": {"pool": "Administratie", "minutes": 4},
        "kredietbewaking": {"pool": "Administratie", "minutes": 30},
        "aanmaning": {"pool": "Administratie", "minutes": 10},
        "stop": {"pool": "Transport", "minutes": 25},
        "chauffeursdienst": {"pool": "Transport", "minutes": 15},
    },
    "volumes": {
        "A": {"order": 1200, "orderregel": 6000, "offerte": 50, "bijzondere_bewerking": 100, "pickregel": 6000, "factuur": 1200, "kredietbewaking": 0, "aanmaning": 4, "stop": 900, "chauffeursdienst": 50},
        "B": {"order": 400, "orderregel": 4000, "offerte": 120, "bijzondere_bewerking": 900, "pickregel": 4000, "factuur": 400, "kredietbewaking": 12, "aanmaning": 30, "stop": 400, "chauffeursdienst": 350},
        "C": {"order": 2600, "orderregel": 5200, "offerte": 600, "bijzondere_bewerking": 1400, "pickregel": 5200, "factuur": 2600, "kredietbewaking": 40, "aanmaning": 160, "stop": 1900, "chauffeursdienst": 900},
        "D": {"order": 100, "orderregel": 900, "offerte": 5, "bijzondere_bewerking": 0, "pickregel": 900, "factuur": 100, "kredietbewaking": 0, "aanmaning": 0, "stop": 60, "chauffeursdienst": 0},
    },
    "direct": {
        "A": {"omzet": 420_000, "korting": 12_000, "bonus": 10_000, "inkoopwaarde": 205_000, "voorziening": 0, "relatiegeschenken": 0},
        "B": {"omzet": 250_000, "korting": 5_000, "bonus": 5_000, "inkoopwaarde": 125_000, "voorziening": 0, "relatiegeschenken": 0},
        "C": {"omzet": 230_000, "korting": 3_000, "bonus": 0, "inkoopwaarde": 115_000, "voorziening": 4_000, "relatiegeschenken": 0},
        "D": {"omzet": 100_000, "korting": 0, "bonus": 0, "inkoopwaarde": 55_000, "voorziening": 0, "relatiegeschenken": 3_000},
    },
}  # fmt: skip

EXPECTED: Mapping[str, Any] = {
    "cells": {
        "A": {"order": 11493.88, "orderregel": 14367.35, "offerte": 1795.92, "bijzondere_bewerking": 1870.13, "pickregel": 11220.78, "factuur": 10403.26, "kredietbewaking": 0.00, "aanmaning": 86.69, "stop": 12053.57, "chauffeursdienst": 401.79},
        "B": {"order": 3831.29, "orderregel": 9578.23, "offerte": 4310.21, "bijzondere_bewerking": 16831.17, "pickregel": 7480.52, "factuur": 3467.76, "kredietbewaking": 780.24, "aanmaning": 650.20, "stop": 5357.14, "chauffeursdienst": 2812.50},
        "C": {"order": 24903.40, "orderregel": 12451.70, "offerte": 21551.02, "bijzondere_bewerking": 26181.82, "pickregel": 9724.67, "factuur": 22540.41, "kredietbewaking": 2600.82, "aanmaning": 3467.76, "stop": 25446.43, "chauffeursdienst": 7232.15},
        "D": {"order": 957.82, "orderregel": 2155.10, "offerte": 179.59, "bijzondere_bewerking": 0.00, "pickregel": 1683.12, "factuur": 866.94, "kredietbewaking": 0.00, "aanmaning": 0.00, "stop": 803.57, "chauffeursdienst": 0.00},
    },
    "customer_pl": {
        "A": {"gross_margin": 193_000.00, "cost_to_serve": 63_693.37, "direct_cost": 0.00, "customer_result": 129_306.63},
        "B": {"gross_margin": 115_000.00, "cost_to_serve": 55_099.26, "direct_cost": 0.00, "customer_result": 59_900.74},
        "C": {"gross_margin": 112_000.00, "cost_to_serve": 156_100.18, "direct_cost": 4_000.00, "customer_result": -48_100.18},
        "D": {"gross_margin": 45_000.00, "cost_to_serve": 6_646.14, "direct_cost": 3_000.00, "customer_result": 35_353.86},
    },
    "unused": {"Binnendienst": 36_097.96, "Magazijn": 27_864.93, "Administratie": 9_319.59, "Transport": 10_178.57},
    "customer_results": 176_461.05, "unused_total": 83_461.05, "corporate": 40_000.00, "ledger_result": 53_000.00,
}  # fmt: skip

TREATMENT = {
    "8000": ("direct", "revenue"), "8050": ("direct", "discount"), "8060": ("direct", "bonus"),
    "7000": ("direct", "cost_of_goods"), "4000-HR": ("pool", "HR"), "4000-ICT": ("pool", "ICT"),
    "4000-BD": ("pool", "Binnendienst"), "4000-MAG": ("pool", "Magazijn"), "4000-ADM": ("pool", "Administratie"),
    "4000-TRA": ("pool", "Transport"), "4000-DIR": ("corporate", ""), "4620": ("direct", "bad_debt"),
    "4630": ("direct", "gift"),
}  # fmt: skip


def e2e_frames(given: Mapping[str, Any] = INPUTS) -> dict[str, pd.DataFrame]:
    """The inputs of the case as canonical frames."""
    ledger = pd.DataFrame(given["ledger"], columns=["account", "description", "reference_code", "amount"])
    ledger["amount"] = ledger["amount"].astype(float)
    ledger["treatment"] = [TREATMENT[account][0] for account in ledger["account"]]
    ledger["target"] = [TREATMENT[account][1] or None for account in ledger["account"]]
    support, capacity = given["support_share"], given["practical_capacity_min"]
    pools = [{"pool_id": pool, "kind": "support", "capacity": None} for pool in support]
    pools += [{"pool_id": pool, "kind": "operating", "capacity": minutes} for pool, minutes in capacity.items()]
    shares = [{"from_pool": f, "to_pool": t, "share": s} for f, row in support.items() for t, s in row.items()]
    activities = [{"activity_id": a, "pool_id": d["pool"], "minutes": d["minutes"]} for a, d in given["unit_minutes"].items()]
    volumes = [
        {"customer_id": customer, "activity_id": activity, "quantity": times}
        for customer, row in given["volumes"].items()
        for activity, times in row.items()
    ]
    return {
        "customers": pd.DataFrame({"customer_id": list(given["direct"]), "name": list(given["direct"])}),
        "invoice_lines": pd.DataFrame(_lines(given["direct"])), "ledger": ledger, "cost_pools": pd.DataFrame(pools),
        "pool_shares": pd.DataFrame(shares), "activities": pd.DataFrame(activities),
        "activity_volumes": pd.DataFrame(volumes), "customer_costs": pd.DataFrame(_customer_costs(given["direct"])),
    }  # fmt: skip


def _lines(direct: Mapping[str, Any]) -> list[dict[str, object]]:
    """One invoice line per customer."""
    return [
        {
            "invoice_id": f"F{number}", "invoice_date": pd.Timestamp(2025, 6, number), "customer_id": customer,
            "list_amount": given["omzet"], "discount": given["korting"], "net_amount": given["omzet"] - given["korting"],
            "cost_amount": given["inkoopwaarde"],
        }
        for number, (customer, given) in enumerate(direct.items(), start=1)
    ]  # fmt: skip


def _customer_costs(direct: Mapping[str, Any]) -> list[dict[str, object]]:
    """Bonus, bad debt and gifts per customer."""
    kinds = {"bonus": "bonus", "bad_debt": "voorziening", "gift": "relatiegeschenken"}
    return [
        {"customer_id": customer, "kind": kind, "amount": given[name]}
        for customer, given in direct.items()
        for kind, name in kinds.items()
        if given[name]
    ]
