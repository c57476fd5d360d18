"""The declared table behind the proposals: RGS codes and words, and the treatment each points to.

RGS prefixes were checked in RGS 3.7 (Referentie Grootboekschema, Taakgroep RGS). Mnemonic traps: ``WBedAut`` is cars,
ICT is ``WBedKan`` (Koa, Sof); directors are ``WPerLesSld``; sales commission is ``WOmzKebPrv``; intercompany revenue
is ``WOmzOit``. Words are written as ``a|b|c``; ``*`` stands for any letters, so Dutch compounds are found.
The first word rule that fits wins, so the narrow ones stand above the wide ones; among RGS prefixes the longest wins.
"""

from dataclasses import dataclass
from typing import Literal

Treatment = Literal["direct", "pool", "channel", "corporate", "outside"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of account.

    Attributes:
        treatment: Where the account goes.
        target: For ``direct`` the column or the kind of customer cost; otherwise None.
        element: The canonical cost element.
        rgs: RGS prefixes, separated by blanks.
        words: Word patterns, separated by ``|``, lower case, without accents.
        broad: The RGS group holds more than one kind of cost: the proposal is less certain.
        refines: A broad RGS group in which these words decide after all.
    """

    treatment: Treatment
    target: str | None
    element: str
    rgs: str = ""
    words: str = ""
    broad: bool = False
    refines: str = ""


RULES: tuple[Rule, ...] = (
    Rule("outside", None, "other", "WOmzOit", "intercompany|inter company|groepsmaatschappij*|ic omzet"),
    Rule("direct", "bad_debt", "bad_debt", "WBedVkkDvd WBedVkkAdd",
         "dubieuze*|oninbare*|afboeking debiteur*|afschrijving debiteur*|kredietverlies*|bad debt*|doubtful*"),
    Rule("direct", "cost_of_goods", "cost_of_goods", "WKprLeb WKprBtkBec",
         "inkoopbonus*|inkoopkorting*|ontvangen korting*|betalingskorting crediteur*|purchase discount*|supplier bonus*"
         "|inkoopvracht*|vracht* inkoop*|vracht op inkopen|freight in|inbound freight*"),
    Rule("direct", "commission", "sales", "WOmzKebPrv WBedVkkVkp WBedVkkCom", "*provisie*|commissie*|commission*"),
    Rule("direct", "bonus", "revenue_deductions", "WOmzKebOmz",
         "*omzetbonus*|*bonificatie*|klantbonus*|jaarbonus*|bonus* klant*|bonus* afnemer*|rebate*|customer bonus*"
         "|volume bonus*"),
    Rule("direct", "discount", "revenue_deductions", "WOmzKebVek WKprBtkBed", "*korting*|prijsafslag*|*discount*"),
    Rule("direct", "discount", "revenue_deductions", "WOmzKeb", broad=True),
    Rule("direct", "gift", "sales", "WBedVkkRel WBedVkkKer WBedVkkRep",
         "relatiegeschenk*|geschenk* relatie*|kerstpakket* relatie*|representatie*|business gift*|customer gift*"
         "|entertainment"),
    Rule("direct", "other", "sales", "WBedAdlBet WFbeRlmInc", "betalingsverschil*|payment difference*"),
    Rule("direct", "onboarding", "sales", words="onboarding*|klantintroductie*"),
    Rule("direct", "reactivation", "sales", words="reactivatie*|reactivat*|win back|winback"),
    Rule("direct", "acquisition", "sales", words="acquisitie*|*klantenwerving*|customer acquisition*|lead generation*"),
    Rule("direct", "campaign", "sales", words="*campagne*|*campaign*"),
    Rule("corporate", None, "depreciation", "WAfsAivGoo", "*goodwill*"),
    Rule("outside", None, "other", "WAfsRvi WAfsRvm WAfsBov WWvi WBwv WOvb WOvt WRed",
         "boekresultaat*|boekwinst*|boekverlies*|gain* loss*|gain on*|loss on*|buitengewone*|extraordinary*"
         "|overige opbrengst*|overige bedrijfsopbrengst*|other income*|*deelneming*|dividend*|prior year*"),
    Rule("pool", None, "depreciation", "WAfs", "*afschrijving*|depreciation*|amorti?ation*"),
    Rule("outside", None, "financing", "WFbe",
         "*rente|rente*|interest*|bankkosten*|bank charge*|koersverschil*|koersresultaat*|valuta*|*exchange*|*xchg*"
         "|financi?le baten*|financi?le lasten*|financieringskosten*"),
    Rule("corporate", None, "personnel", "WPerLesSld WPerLesBvc WBedOvpMaf",
         "directie*|*bestuurder*|bestuur|bestuurskosten|dga|commissaris*|raad van *|managementfee*|management fee*"
         "|managementvergoeding*|director*|executive*|supervisory*", refines="WPer"),
    Rule("corporate", None, "advice", "WBedAea WBedOrg",
         "accountant*|advies*|advisering*|notaris*|juridisch*|advoca*|audit*|legal*|consult*|professional service*"
         "|professional fee*"),
    Rule("pool", None, "personnel", "WBedOvp WBedWkr"),
    Rule("pool", None, "personnel", "WPer",
         "loon*|*lonen|*salaris*|salarie*|salary|wages|payroll*|sociale lasten|social security*|*pensioen*|pension*"
         "|uitzend*|inhuur*|inlening*|ingeleend*|*personeel*|employee*|staff*|labor*|labour*|vakantiegeld*|ziekengeld*"
         "|opleiding*|training*|kantine*|kerstpakket*|zzp*|freelance*|reiskostenvergoeding*", broad=True),
    Rule("pool", None, "vehicles", "WBedAut",
         "auto|auto s|autos|auto?osten*|*wagenpark*|brandstof*|*leaseauto*|lease auto*|huur auto*|motorrijtuig*"
         "|vrachtauto*|vrachtwagen*|bedrijfsauto*|vehicle*|fuel*|car|cars|fleet*"),
    Rule("direct", "freight", "transport", "WBedVkkVrk",
         "*vracht*|freight*|verzend*|shipping*|bezorg*|delivery cost*|outbound*"),
    Rule("pool", None, "sales", "WBedVkkRev WBedVkkKmz WBedVkkKmw", "reis*|travel*|meals|lodging"),
    Rule("pool", None, "transport", "WBedTra",
         "*transport|transport*|logistiek*|logistic*|expeditie*|distributie*|distribution*|koerier*|courier*|opslag*"),
    Rule("pool", None, "energy", "WBedHuiGwe WBedHuiGas WBedHuiWat WBedHuiElk WBedHuiTrg",
         "energie*|energy|gas|water|gas water*|elektra*|elektriciteit*|electricity*|utilities"),
    Rule("pool", None, "equipment", "WBedEem",
         "machine*|inventaris*|huur machine*|gereedschap*|equipment*|furniture*|emballage*|verpakking*|packaging*|tools"),
    Rule("pool", None, "housing", "WBedHui",
         "*huisvesting*|*huur|huur*|rent|rental*|schoonmaak*|cleaning*|onroerende*|ozb|*gebouw*|building*|premises*"
         "|servicekosten*|beveiliging*|housing|occupancy*"),
    Rule("pool", None, "office_ict", "WBedKan",
         "*automatisering*|ict|it|ict?osten|software*|hardware*|licentie*|hosting*|*kantoor*|telefo*|telephone*"
         "|telecom*|internet*|porti|porto*|postage*|drukwerk*|office*|computer*|abonnement*|*literatuur*"),
    Rule("pool", None, "insurance", "WBedAss", "*verzekering*|assurantie*|insurance*"),
    Rule("pool", None, "sales", "WBedVkkInc", "*incasso*|debiteurenbeheer*|credit control*|collection cost*"),
    Rule("channel", None, "sales", "WBedVkkRea WBedVkkKos WBedVkkBeu WBedVkkWeb WBedVkkEta WBedVkkFra",
         "reclame*|*advertentie*|advertis*|sponsor*|beurs*|trade fair*|trade show*|conference*|*marketing*|promotie*"
         "|promotion*|website*|webshop*|marktplaats*|marketplace*|showroom*|winkel*|etalage*|franchise*"),
    Rule("pool", None, "sales", "WBedVkk WVkf",
         "verkoopkosten*|overige verkoopkosten*|sales expense*|selling expense*|verkoopafdeling*|afdeling verkoop"
         "|sales department*|*buitendienst*", broad=True),
    Rule("pool", None, "equipment", words="*onderhoud*|*reparatie*|repair*|maintenance*"),
    Rule("pool", None, "other", words="inkoopafdeling*|afdeling inkoop|kosten inkoop|purchasing department*"),
    Rule("direct", "cost_of_goods", "cost_of_goods", "WKpr WWiv",
         "inkoopwaarde*|*kostprijs*|inkopen*|inkoop*|*grondstof*|raw material*|*voorraadverschil*|*prijsverschil*"
         "|*variance*|cost of goods*|cost of sales|cogs|purchase*|uitbesteed werk|wijziging* voorraad*"),
    Rule("outside", None, "tax", "WBel",
         "vennootschapsbelasting*|vpb|winstbelasting*|omzetbelasting*|income tax*|corporat* tax*|tax|taxes|belasting*"),
    Rule("direct", "revenue", "revenue", "WOmz",
         "*omzet*|verkopen*|*opbrengst*|revenue*|turnover|sales|retouren*|returns*"),
    Rule("corporate", None, "other", "WBedAlk WAkf", "algemene kosten*|general expense*|corporate*|holding*"),
    Rule("pool", None, "other", "WBed", broad=True),
)  # fmt: skip

POOL_NAMES: tuple[tuple[str, str], ...] = (
    ("magazijn*", "Magazijn"),
    ("warehouse*", "Warehouse"),
    ("*binnendienst*", "Binnendienst"),
    ("*buitendienst*", "Buitendienst"),
    ("*verkoopafdeling*|afdeling verkoop", "Verkoop"),
    ("sales department*", "Sales"),
    ("klantenservice*", "Klantenservice"),
    ("customer service*", "Customer service"),
    ("debiteurenbeheer*|*incasso*", "Debiteurenbeheer"),
    ("credit control*|collection cost*", "Credit control"),
    ("inkoopafdeling*|afdeling inkoop|kosten inkoop", "Inkoop"),
    ("purchasing department*", "Purchasing"),
    ("expeditie*", "Expeditie"),
    ("logistiek*", "Logistiek"),
    ("logistic*", "Logistics"),
    ("*transport|transport*", "Transport"),
    ("ict|ict?osten|*automatisering*", "ICT"),
    ("it|it department*", "IT"),
    ("*huisvesting*", "Huisvesting"),
    ("housing|premises*|occupancy*", "Housing"),
    ("hr|personeelszaken|human resource*", "HR"),
    ("administratie*", "Administratie"),
    ("administration*|accounting*", "Administration"),
    ("productie*", "Productie"),
    ("production*", "Production"),
    ("werkplaats*", "Werkplaats"),
    ("facilitair*", "Facilitair"),
    ("facilit*", "Facilities"),
)

ACCOUNT_CLASSES: dict[str, tuple[Treatment, str | None, str]] = {
    "4": ("pool", None, "other"),
    "7": ("direct", "cost_of_goods", "cost_of_goods"),
    "8": ("direct", "revenue", "revenue"),
}
"""The usual Dutch account classes: 4 costs, 7 purchases, 8 revenue. Classes 0-3 are balance accounts; 5, 6 and 9
differ from company to company and get no proposal."""

COST_ELEMENTS: tuple[str, ...] = (*dict.fromkeys(rule.element for rule in RULES),)
