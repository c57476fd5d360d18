"""Credit notes: some lines of some invoices come back, in whole or in part, a week or three later."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from klantwaarde.example.draws import draws_for, whole
from klantwaarde.example.orders import priced

FULL_CREDIT = 0.8  # share of credited lines that are credited in full
GOODS_BACK = 0.6  # share of credit notes for which goods come back; the others correct a price or a delivery


def build_credit_notes(
    lines: pd.DataFrame, behaviour: Mapping[int, pd.DataFrame], last_day: np.datetime64, seed: int
) -> pd.DataFrame:
    """Credit lines, priced as the lines they correct, plus ``goods_back``; notes after the last day are left out."""
    rng = draws_for("credit_notes", seed)
    rate = np.concatenate(
        [
            behaviour[year].loc[part["customer_id"], "credit_rate"].to_numpy(float)
            for year, part in lines.groupby("year")
        ]
    )
    credited = lines[rng.random(len(lines)) < rate].copy()
    part = np.where(rng.random(len(credited)) < FULL_CREDIT, 1.0, rng.uniform(0.1, 0.9, len(credited)))
    quantity = -np.maximum(whole(credited["quantity"].to_numpy() * part), 1)
    note, invoices = pd.factorize(credited["invoice_id"])
    delay = rng.integers(4, 24, len(invoices))[note]
    goods_back = (rng.random(len(invoices)) < GOODS_BACK)[note]
    date = np.busday_offset(
        credited["date"].to_numpy("datetime64[D]") + delay.astype("timedelta64[D]"), 0, roll="forward"
    )
    notes = priced(credited.assign(date=date, goods_back=goods_back), quantity)
    notes = notes[date <= last_day].sort_values(["date", "invoice_id"], kind="stable")
    notes["year"] = notes["date"].dt.year
    return notes.assign(invoice_id=_numbered(notes))


def _numbered(notes: pd.DataFrame) -> list[str]:
    """Numbers in order of date, per year: ``2025C0001``."""
    first = notes.drop_duplicates(["invoice_id", "year"])[["invoice_id", "year"]]
    running = first.groupby("year").cumcount() + 1
    numbers = {
        (invoice, year): f"{year}C{n:04d}"
        for invoice, year, n in zip(first["invoice_id"], first["year"], running, strict=True)
    }
    return [numbers[key] for key in zip(notes["invoice_id"], notes["year"], strict=True)]
