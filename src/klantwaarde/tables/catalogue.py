"""The input tables, each declared once. Order of tables = order of sheets; order of columns = order in the template."""

from collections.abc import Mapping
from types import MappingProxyType

from klantwaarde.tables.schema import Choice, Column, Table

TREATMENTS = (
    Choice("direct", "Direct", "Direct", ("rechtstreeks", "klant", "customer")),
    Choice("pool", "Kostenpool", "Cost pool", ("pool", "afdeling", "department")),
    Choice("channel", "Kanaal", "Channel", ("kanaalkosten", "segment")),
    Choice("corporate", "Organisatie", "Corporate", ("algemeen", "overhead", "concern", "corporate sustaining")),
    Choice("outside", "Buiten beschouwing", "Outside scope", ("buiten", "outside", "n.v.t.", "nvt", "geen", "none")),
)
POOL_KINDS = (
    Choice("support", "Ondersteunend", "Support", ("hulp", "hulpkostenplaats", "service", "ondersteuning", "indirect")),
    Choice("operating", "Uitvoerend", "Operating", ("hoofd", "hoofdkostenplaats", "operationeel", "production")),
    Choice("channel", "Kanaal", "Channel"),
    Choice("corporate", "Organisatie", "Corporate", ("algemeen", "overhead", "concern")),
    Choice("outside", "Buiten beschouwing", "Outside scope", ("buiten", "outside")),
)
COST_KINDS = (
    Choice("discount", "Korting", "Discount", ("kortingen",)),
    Choice("bonus", "Bonus", "Bonus", ("omzetbonus", "omzetbonificatie", "rebate", "jaarbonus")),
    Choice("gift", "Relatiegeschenk", "Gift", ("relatiegeschenken", "geschenk", "gifts", "kerstpakket")),
    Choice("freight", "Vracht", "Freight", ("vrachtkosten", "transport", "verzendkosten", "shipping")),
    Choice("commission", "Provisie", "Commission", ("provisies", "verkoopprovisie", "commissie")),
    Choice("acquisition", "Acquisitie", "Acquisition", ("werving",)),
    Choice("onboarding", "Inwerken", "Onboarding", ("introductie",)),
    Choice("campaign", "Campagne", "Campaign", ("actie", "marketing")),
    Choice("reactivation", "Reactivatie", "Reactivation", ("heractivatie",)),
    Choice("bad_debt", "Oninbaar", "Bad debt", ("dubieuze debiteuren", "voorziening", "afboeking", "bad debts")),
    Choice("other", "Overig", "Other", ("overige", "diversen", "misc")),
)
CAPACITY_UNITS = (
    Choice("min", "min", "min", ("minuten", "minutes", "minuut", "m")),
    Choice("h", "uur", "h", ("uren", "hours", "u", "hour", "hrs")),
)
LEVELS = (
    Choice("unit", "Eenheid", "Unit", ("stuk", "regel", "output unit", "line")),
    Choice("order", "Order", "Order", ("batch", "serie")),
    Choice("customer", "Klant", "Customer", ("customer sustaining", "relatie")),
)
PURPOSES = (
    Choice("sales", "Verkoop", "Sales"),
    Choice("service", "Service", "Service", ("dienstverlening", "onderhoud")),
    Choice("acquisition", "Acquisitie", "Acquisition", ("werving",)),
)
EVENT_KINDS = (
    Choice("contact_change", "Wisseling contactpersoon", "Contact change", ("contactpersoon",)),
    Choice("complaint", "Klacht", "Complaint"),
    Choice("left_on_purpose", "Bewust afscheid", "Left on purpose", ("bewust",)),
    Choice("left", "Vertrokken", "Left", ("opzegging", "churn")),
    Choice("quote_won", "Offerte gewonnen", "Quote won"),
    Choice("quote_lost", "Offerte verloren", "Quote lost"),
    Choice("visit", "Bezoek", "Visit"),
)

