"""A realistic report drawn, recalculated by LibreOffice, and read back by readers we did not write."""

import io
import itertools
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from klantwaarde.messages import WriteError, catalogue
from klantwaarde.report.blocks import (
    ChartBlock,
    Figure,
    Formula,
    ReportSheet,
    ResultColumn,
    Series,
    TableBlock,
    TextBlock,
    TilesBlock,
)
from klantwaarde.workbook import look
from klantwaarde.workbook.render import as_file, render

SUBTITLE = "Periode 01-01-2025 t/m 31-12-2025 · scenario Basis · bedragen in EUR, excl. btw · doorbelasting wederkerig"
FOOTER = "Run 2025-12-31-07 · versie 0.1.0 · invoer 3f9a1c"
HANDLINGS = (
    "Orders verwerken", "Orderregels verzamelen", "Spoedleveringen", "Retouren afhandelen", "Facturen versturen",
    "Klantbezoek buitendienst", "Vragen klantenservice", "Aanmanen en innen",
)  # fmt: skip
NET = "[@[Brutobedrag]]-[@[Korting en bonus]]"


def customer_table(n: int = 30) -> TableBlock:
    """A customer P&L of ``n`` customers by 20 columns with live subtotals."""
    random = np.random.default_rng(7)
    frame = pd.DataFrame({"customer_id": [f"{100200 + i:07d}" for i in range(n)]})
    names = ("Bakker Installaties bv", "De Vries & Zn. Groothandel in bouwmaterialen", "=1+1 Techniek", "Noord-Oost bv")
    frame["name"] = [f"{names[i % 4]}" if i < 4 else f"Klant {i}" for i in range(n)]
    frame["segment"] = np.resize(["Installateurs", "Aannemers", "Retail"], n)
    frame["list"] = (random.gamma(1.2, 60_000, n)).round(2)
    frame["discount"] = (frame["list"] * 0.07).round(2)
    frame["net"] = frame["list"] - frame["discount"]
    frame["cost"] = (frame["net"] * 0.68).round(2)
    frame["margin"] = frame["net"] - frame["cost"]
    for number in range(len(HANDLINGS)):
        frame[f"h{number}"] = random.gamma(1.5, 1_400, n).round(2)
    frame["direct"] = np.where(np.arange(n) % 5 == 0, 1250.0, 0.0)
    frame["credit"] = random.gamma(1.0, 300, n).round(2)
    handlings = [f"h{number}" for number in range(len(HANDLINGS))]
    frame["result"] = frame["margin"] - frame[handlings].sum(axis=1) - frame["direct"] - frame["credit"]
    frame["share"] = frame["result"] / frame["net"]
    spent = "".join(f"-[@[{name}]]" for name in HANDLINGS)
    columns = (
        ResultColumn("customer_id", "Klantnummer", "id"),
        ResultColumn("name", "Naam"),
        ResultColumn("segment", "Segment"),
        ResultColumn("list", "Brutobedrag", "money"),
        ResultColumn("discount", "Korting en bonus", "money"),
        ResultColumn("net", "Netto-omzet", "money", formula=NET),
        ResultColumn("cost", "Inkoopwaarde", "money"),
        ResultColumn("margin", "Brutomarge", "money", formula="=[@[Netto-omzet]]-[@Inkoopwaarde]"),
        *(ResultColumn(f"h{i}", name, "money") for i, name in enumerate(HANDLINGS)),
        ResultColumn("direct", "Directe klantkosten", "money", note="Bonus, geschenken, vracht en oninbaar."),
        ResultColumn("credit", "Kosten van krediet", "money"),
        ResultColumn("result", "Klantresultaat", "money", formula=f"[@Brutomarge]{spent}-[@[Directe klantkosten]]-[@[Kosten van krediet]]"),
        ResultColumn("share", "Resultaat % netto-omzet", "percent", formula="[@Klantresultaat]/[@[Netto-omzet]]"),
    )  # fmt: skip
    totals = {column.id: "sum" for column in columns if column.format == "money"}
    return TableBlock("customer_pl", "", columns, frame, totals, key="customer_id", alarm="result")


def whale_chart(table: TableBlock) -> ChartBlock:
    ordered = table.frame["result"].sort_values(ascending=False, ignore_index=True).cumsum()
    frame = pd.DataFrame({"share": (np.arange(len(ordered)) + 1) / len(ordered), "cumulative": ordered})
    title = "De beste 60% van de klanten verdient meer dan het geheel; de rest kost 14 mille"
    return ChartBlock("whale", title, "line", frame, (Series("Opgeteld klantresultaat", "cumulative"),),
                      category_title="Deel van de klanten, van hoog naar laag resultaat", value_title="EUR",
                      alt_text="Lijn van het opgetelde klantresultaat, die na zestig procent van de klanten daalt.")  # fmt: skip


