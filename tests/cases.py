"""The end-to-end case E2E-1 (a constructed mini wholesaler) as input tables; figures and facts only."""

from typing import Any

import pandas as pd

TREATMENT = {
    "8000": ("direct", "revenue"), "8050": ("direct", "discount"), "8060": ("direct", "bonus"),
    "7000": ("direct", "cost_of_goods"), "4000-HR": ("pool", "HR"), "4000-ICT": ("pool", "ICT"),
    "4000-BD": ("pool", "Binnendienst"), "4000-MAG": ("pool", "Magazijn"), "4000-ADM": ("pool", "Administratie"),
    "4000-TRA": ("pool", "Transport"), "4000-DIR": ("corporate", ""), "4620": ("direct", "bad_debt"),
    "4630": ("direct", "gift"),
}  # fmt: skip


def e2e_frames(case: dict[str, Any]) -> dict[str, pd.DataFrame]:
    """The inputs of the case as canonical frames."""
    given = case["inputs"]
    ledger = pd.DataFrame(given["ledger"], columns=["account", "description", "reference_code", "amount"])
    ledger["amount"] = ledger["amount"].astype(float)
    ledger["treatment"] = [TREATMENT[account][0] for account in ledger["account"]]
    ledger["target"] = [TREATMENT[account][1] or None for account in ledger["account"]]
    capacity = given["practical_capacity_min"]
    support = given["support_share"]
    pools = pd.DataFrame(
        [{"pool_id": p, "kind": "support", "capacity": None} for p in support]
        + [{"pool_id": p, "kind": "operating", "capacity": minutes} for p, minutes in capacity.items()]
    )
    shares = pd.DataFrame(
        [{"from_pool": f, "to_pool": t, "share": s} for f, row in support.items() for t, s in row.items()]
    )
    activities = pd.DataFrame(
        [{"activity_id": a, "pool_id": d["pool"], "minutes": d["minutes"]} for a, d in given["unit_minutes"].items()]
    )
    volumes = pd.DataFrame(
        [
            {"customer_id": c, "activity_id": a, "quantity": n}
            for c, row in given["volumes"].items()
            for a, n in row.items()
        ]
    )
    lines, costs = [], []
    for number, (customer, direct) in enumerate(given["direct"].items(), start=1):
        lines.append(
            {
                "invoice_id": f"F{number}", "invoice_date": pd.Timestamp(2025, 6, number), "customer_id": customer,
                "list_amount": direct["omzet"], "discount": direct["korting"],
                "net_amount": direct["omzet"] - direct["korting"], "cost_amount": direct["inkoopwaarde"],
            }
        )  # fmt: skip
        for kind, name in (("bonus", "bonus"), ("bad_debt", "voorziening"), ("gift", "relatiegeschenken")):
            if direct[name]:
                costs.append({"customer_id": customer, "kind": kind, "amount": direct[name]})
    return {
        "customers": pd.DataFrame({"customer_id": list(given["direct"]), "name": list(given["direct"])}),
        "invoice_lines": pd.DataFrame(lines), "ledger": ledger, "cost_pools": pools, "pool_shares": shares,
        "activities": activities, "activity_volumes": volumes, "customer_costs": pd.DataFrame(costs),
    }  # fmt: skip