_CUSTOMER_SYNONYMS = (
    "Debiteur", "Debiteurnr", "Debiteurnummer", "Deb nr", "Klant", "Klantnr", "Klantnummer", "Klantcode", "Relatie",
    "Relatiecode", "Relatienummer", "Customer", "Customer No", "Customer Number", "Account", "Debtor", "Sell-to",
    "Bill-to", "Sell-to Customer No", "Bill-to Customer No", "KUNNR", "custSupID", "fin.trs.line.dim2", "CustomerKey",
    "Afnemer",
)  # fmt: skip
_INVOICE_SYNONYMS = (
    "Factuurnr", "Factuurnummer", "Factuur", "Boekstuk", "Boekstuknummer", "Documentnr", "Stuknummer", "Invoice", "InvoiceNo",
    "Invoice No", "Document Number", "BELNR", "VBELN", "XBLNR", "invRef", "fin.trs.line.invnumber",
)  # fmt: skip
_PRODUCT_SYNONYMS = (
    "Artikel", "Artikelcode", "Artikelnr", "Product", "Productcode", "StockCode", "Item", "Item No", "SKU", "MATNR",
    "prodID", "ProductKey",
)  # fmt: skip


def _customer(nl_help: str = "", en_help: str = "", *, required: bool = True, key: bool = False, blank_ok: bool = False) -> Column:
    return Column(
        "customer_id", "Klantnummer", "Customer number", "id", required=required, key=key, blank_ok=blank_ok,
        synonyms=_CUSTOMER_SYNONYMS,
        help_nl=nl_help or "Zoals in de debiteurenstam; voorloopnullen blijven staan.",
        help_en=en_help or "As in the debtor master; leading zeros are kept.", example="100234",
    )  # fmt: skip


CUSTOMERS = Table(
    "customers", "Klanten", "Customers",
    (
        _customer(key=True),
        Column("name", "Naam", "Name", "text", synonyms=("Klantnaam", "Debiteurnaam", "Relatienaam", "Zoeknaam", "Customer Name", "NAME1", "dim2name", "custSupName"), example="Bakker Installaties bv"),
        Column("parent_id", "Concern", "Parent", "id", synonyms=("Hoofddebiteur", "Moeder", "Groep", "Concernnummer", "Group", "Parent number", "KONZS", "custSupGrpID"), help_nl="Klantnummer van het concern waar de klant onder valt; leeg = zelfstandig.", help_en="Customer number of the group; blank = independent."),
        Column("segment", "Segment", "Segment", "text", synonyms=("Klantsegment", "Klantgroep", "Klanttype", "Type", "Customer segment", "Customer group", "Doelgroep"), example="Installateurs"),
        Column("channel", "Kanaal", "Channel", "text", synonyms=("Verkoopkanaal", "Sales channel", "Distributiekanaal", "VTWEG"), example="Buitendienst"),
        Column("region", "Regio", "Region", "text", synonyms=("Rayon", "Land", "Country", "Provincie", "Gebied", "LAND1"), example="Oost"),
        Column("industry", "Branche", "Industry", "text", synonyms=("Sector", "Bedrijfstak", "SBI", "BRSCH")),
        Column("account_manager", "Accountmanager", "Account manager", "text", synonyms=("Verkoper", "Vertegenwoordiger", "Salesperson", "Owner", "Relatiebeheerder", "VKGRP")),
        Column("customer_since", "Klant sinds", "Customer since", "date", synonyms=("Startdatum", "Aanmaakdatum", "Since", "ERDAT")),
        Column("credit_limit", "Kredietlimiet", "Credit limit", "amount", negative=False, synonyms=("Limiet", "KLIMK", "custCreditLimit")),
        Column("payment_terms_days", "Betaaltermijn", "Payment terms", "number", negative=False, unit_nl="dagen", unit_en="days", synonyms=("Betalingsconditie", "Betaaltermijn dagen", "Betalingstermijn", "Payment terms days", "ZTERM")),
        Column("wallet", "Geschatte besteding", "Estimated spend", "amount", negative=False, synonyms=("Wallet", "Potentieel", "Category spend"), help_nl="Geschatte jaarbesteding van de klant in onze categorie, bij ons en elders.", help_en="Estimated yearly category spend of the customer, with us and elsewhere."),
        Column("wallet_source", "Bron besteding", "Spend source", "text", synonyms=("Wallet source",)),
        Column("wallet_date", "Datum besteding", "Spend date", "date", synonyms=("Wallet date",)),
        Column("credit_score", "Kredietscore", "Credit score", "number", synonyms=("Rating", "Score", "Graydon", "Paydex")),
        Column("service_level", "Serviceniveau", "Service level", "text", synonyms=("Bedieningsconcept", "Servicelevel")),
        Column("case_margin", "Verwachte brutomarge per jaar bij binnenhalen", "Gross margin a year promised when won", "amount", negative=False, synonyms=("Verwachte brutomarge", "Verwachte marge", "Businesscase", "Business case", "Marge businesscase", "Beloofde marge", "Expected margin", "Business case margin", "Promised margin"), help_nl="Uit de businesscase waarmee de klant is binnengehaald, per jaar; daarna niet meer aanpassen. Leeg = geen businesscase.", help_en="From the business case with which the customer was won, per year; not changed afterwards. Blank = no business case."),
        Column("excluded", "Uitgesloten", "Excluded", "flag", synonyms=("Intercompany", "Niet meetellen", "Exclude"), help_nl="Ja voor intercompany en diverse debiteuren: telt mee in de aansluiting, niet in ranglijsten.", help_en="Yes for intercompany and cash customers: in the tie-out, not in rankings."),
    ),
    help_nl="Debiteurenstam: één regel per klant.", help_en="Debtor master: one row per customer.",
)  # fmt: skip