def waterfall_chart(kind: str = "stacked_column") -> ChartBlock:
    frame = pd.DataFrame(
        {
            "step": ["Brutobedrag", "Korting", "Inkoop", "Handelingen", "Krediet", "Resultaat"],
            "base": [0.0, 2_010_000, 640_000, 280_000, 268_000, 0],
            "up": [2_160_000.0, 0, 0, 0, 0, 268_000],
            "down": [0.0, 150_000, 1_370_000, 360_000, 12_000, 0],
        }
    )
    series = (Series("Basis", "base", "invisible"), Series("Bedrag", "up"), Series("Af", "down", "bad"))
    return ChartBlock("waterfall", "Inkoop en handelingen nemen 80% van het brutobedrag", kind, frame, series,  # type: ignore[arg-type]
                      value_title="EUR", note="Waterval van brutobedrag naar klantresultaat.")  # fmt: skip


def capacity_chart() -> ChartBlock:
    frame = pd.DataFrame(
        {
            "pool": ["Magazijn", "Binnendienst", "Transport en expeditie", "Buitendienst"],
            "used": [81_200.0, 55_000, 62_400, 39_000],
            "unused": [14_800.0, 25_000, 3_600, 21_000],
        }
    )
    series = (Series("Gebruikt", "used"), Series("Ongebruikt", "unused", "muted"))
    return ChartBlock("capacity", "De binnendienst heeft een derde van de tijd over", "stacked_bar", frame, series,
                      format="minutes", value_title="Minuten per jaar")  # fmt: skip


def top_chart() -> ChartBlock:
    frame = pd.DataFrame(
        {"name": [f"Klant {i} Installatietechniek" for i in range(6)], "result": [91e3, 62e3, 40e3, 12e3, -8e3, -21e3]}
    )
    return ChartBlock("top", "Twee grote klanten verliezen geld", "bar", frame, (Series("Resultaat", "result"),))


def dashboard() -> ReportSheet:
    figures = (
        Figure("Netto-omzet", Formula("SUM(outCustomerPl[Netto-omzet])", float(customer_table().frame["net"].sum())), "money0", "3,2% meer dan 2024", "good"),
        Figure("Klantresultaat", -12_345.6, "money0", "lager dan begroot", "bad"),
        Figure("Resultaat van de netto-omzet", 0.064, "percent", "begroot 7,0%"),
        Figure("Ongebruikte capaciteit", 64_400.0, "money0", "22% van de betaalde tijd, vooral in de binnendienst", "bad"),
        Figure("Klanten met verlies", 9, "integer", "van 30"),
        Figure("Controles", "Alle 15 OK", "text", "aansluiting op de cent", "good"),
    )  # fmt: skip
    warning = TextBlock(("Let op: 2 grootboekrekeningen hebben nog geen akkoord op het blad Koppeling.",), "warning")
    charts = (whale_chart(customer_table()), waterfall_chart(), capacity_chart(), top_chart())
    blocks = (warning, TilesBlock(figures), *charts)
    return ReportSheet("dashboard", "Dashboard", "Wat onze klanten opleverden in 2025", SUBTITLE, blocks, FOOTER, columns_per_row=2)


def checks() -> ReportSheet:
    frame = pd.DataFrame(
        {
            "check": ["Grootboek in evenwicht", "Omzet facturen = omzet grootboek", "Som klanten + ongebruikt + organisatie = resultaat grootboek; een lange omschrijving die op twee regels past"],
            "expected": [0.0, 1_234_567.89, -22.5],
            "found": [0.0, 1_234_500.00, -22.5],
            "difference": [0.0, -67.89, 0.0],
            "status": ["OK", "FOUT", "OK"],
            "checked": pd.to_datetime(["2025-12-31", "2025-12-31", None]),
            "final": [True, False, True],
        }
    )  # fmt: skip
    columns = (
        ResultColumn("check", "Controle"),
        ResultColumn("expected", "Verwacht", "money"),
        ResultColumn("found", "Gevonden", "money"),
        ResultColumn("difference", "Verschil [EUR] #1's", "money", formula="[@Gevonden]-[@Verwacht]"),
        ResultColumn("status", "Status"),
        ResultColumn("checked", "Gecontroleerd op", "date"),
        ResultColumn("final", "Definitief", "flag"),
    )
    table = TableBlock("checks", "Controles", columns, frame, {"difference": "sum"}, "Verschil is gevonden min verwacht.", alarm="status")
    return ReportSheet("checks", "Controles", "Controles", SUBTITLE, (table,), FOOTER)


def report() -> list[ReportSheet]:
    pl = ReportSheet("customer_pl", "Uitkomst_Klanten", "Resultaat per klant", SUBTITLE, (customer_table(),), FOOTER)
    return [dashboard(), pl, checks()]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.xlsx"
    path.write_bytes(as_file(report()))
    return path
