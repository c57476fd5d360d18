"""The English words of the example; ids and numbers are the same in both languages."""

from collections.abc import Mapping

import pandas as pd

TRANSLATED: Mapping[str, tuple[str, ...]] = {
    "customers": ("segment", "channel", "region", "industry", "wallet_source", "service_level"),
    "products": ("name", "product_group"),
    "invoice_lines": ("campaign",),
    "ledger": ("description",),
    "cost_pools": ("name", "owner"),
    "activities": ("name", "service_option"),
    "receivables": ("document_type",),
    "hours": ("team",),
    "value_scores": ("driver",),
    "events": ("reason",),
    "targets": ("line", "version", "owner"),
    "settings": ("source", "unit"),
}

ENGLISH: Mapping[str, str] = {
    # segments, channels, regions, industries
    "Installateurs": "Installers", "Industrie": "Industry", "Bouw": "Construction", "Wederverkopers": "Resellers",
    "Buitendienst": "Field sales", "Binnendienst": "Inside sales", "Webshop": "Web shop",
    "Noord": "North", "Oost": "East", "Zuid": "South", "West": "West", "Midden": "Centre",
    "Elektrotechniek": "Electrical", "Klimaattechniek": "Climate", "Machinebouw": "Machine building",
    "Metaalbewerking": "Metalworking", "Nieuwbouw": "New construction", "Renovatie": "Renovation",
    "Detailhandel": "Retail", "Groothandel": "Wholesale",
    "Premium": "Premium", "Standaard": "Standard", "Basis": "Basic", "Schatting accountmanager": "Estimate by account manager",
    "Diverse debiteuren": "Cash customers",
    # products
    "Bevestiging": "Fastening", "Kabel en draad": "Cable and wire", "Installatiemateriaal": "Installation material",
    "Gereedschap": "Tools", "Verlichting": "Lighting", "Pneumatiek": "Pneumatics", "Veiligheid": "Safety",
    "Afdichting": "Sealing",
    "Keilbout": "Wedge anchor", "Slotbout": "Carriage bolt", "Houtschroef": "Wood screw", "Montagebeugel": "Mounting bracket",
    "Draadstang": "Threaded rod", "Installatiekabel": "Installation cable", "Grondkabel": "Ground cable",
    "Datakabel": "Network cable", "Stuurkabel": "Control cable", "Installatiedraad": "Installation wire",
    "Kabelgoot": "Cable duct", "Lasdoos": "Junction box", "Wandcontactdoos": "Wall socket",
    "Aardlekschakelaar": "Residual-current device", "Groepenkast": "Distribution board", "Boormachine": "Drill",
    "Slijpmachine": "Grinder", "Krimptang": "Crimping tool", "Momentsleutel": "Torque wrench", "Boorset": "Drill bit set",
    "Ledpaneel": "LED panel", "Noodverlichting": "Emergency light", "Bouwlamp": "Work light", "Ledstrip": "LED strip",
    "Armatuur": "Luminaire", "Cilinder": "Cylinder", "Ventiel": "Valve", "Koppeling": "Coupling",
    "Drukregelaar": "Pressure regulator", "Persluchtslang": "Air hose", "Veiligheidsschoen": "Safety shoe",
    "Werkhandschoen": "Work glove", "Veiligheidsbril": "Safety glasses", "Gehoorkap": "Ear muff", "Valharnas": "Safety harness",
    "Pakkingring": "Gasket ring", "Manchet": "Sleeve", "Siliconenkit": "Silicone sealant", "Tochtprofiel": "Draught strip",
    "Vlakpakking": "Flat gasket", "Voorjaarsactie": "Spring campaign",
    # ledger
    "Omzet buitendienst": "Revenue field sales", "Omzet binnendienst": "Revenue inside sales", "Omzet webshop": "Revenue web shop",
    "Omzet groepsmaatschappijen": "Revenue group companies", "Verleende kortingen": "Discounts given",
    "Omzetbonificaties": "Volume bonuses", "Inkoopwaarde handelsgoederen": "Cost of goods sold",
    "Relatiegeschenken": "Business gifts", "Koeriersvracht": "Courier freight", "Verkoopprovisie agent": "Commission agent",
    "Klantenwerving": "Customer acquisition", "Introductie nieuwe klanten": "Onboarding of new customers",
    "Voorjaarscampagne": "Spring campaign", "Reactivatie van klanten": "Reactivation of customers",
    "Dotatie voorziening dubieuze debiteuren": "Addition to provision for doubtful debts",
    "Lonen en salarissen": "Wages and salaries", "Sociale lasten": "Social security", "Pensioenpremies": "Pension premiums",
    "Salaris directie": "Salary of directors", "Huur bedrijfspand": "Rent of premises", "Energie": "Energy",
    "Schoonmaak": "Cleaning", "Verpakkingsmateriaal": "Packaging material",
    "Afschrijving magazijninrichting": "Depreciation of warehouse equipment", "Automatiseringskosten": "IT costs",
    "Softwarelicenties": "Software licences", "Opleidingskosten": "Training", "Beurskosten": "Trade fairs",
    "Accountants- en advieskosten": "Audit and advice", "Bedrijfsaansprakelijkheidsverzekering": "Business liability insurance",
    "Algemene kosten": "General expenses", "Rentelasten": "Interest", "Vennootschapsbelasting": "Corporate income tax",
    "Lease bestelauto's": "Lease of vans", "Brandstof bestelauto's": "Fuel of vans", "Lease personenauto's": "Lease of cars",
    # teams
    "Magazijn": "Warehouse", "Transport": "Transport", "Administratie": "Administration", "Personeelszaken": "Human resources",
    "ICT": "IT", "Huisvesting": "Housing", "Directie": "Management",
    "Hoofd": "Head of",
    # handlings
    "Order aannemen, telefoon of mail": "Take order, phone or mail", "Order verwerken, web": "Handle order, web",
    "Orderregel invoeren": "Enter order line", "Offerte maken": "Make quote", "Spoedorder regelen": "Arrange rush order",
    "Klacht afhandelen": "Handle complaint", "Orderregel inslaan, verzamelen en inpakken": "Store, pick and pack order line",
    "Bijzondere bewerking": "Special job", "Retour verwerken": "Handle return", "Afleverstop": "Delivery stop",
    "Dienst van de chauffeur": "Driver service", "Factuur of creditnota": "Invoice or credit note",
    "Levering boven kredietlimiet beoordelen": "Judge delivery above credit limit", "Aanmaning": "Reminder",
    "Bezoek van de accountmanager": "Visit by account manager", "Technisch advies": "Technical advice", "Spoed": "Rush",
    "Maatwerk": "Custom work", "Bezorging": "Delivery",
    # receivables, value scores, events, targets, settings
    "Factuur": "Invoice", "Creditnota": "Credit note", "Leverbetrouwbaarheid": "Delivery reliability", "Snelheid": "Speed",
    "Bestelgemak": "Ease of ordering", "Jaargesprek over prijzen": "Yearly talk about prices",
    "Spoedlevering te laat": "Rush delivery too late", "Gesprek over betaalafspraken": "Talk about payment",
    "Nieuwe inkoper": "New buyer", "Verkeerde artikelen besteld": "Wrong products ordered",
    "Levering onvolledig": "Incomplete delivery", "Overgestapt naar een andere leverancier": "Moved to another supplier",
    "Jaarafspraak met instapkorting": "Yearly agreement with entry discount",
    "Verzoek om één concernafspraak": "Request for one group agreement", "Aanvragen zonder marge": "Requests without margin",
    "Prijs": "Price", "Levertijd": "Delivery time", "Bedrijf gestopt": "Business closed",
    "Overgestapt naar webwinkel": "Moved to an online shop", "Netto omzet": "Net revenue", "Nieuwe klanten": "New customers",
    "Brutomarge": "Gross margin", "Klantresultaat": "Customer result", "Behouden klanten": "Customers kept",
    "Begroting 2025": "Budget 2025", "Begroting 2026": "Budget 2026", "Commercie": "Commerce", "Finance": "Finance",
    "Boekjaar": "Financial year", "Afspraak": "Convention", "datum": "date", "aandeel": "share",
}  # fmt: skip


def in_english(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The same tables with English words.

    Raises:
        KeyError: a Dutch text has no translation.
    """
    translated = dict(tables)
    for table, columns in TRANSLATED.items():
        frame = tables[table]
        translated[table] = frame.assign(
            **{column: frame[column].map(_english, na_action="ignore") for column in columns}
        )
    translated["ledger"] = translated["ledger"].assign(target=_channel_targets(tables["ledger"]))
    names = translated["customers"]["name"]
    translated["customers"] = translated["customers"].assign(
        name=names.replace({"Diverse debiteuren": ENGLISH["Diverse debiteuren"]})
    )
    return translated


def _english(text: str) -> str:
    """A text as a whole, or its first word when the rest is a name or a number: ``Cilinder type 20``."""
    if text in ENGLISH:
        return ENGLISH[text]
    first, _, rest = text.partition(" ")
    return f"{ENGLISH[first]} {ENGLISH.get(rest, rest)}"


def _channel_targets(ledger: pd.DataFrame) -> pd.Series:
    channel = ledger["treatment"] == "channel"
    return ledger["target"].mask(channel, ledger["target"].map(ENGLISH))