PRODUCTS = Table(
    "products", "Artikelen", "Products",
    (
        Column("product_id", "Artikelnummer", "Product number", "id", required=True, key=True, synonyms=_PRODUCT_SYNONYMS),
        Column("name", "Artikelnaam", "Product name", "text", synonyms=("Omschrijving", "Naam", "Description", "Name", "MAKTX")),
        Column("product_group", "Artikelgroep", "Product group", "text", synonyms=("Productgroep", "Groep", "Category", "Item Category", "Subcategory", "MATKL", "artGrpID")),
        Column("list_price", "Verkoopprijs", "List price", "number", unit_nl="€/stuk", unit_en="€/piece", synonyms=("Brutoprijs", "Catalogusprijs", "Unit price", "Product price")),
        Column("unit_cost", "Kostprijs", "Unit cost", "number", unit_nl="€/stuk", unit_en="€/piece", synonyms=("Inkoopprijs", "Standard cost", "Cost price", "Product cost")),
    ),
    help_nl="Artikelstam: één regel per artikel.", help_en="Item master: one row per product.",
)  # fmt: skip

INVOICE_LINES = Table(
    "invoice_lines", "Factuurregels", "InvoiceLines",
    (
        Column("invoice_id", "Factuurnummer", "Invoice number", "id", required=True, derived_from=("order_id",), synonyms=_INVOICE_SYNONYMS),
        Column("invoice_date", "Factuurdatum", "Invoice date", "date", required=True, synonyms=("Datum", "Documentdatum", "Boekdatum", "Document Date", "Posting Date", "InvoiceDate", "Date", "Orderdatum", "Order Date", "BLDAT", "BUDAT", "effDate", "FKDAT")),
        _customer(blank_ok=True),
        Column("product_id", "Artikelnummer", "Product number", "id", synonyms=_PRODUCT_SYNONYMS),
        Column("quantity", "Aantal", "Quantity", "number", synonyms=("Hoeveelheid", "Qty", "Stuks", "OrderQuantity", "FKIMG", "qntity"), help_nl="Negatief bij een creditnota.", help_en="Negative on a credit note."),
        Column("unit_price", "Prijs per stuk", "Unit price", "number", synonyms=("Stuksprijs", "Eenheidsprijs", "Prijs", "Price", "Sales price", "Nettoprijs"), help_nl="Nettoprijs; alleen nodig als het nettobedrag ontbreekt: dat is dan aantal × prijs.", help_en="Net price; only needed without a net amount: that is then quantity × price."),
        Column("unit_cost", "Kostprijs per stuk", "Unit cost", "number", synonyms=("Inkoopprijs", "Cost price", "Standard cost"), help_nl="Alleen nodig als de inkoopwaarde ontbreekt: die is dan aantal × kostprijs.", help_en="Only needed without a cost of goods: that is then quantity × cost."),
        Column("list_amount", "Brutobedrag", "List amount", "amount", synonyms=("Bruto", "Bruto-omzet", "Bruto omzet", "Gross amount", "Catalogusbedrag", "List revenue", "KZWI1"), help_nl="Tegen catalogusprijs, excl. btw.", help_en="At list price, excl. VAT."),
        Column("discount", "Korting", "Discount", "amount", synonyms=("Kortingsbedrag", "Regelkorting", "Discount amount"), help_nl="Positief = korting gegeven.", help_en="Positive = discount given."),
        Column("net_amount", "Nettobedrag", "Net amount", "amount", required=True, derived_from=("quantity", "unit_price"), synonyms=("Netto", "Omzet", "Netto omzet", "Regelbedrag", "Bedrag", "Amount", "Revenue", "Sales", "Line amount", "NETWR"), help_nl="Omzet van de regel na korting, excl. btw; negatief bij een creditnota.", help_en="Revenue after discount, excl. VAT; negative on a credit note."),
        Column("cost_amount", "Inkoopwaarde", "Cost of goods", "amount", derived_from=("quantity", "unit_cost"), synonyms=("Kostprijs", "Kostprijs verkopen", "Kostprijsbedrag", "Cost", "Cost amount", "COGS", "WAVWR"), help_nl="Inkoopwaarde van de regel; positief bij verkoop.", help_en="Cost of goods of the line; positive on a sale."),
        Column("order_id", "Ordernummer", "Order number", "id", synonyms=("Order", "Verkooporder", "Order No", "Sales order", "AUBEL")),
        Column("campaign", "Campagne", "Campaign", "text", synonyms=("Actie", "Actiecode")),
    ),
    help_nl="Verkoopfacturen per regel, excl. btw; creditnota's negatief.", help_en="Sales invoices by line, excl. VAT; credit notes negative.",
)  # fmt: skip

LEDGER = Table(
    "ledger", "Grootboek", "Ledger",
    (
        Column("account", "Rekening", "Account", "id", required=True, key=True, synonyms=("Grootboek", "Grootboekrekening", "Grootboeknummer", "Rekeningnummer", "G/L Account", "GL Account", "Account No", "HKONT", "accID", "AccountKey")),
        Column("description", "Omschrijving", "Description", "text", synonyms=("Rekeningnaam", "Naam", "Account name", "Account Description", "accDesc", "TXT50")),
        Column("cost_center", "Kostenplaats", "Cost center", "id", key=True, synonyms=("Kostendrager", "Afdeling", "Department", "Cost centre", "KOSTL", "costID")),
        Column("period", "Periode", "Period", "period", key=True, synonyms=("Boekperiode", "Maand", "Month", "periodNumber"), help_nl="2025, 2025-03 of 2025-Q1; leeg = hele periode.", help_en="2025, 2025-03 or 2025-Q1; blank = the whole period."),
        Column("amount", "Bedrag", "Amount", "amount", required=True, synonyms=("Saldo", "Bedrag in EUR", "Mutatie", "Balance", "Amount in Local Currency", "DMBTR", "DMSHB", "amnt"), help_nl="Debet positief, credit negatief.", help_en="Debit positive, credit negative."),
        Column("reference_code", "RGS-code", "Reference code", "text", synonyms=("RGS", "Referentiecode", "RGScode", "conceptRef", "leadCode")),
        Column("treatment", "Behandeling", "Treatment", "choice", choices=TREATMENTS, synonyms=("Verwerking",), help_nl="Waar deze euro's heen gaan: direct naar klanten, kostenpool, kanaal, organisatie of buiten beschouwing.", help_en="Where these euros go: direct to customers, cost pool, channel, corporate or outside scope."),
        Column("target", "Doel", "Target", "text", synonyms=("Bestemming", "Pool", "Kostenpool", "Cost pool"), help_nl="Bij direct: omzet, korting, bonus, inkoopwaarde of soort klantkosten; bij kostenpool: de poolcode; bij kanaal: het kanaal.", help_en="For direct: revenue, discount, bonus, cost of goods or a kind of customer cost; for pool: the pool id; for channel: the channel."),
        Column("cost_element", "Kostensoort", "Cost element", "text", synonyms=("Kostencategorie",), help_nl="Leeg = afgeleid van de RGS-code of de omschrijving.", help_en="Blank = derived from the reference code or the description."),
    ),
    help_nl="Winst-en-verliesrekening uit het grootboek: elke rekening met bedrag en behandeling.",
    help_en="The profit and loss accounts of the ledger: every account with its amount and treatment.",
)  # fmt: skip

MAPPING = Table(
    "mapping", "Koppeling", "Mapping",
    (
        Column("account", "Rekening", "Account", "id", required=True, key=True, synonyms=("Grootboekrekening", "G/L Account")),
        Column("cost_center", "Kostenplaats", "Cost center", "id", key=True, synonyms=("Afdeling", "Cost centre")),
        Column("description", "Omschrijving", "Description", "text"),
        Column("reference_code", "RGS-code", "Reference code", "text", synonyms=("RGS",)),
        Column("treatment", "Behandeling", "Treatment", "choice", choices=TREATMENTS),
        Column("target", "Doel", "Target", "text"),
        Column("reason", "Reden", "Reason", "text", help_nl="Waarom dit voorstel is gedaan.", help_en="Why this was proposed."),
        Column("confirmed", "Akkoord", "Confirmed", "flag", synonyms=("Bevestigd", "Approved"), help_nl="Ja zodra u de regel hebt nagekeken; zonder akkoord telt de regel niet.", help_en="Yes once you have checked the row; unconfirmed rows do not count."),
    ),
    help_nl="Behandeling per rekening, als die niet in het grootboek zelf staat; voorstellen maakt klantwaarde, u bevestigt ze.",
    help_en="Treatment per account when the ledger does not hold it; klantwaarde proposes, you confirm.",
)  # fmt: skip

COST_POOLS = Table(
    "cost_pools", "Kostenpools", "CostPools",
    (
        Column("pool_id", "Poolcode", "Pool id", "id", required=True, key=True, synonyms=("Pool", "Kostenpool", "Afdeling", "Department", "Code")),
        Column("name", "Naam", "Name", "text", synonyms=("Omschrijving", "Description", "Poolnaam")),
        Column("kind", "Soort", "Kind", "choice", required=True, choices=POOL_KINDS, synonyms=("Type", "Poolsoort"), help_nl="Ondersteunend geeft door aan andere pools; uitvoerend bedient klanten.", help_en="Support passes on to other pools; operating serves customers."),
        Column("capacity", "Praktische capaciteit", "Practical capacity", "number", negative=False, synonyms=("Capaciteit", "Capacity", "Beschikbare tijd"), help_nl="Wat het team in de periode kan leveren (ongeveer 80 % van de betaalde tijd).", help_en="What the team can deliver in the period (about 80 % of paid time)."),
        Column("capacity_unit", "Eenheid", "Capacity unit", "choice", choices=CAPACITY_UNITS, synonyms=("Capaciteitseenheid", "Unit"), help_nl="min of uur; leeg = min.", help_en="min or h; blank = min."),
        Column("variable_cost", "Variabele kosten", "Variable cost", "amount", negative=False, help_nl="Dubbel tarief (ondersteunende pool): deel van de kosten dat met het gebruik meebeweegt; de rest is vast en volgt het begrote gebruik.", help_en="Dual rate (support pool): part of the cost that moves with use; the rest is fixed and follows budgeted use."),
        Column("owner", "Verantwoordelijke", "Owner", "text", synonyms=("Manager", "Eigenaar")),
    ),
    help_nl="Afdelingen of teams waarin kosten worden verzameld.", help_en="Departments or teams in which costs are collected.",
)  # fmt: skip

POOL_SHARES = Table(
    "pool_shares", "Verdeelsleutels", "PoolShares",
    (
        Column("from_pool", "Van pool", "From pool", "id", required=True, key=True, synonyms=("Van", "From", "Gevende pool")),
        Column("to_pool", "Naar pool", "To pool", "id", required=True, key=True, synonyms=("Naar", "To", "Ontvangende pool")),
        Column("share", "Aandeel", "Share", "share", synonyms=("Percentage", "Verdeling", "%")),
        Column("driver_quantity", "Sleutelhoeveelheid", "Driver quantity", "quantity", negative=False, synonyms=("Hoeveelheid", "Driver", "m2", "fte", "Werkelijk gebruik", "Actual usage"), help_nl="In plaats van een aandeel: m2, fte, tickets …", help_en="Instead of a share: m2, fte, tickets …"),
        Column("budgeted_quantity", "Begroot gebruik", "Budgeted quantity", "quantity", negative=False, synonyms=("Budget usage", "Budget"), help_nl="Dubbel tarief: het gebruik waarop de vaste kosten worden verdeeld.", help_en="Dual rate: the use on which fixed cost is spread."),
    ),
    help_nl="Wat ondersteunende pools aan andere pools leveren: aandelen (samen 100 %) of hoeveelheden.",
    help_en="What support pools deliver to other pools: shares (100 % together) or quantities.",
)  # fmt: skip

ACTIVITIES = Table(
    "activities", "Activiteiten", "Activities",
    (
        Column("activity_id", "Activiteitcode", "Activity id", "id", required=True, key=True, synonyms=("Activiteit", "Handeling", "Activity", "Code")),
        Column("name", "Naam", "Name", "text", synonyms=("Omschrijving", "Description")),
        Column("pool_id", "Poolcode", "Pool id", "id", required=True, synonyms=("Pool", "Kostenpool", "Afdeling")),
        Column("minutes", "Minuten", "Minutes", "number", negative=False, synonyms=("Minuten per keer", "Tijd", "Unit minutes", "Unit time", "Standaardtijd"), help_nl="Minuten per keer (tijdgestuurd).", help_en="Minutes each time (time-driven)."),
        Column("time_equation", "Tijdformule", "Time equation", "text", synonyms=("Tijdvergelijking", "Formule", "Equation"), help_nl="In plaats van minuten, bijvoorbeeld 0,5 + 6,5*speciaal; de variabelen zijn kolommen van Activiteitvolumes.", help_en="Instead of minutes, such as 0.5 + 6.5*special; variables are columns of ActivityVolumes.", example="4 + 2*regels"),
        Column("share", "Aandeel", "Share", "share", synonyms=("Aandeel pool", "Percentage"), help_nl="Klassieke ABC: aandeel van de pool.", help_en="Classic ABC: share of the pool."),
        Column("level", "Niveau", "Level", "choice", choices=LEVELS, synonyms=("Kostenniveau",)),
        Column("service_option", "Dienst", "Service option", "text", synonyms=("Service", "Dienstverlening", "Optie"), help_nl="Dienst waar de handeling bij hoort, voor het resultaat per dienst.", help_en="Service the handling belongs to, for the result per service option."),
    ),
    help_nl="Handelingen met hun tijd of hun aandeel in de pool.", help_en="Handlings with their time or their share of the pool.",
)  # fmt: skip

ACTIVITY_VOLUMES = Table(
    "activity_volumes", "Activiteitvolumes", "ActivityVolumes",
    (
        _customer(),
        Column("activity_id", "Activiteitcode", "Activity id", "id", required=True, synonyms=("Activiteit", "Handeling", "Activity")),
        Column("period", "Periode", "Period", "period", synonyms=("Maand", "Month")),
        Column("quantity", "Aantal", "Quantity", "quantity", required=True, negative=False, synonyms=("Volume", "Hoeveelheid", "Qty", "Count")),
    ),
    help_nl="Hoe vaak elke handeling voor elke klant is verricht; extra kolommen zijn variabelen van tijdformules.",
    help_en="How often each handling was done for each customer; extra columns are variables of time equations.",
    extra_numbers=True, owner_nl="Operatie", owner_en="Operations",
)  # fmt: skip

CUSTOMER_COSTS = Table(
    "customer_costs", "KlantgebondenKosten", "CustomerCosts",
    (
        _customer(),
        Column("date", "Datum", "Date", "date", synonyms=("Boekdatum", "Posting date")),
        Column("kind", "Soort", "Kind", "choice", required=True, choices=COST_KINDS, synonyms=("Kostensoort", "Type")),
        Column("amount", "Bedrag", "Amount", "amount", required=True, synonyms=("Kosten", "Cost"), help_nl="Positief = kosten.", help_en="Positive = cost."),
        Column("account", "Rekening", "Account", "id", synonyms=("Grootboekrekening", "G/L Account")),
    ),
    help_nl="Kosten die één klant aangaan: bonus, geschenken, vracht, oninbaar …", help_en="Costs of one customer: bonus, gifts, freight, bad debt …",
)  # fmt: skip

RECEIVABLES = Table(
    "receivables", "OpenstaandePosten", "Receivables",
    (
        _customer(),
        Column("invoice_id", "Factuurnummer", "Invoice number", "id", required=True, synonyms=_INVOICE_SYNONYMS),
        Column("invoice_date", "Factuurdatum", "Invoice date", "date", synonyms=("Datum", "Documentdatum", "Document Date", "BLDAT", "invDt"), help_nl="Nodig voor betaalgedrag; ouderdom volgt de vervaldatum.", help_en="Needed for payment behaviour; ageing follows the due date."),
        Column("due_date", "Vervaldatum", "Due date", "date", required=True, synonyms=("Vervalt", "Vervaldag", "Netto vervaldatum", "Net Due Date", "FAEDT", "invDueDt", "fin.trs.line.datedue")),
        Column("paid_date", "Betaaldatum", "Paid date", "date", synonyms=("Betaald op", "Afgeletterd op", "Vereffeningsdatum", "Payment Date", "Settled Date", "Clearing Date", "AUGDT", "matchdate")),
        Column("amount", "Bedrag", "Amount", "amount", required=True, synonyms=("Factuurbedrag", "Factuur", "Invoice Amount", "Bedrag in EUR", "Amount in Local Currency", "DMSHB", "basevaluesigned"), help_nl="Factuurbedrag incl. btw.", help_en="Invoice amount incl. VAT."),
        Column("open_amount", "Openstaand", "Open amount", "amount", synonyms=("Openstaand bedrag", "Saldo", "Restbedrag", "Open", "Remaining Amount", "Balance", "openbasevaluesigned")),
        Column("document_type", "Documentsoort", "Document type", "text", synonyms=("Soort", "Type", "Dagboek", "BLART")),
        Column("dunning_level", "Aanmaanniveau", "Dunning level", "number", negative=False, synonyms=("Aanmaningen", "MAHNS")),
    ),
    help_nl="Openstaande en betaalde posten, incl. btw.", help_en="Open and paid items, incl. VAT.",
)  # fmt: skip

HOURS = Table(
    "hours", "Uren", "Hours",
    (
        Column("team", "Team", "Team", "text", required=True, synonyms=("Afdeling", "Department")),
        _customer(required=False),
        Column("period", "Periode", "Period", "period", synonyms=("Maand", "Month")),
        Column("hours", "Uren", "Hours", "number", required=True, negative=False, synonyms=("Aantal uren",)),
        Column("purpose", "Doel", "Purpose", "choice", choices=PURPOSES),
    ),
    help_nl="Uren per team, waar bekend per klant; geen namen van medewerkers.", help_en="Hours per team, per customer where known; no employee names.",
    owner_nl="Operatie", owner_en="Operations",
)  # fmt: skip

VALUE_SCORES = Table(
    "value_scores", "Klantwaardering", "ValueScores",
    (
        _customer(),
        Column("date", "Datum", "Date", "date"),
        Column("driver", "Waardefactor", "Value driver", "text", required=True, synonyms=("Driver", "Aspect", "Vraag")),
        Column("weight", "Gewicht", "Weight", "number", negative=False, synonyms=("Weging",)),
        Column("score", "Score", "Score", "number", required=True, negative=False, unit_nl="0–100", unit_en="0–100"),
        Column("effect_eur", "Effect in euro", "Effect in euro", "amount", synonyms=("Effect",)),
        Column("agreed", "Bevestigd door klant", "Agreed by customer", "flag", synonyms=("Akkoord",)),
    ),
    help_nl="Wat onze dienst de klant waard is: scores van 0 tot 100.", help_en="What our service is worth to the customer: scores 0 to 100.",
    owner_nl="Commercie", owner_en="Commerce",
)  # fmt: skip

EVENTS = Table(
    "events", "Gebeurtenissen", "Events",
    (
        _customer(),
        Column("date", "Datum", "Date", "date", required=True),
        Column("kind", "Soort", "Kind", "choice", required=True, choices=EVENT_KINDS, synonyms=("Type",)),
        Column("reason", "Reden", "Reason", "text", synonyms=("Toelichting",)),
    ),
    help_nl="Wat er bij klanten gebeurde en de cijfers niet vertellen.", help_en="What happened at customers that figures do not tell.",
    owner_nl="Commercie", owner_en="Commerce",
)  # fmt: skip

TARGETS = Table(
    "targets", "Doelen", "Targets",
    (
        Column("period", "Periode", "Period", "period", required=True, synonyms=("Jaar", "Year")),
        Column("line", "Doelregel", "Target line", "text", required=True, synonyms=("Regel", "Line", "Doel")),
        Column("amount", "Bedrag", "Amount", "amount", required=True),
        Column("version", "Versie", "Version", "text"),
        Column("owner", "Verantwoordelijke", "Owner", "text"),
    ),
    help_nl="Begroting en doelen per regel.", help_en="Budget and targets by line.", owner_nl="Commercie", owner_en="Commerce",
)  # fmt: skip

SETTINGS = Table(
    "settings", "Instellingen", "Settings",
    (
        Column("name", "Instelling", "Setting", "text", required=True, key=True, synonyms=("Naam", "Name", "Parameter")),
        Column("value", "Waarde", "Value", "text", synonyms=("Inhoud",)),
        Column("unit", "Eenheid", "Unit", "text"),
        Column("source", "Bron", "Source", "text"),
        Column("date", "Datum", "Date", "date"),
        Column("who", "Wie", "Who", "text", synonyms=("Door", "By")),
    ),
    help_nl="Elke afspraak één keer, met bron, datum en wie.", help_en="Every convention once, with source, date and who.",
)  # fmt: skip

INPUT_TABLES: tuple[Table, ...] = (
    CUSTOMERS, PRODUCTS, INVOICE_LINES, LEDGER, MAPPING, COST_POOLS, POOL_SHARES, ACTIVITIES, ACTIVITY_VOLUMES,
    CUSTOMER_COSTS, RECEIVABLES, HOURS, VALUE_SCORES, EVENTS, TARGETS,
)  # fmt: skip

TABLE: Mapping[str, Table] = MappingProxyType({table.id: table for table in (*INPUT_TABLES, SETTINGS)})
